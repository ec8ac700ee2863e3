"""Days, places, counted things and figures of a year in a description: stated where the fact is named beside them.

A value belongs to the one fact that its clause names; a figure of a year also to the fact named last in its sentence (2021年
营收2000万，2022年2300万). Where two facts could be meant, or no year is said, nothing is. The facts of a list's items are read where the
text speaks of one item. Knows no policy of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from conversations.language.dated_answers import DateQuestion
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_statements import Statement, is_at
from conversations.language.figures import FigureQuestion
from conversations.language.placed_answers import PlaceQuestion
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import Plain, normalise
from conversations.language.yearly import by_year
from conversations.language.yesno import YesNo
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy

_SEVERAL = regex(
    r"(?:[两俩仨二三四五六七八九十几多]|[2-9]|\d\d)(?:位|名|笔|种|款|批|类)(?!次|员工|职工|工人|人|新)"
    r"|(?:第[一二三四五六七八九\d]|(?:另外?|还有?|又有?|再有?|其中)(?:一|1)?)(?:位|名|笔|台|套|种|款|批|辆|条)"
)
"""Several things in words by which the list's items are not told apart: what is said next may be of any of them."""


def read_apart(fact: Fact) -> bool:
    """Whether the fact is read here, by its names, and not by the phrases that state it."""
    return fact.type in ("date", "place", "count") or fact.by_year


class AmountReader:
    """Reads such facts of ``policy``."""

    def __init__(self, policy: Policy) -> None:
        spoken = {each.fact: each.says for each in policy.mentions.facts}
        self._lists = policy.lists
        self._facts = [
            (fact, _names(fact), policy.mentions.compiled(spoken.get(fact.id, ())))
            for fact in policy.facts
            if read_apart(fact) and fact.derive is None
        ]
        self._dates = {f.id: DateQuestion(f, YesNo(f.yes, f.no, f.label)) for f, *_ in self._facts if f.type == "date"}
        self._places = {f.id: PlaceQuestion(f, policy.area) for f, *_ in self._facts if f.type == "place"}
        self._figures = {f.id: FigureQuestion(f) for f, *_ in self._facts if f.spec.numeric}

    def read(
        self,
        text: str,
        clauses: Sequence[SpokenClause],
        present: Mapping[int, Mapping[str, int]],
        on: date | None,
        asked: str | None = None,
    ) -> dict[str, Statement]:
        """What the stated ``clauses`` of plain ``text`` say, told on the day ``on``, by path.

        ``present`` are, by where a clause or a part of it begins, the items of lists that it is about. Years that are
        told without a name are those of the fact that was ``asked`` for, where it has a figure for each.
        """
        ident = (asked or "").partition("@")[0]
        open_fact = next((fact for fact, *_ in self._facts if fact.by_year and is_at(fact.id, ident)), None)
        present = {} if _SEVERAL.search(text) else present
        told: dict[str, Statement] = {}
        for sentence in _sentences(_parted(clauses, present)) if self._facts else ():
            told |= self._told(sentence, present, text, on, open_fact)
        return told

    def _told(
        self,
        sentence: Sequence[SpokenClause],
        present: Mapping[int, Mapping[str, int]],
        text: str,
        on: date | None,
        asked: Fact | None,
    ) -> Iterator[tuple[str, Statement]]:
        about = {clause.start: present.get(clause.start, {}) for clause in sentence}
        named = [self._named(clause.text, about[clause.start]) for clause in sentence]
        for clause, facts in zip(sentence, named, strict=True):
            for fact in facts:
                path = self._path(fact, [about[clause.start]])
                if not fact.by_year and path is not None:
                    yield from self._single(path, fact, facts, clause, on)
        for fact, told in _stretches(sentence, named, asked):
            path = self._path(fact, [about[clause.start] for clause in told])
            if path is not None:
                yield from self._years(path, fact, text, told, on)

    def _path(self, fact: Fact, about: Sequence[Mapping[str, int]]) -> str | None:
        """Where ``fact`` belongs; None where it is of an item and its clauses are not ``about`` the same one."""
        if fact.subject not in self._lists:
            return fact.id
        items = {items.get(fact.subject) for items in about}
        index = next(iter(items)) if len(items) == 1 else None
        return None if index is None else f"{fact.subject}.{index}.{fact.name}"

    def _named(self, text: str, about: Mapping[str, int]) -> list[Fact]:
        """The facts that ``text``, said ``about`` these items of lists, names."""
        return [
            fact
            for fact, names, says in self._facts
            if (fact.subject not in self._lists or fact.subject in about)
            and (names.search(text) or (says is not None and says.search(text)))
        ]

    def _single(
        self, path: str, fact: Fact, named: Sequence[Fact], clause: SpokenClause, on: date | None
    ) -> Iterator[tuple[str, Statement]]:
        """A day, a place or a count: where the clause names no other fact of that kind."""
        if any(other is not fact and other.type == fact.type and not other.by_year for other in named):
            return
        text, offset = clause.text, clause.start
        said = Plain(text, text, tuple(range(len(text))))
        if fact.type == "date" or fact.type == "place":
            answer = self._dates[fact.id].read(said, on) if fact.type == "date" else self._places[fact.id].read(said)
            if answer.status == "ok" and answer.value is not None:
                start = offset + max(0, text.find(answer.words))
                yield path, Statement(answer.value, start, start + len(answer.words), answer.approximate)
            return
        counted = any(q.kind is not UnitKind.NUMBER for q in find_quantities(text, (fact.unit_word,)))
        figure = self._figures[fact.id].read(text) if counted else None
        if figure is not None:
            start, end = offset + figure.start, offset + figure.end
            yield path, Statement(figure.value, start, end, figure.approximate)

    def _years(
        self, path: str, fact: Fact, text: str, told: Sequence[SpokenClause], on: date | None
    ) -> Iterator[tuple[str, Statement]]:
        """The figures of a fact by year, in clauses that tell of it."""
        start, end = told[0].start, told[-1].start + len(told[-1].text)
        stretch = text[start:end]
        for year, words in (by_year(stretch, on) or {}).items():
            figure = None if year is None else self._figures[fact.id].read(words)
            if figure is not None:
                at = start + figure.start
                yield f"{path}@{year}", Statement(figure.value, at, start + figure.end, figure.approximate)


def _parted(clauses: Sequence[SpokenClause], present: Mapping[int, Mapping[str, int]]) -> Iterator[SpokenClause]:
    """The clauses, one that goes on to another item (第一个园区52家|第二个30家) part by part."""
    for clause in clauses:
        end = clause.start + len(clause.text)
        starts = [at for at in present if clause.start < at < end and present[at] != present.get(clause.start)]
        bounds = [clause.start, *sorted(starts), end]
        for first, last in pairwise(bounds):
            yield replace(clause, text=clause.text[first - clause.start : last - clause.start], start=first)


def _sentences(clauses: Iterable[SpokenClause]) -> Iterator[list[SpokenClause]]:
    """The stated clauses that stand together in one sentence."""
    together: list[SpokenClause] = []
    for clause in clauses:
        if together and (clause.sentence != together[-1].sentence or clause.stance is not Stance.STATED):
            yield together
            together = []
        together += [clause] if clause.stance is Stance.STATED else []
    if together:
        yield together


def _stretches(
    sentence: Sequence[SpokenClause], named: Sequence[Sequence[Fact]], asked: Fact | None
) -> Iterator[tuple[Fact, list[SpokenClause]]]:
    """Each fact by year with the clauses that may tell of it: that which names it, and those beside it that name none."""
    topic = None if any(named) else asked
    told: list[SpokenClause] = []
    for clause, facts in zip(sentence, named, strict=True):
        yearly = [fact for fact in facts if fact.by_year]
        if facts:
            if topic is not None:
                yield topic, told
                told = []
            told = told if topic is None and len(yearly) == 1 else []
            topic = yearly[0] if len(yearly) == 1 else None
        told.append(clause)
    if topic is not None:
        yield topic, told


def _names(fact: Fact) -> re.Pattern[str]:
    return regex("|".join(re.escape(normalise(name)) for name in (fact.label, *fact.reads.names)))
