"""Every threshold of every policy: exactly on it, one below, one above, and ranges that touch it open and closed."""

from decimal import Decimal

import pytest

from rules.conditions import AtLeast, AtMost, FigureLine, LessThan, MoreThan, Threshold
from rules.spans import Truth
from tests.rules.strategies import plain
from tests.rules.support import Json, Rules, harbour, zhengzhou
from tests.rules.support_format import rulebook

thresholds = pytest.mark.parametrize(
    ("rules", "ident", "line", "negated"),
    [
        pytest.param(rules, programme.id, line, negated, id=f"{programme.id}-{line.fact}-{type(line.leaf).__name__}")
        for rules in (harbour(), zhengzhou())
        for programme in rules.programmes
        for line in programme.lines
        for negated in [line.fact == "firm.crew"]
    ],
)

BELOW_ON_ABOVE: dict[type[Threshold], tuple[bool, bool, bool]] = {
    AtLeast: (False, True, True),
    MoreThan: (False, False, True),
    AtMost: (True, True, False),
    LessThan: (True, False, False),
}


def satisfied(rules: Rules, ident: str, fact: str, raw: object) -> Truth:
    """What the programme ``ident`` finds where only this is known."""
    subject, _, name = fact.partition(".")
    many = any(entry.id == subject and entry.many for entry in rules.subjects)
    data: Json = {subject: [{name: raw}] if many else {name: raw}}
    path = f"{subject}.0.{name}" if many else fact
    found = [
        finding.satisfied
        for claim in rules.assess(data).claims
        if claim.programme.id == ident
        for finding in claim.reasons
        if finding.fact == path
    ]
    assert len(found) == 1
    return found[0]


@thresholds
def test_exactly_one_below_one_above(rules: Rules, ident: str, line: FigureLine, negated: bool) -> None:
    fact = next(fact for fact in rules.facts if fact.id == line.fact)
    step = Decimal(1) if fact.type == "int" else Decimal("0.01")
    least, largest = fact.limits
    for figure, says in zip(
        (line.value - step, line.value, line.value + step), BELOW_ON_ABOVE[type(line.leaf)], strict=True
    ):
        if least <= figure <= largest:
            assert satisfied(rules, ident, line.fact, plain(figure)) is (says is not negated)


@thresholds
def test_ranges_that_touch_it(rules: Rules, ident: str, line: FigureLine, negated: bool) -> None:
    fact = next(fact for fact in rules.facts if fact.id == line.fact)
    least, largest = fact.limits
    bound = plain(line.value)
    below, on, above = (says is not negated for says in BELOW_ON_ABOVE[type(line.leaf)])

    def both(one: bool, other: bool) -> Truth:
        return one if one is other else None

    expected: list[tuple[Json, Truth]] = []
    if least < line.value:
        expected += [({"less_than": bound}, below), ({"at_most": bound}, both(below, on))]
    if line.value < largest:
        expected += [({"more_than": bound}, above), ({"at_least": bound}, both(on, above))]
    if least < line.value < largest:
        near = {
            "at_least": plain(line.value - 1 if line.value > 1 else least),
            "at_most": plain(min(line.value + 1, largest)),
        }
        expected.append((near, None))
    for raw, truth in expected:
        assert satisfied(rules, ident, line.fact, raw) is truth, raw


demanded = pytest.mark.parametrize("kind", BELOW_ON_ABOVE, ids=lambda kind: kind.__name__)


@demanded
@pytest.mark.parametrize("negated", [False, True])
def test_what_is_demanded_of_all_turns_there_too(kind: type[Threshold], negated: bool) -> None:
    """Exactly on it, below and above; of a term, what it comes to; and only for whom it is demanded of."""
    line: Json = {"kind": kind.model_fields["kind"].default, "quote": ""}
    for measure in ({"fact": "enterprise.staff"}, {"term": {"sum": ["enterprise.staff", "enterprise.interns"]}}):
        condition: Json = {**line, **measure, "value": 10}
        if negated:
            condition = {"kind": "not", "condition": condition}
        book = rulebook(
            {
                "facts": {"enterprise.staff": "int", "enterprise.interns": "int"},
                "programmes": [{"id": "p"}, {"id": "spared"}],
                "policy": {"requires": [{"condition": condition, "except": ["spared"]}]},
            }
        )
        for staff, says in zip((9, 10, 11), BELOW_ON_ABOVE[kind], strict=True):
            claims = book.assess(book.parse({"enterprise": {"staff": staff, "interns": 0}})).claims
            status = "eligible" if says is not negated else "ineligible"
            assert [claim.status for claim in claims] == [status, "eligible"], (staff, condition)
