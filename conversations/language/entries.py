"""The entries of a list that somebody has numbered themselves, and which one a later message means: 第3条.

Knows how people number, not what the entries say.
"""

from collections.abc import Iterator
from itertools import pairwise

from conversations.language.numerals import digit
from conversations.language.text import normalise
from knowledge.patterns import regex

_MARK = regex(r"(?:^|(?<=[\s:：;；。，,]))[(（]?([1-9一二三四五六七八九])(?:[、.．)）]|号(?=[\s：:、]))(?!\d)")
_MEANT = regex(r"第([\d一二三四五六七八九])(?:条|点|项(?![目])|行)|^[(]?([1-9])[)](?=改|应|更|错|写|不|删|撤|作)")


def entries_in(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of the entries of ``text``, as digits, each with its words; none where it numbers fewer than two."""
    marks = list(_MARK.finditer(text))
    if len(marks) < 2:
        return
    for mark, following in pairwise([*marks, None]):
        if mark is not None:
            end = following.start() if following is not None else len(text)
            yield str(digit(normalise(mark[1]))), text[mark.end() : end]


def entry_meant(plain: str) -> str | None:
    """The number of the one entry that plain text points back at, as a digit; None where it is none, or several."""
    meant = {str(digit(match[1] or match[2])) for match in _MEANT.finditer(plain)}
    return meant.pop() if len(meant) == 1 else None
