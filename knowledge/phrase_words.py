"""Words of phrases: where in a text stands one of many, one at an edge, one after the other, or a figure.

What is asked of a text is where its words are; a word that is put together from others is put together from their
places, the text not looked at again. Knows no phrase and no meaning.
"""

from collections.abc import Callable
from dataclasses import dataclass

FIGURE = "{number}"
"""Stands for any figure."""
NUMERALS = frozenset("一二两三四五六七八九十百千万0123456789")
BEGINS_A_NUMBER = NUMERALS | {"半"}
_IN_NUMBER = BEGINS_A_NUMBER | frozenset(".零〇亿")
_LEADS_A_NUMBER = frozenset("上近超足整约")
_NUMBER = 12  # the most characters of a figure
_ENDS_A_NUMBER = frozenset("一二三四五六七八九十0123456789")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
OUTER = _LATIN | _DIGITS | _ENDS_A_NUMBER
_SELDOM = 8  # so many times as seldom is a word that is a character longer


WordSpans = dict[int, list[int]]
"""By the places at which a word begins those at which it can end, the longest first."""


@dataclass(frozen=True, slots=True, eq=False)
class PhraseWord:
    """One word of a phrase: ``spans`` tells where it stands in a text, and no text has it without one of each of ``needs``.
    ``words``: where it is one of these."""

    spans: "Callable[[Searched], WordSpans]"
    needs: tuple[frozenset[str], ...]
    words: frozenset[str] = frozenset()


class Searched:
    """A text, and where words stand in it: each is looked for once. ``places`` are those of all single words."""

    def __init__(self, text: str, places: dict[str, list[int]]) -> None:
        self.text = text
        self.places = places
        self.present = frozenset(places)
        self._found: dict[PhraseWord, WordSpans] = {}

    def found(self, element: PhraseWord) -> WordSpans:
        """Where ``element`` begins, and the places at which it can end, the longest first."""
        known = self._found.get(element)
        if known is None:
            known = self._found[element] = element.spans(self)
        return known


def often(words: frozenset[str]) -> float:
    """About how often one of ``words`` is in a text: the longer, the more seldom."""
    return sum(_SELDOM ** -len(word) for word in words)


def of_words(seen: Searched, words: frozenset[str]) -> WordSpans:
    """Where any of ``words`` stands."""
    found: WordSpans = {}
    for word in words & seen.present:
        for place in seen.places[word]:
            found.setdefault(place, []).append(place + len(word))
    for ends in found.values():
        ends.sort(reverse=True)
    return found


def whole(text: str, start: int, end: int) -> bool:
    """Whether the Latin word or the figure at ``text[start:end]`` is no part of a longer one."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    for kind in (_LATIN, _DIGITS):
        if text[start] in kind and before and before in kind:
            return False
    last = text[end - 1]
    return not (after and after in (_LATIN if last in _LATIN else NUMERALS if last in _ENDS_A_NUMBER else ()))


def figures(seen: Searched) -> WordSpans:
    """Where a figure begins, and can end; the number of a month is none."""
    found: WordSpans = {}
    for start in seen.places.get(FIGURE, ()):
        end, most = start, min(start + _NUMBER, len(seen.text))
        while end < most and seen.text[end] in _IN_NUMBER:
            end += 1
        if not seen.text.startswith("月", end):
            ends = list(range(end, start, -1))
            found[start] = ends
            if start and seen.text[start - 1] in _LEADS_A_NUMBER:  # 整两年, 上千万
                found.setdefault(start - 1, ends)
    return found


def at_edge(element: PhraseWord, first: bool, last: bool) -> PhraseWord:
    """``element`` at the beginning of the clause, at its end, or both."""

    def spans(seen: Searched) -> WordSpans:
        found = seen.found(element)
        if first:
            found = {0: found[0]} if 0 in found else {}
        if last:
            found = {start: ends[:1] for start, ends in found.items() if ends[0] == len(seen.text)}
        return found

    return PhraseWord(spans, element.needs)


def any_element(elements: list[PhraseWord]) -> PhraseWord:
    """Any of ``elements``."""

    def spans(seen: Searched) -> WordSpans:
        found: dict[int, set[int]] = {}
        for element in elements:
            for start, ends in seen.found(element).items():
                found.setdefault(start, set()).update(ends)
        return {start: sorted(ends, reverse=True) for start, ends in found.items()}

    rarest = [min(element.needs, key=often) for element in elements]
    return PhraseWord(spans, (frozenset[str]().union(*rarest),))


def no_end_of(element: PhraseWord) -> PhraseWord:
    """Each character of a word at which ``element`` does not end."""

    def spans(seen: Searched) -> WordSpans:
        ended = {end for ends in seen.found(element).values() for end in ends}
        return {at: [at + 1] for at, each in enumerate(seen.text) if each.isalnum() and at + 1 not in ended}

    return PhraseWord(spans, ())


def in_turn(pieces: list[tuple[PhraseWord, bool]]) -> PhraseWord:
    """One piece after the other; those marked may be missing."""
    needed = [element for element, optional in pieces if not optional]
    first = next(at for at, (_, optional) in enumerate(pieces) if not optional)
    leading = [element for element, _ in pieces[: first + 1]]

    def spans(seen: Searched) -> WordSpans:
        found: WordSpans = {}
        if not all(seen.found(element) for element in needed):
            return found
        for start in {start for element in leading for start in seen.found(element)}:
            places = {start}
            for element, optional in pieces:
                ends = seen.found(element)
                after = {end for place in places if place in ends for end in ends[place]}
                places = places | after if optional else after
                if not places:
                    break
            else:
                found[start] = sorted(places, reverse=True)
        return found

    return PhraseWord(spans, tuple(need for element in needed for need in element.needs))
