"""Days known only so far, and the calendar's arithmetic: 满…年 as whole years, the same day so many months later.

A day is a number (``date.toordinal``), so that spans compute with it. Knows no fact and no rule.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from pydantic import JsonValue

from rules.spans import FigureSpan, Number

NEVER = "never"
"""The value of a date fact for what has not happened."""

Unit: TypeAlias = Literal["years", "months", "days"]

WRITTEN = r"^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$"
"""How a pack and a case write a day, a month or a year."""


@dataclass(frozen=True, slots=True)
class Dates:
    """A day between ``first`` and ``last``, both included; None where there is no end."""

    first: date | None
    last: date | None

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first is not None and self.first == self.last

    @property
    def year(self) -> int | None:
        """The calendar year of the day, None where that is open."""
        if self.first is None or self.last is None or self.first.year != self.last.year:
            return None
        return self.first.year

    @property
    def span(self) -> FigureSpan:
        """The numbers of its days."""
        return FigureSpan(self.first and self.first.toordinal(), self.last and self.last.toordinal())

    def written(self) -> JsonValue:
        """As a case writes it: a day, a month, a year, or a range."""
        if self.first is not None and self.last is not None:
            for length in (10, 7, 4):
                text = self.first.isoformat()[:length]
                if read(text) == self:
                    return text
        ends = {"at_least": self.first, "at_most": self.last}
        return {name: end.isoformat() for name, end in ends.items() if end is not None}


def read(text: object) -> Dates | None:
    """``2021-08-15``, ``2021-08`` or ``2021`` (a date, too); None for what is none."""
    if isinstance(text, date):
        return Dates(text, text)
    found = re.fullmatch(WRITTEN, text) if isinstance(text, str) else None
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        if month is None:
            return Dates(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31))
        first = date(int(found[1]), month, day or 1)
        return Dates(first, first if day else first.replace(day=monthrange(year or 1, month)[1]))
    except ValueError:
        return None


def shifted(day: Number | None, years: int, months: int, days: int) -> Number | None:
    """The same day so much later; the last one of a month that has no such day. None where the calendar ends."""
    if day is None:
        return None
    try:
        start = date.fromordinal(int(day))
        months = start.year * 12 + start.month - 1 + years * 12 + months
        year, month = divmod(months, 12)
        moved = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
        return date.fromordinal(moved.toordinal() + days).toordinal()
    except (ValueError, OverflowError):
        return None


def elapsed(start: FigureSpan, end: FigureSpan, unit: Unit) -> FigureSpan:
    """The whole ``unit`` from one day to another; 0 where the other is earlier."""
    low: Number = 0
    if start.high is not None and end.low is not None:
        low = _whole(int(start.high), int(end.low), unit)
    if start.low is None or end.high is None:
        return FigureSpan(low, None)
    return FigureSpan(low, _whole(int(start.low), int(end.high), unit))


def _whole(start: int, end: int, unit: Unit) -> int:
    """So many times ``unit`` later than ``start`` is ``end`` or just before it."""
    if end <= start:
        return 0
    if unit == "days":
        return end - start
    first, last = date.fromordinal(start), date.fromordinal(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    reached = shifted(start, 0, months, 0)
    months -= reached is None or reached > end
    return months // 12 if unit == "years" else months
