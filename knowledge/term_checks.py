"""What must hold of the words and the figures that a rule rests on: quotes, and terms with the units of their figures.

Knows no kind of condition or amount (``knowledge.rule_checks`` walks those), no file and no policy.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeAlias

from knowledge.draft import Draft, Fault, Place
from knowledge.measures import (
    ANY,
    COUNT,
    COUNTING,
    DATE,
    DAYS,
    MONTHS,
    OF_TYPE,
    YEARS,
    Unit,
    measure,
    parts_of,
    unit_of,
)
from knowledge.policy import Clause, Fact
from knowledge.quoted import day_stands, meant, priced_otherwise, stands, where_it_fits
from rules.conditions import Condition, CountTerm, TotalTerm
from rules.dates import Dates
from rules.figures import ByChoice, Discretion, Figure
from rules.terms import (
    ConstantTerm,
    DayTerm,
    DifferenceTerm,
    ElapsedTerm,
    FactTerm,
    GreatestTerm,
    GrowthTerm,
    LeastTerm,
    RatioTerm,
    ShiftTerm,
    SumTerm,
    Term,
    plain,
)

_YEAR = r"[0-9]{4}|(?:this|last)(?:-\d+)?"
_YEARS_OF = "`{0}@2021`, `{0}@this`, `{0}@last`, `{0}@this-2` or `{0}@last-1`"
_LENGTHS = {"years": YEARS, "months": MONTHS, "days": DAYS}
_ALIKE: TypeAlias = SumTerm | DifferenceTerm | LeastTerm | GreatestTerm


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a part of a rule stands: the quote in force and its clause (None = anywhere in the text), and whose facts
    are given: those of the last of ``subjects`` (the item of the innermost list), of those around it, and the enterprise's.
    """

    subjects: tuple[str, ...]
    clause: str | None = None
    quote: str = ""
    whole: str = ""
    """The quote that founds the programme."""
    quoted: bool = True
    """Whether there is a text of which it is a quote, and no more is to be said of a quote that is missing."""


class TermCheck(ABC):
    """Notes in ``found`` what is wrong with quotes, figures and terms."""

    def __init__(self, draft: Draft) -> None:
        self.found: list[Fault] = []
        self.draft = draft
        self.source = bare(draft.source)
        self.clauses: dict[str, Clause] = {clause.part.id: clause.part for clause in draft.clauses if clause.part.text}
        self.facts: dict[str, Fact] = {fact.part.id: fact.part for fact in draft.facts}
        self.many = {subject.part.id: subject.part.many for subject in draft.subjects}

    @abstractmethod
    def conditions(self, conditions: Sequence[Condition], at: Place, ground: Ground) -> None:
        """Conditions over the items of a list."""

    def note(self, at: Place, message: str) -> None:
        self.found.append(Fault(at, message))

    # -- quotes

    def known(self, field: str, ident: str, at: Place) -> bool:
        """Whether there is an entry ``ident``, noted where there is not; True where that cannot be judged."""
        ids = self.draft.ids[field]
        if ids is None or ident in ids:
            return True
        near = get_close_matches(ident, ids, n=1)
        self.note(at, f"there is no `{ident}` in {field}" + (f"; did you mean `{near[0]}`?" if near else ""))
        return False

    def stand(self, quote: str, clause: str | None, at: Place, ground: Ground, needed: bool = True) -> Ground:
        """``ground`` with a part's own ``quote`` and ``clause``, both held against the text."""
        home = clause or ground.clause
        if clause is not None:
            self.known("clauses", clause, (*at, "clause"))
        if quote:
            self.quote(quote, self.clauses.get(home or ""), (*at, "quote"))
            return replace(ground, quote=quote, clause=home, quoted=True)
        if needed and not ground.quote and ground.quoted:
            self.note((*at, "quote"), "the quote is empty or missing; copy the words of the text that it rests on")
            return replace(ground, quoted=False)
        return ground

    def quote(self, quote: str, clause: Clause | None, at: Place) -> None:
        """The quote stands in the text (white space aside), and in the clause where one is given."""
        words = bare(quote)
        if not self.source:
            return
        if not words:
            self.note(at, "the quote is empty; copy the words of the text that it rests on")
        elif words not in self.source:
            self.note(at, f"“{short(quote)}” is not in source.txt; {self._departure(words)}")
        elif clause and words not in bare(clause.text):
            homes = [other.id for other in self.clauses.values() if words in bare(other.text)]
            where = f"clause {', '.join(homes)}" if homes else "several clauses at once"
            self.note(at, f"“{short(quote)}” stands in {where}, not in clause {clause.id}")

    def _departure(self, quote: str) -> str:
        """Where ``quote`` departs from the text."""
        length = next(length for length in range(len(quote), -1, -1) if quote[:length] in self.source)
        if length < 2:
            return "copy the words of the text"
        after = self.source.index(quote[:length]) + length
        tail = quote[:length] if length <= 12 else f"…{quote[length - 12 : length]}"
        return f"after “{tail}” the text goes on “{self.source[after : after + 12]}”"

    # -- figures

    def states(self, value: Decimal, unit: Unit, at: Place, ground: Ground) -> None:
        """The figure stands in its quote with its unit."""
        value = abs(value)
        if not ground.quote or not ground.quoted or stands(value, unit, ground.quote):
            return
        instead = where_it_fits(value, unit, ground.quote)
        self.note(
            at,
            f"the quote “{short(ground.quote)}” does not state {plain(value)}{meant(unit)}"
            f"{f' ({instead})' if instead else ''}; correct the figure, or quote the words that do",
        )

    def priced(self, unit: Unit, at: Place, ground: Ground) -> None:
        """The price in the quote is one for each unit of the quantity."""
        if not ground.quote or not ground.quoted:
            return
        other = priced_otherwise(unit, ground.quote)
        if other is not None:
            stated = f"prices each {other}" if other else "names no such unit"
            self.note(
                at,
                f"this is paid for {_named(unit)}, and the quote “{short(ground.quote)}” {stated}; count in the unit of"
                " the price, or say in `reads` of the fact that the two are one (`units: {…: 1}`)",
            )

    def states_day(self, day: Dates, at: Place, ground: Ground, end: bool) -> None:
        """The day stands in its quote with its year, its month and its day; of a month or a year what it has."""
        one = day.last if end else day.first
        if one is None or not ground.quote:
            return
        written = str(day.written())
        month = one.month if len(written) > 4 else None
        if not day_stands(one.year, month, one.day if len(written) > 7 else None, ground.quote):
            self.note(
                at,
                f"the quote “{short(ground.quote)}” does not state {written} with its year, month and day; correct the"
                " date, or quote the words that do",
            )

    def figure(self, figure: Figure, at: Place, ground: Ground, unit: Unit) -> None:
        """A rate, a price, a cap: each number of it stands in the quote, a term of it comes to ``unit``."""
        if isinstance(figure, Decimal):
            self.states(figure, unit, at, ground)
        elif isinstance(figure, Discretion):
            self.states(figure.first, unit, (*at, "from"), ground)
            self.states(figure.last, unit, (*at, "to"), ground)
            if figure.first > figure.last:
                self.note((*at, "from"), "`from` is above `to`; write the smaller figure first")
        elif isinstance(figure, ByChoice):
            self.choices(figure.by, figure.levels, (*at, "by"), (*at, "levels"), ground)
            for choice, level in figure.levels.items():
                self.figure(level, (*at, "levels", choice), ground, unit)
        else:
            self.same(self.term(figure.term, (*at, "term"), ground, unit), unit, (*at, "term"))

    # -- facts

    def fact(self, ident: str, at: Place, ground: Ground, types: Sequence[str]) -> Fact | None:
        """The fact that ``ident`` names, noted where there is none that can stand here."""
        name, _, year = ident.partition("@")
        if not self.known("facts", name, at):
            return None
        fact = self.facts.get(name)
        if fact is None:
            return None
        if fact.type not in types:
            self.note(at, f"`{name}` is a {fact.type} fact; this needs one of type {' or '.join(sorted(types))}")
            return None
        if fact.by_year and year and not re.fullmatch(_YEAR, year):
            said = f"`@{year}` is no year of a figure; write {_YEARS_OF.format(name)}"
            self.note(at, f"{said} (years to come have none)")
        elif fact.by_year and not year:
            self.note(at, f"`{name}` has a figure for each year; write which, like `{name}@2021` or `{name}@last`")
        elif year and not fact.by_year:
            self.note(at, f"`{name}` has no figure by year; remove `@{year}`, or give the fact `by_year: true`")
        if self.many.get(fact.subject) and fact.subject not in ground.subjects and ground.subjects[-1] in self.many:
            self.note(at, f"`{name}` is a fact of a list, but the programme's subject is `{ground.subjects[-1]}`")
        return fact

    def choices(self, ident: str, named: object, at: Place, of: Place, ground: Ground) -> None:
        """A choice fact, and the choices of it that are ``named`` in a mapping."""
        fact = self.fact(ident, at, ground, ("choice",))
        if fact and isinstance(named, dict):
            for choice in map(str, named):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
                self.choice(fact, choice, (*of, choice))

    def choice(self, fact: Fact, choice: str, at: Place) -> None:
        known = [option.id for option in fact.choices]
        if known and choice not in known:
            self.note(at, f"`{choice}` is no choice of `{fact.id}`: {', '.join(known)}")

    def item_of(self, subject: str, at: Place, ground: Ground) -> Ground:
        """``ground`` for one item of the list ``subject``."""
        if self.known("subjects", subject, at) and not self.many.get(subject, True):
            self.note(at, f"`{subject}` is no list; there is one of it")
        return replace(ground, subjects=(*ground.subjects, subject))

    # -- terms

    def term(self, term: Term, at: Place, ground: Ground, like: Unit = ANY) -> Unit:
        """In what ``term`` is; its figures stand in the quote, a bare number in the unit that is wanted, ``like``."""
        if isinstance(term, ConstantTerm):
            self.states(term.root, like, at, ground)
            return like
        if isinstance(term, DayTerm):
            self.states_day(Dates(term.root, term.root), at, ground, False)
            return DATE
        if isinstance(term, FactTerm):
            return self._of_fact(term.root, at, ground)
        if isinstance(term, (SumTerm, DifferenceTerm, LeastTerm, GreatestTerm)):
            return self._alike(term, at, ground, like)
        if isinstance(term, (CountTerm, TotalTerm)):
            return self._over_list(term, at, ground)
        name = type(term).__name__.removesuffix("Term").lower()
        places = (
            [(*at, name)] if isinstance(term, ShiftTerm) else [(*at, name, i) for i, _ in enumerate(parts_of(term))]
        )
        units = [self.term(part, place, ground) for part, place in zip(parts_of(term), places, strict=True)]
        if isinstance(term, (ElapsedTerm, ShiftTerm)):
            for unit, place in zip(units, places, strict=True):
                self.same(unit, DATE, place)
        if isinstance(term, ShiftTerm):
            for name, unit in _LENGTHS.items():
                self.states(Decimal(getattr(term, name)), unit, (*at, name), ground)
        if isinstance(term, (RatioTerm, GrowthTerm)) and DATE in units:
            self.note(at, "a date is no figure to divide; write `elapsed` for the time between two")
            return ANY
        if isinstance(term, GrowthTerm):
            self.same(units[1], units[0], places[1])
        return self._measure(term)

    def _measure(self, term: Term) -> Unit:
        """In what a term is, whatever is wrong with it."""
        found = measure(term, self.facts.get)
        return ANY if found is None else found.unit

    def same(self, unit: Unit, wanted: Unit, at: Place) -> None:
        """Money stands with money, dates with dates."""
        if not _like(unit, wanted):
            self.note(
                at, f"this comes to {_named(unit)}, where {_named(wanted)} is wanted; the two do not fit together"
            )

    def _of_fact(self, ident: str, at: Place, ground: Ground) -> Unit:
        if ident == "on":
            return DATE
        fact = self.fact(ident, at, ground, (*OF_TYPE, "count"))
        return ANY if fact is None else unit_of(fact)

    def _alike(self, term: _ALIKE, at: Place, ground: Ground, like: Unit) -> Unit:
        """Of parts that must all be in one unit."""
        name = type(term).__name__.removesuffix("Term").lower()
        parts = [(part, (*at, name, index)) for index, part in enumerate(parts_of(term))]
        unit = self._measure(term)
        for part, place in parts:
            self.same(self.term(part, place, ground, like if unit == ANY else unit), unit, place)
        if name in ("sum", "difference") and unit == DATE:
            self.note(at, "dates are not added up; write `elapsed` for the time between two, `shift` for a later day")
        return like if unit == ANY else unit

    def _over_list(self, term: CountTerm | TotalTerm, at: Place, ground: Ground) -> Unit:
        """A count or a total of the items of a list."""
        if isinstance(term, CountTerm):
            inner = self.item_of(term.count, (*at, "count"), ground)
            self.conditions(term.where, (*at, "where"), inner)
            return COUNT
        subject = term.total.partition(".")[0]
        if self.many.get(subject) is False:
            self.note((*at, "total"), f"`{subject}` is no list; name the fact itself")
        inner = replace(ground, subjects=(*ground.subjects, subject))
        unit = self._of_fact(term.total, (*at, "total"), inner)
        if unit == DATE:
            self.note((*at, "total"), f"`{term.total}` is a date; dates are not added up")
        self.conditions(term.where, (*at, "where"), inner)
        return unit


def _like(unit: Unit, other: Unit) -> bool:
    if "any" in (unit.kind, other.kind) or unit.kind == other.kind:
        return True
    kinds = {unit.kind, other.kind}
    return kinds <= COUNTING and bool(kinds & {"count", "number"})


def _named(unit: Unit) -> str:
    if unit.kind == "count" and unit.words:
        return f"a count of {min(unit.words)}"
    names = {"money": "money", "area": "an area", "ratio": "a ratio", "count": "a count", "date": "a date"}
    return names.get(unit.kind, f"a number of {unit.kind}" if unit.kind != "number" else "a number")


def bare(text: str) -> str:
    """Without white space."""
    return re.sub(r"\s+", "", text)


def short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
