"""How Chinese characters sound, without tones: for words that were misheard or picked wrongly from an input method.

One small table (``syllables.txt``), read on first use. A character that is not in it sounds like itself.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path


@cache
def syllables() -> dict[str, str]:
    """The toneless syllable of each character in the table."""
    lines = Path(__file__).with_name("syllables.txt").read_text("utf-8").splitlines()
    return {char: syllable for syllable, _, chars in (line.partition(" ") for line in lines) for char in chars}


def sound(characters: Iterable[str]) -> str:
    """``characters`` as their syllables, each between bars (``|wu|liu|``), so that parts are found by ``in``."""
    table = syllables()
    return "|" + "".join(f"{table.get(character, character)}|" for character in characters)
