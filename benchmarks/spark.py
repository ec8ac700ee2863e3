"""The compiled rules on Spark, on this machine: how fast they are there, and whether they say what DuckDB says.

    uv run --group bench --extra match python -m benchmarks.spark [ROWS] [CORES]

ROWS firms (1,000,000) are made in DuckDB as for ``benchmarks.match``, handed over as Parquet, and put to the twelve
programmes by both, on CORES (2): what is missing is computed, too. Every claim and every total is compared, and those of a
sample with ``assess``; the first that differs ends the run. Spark has 4 GB, DuckDB as much. Java comes from the system.
"""

# pyspark is in the bench group, which the checks do not install.
# pyright: reportMissingImports=false, reportUnknownParameterType=false

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession
from sqlglot import exp

from benchmarks.match import POLICY, THREADS, agree, assessed, fill, layout
from bot.match.run import compiled, connect
from knowledge.loading import load
from rules.assessment import Assessment
from rules.columns.relations import Layout

SAMPLE = 2_000
TOTALS = ("total.min", "total.max", "payable.min", "payable.max")
SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",  # large blocks go over the network, on one machine too
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.sql.shuffle.partitions": "8",
}


def session(cores: int) -> SparkSession:
    builder = SparkSession.builder.master(f"local[{cores}]").appName("wence")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


def timed(name: str, rows: int, work: Callable[[], object]) -> None:
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    print(f"{name:40}{took:9.1f} s{rows / took:12,.0f} firms/s", flush=True)


def write(spark: SparkSession, query: str, folder: str) -> None:
    spark.sql(query).write.parquet(folder)


def compare(connection: duckdb.DuckDBPyConnection, ours: str, theirs: str, named: str) -> None:
    """Ends the run where the rows of two relations are not the same."""
    (many,) = connection.execute(f"SELECT count(*) FROM {ours}").fetchone() or (0,)
    left, right = f"SELECT * FROM {ours}", f"SELECT * FROM {theirs}"
    differ = f"SELECT count(*) FROM (({left} EXCEPT ALL {right}) UNION ALL ({right} EXCEPT ALL {left}))"
    (wrong,) = connection.execute(differ).fetchone() or (0,)
    print(f"{named}: {many:,} rows of both compared, {wrong:,} differ", flush=True)
    if wrong:
        raise SystemExit(1)


def of_sample(connection: duckdb.DuckDBPyConnection, firms: dict[int, Assessment], folder: str) -> None:
    """Ends the run where Spark's rows are not what ``assess`` says of a sample."""
    few = f"WHERE firm < {len(firms)}"
    claims = connection.execute(f"SELECT * FROM '{folder}/spark_claims/*.parquet' {few}").fetchall()
    totals = connection.execute(f"SELECT * FROM '{folder}/spark_totals/*.parquet' {few}").fetchall()
    expected = {(firm, one.total.min, one.total.max, one.payable.min, one.payable.max) for firm, one in firms.items()}
    many = agree(firms, claims)
    if set(totals) != expected:
        raise SystemExit("totals of Spark and of assess disagree")
    print(f"Spark's {many:,} claims and {len(totals):,} totals of {len(firms):,} firms are those of assess")


def main() -> None:
    rows, cores, *_ = [
        *(int(each.replace(",", "")) for each in sys.argv[1:]),
        *(1_000_000, THREADS)[len(sys.argv) - 1 :],
    ]
    policy = load(POLICY, whole=False)
    spec: Layout = layout(policy)
    rules = compiled(policy, spec)
    firm = exp.select("firm", *(exp.column(each, quoted=True) for each in TOTALS)).from_(
        exp.to_identifier(rules.firms, quoted=True)
    )
    queries = {"claims": rules.every_claim(), "totals": rules.query.select(firm)}
    with tempfile.TemporaryDirectory() as folder, connect(str(Path(folder) / "firms.duckdb")) as connection:
        for setting in (f"threads = {cores}", "memory_limit = '4GB'", f"temp_directory = '{folder}'"):
            connection.execute(f"SET {setting}")
        fill(connection, policy, rows)
        spark = session(cores)
        print(
            f"{rows:,} firms, a third of all facts unknown, {cores} cores; Spark {spark.version}, DuckDB {duckdb.__version__}"
        )
        for table in ("firms", *spec.lists):
            connection.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")
            spark.read.parquet(f"{folder}/{table}.parquet").createOrReplaceTempView(table)
        for name, query in queries.items():
            ours, theirs = query.sql(dialect="duckdb"), query.sql(dialect="spark")
            timed(f"DuckDB: {name}, written", rows, partial(connection.execute, f"CREATE TABLE duck_{name} AS {ours}"))
            timed(f"Spark: {name}, written", rows, partial(write, spark, theirs, f"{folder}/spark_{name}"))
            compare(connection, f"duck_{name}", f"'{folder}/spark_{name}/*.parquet'", name)
        spark.stop()
        of_sample(connection, assessed(connection, policy, min(rows, SAMPLE)), folder)


if __name__ == "__main__":
    main()
