"""A document's limits as a tree over its programmes: of the next case only what it touches is added up again.

At the leaves stand programmes: one alone, or several in a knot, whose limits can be told only claim by claim (one project
paid once, limits for each item, limits that cut across each other). Above them stand limits on what lies wholly within
their groups, and sums of a few; at the root all. Works on the finished claims of each programme, by its number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from rules import spans
from rules.case import SAME_PROJECT, Case
from rules.claims import Claim
from rules.limits import (
    Arrangement,
    Bound,
    CompiledLimit,
    JointCap,
    NumberGroups,
    OneProject,
    Projects,
    alone,
    leaders,
    linked,
    undecided,
)
from rules.spans import ZERO, FigureSpan

FEW = 16
"""No sum has more parts than that: where one of them changes, the others are few."""

AllClaims: TypeAlias = Sequence[Sequence[Claim]]
"""The claims of each programme."""

Awards: TypeAlias = Sequence[Sequence[FigureSpan]]
"""What each claim of each programme comes to by itself."""

_Numbered: TypeAlias = tuple[int, CompiledLimit]
"""A limit, by its place in the document."""


class KnotShape(NamedTuple):
    """What of a knot follows from which claims there are, and which are said to be one project.

    ``limits``: the place of each in the document, what it binds, and the index of the item for which. ``most`` and
    ``least``: how projects and limits lie to each other where no more is one project than is known, and where all may be.
    """

    project: OneProject = OneProject()
    limits: Sequence[tuple[int, CompiledLimit, NumberGroups, int | None]] = ()
    most: Arrangement = Arrangement((), 0)
    least: Arrangement = Arrangement((), 0)


class Binding(NamedTuple):
    """What binds a node in a case: its ``bounds``; of a knot also its ``shape``, and whether projects are ``open``.

    ``leaders`` are the claims that give way, each with the claim that leads; ``caps`` those that are used up or that an
    answer could still change, each with the place of its limit in the document.
    """

    bounds: Sequence[Bound] = ()
    leaders: Mapping[str, str] = {}
    caps: Sequence[tuple[int, JointCap]] = ()
    shape: KnotShape = KnotShape()
    open: bool = False


class Sums(NamedTuple):
    """What a case has come to, node by node: what binds, the totals, and what is due by the day."""

    bindings: Sequence[Binding]
    totals: Sequence[FigureSpan]
    dues: Sequence[FigureSpan]

    @property
    def total(self) -> FigureSpan:
        """All together."""
        return self.totals[-1]

    @property
    def due(self) -> FigureSpan:
        """All that is due by the day."""
        return self.dues[-1]


class _Sum:
    """What a few programmes without limits and nodes come to."""

    leading: Sequence[int] = ()
    reads: Collection[str] = ()
    caps = False

    def __init__(self, programmes: Sequence[int], below: Sequence[int]) -> None:
        self.programmes = programmes
        self.below = below

    def bind(self, claims: AllClaims, case: Case) -> Binding:
        return _FREE

    def come_to(self, awards: Awards, below: Sequence[FigureSpan], binding: Binding) -> FigureSpan:
        parts = [award for programme in self.programmes for award in awards[programme]]
        return spans.added([*parts, *[below[node] for node in self.below]])


class _Limited:
    """A limit on groups of nodes; ``named`` are the programmes of each group, as the limit names them."""

    programmes: Sequence[int] = ()

    def __init__(self, limit: _Numbered, groups: Sequence[Sequence[int]], named: Sequence[Sequence[int]]) -> None:
        self.below = [*chain.from_iterable(groups)]
        self._at, self._limit = limit
        self.leading = [*chain.from_iterable(named)] if self._limit.supersedes else []
        self.reads = self._limit.reads
        self.caps = self._limit.caps
        self._groups = groups
        self._named = named

    def bind(self, claims: AllClaims, case: Case) -> Binding:
        bound = self._limit.bound(self._groups, case, None)
        groups = ([claim for each in group for claim in claims[each]] for group in self._named)
        if self.leading:
            return Binding([bound], dict(leaders(groups)))
        cap = undecided(bound, chain.from_iterable(groups))
        return Binding([bound], caps=[(self._at, cap)] if cap else ())

    def come_to(self, awards: Awards, below: Sequence[FigureSpan], binding: Binding) -> FigureSpan:
        return alone(below, binding.bounds[0])


class _Knot:
    """Programmes whose claims are bound one by one, by their numbers among them."""

    below: Sequence[int] = ()

    def __init__(self, programmes: Sequence[int], limits: Sequence[_Numbered], projects: Projects | None) -> None:
        self.programmes = self.leading = programmes
        self.reads = frozenset(chain.from_iterable(limit.reads for _, limit in limits)) | {SAME_PROJECT}
        self.caps = any(limit.caps for _, limit in limits)
        self.pools = projects is not None
        self._limits = limits
        self._projects = projects
        self._last: tuple[object, KnotShape] | None = None

    def bind(self, claims: AllClaims, case: Case) -> Binding:
        own = [claim for programme in self.programmes for claim in claims[programme]]
        shape = self._shape(own, case)
        bounds = [limit.bound(groups, case, index) for _, limit, groups, index in shape.limits]
        giving_way: dict[str, str] = {}
        for bound in (*shape.project.known, *bounds):
            if bound.supersedes:
                for claim, leader in leaders([[own[number] for number in group] for group in bound.groups]):
                    giving_way.setdefault(claim, leader)
        caps: list[tuple[int, JointCap]] = []
        for (at, *_), bound in zip(shape.limits, bounds, strict=True):
            if cap := undecided(bound, (own[number] for number in bound.members)):
                caps.append((at, cap))
        return Binding(bounds, giving_way, caps, shape, shape.project.open(own))

    def come_to(self, awards: Awards, below: Sequence[FigureSpan], binding: Binding) -> FigureSpan:
        """The least, with all claims that may be one project taken for one, and the most."""
        own = [award for programme in self.programmes for award in awards[programme]]
        bounds, shape = binding.bounds, binding.shape
        most = shape.most.come_to(own, [*shape.project.known, *bounds])
        if shape.least is shape.most:
            return most
        return FigureSpan(shape.least.come_to(own, [*shape.project.perhaps, *bounds]).low, most.high)

    def _shape(self, own: Sequence[Claim], case: Case) -> KnotShape:
        """How the claims lie to each other: mostly as in the last case."""
        key = [claim.id for claim in own], case.same_project
        last = self._last
        if last is not None and last[0] == key:
            return last[1]
        project = OneProject() if self._projects is None else self._projects.among(own, case.same_project)
        limits = [(at, limit, *groups) for at, limit in self._limits for groups in limit.groups_of(own)]
        bound = [groups for _, _, groups, _ in limits]
        most = least = Arrangement([*(one.groups for one in project.known), *bound], len(own))
        if project.perhaps is not project.known:
            least = Arrangement([*(one.groups for one in project.perhaps), *bound], len(own))
        shape = KnotShape(project, limits, most, least)
        self._last = key, shape
        return shape


_Node: TypeAlias = _Sum | _Limited | _Knot
_FREE = Binding()


class LimitTree:
    """The limits on ``programmes``, by their ids in order, and the rule on one project, which stands before them.

    Raises ``ValueError`` where they name a programme that there is not.
    """

    def __init__(self, programmes: Sequence[str], limits: Sequence[CompiledLimit], projects: Projects) -> None:
        self._number = {programme: number for number, programme in enumerate(programmes)}
        self._nodes: list[_Node] = []
        pooled = [projects.programmes] if projects.programmes else []
        sets = [*pooled, *(frozenset(limit.programmes) for limit in limits)]
        tops: list[int] = []
        for component in linked(sets):
            places = [place - len(pooled) for place in component]
            numbered = [(place, limits[place]) for place in places if place >= 0]
            tops.append(self._tied(numbered, projects if -1 in places else None))
        held = frozenset[str]().union(*sets)
        free = [number for programme, number in self._number.items() if programme not in held]
        while len(free) > FEW:
            tops.append(self._add(_Sum(free[:FEW], ())))
            free = free[FEW:]
        self._add(_Sum(free, self._few(tops)))
        nodes = [*enumerate(self._nodes)]
        self.nodes = range(len(nodes))
        """All nodes by number; each has those that it holds before it."""
        self.blank = Sums([_FREE] * len(nodes), [ZERO] * len(nodes), [ZERO] * len(nodes))
        """Before any node is touched."""
        self._above = {each: number for number, node in nodes for each in node.below}
        self._leaf = {programme: number for number, node in nodes for programme in node.programmes}
        self._caps = [number for number, node in nodes if node.caps]
        self._knot = next((number for number, node in nodes if isinstance(node, _Knot) and node.pools), None)
        self._leading: dict[int, list[int]] = {}
        self._readers: dict[str, list[int]] = {}
        for number, node in nodes:
            for programme in node.leading:
                self._leading.setdefault(programme, []).append(number)
            for key in node.reads:
                self._readers.setdefault(key, []).append(number)

    def touched(self, programmes: Iterable[int], keys: Set[str]) -> list[int]:
        """The nodes that hang on ``programmes``, or on facts: each below those that hang on it."""
        found = {self._leaf[programme] for programme in programmes}
        for key in self._readers.keys() & keys:
            found.update(self._readers[key])
        for node in [*found]:
            above = self._above.get(node)
            while above is not None and above not in found:
                found.add(above)
                above = self._above.get(above)
        return sorted(found)

    def sums(
        self, claims: AllClaims, awards: Awards, today: Awards, case: Case, before: Sums, nodes: Sequence[int]
    ) -> Sums:
        """What ``claims`` come to: anew at these ``nodes``, elsewhere as ``before``."""
        bindings, totals = [*before.bindings], [*before.totals]
        dues = totals if today is awards else [*before.dues]
        for number in nodes:
            node = self._nodes[number]
            binding = bindings[number] = node.bind(claims, case)
            totals[number] = node.come_to(awards, totals, binding)
            if dues is not totals:
                dues[number] = node.come_to(today, dues, binding)
        return Sums(bindings, totals, dues)

    def caps(self, sums: Sums) -> tuple[JointCap, ...]:
        """The caps that are used up, or that an answer could still change, in their order."""
        if not self._caps:
            return ()
        found = [cap for node in self._caps for cap in sums.bindings[node].caps]
        return tuple(cap for _, cap in sorted(found, key=itemgetter(0)))

    def projects(self, sums: Sums) -> tuple[tuple[tuple[str, ...], ...], bool]:
        """The groups of claims that are one project, and whether others may be unsaid."""
        binding = _FREE if self._knot is None else sums.bindings[self._knot]
        return binding.shape.project.names, binding.open

    def led(self, nodes: Iterable[int], *sums: Sums) -> set[int]:
        """The programmes of which a claim gives way at one of ``nodes`` by one of ``sums``."""
        bindings = [each.bindings[node] for each in sums for node in nodes]
        return {self._number[claim.partition(":")[0]] for binding in bindings for claim in binding.leaders}

    def giving_way(self, programme: int, claims: Sequence[Claim], sums: Sums) -> Sequence[Claim]:
        """The claims of a programme; those that give way say to which."""
        found = [sums.bindings[node].leaders for node in self._leading[programme]]
        marked: list[Claim] = []
        for claim in claims:
            leader = next((leaders[claim.id] for leaders in found if claim.id in leaders), None)
            marked.append(claim._replace(superseded_by=leader) if leader else claim)
        return marked

    def _tied(self, limits: Sequence[_Numbered], projects: Projects | None) -> int:
        """The node of linked limits: one above the other, or a knot where one does not lie within the next."""
        begun = len(self._nodes)
        node = self._nested(limits, projects)
        if node is None:
            del self._nodes[begun:]
            held = {programme for _, limit in limits for programme in limit.programmes}
            node = self._add(
                _Knot(self._numbers(held.union(projects.programmes if projects else ())), limits, projects)
            )
        return node

    def _nested(self, limits: Sequence[_Numbered], projects: Projects | None) -> int | None:
        """The node of the last of ``limits``, None where one binds claims one by one, or only a part of what it meets."""
        holder: dict[str, int] = {}
        size: dict[int, int] = {}
        node = -1
        if projects is not None:
            node = self._add(_Knot(self._numbers(projects.programmes), (), projects))
            holder = dict.fromkeys(projects.programmes, node)
            size[node] = len(holder)
        for at, limit in limits:
            for programme in limit.programmes:
                if programme not in holder:
                    holder[programme] = self._add(_Sum([self._number[programme]], ()))
                    size[holder[programme]] = 1
            groups = [[*dict.fromkeys(holder[programme] for programme in group)] for group in limit.groups]
            fits = all(
                sum(size[each] for each in mine) == len(group) for mine, group in zip(groups, limit.groups, strict=True)
            )
            if limit.each_item or not fits or len({*chain.from_iterable(groups)}) < sum(map(len, groups)):
                return None
            programmes = [[self._number[programme] for programme in group] for group in limit.groups]
            node = self._add(_Limited((at, limit), [self._few(group) for group in groups], programmes))
            holder |= dict.fromkeys(limit.programmes, node)
            size[node] = len(limit.programmes)
        return node

    def _few(self, nodes: Sequence[int]) -> Sequence[int]:
        """``nodes``, where they are many, put together in sums of a few."""
        while len(nodes) > FEW:
            nodes = [self._add(_Sum((), nodes[at : at + FEW])) for at in range(0, len(nodes), FEW)]
        return nodes

    def _numbers(self, programmes: Iterable[str]) -> list[int]:
        return sorted(self._number[programme] for programme in programmes)

    def _add(self, node: _Node) -> int:
        self._nodes.append(node)
        return len(self._nodes) - 1
