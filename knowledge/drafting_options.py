"""What a case of a programme can say: the facts that its rules rest on, and for each the values worth a try.

Serves the search for examples. Knows no policy.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from knowledge.policy import Fact, Policy
from rules.amounts import Bands, PerStep
from rules.case import NUMERIC
from rules.conditions import Between, CountTerm, InPlace, Threshold
from rules.dates import NEVER, Dates, shifted
from rules.terms import FactTerm
from rules.walk import names, parts

TODAY = "on"
ITEMS = "#"
"""Before the name of a list: how many items it has."""
Values = dict[str, object]
"""What a case says, by fact (with its year), by list (how many items), by ``on``."""

_USUAL = {"money": Decimal(1_000_000), "area": Decimal(1000), "ratio": Decimal("0.5"), "years": Decimal(3)}
_ELSEWHERE = "110101"


class Options:
    """The variables of ``rules`` and what they may be; ``today`` is the day of every case."""

    def __init__(self, policy: Policy, rules: Sequence[object], today: date) -> None:
        self.today = today
        self._rules = rules
        self._facts = {fact.id: fact for fact in policy.facts}
        self._many = {subject.id for subject in policy.subjects if subject.many}
        self.variables = list(dict.fromkeys(self.named(rules)))

    def named(self, part: object) -> Iterator[str]:
        """The facts, each year of one apart, and the lists that the rules rest on."""
        for name in names(part):
            fact = self._facts.get(name.partition("@")[0])
            if fact is not None and fact.derive is not None:
                yield from self.named(fact.derive)
            elif fact is not None:
                yield self._dated(name)
            elif name == TODAY:
                yield TODAY
            elif name in self._many:
                yield f"{ITEMS}{name}"

    def _dated(self, name: str) -> str:
        """A name with its year as a number."""
        fact, at, year = name.partition("@")
        found = re.fullmatch(r"(this|last)(?:-(\d+))?", year)
        if not at or found is None:
            return name
        return f"{fact}@{self.today.year - (found[1] == 'last') - int(found[2] or 0)}"

    def fact(self, variable: str) -> Fact | None:
        return self._facts.get(variable.partition("@")[0])

    def usual(self) -> Values:
        """A case in which everything is as one would have it."""
        found: Values = {TODAY: self.today.isoformat()}
        for variable in self.variables:
            options = self.of(variable)
            if variable != TODAY and options:
                found[variable] = options[0]
        return found

    def of(self, variable: str) -> list[object]:
        """The values to try, the likeliest to satisfy first."""
        if variable.startswith(ITEMS):
            counted = {
                int(one.value)
                for one in parts(self._rules)
                if isinstance(one, Threshold) and isinstance(one.value, Decimal) and isinstance(one.term, CountTerm)
            }
            return [n for n in (1, *sorted({n + d for n in counted for d in (0, 1)}), 0) if 0 <= n < 200]
        fact = self.fact(variable)
        if fact is None:
            return []
        if fact.type in NUMERIC:
            return list(self._figures(fact, variable))
        if fact.type == "bool":
            return [True, False]
        if fact.type == "choice":
            return [choice.id for choice in fact.choices]
        if fact.type == "place":
            inside = [code for one in parts(self._rules) if isinstance(one, InPlace) for code in one.within]
            return [*dict.fromkeys((*inside, _ELSEWHERE))]
        return [*self._days(fact)] if fact.type == "date" else ["甲"]

    def _figures(self, fact: Fact, variable: str) -> Iterator[object]:
        """Beyond and on what the figure is compared with, the highest first, and what is usual."""
        lines = sorted(set(self._lines(variable)), reverse=True)
        least, most = fact.spec.ends
        steps = {"ratio": Decimal("0.1"), "years": Decimal(1)}
        found: dict[Decimal, None] = {}
        for line in lines:
            step = steps.get(fact.type) or max(Decimal(1), (line / 5).to_integral_value())
            found |= dict.fromkeys((line + step, line, line - step))
        found |= dict.fromkeys((_USUAL.get(fact.type, Decimal(10)), Decimal(0)))
        yield from (each for each in found if least <= each and (most is None or each <= most))

    def _lines(self, variable: str) -> Iterator[Decimal]:
        for part in parts(self._rules):
            measure = (
                part.measure if isinstance(part, Threshold) else part.of if isinstance(part, Bands | PerStep) else None
            )
            if not isinstance(measure, FactTerm) or self._dated(measure.root) != variable:
                continue
            if isinstance(part, Threshold) and isinstance(part.value, Decimal):
                yield part.value
            elif isinstance(part, Bands):
                yield from (edge for band in part.bands for edge in (band.low, band.high) if edge)
            elif isinstance(part, PerStep):
                yield part.step * 2

    def _days(self, fact: Fact) -> Iterator[object]:
        """Days on and around those that the rules name, and so many years before the day of the case."""
        named: list[date] = []
        for part in parts(self._rules):
            ends: tuple[object, ...] = ()
            if isinstance(part, Between):
                ends = (part.first, part.last)
            elif isinstance(part, Threshold):
                ends = (part.value,)
            named += [day for end in ends if isinstance(end, Dates) for day in (end.first, end.last) if day is not None]
        shifts = sorted({int(n) for n in self._constants() if n == int(n) and 0 < n < 100})
        days = [*(_moved(day, 0, 30) for day in named), *named, *(_moved(day, 0, -30) for day in named)]
        days += [_moved(self.today, -5, 0), _moved(self.today, -30, 0), _moved(self.today, 0, -90)]
        days += [_moved(self.today, -n + d, 0) for n in shifts for d in (0, -1, 1)]
        yield from dict.fromkeys(day.isoformat() for day in days if day is not None)
        if fact.never:
            yield NEVER

    def _constants(self) -> Iterator[Decimal]:
        return (
            one.value for one in parts(self._rules) if isinstance(one, Threshold) and isinstance(one.value, Decimal)
        )


def _moved(day: date, years: int, days: int) -> date | None:
    moved = shifted(day.toordinal(), years, 0, days)
    return None if moved is None else date.fromordinal(int(moved))
