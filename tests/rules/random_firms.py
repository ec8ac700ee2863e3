"""Firms by chance for a policy that is shipped: every fact known, known only so far or not known, near what decides."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from rules.case import FactSpec
from rules.dates import Dates
from rules.walk import within
from tests.rules.support_format import Json
from tests.rules.tables import Sheet


class RandomFirms:
    """Draws cases; ``unknown`` is the share of facts that nobody knows, ``so_far`` of those known only as a range."""

    def __init__(self, sheet: Sheet, seed: int, unknown: float = 1 / 3, so_far: float = 0.25) -> None:
        self._sheet = sheet
        self._random = Random(seed)
        self._unknown = unknown
        self._so_far = so_far
        stated = [*within(sheet.programmes), *within(sheet.provisions), *within([fact.derive for fact in sheet.facts])]
        self._figures = sorted({one for one in stated if isinstance(one, Decimal)} | {Decimal(0), Decimal(1)})
        days = {one.first for one in stated if isinstance(one, Dates)} | {
            one for one in stated if isinstance(one, date)
        }
        self._days = sorted(day for day in days if day is not None) or [date(2024, 5, 6)]
        self._places = [one for one in stated if isinstance(one, str) and len(one) == 6 and one.isdigit()] or ["410100"]
        self.year = max(day.year for day in self._days)

    def case(self, on: date | None = None) -> Json:
        found: Json = {} if on is None else {"on": on.isoformat()}
        for subject in self._sheet.subjects:
            if not subject.many:
                found[subject.id] = self._item(subject.id)
            elif not self._chance(self._unknown):
                found[subject.id] = [self._item(subject.id) for _ in range(self._random.choice([0, 1, 1, 2, 3]))]
        return found

    def day(self) -> date:
        """A day near one that the policy names."""
        return self._random.choice(self._days) + timedelta(days=self._random.choice([-400, -1, 0, 1, 30, 400]))

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _item(self, subject: str) -> Json:
        found: Json = {}
        for fact in self._sheet.facts:
            if fact.subject != subject or fact.derive is not None or self._chance(self._unknown):
                continue
            if fact.by_year:
                years = range(self.year - 3, self.year + 1)
                found[fact.name] = {f"{year}": self._value(fact) for year in years if not self._chance(self._unknown)}
            else:
                found[fact.name] = self._value(fact)
        return found

    def _value(self, fact: FactSpec) -> Any:
        if fact.type == "bool":
            return self._chance(0.7)
        if fact.type == "choice":
            return self._random.choice(fact.choices)
        if fact.type == "text":
            return "甲"
        if fact.type == "place":
            code = self._random.choice(self._places)
            return self._random.choice([code, code, f"{code[:4]}02", f"{code[:2]}0000", "110101"])
        if fact.type == "date":
            return "never" if fact.never and self._chance(0.2) else self._day()
        return self._figure(fact)

    def _day(self) -> Any:
        day = self.day().isoformat()
        drawn = self._random.random()
        if drawn > self._so_far:
            return day
        return self._random.choice([day[:4], day[:7], {"at_least": day}, {"less_than": day}])

    def _figure(self, fact: FactSpec) -> Any:
        near = self._near(fact)
        if not self._chance(self._so_far):
            return self._random.choice(near)
        low, high = self._random.choice(near), self._random.choice(near)
        if high - low < 2 and (fact.counted or high <= low):
            return low
        ends = {self._random.choice(["at_least", "more_than"]): low}
        if self._chance(0.6):
            ends[self._random.choice(["at_most", "less_than"])] = high
        return ends

    def _near(self, fact: FactSpec) -> Sequence[float]:
        """Figures that the policy names, and some beside them."""
        least, most = fact.ends
        step = Decimal(1) if fact.counted or fact.type == "money" else Decimal("0.01")
        found = {each + change for each in self._figures for change in (-step, Decimal(0), step)}
        found |= {each * 10 for each in self._figures} if fact.type == "money" else set()
        fitting = [each for each in found if least <= each and (most is None or each < most)]
        return [float(each) if each % 1 else int(each) for each in fitting if each % 1 == 0 or not fact.counted]
