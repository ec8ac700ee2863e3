"""Which things of the lists a description speaks of: whether they are the enterprise's own, and which item is meant.

Items are told apart by number (第二个, 另一个), by name (「…」) and by what identifies them (物流的那个). Knows no
policy: the nouns come from the lexicon.
"""

from collections.abc import Mapping

from conversations.language import ownership
from conversations.language.descriptions_calls import Calls
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_counts import COUNT, ONE, apart, count_beside, of_all, one_more
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_none import denied_thing
from conversations.language.descriptions_numbers import Counting, by_ordinal, the_others
from conversations.language.descriptions_places import within_ours
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_wondered import Aside, Wondering
from conversations.language.descriptions_words import THAT_ONE, Mention, Noun, Said, alone_in
from conversations.language.focus import Focus
from conversations.language.labels import Name, goes_on, known_in, names_in
from conversations.language.numerals import digit
from conversations.language.ordinals import ALL, ANOTHER, ORDINAL, THE_REST, marks
from conversations.language.quantities import Quantity, UnitKind
from knowledge.patterns import regex

_FIRST = regex(r"(?:而|但|不过)?(?:我们?|俺们?|咱们?|公司|本公司|我司)")
_OUR_PART = regex(rf"{_FIRST.pattern}|[^,]{{0,4}}这[块边]")
_IS_IT = regex(r"(?:而|应该|其实|准确说)*(?:是|不|其中|另|国家|给|拨|补)")
_EACH = regex(r"(?:还有|外?加|再加?|另|[和跟]|以及)?一[个座栋幢家处]")
_THAT_THING = regex(r"那[栋座个幢](?!园)")
_NAMING = regex(r"(?:也|就|它|全称|名字?|名称|项目|园区?|楼)*(?:叫[做作]?|取名|名为|称[作为])")
_INSIDE = regex(r"(?:[我俺咱]们?|这|整)?[个座栋]?(?:园区?|基地|楼|大厦)?(?:里[面头边]?|内)(?!程)")
_NOT_APPLIED = regex(r"(?:这块|的)?[也都还倒]*[没未]有?(?:去|往上)?[申填上]?报(?:名|的|呢)?")  # 试点没报
_BESIDE = ("、", "和", "与", "跟", "及", "以及")
_TOLD = 5  # the name of a thing with as many characters tells which one it is


class Listing:
    """The items of one text; ``focus`` is the list subject that it is speaking of."""

    def __init__(self, lexicon: Lexicon, draft: Statements, text: str) -> None:
        self.focus: str | None = None
        self.begun = -1  # where an entry of a list begins, which tells of the item that was turned to
        self.label_end = 0
        self.calls = Calls(lexicon, draft)
        self.placing = False  # the clause tells by its place which item is spoken of: 一个登封的
        self._heralded = -1  # the sentence in which there was another one, not said of what
        self._pinned = -1  # the sentence that began with an item told by number or call
        self.abroad = False  # a thing that is somebody else's is spoken of
        self.held: str | None = None  # the list whose items are told apart before, by what they are called
        self._lexicon, self._draft = lexicon, draft
        self._theirs: str | None = None
        self._foreign: set[str] = set()  # spoken of, and not the enterprise's own
        self._counting = Counting(text)
        self._described: dict[str, int] = {}  # the sentence in which an item was last named
        self._beheld: tuple[int, Noun] | None = None  # a thing just named, not said whose
        self._before, self._sentence = "", -1  # the clause before, and its sentence
        self._presumed: Noun | None = None  # a thing just taken for ours, of which nothing says whose it is
        self._aside = Aside(lexicon)
        self._announced = False  # it was said that we run what is told one by one
        self._told = -2  # where the clause ended that told which thing is spoken of
        self.wondering = Wondering(lexicon, draft, self.calls)

    def resume(self, focus: Focus) -> None:
        """Go on with the list that was spoken of before the text."""
        self.focus = focus.item[0] if focus.item else focus.listing or self._draft.untold
        self.wondering.lists |= {focus.listing} if focus.listing else set[str]()

    def unstated(self, clause: SpokenClause) -> None:
        """A thing that is only planned, asked about or somebody else's is spoken of from now on, and is no item."""
        nouns = self._lexicon.nouns_in(clause.text)
        self.wondering.hear(clause, nouns)
        for mention in nouns:
            if isinstance(mention.word, Noun):
                items = self._draft.items[mention.word.subject]
                aspires = clause.stance is Stance.INTENDED and ownership.ours_already(clause.text, mention.start)
                if aspires and not items.count:
                    self.focus = mention.word.subject
                    items.turn_to(0)  # 我们的电商园想评国家级
                    continue
                if clause.stance is Stance.OTHERS or not items.count:
                    items.current = ()
                    self.focus = mention.word.subject
                    self._theirs = mention.word.subject if clause.stance is Stance.OTHERS else None

    def stated(self, clause: SpokenClause, nouns: list[Mention], correcting: bool = False) -> list[Said]:
        """Turn to the items that a stated clause speaks of, one that is ``correcting`` to none that is new."""
        text = clause.text
        self.label_end = self.calls.begun(text, self.focus) if clause.start == self.begun else 0
        self.calls.astray = self.placing = False
        self.abroad = self.abroad and not _FIRST.match(text)
        if clause.start == self.begun and clause.sentence != self._sentence:  # the entry's own sentence
            self._pinned = clause.sentence
        self._sentence = clause.sentence
        self._announced = self._announced or ownership.ours_to_come(text)
        names = (name for name in names_in(text) if not self._lexicon.names_firm(text, name[2] - 1))
        named = [name for name in names if not self._lexicon.is_no_name(name[0])]
        counts = {subject: items.count for subject, items in self._draft.items.items()}
        said, spoken, named = self._things(clause, nouns, named)
        self._disclaim(clause, bool(spoken))
        built = ownership.built_as(text) and self._lexicon.decoys_in(text)
        if not spoken and (ownership.of_other_premises(text) or built):
            self._leave_all()
        elif not spoken and not self._holds():
            self._heralded = clause.sentence if ANOTHER.search(text) and not self.focus else self._heralded
            self._claim(clause)
            self._recall(text)
        if not self._holds():
            self._turn_by_words(clause, said, named, bool(spoken), correcting)
        self._theirs, self._before, self._presumed = None, text, self._unclaimed(text, nouns, counts)
        self._aside.hear(clause, self.focus, bool(said))
        self._told = clause.start + len(text) if said or _EACH.match(text) else -2
        self._draft.hear(text)
        return said

    def _things(
        self, clause: SpokenClause, nouns: list[Mention], named: list[Name]
    ) -> tuple[list[Said], set[str], list[Name]]:
        """Turn to the things that the clause names: what it says of them, the lists of all of them, and those of the names in
        it that may be one of ours."""
        text = clause.text
        said, said_until, spoken = list[Said](), 0, set[str]()
        for mention in nouns:
            noun = mention.word
            if not isinstance(noun, Noun) or noun.subject in spoken:
                continue
            spoken.add(noun.subject)
            if denied_thing(self._lexicon, self._draft, clause, mention, nouns):
                spoken -= {noun.subject} if self.calls.within(text, noun.subject) else set[str]()  # 西楼没有: of it
                continue
            self.focus, self.abroad = noun.subject, False
            beside = bool(said) and text[said_until : mention.start] in _BESIDE
            said_until = mention.end
            if not beside and not clause.related and not self._ours(text, mention, noun):
                only = self._draft.items[noun.subject].count == 1 and self._lexicon.of_item(text, mention)
                another = ownership.not_ours(text) or ownership.of_no_such_kind(text[: mention.start])
                if not self._draft.items[noun.subject].count or (another and not only):
                    self._leave(clause, noun)
                    named = []
                continue
            added, self._beheld = self._turn(clause, mention, noun.subject, bool(named)), None
            alone = ownership.bare(alone_in(text, mention, nouns), mention.start, mention.end)
            said.append(Said(noun, (), clause.start + mention.start, alone, added))
        return said, spoken, named

    def _disclaim(self, clause: SpokenClause, told: bool) -> None:
        """园区叫金谷，我们租的办公室: the thing just taken for ours is not."""
        if not told and self._presumed and ownership.tenants_ourselves(clause.text):
            self._draft.drop_item(self._presumed.subject)
            self._leave(clause, self._presumed)

    def _turn_by_words(
        self, clause: SpokenClause, said: list[Said], named: list[Name], told: bool, right: bool
    ) -> None:
        """Turn to the items that the clause tells by number, call, name or place; ``told``: it names things; ``right``: it corrects."""
        subject = None if told else self.focus
        before = {own: items.count for own, items in self._draft.items.items()}
        if subject and self.calls.recount(clause, subject):
            said += [Said(noun, (), clause.start) for noun in self._lexicon.nouns if noun.subject == subject][:1]
        if subject and self._draft.items[subject].count and self._about(subject, clause.text):
            self._by_number(clause, subject)
        if self.focus:
            self.calls.name_all(clause, self.focus)
        for name, start, end in named:
            self._name(name, clause, start, end)
        if self.focus:
            if not named:
                told_now = self._told == clause.start - 1
                end = self.calls.by_identity(clause, said, self.focus, right, self.pinned(clause), told_now)
                self.label_end = self.label_end or end
            self.placing = self.calls.place(clause, self.focus)
        more = {own for own, items in self._draft.items.items() if items.count == before[own] + 1}
        if not any(each.added for each in said):  # 还有个在商丘 | 是人家管
            said += [Said(n, (), clause.start, added=True) for n in self._lexicon.nouns if n.subject in more]

    def _holds(self) -> bool:
        """Whether the list that is spoken of has its items told apart before."""
        return self.held is not None and self.focus == self.held

    def _recall(self, text: str) -> None:
        """An item called by its name, or by what tells it apart (农业那个), is spoken of again, whatever was since."""
        for subject, items in self._draft.items.items():
            if subject != self.focus and items.count and known_in(text, items.names):
                self.focus = subject
        self.focus = self.calls.pointed(text) or self._lexicon.this_one(text, self._draft.counted) or self.focus
        for words in self._lexicon.identifying:
            subject = words.subject
            if subject != self.focus:
                chosen = words.chosen(text)
                paths = [f"{subject}.{index}.{words.fact.name}" for index in range(self._draft.items[subject].count)]
                if len(chosen) == 1 and THAT_ONE.match(text, chosen[0].end):
                    known = [self._draft.value(path) for path in paths]
                    self.focus = subject if known.count(chosen[0].choice) == 1 else self.focus

    def _unclaimed(self, text: str, nouns: list[Mention], before: Mapping[str, int]) -> Noun | None:
        """What ``text`` names of which there is one more than ``before``, though nothing says that it is ours."""
        own = (m.word for m in nouns if isinstance(m.word, Noun) and m.word.owned and not m.word.owned.search(text))
        return next((noun for noun in own if self._draft.items[noun.subject].count > before[noun.subject]), None)

    def _leave(self, clause: SpokenClause, noun: Noun) -> None:
        """The thing that is spoken of is not known to be the enterprise's own."""
        self._draft.items[noun.subject].current = ()
        self.focus, self.abroad = None, True
        self.wondering.named |= set[str]() if ownership.not_ours(clause.text) else {noun.subject}
        self._foreign.add(noun.subject)
        self._beheld = (clause.sentence, noun)

    def disown(self) -> None:
        """The one thing of the list that is spoken of is somebody else's."""
        items = self._draft.items[self.focus] if self.focus else None
        if items and self.focus and items.count == 1 and not items.carried:
            self._foreign.add(self.focus)
            self._draft.clear(self.focus)
            self._leave_all()

    def _leave_all(self) -> None:
        """What is spoken of is none of the things of the lists."""
        self.focus = None
        for items in self._draft.items.values():
            items.current = ()

    def _claim(self, clause: SpokenClause) -> None:
        """入驻率六成的大厦，是我们在管 · 隔壁的试点…，我们的…: the thing just named, or one like it, is ours."""
        ours = ownership.said_to_be_ours(clause.text) or ownership.run_by_us(clause.text)
        self.wondering.presumed -= {self.focus} if ours else set[str | None]()
        if self._beheld and self._beheld[0] == clause.sentence and ours:
            self.focus = self._beheld[1].subject
            self._beheld = None
        elif self._theirs and (ownership.begins_with_ours(clause.text) or self._back_to_ours(clause.text)):
            self.focus = self._theirs
            if items := self._draft.items[self.focus].count:  # 隔壁那个是国家试点，俺这个不是
                self._draft.items[self.focus].current = (items - 1,)
                return
        elif self.focus and not self._draft.items[self.focus].count and ownership.run_by_us(clause.text):
            pass  # 想问楼宇的奖励，我们自己管的一栋…
        else:
            return
        self._draft.items[self.focus].turn_to(self._draft.items[self.focus].count)
        self._draft.settle(self.focus)

    def _back_to_ours(self, text: str) -> bool:
        """国家级的是另一个园，我们评的是省级: whether a clause goes back from another's thing to the only one that is ours."""
        return bool(self._theirs and self._draft.items[self._theirs].count == 1 and _OUR_PART.match(text))

    def claimed(self, text: str) -> bool:
        """Whether a clause says, once more, of all things that are spoken of that they are ours: 都是我们管的."""
        return self.focus is not None and self._draft.items[self.focus].count > 0 and ownership.all_ours(text, 0) == 0

    def by_figure(self, clause: SpokenClause, quantities: list[Quantity], facts: list[Mention]) -> None:
        """三个：物流1600万、茶叶860万…: a figure of its own begins the next of the things that were counted."""
        items = self._draft.items[self.focus] if self.focus and self.counting else None
        named = any(m.numeric for m in facts) or self._lexicon.decoys_in(clause.text)
        if items is None or len(items.current) != 1 or named:
            return
        own = [w.fact for w in self._lexicon.facts if w.spoken.plain and w.fact.subject == self.focus]
        known = any(path in self._draft.facts for fact in own for path in self._draft.paths(fact))
        money = any((q.kind is UnitKind.MONEY or q.scaled) and q.start > 0 for q in quantities)
        told = _IS_IT.match(clause.text) or ORDINAL.search(clause.text)
        if known and money and not told and items.current[0] + 1 < items.count:
            items.turn_to(items.current[0] + 1)

    def _about(self, subject: str, text: str) -> bool:
        """Whether ``text``, which names no thing, says something of an item of ``subject`` (其中一个最高的 does not)."""
        items = self._draft.items[subject]
        inside = _INSIDE.match(self._before) or self._aside.within(self._sentence)
        if _NAMING.match(text) or (ANOTHER.search(text) and inside):
            return False  # 一个在航空港，叫智汇港: the one spoken of; 园里二十来家网店，还有个驾校: what is in it
        told = ORDINAL.search(text) or ANOTHER.search(text) or THE_REST.match(text) or marks(text, items.count)[0]
        if self.calls.elsewhere(text, subject):
            return False
        told = told or self.calls.within(text, subject) or (items.fresh and _EACH.match(text))
        of_item = any(m.of_item for m in self._lexicon.facts_in(text, subject, ""))
        return bool(told or of_item or self._lexicon.chosen_in(text, subject))

    def _ours(self, text: str, mention: Mention, noun: Noun) -> bool:
        before, after = text[: mention.start], text[mention.end :]
        count, owned = self._draft.items[noun.subject].count, noun.owned
        alone = ownership.bare(text, mention.start, mention.end)
        if ownership.somebody_elses(before, after, text) or (not count and _NOT_APPLIED.fullmatch(after)):
            return False
        if noun.tenant and ((noun.tenant.search(text) and not count) or (alone and noun.tenant.search(self._before))):
            return False  # 租用“…中心”（电商楼宇）
        claimed = ownership.called_ours(before, after, self._before) or within_ours(self._lexicon, self._draft, before)
        if _THAT_THING.match(text) and mention.start < len("那栋楼") and not (count or claimed):
            return False  # 租在电商楼宇里，那栋楼一万三千平
        if mention.within and owned and not count:
            return bool(owned.search(text) or owned.search(before)) or within_ours(self._lexicon, self._draft, before)
        if mention.ours or owned is None or count or (self._announced and not mention.within):
            return True
        one = not after and (_EACH.fullmatch(before) or COUNT.fullmatch(before)) and ONE.search(self._before)
        if claimed or any(map(owned.search, (text, before, self._before if one else ""))):  # 名下一个园区|一栋电商楼
            return True
        foreign = noun.subject in self._foreign or self._draft.spoken_of(noun.subject)
        named = ownership.named_alone(before, after) and not foreign
        self.wondering.presumed |= {noun.subject} if named else set[str]()
        return named or (ownership.bare(before, len(before), len(before)) and not foreign)

    def _turn(self, clause: SpokenClause, mention: Mention, subject: str, named: bool) -> bool:
        """Turn to the item of ``subject`` that the clause speaks of; whether that brought one into being."""
        if clause.start == self.begun or subject == self.held:
            self._described[subject] = clause.sentence
            return False
        items = self._draft.items[subject]
        before = items.count
        if not items.count and self.calls.counted(clause, subject):
            self._draft.settle(subject)
            return True
        count = count_beside(self._lexicon, clause.text, mention, subject)
        if count and clause.text[: count.start()][-1:] not in ("这", "那", "前", "后", "头", "面"):
            items.expect(digit(count[1]))
            if ALL.search(clause.text) or of_all(self._lexicon, clause.text, subject):
                items.current = tuple(range(items.count))
        elif not self._by_number(clause, subject, mention.start) and not named:
            besides = clause.text.startswith("除了", max(0, mention.start - 2))  # 除了园区还管着一栋楼
            if not items.count or (ANOTHER.search(clause.text) and not besides) or self._heralded == clause.sentence:
                items.turn_to(items.count)
                self._heralded = -1
            elif not items.current:
                items.turn_to(0 if items.fresh else items.count - 1)
            elif self._described_anew(clause, mention, subject):
                items.turn_to(items.current[0] + 1)
            self._described[subject] = clause.sentence
        if before == 0 and items.count:
            self._draft.settle(subject)
        return items.count > before

    def _described_anew(self, clause: SpokenClause, mention: Mention, subject: str) -> bool:
        """共两座：位于A的产业园…；位于B的创业园…: the next of those counted, in a sentence of its own."""
        items = self._draft.items[subject]
        more = items.fresh and len(items.current) == 1 and items.current[0] + 1 < items.count
        told = clause.text[: mention.start].endswith("的") or mention.end - mention.start >= _TOLD
        return more and told and self._described.get(subject, clause.sentence) < clause.sentence

    def _by_number(self, clause: SpokenClause, subject: str, end: int | None = None) -> bool:
        """Turn to the item that the clause tells by number, call or place (before its name at ``end``); whether it does."""
        items = self._draft.items[subject]
        text = clause.text
        if clause.start == self.begun:
            return self.calls.learn(clause, subject)
        if (at := self.calls.by_place(clause, end, subject)) is not None:
            items.turn_to(at)
            return True
        if (told := by_ordinal(items, text)) is not None:
            self._pinned = clause.sentence if told[0] else self._pinned
            self.label_end = told[1] or self.label_end
            return True
        if (end := self.calls.turn(clause, subject)) is not None:
            self.label_end, self._pinned = end, clause.sentence
            return True
        if (end := the_others(items, text)) is not None:
            self.label_end = end
            return True
        if items.count and (ANOTHER.search(text) or one_more(self._lexicon, text, subject)):
            following = items.current[0] + 1 if items.current else 0
            untold = self._draft.untold_of(subject)
            items.turn_to(following if items.fresh else untold[0] if untold and items.count > 1 else items.count)
            return True
        if self._counting.turn(items, clause, subject):
            return True
        if items.count > 1 and ALL.search(text) and not self.calls.even(text, subject):
            items.current = tuple(range(items.count))
            return True
        return False

    def pinned(self, clause: SpokenClause) -> bool:
        """Whether the clause's sentence began with an item told by number or call."""
        return self._pinned == clause.sentence

    @property
    def counting(self) -> bool:
        """Whether the things spoken of were only counted so far."""
        return self.focus is not None and not self._holds() and self._draft.items[self.focus].fresh

    def cuts(self, text: str) -> set[int]:
        """Where a clause goes on to another item."""
        own = self.calls.parts(text, self.focus) if self.focus and not self._holds() else set[int]()
        return own | apart(text) if self.counting else own

    def _name(self, name: str, clause: SpokenClause, start: int, end: int) -> None:
        """Turn to the item called ``name``, which gets that name where it is new."""
        noun = next((n for n in self._lexicon.nouns if n.may_be_called(name, clause.text, end, self.focus)), None)
        if noun is None or noun.name is None:
            return
        items = self._draft.items[noun.subject]
        self.focus = noun.subject
        part = next((n for n, at in items.names.items() if goes_on(name, n) and items.current == (at,)), name)
        if part in items.names:  # 在白沙，叫白沙基地
            items.turn_to(items.names[part])
            return
        before = items.count
        unnamed = [index for index in items.current if index not in items.names.values()]
        so_called = items.current[:1] if _NAMING.match(clause.text) else ()
        if items.fresh and not (so_called or ORDINAL.search(clause.text) or clause.start == self.begun):
            items.turn_to(len({*items.names.values()}))
        else:
            items.turn_to([*unnamed, *so_called, items.count][0])
        if before == 0:
            self._draft.settle(noun.subject)
        items.names[name] = items.current[0]
        self._draft.state(noun.name, Statement(name, clause.start + start, clause.start + end))
