"""How well questions find their clause, and how fast, beside plainer ways of searching in the same run.

    uv run python -m benchmarks.questions

On the collections of tests/data/questions, which hold no example of the pack. The peers: rapidfuzz on the text of the
clauses, BM25 over characters and their pairs on that text, and BM25 with the pack's examples joined to each clause.
A peer has no idea of its own of what is out of scope: it gets the threshold that suits it best in hindsight, while
``Search`` keeps its own. Every figure of speed is a ratio to a peer measured in the same run.
"""

import math
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import cast

import yaml
from rapidfuzz import fuzz, process

from knowledge.loading import load
from knowledge.policy import Policy
from knowledge.search import Search, tokens

DATA = Path(__file__).parents[1] / "tests" / "data" / "questions"
COLLECTIONS = ("everyday", "voices", "hard", "fresh", "last", "letters", "again", "afresh")
ROUNDS = 5
NONE = {"none"}

Ranked = list[tuple[str, float]]
Question = tuple[str, set[str]]
STARTS = {
    "bare interpreter": "pass",
    "pack alone": "from knowledge.loading import load; load()",
    "pack and search": "from knowledge.loading import load; from knowledge.search import Search; "
    "Search(load()).find('代运营补多少')",
}


def questions(name: str) -> list[Question]:
    """A collection's questions with the clauses that answer each."""
    data = cast("dict[str, list[str]]", yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8")))
    return [(text, set(answers.split())) for answers, texts in data.items() for text in texts]


def by_rapidfuzz(texts: dict[str, str]) -> Callable[[str], Ranked]:
    """The peer that compares strings."""
    return lambda text: [
        (key, score / 100) for _, score, key in process.extract(text, texts, scorer=fuzz.partial_ratio, limit=3)
    ]


def by_bm25(texts: dict[str, str], saturation: float = 1.2, length: float = 0.5) -> Callable[[str], Ranked]:
    """The peer that counts characters and their pairs (Okapi BM25)."""
    documents = {key: Counter(grams(text)) for key, text in texts.items()}
    mean = sum(document.total() for document in documents.values()) / len(documents)
    often = Counter(gram for document in documents.values() for gram in document)
    postings: dict[str, list[tuple[str, float]]] = {}
    for key, document in documents.items():
        norm = saturation * (1 - length + length * document.total() / mean)
        for gram, count in document.items():
            rarity = math.log(1 + (len(documents) - often[gram] + 0.5) / (often[gram] + 0.5))
            postings.setdefault(gram, []).append((key, rarity * count * (saturation + 1) / (count + norm)))

    def rank(text: str) -> Ranked:
        scores: dict[str, float] = {}
        for gram in grams(text):
            for key, weight in postings.get(gram, ()):
                scores[key] = scores.get(key, 0.0) + weight
        return sorted(scores.items(), key=lambda each: -each[1])[:3]

    return rank


def grams(text: str) -> Iterable[str]:
    """Characters and their pairs."""
    words = tokens(text)
    return [*words, *(a + b for a, b in pairwise(words))]


def with_examples(policy: Policy, texts: dict[str, str]) -> dict[str, str]:
    """The clauses with the pack's example questions, on one line each."""
    answered = policy.questions.answered
    return {key: texts.get(key, "") + "\n" + "\n".join(answered.get(key, ())) for key in texts | answered}


def accuracy(rank: Callable[[str], Ranked], rows: list[Question], threshold: float) -> tuple[float, float, float]:
    """Shares of questions found first, found among three, and rightly rejected, at one threshold."""
    first = among = rejected = 0
    answered = [row for row in rows if row[1] != NONE]
    for text, answers in rows:
        ranked = rank(text)
        inside = bool(ranked) and ranked[0][1] >= threshold
        if answers == NONE:
            rejected += not inside
        elif inside:
            first += ranked[0][0] in answers
            among += any(key in answers for key, _ in ranked)
    return first / len(answered), among / len(answered), rejected / max(1, len(rows) - len(answered))


def best_threshold(rank: Callable[[str], Ranked], rows: list[Question]) -> float:
    """The threshold at which the worse of "found first" and "rightly rejected" is best."""
    scores = sorted({ranked[0][1] for text, _ in rows if (ranked := rank(text))})
    steps = scores[:: max(1, len(scores) // 40)]
    return max(steps, key=lambda threshold: min(accuracy(rank, rows, threshold)[::2]))


def seconds(work: Callable[[], object]) -> float:
    """The best time of ``ROUNDS``."""
    times: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def starts() -> dict[str, float]:
    """Seconds that a fresh process takes to begin and to answer one question."""
    return {
        name: seconds(lambda code=code: subprocess.run([sys.executable, "-c", code], check=True))
        for name, code in STARTS.items()
    }


def main() -> None:
    """Print accuracy by collection, then speed as ratios."""
    policy = load()
    texts = {clause.id: f"{clause.title}。{clause.summary}{clause.text}" for clause in policy.clauses}
    search = Search(policy)
    peers = {
        "rapidfuzz, clauses": by_rapidfuzz(texts),
        "BM25, clauses": by_bm25(texts),
        "BM25, with examples": by_bm25(with_examples(policy, texts)),
    }
    ranks: dict[str, Callable[[str], Ranked]] = {
        **peers,
        "wence": lambda text: [(hit.clause, hit.score) for hit in search.find(text).hits],
    }
    sets = {name: questions(name) for name in COLLECTIONS}
    every = [row for rows in sets.values() for row in rows]
    thresholds = {name: best_threshold(rank, every) for name, rank in peers.items()} | {"wence": 0.0}

    print(f"{'':22}{'':10}{'questions':>10}{'top-1':>9}{'top-3':>9}{'rejected':>10}")
    for name, rows in {**sets, "all": every}.items():
        for label, rank in ranks.items():
            first, among, rejected = accuracy(rank, rows, thresholds[label])
            print(f"{label:22}{name:10}{len(rows):10}{first:9.1%}{among:9.1%}{rejected:10.1%}")

    print()
    taken = {label: seconds(lambda rank=rank: [rank(text) for text, _ in every]) for label, rank in ranks.items()}
    for label, total in taken.items():
        print(f"{label:22}{total / len(every) * 1e3:8.3f} ms a question{total / taken['wence']:8.1f} × wence")

    built = seconds(lambda: Search(policy))
    peer = seconds(lambda: by_bm25(with_examples(policy, texts)))
    print(f"\nindex: {built * 1e3:.0f} ms, {built / peer:.1f} × BM25 with examples")
    begun = starts()
    for name, total in begun.items():
        print(f"start, {name:20}{total:6.3f} s, {total - begun['bare interpreter']:+.3f} s over a bare interpreter")


if __name__ == "__main__":
    main()
