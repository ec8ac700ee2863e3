"""How many digits a figure has in its column, so that no database has to cut one.

Every database counts a DECIMAL's digits, 38 at most, and takes those of a product, a sum or a choice from what it is made
of. Where these need more than 38, some leave out decimals without a word. So the digits of every figure are counted here
as well, and what would have more before the point than ``MOST_WHOLE`` is cast to fewer: too large a value is an error then.
As no figure has more than ``MOST_DECIMALS`` behind it, any two of them have room beside each other. Knows no rule.
"""

from decimal import Decimal
from typing import NamedTuple

from sqlglot import exp

from rules.columns import sql
from rules.columns.sql import NotInSqlError, Sql

MOST_WHOLE, MOST_DECIMALS = 26, 12
_ROOM = 22
"""What is cast gets so many before the point: a few more sums are made of it before it needs to be cast again."""
_QUICK, _QUICK_WHOLE = 18, 14
"""Figures of so many digits are quick; DuckDB gives a product of two no more, and says where its value needs more."""


class Digits(NamedTuple):
    """So many before the point, and so many decimals: of the widest type that a database gives the figure."""

    whole: int
    scale: int

    @property
    def kind(self) -> str:
        return f"decimal({self.whole + self.scale}, {self.scale})"

    @property
    def quick(self) -> bool:
        return self.whole + self.scale <= _QUICK


INTEGER = Digits(10, 0)
"""Of a whole number that is written down, or counted."""
LONG = Digits(20, 0)


def of_constant(value: int | Decimal) -> Digits:
    """The digits of a number as ``sql.number`` writes it."""
    exponent = Decimal(value).normalize().as_tuple().exponent
    scale = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    whole = len(f"{abs(int(value))}")
    if not scale:
        whole = max(whole, INTEGER.whole if abs(value) < 1 << 31 else LONG.whole)
    return Digits(whole, scale)


def beside(*several: Digits) -> Digits:
    """Of a choice between figures, the largest or the smallest of them."""
    return Digits(max(each.whole for each in several), max(each.scale for each in several))


def roomy(value: Sql, scale: int, *, narrow: bool = False) -> tuple[Sql, Digits]:
    """``value``, which has no more than ``scale`` decimals, cast; ``narrow``: to what is quick. Raises ``NotInSqlError``."""
    if scale > MOST_DECIMALS:
        raise NotInSqlError("a figure with {} decimals", scale)
    digits = Digits(_QUICK_WHOLE if narrow else _ROOM, scale)
    return sql.cast(value, digits.kind), digits


def added(left: Sql, left_digits: Digits, right: Sql, right_digits: Digits) -> tuple[Sql, Digits]:
    """A sum of figures of these digits. Raises ``NotInSqlError``."""
    left, right = _no_integers(left, left_digits, right, right_digits)
    both = beside(left_digits, right_digits)
    return _fitted(sql.plus(left, right), Digits(both.whole + 1, both.scale))


def product(left: Sql, left_digits: Digits, right: Sql, right_digits: Digits) -> tuple[Sql, Digits]:
    """A product of figures of these digits. Raises ``NotInSqlError``."""
    whole, scale = left_digits.whole + right_digits.whole + 1, left_digits.scale + right_digits.scale
    written = _written(left) or _written(right)
    if not written and left_digits.quick and right_digits.quick and not Digits(whole, scale).quick:
        wide = Digits(_QUICK + 1 - left_digits.scale, left_digits.scale)
        left, whole = sql.cast(left, wide.kind), wide.whole + right_digits.whole + 1
    else:
        left, right = _no_integers(left, left_digits, right, right_digits)
    found = sql.times(left, right)
    if found is left or found is right:
        return found, left_digits if found is left else right_digits
    return _fitted(found, Digits(whole, scale))


def _no_integers(left: Sql, left_digits: Digits, right: Sql, right_digits: Digits) -> tuple[Sql, Sql]:
    """Two figures, one of them a decimal: sums and products of integers have no more room than these have."""
    if {left_digits, right_digits} <= {INTEGER, LONG}:
        if not _written(left):
            return sql.cast(left, left_digits.kind), right
        if not _written(right):
            return left, sql.cast(right, right_digits.kind)
    return left, right


def _written(value: Sql) -> bool:
    """Whether it is a number that is written down, or nothing."""
    return isinstance(value, (exp.Literal, exp.Neg, exp.Null))


def _fitted(value: Sql, digits: Digits) -> tuple[Sql, Digits]:
    """``value``, whose type has these ``digits``, with room to meet others."""
    if digits.scale > MOST_DECIMALS:
        raise NotInSqlError("a figure with {} decimals", digits.scale)
    return (value, digits) if digits.whole <= MOST_WHOLE else roomy(value, digits.scale)
