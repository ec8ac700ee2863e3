"""What the columns of an office's table are called: the mapping file, and which cell of a row says what of which fact.

Knows no database. A column is a fact's by its name (``enterprise.revenue@2024``, ``enterprise.fee.min``) or by the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.cli_start import reason
from conversations.state.interchange import BadInputError
from knowledge.policy import Fact, Policy

Unit = Literal["元", "千元", "万元", "百万元", "亿元", "%"]
UNITS: Mapping[Unit, str] = {
    "元": "1",
    "千元": "1000",
    "万元": "10000",
    "百万元": "1000000",
    "亿元": "100000000",
    "%": "0.01",
}
ROLES = ("min", "max", "more_than", "less_than", "never")
"""What may stand behind the name of a fact: an end, or that a day has never come."""


class TableMapping(BaseModel):
    """A table's own names: ``firm`` is the column with the firm's id, ``columns`` gives others the name of a fact,
    or none: then nothing is taken of the column.

    ``units``: in what a fact's figures are written; ``values``: what the words of a fact mean, by fact.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    firm: str = "firm"
    columns: dict[str, str] = Field(default_factory=dict[str, str])
    units: dict[str, Unit] = Field(default_factory=dict[str, Unit])
    values: dict[str, dict[str, str | bool]] = Field(default_factory=dict[str, dict[str, str | bool]])

    @property
    def own(self) -> dict[str, str]:
        """The columns that say something of the firm that is no fact, by what they say."""
        return {}


class ListMapping(TableMapping):
    """The table of a list; ``complete``: a firm that has no row in it has none of the things."""

    table: str
    complete: bool = False


class MatchMapping(TableMapping):
    """The mapping file. ``apart``: no two claims concern one project, for every firm.

    ``name`` and ``code``: the columns with the firm's name and its credit code, for the list and the leads made of it.
    """

    name: str | None = None
    code: str | None = None
    lists: dict[str, ListMapping] = Field(default_factory=dict[str, ListMapping])
    apart: bool = False

    @property
    def own(self) -> dict[str, str]:
        """Name and code, where these have columns of their own beside the firm's."""
        given = {"name": self.name, "code": self.code}
        return {said: column for said, column in given.items() if column and column != self.firm}


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the table, and what it says: ``role`` is "" where it is the fact itself."""

    name: str
    path: str
    role: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns of a table: those of facts, those that say how many things a list holds, and those of nothing."""

    facts: list[MappedColumn] = field(default_factory=list[MappedColumn])
    counts: dict[str, str] = field(default_factory=dict[str, str])
    unused: list[str] = field(default_factory=list[str])


def read_mapping(file: Path | None) -> MatchMapping:
    """The mapping file; none is an empty one. Raises ``BadInputError``."""
    if file is None:
        return MatchMapping()
    try:
        return parsed(file.read_bytes(), str(file))
    except OSError as error:
        raise BadInputError(f"{file} 读不了：{reason(error)}") from None


def parsed(content: bytes, called: str) -> MatchMapping:
    """A mapping file's content; ``called`` names it in what ``BadInputError`` says."""
    try:
        return MatchMapping.model_validate(yaml.safe_load(content.decode("utf-8-sig")) or {})
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInputError(f"{called} 读不了：{error}") from None
    except ValidationError as error:
        raise BadInputError(f"{called}：{mistake(error)}") from None


_MISTAKES = {
    "extra_forbidden": "没有这一项写法",
    "missing": "还没有写",
    "literal_error": f"要写 {'、'.join(UNITS)} 里的一个",
    "string_type": "要写一个词（数字请加引号）",
    "dict_type": "下面要一行一项，写成“名字: 值”",
    "model_type": "下面要一行一项，写成“名字: 值”",
    "bool_parsing": "要写 true 或 false",
    "bool_type": "要写 true 或 false",
}


def mistake(error: ValidationError) -> str:
    """The first thing that is wrong in a mapping file, and where."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "整个文件"
    return f"{place}：{_MISTAKES.get(first['type'], first['msg'])}"


def mapped(policy: Policy, subject: str, headings: Iterable[str], mapping: TableMapping) -> Mapped:
    """What the columns of a table about ``subject`` say. Raises ``BadInputError`` for a mapping to what there is not."""
    facts = {fact.id: fact for fact in policy.facts if fact.derive is None}
    lists = {each.id for each in policy.subjects if each.many}
    found, seen = Mapped(), set[tuple[str, str]]()
    present = [*headings]
    own = {mapping.firm, *mapping.own.values()}
    if missing := [name for name in (*mapping.columns, *own) if name not in present]:
        raise BadInputError(f"映射文件写的列“{missing[0]}”表里没有")
    for heading in present:
        if heading in own:
            continue
        written = mapping.columns.get(heading, heading)
        if not written:
            found.unused.append(heading)
            continue
        path, role = _taken_apart(written)
        fact = facts.get(path.partition("@")[0])
        if written in lists and fact is None:
            found.counts[written] = heading
        elif fact is not None and fact.subject == subject:
            _fits(fact, path, role, heading)
            if (path, role) in seen:
                raise BadInputError(f"{written} 有两列，第二列是“{heading}”")
            seen.add((path, role))
            found.facts.append(MappedColumn(heading, path, role, fact))
        elif heading in mapping.columns:
            raise BadInputError(f"映射文件把“{heading}”写成 {written}，这份政策没有这一项")
        else:
            found.unused.append(heading)
    return found


def _taken_apart(written: str) -> tuple[str, str]:
    path, _, role = written.rpartition(".")
    return (path, role) if role in ROLES and "." in path else (written, "")


def _fits(fact: Fact, path: str, role: str, heading: str) -> None:
    year = path.partition("@")[2]
    if fact.by_year is not (year.isdigit() and len(year) == 4):
        said = f"要写明哪一年，如 {fact.id}@2024" if fact.by_year else "不分年度"
        raise BadInputError(f"“{heading}”：{fact.id} {said}")
    ranged = fact.spec.numeric or fact.type == "date"
    if role and (not ranged or (role == "never" and not fact.never)):
        raise BadInputError(f"“{heading}”：{fact.id} 没有 .{role} 这样的列")
