"""What claims come to together: one project paid once, caps, the highest of several, groups that exclude each other.

Works on the finished claims of an assessment, in their order; of facts it reads no more than a cap's own.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from heapq import nlargest
from itertools import chain
from typing import NamedTuple, TypeAlias

from rules import spans
from rules.case import Case, ItemFacts
from rules.claims import Claim, Status
from rules.figures import reader
from rules.programme import Cap, Highest, Limit, Provisions
from rules.scopes import Book, FactScope
from rules.spans import ZERO, FigureSpan, Number, exactly
from rules.terms import Reader, Values

NumberGroups: TypeAlias = Sequence[Sequence[int]]
"""What a limit binds, group by group: claims or, where it binds all claims of some programmes, sums of them, by number."""


class Bound(NamedTuple):
    """A limit put to its groups, by their numbers: ``cap`` on all of them, one group, or, None, the highest of the ``groups``.

    ``missing`` are the paths that could still change the cap.
    """

    groups: NumberGroups
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


def undecided(bound: Bound, claims: Iterable[Claim]) -> JointCap | None:
    """The cap of a bound on ``claims`` where it is used up, or where an answer could still change it."""
    if bound.cap is None or not (bound.missing or bound.cap.high == 0):
        return None
    return JointCap(tuple(claim.id for claim in claims), bound.cap.high == 0, bound.missing)


class CompiledLimit:
    """A limit with the readers of its cap; ``subject`` is whose facts it may name, beside those that there is one of."""

    def __init__(self, limit: Limit, subject: str, book: Book) -> None:
        self.programmes = limit.programmes
        self.groups = (limit.programmes,) if isinstance(limit, Cap) else limit.of
        self.each_item = limit.per is not None
        self.supersedes = isinstance(limit, Highest)
        self.caps = isinstance(limit, Cap)
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
        self.reads = self._scope.reads if self._places else frozenset[str]()

    def groups_of(self, claims: Sequence[Claim]) -> Iterator[tuple[NumberGroups, int | None]]:
        """What it binds of ``claims``, by their numbers: once for the enterprise, or once for each index, given with it."""
        numbers: dict[str, list[int]] = {}
        for number, claim in enumerate(claims):
            numbers.setdefault(claim.programme.id, []).append(number)
        groups = [[number for name in group for number in numbers[name]] for group in self.groups]
        if not self.each_item:
            yield groups, None
            return
        by_index: dict[int | None, list[list[int]]] = {}
        for place, group in enumerate(groups):
            for number in group:
                mine = by_index.setdefault(claims[number].index, [[] for _ in groups])
                mine[place].append(number)
        for index, mine in by_index.items():
            yield [*filter(None, mine)], index

    def bound(self, groups: NumberGroups, case: Case, index: int | None) -> Bound:
        """It put to ``groups``, for the item ``index`` of a list."""
        if self._cap is None:
            return Bound(groups, None, self.supersedes)
        items = case.items.get(self._subject) or ()
        item = items[index or 0] if len(items) > (index or 0) else ItemFacts()
        values = self._scope.gather(item, case)
        cap = self._cap(values) or ZERO
        less = self._less(values) if self._less is not None else None
        if less is not None:
            cap = spans.added((cap, spans.opposite(less)))
        return Bound(groups, spans.at_least(cap, ZERO), False, self._missing(values, index))

    def _missing(self, values: Values, index: int | None) -> tuple[str, ...]:
        """The paths that could still change the cap; none of an item of which it is not known whether there is one."""
        if not self._places:
            return ()
        paths = dict.fromkeys(self._scope.open_paths(self._places, values, index))
        nobodys = f"{self._subject}." if self.each_item and index is None else None
        return tuple(path for path in paths if nobodys is None or not path.startswith(nobodys))


class OneProject(NamedTuple):
    """Projects as bounds: those that are ``known``, and those that there are ``perhaps``, with all that may be one as one.

    ``names`` are the claims of each known one. ``matters``: the claims that may be one, by number, each with the first of
    those that it is one with anyway; none where it is said which are.
    """

    known: Sequence[Bound] = ()
    perhaps: Sequence[Bound] = ()
    names: tuple[tuple[str, ...], ...] = ()
    matters: Mapping[int, int] = {}

    def open(self, claims: Sequence[Claim]) -> bool:
        """Whether claims that are alive may be one unsaid."""
        if not self.matters:
            return False
        dead = Status.INELIGIBLE
        alive = {
            matter
            for number, matter in self.matters.items()
            if claims[number].status is not dead and claims[number].award is not None
        }
        return len(alive) > 1


class Projects:
    """A document's rule on cumulation, compiled: which claims are one project, index by index or by what is said."""

    def __init__(self, provisions: Provisions) -> None:
        self._pooled = frozenset(provisions.pooled)
        groups = merged(provisions.one_project)
        self._always_one = {programme: number for number, group in enumerate(groups) for programme in group}
        self.programmes = self._pooled | self._always_one.keys()

    def among(self, claims: Sequence[Claim], same_project: Sequence[Sequence[str]] | None) -> OneProject:
        """Which of ``claims`` are one project, where ``same_project`` is said of them; None = nothing is."""
        always = self._always(claims)
        place = {claim.id: number for number, claim in enumerate(claims)}
        known = _one_each(merged([*always, *(same_project or ())]), place)
        names = tuple(tuple(claims[number].id for (number,) in project.groups) for project in known)
        if same_project is not None:
            return OneProject(known, known, names)
        pool = [claim.id for claim in claims if claim.programme.id in self._pooled]
        first = {ident: group[0] for group in always for ident in group}
        matters = {place[ident]: place[first.get(ident, ident)] for ident in pool}
        return OneProject(known, _one_each(merged([*always, pool]), place), names, matters)

    def _always(self, claims: Iterable[Claim]) -> list[list[str]]:
        """The claims that are one project whatever is said: index by index, those without an index too."""
        together: dict[tuple[int, int | None], list[str]] = {}
        for claim in claims:
            number = self._always_one.get(claim.programme.id)
            if number is not None:
                together.setdefault((number, claim.index), []).append(claim.id)
        return list(together.values())


def _one_each(projects: Iterable[Sequence[str]], place: Mapping[str, int]) -> list[Bound]:
    """Of each project only the highest claim is paid; in the order of the claims."""
    numbers = sorted(sorted(place[ident] for ident in project) for project in projects)
    return [Bound(tuple((number,) for number in project), None) for project in numbers]


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


class Arrangement:
    """How bounds on so many claims lie to each other: which are linked by claims that they share, which claims are free.

    ``groups`` are those of each bound; it takes the bounds themselves in this order.
    """

    def __init__(self, groups: Sequence[NumberGroups], claims: int) -> None:
        bound = [[*chain.from_iterable(each)] for each in groups]
        held = {*chain.from_iterable(bound)}
        self._components = linked(bound)
        self._free = [number for number in range(claims) if number not in held]

    def come_to(self, awards: Sequence[FigureSpan], bounds: Sequence[Bound]) -> FigureSpan:
        """What ``awards`` come to under ``bounds``, applied in their order."""
        parts = [awards[number] for number in self._free]
        for component in self._components:
            if len(component) == 1:
                parts.append(alone(awards, bounds[component[0]]))
            else:
                linked_ones = [bounds[number] for number in component]
                parts.append(_nested(awards, linked_ones) or _crossed(awards, linked_ones))
        return spans.added(parts)


def alone(awards: Sequence[FigureSpan], bound: Bound) -> FigureSpan:
    """What the groups of a bound come to under it alone."""
    return bound.of([_sum(awards, group) for group in bound.groups])


def _sum(awards: Sequence[FigureSpan], group: Sequence[int]) -> FigureSpan:
    """What a group comes to."""
    return awards[group[0]] if len(group) == 1 else spans.added([awards[number] for number in group])


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
    caps = [bound.cap.low for bound in bounds if bound.cap is not None and bound.cap.low is not None]
    return FigureSpan(_least(awards, members, bounds, min(caps, default=None)), _most(awards, members, bounds))


FOLLOWED = 16
"""So many claims are followed at most, those that come to most: more would hardly say more, and take long."""


def _least(awards: Sequence[FigureSpan], members: Sequence[int], bounds: Sequence[Bound], cap: Number | None) -> Number:
    """The largest of what each claim's least leaves for certain, at most the least ``cap``."""
    found: Number = 0
    for number in nlargest(FOLLOWED, members, key=lambda number: awards[number].low or 0):
        low = awards[number].low or 0
        if low <= found or (cap is not None and cap <= found):
            break
        found = max(found, left_for_certain(number, awards, bounds))
    return found if cap is None or found <= cap else cap


def left_for_certain(claim: int, awards: Sequence[FigureSpan], bounds: Sequence[Bound]) -> Number:
    """What is paid in all at least, because ``claim`` comes to its least, when each of ``bounds`` has been put.

    Followed are the claims that come to so much together: what a cap takes off is left to those before it, what is
    outdone to the group that outdoes it. Each way in which that may go has claims that it leaves out.
    """
    ways: dict[frozenset[int], tuple[Number, frozenset[int]]] = {
        frozenset((claim,)): (awards[claim].low or 0, frozenset())
    }
    for bound in bounds:
        if not any(each in held for held in ways for each in bound.members):
            continue
        after: dict[frozenset[int], tuple[Number, frozenset[int]]] = {}
        for held, (amount, out) in ways.items():
            for heirs, left, lost in _heirs(held, amount, out, awards, bound):
                before, gone = after.get(heirs, (left, lost))
                after[heirs] = min(before, left), gone & lost
        ways = after
    return min(amount for amount, _ in ways.values())


_Way: TypeAlias = tuple[frozenset[int], Number, frozenset[int]]
"""Claims, what they come to together at least, and those that are left out."""


def _heirs(
    held: frozenset[int], amount: Number, out: frozenset[int], awards: Sequence[FigureSpan], bound: Bound
) -> Iterator[_Way]:
    """Who comes to what of it, when ``bound`` is put to claims that come to ``amount`` together."""
    members = frozenset(bound.members) - out
    met = held & members
    if not met:
        yield held, amount, out
    elif bound.cap is not None:
        cap, before = bound.cap.low or 0, [each for each in members if each <= max(met)]
        most = _sum(awards, before).high
        if most is not None and most <= cap:
            yield held, amount, out
        else:
            yield held.union(before), min(amount, cap), out
    else:
        groups = [group for each in bound.groups if (group := frozenset(each) - out)]
        amount = _largest_of(amount, [_sum(awards, [*group & held]).high for group in groups if group & held])
        if not held <= members:
            yield held | members, amount, out
            return
        for group in groups:
            most = _sum(awards, [*group]).high
            if most is None or most >= amount:
                yield group, amount, out | members - group


def _largest_of(amount: Number, highs: Sequence[Number | None]) -> Number:
    """What the largest of several comes to at least, which come to ``amount`` together and each to so much at most."""
    found = amount if len(highs) == 1 else Fraction(amount) / len(highs)
    for number, high in enumerate(sorted(high for high in highs if high is not None)[: len(highs) - 1], start=1):
        amount = spans.plus(amount, spans.times(high, -1))
        found = max(found, Fraction(amount) / (len(highs) - number))
    return found


def _one_after_the_other(paid: dict[int, Number], bounds: Sequence[Bound]) -> FigureSpan:
    for bound in bounds:
        if bound.cap is None:
            sums = [_whole(paid[number] for number in group) for group in bound.groups]
            winner = sums.index(max(sums))
            for place, group in enumerate(bound.groups):
                paid |= dict.fromkeys(group, 0) if place != winner else {}
            continue
        (group,) = bound.groups
        over = spans.plus(_whole(paid[number] for number in group), spans.times(bound.cap.high or 0, -1))
        for number in sorted(group, reverse=True):
            taken = max(min(over, paid[number]), 0)
            paid[number] = spans.plus(paid[number], spans.times(taken, -1))
            over = spans.plus(over, spans.times(taken, -1))
    return exactly(_whole(paid.values()))


def _whole(amounts: Iterable[Number]) -> Number:
    return reduce(spans.plus, amounts, Decimal(0))


def _most(awards: Sequence[FigureSpan], members: Sequence[int], bounds: Sequence[Bound]) -> Number | None:
    """The smallest sum of a bound's maximum, of each further one's in order that shares no claim, and of the rest's."""
    sets = [frozenset(bound.members) for bound in bounds]
    tops = [alone(awards, bound) for bound in bounds]

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


def leaders(groups: Iterable[Iterable[Claim]]) -> Iterator[tuple[str, str]]:
    """The claims that the leading one of ``groups`` is paid instead of, each with the claim that leads."""
    eligible = Status.ELIGIBLE
    alive = [
        [(claim.id, claim.award) for claim in group if claim.status is eligible and claim.award] for group in groups
    ]
    rivals = [group for group in alive if group]
    if len(rivals) < 2:
        return
    sums = [reduce(spans.plus, [award.low or 0 for _, award in group]) for group in rivals]
    leading = rivals[sums.index(max(sums))]  # of equals the first
    for group in rivals:
        if group is not leading:
            yield from ((ident, leading[0][0]) for ident, award in group if award.exact)
