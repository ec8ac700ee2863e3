"""The rules of several documents, put to one case: each assesses what concerns it, ``rules.combined`` adds up.

A claim is called ``document/programme``, a document's own facts and lists likewise; what they share stands in the case
once. Pure, like ``rules.assessment``, whose ``Rulebook`` a ``Bookshelf`` stands in for.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from rules.assessment import Assessment, Rulebook, read_case
from rules.case import Case, FactsOf, FactSpec, SubjectSpec
from rules.claims import Claim, to_the_fen
from rules.combined import together
from rules.scopes import FactScope
from rules.spans import FigureSpan
from rules.terms import Values
from rules.values import Interval

T = TypeVar("T")


class Bookshelf:
    """``books`` by the document's id; in those of ``across`` one matter is paid once, by whatever document."""

    def __init__(
        self,
        books: Mapping[str, Rulebook],
        across: Collection[str],
        subjects: Sequence[SubjectSpec],
        facts: Iterable[FactSpec],
    ) -> None:
        self._books = books
        self._across = across
        self._subjects = subjects
        self._facts: FactsOf = {subject.id: {} for subject in subjects}
        for fact in facts:
            self._facts[fact.subject] = {**self._facts[fact.subject], fact.name: fact}
        self._pooling = next((ident for ident, book in books.items() if book.pools), None)

    def only(self, documents: Collection[str]) -> "Bookshelf":
        """The rules of ``documents`` alone, over cases of all."""
        books = {ident: book for ident, book in self._books.items() if ident in documents}
        facts = [fact for each in self._facts.values() for fact in each.values()]
        return Bookshelf(books, [ident for ident in self._across if ident in books], self._subjects, facts)

    def parse(self, data: object) -> Case:
        """The case that the JSON object ``data`` states. Raises ``CaseError``, which names the path of the mistake."""
        pooling = None if self._pooling is None else self._books[self._pooling]
        return read_case(data, self._subjects, self._facts, pooling.poolable if pooling else lambda items: frozenset())

    def assess(self, case: Case) -> Assessment:
        """Every claim of every document in turn, and what they come to together."""
        parts = {ident: book.assess(self._part(ident, case)) for ident, book in self._books.items()}
        standings = {part.in_force for part in parts.values()}
        due = self._together([part.due for part in parts.values()])
        return Assessment(
            claims=tuple(chain.from_iterable(part.claims for part in parts.values())),
            total=to_the_fen(self._together([_span(part.total) for part in parts.values()])),
            projects=tuple(chain.from_iterable(part.projects for part in parts.values())),
            shared_open=self._pooling is not None and parts[self._pooling].shared_open,
            payable=to_the_fen(due),
            in_force=standings.pop() if len(standings) == 1 else None,
            today=tuple(chain.from_iterable(part.today for part in parts.values())),
            due=due,
            caps=tuple(chain.from_iterable(part.caps for part in parts.values())),
            over=frozenset(chain.from_iterable(part.over for part in parts.values())),
            parts=parts,
        )

    def sum_of(self, claims: Iterable[Claim], assessment: Assessment, case: Case) -> Interval:
        """What ``claims`` of an assessment come to in yuan."""
        chosen = list(claims)
        sums = [
            book.sum_of(
                [claim for claim in chosen if _owner(claim.id) == ident],
                assessment.parts[ident],
                self._part(ident, case),
            )
            for ident, book in self._books.items()
            if ident in assessment.parts
        ]
        return to_the_fen(self._together([_span(each) for each in sums]))

    def paid(self, claim: Claim, case: Case) -> Interval | None:
        """What ``claim`` would be paid in ``case``, were all its conditions to hold."""
        return self._books[_owner(claim.id)].paid(claim, case)

    def asked(self, made: Callable[[FactScope], Callable[[Values], T]], claim: Claim, case: Case) -> T:
        """What a part of the claim's programme comes to in ``case``."""
        return self._books[_owner(claim.id)].asked(made, claim, case)

    def worth(self, programme: str) -> Interval | None:
        """What a programme pays where nothing is known; None where the text gives no figure."""
        return self._books[_owner(programme)].worth(programme)

    def _part(self, ident: str, case: Case) -> Case:
        """The case as the document ``ident`` has it: what is one project is said of the claims of one document."""
        return case if ident == self._pooling or case.same_project is None else replace(case, same_project=None)

    def _together(self, sums: Sequence[FigureSpan]) -> FigureSpan:
        return together(sums, bool(self._across))


def _span(amount: Interval) -> FigureSpan:
    return FigureSpan(amount.min, amount.max)


def _owner(name: str) -> str:
    return name.partition("/")[0]
