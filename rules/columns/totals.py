"""What the claims of a firm come to together, as columns: one project paid once, caps, the highest of several.

``rules.limits`` said of columns. A part of the sum is held for each thing of a list until a limit is for the whole firm.
Limits that cut across each other are told apart by programmes, which have a claim or more each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlglot import exp

from rules.columns import digits, ends, sql
from rules.columns.digits import INTEGER, Digits
from rules.columns.ends import ColumnEnd, ColumnSpan, constant
from rules.columns.scope import Lists
from rules.columns.sql import NotInSqlError, Sql
from rules.limits import Bound, left_for_certain, linked
from rules.spans import FigureSpan

ZERO = constant(Decimal(0))


@dataclass(frozen=True, slots=True)
class TotalPart:
    """What claims of ``programmes`` come to: ``each`` for each thing of the list ``subject``, else once for the firm.

    ``alone``: for the firm; of a list's, where there is no thing or it is not known whether there is.
    """

    programmes: frozenset[str]
    alone: ColumnSpan
    subject: str | None = None
    each: ColumnSpan | None = None
    summed: bool = False
    """Whether things of a list have been added up."""


@dataclass(frozen=True, slots=True)
class ColumnLimit:
    """A limit on groups of programmes: the highest of them, or, with a ``cap``, all together at most so much.

    ``per``: for each thing of their list; ``one``: every single claim is a group of its own. ``cap_each`` is the cap of
    a thing.
    """

    groups: tuple[tuple[str, ...], ...]
    per: bool = False
    one: bool = False
    cap: ColumnSpan | None = None
    cap_each: ColumnSpan | None = None

    @property
    def programmes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(programme for group in self.groups for programme in group))

    def of(self, sums: Sequence[ColumnSpan], each: bool) -> ColumnSpan:
        """What the groups come to under this limit."""
        cap = self.cap_each if each else self.cap
        return ends.greatest_of(sums) if cap is None else ends.at_most(ends.added(sums), cap)


class Totals:
    """Adds up parts under limits, in columns of the firms; ``counts`` say how many things a list holds.

    ``narrow``: sums that need more than 18 digits are an error.
    """

    def __init__(
        self, lists: Lists, counts: Mapping[str, Sql], base: Callable[[str, str], Sql], *, narrow: bool
    ) -> None:
        self._lists = lists
        self._narrow = narrow
        self._counts = counts
        self._base = base

    def under(self, parts: Sequence[TotalPart], limits: Sequence[ColumnLimit]) -> list[TotalPart]:
        """What ``parts``, of a programme each in their order, are under ``limits``, which then add up; those that no limit
        concerns as they are. Raises ``NotInSqlError``."""
        limited = {programme for limit in limits for programme in limit.programmes}
        apart: list[TotalPart] = []
        for component in linked([limit.programmes for limit in limits]):
            mine = [limits[number] for number in component]
            names = {programme for limit in mine for programme in limit.programmes}
            members = [part for part in parts if part.programmes <= names]
            apart += _nested(members, mine, self) or [self._crossed(members, mine)]
        return [*apart, *(part for part in parts if not part.programmes & limited)]

    def of_firm(self, part: TotalPart) -> ColumnSpan:
        """What a part comes to for the firm."""
        return self._over(
            part, lambda end: digits.roomy(exp.Sum(this=end.top.copy()), end.digits.scale, narrow=self._narrow)
        )

    def highest(self, part: TotalPart) -> ColumnSpan:
        """The most that a single claim of a part comes to."""
        return self._over(part, lambda end: (exp.Max(this=end.top.copy()), end.digits))

    def endless(self, part: TotalPart) -> Sql:
        """Whether a part has no upper bound for the firm; of two values."""
        alone = _endless(part.alone.high)
        if part.subject is None or part.each is None:
            return alone
        return sql.case([(self._has(part.subject), self._some(part.subject, _endless(part.each.high)))], alone)

    def all_exact(self, part: TotalPart) -> Sql:
        """Whether each claim of a part is exact; of two values."""
        alone = _exact(part.alone)
        if part.subject is None or part.each is None:
            return alone
        loose = self._some(part.subject, sql.opposite(_exact(part.each)))
        return sql.case([(self._has(part.subject), sql.opposite(loose))], alone)

    def _over(self, part: TotalPart, made: Callable[[ColumnEnd], tuple[Sql, Digits]]) -> ColumnSpan:
        if part.subject is None or part.each is None:
            return part.alone
        has, holds = self._has(part.subject), [sql.column(f"{name}.holds") for name in sorted(part.programmes)]
        least, most = sql.either(holds), sql.either(sql.opposite(sql.surely(each, False)) for each in holds)
        low, high = (
            ends.chosen([(has, self._in_all(part.subject, each, counted, made))], alone)
            for each, alone, counted in (
                (part.each.low, part.alone.low, least),
                (part.each.high, part.alone.high, most),
            )
        )
        return ColumnSpan(low, high)

    def _in_all(
        self, subject: str, end: ColumnEnd | None, counted: Sql, made: Callable[[ColumnEnd], tuple[Sql, Digits]]
    ) -> ColumnEnd | None:
        """What an end comes to over the things of a list that are ``counted``, of all others it is 0; none where one has none."""
        if end is None or end.value == 0:
            return end
        value, of_value = made(end)
        total = sql.known_or(self._sum(subject, value, counted), sql.number(0))
        if not end.sure:
            total = sql.case([(self._some(subject, _endless(end)), sql.null())], total)
        return replace(end, top=total, value=None, digits=digits.beside(of_value, INTEGER))

    def _has(self, subject: str) -> Sql:
        return sql.compare(self._counts[subject], ">", sql.number(0))

    def _some(self, subject: str, truth: Sql) -> Sql:
        """Whether ``truth``, of two values, holds of a thing of a list that has some; of two values."""
        if isinstance(truth, exp.Boolean):
            return truth
        return sql.known_or(self._sum(subject, exp.LogicalOr(this=truth.copy()), truth), sql.false())

    def _sum(self, subject: str, value: Sql, counted: Sql | None) -> Sql:
        return self._base(*self._lists.summed(subject, value, counted))

    def _crossed(self, parts: Sequence[TotalPart], limits: Sequence[ColumnLimit]) -> TotalPart:
        """What limits that cut across each other leave."""
        names = frozenset(programme for limit in limits for programme in limit.programmes)
        by_name = {programme: part for part in parts for programme in part.programmes}
        if any(limit.one for limit in limits):
            raise NotInSqlError("one project, cut across by another limit")
        if _shares(limits, [*by_name]):
            raise NotInSqlError(
                "limits that cut across each other, of which one leaves the largest of what shares a cap"
            )
        if not any(limit.per for limit in limits):
            firm = {name: self.of_firm(part) for name, part in by_name.items()}
            singles = [self.highest(part).low for part in parts]
            exact = [self.all_exact(part) for part in parts]
            return TotalPart(names, _left(firm, singles, exact, limits, each=False))
        if not all(limit.per for limit in limits):
            raise NotInSqlError("limits that cut across each other, for each thing and for the firm")
        alone = {name: part.alone for name, part in by_name.items()}
        each = {name: part.each for name, part in by_name.items() if part.each is not None}
        found = [
            _left(spans, [span.low for span in spans.values()], map(_exact, spans.values()), limits, each=is_each)
            for spans, is_each in ((alone, False), (each, True))
            if spans
        ]
        return TotalPart(names, found[0], parts[0].subject, found[1] if each else None)


def _shares(limits: Sequence[ColumnLimit], programmes: Sequence[str]) -> bool:
    """Whether less than the largest claim or the least cap may be left, so that figures decide what is certain."""
    number = {name: at for at, name in enumerate(programmes)}
    one, any_more = FigureSpan(1, 1), FigureSpan(1, None)
    bounds = [
        Bound([[number[name] for name in group] for group in limit.groups], None if limit.cap is None else one)
        for limit in limits
    ]
    return any(left_for_certain(at, [any_more] * len(number), bounds) < 1 for at in number.values())


def _endless(end: ColumnEnd | None) -> Sql:
    """Whether there is no end; of two values."""
    if end is None:
        return sql.true()
    return sql.false() if end.sure else sql.unknown(end.top)


def _exact(span: ColumnSpan) -> Sql:
    if span.low is None or span.high is None:
        return sql.false()
    return sql.surely(ends.compared(span.low, "=", span.high), True) if span.low != span.high else sql.true()


def _nested(parts: Sequence[TotalPart], limits: Sequence[ColumnLimit], totals: Totals) -> list[TotalPart] | None:
    """Each limit takes what those within it have come to; None where one cuts across another."""
    held = [*parts]
    for limit in limits:
        taken = [[part for part in held if part.programmes & {*group}] for group in limit.groups]
        for group, mine in zip(limit.groups, taken, strict=True):
            if any(not part.programmes <= {*group} for part in mine):
                return None
        inner = {id(part) for mine in taken for part in mine}
        held = [part for part in held if id(part) not in inner] + [_limited(taken, limit, totals)]
    return held


def _limited(taken: Sequence[Sequence[TotalPart]], limit: ColumnLimit, totals: Totals) -> TotalPart:
    parts = [part for mine in taken for part in mine]
    names = frozenset(programme for part in parts for programme in part.programmes)
    if limit.per:
        subjects = {part.subject for part in parts}
        if len(subjects) > 1 or any(part.summed for part in parts):
            raise NotInSqlError("a limit for each thing, after one for the firm or of several lists")
        alone = limit.of([ends.added([part.alone for part in mine]) for mine in taken], each=False)
        each = [[part.each for part in mine if part.each is not None] for mine in taken]
        summed = [ends.added(mine) for mine in each if mine]
        return TotalPart(names, alone, parts[0].subject, limit.of(summed, each=True) if summed else None)
    summed = any(part.summed or part.subject for part in parts)
    if limit.one:
        if any(len(part.programmes) > 1 for part in parts):
            raise NotInSqlError("one project, after another limit")
        single = [totals.highest(part) for part in _by_subject(parts, limit)]
        return TotalPart(names, limit.of(single, each=False), summed=summed)
    sums = [ends.added([totals.of_firm(part) for part in mine]) for mine in taken]
    return TotalPart(names, limit.of(sums, each=False), summed=summed)


def _by_subject(parts: Sequence[TotalPart], limit: ColumnLimit) -> Iterator[TotalPart]:
    """The highest of the parts for each list, thing by thing, which is what the highest of all is taken of."""
    for subject in dict.fromkeys(part.subject for part in parts):
        mine = [part for part in parts if part.subject == subject]
        names = frozenset(programme for part in mine for programme in part.programmes)
        each = [part.each for part in mine if part.each is not None]
        alone = limit.of([part.alone for part in mine], each=False)
        yield TotalPart(names, alone, subject, limit.of(each, each=True) if each else None)


def _left(
    spans: Mapping[str, ColumnSpan],
    singles: Sequence[ColumnEnd | None],
    exact: Iterable[Sql],
    limits: Sequence[ColumnLimit],
    *,
    each: bool,
) -> ColumnSpan:
    """What limits that cut across each other leave of ``spans``: exactly where all is, else between bounds that hold."""
    caps = [cap for limit in limits if (cap := limit.cap_each if each else limit.cap) is not None]
    known = sql.both([*exact, *(_exact(cap) for cap in caps)])
    left = _one_after_the_other({name: span.low or ZERO for name, span in spans.items()}, limits, each)
    least = ends.least([ends.greatest(singles), *(cap.low for cap in caps)])
    return ColumnSpan(ends.chosen([(known, left)], least), ends.chosen([(known, left)], _most(spans, limits, each)))


def _one_after_the_other(paid: dict[str, ColumnEnd], limits: Sequence[ColumnLimit], each: bool) -> ColumnEnd:
    for limit in limits:
        cap = limit.cap_each if each else limit.cap
        if cap is None:
            paid = {**paid, **_winner(paid, limit.groups)}
            continue
        before = ZERO
        # what exceeds a cap is taken from the last claims
        for name in [name for name in paid if name in limit.programmes]:
            room = ends.plus(cap.high, ends.minus(before))
            before = ends.plus(before, paid[name]) or ZERO
            paid = {**paid, name: ends.greatest((ends.least((paid[name], room)), ZERO)) or ZERO}
    return _added(paid.values())


def _winner(paid: Mapping[str, ColumnEnd], groups: Sequence[Sequence[str]]) -> dict[str, ColumnEnd]:
    """What the groups are paid where only the highest is; of equals the first."""
    sums = [_added(paid[name] for name in group) for group in groups]
    found: dict[str, ColumnEnd] = {}
    for place, group in enumerate(groups):
        signs = [(">" if other < place else ">=", end) for other, end in enumerate(sums) if other != place]
        wins = sql.both(ends.compared(sums[place], sign, end) for sign, end in signs)
        found |= {name: ends.chosen([(wins, paid[name])], ZERO) or ZERO for name in group}
    return found


def _added(parts: Iterable[ColumnEnd]) -> ColumnEnd:
    return ends.added([ColumnSpan(end, end) for end in (ZERO, *parts)]).low or ZERO


def _most(spans: Mapping[str, ColumnSpan], limits: Sequence[ColumnLimit], each: bool) -> ColumnEnd | None:
    """The smallest sum of a limit's maximum, of each further one's in order that shares no programme, and of the rest's."""
    tops = [limit.of([ends.added([spans[name] for name in group]) for group in limit.groups], each) for limit in limits]
    found: dict[tuple[int, ...], ColumnSpan] = {}
    for begun in range(len(limits)):
        taken, covered = [begun], {*limits[begun].programmes}
        for number, limit in enumerate(limits):
            if covered.isdisjoint(limit.programmes):
                covered |= {*limit.programmes}
                taken.append(number)
        rest = [span for name, span in spans.items() if name not in covered]
        found[tuple(sorted(taken))] = ends.added([*(tops[number] for number in taken), *rest])
    return ends.least([span.high for span in found.values()])


def within(day: ColumnSpan, first: ColumnEnd | None, last: ColumnEnd | None) -> Sql:
    """Whether a day lies between two, both included."""
    begun = sql.true() if first is None else ends.reaches(day, ColumnSpan(first, first))
    ended = sql.false() if last is None else ends.exceeds(day, ColumnSpan(last, last))
    return sql.both((begun, sql.opposite(ended)))


def payable(award: ColumnSpan, open_today: Sql) -> ColumnSpan:
    """What can be paid of a claim on the day: nothing where it is over, perhaps nothing where that is not known."""
    if sql.is_true(open_today):
        return award
    shut, unsure = sql.opposite(sql.known_or(open_today, sql.true())), sql.opposite(sql.surely(open_today, True))
    low = ends.chosen([(unsure, ZERO)], award.low)
    return ColumnSpan(low, ends.chosen([(shut, ZERO)], award.high))
