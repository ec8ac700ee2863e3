"""What was found of one case and is kept for the next changes nothing: cases one after another, against each for itself."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest

from rules.assessment import Assessment, Rulebook
from rules.case import CaseError
from tests.chance import draws
from tests.rules import small_policies
from tests.rules.support_format import Json, come_out, rulebook

pytestmark = pytest.mark.slow


def _changed(random: Random, before: Json, after: Json) -> Json:
    """``before`` with one thing as it is in ``after``: a fact of the enterprise, a list, the day, what is one project."""
    case = deepcopy(before)
    key = random.choice([*{**before, **after}])
    if key == "enterprise" and after["enterprise"]:
        name = random.choice([*after["enterprise"]])
        case["enterprise"][name] = after["enterprise"][name]
    elif key in after:
        case[key] = after[key]
    else:
        del case[key]
    return case


def _assessed(book: Rulebook, case: Json) -> Assessment | None:
    """None where the case names claims that it no longer has."""
    try:
        return book.assess(book.parse(case))
    except CaseError:
        return None


@pytest.mark.parametrize("seed", range(draws(60)))
def test_a_case_comes_to_the_same_after_whatever_other(seed: int) -> None:
    random = Random(seed)
    sheet = small_policies.sheet(random)
    book, case = rulebook(sheet), {"enterprise": {}, **small_policies.case(random)}
    for _ in range(12):
        other = small_policies.same_project(random, sheet, {"enterprise": {}, **small_policies.case(random)})
        case = _changed(random, case, other)
        assert _assessed(book, case) == _assessed(rulebook(sheet), case)


def _pairs(many: int, random: Random) -> Json:
    """So many programmes, of every two only the higher paid, and all of them capped group by group and together."""
    names = [f"p{number}" for number in range(many)]
    limits: list[Json] = [{"kind": "highest", "of": [names[at], names[at + 1]]} for at in range(0, many - 1, 2)]
    limits.append({"kind": "cap", "of": names[: many // 2], "amount": 90, "less": "enterprise.received"})
    limits.append({"kind": random.choice(["highest", "exclusive"]), "of": [names[: many // 2], names[many // 2 :]]})
    return {
        "facts": {"enterprise.received": "money", **{f"enterprise.{name}": "money" for name in names}},
        "programmes": [
            {"id": name, "amount": {"kind": "share", "of": f"enterprise.{name}", "rate": 0.5}} for name in names
        ],
        "policy": {"limits": limits},
    }


def _by_hand(many: int, facts: dict[str, int]) -> int:
    paid = [facts[f"p{number}"] / 2 for number in range(many)]
    halves = (paid[: many // 2], paid[many // 2 :])
    first, second = (sum(max(half[at : at + 2]) for at in range(0, len(half), 2)) for half in halves)
    return max(min(first, max(90 - facts["received"], 0)), second)  # pyright: ignore[reportReturnType]


@pytest.mark.parametrize("many", [4, 40, 200])
def test_limits_within_each_other_over_many_programmes(many: int) -> None:
    random = Random(many)
    sheet = _pairs(many, random)
    book = rulebook(sheet)
    facts: dict[str, Any] = {name.partition(".")[2]: random.randrange(0, 20, 2) for name in sheet["facts"]}
    for _ in range(draws(30)):
        facts[random.choice([*facts])] = random.choice([0, 2, 10, 40, 100])
        case = {"enterprise": facts}
        found = book.assess(book.parse(case))
        assert come_out(found, "total") == [_by_hand(many, facts)] * 2
        assert found == rulebook(sheet).assess(rulebook(sheet).parse(case))
