"""When something was, as the answer to the question for one fact.

Of several times that are named the one counts that stands beside the fact's own words; where nothing tells which, none
does. What is only planned has not happened.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from conversations.language.days import DayMention, find_days, in_the_same_year
from conversations.language.lexicon import lexicon
from conversations.language.text import CLAUSE, Plain, blanked, clause_around, normalise
from conversations.language.understood import UNCLEAR, UNKNOWN, Understood, can_be
from conversations.language.units import rounded
from conversations.language.yesno import (
    AnswerStance,
    YesNo,
    asks_back,
    is_pending,
    is_uncertain,
    says_unknown,
    tells,
    without_what_is_finer,
)
from knowledge.patterns import regex
from knowledge.policy import Fact
from rules.dates import NEVER, Dates

_ZH = lexicon("dated")
_STANCE = lexicon("stance")
_PARTICLES = regex("[的吧啊呢呀哈嘞那这天]*")
_MONTH = regex(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月")
_SHORT_YEAR = regex(r"^(\d\d)(?=年|[./-]\d)")
_DAY_ALONE = regex(r"(?:(?P<month>1[0-2]|0?[1-9])\.)?(?P<day>3[01]|[12]\d|0?[1-9])(?(month)(?![\d.])|[日号])")
_LATELY = timedelta(days=62)


class DateQuestion:
    """The question for ``fact``, a day; ``stance`` tells whether something has happened."""

    def __init__(self, fact: Fact, stance: YesNo) -> None:
        self._fact = fact
        self._stance = stance
        self._called = tuple(map(normalise, (fact.label, *fact.reads.names)))
        self._names = regex("|".join(map(_parted, self._called)))
        self._reward = regex(rf"(?:{self._names.pattern})的?(?:奖|补[贴助]|资金|扶持|政策)")
        self._first = _ZH["first"].search(normalise(fact.label)) is not None
        self._never = tuple(map(normalise, fact.reads.zero))

    def read(self, said: Plain, on: date | None) -> Understood:
        """The day that the answer states, as far as it does."""
        text = said.text
        mentions = _corrected(text, [m for m in find_days(text, on) if not m.compared])
        mentions = _in_the_year_before(text, mentions, on)
        if any(mention.dates is not None for mention in mentions):
            text = without_what_is_finer(text, mentions, _ZH["finer"], _ZH["not_told"])
        if asks_back(text) or tells("others", text):
            return UNKNOWN if says_unknown(text) else UNCLEAR
        if self._not_yet(text, mentions, on):
            return Understood("ok", NEVER, words=said.source)
        if not mentions:
            return UNKNOWN if says_unknown(text) or is_uncertain(text) else UNCLEAR
        meant = self._meant(text, [m for m in mentions if not m.until and not self._denied(text, m, mentions)])
        if meant is None or meant.ahead or (meant.counted and (meant.rough or _doubtful(text))):
            return UNCLEAR
        if meant.dates is None or not _is_day(self._fact, meant.dates):
            return Understood("unclear", offer=meant.guess) if meant.guess is not None else UNCLEAR
        loose = meant.rough or is_uncertain(_ZH["slip"].sub(",", text))
        return Understood("ok", meant.dates, loose, said.words(meant.start, meant.end))

    def _not_yet(self, text: str, mentions: Sequence[DayMention], on: date | None) -> bool:
        """Whether what the fact asks about has never happened: said so, or only planned."""
        lacking = self._lacking(text, mentions)
        told = (
            m for m in mentions if not (m.ahead or _until_now(m, on) or (lacking and self._beside(text, m, mentions)))
        )
        if not self._fact.never or any(told) or self._reward.search(text):
            return False  # 入库奖那10万还没申请: not of the day
        rest = blanked(text, mentions)
        planned = (
            any(mention.ahead for mention in mentions) or is_pending(text) or bool(_STANCE["pending"].search(text))
        )
        denied = _ZH["not_yet"].search(rest) and not _ZH["yet"].search(rest) and not says_unknown(rest)
        if _ZH["short_of"].search(rest) and not _ZH["since"].search(rest) and not says_unknown(rest):
            return True
        no = self._stance.read(rest) is AnswerStance.NO or any(word in rest for word in self._never)
        return bool(no or (planned and not says_unknown(text)) or (denied and self._names.search(rest)))

    def _lacking(self, text: str, mentions: Sequence[DayMention]) -> bool:
        """还没入库呢: whether a clause without a time says that it is still not so."""
        clauses = [c.group() for c in CLAUSE.finditer(blanked(text, mentions)) if _ZH["lacks"].match(c.group())]
        return any(_PARTICLES.fullmatch(c, name.end()) for c in clauses for name in self._names.finditer(c))

    def _beside(self, text: str, mention: DayMention, mentions: Sequence[DayMention]) -> bool:
        """今年让我们报: whether a time is told of something else than what the fact asks about."""
        clause = self._clause(text, mention, mentions)
        done = self._names.search(clause) or _ZH["yet"].search(clause) or _ZH["since"].search(clause)
        return not done and not any(f"才{name[0]}" in clause for name in self._called)

    def _meant(self, text: str, mentions: list[DayMention]) -> DayMention | None:
        mentions = _both_ends(mentions)
        if closer := self._narrowed(text, mentions):
            return closer
        if self._first and len(mentions) > 1:
            first = [m for m in mentions if _ZH["first"].search(self._clause(text, m, mentions))]
            mentions = (
                first or [m for m in mentions if not _ZH["again"].search(self._clause(text, m, mentions))] or mentions
            )
        if len({mention.dates for mention in mentions}) > 1:
            named = [m for m in mentions if self._names.search(self._clause(text, m, mentions))]
            mentions = named or [m for m in mentions if self._names.search(_up_to(text, m, mentions))]
        return mentions[-1] if len({mention.dates for mention in mentions}) == 1 else None

    def _denied(self, text: str, mention: DayMention, mentions: Sequence[DayMention]) -> bool:
        """不是2020年, 去年没到: a time at which it was not."""
        return bool(
            _ZH["not"].search(text[: mention.start]) or _ZH["not_there"].search(self._clause(text, mention, mentions))
        )

    def _narrowed(self, text: str, mentions: Sequence[DayMention]) -> DayMention | None:
        """一九年成立的，准日子是四月十二号: a time that is said once more, closer."""
        if len(mentions) < 2:
            return None
        last = mentions[-1]
        lead, _, rest = self._clause(text, last, mentions).partition(text[last.start : last.end])
        same = _ZH["precisely"].fullmatch(lead) and (_PARTICLES.fullmatch(rest) or self._names.search(rest))
        return last if same and all(_within(last.dates, each.dates) for each in mentions) else None

    @staticmethod
    def _clause(text: str, mention: DayMention, mentions: Sequence[DayMention]) -> str:
        """What stands around a time, up to the marks and the times beside it."""
        start, end = clause_around(text, mention.start)
        before = max((m.end for m in mentions if m.end <= mention.start), default=0)
        ahead = min((m.start for m in mentions if m.start > mention.start), default=len(text))
        return text[max(start, before) : min(end, ahead)]


def _is_day(fact: Fact, dates: Dates) -> bool:
    return can_be(fact.spec, dates) and (dates.first is not None or dates.last is not None)


def _parted(name: str) -> str:
    """A pattern for ``name``; a verb with its object may be parted: 入库, 入的库."""
    return f"{name[0]}[了的过]?{name[1]}" if re.fullmatch(r"[\u4e00-\u9fff]{2}", name) else re.escape(name)


def lasting(said: Plain, on: date | None) -> Understood | None:
    """For how many years something goes on whose first and last time are told, as near as a day or a month (24年1月1号起，
    到28年12月31号止); unclear where they do not say that, None where no two are."""
    parts = _ZH["until"].split(said.text)
    if len(parts) != 2:
        return None
    begun = find_days(parts[0], on)
    ended = find_days(_SHORT_YEAR.sub(r"20\1", parts[1]), on)  # one still to come as well
    if len(begun) != 1 or len(ended) != 1:
        return None
    (begin,), (end,) = begun, ended
    end = in_the_same_year(begin, end) if _MONTH.match(parts[1]) else end
    if begin.dates is None or end.dates is None:
        return None
    months = 0 if begin.rough or end.rough else _months_of(begin.dates, end.dates)
    return Understood("ok", rounded(Decimal(months) / 12), words=said.source) if months > 0 else UNCLEAR


def _months_of(begin: Dates, end: Dates) -> int:
    """How many months it is from the one to the other, 0 where that is not sure: the last day may count or not."""
    if begin.first is None or end.first is None or end.last is None or begin.last is None:
        return 0
    months = (end.first.year - begin.first.year) * 12 + end.first.month - begin.first.month
    if begin.exact and end.exact:
        following = end.first + timedelta(days=1)
        later = following.month != end.first.month
        return months if end.first.day == begin.first.day else months + later if following.day == begin.first.day else 0
    of_months = all(
        (d.first.year, d.first.month) == (d.last.year, d.last.month) for d in (begin, end) if d.first and d.last
    )
    months += months % 12 == 11  # 1月到12月
    return months if of_months and not (begin.exact or end.exact) and not months % 12 else 0


def _corrected(text: str, mentions: list[DayMention]) -> list[DayMention]:
    """The times behind a correction (打错了，是9月), or the one before it with another day (是27日)."""
    slip = next((m for m in reversed([*_ZH["slip"].finditer(text)]) if mentions and m.start() >= mentions[0].end), None)
    if slip is None:
        return mentions
    before, after = [[m for m in mentions if (m.start >= slip.end()) is behind] for behind in (False, True)]
    if after:
        return [in_the_same_year(before[-1], m) if _MONTH.match(text, m.start) else m for m in after]
    day = _DAY_ALONE.match(text, slip.end())
    said = before[-1].dates.first if before[-1].dates is not None else None
    if day is None or said is None:
        figure = text[slip.end() : slip.end() + 1].isdigit()
        return [replace(before[-1], dates=None, guess=None)] if figure else mentions
    try:
        right = said.replace(month=int(day["month"] or said.month), day=int(day["day"]))
    except ValueError:
        return [replace(before[-1], dates=None, guess=None)]
    return [replace(before[-1], end=day.end(), dates=Dates(right, right))]


def _in_the_year_before(text: str, mentions: Sequence[DayMention], on: date | None) -> list[DayMention]:
    """24年2月试着卖，3月6号拿的照: a month without a year is of the year said before it, where it comes later there."""
    found: list[DayMention] = []
    for mention in mentions:
        before = found[-1] if found else None
        if before is not None and before.dates is not None and _MONTH.match(text, mention.start):
            same = in_the_same_year(before, mention)
            first, since = same.dates and same.dates.first, before.dates.first
            if first and since and since <= first and (on is None or first <= on):
                mention = same
        found.append(mention)
    return found


def _within(inner: Dates | None, outer: Dates | None) -> bool:
    if inner is None or outer is None or inner.first is None or inner.last is None:
        return False
    return (outer.first is None or outer.first <= inner.first) and (outer.last is None or inner.last <= outer.last)


def _doubtful(text: str) -> bool:
    return is_uncertain(text) or says_unknown(text)


def _until_now(mention: DayMention, on: date | None) -> bool:
    """到昨天为止: what is told up to then is so now."""
    last = mention.dates.last if mention.dates is not None else None
    return mention.until and on is not None and last is not None and last >= on - _LATELY


def _up_to(text: str, mention: DayMention, mentions: Sequence[DayMention]) -> str:
    """What stands between a time and the one before it: 入库晚一点，22年11月."""
    return text[max((m.end for m in mentions if m.end <= mention.start), default=0) : mention.start]


def _both_ends(mentions: list[DayMention]) -> list[DayMention]:
    """不早于6月5日，也不晚于6月20日: one stretch."""
    if len(mentions) != 2:
        return mentions
    one, other = mentions
    if one.dates is None or other.dates is None:
        return mentions
    first, last = one.dates.first or other.dates.first, one.dates.last or other.dates.last
    halves = {one.dates, other.dates} == {Dates(first, None), Dates(None, last)}
    if not halves or first is None or last is None or first > last:
        return mentions
    return [replace(other, start=one.start, dates=Dates(first, last))]
