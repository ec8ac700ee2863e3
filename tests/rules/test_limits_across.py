"""Limits that cut across each other: what is stated of ranges holds however they turn out, and both opinions state the same."""

from random import Random
from typing import Any

import pytest

from tests.chance import draws
from tests.rules.agreement import differences
from tests.rules.support_format import Json, come_out, rulebook


def _sheet(random: Random) -> Json:
    """A few programmes, of the enterprise or of things, which pay what a fact says, and caps and highest on any of them."""
    subjects = ["enterprise"] if random.random() < 0.5 else ["enterprise", "things", "things"]
    programmes: list[Json] = []
    for number in range(random.randint(3, 5)):
        subject = random.choice(subjects)
        amount = {"kind": "share", "of": f"{subject}.p{number}", "rate": 1}
        programmes.append({"id": f"p{number}", "subject": subject, "amount": amount})
    facts = {one["amount"]["of"]: "money" for one in programmes}
    return {
        "facts": facts,
        "programmes": programmes,
        "policy": {"limits": [_limit(random, programmes) for _ in range(random.randint(2, 4))]},
    }


def _limit(random: Random, programmes: list[Json]) -> Json:
    some = random.sample(programmes, random.randint(2, len(programmes)))
    limit: Json = {"kind": "highest", "of": [one["id"] for one in some]}
    if all(one["subject"] == "things" for one in some) and random.random() < 0.5:
        limit["per"] = "item"
    return limit if random.random() < 0.5 else {**limit, "kind": "cap", "amount": random.choice([5, 8, 10, 15])}


def _so_far(random: Random) -> Any:
    drawn = random.random()
    if drawn < 0.5:
        return None if drawn < 0.15 else random.randint(0, 15)
    low = random.randint(0, 11)
    return {"at_least": low, "at_most": low + random.randint(1, 5)}


def _known(random: Random, value: Any) -> int:
    if value is None:
        return random.choice([0, 0, random.randint(0, 25)])
    if isinstance(value, int):
        return value
    return random.choice([value["at_least"], value["at_most"], random.randint(value["at_least"], value["at_most"])])


def _case(random: Random, sheet: Json) -> Json:
    names: dict[str, list[str]] = {"enterprise": [], "things": []}
    for ident in sheet["facts"]:
        names[ident.partition(".")[0]].append(ident.partition(".")[2])
    case: Json = {"enterprise": {name: _so_far(random) for name in names["enterprise"]}}
    if names["things"]:
        case["things"] = [{name: _so_far(random) for name in names["things"]} for _ in range(random.randint(1, 3))]
    return case


def _learnt(random: Random, case: Json) -> Json:
    enterprise = {name: _known(random, value) for name, value in case["enterprise"].items()}
    things = [{name: _known(random, value) for name, value in item.items()} for item in case.get("things", [])]
    return {"enterprise": enterprise, **({"things": things} if "things" in case else {})}


@pytest.mark.exhaustive
@pytest.mark.parametrize("first", [0, 150])
def test_a_total_lies_within_what_was_stated_whatever_is_learnt(first: int) -> None:
    for seed in range(first, first + draws(150)):
        random = Random(seed)
        sheet = _sheet(random)
        book = rulebook(sheet)
        for _ in range(6):
            case = _case(random, sheet)
            found = book.assess(book.parse(case))
            assert not differences(sheet, found, case), f"seed {seed}: {sheet['policy']}\n{case}"
            for _ in range(12):
                learnt = _learnt(random, case)
                total = book.assess(book.parse(learnt)).total
                sound = found.total.min <= total.min and (found.total.max is None or total.max is not None)
                sound = sound and (found.total.max is None or total.max is None or total.max <= found.total.max)
                assert sound, f"seed {seed}: {sheet['policy']}\n{case}: {found.total}\n{learnt}: {total}"


def _total(case: dict[str, Any], *limits: Json) -> object:
    names = "abcd"
    programmes = [{"id": each, "amount": {"kind": "share", "of": f"enterprise.{each}", "rate": 1}} for each in names]
    facts = {f"enterprise.{each}": "money" for each in names}
    book = rulebook({"facts": facts, "programmes": programmes, "policy": {"limits": [*limits]}})
    return come_out(book.assess(book.parse({"enterprise": case})), "total")


def test_what_fills_a_cap_may_be_outdone_later() -> None:
    """Of 100 the cap leaves 80 and 20; of these two only the 80 is left. A cap that takes nothing off changes nothing."""
    cap, highest = {"kind": "cap", "of": ["a", "b", "c"], "amount": 100}, {"kind": "highest", "of": ["a", "b", "d"]}
    a_few = {"at_least": 1, "at_most": 10}
    assert _total({"a": 80, "b": 30, "c": 100, "d": a_few}, cap, highest) == [80, 110]
    assert _total({"a": 80, "b": 30, "c": 100, "d": 5}, cap, highest) == [80, 80]
    # a and b share the cap in any way: the larger of them comes to half of it at least, or to what the other leaves
    assert _total({"c": 100, "d": a_few}, cap, highest) == [50, 110]
    assert _total({"a": {"at_most": 10}, "b": 95, "c": 100, "d": a_few}, cap, highest) == [90, 110]
    assert _total({"a": 20, "b": 30, "c": 40, "d": a_few}, cap, highest) == [40, 70]


def test_the_highest_of_those_that_a_highest_left_is_one_of_them() -> None:
    highest = [{"kind": "highest", "of": [*each]} for each in ("ab", "bc", "ac")]
    assert _total({"a": {"at_least": 7, "at_most": 9}, "b": 8, "c": {"at_most": 3}, "d": 0}, *highest) == [8, 12]
