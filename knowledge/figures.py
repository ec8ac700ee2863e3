"""The figures that a span of Chinese legal text states: ``100 万元`` is 1000000, ``10 %`` is 0.1, ``一年`` is 1.

Serves the checks of a pack, which hold figures against quotes; it would rather find one too many than miss one. How
people write figures in a chat is not its business.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from knowledge.patterns import regex

MAGNITUDES = "(?:[十百万亿]|千(?![瓦克米伏赫帕卡]))*"
"""What multiplies the digits before it; the 千 of a unit (500千瓦) does not."""
_NUMBER = r"\d+(?:\.\d+)?"
_ARABIC = regex(rf"({_NUMBER}(?:[、和至到~-]{_NUMBER})*)({MAGNITUDES})([%‰]?)")
_RATIO = regex(rf"({_NUMBER})[:比]({_NUMBER})")
# a unit after digits belongs to them
_CHINESE = regex(r"(?<![\d十百千万亿])(百分之|千分之)?([零〇一二两三四五六七八九十百千万亿]+)(成?)")
_DIGITS = {sign: value for value, signs in enumerate(["零〇", "一", "二两", *"三四五六七八九"]) for sign in signs}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_PARTS = {"": Decimal(1), "%": Decimal(100), "‰": Decimal(1000), "百分之": Decimal(100), "千分之": Decimal(1000)}


def figures(text: str) -> frozenset[Decimal]:
    """Every figure in ``text``: money in yuan, shares as ratios; a list like ``100、60、30 万元`` shares its unit."""
    return frozenset(_arabic(text)) | frozenset(_chinese(text))


def arabic_figures(text: str) -> frozenset[Decimal]:
    """The figures in ``text`` that are written in Arabic digits."""
    return frozenset(_arabic(text))


def _arabic(text: str) -> Iterator[Decimal]:
    text = _plain(text)
    for numbers, units, part in _ARABIC.findall(text):
        scale = Decimal(1)
        for unit in units:
            scale *= _UNITS[unit]
        for number in re.findall(_NUMBER, numbers):
            yield Decimal(number) * scale / _PARTS[part]
    for left, right in _RATIO.findall(text):
        if Decimal(right):
            yield Decimal(left) / Decimal(right)


def _chinese(text: str) -> Iterator[Decimal]:
    for part, number, tenth in _CHINESE.findall(_plain(text)):
        yield chinese_value(number) / (10 if tenth else _PARTS[part])


def _plain(text: str) -> str:
    """Half-width, without white space and without the commas that group digits."""
    return unicodedata.normalize("NFKC", re.sub(r"(?<=\d),(?=\d{3}(?!\d))|\s", "", text))


def chinese_value(number: str) -> Decimal:
    """A Chinese numeral as a number: ``三千亿零五百万`` is 300005000000."""
    total = section = digit = 0
    for sign in number:
        unit = _UNITS.get(sign)
        if unit is None:
            digit = _DIGITS[sign]
        elif unit < 10_000:
            section += (digit or 1) * unit
            digit = 0
        else:
            # 亿 multiplies what stands before it, 万 included
            total = (total + section + digit or 1) * unit if unit > 10_000 else total + (section + digit or 1) * unit
            section = digit = 0
    return Decimal(total + section + digit)
