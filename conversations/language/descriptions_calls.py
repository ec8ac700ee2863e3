"""What the items of a list are called in a description, and which item a call means: B座, 新密那个, 冷链的.

The items get their calls from the words in which they are counted, placed or told apart; how calls look is the business
of ``labels``. Knows no policy.
"""

from itertools import pairwise

from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_counts import of_all
from conversations.language.descriptions_kinds import kind_alone, kind_behind, names_item, says_so
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_places import AFTER_CALL, ours_behind, stands_elsewhere
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_turns import EVERY
from conversations.language.descriptions_words import THAT_ONE, FactWords, Mention, Said, as_one, pointed_at
from conversations.language.labels import (
    alike,
    by_letters,
    heads_in,
    known_in,
    labels_in,
    listed_behind,
    listed_in,
    placed,
    points,
    same,
    size_meant,
    told_as,
)
from conversations.language.numerals import digit
from conversations.language.ordinals import ALL, ANOTHER, ORDINAL
from conversations.language.ownership import bare
from knowledge.patterns import regex

_PAIRED = regex(r"(?:类|业|的)*(?:那个)?[和跟与、及](?:类|业|的)*")
_EVEN = regex(r"(?![^,]*(?:[两俩三仨四几个座栋幢家全们些笔位台]|它|我))[\u4e00-\u9fff]{2,4}都还?没")
_CALLS_ALONE = regex(r"(?:分别(?:是|叫)|[^,、和与跟及]{1,6}(?:[、和与跟及]|以及)?)+")
_ONLY_CALLS = regex(r"(?:分别(?:是|叫)|[^,、和与跟及]{1,6}(?:[、和与跟及]|以及))*[^,、和与跟及]{1,6}")
_MADE = r"承[担建]|自建|自研|开发|打造|建[成设]|[建搞做弄]了?一?[个套的]|[建搞弄]了"
_BUILT = regex(rf"^(?:我们|俺们?|咱们?|是)*(?:做|搞|开发)|{_MADE}|[有投]了?一?[个套]")
_MADE_ONE = regex(_MADE)
_OUR_OWN = regex(  # 我们教育行业的平台, 我们那个城市共同配送平台
    r"(?:我们?|俺们?|咱们?|我司|本公司|公司)(?:自己|自家|公司)?(?:(?:的|这个|那个)*(?:[“「][^”」]{1,20}[”」])?$|(?:这|那)个[^,是有在]{0,6}$)"
)
_SO_MANY = regex(  # 手上有两栋, 手上A座B座两栋
    r"(?:我们?|俺们?|咱们?|公司|手[上里头]|名下|目前|现在|一共|总共|合计|共|分|有|是|管着?)+[^,:的]{0,12}?(?<![第每])([两俩二三仨四五2-5])(?:(?<=[俩仨])|[个座栋幢家处])(?:$|[:,])"
)
_FILED = regex(r"(?:报的?是|属于?|按照?|归到?|(?:行业|类别|领域|方向)(?:是|为|:))$")
_IS_OF_KIND = regex(r"(?:本身|这边|那个|这个|就|也)*(?:是|算)(?:做|搞)?$")  # 项目是文旅类的
_ENTERED = regex(r"[^,:]{0,4}(?:行业|类别|领域|方向)(?:是|为|:)")
_OF_PLACE = regex(r"(?:这边|那边)?(?:的|嘞|哩|(?=那))(?:那|这)?(?:个|座|栋|幢|处)?")
_AT_PLACE = regex(r"(?:这边|那边)?(?:的|嘞|哩)(?:那个)?")
_BESIDE = regex(r"(?:那?[个座栋幢处边])?(?:[、和与跟及同]|以及)?")
_TRADE_OF = regex(r"[做搞干弄]")  # 做信息技术的: what somebody does, and not of which kind a thing is
_FIRST_TOLD = regex(
    r"((?!我|俺|咱|一[个座栋]|第|每|另|其)[^,、的是有\d一二两三四五六七八九十]{2,8})的(?=(?:面积|办公|大概|约|总投资?|投了?)*(?:\d|[一二两三四五六七八九十][千百万])|(?:[去前今]年|20\d\d年)[^,]{0,6}[评批认升])"
)
_TOLD_OF = regex(r"(?P<name>[^,投入列选进的]{2,6}?)(?=总?投|入选|列入|选进|进了)")
_NEAR, _FEWEST, _NAME = 8, 2, 14
# So many sentences after its kind was told a thing may come into being: 搞了个追溯平台。总投资1600万。入选了试点
_SOON = 2


class Calls:
    """The calls of the items of one text; ``astray``: the clause last looked at calls an item that is not known."""

    def __init__(self, lexicon: Lexicon, draft: Statements) -> None:
        self.astray = False
        self._placed: dict[str, set[str]] = {}  # the calls that are places, by subject
        self.heralded: tuple[int, FactWords, Statement] | None = (
            None  # until which sentence, what a thing made is, that may be an item
        )
        self._lexicon = lexicon
        self._draft = draft

    def parts(self, text: str, subject: str) -> set[int]:
        """Where a clause goes on to another item: A座办公1.3万平|B座9000平."""
        if self._draft.items[subject].count < 2 or _ONLY_CALLS.fullmatch(text):
            return set()
        return {calls[1][0] for calls in pairwise(self.within(text, subject)) if _apart(text, calls)}

    def pointed(self, text: str) -> str | None:
        """中行那笔: the list of which one item was told in the words that a clause points with, or whose items were only counted
        before a clause calls one; None where none is meant."""
        calls = [label for at, label in labels_in(text) if points(text, label, at)]
        items = self._draft.items.items()
        told = [subject for subject, own in items for words in own.words.values() if any(c in words for c in calls)]
        told = told or [subject for subject, own in items if own.fresh and own.count > 1 and labels_in(text)]
        return told[0] if len(told) == 1 else None

    def even(self, text: str, subject: str) -> bool:
        """公示都没出呢: whether 都 says of the one thing spoken of that not even that is so, and not that all are alike."""
        items = self._draft.items[subject]
        return len(items.current) == 1 and not items.carried and bool(_EVEN.match(text))

    def counted(self, clause: SpokenClause, subject: str) -> bool:
        """惠济、荥阳、上街三个电商园: whether the clause counts things by what they are called, as they are from now on."""
        count, calls = listed_in(clause.text)
        items = self._draft.items[subject]
        if count:
            items.expect(count)
            for index, (at, call) in enumerate(calls):
                items.current = (index,)
                items.names[call] = index
                self._call(call, clause, at, subject)
            items.current = tuple(range(count)) if ALL.search(clause.text) else ()
        return bool(count)

    def recount(self, clause: SpokenClause, subject: str) -> bool:
        """我们管电商楼宇，手上有两栋: whether the clause counts the things just named, of which nothing is told yet."""
        count = _SO_MANY.match(clause.text)
        items = self._draft.items[subject]
        if not count or items.count != 1 or self._draft.tells_of(f"{subject}."):
            return False
        if not self.counted(clause, subject):
            items.expect(digit(count[1]))
        return True

    def name_all(self, clause: SpokenClause, subject: str) -> None:
        """报了俩：冷链平台、同城快配: what each of those just counted is called, where a clause says no more."""
        items = self._draft.items[subject]
        calls = listed_behind(clause.text) if items.fresh and not items.names else []  # 有俩试点:茶叶网、药材网
        if len(calls) == items.count > 1:
            for index, (_, call) in enumerate(calls):
                items.call(index, call)

    def place(self, clause: SpokenClause, subject: str) -> bool:
        """另一栋在南阳路: whether the clause tells where the item stands, which is called by that from now on."""
        items = self._draft.items[subject]
        unnamed = len(items.current) == 1 and items.current[0] not in items.names.values()
        place = placed(clause.text) if unnamed else None
        if place is None or self._lexicon.chosen_in(clause.text, subject):  # 一个农业的
            return False
        at, call = place
        items.names[call] = items.current[0]
        self._call(call, clause, at, subject)
        return at + len(call) >= len(clause.text) - 1

    def by_place(self, clause: SpokenClause, end: int | None, subject: str) -> int | None:
        """The item that a clause tells by its place alone, up to the thing's name at ``end`` (中原区的园区) or at its own
        head (经开的还没认定): the one called so, or the next one; None where it names no place."""
        items = self._draft.items[subject]
        if self._lexicon.places is None or items.count > 1 or items.fresh:
            return None
        for match in self._lexicon.places.finditer(clause.text):
            call = clause.text[match.start() : match.end()]
            if _OF_PLACE.fullmatch(clause.text, match.end(), end) if end else _AT_PLACE.match(clause.text, match.end()):
                if end is None and (match.start() or not self._placed.get(subject)):
                    continue
                known = same(call, [name for name in items.names if name in self._placed.get(subject, ())])
                if known is None and items.count and not self._placed.get(subject):
                    return None
                self._placed.setdefault(subject, set()).add(call)
                items.names.setdefault(call, items.count)
                return items.names[known or call]
        return None

    def elsewhere(self, text: str, subject: str) -> bool:
        """惠济那个: whether a clause points at a thing in another place than the one there is."""
        ours = stands_elsewhere(self._lexicon.places, self._draft.items[subject], text)
        self.astray |= ours is False
        return ours is not None

    def within(self, text: str, subject: str) -> list[tuple[int, str]]:
        """What the several items of ``subject`` are called in a clause: by what they were called before, or anew."""
        items = self._draft.items[subject]
        if items.count < 2:
            return []
        known = known_in(text, items.names)
        chosen = self._lexicon.chosen_in(text, subject) + self._lexicon.facts_in(text, subject, "")
        new = [
            (at, label)
            for at, label in dict.fromkeys([*labels_in(text), *self._told_in(text, subject)])
            if not any(at <= m.start < at + len(label) for m in chosen)
            and not any(at <= place < at + len(label) or place <= at < place + len(name) for place, name in known)
        ]
        return sorted([*known, *new])

    def _told_in(self, text: str, subject: str) -> list[tuple[int, str]]:
        """What a clause calls an item by in words in which it, and no other, was spoken of: 冷链的没列上."""
        items = self._draft.items[subject]
        words = items.words
        if items.fresh and len(items.names) < items.count and (found := _FIRST_TOLD.match(text)):
            return [(0, found[1])]  # 三栋：航海路的12000平
        return [(at, call) for at, call in heads_in(text) if sum(call in told for told in words.values()) == 1]

    def turn(self, clause: SpokenClause, subject: str) -> int | None:
        """Turn to the item that the clause calls by what tells it apart (新密那个, B座), as it is called from now on.

        Returns where the clause goes on behind the call that it begins with (0 where it begins with none), None where it
        calls none.
        """
        if (end := self._by_value(clause.text, subject)) is not None:
            return end
        called = self.within(clause.text, subject)
        items = self._draft.items[subject]
        if (end := self._together(clause.text, called, subject)) is not None:
            return end
        if not called or (len(called) > 1 and not _CALLS_ALONE.fullmatch(clause.text)):
            return None
        for at, label in called:
            like = same(label, list(items.names))
            if like is None and len(items.names) == items.count and points(clause.text, label, at):
                like = alike(label, list(items.names))
            if like is None:
                free = self._meant(label, subject) or self._new_one(subject)
                free = free or ([items.count] if ours_behind(clause.text, at + len(label)) else [])
                if not free and points(clause.text, label, at):  # 中牟那个: none of those that we know
                    items.current = ()
                    self.astray = True
                    break
                if not free:
                    return None
                items.turn_to(free[0])
                if not size_meant(label):
                    items.names[label] = free[0]
                    self._call(label, clause, at, subject)
            else:
                items.turn_to(items.names[like])
        if len(called) > 1:
            if (end := self._together(clause.text, called, subject)) is not None and end < len(clause.text):
                return end  # A栋和B栋都认定了: of both
            items.current = ()
        begins = len(called) == 1 and called[0][0] == 0
        found = AFTER_CALL.match(clause.text, _written(clause.text, *called[0])) if begins else None
        return found.end() if found else 0

    def learn(self, clause: SpokenClause, subject: str) -> bool:
        """1、花园路那栋: the one item that is spoken of is called so from now on; true."""
        items, called = self._draft.items[subject], self.within(clause.text, subject)[:1]
        for at, label in called if len(items.current) == 1 else ():
            if at == 0 and label not in items.names:
                items.names[label] = items.current[0]
                self._call(label, clause, at, subject)
        return True

    def begun(self, text: str, subject: str | None) -> int:
        """Where a clause goes on behind the name of the item of ``subject`` that it begins to tell of."""
        names = self._draft.items[subject].names if subject else {}
        call = next((name for name in sorted(names, key=len, reverse=True) if text.startswith(name)), "")
        found = AFTER_CALL.match(text, len(call))
        return found.end() if found and call else 0

    def _by_value(self, text: str, subject: str) -> int | None:
        """新建那个按期竣工了: turn to the one of several things of which it was told that it is so, or to none where it was told of
        none or of more; returns where the clause goes on."""
        items = self._draft.items[subject]
        if items.count < _FEWEST or "那" not in text:
            return None
        label = next((label for at, label in labels_in(text) if at == 0 and points(text, label, 0)), "")
        if not label or known_in(text, items.names):
            return None
        for mention in self._lexicon.facts_in(label, subject, ""):
            words = mention.word
            if isinstance(words, FactWords) and words.subject == subject and words.fact.type == "bool":
                paths = [f"{subject}.{index}.{words.fact.name}" for index in range(items.count)]
                so = [at for at, path in enumerate(paths) if self._draft.value(path) is not mention.denied]
                so = [at for at in so if self._draft.value(paths[at]) is not None]
                items.current = tuple(so) if len(so) == 1 else ()
                found = AFTER_CALL.match(text, len(label))
                return found.end() if found else 0
        return None

    def _together(self, text: str, called: list[tuple[int, str]], subject: str) -> int | None:
        """航海路和龙湖都没认定: turn to all that a clause calls at its head side by side; returns where it goes on."""
        if lettered := by_letters(text, list(self._draft.items[subject].names)):
            items = self._draft.items[subject]
            items.current = tuple(items.names[name] for name in lettered[0])
            return lettered[1]
        if len(called) < 2 or called[0][0] or any(_apart(text, calls) for calls in pairwise(called)):
            return None
        items = self._draft.items[subject]
        names = list(items.names)
        all_named = len(names) == items.count
        known = [like for _, c in called if (like := same(c, names) or (alike(c, names) if all_named else None))]
        if len(known) < len(called):
            return None
        items.current = tuple(dict.fromkeys(items.names[label] for label in known))
        last, label = called[-1]
        found = AFTER_CALL.match(text, _written(text, last, label))
        return found.end() if found else None

    def _new_one(self, subject: str) -> list[int]:
        """再加一个，长椿路那个…: the item that was just added, of which nothing is said yet."""
        items = self._draft.items[subject]
        here = items.current[0] if len(items.current) == 1 else 0
        bare = bool(items.current) and not self._draft.tells_of(f"{subject}.{here}.")
        bare &= here not in items.names.values()
        return [here] if bare and here == items.count - 1 and not items.fresh else []

    def _meant(self, label: str, subject: str) -> list[int]:
        """Which items a new call may mean: the one in whose words it stands; while they are new, or nothing is told of them,
        those without a name."""
        items = self._draft.items[subject]
        told = [index for index in range(items.count) if label in items.words.get(index, "")]
        if len(told) == 1:
            return told
        if (size := size_meant(label)) and (ranked := self._draft.by_size(subject, self._lexicon.plain_of(subject))):
            return [ranked[-1] if size > 0 else ranked[0]]
        untold = [n for n in range(items.count) if not self._draft.tells_of(f"{subject}.{n}.")]
        rest = [n for n in range(items.count) if items.fresh and n not in untold]
        return [n for n in (*untold, *rest) if n not in items.names.values()]

    def _call(self, label: str, clause: SpokenClause, at: int, subject: str) -> None:
        """Have the item spoken of called ``label``."""
        self.state_name(subject, label, clause.start + at)

    def state_name(self, subject: str, call: str, start: int) -> None:
        """State that the item spoken of has the name ``call``, which stands at ``start`` of the text."""
        name = next((noun.name for noun in self._lexicon.nouns if noun.subject == subject), None)
        if name is not None:
            self._draft.state(name, Statement(call, start, start + len(call)))

    def by_identity(
        self, clause: SpokenClause, said: list[Said], focus: str, correcting: bool, pinned: bool, told: bool
    ) -> int:
        """Turn to the item of ``focus`` that the clause tells apart by a choice: 物流的投了…, 农业那个…, 农业试点…; returns where it
        goes on behind a call that it begins with (0 where it begins with none).

        ``pinned``: its sentence began with an item told by number or call; ``told``: the clause just before told which.
        """
        end = 0
        for words in (*self._lexicon.identifying, *self._lexicon.pointing(focus, clause.text, THAT_ONE)):
            subject = words.subject
            several = subject == focus and len(self._draft.items[subject].current) > 1
            of_each = several and (EVERY.match(clause.text) or of_all(self._lexicon, clause.text, subject))
            if subject != focus or ORDINAL.search(clause.text) or of_each:  # 都是物流的 · 引进了两位博士
                continue
            chosen = pointed_at(clause.text, as_one(words.chosen(clause.text)))
            items = self._draft.items[subject]
            if len(chosen) > 1 and _PAIRED.search(text := clause.text[chosen[0].end : chosen[-1].start]) and text:
                held = [self._draft.value(f"{subject}.{index}.{words.fact.name}") for index in range(items.count)]
                if all(mention.choice in held for mention in chosen):
                    items.current = tuple(held.index(mention.choice) for mention in chosen)
                continue
            if len(chosen) != 1 or not items.count or ANOTHER.search(clause.text):
                continue
            of_pinned = chosen[0].start > 0 or kind_alone(clause.text, chosen)
            if pinned and of_pinned and not THAT_ONE.match(clause.text, chosen[0].end):
                continue
            known = [self._draft.value(f"{subject}.{index}.{words.fact.name}") for index in range(items.count)]
            single = len(items.current) == 1
            if told and single and kind_alone(clause.text, chosen):
                continue  # 一个鲜花平台，农业类
            told_wrong = correcting and single and chosen[0].choice not in known
            if told_wrong or known.count(chosen[0].choice) > 1:
                continue  # 一个博士，不对，是硕士 · what several are
            if chosen[0].choice in known:
                items.turn_to(known.index(chosen[0].choice))
                behind = None if chosen[0].start else AFTER_CALL.match(clause.text, chosen[0].end)
                end = behind.end() if behind and behind[0] else 0
            elif names_item(clause, chosen[0], said) and items.current and known[items.current[0]]:
                items.turn_to(known.index(None) if None in known else items.count)
            elif items.count > 1 and None in known and not (single and known[items.current[0]] is None):
                items.turn_to(known.index(None))
        return end

    def herald(self, clause: SpokenClause, words: FactWords, own: list[Mention]) -> None:
        """自建的冷链平台，…入选试点: what a thing is that soon turns out to be the first item."""
        items = self._draft.items[words.fact.subject]
        if not items.count and len({m.choice for m in own}) == 1 and self._builds(clause.text, words, own):
            entry = Statement(own[0].choice or "", clause.start + own[0].start, clause.start + own[0].end)
            alone = kind_alone(clause.text, own) and not _TRADE_OF.match(clause.text)
            if _ENTERED.fullmatch(clause.text, 0, own[0].start) or alone:
                self._draft.state(words.fact, entry)  # 行业：物流业: of the item that the form is about
            soon = _SOON if _MADE_ONE.search(clause.text, 0, own[0].end) else 0
            self.heralded = (clause.sentence + soon, words, entry)
        elif self.heralded and not own and self.heralded[1] is words and clause.sentence <= self.heralded[0]:
            self.bring_in(words.fact.subject)

    def bring_in(self, subject: str) -> None:
        """State what was heralded of the item of ``subject`` that is spoken of now."""
        _, words, entry = self.heralded or (0, None, None)
        if words is None or entry is None or words.subject != subject:
            return
        if not any(self._draft.value(path) is not None for path in self._draft.paths(words.fact)):
            self._draft.state(words.fact, entry)
            self.heralded = None

    def _builds(self, text: str, words: FactWords, own: list[Mention]) -> bool:
        """Whether ``text`` says that a thing of such a choice was made, or is filed as one: 搞了个跨境平台, 按物流业报的."""
        names = next((noun.names for noun in self._lexicon.nouns if noun.subject == words.fact.subject), ())
        before, behind = text[: own[0].start], text[own[0].start : own[-1].end + _NEAR]
        bare_name = own[0].start == 0 and len(text) <= _NAME and text.endswith(names)  # 文化创意电商平台
        told = own[0].start == 0 and _TOLD_OF.match(text, own[-1].end)
        named = bare_name or (told and told["name"].endswith(names))  # 苗木交易平台投了1350万
        if (
            named
            or kind_alone(text, own)
            or any(_FILED.search(text[: m.start]) for m in own)
            or bare(text, own[0].start, own[-1].end + kind_behind(text, own))
        ):
            return True
        if any(name in before and _IS_OF_KIND.fullmatch(before, before.rfind(name) + len(name)) for name in names):
            return True
        return bool(_BUILT.search(text, 0, own[0].end) or _OUR_OWN.match(before)) and any(
            name in behind for name in names
        )

    def identify(self, clause: SpokenClause, words: FactWords, own: list[Mention], correcting: bool) -> None:
        """What tells the items apart: one choice for the item spoken of, or as many as there are, one for each.

        What is told already is another's choice, where it is not said to be put right: 另外物流那边…
        """
        choices = list({m.choice: m for m in own}.values())
        held = {value for path in self._draft.paths(words.fact) if (value := self._draft.value(path)) is not None}
        if len(choices) == 1 and held - {choices[0].choice} and not (correcting or says_so(clause.text, own)):
            entry = Statement(own[0].choice or "", clause.start + own[0].start, clause.start + own[0].end)
            self.heralded = (clause.sentence, words, entry)
            return
        items = self._draft.items[words.fact.subject]
        targets = [(index,) for index in range(items.count)] if len(choices) > 1 else [items.current]
        if len(choices) == len(targets) and (len(choices) == 1 or not items.current):
            spoken_of = items.current
            ends = [*(mention.start for mention in choices[1:]), len(clause.text)]
            for items.current, mention, end in zip(targets, choices, ends, strict=True):
                if len(choices) > 1 and (
                    call := told_as(clause.text[mention.start : end], mention.end - mention.start)
                ):
                    items.call(items.current[0], call)
                if mention.choice:
                    entry = Statement(mention.choice, clause.start + mention.start, clause.start + mention.end)
                    self._draft.state(words.fact, entry)
            items.current = spoken_of


def _written(text: str, at: int, label: str) -> int:
    """Where a call ends that stands at ``at`` of ``text``, be it only a part of ``label``: B座, of 航海路B座."""
    return next((at + n for n in range(len(label), 0, -1) if text[at : at + n] in label), at)


def _apart(text: str, calls: tuple[tuple[int, str], tuple[int, str]]) -> bool:
    """Whether more stands between two calls than what joins names."""
    (start, call), (following, _) = calls
    return not _BESIDE.fullmatch(text, _written(text, start, call), following)
