"""What claims come to together: one project paid once, caps, the highest of several, groups that exclude each other.

Works on the finished claims of an assessment, in their order; of facts it reads no more than a cap's own.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from itertools import chain
from typing import NamedTuple

from rules import spans
from rules.case import Case, ItemFacts
from rules.claims import Claim, Status
from rules.figures import reader
from rules.programme import Cap, Exclusive, Limit, Provisions
from rules.scopes import Book, FactScope
from rules.spans import ZERO, FigureSpan, Number, exactly
from rules.terms import Reader, Values


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit put to claims, by their numbers: ``cap`` on all of them, one group, or, None, the highest of the ``groups``.

    ``missing`` are the paths that could still change the cap.
    """

    groups: Sequence[Sequence[int]]
    cap: FigureSpan | None
    supersedes: bool = True
    missing: tuple[str, ...] = ()

    @property
    def members(self) -> Iterator[int]:
        """The claims that it limits, each once."""
        return chain.from_iterable(self.groups)

    def of(self, sums: Sequence[FigureSpan]) -> FigureSpan:
        """What the groups come to under this limit."""
        return spans.greatest(sums) if self.cap is None else spans.at_most(spans.added(sums), self.cap)


class JointCap(NamedTuple):
    """A cap on ``claims`` that facts decide: it is used up (``spent``), or hangs on what is not known yet (``missing``)."""

    claims: tuple[str, ...]
    spent: bool
    missing: tuple[str, ...]


def undecided_caps(claims: Sequence[Claim], bounds: Iterable[Bound]) -> tuple[JointCap, ...]:
    """The caps of ``bounds`` that are used up, or that an answer could still change."""
    return tuple(
        JointCap(tuple(claims[number].id for number in bound.members), bound.cap.high == 0, bound.missing)
        for bound in bounds
        if bound.cap is not None and (bound.missing or bound.cap.high == 0)
    )


class Limiter:
    """A document's limits, compiled. Raises ``ValueError`` where they name what there is not."""

    def __init__(self, limits: Sequence[Limit], subject: str, subjects: Mapping[str, str], book: Book) -> None:
        self._limits: list[_Compiled] = []
        for limit in limits:
            if unknown := {*limit.programmes} - subjects.keys():
                raise ValueError(f"limits: there is no programme {', '.join(sorted(unknown))}")
            own = subjects[limit.programmes[0]] if limit.per else subject
            self._limits.append(_Compiled(limit, own, book))

    def put_to(self, claims: Sequence[Claim], case: Case) -> list[Bound]:
        """The limits as they bind ``claims``, in their order."""
        if not self._limits:
            return []
        numbers: dict[str, list[int]] = {}
        for number, claim in enumerate(claims):
            numbers.setdefault(claim.programme.id, []).append(number)
        return [bound for limit in self._limits for bound in limit.bounds(claims, numbers, case)]


class _Compiled:
    """A limit with the readers of its cap."""

    def __init__(self, limit: Limit, subject: str, book: Book) -> None:
        self.limit = limit
        self._subject = subject
        self._scope = FactScope(subject, book)
        self._cap: Reader | None = None
        self._less: Reader | None = None
        self._places: tuple[int, ...] = ()
        if isinstance(limit, Cap):
            amount, less = limit.amount, limit.less
            self._cap, own = self._scope.used(lambda: reader(amount, self._scope))
            if less is not None:
                self._less, further = self._scope.used(lambda: less.compiled(self._scope))
                own = (*own, *further)
            self._places = tuple(dict.fromkeys(own))

    def bounds(self, claims: Sequence[Claim], numbers: Mapping[str, list[int]], case: Case) -> Iterator[Bound]:
        """Once for the enterprise, or once for each index."""
        named = self.limit.of if self._cap is None else [self.limit.programmes]
        groups = [[number for name in group for number in numbers[name]] for group in named]
        if not self.limit.per:
            yield self._bound(groups, case, None)
            return
        by_index: dict[int | None, list[list[int]]] = {}
        for place, group in enumerate(groups):
            for number in group:
                mine = by_index.setdefault(claims[number].index, [[] for _ in groups])
                mine[place].append(number)
        for index, mine in by_index.items():
            yield self._bound(mine, case, index)

    def _bound(self, groups: Sequence[Sequence[int]], case: Case, index: int | None) -> Bound:
        named = [*filter(None, groups)]
        if self._cap is None:
            return Bound(named, None, not isinstance(self.limit, Exclusive))
        items = case.items.get(self._subject) or ()
        item = items[index or 0] if len(items) > (index or 0) else ItemFacts()
        values = self._scope.gather(item, case)
        cap = self._cap(values) or ZERO
        less = self._less(values) if self._less is not None else None
        if less is not None:
            cap = spans.added((cap, spans.opposite(less)))
        return Bound(named, spans.at_least(cap, ZERO), missing=self._missing(values, index))

    def _missing(self, values: Values, index: int | None) -> tuple[str, ...]:
        """The paths that could still change the cap; none of an item of which it is not known whether there is one."""
        if not self._places:
            return ()
        paths = dict.fromkeys(self._scope.open_paths(self._places, values, index))
        nobodys = f"{self._subject}." if self.limit.per and index is None else None
        return tuple(path for path in paths if nobodys is None or not path.startswith(nobodys))


class Projects:
    """A document's rule on cumulation, compiled: which claims are one project, index by index or by what is said."""

    def __init__(self, provisions: Provisions) -> None:
        self._pooled = frozenset(provisions.pooled)
        groups = merged(provisions.one_project)
        self.always_one = {programme: number for number, group in enumerate(groups) for programme in group}

    def always(self, claims: Iterable[Claim]) -> list[list[str]]:
        """The claims that are one project whatever is said: index by index, those without an index too."""
        together: dict[tuple[int, int | None], list[str]] = {}
        for claim in claims:
            number = self.always_one.get(claim.programme.id)
            if number is not None:
                together.setdefault((number, claim.index), []).append(claim.id)
        return list(together.values())

    def pool(self, claims: Iterable[Claim]) -> list[str]:
        """The claims that may be one project."""
        return [claim.id for claim in claims if claim.programme.id in self._pooled]


def merged(groups: Iterable[Sequence[str]]) -> list[list[str]]:
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


def together(awards: Sequence[FigureSpan], bounds: Sequence[Bound]) -> FigureSpan:
    """What ``awards`` come to under ``bounds``, applied in their order."""
    bounds = [bound for bound in bounds if bound.groups]
    if not bounds:
        return spans.added(awards)
    limited = [number for bound in bounds for number in bound.members]
    counted = {*limited}
    if len(limited) == len(counted):  # no claim is limited twice
        apart = [_alone(awards, bound) for bound in bounds]
    else:
        apart = [_nested(awards, component) or _crossed(awards, component) for component in _components(bounds)]
    return spans.added([*apart, *(award for number, award in enumerate(awards) if number not in counted)])


def _alone(awards: Sequence[FigureSpan], bound: Bound) -> FigureSpan:
    """What the claims of a bound come to under it alone."""
    return bound.of([_sum(awards, group) for group in bound.groups])


def _sum(awards: Sequence[FigureSpan], group: Sequence[int]) -> FigureSpan:
    """What a group comes to."""
    return awards[group[0]] if len(group) == 1 else spans.added([awards[number] for number in group])


def _components(bounds: Sequence[Bound]) -> list[list[Bound]]:
    """Bounds linked by claims that they share, each in the order of the list."""
    return [[bounds[number] for number in component] for component in linked([bound.members for bound in bounds])]


def linked(sets: Sequence[Iterable[Hashable]]) -> list[list[int]]:
    """The numbers of ``sets`` linked by members that they share, each in the order of the list."""
    joined = [*range(len(sets))]

    def first(number: int) -> int:
        while joined[number] != number:
            joined[number] = joined[joined[number]]
            number = joined[number]
        return number

    holder: dict[Hashable, int] = {}
    for number, members in enumerate(sets):
        for member in members:
            joined[first(number)] = first(holder.setdefault(member, number))
    components: dict[int, list[int]] = {}
    for number in range(len(sets)):
        components.setdefault(first(number), []).append(number)
    return [*components.values()]


def _nested(awards: Sequence[FigureSpan], bounds: Sequence[Bound]) -> FigureSpan | None:
    """Each bound takes what those within it have come to; None where one cuts across another."""
    holder = {number: number for bound in bounds for number in bound.members}
    within = {number: [number] for number in holder}
    held = {number: awards[number] for number in holder}
    for bound in bounds:
        taken = [[*{holder[number]: None for number in group}] for group in bound.groups]
        for keys, group in zip(taken, bound.groups, strict=True):
            if sum(len(within[key]) for key in keys) > len(group):
                return None
        result = bound.of([spans.added([held[key] for key in keys]) for keys in taken])
        keys = [key for part in taken for key in part]
        kept = max(keys, key=lambda key: len(within[key]))
        for key in keys:
            del held[key]
            if key != kept:
                within[kept] += within[key]
                holder |= dict.fromkeys(within.pop(key), kept)
        held[kept] = result
    return spans.added(held.values())


def _crossed(awards: Sequence[FigureSpan], bounds: Sequence[Bound]) -> FigureSpan:
    """What limits that cut across each other leave: exactly where all is exact, else between bounds that hold."""
    members = sorted({number for bound in bounds for number in bound.members})
    if all(awards[number].exact for number in members) and all(b.cap is None or b.cap.exact for b in bounds):
        return _one_after_the_other({number: awards[number].low or 0 for number in members}, bounds)
    lows = [awards[number].low or 0 for number in members]
    caps = [bound.cap.low for bound in bounds if bound.cap is not None and bound.cap.low is not None]
    return FigureSpan(min([max(lows), *caps]), _most(awards, members, bounds))


def _one_after_the_other(paid: dict[int, Number], bounds: Sequence[Bound]) -> FigureSpan:
    for bound in bounds:
        if bound.cap is None:
            sums = [_whole(paid[number] for number in group) for group in bound.groups]
            winner = sums.index(max(sums))
            for place, group in enumerate(bound.groups):
                paid |= dict.fromkeys(group, 0) if place != winner else {}
            continue
        (group,) = bound.groups
        over = spans.plus(_whole(paid[number] for number in group), -(bound.cap.high or 0))
        for number in sorted(group, reverse=True):
            taken = max(min(over, paid[number]), 0)
            paid[number] = spans.plus(paid[number], -taken)
            over = spans.plus(over, -taken)
    return exactly(_whole(paid.values()))


def _whole(amounts: Iterable[Number]) -> Number:
    return reduce(spans.plus, amounts, Decimal(0))


def _most(awards: Sequence[FigureSpan], members: Sequence[int], bounds: Sequence[Bound]) -> Number | None:
    """The smallest sum of a bound's maximum, of each further one's in order that shares no claim, and of the rest's."""
    sets = [frozenset(bound.members) for bound in bounds]
    tops = [_alone(awards, bound) for bound in bounds]

    def taken_with(begun: int) -> list[int]:
        taken, covered = [begun], {*sets[begun]}
        for number, mine in enumerate(sets):
            if covered.isdisjoint(mine):
                covered |= mine
                taken.append(number)
        return taken

    def most(taken: Sequence[int]) -> FigureSpan:
        covered = frozenset[int]().union(*(sets[number] for number in taken))
        rest = [awards[number] for number in members if number not in covered]
        return FigureSpan(0, spans.added([*(tops[number] for number in taken), *rest]).high)

    # whoever of these begins, the same are taken
    usual = taken_with(0)
    others = {*range(len(bounds))}.difference(usual)
    return spans.least([most(usual), *(most(taken_with(number)) for number in others)]).high


def giving_way(claims: Sequence[Claim], bounds: Iterable[Bound]) -> list[Claim]:
    """``claims``, those that the leading group of a bound is paid instead of marked."""
    marked = list(claims)
    for bound in bounds:
        if bound.cap is not None or not bound.supersedes:
            continue
        rivals = [found for group in bound.groups if (found := _eligible(claims, group))]
        if len(rivals) < 2:
            continue
        # max keeps the first of equals
        leading = max(rivals, key=lambda group: spans.added(award for _, award in group).low or 0)
        leader = claims[leading[0][0]].id
        for number, award in (each for group in rivals if group is not leading for each in group):
            if award.exact and marked[number].superseded_by is None:
                marked[number] = marked[number]._replace(superseded_by=leader)
    return marked


def _eligible(claims: Sequence[Claim], group: Iterable[int]) -> list[tuple[int, FigureSpan]]:
    """The eligible claims of ``group`` that have a figure."""
    found: list[tuple[int, FigureSpan]] = []
    for number in group:
        award = claims[number].award
        if claims[number].status is Status.ELIGIBLE and award is not None:
            found.append((number, award))
    return found
