"""Days, months and years in plain text, as people name them: 2021年3月, 21.3.15, 去年八月, 三年前, 2021年以前.

Each is a stretch of the calendar; those counted from now need the day at which they are said. What names a time without
saying which (今年初, 前后, 春节) is found, so that nobody takes its digits for a figure, and says nothing. Which of several days answers
a question is not decided here. Knows no fact.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from conversations.language.numerals import numeral_at
from knowledge.patterns import regex
from rules.dates import Dates, shifted


@dataclass(frozen=True, slots=True)
class DayMention:
    """A time at ``text[start:end]``: ``dates`` is None where it is not said which. ``compared``: it only stands beside
    another (比2020年); ``ahead``: it is planned or still to come; ``guess`` is the last such time where the year is not said."""

    start: int
    end: int
    dates: Dates | None
    rough: bool = False
    compared: bool = False
    ahead: bool = False
    guess: Dates | None = None

    @property
    def year(self) -> int | None:
        """The calendar year, where the time is all of one."""
        whole = self.dates is not None and self.dates == _year(self.dates.year or 1)
        return self.dates.year if self.dates is not None and whole else None


_DIGIT = "一二三四五六七八九"
_ZH_YEAR = rf"[一二][九〇零][〇零{_DIGIT}]{{2}}"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{_DIGIT}])"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[{_DIGIT}]?|[{_DIGIT}])"
_ENDS = r"(?=$|[,。;!])"
_FORMAL = str.maketrans("零壹贰貳叁肆伍陆柒捌玖拾", "〇一二二三四五六七八九十")
"""Figures as they stand on a licence: a sign for a sign."""
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
_MONTHS = {"上": -1, "这": 0, "本": 0, "下": 1}
_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "今日": 0, "明天": 1, "后天": 2}
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_QUARTERS = {"一": 1, "1": 1, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4}
_VAGUE = r"年?[初底末](?!级)|年中(?![标国心央小医级共期部午旬])|开?[春夏秋冬](?:[天季节]|(?=[,。成注开建的]|$))|暑假|寒假|国庆|五一|元旦|端午|中秋|清明|元宵"
_WRITTEN = regex(
    rf"(?P<lunar>(?:(?:{'|'.join(_RELATIVE)}|\d{{2,4}}年)的?)?(?:农历|阴历|旧历|腊月|冬月|正月)[^,。;!?]{{0,8}})"
    rf"|(?P<weekday>(?P<wb>上个?|这个?|本|下个?)(?:周|星期|礼拜)(?P<wd>[一二三四五六日天]))"
    rf"|(?P<iso>(?<![\d.])(?P<iy>(?:19|20)\d\d)(?P<is>[-/.])(?P<im>1[0-2]|0?[1-9])(?:(?P=is)(?P<id>3[01]|[12]\d|0?[1-9]))?(?![\d.]|[万亿元%])[日号]?)"
    rf"|(?P<bad>(?<![\d.])(?:19|20)\d\d[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?(?![\d万亿元%]))"
    rf"|(?P<compact>(?<!\d)(?P<cy>(?:19|20)\d\d)(?P<cm>0[1-9]|1[0-2])(?P<cd>3[01]|[12]\d|0[1-9])?(?![\d万亿元块个.%]))"
    rf"|(?P<ago>(?<!\d)(?P<an>半|{_AGO})(?P<au>个?月|年|周|个?星期|天)(?:之|以)?前(?!后)[就的]?)"
    rf"|(?P<year>(?:(?P<y4>(?<!\d)(?:19|20)\d\d)|(?P<yz>{_ZH_YEAR})|(?P<y2>(?<![\d.])\d\d))年度?|(?P<rel>{'|'.join(_RELATIVE)})度?)"
    rf"(?:的)?(?:(?:(?P<m>{_MONTH})月份?(?:(?P<d>{_DAY})(?:[日号]|{_ENDS})|[初底末]|[上中下]旬)?)"
    rf"|(?P<half>[上下]半年)|第?(?P<q>[一二三四1-4])季度|(?P<vague>{_VAGUE}))?"
    rf"|(?P<rm>(?P<rmw>[上这本下])个?月(?:份)?(?:(?P<rmd>{_DAY})[日号]|[初底末]|[上中下]旬)?)"
    rf"|(?P<rd>{'|'.join(_DAYS)})"
    rf"|(?P<alone>(?<![\d.年])(?P<om>{_MONTH})月份?(?:(?P<od>{_DAY})(?:[日号]|{_ENDS}))?(?!均))"
    rf"|(?P<bare>(?<!\d)(?:19|20)\d\d(?=[-~到至和跟与或、,](?:19|20)?\d\d年))"
)
_DURATION = regex(r"[多来]|以上|左右了|[零又半]|了(?=$|[,。])")
_BOUND = regex(
    r"(?:(?P<around>前后|左右|上下|附近)|(?P<before>(?:之|以)前|前(?![年天后台期面])|早先)|(?P<after>(?:之|以)后|过后|后(?![来年天期面台]))|(?P<begin>以来|起|开始))"
)
_ROUGH = regex(r"(?:大概|大约|约|可能|好像|似乎|应该|估计|差不多|也就|记得|印象中?)(?:是|在|就|也)*$")
_BEFORE = regex(r"(?:(?<!不)早于)$")
_AFTER = regex(r"(?:(?<!不)[晚迟]于|不早于)$")
_NO_LATER = regex(r"不[晚迟]于$")
_COMPARED = regex(r"(?:比|较|同比|相比|对比|相较于?)$")
_BESIDE, _AS = regex(r"[跟和与]$"), regex(r"(?:相?比|一样|持平|差不多|不相上下)")
_AHEAD = regex(r"(?:计划|打算|准备|预计|预期|预备|争取|拟|力争|估计要|将|要|目标)[^,。]{0,6}$")
_TO = regex(r"(?:年)?(?:[-~到至和跟与]|一直到)")
_BETWEEN = regex(r"(?:之间|间|中间|期间|这几年|这段时间)")
_SOLAR = regex("[公阳]历")
_TEN = 10


def find_days(text: str, on: date | None) -> tuple[DayMention, ...]:
    """The times that plain ``text`` names, in order; those counted from now are not known where ``on`` is None."""
    found: list[DayMention] = []
    text = text.translate(_FORMAL)
    for match in _WRITTEN.finditer(text):
        mention = _mention(text, match, on)
        if mention is None or (match["lunar"] and _SOLAR.search(text, match.end())):
            continue
        if found and (both := _between(text, found[-1], mention)):
            found[-1] = both
        else:
            found.append(mention)
    return tuple(found)


def blanked(text: str, mentions: tuple[DayMention, ...]) -> str:
    """Plain ``text``, as long as it was, with the times taken out."""
    for mention in mentions:
        text = text[: mention.start] + "," * (mention.end - mention.start) + text[mention.end :]
    return text


def _mention(text: str, match: re.Match[str], on: date | None) -> DayMention | None:
    start, end = match.span()
    named = _year_alone(text, match)
    if named and (_DURATION.match(text, end) or (match["y2"] and text[start - 1 : start] in ("第", "近", "满", "了"))):
        return None if match["y2"] else DayMention(start, end, _said(match, on))
    dates = _said(match, on)
    bound = None if match["ago"] else _BOUND.match(text, end)
    before = text[max(0, start - 8) : start]
    rough = bool(_ROUGH.search(before)) or bool(bound and bound["around"])
    if bound:
        end = bound.end()
    if dates is not None and ((bound and bound["before"]) or _BEFORE.search(before)):
        dates = dates.first and Dates(None, dates.first - timedelta(days=1))
    elif dates is not None and _NO_LATER.search(before):
        dates = Dates(None, dates.last)
    elif dates is not None and ((bound and bound["after"]) or _AFTER.search(before)):
        dates = Dates(dates.first, None)
    ahead = bool(_AHEAD.search(before)) or bool(match["rel"] and _RELATIVE[match["rel"]] > 0)
    compared = _COMPARED.search(before) or (_BESIDE.search(before) and _AS.match(text, end))
    return DayMention(start, end, dates, rough, bool(compared), ahead, _last_such(match, on))


def _last_such(match: re.Match[str], on: date | None) -> Dates | None:
    """八月, 3月15日 without a year: the last one."""
    if on is None or not match["alone"]:
        return None
    month, day = _number(match["om"]), match["od"] and _number(match["od"])
    return _stretch(on.year - (month > on.month), month, day)


def _year_alone(text: str, match: re.Match[str]) -> bool:
    return match["year"] is not None and not any(match[part] for part in ("m", "half", "q", "vague", "rel"))


def _between(text: str, first: DayMention, second: DayMention) -> DayMention | None:
    """2019年到2021年之间: one stretch; without the last word it may be how long something went on."""
    joined = _TO.fullmatch(text, first.end, second.start)
    second = _of_the_same_year(first, second) if joined else second
    if not joined or first.dates is None or second.dates is None:
        return None
    after = _BETWEEN.match(text, second.end)
    if not after and joined.group()[-1] in "和跟与":
        return None
    low, high = first.dates.first, second.dates.last
    if not after or low is None or high is None or low > high:
        return replace(second, start=first.start, dates=None)
    return replace(second, start=first.start, end=after.end(), dates=Dates(low, high), compared=False)


def _of_the_same_year(first: DayMention, second: DayMention) -> DayMention:
    """2024年4月到6月: the year is said once."""
    year = first.dates.year if first.dates is not None else None
    if second.dates is not None or second.guess is None or second.guess.first is None or year is None:
        return second
    day = second.guess.first.day if second.guess.exact else None
    return replace(second, dates=_stretch(year, second.guess.first.month, day), guess=None)


def _said(match: re.Match[str], on: date | None) -> Dates | None:
    """The stretch of the calendar that the words name by themselves."""
    if match["bad"] or match["lunar"]:
        return None
    if match["iso"]:
        return _stretch(int(match["iy"]), int(match["im"]), match["id"] and int(match["id"]))
    if match["compact"]:
        return _stretch(int(match["cy"]), int(match["cm"]), match["cd"] and int(match["cd"]))
    if match["bare"]:
        return _year(int(match["bare"]))
    if match["year"]:
        return _in_year(match, on)
    if on is None or match["alone"]:
        return None
    if match["weekday"]:
        monday = on - timedelta(days=on.weekday()) + timedelta(weeks=_MONTHS[match["wb"][0]])
        day = monday + timedelta(days=_WEEKDAYS.index(match["wd"].replace("天", "日")))
        return Dates(day, day)
    if match["rd"]:
        day = on + timedelta(days=_DAYS[match["rd"]])
        return Dates(day, day)
    if match["rm"]:
        month = on.year * 12 + on.month - 1 + _MONTHS[match["rmw"]]
        return _stretch(month // 12, month % 12 + 1, match["rmd"] and _number(match["rmd"]))
    number = 0 if match["an"] == "半" else _number(match["an"])
    if match["an"].isdigit() and number % _TEN and _TEN < number <= on.year % 100:
        return None  # 21年前: before 2021, or so long ago?
    return _ago(number, match["au"].removeprefix("个"), on)


def _in_year(match: re.Match[str], on: date | None) -> Dates | None:
    year = _year_of(match, on)
    if year is None or match["vague"]:
        return None
    if match["half"]:
        return _months(year, *_HALVES[match["half"]])
    if match["q"]:
        quarter = _QUARTERS[match["q"]]
        return _months(year, quarter * 3 - 2, quarter * 3)
    if match["m"]:
        return _stretch(year, _number(match["m"]), match["d"] and _number(match["d"]))
    return _year(year)


def _year_of(match: re.Match[str], on: date | None) -> int | None:
    if match["y4"]:
        return int(match["y4"])
    if match["yz"]:
        return int("".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in match["yz"]))
    if on is None:
        return None
    if match["rel"]:
        return on.year + _RELATIVE[match["rel"]]
    short = int(match["y2"])
    if short == _TEN and not match["m"]:
        return None  # 10年: in 2010, or for ten years?
    century = on.year // 100 * 100
    return century + short if century + short <= on.year + 1 else century - 100 + short if short >= 50 else None


def _ago(number: int, unit: str, on: date | None) -> Dates | None:
    """三年前: some day of the year three years before; 两个月前: of that month. Of weeks and days nobody counts so exactly."""
    if on is None or not number:
        return None
    if unit == "年":
        return _year(on.year - number) if number < on.year else None
    moved = shifted(on.toordinal(), 0, -number, 0) if unit == "月" else None
    day = None if moved is None else date.fromordinal(int(moved))
    return None if day is None else _stretch(day.year, day.month, None)


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    numeral = numeral_at(word, 0)
    return 0 if numeral is None else int(numeral.low)


def _year(year: int) -> Dates:
    return _months(year, 1, 12)


def _months(year: int, first: int, last: int) -> Dates:
    return Dates(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


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
