"""How a document numbers its parts: 第一条, 一、, （一）, 1., 1.1, （1）, ① at the beginning of a line, and what it comes to.

One line at a time: whether a mark really begins a clause is for ``knowledge.drafting_cut`` to say. Knows no document.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.figures import chinese_value
from knowledge.patterns import regex

STYLES = ("编", "章", "节", "条", "一、", "（一）", "1", "1.", "1.1", "（1）", "1）", "①")
"""The styles of numbering, the larger first, as documents nest them."""
HEADINGS = frozenset({"编", "章", "节"})
"""Styles that gather clauses which are numbered throughout."""
DOTTED = "1.1"
_NATURAL = {style: rank for rank, style in enumerate(STYLES)}

_CN = "零〇○一二三四五六七八九十百两"
_NUMBER = rf"[{_CN}\d]{{1,6}}"
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("", regex(rf"第({_NUMBER})(编|章|节|条)")),
    ("一、", regex(rf"([{_CN}]{{1,4}})(?:、|\s*[.．](?!\d))")),
    ("（一）", regex(rf"[（(]\s*([{_CN}]{{1,4}})\s*[）)]、?")),
    ("（1）", regex(r"[（(]\s*(\d{1,2})\s*[）)]、?")),
    ("1.1", regex(r"(\d{1,2}(?:[.．]\d{1,2}){1,3})(?=[\s、]|[^\d.．%％‰])[、.]?")),
    ("1.", regex(r"(\d{1,2})\s*(?:[.．](?!\d)|、)")),
    ("1）", regex(r"(\d{1,2})[）)]")),
    ("1", regex(r"(\d{1,2})[\s\u3000]+(?=[\u4e00-\u9fff])")),
    ("①", regex(r"([①-⑳])")),
)
_GOES_ON = regex(r"[规的、，,。；和或与及至到所中之明确等款项第]")
"""What follows 第三条 where a sentence names it."""
_ITEM = regex(r"[款目种至和、，]|项(?!目)")
"""What follows （一） where a sentence names it."""
_CONTENTS = regex(r"(?:[.．·…⋯]{3,}|\t)\s*\d{1,3}\s*$")
"""How a line of a table of contents ends."""


_WIDE = str.maketrans("()", "（）")


class Mark(NamedTuple):
    """A mark at the beginning of a line: its style, its numbers (several of 1.1), itself, the rest of the line.

    ``named`` where the words after it read as if a sentence only spoke of that clause.
    """

    style: str
    numbers: tuple[int, ...]
    text: str
    rest: str
    named: bool

    @property
    def number(self) -> int:
        return self.numbers[-1]


def marks_of(line: str) -> Iterator[Mark]:
    """The marks that ``line`` may begin with, the likeliest first; none where it is of a table of contents."""
    text = line.strip()
    if _CONTENTS.search(text[-40:]):
        return
    for style, pattern in _MARKS:
        found = pattern.match(text)
        if not found:
            continue
        style = style or found[2]
        end = found.end()
        spoken_of = {"条": _GOES_ON, "（一）": _ITEM, "（1）": _ITEM}.get(style)
        named = spoken_of is not None and bool(spoken_of.match(text[end : end + 2]))
        yield Mark(style, _numbers(found[1]), found[0].strip(), text[end:].strip(), named)


def without_mark(paragraph: str) -> str:
    """The words of a paragraph without white space and without the mark with which it begins."""
    mark = next(marks_of(paragraph), None)
    words = re.sub(r"\s", "", paragraph)
    return words[len(re.sub(r"\s", "", mark.text)) :] if mark else words


def natural(style: str) -> float:
    """How large a style's parts are as a rule: the smaller the figure, the larger."""
    return _NATURAL[style]


def citation(marks: list[Mark]) -> str:
    """How people name a clause: the marks down to it, the last without its stop."""
    if marks[-1].style == DOTTED:
        return marks[-1].text.rstrip("、.．")
    named = [re.sub(r"\s", "", mark.text).translate(_WIDE) for mark in marks]
    return "".join((*named[:-1], named[-1].rstrip("、.．")))


def _numbers(written: str) -> tuple[int, ...]:
    if "①" <= written <= "⑳":
        return (ord(written) - ord("①") + 1,)
    parts = re.split(r"[.．]", written)
    return tuple(int(part) if part.isdecimal() else _chinese(part) for part in parts)


def _chinese(written: str) -> int:
    plain = written.translate(str.maketrans("〇○", "零零"))
    if plain.isdecimal():
        return int(plain)
    if any(sign.isdecimal() for sign in plain):
        return 0
    return int(chinese_value(plain))
