"""Of single firms: what each comes to, and what is known of it, as a case. Reads what ``tables`` has laid out."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb
from pydantic import JsonValue

from bot.match.output import place_of
from bot.match.run import Matching
from bot.match.sources import name
from bot.match.tables import carried
from conversations.state.firm_lists import ELIGIBLE, INELIGIBLE, UNDETERMINED, FirmLine
from conversations.state.session import Data
from knowledge.policy import Policy
from rules.case import value_to_json
from rules.columns.compiled import TOTAL, Compiled
from rules.columns.relations import FIRMS, Layout, TableForm
from rules.dates import NEVER, Dates
from rules.values import Range


def firm_lines(matching: Matching, found: Compiled) -> list[FirmLine]:
    """A line a firm, in the table's order."""
    letter = f"CASE WHEN bool_or(holds) THEN '{ELIGIBLE}' WHEN bool_or(holds IS NULL) THEN '{UNDETERMINED}' ELSE '{INELIGIBLE}' END"
    each = f"SELECT firm, {place_of(found)} AS place, {letter} AS letter FROM ({found.every_claim().sql(dialect='duckdb', copy=False)}) GROUP BY ALL"
    letters = f"SELECT firm, string_agg(letter, '' ORDER BY place) AS letters FROM ({each}) GROUP BY firm"
    totals = "SELECT firm, NULL AS low, NULL AS high FROM firms"
    if found.no_total is None:
        ends = f"{name(f'{TOTAL}.min')} AS low, {name(f'{TOTAL}.max')} AS high"
        totals = f"SELECT firm, {ends} FROM ({found.every_firm().sql(dialect='duckdb', copy=False)})"
    own = [name(carried(said)) if said in matching.tables.own else "NULL" for said in ("name", "code")]
    rows = matching.connection.execute(
        f"SELECT firm, id, {', '.join(own)}, letters, low, high FROM firms JOIN ({letters}) USING (firm) "
        f"JOIN ({totals}) USING (firm) ORDER BY firm"
    ).fetchall()
    return [
        FirmLine(line=line, firm=firm, name=called or "", code=code or "", statuses=letters, least=low, most=high)
        for line, firm, called, code, letters, low, high in rows
    ]


def firm_cases(
    connection: duckdb.DuckDBPyConnection, policy: Policy, layout: Layout, lines: Sequence[int]
) -> dict[int, Data]:
    """What the table knows of the firms on these lines, as the JSON of a case each; see the contract of ``wence assess``."""
    chosen = f"firm IN ({', '.join(str(int(line)) for line in lines) or 'NULL'})"
    single = next(subject.id for subject in policy.subjects if not subject.many)
    kinds = {fact.id: fact.type for fact in policy.facts}
    cases: dict[int, Data] = {}
    for row in _rows(connection, f"SELECT * FROM {FIRMS} WHERE {chosen} ORDER BY firm"):
        case: Data = {single: _item(row, single, kinds, layout)}
        case |= {subject: [] for subject in layout.lists if row[subject] is not None}
        if layout.apart:
            case["same_project"] = []
        if isinstance(layout.on, Dates):
            case["on"] = layout.on.written()
        cases[_line(row)] = case
    for subject in sorted(layout.lists):
        for row in _rows(connection, f"SELECT * FROM {name(subject)} WHERE {chosen} ORDER BY firm, item"):
            things = cases[_line(row)][subject]
            if isinstance(things, list):
                things.append(_item(row, subject, kinds, layout))
    return cases


def _line(row: Mapping[str, object]) -> int:
    return int(str(row["firm"]))


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[Mapping[str, object]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    for row in found.fetchall():
        yield dict(zip(names, row, strict=True))


def _item(row: Mapping[str, object], subject: str, kinds: Mapping[str, str], layout: Layout) -> Data:
    """What a row says of a firm, or of a thing."""
    item: Data = {}
    for path, form in layout.forms.items():
        owner, _, fact = path.partition(".")
        if owner != subject:
            continue
        known = _value(row, path, form, kinds[path.partition("@")[0]])
        if known is None:
            continue
        plain, _, year = fact.partition("@")
        before = item.get(plain)
        item[plain] = {**(before if isinstance(before, dict) else {}), year: known} if year else known
    return item


def _value(row: Mapping[str, object], path: str, form: TableForm, kind: str) -> JsonValue:
    if form is TableForm.EXACT:
        value = row[path]
        return value_to_json(value) if value is not None else None  # pyright: ignore[reportArgumentType]
    low, high = row[f"{path}.min"], row[f"{path}.max"]
    if row.get(f"{path}.never"):
        return NEVER
    if low is None and high is None:
        return None
    if kind == "date":
        return Dates(low, high).written()  # pyright: ignore[reportArgumentType]
    opens = [bool(row.get(f"{path}.{end}_open")) for end in ("min", "max")]
    if low == high and not any(opens):
        return value_to_json(low)  # pyright: ignore[reportArgumentType]
    return value_to_json(Range(low, high, *opens))  # pyright: ignore[reportArgumentType]
