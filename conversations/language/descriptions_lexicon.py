"""Where a clause speaks of a fact, of a thing that can have facts, or of a figure that is none of ours.

Compiles a pack's mentions once. Knows neither negation nor context: what a mention comes to is decided by the reader.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from conversations.language.dated_figures import names_of
from conversations.language.descriptions_amounts import read_apart
from conversations.language.descriptions_polarity import denied
from conversations.language.descriptions_trades import Trade
from conversations.language.figures import FigureQuestion
from conversations.language.ownership import counted_as_ours
from knowledge.mentions import FactMentions, Mentions, ProjectMentions, SubjectMentions
from knowledge.patterns import regex
from knowledge.phrases import Phrases
from knowledge.policy import Fact, Policy
from rules.values import Value

_WHOLE = 4  # a word for a fact that may be a statement by itself
_FIGURE_END = regex(
    r"(?:\d块|[\d一二两三四五六七八九十百千半](?P<unit>万|亿|元|平米?|平方米?|%|成)|[一二两三四五六七八九][百千万][一二三四五六七八九]?)(?:以上|以下|左右|上下|多|出头)?$"
)
_MEASURES = {"平": "area", "%": "ratio", "成": "ratio"}
"""Of which facts a figure with such a unit is."""
_NEGATION = regex(r"(?:没有?|也|都|还|不|未|从来|一直)*$")
_DENIED_TOO = regex(r"[^,没不]{0,4}[没不]")
COORDINATED = regex(r"^(?:[、/,]|和|与|跟|及|以及|或者?|还有|什么|啥|的|任何|自己的|或是|也好|也罢|这些|项目)*$")
"""What stands between names side by side, which share what is said of them."""
_NOT_BUT = regex(r"(?:而|并)?(?:不是|非)$")  # 是省级不是国家级: the denial is the next one's
_WITH_US = regex(  # 买家卖家都在我们平台下单
    r"(?:在|到|上|从)(?:我们|咱们?|俺们?)(?:自己|自家)?的?(?:平台|商城|网站|小程序|店|直播间|app)"
)
_ADDED = regex(r"(?:加上|算上|带上|连上?|连同|包括|含)$")  # 加上裙楼8900平: the whole
_ADDED_TOO = regex(r"把[^,]{1,10}(?:算|加|计)(?:上|进去?)")  # 把裙楼办公那块算上是10900平
_WHICH = regex(r"的?(?:[那这]个?)?")
_NEXT = 2
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
        return denied(text[left : self.start], "", "") or next_to

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
        self._hidden = mentions.compiled((*spoken.hidden, *mentions.others))
        self.groups = frozenset(each.group for each in (self.nouns, self.loose, self.vague) if each)
        self.counted = None if self.vague else counted_as_ours(spoken.names)

    def find(self, text: str) -> list[Mention]:
        """The things named in ``text``."""
        if self.nouns is None or (self.unless and self.unless.search(text)):
            return []
        text = _without(self._hidden, text)
        found = [Mention(m.start(), m.end(), self) for m in self.nouns.finditer(text)]
        loose = [
            Mention(m.start(), m.end(), self, within=True) for m in (self.loose.finditer(text) if self.loose else ())
        ]
        found += [mention for mention in loose if not any(mention.overlaps(other) for other in found)]
        if not found and self.counted:
            found = [Mention(m.start(1), m.end(), self, ours=True) for m in self.counted.finditer(text)]
        if not found and self.vague:
            found = [Mention(m.start(), m.end(), self, within=True, vague=True) for m in self.vague.finditer(text)]
        return found


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

    def within_a_name(self, text: str, start: int, end: int) -> bool:
        """Whether what stands at ``start:end`` of ``text`` is part of the name of another thing."""
        return self._hidden is not None and _without(self._hidden, text)[start:end] != text[start:end]

    def prefers(self, text: str) -> bool:
        """Whether ``text`` counts for more than the other words for the fact."""
        return self.rather is not None and bool(self.rather.search(text))

    def find(self, text: str, within: bool, earlier: str = "", held: bool = False) -> list[Mention]:
        """The mentions in ``text``, which follows ``earlier``; ``within``: it is about an item of the fact's subject;
        ``held``: the fact was told before; what is granted then needs no more than its short name (许可证批了)."""
        if self.rules_out(text):
            return self._outright(text)
        text = _without(self._hidden, text)
        found = self._outright(text)
        for value, pattern in self.whole:
            found.extend(Mention(m.start(), m.end(), self, whole=value) for m in pattern.finditer(text))
        for pattern, no, ongoing in (
            (self.denies, True, False),
            (self.ongoing, False, True),
            (self.says, False, False),
            (self.kinds, False, False),
        ):
            for start, end in [(m.start(), m.end()) for m in pattern.finditer(text)] if pattern else ():
                if end > start and not any(o.start < end and start < o.end for o in found):
                    kind = pattern is self.kinds
                    found.append(Mention(start, end, self, denied=no, ongoing=ongoing, kind=kind))
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
        found = [m.end() for m in self.after.finditer(earlier[-_BEFORE:].rstrip(",:"))]
        return found[-1] if found else -1

    def _outright(self, text: str) -> list[Mention]:
        """Where ``text`` denies the fact whatever else it says."""
        found = self.outright.finditer(text) if self.outright else ()
        return [Mention(m.start(), m.end(), self, denied=True) for m in found]

    def own(self, text: str) -> list[Mention]:
        """Where ``text`` states or denies the fact in so many words."""
        bare = _without(self._hidden, text)
        pairs = ((self.says, False), (self.kinds, False), (self.denies, True))
        return [
            Mention(m.start(), m.end(), self, denied=no) for p, no in pairs for m in (p.finditer(bare) if p else ())
        ]

    def chosen(self, text: str) -> list[Mention]:
        """The choices named in ``text``, the longest where two overlap."""
        if self._chosen.isdisjoint(self._book.spoken_in(text)) and self._trade is None:
            return []
        text = _without(self._hidden, text)
        found = [
            Mention(m.start(), m.end(), self, choice=choice)
            for choice, pattern in self.choices.items()
            if pattern
            for m in pattern.finditer(text)
        ]
        if self._trade and not found and (told := self._trade.find(text)):
            found = [Mention(told[0], told[1], self, choice=told[2])]
        found.sort(key=lambda m: m.start - m.end)
        kept: list[Mention] = []
        taken = bytearray(len(text))
        for mention in found:
            if not any(taken[mention.start : mention.end]):
                kept.append(mention)
                taken[mention.start : mention.end] = b"1" * (mention.end - mention.start)
        return sorted(kept, key=lambda m: m.start)


def _outdone(mention: Mention, rival: Mention) -> bool:
    """Whether the words of ``mention`` mean ``rival``, of an item or of what was named later."""
    return rival is not mention and mention.overlaps(rival) and (rival.of_item or rival.since > mention.since)


def _of_another(figure: re.Match[str], mention: Mention) -> bool:
    """一万五千平|入驻率: whether the figure is none of the fact's that is named behind it; not 收了98万|服务费."""
    measure = _MEASURES.get((figure["unit"] or " ")[0])
    return measure is not None and isinstance(mention.word, FactWords) and mention.word.fact.type != measure


def _about(named: Mention, mention: Mention) -> bool:
    """许可证|材料交上去了: whether ``mention``, which names nothing itself, is said of what is ``named`` just before it."""
    granted = isinstance(named.word, FactWords) and named.word.fact.granted
    return granted and not named.within and named.end <= mention.start <= named.end + _NEXT


def _held_by(mention: Mention, rival: Mention) -> bool:
    """CA…，每年服务费: whether the words of ``mention`` are part of those for what was named just before."""
    longer = rival.start <= mention.start and mention.end <= rival.end and rival.word is not mention.word
    return longer and rival.since > 0 and rival.end - rival.start > mention.end - mention.start


def alone_in(text: str, mention: Mention, nouns: list[Mention]) -> str:
    """``text`` without the names of other things than ``mention``, as in an enumeration."""
    for other in nouns:
        if not other.overlaps(mention):
            text = text[: other.start] + "、" * (other.end - other.start) + text[other.end :]
    return text


def as_one(chosen: list[Mention]) -> list[Mention]:
    """林业苗木平台: several words for one choice as one."""
    if len({mention.choice for mention in chosen}) != 1:
        return chosen
    return [replace(chosen[0], end=chosen[-1].end)]


def _without(names: Phrases | None, text: str) -> str:
    """``text`` with the ``names`` of other things blanked: the words inside them speak of nothing."""
    return names.hide(text) if names else text


@dataclass(frozen=True, slots=True)
class Said:
    """A fact or thing that a clause spoke of: the next one may deny it, or give its figure or choice.

    ``paths`` are where the fact belongs, ``start`` is its place in the plain text; ``bare``: nothing was said of it but
    its name; ``added``: the thing is an item since then; ``negative``: it was named in words that deny it.
    """

    words: FactWords | Noun
    paths: tuple[str, ...]
    start: int
    bare: bool = False
    added: bool = False
    negative: bool = False


class Lexicon:
    """A policy's mentions, compiled."""

    def __init__(self, policy: Policy) -> None:
        self._mentions: Mentions = policy.mentions
        self.many = policy.lists
        facts = {fact.id: fact for fact in policy.facts}
        self._labels = {fact.id: fact.label for fact in policy.facts}
        self.counters = {
            subject: {
                unit for fact in policy.facts if fact.subject == subject for unit in (fact.unit_word, fact.counter)
            }
            for subject in self.many
        }
        self.facts = tuple(
            FactWords(self._mentions, spoken, facts[spoken.fact], facts[spoken.fact].subject in self.many)
            for spoken in self._mentions.facts
            if not read_apart(facts[spoken.fact])
        )
        self.identifying = tuple(words for words in self.facts if words.spoken.identifies)
        self._spoken = {group: place for place, words in enumerate(self.facts) for group in words.groups}
        apart = [names_of(fact).pattern for fact in policy.facts if read_apart(fact) and not fact.derive]
        self.apart = regex("|".join(apart)) if apart else None
        names = {fact.subject: fact for fact in policy.facts if fact.type == "text"}
        self.nouns = tuple(Noun(self._mentions, s, names.get(s.subject)) for s in self._mentions.subjects)
        self._bystanders = self._mentions.compiled(self._mentions.bystanders)
        self.places = self._mentions.compiled(self._mentions.places)
        self._decoys = self._mentions.compiled(self._mentions.decoys)

    def label_at(self, path: str) -> str:
        """The label of the fact at ``path``, which may have an index and a year; empty where there is none."""
        subject, _, name = path.partition("@")[0].partition(".")
        return self._labels.get(f"{subject}.{name.rpartition('.')[2]}", "")

    def rules_out(self, fact: str, text: str, start: int, end: int) -> bool:
        """Whether ``text`` is not about ``fact``, or its words at ``start:end`` stand in the name of another thing."""
        words = next((each for each in self.facts if each.fact.id == fact), None)
        return words is not None and (words.rules_out(text) or words.within_a_name(text, start, end))

    @cached_property
    def projects(self) -> tuple[tuple[ProjectMentions, Phrases], ...]:
        """The projects that can be one and the same, each with its names."""
        return tuple((p, pattern) for p in self._mentions.projects if (pattern := self._mentions.compiled(p.says)))

    def nouns_in(self, text: str, vaguely: bool = False) -> list[Mention]:
        """The things named in ``text``, in order; those that may be other things where they are asked for ``vaguely``."""
        spoken = self._mentions.phrasebook.spoken_in(text)
        nouns = (noun for noun in self.nouns if noun.counted or not noun.groups.isdisjoint(spoken))
        found = (mention for noun in nouns for mention in noun.find(text) if vaguely or not mention.vague)
        return sorted(found, key=lambda m: m.start)

    def facts_in(
        self, text: str, focus: str | None, earlier: str, abroad: bool = False, held: Container[str] = ()
    ) -> list[Mention]:
        """The facts spoken of in ``text``, in order.

        ``focus``: the list subject that the text is about; ``earlier``: the plain text before it; ``abroad``: it is about
        a thing of somebody else's; ``held``: the facts that were told before.
        """
        found: list[Mention] = []
        items: list[Mention] = []
        others = bool(self._bystanders and self._bystanders.search(text)) and not _WITH_US.search(text)
        for words in self._named_in(text):
            if words.many:
                items.extend(words.find(text, words.subject == focus, earlier))
            elif not others:
                alone = not abroad or words.after is not None
                found.extend(words.find(text, alone, earlier, words.fact.id in held))
        meant = [m for m in found if m.since]  # 国家标准，起草单位名单里有我们: no list of another thing
        items = [m for m in items if (m.within or m.word is None) or self._speaks_of(m, focus, meant)]
        rivals = [*items, *(m for m in found if m.within)]
        found = [
            m for m in found if not any(_outdone(m, rival) if m.within else _held_by(m, rival) for rival in rivals)
        ]
        items = [m for m in items if not (m.within and any(_about(o, m) for o in found))]
        return sorted([*found, *items], key=lambda m: m.start)

    @staticmethod
    def _speaks_of(mention: Mention, focus: str | None, meant: list[Mention]) -> bool:
        """Whether a mention of an item's fact stands where its things are spoken of, or no fact just named is ``meant``."""
        subject = mention.word.subject if isinstance(mention.word, FactWords) else focus
        return subject == focus or not any(mention.overlaps(other) for other in meant)

    def _named_in(self, text: str) -> list[FactWords]:
        """The facts with a phrase whose words are all in ``text``, in order."""
        spoken = self._mentions.phrasebook.spoken_in(text)
        return [
            self.facts[place] for place in sorted({self._spoken[group] for group in spoken if group in self._spoken})
        ]

    def starts_in(self, text: str) -> set[int]:
        """Where a word for a fact begins that says something by itself, behind a figure or another such word."""
        own = [mention for words in self._named_in(text) for mention in words.own(text)]
        ends = {mention.end: mention.word for mention in own if mention.end - mention.start >= _WHOLE}
        starts: set[int] = set()
        for mention in own:
            start = len(_NEGATION.sub("", text[: mention.start]))
            if start in ends and _DENIED_TOO.match(text, mention.end):  # 牌照没有|代运营也不搞
                start = mention.start
            told = mention.denied or start < mention.start or not mention.numeric
            figure = _FIGURE_END.search(text[:start])
            if ends.get(start, mention.word) is not mention.word or (figure and (told or _of_another(figure, mention))):
                starts.add(start)
        return starts

    def plain_of(self, subject: str) -> str:
        """The name of the fact whose figure an item of ``subject`` is said to have where nothing else is said."""
        return next((w.fact.name for w in self.facts if w.subject == subject and w.spoken.plain), "")

    def chosen_in(self, text: str, subject: str) -> list[Mention]:
        """The choices of the facts of ``subject`` that ``text`` names."""
        return [mention for words in self.facts if words.subject == subject for mention in words.chosen(text)]

    def identified(self, subject: str, text: str) -> bool:
        """Whether ``text`` tells apart an item of ``subject`` by what it is."""
        return any(w.subject == subject and w.chosen(text) for w in self.identifying)

    def decoys_in(self, text: str) -> list[Mention]:
        """The names in ``text`` of figures that no fact asks for."""
        found = self._decoys.finditer(text) if self._decoys else ()
        added = bool(_ADDED_TOO.search(text))
        return [Mention(m.start(), m.end(), None) for m in found if not (added or _ADDED.search(text, 0, m.start()))]
