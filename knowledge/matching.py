"""Looks for phrases in a clause: each word of a phrase is a small pattern, compiled when a clause may hold it.

A clause is looked at once for each word, however many phrases have it; what may stand between two words is told by
``light`` words. The work grows with the clause alone. Knows no syntax of phrases, and what no word means.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_STEPS = 8
"""The most light words between two words of a phrase."""
_REACH = 12
"""The most characters of an open gap."""


class Word:
    """One word of a phrase: ``written`` makes its pattern when it is first needed; it begins with one of ``firsts``."""

    def __init__(self, firsts: frozenset[str], written: Callable[[], str]) -> None:
        self.firsts = firsts
        self._written = written

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self._written())


@dataclass(frozen=True, slots=True)
class Gap:
    """What may stand before a word: nothing but light words (``light``), or a few characters without ``barred`` ones."""

    light: bool = True
    barred: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A phrase in one order: its words, the gap before each but the first, whether it begins and ends its clause (after
    light words). ``ahead``: the last word is only looked at."""

    words: tuple[Word, ...]
    gaps: tuple[Gap, ...]
    begins: bool = False
    ends: bool = False
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a clause."""

    first: int
    last: int

    def start(self) -> int:
        return self.first

    def end(self) -> int:
        return self.last


class Clause:
    """A text with the words of ``vocabulary`` that stand in it: their ends by their starts."""

    def __init__(self, text: str, vocabulary: "Vocabulary", light: "Light") -> None:
        self.text = text
        self.words = vocabulary.found(text)
        self._light = light
        self._reached: dict[int, frozenset[int]] = {}

    def reached(self, start: int) -> frozenset[int]:
        """Where light words alone lead from ``start``, that place itself with it."""
        ends = self._reached.get(start)
        if ends is None:
            ends = self._reached[start] = frozenset(self._light.reach(self.text, start))
        return ends

    def matches(self, form: Form) -> Iterator[Span]:
        """Where ``form`` stands."""
        if any(word not in self.words for word in form.words[1:]):
            return
        leading = self.reached(0) if form.begins else None
        for start, end in self.words[form.words[0]].items():
            if leading is None or start in leading:
                ends = self._follow(form, 1, end)
                if ends:
                    yield Span(start, max(ends))

    def _follow(self, form: Form, place: int, end: int) -> list[int]:
        """The ends of the phrase whose words before ``place`` stand up to ``end``."""
        ends = [end]
        for number in range(place, len(form.words)):
            places = self.words[form.words[number]]
            nexts = {at for end in ends for at in self._after(form.gaps[number - 1], end) if at in places}
            if form.ahead and number == len(form.words) - 1:
                ends = [end for end in ends if any(at in places for at in self._after(form.gaps[number - 1], end))]
            else:
                ends = [places[at] for at in nexts]
            if not ends:
                return []
        return [end for end in ends if not form.ends or len(self.text) in self.reached(end)]

    def _after(self, gap: Gap, end: int) -> Iterable[int]:
        if gap.light:
            return self.reached(end)
        stop = end
        while stop < len(self.text) and stop - end < _REACH and self.text[stop] not in gap.barred:
            stop += 1
        return range(end, stop + 1)


class Vocabulary:
    """All words of all phrases, by the characters with which they begin."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[Word]] = {}

    def add(self, word: Word) -> None:
        """Look for ``word`` from now on."""
        for first in word.firsts:
            self._by_first.setdefault(first, []).append(word)

    def found(self, text: str) -> dict[Word, dict[int, int]]:
        """The words that stand in ``text``, each with its ends by its starts."""
        places: dict[Word, dict[int, int]] = {}
        for at, character in enumerate(text):
            for word in self._by_first.get(character, ()):
                if (match := word.pattern.match(text, at)) and match.end() > at:
                    places.setdefault(word, {})[at] = match.end()
        return places


class Light:
    """The words that may stand between two words of a phrase: plain ones, and ``patterns`` of others."""

    def __init__(self, words: Iterable[str], patterns: Sequence[str]) -> None:
        self._words: dict[str, list[str]] = {}
        for word in words:
            self._words.setdefault(word[0], []).append(word)
        self._written = patterns

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [re.compile(pattern) for pattern in self._written]

    def reach(self, text: str, start: int) -> set[int]:
        """Where these words lead from ``start``."""
        reached, edge = {start}, {start}
        for _ in range(_STEPS):
            edge = {end for at in edge for end in self._steps(text, at)} - reached
            if not edge:
                break
            reached |= edge
        return reached

    def _steps(self, text: str, at: int) -> Iterator[int]:
        for word in self._words.get(text[at : at + 1], ()):
            if text.startswith(word, at):
                yield at + len(word)
        for pattern in self._patterns:
            if found := pattern.match(text, at):
                yield found.end()


class Phrases:
    """Several phrases, looked for together."""

    def __init__(self, forms: Sequence[Form], clause: Callable[[str], Clause]) -> None:
        self._forms: dict[Word, list[Form]] = {}
        for form in forms:
            self._forms.setdefault(form.words[0], []).append(form)
        self._words = frozenset(self._forms)
        self._clause = clause

    def finditer(self, text: str) -> list[Span]:
        """Where they stand in ``text``, the first first, the longest of those that overlap."""
        clause = self._clause(text)
        if self._words.isdisjoint(clause.words):
            return []
        spans = [
            span
            for word in clause.words
            if word in self._words
            for form in self._forms[word]
            for span in clause.matches(form)
        ]
        kept: list[Span] = []
        for span in sorted(spans, key=lambda span: (span.first, -span.last)):
            if not kept or span.first >= kept[-1].last:
                kept.append(span)
        return kept

    def search(self, text: str) -> Span | None:
        """The first place where one of them stands, None where none does."""
        found = self.finditer(text)
        return found[0] if found else None

    def blanked(self, text: str, sign: str) -> str:
        """``text`` with ``sign`` in the place of each character of them."""
        if self._words.isdisjoint(self._clause(text).words):
            return text
        for span in self.finditer(text):
            text = text[: span.first] + sign * (span.last - span.first) + text[span.last :]
        return text
