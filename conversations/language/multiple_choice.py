"""What typed words mean where the open question offers several options: numbers, names, none, or not known.

Exact words and numbers only; longer sentences are the readers' business. Knows no session.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from conversations.language.lexicon import lexicon
from knowledge.patterns import regex

_ZH = lexicon("answers")
_PARTS = regex(r"[\s,，、;；/|.。!！]+|(?<=\D)[和及与跟](?=\D)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options by place; ``unsure`` = the person says that they do not know."""

    places: frozenset[int] = frozenset()
    unsure: bool = False


def several(text: str, labels: Sequence[Sequence[str]]) -> Chosen | None:
    """Which options ``text`` names, each by its number or one of its ``labels``; None where it is something else."""
    words = _plain(text)
    if _ZH["none_chosen"].fullmatch(words):
        return Chosen()
    if _ZH["not_sure_which"].fullmatch(words):
        return Chosen(unsure=True)
    known, parted = _read(tuple(map(tuple, labels)))
    for label in parted:  # a label with a comma of its own must not fall apart at it
        words = words.replace(label, f" {known[label] + 1} ")
    places: set[int] = set()
    for part in filter(None, _PARTS.split(words)):
        if part.isdecimal():
            if not 0 < int(part) <= len(labels):
                return None
            places.add(int(part) - 1)
        elif (place := known.get(part, known.get(_ZH["lead"].sub("", part)))) is not None:
            places.add(place)
        else:
            return None
    return Chosen(frozenset(places)) if places else None


def held(clause: str, labels: Sequence[Sequence[str]]) -> int | None:
    """The place of the option that ``clause`` says to hold: by one of its ``labels``, and at most that it is so."""
    known, _ = _read(tuple(map(tuple, labels)))
    words = _plain(clause)
    led = _ZH["has"].match(words)
    bare = words[led.end() :] if led else words
    for told in (words, bare, _ZH["holds"].sub("", words), _ZH["holds"].sub("", bare)):
        if (place := known.get(told)) is not None:
            return place
    return None


@lru_cache(maxsize=64)
def _read(labels: tuple[tuple[str, ...], ...]) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """The ``labels`` as they are read, each with its place; and those that a mark parts, the longest first."""
    known = {_plain(label): place for place, names in enumerate(labels) for label in names}
    return known, tuple(label for label in sorted(known, key=len, reverse=True) if _PARTS.search(label))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().strip(" \t\r\n,。.!！~、;；")
