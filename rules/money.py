"""What is paid, exactly: a span of yuan, or no figure, or a part without one. Knows no rule and no case."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from rules import spans
from rules.spans import ZERO, FigureSpan, Truth
from rules.terms import Values


class Money(NamedTuple):
    """What is paid: ``span`` in yuan, None where the text gives no figure; ``no_figure``: whether a part has none."""

    span: FigureSpan | None
    no_figure: Truth = False


Payer: TypeAlias = Callable[[Values], Money]

NOTHING = Money(ZERO)


def nothing(values: Values) -> Money:
    """Whatever is known."""
    return NOTHING


def not_below_0(span: FigureSpan) -> FigureSpan:
    """What is paid where a figure may come out negative: nothing below 0."""
    if span.low is not None and span.low >= 0:
        return span
    low = Decimal(0) if span.low is None or span.low < 0 else span.low
    return FigureSpan(low, span.high if span.high is None or span.high >= 0 else Decimal(0))


def either(paid: Iterable[Money]) -> Money:
    """One of several, not known which: around all; one without figure counts 0 unless all are."""
    found = list(paid)
    truths = {money.no_figure for money in found}
    no_figure = truths.pop() if len(truths) == 1 else None
    if all(money.span is None for money in found):
        return Money(None, no_figure)
    return Money(spans.hull(money.span or ZERO for money in found), no_figure)
