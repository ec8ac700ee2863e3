"""The sentences from which is learned how people assert: ``data/*.txt``.

Each line is a message as people write it, in which what it names stands as ``[words|o]`` where the enterprise has it,
``[words|d]`` where it has not, and ``[words|x]`` where neither is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from conversations.language.text import normalise, paused
from knowledge.patterns import regex

DATA = Path(__file__).parent / "data"
OUTCOMES = "odx"
_NAMED = regex(r"\[([^\[\]|]+)\|([odx])\]")
_OPEN, _SHUT = "龘", "靐"
"""Two characters that nobody writes hold the place of a naming while its sentence is put into the plain form."""


@dataclass(frozen=True, slots=True)
class Named:
    """What plain ``text`` names at ``start:end``, and its ``outcome``, one of ``OUTCOMES``."""

    text: str
    start: int
    end: int
    outcome: str


def sentences() -> list[str]:
    """All sentences, in the order of their files."""
    return [line for file in sorted(DATA.glob("*.txt")) for line in file.read_text("utf-8").splitlines() if line]


def checksum(told: Iterable[str]) -> str:
    """What tells the sentences ``told`` from any others."""
    return sha256("\n".join(told).encode()).hexdigest()


def named_in(sentence: str) -> list[Named]:
    """What a sentence names."""
    marked = normalise(paused(_NAMED.sub(lambda found: f"{_OPEN}{found[1]}{_SHUT}", sentence)))
    text, spans = "", list[tuple[int, int]]()
    for part in marked.split(_OPEN):
        own, shut, rest = part.partition(_SHUT)
        spans += [(len(text), len(text) + len(own))] if shut else []
        text += own + rest
    outcomes = [found[2] for found in _NAMED.finditer(sentence)]
    return [Named(text, start, end, outcome) for (start, end), outcome in zip(spans, outcomes, strict=True)]
