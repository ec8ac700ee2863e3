"""The two packs of 海珵市, an invented city: complete, without mistakes, and right on cases worked out from their texts.

Of each case the claims, the total, what is payable and whether the policy is in force were written down by hand, by
somebody who knew the text and the rules of a pack and not the program.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from conversations.requests import Requests
from knowledge.folders import PACKS
from knowledge.loading import advice, check
from tests import served
from tests.knowledge.small_packs import read
from tests.table import check_each

GOLD = Path(__file__).parents[1] / "data" / "examples"
NAMES = ("haicheng-ecommerce-2024", "haicheng-industry-2023")
pytestmark = pytest.mark.parametrize("name", NAMES)
Row = Mapping[str, Any]


def test_it_has_no_mistake_and_leaves_nothing_to_look_at(name: str) -> None:
    assert check(name) == []
    assert advice(name) == []


def test_it_says_that_the_city_is_invented(name: str) -> None:
    assert "编出来的城市" in (PACKS / name / "policy.yaml").read_text("utf-8").split("\n", 1)[0]


def test_every_clause_is_modelled_or_named(name: str) -> None:
    """Whoever reads a clause finds what became of it: a rule, a provision, a notice, or why there is none."""
    policy = served.policy(name)
    provisions = (policy.valid, policy.across, *policy.requires, *policy.limits, *policy.calls, *policy.selection)
    parts = (*policy.programmes, *policy.notices, *policy.not_modelled, *policy.offices, *provisions)
    named = {part.clause for part in parts if part is not None}
    assert {clause.id for clause in policy.clauses} - named <= {"meta"}


def test_every_fact_is_spoken_of(name: str) -> None:
    """A person who describes an enterprise can say each thing that is asked, days and places by their names.

    What is counted of an item of a list is asked for, and not read in a description.
    """
    policy = served.policy(name)
    spoken = {each.fact for each in policy.written_mentions.facts}
    silent = [
        fact.id
        for fact in policy.facts
        if fact.derive is None
        and fact.type not in ("text", "date", "place")
        and (fact.type != "count" or fact.subject not in policy.lists)
        and fact.id not in spoken
    ]
    assert silent == []


def test_its_cases_come_out_as_worked_out_by_hand(name: str) -> None:
    machine = Requests(served.shelf(name))

    def compare(row: Row) -> None:
        came = cast("dict[str, Any]", machine.assess(row["case"]))
        claims = {claim["claim"]: claim for claim in came["claims"]}
        for claim, (status, *amount) in row["claims"].items():
            assert claims[claim]["status"] == status, claim
            assert _figures(claims[claim]["amount"]) == _stated(amount), claim
        for key in ("total", "payable"):
            if key in row:
                assert _figures(came[key]) == _stated(row[key]), key
        assert came["in_force"] == row["in_force"]

    rows = cast("list[Row]", read((GOLD / f"{name}.yaml").read_text("utf-8")))
    assert len(rows) >= 25
    check_each(rows, compare, lambda row: row["case"])


def _figures(amount: object) -> tuple[Decimal | None, ...] | None:
    """What an assessment says of an amount: least and most; None where there is no figure."""
    if amount is None:
        return None
    ends = cast("Mapping[str, Any]", amount)
    return tuple(None if ends[end] is None else Decimal(str(ends[end])) for end in ("min", "max"))


def _stated(amount: list[Any]) -> tuple[Decimal | None, ...] | None:
    if amount == [None]:
        return None
    return tuple(None if end is None else Decimal(str(end)) for end in amount)
