"""Days, places, counted things and figures of a year in a description: stated where the fact is named beside them.

A value belongs to the one fact that its clause names; a figure of a year also to the fact named last in its sentence (2021年
营收2000万，2022年2300万). Where two facts could be meant, or no year is said, nothing is. Reads the facts of the enterprise; those of a
list's items are asked for. Knows no policy of its own.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from conversations.language.dated_answers import DateQuestion
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_statements import Statement
from conversations.language.figures import FigureQuestion
from conversations.language.placed_answers import PlaceQuestion
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import Plain, normalise
from conversations.language.yearly import by_year
from conversations.language.yesno import YesNo
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy


def read_apart(fact: Fact) -> bool:
    """Whether the fact is read here, by its names, and not by the phrases that state it."""
    return fact.type in ("date", "place", "count") or fact.by_year


class AmountReader:
    """Reads such facts of ``policy``."""

    def __init__(self, policy: Policy) -> None:
        spoken = {each.fact: each.says for each in policy.mentions.facts}
        many = policy.lists
        self._facts = [
            (fact, _names(fact), policy.mentions.compiled(spoken.get(fact.id, ())))
            for fact in policy.facts
            if read_apart(fact) and fact.derive is None and fact.subject not in many
        ]
        self._dates = {f.id: DateQuestion(f, YesNo(f.yes, f.no, f.label)) for f, *_ in self._facts if f.type == "date"}
        self._places = {f.id: PlaceQuestion(f, policy.area) for f, *_ in self._facts if f.type == "place"}
        self._figures = {f.id: FigureQuestion(f) for f, *_ in self._facts if f.spec.numeric}

    def read(
        self, text: str, clauses: Sequence[SpokenClause], on: date | None, asked: str | None = None
    ) -> dict[str, Statement]:
        """What the stated ``clauses`` of plain ``text`` say, told on the day ``on``, by path.

        Years that are told without a name are those of the fact that was ``asked`` for, where it has a figure for each.
        """
        ident = (asked or "").partition("@")[0]
        open_fact = next((fact for fact, *_ in self._facts if fact.by_year and fact.id == ident), None)
        sentences = _sentences(clauses) if self._facts else ()
        return {path: told for sentence in sentences for path, told in self._told(sentence, text, on, open_fact)}

    def _told(
        self, sentence: Sequence[SpokenClause], text: str, on: date | None, asked: Fact | None
    ) -> Iterator[tuple[str, Statement]]:
        named = [self._named(clause.text) for clause in sentence]
        for clause, facts in zip(sentence, named, strict=True):
            for fact in facts:
                if not fact.by_year:
                    yield from self._single(fact, facts, clause, on)
        for fact, told in _stretches(sentence, named, asked):
            yield from self._years(fact, text, told, on)

    def _named(self, text: str) -> list[Fact]:
        return [
            fact for fact, names, says in self._facts if names.search(text) or (says is not None and says.search(text))
        ]

    def _single(
        self, fact: Fact, named: Sequence[Fact], clause: SpokenClause, on: date | None
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
                yield fact.id, Statement(answer.value, start, start + len(answer.words), answer.approximate)
            return
        counted = any(q.kind is not UnitKind.NUMBER for q in find_quantities(text, (fact.unit_word,)))
        figure = self._figures[fact.id].read(text) if counted else None
        if figure is not None:
            start, end = offset + figure.start, offset + figure.end
            yield fact.id, Statement(figure.value, start, end, figure.approximate)

    def _years(
        self, fact: Fact, text: str, told: Sequence[SpokenClause], on: date | None
    ) -> Iterator[tuple[str, Statement]]:
        """The figures of a fact by year, in clauses that tell of it."""
        start, end = told[0].start, told[-1].start + len(told[-1].text)
        stretch = text[start:end]
        for year, words in (by_year(stretch, on) or {}).items():
            figure = None if year is None else self._figures[fact.id].read(words)
            if figure is not None:
                at = start + figure.start
                yield f"{fact.id}@{year}", Statement(figure.value, at, start + figure.end, figure.approximate)


def _sentences(clauses: Sequence[SpokenClause]) -> Iterator[list[SpokenClause]]:
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
