"""The list of claims as a file. What came from a table goes in as text, never as a formula."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from bot.match.sources import literal, name
from bot.match.tables import FirmTables, carried
from conversations.office.lead_export import harmless
from conversations.state.interchange import BadInputError
from knowledge.policy import Policy
from rules.columns.compiled import Compiled

KINDS = (".csv", ".xlsx", ".parquet")
STATUSES = {"eligible": "符合", "ineligible": "不符合", "undetermined": "还不能确定"}
OWN = {"name": "企业名称", "code": "信用代码"}
"""What the table says of a firm itself."""
HEADINGS = ("政策", "条款", "第几个", "结果", "最少（元）", "最多（元）", "说明", "还缺")
_FORMULA = r"'^\s*[-=+@＝＋－＠\t\r\n]'"
_LOST = r"'^(?:\d{12,}|\d+[eE]\d+)$'"
"""What a spreadsheet that opens CSV takes for a number, and so loses figures of: a credit code of digits alone."""
_MOST_ROWS = 1_048_575
"""Of a sheet, below its heading."""


class WrittenList(NamedTuple):
    file: Path
    rows: int


def write_list(tables: FirmTables, policy: Policy, found: Compiled, to: Path, statuses: Sequence[str]) -> WrittenList:
    """Writes a row a claim ``to`` a CSV, XLSX or Parquet file, readable by its owner only. Raises ``BadInputError``."""
    kind, connection = to.suffix.lower(), tables.connection
    query = _listed(policy, found, statuses, [each for each in OWN if each in tables.own], marked=kind == ".csv")
    unfinished = to.with_name(f"{to.name}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(0o600)
    try:
        if kind == ".xlsx":
            rows = _xlsx(connection, query, unfinished)
        else:
            options = "FORMAT csv, HEADER" if kind == ".csv" else "FORMAT parquet"
            counted = connection.execute(f"COPY ({query}) TO {literal(str(unfinished))} ({options})").fetchone()
            rows = int(counted[0]) if counted else 0
        unfinished.chmod(0o600)
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    return WrittenList(to, rows)


def _listed(policy: Policy, found: Compiled, statuses: Sequence[str], own: Sequence[str], marked: bool) -> str:
    """The claims in words; ``marked`` for a spreadsheet that opens CSV: by its first sign it knows what coding it is.

    ``own`` are the columns of the firm itself beside what its row is called by.
    """
    labels = {programme.id: programme for programme in policy.programmes}
    label = " ".join(f"WHEN {literal(each)} THEN {literal(labels[each].label)}" for each in found.claims)
    clause = " ".join(f"WHEN {literal(each)} THEN {literal(labels[each].clause)}" for each in found.claims)
    status = f"CASE WHEN holds THEN '{STATUSES['eligible']}' WHEN NOT holds THEN '{STATUSES['ineligible']}' ELSE '{STATUSES['undetermined']}' END"
    said = "CASE WHEN min IS NULL THEN '文件没有给具体数' WHEN max IS NULL THEN '没有上限' WHEN no_figure IS NOT FALSE THEN '有一部分文件没有给具体数' END"
    firm = ["id", *(name(carried(each)) for each in own)]
    columns = [
        *(_harmless(column, marked) for column in firm),
        f"CASE programme {label} END",
        f"CASE programme {clause} END",
        "item + 1",
        status,
        "min",
        "max",
        said,
        _missing(policy, found),
    ]
    headings = ["\ufeff企业" if marked else "企业", *(OWN[each] for each in own), *HEADINGS]
    named = ", ".join(f"{column} AS {name(heading)}" for column, heading in zip(columns, headings, strict=True))
    wanted = {"eligible": "holds", "ineligible": "NOT holds", "undetermined": "holds IS NULL"}
    where = " OR ".join(wanted[each] for each in statuses)
    claims = found.every_claim().sql(dialect="duckdb", copy=False)
    firms = f"SELECT firm, {', '.join(firm)} FROM firms"
    return f"SELECT {named} FROM ({claims}) AS claims JOIN ({firms}) USING (firm) WHERE {where} ORDER BY firm, {place_of(found)}, item"


def place_of(found: Compiled) -> str:
    """At which place of the document the programme of a row stands."""
    return f"list_position([{', '.join(map(literal, found.claims))}], programme)"


def _harmless(column: str, marked: bool) -> str:
    """What a table says, so that no spreadsheet takes it for a formula, nor (``marked``) a code for a number."""
    signs = [_FORMULA, *([_LOST] if marked else [])]
    taken = " OR ".join(f"regexp_matches({column}, {each})" for each in signs)
    return f"CASE WHEN {taken} THEN '''' || {column} ELSE {column} END"


def _missing(policy: Policy, found: Compiled) -> str:
    """The facts of a claim's bits, in words."""
    words = {fact.id: fact.label for fact in policy.facts} | {each.id: each.label for each in policy.subjects}
    branches: list[str] = []
    for alone, claims in ((True, found.claims), (False, found.listed)):
        for programme, claim in claims.items():
            bits = [
                f"CASE WHEN missing & {1 << place} > 0 THEN {literal(word_of(words, fact))} END"
                for place, fact in enumerate(claim.missing or ())
            ]
            item = "item IS NULL" if alone else "item IS NOT NULL"
            listed = (
                f"nullif(array_to_string(list_filter([{', '.join(bits)}], lambda each: each IS NOT NULL), '、'), '')"
                if bits
                else "NULL"
            )
            branches.append(f"WHEN programme = {literal(programme)} AND {item} THEN {listed}")
    return f"CASE {' '.join(branches)} END"


def word_of(words: dict[str, str], fact: str) -> str:
    """What a fact is called, with the year of a figure by year."""
    path, _, year = fact.partition("@")
    return f"{words.get(path, path)}（{year}年）" if year else words.get(path, path)


def _xlsx(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> int:
    from openpyxl import Workbook

    counted = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()
    if counted and counted[0] > _MOST_ROWS:
        raise BadInputError(
            f"有 {counted[0]} 行，一张 XLSX 表放不下；请写成 .csv 或 .parquet，或者用 --status 少列几种"
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("政策找企业")
    rows = 0
    found = connection.execute(query)
    sheet.append([column[0] for column in found.description or ()])
    while batch := found.fetchmany(5000):
        for row in batch:
            sheet.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        rows += len(batch)
    book.save(file)
    return rows
