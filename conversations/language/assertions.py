"""What the words around a naming say of it: that the enterprise has it, that it has not, or neither (asked, planned, another's).

Learned, not written: a multinomial logistic regression over the characters beside the naming, trained from the sentences in
``training/sentences`` by ``python -m training.assertions``, which writes ``assertions.bin`` beside this module. It only
weighs what the readers have found: it makes no value and finds no naming.
"""

import json
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

from knowledge.patterns import regex

BUCKETS = 1 << 16
"""The features share so many weights of each outcome, by their checksum."""
WEIGHTS = Path(__file__).parent / "assertions.bin"
"""A line of JSON (``scale``, ``bias``, ``sentences``: the checksum of what it was trained from), then the weights of each
outcome in turn as signed 16-bit integers, little-endian."""
_FIGURE = regex(r"\d[\d.,]*|[一二两三四五六七八九十百千万亿几]{2,}")
_BREAK = regex("[,。;!?:]")
_NEAR, _LEFT, _RIGHT, _BESIDE = 6, 14, 16, 14
"""So many characters are looked at: of the two sides right beside the naming, before it and behind it in its clause, and in
each of the two clauses before and behind that."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """How likely it is that a naming is ``held`` or ``denied`` of the enterprise, each 0 to 1; what is left is open."""

    held: float
    denied: float


@dataclass(frozen=True, slots=True)
class _Weights:
    scale: float
    bias: tuple[float, float, float]
    table: tuple[Sequence[int], Sequence[int], Sequence[int]]


@cache
def _weights() -> _Weights:
    head, _, body = WEIGHTS.read_bytes().partition(b"\n")
    told = json.loads(head)
    every = array("h", body)
    table = (every[:BUCKETS], every[BUCKETS : 2 * BUCKETS], every[2 * BUCKETS :])
    return _Weights(told["scale"], tuple(told["bias"]), table)


def assertion(text: str, start: int, end: int) -> Assertion:
    """What plain ``text`` says of what it names at ``start:end``."""
    weights = _weights()
    buckets = {bucket(feature) for feature in features(text, start, end)}
    held, denied, left = (
        math.exp(bias + weights.scale * sum(own[at] for at in buckets))
        for bias, own in zip(weights.bias, weights.table, strict=True)
    )
    return Assertion(held / (held + denied + left), denied / (held + denied + left))


def bucket(feature: str) -> int:
    """The place of a ``feature`` among the weights."""
    return crc32(feature.encode()) % BUCKETS


def features(text: str, start: int, end: int) -> Iterator[str]:
    """What is looked at of what plain ``text`` names at ``start:end``: sequences of up to two of its own characters (没设总部), of
    up to four beside it in its clause, by side, and of up to three in the clauses around it, by their distance. Figures are
    all alike."""
    before, after = (
        _BREAK.split(_FIGURE.sub("0", text[max(0, start - 60) : start])),
        _FIGURE.sub("0", text[end : end + 60]),
    )
    behind = _BREAK.split(after)
    left = ("^" * (len(before[-1]) < _LEFT) + before[-1] + "M")[-_LEFT - 1 :]
    right = ("M" + behind[0] + "$" * (len(behind[0]) < _RIGHT))[: _RIGHT + 1]
    yield from _sequences("o", text[start:end], 1, 2)
    yield from _sequences("l", left, 1, 4)
    yield from _sequences("r", right, 1, 4)
    for near in range(2, _NEAR + 2):
        yield "L" + left[-near:]
        yield "R" + right[:near]
    for distance, clause in enumerate(before[-2:-4:-1]):
        yield from _sequences(f"b{distance}", clause[-_BESIDE:], 2, 3)
    for distance, clause in enumerate(behind[1:3]):
        longest = 4 if distance == 0 and not behind[0] else 3
        yield from _sequences(f"a{distance}{longest}", f"^{clause[:_BESIDE]}$", 1, longest)
    ends = _BREAK.search(after)
    yield "e" + (ends.group() if ends else "$")


def _sequences(side: str, text: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        for at in range(len(text) - length + 1):
            yield side + text[at : at + length]
