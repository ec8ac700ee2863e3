"""A second opinion on the rules: the format's text once more, written from its words alone and from nothing in ``rules``.

It takes a sheet and a case as YAML gives them, computes with fractions, and is slow and plain: whatever can be said in
one place is. Tests hold the engine against it. It may know nothing of the engine: no type, no constant, no helper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor, inf
from typing import Any

from tests.rules.second_opinion_figures import (
    ANYTHING,
    NEVER,
    NOTHING,
    End,
    Json,
    Stretch,
    Truth,
    apply,
    common,
    counted,
    date_value,
    days,
    each_end,
    edges,
    every,
    hull,
    lies_in,
    marginal,
    number,
    opposite,
    plus,
    point,
    reaches,
    some,
    times,
    whole,
    year_before,
)


@dataclass(frozen=True)
class Award:
    """What an amount comes to: its stretch, or none; and whether a part has no figure (none = perhaps)."""

    money: Stretch | None
    bare: Truth


@dataclass(frozen=True)
class Outlook:
    """A sheet and a case, seen from the items that are given, with the facts that a band has narrowed."""

    sheet: Json
    case: Json
    items: Json = field(default_factory=dict[str, Any])
    narrowed: Mapping[str, Stretch] = field(default_factory=dict[str, Stretch])

    def at(self, subject: str, item: Json) -> "Outlook":
        narrowed = {path: part for path, part in self.narrowed.items() if not path.startswith(f"{subject}.")}
        return replace(self, items={**self.items, subject: item}, narrowed=narrowed)

    def fact(self, path: str) -> Json:
        written = self.sheet["facts"][path.partition("@")[0]]
        return {"type": written} if isinstance(written, str) else written

    def day(self) -> Stretch:
        written = self.case.get("on")
        return ANYTHING if written is None else date_value(written)

    def year(self, name: str) -> int | None:
        """The calendar year that a name means; none where the day of the case lies in more than one."""
        if name.isdigit():
            return int(name)
        day = self.day()
        if inf in (day.high, -day.low):
            return None
        first, last = date.fromordinal(int(day.low)).year, date.fromordinal(int(day.high)).year
        word, _, back = name.partition("-")
        return first - int(back or 0) - (word == "last") if first == last else None

    def stated(self, path: str) -> Any:
        ident, _, year = path.partition("@")
        subject, name = ident.split(".")
        holder = self.items[subject] if subject in self.items else self.case.get(subject)
        value = (holder or {}).get(name)
        if not self.fact(path).get("by_year"):
            return value
        which = self.year(year)
        return None if which is None else (value or {}).get(str(which))

    # Terms

    def value_of(self, path: str) -> Stretch | str:
        if path in self.narrowed:
            return self.narrowed[path]
        fact = self.fact(path)
        if "derive" in fact:
            return self.term(fact["derive"])
        value = self.stated(path)
        if value == NEVER:
            return NEVER
        if fact["type"] == "date":
            return ANYTHING if value is None else date_value(value)
        least = number(fact.get("minimum", 0))
        most: End = number(fact["maximum"]) if "maximum" in fact else Fraction(1) if fact["type"] == "ratio" else inf
        if value is None:
            return Stretch(least, most)
        if not isinstance(value, Mapping):
            return point(value)
        low = next((key for key in ("at_least", "more_than") if key in value), None)
        high = next((key for key in ("at_most", "less_than") if key in value), None)
        found = Stretch(
            number(value[low]) if low else least,
            number(value[high]) if high else most,
            low == "more_than",
            high == "less_than",
        )
        return whole(found) if counted(fact) else found

    def term(self, written: Any) -> Stretch | str:
        if isinstance(written, Mapping):
            return self.operator(written)
        if isinstance(written, date):
            return Stretch(*days(written))
        if isinstance(written, str):
            if written == "on":
                return self.day()
            return self.value_of(written) if "." in written else Stretch(*days(written))
        return point(written)

    def operator(self, written: Json) -> Stretch | str:
        name = next(key for key in written if key not in ("where", "in", "years", "months", "days"))
        inner = written[name]
        if name in ("count", "total"):
            return self.over_items(name, inner, written.get("where", []))
        if name == "growth" and isinstance(inner, str):
            inner = [inner, year_before(inner)]
        parts: list[Stretch] = []
        for part in [inner] if name == "shift" else inner:
            value = self.term(part)
            if isinstance(value, str):
                return NEVER
            parts.append(replace(value, low_open=False, high_open=False))
        return apply(name, parts, written)

    def over_items(self, name: str, inner: str, where: list[Json]) -> Stretch:
        subject = inner.partition(".")[0]
        items = self.case.get(subject)
        if items is None:
            return Stretch(Fraction(0), inf)
        parts: list[Stretch] = []
        for item in items:
            there = self.at(subject, item)
            counted = there.all_of(where)
            value = point(1) if name == "count" else there.term(inner)
            if counted is False or isinstance(value, str):
                continue
            parts.append(value if counted else hull([value, NOTHING]))
        return plus(parts)

    # Conditions

    def all_of(self, conditions: Iterable[Json]) -> Truth:
        return every(self.truth(condition) for condition in conditions)

    def truth(self, condition: Json) -> Truth:
        match condition["kind"]:
            case "holds":
                return self.stated(condition["fact"])
            case "is_one_of":
                choice = self.stated(condition["fact"])
                return None if choice is None or choice in condition.get("open", ()) else choice in condition["choices"]
            case "all_of":
                return self.all_of(condition["conditions"])
            case "any_of":
                return some(self.truth(part) for part in condition["conditions"])
            case "not":
                return opposite(self.truth(condition["condition"]))
            case "at_least_n_of":
                truths = [self.truth(part) for part in condition["conditions"]]
                sure, possible = truths.count(True), len(truths) - truths.count(False)
                return True if sure >= condition["n"] else False if possible < condition["n"] else None
            case "any_item":
                items = self.case.get(condition["list"])
                if items is None:
                    return None
                return some(self.at(condition["list"], item).all_of(condition["where"]) for item in items)
            case "in_place":
                place = self.stated(condition["fact"])
                return None if place is None else some(lies_in(str(place), str(code)) for code in condition["within"])
            case "meets":
                return self.all_of(programme(self.sheet, condition["programme"]).get("conditions", []))
            case "between":
                return self.between(condition)
            case _:
                return self.compare(condition)

    def compare(self, condition: Json) -> Truth:
        kind = condition["kind"]
        left = self.term(condition.get("fact", condition.get("term")))
        if "than" in condition:
            right = self.term(condition["than"])
        elif isinstance(condition["value"], (str, date)):
            first, last = days(condition["value"])
            right = point(first if kind in ("at_least", "less_than") else last)
        else:
            right = point(condition["value"])
        if isinstance(left, str) or isinstance(right, str):
            return False
        if kind in ("at_least", "more_than"):
            return reaches(left, right, strictly=kind == "more_than")
        return reaches(right, left, strictly=kind == "less_than")

    def between(self, condition: Json) -> Truth:
        day = self.term(condition.get("fact", condition.get("term")))
        if isinstance(day, str):
            return False
        truths: list[Truth] = []
        if "from" in condition:
            truths.append(reaches(day, point(days(condition["from"])[0]), strictly=False))
        if "to" in condition:
            truths.append(reaches(point(days(condition["to"])[1]), day, strictly=False))
        return every(truths)

    # What is paid

    def figure(self, written: Any) -> Stretch:
        if not isinstance(written, Mapping):
            return point(written)
        if "from" in written:
            return Stretch(number(written["from"]), number(written["to"]))
        if "by" in written:
            choice = self.stated(written["by"])
            levels = written["levels"]
            possible = self.fact(written["by"])["choices"] if choice is None else [choice]
            return hull([self.figure(levels.get(one, 0)) for one in possible])
        value = self.term(written["term"])
        return NOTHING if isinstance(value, str) else value

    def award(self, amount: Any) -> Award:
        if not isinstance(amount, Mapping):
            amount = {"kind": "fixed", "amount": amount}
        found: Award = getattr(self, "_" + amount["kind"])(amount)
        money = found.money
        if money is None:
            return found
        if "floor" in amount:
            money = each_end(max, [money, self.figure(amount["floor"])])
        if "cap" in amount:
            money = each_end(min, [money, self.figure(amount["cap"])])
        return replace(found, money=each_end(max, [money, NOTHING]))

    def base(self, amount: Json) -> Stretch | str:
        return self.term(amount["of"] if "of" in amount else amount["fact"])

    def _fixed(self, amount: Json) -> Award:
        return Award(self.figure(amount["amount"]), False)

    def _by_level(self, amount: Json) -> Award:
        choice = self.stated(amount["fact"])
        possible = self.fact(amount["fact"])["choices"] if choice is None else [choice]
        return either([self.award(amount["levels"].get(one, 0)) for one in possible])

    def _share(self, amount: Json) -> Award:
        base = self.base(amount)
        return Award(NOTHING if isinstance(base, str) else times(base, self.figure(amount["rate"])), False)

    def _per_unit(self, amount: Json) -> Award:
        return self._share({**amount, "rate": amount["price"]})

    def _per_step(self, amount: Json) -> Award:
        base = self.base(amount)
        if isinstance(base, str):
            return Award(NOTHING, False)

        def steps(end: End) -> End:
            if end in (inf, -inf):
                return max(end, Fraction(0))
            ratio = end / number(amount["step"])
            return Fraction(max(0, ceil(ratio) - 1 if amount.get("count") == "exceeded" else floor(ratio)))

        return Award(times(self.figure(amount["each"]), Stretch(steps(base.low), steps(base.high))), False)

    def _bands(self, amount: Json) -> Award:
        base = self.base(amount)
        if isinstance(base, str):
            return Award(NOTHING, False)
        bands = [(edges(band), band) for band in amount["bands"]]
        if amount.get("mode") == "marginal":
            return Award(Stretch(marginal(bands, base.low), marginal(bands, base.high)), False)
        found: list[Award] = []
        for where, band in bands:
            part = common(base, where)
            if part is not None:
                found.append(self.banded(amount, band, part))
        whole = Stretch(bands[0][0].low, bands[-1][0].high, bands[0][0].low_open, bands[-1][0].high_open)
        if common(base, whole) != base:
            found.append(Award(NOTHING, False))
        return either(found)

    def banded(self, amount: Json, band: Json, part: Stretch) -> Award:
        of = amount["of"] if "of" in amount else amount["fact"]
        bare = isinstance(of, str) and "derive" not in self.fact(of)
        there = replace(self, narrowed={**self.narrowed, of: part}) if bare else self
        if "amount" in band:
            return there.award(band["amount"])
        return Award(times(there.figure(band["rate"] if "rate" in band else band["price"]), part), False)

    def _table(self, amount: Json) -> Award:
        found: list[Award] = []
        for row in amount["rows"]:
            holds = self.all_of(row["when"])
            if holds is not False:
                found.append(self.award(row["amount"]))
            if holds:
                return either(found)
        return either([*found, self.award(amount.get("otherwise", 0))])

    def _sum(self, amount: Json) -> Award:
        parts = [self.award(part) for part in amount["amounts"]]
        figures = [part.money for part in parts if part.money is not None]
        return Award(plus(figures) if figures else None, some(part.bare for part in parts))

    def _greatest_of(self, amount: Json) -> Award:
        parts = [self.award(part).money or NOTHING for part in amount["amounts"]]
        return Award(each_end(max, parts), False)

    def _up_to(self, amount: Json) -> Award:
        money = self.award(amount["amount"]).money or NOTHING
        return Award(Stretch(Fraction(0), money.high), False)

    def _no_figure(self, amount: Json) -> Award:
        if "at_least" not in amount:
            return Award(None, True)
        return Award(Stretch(self.figure(amount["at_least"]).low, inf), True)


def either(branches: Sequence[Award]) -> Award:
    """The hull of branches; one without figure counts 0 beside others."""
    bare = {branch.bare for branch in branches}
    if all(branch.money is None for branch in branches):
        return Award(None, True)
    money = hull([branch.money or NOTHING for branch in branches])
    return Award(money, bare.pop() if len(bare) == 1 else None)


def programme(sheet: Json, ident: str) -> Json:
    return next(one for one in programmes(sheet) if one["id"] == ident)


def programmes(sheet: Json) -> list[Json]:
    single = {"id": "p", **{key: sheet[key] for key in ("conditions", "amount", "subject", "payout") if key in sheet}}
    return sheet.get("programmes", [single])
