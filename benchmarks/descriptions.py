"""How well descriptions are understood, and how fast, beside a search for keywords in the same run.

    uv run python -m benchmarks.descriptions

On the rows of tests/data/descriptions. The peer takes a fact for stated where the text holds one of the pack's own ways
to affirm or deny it, and the figure that stands next to a fact's label; it has no grammar. The figure of speed is a
ratio to that peer.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conversations.language.descriptions import DescriptionReader
from conversations.language.quantities import find_quantities
from conversations.language.text import normalise
from knowledge.loading import load
from knowledge.policy import Policy
from rules.case import value_to_json
from rules.values import Value

DATA = Path(__file__).parents[1] / "tests" / "data" / "descriptions"
ROUNDS = 5

Facts = dict[str, Any]


def flat(case: Facts) -> Facts:
    """The facts of a case by path."""
    facts: Facts = {}
    for subject, value in case.items():
        if subject == "same_project":
            facts[subject] = sorted(sorted(group) for group in value)
        elif isinstance(value, dict):
            facts |= {f"{subject}.{name}": v for name, v in value.items()}
        elif not value:
            facts[subject] = []
        else:
            facts |= {f"{subject}.{i}.{name}": v for i, item in enumerate(value) for name, v in item.items()}
    return facts


def keywords(policy: Policy) -> Callable[[str], Facts]:
    """The peer: the pack's everyday phrases for each fact, looked up in the text."""

    synonyms = [[(c.id, [normalise(word) for word in c.synonyms]) for c in fact.choices] for fact in policy.facts]

    def read(text: str) -> Facts:
        plain = normalise(text)
        facts: dict[str, Value] = {}
        for fact, choices in zip(policy.facts, synonyms, strict=True):
            path = fact.id if fact.subject == "enterprise" else f"{fact.subject}.0.{fact.name}"
            if any(phrase in plain for phrase in fact.no):
                facts[path] = False
            elif any(phrase in plain for phrase in fact.yes):
                facts[path] = True
            for choice, words in choices:
                if any(word in plain for word in words):
                    facts.setdefault(path, choice)
            if fact.spec.numeric and (place := plain.find(fact.label[-3:])) >= 0:
                values = [q.value for q in find_quantities(plain) if q.start >= place and q.value is not None]
                if values:
                    facts[path] = values[0]
        return {path: value_to_json(value) for path, value in facts.items()}

    return read


def score(rows: list[Facts], read: Callable[[str], Facts]) -> tuple[float, float]:
    """Precision and recall of the facts of ``rows``; where nothing is said, nothing is wrong."""
    right = said = expected = 0
    for row in rows:
        truth, got = flat(row["case"]), read(row["text"])
        right += sum(1 for path, value in got.items() if path in truth and truth[path] == value)
        said += len(got)
        expected += len(truth)
    return (right / said if said else 1.0), (right / expected if expected else 1.0)


def seconds(rows: list[Facts], read: Callable[[str], Facts]) -> float:
    """The least time of several rounds for one text."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for row in rows:
            read(row["text"])
        best = min(best, time.perf_counter() - start)
    return best / len(rows)


def main() -> None:
    """Print the table."""
    policy = load()
    reader = DescriptionReader(policy)
    readers: dict[str, Callable[[str], Facts]] = {
        "wence": lambda text: flat(reader.read(text).case()),
        "keywords": keywords(policy),
    }
    every: list[Facts] = []
    for file in sorted(DATA.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        every += rows
        for name, read in readers.items():
            precision, recall = score(rows, read)
            print(f"{file.stem:<20} {len(rows):>4} texts  {name:<9} precision {precision:7.2%}  recall {recall:7.2%}")
    ours, peer = (seconds(every, read) for read in readers.values())
    print(f"a text takes {ours * 1000:.2f} ms, {ours / peer:.1f} times the search for keywords")


if __name__ == "__main__":
    main()
