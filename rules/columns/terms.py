"""Terms, conditions and figures as columns: what ``rules.terms``, ``rules.conditions`` and ``rules.figures`` mean of a case.

A term is a ``ColumnSpan``; a condition is a truth of SQL, NULL where it is not known.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce

from sqlglot import exp

from rules import terms
from rules.columns import days, digits, ends, products, sql
from rules.columns.ends import ColumnEnd, ColumnSpan, constant, exactly
from rules.columns.scope import ColumnScope
from rules.columns.sql import NotInSqlError, Sql
from rules.conditions import (
    AnyItem,
    Between,
    Condition,
    CountTerm,
    Holds,
    InPlace,
    IsOneOf,
    Not,
    Predicate,
    Threshold,
    TotalTerm,
    area_of,
    grouped_by,
)
from rules.dates import Dates
from rules.figures import Discretion, Figure, Reckoned
from rules.spans import FigureSpan
from rules.terms import Term

NOTHING = exactly(Decimal(0))


def term(one: Term, scope: ColumnScope) -> ColumnSpan:
    """What a term comes to."""
    if isinstance(one, (terms.ConstantTerm, terms.DayTerm)):
        return exactly(one.root)
    if isinstance(one, terms.FactTerm):
        return scope.figure(one.root)
    return _kept(_operator(one, scope), scope)


def _kept(span: ColumnSpan, scope: ColumnScope) -> ColumnSpan:
    """The span with its ends in columns of their own, closed."""
    low, high = (
        end and replace(end, top=scope.kept(end.top), bottom=end.bottom and scope.kept(end.bottom))
        for end in (span.low, span.high)
    )
    return ColumnSpan(low, high, never=span.never)


def _operator(one: Term, scope: ColumnScope) -> ColumnSpan:
    if isinstance(one, terms.SumTerm):
        return ends.added([term(part, scope) for part in one.sum])
    if isinstance(one, terms.DifferenceTerm):
        left, right = (term(part, scope) for part in one.difference)
        return ends.added([left, ends.negative(right)])
    if isinstance(one, terms.ProductTerm):
        parts = [term(part, scope) for part in one.product]
        return reduce(lambda left, right: products.multiplied(left, right, scope.kept), parts)
    if isinstance(one, terms.RatioTerm):
        return _quotient(one.ratio, scope)
    if isinstance(one, terms.GrowthTerm):
        return ends.added([_quotient(one.growth, scope), exactly(Decimal(-1))])
    if isinstance(one, terms.LeastTerm):
        return reduce(ends.at_most, [term(part, scope) for part in one.least])
    if isinstance(one, terms.GreatestTerm):
        return ends.greatest_of([term(part, scope) for part in one.greatest])
    if isinstance(one, terms.ElapsedTerm):
        start, end = (term(part, scope) for part in one.elapsed)
        return days.elapsed(start, end, one.unit, scope.kept)
    if isinstance(one, terms.ShiftTerm):
        return days.shifted(term(one.shift, scope), one.years, one.months, one.days)
    return _over_things(one, scope)


def _quotient(parts: tuple[Term, Term], scope: ColumnScope) -> ColumnSpan:
    left, right = (term(part, scope) for part in parts)
    return products.divided(left, right, scope.kept)


def _over_things(one: Term, scope: ColumnScope) -> ColumnSpan:
    """How many things of a list there are, or what a fact of theirs comes to, of those that satisfy ``where``."""
    if isinstance(one, CountTerm):
        subject, where = one.count, one.where
    elif isinstance(one, TotalTerm):
        subject, where = one.total.partition(".")[0], one.where
    else:
        raise NotInSqlError("the term {}", terms.spelled(one))
    count = scope.amount_of_things(subject)
    if sql.is_null(count):
        return ColumnSpan(constant(Decimal(0)), None)
    inner = scope.each(subject)
    truth = inner.kept(all_of(where, inner))
    part = exactly(Decimal(1)) if isinstance(one, CountTerm) else inner.figure(one.total)
    quotient = "a sum over {} of what is a quotient, which has no exact decimal"
    low, high = (ends.without_divisor(end, quotient, subject) for end in (part.low, part.high))
    excluded = sql.either((sql.surely(truth, False), part.never))
    zero = constant(Decimal(0))
    perhaps = ends.hull([(sql.true(), ColumnSpan(low, high)), (sql.true(), NOTHING)])
    lows, highs = (
        ends.chosen([(excluded, zero), (sql.unknown(truth), maybe)], sure)
        for sure, maybe in ((low, perhaps.low), (high, perhaps.high))
    )
    some = sql.compare(count, ">", sql.number(0))
    none = sql.compare(count, "=", sql.number(0))
    least = _summed(subject, inner, lows, scope)
    most = _summed(subject, inner, highs, scope)
    return ColumnSpan(ends.chosen([(some, least)], zero), ends.chosen([(some, most), (none, zero)], None))


def _summed(subject: str, inner: ColumnScope, end: ColumnEnd | None, scope: ColumnScope) -> ColumnEnd | None:
    if end is None:
        return None
    each = inner.kept(end.top)
    total: Sql = exp.Sum(this=each.copy())
    if not end.sure:
        total = sql.case([(exp.LogicalOr(this=sql.unknown(each)), sql.null())], total)
    total, of_total = digits.roomy(total, end.digits.scale)
    return replace(end, top=scope.summed(subject, inner, total), value=None, digits=of_total)


def condition(one: Condition, scope: ColumnScope) -> Sql:
    """Whether a condition holds."""
    if isinstance(one, Not):
        return sql.opposite(condition(one.condition, scope))
    if not isinstance(one, Predicate):
        n, parts = grouped_by(one, scope.conditions_of)
        return among(n, [condition(part, scope) for part in parts], scope)
    return predicate(one, scope)


def all_of(conditions: Sequence[Condition], scope: ColumnScope) -> Sql:
    """Whether every one of ``conditions`` holds."""
    return sql.both([condition(one, scope) for one in conditions])


def among(n: int, truths: Sequence[Sql], scope: ColumnScope) -> Sql:
    """Whether ``n`` of ``truths`` hold; false when fewer are still possible."""
    if n == len(truths):
        return sql.both(truths)
    if n == 1:
        return sql.either(truths)
    truths = [scope.kept(truth) for truth in truths]
    true, false = (
        reduce(sql.plus, [sql.case([(sql.surely(truth, wanted), sql.number(1))], sql.number(0)) for truth in truths])
        for wanted in (True, False)
    )
    few = sql.compare(false, ">", sql.number(len(truths) - n))
    return sql.case([(sql.compare(true, ">=", sql.number(n)), sql.true()), (few, sql.false())])


def predicate(one: Predicate, scope: ColumnScope) -> Sql:
    """Whether a single test passes."""
    if isinstance(one, Threshold):
        return _threshold(one, scope)
    if isinstance(one, Between):
        return _between(term(one.measure, scope), one.bounds)
    if isinstance(one, Holds):
        return scope.value(one.fact)
    if isinstance(one, IsOneOf):
        value = scope.value(one.fact)
        if sql.is_null(value):
            return value
        listed = _among(value, one.choices)
        return sql.case([(_among(value, one.open), sql.null())], listed) if one.open else listed
    if isinstance(one, InPlace):
        return _in_place(scope.value(one.fact), one.within)
    if isinstance(one, AnyItem):
        return _any_thing(one, scope)
    raise NotInSqlError("the condition {}", type(one).__name__)


def _among(value: Sql, choices: Sequence[str]) -> Sql:
    return exp.In(this=value.copy(), expressions=[sql.text(choice) for choice in choices])


def _threshold(one: Threshold, scope: ColumnScope) -> Sql:
    left = term(one.measure, scope)
    if one.than is not None:
        right = term(one.than, scope)
    elif isinstance(one.value, Dates):
        right = exactly(date.fromordinal(int(one.bound.low or 1)))
    else:
        right = ends.spanned(one.bound)
    truth = ends.exceeds(left, right) if one.strict is not one.below else ends.reaches(left, right)
    truth = sql.opposite(truth) if one.below else truth
    never = sql.either((left.never, right.never))
    return sql.case([(never, sql.false())], truth)


def _between(day: ColumnSpan, bounds: FigureSpan) -> Sql:
    low, high = (None if end is None else constant(date.fromordinal(int(end))) for end in (bounds.low, bounds.high))
    begun = sql.true() if low is None else ends.reaches(day, ColumnSpan(low, low))
    ended = sql.false() if high is None else ends.exceeds(day, ColumnSpan(high, high))
    return sql.case([(day.never, sql.false())], sql.both((begun, sql.opposite(ended))))


def _in_place(place: Sql, areas: Sequence[str]) -> Sql:
    if sql.is_null(place):
        return place
    within = sql.either(_begins(place, area_of(area)) for area in areas)
    larger = {code for area in areas for code in (f"{area[:2]}0000", f"{area[:4]}00") if area.startswith(area_of(code))}
    branches = [(within, sql.true()), (_among(place, sorted(larger)), sql.null())]
    return sql.case([*branches, (sql.opposite(sql.unknown(place)), sql.false())])


def _begins(place: Sql, digits: str) -> Sql:
    if len(digits) == 6:
        return sql.compare(place, "=", sql.text(digits))
    return exp.Like(this=place.copy(), expression=sql.text(f"{digits}%"))


def _any_thing(one: AnyItem, scope: ColumnScope) -> Sql:
    count = scope.amount_of_things(one.list)
    if sql.is_null(count):
        return count
    inner = scope.each(one.list)
    truth = inner.kept(all_of(one.where, inner))
    if isinstance(truth, exp.Boolean):
        some = truth
    else:
        open_too = exp.LogicalOr(this=sql.unknown(truth))
        some = sql.case([(exp.LogicalOr(this=truth.copy()), sql.true()), (open_too, sql.null())], sql.false())
        some = sql.null() if sql.is_null(truth) else some
    found = some if isinstance(some, (exp.Boolean, exp.Null)) else scope.summed(one.list, inner, some)
    has = sql.compare(count, ">", sql.number(0))
    return sql.case([(has, found), (sql.compare(count, "=", sql.number(0)), sql.false())])


def figure(one: Figure, scope: ColumnScope) -> ColumnSpan:
    """What a figure of an amount comes to; of what has never happened 0."""
    if isinstance(one, Decimal):
        return exactly(one)
    if isinstance(one, Discretion):
        return ends.spanned(FigureSpan(one.first, one.last))
    if isinstance(one, Reckoned):
        return nothing_where_never(term(one.term, scope))
    value = scope.value(one.by)
    levels = {choice: figure(level, scope) for choice, level in one.levels.items()}
    branches = {choice: levels.get(choice, NOTHING) for choice in scope.choices(one.by)}
    around = ends.hull([(sql.true(), branch) for branch in branches.values()])
    return by_choice(value, levels, around)


def by_choice(value: Sql, levels: dict[str, ColumnSpan], around: ColumnSpan) -> ColumnSpan:
    """The level of a choice; 0 for one without, ``around`` where it is not known."""
    if sql.is_null(value):
        return around
    is_it = {choice: sql.compare(value, "=", sql.text(choice)) for choice in levels}
    cases = [*((is_it[choice], level) for choice, level in levels.items()), (sql.unknown(value), around)]
    return ends.chosen_span(cases, NOTHING)


def nothing_where_never(span: ColumnSpan) -> ColumnSpan:
    """0 where it has never happened."""
    if sql.is_false(span.never):
        return span
    low, high = (ends.chosen([(span.never, constant(Decimal(0)))], end) for end in (span.low, span.high))
    return ColumnSpan(low, high)
