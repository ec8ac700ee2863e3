"""Phrases: a few words that stand together in one clause, written by somebody who knows no pattern language.

``注册 {here}`` is two words with nothing but particles, adverbs, times and quantities between them, whichever comes
first (``注册 > {here}``, and three and more words: as written). ``{here}`` is any word of a class, ``做/搞`` either word, ``[做/搞]电商``
either beginning, ``(的)`` may be missing, ``{-ground}`` is one character that ends no word of a class, ``…`` is a few other characters (``……`` also verbs; ``~`` also verbs, no negation, and whichever word
comes first), ``|`` the edge of the clause (joined to a word: at once), ``{number}`` a figure. Finds the words of all
phrases in one pass over a text, looks at those phrases alone whose words are there, and at what lies between; knows what no word means.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar, cast

import yaml

from knowledge.patterns import regex
from knowledge.phrase_words import (
    BEGINS_A_NUMBER,
    FIGURE,
    NUMERALS,
    OUTER,
    PhraseWord,
    Searched,
    any_element,
    at_edge,
    figures,
    in_turn,
    no_end_of,
    of_words,
    often,
    whole,
)

HIDDEN: Final = "\0"
"""Stands for each character of a name that hides the words inside it."""

_SLOT = regex(r"\{([a-z_]+)\}")
_PIECE = regex(r"\{(-?[a-z_]+)\}|\(([^()]*)\)|\[([^\[\]]*)\]|([^{}()\[\]]+)")
_LIGHT = "light"
_FREE = "~"
_REACH = {_LIGHT: 10, "…": 12, "……": 12, _FREE: 12}  # the most characters between two words
_STOPS = {
    "…": frozenset(f",{HIDDEN}是在有给帮替租开设建"),  # a few characters, no verb of another statement
    "……": frozenset(f",{HIDDEN}"),
    _FREE: frozenset(f",{HIDDEN}没不未给帮替"),  # verbs as well, but nothing that denies or is done for others
}
_SIGNS = ("|", ">")
_NARROW = {0xFF01 + at: 0x21 + at for at in range(0x5E) if chr(0x21 + at).isalnum()}
_KEPT = 128  # texts whose words are remembered: a clause is looked at for each fact


_Made = TypeVar("_Made")


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@cache
def common() -> dict[str, tuple[str, ...]]:
    """The classes of words that every pack may use, read on first use."""
    loaded = yaml.load(Path(__file__).with_name("words.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {name: tuple(map(str, words)) for name, words in loaded.items()}


def slots(phrase: str) -> tuple[str, ...]:
    """The names of the classes that ``phrase`` uses."""
    return tuple(_SLOT.findall(phrase))


@dataclass(frozen=True, slots=True)
class Span:
    """Where a phrase stands in a text."""

    span: tuple[int, int]

    def start(self) -> int:
        """Where it begins."""
        return self.span[0]

    def end(self) -> int:
        """Where it ends."""
        return self.span[1]


class _Searched(Searched):
    """A text, and where the words of phrases stand in it: each is looked for once. ``places`` are those of all that
    the phrases are made of."""

    def __init__(self, text: str, light: frozenset[str], places: dict[str, list[int]]) -> None:
        super().__init__(text, places)
        self.spoken: dict[int, list[tuple[int, _Branch]]] = {}  # by group the phrases whose words are all there
        self.groups: frozenset[int] = frozenset()  # those groups
        self.matches: dict[int, tuple[Span, ...]] = {}  # where the phrases of each group stand, once looked for
        self.kept: dict[Callable[[str], object], object] = {}  # what was made of the text, by what made it
        self._light = light
        self._reach: dict[str, list[int]] = {}

    def reach(self, gap: str) -> list[int]:
        """How far each place is from the next word at most, where ``gap`` is between the two."""
        known = self._reach.get(gap)
        if known is None:
            end = len(self.text)
            known = [end] * (end + 1)
            for place in range(end - 1, -1, -1):
                character = self.text[place]
                if not (character in self._light if gap == _LIGHT else character not in _STOPS[gap]):
                    end = place
                known[place] = min(end, place + _REACH[gap])
            self._reach[gap] = known
        return known


_Step = tuple[str, PhraseWord | None]  # what lies before a word, and the word; None: the edge of the clause


@dataclass(frozen=True, slots=True, eq=False)
class _Branch:
    """The words of a phrase in one order; ``counts``: the last of them is a figure, which is only looked at."""

    steps: tuple[_Step, ...]
    counts: bool

    def all_in(self, seen: _Searched) -> bool:
        """Whether each of its words is in the text."""
        return all(element is None or seen.found(element) for _, element in self.steps)

    def starts(self, seen: _Searched) -> Iterable[int]:
        """Where it may begin."""
        first = self.steps[0][1]
        return (0,) if first is None else seen.found(first)

    def end(self, seen: _Searched, start: int, failed: set[tuple[int, int]]) -> int:
        """Where it ends that begins at ``start``; -1 where it does not. ``failed`` are the steps known to lead nowhere."""
        if len(self.steps) == 1 and not self.counts and (element := self.steps[0][1]):
            return seen.found(element)[start][0]
        return self._end(seen, 0, start, failed)

    def _end(self, seen: _Searched, index: int, place: int, failed: set[tuple[int, int]]) -> int:
        if index == len(self.steps):
            return place
        if (index, place) in failed:
            return -1
        gap, element = self.steps[index]
        limit = seen.reach(gap)[place] if gap else place
        if element is None:
            end = place if index == 0 else len(seen.text) if limit == len(seen.text) else -1
            return end if end < 0 else self._end(seen, index + 1, end, failed)
        found = seen.found(element)
        for start in range(place, limit + 1):
            if self.counts and index == len(self.steps) - 1 and start in found:
                return start
            for end in found.get(start, ()):
                if (whole := self._end(seen, index + 1, end, failed)) >= 0:
                    return whole
        failed.add((index, place))
        return -1


_Uses = dict[int, tuple[tuple[int, _Branch], ...]]
"""By each group of a phrase its branches with their ranks there."""


class Phrases:
    """Some phrases, to be looked for in a text; ``book`` knows which of them it can hold."""

    def __init__(self, book: "Phrasebook", group: int) -> None:
        self._book = book
        self.group = group

    def search(self, text: str) -> Span | None:
        """Where the first of them begins and ends in ``text``."""
        found = self.finditer(text)
        return found[0] if found else None

    def finditer(self, text: str) -> tuple[Span, ...]:
        """Where they begin and end in ``text``, from left to right."""
        seen = self._book.seen(text)
        if self.group not in seen.spoken:
            return ()
        known = seen.matches.get(self.group)
        if known is None:
            known = seen.matches[self.group] = tuple(_first(seen, self.group))
        return known

    def hide(self, text: str) -> str:
        """``text`` with the phrases blanked."""
        for found in self.finditer(text):
            text = text[: found.start()] + HIDDEN * (found.end() - found.start()) + text[found.end() :]
        return text


def _first(seen: _Searched, group: int) -> Iterator[Span]:
    """The matches of a ``group`` from left to right; of two that begin together the one that is told first."""
    there = [(order, branch, set[tuple[int, int]]()) for order, branch in seen.spoken[group] if branch.all_in(seen)]
    tried = [(start, *each) for each in there for start in each[1].starts(seen)]
    tried.sort(key=lambda each: each[:2])
    place = 0
    for start, _, branch, failed in tried:
        if start >= place and (end := branch.end(seen, start, failed)) >= 0:
            yield Span((start, end))
            place = max(end, start + 1)


class Phrasebook:
    """Finds phrases that use the classes of ``words`` and the common ones."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self._words = {**common(), **words}
        self._light = frozenset("".join(self._words["light"])) | NUMERALS | {" "}
        self._any: dict[frozenset[str], PhraseWord] = {}
        self._known: set[str] = set()  # every word of which the phrases are made
        self._heads: dict[str, list[str]] = {}  # those of more than one character, by the first two
        self._edged: set[str] = set()  # words that are no part of a longer word or figure
        self._classes: dict[str, PhraseWord | None] = {"number": PhraseWord(figures, (frozenset({FIGURE}),))}
        self._elements: dict[str, PhraseWord] = {}
        self._needs: dict[frozenset[str], int] = {}
        self._met: dict[str, list[int]] = {}  # of each word the needs that it meets
        self._branches: dict[str, tuple[_Branch, ...]] = {}
        self._users: dict[str, _Uses] = {}
        self._by_need: dict[int, list[tuple[frozenset[int], _Uses]]] = {}
        self._rarest: set[int] = set()  # its keys
        self._compiled: dict[tuple[str, ...], Phrases] = {}
        self.seen = lru_cache(maxsize=_KEPT)(self._look)

    def known(self, name: str) -> bool:
        """Whether there is a class ``name``."""
        return name in self._classes or name in self._words

    def compiled(self, phrases: Iterable[str]) -> Phrases | None:
        """``phrases`` as one, None where there are none. Raises ``PhraseError``."""
        longest = tuple(sorted(phrases, key=len, reverse=True))
        if not longest:
            return None
        if longest not in self._compiled:
            self.seen.cache_clear()
            group = len(self._compiled)
            for rank, phrase in enumerate(longest):
                if phrase not in self._users:
                    self._enter(phrase)
                ranked = ((2 * rank + at, branch) for at, branch in enumerate(self._branches[phrase]))
                self._users[phrase][group] = (*self._users[phrase].get(group, ()), *ranked)
            self._compiled[longest] = Phrases(self, group)
        return self._compiled[longest]

    def spoken_in(self, text: str) -> Collection[int]:
        """The groups of phrases of which ``text`` holds all words of any."""
        return self.seen(text).groups

    def kept(self, make: Callable[[str], _Made], text: str) -> _Made:
        """What ``make`` makes of ``text``, made once as long as the words of the text are remembered."""
        kept = self.seen(text).kept
        if make not in kept:
            kept[make] = make(text)
        return cast("_Made", kept[make])

    def check(self, phrase: str) -> None:
        """Raises ``PhraseError`` where ``phrase`` cannot be read."""
        self._orders(phrase)

    def _look(self, text: str) -> _Searched:
        seen = _Searched(text, self._light, self._places(text))
        met = set[int]().union(*[self._met[word] for word in seen.present if word in self._met])
        for number in met & self._rarest:
            for needs, uses in self._by_need[number]:
                if needs <= met:
                    for group, branches in uses.items():
                        seen.spoken.setdefault(group, []).extend(branches)
        seen.groups = frozenset(seen.spoken)
        return seen

    def _places(self, text: str) -> dict[str, list[int]]:
        """Where each word stands in ``text`` of which phrases are made, in one pass; those of any figure as well."""
        places: dict[str, list[int]] = {}
        heads, edged = self._heads, self._edged
        for place, character in enumerate(text):
            if character in self._known and (character not in edged or whole(text, place, place + 1)):
                places.setdefault(character, []).append(place)
            for word in heads.get(text[place : place + 2], ()):
                if text.startswith(word, place) and (word not in edged or whole(text, place, place + len(word))):
                    places.setdefault(word, []).append(place)
            if character in BEGINS_A_NUMBER:
                places.setdefault(FIGURE, []).append(place)
        return places

    def _enter(self, phrase: str) -> None:
        """Make ``phrase`` known by the rarest of the words that it needs."""
        self._branches[phrase] = branches = self._orders(phrase)
        needs = {need for _, element in branches[0].steps if element is not None for need in element.needs}
        for need in needs - self._needs.keys():
            self._needs[need] = len(self._needs)
            for word in need:
                self._met.setdefault(word, []).append(self._needs[need])
        rarest = self._needs[min(needs, key=often)]
        self._users[phrase] = uses = _Uses()
        self._rarest.add(rarest)
        self._by_need.setdefault(rarest, []).append((frozenset(self._needs[need] for need in needs), uses))

    def _orders(self, phrase: str) -> tuple[_Branch, ...]:
        """The orders of ``phrase``: of two words with little or ``~`` between them, either may come first."""
        parts = phrase.split()
        words = [part for part in parts if part not in _REACH and part not in _SIGNS]
        if not words:
            raise PhraseError(f"“{phrase}” has no word in it")
        between = _LIGHT if len(parts) == 2 else _FREE
        if len(words) == 2 and parts in (words, [words[0], _FREE, words[1]]) and FIGURE not in parts:
            one, other = map(self._element, words)
            return _Branch((("", one), (between, other)), False), _Branch((("", other), (between, one)), False)
        steps: list[_Step] = []
        gap = ""
        for before, part in pairwise(["", *parts]):
            if part in _STOPS:
                gap = part
            elif part != ">":
                gap = gap if before in _STOPS else _LIGHT if steps else ""
                steps.append((gap if steps else "", None if part == "|" else self._element(part)))
        return (_Branch(tuple(steps), parts[-1] == FIGURE),)

    def _element(self, text: str) -> PhraseWord:
        if text not in self._elements:
            either = self._either([self._sequence(word) for word in _alternatives(text.strip("|"))])
            first, last = text[0] == "|", text[-1] == "|"
            self._elements[text] = at_edge(either, first, last) if first or last else either
        return self._elements[text]

    def _sequence(self, text: str) -> PhraseWord:
        """One word of literal characters, classes and what may be missing."""
        pieces: list[tuple[PhraseWord, bool]] = []
        end, needed = 0, False
        for piece in _PIECE.finditer(text):
            if piece.start() != end:
                break
            end = piece.end()
            name, optional, choice, literal = piece.groups()
            if name:
                element = self._class(name) if name[0] != "-" else self._outside(name[1:])
            elif literal:
                element = self._any_of(frozenset({_as_read(literal)}))
            else:
                element = self._either([self._sequence(word) for word in _alternatives(optional or choice)])
            if element is not None:  # a class within itself is empty
                pieces.append((element, optional is not None))
            needed = needed or optional is None
        if end != len(text):
            raise PhraseError(f"“{text}” has a bracket that is not closed")
        if not needed:
            raise PhraseError(f"all of “{text}” may be missing; put what must be there in [ ]")
        return pieces[0][0] if len(pieces) == 1 else in_turn(pieces)

    def _any_of(self, words: frozenset[str]) -> PhraseWord:
        """Any of ``words``: its Latin letters end no longer word, its figures no longer figure."""
        if words not in self._any:
            self._any[words] = PhraseWord(lambda seen: of_words(seen, words), (words,), words)
            for word in words - self._known:
                self._known.add(word)
                if word[0] in OUTER or word[-1] in OUTER:
                    self._edged.add(word)
                if len(word) > 1:
                    self._heads.setdefault(word[:2], []).append(word)
        return self._any[words]

    def _either(self, elements: list[PhraseWord]) -> PhraseWord:
        if words := frozenset[str]().union(*(element.words for element in elements)):
            elements = [self._any_of(words), *(element for element in elements if not element.words)]
        return elements[0] if len(elements) == 1 else any_element(elements)

    def _class(self, name: str) -> PhraseWord | None:
        """Any word of a class; ``-{other}`` takes the words of a class out. None while it is being made."""
        if name not in self._classes:
            if name not in self._words:
                raise PhraseError(f"there is no class `{name}` in `words`")
            entries = self._words[name]
            self._classes[name] = None
            out = {word for entry in entries if entry.startswith("-") for word in self._plain(entry[1:])}
            kept = [entry for entry in entries if not entry.startswith("-")]
            plain = {word for entry in kept for word in self._plain(entry)} - out
            made = [self._element(entry) for entry in kept if not self._plain(entry)]
            self._classes[name] = self._either([*made, *([self._any_of(frozenset(plain))] if plain else [])])
        return self._classes[name]

    def _outside(self, name: str) -> PhraseWord:
        """One character of a word at which no word of the class ``name`` ends."""
        inside = self._class(name)
        if inside is None:
            raise PhraseError(f"the class `{name}` stands within itself")
        return no_end_of(inside)

    def _plain(self, entry: str) -> list[str]:
        """The words of ``entry`` where it is a word or a class of words alone, without anything optional or taken out."""
        if slot := _SLOT.fullmatch(entry):
            inner = self._words.get(slot[1], ())
            words = [() if each.startswith("-") else self._plain(each) for each in inner]
            return [word for each in words for word in each] if all(words) else []
        return [] if re.search(r"[{}()\[\]/]", entry) else [_as_read(entry)]


def _as_read(word: str) -> str:
    """``word`` with its letters and figures as the text is read: small, and of the usual width (ＡＡ级, 5A企业)."""
    return word.translate(_NARROW).lower()


def _alternatives(text: str) -> list[str]:
    """``text`` at its slashes, those within brackets aside."""
    return re.split(r"/(?![^()\[\]]*[)\]])", text)
