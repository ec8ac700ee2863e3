"""When something was, as the answer to the question for one fact.

Of several times that are named the one counts that stands beside the fact's own words; where nothing tells which, none
does. What is only planned has not happened.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from conversations.language.days import DayMention, blanked, find_days
from conversations.language.lexicon import lexicon
from conversations.language.text import Plain, normalise
from conversations.language.understood import UNCLEAR, UNKNOWN, Understood
from conversations.language.yesno import (
    AnswerStance,
    YesNo,
    asks_back,
    is_pending,
    is_uncertain,
    says_unknown,
    tells,
)
from knowledge.patterns import regex
from knowledge.policy import Fact
from rules.case import CaseError, value_from_json, value_to_json
from rules.dates import NEVER, Dates

_ZH = lexicon("stance")
_NOT = regex(r"(?:不是|并非|没在|不在|而不是)$")
_NOT_YET = regex(r"(?:还|尚|暂|一直|从来?|并)?(?:没有?|未|不曾)(?!关系|问题)")
_YET = regex(r"(?:已经?|早就|后来|现在|终于|但是?|不过)")
_CLAUSE = regex(r"[^,。;!?]+")


class DateQuestion:
    """The question for ``fact``, a day; ``stance`` tells whether something has happened."""

    def __init__(self, fact: Fact, stance: YesNo) -> None:
        self._fact = fact
        self._stance = stance
        names = (fact.label, *fact.reads.names)
        self._names = regex("|".join(re.escape(normalise(name)) for name in names))
        self._never = tuple(map(normalise, fact.reads.zero))

    def read(self, said: Plain, on: date | None) -> Understood:
        """The day that the answer states, as far as it does."""
        text = said.text
        mentions = [m for m in find_days(text, on) if not m.compared]
        if asks_back(text) or tells("others", text):
            return UNKNOWN if says_unknown(text) else UNCLEAR
        if self._not_yet(text, mentions):
            return Understood("ok", NEVER, words=said.source)
        if not mentions:
            return UNKNOWN if says_unknown(text) or is_uncertain(text) else UNCLEAR
        meant = self._meant(text, [m for m in mentions if not _NOT.search(text[: m.start])])
        if meant is None or meant.ahead:
            return UNCLEAR
        if meant.dates is None or not self._valid(meant.dates):
            return Understood("unclear", offer=meant.guess) if meant.guess is not None else UNCLEAR
        loose = meant.rough or is_uncertain(text)
        return Understood("ok", meant.dates, loose, said.words(meant.start, meant.end))

    def _not_yet(self, text: str, mentions: Sequence[DayMention]) -> bool:
        """Whether what the fact asks about has never happened: said so, or only planned."""
        if not self._fact.never or any(not mention.ahead for mention in mentions):
            return False
        rest = blanked(text, tuple(mentions))
        planned = bool(mentions) or is_pending(text) or bool(_ZH["pending"].search(text))
        denied = _NOT_YET.search(rest) and not _YET.search(rest) and not says_unknown(rest)
        no = self._stance.read(rest) is AnswerStance.NO or any(word in rest for word in self._never)
        return bool(no or (planned and not says_unknown(text)) or (denied and self._names.search(rest)))

    def _meant(self, text: str, mentions: list[DayMention]) -> DayMention | None:
        mentions = _both_ends(mentions)
        if len({mention.dates for mention in mentions}) > 1:
            mentions = [m for m in mentions if self._names.search(self._clause(text, m, mentions))]
        return mentions[-1] if len({mention.dates for mention in mentions}) == 1 else None

    @staticmethod
    def _clause(text: str, mention: DayMention, mentions: Sequence[DayMention]) -> str:
        """What stands around a time, up to the marks and the times beside it."""
        around = next(
            (m.span() for m in _CLAUSE.finditer(text) if m.start() <= mention.start < m.end()), (0, len(text))
        )
        ahead = min((m.start for m in mentions if m.start > mention.start), default=len(text))
        return text[
            max(around[0], max((m.end for m in mentions if m.end <= mention.start), default=0)) : min(around[1], ahead)
        ]

    def _valid(self, dates: Dates) -> bool:
        try:
            value_from_json(self._fact.spec, value_to_json(dates), self._fact.id)
        except CaseError:
            return False
        return dates.first is not None or dates.last is not None


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
