"""Which clauses answer a question, or that none does: ``Search(policy).find(text)``.

A naive Bayes classifier over characters, pairs of neighbours and the pack's groups of words, counted once from the
pack's clauses and example questions; the kinds of question that the document does not answer are classes beside the
clauses, and lean on each other: what is typical of any of them speaks for all. A word that was misheard or typed as pinyin is put right by its sound. Knows the pack, never a person.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, pairwise, starmap
from operator import add

from knowledge.characters import is_simplified, simplified
from knowledge.patterns import regex
from knowledge.policy import Policy, owner
from knowledge.sounds import syllables

# Set once by cross-validation over the pack's example questions; none of them depends on what the document says.
SMOOTHING = 1.0  # weight of the background distribution, in average labels: how much it takes to believe a rare feature
TERM_WEIGHT = 1.5  # what a group of words, or two of them together, counts against a character
LEANING = 0.5  # what the unanswered questions, taken together, add to each kind of them
STRANGE = 2.0  # what a character that was never seen leans towards the unanswered questions
SCOPE_MARGIN = 0.08  # by how much a clause must beat every kind of unanswered question (see `_unit`)
SHARPNESS = 2.0  # turns score differences into confidence
CLOSE = 0.45  # a runner-up with this share of the best one's confidence is offered beside it
RIVAL = 0.75  # a document with this share of the best one's strength may be meant as well
COMMON = 1.0  # how much a kind of the vocabulary may count, in average clauses of the pack
SAME_DOCUMENT = 1.5  # how much more the document counts that was talked about just before
TOPIC_BONUS = 0.8  # what the clause talked about just before is favoured by (see `_unit`)

_TOKEN = regex(r"[a-z]+|\d+(?:\.\d+)?|\w")
_LATIN = regex("[a-z]")
_LONGEST = 600  # words: what is asked is told within so many
_SENTENCE_END = regex(r"[。；;\n]")
_COURTESY = regex(
    r"(?:各位)?(?:领导|老师|同志)?[您你]?们?好[啊呀]?(?=\W|请|我|想)|请问(?:一下|下)?|(?:非常)?(?:感谢|谢谢)[您你]?们?了?|麻烦(?:您|你)?"
    r"|打扰(?:一下|了)?|辛苦(?:您|你)?了?|想?咨询一下|转发[:：]"
)
_WIDE = str.maketrans("，；：！？（）", ",;:!?()")
_MOST = 3  # hits of an answer
_MATTER = 4  # with fewer words than that beside the courtesies, the courtesy is the matter
_WORTH_HEARING = 4  # shortest run of letters that is taken for pinyin


class _Node:
    """A place in the tree of the terms: what may come next, and the group of the term that ends here, if one does."""

    __slots__ = ("after", "group")

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}
        self.group = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause id (``assess`` and ``meta`` too) with the confidence, 0..1, that it answers."""

    clause: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a question is about: at most three hits, best first; ``close`` = too near each other to choose for the person.

    Out of scope there are no hits; ``kind`` then names the kind of unanswered question it resembles, if any.
    ``strength``: by how much the best beats what has no answer here, to compare one document's with another's.
    """

    in_scope: bool
    hits: tuple[Hit, ...] = ()
    close: bool = False
    kind: str | None = None
    strength: float = 0.0


class Search:
    """The index over one policy; building it takes some ten milliseconds, a question a fraction of one."""

    def __init__(self, policy: Policy) -> None:
        self._terms: dict[str, list[str]] = {}
        self._tree = _Node()
        for group, words in policy.questions.terms.items():
            for parts in _each(words):
                self._terms["".join(parts)] = parts
                node = self._tree
                for part in parts:
                    node = node.after.setdefault(part, _Node())
                node.group = f"#{group}"

        self._kinds = frozenset(kind.id for kind in policy.questions.unanswered)
        texts = {each.id: [each.title, each.summary, *_SENTENCE_END.split(each.text)] for each in policy.clauses}
        for label, examples in policy.questions.answered.items():
            texts.setdefault(label, []).extend(examples)
        for kind in policy.questions.unanswered:
            texts.setdefault(kind.id, []).extend(kind.questions)
        # per label how many of its texts have a feature: weighed for a question's own features, when they are asked for
        self._counts: dict[str, Mapping[str, float]] = {label: self._count(each) for label, each in texts.items()}
        self._add_common({kind.id: self._count(kind.common) for kind in policy.questions.unanswered if kind.common})
        self._weighed: dict[str, tuple[list[tuple[str, float]], float]] = {}
        self._known = frozenset[str]().union(*self._counts.values())
        self._totals = {label: sum(counts.values()) for label, counts in self._counts.items()}
        self._total = sum(self._totals.values())
        unanswered = sum(self._totals.get(kind, 0) for kind in self._kinds)
        self._share = (unanswered + 1) / (self._total + 2)
        self._background = SMOOTHING * self._total / len(self._totals)
        self._rare = {
            label: math.log(self._background / (total + self._background)) for label, total in self._totals.items()
        }
        self._unit = math.log(len(self._totals))  # the most that one feature can speak for one label
        self._margin = SCOPE_MARGIN * self._unit

    def find(self, text: str, topic: str | None = None) -> Found:
        """The clauses that answer ``text``; ``topic`` is the clause talked about just before, favoured in a follow-up."""
        words = tokens(_COURTESY.sub(" ", text))
        words = words if len(words) >= _MATTER else tokens(text)
        scores = self._scores(self._heard(words[:_LONGEST]))
        if topic is not None and scores.get(topic, 0.0) > 0:
            scores[topic] += TOPIC_BONUS * self._unit
        kind = max(self._kinds, key=lambda k: scores[k], default=None)
        ranked = sorted((label for label in scores if label not in self._kinds), key=lambda c: -scores[c])
        best = scores[ranked[0]]
        unanswered = scores[kind] if kind else -math.inf
        if best < max(unanswered, 0.0) + self._margin:
            beyond = kind if unanswered > max(best, 0.0) else None
            return Found(in_scope=False, kind=beyond, strength=best - max(unanswered, 0.0))

        weights = [math.exp(SHARPNESS * (scores[c] - best)) for c in ranked]
        total = sum(weights) + sum(math.exp(SHARPNESS * (scores[k] + self._margin - best)) for k in self._kinds)
        hits = tuple(Hit(c, round(w / total, 4)) for c, w in zip(ranked[:_MOST], weights, strict=False))
        close = len(hits) > 1 and hits[1].score >= CLOSE * hits[0].score
        return Found(in_scope=True, hits=hits, close=close, strength=best - max(unanswered, 0.0))

    def _scores(self, words: Sequence[str]) -> dict[str, float]:
        """Log odds of every label against the background, over the square root of the length: long texts repeat."""
        scores = dict.fromkeys(self._totals, 0.0)
        known = length = leaning = strange = 0.0
        for feature in self._features(words):
            weight = TERM_WEIGHT if feature[0] in "#^" else 1.0
            length += weight
            if feature not in self._known:
                strange += feature in words
                continue
            known += weight
            speaks, leans = self._weighed.get(feature) or self._weigh(feature, weight)
            leaning += leans
            for label, times in speaks:
                scores[label] += times
        if known:  # what says nothing at all resembles no question
            leaning += STRANGE * strange
        for kind in self._kinds:
            scores[kind] += LEANING * leaning
        scale = math.sqrt(length) or 1.0
        return {label: (score + known * self._rare[label]) / scale for label, score in scores.items()}

    def _count(self, texts: Iterable[str]) -> Counter[str]:
        return Counter(chain.from_iterable(map(self._features, _each(texts))))

    def _add_common(self, common: Mapping[str, Counter[str]]) -> None:
        """Count what the vocabulary knows of no document, in a small pack less, so that it does not drown the clauses."""
        own = [sum(counts.values()) for label, counts in self._counts.items() if label not in self._kinds]
        most = COMMON * sum(own) / len(own)
        mean = sum(counts.total() for counts in common.values()) / max(1, len(common))
        share = min(1.0, most / mean) if mean else 1.0
        for kind, counts in common.items():
            mine = self._counts[kind]
            self._counts[kind] = {
                feature: mine.get(feature, 0) + share * counts.get(feature, 0) for feature in {*mine, *counts}
            }

    def _weigh(self, feature: str, weight: float) -> tuple[list[tuple[str, float]], float]:
        """For which labels ``feature`` speaks and how much, and how much it leans to questions that have no answer here."""
        counts = [(label, times) for label, each in self._counts.items() if (times := each.get(feature))]
        beyond = sum(times for label, times in counts if label in self._kinds)
        count, share = sum(times for _, times in counts), self._share
        leans = weight * math.log((beyond + share) * (1 - share) / ((count - beyond + 1 - share) * share))
        expected = self._background * count / self._total
        speaks = [(label, weight * math.log1p(times / expected)) for label, times in counts]
        self._weighed[feature] = speaks, leans
        return speaks, leans

    def _features(self, words: Sequence[str]) -> set[str]:
        """What is counted: tokens, pairs of neighbours; groups of words (``#``), in twos too, and at the head (``^``)."""
        features = {*words, *map(add, words, words[1:])}
        groups = self._groups(words)
        if groups:
            if groups[0][0] == 0:
                features.add("^" + groups[0][1])
            named = sorted({group for _, group in groups})
            features.update(named, starmap(add, combinations(named, 2)))
        return features

    def _groups(self, words: Sequence[str]) -> list[tuple[int, str]]:
        """The groups of words that occur, longest first, each with its place."""
        found: list[tuple[int, str]] = []
        free = 0
        tree = self._tree.after
        for at, word in enumerate(words):
            if word not in tree or at < free:
                continue
            node: _Node | None = tree[word]
            group = ""
            end = at
            while node is not None:
                end += 1
                if node.group:
                    group, free = node.group, end
                node = node.after.get(words[end]) if end < len(words) else None
            if group:
                found.append((at, group))
        return found

    def _heard(self, words: list[str]) -> list[str]:
        """The words with what was misheard, or typed as pinyin, put right: same sound as a term, and not known itself."""
        table = syllables()
        sounds = [table.get(word, word) for word in words]
        out: list[str] = []
        at = 0
        while at < len(words):
            length, right = self._heard_at(words, sounds, at)
            out += right
            at += length
        return out

    def _heard_at(self, words: list[str], sounds: list[str], at: int) -> tuple[int, list[str]]:
        for length in range(self._reach(words, sounds, at), 0, -1):
            window = words[at : at + length]
            if "".join(window) in self._terms:
                return length, window
            if length == 1:
                strange = len(window[0]) >= _WORTH_HEARING and window[0] not in self._known
            else:
                strange = any(a + b not in self._known for a, b in pairwise(window))
            if strange and (right := self._by_sound.get("".join(sounds[at : at + length]))):
                return length, right
        return 1, [words[at]]

    def _reach(self, words: list[str], sounds: list[str], at: int) -> int:
        """Of how many words from ``at`` a term can be made: none is looked for that begins otherwise."""
        written, sound, reach = words[at], sounds[at], 1
        longest = min(self._longest, len(words) - at)
        while reach < longest and (written in self._begun or sound in self._begun):
            written, sound = written + words[at + reach], sound + sounds[at + reach]
            reach += 1
        return reach

    @cached_property
    def _begun(self) -> frozenset[str]:
        """What terms, and what sounds like them, begin with."""
        return frozenset(key[:end] for key in (*self._terms, *self._by_sound) for end in range(1, len(key) + 1))

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._terms.values()), default=1)

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return {
            _sound(parts): parts
            for parts in self._terms.values()
            if len(parts) > 1 and not all(part.isascii() for part in parts)
        }


class SearchOfSeveral:
    """The indices of several documents: first which of them answers, then which of its clauses."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._each = {policy.id: Search(policy) for policy in policies}

    def find(self, text: str, topic: str | None = None, in_play: Collection[str] = ()) -> Found:
        """As ``Search.find``; where two documents answer about as well, the best clause of each is offered.

        A document that has no answer itself leaves it to the others, unless it is ``in_play`` and knows that it has
        none. The document of the ``topic`` is favoured.
        """
        near = owner(topic) if topic else None
        each_found = {ident: search.find(text, topic) for ident, search in self._each.items()}
        if near in each_found and each_found[near].strength > 0:
            each_found[near] = replace(each_found[near], strength=SAME_DOCUMENT * each_found[near].strength)
        ordered = sorted(each_found, key=lambda ident: -each_found[ident].strength)
        own = [each_found[ident] for ident in ordered if ident in in_play]
        if any(each.in_scope or owner(each.kind or "") for each in own):
            return self._best(own)
        return self._best([each_found[ident] for ident in ordered])

    def _best(self, found: Sequence[Found]) -> Found:
        answering = [each for each in found if each.in_scope]
        if not answering:
            return next((each for each in found if each.kind), found[0])
        best, *others = answering
        rivals = [each for each in others if each.strength >= RIVAL * best.strength]
        if not rivals or best.hits[0].clause in {each.hits[0].clause for each in rivals}:
            return best
        hits = {each.hits[0].clause: each.hits[0] for each in (best, *rivals)}
        return replace(best, hits=tuple(hits.values())[:_MOST], close=True)


def tokens(text: str) -> list[str]:
    """Characters, runs of Latin letters and numbers of ``text``, folded: NFKC, lower case, simplified, no punctuation."""
    return _split(_folded(text))


def _each(texts: Iterable[str]) -> Iterator[list[str]]:
    """The ``tokens`` of each text, folded at one go."""
    return map(_split, _folded("\n".join(text.replace("\n", " ") for text in texts)).split("\n"))


def _split(folded: str) -> list[str]:
    """The tokens of folded text; where there are but characters, they need not be looked for."""
    return list(folded) if folded.isalpha() and not _LATIN.search(folded) else _TOKEN.findall(folded)


def _folded(text: str) -> str:
    if not unicodedata.is_normalized(
        "NFKC", text
    ):  # mostly for its punctuation, which is put right in a tenth of the time
        text = unicodedata.normalize("NFKC", text.translate(_WIDE))
    folded = text.lower()
    return folded if is_simplified(folded) else simplified(folded)


def _sound(words: Iterable[str]) -> str:
    table = syllables()
    return "".join(table.get(word, word) for word in words)
