"""How long hostile texts of 2,000 characters take to read, and how the time grows with the text.

    uv run --group bench python -m benchmarks.bounded [turn]

For each reader, and for a whole turn of a conversation (``turn``: that alone), the scraps that take longest: milliseconds of
CPU, and the ratio to a quarter of the text (4 = linear).
"""

import itertools
import sys
import time
from collections.abc import Callable

from conversations.converse import Conversations
from conversations.language.answers import LONGEST, AnswerReader
from conversations.language.descriptions import DescriptionReader
from conversations.language.quantities import find_quantities
from conversations.language.text import normalise
from conversations.language.yesno import YesNo, asks_back, is_pending, says_unknown
from conversations.state.shelf import Shelf
from knowledge.loading import load
from tests.conversations.understanding.hostile import SCRAPS, TURNS, said

LONG = 2000
WORST = 5


def seconds(read: Callable[[str], object], text: str) -> float:
    """The least of three readings, in seconds of CPU; infinite where reading fails."""
    taken: list[float] = []
    for _ in range(3):
        begin = time.process_time()
        try:
            read(text)
        except RecursionError:
            return float("inf")
        taken.append(time.process_time() - begin)
        if taken[0] > 1:
            break
    return min(taken)


def report(title: str, read: Callable[[str], object], length: int, scraps: tuple[str, ...] = SCRAPS) -> None:
    read("有")  # what is made once
    times = sorted(((seconds(read, said((scrap,), length)), scrap) for scrap in scraps), reverse=True)
    print(f"{title} ({length} characters)")
    for taken, scrap in times[:WORST]:
        quarter = seconds(read, said((scrap,), length // 4))
        print(f"  {scrap:<8}{taken * 1000:9.1f} ms   × {taken / max(quarter, 1e-6):5.1f}")


def first_turn() -> Callable[[str], object]:
    """Takes a text as the first message of a conversation."""
    conversations = Conversations(Shelf(load()))
    chats = itertools.count()
    return lambda text: conversations.say({"chat": str(next(chats)), "text": text})


def main() -> None:
    report("a whole turn", first_turn(), LONG, (*SCRAPS, *TURNS))
    if sys.argv[1:] == ["turn"]:
        return
    policy = load()
    answers = AnswerReader(policy)
    asked = YesNo()
    report("find_quantities", lambda text: find_quantities(normalise(text)), LONG)
    for fact in policy.facts:
        report(f"AnswerReader, {fact.id}", lambda text, fact=fact: answers.read(fact.id, text), LONGEST)
    report("YesNo", lambda text: asked.read(normalise(text)), LONG)
    report("asks, waits, does not know", lambda text: (asks_back(text), is_pending(text), says_unknown(text)), LONG)
    report("DescriptionReader", DescriptionReader(policy).read, LONG)


if __name__ == "__main__":
    main()
