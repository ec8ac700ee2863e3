"""Every threshold of every policy: exactly on it, one below, one above, and ranges that touch it open and closed."""

from decimal import Decimal

import pytest

from rules.conditions import AtLeast, AtMost, LessThan, MoreThan, Threshold
from rules.values import Truth
from tests.rules.strategies import plain
from tests.rules.support import Json, Rules, harbour, zhengzhou

thresholds = pytest.mark.parametrize(
    ("rules", "ident", "leaf", "negated"),
    [
        pytest.param(rules, programme.id, leaf, negated, id=f"{programme.id}-{leaf.fact}-{type(leaf).__name__}")
        for rules in (harbour(), zhengzhou())
        for programme in rules.programmes
        for leaf in programme.leaves
        if isinstance(leaf, Threshold)
        for negated in [leaf.fact == "firm.crew"]
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
def test_exactly_one_below_one_above(rules: Rules, ident: str, leaf: Threshold, negated: bool) -> None:
    fact = next(fact for fact in rules.facts if fact.id == leaf.fact)
    step = Decimal(1) if fact.type == "int" else Decimal("0.01")
    least, largest = fact.limits
    for figure, says in zip(
        (leaf.value - step, leaf.value, leaf.value + step), BELOW_ON_ABOVE[type(leaf)], strict=True
    ):
        if least <= figure <= largest:
            assert satisfied(rules, ident, leaf.fact, plain(figure)) is (says is not negated)


@thresholds
def test_ranges_that_touch_it(rules: Rules, ident: str, leaf: Threshold, negated: bool) -> None:
    fact = next(fact for fact in rules.facts if fact.id == leaf.fact)
    least, largest = fact.limits
    bound = plain(leaf.value)
    below, on, above = (says is not negated for says in BELOW_ON_ABOVE[type(leaf)])

    def both(one: bool, other: bool) -> Truth:
        return one if one is other else None

    expected: list[tuple[Json, Truth]] = []
    if least < leaf.value:
        expected += [({"less_than": bound}, below), ({"at_most": bound}, both(below, on))]
    if leaf.value < largest:
        expected += [({"more_than": bound}, above), ({"at_least": bound}, both(on, above))]
    if least < leaf.value < largest:
        near = {
            "at_least": plain(leaf.value - 1 if leaf.value > 1 else least),
            "at_most": plain(min(leaf.value + 1, largest)),
        }
        expected.append((near, None))
    for raw, truth in expected:
        assert satisfied(rules, ident, leaf.fact, raw) is truth, raw
