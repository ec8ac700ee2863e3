"""When somebody of the office answers: ``mon-fri 09:00-12:00 13:30-17:30``, in the office's time. Pure.

The public holidays of the PRC, and the weekend days that are worked for them, come from a package, which knows the years
of which they have been announced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conversations.state.office_time import OFFICE_TIME
from knowledge.patterns import regex

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIMES = regex(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_SPAN = regex(r"([a-z]{3})(?:-([a-z]{3}))?")
_MONDAY, _SUNDAY = 0, 6
_AHEAD = 32
"""Days within which an office opens again: holidays are at most nine days long."""
EXAMPLE = "mon-fri 09:00-12:00 13:30-17:30"


def counts_as(day: date) -> int:
    """The day of the week (Monday = 0) whose hours ``day`` has: a public holiday is a Sunday, a weekend day worked a Monday.

    Of a year that nothing has been announced of, every day is what it is.
    """
    from chinese_calendar import constants  # pyright: ignore[reportMissingTypeStubs] - slow; with no hours nobody asks

    if day in constants.holidays:
        return _SUNDAY
    return _MONDAY if day in constants.workdays else day.weekday()


def announced_until() -> date:
    """The last day of which it is known whether it is a holiday."""
    from chinese_calendar import constants  # pyright: ignore[reportMissingTypeStubs]

    return date(max(constants.holidays).year, 12, 31)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Per day of the week (Monday first) the spans in minutes from midnight, in order. No day has any = always open."""

    days: tuple[tuple[tuple[int, int], ...], ...] = ((),) * 7

    @classmethod
    def read(cls, text: str) -> OfficeHours:
        """The hours that ``text`` names: days, then times, as often as need be; empty = always open.

        Raises ``ValueError`` that says what is wrong.
        """
        days: list[list[tuple[int, int]]] = [[] for _ in _DAYS]
        chosen: list[int] = []
        named = timed = False
        for word in re.split(r"[\s,;]+", text.strip().lower()):
            if not word:
                continue
            if times := _TIMES.fullmatch(word):
                first, last = (int(times[n]) * 60 + int(times[n + 1]) for n in (1, 3))
                if int(times[2]) > 59 or int(times[4]) > 59 or not first < last <= 1440:
                    raise ValueError(f"{word!r}: the time ends before it begins, or there is no such time")
                if not chosen:
                    raise ValueError(f"{word!r} says no day; an example: {EXAMPLE}")
                for day in chosen:
                    days[day].append((first, last))
                timed = True
            elif (span := _SPAN.fullmatch(word)) and {span[1], span[2] or span[1]} <= {*_DAYS}:
                if named and timed:
                    chosen, timed = [], False
                first, last = _DAYS.index(span[1]), _DAYS.index(span[2] or span[1])
                chosen += [(first + n) % 7 for n in range((last - first) % 7 + 1)]
                named = True
            else:
                raise ValueError(f"{word!r} is neither a day nor a time; an example: {EXAMPLE}")
        if named and not timed:
            raise ValueError(f"the last day has no time; an example: {EXAMPLE}")
        return cls(tuple(tuple(sorted(spans)) for spans in days))

    def open_at(self, now: datetime) -> bool:
        """Whether somebody answers at that time."""
        here = now.astimezone(OFFICE_TIME)
        minute = here.hour * 60 + here.minute
        return not any(self.days) or self._open(here.date(), minute)

    def _open(self, day: date, minute: int) -> bool:
        return any(first <= minute < last for first, last in self.days[counts_as(day)])

    def next_opening(self, now: datetime) -> datetime:
        """When somebody answers next: ``now`` where it is open, else the next beginning, in the office's time."""
        here = now.astimezone(OFFICE_TIME)
        if self.open_at(now):
            return here
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        for ahead in range(_AHEAD):
            day = midnight + timedelta(days=ahead)
            for first, _ in self.days[counts_as(day.date())]:
                if (opening := day + timedelta(minutes=first)) > here:
                    return opening
        return here
