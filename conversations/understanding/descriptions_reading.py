"""One description read clause by clause into a draft: which item is spoken of, what is affirmed, whose figure is whose.

Only stated clauses become facts. What a clause leaves open (a topic without its figure, a name without its verb) the
next one may close; a later statement outdoes an earlier one. Knows no policy: the words come from the lexicon.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from conversations.understanding.descriptions_clauses import Clause, Stance
from conversations.understanding.descriptions_draft import Draft, Entry
from conversations.understanding.descriptions_lexicon import FactWords, Lexicon, Mention, Noun
from conversations.understanding.descriptions_polarity import Verdict, denied, predicate, verdict
from conversations.understanding.quantities import Kind, Quantity, find_quantities, hedged
from rules.values import Value

_COORDINATED = re.compile(
    r"^(?:[、/,]|和|与|跟|及|以及|或者?|还有|什么|啥|的|电商|任何|自己的|或是|也好|也罢|这些|项目)*$"
)
_FILLER = re.compile(
    r"^(?:我们?|俺们?|咱们?|公司|目前|现在|的话|的|呢|嘛|啊|这块|方面|这个|:|第?[一二三1-3][,.、]|是)*$"
)
_NONE_BEFORE = re.compile(
    r"(?:没有?|无|不|从没|没有过)(?:做|搞|建|自建|运营|经营|管理?|参与|参加|承担|开发|办|碰|涉及|有|弄|申报|过)*(?:过|任何|什么|啥|自己的|自己|的|电商|电子商务|专业|所谓|[、和与或及])*$"
)
_NONE_AFTER = re.compile(
    r"^(?:项目|啥的|什么的|什么|这些|那些|也|都|全|统统|通通|方面|一个|我们|是|暂时|目前|还|从来|,)*(?::?无|没有?|不)(?:做|搞|建|运营|管理?|参与|参加|承担|碰|沾|涉及|有|弄)*(?:过|了|的|这些|呢|啊)*$"
)
_ANOTHER = re.compile(
    r"^也有|另一?个|另外一?[个座栋家]|还有一?[个座栋家]|再有一?个|又[^,]{0,3}一?个|另有|还[做搞]了?一?个"
)
_NOT_OURS = re.compile(
    r"不是我们|不归我们|(?:别人|人家|他们|客户|朋友|别家|隔壁|同行|其他公司)(?:家)?(?:搞|做|办|开|运营)?的$|(?:参加|参与)了?(?:别人|人家|其他)"
)
_DISOWN = re.compile(
    r"(?:不是我们|不归我们|(?:是|属于|归)(?:我们)?的?(?:子公司|母公司|别人|朋友|客户|合作方|人家|他们|总公司|股东)的?)(?:做|搞|建|管|的|拿|持有)*$"
)
_UNSURE = re.compile(
    r"^(?:我|我们|这个|这|具体|也|但|还|有点|不过|太|记|都|的)*(?:不太?|不大|没法|不敢)?(?:确定|肯定|说不准|说不好|记不清|拿不准|吃不准|得问财务)(?:了|的)?$"
)
_CORRECT = re.compile(
    r"^(?:哦|噢|呃|啊|嗯|哎|额|不好意思)*(?:不对|说错了?|错了|更正(?:一下)?|纠正|记错了?|口误|打错了?|写错了?)+(?:不对|说错了?|了)*(?:应该是|应为|是)?"
)
_COUNT = re.compile(
    r"(?<![第零\d百十千万、])([两俩二三四五2-5])(?:个|座|栋|幢|家|项)(?!月|亿|季|点|多?百分|多?人|多?户)"
)
_ORDINAL = re.compile(r"第([一二三四五1-5])(?:个|座|栋|幢|家|项)|(?<![另同每这那])([一二])[号#]")
_ONE = re.compile(r"(?<![同每这那第另是外])一[个座栋幢家]|(?:^|(?<=[,是有]))一[个座栋幢家]")
_DIGIT = {"一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5}
_NAMED = re.compile(r"[「『“\"‘《【]([^」』”\"’》】]{1,20})[」』”\"’》】]|叫(?:做|作)?([^,。的、是]{2,12})(?:的|$)")
_YEARS = (("前年", 1), ("上年", 2), ("去年", 2), ("今年", 3))
_KINDS = {
    "money": (Kind.MONEY, Kind.NUMBER),
    "area": (Kind.AREA, Kind.NUMBER),
    "ratio": (Kind.RATIO,),
    "years": (Kind.YEARS,),
    "int": (Kind.YEARS,),
}
_LEAST_BARE = 1000
_NEAR = 8


@dataclass(frozen=True, slots=True)
class _Said:
    """A fact or thing that the last clauses spoke of: the next may deny it, or give its figure or choice."""

    words: FactWords | Noun
    paths: tuple[str, ...]
    start: int
    bare: bool = False
    added: bool = False


class Reading:
    """The reading of one text; ``draft`` is its outcome."""

    def __init__(self, lexicon: Lexicon, text: str) -> None:
        self.draft = Draft(lexicon.many)
        self._lexicon = lexicon
        self._text = text
        self._focus: str | None = None
        self._said: list[_Said] = []
        self._open: FactWords | None = None
        self._last_figure: tuple[FactWords, int] | None = None
        self._last_choice: FactWords | None = None
        self._correcting = False
        self._ones: dict[tuple[int, str], int] = {}

    def clause(self, clause: Clause) -> None:
        """Take in the next clause."""
        if clause.stance is not Stance.STATED and not clause.preparing:
            self._unstated(clause)
            if clause.stance is not Stance.INTENDED:
                return
        if clause.stance is Stance.INTENDED:
            self._under_way(clause)
            return
        correction = _CORRECT.match(clause.text)
        if correction:
            self._correcting = True
            clause = replace(clause, text=clause.text[correction.end() :], start=clause.start + correction.end())
        if not clause.text:
            return
        if _DISOWN.search(clause.text) and not self._lexicon.nouns_in(clause.text):
            self._retract()
            return
        if _UNSURE.match(clause.text):
            self._retract()
            return
        self._stated(clause)
        self._correcting = False

    # -- clauses that state nothing

    def _unstated(self, clause: Clause) -> None:
        """A thing that is only planned, asked about or somebody else's is spoken of from now on, and is no item."""
        for mention in self._lexicon.nouns_in(clause.text):
            if isinstance(mention.word, Noun):
                items = self.draft.items[mention.word.subject]
                if clause.stance is Stance.OTHERS or not items.count:
                    items.current = ()
                    self._focus = mention.word.subject
        self._said = []
        facts = self._lexicon.facts_in(clause.text, self._focus, "") if clause.stance is Stance.ASKED else []
        asked = [m.word for m in facts if isinstance(m.word, FactWords) and m.word.fact.spec.numeric]
        self._open = asked[-1] if asked else None

    def _under_way(self, clause: Clause) -> None:
        for mention in self._lexicon.facts_in(clause.text, self._focus, ""):
            if mention.ongoing and clause.preparing and isinstance(mention.word, FactWords):
                self._state(mention.word, True, clause, mention.start, mention.end)

    def _retract(self) -> None:
        for said in self._said:
            for path in said.paths:
                self.draft.facts.pop(path, None)
            if said.added and isinstance(said.words, Noun):
                self.draft.drop_item(said.words.subject)
                self.draft.items[said.words.subject].current = ()
        self._said = []

    # -- a stated clause

    def _stated(self, clause: Clause) -> None:
        nouns = self._lexicon.nouns_in(clause.text)
        before = self._said
        self._said = []
        self._items(clause, nouns)
        facts = self._lexicon.facts_in(clause.text, self._focus, self._text[: clause.start])
        chosen = [m for words in self._lexicon.facts if words.choices for m in words.chosen(clause.text)]
        unnumbered = _ORDINAL.sub(lambda m: "那" * len(m[0]), clause.text)  # 第一栋 is no figure, nor one of floors
        quantities = [q for q in find_quantities(unnumbered) if not q.denied]
        self._groups(clause, nouns, facts)
        self._choices(clause, facts, chosen, before)
        self._figures(clause, facts, quantities, before)
        if not self._said:
            self._said = before
            if not quantities and not any(m.word for m in nouns):
                self._deny_before(clause, before)
        elif all(said.bare for said in self._said):
            self._said = [said for said in before if said.bare] + self._said

    def _state(
        self,
        words: FactWords,
        value: Value,
        clause: Clause,
        start: int,
        end: int,
        approximate: bool = False,
        rank: int = 0,
    ) -> tuple[str, ...]:
        entry = Entry(value, clause.start + start, clause.start + end, approximate, rank)
        return self.draft.state(words.fact, entry)

    # -- things of the lists

    def _items(self, clause: Clause, nouns: list[Mention]) -> None:
        text = clause.text
        named = [(m[1] or m[2], m.start(), m.end()) for m in _NAMED.finditer(text)]
        spoken: set[str] = set()
        for mention in nouns:
            noun = mention.word
            if not isinstance(noun, Noun) or noun.subject in spoken:
                continue
            spoken.add(noun.subject)
            if self._none(clause, mention, noun, nouns):
                continue
            self._focus = noun.subject
            if not self._ours(text, mention, noun):
                if not self.draft.items[noun.subject].count or _NOT_OURS.search(text):
                    self.draft.items[noun.subject].current = ()
                    self._focus = None
                continue
            added = self._turn(clause, noun.subject, bool(named))
            bare = bool(_FILLER.match(text[: mention.start]) and _FILLER.match(text[mention.end :]))
            self._said.append(_Said(noun, (), clause.start + mention.start, bare, added))
        if not spoken and self._focus and self.draft.items[self._focus].count:
            self._turn_by_number(clause, self._focus)
        for name, start, end in named:
            self._name(name, clause, start, end)
        self._by_identity(clause)

    def _none(self, clause: Clause, mention: Mention, noun: Noun, nouns: list[Mention]) -> bool:
        """Whether the clause says that there is none of ``noun``; if so it is written down."""
        text = clause.text
        before, after = text[: mention.start], text[mention.end :]
        for other in nouns:  # 园区、楼宇都没有: the others of an enumeration are no part of the predicate
            if other.end <= mention.start:
                before = before[: other.start] + "、" * (other.end - other.start) + before[other.end :]
            elif other.start >= mention.end:
                a, b = other.start - mention.end, other.end - mention.end
                after = after[:a] + "、" * (b - a) + after[b:]
        for fact in self._lexicon.facts_in(text, None, ""):
            if fact.end <= mention.start:
                before = before[: fact.start] + "、" * (fact.end - fact.start) + before[fact.end :]
            elif fact.start >= mention.end:
                a, b = fact.start - mention.end, fact.end - mention.end
                after = after[:a] + "、" * (b - a) + after[b:]
        after = re.sub(r"^(?:[、,]|和|与|跟|及|以及|或)*", "", after) if "、" in after else after
        if not (_NONE_BEFORE.search(before) or _NONE_AFTER.match(after)) or "别的" in before or "其他" in before:
            return False
        items = self.draft.items[noun.subject]
        if not items.count:
            items.none = (clause.start, clause.start + len(text))
            items.current = ()
        return True

    def _ours(self, text: str, mention: Mention, noun: Noun) -> bool:
        before, after = text[: mention.start], text[mention.end :]
        if _NOT_OURS.search(before) or _NOT_OURS.match(after) or "不是我们" in after:
            return False
        if noun.tenant and noun.tenant.search(text):
            return False
        if noun.owned is None or self.draft.items[noun.subject].count:
            return True
        return bool(_FILLER.match(before) or noun.owned.search(text))

    def _turn(self, clause: Clause, subject: str, named: bool) -> bool:
        """Turn to the item of ``subject`` that the clause speaks of; whether that brought one into being."""
        items = self.draft.items[subject]
        before = items.count
        count = _COUNT.search(clause.text)
        if count and clause.text[: count.start()][-1:] not in ("这", "那"):
            number = int(_DIGIT.get(count[1], count[1]))
            items.count = max(items.count, number)
            items.fresh, items.current, items.none = True, (), None
        elif not self._turn_by_number(clause, subject) and not named:
            if not items.count or _ANOTHER.search(clause.text):
                items.add()
            elif not items.current and items.fresh:
                items.turn_to(0)
            elif not items.current:
                items.turn_to(items.count - 1)
        if before == 0 and items.count:
            self.draft.settle(subject)
        return items.count > before

    def _turn_by_number(self, clause: Clause, subject: str) -> bool:
        items = self.draft.items[subject]
        ordinal = _ORDINAL.search(clause.text)
        if ordinal:
            word = ordinal[1] or ordinal[2]
            items.turn_to(int(_DIGIT.get(word, word)) - 1)
            return True
        if items.count and _ANOTHER.search(clause.text):
            key = self._ones.get((clause.sentence, subject), 0) if items.count else 0
            index = items.current[0] + 1 if items.current else key
            items.turn_to(index if items.fresh else max(index, items.count))
            return True
        if _ONE.search(clause.text):
            nth = self._ones.get((clause.sentence, subject), 0)
            self._ones[clause.sentence, subject] = nth + 1
            if nth or items.fresh:
                items.turn_to(items.current[0] + 1 if items.current else nth)
                return True
        if items.count > 1 and re.search(r"都|均|全部?", clause.text):
            items.current = tuple(range(items.count))
            return True
        return False

    def _name(self, name: str, clause: Clause, start: int, end: int) -> None:
        noun = next((n for n in self._lexicon.nouns if self._belongs(n, name, clause, end)), None)
        if noun is None or noun.name is None:
            return
        subject = noun.subject
        items = self.draft.items[subject]
        if name in items.names:
            items.turn_to(items.names[name])
            return
        number = bool(_ORDINAL.search(clause.text))
        before = items.count
        unnamed = [i for i in items.current if i not in items.names.values()]
        if items.fresh and not number:
            items.turn_to(len(items.names))
        elif not unnamed or (_ANOTHER.search(clause.text) and not items.fresh):
            items.add()
        else:
            items.turn_to(unnamed[0])
        if before == 0:
            self.draft.settle(subject)
        items.names[name] = items.current[0]
        self._focus = subject
        self.draft.state(noun.name, Entry(name, clause.start + start, clause.start + end))

    def _belongs(self, noun: Noun, name: str, clause: Clause, end: int) -> bool:
        """Whether ``name``, which ends at ``end``, is the name of such a thing: 「…」项目, or by what it is spoken with."""
        rest = clause.text[end:].removeprefix("的")
        return (
            rest.startswith(noun.names)
            or bool(noun.nouns and noun.nouns.search(clause.text))
            or self._focus == noun.subject
            or name.endswith(noun.names)
        )

    def _by_identity(self, clause: Clause) -> None:
        """Turn to the item that the clause tells apart by a choice: 物流的投了…, 农业那个…"""
        for words in self._lexicon.facts:
            subject = words.fact.subject
            if not words.spoken.identifies or subject != self._focus:
                continue
            chosen = words.chosen(clause.text)
            items = self.draft.items[subject]
            if len(chosen) != 1 or items.count < 2 or _ORDINAL.search(clause.text):
                continue
            choice = chosen[0]
            known = [self.draft.facts.get(f"{subject}.{i}.{words.fact.name}") for i in range(items.count)]
            same = [i for i, entry in enumerate(known) if entry and entry.value == choice.choice]
            if same:
                items.turn_to(same[0])
            elif not items.current and None in known:
                items.turn_to(known.index(None))

    # -- affirmed or denied

    def _groups(self, clause: Clause, nouns: list[Mention], facts: list[Mention]) -> None:
        text = clause.text
        groups: list[list[Mention]] = []
        for mention in sorted([*facts, *nouns], key=lambda m: (m.start, -m.end)):
            if groups and _COORDINATED.match(text[max(m.end for m in groups[-1]) : mention.start]):
                groups[-1].append(mention)
            else:
                groups.append([mention])
        bounds = [(group[0].start, max(m.end for m in group)) for group in groups]
        taken = 0
        for index, group in enumerate(groups):
            start, end = bounds[index]
            limit = bounds[index + 1][0] if index + 1 < len(groups) else len(text)
            before, after = text[taken:start], text[end:limit]
            if limit < len(text) and (denied(before, "", "") or denied(after, "", "")):
                after = ""
            taken = end + len(after) if limit < len(text) and after and denied("", "", after) else end
            for mention in group:
                if isinstance(mention.word, FactWords):
                    self._group_fact(clause, mention, mention.word, before, after)

    def _group_fact(self, clause: Clause, mention: Mention, words: FactWords, before: str, after: str) -> None:
        text = clause.text
        if words.fact.type == "bool":
            if _NOT_OURS.search(before):
                return
            own = text[mention.start : mention.end]
            outcome = verdict(before, own, after, words.fact.granted)
            if mention.denied:
                outcome = Verdict.NO if not denied(before, "", "") else Verdict.ONCE
            elif mention.ongoing:
                outcome = Verdict.YES
            paths: tuple[str, ...] = self.draft.paths(words.fact)
            if outcome is not Verdict.ONCE:
                start, end = _span(text, mention, outcome)
                paths = self._state(words, outcome is Verdict.YES, clause, start, end) or paths
            bare = bool(_FILLER.match(before) and _FILLER.match(after))
            self._said.append(_Said(words, paths, clause.start + mention.start, bare))
        elif mention.whole is not None:
            paths = self._state(words, Decimal(mention.whole), clause, mention.start, mention.end)
            self._said.append(_Said(words, paths, clause.start + mention.start))
        elif words.fact.spec.numeric and words.spoken.zero:
            if mention.denied or denied(before, text[mention.start : mention.end], after):
                paths = self._state(words, Decimal(0), clause, *_span(text, mention, Verdict.NO))
                self._said.append(_Said(words, paths, clause.start + mention.start))
            elif _FILLER.match(before) and _FILLER.match(after):
                self._said.append(_Said(words, self.draft.paths(words.fact), clause.start + mention.start, True))

    def _deny_before(self, clause: Clause, before: list[_Said]) -> None:
        """都没有 · 还没批下来 · 后来注销了: the clause denies what the ones before it named."""
        bare = [said for said in before if said.bare]
        for said in bare or before:
            if isinstance(said.words, Noun):
                if said.added and said.bare and predicate(clause.text, False):
                    self.draft.drop_item(said.words.subject)
                    items = self.draft.items[said.words.subject]
                    if not items.count:
                        items.none = (said.start, clause.start + len(clause.text))
                continue
            fact = said.words.fact
            if not predicate(clause.text, fact.granted):
                continue
            end = clause.start + len(clause.text)
            value: Value | None = False if fact.type == "bool" else said.words.spoken.nothing
            if value is None and said.words.spoken.zero:
                value = Decimal(0)
            if value is not None:
                self.draft.state(fact, Entry(value, said.start, end))

    # -- choices

    def _choices(self, clause: Clause, facts: list[Mention], chosen: list[Mention], before: list[_Said]) -> None:
        for words in self._lexicon.facts:
            own = [m for m in chosen if m.word is words]
            topics = [m for m in facts if m.word is words]
            if not words.choices or (words.unless and words.unless.search(clause.text)):
                continue
            if words.alone and not words.many:
                self._choose(clause, words, own, own, alone=True)
            elif words.many and words.alone:
                if self._focus == words.fact.subject and own:
                    self._identify(clause, words, own)
            elif topics:
                self._choose(clause, words, topics, own, alone=False)
            elif own and (self._last_choice is words) and (self._correcting or any(s.words is words for s in before)):
                self._choose(clause, words, own, own, alone=True)

    def _identify(self, clause: Clause, words: FactWords, own: list[Mention]) -> None:
        if len({m.choice for m in own}) == 1 and own[0].choice:
            self._state(words, own[0].choice, clause, own[0].start, own[0].end)

    def _choose(
        self, clause: Clause, words: FactWords, topics: list[Mention], own: list[Mention], *, alone: bool
    ) -> None:
        """The highest choice affirmed; where all named are denied, or none is named and the topic is, ``nothing``."""
        text, nothing, fact = clause.text, words.spoken.nothing, words.fact
        if not topics:
            return
        start, end = min(m.start for m in (*topics, *own)), max(m.end for m in (*topics, *own))
        affirmed = [m for m in own if not _denied_choice(text, m, own)]
        pending = verdict("", text, "", fact.granted) is Verdict.NO and verdict("", text, "", False) is Verdict.YES
        lost_or_denied = verdict(text[:start], text[start:end], text[end:], fact.granted)
        order = [choice.id for choice in fact.choices]
        paths = self.draft.paths(fact)
        value: str | None = None
        if own and affirmed and not pending and (lost_or_denied is Verdict.YES or len(affirmed) < len(own)):
            value = min((m.choice for m in affirmed if m.choice), key=order.index)
        elif lost_or_denied is Verdict.NO or (own and not affirmed):
            value = nothing
        if value is not None:
            held = {self.draft.facts[p].value for p in paths if p in self.draft.facts}
            named = {m.choice for m in own}
            if value == nothing and held - {nothing} and named and not held & named:
                value = None  # a level that was not reached says nothing of another that was
        if value is not None:
            paths = self._state(words, value, clause, *_span(text, Mention(start, end, words), lost_or_denied)) or paths
        self._last_choice = words
        bare = not alone and bool(_FILLER.match(text[:start]) and _FILLER.match(text[end:]))
        self._said.append(_Said(words, paths, clause.start + start, bare))

    # -- figures

    def _figures(self, clause: Clause, facts: list[Mention], quantities: list[Quantity], before: list[_Said]) -> None:
        cues = [
            m
            for m in facts
            if isinstance(m.word, FactWords) and m.word.fact.spec.numeric and not m.denied and m.whole is None
        ]
        cues += [
            d
            for d in self._lexicon.decoys_in(clause.text)
            if not any(c.start <= d.start and d.end <= c.end for c in cues)
        ]
        preferred = [
            c
            for c in cues
            if isinstance(c.word, FactWords) and c.word.rather and c.word.rather.search(clause.text[c.start : c.end])
        ]
        used: set[Mention] = set()
        answered = False
        for quantity in quantities:
            if quantity.kind in (Kind.DATE, Kind.COUNT, Kind.FOREIGN):
                continue
            cue = _cue(quantity, [c for c in cues if c not in used], clause.text, quantities)
            if cue is not None:
                used.add(cue)
                if isinstance(cue.word, FactWords):
                    answered |= self._figure(
                        clause,
                        cue.word,
                        quantity,
                        min(cue.start, quantity.start),
                        max(cue.end, quantity.end),
                        bool(preferred),
                    )
                continue
            follow = self._follow(clause, quantity)
            if follow is not None:
                answered |= self._figure(clause, follow, quantity, quantity.start, quantity.end)
        unanswered = [c.word for c in cues if c not in used and isinstance(c.word, FactWords)]
        if unanswered:
            self._open = unanswered[-1]
        elif answered or quantities or cues:
            self._open = None

    def _follow(self, clause: Clause, quantity: Quantity) -> FactWords | None:
        """The fact that a figure without a name belongs to: the topic left open, the figure corrected, the year before."""
        if self._open and _fits(self._open, quantity):
            return self._open
        if self._last_figure is None or not _fits(self._last_figure[0], quantity):
            return None
        words, sentence = self._last_figure
        if self._correcting or (sentence == clause.sentence and any(year in clause.text for year, _ in _YEARS)):
            return words
        return None

    def _figure(
        self, clause: Clause, words: FactWords, quantity: Quantity, start: int, end: int, rather: bool = False
    ) -> bool:
        if quantity.value is None or not _fits(words, quantity):
            return False
        rank = max((rank for year, rank in _YEARS if year in clause.text), default=2) if not rather else 9
        if self._correcting:
            rank = 9
        around = clause.text[max(0, start - 4) : end + 4]
        approximate = quantity.approximate or hedged(around)
        paths = self._state(words, quantity.value, clause, start, end, approximate, rank)
        self._last_figure = (words, clause.sentence)
        self._said.append(_Said(words, paths, clause.start + start))
        return True


def _fits(words: FactWords, quantity: Quantity) -> bool:
    if quantity.kind not in _KINDS.get(words.fact.type, ()):
        return False
    if quantity.kind is not Kind.NUMBER or quantity.scaled:
        return True
    return isinstance(quantity.value, Decimal) and quantity.value >= _LEAST_BARE


def _cue(quantity: Quantity, cues: list[Mention], text: str, quantities: list[Quantity]) -> Mention | None:
    """The name beside ``quantity``: the nearest before it, else the one that follows at once."""
    fitting = [c for c in cues if c.word is None or (isinstance(c.word, FactWords) and _fits(c.word, quantity))]
    behind = [
        c
        for c in fitting
        if quantity.end - 1 <= c.start <= quantity.end + 3
        and not any(quantity.end <= q.start < c.start for q in quantities)
    ]
    ahead = [c for c in fitting if c.end <= quantity.start + 2 and c.start < quantity.at]
    if ahead:
        nearest = max(ahead, key=lambda c: (c.end, c.word is not None))
        gap = text[nearest.end : quantity.start]
        if not behind or len(gap) <= _NEAR:
            return nearest
    return min(behind, key=lambda c: c.start) if behind else None


def _denied_choice(text: str, mention: Mention, own: list[Mention]) -> bool:
    left = max((m.end for m in own if m.end <= mention.start), default=0)
    right = min((m.start for m in own if m.start >= mention.end), default=len(text))
    before, after = text[left : mention.start], text[mention.end : right]
    return denied(before, "", "") or (right < len(text) and bool(re.match(r"(?:的)?(?:还|也|都)?(?:没|不|未)", after)))


def _span(text: str, mention: Mention, outcome: Verdict) -> tuple[int, int]:
    """The words that show ``outcome``: the mention's, and where it is denied all of a short clause."""
    if outcome is Verdict.YES or len(text) > 24:
        return mention.start, mention.end
    return 0, len(text)
