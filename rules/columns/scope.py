"""The facts that a rule may speak of, as columns: those of the firm, of a list's thing, and what a list comes to.

``rules.scopes`` said of columns. While a rule is compiled it notes which facts are read, for what is missing.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlglot import exp

from rules.case import NUMERIC, FactSpec
from rules.columns import days, digits, sql
from rules.columns.digits import Digits
from rules.columns.ends import ANY, Bare, ColumnEnd, ColumnSpan, constant
from rules.columns.relations import FIRMS, Chain, Layout, Query, Summed, TableForm, by_firm
from rules.columns.sql import NotInSqlError, Sql
from rules.scopes import Book, offset_of
from rules.spans import FigureSpan
from rules.terms import Term

T = TypeVar("T")


class Lists:
    """The things of the lists, one by one, and what they come to, firm by firm."""

    def __init__(self, query: Query, each: str, summed: str) -> None:
        self._query = query
        self._each = each
        self._summed = summed
        self.chains: dict[str, Chain] = {}
        self._sums: dict[str, list[Summed]] = {}

    def chain(self, subject: str) -> Chain:
        """The things of a list, each a row."""
        if subject not in self.chains:
            self.chains[subject] = Chain(f"{subject} {self._each}", subject, self._query)
        return self.chains[subject]

    def summed(self, subject: str, value: Sql, counted: Sql | None = None) -> tuple[str, str]:
        """A column of what ``value`` comes to for a firm: its name, and the part that has it.

        ``counted``: which things it counts, None for all. A firm of whose things none counts may have no row there.
        """
        sums = self._sums.setdefault(subject, [])
        found = next((name for name, *each in sums if each == [value, counted]), None)
        if found is None:
            found = f"{subject} {self._summed} {len(sums) + 1}"
            sums.append((found, value, counted))
        return found, f"{subject} {self._summed}"

    def finished(self) -> None:
        """Puts the parts into the query, before those that use them."""
        for subject, chain in self.chains.items():
            rows = chain.finished()
            if subject in self._sums:
                by_firm(self._query, f"{subject} {self._summed}", rows, self._sums[subject])


class ColumnScope:
    """The columns of the facts for a claim on the firm or on a thing of the list ``subject``.

    Where the rows of ``chain`` are firms, nothing is known of a thing. ``term`` compiles what a fact is derived from;
    ``outer`` is the scope in which the thing is one of a list. Raises ``NotInSqlError`` for what has no form in SQL.
    """

    def __init__(
        self,
        subject: str,
        book: Book,
        layout: Layout,
        chain: Chain,
        lists: Lists,
        term: "Callable[[Term, ColumnScope], ColumnSpan]",
        outer: "ColumnScope | None" = None,
    ) -> None:
        self.subject = subject
        self.layout = layout
        self.hint = subject
        self._book = book
        self._chain = chain
        self._lists = lists
        self._term = term
        self._outer = outer
        self._many = book.subjects[subject].many
        self._listed = not self._many or chain.subject == subject
        self._narrowed: dict[str, ColumnSpan] = {}
        self._deriving: set[str] = set()
        self._read: dict[str, Sql] = {}
        self.of_list: dict[str, dict[str, Sql]] = {}
        """Of each list that is looked through: whether a fact of one of its things is open, by the fact."""

    # -- what the rules ask

    def kept(self, value: Sql) -> Sql:
        """``value`` in a column of its own."""
        return self._chain.kept(value, self.hint)

    def value(self, fact: str) -> Sql:
        """The column of a truth, a choice or a place."""
        spec = self._spec(fact)
        column = self._column(fact, spec, "")
        self._note(fact, sql.either((sql.unknown(column), self._wide(spec, column))))
        return column

    def choices(self, fact: str) -> Sequence[str]:
        return self._spec(fact).choices

    def stated(self, fact: str) -> bool:
        return self._spec(fact).derive is None

    def conditions_of(self, programme: str) -> Sequence[Any]:
        return self._book.programmes[programme][1]

    def figure(self, fact: str) -> ColumnSpan:
        """What a figure or a day comes to; the limits of the fact where it is not known."""
        if fact == "on":
            return self.today()
        spec = self._spec(fact)
        if spec.derive is not None:
            return self._derived(fact, spec)
        if self._outer is not None and fact in self._outer._narrowed:
            raise NotInSqlError("{} within a band, looked at beside the things of a list", fact)
        if fact in self._narrowed:
            self._figure(fact, spec)  # it is read all the same
            return self._narrowed[fact]
        return self._figure(fact, spec)

    def today(self) -> ColumnSpan:
        on = self.layout.on
        if isinstance(on, TableForm):
            low, high = (self._firms(f"on.{end}") for end in ("min", "max"))
            self._note("on", _loose(low, high))
            return ColumnSpan(ColumnEnd(low), ColumnEnd(high))
        self._note("on", sql.false() if on is not None and on.exact else sql.true())
        first, last = (on.first, on.last) if on is not None else (None, None)
        return ColumnSpan(first and constant(first), last and constant(last))

    @contextmanager
    def narrowed(self, fact: str, span: ColumnSpan) -> Generator[None]:
        """Within, what is known of ``fact`` is ``span``."""
        before = self._narrowed
        self._narrowed = {**before, fact: span}
        yield
        self._narrowed = before

    def used(self, compiled: Callable[[], T]) -> tuple[T, dict[str, Sql]]:
        """What ``compiled`` makes, and for each fact that it reads whether that is open; lists apart, see ``of_list``."""
        before, self._read = self._read, {}
        made = compiled()
        read, self._read = self._read, before
        return made, read

    def amount_of_things(self, subject: str) -> Sql:
        """How many things a list holds; NULL where that is not known."""
        column = self._firms(subject) if subject in self.layout.lists else sql.null()
        self._note(subject, sql.unknown(column))
        return column

    def each(self, subject: str) -> "ColumnScope":
        """The scope of one of the things of a list."""
        if self._outer is not None:
            raise NotInSqlError("a list ({}) within another", subject)
        return ColumnScope(subject, self._book, self.layout, self._lists.chain(subject), self._lists, self._term, self)

    def summed(self, subject: str, inner: "ColumnScope", value: Sql) -> Sql:
        """What ``value``, over the things of a list, comes to for the firm of the row; NULL where it has none."""
        opens = self.of_list.setdefault(subject, {})
        for fact, is_open in inner.own.items():
            some = exp.LogicalOr(this=inner.kept(is_open).copy()) if not sql.is_false(is_open) else sql.false()
            opens[fact] = some if sql.is_false(some) else self._sum(subject, some)
        return self._sum(subject, value)

    @property
    def own(self) -> dict[str, Sql]:
        """The facts of the thing itself that have been read, and whether each is open."""
        return {fact: is_open for fact, is_open in self._read.items() if fact.startswith(f"{self.subject}.")}

    # -- columns

    def _sum(self, subject: str, value: Sql) -> Sql:
        return self._chain.base(*self._lists.summed(subject, value))

    def _spec(self, fact: str) -> FactSpec:
        return self._book.facts[fact.partition("@")[0]]

    def _note(self, fact: str, is_open: Sql) -> None:
        own = fact.startswith(f"{self.subject}.")
        if self._outer is not None and not own:
            self._outer._note(fact, is_open)
        elif fact != "on" or self._outer is None:
            self._read[fact] = is_open

    def _wide(self, spec: FactSpec, column: Sql) -> Sql:
        if spec.type != "place" or sql.is_null(column):
            return sql.false()
        return exp.Like(this=column.copy(), expression=sql.text("%00"))

    def _column(self, fact: str, spec: FactSpec, end: str, *, ranged: bool = False) -> Sql:
        """The column of a fact; ``ranged``: of an end of it, where it is a figure or a day."""
        name, kind = f"{fact}{end}", None
        if ranged and spec.type in NUMERIC and not self.layout.typed:
            kind = self.layout.digits_of(fact, spec).kind
        if self.layout.form(fact) is TableForm.NONE:
            return sql.null()
        if not self._book.subjects[spec.subject].many:
            return self._firms(name, kind)
        if spec.subject != self.subject:
            raise NotInSqlError("{} of a thing, asked of each thing of another list ({})", fact, self.subject)
        if not self._listed or spec.subject not in self.layout.lists:
            return sql.null()
        return self._chain.base(name, self.subject, kind)

    def _firms(self, name: str, kind: str | None = None) -> Sql:
        if self._outer is not None:
            self._outer._firms(name, kind)  # whether it is open is asked there
        return self._chain.base(name, FIRMS, kind)

    def _derived(self, fact: str, spec: FactSpec) -> ColumnSpan:
        if fact in self._deriving or spec.derive is None:
            raise NotInSqlError("{} is derived from itself", fact)
        self._deriving.add(fact)
        found = self._term(spec.derive, self)
        self._deriving.discard(fact)
        return found

    def _figure(self, fact: str, spec: FactSpec) -> ColumnSpan:
        name, _, year = fact.partition("@")
        if year and not year.isdigit():
            return self._of_relative_year(name, offset_of(year), spec)
        if spec.type != "date" and spec.type not in NUMERIC:
            raise NotInSqlError("{} is a {} fact", fact, spec.type)
        columns = self._ends(fact, spec)
        self._note(fact, self._is_open(columns))
        return self._span(spec, columns, self.layout.digits_of(fact, spec), self._exact(fact))

    def _exact(self, fact: str) -> bool:
        return self.layout.form(fact) is TableForm.EXACT

    def _ends(self, fact: str, spec: FactSpec) -> tuple[Sql, ...]:
        """The columns of a figure or a day: its ends, whether each is open (of a day never), whether it never came."""
        form = self.layout.form(fact)
        if form is TableForm.NONE:
            return sql.null(), sql.null(), sql.false(), sql.false(), sql.false()
        low, high = [
            self._column(fact, spec, end, ranged=True)
            for end in (("", "") if form is TableForm.EXACT else (".min", ".max"))
        ]
        flags = [sql.false(), sql.false()]
        if form is TableForm.OPEN and spec.type != "date" and not sql.is_null(low):
            flags = [sql.known_or(self._column(fact, spec, end), sql.false()) for end in (".min_open", ".max_open")]
        never = sql.false()
        if spec.never and not sql.is_null(low):
            never = sql.known_or(self._column(fact, spec, ".never"), sql.false())
        return low, high, flags[0], flags[1], never

    def _span(self, spec: FactSpec, columns: Sequence[Sql], of_columns: Digits, exact: bool) -> ColumnSpan:
        low, high, low_open, high_open, never = columns
        if spec.type == "date":
            if sql.is_null(low) and sql.is_null(high):
                return ANY
            bare = Bare(low, FigureSpan(None, None)) if exact else None
            return ColumnSpan(ColumnEnd(low), ColumnEnd(high), never=never, bare=bare)
        least, most = spec.ends
        if sql.is_null(low) and sql.is_null(high):
            return ColumnSpan(constant(least), None if most is None else constant(most))
        of_low, of_high = (
            of_columns if limit is None else digits.beside(of_columns, digits.of_constant(limit))
            for limit in (least, most)
        )
        first = ColumnEnd(sql.known_or(low, sql.number(least)), None, True, least >= 0, digits=of_low)
        top = high if most is None else sql.known_or(high, sql.number(most))
        last = ColumnEnd(top, None, most is not None, least >= 0, digits=of_high)
        bare = Bare(low, FigureSpan(least, most)) if exact and not sql.is_null(low) else None
        return ColumnSpan(first, last, low_open, high_open, bare=bare)

    def _is_open(self, columns: Sequence[Sql]) -> Sql:
        low, high, *_, never = columns
        loose = sql.unknown(low) if low == high else _loose(low, high)
        return loose if sql.is_false(never) else sql.both((loose, sql.opposite(never)))

    def _of_relative_year(self, name: str, offset: int, spec: FactSpec) -> ColumnSpan:
        """The figure of a year counted from that of the day."""
        on = self.layout.on
        if not isinstance(on, TableForm):
            if on is None or on.year is None:
                self._note("on", sql.true())
                nothing = [sql.null(), sql.null(), sql.false(), sql.false(), sql.false()]
                return self._span(spec, nothing, digits.INTEGER, False)
            return self._figure(f"{name}@{on.year + offset}", spec)
        first, last = (self.kept(days.year(self._firms(f"on.{end}"))) for end in ("min", "max"))
        same = sql.compare(first, "=", last)
        found: list[list[tuple[Sql, Sql]]] = [[], [], [], []]
        for year in self.layout.years(name):
            here = sql.both((same, sql.compare(first, "=", sql.number(year - offset))))
            for branches, column in zip(found, self._ends(f"{name}@{year}", spec)[:4], strict=True):
                branches.append((here, column))
        columns = [self.kept(sql.case(branches)) for branches in found[:2]]
        columns += [self.kept(sql.case(branches, sql.false())) for branches in found[2:]]
        self._note(f"{name}@{offset}", self._is_open([*columns, sql.false()]))
        of_years = [self.layout.digits_of(f"{name}@{year}", spec) for year in self.layout.years(name)]
        return self._span(spec, [*columns, sql.false()], digits.beside(digits.INTEGER, *of_years), False)


def _loose(low: Sql, high: Sql) -> Sql:
    """Whether an end is not known, or not the other."""
    if sql.is_null(low) or sql.is_null(high):
        return sql.true()
    return sql.known_or(sql.compare(low, "<>", high), sql.true())
