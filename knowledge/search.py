"""Which clauses answer a question, or that none does: ``Search(policy).find(text)``.

A naive Bayes classifier over characters, pairs of neighbours and the pack's groups of words, counted once from the
pack's clauses and example questions; the kinds of question that the document does not answer are classes beside the
clauses. A word that was misheard or typed as pinyin is put right by its sound. Knows the pack, never a person.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import cast

from knowledge.policy import Policy

# Set once by cross-validation over the pack's example questions; none of them depends on what the document says.
SMOOTHING = 1.0  # weight of the background distribution, in average labels: how much it takes to believe a rare feature
TERM_WEIGHT = 3.0  # what a group of words counts against a character
SCOPE_MARGIN = 0.235  # by how much a clause must beat every kind of unanswered question (see `_unit`)
SHARPNESS = 2.0  # turns score differences into confidence
CLOSE = 0.45  # a runner-up with this share of the best one's confidence is offered beside it
TOPIC_BONUS = 0.4  # what the clause talked about just before is favoured by (see `_unit`)

_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?|\w")
_SENTENCE_END = re.compile(r"[。；;\n]")
_COURTESY = re.compile(
    r"(?:各位)?(?:领导|老师|同志)?[您你]?们?好[啊呀]?(?=\W|请|我|想)|请问(?:一下|下)?|(?:非常)?(?:感谢|谢谢)[您你]?们?了?|麻烦(?:您|你)?"
    r"|打扰(?:一下|了)?|辛苦(?:您|你)?了?|想?咨询一下|转发[:：]"
)
_MATTER = 4  # with fewer words than that beside the courtesies, the courtesy is the matter
_WORTH_HEARING = 4  # shortest run of letters that is taken for pinyin


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause id (``assess`` and ``meta`` too) with the confidence, 0..1, that it answers."""

    clause: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a question is about: at most three hits, best first; ``close`` = too near each other to choose for the person.

    Out of scope there are no hits; ``kind`` then names the kind of unanswered question it resembles, if any.
    """

    in_scope: bool
    hits: tuple[Hit, ...] = ()
    close: bool = False
    kind: str | None = None


class Search:
    """The index over one policy; building it takes some ten milliseconds, a question a fraction of one."""

    def __init__(self, policy: Policy) -> None:
        self._terms = {
            "".join(tokens(word)): group for group, words in policy.questions.terms.items() for word in words
        }
        self._lengths: dict[str, list[int]] = {}
        for word in self._terms:
            parts = tokens(word)
            lengths = self._lengths.setdefault(parts[0], [])
            if len(parts) not in lengths:
                lengths.append(len(parts))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

        self._kinds = frozenset(kind.id for kind in policy.questions.unanswered)
        self._counts: dict[str, dict[str, int]] = {}
        self._totals: dict[str, int] = {}
        for clause in policy.clauses:
            self._learn(clause.id, (clause.title, clause.summary, *_SENTENCE_END.split(clause.text)))
        for clause, examples in policy.questions.answered.items():
            self._learn(clause, examples)
        for kind in policy.questions.unanswered:
            self._learn(kind.id, kind.questions)
        self._total = sum(self._totals.values())
        self._background = SMOOTHING * self._total / len(self._totals)
        self._unit = math.log(len(self._totals))  # the most that one feature can speak for one label
        self._margin = SCOPE_MARGIN * self._unit

    def _learn(self, label: str, texts: Iterable[str]) -> None:
        size = 0
        for text in texts:
            for feature in self._features(tokens(text)):
                counts = self._counts.get(feature)
                if counts is None:
                    self._counts[feature] = {label: 1}
                else:
                    counts[label] = counts.get(label, 0) + 1
                size += 1
        self._totals[label] = self._totals.get(label, 0) + size

    def find(self, text: str, topic: str | None = None) -> Found:
        """The clauses that answer ``text``; ``topic`` is the clause talked about just before, favoured in a follow-up."""
        words = tokens(_COURTESY.sub(" ", text))
        scores = self._scores(self._heard(words if len(words) >= _MATTER else tokens(text)))
        if topic is not None and scores.get(topic, 0.0) > 0:
            scores[topic] += TOPIC_BONUS * self._unit
        kind = max(self._kinds, key=lambda k: scores[k], default=None)
        ranked = sorted((label for label in scores if label not in self._kinds), key=lambda c: -scores[c])
        best = scores[ranked[0]]
        unanswered = scores[kind] if kind else -math.inf
        if best < max(unanswered, 0.0) + self._margin:
            return Found(in_scope=False, kind=kind if unanswered > max(best, 0.0) else None)

        weights = [math.exp(SHARPNESS * (scores[c] - best)) for c in ranked]
        total = sum(weights) + sum(math.exp(SHARPNESS * (scores[k] + self._margin - best)) for k in self._kinds)
        hits = tuple(Hit(c, round(w / total, 4)) for c, w in zip(ranked[:3], weights, strict=False))
        return Found(in_scope=True, hits=hits, close=len(hits) > 1 and hits[1].score >= CLOSE * hits[0].score)

    def _scores(self, words: Sequence[str]) -> dict[str, float]:
        """Log odds of every label against the background, over the square root of the length: long texts repeat."""
        scores = dict.fromkeys(self._totals, 0.0)
        known = length = 0.0
        for feature, weight in self._features(words).items():
            length += weight
            counts = self._counts.get(feature)
            if counts is None:
                continue
            known += weight
            expected = self._background * sum(counts.values()) / self._total
            for label, count in counts.items():
                scores[label] += weight * math.log1p(count / expected)
        scale = math.sqrt(length) or 1.0
        return {
            label: (score + known * math.log(self._background / (self._totals[label] + self._background))) / scale
            for label, score in scores.items()
        }

    def _features(self, words: Sequence[str]) -> dict[str, float]:
        """What is counted, with its weight: tokens, pairs of neighbours, groups of words (marked by ``#``)."""
        features = dict.fromkeys(words, 1.0)
        for first, second in pairwise(words):
            features[first + second] = 1.0
        at = 0
        while at < len(words):
            step = 1
            for length in self._lengths.get(words[at], ()):
                group = self._terms.get("".join(words[at : at + length]))
                if group is not None and at + length <= len(words):
                    features["#" + group] = TERM_WEIGHT
                    step = length
                    break
            at += step
        return features

    def _heard(self, words: list[str]) -> list[str]:
        """The words with what was misheard, or typed as pinyin, put right: same sound as a term, and not known itself."""
        out: list[str] = []
        at = 0
        while at < len(words):
            length, right = self._heard_at(words, at)
            out += right
            at += length
        return out

    def _heard_at(self, words: list[str], at: int) -> tuple[int, list[str]]:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            window = words[at : at + length]
            if "".join(window) in self._terms:
                return length, window
            if length == 1:
                strange = len(window[0]) >= _WORTH_HEARING and window[0] not in self._counts
            else:
                strange = any(a + b not in self._counts for a, b in pairwise(window))
            if strange and (right := self._by_sound.get(_sound(window, self._syllables))):
                return length, right
        return 1, [words[at]]

    @cached_property
    def _longest(self) -> int:
        return max((lengths[0] for lengths in self._lengths.values()), default=1)

    @cached_property
    def _syllables(self) -> dict[str, str]:
        lines = Path(__file__).with_name("syllables.txt").read_text("utf-8").splitlines()
        return {char: syllable for syllable, _, chars in (line.partition(" ") for line in lines) for char in chars}

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return {
            _sound(parts, self._syllables): parts
            for parts in map(tokens, self._terms)
            if len(parts) > 1 and not all(part.isascii() for part in parts)
        }


def tokens(text: str) -> list[str]:
    """Characters, runs of Latin letters and numbers of ``text``, folded: NFKC, lower case, simplified, no punctuation."""
    folded = unicodedata.normalize("NFKC", text).lower()
    try:
        folded.encode("gb2312")
    except UnicodeEncodeError:  # something beyond simplified Chinese; only then is the converter worth loading
        from zhconv import convert  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

        folded = cast("str", convert(folded, "zh-cn"))
    return _TOKEN.findall(folded)


def _sound(words: Iterable[str], syllables: dict[str, str]) -> str:
    return "".join(syllables.get(word, word) for word in words)
