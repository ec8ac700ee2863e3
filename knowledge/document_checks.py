"""What must hold of what a document says of several programmes: demands, limits, days, calls, selection, coverage.

Knows no file, no line and no policy.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from knowledge.draft import Draft, Located, Place
from knowledge.measures import DAYS, MONEY, MONTHS, YEARS
from knowledge.policy import Programme
from knowledge.quoted import has_money, of_an_event
from knowledge.rule_checks import RuleCheck
from knowledge.term_checks import Ground, bare
from rules.conditions import Meets
from rules.dates import Dates
from rules.limits import linked
from rules.programme import ApplicationCall, Cap, Cumulation, Exclusive, Limit, Requirement, Valid
from rules.walk import names, parts


class DocumentCheck:
    """Notes what is wrong with a document's provisions in ``check.found``."""

    def __init__(self, draft: Draft, check: RuleCheck) -> None:
        self._draft = draft
        self._check = check
        self._programmes = {entry.part.id: entry.part for entry in draft.programmes}
        self._single = next((entry.part.id for entry in draft.subjects if not entry.part.many), "")

    def all(self) -> None:
        """Every provision, the cycles among programmes and facts, and the clauses that nothing models."""
        draft = self._draft
        for demand in draft.requires:
            self._requirement(demand.part, demand.at)
        for limit in draft.limits:
            self._limit(limit.part, limit.at)
        self._order(draft.limits)
        self._groups_across(draft.limits)
        if draft.valid:
            self._valid(draft.valid.part, draft.valid.at)
        for call in draft.calls:
            self._call(call.part, call.at)
        for one in draft.selection:
            self._named(one.part.programmes, (*one.at, "programmes"))
            self._check.stand(one.part.quote, one.part.clause, one.at, Ground((self._single,)))
        if draft.across:
            self._named(draft.across.part.programmes, (*draft.across.at, "programmes"))
            self._check.stand(
                draft.across.part.quote, draft.across.part.clause, draft.across.at, Ground((self._single,))
            )
        for office in draft.offices:
            self._named(office.part.programmes, (*office.at, "programmes"))
            self._check.stand(office.part.quote, office.part.clause, office.at, Ground((self._single,)), needed=False)
        if draft.cumulation:
            self._cumulation(draft.cumulation.part, draft.cumulation.at)
        self._cycles()
        self._coverage()

    def _named(self, idents: Sequence[str], at: Place) -> list[Programme]:
        """The programmes that are named, noted where there is none."""
        known = [ident for index, ident in enumerate(idents) if self._check.known("programmes", ident, (*at, index))]
        return [self._programmes[ident] for ident in known if ident in self._programmes]

    def _requirement(self, demand: Requirement, at: Place) -> None:
        self._named(demand.programmes, (*at, "programmes"))
        self._named(demand.spared, (*at, "except"))
        if demand.programmes and demand.spared:
            message = (
                "`programmes` names all that this is demanded of, and `except` all of which it is not; keep one of them"
            )
            self._check.note((*at, "except"), message)
        subjects = {one.subject for one in self._programmes.values() if demand.concerns(one.id)}
        lists = {subject for subject in subjects if self._check.many.get(subject)}
        own = next(iter(lists)) if len(subjects) == 1 and lists else self._single
        ground = self._check.stand(demand.quote, demand.clause, at, Ground((own,)), needed=False)
        self._check.condition(demand.condition, (*at, "condition"), ground)

    def _limit(self, limit: Limit, at: Place) -> None:
        check = self._check
        for index, group in enumerate(limit.of):
            self._named(group, (*at, "of", index))
        repeated = [ident for ident in limit.programmes if sum(group.count(ident) for group in limit.of) > 1]
        for ident in repeated:
            check.note((*at, "of"), f"`{ident}` is named twice; name each programme once in a limit")
        if len(limit.of) == 1 and not isinstance(limit, Cap):
            message = f"`{limit.kind}` is between groups, and this is one; name the others as groups beside it, or remove the limit"
            check.note((*at, "of"), message)
        subjects = {one.subject for ident in limit.programmes if (one := self._programmes.get(ident))}
        shared = next(iter(subjects)) if len(subjects) == 1 else self._single
        if limit.per and (len(subjects) > 1 or (subjects and not check.many.get(shared))):
            message = "`per: item` is one limit for each item; it needs programmes that share a list subject"
            check.note((*at, "per"), message)
        ground = Ground((shared if limit.per else self._single,))
        ground = check.stand(limit.quote, limit.clause, at, ground, needed=not isinstance(limit, Exclusive))
        if isinstance(limit, Cap):
            check.figure(limit.amount, (*at, "amount"), ground, MONEY)
            if limit.less is not None:
                check.same(check.term(limit.less, (*at, "less"), ground, MONEY), MONEY, (*at, "less"))

    def _order(self, limits: Sequence[Located[Limit]]) -> None:
        """Inner limits stand before those that contain them."""
        for place, outer in enumerate(limits):
            for inner in limits[place + 1 :]:
                if _within(inner.part, outer.part) and not _within(outer.part, inner.part):
                    message = (
                        f"this limit lies within that on {_listed(outer.part.programmes)}; write inner limits before those"
                        " that contain them"
                    )
                    self._check.note(inner.at, message)

    def _groups_across(self, limits: Sequence[Located[Limit]]) -> None:
        """Groups of several are for limits that lie within each other; else nobody could say which of a group is left."""
        for component in linked([limit.part.programmes for limit in limits]):
            mine = [limits[number] for number in component]
            if _nested([limit.part for limit in mine]):
                continue
            for limit in mine:
                if not isinstance(limit.part, Cap) and any(len(group) > 1 for group in limit.part.of):
                    others = ", ".join(
                        sorted({ident for other in mine if other is not limit for ident in other.part.programmes})
                    )
                    message = (
                        f"groups of several programmes need limits within each other, and this one and that on {others} cut"
                        " across each other; name the programmes one by one, or let the one limit lie within a group of the other"
                    )
                    self._check.note((*limit.at, "of"), message)

    def _valid(self, valid: Valid, at: Place) -> None:
        check = self._check
        ground = check.stand(valid.quote, valid.clause, at, Ground((self._single,)))
        if isinstance(valid.first, Dates) and not of_an_event(ground.quote):
            check.states_day(valid.first, (*at, "from"), ground, False)
        if isinstance(valid.until, Dates):
            check.states_day(valid.until, (*at, "until"), ground, True)
        if valid.lasting is not None:
            for name, unit in (("years", YEARS), ("months", MONTHS), ("days", DAYS)):
                check.states(Decimal(getattr(valid.lasting, name)), unit, (*at, "for", name), ground)
        ends = [valid.until, valid.repealed]
        for name, end in zip(("until", "repealed"), ends, strict=True):
            if isinstance(end, Dates) and isinstance(valid.first, Dates) and _before(end, valid.first):
                check.note((*at, name), f"`{name}` is earlier than `from`")

    def _call(self, call: ApplicationCall, at: Place) -> None:
        self._named(call.programmes, (*at, "programmes"))
        ground = self._check.stand(call.quote, call.clause, at, Ground((self._single,)))
        for name, day, end in (("from", call.first, False), ("to", call.last, True)):
            if isinstance(day, Dates) and not (name == "from" and of_an_event(ground.quote)):
                self._check.states_day(day, (*at, name), ground, end)
        if isinstance(call.first, Dates) and isinstance(call.last, Dates) and _before(call.last, call.first):
            self._check.note((*at, "to"), "`to` is earlier than `from`")

    def _cumulation(self, cumulation: Cumulation, at: Place) -> None:
        self._check.known("clauses", cumulation.clause, (*at, "clause"))
        self._check.quote(cumulation.quote, self._check.clauses.get(cumulation.clause), (*at, "quote"))
        self._named(cumulation.pooled, (*at, "pooled"))
        for index, group in enumerate(cumulation.one_project):
            self._named(group, (*at, "one_project", index))

    def _cycles(self) -> None:
        """No programme meets itself by way of others, no fact is derived from itself."""
        meets = {
            ident: {part.programme for part in parts(programme.conditions) if isinstance(part, Meets)}
            for ident, programme in self._programmes.items()
        }
        places = {entry.part.id: (*entry.at, "conditions") for entry in self._draft.programmes}
        for ident in _circular(meets):
            self._check.note(places[ident], f"`{ident}` meets itself, by way of others or at once; break the circle")
        follows = {
            ident: {name.partition("@")[0] for name in names(fact.derive)}
            for ident, fact in self._check.facts.items()
            if fact.derive is not None
        }
        homes = {entry.part.id: (*entry.at, "derive") for entry in self._draft.facts}
        for ident in _circular(follows):
            self._check.note(
                homes[ident], f"`{ident}` is derived from itself, by way of others or at once; break the circle"
            )

    def _coverage(self) -> None:
        """Every clause that holds money is modelled, or is said not to be and why."""
        check = self._check
        for one in self._draft.not_modelled:
            if check.known("clauses", one.part.clause, (*one.at, "clause")) and one.part.quote:
                check.quote(one.part.quote, check.clauses.get(one.part.clause), (*one.at, "quote"))
        ids = self._draft.ids["programmes"]
        if not self._draft.covers or ids is None or len(self._programmes) < len(ids):
            return  # what could not be read may model it
        modelled = self._modelled()
        for entry in self._draft.clauses:
            if entry.part.id not in modelled and has_money(entry.part.text):
                message = (
                    f"clause {entry.part.id} holds money, and no programme, limit, requirement or selection names it; model it,"
                    " or say in `not_modelled` why not"
                )
                check.note(entry.at, message)

    def _modelled(self) -> set[str]:
        """The clauses that something is modelled of."""
        draft = self._draft
        rules = [entry.part for entry in (*draft.requires, *draft.limits, *draft.selection)]
        named = {one.part.clause for one in draft.not_modelled}
        if draft.cumulation:
            named.add(draft.cumulation.part.clause)
        for part in parts(tuple(self._programmes.values())):
            named |= {getattr(part, "clause", None) or ""}
        for part in parts(tuple(rules)):
            clause, quote = getattr(part, "clause", None), str(getattr(part, "quote", ""))
            named |= {clause} if isinstance(clause, str) else self._homes(quote) if quote else set[str]()
        return named

    def _homes(self, quote: str) -> set[str]:
        """The clauses in which a quote stands."""
        return {ident for ident, clause in self._check.clauses.items() if bare(quote) in bare(clause.text)}


def _within(inner: Limit, outer: Limit) -> bool:
    """Whether all that ``inner`` limits counts together under ``outer``."""
    members = {*inner.programmes}
    if outer.per and not inner.per:
        return False
    if isinstance(outer, Cap):
        return members <= {*outer.programmes}
    return any(members <= {*group} for group in outer.of)


def _nested(limits: Sequence[Limit]) -> bool:
    """Whether of all limits each lies within one group of those after it that it shares programmes with."""
    for place, inner in enumerate(limits):
        for outer in limits[place + 1 :]:
            if not {*inner.programmes}.isdisjoint(outer.programmes) and not _within(inner, outer):
                return False
    return True


def _circular(edges: Mapping[str, set[str]]) -> Iterator[str]:
    """The nodes that lead back to themselves."""
    for start in edges:
        reached: set[str] = set()
        waiting = [*edges[start]]
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting += edges.get(node, ())
        if start in reached:
            yield start


def _before(end: Dates, first: Dates) -> bool:
    return end.last is not None and first.first is not None and end.last < first.first


def _listed(idents: Sequence[str]) -> str:
    return ", ".join(f"`{ident}`" for ident in idents)
