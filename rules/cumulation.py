"""The claims of one project are paid once, the highest: which claims are one project, which leads, what the total is.

Works on the finished claims of an assessment, in their order; knows no facts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from rules.amounts import ZERO
from rules.claims import Claim, Status
from rules.programme import Cumulation
from rules.values import Interval

Cumulated: TypeAlias = tuple[tuple[Claim, ...], Interval, tuple[tuple[str, ...], ...], bool]
"""The claims, those that give way marked; the total; the known projects; whether projects are open (see Assessment)."""


def cumulate(claims: list[Claim], same_project: Iterable[Sequence[str]] | None, cumulation: Cumulation) -> Cumulated:
    """Apply ``cumulation`` to ``claims``; ``same_project`` None = not known which further claims are one project."""
    always = _always_one(claims, cumulation)
    known = _projects(claims, [*always, *(same_project or ())])
    total = Interval(_sum_of_mins(known), _sum_of_maxes(known))
    shared_open = False
    if same_project is None:
        pool = [claim.id for claim in claims if claim.programme.id in cumulation.pooled]
        total = Interval(_sum_of_mins(_projects(claims, [*always, pool])), total.max)
        alive = {claim.id for claim in claims if claim.status is not Status.INELIGIBLE and claim.amount}
        shared_open = sum(not alive.isdisjoint(project) for project in _grouped(pool, always)) > 1
    shared = [project for project in known if len(project) > 1]
    gives_way = {ident: leader for project in shared for ident, leader in _giving_way(project)}
    return (
        tuple(replace(c, superseded_by=gives_way[c.id]) if c.id in gives_way else c for c in claims)
        if gives_way
        else tuple(claims),
        total,
        tuple(tuple(claim.id for claim in project) for project in shared),
        shared_open,
    )


def _always_one(claims: Sequence[Claim], cumulation: Cumulation) -> list[list[str]]:
    """The claims that are one project whatever the case says: index by index, those without one too."""
    together: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    for number, programmes in enumerate(cumulation.one_project):
        for claim in claims:
            if claim.programme.id in programmes:
                together[number, claim.index].append(claim.id)
    return list(together.values())


def _projects(claims: Sequence[Claim], groups: Iterable[Sequence[str]]) -> list[list[Claim]]:
    """``claims`` by project, in order: those linked by ``groups`` of claim ids together, every other one by itself."""
    by_id = {claim.id: claim for claim in claims}
    return [[by_id[ident] for ident in project] for project in _grouped(by_id, groups)]


def _grouped(idents: Iterable[str], groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """``idents`` in groups: ``groups`` that share a member are one, the rest are alone; members in their order."""
    order = {ident: place for place, ident in enumerate(idents)}
    group_of = {ident: [ident] for ident in order}
    for group in groups:
        for ident in group:
            if ident not in order or group[0] not in order:
                continue
            into, out = group_of[group[0]], group_of[ident]
            if into is not out:
                if len(into) < len(out):
                    into, out = out, into
                into += out
                for member in out:
                    group_of[member] = into
    distinct = {id(group): group for group in group_of.values()}
    return [sorted(group, key=order.__getitem__) for group in distinct.values()]


def _sum_of_mins(projects: Iterable[Sequence[Claim]]) -> Decimal:
    return sum((max((c.amount.min for c in p if c.amount), default=ZERO) for p in projects), ZERO)


def _sum_of_maxes(projects: Iterable[Sequence[Claim]]) -> Decimal | None:
    total = ZERO
    for project in projects:
        maxes = [claim.amount.max for claim in project if claim.amount]
        if None in maxes:
            return None
        total += max((most for most in maxes if most is not None), default=ZERO)
    return total


def _giving_way(project: Sequence[Claim]) -> Iterable[tuple[str, str]]:
    """The claims of ``project`` that its leader supersedes, with the leader."""
    rivals = [(c, c.amount) for c in project if c.status is Status.ELIGIBLE and c.amount]
    if rivals:
        # max keeps the first of equals: the order of the programmes, then of the items
        leader, _ = max(rivals, key=lambda rival: rival[1].min)
        for claim, amount in rivals:
            if claim is not leader and amount.min == amount.max:
                yield claim.id, leader.id
