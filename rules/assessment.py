"""Everything that follows from a case: ``Rulebook`` compiles a policy's rules once and assesses case after case.

Pure: no I/O, no clock, no wording. What it knows of a policy it gets as data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.case import Case, CaseError, FactsOf, FactSpec, Items, SubjectSpec, read_groups, read_items
from rules.claims import Claim, Finding, Plan, Status
from rules.cumulation import Cumulator
from rules.programme import Cumulation, ProgrammeRule
from rules.raw import is_object
from rules.values import Interval

__all__ = ["Assessment", "Claim", "Finding", "Rulebook", "Status"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What follows from a case.

    ``claims`` in the order of the programmes, then of the items; ``total`` in yuan for the first year, claims without
    a figure apart; ``projects`` the groups of two and more claim ids known to concern one project; ``shared_open``: it
    is not known which claims do, and at least two that could are alive.
    """

    claims: tuple[Claim, ...]
    total: Interval
    projects: tuple[tuple[str, ...], ...]
    shared_open: bool


class Rulebook:
    """A policy's rules, compiled; raises ``ValueError`` where a programme does not fit the facts."""

    def __init__(
        self,
        subjects: Sequence[SubjectSpec],
        facts: Sequence[FactSpec],
        programmes: Sequence[ProgrammeRule],
        cumulation: Cumulation,
    ) -> None:
        self._subjects = {subject.id: subject for subject in subjects}
        self._facts: FactsOf = {
            subject.id: {fact.name: fact for fact in facts if fact.subject == subject.id} for subject in subjects
        }
        by_id = {fact.id: fact for fact in facts}
        self._plans = [Plan(programme, self._subjects, by_id) for programme in programmes]
        self._pooled = frozenset(cumulation.pooled)
        self._cumulator = Cumulator(cumulation)
        named = {*cumulation.pooled, *(ident for group in cumulation.one_project for ident in group)}
        if unknown := named - {programme.id for programme in programmes}:
            raise ValueError(f"cumulation: there is no programme {', '.join(sorted(unknown))}")

    def parse(self, data: object) -> Case:
        """The case that the JSON object ``data`` states. Raises ``CaseError``, which names the path of the mistake."""
        if not is_object(data):
            raise CaseError("", "a case is a JSON object")
        for key in data:
            if key not in self._subjects and key != "same_project":
                raise CaseError(str(key), "there is no such part of a case")
        items = read_items(data, self._subjects.values(), self._facts)
        groups = data.get("same_project")
        return Case(items, None if groups is None else read_groups(groups, self._poolable(items)))

    def assess(self, case: Case) -> Assessment:
        """Every claim of every programme, and what they come to together."""
        claims = [claim for plan in self._plans for claim in plan.claims(case)]
        return Assessment(*self._cumulator.cumulate(claims, case.same_project))

    def _poolable(self, items: Items) -> frozenset[str]:
        """The ids of the claims on ``items`` that may concern one project."""
        idents: list[str] = []
        for plan in self._plans:
            programme = plan.programme
            if programme.id in self._pooled:
                entries = items[programme.subject]
                if entries and self._subjects[programme.subject].many:
                    idents += (f"{programme.id}:{index}" for index in range(len(entries)))
                else:
                    idents.append(programme.id)
        return frozenset(idents)
