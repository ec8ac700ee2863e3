"""Where something lies, in plain text: 郑州市金水区, 河南郑州, 中牟. Each name is looked up, those that stand together are read as one.

What may be several places (鼓楼区) or is no place of the list (a development zone, a street called after a town) says nothing.
Knows no policy; a fact may bring names of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversations.language.lexicon import lexicon
from knowledge.places import longest_name, places_called, within

_ZH = lexicon("places")
_SHORTEST, _GAP = 2, 2


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place at ``text[start:end]``: ``codes`` are those that it may be; ``denied``: it is said not to be there."""

    start: int
    end: int
    codes: tuple[str, ...]
    denied: bool = False

    @property
    def code(self) -> str | None:
        """Which place it is: the only one, or the one in which all the others lie; None where that is open."""
        return next((code for code in self.codes if all(within(other, code) for other in self.codes)), None)


def find_places(text: str, own: Mapping[str, str] = {}) -> tuple[PlaceMention, ...]:
    """The places that plain ``text`` names, in order; ``own`` are further names with their codes."""
    found: list[PlaceMention] = []
    at, longest = 0, max((longest_name(), *map(len, own)))
    while at < len(text):
        mention = _at(text, at, longest, own)
        if mention is None:
            at += 1
            continue
        at = mention.end
        if found and (nested := _nested(found[-1], mention, text)):
            found[-1] = nested
        else:
            found.append(mention)
    return tuple(found)


def deepest(mentions: Sequence[PlaceMention]) -> PlaceMention | None:
    """The one place that all of ``mentions`` are about: each lies in the other; None where they are several."""
    narrow = [m for m in mentions if all(_inside(m.codes, other.codes) for other in mentions)]
    return narrow[0] if narrow else None


def _at(text: str, at: int, longest: int, own: Mapping[str, str]) -> PlaceMention | None:
    for end in range(min(len(text), at + longest), at + _SHORTEST - 1, -1):
        word = text[at:end]
        codes = (own[word],) if word in own else places_called(word)
        if codes and not _ZH["no_place"].match(text, end):
            denied = bool(_ZH["denied"].search(text[max(0, at - 8) : at]) or _ZH["beyond"].match(text, end))
            return PlaceMention(at, end, codes, denied)
    return None


def _nested(outer: PlaceMention, inner: PlaceMention, text: str) -> PlaceMention | None:
    """郑州的金水区: one place, the inner within the outer."""
    if inner.start - outer.end > _GAP or any(mark in text[outer.end : inner.start] for mark in ",。、和"):
        return None
    codes = tuple(code for code in inner.codes if any(within(code, area) and code != area for area in outer.codes))
    return PlaceMention(outer.start, inner.end, codes, outer.denied or inner.denied) if codes else None


def _inside(inner: Sequence[str], outer: Sequence[str]) -> bool:
    return any(within(code, area) for code in inner for area in outer)
