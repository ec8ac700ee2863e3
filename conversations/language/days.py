"""Days, months and years in plain text, as people name them: 2021年3月, 21.3.15, 去年八月, 三年前, 2021年以前, 去年国庆节当天.

Each is a stretch of the calendar; those counted from now need the day at which they are said. What names a time without
saying which (今年初, 前后, 春节) is found, so that nobody takes its digits for a figure, and says nothing. Which of several days answers
a question is not decided here. Knows no fact.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from conversations.language.holidays import (
    ABOUT_THEN,
    BY_THE_MOON,
    FEAST,
    MOVABLE,
    ON_THE_DAY,
    day_by_the_moon,
    day_of,
    lasts_longer,
    may_be_a_number,
)
from conversations.language.lexicon import lexicon
from conversations.language.numerals import digit, numeral_at
from knowledge.patterns import regex
from rules.dates import Dates, shifted

_ZH = lexicon("days")


@dataclass(frozen=True, slots=True)
class DayMention:
    """A time at ``text[start:end]``: ``dates`` is None where it is not said which. ``compared``: it only stands beside
    another (比2020年); ``ahead``: it is planned or still to come; ``until``: up to then something is told (到昨天为止);
    ``counted``: it is told by how long ago; ``guess`` is what may be meant where the time is not said in full (八月)."""

    start: int
    end: int
    dates: Dates | None
    rough: bool = False
    compared: bool = False
    ahead: bool = False
    until: bool = False
    counted: bool = False
    guess: Dates | None = None

    @property
    def year(self) -> int | None:
        """The calendar year, where the time is all of one."""
        whole = self.dates is not None and self.dates == year_of(self.dates.year or 1)
        return self.dates.year if self.dates is not None and whole else None


_DIGIT = "一二三四五六七八九"
_ZH_YEAR = rf"[一二][九〇零][〇零{_DIGIT}]{{2}}"
_SPOKEN_YEAR = rf"(?<![\d{_DIGIT}〇零十百千万两几])[{_DIGIT}〇零][{_DIGIT}](?=年)"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{_DIGIT}])"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[{_DIGIT}]?|[{_DIGIT}])"
_ENDS = r"(?=$|[,。;!]|[刚才正就]?(?:成立|注册|登记|开业|设立|创[立办]|办[的下好]|开的|到[账岗]|认定|获评|评上|竣工|完工|投[产运]|出?生|入职|签|卖[到够满]|达到|突破))"
_SPOKEN = regex(_SPOKEN_YEAR)
_RISING = f"〇{_DIGIT}"
_FORMAL = str.maketrans("零壹贰貳叁肆伍陆柒捌玖拾", "〇一二二三四五六七八九十")
"""Figures as they stand on a licence: a sign for a sign."""
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
_WEEKDAYS = "一二三四五六日"
_AGO = rf"(?:\d{{1,2}}|[两{_DIGIT}十]{{1,3}})"
_RELATIVE = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "上一年": -1,
    "上年": -1,
    "头年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "后年": 2,
}
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1}
_DAYS = {
    "大前天": -3,
    "前天": -2,
    "前儿": -2,
    "昨天": -1,
    "昨日": -1,
    "昨儿": -1,
    "昨晚": -1,
    "今儿": 0,
    "今早": 0,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "后天": 2,
}
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_VAGUE = rf"年?[初底末](?!级)|年中(?![标国心央小医级共期部午旬])|{MOVABLE}|开?[春夏秋冬](?:[天季节]|(?=[,。成注开建的]|$))|暑假|寒假"
_THIRDS = {
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "上半月": (1, 15),
    "前半月": (1, 15),
    "下半月": (16, 31),
    "后半月": (16, 31),
}
_PART = r"[上中下]旬|(?:的)?[上下前后]半个?月|初(?![一二三四五六七八九十])|[底末]|的?(?:第一天|头一天|最后一天)"
"""Of a month: 初 and 底 say no days."""
_EDGE_OF_A_YEAR = r"(?:年?[底末尾][的,]*(?=1[0-2]月|十[一二]?月)|年?初[的,]*(?=0?[1-3]月|[一二三]月))?"
"""前年底，12月里: the month closer."""
_WRITTEN = regex(
    rf"(?P<lunar>(?:(?:{'|'.join(_RELATIVE)}|\d{{2,4}}年|[{_DIGIT}〇零]{{2,4}}年)的?)?(?:(?:农历|阴历|旧历|腊月|冬月|正月)[^,。;!?]{{0,8}}|{_MONTH}月初[一二三四五六七八九十]|[上这本]个?月初[一二三四五六七八九十]))"
    rf"|(?P<weekday>(?P<wb>上上个?|上个?|这个?|本|下个?)(?:周|星期|礼拜)(?P<wd>[一二三四五六日天]))"
    rf"|(?P<iso>(?<![\d.])(?P<iy>(?:19|20)\d\d)(?P<is>[-/.])(?P<im>1[0-2]|0?[1-9])(?:(?P=is)(?P<id>3[01]|[12]\d|0?[1-9]))?(?![\d.]|[万亿元%])[日号]?)"
    rf"|(?P<short>(?<![\d.])(?P<sy>\d\d)(?P<ss>[-/.])(?P<sm>1[0-2]|0?[1-9])(?P=ss)(?P<sd>3[01]|[12]\d|0?[1-9])(?![\d.]|[万亿元%])[日号]?)"
    rf"|(?P<bad>(?<![\d.])(?:19|20)\d\d[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?(?![\d万亿元%]))"
    rf"|(?P<compact>(?<!\d)(?P<cy>(?:19|20)\d\d)(?P<cm>0[1-9]|1[0-2])(?P<cd>3[01]|[12]\d|0[1-9])?(?![\d万亿元块个.%]))"
    rf"|(?P<ago>(?<!\d)(?P<an>半|{_AGO})(?P<au>个?月|年|周|个?星期|天)(?:之|以)?前(?!后)[就的]?)"
    rf"|(?P<year>(?:(?P<y4>(?<!\d)(?:19|20)\d\d)|(?P<yz>{_ZH_YEAR})|(?P<y2>(?<![\d.])\d\d)|(?P<y2z>{_SPOKEN_YEAR}))年度?|(?P<rel>{'|'.join(_RELATIVE)})度?)"
    rf"(?:的)?(?:{_EDGE_OF_A_YEAR}(?:(?P<m>{_MONTH})月份?(?:(?P<d>{_DAY})(?:[日号]|{_ENDS})|(?P<part>{_PART}))?)"
    rf"|(?P<ma>{_MONTH})(?:月份?)?[、或](?P<mb>{_MONTH})月份?间?|(?P<near>[{_DIGIT}]{{2}})月份?间?"
    rf"|(?P<pm>1[0-2]|0?[1-9])\.(?P<pd>3[01]|[12]\d|0?[1-9])(?=[日号,。;当那的注成开办批入达破突]|$)|(?P<edge>第一天|头一天|最后一天)"
    rf"|{FEAST}(?:(?P<then>{ABOUT_THEN})|(?P<itself>{ON_THE_DAY}))?"
    rf"|(?P<moon>{'|'.join(BY_THE_MOON)})节?{ON_THE_DAY}"
    rf"|(?P<half>[上下]半年)|第?(?P<q>[一二三四1-4])季度|(?P<vague>{_VAGUE}))?"
    rf"|(?P<rm>(?P<rmw>上上|[上这本下])个?月(?:份)?(?:(?P<rmd>{_DAY})[日号]|(?P<rmpart>{_PART}))?)"
    rf"|(?P<rd>{'|'.join(_DAYS)})"
    rf"|(?P<alone>(?<![\d.年])(?P<om>{_MONTH})月份?(?:(?P<od>{_DAY})(?:[日号]|{_ENDS})|(?P<opart>{_PART}))?(?!均))"
    rf"|(?P<yearless>(?<![\d.一二三四五六七八九十百千万亿年第]){FEAST.replace('feast', 'ofeast')}(?:(?P<othen>{ABOUT_THEN})|(?P<oitself>{ON_THE_DAY}))?)"
    rf"|(?P<bare>(?<!\d)(?:19|20)\d\d(?=[-~到至和跟与或、,](?:19|20)?\d\d年))"
)
_OF_A_YEAR = ("m", "half", "q", "vague", "rel", "feast", "ma", "near", "pm", "edge", "moon")
_TEN = 10


@lru_cache(maxsize=128)  # a clause is asked for them for each list and each fact that a correction may mean
def find_days(text: str, on: date | None) -> tuple[DayMention, ...]:
    """The times that plain ``text`` names, in order; those counted from now are not known where ``on`` is None."""
    found: list[DayMention] = []
    text = _ZH["first_month"].sub("1", text.translate(_FORMAL))
    for match in _WRITTEN.finditer(text):
        mention = _mention(text, match, on)
        if mention is None or (match["lunar"] and _ZH["solar"].search(text, match.end())):
            continue
        if match["yearless"] and found and _is_that_day(found[-1], match):
            continue
        if found and (both := _between(text, found[-1], mention)):
            found[-1] = both
        else:
            found.append(mention)
    return tuple(found)


def _is_that_day(before: DayMention, match: re.Match[str]) -> bool:
    """2022年10月1日, 国庆节: the name of the day that was just said."""
    day = before.dates.first if before.dates is not None and before.dates.exact else None
    near = match.start() - before.end <= 2
    return near and day is not None and (day.month, day.day) == day_of(match["ofeast"])


def _mention(text: str, match: re.Match[str], on: date | None) -> DayMention | None:
    start, end = match.span()
    named = _year_alone(match)
    if named and match["y2z"] and match["y2z"] in _RISING and not (_ZH["born"].match(text, end) or _spoken_years(text)):
        return None  # 七八年: in 1978, or for so long?
    if named and text.startswith("代", end):
        return DayMention(start, end, None)  # 90年代
    short = match["y2"] or match["y2z"]
    if named and (_ZH["duration"].match(text, end) or (short and text[start - 1 : start] in ("第", "近", "满", "了"))):
        beside = _ZH["compared"].search(text[max(0, start - 8) : start]) is not None
        return None if short else DayMention(start, end, _said(match, on), compared=beside)
    if match["yearless"] and may_be_a_number(match["ofeast"]) and not (match["oitself"] or match["othen"]):
        return None
    dates = _said(match, on)
    bound = None if match["ago"] else _ZH["bound"].match(text, end)
    before = text[max(0, start - 8) : start]
    rough = bool(_ZH["rough"].search(before)) or bool(bound and bound["around"])
    rough |= bool(match["ago"] and (_ZH["some"].search(before) or _ZH["thereabouts"].match(text, end)))
    if bound:
        end = bound.end()
        dates = None if match["feast"] and bound["around"] else dates
    if dates is not None and ((bound and bound["before"]) or _ZH["before"].search(before)):
        dates = dates.first and Dates(None, dates.first - timedelta(days=1))
    elif dates is not None and _ZH["no_later"].search(before):
        dates = Dates(None, dates.last)
    elif dates is not None and ((bound and bound["after"]) or _ZH["after"].search(before)):
        dates = Dates(dates.first, None)
    ahead = bool(_ZH["ahead"].search(before)) or bool(match["rel"] and _RELATIVE[match["rel"]] > 0)
    compared = _ZH["compared"].search(before) or (_ZH["beside"].search(before) and _ZH["as_then"].match(text, end))
    up_to = _ZH["up_to"].search(before)
    until = up_to is not None and (not up_to["to"] or _ZH["so_far"].match(text, end) is not None)
    guess = None if rough or bound else _guess(match, on)
    return DayMention(start, end, dates, rough, bool(compared), ahead, until, bool(match["ago"]), guess)


def _guess(match: re.Match[str], on: date | None) -> Dates | None:
    """八月, 3月15日 and 双十一 without a year: the last one; 去年国庆: the day itself; 十年前: ten years before."""
    if on is None:
        return None
    if match["alone"]:
        month, day = _number(match["om"]), match["od"] and _number(match["od"])
        return _part_of(_stretch(on.year - (month > on.month), month, day), match["opart"])
    if match["yearless"] and not match["othen"]:
        month, day = day_of(match["ofeast"])
        return _stretch(on.year - ((month, day) > (on.month, on.day)), month, day)
    year = _year_of(match, on) if match["feast"] and not match["then"] else None
    if year is not None:
        return _stretch(year, *day_of(match["feast"]))
    return _ago(_number(match["an"]), "年", on) if match["ago"] and match["au"] == "年" else None


def _spoken_years(text: str) -> bool:
    """Whether plain ``text`` names a year by two signs that are no span: 二四年."""
    return any(years[0] not in _RISING for years in _SPOKEN.finditer(text))


def _year_alone(match: re.Match[str]) -> bool:
    return match["year"] is not None and not any(match[part] for part in _OF_A_YEAR)


def _between(text: str, first: DayMention, second: DayMention) -> DayMention | None:
    """2019年到2021年之间: one stretch; without the last word it may be how long something went on."""
    joined = _ZH["to"].fullmatch(text, first.end, second.start)
    second = in_the_same_year(first, second) if joined else second
    if not joined or first.dates is None or second.dates is None:
        return None
    after = _ZH["between"].match(text, second.end)
    if not after and joined.group()[-1] in "和跟与":
        return None
    low, high = first.dates.first, second.dates.last
    if not after or low is None or high is None or low > high:
        return replace(second, start=first.start, dates=None)
    return replace(second, start=first.start, end=after.end(), dates=Dates(low, high), compared=False)


def in_the_same_year(first: DayMention, second: DayMention) -> DayMention:
    """``second`` in the year of ``first``, where it has none of its own: 2024年4月到6月."""
    year = first.dates.year if first.dates is not None else None
    if second.dates is not None or second.guess is None or second.guess.first is None or year is None:
        return second
    dates = _stretch(year, second.guess.first.month, None)
    if second.guess != _stretch(second.guess.first.year, second.guess.first.month, None) and second.guess.last:
        low, high = (_stretch(year, end.month, end.day) for end in (second.guess.first, second.guess.last))
        dates = Dates(low.first, high.last) if low and high else dates
    return replace(second, dates=dates, guess=None)


def _said(match: re.Match[str], on: date | None) -> Dates | None:
    """The stretch of the calendar that the words name by themselves."""
    if match["bad"] or match["lunar"]:
        return None
    if match["iso"] or match["compact"] or match["bare"]:
        return _in_figures(match)
    if match["year"]:
        return _in_year(match, on)
    if on is None or match["alone"] or match["yearless"]:
        return None
    if match["short"]:
        year = _of_two_figures(int(match["sy"]), on)
        return None if year is None else _stretch(year, int(match["sm"]), int(match["sd"]))
    return _from_now(match, on)


def _in_figures(match: re.Match[str]) -> Dates | None:
    if match["iso"]:
        return _stretch(int(match["iy"]), int(match["im"]), match["id"] and int(match["id"]))
    if match["compact"]:
        return _stretch(int(match["cy"]), int(match["cm"]), match["cd"] and int(match["cd"]))
    return year_of(int(match["bare"]))


def _from_now(match: re.Match[str], on: date) -> Dates | None:
    """上周三, 昨天, 上个月, 三年前."""
    if match["weekday"]:
        monday = on - timedelta(days=on.weekday()) + timedelta(weeks=_MONTHS[match["wb"].removesuffix("个")])
        day = monday + timedelta(days=_WEEKDAYS.index(match["wd"].replace("天", "日")))
        return Dates(day, day)
    if match["rd"]:
        day = on + timedelta(days=_DAYS[match["rd"]])
        return Dates(day, day)
    if match["rm"]:
        month = on.year * 12 + on.month - 1 + _MONTHS[match["rmw"]]
        day = match["rmd"] and _number(match["rmd"])
        return _part_of(_stretch(month // 12, month % 12 + 1, day), match["rmpart"])
    number = _number(match["an"])
    if match["an"].isdigit() and number % _TEN and _TEN < number <= on.year % 100:
        return None  # 21年前: before 2021, or so long ago?
    if match["au"] == "年" and not number % _TEN:
        return None  # 二十年前: a round figure
    return _ago(number, match["au"].removeprefix("个"), on)


def _in_year(match: re.Match[str], on: date | None) -> Dates | None:
    year = _year_of(match, on)
    if year is None or match["vague"]:
        return None
    if match["half"]:
        return _months(year, *_HALVES[match["half"]])
    if match["q"]:
        quarter = digit(match["q"])
        return _months(year, quarter * 3 - 2, quarter * 3)
    if match["m"]:
        return _part_of(_stretch(year, _number(match["m"]), match["d"] and _number(match["d"])), match["part"])
    if match["ma"] or match["near"]:
        first, last = map(_number, (match["ma"], match["mb"]) if match["ma"] else match["near"])
        return _months(year, first, last) if last == first + 1 else None
    if match["pm"] or match["edge"]:
        month, day = (match["pm"], match["pd"]) if match["pm"] else ("12", "31") if match["edge"][0] == "最" else "11"
        return _stretch(year, int(month), int(day))
    if match["moon"]:
        day = day_by_the_moon(match["moon"], year)
        return Dates(day, day)
    if match["feast"]:
        told = bool(match["itself"]) or not (match["then"] or lasts_longer(match["feast"]))
        return _stretch(year, *day_of(match["feast"])) if told else None
    return year_of(year)


def _year_of(match: re.Match[str], on: date | None) -> int | None:
    if match["y4"]:
        return int(match["y4"])
    if match["yz"]:
        return int(match["yz"].translate(_FIGURES))
    if on is None:
        return None
    if match["rel"]:
        return on.year + _RELATIVE[match["rel"]]
    short = int(match["y2"] or match["y2z"].translate(_FIGURES))
    if short == _TEN and not (any(match[part] for part in _OF_A_YEAR)):
        return None  # 10年: in 2010, or for ten years?
    return _of_two_figures(short, on)


def _of_two_figures(short: int, on: date) -> int | None:
    """21 is 2021, 82 is 1982."""
    century = on.year // 100 * 100
    return century + short if century + short <= on.year + 1 else century - 100 + short if short >= 50 else None


def _ago(number: int, unit: str, on: date | None) -> Dates | None:
    """三年前: some day of the year three years before; 两个月前: of that month. Of weeks and days nobody counts so exactly."""
    if on is None or not number:
        return None
    if unit == "年":
        return year_of(on.year - number) if number < on.year else None
    moved = shifted(on.toordinal(), 0, -number, 0) if unit == "月" else None
    day = None if moved is None else date.fromordinal(int(moved))
    return None if day is None else _stretch(day.year, day.month, None)


def _number(word: str) -> int:
    """0 for what is no single number: 五六年前."""
    if word.isdigit():
        return int(word)
    numeral = numeral_at(word, 0)
    return 0 if numeral is None or numeral.low != numeral.high else int(numeral.low)


def year_of(year: int) -> Dates:
    """All of the calendar ``year``."""
    return _months(year, 1, 12)


def _months(year: int, first: int, last: int) -> Dates:
    return Dates(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _part_of(month: Dates | None, part: str | None) -> Dates | None:
    """A third or a half of ``month``: 上旬, 下半月."""
    name = (part or "").removeprefix("的").replace("个", "")
    first, last = _THIRDS.get(name, (1, 31))
    if month is not None and name.endswith("天"):
        day = month.last if name.startswith("最") else month.first
        return Dates(day, day)
    if month is None or month.first is None or month.last is None or (first, last) == (1, 31):
        return month
    return Dates(month.first.replace(day=first), month.last.replace(day=min(last, month.last.day)))


def _stretch(year: int, month: int, day: int | str | None) -> Dates | None:
    """A month, or a day of it; None where there is no such day."""
    if not 1 <= month <= 12:
        return None
    if not day:
        return _months(year, month, month)
    try:
        return Dates(date(year, month, int(day)), date(year, month, int(day)))
    except ValueError:
        return None
