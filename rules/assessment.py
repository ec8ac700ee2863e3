"""Everything that follows from a case: ``Rulebook`` compiles a policy's rules once and assesses case after case.

Pure: no I/O, no clock, no wording. What it knows of a policy it gets as data.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from rules import spans, validity
from rules.case import (
    DAY,
    SAME_PROJECT,
    Case,
    CaseError,
    FactsOf,
    FactSpec,
    ItemFacts,
    Items,
    SubjectSpec,
    dates_from_json,
    read_groups,
    read_items,
)
from rules.claims import Claim, Finding, Plan, Status, interval, to_the_fen
from rules.limit_tree import LimitTree, Sums
from rules.limits import CompiledLimit, JointCap, Projects
from rules.programme import ProgrammeRule, Provisions
from rules.raw import is_object
from rules.scopes import Book, FactScope, Keys, changed
from rules.spans import ZERO, FigureSpan, Truth
from rules.terms import Values
from rules.values import Interval

__all__ = ["Assessment", "Claim", "Finding", "Rulebook", "Status"]

T = TypeVar("T")

RESERVED = (SAME_PROJECT, DAY)
"""The keys of a case that are no subject."""


class Assessment(NamedTuple):
    """What follows from a case.

    ``claims`` in the order of the programmes, then of the items; ``total`` in yuan for the first year, claims without
    a figure apart; ``projects`` the groups of two and more claim ids known to concern one project; ``shared_open``: it
    is not known which claims do, and at least two that could are alive. ``payable`` is the total of what can be applied
    for on the day, ``today`` what of each claim can be, exactly, and ``due`` exactly what these come to; ``in_force``:
    whether the document is, None where the day or its end is not known. ``caps`` are the joint caps that are used up or
    that an answer could still change; ``over`` the ids of claims of which nothing can be paid any more, whatever else is
    answered: the document or every call has ended, or a joint cap is used up. Of several documents ``parts`` are the
    assessments of each, by its id.
    """

    claims: tuple[Claim, ...]
    total: Interval
    projects: tuple[tuple[str, ...], ...]
    shared_open: bool
    payable: Interval
    in_force: Truth
    today: tuple[FigureSpan, ...]
    due: FigureSpan
    caps: tuple[JointCap, ...] = ()
    over: frozenset[str] = frozenset()
    parts: Mapping[str, "Assessment"] = MappingProxyType({})

    def of(self, claim: str) -> "Assessment":
        """The assessment of the document whose claim it is."""
        return self.parts.get(claim.partition("/")[0], self) if self.parts else self


class _ByProgramme(NamedTuple):
    """What a case comes to, programme by programme: the claims, what each comes to, by the day too, and marked where
    another is paid instead; and the sums.
    """

    claims: Sequence[Sequence[Claim]]
    awards: Sequence[Sequence[FigureSpan]]
    today: Sequence[Sequence[FigureSpan]]
    marked: Sequence[Sequence[Claim]]
    sums: Sums


class Rulebook:
    """A policy's rules, compiled; raises ``ValueError`` where a programme or a provision does not fit the facts."""

    def __init__(
        self,
        subjects: Sequence[SubjectSpec],
        facts: Sequence[FactSpec],
        programmes: Sequence[ProgrammeRule],
        provisions: Provisions,
    ) -> None:
        self._subjects = {subject.id: subject for subject in subjects}
        self._facts: FactsOf = {
            subject.id: {fact.name: fact for fact in facts if fact.subject == subject.id} for subject in subjects
        }
        known = {programme.id: programme.subject for programme in programmes}
        conditions = {programme.id: (programme.subject, programme.conditions) for programme in programmes}
        self._book = book = Book(self._subjects, {fact.id: fact for fact in facts}, conditions)
        self._plans = [
            Plan(
                programme,
                [demand for demand in provisions.requires if demand.concerns(programme.id)],
                any(one.kind == "pro_rata" and one.concerns(programme.id) for one in provisions.selection),
                book,
            )
            for programme in programmes
        ]
        self._number = {programme.id: number for number, programme in enumerate(programmes)}
        self._valid = provisions.valid
        self._calls = provisions.calls
        self._limited = frozenset(provisions.limited)
        self._pooled = frozenset(provisions.pooled)
        self._tree = LimitTree([*known], self._compiled_limits(provisions, known), Projects(provisions))
        self._readers: dict[str, list[int]] = {}
        for number, plan in enumerate(self._plans):
            # what can be paid hangs on the day, of every programme
            for key in plan.reads | ({DAY} if self._valid or self._calls else set[str]()):
                self._readers.setdefault(key, []).append(number)
        self._single = {subject.id: Keys(subject.id, facts) for subject in subjects if not subject.many}
        nothing: list[tuple[()]] = [()] * len(self._plans)
        self._blank = _ByProgramme(nothing, nothing, nothing, nothing, self._tree.blank)
        self._last: tuple[Case, _ByProgramme, Assessment] | None = None

    def _compiled_limits(self, provisions: Provisions, subject_of: Mapping[str, str]) -> list[CompiledLimit]:
        """The limits in their order. Raises ``ValueError`` where a provision names a programme that there is not."""
        if unknown := {*provisions.pooled, *chain.from_iterable(provisions.one_project)} - subject_of.keys():
            raise ValueError(f"cumulation: there is no programme {', '.join(sorted(unknown))}")
        if unknown := {*chain.from_iterable(limit.programmes for limit in provisions.limits)} - subject_of.keys():
            raise ValueError(f"limits: there is no programme {', '.join(sorted(unknown))}")
        single = next((subject.id for subject in self._subjects.values() if not subject.many), "")
        return [
            CompiledLimit(limit, subject_of[limit.programmes[0]] if limit.per else single, self._book)
            for limit in provisions.limits
        ]

    def parse(self, data: object) -> Case:
        """The case that the JSON object ``data`` states. Raises ``CaseError``, which names the path of the mistake."""
        return read_case(data, self._subjects.values(), self._facts, self.poolable)

    def assess(self, case: Case) -> Assessment:
        """Every claim of every programme, and what they come to together; what nothing new touches is the last case's."""
        last = self._last
        if last is None:
            parts = self._parts(case, self._blank, range(len(self._plans)), self._tree.nodes)
        else:
            before, parts, assessment = last
            keys = changed(before, case, self._single)
            programmes = {number for key in self._readers.keys() & keys for number in self._readers[key]}
            nodes = self._tree.touched(programmes, keys)
            if not nodes and DAY not in keys:
                return assessment
            parts = self._parts(case, parts, programmes, nodes)
        assessment = self._assessed(case, parts)
        self._last = case, parts, assessment
        return assessment

    def _parts(
        self, case: Case, before: "_ByProgramme", programmes: Collection[int], nodes: Sequence[int]
    ) -> "_ByProgramme":
        """What a case comes to part by part: anew at these programmes and nodes, elsewhere as ``before``."""
        claims, awards, marked = [*before.claims], [*before.awards], [*before.marked]
        for number in programmes:
            plan = self._plans[number]
            found = plan.claims(case)
            if self._calls:
                call = validity.opening(self._calls, plan.programme.id, case.on)
                found = [claim._replace(call=call) for claim in found]
            claims[number] = marked[number] = found
            awards[number] = [claim.award or ZERO for claim in found]
        today = awards
        standing = True if self._valid is None else validity.standing(self._valid, case.on)
        if standing is not True or self._calls:
            today = [*before.today]
            for number in programmes:
                today[number] = [_today(claim, standing) for claim in claims[number]]
        sums = self._tree.sums(claims, awards, today, case, before.sums, nodes)
        for number in self._tree.led(nodes, before.sums, sums):
            marked[number] = self._tree.giving_way(number, claims[number], sums)
        return _ByProgramme(claims, awards, today, marked, sums)

    def _assessed(self, case: Case, parts: "_ByProgramme") -> Assessment:
        claims = tuple(chain.from_iterable(parts.marked))
        caps, due = self._tree.caps(parts.sums), parts.sums.due
        total = payable = to_the_fen(parts.sums.total)
        if due is not parts.sums.total:
            payable = to_the_fen(due)
        projects, shared_open = self._tree.projects(parts.sums)
        in_force = None if self._valid is None else validity.in_force(self._valid, case.on)
        over = self._over(claims, caps, case) if caps or self._valid is not None or self._calls else frozenset[str]()
        today = tuple(chain.from_iterable(parts.today))
        return Assessment(claims, total, projects, shared_open, payable, in_force, today, due, caps, over)

    def sum_of(self, claims: Iterable[Claim], assessment: Assessment, case: Case) -> Interval:
        """What ``claims`` of an assessment come to in yuan; the others keep their place: they may tie two to one project."""
        names = {claim.id for claim in claims}
        all_claims: list[list[Claim]] = [[] for _ in self._plans]
        for claim in assessment.claims:
            all_claims[self._number[claim.programme.id]].append(claim)
        awards = [[(c.award if c.id in names else None) or ZERO for c in each] for each in all_claims]
        return to_the_fen(self._tree.sums(all_claims, awards, awards, case, self._tree.blank, self._tree.nodes).total)

    def paid(self, claim: Claim, case: Case) -> Interval | None:
        """What ``claim`` would be paid in ``case``, were all its conditions to hold; None where the text gives no figure."""
        plan = self._plans[self._number[claim.programme.id]]
        return interval(plan.paid(case, claim.index))

    def asked(self, made: Callable[[FactScope], Callable[[Values], T]], claim: Claim, case: Case) -> T:
        """What a part of the claim's programme, compiled by ``made``, comes to in ``case``: a term, a test."""
        scope = FactScope(claim.programme.subject, self._book)
        read = made(scope)
        items = case.items.get(claim.programme.subject) or (ItemFacts(),)
        return read(scope.gather(items[claim.index or 0], case))

    def worth(self, programme: str) -> Interval | None:
        """What a programme pays where nothing is known; None where the text gives no figure."""
        plan = self._plans[self._number[programme]]
        return interval(plan.paid(self.parse({}), None))

    def limited(self, claim: str) -> bool:
        """Whether a claim stands in a limit, or in the rule on one project."""
        return claim.partition(":")[0] in self._limited

    def _over(self, claims: Sequence[Claim], caps: Iterable[JointCap], case: Case) -> frozenset[str]:
        """The ids of the claims of which nothing can be paid any more."""
        if validity.ended(self._valid, case.on):
            return frozenset(claim.id for claim in claims)
        closed = (
            claim.id
            for claim in claims
            if claim.call == "closed" and validity.calls_ended(self._calls, claim.programme.id, case.on)
        )
        return frozenset((*closed, *(ident for cap in caps if cap.spent for ident in cap.claims)))

    @property
    def pools(self) -> bool:
        """Whether claims may concern one project where a case says so."""
        return bool(self._pooled)

    def poolable(self, items: Items) -> frozenset[str]:
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


def read_case(
    data: object,
    subjects: Collection[SubjectSpec],
    facts: FactsOf,
    poolable: Callable[[Items], frozenset[str]],
) -> Case:
    """The case that the JSON object ``data`` states; ``poolable`` are the claims that may concern one project.

    Raises ``CaseError``, which names the path of the mistake.
    """
    if not is_object(data):
        raise CaseError("", "a case is a JSON object")
    known = {subject.id for subject in subjects}
    for key in data:
        if key not in known and key not in RESERVED:
            raise CaseError(str(key), "there is no such part of a case")
    items = read_items(data, subjects, facts)
    groups, on = data.get(SAME_PROJECT), data.get(DAY)
    return Case(
        items,
        None if groups is None else read_groups(groups, poolable(items)),
        None if on is None else dates_from_json(on, DAY),
    )


def _today(claim: Claim, standing: Truth) -> FigureSpan:
    """What can be paid of a claim by the day: nothing where it is over, perhaps nothing where that is not known."""
    award = claim.award or ZERO
    if standing is False or claim.call == "closed":
        return ZERO
    return spans.from_0(award) if standing is None or claim.call == "unknown" else award
