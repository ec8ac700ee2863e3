"""What there is to ask of: the columns of the firms' and the lists' tables, and the query as it grows, part by part.

A ``Chain`` is one relation with columns that are added to it; what a column needs stands in an earlier part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from sqlglot import exp

from rules.case import FactSpec
from rules.columns import sql
from rules.columns.digits import Digits
from rules.columns.sql import Sql
from rules.dates import Dates

FIRM, ITEM = "firm", "item"
"""The columns that name a row: the firm, and of a list which of its things, counted from 0."""

FIRMS = "firms"
"""The table of the firms; a list's table is called as the list."""


_WHOLE = 15
"""So many digits before the point has a figure of a table of which nothing else is said."""


class TableForm(Enum):
    """How a table holds a fact: not at all; in one column; as ``.min`` and ``.max``; and with ``.min_open``, ``.max_open``."""

    NONE = 0
    EXACT = 1
    RANGE = 2
    OPEN = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of the tables: ``forms`` by the path of a fact, with the year of a figure by year (``…revenue@2024``).

    ``usual`` is the form of all others. ``lists``: of which lists there is a table, and a column of the firms that says
    how many things it holds (NULL: not known). ``on``: the day for all rows, None where it is not known, or the form
    of the columns of the firms that hold it. ``apart``: all claims concern different projects.

    ``digits``: of the types of the figures' columns, by path; ``usual_digits`` those of all others, None: what the type of
    the fact takes. ``typed``: they have these types; else they are cast to them. ``narrow``: sums need no more than 18 digits.
    """

    usual: TableForm = TableForm.RANGE
    forms: Mapping[str, TableForm] = field(default_factory=dict[str, TableForm])
    lists: frozenset[str] = frozenset()
    on: Dates | TableForm | None = None
    apart: bool = False
    digits: Mapping[str, Digits] = field(default_factory=dict[str, Digits])
    usual_digits: Digits | None = None
    typed: bool = False
    narrow: bool = False

    def form(self, path: str) -> TableForm:
        return self.forms.get(path, self.usual)

    def digits_of(self, path: str, spec: FactSpec) -> Digits:
        """Of a figure's columns."""
        scale = 0 if spec.counted else 2 if spec.type in ("money", "area") else 4
        return self.digits.get(path) or self.usual_digits or Digits(_WHOLE, scale)

    def years(self, fact: str) -> list[int]:
        """The years of which there is a figure of ``fact``."""
        named = [path.partition("@") for path, form in self.forms.items() if form is not TableForm.NONE]
        return sorted(int(year) for name, _, year in named if name == fact and year)


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A part of a query: columns over the rows of ``source``, all of whose own it has too where it ``passes`` them on.

    ``joins``: further parts or tables with a row a firm, each with the kind of the join. Where it has a row a firm itself,
    ``counted`` says of each column which rows of the source it counts, None for all; the others may be looked over.
    """

    name: str
    source: str
    columns: Mapping[str, Sql]
    passes: bool = False
    joins: Mapping[str, str] = field(default_factory=dict[str, str])
    counted: Mapping[str, Sql | None] | None = None

    def asked(self, wanted: "Wanted") -> tuple[exp.Select, "dict[str, Wanted]"]:
        """The part with no more than the ``wanted`` columns and those that name a row, and what it wants of others."""
        names = [name for name in self.columns if wanted is None or name in wanted or name in (FIRM, ITEM)]
        columns = [self.columns[name].copy() for name in names]
        rows = self._rows(names)
        read = [each for one in (*columns, *([] if rows is None else [rows])) for each in one.find_all(exp.Column)]
        tables = {self.source, *(each.table for each in read if each.table)}
        reads: dict[str, Wanted] = {name: {each.name for each in read if each.table in ("", name)} for name in tables}
        if self.passes:
            own = reads[self.source] or set()
            reads[self.source] = None if wanted is None else own | (wanted - self.columns.keys())
        select = exp.Select().select(*([exp.Star()] if self.passes else []), *columns, copy=False)
        select = select.from_(_named(self.source), copy=False)
        for name in (name for name in self.joins if name in tables):
            same = exp.EQ(this=sql.column(FIRM, name), expression=sql.column(FIRM, self.source))
            select = select.join(_named(name), on=same, join_type=self.joins[name], copy=False)
        if self.counted is not None:
            select = (select if rows is None else select.where(rows, copy=False)).group_by(sql.column(FIRM), copy=False)
        return select, reads

    def _rows(self, names: Sequence[str]) -> Sql | None:
        """The rows that one of the columns counts; None for all."""
        counted = [self.counted[name] for name in names if name != FIRM] if self.counted is not None else []
        found = [each for each in counted if each is not None]
        return sql.met(sql.either(found)) if found and len(found) == len(counted) else None


Wanted: TypeAlias = set[str] | None
"""The columns that are asked of a part; None for all."""


class Query:
    """The parts of a query, in their order, each with a name."""

    def __init__(self) -> None:
        self._parts: list[QueryPart] = []
        self.tables: dict[str, dict[str, None]] = {}
        """The columns of each table that the query reads, beside those that name a row."""

    def part(self, part: QueryPart) -> str:
        self._parts.append(part)
        return part.name

    def select(self, last: exp.Query) -> exp.Query:
        """``last`` with what it needs of the parts before it."""
        wanted: dict[str, Wanted] = {}
        for select in last.find_all(exp.Select):
            _want(wanted, select.args["from_"].this.name, None if select.is_star else _names(select))
        kept: list[tuple[str, exp.Select]] = []
        for part in reversed(self._parts):
            if part.name in wanted:
                select, reads = part.asked(wanted[part.name])
                kept.append((part.name, select))
                for name, columns in reads.items():
                    _want(wanted, name, columns)
        for name, select in reversed(kept):
            last = last.with_(exp.to_identifier(name, quoted=True), as_=select, copy=False)
        return last


def _names(select: exp.Select) -> set[str]:
    return {each.name for each in select.find_all(exp.Column)}


def _want(wanted: dict[str, Wanted], part: str, columns: Wanted) -> None:
    before = wanted.get(part, set())
    wanted[part] = None if columns is None or before is None else before | columns


@dataclass(slots=True)
class _Added:
    value: Sql
    layer: int
    comment: str


class Chain:
    """The rows of the firms, or of a list with what is known of their firm, to which columns are added."""

    def __init__(self, name: str, subject: str | None, query: Query) -> None:
        self.name = name
        self.subject = subject
        self._query = query
        self._base: dict[str, tuple[str, Sql]] = {}
        """The columns of the tables, by name: the table, and what is read of it."""
        self._joined: dict[str, None] = {}
        self._added: dict[str, _Added] = {}
        self._numbers: dict[str, int] = {}

    def base(self, name: str, table: str, kind: str | None = None) -> Sql:
        """A column of the firms' table, of the list's, or of a part that has a row a firm; cast to a type where one is said."""
        read = sql.column(name, table)
        self._base.setdefault(name, (table, read if kind is None else sql.cast(read, kind)))
        if table != (self.subject or FIRMS):
            self._joined[table] = None
        return sql.column(name)

    def kept(self, value: Sql, hint: str) -> Sql:
        """``value`` in a column of its own, where it is more than a column or a constant."""
        if isinstance(value, (exp.Column, exp.Literal, exp.Boolean, exp.Null, exp.Neg)):
            return value
        for name, added in self._added.items():
            if added.value == value and not added.comment:
                return sql.column(name)
        number = self._numbers[hint] = self._numbers.get(hint, 0) + 1
        return self.put(f"{hint} {number}", value)

    def put(self, name: str, value: Sql, comment: str = "") -> Sql:
        """A column by this name."""
        needed = [self._added[each.name].layer for each in value.find_all(exp.Column) if each.name in self._added]
        self._added[name] = _Added(value, max(needed, default=0) + 1, comment)
        return sql.column(name)

    def finished(self) -> str:
        """Puts the relation into the query; its name there."""
        keys = [FIRM, ITEM] if self.subject else [FIRM]
        table = self.subject or FIRMS
        columns = [sql.alias(sql.column(key, table), key) for key in keys]
        columns += [sql.alias(read.copy(), name) for name, (_, read) in self._base.items()]
        for name, (where, _) in self._base.items():
            if where not in (FIRMS, self.subject):
                continue
            self._query.tables.setdefault(where, {})[name] = None
        kinds = {other: "inner" if other == FIRMS else "left" for other in self._joined}
        layers = max((added.layer for added in self._added.values()), default=0)
        named = {column.alias: column for column in columns}
        last = self._query.part(QueryPart(f"{self.name} facts" if layers else self.name, table, named, joins=kinds))
        for layer in range(1, layers + 1):
            mine = {name: added for name, added in self._added.items() if added.layer == layer}
            columns = {name: sql.alias(added.value, name, added.comment) for name, added in mine.items()}
            name = self.name if layer == layers else f"{self.name} {layer}"
            last = self._query.part(QueryPart(name, last, columns, passes=True))
        return last


def _named(part: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(part, quoted=True))


def without_things(subject: str) -> Sql:
    """Whether a firm has no thing of a list, or that is not known; of two values."""
    count = sql.column(subject)
    return sql.either((sql.unknown(count), sql.compare(count, "<=", sql.number(0))))


Summed: TypeAlias = tuple[str, Sql, Sql | None]
"""A column by its name, what it sums up, and which rows it counts; None for all."""


def by_firm(query: Query, name: str, rows: str, sums: Sequence[Summed]) -> str:
    """A part with a row a firm: ``sums`` over the ``rows`` that it has; none where no row counts."""
    columns = {FIRM: sql.column(FIRM)} | {column: sql.alias(value, column) for column, value, _ in sums}
    return query.part(QueryPart(name, rows, columns, counted={column: counted for column, _, counted in sums}))
