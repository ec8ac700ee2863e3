"""The words of one fact or thing, and where a clause has them: what a mention says by itself.

Compiles a pack's mentions once. Knows neither negation nor context: what a mention comes to is decided by the reader.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from conversations.language.descriptions_polarity import awaited, denied, not_reached
from conversations.language.descriptions_trades import Trade
from conversations.language.figures import FigureQuestion
from conversations.language.ownership import bare, built_by_us, counted_as_ours, not_ours
from knowledge.mentions import FactMentions, Mentions, SubjectMentions
from knowledge.patterns import regex
from knowledge.phrases import HIDDEN, Phrases
from knowledge.policy import Fact
from rules.values import Value

COORDINATED = regex(r"^(?:[、/,]|和|与|跟|及|以及|或者?|还有|什么|啥|的|任何|自己的|或是|也好|也罢|这些|项目)*$")
"""What stands between names side by side, which share what is said of them."""
_NOT_BUT = regex(r"(?:而|并)?(?:不是|非)$")  # 是省级不是国家级: the denial is the next one's
_WHICH = regex(r"的?(?:[那这]个?)?")
_IN_QUOTES = regex(r"[“「][^”」]*[”」]")
THAT_ONE = regex(r"(?:类|业)?的?(?:那|这)(?:个|块|一个|[位名笔台])")
"""How a thing is pointed at behind what tells it apart: 农业那个."""
_BEFORE = 40  # how far back a fact may have been named that a later clause only points at


@dataclass(frozen=True, slots=True)
class Mention:
    """What stands at ``start:end`` of a clause: a fact, a thing of a list subject, a choice of a fact, or (``words``
    None) a decoy. ``denied``: the words themselves say no; ``whole``: they state a figure;
    ``within``: they mean the fact only in their context, last named at ``since``; ``named``: only their denial says anything; ``vague``: they may name another thing as well; ``ours``: it is ours."""

    start: int
    end: int
    word: "FactWords | Noun | None"
    choice: str | None = None
    denied: bool = False
    ongoing: bool = False
    kind: bool = False
    whole: int | None = None
    within: bool = False
    since: int = 0
    named: bool = False
    vague: bool = False
    ours: bool = False

    def overlaps(self, other: "Mention") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def tells_which(self, noun: "Mention", between: str) -> bool:
        """国家级那个试点没申请过: whether it says which of the things called ``noun`` is spoken of."""
        if not (isinstance(noun.word, Noun) and isinstance(self.word, FactWords)):
            return False
        return self.word.many and self.word.subject == noun.word.subject and bool(_WHICH.fullmatch(between))

    def denied_among(self, text: str, others: Sequence["Mention"]) -> bool:
        """Whether ``text`` denies this choice, one of ``others`` that it names: 是省级不是国家级."""
        before = sorted({m.end for m in others if m.end <= self.start}, reverse=True)
        left = next((end for end in before if not COORDINATED.match(text[end : self.start])), 0)
        right = min((m.start for m in others if m.start >= self.end), default=len(text))
        after = _NOT_BUT.sub("", text[self.end : right])
        next_to = right < len(text) and bool(re.match(r"的?[还也都]?[没不未]", after))
        end = self.end
        for other in sorted(others, key=lambda m: m.start):  # 省级国家级都没有
            end = other.end if other.start >= end and COORDINATED.fullmatch(text[end : other.start]) else end
        together = bool(_NONE_OF_THEM.match(text, end))
        return (
            denied(text[left : self.start], "", "")
            or next_to
            or together
            or (self.of_item and not_reached(text, self.end))
        )

    def is_all_of(self, text: str) -> bool:
        """Whether ``text`` says nothing else."""
        return bare(text, self.start, self.end)

    def only_choice(self, text: str) -> str | None:
        """The one choice of the fact that ``text`` names beside it, where the fact is granted."""
        if not isinstance(self.word, FactWords) or not self.word.fact.granted:
            return None
        named = {mention.choice for mention in self.word.chosen(text)}
        return named.pop() if len(named) == 1 else None

    @property
    def of_item(self) -> bool:
        """Whether it speaks of a fact of a list's items."""
        return isinstance(self.word, FactWords) and self.word.many

    @property
    def needs(self) -> str | None:
        """The fact that has to be affirmed before this one is spoken of; None where there is none."""
        return self.word.spoken.needs if isinstance(self.word, FactWords) else None

    @property
    def numeric(self) -> bool:
        """Whether it speaks of a fact whose value is a figure."""
        return isinstance(self.word, FactWords) and self.word.fact.spec.numeric


_DENIAL = regex("[还也]?[没未不无]")
_NONE_OF_THEM = regex("的?(?:我们?|俺们?|咱们?|也|全|就)*都(?:还|从来?|也|是)*[没未不无]")


def _before_denial(text: str, start: int, end: int) -> int:
    """Where the name of a thing ends that a phrase holds with a denial behind it: 楼|还没认定."""
    denial = _DENIAL.search(text, start + 1, end)
    return denial.start() if denial else end


class Noun:
    """The compiled names of a list subject's things."""

    def __init__(self, mentions: Mentions, spoken: SubjectMentions, name: Fact | None) -> None:
        self.subject = spoken.subject
        self.name = name
        self.names = spoken.names
        self.nouns = mentions.compiled(spoken.nouns)
        self.loose = mentions.compiled(spoken.loose)
        self.vague = mentions.compiled(spoken.vague)
        self.owned = mentions.compiled(spoken.owned)
        self.tenant = mentions.compiled(spoken.tenant)
        self.unless = mentions.compiled(spoken.unless)
        self.denies = mentions.compiled(spoken.denies)
        self._hidden = mentions.compiled((*spoken.hidden, *mentions.others))
        self.groups = frozenset(each.group for each in (self.nouns, self.loose, self.vague) if each)
        self.counted = None if self.vague else counted_as_ours(spoken.names)
        self.built = None if self.owned else built_by_us(spoken.names)

    def find(self, text: str) -> list[Mention]:
        """The things named in ``text``."""
        if self.nouns is None or (self.unless and self.unless.search(text)):
            return []
        text = without(self._hidden, text)
        found = [Mention(m.start(), _before_denial(text, m.start(), m.end()), self) for m in self.nouns.finditer(text)]
        loose = [
            Mention(m.start(), m.end(), self, within=True) for m in (self.loose.finditer(text) if self.loose else ())
        ]
        found += [mention for mention in loose if not any(mention.overlaps(other) for other in found)]
        if not found and self.counted:
            found = [Mention(m.start(1), m.end(), self, ours=True) for m in self.counted.finditer(text)]
        if not found and self.built:
            found = [Mention(m.start(1), m.end(1), self, ours=True) for m in self.built.finditer(text)]
        if not found and self.vague:
            found = [Mention(m.start(), m.end(), self, within=True, vague=True) for m in self.vague.finditer(text)]
        return found

    def may_be_called(self, name: str, text: str, end: int, focus: str | None) -> bool:
        """Whether ``name``, which ends at ``end`` of ``text``, is that of such a thing: 「…」项目, or by what it is spoken with."""
        said_ours = self.owned is None or bool(self.owned.search(text))
        ours = "名称" in text or (said_ours and not not_ours(text))
        near = text[end:].removeprefix("的").startswith(self.names) or bool(self.nouns and self.nouns.search(text))
        return near or focus == self.subject or (name.endswith(self.names) and ours)


class FactWords:
    """The compiled words of one fact."""

    def __init__(self, mentions: Mentions, spoken: FactMentions, fact: Fact, many: bool) -> None:
        self.fact = fact
        self.many = many
        self.spoken = spoken
        self.says = mentions.compiled(spoken.says)
        self.named = mentions.compiled(spoken.named)
        self.kinds = mentions.compiled(spoken.kinds)
        self.within = mentions.compiled(spoken.within)
        self.against = mentions.compiled(spoken.against)
        self.after = mentions.compiled(spoken.after)
        self.denies = mentions.compiled(spoken.denies)
        self.ongoing = mentions.compiled(spoken.ongoing)
        self.unless = mentions.compiled(spoken.unless)
        self._hidden = mentions.compiled((*spoken.hidden, *mentions.others))
        self.total = mentions.compiled(spoken.total)
        self.part = mentions.compiled(spoken.part)
        self.outright = mentions.compiled(spoken.outright)
        self.revoked = mentions.compiled(spoken.revoked)
        self.rather = mentions.compiled(spoken.rather)
        self.choices = {choice: mentions.compiled(patterns) for choice, patterns in spoken.choices.items()}
        self.about = mentions.compiled(spoken.about)
        self.whole = [(value, pattern) for value, p in spoken.whole.items() if (pattern := mentions.compiled(p))]
        self.subject = fact.subject
        self._book = mentions.phrasebook
        self._trade = Trade(fact) if self.alone and not many else None
        spoken_by = (
            self.outright,
            self.denies,
            self.ongoing,
            self.says,
            self.kinds,
            self.named,
            self.within,
            self.against,
        )
        self.groups = frozenset(p.group for p in (*spoken_by, *(p for _, p in self.whole)) if p)
        self._chosen = frozenset(p.group for p in self.choices.values() if p)

    @cached_property
    def question(self) -> FigureQuestion:
        """What tells whether a figure without a name is one of the fact's."""
        return FigureQuestion(self.fact)

    @property
    def alone(self) -> bool:
        """Whether the choices stand for themselves, without another word for the fact."""
        return not self.says and bool(self.choices)

    @property
    def can_be_aspired_to(self) -> bool:
        """Whether who wants it does not have it yet: 想冲国家试点，现在还不是."""
        return self.fact.type == "bool" and not self.spoken.planned

    @property
    def denial(self) -> Value | None:
        """The value that a denial of the fact means, None where it means none."""
        if self.fact.type == "bool":
            return False
        return Decimal(0) if self.spoken.zero else self.spoken.nothing

    def rules_out(self, text: str) -> bool:
        """Whether ``text`` is about something else that goes by the same words: a certificate for taxes alone."""
        return self.unless is not None and bool(self.unless.search(text))

    def is_revoked(self, text: str) -> bool:
        """Whether ``text`` says that what the fact means has come to an end; not that it is about to: 修复材料交了还没批."""
        told = self.revoked and self.revoked.search(text)
        return bool(told) and not (denied(text[: told.start()], "", text[told.end() :]) or awaited(text))

    def within_a_name(self, text: str, start: int, end: int) -> bool:
        """Whether what stands at ``start:end`` of ``text`` is part of the name of another thing."""
        return self._hidden is not None and without(self._hidden, text)[start:end] != text[start:end]

    def prefers(self, text: str) -> bool:
        """Whether ``text`` counts for more than the other words for the fact."""
        return self.rather is not None and bool(self.rather.search(text))

    def find(self, text: str, within: bool, earlier: str = "", held: bool = False) -> list[Mention]:
        """The mentions in ``text``, which follows ``earlier``; ``within``: it is about an item of the fact's subject;
        ``held``: the fact was told before; what is granted then needs no more than its short name (许可证批了)."""
        if self.rules_out(text):
            return self._outright(text)
        text = without(self._hidden, text)
        found = self._outright(text)
        for value, pattern in self.whole:
            found.extend(Mention(m.start(), m.end(), self, whole=value) for m in pattern.finditer(text))
        taken = bytearray(len(text))
        for mention in found:
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
        for pattern, no, ongoing in (
            (self.denies, True, False),
            (self.ongoing, False, True),
            (self.says, False, False),
            (self.kinds, False, False),
        ):
            for start, end in [(m.start(), m.end()) for m in pattern.finditer(text)] if pattern else ():
                if end > start and taken.find(1, start, end) < 0:
                    kind = pattern is self.kinds
                    found.append(Mention(start, end, self, denied=no, ongoing=ongoing, kind=kind))
                    taken[start:end] = b"\1" * (end - start)
        if self.named and not found:
            found.extend(Mention(m.start(), m.end(), self, named=True) for m in self.named.finditer(text))
        if within and not found:
            told = [
                Mention(m.start(), m.end(), self, denied=denied, within=True, since=since)
                for pattern, denied in ((self.within, False), (self.against, True))
                for m in (pattern.finditer(text) if pattern else ())
                if (since := 0 if held and self.fact.granted else self._named_before(earlier + text[: m.start()])) >= 0
            ]  # 这个奖以前没|拿过: what is denied in so many words is not affirmed by a part of them
            found.extend(m for m in told if m.denied or not any(o.denied and o.start <= m.start < o.end for o in told))
        return found

    def _named_before(self, earlier: str) -> int:
        """Where the fact was last named in what was said just before, 0 where it need not be, -1 where it was not."""
        if self.after is None:
            return 0
        start = max(0, len(earlier) - _BEFORE)
        found = [m.end() for m in self.after.finditer(earlier[start:].rstrip(",:"))]
        return start + found[-1] if found else -1

    def named_since(self, earlier: str, since: int) -> bool:
        """Whether what the fact is told behind was named in ``earlier`` after its place ``since``."""
        return self.after is not None and self._named_before(earlier) > since

    def _outright(self, text: str) -> list[Mention]:
        """Where ``text`` denies the fact whatever else it says."""
        found = self.outright.finditer(text) if self.outright else ()
        return [Mention(m.start(), m.end(), self, denied=True) for m in found]

    def called(self, text: str) -> list[Mention]:
        """Where ``text`` has words by which the fact is spoken of, where that is told before."""
        patterns = (self.says, self.within)
        return [Mention(m.start(), m.end(), self) for p in patterns for m in (p.finditer(text) if p else ())]

    def own(self, text: str, topics: bool = False) -> list[Mention]:
        """Where ``text`` states or denies the fact in so many words; with ``topics``, also where it only names it."""
        bare = without(self._hidden, text)
        pairs = ((self.says, False), (self.kinds, False), (self.denies, True), (self.named if topics else None, False))
        return [
            Mention(m.start(), m.end(), self, denied=no) for p, no in pairs for m in (p.finditer(bare) if p else ())
        ]

    def chosen(self, text: str) -> list[Mention]:
        """The choices named in ``text``, the longest where two overlap."""
        if self._chosen.isdisjoint(self._book.spoken_in(text)) and self._trade is None:
            return []
        text = without(self._hidden, text)
        found = self._choices_in(text)
        if self.alone and not found and HIDDEN in text:  # 国内第三方支付行业第二名
            found = self._choices_in(text.replace(HIDDEN, "某"))
        if self._trade and not found and (told := self._trade.find(text)):
            found = [Mention(told[0], told[1], self, choice=told[2])]
        return self._longest(found, len(text))

    def _choices_in(self, text: str) -> list[Mention]:
        return [
            Mention(m.start(), m.end(), self, choice=choice)
            for choice, pattern in self.choices.items()
            if pattern
            for m in pattern.finditer(text)
        ]

    @staticmethod
    def _longest(found: list[Mention], length: int) -> list[Mention]:
        found.sort(key=lambda m: m.start - m.end)
        kept: list[Mention] = []
        taken = bytearray(length)
        for mention in found:
            if not any(taken[mention.start : mention.end]):
                kept.append(mention)
                taken[mention.start : mention.end] = b"1" * (mention.end - mention.start)
        return sorted(kept, key=lambda m: m.start)


def alone_in(text: str, mention: Mention, nouns: list[Mention]) -> str:
    """``text`` without the names of other things than ``mention``, as in an enumeration."""
    for other in nouns:
        if not other.overlaps(mention):
            text = text[: other.start] + "、" * (other.end - other.start) + text[other.end :]
    return text


def around(text: str, mention: Mention, others: Sequence[Mention]) -> tuple[str, str]:
    """What stands before and after ``mention``, without the ``others`` of an enumeration: 园区、楼宇都没有."""
    rest = alone_in(text, mention, list(others))
    return rest[: mention.start], rest[mention.end :]


def as_one(chosen: list[Mention]) -> list[Mention]:
    """林业苗木平台: several words for one choice as one."""
    if len({mention.choice for mention in chosen}) != 1:
        return chosen
    return [replace(chosen[0], end=chosen[-1].end)]


def pointed_at(text: str, chosen: list[Mention]) -> list[Mention]:
    """市级那个改成省级: the one of the choices named by which ``text`` points at a thing; all where there is none such."""
    that = [m for m in chosen if THAT_ONE.match(text, m.end)]
    return that if len(that) == 1 else chosen


def unquoted(text: str, chosen: list[Mention]) -> list[Mention]:
    """“乡村付”扫码付款的项目: of several mentions of choices those that stand in no name, if there are any."""
    names = [(match.start(), match.end()) for match in _IN_QUOTES.finditer(text)]
    return [m for m in chosen if not any(start < m.end and m.start < end for start, end in names)] or chosen


def without(names: Phrases | None, text: str) -> str:
    """``text`` with the ``names`` of other things blanked: the words inside them speak of nothing."""
    return names.hide(text) if names else text


@dataclass(frozen=True, slots=True)
class Said:
    """A fact or thing that a clause spoke of: the next one may deny it, or give its figure or choice.

    ``paths`` are where the fact belongs, ``start`` is its place in the plain text; ``bare``: nothing was said of it but
    its name; ``added``: the thing is an item since then; ``negative``: it was named in words that deny it; ``choice``: the
    one that was named with the fact.
    """

    words: FactWords | Noun
    paths: tuple[str, ...]
    start: int
    bare: bool = False
    added: bool = False
    negative: bool = False
    choice: str | None = None
