"""What a claim says of itself: its reasons, what it still needs, what it rests on; and rules that do not fit the facts."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from rules.assessment import Claim, Status
from rules.case import value_to_json
from rules.programme import ProgrammeRule
from rules.values import Interval
from tests.rules.support import HERE, Json, harbour, read, rules_of


def claim(data: Json, ident: str) -> Claim:
    return next(claim for claim in harbour().assess(data).claims if claim.id == ident)


def test_reasons_stand_in_the_order_of_the_conditions_with_their_quotes() -> None:
    found = claim({"ships": [{}, {"listed": True, "cost": 999.5, "kind": "other"}]}, "building:1").reasons
    assert [(f.fact, f.satisfied, f.required, f.quote) for f in found] == [
        ("ships.1.listed", True, "= true", "on the list"),
        ("ships.1.cost", False, "≥ 1000", "of 1000 and more"),
        ("ships.1.kind", None, "∈ cargo, ferry, tug", "cargo, ferries, tugs and so on"),
    ]
    assert [value_to_json(f.actual) for f in found if f.actual is not None] == [True, 999.5, "other"]


def test_under_a_not_a_finding_says_what_is_required_and_whether_it_is_given() -> None:
    found = claim({"firm": {"large": False, "foreign_share": 0.5, "crew": 9, "grade": "gold"}}, "refuge")
    assert [(f.fact, f.satisfied, f.required) for f in found.reasons] == [
        ("firm.large", False, "= true"),
        ("firm.foreign_share", True, "≤ 0.5"),
        ("firm.crew", False, "≥ 10"),
        ("firm.grade", True, "∉ none"),
    ]
    assert found.status is Status.INELIGIBLE


def test_a_condition_that_no_longer_matters_is_not_missing() -> None:
    assert claim({"firm": {"large": True}}, "refuge").missing == ()
    assert claim({"firm": {"large": True}}, "refuge").status is Status.ELIGIBLE
    # the other way of the "or" is lost: only the first is left
    assert claim({"firm": {"crew": 3}}, "refuge").missing == ("firm.large",)
    assert claim({}, "refuge").missing == ("firm.large", "firm.foreign_share", "firm.crew", "firm.grade")
    assert claim({"firm": {"local": False}}, "award").missing == ()


def test_missing_stands_in_the_order_of_the_conditions_then_the_base_then_the_years() -> None:
    assert claim({}, "support").missing == ("firm.local", "firm.fee", "firm.years_paid")
    assert claim({"ships": [{"royal": True}]}, "matching:0").missing == ("ships.0.grant",)


def test_an_empty_list_is_the_one_reason() -> None:
    found = claim({"ships": []}, "building")
    assert found.status is Status.INELIGIBLE
    assert found.missing == ()
    assert found.index is None
    (reason,) = found.reasons
    assert (reason.fact, reason.satisfied, reason.actual, reason.condition) == ("ships", False, (), None)
    assert (reason.required, reason.quote) == ("≥ 1 item", "ships on the list")
    assert value_to_json(()) == []


def test_a_list_that_is_not_known_is_what_is_missing() -> None:
    found = claim({}, "dock")
    assert found.missing == ("yards", "firm.local")
    assert [f.fact for f in found.reasons] == ["firm.local", "yards.area", "yards.use", "yards.age"]
    assert claim({"firm": {"local": True}}, "dock").missing == ("yards",)
    # one false condition decides whatever else is not known
    assert claim({"firm": {"local": False}}, "dock").status is Status.INELIGIBLE


def test_a_claim_without_a_figure_has_none_whatever_its_status() -> None:
    assert [claim({"firm": {"large": large}}, "welcome").amount for large in (True, False, None)] == [None] * 3


def test_an_assessment_is_frozen() -> None:
    assessment = harbour().assess({})
    with pytest.raises(AttributeError):
        assessment.total.min = Decimal(1)  # pyright: ignore[reportAttributeAccessIssue]
    assert not hasattr(assessment.claims[0], "__dict__")


def test_a_case_assessed_twice_comes_out_the_same() -> None:
    case = harbour().book.parse({"firm": {"local": True, "fee": 500, "years_paid": 1}})
    other = harbour().book.parse({"firm": {"local": True, "fee": 600, "years_paid": 1}})
    first = harbour().book.assess(case)
    harbour().book.assess(other)
    assert harbour().book.assess(case) == first


def altered(programme: int, **parts: Any) -> Json:
    data = read(HERE / "harbour.yaml")
    data["programmes"][programme] |= parts
    return data


def test_a_list_that_is_not_known_leaves_open_even_what_asks_nothing_of_its_items() -> None:
    rules = rules_of(altered(7, conditions=[{"kind": "holds", "fact": "firm.local", "quote": ""}]))
    found = {local: claim_named(rules.assess({"firm": {"local": local}}).claims, "dock") for local in (True, False)}
    assert (found[True].status, found[True].missing) == (Status.UNDETERMINED, ("yards",))
    assert found[True].amount == Interval(Decimal(0), Decimal(100))
    assert found[False].status is Status.INELIGIBLE


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (altered(0, subject="fleet"), "fleet"),
        (altered(1, conditions=[{"kind": "holds", "fact": "firm.huge", "quote": ""}]), "firm.huge"),
        (altered(1, conditions=[{"kind": "holds", "fact": "firm.fee", "quote": ""}]), "firm.fee"),
        (altered(1, conditions=[{"kind": "holds", "fact": "yards.area", "quote": ""}]), "yards.area"),
        (altered(1, conditions=[{"kind": "at_least", "fact": "firm.local", "value": 1, "quote": ""}]), "firm.local"),
        (
            altered(1, conditions=[{"kind": "is_one_of", "fact": "firm.grade", "choices": ["tin"], "quote": ""}]),
            "grade",
        ),
        (altered(0, amount={"kind": "by_level", "fact": "firm.grade", "levels": {"tin": 1}, "quote": ""}), "grade"),
        (altered(0, amount={"kind": "share", "fact": "firm.grade", "rate": 1, "quote": ""}), "firm.grade"),
        (altered(0, years={"fact": "firm.local", "limit": 3, "quote": ""}), "firm.local"),
        ({**altered(0), "cumulation": {"clause": "9", "quote": "", "pooled": ["nonsense"]}}, "nonsense"),
    ],
)
def test_rules_that_do_not_fit_the_facts_are_refused(data: Json, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        rules_of(data)


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "about", "fact": "firm.fee", "quote": ""},
        {"kind": "holds", "quote": ""},
        {"kind": "holds", "fact": "firm.local", "quote": "", "note": ""},
        {"kind": "at_least", "fact": "firm.fee", "value": "much", "quote": ""},
    ],
)
def test_a_condition_that_is_not_understood_is_refused(condition: Json) -> None:
    programme = read(HERE / "harbour.yaml")["programmes"][0]
    with pytest.raises(ValidationError):
        ProgrammeRule.model_validate({**programme, "conditions": [condition]})


def test_a_programme_names_the_facts_that_it_depends_on() -> None:
    facts = {programme.id: programme.facts for programme in harbour().programmes}
    assert facts["matching"] == ("ships.royal", "ships.grant")
    assert facts["support"] == ("firm.local", "firm.fee", "firm.years_paid")
    assert facts["refuge"] == ("firm.large", "firm.foreign_share", "firm.crew", "firm.grade")


def test_thousands_of_items_can_be_one_project() -> None:
    """Thousands of items, all one project: the work grows with their number, not with its square."""
    ships = [{"listed": True, "cost": 1000 + number, "kind": "tug", "royal": False} for number in range(3000)]
    names = [[f"building:{number}", f"building:{number + 1}"] for number in range(2999)]
    assessment = harbour().assess({"firm": {}, "ships": ships, "yards": [], "same_project": names})
    (project,) = assessment.projects
    assert len(project) == 6000
    assert claim_named(assessment.claims, "building:0").superseded_by == "building:2000"


def claim_named(claims: tuple[Claim, ...], ident: str) -> Claim:
    return next(claim for claim in claims if claim.id == ident)
