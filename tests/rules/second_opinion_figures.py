"""A second opinion on the rules: figures known so far, days, places and three-valued truth, with fractions and plainly.

Knows no sheet and no case, and nothing of the engine."""

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import inf
from typing import Any

Json = Mapping[str, Any]
End = Fraction | float
Truth = bool | None
NEVER = "never"


@dataclass(frozen=True)
class Stretch:
    """What a figure may be; a day is its number in the calendar."""

    low: End
    high: End
    low_open: bool = False
    high_open: bool = False

    @property
    def exact(self) -> bool:
        return self.low == self.high


NOTHING = Stretch(Fraction(0), Fraction(0))
ANYTHING = Stretch(-inf, inf)


def number(written: object) -> Fraction:
    return Fraction(str(written))


def point(written: object) -> Stretch:
    return Stretch(number(written), number(written))


# Arithmetic, end by end


def plus(parts: Iterable[Stretch]) -> Stretch:
    low: End = Fraction(0)
    high: End = Fraction(0)
    for part in parts:
        low, high = low + part.low, high + part.high
    return Stretch(low, high)


def minus(left: Stretch, right: Stretch) -> Stretch:
    return Stretch(left.low - right.high, left.high - right.low)


def by_zero(left: End, right: End) -> End:
    return Fraction(0) if left == 0 or right == 0 else left * right


def times(left: Stretch, right: Stretch) -> Stretch:
    corners = [by_zero(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Stretch(min(corners), max(corners))


def over(left: Stretch, right: Stretch) -> Stretch:
    if right.low <= 0 <= right.high:
        return ANYTHING
    inverse = [Fraction(0) if end in (inf, -inf) else 1 / end for end in (right.low, right.high)]
    return times(left, Stretch(min(inverse), max(inverse)))


def each_end(choose: Callable[[list[End]], End], parts: Sequence[Stretch]) -> Stretch:
    return Stretch(choose([part.low for part in parts]), choose([part.high for part in parts]))


def hull(parts: Sequence[Stretch]) -> Stretch:
    return Stretch(min(part.low for part in parts), max(part.high for part in parts))


def common(left: Stretch, right: Stretch) -> Stretch | None:
    """What lies in both, with its open ends; none where nothing does."""
    low, low_open = max((left.low, left.low_open), (right.low, right.low_open))
    high, high_closed = min((left.high, not left.high_open), (right.high, not right.high_open))
    if low > high or (low == high and (low_open or not high_closed)):
        return None
    return Stretch(low, high, low_open, not high_closed)


def counted(fact: Json) -> bool:
    return fact["type"] == "int" or (fact["type"] == "count" and fact.get("whole", True))


def whole(found: Stretch) -> Stretch:
    """A range of whole figures has closed ends, as in the first edition."""
    return Stretch(found.low + found.low_open, found.high - found.high_open)


def reaches(left: Stretch, right: Stretch, *, strictly: bool) -> Truth:
    """Whether left ≥ right (or >)."""
    if left.low > right.high or (left.low == right.high and (not strictly or left.low_open or right.high_open)):
        return True
    if left.high < right.low or (left.high == right.low and (strictly or left.high_open or right.low_open)):
        return False
    return None


# The calendar


def days(written: object) -> tuple[int, int]:
    """First and last day of what is written: a day, a month or a year."""
    if isinstance(written, date):
        return written.toordinal(), written.toordinal()
    parts = [int(part) for part in str(written).split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else None
    if len(parts) == 3:
        return date(*parts).toordinal(), date(*parts).toordinal()
    last_month = month or 12
    last = date(year, last_month, calendar.monthrange(year, last_month)[1])
    return date(year, month or 1, 1).toordinal(), last.toordinal()


def date_value(written: object) -> Stretch:
    """A date as a case gives it; no end of it is open, since before a day means up to the day before."""
    if not isinstance(written, Mapping):
        return Stretch(*days(written))
    low: End = -inf
    high: End = inf
    for kind, end in written.items():
        first, last = days(end)
        if kind in ("at_least", "more_than"):
            low = first if kind == "at_least" else last + 1
        else:
            high = last if kind == "at_most" else first - 1
    return Stretch(low, high)


def later(day: End, by: Json) -> End:
    if day in (inf, -inf):
        return day
    start = date.fromordinal(int(day))
    months = start.year * 12 + start.month - 1 + int(by.get("years", 0)) * 12 + int(by.get("months", 0))
    year, month = divmod(months, 12)
    there = date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
    return (there + timedelta(days=int(by.get("days", 0)))).toordinal()


def elapsed(start: End, end: End, unit: str) -> End:
    if end < start or start == inf or end == -inf:
        return Fraction(0)
    if start == -inf or end == inf:
        return inf
    if unit == "days":
        return Fraction(end - start)
    count = 0
    while later(start, {unit: count + 1}) <= end:
        count += 1
    return Fraction(count)


# Three-valued logic


def every(truths: Iterable[Truth]) -> Truth:
    found = list(truths)
    return False if False in found else None if None in found else True


def some(truths: Iterable[Truth]) -> Truth:
    return opposite(every(opposite(truth) for truth in truths))


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


def year_before(path: str) -> str:
    ident, _, year = path.partition("@")
    if year.isdigit():
        return f"{ident}@{int(year) - 1}"
    word, _, back = year.partition("-")
    return f"{ident}@{word}-{int(back or 0) + 1}"


def apply(name: str, parts: list[Stretch], written: Json) -> Stretch:
    match name:
        case "sum":
            return plus(parts)
        case "difference":
            return minus(*parts)
        case "product":
            found = parts[0]
            for part in parts[1:]:
                found = times(found, part)
            return found
        case "ratio":
            return over(*parts)
        case "growth":
            return minus(over(*parts), point(1))
        case "least":
            return each_end(min, parts)
        case "greatest":
            return each_end(max, parts)
        case "shift":
            return Stretch(later(parts[0].low, written), later(parts[0].high, written))
        case "elapsed":
            start, end = parts
            unit = written["in"]
            return Stretch(elapsed(start.high, end.low, unit), elapsed(start.low, end.high, unit))
        case _:
            raise ValueError(name)


def lies_in(place: str, code: str) -> Truth:
    """A code ends in 0000 for a province, in 00 for a prefecture."""
    prefix, known = outline(code), outline(place)
    return True if known.startswith(prefix) else None if prefix.startswith(known) else False


def outline(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def edges(band: Json) -> Stretch:
    low = next((key for key in ("at_least", "more_than") if key in band), None)
    high = next((key for key in ("at_most", "less_than") if key in band), None)
    return Stretch(
        number(band[low]) if low else -inf,
        number(band[high]) if high else inf,
        low == "more_than",
        high == "less_than",
    )


def marginal(bands: Sequence[tuple[Stretch, Json]], reached: End) -> End:
    """Rate × the part of the figure in each band; a first band without a lower end begins at 0."""
    money: End = Fraction(0)
    for where, band in bands:
        low = Fraction(0) if where.low == -inf else where.low
        money += by_zero(max(Fraction(0), min(reached, where.high) - low), number(band["rate"]))
    return money
