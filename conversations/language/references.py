"""Which of several items a text means: by its number, its name, words in which it was spoken of, or its size.

Knows the items that it is given, not how they came to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from conversations.language.labels import called
from conversations.language.lexicon import lexicon
from conversations.language.numerals import digit
from conversations.language.ordinals import marks
from conversations.language.quantities import find_quantities
from knowledge.patterns import regex
from rules.values import Range

_ZH = lexicon("ordinals")
_SHORT = 40
_CALL = 10
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item of a list: its ``place`` (subject and index), the ``words`` of what is known of it, in plain form, its
    ``size`` where one is known, its ``name``, and all that was ``told`` where it was first spoken of."""

    place: tuple[str, int]
    words: str
    size: Decimal | None = None
    name: str = ""
    told: str = ""


_TELLING_PAIR = regex(r"(?!新?[购买]|[买购]了|采购|购置|每.|单[价台])[\u4e00-\u9fffa-z][\u4e00-\u9fffa-z座栋楼]")


def referred(plain: str, items: Sequence[KnownItem], focus: tuple[str, int] | None = None) -> list[tuple[str, int]]:
    """The items that plain ``text`` means, in their order; where it names none, the one in ``focus``, or the only one."""
    if numbers_own(plain):
        return []
    for look in (_by_name, _by_number, _by_figure, _by_label, _by_size, _by_call, _by_words, _by_what_was_told):
        if found := look(plain, items):
            return [item.place for item in found]
    if len(items) == 1:
        return [items[0].place]
    if _pointed_at(plain) and all(item.size is not None for item in items):
        return []  # 700那笔: none of them
    others = [item for item in items if item.place != focus]
    if _ZH["the_other"].search(plain) and focus and len(others) == 1:
        return [others[0].place]
    return [focus] if focus in [item.place for item in items] and focus else []


def named_items(plain: str, items: Sequence[KnownItem]) -> list[tuple[str, int]]:
    """The items that plain text calls by their names, or by words that were said of one alone, before 那个 or where it was told."""
    found = _by_name(plain, items) or _by_label(plain, items) or _by_call(plain, items)
    return [item.place for item in found]


def numbers_own(plain: str) -> bool:
    """Whether plain text speaks of an entry by the number that the person gave it (第3条), which is no item's."""
    return bool(_ZH["entry"].search(plain))


def _by_name(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    return [item for item in items if any(len(n) > 1 and n in plain for n in (item.name, *called(item.told)))]


def _by_number(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    numbers = [digit(match[1] or match[2]) for match in _ZH["numbered_item"].finditer(plain)] or marks(
        plain, len(items)
    )[0]
    if not numbers and _ZH["first"].search(plain):
        numbers = [1]
    if not numbers and _ZH["last"].search(plain):
        return list(items[-1:])
    return [item for item in items if item.place[1] + 1 in numbers]


def _by_figure(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    """1080万那台, 600那笔: the one of that size."""
    told = _pointed_at(plain)
    return [item for item in items if item.size in told]


def _pointed_at(plain: str) -> list[Decimal | Range | None]:
    """The figures by which plain text points at a thing, with those that they may be in 万 or 亿."""
    figures = [q for q in find_quantities(plain) if _ZH["that_one"].match(plain, q.end)]
    return [each.value for q in figures for each in ([q] if q.scaled else q.in_large_units())]


def _by_label(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    """农业那个, 古镇那个: the words before 那个 are in what was said of one item alone."""
    own = called_by_words(plain, {at: f"{item.words}\n{item.told}" for at, item in enumerate(items)})
    return [] if own is None else [items[own]]


def called_by_words(plain: str, told: Mapping[_Key, str]) -> _Key | None:
    """标准那个: the key of the one text that was ``told`` with the words before 那个; None where it is of none, or of several."""
    for match in _ZH["before_that"].finditer(plain):
        for start in range(len(match[1]) - 1):
            own = [key for key, words in told.items() if match[1][start:] in words]
            if len(own) == 1:
                return own[0]
    return None


def called_wrong(plain: str, items: Sequence[KnownItem], known: Sequence[str]) -> list[tuple[str, int]] | None:
    """The items of which the text says, by a word that was said of them, that they were told wrong: 邮储那笔记错了.

    Empty where the word is of none of them; None where nothing is called so, or by one of the words ``known``.
    """
    called = _ZH["called_wrong"].search(plain)
    if called is None:
        return None
    word = called[1][-2:]
    found = [item.place for item in items if word in f"{item.words}\n{item.told}\n{item.name}"]
    return found if found or not any(word in each for each in known) else None


def _by_size(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    sized = sorted((item for item in items if item.size is not None), key=lambda item: item.size or 0)
    if len(sized) < 2 or len(sized) != len(items):
        return []
    return sized[-1:] if _ZH["large"].search(plain) else sized[:1] if _ZH["small"].search(plain) else []


def _by_call(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    """绞车最后卖了2450万, of 一台深海绞车 and 一座栈桥: the words with which each was first spoken of, before anything was told of it."""
    if not all(item.told for item in items):
        return []
    found = _sharing(plain, items, [item.told for item in items], _CALL)
    return found if len(found) == 1 else []


def _by_words(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    """Two characters or more that the text shares with what was said of one item alone."""
    return _sharing(plain, items, [item.words for item in items])


def _by_what_was_told(plain: str, items: Sequence[KnownItem]) -> list[KnownItem]:
    """机械手是14台: the same of a short text, with what was told where each was first spoken of, where it means one of them."""
    if len(plain) > _SHORT:
        return []
    found = _sharing(plain, items, [item.told[:_SHORT] for item in items])
    return found if len(found) == 1 else []


def _sharing(plain: str, items: Sequence[KnownItem], told: Sequence[str], first: int | None = None) -> list[KnownItem]:
    """The ``items`` of which alone two characters of ``plain`` were said, in the words ``told`` of each, or the ``first`` so many
    characters of them."""
    if len(items) < 2:
        return []
    found: list[KnownItem] = []
    here = _pairs(plain)
    for at_item, (item, words) in enumerate(zip(items, told, strict=True)):
        others = "\n".join(other for at, other in enumerate(told) if at != at_item)
        if any(pair not in others and _TELLING_PAIR.fullmatch(pair) for pair in here & _pairs(words[:first])):
            found.append(item)
    return found


def _pairs(plain: str) -> set[str]:
    """The pairs of neighbouring characters in plain text."""
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
