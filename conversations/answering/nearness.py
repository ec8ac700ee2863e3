"""How near a question is to a text: by the pairs of characters that both have. Knows no policy and no grammar."""

import re
from functools import lru_cache
from itertools import pairwise

from knowledge.patterns import regex

_LONGEST_QUOTE = 120
_SHORTEST_SENTENCE = 20
_HEADING = regex(
    r"\A(?:[^。；]*\n)*(?:[(（][一二三四五六七八九十]+[)）]\s*|\d+\.\s*[^。；\n]{1,19}。)?(?=[^。；\n]{20})"
)
"""What stands over a clause, and its number: no part of what it says."""
_SENTENCE = regex(r"[^。；\n]+[。；]")


@lru_cache(maxsize=1024)
def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, none across punctuation."""
    return frozenset(a + b for a, b in pairwise(re.sub(r"\W+", " ", text)) if " " not in (a, b))


def overlap(question: str, text: str, common: str = "", single: bool = False) -> int:
    """How many pairs of characters (``single``: and characters) a question shares with ``text``, those of ``common`` aside."""
    shared = len((pairs(question) & pairs(text)) - pairs(common))
    return shared + len((set(question) & set(text)) - set(common)) if single else shared


def excerpt(question: str, text: str) -> str:
    """The sentences of a clause that say what is asked: the whole where it is short, else the nearest one."""
    text = _HEADING.sub("", text)
    if len(text) <= _LONGEST_QUOTE:
        return text
    sentences = [match.group().strip() for match in _SENTENCE.finditer(text)]
    telling = [each for each in sentences if len(each) >= _SHORTEST_SENTENCE]  # a heading tells nothing
    return max(telling or sentences, key=lambda each: overlap(question, each), default=text)
