"""How fast a policy is put to all firms, beside openfisca-core doing the same twelve programmes in the same run.

    uv run --group bench --extra match python -m benchmarks.match [ROWS] [LARGE]

ROWS firms (2,000,000) with up to one pilot, park and building each and a third of all facts not known go through the
compiled rules in DuckDB on two threads: once for status, amounts and totals, once with what is missing as well. A sample
of them is assessed one by one, and every claim compared. openfisca-core computes the amounts of as many complete firms,
without unknowns, ranges, status or limits, as ``benchmarks.rules`` has it. LARGE firms (none if left out), more than
memory should hold, are computed from disk, after which the most memory that this process has had is printed.
Time is told twice: by the clock, and as seconds of a core, which a busy machine disturbs less.
"""

# openfisca-core is in the bench group, which the checks do not install.
# pyright: reportMissingImports=false

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from benchmarks.rules import AMOUNTS, FACTS, peer, peer_totals
from bot.match.run import compiled, connect
from knowledge.loading import load
from knowledge.policy import Fact, Policy
from rules.assessment import Assessment, Rulebook
from rules.columns import summary
from rules.columns.compiled import compile_rules
from rules.columns.digits import Digits
from rules.columns.relations import Layout, TableForm
from rules.dates import Dates

POLICY = "zhengzhou-2013-237"
DAY = date(2026, 11, 24)
THREADS = 2
ROUNDS = 3
SAMPLE = 20_000
MEMORY = "2.5GB"


def column(fact: Fact, unknown: str) -> str:
    """A fact by chance, in SQL."""
    kinds = {
        "bool": "random() < 0.6",
        "int": "CAST(floor(random() * 4) AS TINYINT)",
        "ratio": "CAST(random() AS DECIMAL(3, 2))",
        "years": "CAST(random() * 4 AS DECIMAL(3, 2))",
        "area": "CAST(floor(random() * 20000) AS DECIMAL(7, 2))",
    }
    value = kinds.get(fact.type, "CAST(floor(random() * 30000000) AS DECIMAL(10, 2))")
    if fact.choices:
        ids = [choice.id for choice in fact.choices]
        value = f"CAST({ids}[1 + CAST(floor(random() * {len(ids)}) AS INT)] AS ENUM ({str(ids)[1:-1]}))"
    return f'CASE WHEN {unknown} THEN NULL ELSE {value} END AS "{fact.id}"'


def fill(connection: duckdb.DuckDBPyConnection, policy: Policy, rows: int) -> None:
    """Makes ``rows`` firms with a third of the facts unknown."""
    connection.execute("SELECT setseed(0.237)")
    connection.execute("SET enable_progress_bar = false")
    unknown = "random() < 1 / 3.0"
    lists = [subject.id for subject in policy.subjects if subject.many]
    facts = [fact for fact in policy.facts if fact.type != "text"]
    own = [column(fact, unknown) for fact in facts if fact.subject not in lists]
    counts = [f'CASE WHEN {unknown} THEN NULL ELSE CAST(random() < 0.8 AS INT) END AS "{subject}"' for subject in lists]
    connection.execute(
        f"CREATE TABLE firms AS SELECT CAST(i AS INT) AS firm, {', '.join(counts + own)} FROM range({rows}) t(i)"
    )
    for subject in lists:
        columns = [column(fact, unknown) for fact in facts if fact.subject == subject]
        connection.execute(
            f"CREATE TABLE {subject} AS SELECT firm, 0 AS item, {', '.join(columns)} FROM firms WHERE {subject} > 0"
        )


def layout(policy: Policy) -> Layout:
    lists = frozenset(subject.id for subject in policy.subjects if subject.many)
    return Layout(TableForm.EXACT, lists=lists, on=Dates(DAY, DAY), usual_digits=Digits(8, 2), typed=True, narrow=True)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """The best of several rounds, by the clock and in seconds of a core."""
    best = (float("inf"), float("inf"))
    for _ in range(ROUNDS):
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        work()
        after, took = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - begun
        best = min(best[0], took), min(best[1], after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def show(name: str, rows: int, took: tuple[float, float]) -> None:
    print(
        f"{name:52}{took[0]:9.2f} s{rows / took[0] / 1e6:8.2f} M/s{took[1]:9.2f} core-s{rows / took[1] / 1e6:8.2f} M/core-s"
    )


def assessed(connection: duckdb.DuckDBPyConnection, policy: Policy, rows: int) -> dict[int, Assessment]:
    """The first ``rows`` firms assessed one by one."""
    subjects, facts = [each.spec for each in policy.subjects], [each.spec for each in policy.facts]
    book, specs = Rulebook(subjects, facts, policy.programmes, policy), {fact.id: fact for fact in facts}
    lists = [subject.id for subject in subjects if subject.many]
    cases: dict[int, dict[str, Any]] = {}
    for table in ("firms", *lists):
        found = connection.execute(f"SELECT * FROM {table} WHERE firm < {rows} ORDER BY firm")
        names = [each[0] for each in found.description or ()]
        for values in found.fetchall():
            row = dict(zip(names, values, strict=True))
            item = {name.partition(".")[2]: value for name, value in row.items() if name in specs and value is not None}
            case = cases.setdefault(row["firm"], {"on": DAY.isoformat()})
            if table == "firms":
                case["enterprise"] = item
                case |= {subject: [] for subject in lists if row[subject] is not None}
            else:
                case[table].append(item)
    return {firm: book.assess(book.parse(case)) for firm, case in cases.items()}


def agree(firms: Mapping[int, Assessment], claims: Iterable[Sequence[Any]]) -> int:
    """How many ``claims``, rows of ``Compiled.every_claim``, are those of ``firms``. Ends the run where one differs."""
    known = {(firm, programme, item): (holds, low, high) for firm, programme, item, holds, low, high, *_ in claims}
    many = len(known)
    status = {"eligible": True, "ineligible": False, "undetermined": None}
    for firm, assessment in firms.items():
        for claim in assessment.claims:
            amount = (None, None) if claim.amount is None else (claim.amount.min, claim.amount.max)
            if known.pop((firm, claim.programme.id, claim.index)) != (status[claim.status], *amount):
                raise SystemExit(f"firm {firm}, {claim.id}: the two disagree")
    if known:
        raise SystemExit(f"{len(known)} claims too many")
    return many


def run_summary(connection: duckdb.DuckDBPyConnection, policy: Policy, *, missing: bool) -> Callable[[], object]:
    specs = [each.spec for each in policy.subjects], [each.spec for each in policy.facts]
    found = compile_rules(*specs, policy.programmes, policy, layout(policy), missing=missing)
    queries = [query.sql(dialect="duckdb") for query in summary.queries(found).values()]
    return lambda: [connection.execute(query).fetchone() for query in queries]


def peer_facts(rows: int) -> dict[str, Any]:
    """As many complete firms for the peer, in the fastest form that it takes."""
    random = np.random.default_rng(237)
    made: dict[str, Any] = {}
    for name, kind in FACTS.items():
        if kind is bool:
            made[name] = random.random(rows) < 0.6
        elif kind is float:
            made[name] = random.random(rows) * 30_000_000
        else:
            made[name] = random.integers(0, len([*kind]), rows)
    return made


def large(policy: Policy, rows: int) -> None:
    """So many firms from disk, within bounded memory."""
    with tempfile.TemporaryDirectory() as folder, connect(str(Path(folder) / "firms.duckdb")) as connection:
        for setting in (f"threads = {THREADS}", f"memory_limit = '{MEMORY}'", f"temp_directory = '{folder}'"):
            connection.execute(f"SET {setting}")
        fill(connection, policy, rows)
        work = run_summary(connection, policy, missing=True)
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        work()
        after = resource.getrusage(resource.RUSAGE_SELF)
        took = time.perf_counter() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        show(f"{rows:,} firms from disk, with what is missing", rows, took)
        print(f"most memory that this process has had: {after.ru_maxrss / 1e6:.2f} GB")


def main() -> None:
    rows, *more = [int(each.replace(",", "")) for each in sys.argv[1:]] or [2_000_000]
    policy = load(POLICY, whole=False)
    with connect() as connection:
        connection.execute(f"SET threads = {THREADS}")
        fill(connection, policy, rows)
        sample = min(rows, SAMPLE)
        query = compiled(policy, layout(policy)).every_claim().sql(dialect="duckdb")
        claims = connection.execute(f"SELECT * FROM ({query}) WHERE firm < {sample}").fetchall()
        print(f"{agree(assessed(connection, policy, sample), claims):,} claims of {sample:,} firms are those of assess")
        show(
            f"{rows:,} firms, a third unknown: status, amounts, totals",
            rows,
            timed(run_summary(connection, policy, missing=False)),
        )
        show("  with what is missing", rows, timed(run_summary(connection, policy, missing=True)))
    system, facts = peer(), peer_facts(rows)
    show(f"openfisca-core, nothing unknown, {len(AMOUNTS)} amounts", rows, timed(lambda: peer_totals(system, facts)))
    for each in more:
        large(policy, each)


if __name__ == "__main__":
    main()
