"""Everything that follows from a case: ``Rulebook`` compiles a policy's rules once and assesses case after case.

Pure: no I/O, no clock, no wording. What it knows of a policy it gets as data.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rules import spans, validity
from rules.case import (
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
from rules.limits import Bound, JointCap, Limiter, Projects, giving_way, merged, together, undecided_caps
from rules.programme import ProgrammeRule, Provisions
from rules.raw import is_object
from rules.scopes import Book, FactScope, changed
from rules.spans import ZERO, FigureSpan, Truth
from rules.terms import Values
from rules.values import Interval

__all__ = ["Assessment", "Claim", "Finding", "Rulebook", "Status"]

T = TypeVar("T")

RESERVED = ("same_project", "on")
"""The keys of a case that are no subject."""


@dataclass(frozen=True, slots=True)
class Assessment:
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
    parts: Mapping[str, "Assessment"] = field(default_factory=dict[str, "Assessment"])

    def of(self, claim: str) -> "Assessment":
        """The assessment of the document whose claim it is."""
        return self.parts.get(claim.partition("/")[0], self)


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
        self._touched: dict[str, list[int]] = {}
        for number, plan in enumerate(self._plans):
            for key in plan.reads:
                self._touched.setdefault(key, []).append(number)
        self._last: tuple[Case, list[list[Claim]]] | None = None
        self._pooled = frozenset(provisions.pooled)
        self._projects = Projects(provisions)
        single = next((subject.id for subject in subjects if not subject.many), "")
        self._limits = Limiter(provisions.limits, single, known, book)
        self._valid = provisions.valid
        self._calls = provisions.calls
        self._limited = frozenset(provisions.limited)
        if unknown := {*self._pooled, *(ident for group in provisions.one_project for ident in group)} - known.keys():
            raise ValueError(f"cumulation: there is no programme {', '.join(sorted(unknown))}")

    def parse(self, data: object) -> Case:
        """The case that the JSON object ``data`` states. Raises ``CaseError``, which names the path of the mistake."""
        return read_case(data, self._subjects.values(), self._facts, self.poolable)

    def assess(self, case: Case) -> Assessment:
        """Every claim of every programme, and what they come to together."""
        claims = [claim for claims in self._claims(case) for claim in claims]
        if self._calls:
            claims = [c._replace(call=validity.opening(self._calls, c.programme.id, case.on)) for c in claims]
        projects, pooled, shared_open = self._one_project(claims, case)
        limits = self._limits.put_to(claims, case)
        awards = today = [claim.award or ZERO for claim in claims]
        total = due = _total(awards, projects, pooled, limits)
        standing = None if self._valid is None else validity.standing(self._valid, case.on)
        if (self._valid is not None and standing is not True) or self._calls:
            today = [self._today(claim, standing) for claim in claims]
            due = _total(today, projects, pooled, limits)
        caps = undecided_caps(claims, limits) if limits else ()
        return Assessment(
            claims=tuple(giving_way(claims, [*projects, *limits])),
            total=to_the_fen(total),
            projects=tuple(tuple(claims[number].id for (number,) in project.groups) for project in projects),
            shared_open=shared_open,
            payable=to_the_fen(due),
            in_force=None if self._valid is None else validity.in_force(self._valid, case.on),
            today=tuple(today),
            due=due,
            caps=caps,
            over=self._over(claims, caps, case) if caps or self._valid is not None or self._calls else frozenset(),
        )

    def sum_of(self, claims: Iterable[Claim], assessment: Assessment, case: Case) -> Interval:
        """What ``claims`` of an assessment come to in yuan; the others keep their place: they may tie two to one project."""
        names = {claim.id for claim in claims}
        awards = [(claim.award if claim.id in names else None) or ZERO for claim in assessment.claims]
        projects, pooled, _ = self._one_project(assessment.claims, case)
        return to_the_fen(_total(awards, projects, pooled, self._limits.put_to(assessment.claims, case)))

    def paid(self, claim: Claim, case: Case) -> Interval | None:
        """What ``claim`` would be paid in ``case``, were all its conditions to hold; None where the text gives no figure."""
        plan = next(plan for plan in self._plans if plan.programme.id == claim.programme.id)
        return interval(plan.paid(case, claim.index))

    def asked(self, made: Callable[[FactScope], Callable[[Values], T]], claim: Claim, case: Case) -> T:
        """What a part of the claim's programme, compiled by ``made``, comes to in ``case``: a term, a test."""
        scope = FactScope(claim.programme.subject, self._book)
        read = made(scope)
        items = case.items.get(claim.programme.subject) or (ItemFacts(),)
        return read(scope.gather(items[claim.index or 0], case))

    def worth(self, programme: str) -> Interval | None:
        """What a programme pays where nothing is known; None where the text gives no figure."""
        plan = next(plan for plan in self._plans if plan.programme.id == programme)
        return interval(plan.paid(self.parse({}), None))

    def limited(self, claim: str) -> bool:
        """Whether a claim stands in a limit, or in the rule on one project."""
        return claim.partition(":")[0] in self._limited

    def _claims(self, case: Case) -> list[list[Claim]]:
        """The claims of each programme; those that nothing new touches are the last case's own."""
        if self._last is None:
            found = [plan.claims(case) for plan in self._plans]
        else:
            before, found = self._last
            found = found.copy()
            touched = {number for key in changed(before, case) for number in self._touched.get(key, ())}
            for number in touched:
                found[number] = self._plans[number].claims(case)
        self._last = (case, found)
        return found

    def _today(self, claim: Claim, standing: Truth) -> FigureSpan:
        """What can be paid of a claim by the day: nothing where it is over, perhaps nothing where that is not known."""
        award = claim.award or ZERO
        if (self._valid is not None and standing is False) or claim.call == "closed":
            return ZERO
        unsure = (self._valid is not None and standing is None) or claim.call == "unknown"
        return spans.from_0(award) if unsure else award

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

    def _one_project(self, claims: Sequence[Claim], case: Case) -> tuple[list[Bound], list[Bound], bool]:
        """The projects as bounds, known and at worst, and whether claims that are alive may be one unsaid."""
        if not self._pooled and not self._projects.always_one:
            none: list[Bound] = []
            return none, none, False
        place = {claim.id: number for number, claim in enumerate(claims)}
        always = self._projects.always(claims)
        known = _bounds(merged([*always, *(case.same_project or ())]), place)
        if case.same_project is not None:
            return known, known, False
        pool = self._projects.pool(claims)
        alive = {claim.id for claim in claims if claim.status is not Status.INELIGIBLE and claim.award is not None}
        first = {ident: group[0] for group in always for ident in group}
        shared_open = len({first.get(ident, ident) for ident in pool if ident in alive}) > 1
        return known, _bounds(merged([*always, pool]), place), shared_open

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
    groups, on = data.get("same_project"), data.get("on")
    return Case(
        items,
        None if groups is None else read_groups(groups, poolable(items)),
        None if on is None else dates_from_json(on, "on"),
    )


def _bounds(projects: Sequence[Sequence[str]], place: dict[str, int]) -> list[Bound]:
    """Of each project only the highest claim is paid; in the order of the claims."""
    numbers = sorted(sorted(place[ident] for ident in project) for project in projects)
    return [Bound(tuple((number,) for number in project), None) for project in numbers]


def _total(awards: Sequence[FigureSpan], projects: list[Bound], pooled: list[Bound], limits: list[Bound]) -> FigureSpan:
    """The least, with all claims that may be one project taken for one, and the most."""
    most = together(awards, [*projects, *limits])
    low = most.low if pooled is projects else together(awards, [*pooled, *limits]).low
    return FigureSpan(low, most.high)
