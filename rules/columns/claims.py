"""A programme as columns: whether it holds, what it comes to, what is missing. As ``rules.claims`` says of one case.

``NAME.holds`` is true (eligible), false, or NULL (undetermined); ``NAME.min`` is NULL where the text gives no figure,
``NAME.max`` too where there is no upper bound; ``NAME.no_figure``; ``NAME.missing`` is a number with a bit for each fact
that could still change the claim.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from sqlglot import exp

from rules.amounts import figured
from rules.columns import sql
from rules.columns.amounts import ColumnMoney, paid
from rules.columns.digits import INTEGER, beside
from rules.columns.ends import ColumnEnd, ColumnSpan, exactly
from rules.columns.relations import Chain
from rules.columns.scope import ColumnScope
from rules.columns.sql import NotInSqlError, Sql
from rules.columns.terms import among, predicate
from rules.conditions import Condition, Not, Predicate, grouped_by
from rules.programme import ProgrammeRule, Requirement
from rules.values import Interval

_BITS = 62
_MONEY = "decimal(9, 2)"


@dataclass(frozen=True, slots=True)
class CompiledClaim:
    """A programme whose columns stand in a chain.

    ``award`` is what it counts in a total; ``fixed``: what it comes to least where it holds, and most where that is not
    ruled out, of one that comes to the same for all; ``no_figure``: whether a part of it may have none. ``missing`` are the
    facts of its bits, from the lowest on, None where it has no such column.
    """

    programme: ProgrammeRule
    award: ColumnSpan
    fixed: Interval | None = None
    no_figure: bool = True
    missing: tuple[str, ...] | None = None


class _ColumnCheck(NamedTuple):
    """A test: the facts that it reads, each with whether that is open; and where it could still change the claim."""

    reads: dict[str, Sql]
    undecided: Sql


@dataclass(slots=True)
class _Tested:
    truth: Sql
    checks: list[_ColumnCheck] = field(default_factory=list[_ColumnCheck])


def compile_claim(
    programme: ProgrammeRule,
    demands: Sequence[Requirement],
    pro_rata: bool,
    scope: ColumnScope,
    chain: Chain,
    *,
    count: Sql | None,
    missing: bool,
) -> CompiledClaim:
    """Puts the columns of a claim into ``chain``.

    ``count``, for rows that are firms and a programme for things of a list: how many there are, NULL where that is not
    known. Raises ``NotInSqlError``.
    """
    scope.hint = programme.id
    conditions = [*programme.conditions, *(demand.condition for demand in demands)]
    tested = [_tested(condition, scope) for condition in conditions]
    truth = sql.both(one.truth for one in tested)
    if count is not None:
        truth = sql.case([(sql.compare(count, "=", sql.number(0)), sql.false()), (sql.opposite(truth), sql.false())])
    holds = chain.put(f"{programme.id}.holds", _typed(truth), f"{programme.clause} {programme.quote}")
    holds = truth if isinstance(truth, (exp.Boolean, exp.Null)) else holds
    money, base = scope.used(lambda: paid(programme.amount, scope))
    award = _award(programme, money, holds, pro_rata, chain)
    fixed = _fixed(money, pro_rata)
    unfigured = not sql.is_true(money.figured) or not sql.is_false(money.no_figure)
    if not missing:
        return CompiledClaim(programme, award, fixed, unfigured)
    years = {} if programme.years is None else _read(programme.years.fact, scope)
    checks = [check for one in tested for check in one.checks]
    bits = dict(_bits(checks, base, years, money, holds, scope))
    if count is not None:
        own = f"{programme.subject}."
        bits = {programme.subject: sql.opposite(sql.surely(holds, False))} | {
            fact: bit for fact, bit in bits.items() if not fact.startswith(own)
        }
    bits = {fact: bit for fact, bit in bits.items() if not sql.is_false(bit)}
    if len(bits) > _BITS:
        raise NotInSqlError("more than {} facts decide", _BITS)
    powers = [sql.case([(bit, sql.number(1 << place))], sql.number(0)) for place, bit in enumerate(bits.values())]
    chain.put(f"{programme.id}.missing", reduce(sql.plus, powers, sql.number(0)))
    return CompiledClaim(programme, award, fixed, unfigured, tuple(bits))


def _fixed(money: ColumnMoney, pro_rata: bool) -> Interval | None:
    """What is paid, where that is the same whatever the row."""
    low, high = (None if end is None else end.value for end in (money.span.low, money.span.high))
    if not sql.is_true(money.figured) or not isinstance(low, (int, Decimal)) or not isinstance(high, (int, Decimal)):
        return None
    return Interval(Decimal(0 if pro_rata else low), Decimal(high))


def _read(fact: str, scope: ColumnScope) -> dict[str, Sql]:
    return scope.used(lambda: scope.figure(fact))[1]


def _typed(truth: Sql) -> Sql:
    """A NULL that says of what type it is."""
    return sql.typed_null("boolean") if sql.is_null(truth) else truth


def _award(programme: ProgrammeRule, money: ColumnMoney, holds: Sql, pro_rata: bool, chain: Chain) -> ColumnSpan:
    """Puts what a claim of each status comes to; what that counts in a total, where no figure is 0."""
    low, high = (sql.null() if end is None else end.top for end in (money.span.low, money.span.high))
    fails, quote = sql.surely(holds, False), programme.amount.quote
    zero, name = sql.number(0), programme.id
    if not figured(programme.amount):
        chain.put(f"{name}.min", sql.typed_null(_MONEY), quote)
        chain.put(f"{name}.max", sql.typed_null(_MONEY))
        chain.put(f"{name}.no_figure", sql.true())
        return exactly(Decimal(0))
    none = sql.opposite(money.figured)
    least = sql.case([(fails, zero), (none, sql.null()), (sql.unknown(holds), zero)], zero if pro_rata else low)
    if sql.is_false(none):
        least = sql.case([] if pro_rata else [(holds, low)], zero)
    first = chain.put(f"{name}.min", _decimal(least), quote)
    last = chain.put(f"{name}.max", _decimal(sql.case([(fails, zero), (none, sql.null())], high)))
    perhaps = sql.both((sql.unknown(holds), sql.either((sql.surely(money.no_figure, True), none))))
    open_figure = sql.case([(fails, sql.false()), (perhaps, sql.null())], money.no_figure)
    chain.put(f"{name}.no_figure", _typed(open_figure))
    bounded = money.span.high is not None and money.span.high.sure
    if not sql.is_true(money.figured):
        last = sql.case([(sql.unknown(first), zero)], last)
        first = sql.known_or(first, zero)
    least, most = (
        ColumnEnd(column, sure=True, natural=True, digits=beside(INTEGER, *([end.digits] if end else [])))
        for column, end in ((first, money.span.low), (last, money.span.high))
    )
    return ColumnSpan(least, replace(most, sure=bounded))


def _decimal(value: Sql) -> Sql:
    return sql.typed_null(_MONEY) if sql.is_null(value) else value


def _tested(condition: Condition, scope: ColumnScope) -> _Tested:
    """A condition's truth, and the tests in it."""
    if isinstance(condition, Not):
        inner = _tested(condition.condition, scope)
        return _Tested(sql.opposite(inner.truth), inner.checks)
    if isinstance(condition, Predicate):
        truth, reads = scope.used(lambda: predicate(condition, scope))
        truth = truth if sql.plain(truth) else scope.kept(truth)
        return _Tested(truth, [_ColumnCheck(reads, sql.unknown(truth))])
    n, parts = grouped_by(condition, scope.conditions_of)
    tested = [_tested(part, scope) for part in parts]
    truth = among(n, [one.truth for one in tested], scope)
    truth = truth if sql.plain(truth) else scope.kept(truth)
    open_too = sql.unknown(truth)
    checks = [
        _ColumnCheck(check.reads, sql.both((check.undecided, open_too))) for one in tested for check in one.checks
    ]
    return _Tested(truth, checks)


def _bits(
    checks: Sequence[_ColumnCheck],
    base: dict[str, Sql],
    years: dict[str, Sql],
    money: ColumnMoney,
    holds: Sql,
    scope: ColumnScope,
) -> Iterator[tuple[str, Sql]]:
    """For each fact that is read whether it could still change the claim."""
    alive = sql.opposite(sql.surely(holds, False))
    low, high = money.span.low, money.span.high
    exact = sql.false() if low is None or high is None else sql.compare(low.top, "=", high.top)
    exact = sql.true() if low is not None and low == high else exact
    loose = sql.both((money.figured, sql.opposite(sql.surely(exact, True))))
    loose = sql.either((loose, sql.unknown(money.no_figure)))
    facts = dict.fromkeys([fact for reads in (*(check.reads for check in checks), base, years) for fact in reads])
    for fact in facts:
        reading = [check for check in checks if fact in check.reads]
        ways = [sql.both((sql.unknown(holds), sql.either(check.undecided for check in reading)))]
        ways += [sql.both((alive, loose))] if fact in base else []
        ways += [alive] if fact in years else []
        concerned = sql.either(ways)
        is_open = next(reads[fact] for reads in (*(check.reads for check in checks), base, years) if fact in reads)
        yield fact, sql.both((is_open, concerned))
        for inner, inner_open in scope.of_list.get(fact, {}).items():
            yield inner, sql.both((sql.known_or(inner_open, sql.false()), concerned))
