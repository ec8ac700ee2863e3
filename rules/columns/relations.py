"""What there is to ask of: the columns of the firms' and the lists' tables, and the query as it grows, part by part.

A ``Chain`` is one relation with columns that are added to it; what a column needs stands in an earlier part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from sqlglot import exp

from rules.columns import sql
from rules.columns.sql import Sql
from rules.dates import Dates

FIRM, ITEM = "firm", "item"
"""The columns that name a row: the firm, and of a list which of its things, counted from 0."""

FIRMS = "firms"
"""The table of the firms; a list's table is called as the list."""


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
    of the columns of the firms that hold it. ``apart``: all claims concern different projects. ``scales``: how many
    decimals a figure has at most, by path; ``scale`` is that of all others. ``narrow``: figures need no more than 18 digits.
    """

    usual: TableForm = TableForm.RANGE
    forms: Mapping[str, TableForm] = field(default_factory=dict[str, TableForm])
    lists: frozenset[str] = frozenset()
    on: Dates | TableForm | None = None
    apart: bool = False
    scales: Mapping[str, int] = field(default_factory=dict[str, int])
    scale: int = 4
    narrow: bool = False

    def form(self, path: str) -> TableForm:
        return self.forms.get(path, self.usual)

    def years(self, fact: str) -> list[int]:
        """The years of which there is a figure of ``fact``."""
        named = [path.partition("@") for path, form in self.forms.items() if form is not TableForm.NONE]
        return sorted(int(year) for name, _, year in named if name == fact and year)


class Query:
    """The parts of a query, in their order, each with a name."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, exp.Select]] = []
        self.tables: dict[str, dict[str, None]] = {}
        """The columns of each table that the query reads, beside those that name a row."""

    def part(self, name: str, select: exp.Select) -> str:
        self.parts.append((name, select))
        return name

    def select(self, last: exp.Query) -> exp.Query:
        """``last`` with all parts before it."""
        for name, part in self.parts:
            last = last.with_(exp.to_identifier(name, quoted=True), as_=part, copy=False)
        return last


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
        self._base: dict[str, tuple[str, str]] = {}
        """The columns of the tables, by name: the table, and the column there."""
        self._joined: dict[str, None] = {}
        self._added: dict[str, _Added] = {}
        self._numbers: dict[str, int] = {}

    def base(self, name: str, table: str) -> Sql:
        """A column of the firms' table, of the list's, or of a part that has a row a firm."""
        self._base.setdefault(name, (table, name))
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
        columns += [sql.alias(sql.column(column, where), name) for name, (where, column) in self._base.items()]
        for name, (where, _) in self._base.items():
            if where not in (FIRMS, self.subject):
                continue
            self._query.tables.setdefault(where, {})[name] = None
        select = exp.select(*columns).from_(_named(table))
        for other in self._joined:
            same = exp.EQ(this=sql.column(FIRM, other), expression=sql.column(FIRM, table))
            kind = "inner" if other == FIRMS else "left"
            select = select.join(
                exp.Table(this=exp.to_identifier(other, quoted=True)), on=same, join_type=kind, copy=False
            )
        layers = max((added.layer for added in self._added.values()), default=0)
        last = self._query.part(f"{self.name} facts" if layers else self.name, select)
        for layer in range(1, layers + 1):
            mine = [(name, added) for name, added in self._added.items() if added.layer == layer]
            added = [sql.alias(added.value, name, added.comment) for name, added in mine]
            rows = exp.select(exp.Star(), *added).from_(_named(last), copy=False)
            last = self._query.part(self.name if layer == layers else f"{self.name} {layer}", rows)
        return last


def _named(part: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(part, quoted=True))


def by_firm(query: Query, name: str, rows: str, sums: Sequence[tuple[str, Sql]]) -> str:
    """A part with a row a firm: ``sums`` over the ``rows`` that it has."""
    columns = [sql.column(FIRM), *(sql.alias(value, column) for column, value in sums)]
    select = exp.select(*columns).from_(_named(rows)).group_by(sql.column(FIRM))
    return query.part(name, select)
