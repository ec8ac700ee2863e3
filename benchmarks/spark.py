"""The compiled rules on Spark, on this machine: how fast they are there, and whether they say what DuckDB says.

    uv run --group bench --extra match python -m benchmarks.spark [ROWS]

ROWS firms (1,000,000) are made in DuckDB as for ``benchmarks.match``, handed over as Parquet, and put to the twelve
programmes by both. Every claim and every total is compared; the first that differs ends the run.
"""

# pyspark is in the bench group, which the checks do not install.
# pyright: reportMissingImports=false

import sys
import tempfile
import time
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from benchmarks.match import POLICY, THREADS, agree, fill, layout, show
from bot.match.run import compiled
from knowledge.loading import load
from rules.columns.relations import Layout

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.driver.memory": "6g",
    "spark.sql.shuffle.partitions": "8",
}


def main() -> None:
    rows = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000
    policy = load(POLICY, whole=False)
    spec: Layout = layout(policy)
    rules = compiled(policy, spec)
    builder = SparkSession.builder.master(f"local[{THREADS}]").appName("wence")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute(f"SET threads = {THREADS}")
        fill(connection, policy, rows)
        print(f"{agree(connection, policy, min(rows, 2_000)):,} claims in DuckDB are those of assess")
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        for table in ("firms", *spec.lists):
            connection.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")
            spark.read.parquet(f"{folder}/{table}.parquet").createOrReplaceTempView(table)
        for name, query in (("claims", rules.every_claim()), ("totals", rules.every_firm())):
            columns = "*" if name == "claims" else '"firm", "total.min", "total.max", "payable.min", "payable.max"'
            begun = time.perf_counter()
            connection.execute(f"CREATE TABLE duck_{name} AS SELECT {columns} FROM ({query.sql(dialect='duckdb')})")
            show(f"{rows:,} firms in DuckDB: {name}, written", rows, (time.perf_counter() - begun, float("nan")))
            begun = time.perf_counter()
            found = spark.sql(query.sql(dialect="spark"))
            if name == "totals":
                found = found.select(
                    "firm", *(f"`{each}`" for each in ("total.min", "total.max", "payable.min", "payable.max"))
                )
            found.write.parquet(str(Path(folder) / f"spark_{name}"))
            show(f"{rows:,} firms in Spark: {name}, written", rows, (time.perf_counter() - begun, float("nan")))
            theirs = f"SELECT * FROM read_parquet('{folder}/spark_{name}/*.parquet')"
            compared = [
                connection.execute(f"SELECT count(*) FROM ({one})").fetchone()
                for one in (
                    f"SELECT * FROM duck_{name}",
                    f"(SELECT * FROM duck_{name} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL SELECT * FROM duck_{name})",
                )
            ]
            print(f"{name}: {compared[0]} rows compared, {compared[1]} differ")
            if compared[1] != (0,):
                raise SystemExit(1)
        spark.stop()


if __name__ == "__main__":
    main()
