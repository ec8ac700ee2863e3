"""A policy's rules, compiled to one query over the firms' table and the lists': every claim, and what they come to.

``compile_rules`` is what ``rules.assessment.Rulebook`` is for one case; ``Compiled`` asks the query in three ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlglot import exp

from rules import validity
from rules.case import FactSpec, SubjectSpec
from rules.columns import ends, sql, terms
from rules.columns.claims import CompiledClaim, compile_claim
from rules.columns.ends import ColumnSpan, constant
from rules.columns.relations import FIRM, FIRMS, ITEM, Chain, Layout, Query, TableForm, without_things
from rules.columns.scope import ColumnScope, Lists
from rules.columns.sql import NotInSqlError, Sql
from rules.columns.totals import ColumnLimit, TotalPart, Totals, payable, within
from rules.limits import merged
from rules.programme import ApplicationCall, Cap, Limit, ProgrammeRule, Provisions
from rules.scopes import Book
from rules.spans import FigureSpan

_POSTGRES_NAME = 63

TOTAL, PAYABLE = "total", "payable"


class TotalSums(NamedTuple):
    """The parts that add up to a total: to what it comes to at least, and at most; ``endless``: whether there is no most."""

    least: list[TotalPart]
    most: list[TotalPart]
    endless: Sql


@dataclass(slots=True)
class Compiled:
    """A policy in SQL. ``claims``: its programmes, in their order; of one for things of a list ``listed`` has those of
    the things, ``claims`` what is claimed where there is none or it is not known whether there is.

    ``unsupported``: what has no form in SQL, and why, by programme; ``no_total``: why there is none, if there is none.
    """

    query: Query
    claims: dict[str, CompiledClaim] = field(default_factory=dict[str, CompiledClaim])
    listed: dict[str, CompiledClaim] = field(default_factory=dict[str, CompiledClaim])
    unsupported: dict[str, NotInSqlError] = field(default_factory=dict[str, NotInSqlError])
    no_total: NotInSqlError | None = None
    sums: dict[str, TotalSums] = field(default_factory=dict[str, TotalSums])
    """What the totals are sums of, by name."""
    all_payable: bool = False
    """Whether all that is due can be paid on the day."""
    firms: str = ""
    """The part with a row a firm."""
    rows: dict[str, str] = field(default_factory=dict[str, str])
    """The part with a row a thing, by list."""

    def every_firm(self) -> exp.Query:
        """A row a firm: the claims that are not for things of a list, and the totals."""
        return self.query.select(exp.select(exp.Star()).from_(exp.to_identifier(self.firms, quoted=True)))

    def every_claim(self) -> exp.Query:
        """A row a claim: firm, programme, item, holds, min, max, no_figure, missing."""
        return self.query.select(self.union())

    def tables(self) -> dict[str, list[str]]:
        """The tables that the query reads, each with its columns beside ``firm`` and, of a list, ``item``."""
        return {name: [*self.query.tables.get(name, ())] for name in dict.fromkeys((FIRMS, *self.query.tables))}

    def written(self, query: exp.Query, dialect: str) -> str:
        """``query`` in a dialect, laid out. Raises ``NotInSqlError`` for a name that the database would cut off."""
        if dialect == "postgres":
            names = (each.name for each in query.find_all(exp.Identifier))
            if long := next((name for name in names if len(name.encode()) > _POSTGRES_NAME), None):
                raise NotInSqlError("the name {} is longer than the {} bytes of PostgreSQL", long, _POSTGRES_NAME)
        return query.sql(dialect=dialect, pretty=True)

    def union(self) -> exp.Query:
        """The claims of all programmes, one below the other, as a query over the parts."""
        selects: list[exp.Select] = []
        for name, claim in self.claims.items():
            subject = claim.programme.subject
            where = None
            if name in self.listed:
                selects.append(_long(self.listed[name], self.rows[subject], sql.column(ITEM), None))
                where = without_things(subject)
            item = sql.typed_null("int")
            selects.append(_long(claim, self.firms, item, where))
        return exp.union(*selects, distinct=False) if len(selects) > 1 else selects[0]


def _long(claim: CompiledClaim, part: str, item: Sql, where: Sql | None) -> exp.Select:
    name = claim.programme.id
    fields = ["holds", "min", "max", "no_figure", *(["missing"] if claim.missing is not None else [])]
    columns = [sql.alias(sql.column(f"{name}.{each}"), each) for each in fields]
    keys = [sql.column(FIRM), sql.alias(sql.text(name), "programme"), sql.alias(item, ITEM)]
    select = exp.select(*keys, *columns).from_(exp.to_identifier(part, quoted=True))
    return select if where is None else select.where(where)


def compile_rules(
    subjects: Sequence[SubjectSpec],
    facts: Sequence[FactSpec],
    programmes: Sequence[ProgrammeRule],
    provisions: Provisions,
    layout: Layout,
    *,
    missing: bool = True,
) -> Compiled:
    """The rules as a query over tables of this ``layout``; ``missing``: with what could still change each claim."""
    conditions = {programme.id: (programme.subject, programme.conditions) for programme in programmes}
    book = Book({each.id: each for each in subjects}, {each.id: each for each in facts}, conditions)
    return _Compiler(book, programmes, provisions, layout, missing).compiled()


class _Compiler:
    def __init__(
        self, book: Book, programmes: Sequence[ProgrammeRule], provisions: Provisions, layout: Layout, missing: bool
    ) -> None:
        self._book = book
        self._programmes = programmes
        self._provisions = provisions
        self._layout = layout
        self._missing = missing
        self._query = Query()
        self._within = Lists(self._query, "one by one", "in all")
        self._items = Lists(self._query, "claims", "totals")
        single = next(subject.id for subject in book.subjects.values() if not subject.many)
        self._single = single
        self._firms = Chain(f"{single} claims", None, self._query)
        self._found = Compiled(self._query)
        self._parts: list[TotalPart] = []

    def compiled(self) -> Compiled:
        for programme in self._programmes:
            try:
                self._programme(programme)
            except NotInSqlError as error:
                self._found.unsupported[programme.id] = error
        try:
            self._totals()
        except NotInSqlError as error:
            self._found.no_total = error
        self._within.finished()
        self._items.finished()
        self._found.rows = {subject: chain.name for subject, chain in self._items.chains.items()}
        self._found.firms = self._firms.finished()
        return self._found

    def _programme(self, programme: ProgrammeRule) -> None:
        subject, many = programme.subject, self._book.subjects[programme.subject].many
        listed = many and subject in self._layout.lists
        demands = [demand for demand in self._provisions.requires if demand.concerns(programme.id)]
        selection = self._provisions.selection
        pro_rata = any(one.kind == "pro_rata" and one.concerns(programme.id) for one in selection)
        count = (self._firms.base(subject, FIRMS) if listed else sql.null()) if many else None

        def claim(chain: Chain, count: Sql | None) -> CompiledClaim:
            scope = self._scope(subject, chain)
            return compile_claim(programme, demands, pro_rata, scope, chain, count=count, missing=self._missing)

        each = claim(self._items.chain(subject), None) if listed else None
        alone = claim(self._firms, count)
        self._found.claims[programme.id] = alone
        if each is not None:
            self._found.listed[programme.id] = each
        names, award = frozenset((programme.id,)), None if each is None else each.award
        self._parts.append(TotalPart(names, alone.award, subject if many else None, award))

    def _scope(self, subject: str, chain: Chain) -> ColumnScope:
        return ColumnScope(subject, self._book, self._layout, chain, self._within, terms.term)

    # -- totals

    def _totals(self) -> None:
        if self._found.unsupported:
            raise NotInSqlError("{} left out", ", ".join(self._found.unsupported))
        counts = {part.subject: sql.column(part.subject) for part in self._parts if part.subject}
        totals = Totals(self._items, counts, self._firms.base, narrow=self._layout.narrow)
        limits = [self._limit(limit) for limit in self._provisions.limits]
        self._put(TOTAL, totals, self._parts, limits)
        today = [self._today(part) for part in self._parts]
        self._found.all_payable = today == self._parts
        if self._found.all_payable:
            for end in ("min", "max"):
                self._firms.put(f"{PAYABLE}.{end}", sql.column(f"{TOTAL}.{end}"))
        else:
            self._put(PAYABLE, totals, today, limits)

    def _put(self, name: str, totals: Totals, parts: Sequence[TotalPart], limits: Sequence[ColumnLimit]) -> None:
        known, worst = self._projects()
        most = totals.under(parts, [*known, *limits])
        least = most if worst is None else totals.under(parts, [*worst, *limits])
        low, high = (ends.added([totals.of_firm(part) for part in each]) for each in (least, most))
        self._firms.put(f"{name}.min", sql.number(0) if low.low is None else low.low.top)
        self._firms.put(f"{name}.max", sql.typed_null("decimal(9, 2)") if high.high is None else high.high.top)
        self._found.sums[name] = TotalSums(least, most, sql.either(totals.endless(part) for part in most))

    def _projects(self) -> tuple[list[ColumnLimit], list[ColumnLimit] | None]:
        """The claims that are one project, known and at worst; None where these are the same."""
        subject_of = {programme.id: programme.subject for programme in self._programmes}
        always = merged(self._provisions.one_project)
        for group in always:
            if len({subject_of[name] for name in group}) > 1:
                raise NotInSqlError("one project, of programmes for different lists")

        def limit(group: Sequence[str]) -> ColumnLimit:
            return ColumnLimit(tuple((name,) for name in group), per=self._book.subjects[subject_of[group[0]]].many)

        known = [limit(group) for group in always]
        pool = self._provisions.pooled
        if not pool or self._layout.apart:
            return known, None
        united = [group for group in always if {*group} & {*pool}]
        names = dict.fromkeys([*pool, *(name for group in united for name in group)])
        one = ColumnLimit(tuple((name,) for name in names), one=True)
        return known, [one, *(limit(group) for group in always if group not in united)]

    def _limit(self, limit: Limit) -> ColumnLimit:
        if not isinstance(limit, Cap):
            return ColumnLimit(limit.of, per=limit.per is not None)
        subject = self._single
        if limit.per:
            subject = next(one.subject for one in self._programmes if one.id == limit.programmes[0])
        per = limit.per is not None and self._book.subjects[subject].many
        alone = self._cap(limit, self._scope(subject, self._firms))
        each = None
        if per and subject in self._layout.lists:
            each = self._cap(limit, self._scope(subject, self._items.chain(subject)))
        return ColumnLimit((limit.programmes,), per=per, cap=alone, cap_each=each)

    def _cap(self, limit: Cap, scope: ColumnScope) -> ColumnSpan:
        scope.hint = "limit"
        cap = terms.figure(limit.amount, scope)
        if limit.less is not None:
            less = terms.nothing_where_never(terms.term(limit.less, scope))
            cap = ends.added([cap, ends.negative(less)])
        cap = ends.at_least(cap, terms.NOTHING)
        for end in (cap.low, cap.high):
            ends.without_divisor(end, "a cap is a quotient, which has no exact decimal")
        return cap

    def _today(self, part: TotalPart) -> TotalPart:
        """What of a part can be paid on the day."""
        (name,) = part.programmes
        alone = payable(part.alone, self._open(name, self._scope(part.subject or self._single, self._firms)))
        if part.subject is None or part.each is None:
            return TotalPart(part.programmes, alone, part.subject)
        each = payable(part.each, self._open(name, self._scope(part.subject, self._items.chain(part.subject))))
        return TotalPart(part.programmes, alone, part.subject, each)

    def _open(self, programme: str, scope: ColumnScope) -> Sql:
        """Whether the document is in force and a call open."""
        provisions, on = self._provisions, self._layout.on
        if not isinstance(on, TableForm):
            standing = True if provisions.valid is None else validity.standing(provisions.valid, on)
            opening = validity.opening(provisions.calls, programme, on)
            call = {"open": True, "closed": False, "unknown": None, None: True}[opening]
            return sql.both(_truth(each) for each in (standing, call))
        day, found = scope.today(), list[Sql]()
        if provisions.valid is not None:
            found.append(_within(day, validity.span_of(provisions.valid)))
        concerned = [call for call in provisions.calls if not call.programmes or programme in call.programmes]
        if concerned:
            found.append(sql.either(_within(day, _window(call)) for call in concerned))
        return sql.both(found)


def _truth(truth: bool | None) -> Sql:
    return sql.null() if truth is None else sql.true() if truth else sql.false()


def _window(call: ApplicationCall) -> FigureSpan:
    if call.every is not None:
        raise NotInSqlError("a call of every year, on days that differ from firm to firm")
    ((first, last),) = validity.windows(call, None)
    return FigureSpan(first and first.toordinal(), last and last.toordinal())


def _within(day: ColumnSpan, days: FigureSpan) -> Sql:
    low, high = (None if end is None else constant(date.fromordinal(int(end))) for end in (days.low, days.high))
    return within(day, low, high)
