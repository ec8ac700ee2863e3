"""Whatever is written, reading it takes work that grows no faster than the text.

Work is counted, not timed: every call that a reader makes and every character that it copies out of the text.
"""

import cProfile
from collections.abc import Callable, Iterable
from typing import SupportsIndex

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.converse import Conversations
from conversations.language.answers import LONGEST, AnswerReader
from conversations.language.quantities import find_quantities
from conversations.language.text import normalise
from tests import served
from tests.chance import draws
from tests.conversations.understanding.hostile import SCRAPS, TURNS, said

FACTS = [fact.id for fact in served.policy().facts]
READER = AnswerReader(served.policy())
FEW, SHORT, LONG = 60, 500, 2000
SPARE = 2000  # calls that come once, whatever the length


class Copied(str):
    """Text that counts the characters that are copied out of it."""

    __slots__ = ()
    characters = 0

    def __getitem__(self, place: SupportsIndex | slice) -> str:
        part = super().__getitem__(place)
        Copied.characters += len(part)
        return part


def work(read: Callable[[], object]) -> int:
    """How many calls ``read`` makes and how many characters of a ``Copied`` text it copies."""
    Copied.characters = 0
    counting = cProfile.Profile()  # counts calls of functions in C as well, and hardly slows what it counts
    counting.runcall(read)
    return sum(entry.callcount for entry in counting.getstats()) + Copied.characters


def quantities(scraps: tuple[str, ...], length: int) -> int:
    text = Copied(normalise(said(scraps, length)))
    return work(lambda: find_quantities(text))


@pytest.mark.exhaustive
@settings(max_examples=draws(40))
@given(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=3).map(tuple))
@example(("1900年",))
@example(("1年",))
def test_the_work_of_finding_quantities_grows_with_the_text(scraps: tuple[str, ...]) -> None:
    short, long = quantities(scraps, SHORT), quantities(scraps, LONG)
    assert long <= 1.5 * (LONG / SHORT) * short + SPARE


@pytest.mark.parametrize("fact", FACTS)
@settings(max_examples=draws(5))
@given(scraps=st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=3).map(tuple))
@example(scraps=("1年",))
@example(scraps=("1元",))
@example(scraps=("几百",))
def test_the_work_of_an_answer_is_bounded(fact: str, scraps: tuple[str, ...]) -> None:
    READER.read(fact, "有")  # what is made once for a fact
    text = said(scraps, LONGEST)
    assert work(lambda: READER.read(fact, text)) < 600 * LONGEST
    assert work(lambda: READER.read(fact, said(scraps, LONG))) < SPARE  # no answer is so long


ITEMS = ("我们有三个试点，物流的投了1200万，农业的800万，林业的1500万，都入选了", "园区两个，一个省级一个市级")


@pytest.mark.exhaustive
@pytest.mark.parametrize(("told", "scraps"), [((), TURNS), (ITEMS, TURNS)], ids=["nothing is known", "items are known"])
def test_the_work_of_a_turn_is_bounded(told: tuple[str, ...], scraps: Iterable[str]) -> None:
    conversations = Conversations(served.shelf())
    conversations.say({"chat": "first", "text": "我们是做电商的，注册在郑州"})  # what is made once
    for text in told:
        conversations.say({"chat": "told", "text": text})
    begun = conversations._sessions.get("told")
    works: dict[str, int] = {}
    for scrap in scraps:
        for chat in (scrap, "warm"):
            if begun is not None:
                conversations._sessions[chat] = begun
        conversations.say({"chat": "warm", "text": said((scrap,), FEW)})  # what is made once
        hostile = said((scrap,), LONG)
        works[scrap] = work(lambda scrap=scrap, hostile=hostile: conversations.say({"chat": scrap, "text": hostile}))
    assert {scrap: calls for scrap, calls in works.items() if calls > 200 * LONG} == {}


def test_what_is_beyond_the_bound_is_quoted_as_unread() -> None:
    conversations = Conversations(served.shelf())
    reply = conversations.say({"chat": "long", "text": "去年电费涨了，" * 150 + "我们注册在郑州"})
    assert isinstance(reply["unread"], list)
    assert str(reply["unread"][-1]).endswith("我们注册在郑州")
