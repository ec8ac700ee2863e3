"""The entries of a list that somebody has numbered themselves, and which one a later message means: 第3条.

Knows how people number, not what the entries say.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from conversations.language.lexicon import lexicon
from conversations.language.numerals import digit
from conversations.language.text import normalise
from knowledge.patterns import regex

_ZH = lexicon("ordinals")
BARE_NUMBER = regex(
    r"(?:^|(?<=[\s:：;；。，,！!？?]))(?P<number>[1-9])(?=[\u4e00-\u9fffA-Za-z])(?![和到角个月年日号万千百亿元块平米家户栋座层人名位台成倍次回期批线楼点分张份套笔类项条区天周季级kwKWmM])"
)
"""A number that nothing parts from its entry: 1郑州注册 2做电商. They count only one after another."""
_DIGIT = regex("[1-9一二三四五六七八九]")


def entries_in(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of the entries of ``text``, as digits, each with its words; none where it numbers fewer than two."""
    marks = list(_ZH["mark"].finditer(text))
    if len(marks) < 2:
        bare = list(BARE_NUMBER.finditer(text))
        marks = bare[: in_order([mark[0] for mark in bare])]
    for mark, following in pairwise([*marks, None]):
        if mark is not None:
            end = following.start() if following is not None else len(text)
            yield str(digit(normalise(mark[1]))), text[mark.end() : end]


def in_order(marks: Sequence[str]) -> int:
    """How many numbers stand before entries, one after another; others point back at them: ①和③入选了."""
    numbers = [digit(number[0]) for mark in marks if (number := _DIGIT.search(unicodedata.normalize("NFKC", mark)))]
    run = next((at for at, number in enumerate(numbers) if number != at + 1), len(numbers))
    return run if run > 1 else 0


def entry_meant(plain: str) -> str | None:
    """The number of the one entry that plain text points back at, as a digit; None where it is none, or several."""
    meant = {str(digit(match[1] or match[2])) for match in _ZH["entry_meant"].finditer(plain)}
    return meant.pop() if len(meant) == 1 else None


def without_entry(plain: str) -> str:
    """Plain text without the numbers of the entries that it points back at."""
    return _ZH["entry_meant"].sub("", plain)
