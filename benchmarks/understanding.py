"""How well answers in everyday Chinese are understood, and how fast, beside cn2an for the amounts in the same run.

    uv run python -m benchmarks.understanding

On the rows of tests/data/answers. ``pinned`` were built with; ``measured`` were written before the reader saw them, and
the reader has learnt from them since, so that both say how it stands and neither how it does on what nobody has shown
it. ``wrong`` counts values that are not what was meant; ``asked again`` is everything else that is not as expected.
cn2an gets the same
amounts, as they stand and put in plain form by our own normaliser; what it refuses counts as asked again.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import cn2an

from conversations.language.answers import AnswerReader
from conversations.language.text import normalise
from knowledge.loading import load
from rules.case import value_to_json

DATA = Path(__file__).parents[1] / "tests" / "data" / "answers"
Row = dict[str, Any]
ROUNDS = 5


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]


def near(value: object) -> object:
    if isinstance(value, dict):
        return {key: near(end) for key, end in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def outcome(reader: AnswerReader, row: Row) -> str:
    """``right``, ``wrong`` (a value that was not meant) or ``asked again``."""
    understood = reader.read(row["fact"], row["text"])
    value = None if understood.value is None else near(value_to_json(understood.value))
    expected = near(row.get("value"))
    if understood.status == "ok" and value != expected:
        return "wrong"
    same = understood.status == row["status"] and understood.approximate == row.get("approximate", False)
    return "right" if same else "asked again"


def by_cn2an(text: str) -> Decimal | None:
    """What cn2an makes of an amount, its currency words taken off; None where it refuses."""
    bare = re.sub(r"[￥¥元块圆整]|块钱|人民币", "", text).strip()
    try:
        return Decimal(str(cn2an.cn2an(bare, "smart")))
    except (ValueError, KeyError, TypeError):
        return None


def report(title: str, counts: Counter[str]) -> None:
    total = counts.total()
    shares = "  ".join(
        f"{name} {counts[name]:4d} ({counts[name] / total:6.2%})" for name in ("right", "wrong", "asked again")
    )
    print(f"{title:<28}{total:5d} rows  {shares}")


def accuracy(reader: AnswerReader) -> None:
    types = {fact.id: fact.type for fact in load().facts}
    for name in ("measured", "pinned"):
        data = rows(name)
        report(name, Counter(outcome(reader, row) for row in data))
        for kind in sorted(set(types.values())):
            report(f"  {kind}", Counter(outcome(reader, row) for row in data if types[row["fact"]] == kind))


def amounts(reader: AnswerReader) -> None:
    """Plain amounts of money: ours and cn2an, on every row whose value is a single figure."""
    types = {fact.id: fact.type for fact in load().facts}
    data = [
        row
        for name in ("pinned", "measured")
        for row in rows(name)
        if types[row["fact"]] == "money" and isinstance(row.get("value"), (int, float)) and row["value"] > 0
    ]
    report("amounts, ours", Counter(outcome(reader, row) for row in data))
    peers: dict[str, Callable[[str], str]] = {"cn2an": lambda text: text, "cn2an, our normaliser": normalise}
    for name, prepare in peers.items():
        counts: Counter[str] = Counter()
        for row in data:
            value = by_cn2an(prepare(row["text"]))
            right = value is not None and value == Decimal(str(row["value"]))
            counts["right" if right else "asked again" if value is None else "wrong"] += 1
        report(f"amounts, {name}", counts)


def speed(reader: AnswerReader) -> None:
    data = rows("measured")
    times: list[int] = []
    for _ in range(ROUNDS):
        for row in data:
            start = time.process_time_ns()
            reader.read(row["fact"], row["text"])
            times.append(time.process_time_ns() - start)
    start = time.process_time_ns()
    for _ in range(ROUNDS):
        for row in data:
            by_cn2an(row["text"])
    peer = (time.process_time_ns() - start) / (ROUNDS * len(data))
    times.sort()
    mean, late = sum(times) / len(times), times[int(len(times) * 0.99)]
    print(f"an answer: {mean / 1000:.0f} µs of processor time on average, 99 % within {late / 1000:.0f} µs;")
    print(f"{mean / peer:.1f} times what a call of cn2an takes on the same texts")


def main() -> None:
    reader = AnswerReader(load())
    accuracy(reader)
    print()
    amounts(reader)
    print()
    speed(reader)


if __name__ == "__main__":
    main()
