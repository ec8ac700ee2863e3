"""A case from JSON: what is read, and for each kind of mistake the path that the error names."""

import json
from contextlib import suppress
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.case import CaseError, FactSpec, value_from_json, value_to_json
from rules.values import Range
from tests.chance import draws
from tests.rules import small_policies, strategies
from tests.rules.support import Json, harbour
from tests.rules.support_format import rulebook

MISTAKES: list[tuple[object, str]] = [
    # the case itself
    ([], ""),
    (None, ""),
    ("a case", ""),
    ({"foo": 1}, "foo"),
    ({"firm": []}, "firm"),
    ({"firm": "x"}, "firm"),
    ({"firm": True}, "firm"),
    ({"firm": {"foo": None}}, "firm.foo"),
    ({"firm": {"": 1}}, "firm."),
    ({"firm": {"firm.local": True}}, "firm.firm.local"),
    ({"ships": {}}, "ships"),
    ({"ships": "none"}, "ships"),
    ({"ships": False}, "ships"),
    ({"ships": [{}, {}, 3]}, "ships.2"),
    ({"ships": [None]}, "ships.0"),
    ({"ships": [[]]}, "ships.0"),
    ({"ships": [{"colour": "red"}]}, "ships.0.colour"),
    # types
    ({"firm": {"local": 1}}, "firm.local"),
    ({"firm": {"local": "true"}}, "firm.local"),
    ({"firm": {"grade": True}}, "firm.grade"),
    ({"firm": {"grade": "bronze"}}, "firm.grade"),
    ({"firm": {"grade": ""}}, "firm.grade"),
    ({"firm": {"grade": {"at_least": 1}}}, "firm.grade"),
    ({"firm": {"fee": True}}, "firm.fee"),
    ({"firm": {"fee": "100"}}, "firm.fee"),
    ({"firm": {"fee": [100]}}, "firm.fee"),
    ({"ships": [{"name": 7}]}, "ships.0.name"),
    # figures
    ({"firm": {"fee": -1}}, "firm.fee"),
    ({"firm": {"fee": -0.001}}, "firm.fee"),
    ({"firm": {"fee": float("nan")}}, "firm.fee"),
    ({"firm": {"fee": float("inf")}}, "firm.fee"),
    ({"firm": {"fee": Decimal("NaN")}}, "firm.fee"),
    ({"firm": {"fee": Decimal("sNaN")}}, "firm.fee"),
    ({"firm": {"fee": Decimal("-Infinity")}}, "firm.fee"),
    ({"firm": {"fee": Decimal("1E+999999999")}}, "firm.fee"),
    ({"firm": {"fee": 10**5000}}, "firm.fee"),
    ({"firm": {"fee": 1e19}}, "firm.fee"),
    ({"firm": {"fee": 1e-200}}, "firm.fee"),
    ({"firm": {"fee": Decimal("1E-999999999")}}, "firm.fee"),
    ({"firm": {"fee": Decimal("2." + "0" * 30 + "1")}}, "firm.fee"),
    ({"firm": {"fee": {"at_most": 1e-31}}}, "firm.fee"),
    ({"firm": {"foreign_share": 1.01}}, "firm.foreign_share"),
    ({"firm": {"foreign_share": 160}}, "firm.foreign_share"),
    ({"firm": {"years_paid": 4}}, "firm.years_paid"),
    ({"firm": {"years_paid": 1.5}}, "firm.years_paid"),
    ({"firm": {"years_paid": Decimal("1E-999999999")}}, "firm.years_paid"),
    ({"ships": [{"cost": 1}, {"cost": -1}]}, "ships.1.cost"),
    # ranges
    ({"firm": {"fee": {}}}, "firm.fee"),
    ({"firm": {"fee": {"atleast": 1}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": 1, "unit": "yuan"}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": 1, "more_than": 1}}}, "firm.fee"),
    ({"firm": {"fee": {"at_most": 1, "less_than": 1}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": None}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": None, "at_most": 5}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": True}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": "1"}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": {"at_least": 1}}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": float("nan")}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": 3, "at_most": 2}}}, "firm.fee"),
    ({"firm": {"fee": {"at_least": 2, "less_than": 2}}}, "firm.fee"),
    ({"firm": {"fee": {"more_than": 2, "at_most": 2}}}, "firm.fee"),
    ({"firm": {"fee": {"less_than": 0}}}, "firm.fee"),
    ({"firm": {"fee": {"more_than": -1}}}, "firm.fee"),
    ({"firm": {"foreign_share": {"more_than": 1}}}, "firm.foreign_share"),
    ({"firm": {"foreign_share": {"at_most": 1.5}}}, "firm.foreign_share"),
    ({"firm": {"years_paid": {"more_than": 2, "less_than": 3}}}, "firm.years_paid"),
    ({"firm": {"years_paid": {"more_than": 3}}}, "firm.years_paid"),
    ({"firm": {"years_paid": {"less_than": 4}}}, "firm.years_paid"),
    ({"firm": {"years_paid": {"at_least": 0.5}}}, "firm.years_paid"),
    ({"firm": {"local": {"at_least": 1}}}, "firm.local"),
    # same_project
    ({"same_project": {}}, "same_project"),
    ({"same_project": "support"}, "same_project"),
    ({"same_project": [["support"], "dock"]}, "same_project.1"),
    ({"same_project": [None]}, "same_project.0"),
    ({"same_project": [["support", 3]]}, "same_project.0.1"),
    ({"same_project": [["support", "award"]]}, "same_project.0.1"),
    ({"same_project": [["support", "nonsense"]]}, "same_project.0.1"),
    ({"same_project": [["support:0"]]}, "same_project.0.0"),
    ({"same_project": [["building:0"]]}, "same_project.0.0"),
    ({"ships": [], "same_project": [["building:0"]]}, "same_project.0.0"),
    ({"ships": [{}], "same_project": [["building"]]}, "same_project.0.0"),
    ({"ships": [{}], "same_project": [["building:0"], ["support", "building:1"]]}, "same_project.1.1"),
    ({"ships": [{}], "same_project": [["building:00"]]}, "same_project.0.0"),
    ({"ships": [{}], "same_project": [["building:-1"]]}, "same_project.0.0"),
    ({"ships": [{}], "same_project": [["building:٠"]]}, "same_project.0.0"),
]


@pytest.mark.parametrize(("data", "path"), MISTAKES)
def test_a_mistake_is_named_by_its_path(data: object, path: str) -> None:
    with pytest.raises(CaseError) as caught:
        harbour().book.parse(data)
    assert caught.value.path == path
    assert caught.value.message
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        ("firm.fee", 100, Decimal(100)),
        ("firm.fee", 0.1, Decimal("0.1")),
        ("firm.fee", -0.0, Decimal(0)),
        ("firm.fee", Decimal("1E+6"), Decimal(1000000)),
        ("firm.fee", 10**18, Decimal(10**18)),
        ("firm.fee", Decimal("2." + "0" * 29 + "1"), Decimal("2." + "0" * 29 + "1")),
        ("firm.fee", Decimal("2." + "0" * 100), Decimal(2)),
        ("firm.years_paid", 2.0, Decimal(2)),
        ("firm.years_paid", Decimal("2.00"), Decimal(2)),
        ("firm.foreign_share", 1, Decimal(1)),
        ("firm.fee", {"less_than": 10}, Range(high=Decimal(10), high_open=True)),
        ("firm.fee", {"at_least": 10}, Range(low=Decimal(10))),
        ("firm.fee", {"more_than": 2, "at_most": 3}, Range(Decimal(2), Decimal(3), True, False)),
        ("firm.fee", {"at_least": 7, "at_most": 7.0}, Decimal(7)),
        ("firm.fee", {"at_most": 0}, Decimal(0)),
        ("firm.foreign_share", {"at_least": 1}, Decimal(1)),
        ("firm.years_paid", {"at_least": 3}, Decimal(3)),
        ("firm.years_paid", {"more_than": 2}, Decimal(3)),
        ("firm.years_paid", {"less_than": 1}, Decimal(0)),
        ("firm.years_paid", {"more_than": 0, "less_than": 2}, Decimal(1)),
        ("firm.years_paid", {"more_than": 0, "less_than": 3}, Range(Decimal(1), Decimal(2))),
        ("firm.local", None, None),
        ("firm.fee", None, None),
        ("ships.name", "", ""),
    ],
)
def test_a_value_is_read_in_one_form(fact: str, raw: object, value: object) -> None:
    spec = next(spec for spec in harbour().facts if spec.id == fact)
    assert value_from_json(spec, raw, fact) == value


@pytest.mark.parametrize(("kind", "raw"), [("place", "９９０５２４"), ("date", "２０２１-03-01"), ("date", "2021-０3")])
def test_digits_are_those_of_json(kind: str, raw: str) -> None:
    with pytest.raises(CaseError, match=r"firm\.where"):
        value_from_json(FactSpec("firm.where", kind), raw, "firm.where")


def test_what_is_absent_or_null_is_not_known() -> None:
    nothing = harbour().book.parse({})
    assert nothing.items == {"firm": ({},), "ships": None, "yards": None}
    assert nothing.same_project is None
    said = {"firm": None, "ships": None, "yards": None, "same_project": None}
    assert harbour().book.parse(said) == nothing
    assert harbour().book.parse({"firm": {"local": None}, "ships": []}).items == {
        "firm": ({},),
        "ships": (),
        "yards": None,
    }


@pytest.mark.parametrize("ships", [None, []])
def test_a_list_without_items_is_named_without_an_index(ships: object) -> None:
    case = harbour().book.parse({"ships": ships, "same_project": [["building", "support"]]})
    assert case.same_project == (("building", "support"),)


@pytest.mark.parametrize("decimals", [True, False])
def test_json_text_is_read_exactly(decimals: bool) -> None:
    text = '{"firm": {"fee": 1234567.89, "foreign_share": 0.1}}'
    data = json.loads(text, parse_float=Decimal) if decimals else json.loads(text)
    assert harbour().book.parse(data).items["firm"] == (
        {"fee": Decimal("1234567.89"), "foreign_share": Decimal("0.1")},
    )


@given(data=st.data())
def test_a_value_goes_to_json_and_back(data: st.DataObject) -> None:
    spec = data.draw(st.sampled_from(harbour().facts))
    value = value_from_json(spec, data.draw(strategies.known(harbour(), spec)), spec.id)
    assert value is not None
    again = json.loads(json.dumps(value_to_json(value)))
    assert value_from_json(spec, again, spec.id) == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["at_least", "more_than", "at_most", "less_than", "local", "fee", "cost", "kind", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@pytest.mark.exhaustive
@settings(max_examples=draws(300))
@given(st.dictionaries(st.sampled_from(["firm", "ships", "yards", "same_project", "x"]), json_values, max_size=4))
def test_any_json_is_a_case_or_a_clear_mistake(data: Json) -> None:
    rules = harbour().book
    with suppress(CaseError):
        rules.assess(rules.parse(data))


def _any_number(random: Random) -> object:
    """As large, as small and with as many digits as JSON has them."""
    digits = Decimal(random.randint(1, 10 ** random.choice([1, 17, 30, 200])))
    number = digits.scaleb(random.randint(*random.choice([(-400, -200), (-60, 0), (0, 40)])))
    return random.choice([number, number, -number, float(number), int(number)])


def _with_number(case: Json, place: int, number: object) -> Json:
    """``case`` with ``number`` for every third of the figures that stand in it."""
    figures = 0

    def put(part: object) -> object:
        nonlocal figures
        if isinstance(part, dict):
            return {key: put(each) for key, each in part.items()}
        if isinstance(part, list):
            return [put(each) for each in part]
        if isinstance(part, bool) or not isinstance(part, (int, float)):
            return part
        figures += 1
        return number if figures % 3 == place else part

    return {key: put(part) for key, part in case.items()}


@pytest.mark.exhaustive
def test_whatever_number_stands_in_a_case_it_is_assessed_or_refused() -> None:
    """Never anything else than a result or a mistake that names the path."""
    assessed, refused = 0, list[str]()
    for seed in range(300):
        random = Random(seed)
        book = rulebook(small_policies.sheet(random))
        case = small_policies.case(random)
        for place in (0, 1, 2, 0, 1, 2):
            try:
                assessment = book.assess(book.parse(_with_number(case, place, _any_number(random))))
            except CaseError as mistake:
                refused.append(mistake.path)
                continue
            assessed += 1
            amounts = [assessment.total, *(claim.amount for claim in assessment.claims if claim.amount)]
            assert all(each.min >= 0 and (each.max is None or each.min <= each.max) for each in amounts)
    assert all(path.startswith(("enterprise.", "things.", "people.")) for path in refused)
    assert min(assessed, len(refused)) > 200
