"""By which number one of several things is told: 第二个, 头一栋, 1号楼, 后者.

Knows how people number things, not the things.
"""

import re

from conversations.language.lexicon import lexicon
from conversations.language.numerals import digit

_ZH = lexicon("ordinals")
ORDINAL, ANOTHER, THE_REST, ALL = _ZH["ordinal"], _ZH["another"], _ZH["the_rest"], _ZH["all"]


def in_place_of(old: str, new: str) -> tuple[str, int]:
    """``old`` with its rank (国内排第三) changed to the one other that is in ``new`` (是第五), and where that stands; no text
    where there is none."""
    was, now = _ZH["rank"].findall(old), [match for match in _ZH["rank"].finditer(new) if match[0] not in old]
    if len(was) != 1 or len(now) != 1:
        return "", 0
    return old.replace(was[0], now[0][0]), now[0].start()


def marks(text: str, count: int) -> tuple[list[int], int]:
    """Which of ``count`` things a clause means by the numbers at its head, and where it goes on; none where it has none."""
    found = _ZH["marks"].search(text) if count > 1 else None
    numbers = [int(number) for number in re.findall(r"\d", found[1])] if found else []
    return (numbers, found.end()) if found and max(numbers) <= count else ([], 0)


def unnumbered(text: str, counting: bool = False) -> str:
    """``text`` with its ordinals blanked: 第一栋 is no figure, nor one of floors; where it is ``counting`` things off, 一栋1.2万平 is
    no figure of each of them."""
    text = _ZH["one_of"].sub(lambda match: "那" * len(match[0]), text) if counting else text
    text = _ZH["marks"].sub(lambda match: "那" * len(match[0]), text)
    return _ZH["ordinal"].sub(lambda match: "那" * len(match[0]), text)


def number_of(ordinal: re.Match[str], count: int) -> int:
    """The number that ``ordinal`` means of ``count`` things; the last of those that it takes together."""
    last = str(max(count, 2)) if ordinal["tail"] else "2"
    word = (
        ordinal["listed"] or ordinal["nth"] or ordinal["of"] or ordinal["number"] or ordinal["own"] or ordinal["many"]
    )
    word = word or ("1" if ordinal["former"] or ordinal["head"] else last)
    return digit(word)
