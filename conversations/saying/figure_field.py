"""What a figure is typed into where a channel can show such a field: its unit, an example, and the ranges to choose from.

Renders from the pack alone: the unit is that in which people speak of such a figure, the example the one that the
question's help gives, the ranges those between the lines that the rules draw. Knows no channel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from conversations.saying.values import WAN, YI, between, figure
from conversations.state.session import is_fact
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy
from rules.conditions import line_of
from rules.terms import plain
from rules.walk import parts

MOST_RANGES = 4
"""More ranges than this are no choice but a table: then none is offered."""
_UNITS = {"money": "万元", "area": "平方米", "ratio": "%", "years": "年"}
_EXAMPLE = regex(r"“(\d+(?:\.\d+)?)\s*(亿|万)?(?:元|平方米|平米|平|年|家|件|人|亩|台|%)?”")
_SIZES = {"亿": YI, "万": WAN, "": Decimal(1)}


@dataclass(frozen=True, slots=True)
class FigureField:
    """A field for one figure: ``label`` says of what, ``unit`` stands beside it, ``example`` (a number) inside; ``ranges``
    are words that can be sent instead."""

    label: str
    unit: str
    example: str
    ranges: tuple[str, ...]


class FigureFields:
    """The fields for the figures of ``policy``; each is made when it is first asked for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._made: dict[str, FigureField] = {}

    def of(self, path: str) -> FigureField | None:
        """The field for the question at ``path``; None where it asks for no figure."""
        try:
            fact = self._policy.fact(path) if is_fact(path) else None
        except KeyError:  # a question that is no fact's: of the form of a lead
            return None
        if fact is None or not fact.spec.numeric:
            return None
        if fact.id not in self._made:
            unit = _UNITS.get(fact.type) or fact.unit_word or fact.counter
            self._made[fact.id] = FigureField(fact.label, unit, _example(fact), tuple(_ranges(self._policy, fact)))
        return self._made[fact.id]


def _example(fact: Fact) -> str:
    """The first figure of the help, in the field's unit; empty where it gives none."""
    found = _EXAMPLE.search(fact.help)
    if found is None:
        return ""
    number = Decimal(found[1]) * _SIZES[found[2] or ""]
    return plain(number / WAN if fact.type == "money" else number)


def _ranges(policy: Policy, fact: Fact) -> Iterator[str]:
    """不到 100 万元, 100–200 万元, 200 万元以上: between the figures at which something changes."""
    rules = (*policy.programmes, *policy.requires)
    found = [line for rule in rules for each in parts(rule) if (line := line_of(each)) and line.fact == fact.id]
    lines = sorted({line.value for line in found})
    signs = {line.leaf.signs[0] for line in found}
    said = [figure(fact, line) for line in lines]
    if said and len(said) < MOST_RANGES and signs <= {"≥", "<"}:
        yield f"不到 {said[0]}"
        yield from map(between, said, said[1:])
        yield f"{said[-1]}以上"
    elif len(said) == 1 and signs <= {">", "≤"}:
        yield f"不超过 {said[0]}"
        yield f"超过 {said[0]}"
