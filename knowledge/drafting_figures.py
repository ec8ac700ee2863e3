"""The figures of a sentence of a policy, each with its place, its unit and the part that it plays: a line to reach, a sum.

For drafts that a person looks through: it says what is likely. ``knowledge.quoted`` says what a quote states at all.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from knowledge.figures import MAGNITUDES
from knowledge.patterns import regex
from knowledge.quoted import stated

Part: TypeAlias = Literal[
    "at_least", "more_than", "at_most", "less_than", "sum", "rate", "price", "cap", "step", "other"
]
LINES: frozenset[Part] = frozenset({"at_least", "more_than", "at_most", "less_than"})
"""The parts of figures that something is compared with."""
PAID: frozenset[Part] = frozenset({"sum", "rate", "price", "cap", "step"})
"""The parts of figures that say what is paid."""


class FigureFound(NamedTuple):
    """A figure at ``start`` … ``end`` of a text without white space; several of a list that shares its unit.

    ``kind`` as in ``knowledge.quoted``, ``unit`` the word that it counts (亩), ``each`` what stands behind a 每 before it,
    ``said`` the words before it back to the last stop.
    """

    start: int
    end: int
    kind: str
    values: tuple[Decimal, ...]
    unit: str
    part: Part
    each: str
    said: str


class Day(NamedTuple):
    """A day of a text: its place, itself as YAML writes it (a month without its day too), the part that it plays."""

    start: int
    end: int
    day: str
    part: Part


_CN = "零一二两三四五六七八九十百千万亿"
_ONE = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+)?{MAGNITUDES}|[{_CN}]+)"
_UNITS = (
    "元(?![素化旦])|%|％|‰|个百分点|成(?=[补奖资给])|平方米|平方公里|立方米|㎡|公顷|亩|周岁|岁|个工作日|个月|年(?!度)|月|日|天|倍|人次|万人次|人|名|位|家|户|"
    "件|台套|台|套|辆|艘|架|间|项|吨|公里|千瓦时|千瓦|兆瓦|度|张|株|头|只|场|次|届|批|座|栋|标箱|个|米"
)
_FIGURE = regex(rf"(百分之|千分之)?({_ONE}(?:[、和至到~-]{_ONE})*)({_UNITS})?")
_DAY = regex(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?|(?!度))")
_RANGE = regex(r"[至到~-]|起至")
_UP = regex(r"(?:\(含\)|（含[^）]{0,6}）)?(?:及)?以上|起(?!施行|执行|实施)|(?:以|之)后")
_DOWN = regex(r"(?:\(含\)|（含[^）]{0,6}）)?(?:及)?(?:以下|以内|之内)|(?:以|之)前")
_NOT_OVER = regex(r"(?:不超过|不高于|不大于|不多于|至多|最多)$")
_OVER = regex(r"(?:超过|高于|大于|多于|超出)$")
_UNDER = regex(r"(?:不足|不到|不满|低于|少于|小于|未满|未达到?)$")
_NOT_UNDER = regex(r"(?:不低于|不少于|不小于|至少|达到?|满)$")
_CAP = regex(r"(?:最高|上限|封顶|最多|限额)[^，。；]{0,8}$|不超过$")
_CAPPED = regex(r"元?(?:为限|封顶)")
_PAYS = r"奖|补|助|津贴|贴息|给予|支持|返还|配套|拨付|发放|发给|兑现"
_PAYS_BEFORE = regex(rf"(?:{_PAYS})[^，。；：\d]{{0,12}}$")
_PAYS_AFTER = regex(rf"[^，。；：\d]{{0,14}}(?:{_PAYS})")
_LASTING = regex(r"(?:最长|期限?)[^，]{0,4}$|连续[^，]{0,4}$")
"""Before how long something is paid."""
_STEP = regex(r"每(?:增加|增长|超过|超出|新增|满|达到?)?$|每满[^，。；]{0,3}$")
_EACH = regex(rf"每(?:新增|增加|个|一)?({_UNITS}|[\u4e00-\u9fff])(?!年)[^，。；：]{{0,14}}$")
_IDLE = regex(r"一(?:次|项|家|个|名|位|届|批|条|年)")
"""Words with 一 that state no figure."""
_STOP = regex(r"[，。；：！？\n]")


def spans(text: str) -> str:
    """``text`` without white space, in which figures have their places."""
    return re.sub(r"\s", "", text)


def days_in(text: str) -> Iterator[Day]:
    """The days, months and years by their date in ``text``; a year alone only where a span begins or ends with it."""
    for found in _DAY.finditer(text):
        year, month, day = found.groups()
        if not 1900 < int(year) < 2200 or (month and not 0 < int(month) < 13) or (day and not 0 < int(day) < 32):
            continue
        written = "-".join((year, *(f"{int(part):02}" for part in (month, day) if part)))
        after, before = text[found.end() : found.end() + 6], text[: found.start()]
        part: Part = "at_least" if _UP.match(after) else "at_most" if _DOWN.match(after) else "other"
        if part == "other" and _RANGE.match(after):
            part = "at_least"
        elif part == "other" and re.search(r"[日月年起][至到~-]$", before):
            part = "at_most"
        yield Day(found.start(), found.end(), written, part)


def figures_in(text: str) -> list[FigureFound]:
    """The figures with a unit in ``text`` (as ``spans`` leaves it), days apart."""
    days = {place for day in days_in(text) for place in range(day.start, day.end)}
    found: list[FigureFound] = []
    for match in _FIGURE.finditer(text):
        if match.start() in days or not (match[3] or match[1]):
            continue
        figure = _figure(text, match)
        if figure is None:
            continue
        before = found[-1] if found else None
        if before and before.kind == figure.kind == "money" and text[before.end : figure.start] == "、":
            found[-1] = before._replace(
                end=figure.end, values=before.values + figure.values, part=_either(before, figure)
            )
        else:
            found.append(figure)
    return found


def _either(one: FigureFound, other: FigureFound) -> Part:
    return one.part if other.part == "other" else other.part


def _figure(text: str, match: re.Match[str]) -> FigureFound | None:
    unit = match[3] or ""
    kinds: dict[str, list[Decimal]] = {}
    for one in stated(match[0]):
        if isinstance(one.value, Decimal) and one.value not in kinds.setdefault(one.kind, []):
            kinds[one.kind].append(one.value)
    kind = next(
        (kind for kind in ("money", "area", "ratio", "years", "months", "days", "count") if kind in kinds), None
    )
    if kind is None or (kind == "months" and unit == "月") or unit == "日" or _IDLE.fullmatch(match[0]):
        return None
    if unit and kind == "years" and unit not in ("年", "岁", "周岁"):
        kind = "months" if "months" in kinds else kind
    start, end = match.span()
    stop = max((found.end() for found in _STOP.finditer(text, 0, start)), default=0)
    said, after = text[stop:start], text[end : end + 24]
    each = _EACH.search(said)
    return FigureFound(
        start,
        end,
        kind,
        tuple(kinds[kind]),
        unit if kind == "count" else "",
        _part(said, after, kind, each),
        each[1] if each else "",
        said,
    )


def _part(said: str, after: str, kind: str, each: re.Match[str] | None) -> Part:
    """What a figure is for, by the words around it."""
    if _STEP.search(said):
        return "step"
    if kind == "money" and (_CAP.search(said) or _CAPPED.match(after)) and not _UP.match(after):
        return "cap"
    if kind in ("years", "months") and _LASTING.search(said):
        return "other"
    line = _line(said, after)
    if line is not None:
        return line
    if kind == "ratio":
        return "rate" if _PAYS_AFTER.match(after) or _PAYS_BEFORE.search(said) or "按" in said else "other"
    if kind != "money":
        return "other"
    if each and each[1] != "年" and _pays(said, after):
        return "price"
    return "sum" if _pays(said, after) else "other"


def _line(said: str, after: str) -> Part | None:
    if _UP.match(after):
        return "at_least"
    if _DOWN.match(after) or _NOT_OVER.search(said):
        return "at_most"
    if _UNDER.search(said) and not _NOT_UNDER.search(said):
        return "less_than"
    if _OVER.search(said):
        return "more_than"
    return "at_least" if _NOT_UNDER.search(said) else None


def _pays(said: str, after: str) -> bool:
    return bool(
        _PAYS_BEFORE.search(said) or _PAYS_AFTER.match(after) or not said or said.endswith(("每年", "分别", "的"))
    )
