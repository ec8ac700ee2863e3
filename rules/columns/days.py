"""Days in columns: whole years, months or days from one to another, the same day so much later. As ``rules.dates``."""

from dataclasses import replace
from datetime import date

from sqlglot import exp

from rules import dates
from rules.columns import sql
from rules.columns.ends import ColumnEnd, ColumnSpan, Kept, constant, known_or_0
from rules.columns.sql import Sql
from rules.dates import Unit
from rules.spans import FigureSpan


def elapsed(start: ColumnSpan, end: ColumnSpan, unit: Unit, kept: Kept) -> ColumnSpan:
    """The whole ``unit`` from one day to another; 0 where the other is earlier."""
    shortest = _whole(start.high, end.low, unit, kept)
    low = constant(0) if shortest is None else shortest
    if not low.sure:
        low = known_or_0(low)
    return ColumnSpan(low, _whole(start.low, end.high, unit, kept), never=sql.either((start.never, end.never)))


def shifted(span: ColumnSpan, years: int, months: int, days: int) -> ColumnSpan:
    """The same day so much later; the last one of a month that has no such day."""
    low, high = (end and _shifted(end, years * 12 + months, days) for end in (span.low, span.high))
    return ColumnSpan(low, high, never=span.never)


def year(day: Sql) -> Sql:
    return _part("YEAR", day)


def _shifted(end: ColumnEnd, months: int, days: int) -> ColumnEnd | None:
    if isinstance(end.value, date):
        moved = dates.shifted(end.value.toordinal(), 0, months, days)
        return None if moved is None else constant(date.fromordinal(int(moved)))
    return replace(end, top=_plus(_plus(end.top, months, "MONTH"), days, "DAY"), value=None)


def _plus(day: Sql, count: int, unit: str) -> Sql:
    if not count:
        return day
    step = exp.Interval(this=exp.Literal.string(str(abs(count))), unit=exp.var(unit))
    moved = (exp.Add if count > 0 else exp.Sub)(this=day.copy(), expression=step)
    return exp.cast(moved, "date")


def _part(name: str, day: Sql) -> Sql:
    return exp.cast(exp.Extract(this=exp.var(name), expression=day.copy()), "int")


def _whole(start: ColumnEnd | None, end: ColumnEnd | None, unit: Unit, kept: Kept) -> ColumnEnd | None:
    """So many times ``unit`` later than ``start`` is ``end`` or just before it; NULL where one of them is."""
    if start is None or end is None:
        return None
    if isinstance(start.value, date) and isinstance(end.value, date):
        first, last = (FigureSpan(day.toordinal(), day.toordinal()) for day in (start.value, end.value))
        return constant(dates.elapsed(first, last, unit).low or 0)
    first, last = kept(start.top), kept(end.top)
    counted = _days(first, last) if unit == "days" else _calendar(first, last, unit)
    none_yet = sql.compare(last, "<=", first)
    later = sql.compare(last, ">", first)
    sure = start.sure and end.sure
    return ColumnEnd(sql.case([(none_yet, sql.number(0)), (later, counted)]), sure=sure, natural=True)


def _days(first: Sql, last: Sql) -> Sql:
    return exp.cast(exp.DateDiff(this=last.copy(), expression=first.copy(), unit=exp.var("DAY")), "int")


def _calendar(first: Sql, last: Sql, unit: Unit) -> Sql:
    """Whole months or years: the last one counts from its day on, or from the last day of a month that has none."""
    (first_year, last_year), (first_month, last_month), (first_day, last_day) = (
        (_part(name, first), _part(name, last)) for name in ("YEAR", "MONTH", "DAY")
    )
    is_last = sql.compare(_part("DAY", _plus(last, 1, "DAY")), "=", sql.number(1))
    early = sql.both((sql.compare(first_day, ">", last_day), sql.opposite(is_last)))
    years = sql.plus(last_year, sql.minus(first_year))
    if unit == "years":
        same = sql.both((sql.compare(last_month, "=", first_month), early))
        behind = sql.either((sql.compare(last_month, "<", first_month), same))
        return sql.plus(years, sql.minus(sql.case([(behind, sql.number(1))], sql.number(0))))
    months = sql.plus(sql.plus(sql.times(years, sql.number(12)), last_month), sql.minus(first_month))
    return sql.plus(months, sql.minus(sql.case([(early, sql.number(1))], sql.number(0))))
