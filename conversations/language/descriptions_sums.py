"""Sums that come to one figure: those of several times (一次18万，一次22万), and of the parts of which a fact is made up.

Knows no policy: the parts are those that the fact's label lists.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from conversations.language import descriptions_figure_words as spoken
from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_figure_words import fits, year_rank
from conversations.language.descriptions_polarity import unsettled
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import FactWords, Mention, Said
from conversations.language.numerals import digit
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
from knowledge.patterns import regex

_NAMED_SUM = regex(
    r"[\u4e00-\u9fff]{2,8}?(?:\d[\d.]*|[一二两三四五六七八九十百]{1,4})[万千元](?:[\d一二三四五六七八九](?![\d.]))?"
)
_PART_OF_LABEL, _CALLED = 4, 2
"""Of so many characters is the name of a part of a label (规模奖励、发货补助), and so many call it: 规模那个20万."""
_SENTENCE = 60
_OF_EACH = regex("[都全均]")
_GRANTED = regex("批|公示|申[请报]|流程|审[核批]|评审")
_ARRIVED = regex("到[了账帐手位]|领[了到过]|拿[了到]|发[了下放]|收到|[打拨]过?来|兑现")


class SummedFigures:
    """The sums of one text."""

    def __init__(self, draft: Statements, text: str) -> None:
        self._draft = draft
        self._text = text
        self._ones: dict[FactWords, list[Decimal]] = {}  # what was told of one time each

    def _parts(self, words: FactWords, clause: SpokenClause) -> dict[str, re.Match[str]]:
        """发货补助8万、增长奖励6万: the sums of the sentence that are named by parts of the fact's label, where they are several."""
        if "、" not in words.fact.label:
            return {}
        left = max(map(self._text.rfind, "。;!?", [0] * 4, [clause.start] * 4)) + 1
        parts = [part[-_PART_OF_LABEL:][:_CALLED] for part in normalise(words.fact.label).split("、")]
        told = list(_NAMED_SUM.finditer(self._text, left, left + _SENTENCE))
        named = {part: sum_of for sum_of in told for part in parts if part in sum_of[0]}
        return named if len(named) > 1 else {}

    def one_of_several(self, words: FactWords, clause: SpokenClause, quantity: Quantity) -> bool:
        """Whether a sum of the clause is only one of several of which the fact is made up."""
        return bool(self._parts(words, clause)) and not spoken.TOTAL.search(clause.text, 0, quantity.start)

    def of_two(self, words: FactWords, quantity: Quantity) -> bool:
        """CA证书2200，协会培训5600，两样加起来7800: whether a sum is that of the fact and of another one told in the text."""
        own = [value for value in self._draft.told(words.fact) if isinstance(value, Decimal)]
        told = (entry.value for path, entry in self._draft.facts.items() if path not in self._draft.paths(words.fact))
        others = [value for value in told if isinstance(value, Decimal) and value]
        return any(value + other == quantity.value for value in own for other in others)

    def of_parts(self, words: FactWords, clause: SpokenClause) -> list[Said]:
        """到账了增长奖励8万，又到了发货补助12.6万: what they come to, without those of which it is said that they are still to come."""
        parts = sorted(self._parts(words, clause).values(), key=lambda part: part.start())
        stop = re.compile("[。;!?]|$").search(self._text, parts[-1].end())
        ends = [*(part.start() for part in parts[1:]), stop.start() if stop else len(self._text)]
        open_yet = [_to_come(self._text[part.start() : end]) for part, end in zip(parts, ends, strict=True)]
        if any(_OF_EACH.search(self._text, part.end(), end) for part, end in list(zip(parts, ends, strict=True))[1:]):
            open_yet = [any(open_yet)] * len(parts)  # 规模奖励20万，发货补助12万都还没到
        got = [part for part, later in zip(parts, open_yet, strict=True) if not later]
        told = [find_quantities(part[0])[-1].value for part in got]
        if not got or not all(isinstance(value, Decimal) for value in told):
            return []
        total = sum((value for value in told if isinstance(value, Decimal)), Decimal(0))
        entry = Statement(total, got[0].start(), got[-1].end(), rank=spoken.LAST_WORD)
        return [Said(words, self._draft.state(words.fact, entry), entry.start)]

    def of_each(
        self, clause: SpokenClause, cues: Sequence[Mention], waiting: FactWords | None, quantities: Sequence[Quantity]
    ) -> None:
        """培训两次，分别交费8000元、6500元: as many sums of one fact as there were times; which one each is of, is not told else."""
        words = next((c.word for c in cues if isinstance(c.word, FactWords)), waiting)
        sums = [q.value for q in quantities if isinstance(q.value, Decimal) and words and fits(words, q)]
        times = list(
            spoken.TIMES.finditer(self._text, max(0, clause.start - _SENTENCE), clause.start + len(clause.text))
        )
        if words and words.fact.type == "money" and times and digit(times[-1][1]) == len(sums) == len(quantities):
            entry = Statement(sum(sums, Decimal(0)), clause.start, clause.start + len(clause.text))
            self._draft.state(words.fact, replace(entry, rank=year_rank(clause.text)))

    def of_times(self, words: FactWords, clause: SpokenClause, quantity: Quantity) -> list[Said]:
        """交了两回，一回3200，一回4800: the sum of as many as there were times, once the last of them is told."""
        times = list(spoken.TIMES.finditer(self._text, max(0, clause.start - _SENTENCE), clause.start))
        one = spoken.ONE_OF.match(clause.text)
        inside = one and quantity.value is None  # 一次18万
        told = find_quantities(clause.text[one.end() :])[:1] if one and inside else [quantity]
        if not (times and one and told and isinstance(told[0].value, Decimal)):
            return []
        ones = [*self._ones.get(words, ()), told[0].value]
        self._ones[words] = ones
        if len(ones) != digit(times[-1][1]):
            return []
        entry = Statement(sum(ones, Decimal(0)), clause.start, clause.start + len(clause.text), rank=spoken.LAST_WORD)
        return [Said(words, self._draft.state(words.fact, entry), entry.start)]


def _to_come(told: str) -> bool:
    """发货补助听说批了12万，钱还没打过来: whether a sum is only granted, or said not to be there yet."""
    return unsettled(told) or bool(_GRANTED.search(told) and not _ARRIVED.search(told))
