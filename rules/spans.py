"""Exact arithmetic on what is known only so far: spans of numbers, their sums, products, quotients and comparisons.

Figures are ``Decimal`` where they can be and ``Fraction`` where a division stands; nothing is ever rounded. Knows no
fact and no rule.
"""

from collections.abc import Iterable, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact
from fractions import Fraction
from functools import reduce
from typing import NamedTuple, TypeAlias

Truth: TypeAlias = bool | None
"""True, False, or None for "not known" (Kleene's strong three-valued logic)."""

Number: TypeAlias = int | Decimal | Fraction
"""An exact figure; a day is the number that ``date.toordinal`` gives it."""

_WIDE = Context(prec=200, traps=[Inexact])
_POINT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Moves the point of a figure, however many digits it has."""


class FigureSpan(NamedTuple):
    """Where a figure lies: from ``low`` to ``high``, None where there is no end, each end open where flagged."""

    low: Number | None
    high: Number | None
    low_open: bool = False
    high_open: bool = False

    @property
    def exact(self) -> bool:
        """Whether the figure is known."""
        return self.low is not None and self.low == self.high

    def holds(self, number: Number) -> bool:
        """Whether ``number`` lies within, the ends included whatever their openness."""
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)


_NOUGHT = Decimal(0)

ANY = FigureSpan(None, None)
ZERO = FigureSpan(_NOUGHT, _NOUGHT)


def exactly(number: Number) -> FigureSpan:
    """The span of a figure that is known."""
    return FigureSpan(number, number)


def plus(left: Number, right: Number) -> Number:
    """The exact sum."""
    try:
        return _WIDE.add(left, right)  # pyright: ignore[reportArgumentType]
    except (TypeError, Inexact):  # a fraction, or more digits than there is room for
        return Fraction(left) + Fraction(right)


def times(left: Number, right: Number) -> Number:
    """The exact product."""
    try:
        return _WIDE.multiply(left, right)  # pyright: ignore[reportArgumentType]
    except (TypeError, Inexact):  # a fraction, or more digits than there is room for
        return Fraction(left) * Fraction(right)


def minus(number: Number | None) -> Number | None:
    """The opposite; None (no end) stays None."""
    return None if number is None else times(number, -1)


def added(spans: Iterable[FigureSpan]) -> FigureSpan:
    """The sum, end by end."""
    parts = [span for span in spans if span is not ZERO]
    low = _sum([span.low for span in parts])
    same = all(span.low is span.high for span in parts)
    return FigureSpan(low, low if same else _sum([span.high for span in parts]))


def _sum(ends: Sequence[Number | None]) -> Number | None:
    """The exact sum of ends; None where one of them is none."""
    try:
        return reduce(_WIDE.add, ends, _NOUGHT)  # pyright: ignore[reportArgumentType]
    except (TypeError, Inexact):  # no end, a fraction, or more digits than there is room for
        return None if None in ends else reduce(plus, ends, _NOUGHT)  # pyright: ignore[reportArgumentType, reportCallIssue]


def from_0(span: FigureSpan) -> FigureSpan:
    """Anything from 0 up to the figure."""
    return ZERO if span is ZERO else FigureSpan(_NOUGHT, span.high)


def opposite(span: FigureSpan) -> FigureSpan:
    """The span of the opposite figure."""
    return FigureSpan(minus(span.high), minus(span.low))


def multiplied(left: FigureSpan, right: FigureSpan) -> FigureSpan:
    """The product, end by end; 0 times without end is 0."""
    one, other = left.low, right.low
    if one is not None and other is not None and one == left.high and other == right.high:
        return exactly(times(one, other))
    ends = [_product(one, other) for one in _ends(left) for other in _ends(right)]
    return FigureSpan(_least(ends), _largest(ends))


def divided(left: FigureSpan, right: FigureSpan) -> FigureSpan:
    """The quotient, end by end; not known as soon as the divisor may be 0, openness set aside."""
    if right.holds(0):
        return ANY
    low, high = (None if end is None else 1 / Fraction(end) for end in (right.high, right.low))
    if right.high is None:  # it may be as large as you like: the inverse comes down to 0
        low = Fraction(0)
    if right.low is None:
        high = Fraction(0)
    return multiplied(left, FigureSpan(low, high))


def at_most(span: FigureSpan, cap: FigureSpan) -> FigureSpan:
    """The smaller of two figures, end by end."""
    low, high = span.low, span.high
    if low is not None and (cap.low is None or cap.low < low):
        low = cap.low
    if cap.high is not None and (high is None or cap.high < high):
        high = cap.high
    return FigureSpan(low, high)


def at_least(span: FigureSpan, floor: FigureSpan) -> FigureSpan:
    """The larger of two figures, end by end."""
    low, high = span.low, span.high
    if floor.low is not None and (low is None or floor.low > low):
        low = floor.low
    if high is not None and (floor.high is None or floor.high > high):
        high = floor.high
    return FigureSpan(low, high)


def least(spans: Iterable[FigureSpan]) -> FigureSpan:
    """The smallest of several figures, end by end."""
    first, *others = spans
    return reduce(at_most, others, first if others else FigureSpan(first.low, first.high))


def greatest(spans: Iterable[FigureSpan]) -> FigureSpan:
    """The largest of several figures, end by end."""
    first, *others = spans
    return reduce(at_least, others, first if others else FigureSpan(first.low, first.high))


def hull(spans: Iterable[FigureSpan]) -> FigureSpan:
    """The smallest closed span around all of ``spans``."""
    ends = list(spans)
    lows = [span.low for span in ends if span.low is not None]
    highs = [span.high for span in ends if span.high is not None]
    return FigureSpan(min(lows) if len(lows) == len(ends) else None, max(highs) if len(highs) == len(ends) else None)


def common(left: FigureSpan, right: FigureSpan) -> FigureSpan | None:
    """What lies in both, with its open ends; None where nothing does."""
    low, low_open = left.low, left.low_open
    if right.low is not None and (low is None or right.low >= low):
        low, low_open = right.low, right.low_open or (low == right.low and low_open)
    high, high_open = left.high, left.high_open
    if right.high is not None and (high is None or right.high <= high):
        high, high_open = right.high, right.high_open or (high == right.high and high_open)
    if low is not None and high is not None and (low > high or (low == high and (low_open or high_open))):
        return None
    return FigureSpan(low, high, low_open, high_open)


def reaches(left: FigureSpan, right: FigureSpan) -> Truth:
    """Whether ``left`` is ``right`` or more; None where that is open."""
    if left.low is not None and right.high is not None and left.low >= right.high:
        return True
    if left.high is not None and right.low is not None:
        if left.high < right.low:
            return False
        if left.high == right.low and (left.high_open or right.low_open):
            return False
    return None


def exceeds(left: FigureSpan, right: FigureSpan) -> Truth:
    """Whether ``left`` is more than ``right``; None where that is open."""
    return negate(reaches(right, left))


def negate(truth: Truth) -> Truth:
    """Kleene's "not": what is not known stays not known."""
    return None if truth is None else not truth


def outward(span: FigureSpan) -> tuple[Decimal, Decimal | None]:
    """The ends of a span of money as decimals; what is no finite decimal goes outward to the next fen."""
    low = _NOUGHT if span.low is None else _decimal(span.low, up=False)
    same = span.high is span.low and type(low) is type(span.low)
    return low, low if same else None if span.high is None else _decimal(span.high, up=True)


def _decimal(number: Number, up: bool) -> Decimal:
    if type(number) is Decimal:
        return number
    number = Fraction(number)
    rest, places = number.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):  # of what is left, one at most divides it
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    if rest == 1:
        return _POINT.scaleb(Decimal(number.numerator * 10**places // number.denominator), -places)
    fen = number * 100
    return _POINT.scaleb(Decimal(-(-fen.numerator // fen.denominator) if up else fen.numerator // fen.denominator), -2)


_End: TypeAlias = tuple[Number, int]
"""An end of a span for a product: a number and 0, or no number and the sign of what has no end."""


def _ends(span: FigureSpan) -> tuple[_End, _End]:
    return (0, -1) if span.low is None else (span.low, 0), (0, 1) if span.high is None else (span.high, 0)


def _product(left: _End, right: _End) -> _End:
    if not left[1] and not right[1]:
        return times(left[0], right[0]), 0
    signs = [end[1] or (end[0] > 0) - (end[0] < 0) for end in (left, right)]
    return 0, signs[0] * signs[1]


def _least(ends: list[_End]) -> Number | None:
    return None if any(sign < 0 for _, sign in ends) else min(number for number, sign in ends if not sign)


def _largest(ends: list[_End]) -> Number | None:
    return None if any(sign > 0 for _, sign in ends) else max(number for number, sign in ends if not sign)
