"""Where a clause speaks of a fact, of a thing that can have facts, or of a figure that is none of ours.

Compiles a pack's mentions once. Knows neither negation nor context: what a mention comes to is decided by the reader.
"""

import re
from collections.abc import Container
from functools import cached_property

from conversations.language.descriptions_amounts import read_apart
from conversations.language.descriptions_words import (
    FactWords,
    Mention,
    Noun,
)
from conversations.language.figure_names import names_of
from conversations.language.lexicon import lexicon
from knowledge.mentions import Mentions, ProjectMentions
from knowledge.patterns import regex
from knowledge.phrases import Phrases
from knowledge.policy import Policy

_ZH = lexicon("persons")
_WHOLE = 4  # a word for a fact that may be a statement by itself
_SHORT = 6  # one of which no time word parts the beginning
_FIGURE_END = regex(
    r"(?:\d块|[\d一二两三四五六七八九十百千半](?P<unit>万|亿|元|平米?|平方米?|%|成)|[一二两三四五六七八九][百千万][一二三四五六七八九]?)(?:以上|以下|左右|上下|多|出头)?$"
)
_MEASURES = {"平": "area", "%": "ratio", "成": "ratio"}
"""Of which facts a figure with such a unit is."""
_NEGATION = regex(r"(?:没有?|也|都|还|不|未|从来|一直)*$")
_DENIED_TOO = regex(r"[^,没不]{0,4}[没不]")
_WITH_US = regex(  # 买家卖家都在我们平台下单
    r"(?:在|到|上|从)(?:(?:我们|咱们?|俺们?)(?:自己|自家)?的?(?:平台|商城|网站|小程序|店|直播间|app)|(?:上|里)[面头](?=下单|成交|交易|[买卖订]))"
)
_ADDED = regex(r"(?:加上|算上|带上|连上?|连同|包括|含)$")  # 加上裙楼8900平: the whole
_ADDED_TOO = regex(r"把[^,]{1,10}(?:算|加|计)(?:上|进去?)")  # 把裙楼办公那块算上是10900平
_IN_PLACE = regex(r"[^\u4e00-\u9fff]+|的|这边|那边")
_FIRM_CALLED = regex(
    r"(?:公司|企业|单位)(?:的?名[字称]?|全称|简称)?(?:现在|以前|原来|就)*(?:叫做?|更名为?|改名|名为)|^(?:原名|曾用名|全称)"
)
"""What stands before the name of the firm itself, which may be called after what it runs: 我们公司叫众恒楼宇运营."""
_JUST_NAMED = regex(r"(?<=.)(?:地址?|[在是就啊呀呢嘛的,:])*")  # 注册地啊，郑州管城
_NEXT = 2
_LOOK = 8


_ENDED = regex(
    r"[吧呢啊呀哈嘛哩嘞]$|[\d一二三四五六七八九十百千万亿年月]了$|[\d一二三四五六七八九十百千][万亿元块家平%成][多来一二三四五六七八九]?$"
)
_DOES = regex(r"[是在做搞干有拿领享用交花租帮给替从由把也都还我俺咱]")
_IS_TOPIC = regex(
    r"[\u4e00-\u9fffa-z]{2,6}?(?:也|都|一直|还|倒|更|嘛|的话|就[在是有没不]|我们|俺|咱|没|不|今年|去年|前年|每年|一年|目前|现在|(?:大概|大约|差不多|一共|是|有)+[\d一二两三四五六七八九][\d一二三四五六七八九十百千万.])"
)
"""How a word is followed that is what a new clause is about."""
_DID = regex("[在做卖开办用评交领租](?![^,]*[我俺咱]们?的$)[^,的]{2,8}的$")
_ROAD = regex(r"(?<=[楼园区年月平级])(?![楼园区])[\u4e00-\u9fff]{2,3}?[路街道](?=那[个栋座])")
_AT = regex(r"[在和与跟及、到离往从]$")
_POINTED = regex(
    r"(?:那边|那里|这边)?(?:的|嘞)?(?:那[个栋座]|(?<=[的嘞])(?:是|也|还|都|没|啥|国家|[省市]级|\d|[一二两三四五六七八九]))"
)
"""How a place is followed where a thing that stands there is pointed at."""
_GOES_ON = regex(
    r"(?:电商|商务|行业|[省市区县]|[把将给在到从对向和跟与、及是没不未无为让被叫做搞干办入于们司团级个家这那年]|(?<![都也])(?<![都也]没)有|[我俺咱]|(?<!了)的|叫[^,]{0,6}|[^\u4e00-\u9fff]|参加|(?<!没)(?<!没有)(?<!未)[交花付掏拿领评做搞办加有用报得][了过着]|没有?(?:啥|什么|任何))$"
)
"""What stands before a word that begins no new clause."""


def counts_firms(text: str) -> bool:
    """Whether a clause tells of firms in a house, or how many there are of a kind: 代运营企业17家; nothing of it is ours."""
    return _ZH["firms_counted"].search(text) is not None


def _within(own: list[Mention]) -> set[int]:
    """The places within a word for a fact, its beginning excepted."""
    return set[int]().union(*(range(mention.start + 1, mention.end) for mention in own))


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


def _told_later(mention: Mention, other: Mention, earlier: str) -> bool:
    """CA年费0.9万，代运营业务有，年服务费86万: whether what ``mention`` is told behind was named after that of the ``other``."""
    if not isinstance(mention.word, FactWords) or mention.within or mention.word is other.word:
        return False
    return mention.overlaps(other) and mention.word.named_since(earlier, other.since)


def _unnamed(mention: Mention, earlier: str) -> bool:
    """Whether nothing that ``mention`` is told behind was named in the text ``earlier``."""
    words = mention.word
    return isinstance(words, FactWords) and words.after is not None and not words.named_since(earlier, -1)


def _held_by(mention: Mention, rival: Mention, earlier: str) -> bool:
    """CA…，每年服务费: whether the words of ``mention`` are part of those for what was named just before."""
    if _told_later(mention, rival, earlier):
        return False
    longer = rival.start <= mention.start and mention.end <= rival.end and rival.word is not mention.word
    return longer and rival.since > 0 and rival.end - rival.start > mention.end - mention.start


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
        self.choosing = tuple(words for words in self.facts if words.choices)
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
        return [m for m in self._mentions.phrasebook.kept(self._all_nouns, text) if vaguely or not m.vague]

    def _all_nouns(self, text: str) -> list[Mention]:
        spoken = self._mentions.phrasebook.spoken_in(text)
        nouns = (noun for noun in self.nouns if noun.counted or not noun.groups.isdisjoint(spoken))
        found = (mention for noun in nouns for mention in noun.find(text))
        return sorted((m for m in found if not self.names_firm(text, m.start)), key=lambda m: m.start)

    @staticmethod
    def names_firm(text: str, start: int) -> bool:
        """我们公司叫众恒楼宇运营: whether what stands at ``start`` of ``text`` is in the name of the firm itself."""
        called = _FIRM_CALLED.search(text)
        return called is not None and called.end() <= start

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
        if focus and self.places and any(not _IN_PLACE.sub("", self.places.hide(text)) for _ in found):
            found = [m for m in found if _JUST_NAMED.fullmatch(earlier, m.since)]  # 电商园我们管着，中牟的: the park is
        meant = [m for m in found if m.since]  # 国家标准，起草单位名单里有我们: no list of another thing
        items = [m for m in items if (m.within or m.word is None) or self._speaks_of(m, focus, meant)]
        rivals = [*items, *(m for m in found if m.within)]
        found = [
            m
            for m in found
            if not any(_outdone(m, rival) if m.within else _held_by(m, rival, earlier) for rival in rivals)
        ]
        granted = [m for m in items if m.within and isinstance(m.word, FactWords) and m.word.fact.granted]
        if focus:  # 国家的没份, while a pilot is spoken of: no denial of what has not been named
            found = [m for m in found if not (m.denied and _unnamed(m, earlier) and any(map(m.overlaps, granted)))]
        found = [m for m in found if not (m.since and any(_told_later(o, m, earlier) for o in found))]
        items = [m for m in items if not (m.within and any(_about(o, m) for o in found))]
        return sorted([*found, *items], key=lambda m: m.start)

    def held_in(self, text: str, held: Container[str] | None, last: str = "") -> list[FactWords]:
        """牌照是母公司的: the facts that somebody grants and that were told before (``held``; None: of the enterprise), of which
        ``text`` has the words, whoever it speaks of; where it has none, the ``last`` one."""
        granted = [words for words in self.facts if words.fact.granted]
        granted = [words for words in granted if (not words.many if held is None else words.fact.id in held)]
        named = [w for w in granted if w.called(text) or (held is not None and not w.many and w.chosen(text))]
        return named or [words for words in self.facts if words.fact.id == last and not words.fact.spec.numeric]

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
        own += [mention for words in self.facts if words.alone and not words.many for mention in words.chosen(text)]
        ends = {mention.end: mention.word for mention in own if mention.end - mention.start >= _WHOLE}
        starts: set[int] = set()
        for mention in own:
            start = len(_NEGATION.sub("", text[: mention.start]))
            if start in ends and _DENIED_TOO.match(text, mention.end):  # 牌照没有|代运营也不搞
                start = mention.start
            told = mention.denied or start < mention.start or not mention.numeric
            told = told or bool(_DENIED_TOO.match(text, mention.end))  # 交了四千二|数字证书没办过
            figure = _FIGURE_END.search(text[:start])
            if ends.get(start, mention.word) is not mention.word or (figure and (told or _of_another(figure, mention))):
                starts.add(start)
        return starts - _within(own)  # 贷了1200万做技改: one

    def topics_in(self, text: str) -> tuple[set[int], set[int]]:
        """Where in a stretch that nobody has parted a word for a fact begins a new clause: …没挪过地方|办公室租在电商大厦, or one says
        something by itself; and the places within such words, short ones, where none does: 国家也批了."""
        own = [mention for words in self._named_in(text) for mention in words.own(text, topics=True)]
        nouns = self.nouns_in(text)
        ends = {mention.end for mention in (*own, *nouns)}
        starts = {mention.start for mention in (*own, *nouns)}
        begun = {at for at in starts - ends if _ENDED.search(text, max(0, at - _LOOK), at)}
        begun |= {
            at for at in starts - {noun.end for noun in nouns} if _IS_TOPIC.match(text, at)
        }  # not 园区楼宇|试点都没有
        begun = {at for at in begun if at and not self._goes_on(text, at) and not _DOES.match(text, at)}
        return (begun | self.starts_in(text)) - _within(own), _within([m for m in own if m.end - m.start <= _SHORT])

    def pointed_in(self, text: str) -> set[int]:
        """Where a clause that nobody has parted goes on to a thing at another place: 我们有俩园区|经开那个国家级|惠济那个市级."""
        places = [(m.start(), m.end()) for m in (self.places.finditer(text) if self.places else ())]
        starts = {start for start, end in places if _POINTED.match(text, end) and not _AT.search(text, 0, start)}
        roads = {match.start() for match in _ROAD.finditer(text)}
        return (starts if len(starts) > 1 else set[int]()) - {0} | roads

    @staticmethod
    def _goes_on(text: str, at: int) -> bool:
        """Whether what stands before a word lets it begin no clause; 在管城注册的|CA证书一年交… does, where a verb is nominalised."""
        nominal = _DID.search(text, 0, at) and _IS_TOPIC.match(text, at)
        return not nominal and bool(_GOES_ON.search(text, max(0, at - _LOOK), at))

    def plain_of(self, subject: str) -> str:
        """The name of the fact whose figure an item of ``subject`` is said to have where nothing else is said."""
        return next((w.fact.name for w in self.facts if w.subject == subject and w.spoken.plain), "")

    def chosen_in(self, text: str, subject: str) -> list[Mention]:
        """The choices of the facts of ``subject`` that ``text`` names."""
        return [mention for words in self.facts if words.subject == subject for mention in words.chosen(text)]

    def of_item(self, text: str, mention: Mention) -> bool:
        """国家试点不是我们的: whether a thing is named in the words for what is so, or not, of an item."""
        subject = mention.word.subject if isinstance(mention.word, Noun) else ""
        own = [m.word for m in self.facts_in(text, subject, "") if m.of_item and m.overlaps(mention)]
        return any(isinstance(words, FactWords) and words.fact.type == "bool" for words in own)

    def chosen_alone(self, text: str, mention: Mention) -> bool:
        """全国前三: whether a choice of another fact that stands for itself holds the one that ``mention`` is."""
        others = (words for words in self.facts if words.alone and not words.many and words is not mention.word)
        return any(m.start <= mention.start and mention.end <= m.end for words in others for m in words.chosen(text))

    def is_no_name(self, words: str) -> bool:
        """Whether what stands between quotes is a fact, or a choice: 《支付业务许可证》, 填的“省级”."""
        chosen = [mention for subject in self.many for mention in self.chosen_in(words, subject)]
        return bool(self.facts_in(words, None, "")) or any(m.end - m.start == len(words) for m in chosen)

    def identified(self, subject: str, text: str) -> bool:
        """Whether ``text`` tells apart an item of ``subject`` by what it is."""
        return any(w.subject == subject and w.chosen(text) for w in self.identifying)

    def pointing(self, subject: str | None, text: str, that: re.Pattern[str]) -> list[FactWords]:
        """The other facts of ``subject`` by a choice of which ``text`` points at an item with ``that`` behind it: 正高那位."""
        own = [w for w in self.facts if w.subject == subject and w.choices and not w.spoken.identifies]
        return [w for w in own if any(that.match(text, m.end) for m in w.chosen(text))]

    def this_one(self, text: str, known: Container[str]) -> str | None:
        """The list, one of those of which things are ``known``, of whose thing ``text`` begins to speak again: 该园2024年认定."""
        own = (noun for noun in self.nouns if noun.subject in known)
        return next(
            (n.subject for n in own if any(re.match(f"(?:该|此|[这那]个?){name}", text) for name in n.names)), None
        )

    def tells_too(self, words: FactWords, needs: str, text: str) -> bool:
        """代运营服务费: whether a sum is named in ``text`` by what it is taken in for, the fact ``needs``, which it tells of as well."""
        for each in (each for each in self.facts if each.fact.id == needs and words.fact.type == "money"):
            named = list(words.says.finditer(text)) if words.says else []
            done = list(each.says.finditer(text)) if each.says else []
            return any(n.start() <= d.start() and d.end() < n.end() for n in named for d in done)
        return False

    def names_place(self, text: str) -> bool:
        """Whether ``text`` names a place."""
        return self.places is not None and next(iter(self.places.finditer(text)), None) is not None

    def decoys_in(self, text: str) -> list[Mention]:
        """The names in ``text`` of figures that no fact asks for."""
        found = self._decoys.finditer(text) if self._decoys else ()
        added = bool(_ADDED_TOO.search(text))
        return [Mention(m.start(), m.end(), None) for m in found if not (added or _ADDED.search(text, 0, m.start()))]
