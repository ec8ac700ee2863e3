"""How many messages a consultation takes, over random enterprises, beside the authored order without skipping.

The enterprises answer truthfully by typed words; a consultation counts from the first word to the result. The peer
asks every question of the pack in its order (every item of every list, and which claims are one project), which is
what a form on paper does. Run: ``python -m benchmarks.interview [enterprises]``.
"""

import random
import sys
import time
from collections.abc import Sequence
from statistics import mean

from pydantic import JsonValue

from conversations.state.session import SAME_PROJECT, Session
from conversations.state.shelf import Shelf
from knowledge.loading import load
from tests.conversations.enterprises import begin, consult, random_case, say

SINGLE = {
    "agency": "1",
    "pilot": "2",
    "payment": "3",
    "demonstration": "4",
    "standard": "5",
    "park": "6",
    "building": "7",
}


def authored(engine: Shelf, case: dict[str, JsonValue]) -> int:
    """The messages that the whole questionnaire takes: each fact, each list's "is there any" and "another one"."""
    policy = engine.policy
    messages = 2  # the first word, and which claims are one project
    for subject in policy.subjects:
        facts = sum(fact.subject == subject.id and fact.type != "text" for fact in policy.facts)
        items = case[subject.id]
        count = len(items) if isinstance(items, list) else 1
        messages += facts * count + (1 + count if subject.many else 0)
    return messages


def row(name: str, taken: Sequence[int], peer: Sequence[int]) -> None:
    """One line of the table."""
    share = mean(taken) / mean(peer)
    print(f"{name:<34}{mean(taken):>8.1f}{max(taken):>6}{mean(peer):>12.1f}{max(peer):>6}{share:>9.0%}")


def main(enterprises: int) -> None:
    """Print the table."""
    engine = Shelf(load())
    print(f"{'enterprises':<34}{'mean':>8}{'max':>6}{'authored':>12}{'max':>6}{'share':>9}")
    started, total = time.perf_counter(), 0
    for name, busy in (("few things (1 in 10)", 0.1), ("some (3 in 10)", 0.3), ("many (6 in 10)", 0.6)):
        chance = random.Random(name)
        cases = [random_case(engine, chance, busy) for _ in range(enterprises)]
        taken = [consult(engine, case)[1] for case in cases]
        row(f"{name}, {enterprises} of them", taken, [authored(engine, case) for case in cases])
        total += sum(taken)
    seconds = time.perf_counter() - started
    print(f"\n{'one matter each':<34}{'messages':>8}")
    for name, number in SINGLE.items():
        print(f"{name:<34}{single(engine, number):>8}")
    print(f"{'nothing applies':<34}{consult(engine, nothing(engine))[1]:>8}")
    print(f"\n{total / seconds:,.0f} turns a second, one core")


def single(engine: Shelf, number: str) -> int:
    """The messages of an enterprise that ticks one thing and answers yes, or a good figure, to all that follows."""
    session: Session = say(engine, say(engine, begin(engine), "/start").session, number).session
    messages = 2
    while (path := session.asking) is not None:
        fact = None if path == SAME_PROJECT or path.partition(".")[2].isdigit() else engine.policy.fact(path)
        if fact is None:
            words = "没有" if path != SAME_PROJECT else "各自独立"
        else:
            words = {
                "bool": "是",
                "choice": "1",
                "money": "5000万",
                "area": "2万平",
                "ratio": "80%",
                "years": "3年",
            }.get(fact.type, "1")
        session = say(engine, session, words).session
        messages += 1
    return messages


def nothing(engine: Shelf) -> dict[str, JsonValue]:
    """An enterprise to which nothing applies."""
    return random_case(engine, random.Random(0), busy=0.0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
