"""Places that a text only points back at: 总部在郑东，注册也在那儿.

The words that point are replaced by as much of the name as they are long, so that every reader finds it there. Generic
Chinese; knows no place.
"""

from conversations.language.lexicon import lexicon
from knowledge.phrases import Phrases

_ZH = lexicon("places")
_SHORTEST = 2  # characters that a name is told by


def named_again(text: str, places: Phrases | None) -> str:
    """``text``, as long as it was, with the place named last where it says 在那儿 and the like."""
    if places is None or _ZH["there"].search(text) is None:
        return text
    named: list[tuple[int, int]] = []
    for match in places.finditer(text):
        if named and named[-1][1] == match.start():  # 郑州|航空港区
            named[-1] = named[-1][0], match.end()
        else:
            named.append((match.start(), match.end()))
    for match in _ZH["there"].finditer(text):
        before = [text[start : start + _SHORTEST] for start, end in named if end <= match.start()]
        if before and places.search(before[-1]):
            start = match.start("there") if len(match["there"]) >= _SHORTEST else match.start()
            text = text[:start] + before[-1] + text[match.end() :]
    return text
