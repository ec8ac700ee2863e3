"""Phrases: a few words that stand together in one clause, written by somebody who knows no pattern language.

``注册 {here}`` is two words with nothing but particles, adverbs, times and quantities between them, whichever comes
first (``注册 > {here}``, and three and more words: as written). ``{here}`` is any word of a class, ``做/搞`` either word, ``[做/搞]电商``
either beginning, ``(的)`` may be missing, ``…`` is a few other characters (``……`` also verbs), ``|`` the edge of the clause (joined to a word: at
once), ``{number}`` a figure. Compiles them to
one bounded pattern; knows what no word means.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from knowledge.matching import Clause, Form, Gap, Light, Phrases, Vocabulary, Word

HIDDEN: Final = "\0"
"""Stands for each character of a name that hides the words inside it."""

_SLOT = re.compile(r"\{([a-z_]+)\}")
_PIECE = re.compile(r"\{([a-z_]+)\}|\(([^()]*)\)|\[([^\[\]]*)\]|([^{}()\[\]]+)")
_NUMERAL = "一二两三四五六七八九十百千万\\d"
_NUMBER = f"[{_NUMERAL}半][{_NUMERAL}半.]*"
_NUMERALS = "一二两三四五六七八九十百千万半0123456789"
_GAPS = {
    "…": f",{HIDDEN}是在有给帮替租开设建",  # a few characters, no verb of another statement
    "……": f",{HIDDEN}",
}
"""The signs for a few other characters, and the characters that may not be among them."""
_REMEMBERED = 8
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


class Phrasebook:
    """Reads phrases that use the classes of ``words`` and the common ones."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self._words = {**common(), **words}
        self._classes: dict[str, str] = {"number": _NUMBER}
        self._elements: dict[str, Word] = {}
        self._vocabulary = Vocabulary()
        self._clauses: dict[str, Clause] = {}
        self._light = Light(self._plain("{light}"), [self._element(e) for e in self._made("light")])

    def known(self, name: str) -> bool:
        """Whether there is a class ``name``."""
        return name in self._classes or name in self._words

    def pattern(self, phrases: Iterable[str]) -> Phrases | None:
        """``phrases`` as one thing to look for in plain text, None where there are none. Raises ``PhraseError``."""
        forms = [form for phrase in phrases for form in self._forms(phrase)]
        return Phrases(forms, self._clause) if forms else None

    def check(self, phrase: str) -> None:
        """Raises ``PhraseError`` where ``phrase`` cannot be read."""
        for form in self._forms(phrase):
            for word in form.words:
                _ = word.pattern

    def _clause(self, text: str) -> Clause:
        """``text`` with what was found in it: all that look at one clause share it."""
        if text not in self._clauses:
            if len(self._clauses) >= _REMEMBERED:
                self._clauses.clear()
            self._clauses[text] = Clause(text, self._vocabulary, self._light)
        return self._clauses[text]

    def _forms(self, phrase: str) -> list[Form]:
        """The orders in which the words of ``phrase`` may stand: two with little between them, either first."""
        parts = phrase.split()
        words = [self._word(part) for part in parts if part not in _GAPS and part not in _SIGNS]
        if not words:
            raise PhraseError(f"“{phrase}” has no word in it")
        if len(parts) == 2 == len(words) and _FIGURE not in parts:
            return [Form((first, second), (Gap(),)) for first, second in (words, words[::-1])]
        gaps: list[Gap] = []
        between = Gap()
        for part in parts[1:]:
            if part in _GAPS:
                between = Gap(light=False, barred=_GAPS[part])
            elif part not in _SIGNS:
                gaps.append(between)
                between = Gap()
        if parts[0] == "|":
            gaps = gaps[1:]
        ahead = parts[-1] == _FIGURE
        return [Form(tuple(words), tuple(gaps), parts[0] == "|", parts[-1] == "|", ahead)]

    def _word(self, element: str) -> Word:
        if element not in self._elements:
            firsts = frozenset(self._firsts(element.strip("|"), set()))
            self._element(element)  # what cannot be read is told now
            self._elements[element] = Word(firsts, lambda: self._element(element))
            self._vocabulary.add(self._elements[element])
        return self._elements[element]

    def _firsts(self, element: str, within: set[str]) -> set[str]:
        """The characters with which ``element`` may begin; ``within`` are the classes it is part of."""
        found: set[str] = set()
        for text in _alternatives(element):
            for piece in _PIECE.finditer(text):
                name, optional, choice, literal = piece.groups()
                if name:
                    found |= self._class_firsts(name, within)
                elif literal:
                    found.add(literal[0])
                else:
                    found |= self._firsts(optional or choice or "", within)
                if optional is None:
                    break
        return found

    def _class_firsts(self, name: str, within: set[str]) -> set[str]:
        if name == "number":
            return set(_NUMERALS)
        entries = () if name in within else self._words.get(name, ())
        return {
            character
            for entry in entries
            if not entry.startswith("-")
            for character in self._firsts(entry, within | {name})
        }

    def _made(self, name: str) -> list[str]:
        """The entries of a class that are no plain words."""
        return [entry for entry in self._words[name] if not entry.startswith("-") and not self._plain(entry)]

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
            edged = sorted((word for word in plain if _literal(word) != re.escape(word)), key=len, reverse=True)
            rest = plain - set(edged)
            self._classes[name] = "|".join([*made, *map(_literal, edged), *([_trie(rest)] if rest else [])])
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
    """``word`` itself: Latin letters are no part of a longer word, figures none of a longer figure."""
    before = "(?<![a-z])" if re.match(r"[a-z]", word) else r"(?<!\d)" if word[0].isdigit() else ""
    after = (
        "(?![a-z])"
        if re.search(r"[a-z]$", word)
        else rf"(?![{_NUMERAL}])"
        if re.search(r"[一二三四五六七八九十\d]$", word)
        else ""
    )
    return before + re.escape(word) + after


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
