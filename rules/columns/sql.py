"""Expressions of SQL, folded where a part is a constant: truths of three values, numbers, days, choices between cases.

SQL's own logic is Kleene's, NULL being "not known". Knows no fact and no rule.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from sqlglot import exp

Sql: TypeAlias = exp.Expr
"""An expression; a tree of its own, never shared between two others."""

Branch: TypeAlias = tuple[Sql, Sql]
"""A condition, and the value where it is true."""


_COMPARE: dict[str, type[exp.Binary]] = {
    ">=": exp.GTE,
    ">": exp.GT,
    "<=": exp.LTE,
    "<": exp.LT,
    "=": exp.EQ,
    "<>": exp.NEQ,
}
_FLIPPED: dict[type[exp.Expr], type[exp.Binary]] = {exp.GTE: exp.LT, exp.LT: exp.GTE, exp.GT: exp.LTE, exp.LTE: exp.GT}


class NotInSqlError(ValueError):
    """A rule that has no form in SQL; the message says which, and why: ``reason`` with what is ``given`` in its places.

    In English; who speaks to people in another language knows a reason by its words.
    """

    def __init__(self, reason: str, *given: object) -> None:
        super().__init__(reason.format(*given))
        self.reason = reason
        self.given = given


def true() -> Sql:
    return exp.true()


def false() -> Sql:
    return exp.false()


def null() -> Sql:
    return exp.null()


def typed_null(kind: str) -> Sql:
    """NULL of a type, for a column of nothing else."""
    return exp.cast(exp.null(), kind)


def is_true(truth: Sql) -> bool:
    """Whether it is the constant."""
    return isinstance(truth, exp.Boolean) and bool(truth.this)


def is_false(truth: Sql) -> bool:
    return isinstance(truth, exp.Boolean) and not truth.this


def is_null(value: Sql) -> bool:
    return isinstance(value, exp.Null)


def column(name: str, table: str | None = None) -> Sql:
    return exp.column(name, table=table, quoted=True)


def number(value: int | Decimal | Fraction) -> Sql:
    """A number as plain digits. Raises ``NotInSqlError`` for one that is no finite decimal."""
    if isinstance(value, Fraction):
        if value.denominator != 1:
            raise NotInSqlError("{} is no finite decimal", value)
        value = value.numerator
    digits = f"{Decimal(abs(value)):f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    literal = exp.Literal.number(digits)
    return exp.Neg(this=literal) if value < 0 else literal


def text(value: str) -> Sql:
    return exp.Literal.string(value)


def day(value: date) -> Sql:
    return exp.cast(exp.Literal.string(value.isoformat()), "date")


def both(truths: Iterable[Sql]) -> Sql:
    """Whether all of ``truths`` hold."""
    parts = _without(_flat(exp.And, truths), exp.Boolean(this=True))
    if any(is_false(part) for part in parts):
        return false()
    return exp.and_(*map(_own, parts), copy=False) if parts else true()


def either(truths: Iterable[Sql]) -> Sql:
    """Whether one of ``truths`` holds."""
    parts = _without(_flat(exp.Or, truths), exp.Boolean(this=False))
    if any(is_true(part) for part in parts):
        return true()
    parts = [part for part in parts if not any(each in parts for each in _flat(exp.And, [part]) if each is not part)]
    return exp.or_(*map(_own, parts), copy=False) if parts else false()


def _flat(kind: type[exp.And] | type[exp.Or], truths: Iterable[Sql]) -> list[Sql]:
    """``truths``, of those of this kind what they are made of."""
    found: list[Sql] = []
    for truth in truths:
        inner = truth.unnest()
        found += _flat(kind, (inner.left, inner.right)) if isinstance(inner, kind) else [truth]
    return found


def _without(truths: Sequence[Sql], constant: Sql) -> list[Sql]:
    """``truths`` without those that are ``constant``, each once."""
    kept: list[Sql] = []
    for truth in truths:
        if truth != constant and truth not in kept:
            kept.append(truth)
    return kept


def opposite(truth: Sql) -> Sql:
    """Kleene's "not"."""
    if isinstance(truth, exp.Boolean):
        return exp.Boolean(this=not truth.this)
    if isinstance(truth, exp.Not):
        return truth.this.unnest().copy()
    flipped = _FLIPPED.get(type(truth))
    if flipped is not None and isinstance(truth, exp.Binary):
        return flipped(this=truth.this.copy(), expression=truth.expression.copy())
    return truth if is_null(truth) else exp.not_(_own(truth), copy=False)


def compare(left: Sql, sign: str, right: Sql) -> Sql:
    if is_null(left) or is_null(right):
        return null()
    return _beside(_COMPARE[sign], _inner(left), _inner(right))


def unknown(value: Sql) -> Sql:
    """Whether ``value`` is not known; of two values."""
    if is_null(value):
        return true()
    if isinstance(value, (exp.Literal, exp.Boolean, exp.Neg)):
        return false()
    if isinstance(value, exp.Not):
        return unknown(value.this.unnest())
    if _two_valued(value):
        return false()
    if isinstance(value, (exp.Greatest, exp.Least, exp.Coalesce)):
        return both(map(unknown, (value.this.unnest(), *(each.unnest() for each in value.expressions))))
    if isinstance(value, exp.Case) and value.args.get("default") is not None and _null_where(value) is not None:
        return either((surely(_null_where(value) or false(), True), unknown(value.args["default"].unnest())))
    if plain(value) and not isinstance(value, exp.Column):
        value = value.this  # beside a constant
    return exp.Is(this=_inner(value), expression=exp.null())


def _null_where(value: exp.Case) -> Sql | None:
    """Where a choice between two is NULL, apart from what its last branch is."""
    branches: list[exp.If] = value.args["ifs"]
    return branches[0].this if len(branches) == 1 and is_null(branches[0].args["true"]) else None


def _two_valued(truth: Sql) -> bool:
    """Whether it is never NULL."""
    truth = truth.unnest()
    if isinstance(truth, (exp.And, exp.Or)):
        return _two_valued(truth.left) and _two_valued(truth.right)
    return isinstance(truth, (exp.Is, exp.Boolean)) or (isinstance(truth, exp.Not) and _two_valued(truth.this))


def met(condition: Sql) -> Sql:
    """``condition`` where it does not matter whether it is false or NULL, as in a branch or beside the rows that count."""
    if isinstance(condition, (exp.And, exp.Or)):
        made = both if isinstance(condition, exp.And) else either
        return made([met(each.unnest()) for each in _flat(type(condition), [condition])])
    if isinstance(condition, exp.Is) and isinstance(condition.expression, exp.Boolean):
        truth = condition.this.unnest()
        return met(truth) if condition.expression.this else opposite(truth)
    return condition


def plain(value: Sql) -> bool:
    """Whether it is a column, or one beside constants: it is not known where the column is not."""
    if isinstance(value, exp.Not):
        return plain(value.this.unnest())
    if isinstance(value, exp.In):
        return isinstance(value.this, exp.Column)
    if isinstance(value, tuple(_COMPARE.values())):
        return isinstance(value.this, exp.Column) and isinstance(value.expression, (exp.Literal, exp.Neg, exp.Cast))
    return isinstance(value, exp.Column)


def surely(truth: Sql, wanted: bool) -> Sql:
    """Whether ``truth`` is ``wanted``; of two values."""
    if is_null(truth):
        return false()
    if isinstance(truth, exp.Boolean):
        return exp.Boolean(this=bool(truth.this) is wanted)
    if _two_valued(truth):
        return truth if wanted else opposite(truth)
    return exp.Is(this=_inner(truth), expression=exp.Boolean(this=wanted))


def case(branches: Iterable[Branch], otherwise: Sql | None = None) -> Sql:
    """The value of the first branch that is true, else ``otherwise``, else NULL."""
    kept: list[Branch] = []
    last = null() if otherwise is None else otherwise
    for condition, value in branches:
        if is_true(condition):
            last = value
            break
        if not is_false(condition) and not is_null(condition):
            kept.append((met(condition), value))
    while kept and kept[-1][1] == last:
        kept.pop()
    if not kept:
        return last
    chosen = [exp.If(this=_own(condition), true=_own(value)) for condition, value in kept]
    return exp.Case(ifs=chosen) if is_null(last) else exp.Case(ifs=chosen, default=_own(last))


def known_or(value: Sql, otherwise: Sql) -> Sql:
    if is_null(value):
        return otherwise
    if isinstance(value, (exp.Literal, exp.Boolean, exp.Neg)):
        return value
    return exp.Coalesce(this=_own(value), expressions=[_own(otherwise)])


def smallest(values: Sequence[Sql]) -> Sql:
    """The smallest of those that are known."""
    return _extreme(exp.Least, values)


def largest(values: Sequence[Sql]) -> Sql:
    """The largest of those that are known."""
    return _extreme(exp.Greatest, values)


def _extreme(kind: type[exp.Least] | type[exp.Greatest], values: Sequence[Sql]) -> Sql:
    parts: list[Sql] = []
    for value in values:
        inner = (value.this, *value.expressions) if isinstance(value, kind) else (value,)
        parts += [each for each in inner if not is_null(each) and each not in parts]
    if len(parts) < 2:
        return parts[0] if parts else null()
    first, *rest = map(_own, parts)
    return kind(this=first, expressions=rest, ignore_nulls=True)


def plus(left: Sql, right: Sql) -> Sql:
    if is_null(left) or is_null(right):
        return null()
    if _is(left, 0) or _is(right, 0):
        return right if _is(left, 0) else left
    if isinstance(right, exp.Neg):
        return exp.Sub(this=_own(left), expression=_inner(right.this))
    return _beside(exp.Add, _own(left), _inner(right))


def minus(value: Sql) -> Sql:
    if is_null(value):
        return value
    return value.this.unnest().copy() if isinstance(value, exp.Neg) else exp.Neg(this=_inner(value))


def times(left: Sql, right: Sql) -> Sql:
    if is_null(left) or is_null(right):
        return null()
    if _is(left, 1) or _is(right, 1):
        return right if _is(left, 1) else left
    return _beside(exp.Mul, _inner(left), _inner(right))


def cast(value: Sql, kind: str) -> Sql:
    return exp.cast(_own(value), kind, copy=False)


STEP_DIGITS = 15
"""A floating figure of so many digits is exact."""


def full_steps(value: Sql, step: Sql) -> Sql:
    """How many times ``step`` goes into ``value``, which is not negative: what is over is taken off first, so that the
    quotient of the two floating figures, with no more than ``STEP_DIGITS``, is off by less than a half."""
    whole = exp.Paren(this=exp.Sub(this=_inner(value), expression=remainder(value.copy(), step)))
    quotient = exp.Div(this=exp.cast(whole, "double"), expression=exp.cast(step.copy(), "double"))
    return exp.cast(exp.Round(this=quotient), f"decimal({STEP_DIGITS}, 0)")


def remainder(value: Sql, step: Sql) -> Sql:
    return _beside(exp.Mod, _inner(value), _inner(step))


def alias(value: Sql, name: str, comment: str = "") -> Sql:
    named = exp.alias_(_own(value), name, quoted=True, copy=False)
    if comment:
        named.comments = [f" {comment.replace('*/', '* /')} "]
    return named


def _is(value: Sql, figure: int) -> bool:
    return isinstance(value, exp.Literal) and not value.is_string and Decimal(str(value.this)) == figure


def _inner(value: Sql) -> Sql:
    """``value`` as it stands within another expression."""
    compound = isinstance(value, (exp.Binary, exp.Not, exp.Neg, exp.Is, exp.Case)) and not isinstance(value, exp.Column)
    return exp.Paren(this=_own(value)) if compound else _own(value)


def _beside(kind: type[exp.Binary], left: Sql, right: Sql) -> Sql:
    return kind(this=left, expression=right.copy() if right is left else right)


def _own(value: Sql) -> Sql:
    """``value`` itself where it stands in no other expression yet, else a copy: to copy what is built on at each step
    would take longer than all else."""
    return value if value.parent is None else value.copy()
