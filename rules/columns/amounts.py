"""Amounts as columns: what ``rules.amounts`` says is paid where every condition holds, never below 0."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rules.amounts import (
    Amount,
    Band,
    Bands,
    ByLevel,
    ByTable,
    Fixed,
    GreatestOf,
    NoFigure,
    PerStep,
    PerUnit,
    Share,
    SumOf,
    UpTo,
)
from rules.columns import digits, ends, products, sql
from rules.columns.ends import ColumnEnd, ColumnSpan, constant
from rules.columns.scope import ColumnScope
from rules.columns.sql import NotInSqlError, Sql
from rules.columns.terms import NOTHING, all_of, figure, term
from rules.figures import Figure
from rules.spans import FigureSpan

ZERO = constant(Decimal(0))


@dataclass(frozen=True, slots=True)
class ColumnMoney:
    """What is paid: ``span`` in yuan; ``figured``, of two values: whether there is a figure at all; else the span is 0.

    ``no_figure``: whether a part has none.
    """

    span: ColumnSpan
    figured: Sql = field(default_factory=sql.true)
    no_figure: Sql = field(default_factory=sql.false)


_NOTHING = ColumnMoney(NOTHING)


def paid(amount: Amount, scope: ColumnScope) -> ColumnMoney:
    """What ``amount`` comes to, its ends in columns of their own. Raises ``NotInSqlError`` for a quotient."""
    money = _bare(amount, scope)
    span = money.span
    if amount.floor is not None:
        span = ends.at_least(span, figure(amount.floor, scope))
    if amount.cap is not None:
        span = ends.at_most(span, figure(amount.cap, scope))
    span = ends.not_below_0(span)
    low, high = (_kept(end, scope) for end in (span.low, span.high))
    if not sql.is_true(money.figured):
        none = sql.opposite(money.figured)
        low, high = (_kept(ends.chosen([(none, ZERO)], end), scope) for end in (low, high))
    return ColumnMoney(ColumnSpan(low, high), scope.kept(money.figured), scope.kept(money.no_figure))


def _kept(end: ColumnEnd | None, scope: ColumnScope) -> ColumnEnd | None:
    if end is None:
        return None
    ends.without_divisor(end, "an amount is a quotient, which has no exact decimal")
    return replace(end, top=scope.kept(end.top))


def _bare(amount: Amount, scope: ColumnScope) -> ColumnMoney:
    """What is paid before floor and cap."""
    if isinstance(amount, Fixed):
        return ColumnMoney(figure(amount.amount, scope))
    if isinstance(amount, (Share, PerUnit)):
        return _times(amount, amount.rate if isinstance(amount, Share) else amount.price, scope)
    if isinstance(amount, PerStep):
        return _per_step(amount, scope)
    if isinstance(amount, Bands):
        return _marginal(amount, scope) if amount.mode == "marginal" else _bands(amount, scope)
    if isinstance(amount, ByLevel):
        return _by_level(amount, scope)
    if isinstance(amount, ByTable):
        return _table(amount, scope)
    return _of_others(amount, scope)


def _of_others(amount: Amount, scope: ColumnScope) -> ColumnMoney:
    if isinstance(amount, SumOf):
        return _sum(amount, scope)
    if isinstance(amount, GreatestOf):
        return ColumnMoney(ends.greatest_of([paid(one, scope).span for one in amount.amounts]))
    if isinstance(amount, UpTo):
        return ColumnMoney(ColumnSpan(ZERO, paid(amount.amount, scope).span.high))
    if isinstance(amount, NoFigure):
        if amount.at_least is None:
            return ColumnMoney(NOTHING, sql.false(), sql.true())
        return ColumnMoney(ColumnSpan(figure(amount.at_least, scope).low, None), no_figure=sql.true())
    raise NotInSqlError("the amount {}", type(amount).__name__)


def _unless_never(base: ColumnSpan, money: ColumnMoney) -> ColumnMoney:
    """Nothing where the figure that it is computed of has never happened."""
    if sql.is_false(base.never):
        return money
    span = ends.chosen_span([(base.never, NOTHING)], money.span)
    figured = sql.either((base.never, money.figured))
    return ColumnMoney(span, figured, sql.case([(base.never, sql.false())], money.no_figure))


def _times(amount: Share | PerUnit, factor: Figure, scope: ColumnScope) -> ColumnMoney:
    base = term(amount.of, scope)
    return _unless_never(base, ColumnMoney(products.multiplied(ends.closed(base), figure(factor, scope), scope.kept)))


def _per_step(amount: PerStep, scope: ColumnScope) -> ColumnMoney:
    base = term(amount.of, scope)
    low, high = (_steps(amount, end, scope) for end in (base.low, base.high))
    if low is None or not low.sure:
        low = ZERO if low is None else ends.known_or_0(low)
    steps = ColumnSpan(low, high)
    return _unless_never(base, ColumnMoney(products.multiplied(steps, figure(amount.each, scope), scope.kept)))


def _steps(amount: PerStep, end: ColumnEnd | None, scope: ColumnScope) -> ColumnEnd | None:
    """How many steps an end has; none below 0."""
    if end is None:
        return None
    if isinstance(end.value, (int, Decimal)):
        return constant(Decimal(amount.steps(end.value)))
    top, step = scope.kept(end.top), sql.number(amount.step)
    if end.bottom is not None:
        step, _ = digits.product(end.bottom, end.bottom_digits, step, digits.of_constant(amount.step))
    step = scope.kept(step)
    full = sql.full_steps(top, step)
    if amount.count == "exceeded":
        on_the_step = sql.compare(sql.remainder(top, step), "=", sql.number(0))
        full = sql.plus(full, sql.minus(sql.case([(on_the_step, sql.number(1))], sql.number(0))))
    more = sql.compare(top, ">", sql.number(0))
    none = sql.compare(top, "<=", sql.number(0))
    whole = digits.Digits(sql.STEP_DIGITS, 0)
    return ColumnEnd(sql.case([(none, sql.number(0)), (more, full)]), None, end.sure, natural=True, digits=whole)


def _marginal(amount: Bands, scope: ColumnScope) -> ColumnMoney:
    """Each part of the figure at the rate of its own band."""
    base = term(amount.of, scope)
    low, high = (_marginal_of(amount, end) for end in (base.low, base.high))
    low = ZERO if low is None else ends.greatest((low, ZERO))
    if base.low is None or not base.low.sure:
        nothing_known = sql.true() if base.low is None else sql.unknown(base.low.top)
        low = ends.chosen([(nothing_known, _marginal_of(amount, ZERO))], low)
    return _unless_never(base, ColumnMoney(ColumnSpan(low, high)))


def _marginal_of(amount: Bands, end: ColumnEnd | None) -> ColumnEnd | None:
    """What comes of a figure; without end, of bands that have one, else none."""
    total: ColumnEnd | None = ZERO
    for band in amount.bands:
        rate = constant(band.rate if isinstance(band.rate, Decimal) else Decimal(0))
        begin, finish = constant(band.low or Decimal(0)), None if band.high is None else constant(band.high)
        full = None if finish is None else ends.times(rate, _positive(finish, begin))
        full = ZERO if band.rate == 0 else full
        if end is None:
            part = full
        else:
            stop = ends.least((end, finish)) or end
            within = ends.times(rate, _difference(stop, begin))
            above, below = ends.compared(end, ">", begin), ends.compared(end, "<=", begin)
            part = ends.chosen([(above, within), (below, ZERO)], full)
            if end.sure:
                part = ends.chosen([(above, within)], ZERO)
        total = ends.plus(total, part)
    return total


def _difference(left: ColumnEnd, right: ColumnEnd) -> ColumnEnd:
    return ends.plus(left, ends.minus(right)) or ZERO


def _positive(left: ColumnEnd, right: ColumnEnd) -> ColumnEnd:
    return ends.greatest((_difference(left, right), ZERO)) or ZERO


def _bands(amount: Bands, scope: ColumnScope) -> ColumnMoney:
    """What the band pays in which the figure lies; around all bands that it may lie in."""
    base = term(amount.of, scope)
    narrows = amount.fact is not None and scope.stated(amount.fact)
    found: list[tuple[Sql, ColumnMoney]] = []
    for band in amount.bands:
        touched = scope.kept(_touches(base, band.span))
        part = _common(base, band.span)
        if narrows and amount.fact is not None:
            with scope.narrowed(amount.fact, part):
                found.append((touched, _of_band(band, part, scope)))
        else:
            found.append((touched, _of_band(band, part, scope)))
    first, last = amount.bands[0].span, amount.bands[-1].span
    leaves = scope.kept(_leaves(base, FigureSpan(first.low, last.high, first.low_open, last.high_open)))
    return _unless_never(base, _either([*found, (leaves, _NOTHING)]))


def _of_band(band: Band, part: ColumnSpan, scope: ColumnScope) -> ColumnMoney:
    if band.amount is not None:
        return paid(band.amount, scope)
    span = products.multiplied(ends.closed(part), figure(band.multiplier, scope), scope.kept)
    return ColumnMoney(ends.not_below_0(span))


def _end(value: object) -> ColumnEnd | None:
    return constant(value) if isinstance(value, (int, Decimal)) else None


def _touches(base: ColumnSpan, band: FigureSpan) -> Sql:
    """Whether a figure may lie in the band; of two values."""
    above = _beyond(base.low, ">", _end(band.high), sql.either((base.low_open, _flag(band.high_open))))
    below = _beyond(base.high, "<", _end(band.low), sql.either((base.high_open, _flag(band.low_open))))
    return sql.opposite(sql.either((above, below)))


def _beyond(end: ColumnEnd | None, sign: str, edge: ColumnEnd | None, is_open: Sql) -> Sql:
    """Whether an end lies beyond an edge, or on it where one of them is open; not where there is one of them not."""
    if end is None or edge is None:
        return sql.false()
    beyond = ends.compared(end, sign, edge)
    if sql.is_true(is_open):
        beyond = ends.compared(end, f"{sign}=", edge)
    elif not sql.is_false(is_open):
        beyond = sql.either((beyond, sql.both((ends.compared(end, "=", edge), is_open))))
    return beyond if end.sure else sql.surely(beyond, True)


def _flag(is_open: bool) -> Sql:
    return sql.true() if is_open else sql.false()


def _common(base: ColumnSpan, band: FigureSpan) -> ColumnSpan:
    """What of a figure lies in the band, where something does."""
    first, last = _end(band.low), _end(band.high)
    low, high = ends.greatest((base.low, first)), ends.least((base.high, last))
    low_open = _open_of(base.low, base.low_open, ">", first, _flag(band.low_open))
    return ColumnSpan(low, high, low_open, _open_of(base.high, base.high_open, "<", last, _flag(band.high_open)))


def _open_of(end: ColumnEnd | None, is_open: Sql, sign: str, edge: ColumnEnd | None, edge_open: Sql) -> Sql:
    if edge is None:
        return is_open
    if sql.is_false(is_open) and sql.is_false(edge_open):
        return sql.false()
    within = ends.compared(end, sign, edge)
    on_it = ends.compared(end, "=", edge)
    return sql.case([(within, is_open), (on_it, sql.either((is_open, edge_open)))], edge_open)


def _leaves(base: ColumnSpan, whole: FigureSpan) -> Sql:
    """Whether a figure reaches below the first band or above the last; of two values."""
    reaches: list[Sql] = []
    for end, is_open, sign, edge, edge_open in (
        (base.low, base.low_open, "<", _end(whole.low), whole.low_open),
        (base.high, base.high_open, ">", _end(whole.high), whole.high_open),
    ):
        if edge is None:
            continue
        if end is None:
            return sql.true()
        beyond = ends.compared(end, sign, edge)
        if edge_open:
            beyond = sql.either((beyond, sql.both((ends.compared(end, "=", edge), sql.opposite(is_open)))))
        reaches.append(beyond if end.sure else sql.either((sql.unknown(end.top), sql.surely(beyond, True))))
    return sql.either(reaches)


def _by_level(amount: ByLevel, scope: ColumnScope) -> ColumnMoney:
    value = scope.value(amount.of)
    levels = {choice: paid(level, scope) for choice, level in amount.levels.items()}
    around = _either([(sql.true(), levels.get(choice, _NOTHING)) for choice in scope.choices(amount.of)])
    if sql.is_null(value):
        return around
    conditions = {choice: sql.compare(value, "=", sql.text(choice)) for choice in levels}
    cases = [*((conditions[choice], level) for choice, level in levels.items()), (sql.unknown(value), around)]
    span = ends.chosen_span([(condition, money.span) for condition, money in cases], NOTHING)
    figured = sql.case([(condition, money.figured) for condition, money in cases], sql.true())
    no_figure = sql.case([(condition, money.no_figure) for condition, money in cases], sql.false())
    return ColumnMoney(span, figured, no_figure)


def _table(amount: ByTable, scope: ColumnScope) -> ColumnMoney:
    """The first row that holds; around all that are not false up to the first true one."""
    found: list[tuple[Sql, ColumnMoney]] = []
    earlier: list[Sql] = []
    for row in amount.rows:
        truth = scope.kept(all_of(row.when, scope))
        reached = [sql.opposite(one) for one in earlier]
        found.append(
            (scope.kept(sql.both((*reached, sql.opposite(sql.surely(truth, False))))), paid(row.amount, scope))
        )
        earlier.append(sql.surely(truth, True))
    rest = _NOTHING if amount.otherwise is None else paid(amount.otherwise, scope)
    found.append((scope.kept(sql.both([sql.opposite(one) for one in earlier])), rest))
    return _either(found)


def _sum(amount: SumOf, scope: ColumnScope) -> ColumnMoney:
    parts = [paid(one, scope) for one in amount.amounts]
    figured = sql.either(part.figured for part in parts)
    no_figure = sql.either(part.no_figure for part in parts)
    return ColumnMoney(ends.added([part.span for part in parts]), figured, no_figure)


def _either(parts: Sequence[tuple[Sql, ColumnMoney]]) -> ColumnMoney:
    """One of those whose condition holds, not known which: around all; one without figure counts 0 unless all are."""
    live = [(condition, money) for condition, money in parts if not sql.is_false(condition)]
    span = ends.hull([(condition, money.span) for condition, money in live])
    figured = sql.either(sql.both((condition, money.figured)) for condition, money in live)
    if all(sql.is_true(money.figured) for _, money in live):
        figured = sql.true()
    return ColumnMoney(span, figured, _agreed(live))


def _agreed(parts: Sequence[tuple[Sql, ColumnMoney]]) -> Sql:
    """Whether a part has no figure, where all say the same of it; NULL where they do not, or one does not know."""
    if all(sql.is_false(money.no_figure) for _, money in parts):
        return sql.false()
    said: list[Sql] = []
    for wanted in (True, False):
        against = [
            sql.both((condition, sql.opposite(sql.surely(money.no_figure, wanted)))) for condition, money in parts
        ]
        said.append(sql.opposite(sql.either(against)))
    return sql.case([(said[0], sql.true()), (said[1], sql.false())])
