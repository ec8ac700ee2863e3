"""Groups that cannot hold together, held against plain enumeration: each way in which a case can turn out, one by one.

The enumeration pays what holds and adds it up; it knows no limit, since of groups that exclude each other only one ever
pays. It may know nothing of the engine.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from rules.assessment import Assessment, Rulebook
from rules.values import Interval
from tests.chance import draws
from tests.rules.support_format import Json, rulebook

pytestmark = pytest.mark.slow

MARKS = ["a", "b", "c"]
DAYS = ["2020-12-31", "2021-03-01", "2022-02-28", "2023-01-01"]
SPLITS = {  # what tells groups apart, each with the parts that cannot hold together
    "mark": [{"kind": "is_one_of", "fact": "{}.mark", "choices": [mark]} for mark in MARKS],
    "size": [
        {"kind": "less_than", "fact": "{}.size", "value": 2},
        {"kind": "all_of", "conditions": [{"kind": "at_least", "fact": "{}.size", "value": 2}, {"kind": "at_most", "fact": "{}.size", "value": 3}]},
        {"kind": "more_than", "fact": "{}.size", "value": 3},
    ],
    "day": [
        {"kind": "between", "fact": "{}.day", "to": "2021-02-28"},
        {"kind": "between", "fact": "{}.day", "from": "2021-03-01", "to": "2022-02-28"},
        {"kind": "between", "fact": "{}.day", "from": "2022-03-01"},
    ],
}  # fmt: skip
VALUES: dict[str, list[object]] = {
    "mark": [*MARKS],
    "size": [0, 1, 2, 3, 4],
    "day": [*DAYS],
    "flag": [True, False],
    "cost": [0, 10, 25],
}


def _about(subject: str, part: object) -> object:
    if isinstance(part, dict):
        return {key: _about(subject, value) for key, value in part.items()}
    if isinstance(part, list):
        return [_about(subject, value) for value in part]
    return part.format(subject) if isinstance(part, str) else part


def _sheet(random: Random) -> tuple[Json, str, str]:
    """Two or three groups of one or two programmes, told apart by one fact, and sometimes one that stands outside."""
    subject, split = random.choice(["enterprise", "things"]), random.choice([*SPLITS])
    facts = {
        f"{subject}.mark": {"type": "choice", "choices": MARKS},
        f"{subject}.size": {"type": "int", "maximum": 4},
        f"{subject}.day": "date",
        f"{subject}.flag": "bool",
        f"{subject}.cost": {"type": "money", "maximum": 25},
    }
    programmes: list[Json] = []
    groups: list[list[str]] = []
    for part in random.sample(SPLITS[split], random.choice([2, 3])):
        group = [f"p{len(programmes) + place}" for place in range(random.choice([1, 1, 2]))]
        for ident in group:
            programmes.append({"id": ident, "subject": subject, "conditions": [part], "amount": _amount(random)})
            if random.random() < 0.5:
                programmes[-1]["conditions"] = [part, {"kind": "holds", "fact": "{}.flag"}]
        groups.append(group)
    if random.random() < 0.4:
        programmes.append({"id": "apart", "subject": subject, "amount": _amount(random)})
    limit: Json = {"kind": "exclusive", "of": [group if len(group) > 1 else group[0] for group in groups]}
    if subject == "things":
        limit["per"] = "item"
    told = {"facts": facts, "programmes": [_about(subject, one) for one in programmes], "policy": {"limits": [limit]}}
    return told, subject, split


def _amount(random: Random) -> Json:
    share = {"kind": "share", "of": "{}.cost", "rate": random.choice([0.5, 1]), "cap": 20}
    fixed = {"kind": "fixed", "amount": random.choice([1, 7, 12])}
    return random.choice([fixed, share, {"kind": "up_to", "amount": fixed}, {"kind": "up_to", "amount": share}])


def _case(random: Random, subject: str) -> Json:
    known = random.choice([0.2, 0.5, 0.8])
    items = [
        {name: random.choice(values) for name, values in VALUES.items() if random.random() < known}
        for _ in range(1 if subject == "enterprise" else random.choice([0, 1, 2]))
    ]
    for item in items:
        if "size" not in item and random.random() < 0.5:
            item["size"] = {random.choice(["at_least", "more_than"]): random.choice([0, 1, 2]), "at_most": 4}
    return {subject: items if subject != "enterprise" else items[0]}


def _completions(item: Json) -> Iterator[Json]:
    """Every way to complete an item out of the few values of each fact."""
    choices = [[value for value in values if _fits(item.get(name), value)] for name, values in VALUES.items()]
    return (dict(zip(VALUES, chosen, strict=True)) for chosen in product(*choices))


def _fits(known: Any, value: object) -> bool:
    if not isinstance(known, dict):
        return known is None or known == value
    assert isinstance(value, int)
    return known.get("at_least", 0) <= value <= known["at_most"] and value > known.get("more_than", -1)


def _paid(programmes: list[Json], subject: str, item: Json) -> tuple[Decimal, Decimal]:
    """What one item, of which everything is known, is paid: the least and the most that the office may grant."""
    least = most = Decimal(0)
    for one in programmes:
        if all(_true(condition, subject, item) for condition in one.get("conditions", [])):
            low, high = _money(one["amount"], item)
            least, most = least + low, most + high
    return least, most


def _true(condition: Json, subject: str, item: Json) -> bool:
    if condition["kind"] == "all_of":
        return all(_true(part, subject, item) for part in condition["conditions"])
    value = item[condition["fact"].removeprefix(f"{subject}.")]
    match condition["kind"]:
        case "holds":
            return value is True
        case "is_one_of":
            return value in condition["choices"]
        case "between":
            return condition.get("from", "0000") <= value <= condition.get("to", "9999")
        case "less_than":
            return value < condition["value"]
        case "at_most":
            return value <= condition["value"]
        case "at_least":
            return value >= condition["value"]
        case _:
            return value > condition["value"]


def _money(amount: Json, item: Json) -> tuple[Decimal, Decimal]:
    if amount["kind"] == "up_to":
        return Decimal(0), _money(amount["amount"], item)[1]
    if amount["kind"] == "fixed":
        return Decimal(amount["amount"]), Decimal(amount["amount"])
    share = min(Decimal(str(amount["rate"])) * item["cost"], Decimal(amount["cap"]))
    return share, share


def _grouped(sheet: Json, assessment: Assessment) -> tuple[Decimal, Decimal]:
    """The format's own bounds: of each limit the largest min and the largest max of what its groups come to, added up."""
    (limit,) = sheet["policy"]["limits"]
    groups = [[one] if isinstance(one, str) else one for one in limit["of"]]
    inside = {one for group in groups for one in group}
    least = most = Decimal(0)
    for index in {claim.index for claim in assessment.claims}:
        claims = [claim for claim in assessment.claims if claim.index == index]
        sums: list[tuple[Decimal, Decimal]] = []
        for group in groups:
            amounts = [claim.amount for claim in claims if claim.programme.id in group]
            sums.append(_added(amounts))
        low, high = _added([claim.amount for claim in claims if claim.programme.id not in inside])
        least += low + max(low for low, _ in sums)
        most += high + max(high for _, high in sums)
    return least, most


def _added(amounts: list[Interval | None]) -> tuple[Decimal, Decimal]:
    """All amounts here have both ends."""
    known = [(amount.min, amount.max) for amount in amounts if amount and amount.max is not None]
    assert len(known) == len(amounts)
    return sum((low for low, _ in known), Decimal(0)), sum((high for _, high in known), Decimal(0))


def _drawn(first: int, last: int) -> Iterator[tuple[str, Json, str, Rulebook, Json, Assessment]]:
    for seed in range(first, last):
        random = Random(seed)
        sheet, subject, split = _sheet(random)
        book = rulebook(sheet)
        for _ in range(3):
            case = _case(random, subject)
            where = f"seed {seed}, by {split}: {case}\n{sheet['programmes']}\n{sheet['policy']}"
            yield where, sheet, subject, book, case, book.assess(book.parse(case))


def test_every_way_in_which_it_can_turn_out_lies_within_the_total() -> None:
    for where, sheet, subject, _, case, stated in _drawn(0, draws(150)):
        items = case[subject] if subject != "enterprise" else [case[subject]]
        least = most = Decimal(0)
        for item in items:  # items do not depend on each other, so the worst and the best of each add up
            ways = [_paid(sheet["programmes"], subject, way) for way in _completions(item)]
            least, most = least + min(low for low, _ in ways), most + max(high for _, high in ways)
        assert stated.total.min <= least, where
        assert stated.total.max is not None, where
        assert stated.total.max >= most, where


def test_where_all_is_known_it_is_what_plain_adding_gives() -> None:
    for seed in range(1000, 1000 + draws(150)):
        random = Random(seed)
        sheet, subject, _ = _sheet(random)
        book = rulebook(sheet)
        items = [{name: random.choice(values) for name, values in VALUES.items()} for _ in range(2)]
        case: Json = {subject: items[0] if subject == "enterprise" else items}
        paid = [_paid(sheet["programmes"], subject, item) for item in (items[:1] if subject == "enterprise" else items)]
        total = book.assess(book.parse(case)).total
        least, most = sum((low for low, _ in paid), Decimal(0)), sum((high for _, high in paid), Decimal(0))
        assert (total.min, total.max) == (least, most), f"seed {seed}: {case}\n{sheet['programmes']}"


def test_its_bounds_are_those_of_the_format_and_none_gives_way() -> None:
    narrower = 0
    for where, sheet, _, _, case, stated in _drawn(2000, 2000 + draws(150)):
        assert (stated.total.min, stated.total.max) == _grouped(sheet, stated), where
        assert not [claim.id for claim in stated.claims if claim.superseded_by], where
        free = rulebook({**sheet, "policy": {}})
        without = free.assess(free.parse(case)).total
        assert stated.total.max is not None
        assert without.max is not None
        assert without.min == stated.total.min, where  # where one group surely holds, it holds in both
        assert without.max >= stated.total.max, where
        narrower += without.max > stated.total.max
    assert narrower > draws(50), "the limit says nothing in most of these"
