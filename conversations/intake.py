"""What typed words mean where the open question offers options: several of a list, or yes and no.

Exact words and numbers only; longer sentences are the readers' business (``understanding``). Knows no session.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_PARTS = re.compile(r"[\s,，、;；/|.。!！]+|(?<=\D)[和及与跟](?=\D)")
_LEAD = re.compile(r"^(?:我们?是?|选择?|是|做|有)")
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
_YES = frozenset(
    [
        "是",
        "是的",
        "对",
        "对的",
        "有",
        "有的",
        "嗯",
        "嗯嗯",
        "好",
        "好的",
        "确认",
        "确定",
        "要",
        "还有",
        "是啊",
        "对啊",
        "有啊",
        "没错",
        "yes",
        "y",
        "ok",
        "1",
        "是同一个",
        "同一个",
        "一个项目",
        "同一个项目",
    ]
)
_NO = frozenset(
    [
        "不是",
        "不",
        "没",
        "没有",
        "没有了",
        "没了",
        "无",
        "不要",
        "不用",
        "不对",
        "否",
        "没有别的",
        "没有别的了",
        "就这一个",
        "就这些",
        "no",
        "n",
        "2",
        "各自独立",
        "不是同一个",
        "不同",
        "两个项目",
    ]
)
_QUESTION = re.compile(
    r"[?？]\s*$|[吗呢么嘛]\s*[。!！]?$"
    r"|怎么|什么|为啥|多少钱|能不能|可不可以|是否|如何|哪些|哪个|哪里|啥时候|几时|咋|请问|能拿|能领|算不算|有没有"
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
    known = {_plain(label): place for place, names in enumerate(labels) for label in names}
    places: set[int] = set()
    for part in filter(None, _PARTS.split(unicodedata.normalize("NFKC", text).lower().strip())):
        if part.isdecimal():
            if not 0 < int(part) <= len(labels):
                return None
            places.add(int(part) - 1)
        elif (place := known.get(part, known.get(_LEAD.sub("", part)))) is not None:
            places.add(place)
        else:
            return None
    return Chosen(frozenset(places)) if places else None


def yes_or_no(text: str) -> bool | None:
    """A bare yes or no, None where it is neither."""
    words = _plain(text)
    return True if words in _YES else False if words in _NO else None


def unsure(text: str) -> bool:
    """Whether the person says, without more, that they do not know."""
    return _plain(text) in _UNSURE


def asks(text: str) -> bool:
    """Whether ``text`` has the form of a question."""
    return bool(_QUESTION.search(text))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().strip(" \t\r\n,。.!！~、;；")
