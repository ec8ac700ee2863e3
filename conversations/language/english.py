"""Whether somebody writes English: words in Latin letters that are no Chinese spelt by its sounds. Knows no policy."""

import re
from functools import cache

from knowledge.patterns import regex
from knowledge.sounds import syllables

_WORD = regex(r"[A-Za-z]{2,}")


def is_english(text: str) -> bool:
    """Whether ``text`` is words in Latin letters, no word or unit among Chinese, and not spelt by sound (duoshao qian)."""
    words = _WORD.findall(text)
    if len(words) < 2 or not text.replace("’", "'").isascii():
        return False
    spelt = sum(bool(_by_sound().fullmatch(word.lower())) for word in words)
    return 2 * spelt < len(words)


@cache
def _by_sound() -> re.Pattern[str]:
    longest_first = sorted({*syllables().values()}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(longest_first)})+")
