"""The firms and their lists as the compiled rules want them, made in DuckDB from what an office has.

A row that cannot be read is left out with its firm, and reported; a firm whose list has such a row, too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from bot.match.bounds import UNBOUNDED, Bounds
from bot.match.mapping import Mapped, MatchMapping, TableMapping, mapped
from bot.match.rows import LINE, TROUBLE, lines_of
from bot.match.sources import Source, line_by_line, name, opened
from bot.match.staging import DECIMALS, CellReading, ReadFact, read_facts, text_of
from conversations.state.interchange import BadInputError
from knowledge.policy import Policy
from rules.columns.digits import Digits
from rules.columns.relations import Layout, TableForm
from rules.dates import Dates

_WIDE = 20
"""So many digits before the point have figures where fewer are not enough: as many as the largest that a case may hold."""


_NAMED = 20
"""So many columns of a table are named where one is looked for."""


class BadRow(NamedTuple):
    """A row that was left out: the table, the line (of a database the row), and what is wrong."""

    table: str
    line: int
    trouble: str


@dataclass(frozen=True, slots=True)
class _Staged:
    """A table that has been read: its staging table, its facts, and the columns that count the things of a list."""

    table: str
    source: Source
    mapped: Mapped
    facts: list[ReadFact]


def carried(said: str) -> str:
    """What the column of ``firms`` is called with what the table says of the firm itself (``name``, ``code``)."""
    return f"firm's {said}"


def headings(connection: duckdb.DuckDBPyConnection, source: Source, bounds: Bounds) -> list[str]:
    """The names of a table's columns. Raises ``BadInputError`` for one that cannot be read, or is larger than it may be."""
    try:
        found = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source.relation}").fetchall()]
        count = f"SELECT count(*) FROM {source.relation}"
        counted = None if bounds.rows is None else connection.execute(count).fetchone()
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise BadInputError(f"{source.name} 读不了：{_why(error)}") from None
    bounds.look(source.name, counted[0] if counted else 0, len(found))
    return found


def _why(error: duckdb.Error) -> str:
    """What DuckDB says, without the folder in which a file lies for now."""
    return re.sub(r"[\'\"][^\'\"]*/", "'", str(error).splitlines()[0])


class FirmTables:
    """Reads the tables and lays them out; ``layout`` says for the compiler what there is.

    ``connection`` is where the tables lie: ``firms``, with the column ``id``, and one for each list.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        policy: Policy,
        mapping: MatchMapping,
        day: Dates,
        bounds: Bounds = UNBOUNDED,
    ) -> None:
        self.connection = connection
        self._bounds = bounds
        self._policy = policy
        self._mapping = mapping
        self._day = day
        self._lists: dict[str, _Staged] = {}
        self._firms: _Staged | None = None
        single = next(subject.id for subject in policy.subjects if not subject.many)
        self._single = single
        self.layout = Layout(TableForm.NONE)
        self.bad: list[BadRow] = []
        self.unused: list[str] = []
        self._execute('CREATE TABLE bad ("table" VARCHAR, line BIGINT, trouble VARCHAR, id VARCHAR)')

    @property
    def own(self) -> frozenset[str]:
        """What the table says of a firm itself: see ``carried``."""
        return frozenset(self._mapping.own)

    def read(self, written: str, beside: Path, workplace: Path) -> None:
        """Stages the table of the firms, and those of the lists that the mapping names. Raises ``BadInputError``."""
        lists = {subject.id for subject in self._policy.subjects if subject.many}
        if unknown := [subject for subject in self._mapping.lists if subject not in lists]:
            raise BadInputError(
                f"映射文件的 lists 里，{unknown[0]} 不是这份政策的清单（有的是：{'、'.join(sorted(lists))}）"
            )
        source = opened(written, Path(), workplace, 0, self._bounds)
        self._firms = self._staged("firms", self._single, source, self._mapping, workplace)
        for number, (subject, mapping) in enumerate(self._mapping.lists.items(), start=1):
            source = opened(mapping.table, beside, workplace, number, self._bounds)
            self._lists[subject] = self._staged(subject, subject, source, mapping, workplace)

    def finish(self, *, narrow: bool) -> None:
        """Makes ``firms`` and the lists of what could be read; ``narrow``: figures as short as they are."""
        if self._firms is None:
            raise AssertionError("nothing has been read")
        firms = self._firms
        counted = {*firms.mapped.counts, *self._lists}
        digits: dict[str, Digits] = {}
        columns = ["CAST(line AS INT) AS firm", "id", *(name(carried(said)) for said in self._mapping.own)]
        columns += self._figures("firms", firms.facts, narrow, digits)
        columns += [f"{self._count(subject)} AS {name(subject)}" for subject in sorted(counted)]
        joins = "".join(f" LEFT JOIN {name(f'counted {subject}')} USING (id)" for subject in self._lists)
        self._execute(f"CREATE OR REPLACE TABLE firms AS SELECT {', '.join(columns)} FROM {name('good firms')}{joins}")
        for subject in sorted(counted):
            self._list(subject, narrow, digits)
        staged = [firms, *self._lists.values()]
        forms = {fact.path: fact.form for each in staged for fact in each.facts}
        apart = self._mapping.apart
        self.layout = Layout(
            TableForm.NONE, forms, frozenset(counted), self._day, apart, digits, typed=True, narrow=narrow
        )

    def sort_out(self) -> None:
        """Leaves out the rows that cannot be read; what they are is in ``bad``."""
        for subject, staged in self._lists.items():
            self._report(subject, f"SELECT id, line, problems FROM {name(f'staged {subject}')} WHERE len(problems) > 0")
            orphans = f"SELECT id, line, ['企业“' || id || '”不在企业表里'] FROM {name(f'staged {subject}')}"
            self._report(
                subject, f"{orphans} WHERE id NOT IN (SELECT id FROM {name('staged firms')} WHERE id IS NOT NULL)"
            )
            counted = f"SELECT id, count(*) AS found FROM {name(f'staged {subject}')} WHERE id IS NOT NULL GROUP BY id"
            self._execute(
                f"CREATE TABLE {name(f'counted {subject}')} AS {counted.replace('found', name(f'{subject} found'))}"
            )
            self._report_firms(
                f"'{staged.source.name} 里它的一行有错'", f"id IN (SELECT id FROM bad WHERE \"table\" = '{subject}')"
            )
        self._report("firms", f"SELECT id, line, problems FROM {name('staged firms')} WHERE len(problems) > 0")
        twice = (
            f"SELECT id, line, row_number() OVER (PARTITION BY id ORDER BY line) AS place FROM {name('staged firms')}"
        )
        again = (
            f"SELECT id, line, ['企业“' || id || '”前面已经有一行'] FROM ({twice}) WHERE place > 1 AND id IS NOT NULL"
        )
        self._report("firms", again)
        self._disagreeing()
        left = (
            f"SELECT * FROM {name('staged firms')} WHERE line NOT IN (SELECT line FROM bad WHERE \"table\" = 'firms')"
        )
        self._execute(f"CREATE TABLE {name('good firms')} AS {left}")
        names = {
            "firms": self._firms.source.name if self._firms else "",
            **{k: v.source.name for k, v in self._lists.items()},
        }
        found = self._execute(
            "SELECT \"table\", line, string_agg(trouble, '；') FROM bad GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        self.bad += [BadRow(names[table], line, trouble) for table, line, trouble in found]

    # -- steps

    def _staged(self, table: str, subject: str, source: Source, mapping: TableMapping, workplace: Path) -> _Staged:
        staged = self._stage(table, subject, source, mapping)
        if source.csv is None:
            return staged
        read = self._execute(f"SELECT count(*) FROM {name(f'staged {table}')}").fetchone()
        if read is not None and read[0] + 1 == lines_of(source.csv):  # a row a line, below the heading
            return staged
        whole = line_by_line(source, workplace / f"{table}-rows.csv")
        del self.unused[len(self.unused) - len(staged.mapped.unused) :]
        return self._stage(table, subject, whole, mapping)

    def _stage(self, table: str, subject: str, source: Source, mapping: TableMapping) -> _Staged:
        names = [each for each in headings(self.connection, source, self._bounds) if each not in (LINE, TROUBLE)]
        if mapping.firm not in names:
            there = "、".join(names[:_NAMED]) + ("……" if len(names) > _NAMED else "")
            raise BadInputError(
                f"{source.name} 里没有“{mapping.firm}”这一列；哪一列是企业，写在映射文件的 firm 里。表里有：{there}"
            )
        found = mapped(self._policy, subject, names, mapping)
        self.unused += [f"{source.name}：{heading}" for heading in found.unused]
        reading = CellReading()
        facts = read_facts(found.facts, mapping, reading)
        firm = text_of(mapping.firm)
        columns = [f"{text_of(heading)} AS {name(carried(said))}" for said, heading in mapping.own.items()]
        columns += [f"{value} AS {name(column)}" for fact in facts for column, value in fact.columns.items()]
        problems = [
            *([f"nullif({name(TROUBLE)}, '')"] if source.numbered else []),
            f"CASE WHEN {firm} IS NULL THEN '没有写是哪一家企业' END",
            *(one for fact in facts for one in fact.problems),
        ]
        for listed, heading in found.counts.items() if table == "firms" else ():
            value = (
                f"CASE WHEN {text_of(heading)} IN ('无', '没有') THEN 0 ELSE TRY_CAST({text_of(heading)} AS INT) END"
            )
            columns.append(f"{value} AS {name(f'{listed} said')}")
            problems.append(
                f"CASE WHEN {text_of(heading)} IS NOT NULL AND coalesce({value}, -1) < 0 THEN '{heading}：要写有几个' END"
            )
        line = f"CAST({name(LINE)} AS BIGINT)" if source.numbered else f"row_number() OVER () + {source.first - 1}"
        rows = f"SELECT {line} AS line, * FROM {source.relation}"
        filtered = f"list_filter([{', '.join(problems)}], lambda each: each IS NOT NULL)"
        select = (
            f"SELECT line, {firm} AS id, {', '.join([*columns, f'{filtered} AS problems'])} FROM ({reading.rows(rows)})"
        )
        try:
            self._execute(f"CREATE OR REPLACE TABLE {name(f'staged {table}')} AS {select}")
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise BadInputError(f"{source.name} 读不了：{_why(error)}") from None
        return _Staged(table, source, found, facts)

    def _report(self, table: str, query: str) -> None:
        self._execute(
            f"INSERT INTO bad SELECT '{table}', line, unnest(troubles), id FROM ({query}) AS found (id, line, troubles)"
        )

    def _report_firms(self, trouble: str, where: str) -> None:
        self._report("firms", f"SELECT id, line, [{trouble}] FROM {name('staged firms')} WHERE {where}")

    def _disagreeing(self) -> None:
        """Firms whose row says another number of things than the list has."""
        if self._firms is None:
            return
        for subject in self._firms.mapped.counts.keys() & self._lists.keys():
            other = f"SELECT id FROM {name(f'counted {subject}')} WHERE {name(f'{subject} found')} <> {name(f'{subject} said')}"
            complete = "TRUE" if self._mapping.lists[subject].complete else "FALSE"
            none = f"(id NOT IN (SELECT id FROM {name(f'counted {subject}')}) AND {complete})"
            where = f"{name(f'{subject} said')} IS NOT NULL AND (id IN ({other}) OR ({none} AND {name(f'{subject} said')} > 0))"
            self._report_firms(f"'{subject}：写的个数和清单里的行数不一样'", where)

    def _count(self, subject: str) -> str:
        """How many things of a list a firm has; NULL where that is not known."""
        ways: list[str] = []
        if subject in self._lists:
            ways.append(name(f"{subject} found"))
        if self._firms is not None and subject in self._firms.mapped.counts:
            ways.append(name(f"{subject} said"))
        if subject in self._lists and self._mapping.lists[subject].complete:
            ways.append("0")
        return f"CAST(coalesce({', '.join(ways)}, NULL) AS INT)"

    def _list(self, subject: str, narrow: bool, digits: dict[str, Digits]) -> None:
        """The table of a list; of things of which only the number is known nothing else is."""
        if subject in self._lists:
            staged = self._lists[subject]
            columns = self._figures(subject, staged.facts, narrow, digits)
            place = "CAST(row_number() OVER (PARTITION BY firm ORDER BY line) - 1 AS INT) AS item"
            rows = f"{name(f'staged {subject}')} JOIN (SELECT id, firm FROM firms) USING (id)"
            select = f"SELECT firm, {', '.join([place, *columns])} FROM {rows}"
        else:
            select = "SELECT CAST(NULL AS INT) AS firm, CAST(NULL AS INT) AS item LIMIT 0"
        self._execute(f"CREATE OR REPLACE TABLE {name(subject)} AS {select}")
        bare = f"SELECT firm, unnest(range({name(subject)})) AS item FROM firms WHERE {name(subject)} > 0"
        bare += f" AND firm NOT IN (SELECT firm FROM {name(subject)})"
        self._execute(f"INSERT INTO {name(subject)} (firm, item) {bare}")

    def _figures(self, table: str, facts: Sequence[ReadFact], narrow: bool, digits: dict[str, Digits]) -> list[str]:
        """The columns of a table, figures in as many digits as they need."""
        figures = [column for fact in facts for column in fact.figures]
        needed = self._needed(f"staged {table}", figures)
        columns: list[str] = []
        for fact in facts:
            mine = [needed[column] for column in fact.figures]
            scale = max((each.scale for each in mine), default=0)
            whole = max(1, *(each.whole for each in mine)) if narrow and mine else _WIDE
            digits[fact.path] = Digits(whole, scale)
            for column in fact.columns:
                if column not in fact.figures:
                    columns.append(name(column))
                    continue
                columns.append(f"CAST({name(column)} AS {digits[fact.path].kind}) AS {name(column)}")
        return columns

    def _needed(self, table: str, figures: Sequence[str]) -> Mapping[str, Digits]:
        """The digits that the figures of each column need."""
        if not figures:
            return {}
        asked: list[str] = []
        for column in map(name, figures):
            steps = "".join(
                f"WHEN {column} = round({column}, {places}) THEN {places} " for places in (0, 1, 2, 3, 4, 6)
            )
            asked += [f"max(abs({column}))", f"max(CASE WHEN {column} IS NULL THEN 0 {steps}ELSE {DECIMALS} END)"]
        row = self._execute(f"SELECT {', '.join(asked)} FROM {name(table)}").fetchone() or ()
        pairs = zip(row[::2], row[1::2], strict=True)
        sizes = [Digits(len(str(int(most or 0))), int(scale or 0)) for most, scale in pairs]
        return dict(zip(figures, sizes, strict=True))

    def _execute(self, statement: str) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(statement)
