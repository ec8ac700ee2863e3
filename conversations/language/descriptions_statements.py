"""What a description has stated so far: facts with the words they came from, and the items of the lists.

Knows no Chinese: which words mean what is decided by the reader.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from conversations.language.focus import Focus
from conversations.language.labels import CALL_MARKS, called
from conversations.language.understood import can_be
from knowledge.policy import Fact
from rules.values import Range, Value

_LARGE = 10000
"""Two things seldom have the same figure from here on."""


@dataclass(slots=True)
class Statement:
    """A stated value; ``start:end`` are its words in the plain text; of two the one of higher ``rank`` counts."""

    value: Value
    start: int
    end: int
    approximate: bool = False
    rank: int = 0


@dataclass(slots=True)
class Items:
    """The items of one list subject: how many, which one is spoken of, their names, the words in which each was spoken of, and whether the next word about one
    may still mean the first (``fresh``: only their number has been said); ``carried``: which one is spoken of was said
    before the text."""

    count: int = 0
    current: tuple[int, ...] = ()
    names: dict[str, int] = field(default_factory=dict[str, int])
    words: dict[int, str] = field(default_factory=dict[int, str])
    fresh: bool = False
    carried: bool = False
    none: tuple[int, int] | None = None
    expected: int = 0  # so many were counted

    def expect(self, count: int) -> None:
        """There are ``count`` items; which one is spoken of follows."""
        self.carried = False
        self.count = max(self.count, count)
        self.expected = count
        self.current = ()
        self.fresh = True
        self.none = None

    def call(self, index: int, call: str) -> None:
        """The item ``index`` is called ``call`` from now on, in later texts as well."""
        self.names[call] = index
        self.words[index] = f"{CALL_MARKS[0]}{call}{CALL_MARKS[1]}" + self.words.get(index, "")

    def turn_to(self, index: int) -> None:
        """Speak of the item ``index``, which comes into being where it is not there yet."""
        self.count = max(self.count, index + 1)
        self.carried = False
        self.current = (index,)
        self.none = None


class Statements:
    """The facts by path, and the items by list subject."""

    def __init__(self, many: Iterable[str]) -> None:
        self.facts: dict[str, Statement] = {}
        self.withdrawn: dict[str, tuple[int, int]] = {}  # what turned out to be another thing's, and where that is said
        self.unfounded: dict[str, Statement] = {}  # what is spoken of only where another fact is affirmed
        self.items = {subject: Items() for subject in many}
        self._loose: dict[str, tuple[Fact, Statement]] = {}
        self._overtaken: dict[str, Statement] = {}  # the choice that a later one of this text took the place of
        self._unclear = frozenset[str]()  # the lists of whose items it is not said which one is spoken of
        self._before: Focus | None = None

    def resume(self, focus: Focus) -> None:
        """Go on where ``focus`` stands: its items are there, one of them is spoken of."""
        self._before = focus
        for subject, count in focus.counts.items():
            items = self.items[subject]
            items.count = count
            items.names = {
                name.lower(): index
                for index in range(count)
                if isinstance(name := focus.facts.get(f"{subject}.{index}.name"), str)
            }
            items.words = {index: words for (own, index), words in focus.words.items() if own == subject}
            items.names |= {call: index for index, words in items.words.items() for call in called(words)}
            only = (0,) if count == 1 else ()
            items.current = (focus.item[1],) if focus.item and focus.item[0] == subject else only
            items.carried = True
            if count > 1 and not any(path.startswith(f"{subject}.") for path in focus.facts):
                items.fresh, items.current = True, ()  # 管着两个园区, and nothing of either yet

    def standing(self, fact: Fact) -> set[Value]:
        """The values that stand for a fact now."""
        held = {held for path in self.paths(fact) if (held := self.value(path)) is not None}
        told = self._loose.get(fact.id) if fact.choices else None
        return held or ({told[1].value} if told else held)

    def told(self, fact: Fact) -> list[Value]:
        """The values that this text has told of a fact."""
        return [entry.value for path in self.paths(fact) if (entry := self.facts.get(path))]

    def founded(self, needs: str | None) -> bool:
        """Whether what is spoken of only where the fact ``needs`` is affirmed has that, or it has at least been named."""
        return needs is None or self.value(needs) is True or self.spoken_of(needs)

    def value(self, path: str) -> Value | None:
        """What stands at ``path``: stated in this text, or known before; None where nothing does."""
        if (entry := self.facts.get(path)) is not None:
            return entry.value
        return self._before.facts.get(path) if self._before else None

    def knows(self, paths: Iterable[str]) -> bool:
        """Whether anything stands at one of ``paths``."""
        return any(self.value(path) is not None for path in paths)

    def before(self, path: str) -> Value | None:
        """What was known at ``path`` before this text."""
        return self._before.facts.get(path) if self._before else None

    def was_told(self, value: Value | None) -> bool:
        """Whether something was known before this text to have ``value``."""
        return any(self.before(path) == value for path in self.known_paths)

    def elsewhere(self, subject: str, at: int, name: str) -> list[Value]:
        """The large figures that other items of ``subject`` than that at ``at`` were known to have for ``name`` before this
        text: 国家给的600万 is spoken of again."""
        paths = (f"{subject}.{index}.{name}" for index in range(self.items[subject].count) if index != at)
        return [value for path in paths if isinstance(value := self.before(path), Decimal) and value >= _LARGE]

    def another_s(self, fact: Fact, value: Value) -> bool:
        """Whether ``value`` is what another item than the one carried over was said to have: 国家给的600万 of before."""
        items = self.items.get(fact.subject)
        if items is None or not items.carried or any(self.value(path) is not None for path in self.paths(fact)):
            return False
        return any(self.before(f"{fact.subject}.{index}.{fact.name}") == value for index in range(items.count))

    def spoken_of(self, fact: str) -> bool:
        """Whether ``fact`` was named before this text."""
        return self._before is not None and fact in self._before.mentioned

    def has(self, path: str) -> bool:
        """Whether ``path`` is of the enterprise, or of an item that is there."""
        subject, _, rest = path.partition(".")
        index, _, name = rest.partition(".")
        return not name or int(index) < self.items[subject].count

    def tells_of(self, prefix: str) -> bool:
        """Whether anything stands at a path that begins with ``prefix``."""
        return any(path.startswith(prefix) for path in (*self.facts, *self.known_paths))

    @property
    def held(self) -> set[str]:
        """The paths of what was told before this text, which needs no more than its short name (许可证批了)."""
        return set(self.known_paths)

    @property
    def known_paths(self) -> Iterable[str]:
        """Where something was known before this text."""
        return self._before.facts if self._before else ()

    def by_size(self, subject: str, name: str) -> list[int]:
        """The items of ``subject`` from the smallest in the fact ``name`` to the largest; none where one is not known."""
        sizes = [self.value(f"{subject}.{index}.{name}") for index in range(self.items[subject].count)]
        known = [size for size in sizes if isinstance(size, Decimal)]
        return sorted(range(len(sizes)), key=lambda at: known[at]) if len(known) == len(sizes) > 1 else []

    @property
    def about(self) -> dict[str, tuple[int, ...]]:
        """The items of each list that are spoken of now."""
        return {subject: items.current for subject, items in self.items.items() if items.current}

    def paths(self, fact: Fact) -> tuple[str, ...]:
        """Where ``fact`` belongs now: nowhere while no item of its list is spoken of."""
        items = self.items.get(fact.subject)
        return (fact.id,) if items is None else tuple(f"{fact.subject}.{index}.{fact.name}" for index in items.current)

    def state(self, fact: Fact, entry: Statement) -> tuple[str, ...]:
        """Take ``entry`` for ``fact``; returns its paths. A value that the fact cannot have is not taken."""
        if not can_be(fact.spec, entry.value):
            return ()
        items = self.items.get(fact.subject)
        if items is not None and not items.count and items.none is None and fact.subject not in self._unclear:
            told = self._loose.get(fact.id)
            if told is None or told[1].rank <= entry.rank:
                self._loose[fact.id] = (fact, entry)
            return ()
        paths = self.paths(fact)
        for path in paths:
            known = self.facts.get(path)
            if known is None or known.rank <= entry.rank:
                if known and fact.choices and known.value != entry.value:
                    self._overtaken[path] = known
                self.facts[path] = entry
        return paths

    def loosely(self, fact: Fact) -> Statement | None:
        """What was told of ``fact`` without a thing that it could be of."""
        told = self._loose.get(fact.id)
        return told[1] if told else None

    def owned_loosely(self, subject: str, surely: bool) -> bool:
        """Whether a figure, or (``surely``: and) that something is so, was told of an item of ``subject``, which has none."""
        items = self.items[subject]
        told = [entry.value for fact, entry in self._loose.values() if fact.subject == subject]
        figure, so = any(isinstance(value, Decimal | Range) for value in told), True in told
        return not items.count and items.none is None and (figure and so if surely else figure or so)

    def settle(self, subject: str) -> None:
        """Give what was said of an item before it was named to the first item."""
        for fact, entry in [loose for loose in self._loose.values() if loose[0].subject == subject]:
            del self._loose[fact.id]
            self.facts.setdefault(f"{subject}.0.{fact.name}", entry)

    def so(self, fact: Fact) -> bool:
        """Whether ``fact`` is so already: 国家试点未批，…，11月批了."""
        return any(self.value(path) is True for path in self.paths(fact))

    def deny(self, fact: Fact, entry: Statement, wholly: bool = False) -> None:
        """Take ``entry``, a denial of what was just said. 升国家级了，证还没发: a choice that this text has stated is taken back, where
        another one was known before, or told earlier in the text; ``wholly``: all that was told is denied."""
        known = [path for path in self.paths(fact) if path in self.facts]
        stated = known if fact.choices else []
        stated = [path for path in stated if self.facts[path].value != entry.value]
        held = [path for path in stated if self.before(path) not in (None, entry.value, self.facts[path].value)]
        for path in held:
            del self.facts[path]
        told = {path: old for path in stated if path not in held and (old := self._overtaken.get(path))}
        told = {} if wholly else {path: old for path, old in told.items() if old.value != entry.value}
        self.facts |= told  # 给过省级的。国家级公示了，文件还没发: the one before stays
        if not (held or told):
            rank = max([entry.rank, *(self.facts[path].rank for path in known if fact.type == "bool")])
            self.state(fact, replace(entry, rank=rank))

    def begin(self, subject: str, places: Sequence[int], call: str = "", count: int = 0) -> None:
        """Speak of the items of ``subject`` at ``places`` (one, all or none), the last of which is called ``call`` from now
        on; there are ``count`` at least."""
        items = self.items[subject]
        items.count = max(items.count, count)
        items.none = None if count else items.none
        for index in places:
            items.turn_to(index)
        if call:
            items.call(places[-1], call)
        if len(places) == 1:
            self.settle(subject)
        items.current = tuple(places)
        items.carried = False
        self._unclear = self._unclear - {subject} if places else self._unclear | {subject}

    def clear(self, subject: str) -> None:
        """There are no items of ``subject`` after all."""
        for path in [path for path in self.facts if path.startswith(f"{subject}.")]:
            del self.facts[path]
        self.items[subject] = Items()

    @property
    def counted(self) -> set[str]:
        """The lists that have items."""
        return {subject for subject, items in self.items.items() if items.count}

    @property
    def untold(self) -> str | None:
        """The one list of which so many things were counted before, and nothing is told of any."""
        fresh = [subject for subject, items in self.items.items() if items.fresh]
        return fresh[0] if len(fresh) == 1 else None

    def only_named(self, subject: str) -> bool:
        """Whether the items of ``subject`` came up in this text, and nothing is told of any."""
        known = bool(self._before and self._before.counts.get(subject))
        return not known and not any(path.startswith(f"{subject}.") for path in self.facts)

    def untold_of(self, subject: str) -> list[int]:
        """The items of ``subject`` of which no more than a name is told."""
        told = {path.rpartition(".")[0] for path in (*self.facts, *self.known_paths) if not path.endswith(".name")}
        return [index for index in range(self.items[subject].count) if f"{subject}.{index}" not in told]

    def hear(self, text: str) -> None:
        """Keep ``text`` with the items of which it speaks alone."""
        for items in self.items.values():
            if len(items.current) == 1:
                items.words[items.current[0]] = items.words.get(items.current[0], "") + text

    def drop_item(self, subject: str) -> None:
        """Forget the item last added."""
        items = self.items[subject]
        index = items.count - 1
        for path in [path for path in self.facts if path.startswith(f"{subject}.{index}.")]:
            del self.facts[path]
        items.names = {name: at for name, at in items.names.items() if at != index}
        items.count -= 1
        items.current = (items.count - 1,) if items.count else ()


def is_at(fact: str, path: str) -> bool:
    """Whether ``path`` is a place of ``fact``: enterprise.x, or pilots.0.x of pilots.x."""
    subject, _, rest = path.partition(".")
    return fact == f"{subject}.{rest.rpartition('.')[2]}"
