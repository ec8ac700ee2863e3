"""The facts that a rule may speak of, each at its place among the values: those of the claim's item, of the enterprise,
of the items of a list one by one, and the day.

A scope is filled while a rule is compiled; then it gathers the values of a case, and says which facts are still open.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import ne
from typing import Any, TypeAlias, TypeVar

from rules.case import DAY, NUMERIC, SAME_PROJECT, Case, FactSpec, ItemFacts, Items, SubjectSpec
from rules.conditions import Condition
from rules.dates import NEVER, Dates
from rules.spans import ANY, FigureSpan
from rules.terms import Reader, Values
from rules.values import Range, Value

M = TypeVar("M")

PathOf: TypeAlias = Callable[[Values, int | None], str]
"""The path of a fact in a case, by what is known and the index of its item."""

Gathering: TypeAlias = Callable[[ItemFacts, Any], tuple[Any, ...]]
"""The values of an item at their places, by what surrounds it: the case, or the values of the outer scope."""


@dataclass(frozen=True, slots=True)
class Book:
    """What there is in a policy: its subjects and facts by id, and the conditions of its programmes with their subject."""

    subjects: Mapping[str, SubjectSpec]
    facts: Mapping[str, FactSpec]
    programmes: Mapping[str, tuple[str, tuple[Condition, ...]]]


@dataclass(slots=True)
class _Slot:
    """A place among the values: ``path`` as a rule names it, ``own`` where the scope's item has it.

    ``read`` gives its value from the item and from what surrounds it: the case, or the values of the outer scope.
    """

    path: str
    own: bool
    read: Callable[[ItemFacts, Any], Any]
    offset: int | None = None
    """Of a fact with a figure for each year: how many years from this one."""


class FactScope:
    """The facts of one subject's item, and those of everything that there is one of.

    ``outer`` is the scope in which the item is one of a list. Raises ``ValueError`` for a fact that there is not, that
    is of the wrong type, or that belongs to another list.
    """

    def __init__(self, subject: str, book: Book, outer: "FactScope | None" = None) -> None:
        self.subject = subject
        self.slots: list[_Slot] = []
        self._book = book
        self._outer = outer
        self._places: dict[str, int] = {}
        self._inner: dict[int, list[FactScope]] = {}
        self._deriving: set[str] = set()
        self._used: dict[int, None] = {}
        self._gathering: Gathering | None = None

    # -- compiling

    def used(self, compiled: Callable[[], M]) -> tuple[M, tuple[int, ...]]:
        """What ``compiled`` makes in this scope, and the places that it uses, in order."""
        self._used = {}
        made = compiled()
        return made, tuple(self._used)

    def spec(self, fact: str) -> FactSpec:
        """The specification of a fact, whose name may carry a year."""
        name, _, year = fact.partition("@")
        spec = self._book.facts.get(name)
        if spec is None:
            raise ValueError(f"there is no fact {name}")
        if bool(year) is not spec.by_year:
            raise ValueError(f"{fact}: {'a figure of what year?' if spec.by_year else 'it has no figure by year'}")
        return spec

    def place(self, fact: str, kind: str) -> int:
        """The place of a fact that must be of this type."""
        spec = self.spec(fact)
        if spec.type != kind:
            raise ValueError(f"{fact} is a {spec.type} fact; this needs a {kind}")
        return self._place(fact, spec)

    def choice(self, fact: str, among: Sequence[str]) -> int:
        """The place of a choice that has all of ``among``."""
        place = self.place(fact, "choice")
        if unknown := {*among} - {*self.choices(fact)}:
            raise ValueError(f"{fact} has no choice {', '.join(sorted(unknown))}")
        return place

    def choices(self, fact: str) -> Sequence[str]:
        """All choices of a fact."""
        return self.spec(fact).choices

    def stated(self, fact: str) -> bool:
        """Whether a case states the fact; else it follows from others."""
        return self.spec(fact).derive is None

    def figure_place(self, fact: str) -> int:
        """The place of a figure or a day that a case states."""
        spec = self.spec(fact)
        if spec.type != "date" and spec.type not in NUMERIC:
            raise ValueError(f"{fact} is a {spec.type} fact; this needs a figure or a date")
        return self._place(fact, spec)

    def figure(self, fact: str) -> Reader:
        """What a figure or a day comes to; the limits of the fact where it is not known."""
        spec = self.spec(fact)
        if spec.derive is not None:
            if fact in self._deriving:
                raise ValueError(f"{fact} is derived from itself")
            self._deriving.add(fact)
            derived = spec.derive.compiled(self)
            self._deriving.discard(fact)
            return derived
        place = self.figure_place(fact)
        return _day_reader(place) if spec.type == "date" else _figure_reader(place, spec)

    def today(self) -> Reader:
        """The day of the case."""
        place = self._today()

        def read(values: Values) -> FigureSpan:
            day = values[place]
            return ANY if day is None else day.span

        return read

    def items(self, subject: str) -> tuple["FactScope", Callable[[Values], Sequence[Values] | None]]:
        """A scope for the items of a list, and what gives the values of each; None where the list is not known."""
        about = self._book.subjects.get(subject)
        if about is None or not about.many:
            raise ValueError(f"there is no list {subject}")
        place = self._list(subject)
        inner = FactScope(subject, self._book, self)
        self._inner.setdefault(place, []).append(inner)

        def read(values: Values) -> Sequence[Values] | None:
            entries = values[place]
            return None if entries is None else [inner.gather(entry, values) for entry in entries]

        return inner, read

    def conditions_of(self, programme: str) -> tuple[Condition, ...]:
        """The conditions of another programme, for the same item."""
        if programme not in self._book.programmes:
            raise ValueError(f"there is no programme {programme}")
        subject, conditions = self._book.programmes[programme]
        if subject != self.subject and self._book.subjects[subject].many:
            raise ValueError(f"{programme} is about {subject}, not about {self.subject}")
        return conditions

    def _place(self, fact: str, spec: FactSpec) -> int:
        own = spec.subject == self.subject
        if not own and self._outer is None and self._book.subjects[spec.subject].many:
            raise ValueError(f"{fact} belongs to another list than {self.subject}")
        return self._put(fact, lambda: self._slot(fact, spec, own))

    def _slot(self, fact: str, spec: FactSpec, own: bool) -> _Slot:
        if not own and self._outer is not None:
            place = self._outer._place(fact, spec)
            return _Slot(fact, False, lambda item, outer: outer[place])
        year = fact.partition("@")[2]
        offset = None if not year or year.isdigit() else offset_of(year)
        name, subject = f"{spec.name}@{year}" if year else spec.name, spec.subject
        if offset is not None:
            today = self._today(used=False)
            outer = self._outer
            return _Slot(
                fact, own, _relative(spec, offset, own, None if outer is None else self.slots[today].read), offset
            )
        if own:
            return _Slot(fact, True, lambda item, case: item.get(name))
        return _Slot(fact, False, lambda item, case: _single(case.items, subject).get(name))

    def _today(self, used: bool = True) -> int:
        if self._outer is None:
            return self._put("on", lambda: _Slot("on", False, lambda item, case: case.on), used)
        place = self._outer._today(used)
        return self._put("on", lambda: _Slot("on", False, lambda item, outer: outer[place]), used)

    def _list(self, subject: str) -> int:
        if self._outer is None:
            return self._put(subject, lambda: _Slot(subject, False, lambda item, case: case.items[subject]))
        place = self._outer._list(subject)
        return self._put(subject, lambda: _Slot(subject, False, lambda item, outer: outer[place]))

    def _put(self, path: str, made: Callable[[], _Slot], used: bool = True) -> int:
        if path not in self._places:
            slot = made()
            self._places[path] = len(self.slots)
            self.slots.append(slot)
        place = self._places[path]
        if used:
            self._used[place] = None
        return place

    @property
    def reads(self) -> frozenset[str]:
        """The keys of what a claim in this scope depends on: facts of the enterprise, whole lists, ``on``; see ``changed``."""
        keys = {self.subject} if self._book.subjects[self.subject].many else set[str]()
        for slot in self.slots:
            subject = slot.path.partition(".")[0]
            single = subject in self._book.subjects and not self._book.subjects[subject].many
            keys.add(slot.path.partition("@")[0] if single else subject)
        return frozenset(keys)

    # -- a case

    def gather(self, item: ItemFacts, around: Case | Values) -> tuple[Any, ...]:
        """The values of an item, at their places; ``around`` is the case, in an inner scope the outer's values."""
        if self._gathering is None:
            self._gathering = self.gathering()
        return self._gathering(item, around)

    def gathering(self) -> Gathering:
        """What gathers the values, once all that speaks of this scope is compiled."""
        slots = self.slots
        names = [slot.path.partition(".")[2] for slot in slots]
        if all(slot.own and slot.offset is None for slot in slots):  # most rules speak of their own item alone
            return lambda item, around: tuple(map(item.get, names))
        reads = [slot.read for slot in slots]
        return lambda item, around: tuple([read(item, around) for read in reads])

    def open_paths(self, places: Collection[int], values: Values, index: int | None) -> Iterator[str]:
        """The paths of what is still open at ``places``: facts not known or known loosely, lists, the day."""
        for place in places:
            slot, value = self.slots[place], values[place]
            if place in self._inner:
                yield from self._open_items(place, values, value)
            elif slot.path == "on":
                if value is None or not value.exact:
                    yield "on"
            elif loose(value) or self._wide(slot.path, value):
                yield self.path_of(place)(values, index)

    def _wide(self, fact: str, value: Value | None) -> bool:
        """Whether a place is known only as a larger area: a province, a prefecture."""
        return isinstance(value, str) and value.endswith("00") and self.spec(fact).type == "place"

    def path_of(self, place: int) -> PathOf:
        """What gives the path of the fact at ``place`` in a case; of one of a year not known, what decides it: ``on``."""
        slot = self.slots[place]
        subject, _, name = slot.path.partition(".")
        if slot.offset is not None:
            return self._path_of_year(slot.path.partition("@")[0], slot.offset)
        if slot.own and self._book.subjects[subject].many:
            return lambda values, index: slot.path if index is None else f"{subject}.{index}.{name}"
        return lambda values, index: slot.path

    def _path_of_year(self, fact: str, offset: int) -> PathOf:
        def path(values: Values, index: int | None) -> str:
            today = values[self._places["on"]]
            if today is None or today.year is None:
                return "on"
            return self.indexed(f"{fact}@{today.year + offset}", index)

        return path

    def indexed(self, path: str, index: int | None) -> str:
        """The path of a fact in a case: with the index of the item, where it is one of the item's own."""
        subject, _, name = path.partition(".")
        return path if index is None or subject != self.subject else f"{subject}.{index}.{name}"

    def _open_items(self, place: int, values: Values, entries: Sequence[ItemFacts] | None) -> Iterator[str]:
        subject = self.slots[place].path
        if entries is None:
            yield subject
            return
        for inner in self._inner[place]:
            own = [number for number, slot in enumerate(inner.slots) if slot.own]
            for index, entry in enumerate(entries):
                yield from inner.open_paths(own, inner.gather(entry, values), index)


def _single(items: Items, subject: str) -> ItemFacts:
    """The one item of what there is one of."""
    return (items[subject] or (ItemFacts(),))[0]


class Keys(dict[str, str]):
    """The key of each fact of something that there is one of, by its name in a case; a figure by year has the fact's."""

    def __init__(self, subject: str, facts: Iterable[FactSpec]) -> None:
        super().__init__((fact.name, fact.id) for fact in facts if fact.subject == subject)
        self._subject = subject

    def __missing__(self, name: str) -> str:
        return f"{self._subject}.{name.partition('@')[0]}"


def changed(before: Case, after: Case, single: Mapping[str, Keys]) -> set[str]:
    """The keys of what differs between two cases: facts of what there is one of (``single``), whole lists, ``on`` …"""
    keys: set[str] = set()
    if before.on != after.on:
        keys.add(DAY)
    if before.same_project != after.same_project:
        keys.add(SAME_PROJECT)
    for subject, items in after.items.items():
        if before.items[subject] == items:
            continue
        if subject not in single:
            keys.add(subject)
            continue
        was, now = _single(before.items, subject), _single(after.items, subject)
        # of many facts mostly one differs: compared without a step of ours for each
        names = [*compress(now, map(ne, now.values(), map(was.get, now))), *(was.keys() - now.keys())]
        keys.update(map(single[subject].__getitem__, names))
    return keys


def loose(value: Value | None) -> bool:
    """Whether a fact is not known, or only so far."""
    return value is None or isinstance(value, Range) or (isinstance(value, Dates) and not value.exact)


def offset_of(year: str) -> int:
    """How many years from this one: ``this`` 0, ``last`` -1, ``this-2`` -2."""
    name, _, back = year.partition("-")
    return -(name == "last") - int(back or 0)


def _relative(
    spec: FactSpec, offset: int, own: bool, today: Callable[[ItemFacts, Any], Dates | None] | None
) -> Callable[[ItemFacts, Any], Value | None]:
    """The figure of a year counted from that of the day; not known where the day leaves open which that is."""
    subject, name = spec.subject, spec.name

    def read(item: ItemFacts, around: Any) -> Value | None:
        day = around.on if today is None else today(item, around)
        if day is None or day.year is None:
            return None
        facts = item if own else _single(around.items, subject)
        return facts.get(f"{name}@{day.year + offset}")

    return read


def _day_reader(place: int) -> Reader:
    def read(values: Values) -> FigureSpan | None:
        value = values[place]
        if value is None:
            return ANY
        return None if value == NEVER else value.span

    return read


def _figure_reader(place: int, spec: FactSpec) -> Reader:
    least, most = spec.ends
    unknown = FigureSpan(least, most)

    def read(values: Values) -> FigureSpan:
        value = values[place]
        if value is None:
            return unknown
        if isinstance(value, Range):
            low, high = value.low, value.high
            return FigureSpan(
                least if low is None else low, most if high is None else high, value.low_open, value.high_open
            )
        return FigureSpan(value, value)

    return read
