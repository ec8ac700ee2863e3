"""Spans of figures in columns: ``rules.spans`` said in SQL, where an end that is NULL is no end.

An end may stand over a divisor, so that quotients are compared by products, exactly. Knows no fact and no rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from rules.columns import digits, sql
from rules.columns.digits import INTEGER, Digits
from rules.columns.sql import NotInSqlError, Sql
from rules.spans import FigureSpan, Number

Constant: TypeAlias = Number | date


@dataclass(frozen=True, slots=True)
class ColumnEnd:
    """An end of a figure: ``top``, over ``bottom`` where there is one, which is more than 0.

    ``sure``: never NULL; ``natural``: never below 0; ``value``: what it is, where it is a constant. ``digits`` and
    ``bottom_digits``: of the types of the two.
    """

    top: Sql
    bottom: Sql | None = None
    sure: bool = False
    natural: bool = False
    value: Constant | None = None
    digits: Digits = INTEGER
    bottom_digits: Digits = INTEGER


@dataclass(frozen=True, slots=True)
class Bare:
    """A figure that is known exactly or not at all, in one column, and its limits."""

    column: Sql
    limits: FigureSpan


@dataclass(frozen=True, slots=True)
class ColumnSpan:
    """Where a figure or a day lies; None where there is no end whatever the row. ``never``: it has not happened."""

    low: ColumnEnd | None
    high: ColumnEnd | None
    low_open: Sql = field(default_factory=sql.false)
    high_open: Sql = field(default_factory=sql.false)
    never: Sql = field(default_factory=sql.false)
    bare: Bare | None = None


Kept: TypeAlias = Callable[[Sql], Sql]
"""Puts an expression into a column of its own, and gives that column."""


def constant(value: Constant) -> ColumnEnd:
    if isinstance(value, date):
        return ColumnEnd(sql.day(value), sure=True, value=value)
    if isinstance(value, Fraction) and value.denominator != 1:
        parts = value.numerator, value.denominator
        top, bottom = map(sql.number, parts)
        of_top, of_bottom = map(digits.of_constant, parts)
        return ColumnEnd(top, bottom, True, value >= 0, value, of_top, of_bottom)
    of_value = digits.of_constant(value.numerator if isinstance(value, Fraction) else value)
    return ColumnEnd(sql.number(value), None, True, value >= 0, value, of_value)


ZERO = Decimal(0)


def exactly(value: Constant) -> ColumnSpan:
    end = constant(value)
    return ColumnSpan(end, end)


def spanned(span: FigureSpan) -> ColumnSpan:
    """A span of constants."""
    low, high = (None if end is None else constant(end) for end in (span.low, span.high))
    low_open, high_open = (sql.true() if flag else sql.false() for flag in (span.low_open, span.high_open))
    return ColumnSpan(low, high, low_open, high_open)


ANY = ColumnSpan(None, None)


def closed(span: ColumnSpan) -> ColumnSpan:
    return ColumnSpan(span.low, span.high, never=span.never)


def _number(end: ColumnEnd | None) -> Fraction | None:
    """The end as a number, where it is a constant one."""
    return None if end is None or end.value is None or isinstance(end.value, date) else Fraction(end.value)


def compared(left: ColumnEnd | None, sign: str, right: ColumnEnd | None) -> Sql:
    """One end beside another; NULL where there is one of them not."""
    if left is None or right is None:
        return sql.null()
    if left.value is not None and right.value is not None:
        return _folded(left.value, sign, right.value)
    if left.bottom == right.bottom:
        return sql.compare(left.top, sign, right.top)
    return sql.compare(across(left, right)[0], sign, across(right, left)[0])


def _less(left: Constant, right: Constant) -> bool:
    if isinstance(left, date) or isinstance(right, date):
        return isinstance(left, date) and isinstance(right, date) and left < right
    return left < right


def across(end: ColumnEnd, other: ColumnEnd) -> tuple[Sql, Digits]:
    """The top of an end times the bottom of the other."""
    if other.bottom is None:
        return end.top, end.digits
    return digits.product(end.top, end.digits, other.bottom, other.bottom_digits)


def _folded(left: Constant, sign: str, right: Constant) -> Sql:
    less, same = _less(left, right), left == right
    found = {">=": not less, ">": not less and not same, "<=": less or same, "<": less, "=": same}[sign]
    return sql.true() if found else sql.false()


def plus(left: ColumnEnd | None, right: ColumnEnd | None) -> ColumnEnd | None:
    if left is None or right is None:
        return None
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return _constant(one + other)
    if one == 0 or other == 0:
        return right if one == 0 else left
    natural, sure = left.natural and right.natural, left.sure and right.sure
    same = left.bottom == right.bottom
    (top, of_left), (other_top, of_right) = (
        ((left.top, left.digits), (right.top, right.digits)) if same else (across(left, right), across(right, left))
    )
    top, of_top = digits.added(top, of_left, other_top, of_right)
    found = ColumnEnd(top, left.bottom, sure, natural, digits=of_top, bottom_digits=left.bottom_digits)
    return found if same else over_both(found, left, right)


def over_both(end: ColumnEnd, left: ColumnEnd, right: ColumnEnd) -> ColumnEnd:
    """``end`` over the product of the bottoms of two others."""
    if left.bottom is None or right.bottom is None:
        one = right if left.bottom is None else left
        return replace(end, bottom=one.bottom, bottom_digits=one.bottom_digits)
    bottom, of_bottom = digits.product(left.bottom, left.bottom_digits, right.bottom, right.bottom_digits)
    return replace(end, bottom=bottom, bottom_digits=of_bottom)


def _constant(value: Fraction) -> ColumnEnd:
    """A constant, as a decimal where it is one."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return constant(value)
    return constant(Decimal(value.numerator) / Decimal(value.denominator))


def minus(end: ColumnEnd | None) -> ColumnEnd | None:
    if end is None:
        return None
    value = _number(end)
    return _constant(-value) if value is not None else replace(end, top=sql.minus(end.top), natural=False)


def times(left: ColumnEnd, right: ColumnEnd) -> ColumnEnd:
    """The product of two ends; NULL where one of them is."""
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return _constant(one * other)
    if one == 0 or other == 0:
        return constant(ZERO)
    top, of_top = digits.product(left.top, left.digits, right.top, right.digits)
    found = ColumnEnd(top, None, left.sure and right.sure, left.natural and right.natural, digits=of_top)
    return over_both(found, left, right)


def added(spans: Sequence[ColumnSpan]) -> ColumnSpan:
    """The sum, end by end."""
    never = sql.either(span.never for span in spans)
    low = reduce(plus, (span.low for span in spans))
    high = reduce(plus, (span.high for span in spans))
    return ColumnSpan(low, high, never=never)


def negative(span: ColumnSpan) -> ColumnSpan:
    return ColumnSpan(minus(span.high), minus(span.low), never=span.never)


def chosen(branches: Sequence[tuple[Sql, ColumnEnd | None]], otherwise: ColumnEnd | None) -> ColumnEnd | None:
    """The end of the first branch that is true."""
    live: list[tuple[Sql, ColumnEnd | None]] = []
    for condition, end in branches:
        if sql.is_true(condition):
            otherwise = end
            break
        if not sql.is_false(condition) and not sql.is_null(condition):
            live.append((condition, end))
    ends = [*(end for _, end in live), otherwise]
    if not live or all(end == otherwise for end in ends):
        return otherwise
    top = sql.case([(condition, _top(end)) for condition, end in live], _top(otherwise))
    bottom = None
    if any(end is not None and end.bottom is not None for end in ends):
        bottom = sql.case([(condition, _bottom(end)) for condition, end in live], _bottom(otherwise))
    sure = all(end is not None and end.sure for end in ends)
    present = [end for end in ends if end is not None]
    natural = all(end.natural for end in present)
    of_top, of_bottom = (
        digits.beside(*each) for each in ([end.digits for end in present], [end.bottom_digits for end in present])
    )
    return ColumnEnd(top, bottom, sure, natural, digits=of_top, bottom_digits=of_bottom)


def chosen_span(branches: Sequence[tuple[Sql, ColumnSpan]], otherwise: ColumnSpan) -> ColumnSpan:
    """The span of the first branch that is true, closed."""
    low = chosen([(condition, span.low) for condition, span in branches], otherwise.low)
    return ColumnSpan(low, chosen([(condition, span.high) for condition, span in branches], otherwise.high))


def _top(end: ColumnEnd | None) -> Sql:
    return sql.null() if end is None else end.top


def _bottom(end: ColumnEnd | None) -> Sql:
    return sql.number(1) if end is None or end.bottom is None else end.bottom


def least(ends: Sequence[ColumnEnd | None]) -> ColumnEnd | None:
    """The smallest of those that there are."""
    return _extreme(ends, "<", sql.smallest)


def greatest(ends: Sequence[ColumnEnd | None]) -> ColumnEnd | None:
    """The largest of those that there are."""
    return _extreme(ends, ">", sql.largest)


def _extreme(ends: Sequence[ColumnEnd | None], sign: str, made: Callable[[Sequence[Sql]], Sql]) -> ColumnEnd | None:
    present = [end for end in ends if end is not None]
    if not present:
        return None
    fixed = [end for end in present if end.value is not None]
    if len(fixed) > 1:
        best = fixed[0]
        for end in fixed[1:]:
            best = end if sql.is_true(compared(end, sign, best)) else best
        present = [*(end for end in present if end.value is None), best]
    if len(present) == 1:
        return present[0]
    sure = any(end.sure for end in present)
    natural = (all if sign == "<" else any)(end.natural for end in present)
    if sign == ">" and not sure:
        natural = all(end.natural for end in present)
    if all(end.bottom is None for end in present):
        top, of_top = made([end.top for end in present]), digits.beside(*(end.digits for end in present))
        return ColumnEnd(top, None, sure, natural, digits=of_top)

    def outdo(one: ColumnEnd, other: ColumnEnd) -> ColumnEnd:
        branches = [(sql.unknown(other.top), one), (sql.unknown(one.top), other), (compared(one, sign, other), one)]
        return chosen(branches, other) or other

    return replace(reduce(outdo, present), sure=sure, natural=natural)


def all_or_none(ends: Sequence[ColumnEnd | None], end: ColumnEnd | None) -> ColumnEnd | None:
    """``end`` where all of ``ends`` are there; else none."""
    if end is None or any(each is None for each in ends):
        return None
    missing = [sql.unknown(each.top) for each in ends if each is not None and not each.sure]
    if not missing:
        return replace(end, sure=True)
    return chosen([(sql.either(missing), None)], end)


def known_or_0(end: ColumnEnd) -> ColumnEnd:
    """``end``, which is no quotient, or 0 where it is not there."""
    top = sql.known_or(end.top, sql.number(0))
    return replace(end, top=top, sure=True, digits=digits.beside(end.digits, INTEGER))


def not_below_0(span: ColumnSpan) -> ColumnSpan:
    """The span of money, which is never less than 0; what has no end below begins there."""
    low, high, zero = span.low, span.high, constant(ZERO)
    if not never_negative(span):
        low = greatest((low, zero))
        if span.low is not None and span.low.natural:
            low = known_or_0(span.low)
    if high is not None and not high.natural:
        high = all_or_none((high,), greatest((high, zero)))
    return ColumnSpan(low, high, never=span.never)


def greatest_of(spans: Sequence[ColumnSpan]) -> ColumnSpan:
    """The largest of several figures, end by end."""
    highs = [span.high for span in spans]
    never = sql.either(span.never for span in spans)
    return ColumnSpan(greatest([span.low for span in spans]), all_or_none(highs, greatest(highs)), never=never)


def at_most(span: ColumnSpan, cap: ColumnSpan) -> ColumnSpan:
    """The smaller of two figures, end by end."""
    low = all_or_none((span.low, cap.low), least((span.low, cap.low)))
    return ColumnSpan(low, least((span.high, cap.high)), never=sql.either((span.never, cap.never)))


def at_least(span: ColumnSpan, floor: ColumnSpan) -> ColumnSpan:
    """The larger of two figures, end by end."""
    return greatest_of((span, floor))


def never_negative(span: ColumnSpan) -> bool:
    """Whether it has an end below in every row, and that is 0 or more."""
    return span.low is not None and span.low.natural and span.low.sure


def hull(parts: Sequence[tuple[Sql, ColumnSpan]]) -> ColumnSpan:
    """Around all those of ``parts`` whose condition, of two values, holds; at least one does."""
    live = [(condition, span) for condition, span in parts if not sql.is_false(condition)]
    lows = [(condition, span.low) for condition, span in live]
    highs = [(condition, span.high) for condition, span in live]
    return ColumnSpan(_around(lows, least), _around(highs, greatest))


def _around(
    parts: Sequence[tuple[Sql, ColumnEnd | None]], extreme: Callable[[Sequence[ColumnEnd | None]], ColumnEnd | None]
) -> ColumnEnd | None:
    endless = [
        sql.both((condition, sql.true() if end is None else sql.unknown(end.top)))
        for condition, end in parts
        if end is None or not end.sure
    ]
    ends = [chosen([(condition, end)], None) for condition, end in parts]
    if len(parts) == 1:
        return parts[0][1]
    found = extreme([end for end in ends if end is not None])
    found = chosen([(sql.either(endless), None)], found)
    return found and replace(found, sure=not endless, natural=all(end is not None and end.natural for _, end in parts))


def reaches(left: ColumnSpan, right: ColumnSpan) -> Sql:
    """Whether ``left`` is ``right`` or more; NULL where that is open."""
    known = _known(left, ">=", right, "<=")
    if known is not None:
        return known
    edge = sql.either((left.high_open, right.low_open))
    below = compared(left.high, "<", right.low)
    if not sql.is_false(edge):
        below = sql.either((below, sql.both((compared(left.high, "=", right.low), edge))))
    return sql.case([(compared(left.low, ">=", right.high), sql.true()), (below, sql.false())])


def exceeds(left: ColumnSpan, right: ColumnSpan) -> Sql:
    """Whether ``left`` is more than ``right``; NULL where that is open."""
    known = _known(left, ">", right, "<")
    return sql.opposite(reaches(right, left)) if known is None else known


def _known(left: ColumnSpan, sign: str, right: ColumnSpan, mirrored: str) -> Sql | None:
    """A comparison of a bare column with a number, which says all: what is not known is NULL, limits decide nothing."""
    for span, other, mine in ((left, right, sign), (right, left, mirrored)):
        if span.bare is None or other.low is None or other.low.value is None or other.high != other.low:
            continue
        low, high = span.bare.limits.low, span.bare.limits.high
        value = other.low
        reached = [compared(None if end is None else constant(end), mine, value) for end in (low, high)]
        least_decides = sql.is_true(reached[0]) if mine[0] == ">" else sql.is_false(reached[0])
        most_decides = sql.is_false(reached[1]) if mine[0] == ">" else sql.is_true(reached[1])
        if not least_decides and not most_decides:
            return sql.compare(span.bare.column, mine, value.top)
    return None


def without_divisor(end: ColumnEnd | None, reason: str, *given: object) -> ColumnEnd | None:
    """``end``, which must be no quotient, for the ``reason`` of a ``NotInSqlError`` that it raises else."""
    if end is not None and end.bottom is not None:
        raise NotInSqlError(reason, *given)
    return end
