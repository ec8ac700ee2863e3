"""Products and quotients of spans in columns: ``rules.spans`` said in SQL, where an end that is NULL is no end."""

from dataclasses import replace

from rules.columns import sql
from rules.columns.ends import (
    ANY,
    ColumnEnd,
    ColumnSpan,
    Kept,
    across,
    chosen,
    compared,
    constant,
    greatest,
    least,
    negative,
    never_negative,
    over_both,
    times,
)
from rules.columns.sql import NotInSqlError, Sql


def multiplied(left: ColumnSpan, right: ColumnSpan, kept: Kept) -> ColumnSpan:
    """The product, end by end; 0 times without end is 0.

    Raises ``NotInSqlError`` for two quotients that may both be below 0: each end would be compared with each by products of
    all, which no query has room for.
    """
    never = sql.either((left.never, right.never))
    for one, other in ((left, right), (right, left)):
        if never_negative(one):
            low, high = _times_natural(other, one)
            return ColumnSpan(low, high, never=never)
    if _is_quotient(left) and _is_quotient(right):
        raise NotInSqlError("a product of two quotients, either of which may be below 0")
    low, high = _times_any(_kept(left, kept), _kept(right, kept))
    return ColumnSpan(low, high, never=never)


def _is_quotient(span: ColumnSpan) -> bool:
    return any(end is not None and end.bottom is not None for end in (span.low, span.high))


def _kept(span: ColumnSpan, kept: Kept) -> ColumnSpan:
    low, high = (end and replace(end, top=kept(end.top)) for end in (span.low, span.high))
    return replace(span, low=low, high=high)


def _times_natural(left: ColumnSpan, right: ColumnSpan) -> tuple[ColumnEnd | None, ColumnEnd | None]:
    """The ends of a product whose right factor is never below 0."""
    small, large, zero = right.low, right.high, constant(0)
    if small is None:
        raise AssertionError("it has a low end")
    nothing = compared(large, "=", zero)
    rising = _product_or_zero(left.high, large)
    if left.low is not None and never_negative(left):
        return times(left.low, small), rising
    falling = _product_or_zero(left.low, large)
    low = chosen([(compared(left.low, ">=", zero), left.low and times(left.low, small)), (nothing, zero)], falling)
    return low, chosen([(compared(left.high, "<", zero), left.high and times(left.high, small))], rising)


def _product_or_zero(left: ColumnEnd | None, right: ColumnEnd | None) -> ColumnEnd | None:
    """The product of two far ends: 0 where one is 0, whether or not the other is there; else none where one is not."""
    zero = constant(0)
    empty = [
        compared(one, "=", zero) for one, other in ((left, right), (right, left)) if other is None or not other.sure
    ]
    product = None if left is None or right is None else times(left, right)
    return chosen([(sql.either(empty), zero)], product)


def _times_any(left: ColumnSpan, right: ColumnSpan) -> tuple[ColumnEnd | None, ColumnEnd | None]:
    """The ends of a product of which nothing is known beforehand."""
    pairs = [(one, other) for one in (left.low, left.high) for other in (right.low, right.high)]
    products = [times(one, other) for one, other in pairs if one is not None and other is not None]
    falls: list[Sql] = []
    rises: list[Sql] = []
    nothing: list[Sql] = []
    for far, near in ((left, right), (right, left)):
        below, above = (sql.true() if end is None else sql.unknown(end.top) for end in (far.low, far.high))
        for end, has_end in ((near.low, -1), (near.high, 1)):
            up, down = _sign(end, ">", has_end), _sign(end, "<", -has_end)
            falls += [sql.both((below, up)), sql.both((above, down))]
            rises += [sql.both((below, down)), sql.both((above, up))]
            nothing.append(sql.both((sql.either((below, above)), sql.surely(compared(end, "=", constant(0)), True))))
    at_zero = chosen([(sql.either(nothing), constant(0))], None)
    low = chosen([(sql.either(falls), None)], least([*products, at_zero]))
    high = chosen([(sql.either(rises), None)], greatest([*products, at_zero]))
    return low, high


def _sign(end: ColumnEnd | None, sign: str, endless: int) -> Sql:
    """Whether an end lies above (below) 0; one that there is not does where ``endless`` says so."""
    far = sql.true() if endless > 0 else sql.false()
    if end is None:
        return far
    found = compared(end, sign, constant(0))
    return found if end.sure else sql.known_or(found, far)


def divided(left: ColumnSpan, right: ColumnSpan, kept: Kept) -> ColumnSpan:
    """The quotient, end by end; not known as soon as the divisor may be 0, openness set aside."""
    zero = constant(0)
    right, left = _kept(right, kept), _kept(left, kept)
    never = sql.either((left.never, right.never))
    below = compared(right.high, "<", zero)
    if not never_negative(right):
        # both turned around where the divisor is negative
        turned, reverse = negative(left), negative(right)
        low, high = chosen([(below, turned.low)], left.low), chosen([(below, turned.high)], left.high)
        positive = chosen([(compared(right.low, ">", zero), right.low), (below, reverse.low)], None)
        far = chosen([(below, reverse.high)], right.high)
        left, right = ColumnSpan(low, high), ColumnSpan(positive and replace(positive, natural=True), far)
        left, right = _kept(left, kept), _kept(right, kept)
    if right.low is None:
        return replace(ANY, never=never)
    fits = sql.both((compared(right.low, ">", zero),))
    low = _quotient(left.low, right.high, right.low)
    high = _quotient(left.high, right.low, right.high)
    return ColumnSpan(chosen([(fits, low)], None), chosen([(fits, high)], None), never=never)


def _quotient(end: ColumnEnd | None, of_rising: ColumnEnd | None, of_falling: ColumnEnd | None) -> ColumnEnd | None:
    """An end over one divisor where it is 0 or more, over another where it is less; over one without end it is 0."""
    if end is None:
        return None
    parts = [_over_end(end, divisor) for divisor in (of_rising, of_falling)]
    if end.natural:
        return parts[0]
    return chosen([(compared(end, ">=", constant(0)), parts[0]), (compared(end, "<", constant(0)), parts[1])], None)


def _over_end(end: ColumnEnd, divisor: ColumnEnd | None) -> ColumnEnd:
    zero = constant(0)
    if divisor is None:
        return zero
    top, of_top = across(end, divisor)
    found = ColumnEnd(top, None, end.sure and divisor.sure, end.natural, digits=of_top)
    over = over_both(found, end, ColumnEnd(top, divisor.top, bottom_digits=divisor.digits))
    return over if divisor.sure else chosen([(sql.unknown(divisor.top), zero)], over) or zero
