"""Small policies and cases by chance: every kind of the format over a handful of facts, near the edges where it matters.

A sheet is written as the format's examples are (``support_format``). Figures are few and small, so that thresholds,
band edges, caps and what a case states meet often. Everything comes from one ``random.Random``: a seed is an example."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random
from typing import Any

Json = dict[str, Any]

FIGURES = {"money": "money", "count": "count", "int": "int", "ratio": "ratio"}
DATES = ["2019-12-31", "2020-02-29", "2020-03-01", "2020-12-31", "2021-01-01", "2021-02-28", "2021-06-30", "2022-02-28"]
SPANS = ["2020", "2021", "2020-02", "2021-02", "2021-06", "2020-12"]
PLACES = ["990101", "990102", "990100", "990000", "990201", "980101", "990200"]
CHOICES = ["a", "b", "c"]
NUMBERS = [0, 1, 2, 3, 5, 7, 10, 12.5, 20, 50]
YEARS = ["2019", "2020", "2021"]
WHEN = ["2019", "2020", "2021", "this", "last", "this-2", "last-1"]
COMPARISONS = ["at_least", "more_than", "at_most", "less_than"]
LISTS = ["things", "people"]

FACTS: Json = {
    "enterprise.money": "money",
    "enterprise.loss": {"type": "money", "minimum": -20, "maximum": 60},
    "enterprise.share": "ratio",
    "enterprise.mu": {"type": "count", "unit": "亩", "whole": False},
    "enterprise.rooms": {"type": "count", "unit": "间"},
    "enterprise.staff": {"type": "int", "maximum": 50},
    "enterprise.revenue": {"type": "money", "by_year": True},
    "enterprise.flag": "bool",
    "enterprise.mark": "bool",
    "enterprise.level": {"type": "choice", "choices": CHOICES},
    "enterprise.place": "place",
    "enterprise.born": "date",
    "enterprise.listed": {"type": "date", "never": True},
    "enterprise.age": {"type": "years", "derive": {"elapsed": ["enterprise.born", "on"], "in": "years"}},
    "enterprise.both": {"type": "money", "derive": {"sum": ["enterprise.money", "enterprise.mu"]}},
    "things.money": "money",
    "things.share": "ratio",
    "things.flag": "bool",
    "things.level": {"type": "choice", "choices": CHOICES},
    "things.day": {"type": "date", "never": True},
    "things.sales": {"type": "money", "by_year": True},
    "things.since": {"type": "int", "derive": {"elapsed": ["things.day", "on"], "in": "months"}},
    "people.pay": "money",
    "people.born": "date",
    "people.flag": "bool",
    "people.years": {"type": "years", "maximum": 50},
    "people.age": {"type": "years", "derive": {"elapsed": ["people.born", "on"], "in": "years"}},
}


def kind(ident: str) -> str:
    written = FACTS[ident]
    return written if isinstance(written, str) else written["type"]


def has(ident: str, field: str) -> bool:
    return isinstance(FACTS[ident], dict) and field in FACTS[ident]


@cache
def _facts(kinds: tuple[str, ...], subjects: tuple[str, ...]) -> list[str]:
    return [one for one in FACTS if kind(one) in kinds and one.split(".")[0] in subjects]


@dataclass
class Maker:
    """Draws parts of a sheet; ``given`` are the lists of which an item is given."""

    random: Random
    given: list[str] = field(default_factory=list[str])
    programmes: list[Json] = field(default_factory=list[Json])

    def one(self, among: Sequence[Any]) -> Any:
        return self.random.choice(among)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def some(self, draw: Any, least: int, most: int) -> list[Any]:
        return [draw() for _ in range(self.random.randint(least, most))]

    def facts(self, *kinds: str) -> list[str]:
        return [*_facts(kinds, ("enterprise", *self.given))]

    def fact(self, *kinds: str) -> str:
        found = self.facts(*kinds)
        own = [one for one in found if one.split(".")[0] in self.given]
        ident = self.one(own if own and self.chance(0.6) else found)
        return f"{ident}@{self.one(WHEN)}" if has(ident, "by_year") else ident

    def choice(self) -> str:
        return self.fact("choice")

    # Terms

    def number(self, depth: int = 2) -> Any:
        if depth == 0 or self.chance(0.45):
            return self.fact("money", "count", "int", "ratio", "years") if self.chance(0.8) else self.one(NUMBERS)
        name = self.one(
            ["sum", "difference", "product", "ratio", "growth", "least", "greatest", "count", "total", "elapsed"]
        )
        if name in ("sum", "product", "least", "greatest"):
            return {name: self.some(lambda: self.number(depth - 1), 1 if name != "product" else 2, 3)}
        if name == "growth" and self.chance(0.5):
            return {name: f"enterprise.revenue@{self.one(WHEN)}"}
        if name in ("difference", "ratio", "growth"):
            return {name: [self.number(depth - 1), self.number(depth - 1)]}
        if name == "elapsed":
            return {name: [self.day(depth - 1), self.day(depth - 1)], "in": self.one(["years", "months", "days"])}
        return self.over_items(name, depth)

    def over_items(self, name: str, depth: int) -> Json:
        subject = self.one(LISTS)
        inner = Maker(self.random, [*self.given, subject], self.programmes)
        where = inner.some(lambda: inner.condition(min(depth - 1, 1), lists=False), 0, 2)
        of = subject
        if name == "total":
            figures = [one for one in FACTS if one.split(".")[0] == subject and kind(one) in ("money", "years", "int")]
            of = self.one(figures)
            of = f"{of}@{self.one(WHEN)}" if has(of, "by_year") else of
        return {name: of, **({"where": where} if where or self.chance(0.3) else {})}

    def day(self, depth: int = 1) -> Any:
        if depth > 0 and self.chance(0.3):
            units = self.random.sample(["years", "months", "days"], self.random.randint(1, 2))
            return {"shift": self.day(depth - 1), **{unit: self.random.randint(-14, 14) for unit in units}}
        return self.one([self.fact("date"), self.fact("date"), "on", date.fromisoformat(self.one(DATES))])

    # Conditions

    def condition(self, depth: int = 2, lists: bool = True) -> Json:
        names = ["holds", "is_one_of", "compare", "compare", "dates", "between", "in_place"]
        if depth > 0:
            names += ["all_of", "any_of", "not", "at_least_n_of", *(["any_item", "meets"] if lists else [])]
        return getattr(self, "_" + self.one(names))(depth)

    def _holds(self, depth: int) -> Json:
        return {"kind": "holds", "fact": self.fact("bool")}

    def _is_one_of(self, depth: int) -> Json:
        named = self.random.sample(CHOICES, self.random.randint(1, 2))
        return {"kind": "is_one_of", "fact": self.choice(), "choices": named, **self._open(named)}

    def _open(self, named: list[str]) -> Json:
        rest = [choice for choice in CHOICES if choice not in named]
        return {"open": rest[:1]} if self.chance(0.2) else {}

    def _compare(self, depth: int) -> Json:
        left = self.number(min(depth, 2))
        found: Json = {"kind": self.one(COMPARISONS)}
        found |= {"fact": left} if isinstance(left, str) and self.chance(0.7) else {"term": left}
        return found | ({"value": self.one(NUMBERS)} if self.chance(0.6) else {"than": self.number(min(depth, 1))})

    def _dates(self, depth: int) -> Json:
        left = self.day()
        found: Json = {"kind": self.one(COMPARISONS)}
        found |= {"fact": left} if isinstance(left, str) and left != "on" else {"term": left}
        value = self.one([date.fromisoformat(self.one(DATES)), self.one(SPANS)])
        return found | ({"value": value} if self.chance(0.6) else {"than": self.day()})

    def _between(self, depth: int) -> Json:
        left = self.day()
        first, last = sorted(self.random.sample([*DATES, *SPANS], 2))
        ends = {"from": first, "to": last}
        if self.chance(0.3):
            del ends[self.one(["from", "to"])]
        return {
            "kind": "between",
            **({"fact": left} if isinstance(left, str) and left != "on" else {"term": left}),
            **ends,
        }

    def _in_place(self, depth: int) -> Json:
        within = self.random.sample(PLACES, self.random.randint(1, 2))
        return {"kind": "in_place", "fact": "enterprise.place", "within": within}

    def _all_of(self, depth: int) -> Json:
        return {"kind": "all_of", "conditions": self.some(lambda: self.condition(depth - 1), 1, 3)}

    def _any_of(self, depth: int) -> Json:
        return {"kind": "any_of", "conditions": self.some(lambda: self.condition(depth - 1), 1, 3)}

    def _not(self, depth: int) -> Json:
        return {"kind": "not", "condition": self.condition(depth - 1)}

    def _at_least_n_of(self, depth: int) -> Json:
        parts = self.some(lambda: self.condition(depth - 1), 2, 4)
        return {"kind": "at_least_n_of", "n": self.random.randint(1, len(parts)), "conditions": parts}

    def _any_item(self, depth: int) -> Json:
        subject = self.one(LISTS)
        inner = Maker(self.random, [*self.given, subject], self.programmes)
        return {
            "kind": "any_item",
            "list": subject,
            "where": inner.some(lambda: inner.condition(depth - 1, lists=False), 1, 2),
        }

    def _meets(self, depth: int) -> Json:
        fitting = [
            one for one in self.programmes if one.get("subject", "enterprise") in ["enterprise", *self.given[:1]]
        ]
        return {"kind": "meets", "programme": self.one(fitting)["id"]} if fitting else self._compare(depth)

    # Amounts

    def figure(self, numbers: Sequence[Any] = NUMBERS, depth: int = 1) -> Any:
        drawn = self.random.random()
        if drawn < 0.55 or depth == 0:
            return self.one(numbers)
        if drawn < 0.7:
            low, high = sorted(self.random.sample(list(numbers), 2))
            return {"from": low, "to": high}
        if drawn < 0.85:
            return {"by": self.choice(), "levels": self._levels(lambda: self.figure(numbers, depth - 1))}
        return {"term": self.number(1)}

    def _levels(self, draw: Any) -> Json:
        return {choice: draw() for choice in self.random.sample(CHOICES, self.random.randint(1, 3))}

    def amount(self, depth: int = 2, figured: bool = False) -> Any:
        """``figured``: an amount without figure has no place here."""
        names = ["fixed", "share", "per_unit", "per_step", "marginal"]
        if depth > 0:
            names += ["by_level", "bands", "bands", "table", "sum", "greatest_of", "up_to"]
        if not figured:
            names += ["no_figure"]
        if self.chance(0.1):
            return self.one(NUMBERS)
        name = self.one(names)
        ends: Json = {}
        if name != "no_figure":
            ends = {end: self.figure() for end in ("floor", "cap") if self.chance(0.2)}
        return getattr(self, "_pay_" + name)(depth, figured or bool(ends)) | ends

    def of(self) -> Json:
        term = self.number(1)
        return {"fact": term} if isinstance(term, str) and self.chance(0.3) else {"of": term}

    def _pay_fixed(self, depth: int, figured: bool) -> Json:
        return {"kind": "fixed", "amount": self.figure()}

    def _pay_share(self, depth: int, figured: bool) -> Json:
        return {"kind": "share", **self.of(), "rate": self.figure([0.1, 0.5, 1, 0])}

    def _pay_per_unit(self, depth: int, figured: bool) -> Json:
        return {"kind": "per_unit", **self.of(), "price": self.figure([1, 2, 30])}

    def _pay_per_step(self, depth: int, figured: bool) -> Json:
        step = {"step": self.one([1, 2.5, 5, 10]), "each": self.figure([1, 10])}
        return {
            "kind": "per_step",
            **self.of(),
            **step,
            **({"count": self.one(["full", "exceeded"])} if self.chance(0.7) else {}),
        }

    def edges(self) -> list[Json]:
        """Bands one after the other, the edge of each in exactly one of them."""
        edges = sorted(self.random.sample([1, 2, 3, 5, 7, 10, 20, 50], self.random.randint(2, 4)))
        kinds = [self.chance(0.5) for _ in edges]  # whether the edge lies in the band above
        bands: list[Json] = [
            {("at_least" if up else "more_than"): low, ("less_than" if above else "at_most"): high}
            for low, high, up, above in zip(edges, edges[1:], kinds, kinds[1:], strict=False)
        ]
        if self.chance(0.4):
            bands[0].pop("at_least", bands[0].pop("more_than", None))
        if self.chance(0.4):
            bands[-1].pop("at_most", bands[-1].pop("less_than", None))
        return bands if all(bands) else self.edges()

    def _pay_marginal(self, depth: int, figured: bool) -> Json:
        bands = [band | {"rate": self.one([0, 0.1, 0.5, 2])} for band in self.edges()]
        return {"kind": "bands", "mode": "marginal", **self.of(), "bands": bands}

    def _pay_bands(self, depth: int, figured: bool) -> Json:
        of = self.of()
        bands = [band | self._band(of, depth, figured) for band in self.edges()]
        return {"kind": "bands", **of, "bands": bands}

    def _band(self, of: Json, depth: int, figured: bool) -> Json:
        drawn = self.random.random()
        if drawn < 0.25:
            return {"rate": self.figure([0.1, 0.5, 1])}
        if drawn < 0.4:
            return {"price": self.figure([1, 3])}
        if drawn < 0.55:
            return {"amount": {"kind": "share", **of, "rate": 0.5, "cap": self.figure()}}
        return {"amount": self.amount(depth - 1, figured)}

    def _pay_by_level(self, depth: int, figured: bool) -> Json:
        return {
            "kind": "by_level",
            "fact": self.choice(),
            "levels": self._levels(lambda: self.amount(depth - 1, figured)),
        }

    def _pay_table(self, depth: int, figured: bool) -> Json:
        def row() -> Json:
            return {"when": self.some(lambda: self.condition(1), 1, 2), "amount": self.amount(depth - 1, figured)}

        rest = {"otherwise": self.amount(depth - 1, figured)} if self.chance(0.6) else {}
        return {"kind": "table", "rows": self.some(row, 1, 3), **rest}

    def _pay_sum(self, depth: int, figured: bool) -> Json:
        return {"kind": "sum", "amounts": self.some(lambda: self.amount(depth - 1, figured), 1, 3)}

    def _pay_greatest_of(self, depth: int, figured: bool) -> Json:
        return {"kind": "greatest_of", "amounts": self.some(lambda: self.amount(depth - 1, True), 1, 3)}

    def _pay_up_to(self, depth: int, figured: bool) -> Json:
        return {"kind": "up_to", "amount": self.amount(depth - 1, True)}

    def _pay_no_figure(self, depth: int, figured: bool) -> Json:
        return {"kind": "no_figure", "basis": "negotiated", **({"at_least": self.figure()} if self.chance(0.4) else {})}
