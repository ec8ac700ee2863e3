"""How the figures of each year are named: by the own names of their facts, by phrases for them, by the beginning of a name.

Which figure is of which year is the business of ``dated_figures``. Knows no policy of its own.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from conversations.language.days import DayMention, year_of
from conversations.language.figures import FigureQuestion
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, UnitKind
from conversations.language.text import normalise
from conversations.language.yearly import FIGURES
from knowledge.patterns import regex
from knowledge.phrases import Phrases
from knowledge.policy import Fact

_ZH = lexicon("years")
_OF_TWO = 2
_OWN_WORDS = 4
YEAR_BEFORE = regex(
    r"(?<![比较同跟和与])(?:再?[往向]前(?:面|推|数)?的?一年|再往前(?=[\d一二两三四五六七八九])|[再更][前上早]一?年|前一年)(?:度|的)*"
)
"""A year that is told by the one before it."""
_Mark = TypeVar("_Mark", DayMention, "FigureName")


@dataclass(frozen=True, slots=True)
class FigureName:
    """Where ``fact`` is named, or a figure that is none by year (None); ``own``: by its own name, not a phrase."""

    start: int
    end: int
    fact: Fact | None
    own: bool = False


@dataclass(slots=True)
class DatedFigure:
    """A figure at ``at`` with the words from ``start`` up to ``end`` that tell of it: of ``fact``, in ``year``. ``by`` is how
    surely it is named: by its own name (2) or a phrase (1) from ``named`` on, by what was said before (0); ``aside``: it is
    named as another's, or told of another time than a year; ``again``: it is the known figure of
    its fact; ``bare``: hardly anything else stands beside it."""

    quantity: Quantity
    at: int
    start: int
    end: int
    sentence: int
    items: Mapping[str, int]
    year: int | None = None
    dated: bool = False
    fact: Fact | None = None
    by: int = 0
    named: int = -1
    aside: bool = False
    again: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class DatedClause:
    """A clause of the ``sentence`` that ``begun`` there: plain ``text`` at ``start``, the items of lists that it is about, the
    times and facts that it names, and whether it names a fact without years (``other``)."""

    sentence: int
    begun: int
    start: int
    text: str
    items: Mapping[str, int]
    other: bool
    days: Sequence[DayMention]
    names: Sequence[FigureName]


@dataclass(frozen=True, slots=True)
class _Timeless:
    """A text without the times in it, as phrases have none in the middle (天猫店|去年|1050万); ``at`` is where each character
    of it stood."""

    text: str
    at: Sequence[int]

    @classmethod
    def of(cls, text: str, days: Sequence[DayMention]) -> "_Timeless":
        at = [place for place in range(len(text)) if not any(day.start <= place < day.end for day in days)]
        return cls("".join(text[place] for place in at) if days else "", at)

    def spans(self, says: Phrases) -> list[tuple[int, int]]:
        """Where phrases stand in the text that the times were in."""
        return [(self.at[m.start()], self.at[m.end() - 1] + 1) for m in says.finditer(self.text)] if self.text else []


class YearFacts:
    """How the figures of ``facts`` by year are spoken of, each with its phrases; ``others`` are the facts with figures of no
    year, ``lists`` the subjects that have items."""

    def __init__(
        self,
        facts: Sequence[tuple[Fact, Phrases | None]],
        others: Sequence[tuple[Fact, Phrases | None]],
        lists: Collection[str],
    ) -> None:
        self.spoken = [(fact, names_of(fact), says) for fact, says in facts]
        self.lists = lists
        named = "|".join(names.pattern for _, names, _ in self.spoken) or "$^"
        self._short = regex(
            rf"(?<![\d.:年])(?:(?:20)?(?=[12]\d(?:{named}))|20(?=[12]\d(?::(?!\d)|[全整]年|[度是为没不将超那网营约大卖做总线销就才])))(\d\d)"
        )
        self.questions = {fact.id: FigureQuestion(fact) for fact, _ in facts}
        self.counters = tuple(
            sorted({unit for fact, _ in facts if fact.type == "count" for unit in (fact.unit_word, *fact.reads.units)})
        )
        self._others = [(names_of(fact), says, fact.subject) for fact, says in others if facts]
        self._called = {fact.id: tuple(map(normalise, (fact.label, *fact.reads.names))) for fact, _ in facts}

    def called(self, words: str) -> Fact | None:
        """The one fact whose name begins with ``words``."""
        found = [f for f, *_ in self.spoken if any(name.startswith(words) for name in self._called[f.id])]
        return found[0] if len(found) == 1 else None

    def names_in(self, text: str, items: Mapping[str, int], days: Sequence[DayMention] = ()) -> list[FigureName]:
        """What ``text``, with these ``days`` in it, names in order, without the words that are part of another's name."""
        timeless = _Timeless.of(text, days)
        ours = [(names, says, fact.subject, fact) for fact, names, says in self.spoken]
        found: list[FigureName] = []
        for names, says, subject, fact in (*ours, *((*other, None) for other in self._others)):
            if subject not in self.lists or subject in items:
                found += [FigureName(m.start(), m.end(), fact, own=True) for m in names.finditer(text)]
                found += [FigureName(m.start(), m.end(), fact) for m in (says.finditer(text) if says else ())]
                found += [FigureName(*at, fact) for at in (timeless.spans(says) if says and fact else ())]
        own = [name for name in found if name.own]
        kept = [name for name in found if not any(_within(name, other) for other in own)]
        return sorted(kept, key=lambda name: (name.start, not name.own, -name.end))

    def short_years(self, text: str) -> list[DayMention]:
        """Years without 年, before a name or a colon: 24营收3.3亿, 2024：营收."""
        return [DayMention(m.start(), m.end(), year_of(2000 + int(m[1]))) for m in self._short.finditer(text)]

    def with_years_before(self, text: str, days: Sequence[DayMention], year: int | None) -> list[DayMention]:
        """The ``days`` in order, with those years that are told by the one before them, in ``text`` or (``year``) ahead of it:
        去年2.3亿，再往前一年2亿."""
        found = sorted(days, key=lambda day: day.start)
        for match in YEAR_BEFORE.finditer(text):
            found = [day for day in found if day.end <= match.start() or day.start >= match.end()]
            told = [day.year for day in found if day.start < match.start() and day.year] or [year]
            if (last := told[-1]) is not None:
                found.append(DayMention(*match.span(), year_of(last - 1)))
                found.sort(key=lambda day: day.start)
        return found

    def place(self, fact: Fact, items: Mapping[str, int]) -> str | None:
        """Where ``fact`` belongs; None where it is of an item, and none of its list is among ``items``."""
        if fact.subject not in self.lists:
            return fact.id
        index = items.get(fact.subject)
        return None if index is None else f"{fact.subject}.{index}.{fact.name}"

    def measures(self, fact: Fact, quantity: Quantity) -> bool:
        """Whether ``quantity`` is of the kind and the unit of ``fact``."""
        return self.questions[fact.id].measures(quantity)

    def is_figure(self, quantity: Quantity, clause: DatedClause) -> bool:
        """Whether ``quantity`` may be a figure by year, or stand where one would: no day, and no number of something else."""
        dated = any(day.start < quantity.end and quantity.start < day.end for day in clause.days)
        ours = quantity.kind in FIGURES and any(self.measures(fact, quantity) for fact, *_ in self.spoken)
        return not dated and (ours or quantity.kind is UnitKind.FOREIGN)


def _within(name: FigureName, other: FigureName) -> bool:
    """Whether ``name`` is a part of the longer name of another fact."""
    longer = other.end - other.start > name.end - name.start
    return longer and name.fact is not other.fact and other.start <= name.start and name.end <= other.end


def names_of(fact: Fact) -> re.Pattern[str]:
    """The own names of ``fact``."""
    names = [normalise(name) for name in (fact.label, *fact.reads.names)]
    apart = [f"{name[0]}[的了过]{name[1]}" for name in names if fact.type == "date" and len(name) == _OF_TWO]
    return regex("|".join((*map(re.escape, names), *apart)))  # 13年入的规


def nothing_of(fact: Fact, words: str) -> tuple[int, int] | None:
    """没有营业收入 · 网上一分没有: where it is said that there was none of what ``fact`` asks for, in its own words for that, or
    that there was not the smallest bit."""
    said = [(words.find(zero), zero) for zero in map(normalise, fact.reads.zero) if len(zero) >= _OWN_WORDS]
    bit = _ZH["not_a_bit"].search(words)
    return next(((at, at + len(zero)) for at, zero in said if at >= 0), bit and bit.span())


def apart(names: Sequence[FigureName]) -> list[FigureName]:
    """The facts by year that are named one after another, each once."""
    ours = [name for name in names if name.fact is not None]
    return [name for before, name in pairwise([None, *ours]) if name and not (before and before.fact is name.fact)]


def in_order(marks: Sequence[_Mark], text: str, figures: Sequence[Quantity]) -> list[_Mark]:
    """``marks`` that stand side by side before the ``figures``, one for each of them, or one figure said of each."""
    listed = [mark for mark in marks if mark.start < figures[0].start]
    joined = all(_ZH["joined"].fullmatch(text, a.end, b.start) for a, b in pairwise(listed))
    behind = len(listed) < len(marks)
    if len(listed) < 2 or behind or not joined:
        return []
    alike = len(figures) == 1 and _ZH["each"].search(text, listed[-1].end, figures[0].start)
    return listed if alike or len(figures) == len(listed) else []


def dated_behind(clause: DatedClause, end: int, following: int) -> DayMention | None:
    """The year that is said of a figure behind it, and behind its name: 2000万是2021年的, 2000万（2021年）."""
    day = next((day for day in clause.days if end <= day.start < following), None)
    return day if day and _ZH["year_behind"].fullmatch(clause.text, end, day.start) else None
