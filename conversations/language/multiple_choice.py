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
_LEAD = regex(r"^(?:我们?是?|选择?|是|做|有)")
_NONE = frozenset(
    [
        "都没有",
        "以上都没有",
        "没有",
        "都没",
        "没",
        "无",
        "没有了",
        "没了",
        "都不是",
        "都不符合",
        "以上都不是",
        "一个都没有",
        "一项都没有",
        "都没的",
        "0",
    ]
)
_UNSURE = frozenset(
    ["不确定", "我不确定", "不清楚", "不知道", "说不清", "说不准", "不好说", "不太清楚", "我不清楚", "不晓得"]
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options by place; ``unsure`` = the person says that they do not know."""

    places: frozenset[int] = frozenset()
    unsure: bool = False


def several(text: str, labels: Sequence[Sequence[str]]) -> Chosen | None:
    """Which options ``text`` names, each by its number or one of its ``labels``; None where it is something else."""
    words = _plain(text)
    if words in _NONE:
        return Chosen()
    if words in _UNSURE:
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
        elif (place := known.get(part, known.get(_LEAD.sub("", part)))) is not None:
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
