"""Places that a text only points back at: 总部在郑东，注册也在那儿.

The words that point are replaced by as much of the name as they are long, so that every reader finds it there. Generic
Chinese; knows no place.
"""

from knowledge.patterns import regex
from knowledge.phrases import Phrases

_THERE = regex(
    r"(?<![不没])(?P<at>[在是到于设落放])(?P<there>[那这](?:儿|里(?![头面边]))|[那这]边|[那这]块?(?=$|[,。!?; ]|办的|注册|登记))"
    r"(?=$|[,。!?; ]|[的办领开登注拿发呢啊呀哩嘞哈]|我们|咱|俺|都)"
)
_SHORTEST = 2  # characters that a name is told by


def named_again(text: str, places: Phrases | None) -> str:
    """``text``, as long as it was, with the place named last where it says 在那儿 and the like."""
    if places is None or _THERE.search(text) is None:
        return text
    named: list[tuple[int, int]] = []
    for match in places.finditer(text):
        if named and named[-1][1] == match.start():  # 郑州|航空港区
            named[-1] = named[-1][0], match.end()
        else:
            named.append((match.start(), match.end()))
    for match in _THERE.finditer(text):
        before = [text[start : start + _SHORTEST] for start, end in named if end <= match.start()]
        if before and places.search(before[-1]):
            start = match.start("there") if len(match["there"]) >= _SHORTEST else match.start()
            text = text[:start] + before[-1] + text[match.end() :]
    return text
