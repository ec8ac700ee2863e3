"""The assessment's JSON object of a document with the values, limits and days of the format's second edition."""

from typing import Any

import pytest

from conversations.saying.report import assessment_json, facts_json
from tests import yuchuan

CASE = {
    "on": "2025-08-01",
    "enterprise": {
        "mu": 300,
        "place": "990524",
        "listed": "2021-05",
        "founded": "2021",
        "revenue": {"2021": {"at_least": 24000000}, "2020": 20000000},
        "output": {"2024": 200000000, "2025": 260000000},
    },
    "devices": [{"price": 4000000}],
}


def assessed(case: object) -> dict[str, Any]:
    engine = yuchuan.shelf()
    return assessment_json(engine, engine.rules.parse(case))


def claim(name: str, case: object = CASE) -> dict[str, Any]:
    return next(claim for claim in assessed(case)["claims"] if claim["claim"] == name)


def test_the_day_decides_what_can_be_paid_and_no_claim() -> None:
    answer = assessed(CASE)
    assert answer["in_force"] is True
    assert claim("entry")["status"] == "eligible"
    assert claim("entry")["call"] == "closed"
    assert claim("mu")["call"] is None
    assert answer["payable"]["min"] == answer["total"]["min"] - 100000
    assert assessed({**CASE, "on": "2026-01-01"})["payable"] == {"min": 0, "max": 0}
    assert assessed({**CASE, "on": None})["in_force"] is None


def test_what_an_award_is_besides_its_sum() -> None:
    entry = claim("entry")
    assert entry["payout"] == [[40000, 40000], [30000, 30000], [30000, 30000]]
    assert entry["payee"] == "企业负责人"
    assert entry["selection"] == []
    assert claim("stay")["selection"] == [{"kind": "review", "clause": "2", "quote": "由评审小组择优确定"}]
    assert claim("invest")["no_figure"] is None
    assert claim("invest", {"enterprise": {"investment": 60000000}})["no_figure"] is True
    assert (claim("growth")["payee"], claim("growth")["payout"]) == (None, None)


def test_a_reason_on_a_term_has_the_term_as_it_is_written() -> None:
    (reason,) = claim("growth")["reasons"]
    assert reason["fact"] is None
    assert reason["term"] == {"growth": "enterprise.revenue@2021"}
    assert reason["facts"] == ["enterprise.revenue@2021", "enterprise.revenue@2020"]
    assert reason["satisfied"] is True
    assert reason["actual"] == {"at_least": 0.2}
    (shifted,) = claim("stay")["reasons"]
    assert shifted["term"] == {"shift": "enterprise.founded", "years": 3}
    assert shifted["actual"] == "2024"
    (total,) = claim("equipment")["reasons"]
    line = {"kind": "at_least", "fact": "devices.price", "value": 50000, "quote": "单台5万元以上"}
    assert total["term"] == {"total": "devices.price", "where": [line]}


def test_a_demand_of_another_clause_is_quoted_from_there() -> None:
    own, demanded = claim("entry")["reasons"]
    assert (own["clause"], demanded["clause"]) == ("1", "2")
    assert demanded["quote"] == "在榆川县登记"


@pytest.mark.parametrize(
    ("case", "name", "missing"),
    [
        ({}, "growth", {"enterprise.revenue@2021", "enterprise.revenue@2020", "on"}),
        ({"on": "2023-05-01"}, "growth", {f"enterprise.revenue@{y}" for y in (2020, 2021)} | {f"enterprise.output@{y}" for y in (2022, 2023)}),
        ({}, "stay", {"enterprise.founded", "on", "enterprise.contribution"}),
        ({"devices": [{"price": 3000000}, {}]}, "equipment", {"devices.1.price", "enterprise.investment", "enterprise.contribution"}),
        ({"enterprise": {"place": "990500", "listed": "2021-05-01"}}, "entry", {"enterprise.place"}),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_by_its_year_and_its_item(case: object, name: str, missing: set[str]) -> None:
    assert {*claim(name, case)["missing"]} == missing


def test_nobody_is_asked_for_the_day_or_for_what_follows_from_others() -> None:
    asked: list[str] = []
    case: dict[str, Any] = {"enterprise": {}, "devices": []}
    while (question := assessed(case)["next_question"]) is not None:
        asked.append(question)
        name, _, year = question.removeprefix("enterprise.").partition("@")
        known = {
            "place": "990524",
            "industry": "other",
            "listed": "never",
            "founded": "2019-01-01",
            "born": "1990-01-01",
        }
        if year:
            case["enterprise"].setdefault(name, {})[year] = 1
        else:
            case["enterprise"][name] = known.get(name, 1)
    assert {"on", "enterprise.age", "enterprise.revenue"}.isdisjoint(asked)
    assert {"enterprise.revenue@2020", "enterprise.revenue@2021", "enterprise.born"} <= {*asked}
    assert "enterprise.age" not in {fact["id"] for fact in facts_json(yuchuan.policy())["facts"]}  # type: ignore[index,union-attr,call-overload]
