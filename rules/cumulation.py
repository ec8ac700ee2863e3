"""The claims of one project are paid once, the highest: which claims are one project, which leads, what the total is.

Works on the finished claims of an assessment, in their order; knows no facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from rules.amounts import ZERO
from rules.claims import Claim, Status
from rules.programme import Cumulation
from rules.values import Interval

Cumulated: TypeAlias = tuple[tuple[Claim, ...], Interval, tuple[tuple[str, ...], ...], bool]
"""The claims, those that give way marked; the total; the known projects; whether projects are open (see Assessment)."""


class Cumulator:
    """A policy's rule on cumulation, compiled: ``cumulate`` applies it to the claims of an assessment."""

    def __init__(self, cumulation: Cumulation) -> None:
        self._pooled = frozenset(cumulation.pooled)
        self._always_one = {
            programme: number for number, group in enumerate(_merged(cumulation.one_project)) for programme in group
        }

    def cumulate(self, claims: list[Claim], same_project: Iterable[Sequence[str]] | None) -> Cumulated:
        """What ``claims`` come to; ``same_project`` None = not known which of them are one project as well.

        The list is used up: in it, the claims that give way are replaced.
        """
        always = self._one_whatever_is_said(claims)
        place = {claim.id: number for number, claim in enumerate(claims)}
        groups = _merged([*always, *(same_project or ())])
        shared = sorted([sorted(group, key=place.__getitem__) for group in groups], key=lambda one: place[one[0]])
        amounts = {claim.id: claim.amount for claim in claims if claim.amount}
        least, most = _total(amounts, shared)
        shared_open = False
        if same_project is None:
            pool = [claim.id for claim in claims if claim.programme.id in self._pooled]
            least, _ = _total(amounts, _merged([*always, pool]))
            alive = {claim.id for claim in claims if claim.status is not Status.INELIGIBLE} & amounts.keys()
            first = {ident: group[0] for group in always for ident in group}
            shared_open = len({first.get(ident, ident) for ident in pool if ident in alive}) > 1
        for project in shared:
            members = [claims[place[ident]] for ident in project]
            for claim, leader in _giving_way(members):
                claims[place[claim.id]] = replace(claim, superseded_by=leader.id)
        return tuple(claims), Interval(least, most), tuple(map(tuple, shared)), shared_open

    def _one_whatever_is_said(self, claims: Iterable[Claim]) -> list[list[str]]:
        """The claims that are always one project: index by index, those without an index too."""
        together: dict[tuple[int, int | None], list[str]] = {}
        for claim in claims:
            number = self._always_one.get(claim.programme.id)
            if number is not None:
                together.setdefault((number, claim.index), []).append(claim.id)
        return list(together.values())


def _merged(groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """``groups`` without those of one member; groups that share a member are one."""
    group_of: dict[str, list[str]] = {}
    for group in groups:
        for ident in group:
            into, out = group_of.setdefault(group[0], [group[0]]), group_of.setdefault(ident, [ident])
            if into is not out:
                if len(into) < len(out):
                    into, out = out, into
                into += out
                for member in out:
                    group_of[member] = into
    return list({id(group): group for group in group_of.values() if len(group) > 1}.values())


def _total(amounts: Mapping[str, Interval], shared: Iterable[Sequence[str]]) -> tuple[Decimal, Decimal | None]:
    """The least and the most of all ``amounts``, of which each group of ``shared`` counts once, with its highest."""
    alone = dict(amounts)
    counted: list[Interval] = []
    for project in shared:
        rivals = [alone.pop(ident) for ident in project if ident in alone]
        if rivals:
            counted.append(_highest(rivals))
    least, most = ZERO, ZERO
    unbounded = False
    for amount in (*alone.values(), *counted):
        least += amount.min
        if amount.max is None:
            unbounded = True
        else:
            most += amount.max
    return least, None if unbounded else most


def _highest(amounts: Sequence[Interval]) -> Interval:
    most = [amount.max for amount in amounts if amount.max is not None]
    return Interval(max(amount.min for amount in amounts), max(most) if len(most) == len(amounts) else None)


def _giving_way(project: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """The claims of ``project`` that its leader supersedes, each with the leader."""
    rivals = [(claim, claim.amount) for claim in project if claim.status is Status.ELIGIBLE and claim.amount]
    if len(rivals) > 1:
        # max keeps the first of equals: the order of the programmes, then of the items
        leader, _ = max(rivals, key=lambda rival: rival[1].min)
        yield from ((claim, leader) for claim, amount in rivals if claim is not leader and amount.min == amount.max)
