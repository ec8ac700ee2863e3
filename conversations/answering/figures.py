"""Which figure in a question is which: what a programme's conditions and its share are said to be.

Takes a figure only where it is sure whose it is. Knows programmes and quantities; words nothing.
"""

from collections.abc import Iterable
from decimal import Decimal

from conversations.language.quantities import Quantity, UnitKind
from knowledge.policy import Programme
from rules.amounts import ByLevel, Fixed, Share
from rules.conditions import Threshold
from rules.values import Range

_RATE = 2
"""一年交十万: a sum so many characters behind a span of time is that much a year; nothing lasts for it."""


def thresholds(programme: Programme) -> list[Threshold]:
    """The figures that a programme demands; "more than nothing" is none."""
    return [leaf for leaf in programme.leaves if isinstance(leaf, Threshold) and leaf.value]


def _own_figures(programme: Programme) -> set[Decimal]:
    """The sums of money that the programme itself names."""
    rule = programme.amount
    figures: set[Decimal] = {condition.value for condition in thresholds(programme)}
    if isinstance(rule, Fixed):
        figures.add(rule.amount)
    elif isinstance(rule, ByLevel):
        figures |= set(rule.levels.values())
    elif isinstance(rule, Share) and rule.cap is not None:
        figures.add(rule.cap)
    return figures


def _sums(quantities: Iterable[Quantity]) -> list[Quantity]:
    return [
        q for q in quantities if not q.denied and (q.kind is UnitKind.MONEY or (q.kind is UnitKind.NUMBER and q.scaled))
    ]


def base(quantities: Iterable[Quantity], programme: Programme, rule: Share) -> tuple[Decimal, bool] | None:
    """The figure that a share is taken of: the one sum from which all other sums in the question follow."""
    quantities = list(quantities)
    if any(quantity.scaled and quantity.kind is UnitKind.COUNT for quantity in quantities):  # 1200万一个: how many?
        return None
    sums = _sums(quantities)
    own = _own_figures(programme)
    for quantity in sums:
        figure = quantity.value
        if isinstance(figure, Decimal) and figure not in own:
            explained = own | {figure, figure * rule.rate}
            if all(isinstance(other.value, Decimal) and other.value in explained for other in sums):
                return figure, quantity.approximate
    return None


def said(
    quantities: Iterable[Quantity], programme: Programme, condition: Threshold, kind: UnitKind | None
) -> Quantity | None:
    """What the question says of the fact of ``condition``, None where it says nothing or more than one thing."""
    quantities = list(quantities)
    rule = programme.amount
    if kind is UnitKind.MONEY:
        sums = _sums(quantities)
        if isinstance(rule, Share) and (known := base(quantities, programme, rule)):
            return next(quantity for quantity in sums if quantity.value == known[0])
        likely = [
            quantity for quantity in sums if isinstance(quantity.value, Range) or quantity.value == condition.value
        ]
        return likely[0] if len(likely) == len(sums) == 1 and not _restated(likely[0], condition) else None
    likely = [
        quantity
        for quantity in quantities
        if quantity.kind is kind
        and quantity.value is not None
        and not (isinstance(rule, Share) and quantity.value == rule.rate)
        and not _restated(quantity, condition)
        and not (kind is UnitKind.YEARS and any(0 <= each.start - quantity.end <= _RATE for each in _sums(quantities)))
    ]
    unnamed = kind is UnitKind.AREA and any(q.kind is UnitKind.NUMBER and q.scaled for q in quantities)  # of what?
    return likely[0] if len(likely) == 1 and not unnamed else None


def _restated(quantity: Quantity, condition: Threshold) -> bool:
    """Whether the words only repeat the condition: 一千万以上."""
    return isinstance(quantity.value, Range) and quantity.value.low == condition.value
