"""A policy put to a table: read, compiled, computed, written. The work lies on disk; memory stays bounded."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import TypeVar

import duckdb

from bot.match.bounds import UNBOUNDED, Bounds
from bot.match.mapping import MatchMapping
from bot.match.output import WrittenList, write_list
from bot.match.reasons import reason_of, reasons_of
from bot.match.tables import BadRow, FirmTables
from conversations.state.interchange import BadInputError
from knowledge.policy import Policy
from rules.columns import summary
from rules.columns.compiled import Compiled, compile_rules
from rules.columns.relations import Layout
from rules.columns.summary import PolicyCost
from rules.dates import Dates

T = TypeVar("T")
Told = Callable[[str], None]
"""Is told what is being done."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a policy comes to over a table.

    ``bad``: the rows that were left out; ``unused``: the columns of which nothing was taken; ``unsupported``: programmes
    that have no form in SQL, and why; ``no_total``: why there is no total, where there is none.
    """

    cost: PolicyCost
    bad: tuple[BadRow, ...]
    unused: tuple[str, ...]
    unsupported: dict[str, str]
    no_total: str | None
    written: WrittenList | None


@dataclass(frozen=True, slots=True)
class Matching:
    """Tables that have been read, and the policy that is put to them."""

    connection: duckdb.DuckDBPyConnection
    policy: Policy
    tables: FirmTables
    told: Told

    def run(self, work: Callable[[Compiled], T]) -> T:
        """``work`` with the rules compiled for the tables: once more on longer figures, where those that it has overflow.

        Raises ``BadInputError`` where no programme has a form in SQL.
        """
        try:
            return work(self._laid_out(narrow=True))
        except (duckdb.OutOfRangeException, duckdb.ConversionException):
            # figures that need more digits than those with which machines are quick
            return work(self._laid_out(narrow=False))

    def cost(self, found: Compiled) -> PolicyCost:
        """What the policy comes to over all firms."""
        rows = {
            part: self.connection.execute(query.sql(dialect="duckdb", copy=False)).fetchone() or ()
            for part, query in summary.queries(found).items()
        }
        return summary.summed(found, rows)

    def matched(self, found: Compiled, cost: PolicyCost, written: WrittenList | None = None) -> Matched:
        """All of it."""
        bad, unused = tuple(self.tables.bad), tuple(self.tables.unused)
        no_total = None if found.no_total is None else reason_of(found.no_total)
        return Matched(cost, bad, unused, reasons_of(found), no_total, written)

    def _laid_out(self, *, narrow: bool) -> Compiled:
        self.tables.finish(narrow=narrow)
        self.told("计算")
        found = compiled(self.policy, self.tables.layout)
        if not found.claims:
            raise BadInputError("这份政策没有一项能写成 SQL：" + "；".join(reasons_of(found).values()))
        return found


def connect(database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A connection for compiled rules, whose sums over firms are added up once they are joined.

    DuckDB would add up before the join where it can, and look words of a short list up by a join: for rules of thirty
    programmes, and tables of a hundred columns, it plans longer than it computes.
    """
    connection = duckdb.connect(database)
    connection.execute("SET disabled_optimizers = 'partial_aggregate_pushdown,in_clause'")
    return connection


@contextmanager
def matching(
    policy: Policy, table: str, mapping: MatchMapping, beside: Path, day: date, told: Told, bounds: Bounds = UNBOUNDED
) -> Generator[Matching]:
    """The firms of ``table`` read for ``policy`` on a day; what lies on disk for it goes at the end.

    Raises ``BadInputError`` for a table or a mapping that cannot be used, and where the work goes beyond ``bounds``.
    """
    with (
        TemporaryDirectory(prefix="wence-match-") as folder,
        connect(str(Path(folder) / "work.duckdb")) as connection,
        _within(bounds, connection),
    ):
        connection.execute(f"SET temp_directory = '{folder}'")
        connection.execute(f"SET memory_limit = '{bounds.memory}'")
        if bounds.threads is not None:
            connection.execute(f"SET threads = {bounds.threads}")
        connection.execute("SET enable_progress_bar = false")  # it would stand among what is printed
        tables = FirmTables(connection, policy, mapping, Dates(day, day), bounds)
        told("读表")
        tables.read(table, beside, Path(folder))
        told("查每一行")
        tables.sort_out()
        yield Matching(connection, policy, tables, told)


@contextmanager
def _within(bounds: Bounds, connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Ends the work where it takes too long, or more memory than it may have."""
    clock = None if bounds.seconds is None else Timer(bounds.seconds, connection.interrupt)
    try:
        if clock is not None:
            clock.daemon = True
            clock.start()
        yield
    except duckdb.InterruptException:
        raise BadInputError(f"算了 {bounds.seconds:g} 秒还没有算完，停下了") from None
    except duckdb.OutOfMemoryException:
        raise BadInputError(f"要用的内存超过了 {bounds.memory}，停下了") from None
    finally:
        if clock is not None:
            clock.cancel()


def match(
    policy: Policy,
    table: str,
    mapping: MatchMapping,
    beside: Path,
    day: date,
    to: Path | None,
    statuses: Sequence[str],
    told: Told,
    bounds: Bounds = UNBOUNDED,
) -> Matched:
    """Puts ``policy`` to the firms of ``table`` on a day, and writes the claims of these statuses ``to`` a file.

    Raises ``BadInputError`` as ``matching`` does.
    """
    with matching(policy, table, mapping, beside, day, told, bounds) as found:

        def work(rules: Compiled) -> Matched:
            cost = found.cost(rules)
            written = None if to is None else write_list(found.tables, policy, rules, to, statuses)
            return found.matched(rules, cost, written)

        return found.run(work)


def compiled(policy: Policy, layout: Layout) -> Compiled:
    """The rules of ``policy`` for tables of this layout."""
    subjects, facts = [each.spec for each in policy.subjects], [each.spec for each in policy.facts]
    return compile_rules(subjects, facts, policy.programmes, policy, layout)
