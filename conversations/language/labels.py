"""What people call the several items of a list, for want of names: A座, 北楼, 新密那个, 二七园, 经开区的.

Knows how such calls look, not what the items are; a word that names the kind of thing (园区, 楼宇) is no call.
"""

import re
from collections.abc import Iterable, Sequence

_HEAD = r"(?:^|(?<=[,、:;和与跟及把将说是]))"
_WORD = r"[\u4e00-\u9fffa-z0-9]"
_POINTED = re.compile(
    rf"{_HEAD}(?!第|另|其|这|那|每|各|一[个座栋幢家处])({_WORD}{{1,6}}?)(?:的)?(?:那|这)一?(?:个|座|栋|幢|处|块|家|边|项|条|片)"
)
_CALLED = re.compile(
    rf"{_HEAD}(?!第|另|其|这|那|每|各|整|一[个座栋幢家处])({_WORD}{{1,5}}?(?:园|楼|栋|座|区|港|谷|城|馆|厦|广场|中心)|[东西南北]边)"
    rf"(?=$|[,、:;和与跟及办的是在有面总电入已还也现目今去刚约占没才更评开运用属归小大省国市拿]|\d|[一二两三四五六七八九]{_WORD}?[千万百])"
)
_OF = re.compile(rf"{_HEAD}(?!第|另|其|这|那|每|各|一[个座栋幢家处])({_WORD}{{2,6}}?)(?=的(?:也|才|就)?是)")
_SIZED = re.compile(r"(?:^|(?<=[,只有就是]))((?:较|更)?[大小](?:点|一点)?)(?:的|那)(?:那)?(?:个|座|栋|幢|处|块|家)?")
_NO_CALL = re.compile(
    r"我们?|俺们?|咱们?|公司|企业|他们?|人家|隔壁|国家级?|省级?|市级?|示范|电商|电子商务|[国省市]里?|什么|办公|商务|专业|注册|登记|总部|去年|今年|上个?月"
)
_KIND = re.compile(
    r"(?:那|这)?一?(?:个|座|栋|幢|处|块|家)?(?:园区?|产业园|电商园|基地|楼宇?|大楼|大厦|写字楼|办公楼|专业楼|试点|项目|小区|社区|市区|郊区|地区)"
)
_KINDS_END = "园楼栋座区港谷城馆厦边"


def labels_in(clause: str) -> list[tuple[int, str]]:
    """The calls of items in a plain clause, each with its place, in order."""
    found = {match.start(1): match[1] for pattern in (_OF, _CALLED, _POINTED) for match in pattern.finditer(clause)}
    if sized := _SIZED.search(clause):
        found[sized.start(1)] = sized[1]
    return [
        (start, label)
        for start, label in sorted(found.items())
        if not _NO_CALL.search(label) and not _KIND.fullmatch(label)
    ]


def known_in(clause: str, labels: Iterable[str]) -> list[tuple[int, str]]:
    """The calls of ``labels`` that a plain clause uses, whole or without the word for the kind of thing at their end."""
    found: dict[int, str] = {}
    for label in labels:
        stem = label.rstrip(_KINDS_END)
        for word in (label, stem if len(stem) > 1 else label):
            at = clause.find(word)
            if at >= 0 and not re.match(r"隔壁|旁边|对面", clause[at + len(word) :]):
                found.setdefault(at, label)
                break
    return sorted(found.items())


def same(label: str, labels: Sequence[str]) -> str | None:
    """The one of ``labels`` that ``label`` is a form of, None where there is none, or more than one."""
    like = [known for known in labels if known == label or known.startswith(label) or label.startswith(known)]
    return like[0] if len(like) == 1 else None


def size_meant(label: str) -> int:
    """Whether a call means the larger (1) or the smaller (-1) of several; 0 where it means neither."""
    return (
        1
        if label in ("大", "较大", "大点", "大一点", "更大")
        else -1
        if label in ("小", "较小", "小点", "小一点", "更小")
        else 0
    )
