"""Several policies at once: the format's own example, the second opinion on small shelves by chance, and what must hold."""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from rules.case import CaseError
from rules.combined import Combined, Shelved, combined, read_matters
from rules.shelf_case import Member, ShelfCases
from tests.chance import draws
from tests.rules import small_shelves
from tests.rules.agreement import read, shown
from tests.rules.second_opinion_shelf import apart, together
from tests.rules.small_shelves import SHARED, SmallShelf
from tests.rules.support_format import Json, fact_spec, rulebook, subject_specs
from tests.table import check_each


def _together(shelf: SmallShelf, case: Json, order: list[str] | None = None) -> Combined:
    """What the engine says of a case of a shelf, its policies in any ``order``."""
    plain = {one.policy: one for one in shelf.cases.plain(json.loads(json.dumps(case, default=str)))}
    shelved: list[Shelved] = []
    for policy in order or shelf.sheets:
        book = shelf.books[policy]
        shelved.append(Shelved(policy, book, book.assess(plain[policy].parsed(book)), shelf.sheets[policy]["across"]))
    claims = {one.policy: [claim.id for claim in one.assessment.claims] for one in shelved}
    return combined(shelved, read_matters(case.get("same_matter"), claims))


def _ends(found: Combined) -> list[Fraction | None]:
    most = found.amount.max
    return [Fraction(found.amount.min), None if most is None else Fraction(most)]


def _shelves(first: int, last: int) -> Iterator[tuple[int, Random, SmallShelf, Json]]:
    for seed in range(first, last):
        random = Random(seed)
        shelf = SmallShelf(random)
        yield seed, random, shelf, small_shelves.case(random, shelf)


@pytest.mark.exhaustive
@pytest.mark.parametrize("first", range(20_000, 21_000, 250))
def test_both_say_the_same_of_a_shelf(first: int) -> None:
    kinds: set[tuple[bool, bool]] = set()
    for seed, _, shelf, case in _shelves(first, first + draws(250)):
        plain = apart(shelf.sheets, case, SHARED)
        for one in shelf.cases.plain(json.loads(json.dumps(case, default=str))):
            book = shelf.books[one.policy]
            assert one.parsed(book) == read(book, dict(plain[one.policy])), f"seed {seed}: {one.policy}"
        second, found = together(shelf.sheets, case, SHARED), _together(shelf, case)
        assert (_ends(found), found.may_overlap) == (shown(second.combined), second.may_overlap), f"seed {seed}: {case}"
        kinds.add((bool(case.get("same_matter")), found.may_overlap))
    assert len(kinds) == 4


@pytest.mark.exhaustive
@pytest.mark.parametrize("first", [30_000, 30_150])
def test_what_is_learnt_of_a_shelf_lies_within_what_was_stated(first: int) -> None:
    for seed, random, shelf, case in _shelves(first, first + draws(150)):
        before = _together(shelf, case)
        for share in (0.3, 0.6, 1.0):
            more = small_shelves.learnt(random, shelf, case, share)
            after = _together(shelf, more)
            assert after.amount.min >= before.amount.min, f"seed {seed}: {case}\n{more}"
            if before.amount.max is not None:
                assert after.amount.max is not None
                assert after.amount.max <= before.amount.max, f"seed {seed}: {case}\n{more}"
            assert before.may_overlap or not after.may_overlap


@pytest.mark.exhaustive
def test_the_order_of_policies_does_not_matter_and_the_least_is_not_above_the_most() -> None:
    for seed, random, shelf, case in _shelves(40_000, 40_000 + draws(200)):
        found = _together(shelf, case)
        assert found.amount.max is None or found.amount.min <= found.amount.max, f"seed {seed}"
        order = random.sample(list(shelf.sheets), len(shelf.sheets))
        assert _together(shelf, case, order) == found, f"seed {seed}: {order}"


# By hand

TOURISM: Json = {
    "facts": {
        "enterprise.revenue": {"type": "money", "by_year": True},
        "enterprise.piers": "int",
        "fields.mu": "money",
    },
    "programmes": [
        {"id": "piers", "amount": {"kind": "per_unit", "price": 8000, "of": "enterprise.piers"}},
        {"id": "fields", "subject": "fields", "amount": {"kind": "per_unit", "price": 10, "of": "fields.mu"}},
    ],
}
GROWTH: Json = {
    "facts": {"enterprise.revenue": {"type": "money", "by_year": True}, "enterprise.staff": "int"},
    "programmes": [
        {"id": "scale", "amount": {"kind": "share", "of": "enterprise.revenue@2021", "rate": 0.004}},
        {"id": "jobs", "amount": {"kind": "per_unit", "price": 10000, "of": "enterprise.staff"}},
    ],
}
CASE: Json = {
    "enterprise": {"revenue": {"2021": 50000000}},
    "tourism": {"enterprise": {"piers": 2}, "fields": [{"mu": 300}, {"mu": 500}]},
    "growth": {"enterprise": {"staff": 3}},
}


def _of(case: Mapping[str, Any], growth: Json = GROWTH, across: str = "tourism") -> list[Any]:
    """[least, most, whether it may overlap] of two policies."""
    sheets = {"growth": growth, "tourism": TOURISM}
    members = [
        Member(id, subject_specs(one), [fact_spec(*fact) for fact in one["facts"].items()], {"enterprise.revenue"})
        for id, one in sheets.items()
    ]
    shelved: list[Shelved] = []
    for plain in ShelfCases(members).plain(case):
        book = rulebook(sheets[plain.policy])
        shelved.append(Shelved(plain.policy, book, book.assess(plain.parsed(book)), plain.policy == across))
    claims = {one.policy: [claim.id for claim in one.assessment.claims] for one in shelved}
    found = combined(shelved, read_matters(case.get("same_matter"), claims))
    return [found.amount.min, found.amount.max, found.may_overlap]


def test_the_formats_example() -> None:
    """230000 and 24000, of which one has the rule on other documents."""
    assert _of(CASE) == [230000, 254000, True]
    assert _of({**CASE, "same_matter": []}) == [254000, 254000, False]
    assert _of({**CASE, "same_matter": None}) == [230000, 254000, True]


def test_of_one_matter_the_largest_counts() -> None:
    one = {**CASE, "same_matter": [["growth/jobs", "tourism/fields:1"]]}
    assert _of(one) == [249000, 249000, False]
    two = {**CASE, "same_matter": [["growth/jobs", "tourism/piers"], ["tourism/fields:0", "growth/scale"]]}
    assert _of(two) == [230000 + 5000, 235000, False]
    open_staff = {**two, "growth": {"enterprise": {"staff": {"at_least": 1, "at_most": 3}}}}
    assert _of(open_staff) == [16000 + 200000 + 5000, 235000, False]
    endless = {**one, "growth": {}}
    assert _of(endless) == [200000 + 16000 + 3000 + 5000, None, False]


def test_what_stands_in_a_limit_is_left_in_the_most() -> None:
    capped = {**GROWTH, "policy": {"limits": [{"kind": "cap", "of": ["jobs"], "amount": 25000}]}}
    assert _of(CASE, capped) == [225000, 249000, True]
    matter = {**CASE, "same_matter": [["growth/jobs", "tourism/piers"], ["tourism/fields:0", "growth/scale"]]}
    assert _of(matter, capped) == [225000, 249000 - 3000, True]
    pooled = {"clause": "1", "quote": "", "pooled": ["jobs", "scale"]}
    assert _of(matter, {**GROWTH, "policy": {"cumulation": pooled}}) == [200000, 254000, True]


def test_what_cannot_be_applied_for_on_the_day_is_in_no_matter() -> None:
    called = {**GROWTH, "policy": {"calls": [{"to": "2021-06-30", "programmes": ["jobs"]}]}}
    matter = {**CASE, "same_matter": [["growth/jobs", "tourism/piers"]]}
    assert _of({**matter, "on": "2021-06-30"}, called) == [238000, 238000, False]
    assert _of({**matter, "on": "2021-07-01"}, called) == [224000, 224000, False]
    assert _of({**matter, "on": "2021"}, called) == [224000, 238000, False]


def test_without_the_rule_one_matter_is_paid_by_each() -> None:
    matter = {**CASE, "same_matter": [["growth/jobs", "tourism/piers"]]}
    assert _of(matter, across="") == _of(CASE, across="") == [254000, 254000, False]


def test_sums_are_exact_before_they_are_shown() -> None:
    third = {"kind": "share", "of": {"ratio": ["enterprise.staff", 3]}, "rate": 1}
    growth = {**GROWTH, "programmes": [{"id": "jobs", "amount": third}]}
    whole = {"growth": {"enterprise": {"staff": 100}}, "tourism": {"enterprise": {"piers": 0}, "fields": []}}
    assert _of({**whole, "same_matter": []}, growth) == [Fraction("33.33"), Fraction("33.34"), False]


def _fails(case: object, path: str, words: str) -> None:
    with pytest.raises(CaseError) as raised:
        _of(case)  # type: ignore[arg-type]
    assert (raised.value.path, words in raised.value.message) == (path, True), str(raised.value)


def test_what_stands_where_it_should_not_is_named_by_its_path() -> None:
    own = CASE["tourism"]
    rows: list[tuple[object, str, str]] = [
        ([], "", "a JSON object"),
        ({**CASE, "enterprise": {"piers": 2}}, "enterprise.piers", "no such shared fact"),
        ({**CASE, "enterprise": 5}, "enterprise", "expected an object, got 5"),
        ({**CASE, "fields": []}, "fields", "no policy here shares this list"),
        ({**CASE, "other": {}}, "other", "no such part"),
        ({**CASE, "same_project": []}, "same_project", "stands under its id"),
        ({**CASE, "on": "2021-02-30"}, "on", "expected a date"),
        ({**CASE, "enterprise": {"revenue": {"2021": -1}}}, "enterprise.revenue.2021", "less than 0"),
        ({**CASE, "tourism": []}, "tourism", "expected an object, got a list"),
        ({**CASE, "tourism": {**own, "on": "2021"}}, "tourism.on", "stands at the top"),
        ({**CASE, "tourism": {**own, "nothing": None}}, "tourism.nothing", "no such part"),
        ({**CASE, "tourism": {"enterprise": {"piers": True}}}, "tourism.enterprise.piers", "expected a number"),
        ({**CASE, "tourism": {"enterprise": {"boats": 1}}}, "tourism.enterprise.boats", "no such fact"),
        ({**CASE, "tourism": {"fields": [{"mu": 1}, 2]}}, "tourism.fields.1", "expected an object, got 2"),
        ({**CASE, "tourism": {"fields": {}}}, "tourism.fields", "expected a list"),
        ({**CASE, "tourism": {"same_project": [["piers"]]}}, "tourism.same_project.0.0", "is no claim"),
        ({**CASE, "tourism": {"enterprise": {"revenue": {}}}}, "tourism.enterprise.revenue", "at the top as well"),
        (
            {"growth": {"enterprise": {"revenue": {"2021": 1}}}, "tourism": {"enterprise": {"revenue": {"2021": 2}}}},
            "tourism.enterprise.revenue",
            "under growth as well",
        ),
        ({**CASE, "same_matter": {}}, "same_matter", "expected a list"),
        ({**CASE, "same_matter": [["growth/jobs", 1]]}, "same_matter.0.1", "the name of a claim"),
        ({**CASE, "same_matter": [["jobs"]]}, "same_matter.0.0", "no claim of this case"),
        ({**CASE, "same_matter": [["tourism/fields"]]}, "same_matter.0.0", "no claim of this case"),
        ({**CASE, "same_matter": [["growth/jobs", "growth/scale"]]}, "same_matter.0.1", "a second claim of growth"),
        ({**CASE, "same_matter": [["growth/jobs"], ["growth/jobs"]]}, "same_matter.1.0", "stands in two matters"),
    ]
    check_each(rows, lambda row: _fails(*row), lambda row: row[1])


def test_a_shared_list_is_one_and_the_same() -> None:
    facts = {"enterprise.a": "money", "things.size": "money"}
    sheets: dict[str, Json] = {
        "one": {"facts": {**facts, "things.price": "money"}},
        "two": {"facts": {**facts, "things.price": "money"}},
        "three": {"facts": {"things.weight": "money"}},
    }
    members = [
        Member(id, subject_specs(one), [fact_spec(*fact) for fact in one["facts"].items()], {"things.size"})
        for id, one in sheets.items()
    ]
    cases = ShelfCases(members)
    sized = [{"size": 1}, {"size": 2}]
    one, two, three = cases.plain({"things": sized, "one": {"things": [{"price": 5}, {}]}, "three": {"things": [{}]}})
    assert one.data["things"] == [{"price": 5, "size": 1}, {"size": 2}]
    assert (two.data["things"], three.data["things"]) == (sized, [{}])
    one, two, _ = cases.plain({"one": {"things": [{"price": 5}]}})
    assert (one.data["things"], "things" in two.data) == ([{"price": 5}], False)
    one, two, _ = cases.plain({"things": [], "one": {"things": None}})
    assert one.data["things"] == two.data["things"] == []
    with pytest.raises(
        CaseError, match=r"^one\.things: a list that policies share is of one length: 1 here, 2 in things"
    ):
        cases.plain({"things": sized, "one": {"things": [{}]}})
    with pytest.raises(CaseError, match=r"^two\.things: .* 1 here, 0 in one\.things"):
        cases.plain({"one": {"things": []}, "two": {"things": [{}]}})
    with pytest.raises(CaseError, match=r"^one\.things\.1\.size: this is stated at the top as well"):
        cases.plain({"things": sized, "one": {"things": [{}, {"size": 2}]}})
