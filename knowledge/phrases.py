"""Phrases: a few words that stand together in one clause, written by somebody who knows no pattern language.

``注册 {here}`` is two words with nothing but particles, adverbs, times and quantities between them, whichever comes
first (``注册 > {here}``, and three and more words: as written). ``{here}`` is any word of a class, ``做/搞`` either word, ``[做/搞]电商``
either beginning, ``(的)`` may be missing, ``…`` is a few other characters (``……`` also verbs), ``|`` the edge of the clause (joined to a word: at
once), ``{number}`` a figure. Compiles them to
one bounded pattern; knows what no word means.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import yaml

HIDDEN: Final = "\0"
"""Stands for each character of a name that hides the words inside it."""

_SLOT = re.compile(r"\{([a-z_]+)\}")
_PIECE = re.compile(r"\{([a-z_]+)\}|\(([^()]*)\)|\[([^\[\]]*)\]|([^{}()\[\]]+)")
_NUMERAL = "一二两三四五六七八九十百千万\\d"
_NUMBER = f"[{_NUMERAL}半][{_NUMERAL}半.]{{0,11}}"
_GAPS = {
    "…": f"[^,{HIDDEN}是在有给帮替租开设建]{{0,12}}?",  # a few characters, no verb of another statement
    "……": f"[^,{HIDDEN}]{{0,12}}?",
}
_LARGE = 400  # a class of a longer pattern is compiled once, and its words are marked in the text
_FIRST_MARK = 0xE000  # plain text has no character of private use
_SIGNS = ("|", ">")
_FIGURE = "{number}"


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@cache
def common() -> dict[str, tuple[str, ...]]:
    """The classes of words that every pack may use, read on first use."""
    loaded = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
    return {name: tuple(map(str, words)) for name, words in loaded.items()}


def slots(phrase: str) -> tuple[str, ...]:
    """The names of the classes that ``phrase`` uses."""
    return tuple(_SLOT.findall(phrase))


class Phrases:
    """Some phrases, to be looked for in a text. Words of a large class are marked in the text before."""

    def __init__(self, pattern: re.Pattern[str], marks: tuple[tuple[re.Pattern[str], str], ...]) -> None:
        self._pattern = pattern
        self._marks = marks

    def search(self, text: str) -> re.Match[str] | None:
        """Where the first of them begins and ends in ``text``."""
        return self._pattern.search(self._marked(text))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Where they begin and end in ``text``."""
        return self._pattern.finditer(self._marked(text))

    def hide(self, text: str) -> str:
        """``text`` with the phrases blanked."""
        for match in list(self.finditer(text)):
            text = text[: match.start()] + HIDDEN * len(match[0]) + text[match.end() :]
        return text

    def _marked(self, text: str) -> str:
        for words, mark in self._marks:
            text = words.sub(lambda match, mark=mark: mark * len(match[0]), text)
        return text


class Phrasebook:
    """Compiles phrases that use the classes of ``words`` and the common ones."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self._words = {**common(), **words}
        self._classes: dict[str, str] = {"number": _NUMBER}
        self._marks: dict[str, re.Pattern[str]] = {}
        light = "".join(sorted(set("".join(self._words["light"]))))
        self._light = f"[{re.escape(light)}{_NUMERAL}]{{0,10}}?"  # their characters: 40 times faster than the words

    def known(self, name: str) -> bool:
        """Whether there is a class ``name``."""
        return name in self._classes or name in self._words

    def compiled(self, phrases: Iterable[str]) -> Phrases | None:
        """``phrases`` as one, None where there are none. Raises ``PhraseError``."""
        longest = sorted(phrases, key=len, reverse=True)
        pattern = "|".join(branch for phrase in longest for branch in self._orders(phrase))
        marks = tuple((known, mark) for mark, known in self._marks.items() if mark in pattern)
        return Phrases(re.compile(pattern), marks) if pattern else None

    def check(self, phrase: str) -> None:
        """Raises ``PhraseError`` where ``phrase`` cannot be read."""
        self._orders(phrase)

    def _orders(self, phrase: str) -> list[str]:
        """The patterns of ``phrase``: of two words with little between them, either may come first."""
        parts = phrase.split()
        words = [self._element(part) for part in parts if part not in _GAPS and part not in _SIGNS]
        if not words:
            raise PhraseError(f"“{phrase}” has no word in it")
        if len(parts) == 2 == len(words) and _FIGURE not in parts:
            return [words[0] + self._light + words[1], words[1] + self._light + words[0]]
        pattern = ""
        for before, part in pairwise(["", *parts]):
            if part in _GAPS:
                pattern += _GAPS[part]
                continue
            if part == ">":
                continue
            if before and before not in _GAPS:
                pattern += self._light
            if part == "|":
                pattern += "$" if pattern else "^"
            else:  # a figure at the end is only looked at: it is nobody's word
                pattern += f"(?={_NUMBER})" if part == _FIGURE and part is parts[-1] else self._element(part)
        return [pattern]

    def _element(self, element: str) -> str:
        alternatives = [self._sequence(word) for word in _alternatives(element.strip("|"))]
        words = alternatives[0] if len(alternatives) == 1 else f"(?:{'|'.join(alternatives)})"
        return ("^" if element[0] == "|" else "") + words + ("$" if element[-1] == "|" else "")

    def _sequence(self, text: str) -> str:
        """One word of literal characters, classes and what may be missing."""
        pattern, end, needed = "", 0, False
        for piece in _PIECE.finditer(text):
            if piece.start() != end:
                break
            end = piece.end()
            name, optional, choice, literal = piece.groups()
            needed = needed or optional is None
            if name:
                pattern += f"(?:{self._class(name)})"
            elif optional is not None or choice is not None:
                words = "|".join(self._sequence(word) for word in _alternatives(optional or choice))
                pattern += f"(?:{words})" + ("?" if optional else "")
            else:
                pattern += _literal(literal)
        if end != len(text):
            raise PhraseError(f"“{text}” has a bracket that is not closed")
        if not needed:
            raise PhraseError(f"all of “{text}” may be missing; put what must be there in [ ]")
        return pattern

    def _class(self, name: str) -> str:
        """A class as an alternation, the longer of its words first; ``-{other}`` takes the words of a class out."""
        if name not in self._classes:
            if name not in self._words:
                raise PhraseError(f"there is no class `{name}` in `words`")
            entries = self._words[name]
            self._classes[name] = ""  # a class within itself is empty
            out = {word for entry in entries if entry.startswith("-") for word in self._plain(entry[1:])}
            kept = [entry for entry in entries if not entry.startswith("-")]
            plain = {word for entry in kept for word in self._plain(entry)} - out
            made = [self._element(entry) for entry in kept if not self._plain(entry)]
            edges: dict[tuple[str, str], set[str]] = {}
            for word in plain:
                edges.setdefault(_edges(word), set()).add(word)
            bounded = [
                f"{before}(?:{_trie(group)}){after}" for (before, after), group in sorted(edges.items(), reverse=True)
            ]
            words = "|".join([*made, *bounded])
            if len(words) > _LARGE:
                mark = chr(_FIRST_MARK + len(self._marks))
                self._marks[mark] = re.compile(words)
                words = f"{mark}{{1,16}}"
            self._classes[name] = words
        return self._classes[name]

    def _plain(self, entry: str) -> list[str]:
        """The words of ``entry`` where it is a word or a class of words, without anything optional."""
        if slot := _SLOT.fullmatch(entry):
            return [word for inner in self._words.get(slot[1], ()) for word in self._plain(inner)]
        return [] if re.search(r"[{}()\[\]/]", entry) else [entry]


def _alternatives(text: str) -> list[str]:
    """``text`` at its slashes, those within brackets aside, the longest first."""
    return sorted(re.split(r"/(?![^()\[\]]*[)\]])", text), key=len, reverse=True)


def _literal(word: str) -> str:
    """``word`` itself."""
    before, after = _edges(word)
    return before + re.escape(word) + after


def _edges(word: str) -> tuple[str, str]:
    """What may not stand before and after ``word``: its Latin letters end no longer word, its figures no longer figure."""
    before = "(?<![a-z])" if re.match(r"[a-z]", word) else r"(?<!\d)" if word[0].isdigit() else ""
    figure = rf"(?![{_NUMERAL}])" if re.search(r"[一二三四五六七八九十\d]$", word) else ""
    return before, "(?![a-z])" if re.search(r"[a-z]$", word) else figure


def _trie(words: Iterable[str]) -> str:
    """``words`` as one pattern that shares their beginnings and takes the longest."""
    heads: dict[str, set[str]] = {}
    for word in words:
        heads.setdefault(word[0], set()).add(word[1:])
    branches: list[str] = []
    for head, tails in sorted(heads.items()):
        whole = "" in tails
        rest = _trie(tails - {""}) if tails - {""} else ""
        tail = "" if not rest else f"(?:{rest})?" if whole else f"(?:{rest})"
        branches.append(re.escape(head) + tail)
    return "|".join(branches)
