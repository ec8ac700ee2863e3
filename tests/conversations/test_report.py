"""The assessment object of the contract: its shape, its quotes, its materials."""

import json
import random

import pytest

from conversations.saying.report import assessment_json
from conversations.state.shelf import Shelf
from tests.chance import draws
from tests.conversations.enterprises import random_case

CLAIM = {
    "claim", "programme", "clause", "citation", "status", "amount", "period", "years_left", "superseded_by",
    "missing", "reasons", "materials", "no_figure", "payout", "payee", "call", "selection",
}  # fmt: skip


def test_an_empty_case_is_open_everywhere(engine: Shelf) -> None:
    answer = assessment_json(engine, engine.rules.parse({}))
    assert list(answer) == [
        "policy", "version", "claims", "total", "payable", "in_force", "materials", "next_question",
    ]  # fmt: skip
    assert answer["total"] == {"min": 0, "max": None}
    assert answer["next_question"] is not None
    assert {claim["status"] for claim in answer["claims"]} == {"undetermined"}  # type: ignore[index,union-attr]


@pytest.mark.parametrize("seed", range(draws(20)))
def test_any_complete_case_gives_the_contracts_object(seed: int, engine: Shelf) -> None:
    chance = random.Random(seed)
    case = engine.rules.parse(random_case(engine, chance, busy=chance.choice([0.1, 0.5])))
    answer = json.loads(json.dumps(assessment_json(engine, case)))
    source = "".join(engine.policy.source.split())
    needed: dict[str, list[str]] = {}
    for claim in answer["claims"]:
        assert set(claim) == CLAIM
        assert claim["claim"].partition(":")[0] == claim["programme"]
        assert claim["citation"] == engine.policy.clause(claim["clause"]).citation
        assert (claim["materials"] == []) == (claim["status"] == "ineligible")
        assert claim["status"] != "ineligible" or claim["missing"] == []
        for reason in claim["reasons"]:
            assert set(reason) == {"fact", "satisfied", "actual", "required", "quote", "clause"}
            assert "".join(reason["quote"].split()) in source
        for paper in claim["materials"]:
            needed.setdefault(paper, []).append(claim["claim"])
    assert {paper["id"]: paper["claims"] for paper in answer["materials"]} == needed
    assert {paper["basis"] for paper in answer["materials"]} <= {"clause", "inferred"}
    assert answer["next_question"] is None, "the case is complete"


def test_a_list_that_is_given_is_complete(engine: Shelf) -> None:
    data = {
        "enterprise": {"agency_operator": False, "payment_licence": False},
        "pilots": [{"selected": False, "national_pilot": False}],
        "parks": [],
        "buildings": [],
    }
    asked = assessment_json(engine, engine.rules.parse(data))["next_question"]
    assert isinstance(asked, str)
    assert asked.startswith("enterprise.")


def test_a_figure_known_loosely_is_asked_for(engine: Shelf) -> None:
    data = {
        "enterprise": {
            "registered_in_zhengzhou": True,
            "agency_operator": True,
            "agency_service_fee": {"more_than": 2000000, "less_than": 3000000},
            "agency_years_supported": 0,
        }
    }
    answer = assessment_json(engine, engine.rules.parse(data))
    assert answer["next_question"] == "enterprise.agency_service_fee"
    agency = next(c for c in answer["claims"] if c["claim"] == "agency-operations")  # type: ignore[index,union-attr]
    assert agency["amount"] == {"min": 200000, "max": 300000}  # type: ignore[index,call-overload]
    fee = next(r for r in agency["reasons"] if r["fact"] == "enterprise.agency_service_fee")  # type: ignore[index,union-attr,call-overload]
    assert fee["actual"] == {"more_than": 2000000, "less_than": 3000000}  # type: ignore[index,call-overload]
