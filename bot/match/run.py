"""A policy put to a table: read, compiled, computed, written. The work lies on disk; memory stays bounded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from bot.match.mapping import MatchMapping
from bot.match.output import WrittenList, write_list
from bot.match.tables import BadRow, FirmTables
from conversations.state.interchange import BadInputError
from knowledge.policy import Policy
from rules.columns import summary
from rules.columns.compiled import Compiled, compile_rules
from rules.columns.relations import Layout
from rules.columns.summary import PolicyCost
from rules.dates import Dates

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


def match(
    policy: Policy,
    table: str,
    mapping: MatchMapping,
    beside: Path,
    day: date,
    to: Path | None,
    statuses: Sequence[str],
    told: Told,
) -> Matched:
    """Puts ``policy`` to the firms of ``table`` on a day, and writes the claims of these statuses ``to`` a file.

    Raises ``BadInputError`` for a table or a mapping that cannot be used.
    """
    with (
        TemporaryDirectory(prefix="wence-match-") as folder,
        duckdb.connect(str(Path(folder) / "work.duckdb")) as connection,
    ):
        connection.execute(f"SET temp_directory = '{folder}'")
        connection.execute("SET memory_limit = '3GB'")
        connection.execute("SET enable_progress_bar = false")  # it would stand among what is printed
        tables = FirmTables(connection, policy, mapping, Dates(day, day))
        told("读表")
        tables.read(table, beside, Path(folder))
        told("查每一行")
        tables.sort_out()

        def computed(narrow: bool) -> tuple[Compiled, PolicyCost, WrittenList | None]:
            found, cost = _computed(connection, policy, tables, narrow=narrow, told=told)
            return found, cost, None if to is None else write_list(connection, policy, found, to, statuses)

        try:
            found, cost, written = computed(narrow=True)
        except (duckdb.OutOfRangeException, duckdb.ConversionException):
            # figures that need more digits than those with which machines are quick
            found, cost, written = computed(narrow=False)
        return Matched(cost, tuple(tables.bad), tuple(tables.unused), found.unsupported, found.no_total, written)


def _computed(
    connection: duckdb.DuckDBPyConnection, policy: Policy, tables: FirmTables, *, narrow: bool, told: Told
) -> tuple[Compiled, PolicyCost]:
    tables.finish(narrow=narrow)
    told("计算")
    found = compiled(policy, tables.layout)
    if not found.claims:
        raise BadInputError("这份政策没有一项能写成 SQL：" + "；".join(found.unsupported.values()))
    rows = {
        part: connection.execute(query.sql(dialect="duckdb")).fetchone() or ()
        for part, query in summary.queries(found).items()
    }
    return found, summary.summed(found, rows)


def compiled(policy: Policy, layout: Layout) -> Compiled:
    """The rules of ``policy`` for tables of this layout."""
    subjects, facts = [each.spec for each in policy.subjects], [each.spec for each in policy.facts]
    return compile_rules(subjects, facts, policy.programmes, policy, layout)
