"""What a quote states, each figure with its unit: ``每亩奖励100元`` states money and no share, ``600亩`` no area.

Serves the checks of a pack. Where the text may be read in more than one way, every reading counts: a figure that is
refused must be one that nobody would find there. ``knowledge.figures`` finds figures whatever their unit.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from knowledge.figures import MAGNITUDES, chinese_value
from knowledge.measures import Kind, Unit
from knowledge.patterns import regex
from rules.terms import plain


class FigureAt(NamedTuple):
    """A figure of a text: its value, the kind that its unit gives it, and the words that follow it."""

    value: Decimal | Fraction
    kind: Kind
    after: str


_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億〇○", "一二三四五六七八九十百千万亿零零")
_NUMERAL = "零一二两三四五六七八九十百千万亿"
_ONE = rf"(?:\d+(?:\.\d+)?{MAGNITUDES}|(?<=每)[百千万亿]+|[{_NUMERAL}]+)"
_JOIN = r"(?:、|,|;|/|和|及|与|或者?|以及|至|到|~|-|—|–)"
_CHAIN = regex(rf"([百千万]分之)?({_ONE})((?:{_JOIN}{_ONE})*)")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_PARTS = {"百分之": 100, "千分之": 1000, "万分之": 10_000}
_RANGE = frozenset({"至", "到", "~", "-", "—", "–"})

_AFTER: tuple[tuple[Kind, re.Pattern[str], Fraction], ...] = (
    ("money", regex(r"(?:人民币)?元(?![素化旦宵])|人民币"), Fraction(1)),
    ("area", regex(r"平方公里|平方千米"), Fraction(1_000_000)),
    ("area", regex(r"平方米|平米|平方"), Fraction(1)),
    ("area", regex(r"公顷"), Fraction(10_000)),
    ("ratio", regex(r"%|个?百分点"), Fraction(1, 100)),
    ("ratio", regex(r"‰"), Fraction(1, 1000)),
    ("ratio", regex(r"成(?![立为本果功员交熟品])"), Fraction(1, 10)),
    ("ratio", regex(r"倍"), Fraction(1)),
    ("years", regex(r"个?(?:会计|自然|完整)?年|周年|周?岁"), Fraction(1)),
    ("months", regex(r"个?月"), Fraction(1)),
    ("days", regex(r"个?(?:工作|自然)?日|天"), Fraction(1)),
)
_FOREIGN = regex(
    r"(?:美|港|欧|日|英|韩|澳|加|新|泰|台|瑞士|澳门|新加坡)\w{0,2}?(?:元|币|镑|金|法郎|铢)|[英]?镑|卢布|外汇"
)
_COUNTING = (
    r"个|亩|人(?!民币)|名|位|件|台|套|辆|艘|架|间|家|户|项|吨|米|公里|千米|千瓦|兆瓦|度|张|株|头|只|场|次|届|批|单|条|座|幢|栋|桶|"
    r"标箱|箱|册|部|集|款|种|平方|公顷|股|票|笔|床|席|班|趟|小时|立方|克|千克|公斤|斤|升"
)
_COUNTED = regex(_COUNTING)
_UNIT = regex(rf"平方公里|平方千米|平方米|平米|m2|{_COUNTING}")
_AREA = ("平方米", "平米", "平方", "m2")
_EACH = regex(r"(?:每|/)(?:一|1)?(\w{1,8})")
"""What a price is for, with the words behind it."""
_NO_THING = regex(r"年|半年|季|月|日|天|周|次性|满|超过|增加|新增|增长|提高")
_WHOLES = (
    regex(r"全额|等额|全部|足额|全免|免收|免征|免除|据实|同等|同额|等比例|翻番|翻一番|一倍|所有"),
    regex(r"一半|半数|过半|减半"),
)
_FRACTION = regex(rf"([\d{_NUMERAL}]+)分之([\d{_NUMERAL}]+)")
_COLON = regex(rf"(\d+(?:\.\d+)?|[{_NUMERAL}]+)[:比∶](\d+(?:\.\d+)?|[{_NUMERAL}]+)")
_MONTHLY = regex(r"每个?月|按月|/月|月租|月均|逐月")
_HALF = regex(rf"([\d{_NUMERAL}]*)(个?)(年|月)?半(年|个月)?")
_N = r"\d+|[零一二三四五六七八九十]+"
_DATE_PART = regex(rf"每年|[次翌]年|(?P<list>(?:{_N})(?:{_JOIN}(?:{_N}))*)(?P<unit>年|月|日|号)")
"""A year, a month or a day, or several in a list; or which year it is after another."""
_BETWEEN = r"(?:个|多|余|来)?(?:以上|以下|以内)?"
_DAY = regex(r"(\d{4})年(\d{1,2})月(?:\d{1,2}日)?")
_N_OF = rf"(?:\d+(?:\.\d+)?|[{_NUMERAL}]+)"
_OF_WHAT = r"万?(?:人次|人(?!民币)|名|家|户|件|台套|台|套|个(?!工作|月)|项|次|亩|年(?!\d|度)|周?岁)"
_BOUNDED = regex(
    rf"(?:不超过|超过|不少于|至少|不低于|不足|未满|满|最[多长短高]|至多|连续)(?P<low>{_N_OF}){_OF_WHAT}|(?P<high>{_N_OF}){_OF_WHAT}(?:及以上|以上|以下|以内)"
)
_TO_OR_OF_DAY = regex(r"之日|日起|之后|以后|当日")
_SAID_OF = {
    "money": "money (before 元, 万元, 亿元)",
    "area": "an area (before 平方米, ㎡, 公顷)",
    "ratio": "a ratio (as %, ‰, 成, a:b, 全额, 等额, 全部)",
    "years": "years (before 年, 岁, 周岁)",
    "months": "months (before 月, 个月)",
    "days": "days (before 日, 天)",
    "count": "a count",
}


def stands(value: Decimal, unit: Unit, quote: str) -> bool:
    """Whether ``quote`` states ``value`` in ``unit``; 0 says "any at all" and stands everywhere."""
    if not value or (value == 12 and unit.kind in ("any", "number") and _MONTHLY.search(_plain(quote))):
        return True
    return any(figure.value == value and _fits(figure, unit) for figure in stated(quote))


def _fits(figure: FigureAt, unit: Unit) -> bool:
    if unit.kind == "any":
        return True
    if unit.kind == "number":
        return figure.kind not in ("money", "ratio")
    if unit.kind != "count":
        return figure.kind == unit.kind
    if not unit.words:
        return figure.kind not in ("money", "ratio", "area")
    return any(re.match(_BETWEEN + re.escape(_plain(word)), figure.after) for word in unit.words if word)


def where_it_fits(value: Decimal, unit: Unit, quote: str) -> str:
    """What the figure is in the quote instead, or which figures of that unit the quote has; empty where there is nothing."""
    same = [figure for figure in stated(quote) if figure.value == value]
    for figure in same:
        if figure.after.startswith("亩") and unit.kind == "area":
            return "what the text counts in 亩 is a `count` fact with `unit: 亩`"
        if figure.kind in _SAID_OF and figure.kind != "count":
            return f"there it is {_SAID_OF[figure.kind]}"
        if figure.after:
            return f"there it stands before “{figure.after[:3]}”"
    plainly = unit.kind == "number"  # a year is twelve months where months are meant, not where any number is
    fitting = sorted(
        {figure.value for figure in stated(quote) if _fits(figure, unit) and not (plainly and figure.kind != "count")}
    )
    listed = ", ".join(plain(value) for value in fitting if isinstance(value, Decimal))
    return f"it states {listed}" if listed else ""


def meant(unit: Unit) -> str:
    """The unit in words, for a message; empty where any will do."""
    if unit.kind == "count" and unit.words:
        return f" before {' or '.join(sorted(unit.words))}"
    return f" as {_SAID_OF[unit.kind]}" if unit.kind in _SAID_OF else ""


def priced_otherwise(unit: Unit, quote: str) -> str | None:
    """For what a price in ``quote`` is instead of for each of ``unit``; empty where it names no unit, None where it fits."""
    words = unit.words or (_AREA if unit.kind == "area" else ())
    if not words:
        return None
    text = _plain(quote)
    named = [found[1] for found in _EACH.finditer(text)]
    plain_words = [_plain(word) for word in words if word]
    if any(_begins(one, word) for each in named for one in (each, each.removeprefix("个")) for word in plain_words):
        return None
    if any(re.search(rf"(?<!\d)[1一]{re.escape(word)}", text) for word in plain_words):
        return None  # 每投产1日
    for each in named:
        if not _NO_THING.match(each) and (counted := _UNIT.match(each)):
            return counted[0]
    return None if any(word in text for word in plain_words) else ""


def _begins(text: str, word: str) -> bool:
    """Whether ``text`` begins with a unit word, which is not the beginning of a larger one (平方公里)."""
    return text.startswith(word) and not (word == "平方" and text.startswith(("平方公里", "平方千米")))


def has_money(text: str) -> bool:
    """Whether ``text`` has a figure before 元."""
    return any(figure.kind == "money" and figure.after.startswith(("元", "人民币")) for figure in stated(text))


def money_in(text: str) -> frozenset[Decimal]:
    """The sums before 元 in ``text``."""
    found = (f for f in stated(text) if f.kind == "money" and f.after.startswith(("元", "人民币")))
    return frozenset(figure.value for figure in found if isinstance(figure.value, Decimal))


def bounds_in(text: str) -> dict[str, Decimal]:
    """The bounds in persons, things and years that ``text`` sets, by its words: 不超过30人, 3年以上. One in Chinese signs as well."""
    found: dict[str, Decimal] = {}
    for match in _BOUNDED.finditer(_plain(text)):
        number = match["low"] or match["high"]
        value = Decimal(number) if number[0].isdigit() else chinese_value(number)
        found[match[0]] = value * (10_000 if match[0][match[0].index(number) + len(number)] == "万" else 1)
    return found


def days_in(text: str) -> dict[str, tuple[int, int]]:
    """The years and months of the days that ``text`` names, by its words."""
    return {match[0]: (int(match[1]), int(match[2])) for match in _DAY.finditer(_plain(text))}


def day_stands(year: int, month: int | None, day: int | None, quote: str) -> bool:
    """Whether each part of a day stands in ``quote``; of a month or a year only what it has."""
    text = _plain(quote)
    written = re.findall(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", text)
    dates = {(int(each[0]), int(each[1]), int(each[2])) for each in written}
    if (year, month, day) in dates:
        return True
    years = {int(number) for number in re.findall(r"\d{4}", text)} | {
        int(_positional(number)) for number in re.findall(r"[零一二三四五六七八九]{4}(?=年)", text)
    }
    any_year = bool(re.search(r"每年|当年|本年", text))
    if year not in years and not any_year and "次年" not in text:
        return False
    if month is None:
        return True
    named = dates | _written_days(text)
    mine = {(m, d) for y, m, d in named if y is None or y == year or any_year}
    mine |= {(m, None) for m, _ in mine}
    if re.search(rf"(?:{year}|(?<!\d))年(?:底|末|终)|全年", text):
        mine |= {(12, None), (12, 31)}
    if re.search(rf"(?:{year}|(?<!\d))年(?:初|起)", text):
        mine |= {(1, None), (1, 1)}
    if (month, None) in mine and re.search(r"月底|月末|月起|月份?至|月份?到|月-", text):
        mine |= {(month, each) for each in (1, 28, 29, 30, 31)}
    return (month, day) in mine


def _written_days(text: str) -> set[tuple[int | None, int, int | None]]:
    """The months and days that ``text`` writes, each with the year and the month before it (3月1日至28日); no year is None."""
    found: set[tuple[int | None, int, int | None]] = set()
    years, months = list[int | None]([None]), list[int]()
    for match in _DATE_PART.finditer(text):
        numbers = [int(_parted(each)[0]) for each in re.findall(_N, match["list"] or "")]
        if match["unit"] is None:
            years, months = [None if year is None or match[0] == "每年" else year + 1 for year in years], []
        elif match["unit"] == "年":
            years, months = [*numbers], []
        elif match["unit"] == "月":
            months = numbers
            found |= {(year, month, None) for year in years for month in months}
        else:
            found |= {(year, month, day) for year in years for month in months[-1:] for day in numbers}
    return found


def of_an_event(quote: str) -> bool:
    """Whether a day is told by what happens on it (自印发之日起), not by its date."""
    return bool(_TO_OR_OF_DAY.search(_plain(quote)))


def split_evenly(parts: int, quote: str) -> bool:
    """Whether the text splits something in so many equal parts without a figure for each."""
    text = _plain(quote)
    return bool(re.search(r"平均|等额|均等|各|均", text)) or any(figure.value == parts for figure in stated(text))


@lru_cache(maxsize=1024)
def stated(text: str) -> tuple[FigureAt, ...]:
    """Every figure of ``text`` in every way in which it may be read."""
    bare = _plain(text)
    return (*_chained(bare), *_shares(bare), *_halves(bare))


def _chained(text: str) -> Iterator[FigureAt]:
    """The figures of each list, which share the unit of its last, and its scale where they have none of their own."""
    for found in _CHAIN.finditer(text):
        after = text[found.end() : found.end() + 12]
        if found[1]:
            yield FigureAt(_exact(Fraction(chinese_value(found[2])) / _PARTS[found[1]]), "ratio", after)
            continue
        if text[max(0, found.start() - 2) : found.start()].endswith("分之") or after.startswith("分之"):
            continue
        members = [(join, *_parted(number + scale)) for join, number, scale in _members(found[2] + found[3])]
        if not members:
            continue
        last, last_scale = members[-1][1:]
        for place, (_, number, scale) in enumerate(members):
            joined = members[place + 1][0] if place + 1 < len(members) else ""
            for value in _scaled(number, scale, last, last_scale, joined):
                yield from _with_unit(value, scale or last_scale, after)
                if number == 1 and len(members) > 1:
                    yield from _with_unit(value, scale, joined + after)


def _members(chain: str) -> Iterator[tuple[str, str, str]]:
    for found in re.finditer(rf"({_JOIN})?({_ONE})", f"{chain}"):
        yield found[1] or "", found[2], ""


def _parted(number: str) -> tuple[Fraction, int]:
    """A number and what its last signs (万, 百万) multiply it by."""
    digits = re.match(r"\d+(?:\.\d+)?", number)
    if digits:
        scale = 1
        for sign in number[digits.end() :]:
            scale *= _SCALES[sign]
        return Fraction(digits[0]), scale
    if len(number) > 1 and not set(number) & set(_SCALES):
        return Fraction(_positional(number)), 1
    core = number.rstrip("万亿")
    if core and not set(core) & {"万", "亿"}:
        scale = 1
        for sign in number[len(core) :]:
            scale *= _SCALES[sign]
        return Fraction(chinese_value(core)), scale
    return Fraction(chinese_value(number)), 1


def _scaled(number: Fraction, scale: int, last: Fraction, last_scale: int, joined: str) -> Iterator[Fraction]:
    """What a member of a list comes to: by its own scale, else by that of the last; of a range it may be less than that."""
    if scale > 1 or last_scale == 1:
        yield number * scale
        return
    shared = number * last_scale
    yield shared
    if joined in _RANGE and shared > last * last_scale:
        yield number


def _with_unit(value: Fraction, scale: int, after: str) -> Iterator[FigureAt]:
    for kind, pattern, factor in _AFTER:
        if pattern.match(after):
            yield FigureAt(_exact(value * factor), kind, after)
            if kind == "years":
                yield FigureAt(_exact(value * 12), "months", after)
            elif kind == "months":
                yield FigureAt(_exact(value / 12), "years", after)
            if kind in ("money", "ratio"):
                return
            break
    if scale >= 10_000 and not _FOREIGN.match(after) and not _COUNTED.match(after):
        yield FigureAt(_exact(value), "money", after)
    yield FigureAt(_exact(value), "count", after)


def _shares(text: str) -> Iterator[FigureAt]:
    """Shares in words, as fractions and as a ratio."""
    for pattern, value in zip(_WHOLES, (Decimal(1), Decimal("0.5")), strict=True):
        if pattern.search(text):
            yield FigureAt(value, "ratio", "")
    for below, above in _FRACTION.findall(text):
        if below not in ("百", "千", "万") and (divisor := _parted(below)[0]):
            yield FigureAt(_exact(Fraction(_parted(above)[0]) / divisor), "ratio", "")
    for left, right in _COLON.findall(text):
        one, other = _parted(left)[0], _parted(right)[0]
        if one and other:
            yield FigureAt(_exact(one / other), "ratio", "")
            yield FigureAt(_exact(other / one), "ratio", "")


def _halves(text: str) -> Iterator[FigureAt]:
    """半年, 一年半."""
    for number, _, before, following in _HALF.findall(text):
        unit = before or following
        if not unit:
            continue
        value = (_parted(number)[0] if number and before else Fraction(0)) + Fraction(1, 2)
        months = value * 12 if unit == "年" else value
        yield FigureAt(_exact(months / 12), "years", unit)
        yield FigureAt(_exact(months), "months", unit)


def _exact(value: Fraction) -> Decimal | Fraction:
    """As a decimal where it is one."""
    made = Decimal(value.numerator) / Decimal(value.denominator)
    return made if Fraction(made) == value else value


def _positional(number: str) -> str:
    digits = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"两": "2"}
    return "".join(digits[sign] for sign in number)


def _plain(text: str) -> str:
    """Half-width, with plain numerals, without white space, commas that group digits, and (含)."""
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))|\s", "", text)
    text = unicodedata.normalize("NFKC", text).translate(_FORMAL)
    text = re.sub(r"(?<=[\d万])m2|(?<=[\d万])M2", "平方米", text)
    return re.sub(r"\(不?含(?:本数)?\)", "", text)
