"""Numbers with the unit that they are said in, as they stand: 三万五千块, 1.2万平, 六成半, 一年零三个月, 20 户.

Every ``Measure`` is brought to its kind's own unit: yuan, m², share of 1, years. Dates, ordinals and foreign money are
recognised so that nobody takes their digits for a figure. What is said around a measure (不到, 大概, 到, 每) belongs to
``quantities``.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import islice

from conversations.language.lexicon import lexicon
from conversations.language.numerals import MOST, Numeral, digit, find_numerals, numeral_at, step
from knowledge.patterns import regex


class UnitKind(StrEnum):
    """What a measure or quantity measures."""

    MONEY = "money"  # yuan
    AREA = "area"  # m²
    RATIO = "ratio"  # 0..1
    YEARS = "years"
    COUNT = "count"  # of people, firms, floors, times
    NUMBER = "number"  # no unit
    FOREIGN = "foreign"  # money or space in a unit that the facts do not use
    DATE = "date"  # or an ordinal: no figure of anything


@dataclass(frozen=True, slots=True)
class Measure(Numeral):
    """A numeral with its unit, its ends in the unit of its ``kind``; ``factor`` turned the spoken number into that."""

    kind: UnitKind = UnitKind.NUMBER
    unit: str = ""
    factor: Decimal = Decimal(1)


_FLAGS = ("open", "approximate", "vague", "scaled", "round", "arabic", "scale")
_YEAR_DAYS = Decimal(365)
_MU = Decimal(2000) / 3
_AREAS = {"平方公里": 10**6, "平方千米": 10**6, "公顷": 10**4, "ha": 10**4, "公亩": 100, "亩": _MU, "亩地": _MU}
_TIMES = {
    **dict.fromkeys(("年", "周年", "整年", "年整", "个年头"), Decimal(1)),
    **dict.fromkeys(("季", "季度", "个季度", "个季"), Decimal(1) / 4),
    **dict.fromkeys(("个月", "个整月", "月"), Decimal(1) / 12),
    **dict.fromkeys(("周", "个星期", "星期", "个礼拜", "礼拜"), 7 / _YEAR_DAYS),
    **dict.fromkeys(("天", "日"), 1 / _YEAR_DAYS),
}
_ZH = lexicon("quantities")
_UNIT_KINDS = ("foreign", "points", "tenths", "time", "half", "months", "area", "money", "change", "count")
_ANY_UNIT = "|".join(f"(?P<{kind}>{_ZH['unit_' + kind].pattern})" for kind in _UNIT_KINDS)
_UNIT = regex(f" ?(?:{_ANY_UNIT})?")
_CHANGE = regex(
    r"(?P<jiao>\d|[一二两三四五六七八九壹贰叁肆伍陆柒捌玖])(?:角|毛)(?:(?P<fen>\d|[一二两三四五六七八九壹贰叁肆伍陆柒捌玖])分?(?![\d年月十百千万]))?整?"
    r"|(?P<tail>\d|[一二三四五六七八九])钱?(?:左右|吧)?(?=$|[,。!])"
)
_UNIT_AND_PART = regex(r"半(?![年个天月层])|(?P<tenths>[\d一二三四五六七八九])分(?!之)")
_OF_TENTHS = ("亩", "亩地")
_THOUSANDS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SHEET = rf" ?\((?:单位[:是]?)?(?P<of>{'|'.join(sorted(_THOUSANDS, key=len, reverse=True))})元\)"
_SHEET_AFTER, _SHEET_BEFORE = regex(_SHEET), regex(_SHEET + "[:=是为]?$")
_NUMERAL = r"[\d〇零一二两三四五六七八九十百千.点]{1,12}"
_SPECIAL = regex(
    rf"(?P<date>(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.]\d{{1,2}})?(?![\d万亿%])|(?:19|20)\d\d *年?[-~到至](?:19|20)\d\d年?|(?:19|20)\d\d年(?:[-~到至]?\d{{1,2}}月(?:份|\d{{1,2}}[日号])?)?"
    r"|[一二][九〇零][〇零一二三四五六七八九]{2}年(?:[一二三四五六七八九十]+月)?|(?<!\d)\d{1,2}[-~到至]\d{1,2}月|\d+:\d+)"
    rf"|(?P<percent>(?P<of>百|千|万)分之(?:(?P<whole>百)(?![\d一二三四五六七八九]))?)"
    rf"|(?P<fraction>(?P<below>{_NUMERAL})分之(?P<above>{_NUMERAL})|(?<![\d/])(?P<over>\d{{1,5}})/(?P<under>\d{{1,5}})(?![\d/]))"
    r"|(?P<vaguehalf>[大小]半(?:年|个?月)|(?:大|(?<!差不)多|小)一?半(?!年|个|天)数?|一[大小]半|半拉)"
    r"|(?P<halftime>(?<![一二两三四五六七八九十\d年])半(?:个)?(?:年|月|季度|天)(?P<more>多|来)?|半个(?P<moremonth>多)月)"
    r"|(?P<half>一半一半|五五开|(?:一|对)半儿?(?!年|个|天|月)|半数|(?<=[过超近到够])半(?=$|[,。.!了数]|以)|^半$)"
    r"|(?P<nearly>(?:几乎|基本上?|差不多|大概|将近|快)(?:都|上)?)?(?P<all>百分百|全部(?!门)|清一色|全都是|全是)"
)


def find_measures(text: str, counters: Sequence[str] = ()) -> list[Measure]:
    """All measures of plain ``text`` in order, without overlap; ``counters`` are unit words beside the usual ones."""
    special = deque(m for m in (_special(text, match) for match in islice(_SPECIAL.finditer(text), MOST)) if m)
    found: list[Measure] = []
    last = 0
    for numeral in find_numerals(text):
        while special and special[0].start <= numeral.start:
            measure = special.popleft()
            if measure.start >= last:
                found.append(measure)
                last = measure.end
        if (
            numeral.start >= last
            and not _ZH["together"].match(text, max(0, numeral.start - 2))
            and (measure := _counted(text, numeral, counters) or _measure(text, numeral))
        ):
            found.append(measure)
            last = measure.end
    found.extend(measure for measure in special if measure.start >= last)
    return found


def with_unit(text: str, measure: Measure, at: int) -> Measure | None:
    """``measure``, a bare number, in the unit of money or area that stands at ``text[at:]``; None where none does."""
    match = _UNIT.match(text, at) if measure.kind is UnitKind.NUMBER else None
    word = (match["money"] or match["area"]) if match else None
    if not match or not word:
        return None
    factor = Decimal(_AREAS.get(word.removeprefix("个"), 1))
    kind = UnitKind.MONEY if match["money"] else UnitKind.AREA
    low, high = measure.low * factor, measure.high * factor
    return replace(measure, kind=kind, unit=word, end=match.end(), factor=factor, low=low, high=high)


def rounded(value: Decimal) -> Decimal:
    """``value`` in its shortest form; what has no finite form (a third, 8 months) to four decimals."""
    if value.adjusted() >= 27:  # beyond Decimal's precision, and beyond any figure that a fact can have
        return value
    exponent = value.as_tuple().exponent
    short = value.quantize(Decimal("0.0001")) if isinstance(exponent, int) and exponent < -12 else value
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short.normalize()


def _special(text: str, match: re.Match[str]) -> Measure | None:
    start, end = match.span()
    share = Measure(start, end, kind=UnitKind.RATIO, unit=match.group())
    if match["date"]:
        return replace(share, kind=UnitKind.DATE)
    if match["all"]:
        return replace(share, low=Decimal(1), high=Decimal(1), vague=bool(match["nearly"]))
    if match["half"]:
        return replace(share, low=Decimal("0.5"), high=Decimal("0.5"))
    if match["vaguehalf"]:
        return replace(share, kind=UnitKind.YEARS if match.group()[-1] in "年月" else UnitKind.RATIO, vague=True)
    if match["halftime"]:
        unit = next(unit for unit in "年月季天" if unit in match.group())
        half = _TIMES[unit] / 2
        more = bool(match["more"] or match["moremonth"])
        return replace(share, kind=UnitKind.YEARS, low=half, high=half * 2 if more else half, open=more, unit=unit)
    if match["percent"]:
        factor = 1 / Decimal({"百": 100, "千": 1000, "万": 10000}[match["of"]])
        if match["whole"]:
            return replace(share, low=100 * factor, high=100 * factor)
        numeral = numeral_at(text, end) if end < len(text) else None
        return _scaled(replace(share, unit="%"), numeral, factor) if numeral else None
    return _fraction(share, match)


def _fraction(share: Measure, match: re.Match[str]) -> Measure | None:
    above = find_numerals(match["above"] or match["over"])
    below = find_numerals(match["below"] or match["under"])
    if len(above) != 1 or len(below) != 1 or not below[0].low:
        return replace(share, vague=True)
    value = above[0].low / below[0].low
    return replace(share, low=value, high=value, vague=above[0].low != above[0].high or value > 1)


def _scaled(measure: Measure, numeral: Numeral, factor: Decimal) -> Measure:
    end, low, high = max(measure.end, numeral.end), numeral.low * factor, numeral.high * factor
    kept = {flag: getattr(numeral, flag) for flag in _FLAGS}
    return Measure(measure.start, end, low, high, kind=measure.kind, unit=measure.unit, factor=factor, **kept)


def _counted(text: str, numeral: Numeral, counters: Sequence[str]) -> Measure | None:
    """The number with one of ``counters``, the longest that stands behind it."""
    at = numeral.end + text.startswith(" ", numeral.end)
    word = max((each for each in counters if text.startswith(each, at)), key=len, default="")
    if not word or _ZH["of_time"].match(text, at):  # 满六个月的52人: six of no thing
        return None
    counted = _scaled(Measure(numeral.start, at + len(word), kind=UnitKind.COUNT, unit=word), numeral, Decimal(1))
    return _and_part(text, counted, tenths=word in _OF_TENTHS)


def _measure(text: str, numeral: Numeral) -> Measure | None:
    """The number with its unit; None where the characters are part of a word (一起, 第三方)."""
    if not numeral.scaled and _ZH["ordinal"].search(text[max(0, numeral.start - 4) : numeral.start]):
        return Measure(numeral.start, numeral.end, kind=UnitKind.DATE, unit="第")
    if numeral.open and text.startswith(("点", "一点"), numeral.end):  # 1000万多点
        numeral = replace(numeral, end=text.index("点", numeral.end) + 1)
    match = _UNIT.match(text, numeral.end)
    name = match.lastgroup if match else None
    word = (match[name] if match and name else "") or ""
    end = match.end() if match and name else numeral.end
    bare = Measure(numeral.start, end, unit=word)
    sheet = _SHEET_AFTER.match(text, numeral.end)
    headed = _SHEET_BEFORE.search(text[max(0, numeral.start - 9) : numeral.start])
    if of := sheet or headed:
        end = max(numeral.end, sheet.end() if sheet else 0)
        return _scaled(replace(bare, kind=UnitKind.MONEY, end=end), numeral, Decimal(_THOUSANDS[of["of"]]))
    if name in ("time", "half", "months"):
        return _time(text, numeral, bare, name)
    if name in _PLAIN:
        kind, factor = _PLAIN[name]
        factor = Decimal(_AREAS.get(word.removeprefix("个"), 1)) if name == "area" else factor
        measure = _scaled(replace(bare, kind=kind), numeral, factor)
        return _BEHIND[name](text, measure) if name in _BEHIND else measure
    if not numeral.scaled and re.match(r"[a-z]", text[numeral.end : numeral.end + 1]):  # 五百万lpr3.65: a figure
        return None
    if text[numeral.start : numeral.end] in ("俩", "仨"):
        persons = _ZH["pair"].search(text[max(0, numeral.start - 2) : numeral.start])
        return None if persons else _scaled(replace(bare, kind=UnitKind.COUNT, unit="个"), numeral, Decimal(1))
    single = numeral.high < 10 and numeral.end - numeral.start == 1 and not numeral.arabic
    return None if single and not _alone(text, numeral) else _scaled(bare, numeral, Decimal(1))


def _alone(text: str, numeral: Numeral) -> bool:
    """A single Chinese digit is a figure only where nothing makes a word of it."""
    before, after = text[max(0, numeral.start - 1) : numeral.start], text[numeral.end : numeral.end + 1]
    if after in tuple("到至~-") and numeral.end + 1 < len(text) and numeral_at(text, numeral.end + 1):
        return before != "第"  # 三到五千
    return (not before or before in "是为有了,。:到至-") and (not after or after in ",。.!吧到至~-")


def _plus(measure: Measure, part: Decimal, end: int) -> Measure:
    return replace(measure, end=end, low=measure.low + part, high=measure.high + part)


def _tenths(text: str, measure: Measure) -> Measure:
    """六成半, 5成5, 七成多."""
    rest = text[measure.end : measure.end + 3]
    if match := re.match(r"半|[\d一二三四五六七八九](?![\d年个家万千百十%到至~-])|[多来几]|把", rest):
        word = match.group()
        end = measure.end + 1
        if word in "多几":
            return replace(measure, end=end, high=measure.low + Decimal("0.1"), open=True)
        if word in "来把":
            return replace(measure, end=end, approximate=True)
        return _plus(measure, Decimal(5 if word == "半" else digit(word)) / 100, end)
    return measure


def _and_part(text: str, measure: Measure, tenths: bool = True) -> Measure:
    """2 公顷半, 20 亩 5 分: a part of the unit behind it, ``tenths`` too where the unit has them."""
    has_parts = measure.kind is UnitKind.COUNT or measure.factor > 1
    match = _UNIT_AND_PART.match(text, measure.end) if has_parts else None
    if not match or (match["tenths"] and not tenths):
        return measure
    part = Decimal(digit(match["tenths"] or "5")) / 10
    return _plus(measure, part * measure.factor, match.end())


def _change(text: str, measure: Measure) -> Measure:
    """三万元五角: the small change behind the yuan; 两块五 is left open."""
    match = _CHANGE.match(text, measure.end)
    if match and match["tail"]:  # 三块五
        if measure.unit == "块" and measure.high < 100 and measure.low == measure.high:
            return _plus(measure, Decimal(digit(match["tail"])) / 10, match.start() + 1)
    elif match:
        cents = 10 * digit(match["jiao"]) + digit(match["fen"] or "0")
        return _plus(measure, Decimal(cents) / 100, match.end())
    open_end = measure.unit == "块" and re.match(
        r"[\d一二三四五六七八九](?![期年个])", text[measure.end : measure.end + 2]
    )
    return replace(measure, vague=True) if open_end else measure


_PLAIN = {
    "foreign": (UnitKind.FOREIGN, Decimal(1)),
    "count": (UnitKind.COUNT, Decimal(1)),
    "points": (UnitKind.RATIO, Decimal("0.01")),
    "tenths": (UnitKind.RATIO, Decimal("0.1")),
    "area": (UnitKind.AREA, Decimal(1)),
    "change": (UnitKind.MONEY, Decimal("0.1")),
    "money": (UnitKind.MONEY, Decimal(1)),
}
_BEHIND = {"tenths": _tenths, "area": _and_part, "money": _change}  # what may stand behind the unit


def _time(text: str, numeral: Numeral, bare: Measure, name: str) -> Measure | None:
    month = Decimal(1) / 12
    base = replace(bare, kind=UnitKind.YEARS)
    if name == "half":  # 一个半月
        return _plus(_scaled(base, numeral, month), month / 2, base.end)
    if name == "months":
        measure = _scaled(base, numeral, month)
        if "多" in bare.unit:
            return replace(measure, high=measure.low + month, open=True)
        return replace(measure, approximate=True)
    spoken = text[numeral.start : numeral.end]
    after = text[bare.end : bare.end + 8]
    if bare.unit == "月" and spoken not in ("俩", "两", "仨"):
        return replace(bare, kind=UnitKind.DATE)  # 3月, 13月
    if bare.unit == "季度" and numeral.high <= 4:
        return replace(bare, kind=UnitKind.DATE)  # 一季度: the first of a year
    if bare.unit == "日" or (bare.unit == "年" and _is_year(spoken, numeral, after)):
        return replace(bare, kind=UnitKind.DATE)
    measure = _scaled(base, numeral, _TIMES[bare.unit])
    if bare.unit == "个月" and text.startswith("半", bare.end):  # 五个月半
        return _plus(measure, month / 2, bare.end + 1)
    if bare.unit in ("年", "周年"):
        measure = _after_year(text, measure, numeral)
    if re.match(r"[之以]?前(?!后)|[之以]?后(?!来)", text[measure.end : measure.end + 3]):
        return replace(measure, kind=UnitKind.DATE)  # 三年前: when, not how long
    return measure


def _is_year(spoken: str, numeral: Numeral, after: str) -> bool:
    if numeral.low == numeral.high and 1900 <= numeral.low <= 2100:
        return True
    year = (len(spoken) == 2 and (spoken.isdigit() or spoken[0] in "〇零")) or numeral.vague
    return bool(year and not numeral.open and _ZH["date_after"].match(after)) or (
        len(spoken) == 2 and spoken.startswith("0")
    )


def _after_year(text: str, measure: Measure, numeral: Numeral) -> Measure:
    """一年半, 三年多, 两年零三个月."""
    rest = text[measure.end : measure.end + 8]
    if rest.startswith("半载"):
        return replace(measure, end=measure.end + 2, vague=True)
    if rest.startswith("半") and not rest.startswith("半个"):
        return _plus(measure, Decimal("0.5"), measure.end + 1)
    if match := re.match(r"多(?!少|数|[打写说算报记填加输])|有?余", rest):
        return replace(measure, end=measure.end + match.end(), high=measure.low + step(numeral.low), open=True)
    if rest.startswith("来") and measure.low >= 10:
        return replace(measure, end=measure.end + 1, approximate=True)
    joint = _ZH["and_months"].match(rest)
    begin = measure.end + (joint.end() if joint else 0)
    if rest.startswith(("零半个月", "半个月")):
        return _plus(measure, Decimal(1) / 24, measure.end + rest.index("月") + 1)
    inner = numeral_at(text, begin) if begin < len(text) else None
    unit = _UNIT.match(text, inner.end) if inner else None
    shorter = unit is not None and unit["time"] not in (None, "年", "周年", "整年", "年整", "个年头")
    months = _measure(text, inner) if inner and unit and (shorter or unit["half"] or unit["months"]) else None
    if months and joint and joint.end() and months.kind is UnitKind.DATE:
        return replace(measure, end=months.end, kind=UnitKind.DATE)  # 三年零两个月前
    if months and months.kind is UnitKind.YEARS:
        low, high, vague = measure.low + months.low, measure.high + months.high, measure.vague or months.vague
        return replace(measure, end=months.end, low=low, high=high, open=months.open, vague=vague)
    return measure
