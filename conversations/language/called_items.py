"""Which item each stretch of a text tells of, where things are told by what they are called: 王博士, 姓韩的, 工行那笔, 另一位.

The text is gone through from one call to the next. A call begins an item, or goes back to the one that was called so, in an
earlier message too; what follows belongs to it up to the next call, and what is said of 都 or 两位 to all. Only lists of
persons (by their label, or something with a day of theirs and no sum) and of loans (by it, or a sum with a rate) are told so. Where it is not certain
which item is meant, none is. Knows no policy of its own.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_own_words import WEAK, OwnWords
from conversations.language.descriptions_words import FactWords, Noun
from conversations.language.focus import Focus
from conversations.language.labels import BANK, PERSON, SURNAMES, call_key, called
from conversations.language.numerals import digit
from conversations.language.ownership import none_of
from conversations.language.quantities import find_quantities
from knowledge.patterns import regex
from knowledge.policy import Policy
from rules.values import Value

_ANY_CALL = regex(rf"{PERSON}|{BANK}")
_N = "一二两俩三四五六七八九1-9"
_CALL = regex(
    rf"第(?P<nth>[一二三四五六1-6])(?:个人?|[位名笔])"
    rf"|前(?P<first>(?P<many>[两三四2-4])(?:个人?(?![月年])|[位名笔]))"
    rf"|(?P<rest>(?:另外|其[他余它]|剩下|余下)(?:的|那)?(?P<others>[两俩三四2-5])(?:个人?|[位名笔])|\d{{2,4}}年(?:\d+月)?的?那[个位笔])"
    rf"|(?P<next>(?:另外?|还有|再有?|又)(?:[还再]?有|(?:引进|招|来|请|聘|挖|[找向从跟在]?[^,\d]{{0,4}}[贷借])了?)?[一1]?(?:个人?(?![月人])|[位名笔])(?!月))"
    rf"|(?<![{_N}\d十百第每这那同])(?P<one>[一1](?:个(?=[博硕正副高]|[，,]|$|是|叫|姓|\d{{2,4}}年)|[位名笔])(?!月))"
    rf"|(?P<person>{PERSON})|(?P<bank>{BANK})"
)
_COUNT = regex(rf"(?<![第零\d百十千万、每{_N}])(?P<n>[两俩二三四五六2-6])(?:位|名|笔|个人(?!民))")
_NEXT = regex("(?:另外?|还有|再有?|又|后来)(?!都|的)")
_ALL = regex(
    r"^(?![^,]*(?:什么|啥|哪|任何|一)[^,]{0,4}[都也])[^,]*?(?:(?<!成)都(?!匀|江|市)|全(?=在|是|部|都)|均|各(?!种|类|项|级))"
)
_EVEN = regex(r"[^,]{0,4}都还?没(?:出|下来|到)")
_JOINED = regex(r"(?:[、,和与跟及]|以及|还有|是|叫|的|那|这|[个位名笔]|有|:)*")
_AMONG = regex("其中(?:的|有|,)*$")
_NAMED = regex(rf"叫(?:做|作)?(?P<name>[{SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=$|[,的\d])")
_OF_ANYTHING = regex("个$")
_POINTS = regex("的?[那这][个位名笔]")
_POINTED = regex("[^,\\d]{1,6}?那[个位名笔]")
_OTHER = regex("另外?(?![还再]?有)")
_PEOPLE = regex("(?:[人员师者才工]|专家|教授|博士|硕士|学生|毕业生)$")
_LOANS = regex("[贷借]款?$")
"""What a list is called whose things are persons, and sums that banks lend."""
_OF_ITS = regex("(?:[那这]边|里|也|又|就|的|,)*")
_CALLS = ("person", "bank", "known")
_TWO = 2


@dataclass(frozen=True, slots=True)
class ItemTurn:
    """From here on a text tells of the items of ``subject`` at ``places`` (of none that is known where it has none), the
    one of which is ``call``ed so from now on; ``count`` things of the list are announced. Where the call is a proper name it stands
    ``at`` that place of the text."""

    subject: str
    places: tuple[int, ...]
    call: str = ""
    count: int = 0
    at: int = -1


@dataclass(slots=True)
class _Stretch:
    """What stands from ``start`` up to the next call: the ``marks`` that it begins with, its ``clauses`` (or parts of them)
    with their places, of which the first holds the marks, and what stands behind these in it (``rest``); the list whose
    things it names; ``everyone``: it says something of all; ``further``: it says that it tells of one more; ``among``: of
    one of those told together (其中工行600万); ``joined``:
    nothing but the call before it stands before its own."""

    start: int
    marks: tuple[re.Match[str], ...] = ()
    clauses: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    rest: str = ""
    noun: str | None = None
    everyone: bool = False
    further: bool = False
    among: bool = False
    joined: bool = False

    @property
    def call(self) -> str:
        return next((mark[0] for mark in self.marks if mark.lastgroup in _CALLS), "")

    def mark(self, kind: str) -> re.Match[str] | None:
        return next((mark for mark in self.marks if mark.lastgroup == kind), None)

    @property
    def only_calls(self) -> bool:
        """Whether nothing is said behind the call."""
        return len(self.clauses) == 1 and bool(_JOINED.fullmatch(self.rest) or _OF_ITS.fullmatch(self.rest))


@dataclass(slots=True)
class _Items:
    """What is known of a list: how many items there are (and were ``before`` the text), what they are called, what is told
    of each, and which are spoken of now; ``together``: before the text several were only told of at once (引进了两个博士), of
    which it has spoken ``apart`` of these."""

    count: int
    calls: dict[str, int]
    told: dict[int, dict[str, Value]]
    current: tuple[int, ...] = ()
    before: int = 0
    together: bool = False
    apart: set[int] = field(default_factory=set[int])

    def told_less(self, at: int, other: int) -> bool:
        """Whether all that is known of one item, and more, is known of the other."""
        return self.told.get(at, {}).items() < self.told.get(other, {}).items()

    def free(self) -> list[int]:
        """The places of those of which nothing is told, and which have no call."""
        return [at for at in range(self.count) if at not in self.told and at not in self.calls.values()]

    def next_apart(self, told: Mapping[str, Value]) -> int | None:
        """The first of those told of at once that is not spoken of apart yet, and may be what so much is ``told`` of."""
        left = [at for at in range(self.before if self.together else 0) if at not in self.apart]
        return next((at for at in left if not _contradicts(self.told.get(at, {}), told)), None)


class CalledItems:
    """Goes through texts about the lists of ``policy``, whose facts are told in the words of ``lists``."""

    def __init__(self, policy: Policy, lists: Mapping[str, OwnWords]) -> None:
        kinds = {s: {f.type for f in policy.facts if f.subject == s and f.derive is None} for s in policy.lists}
        labels = {each.id: each.label for each in policy.subjects}
        dated = {s for s, types in kinds.items() if "date" in types and not types & {"money", "area", "count"}}
        rated = {s for s, types in kinds.items() if {"money", "ratio"} <= types and not types & {"area", "count"}}
        self._loans = {s for s in kinds if s in rated or _LOANS.search(labels[s])}
        self._persons = {s for s in kinds if s in dated or _PEOPLE.search(labels[s])} - self._loans
        self._lists = {s: words for s, words in lists.items() if s in self._persons | self._loans}

    def turns(self, spoken: Sequence[SpokenClause], lexicon: Lexicon, focus: Focus) -> dict[int, ItemTurn]:
        """Where a text turns to which items; nothing where it calls none."""
        if not self._lists:
            return {}
        tells = _Tells(self._lists, lexicon, focus)
        names = {call for (own, _), words in focus.words.items() if own in self._lists for call in called(words)}
        stretches = _merged(_stretches(spoken, tells, names))
        if not any(stretch.marks or stretch.everyone for stretch in stretches):
            return {}
        return _Thread(tells, self._persons, focus).follow(stretches)


class _Tells:
    """What words tell of an item of each of the ``lists``, and whose things they name."""

    def __init__(self, lists: Mapping[str, OwnWords], lexicon: Lexicon, focus: Focus) -> None:
        self.lists = lists
        self._lexicon = lexicon
        self._on = focus.on

    def noun(self, text: str) -> str | None:
        """The list whose things ``text`` names."""
        return next((m.word.subject for m in self._lexicon.nouns_in(text) if isinstance(m.word, Noun)), None)

    def values(self, subject: str, texts: Iterable[str]) -> dict[str, Value]:
        """What the ``texts`` tell of an item in the own words of its facts."""
        told = [self.lists[subject].told(text, self._on) for text in texts]
        return {name: entry.value for facts in told for name, entry in facts.items() if entry.rank > WEAK}

    def facts(self, subject: str, texts: Collection[str]) -> int:
        """How many facts of an item the ``texts`` tell or name."""
        found = [m.word for text in texts for m in self._lexicon.facts_in(text, subject, "")]
        named = {w.fact.name for w in found if isinstance(w, FactWords) and w.fact.subject == subject}
        told = {name for text in texts for name in self.lists[subject].told(text, self._on)}
        return len(named | told)

    def anything(self, text: str) -> bool:
        """Whether ``text`` tells anything of an item of a list."""
        return any(self.values(subject, [text]) for subject in self.lists)


class _Thread:
    """The items of one text, in the order in which it turns to them."""

    def __init__(self, tells: _Tells, persons: Collection[str], focus: Focus) -> None:
        self._tells = tells
        self._persons = persons
        about = focus.item[0] if focus.item else (focus.path or "").partition(".")[0]
        self._topic = about if about in tells.lists else None
        self._counted: _Stretch | None = None  # so many things were announced, not said of which list
        self._found: dict[int, ItemTurn] = {}
        self._items = {subject: _known(subject, focus) for subject in tells.lists}

    def follow(self, stretches: Sequence[_Stretch]) -> dict[int, ItemTurn]:
        """The turns, by where each begins."""
        for at, stretch in enumerate(stretches):
            if stretch.noun is not None:
                self._topic = stretch.noun if stretch.noun in self._items else None
            joined = takewhile(lambda each: each.joined, stretches[at + 1 :])
            texts = [text for each in (stretch, *joined) for _, text in each.clauses]
            if stretch.everyone:
                self._everyone(stretch, texts)
            elif stretch.marks:
                self._turn(stretch, texts, stretches[at - 1] if at else None)
            elif (pointed := self._pointed_at(stretch)) is not None:
                self._put(stretch.start, pointed)
            elif _COUNT.search(stretch.clauses[0][1]):
                self._counted = stretch
            elif stretch.noun in self._items and any(each.among for each in stretches[at + 1 : at + 2]):
                self._put(stretch.start, ItemTurn(stretch.noun, ()))  # 贷款1000万，其中工行600万: the sum of all
            elif stretch.noun in self._items and not self._items[stretch.noun].count:
                self._first(stretch.noun, stretch.clauses[0][1], texts)
            elif self._found and not stretch.noun and self._topic:
                self._put(stretch.start, ItemTurn(self._topic, ()))  # 都在这里交，领过一年: whose is not said
        return self._found

    def _pointed_at(self, stretch: _Stretch) -> ItemTurn | None:
        """博士那位: the one known thing of which that is told."""
        call = _POINTED.match(stretch.clauses[0][1])
        for subject, items in self._items.items() if call else ():
            told = self._tells.values(subject, [call[0]]) if call else {}
            meant = [at for at, known in items.told.items() if told and told.items() <= known.items()]
            if len(meant) == 1:
                return ItemTurn(subject, (meant[0],))
        return None

    def _put(self, start: int, turn: ItemTurn) -> None:
        self._found[start] = turn
        self._topic = turn.subject
        self._items[turn.subject].current = turn.places

    def _first(self, subject: str, text: str, texts: Collection[str]) -> None:
        """技改从银行贷了2000万，另外还有一笔…: what is told by its name alone is the first one, as it is read elsewhere."""
        if not none_of("", text) and not none_of(text, ""):
            self._items[subject].count = 1
            self._items[subject].told[0] = self._tells.values(subject, texts)
            self._items[subject].current = (0,)

    def _expect(self, subject: str) -> None:
        """What was counted is counted of ``subject``: what is said with the number is said of all, and no figure is."""
        items, counted = self._items[subject], self._counted
        self._counted = None
        number = _COUNT.search(counted.clauses[0][1]) if counted and not items.count else None
        if counted is None or number is None:
            return
        (start, text), *others = counted.clauses
        items.count = digit(number["n"])
        figures = find_quantities(_COUNT.sub("", text))
        self._found[start] = ItemTurn(subject, () if figures else tuple(range(items.count)), count=items.count)
        if others:
            self._found[others[0][0]] = ItemTurn(subject, ())

    def _everyone(self, stretch: _Stretch, texts: Collection[str]) -> None:
        subject = self._meant(stretch, texts)
        if subject is None or not self._items[subject].count:
            return
        self._put(stretch.start, ItemTurn(subject, tuple(range(self._items[subject].count))))

    def _turn(self, stretch: _Stretch, texts: Collection[str], last: _Stretch | None) -> None:
        subject = self._meant(stretch, texts)
        if subject is None:
            return
        self._expect(subject)
        items = self._items[subject]
        together = items.current if stretch.joined else ()
        told = self._tells.values(subject, texts)
        at = None if stretch.mark("rest") or stretch.mark("first") else self._place(stretch, items, told, last)
        if at is None:
            self._put(stretch.start, ItemTurn(subject, _several(stretch, items)))
            return
        call = call_key(stretch.call)
        new = bool(call) and call not in items.calls
        items.apart.add(at)
        items.count = max(items.count, at + 1)
        items.told.setdefault(at, {}).update(told)
        if new:
            items.calls[call] = at
        places = (*(each for each in together if each != at), at)
        self._put(stretch.start, ItemTurn(subject, places, stretch.call.removesuffix("的") if new else ""))

    def _place(self, stretch: _Stretch, items: _Items, told: Mapping[str, Value], last: _Stretch | None) -> int | None:
        """The place of the item that ``stretch``, which tells so much, begins with; None where it is not certain."""
        call = call_key(stretch.call)
        if call in items.calls:
            more = stretch.further and not _POINTS.match(stretch.rest) and stretch.mark("bank")
            another = more and _contradicts(items.told.get(items.calls[call], {}), told)
            return None if another else items.calls[call]
        if number := stretch.mark("nth"):
            return digit(number["nth"]) - 1
        unnamed = [at for at in range(items.count) if at not in items.calls.values()]
        alike = [at for at in unnamed if not _contradicts(items.told.get(at, {}), told)]
        if call and items.count and _POINTS.match(stretch.rest) and not alike:
            return None
        begun = last is not None and last.marks and not (last.call or stretch.further) and len(items.current) == 1
        if call and begun and items.current[0] in unnamed and _named(stretch, last):
            return items.current[0]  # 一个博士，姓韩，…
        if free := items.free():
            return free[0]
        if stretch.among and not call:
            return None  # 其中一位领过
        if (items.apart or not stretch.further) and (following := items.next_apart(told)) is not None:
            return following  # 引进了两个博士。一个姓周，…；另一个姓何，…
        if stretch.further:
            two = items.count == _TWO and (not self._found or items.before == _TWO)
            uncalled = [at for at in (0, 1) if not call or at not in items.calls.values()]
            lesser = [at for at in uncalled if two and items.told_less(at, 1 - at)]
            if lesser and _OTHER.match(stretch.marks[0][0]):
                return lesser[0]  # 技改贷款有两笔，一笔1200万。… 另一笔
            back = not call and two and len(items.current) == 1
            return 1 - items.current[0] if back and _OTHER.match(stretch.marks[0][0]) else items.count
        if not unnamed or (stretch.mark("one") and not call):
            return items.count
        same = all(items.told.get(at) == items.told.get(alike[0]) for at in alike)  # two that were only counted
        return None if not same else alike[0] if alike else items.count

    def _meant(self, stretch: _Stretch, texts: Collection[str]) -> str | None:
        """The list of which ``stretch`` tells: where its call is known, of which most is told, or that is spoken of."""
        call = call_key(stretch.call)
        fitting = [s for s in self._items if _fits(stretch, s in self._persons)]
        known = [s for s in fitting if call in self._items[s].calls]
        if len(known) == 1:
            return known[0]
        if stretch.noun is not None:
            return stretch.noun if stretch.noun in fitting else None
        told = {s: self._tells.facts(s, texts) for s in fitting}
        vague = not call and not stretch.everyone and _OF_ANYTHING.search(stretch.marks[-1][0]) is not None
        if self._topic in fitting and (told[self._topic] or not (vague or any(told.values()))):
            return self._topic
        if vague and self._counted is None:
            return None  # 另一个总投资3亿: of what, other words have to tell
        best = [s for s in fitting if told[s] and told[s] == max(told.values())]
        return best[0] if len(best) == 1 else None


def _known(subject: str, focus: Focus) -> _Items:
    """What was known of a list before the text."""
    told: dict[int, dict[str, Value]] = {}
    for path, value in focus.facts.items():
        own, _, name = path.partition(".")
        at, _, name = name.partition(".")
        if own == subject and name:
            told.setdefault(int(at), {})[name] = value
    words = {at: said for (own, at), said in focus.words.items() if own == subject}
    spoken = {at: {call_key(mark[0]) for mark in _ANY_CALL.finditer(said)} for at, said in words.items()}
    calls = {
        call: at for at, own in spoken.items() for call in own if sum(call in other for other in spoken.values()) == 1
    }
    calls |= {call_key(call): at for at, said in words.items() for call in called(said)}
    current = (focus.item[1],) if focus.item and focus.item[0] == subject else ()
    before = focus.counts.get(subject, 0)
    together = before > 1 and not calls and all(told.get(at) == told.get(0) for at in range(before))
    return _Items(before, calls, told, current, before, together)


def _named(stretch: _Stretch, last: _Stretch | None) -> bool:
    """Whether ``stretch`` says no more than how the one is called of which the ``last`` one told: 姓韩 · 叫韩雪."""
    called_so = last is not None and last.rest.endswith(("叫", "名字是"))
    return called_so or stretch.call[0] == "姓" or stretch.rest == ""


def _several(stretch: _Stretch, items: _Items) -> tuple[int, ...]:
    """前两位: the first of them; 其他两位: all but the one just spoken of, where they are so many; else none that is certain."""
    if (first := stretch.mark("first")) and digit(first["many"]) < items.count:
        return tuple(range(digit(first["many"])))
    others = tuple(at for at in range(items.count) if at not in items.current)
    rest = stretch.mark("rest")
    known = rest and rest["others"] and len(items.current) == 1
    return others if known and rest and digit(rest["others"]) == len(others) else ()


def _contradicts(known: Mapping[str, Value], told: Mapping[str, Value]) -> bool:
    """Whether something that is ``told`` is known to be otherwise."""
    return any(name in known and known[name] != value for name, value in told.items())


def _fits(stretch: _Stretch, persons: bool) -> bool:
    """Whether what ``stretch`` begins with may be one of a list of ``persons``, or of loans."""
    kinds = {mark.lastgroup for mark in stretch.marks}
    if "person" in kinds:
        return persons
    if "bank" in kinds:
        return not persons
    words = "".join(mark[0] for mark in stretch.marks)
    return persons if words[-1:] in ("位", "名", "人") else not persons if words[-1:] == "笔" else True


def _stretches(spoken: Sequence[SpokenClause], tells: _Tells, names: Collection[str]) -> Iterator[_Stretch]:
    """The stretches of the stated clauses, each of which begins with one call at most: one of those ``names`` too, and of those
    that are given here (叫韩雪)."""
    last: _Stretch | None = None
    named = {*names, *(m["name"] for clause in spoken for m in _NAMED.finditer(clause.text))}
    named = {name for name in named if not _ANY_CALL.fullmatch(name)}
    calls = re.compile(rf"(?P<known>{'|'.join(map(re.escape, named))})|{_CALL.pattern}") if named else _CALL
    for clause in spoken:
        if clause.stance is not Stance.STATED:
            continue
        text, noun = clause.text, tells.noun(clause.text)
        marks = list(calls.finditer(text))
        everyone = not marks and bool(_ALL.match(text)) and not _EVEN.match(text)
        head = text[: marks[0].start()] if marks else text
        if not marks or _COUNT.search(head) or tells.anything(head):
            if last is None or everyone or last.everyone or noun or _COUNT.search(head):
                last = _Stretch(clause.start, noun=noun, everyone=everyone)
                yield last
            last.clauses.append((clause.start, head))
            begun = len(head)
        else:
            begun = 0  # 津贴王博士领过一年
        for mark, following in pairwise([*marks, None]):
            if mark is None:
                continue
            end = following.start() if following else len(text)
            further = bool(_NEXT.search(text, begun, mark.start())) or mark.lastgroup == "next"
            own = [(clause.start + begun, text[begun:end])]
            last = _Stretch(own[0][0], (mark,), own, text[mark.end() : end], None if begun else noun, further=further)
            last.among = bool(_AMONG.search(text, 0, mark.start()))
            yield last
            begun = end


def _merged(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """The stretches, those with a call put together with what counts it (另一个|邓工), and those that share what is said."""
    found: list[_Stretch] = []
    for stretch in [*stretches]:  # all of them first: each grows until the next one is given
        last = found[-1] if found else None
        if last is not None and stretch.marks and last.marks and last.only_calls:
            if stretch.call and not last.call:
                last.marks, last.rest = (*last.marks, *stretch.marks), stretch.rest
                last.clauses += stretch.clauses
                continue
            if _OF_ITS.fullmatch(last.rest) and stretch.mark("next"):
                last.rest, last.further = stretch.rest, True  # 工行|还有一笔300万: one thing, called by its bank
                last.clauses += stretch.clauses
                continue
            stretch.joined = bool(stretch.call)
        found.append(stretch)
    return found
