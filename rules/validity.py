"""The day and the document: whether it is in force, and whether a programme can be applied for.

Claims depend on neither; only what can be paid does (``rules.assessment``).
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

from rules import dates
from rules.dates import Dates
from rules.programme import ApplicationCall, Valid
from rules.spans import ANY, FigureSpan, Number, Truth

Opening: TypeAlias = Literal["open", "closed", "unknown"]


def standing(valid: Valid, on: Dates | None) -> Truth:
    """Whether the day lies within the days of the document; None where the day is not known well enough."""
    return _within(on, _first(valid.first), _last_of(valid))


def in_force(valid: Valid, on: Dates | None) -> Truth:
    """Whether the document is in force; None too where no end is stated and it would be."""
    found = standing(valid, on)
    return None if found and _last_of(valid) is None else found


def days_of(valid: Valid) -> tuple[date | None, date | None]:
    """The first and the last day of the document, None where there is no such end."""
    first, last, *_ = span_of(valid)
    return first and date.fromordinal(int(first)), last and date.fromordinal(int(last))  # type: ignore[return-value]


def span_of(valid: Valid) -> FigureSpan:
    """The numbers of the first and the last day of the document, None where there is no such end."""
    return FigureSpan(_first(valid.first), _last_of(valid))


def opening(calls: Sequence[ApplicationCall], programme: str, on: Dates | None) -> Opening | None:
    """Whether the programme can be applied for; None where no call speaks of it."""
    concerned = [call for call in calls if not call.programmes or programme in call.programmes]
    truths = [_within(on, *window) for call in concerned for window in _windows(call, on)]
    if not truths:
        return None
    return "open" if True in truths else "unknown" if None in truths else "closed"


def ended(valid: Valid | None, on: Dates | None) -> bool:
    """Whether the document was in force, and is no more."""
    return _past(None if valid is None else _last_of(valid), on)


def calls_ended(calls: Sequence[ApplicationCall], programme: str, on: Dates | None) -> bool:
    """Whether every call for the programme is over, and no other is to come."""
    concerned = [call for call in calls if not call.programmes or programme in call.programmes]
    last = [_last(call.last) if call.every is None else None for call in concerned]
    return bool(last) and all(_past(end, on) for end in last)


def _past(last: Number | None, on: Dates | None) -> bool:
    first = None if on is None else on.span.low
    return last is not None and first is not None and first > last


def windows(call: ApplicationCall, on: Dates | None) -> list[tuple[date | None, date | None]]:
    """The first and the last day of each time that ``call`` is open: of one that comes every year up to the year after."""
    return [(_day(first), _day(last)) for first, last in _windows(call, on)]


def _windows(call: ApplicationCall, on: Dates | None) -> list[tuple[Number | None, Number | None]]:
    first, last = _first(call.first), _last(call.last)
    if call.every is None or not isinstance(call.first, Dates) or call.first.first is None:
        return [(first, last)]
    until = on.last.year + 1 if on is not None and on.last is not None else 0
    years = range(max(1, until - call.first.first.year + 1))
    return [(dates.shifted(first, year, 0, 0), dates.shifted(last, year, 0, 0)) for year in years]


def _day(number: Number | None) -> date | None:
    return None if number is None else date.fromordinal(int(number))


def _last_of(valid: Valid) -> Number | None:
    ends = [_last(valid.until)]
    first = _first(valid.first)
    if valid.lasting is not None and first is not None:
        lasting = valid.lasting
        anniversary = dates.shifted(first, lasting.years, lasting.months, lasting.days)
        ends.append(None if anniversary is None else anniversary - 1)
    repealed = _first(valid.repealed)
    ends.append(None if repealed is None else repealed - 1)
    return min((end for end in ends if end is not None), default=None)


def _first(day: object) -> Number | None:
    return day.span.low if isinstance(day, Dates) else None


def _last(day: object) -> Number | None:
    return day.span.high if isinstance(day, Dates) else None


def _within(on: Dates | None, first: Number | None, last: Number | None) -> Truth:
    day: FigureSpan = ANY if on is None else on.span
    if (first is not None and day.high is not None and day.high < first) or (
        last is not None and day.low is not None and day.low > last
    ):
        return False
    begun = first is None or (day.low is not None and day.low >= first)
    running = last is None or (day.high is not None and day.high <= last)
    return True if begun and running else None
