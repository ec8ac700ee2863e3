"""From cells to columns: every cell read as a value of its fact, and the rows in which one cannot be.

What is blank is not known. A row with a cell that says something else than its fact can be is left out, and reported.
Knows no rule of a policy, only what its facts can be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.match.mapping import UNITS, MappedColumn, TableMapping
from bot.match.sources import literal, name
from knowledge.policy import Fact
from rules.columns.relations import TableForm

DECIMALS = 8
"""How many decimals a figure may have."""

_FLOATING = 15
"""So many digits of a floating figure are what was meant."""

_UNKNOWN = ("", "null", "none", "nan", "n/a", "-", "—", "不详", "未知", "不清楚", "不知道")
_TRUE = ("true", "t", "1", "1.0", "yes", "y", "是", "有", "√", "✓")
_FALSE = ("false", "f", "0", "0.0", "no", "n", "否", "无", "没有", "×", "✗")
_NEVER = ("never", "从未", "没有", "尚未", "无")
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d")
_TIME = "[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?(Z|UTC|[+-][0-9:]{2,5}))?$"
"""What stands behind a day where a database or a spreadsheet tells the time as well."""
_MONTHS = ("%Y-%m", "%Y/%m", "%Y年%m月")
_YEARS = ("%Y", "%Y年")


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact by its path in a table: the ``columns`` that come of it, by name, the form, and what is wrong where."""

    path: str
    columns: dict[str, str]
    form: TableForm
    problems: list[str]
    figures: tuple[str, ...] = ()


class CellReading:
    """The steps in which a row is read: its cells without idle signs, figures as they are written, then their values, each
    in a column of its own."""

    def __init__(self) -> None:
        self.cells: dict[str, str] = {}
        self.figures: dict[str, str] = {}
        self.values: dict[str, str] = {}

    def cell(self, column: str, known: Iterable[str] = ()) -> str:
        """The column of what stands in a cell; see ``text_of``."""
        return self._put(self.cells, "cell", text_of(column, known))

    def digits(self, cell: str) -> str:
        """The column of a figure as it is written in a cell."""
        return self._put(self.figures, "figure", _digits(cell))

    def value(self, made: str) -> str:
        """The column of a value made of cells."""
        return self._put(self.values, "value", made)

    def rows(self, rows: str) -> str:
        """A query of ``rows``, with those columns beside."""
        for step in (self.cells, self.figures, self.values):
            columns = "".join(f", {made} AS {column}" for made, column in step.items())
            rows = f"SELECT *{columns} FROM ({rows})"
        return rows

    @staticmethod
    def _put(step: dict[str, str], kind: str, made: str) -> str:
        return step.setdefault(made, name(f"{kind} {len(step)}"))


def text_of(column: str, known: Iterable[str] = ()) -> str:
    """What stands in a cell, NULL where that says that it is not known; ``known`` are words that say something."""
    unknown = [word for word in _UNKNOWN if word not in known]
    words = f"trim(CAST({name(column)} AS VARCHAR), ' \t\u3000')"
    return f"CASE WHEN lower({words}) NOT IN ({_listed(unknown)}) THEN {words} END"


def read_facts(columns: Sequence[MappedColumn], mapping: TableMapping, reading: CellReading) -> list[ReadFact]:
    """How the columns of a table are read, fact by fact; on what ``reading`` gives."""
    by_path: dict[str, list[MappedColumn]] = {}
    for column in columns:
        by_path.setdefault(column.path, []).append(column)
    return [found for path, mine in by_path.items() if (found := _read(path, mine, mapping, reading)) is not None]


def _read(path: str, columns: Sequence[MappedColumn], mapping: TableMapping, reading: CellReading) -> ReadFact | None:
    fact = columns[0].fact
    if fact.spec.numeric:
        return _figure(path, columns, mapping, reading)
    if fact.type == "date":
        return _day(path, columns, reading)
    if fact.type == "text":
        return None
    column = columns[0]
    if fact.type == "place":
        cell = reading.cell(column.name)
        value = f"nullif(regexp_extract({cell}, '^[0-9]{{6}}$'), '')"
    else:
        words = _words(fact, mapping)
        cell = reading.cell(column.name, words)
        value = _word(fact, cell, words)
    value = reading.value(value)
    return ReadFact(path, {path: value}, TableForm.EXACT, [_unread(cell, value, column.name)])


def _words(fact: Fact, mapping: TableMapping) -> dict[str, str]:
    """The words for a truth or a choice, in small letters, and which they mean."""
    words = {**dict.fromkeys(_TRUE, "true"), **dict.fromkeys(_FALSE, "false")} if fact.type == "bool" else {}
    for choice in fact.choices:
        words |= {choice.label.lower(): choice.id, choice.id.lower(): choice.id}
    return words | {
        word.lower(): str(value).lower() if fact.type == "bool" else str(value)
        for word, value in mapping.values.get(fact.id, {}).items()
    }


def _word(fact: Fact, cell: str, words: dict[str, str]) -> str:
    whens = " ".join(f"WHEN {literal(word)} THEN {literal(value)}" for word, value in words.items())
    chosen = f"CASE lower({cell}) {whens} END"
    if fact.type == "bool":
        return f"CAST({chosen} AS BOOLEAN)"
    return f"CAST({chosen} AS ENUM ({_listed([choice.id for choice in fact.choices])}))"


def _figure(path: str, columns: Sequence[MappedColumn], mapping: TableMapping, reading: CellReading) -> ReadFact:
    fact = columns[0].fact
    factor = UNITS[mapping.units.get(fact.id, "元")]
    cells: dict[str, str] = {}
    problems: list[str] = []
    for column in columns:
        cell = reading.cell(column.name)
        digits = reading.digits(cell)
        value = cells[column.role] = reading.value(_number(digits, factor))
        trouble = f"CASE WHEN {_fine(digits)} THEN '小数位太多，最多 {DECIMALS - 2} 位' ELSE '读不懂' END"
        problems += [_unread(cell, value, column.name, trouble), _limits(fact, value, column.name)]
    if [*cells] == [""]:
        return ReadFact(path, {path: cells[""]}, TableForm.EXACT, problems, (path,))
    one = "1" if fact.spec.counted else "0"
    lows = [cells[role] for role in ("", "min") if role in cells]
    highs = [cells[role] for role in ("", "max") if role in cells]
    lows += [f"{cells[role]} + {one}" for role in ("more_than",) if role in cells]
    highs += [f"{cells[role]} - {one}" for role in ("less_than",) if role in cells]
    low, high = (f"coalesce({', '.join(ends)})" if ends else "NULL" for ends in (lows, highs))
    found = {f"{path}.min": low, f"{path}.max": high}
    form = TableForm.RANGE
    edge = f"{low} > {high}"
    if one == "0" and {"more_than", "less_than"} & cells.keys():
        form = TableForm.OPEN
        flags = [_open("more_than", ("", "min"), cells), _open("less_than", ("", "max"), cells)]
        found |= {f"{path}.min_open": flags[0], f"{path}.max_open": flags[1]}
        edge = f"({edge} OR ({low} = {high} AND ({flags[0]} OR {flags[1]})))"
    problems.append(f"CASE WHEN {edge} THEN {literal(f'{path}：下限比上限大')} END")
    return ReadFact(path, found, form, problems, (f"{path}.min", f"{path}.max"))


def _open(role: str, others: Iterable[str], cells: dict[str, str]) -> str:
    """Whether an end is one that the figure does not reach."""
    if role not in cells:
        return "FALSE"
    closed = [f"{cells[other]} IS NOT NULL" for other in others if other in cells]
    return f"({cells[role]} IS NOT NULL AND NOT ({' OR '.join(closed) or 'FALSE'}))"


def _digits(cell: str) -> str:
    """A cell without what parts its thousands; what a machine has added in floating figures is off behind the fifteenth
    digit (0.30000000000000004), and rounded there."""
    digits = f"replace(replace({cell}, ',', ''), '，', '')"
    floating = f"regexp_full_match({digits}, '-?[0-9]*[.][0-9]+')"
    long = f"length(ltrim(replace({digits}, '.', ''), '-0')) > {_FLOATING}"
    rounded = f"format('{{:.{_FLOATING}g}}', TRY_CAST({digits} AS DOUBLE))"
    return f"CASE WHEN {floating} AND {long} THEN {rounded} ELSE {digits} END"


def _fine(digits: str) -> str:
    """Whether a figure has more decimals than may be."""
    return f"regexp_matches({digits}, '[.][0-9]{{{DECIMALS - 1},}}')"


def _number(digits: str, factor: str) -> str:
    share = f"CASE WHEN {digits} LIKE '%\\%' ESCAPE '\\' THEN rtrim({digits}, '%') ELSE {digits} END"
    plain = f"CASE WHEN NOT {_fine(digits)} THEN {share} END"
    percent = f"CASE WHEN {digits} LIKE '%\\%' ESCAPE '\\' THEN 0.01 ELSE 1 END"
    scaled = f"TRY_CAST({plain} AS DECIMAL(28, {DECIMALS - 2})) * {percent} * {factor}"
    return f"TRY_CAST({scaled} AS DECIMAL(36, {DECIMALS}))"


def _limits(fact: Fact, value: str, column: str) -> str:
    least, most = fact.spec.limits
    wrong = [f"{value} < {least}", f"{value} > {most}"]
    if fact.spec.counted:
        wrong.append(f"{value} <> floor({value})")
    return f"CASE WHEN {' OR '.join(wrong)} THEN {_said(column, literal('这一项没有这样的数'))} END"


def _unread(cell: str, value: str, column: str, trouble: str = "'读不懂'") -> str:
    return f"CASE WHEN {cell} IS NOT NULL AND {value} IS NULL THEN {_said(column, trouble)} END"


def _said(column: str, trouble: str) -> str:
    """What is wrong with a cell; ``trouble`` is a text of SQL."""
    shown = f"left(CAST({name(column)} AS VARCHAR), 40)"
    return f"{literal(f'{column}：“')} || {shown} || '”' || {trouble}"


def _day(path: str, columns: Sequence[MappedColumn], reading: CellReading) -> ReadFact:
    """A day, a month or a year; or its ends."""
    first, last, never, problems = list[str](), list[str](), list[str](), list[str]()
    for column in columns:
        cell = reading.cell(column.name)
        low, high = reading.value(_first(cell)), reading.value(_last(cell))
        said = f"(lower({cell}) IN ({_listed(_NEVER)}))" if column.fact.never else "FALSE"
        if column.role == "never":
            never.append(f"coalesce(lower({cell}) IN ({_listed(_TRUE)}), FALSE)")
            continue
        never += [f"coalesce({said}, FALSE)"] * (column.role == "" and column.fact.never)
        problems.append(
            f"CASE WHEN {cell} IS NOT NULL AND NOT {said} AND {low} IS NULL THEN {_said(column.name, literal('不是日期'))} END"
        )
        first += [low] * (column.role in ("", "min")) + [f"{high} + 1"] * (column.role == "more_than")
        last += [high] * (column.role in ("", "max")) + [f"{low} - 1"] * (column.role == "less_than")
    low, high = (f"coalesce({', '.join(ends)})" if ends else "CAST(NULL AS DATE)" for ends in (first, last))
    problems.append(f"CASE WHEN {low} > {high} THEN {literal(f'{path}：最早比最晚还晚')} END")
    found = {f"{path}.min": low, f"{path}.max": high}
    if columns[0].fact.never:
        found[f"{path}.never"] = f"({' OR '.join(never) or 'FALSE'})"
    return ReadFact(path, found, TableForm.RANGE, problems)


def _parsed(cell: str, patterns: Sequence[str]) -> str:
    cell = f"regexp_replace({cell}, '{_TIME}', '')"
    found = f"CAST(try_strptime({cell}, [{_listed(patterns)}]) AS DATE)"
    return f"CASE WHEN year({found}) BETWEEN 1000 AND 9000 THEN {found} END"


def _first(cell: str) -> str:
    return f"coalesce({', '.join(_parsed(cell, patterns) for patterns in (_DAYS, _MONTHS, _YEARS))})"


def _last(cell: str) -> str:
    year = f"{_parsed(cell, _YEARS)} + INTERVAL 1 YEAR - INTERVAL 1 DAY"
    return f"coalesce({_parsed(cell, _DAYS)}, last_day({_parsed(cell, _MONTHS)}), CAST({year} AS DATE))"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(literal(word) for word in words)
