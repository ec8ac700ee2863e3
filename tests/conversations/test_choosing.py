"""Which clause answers: chat and letters choose alike where they mean the same, and where they don't it is known why."""

from pathlib import Path

import pytest

from conversations.answering.choosing import META, Chooser
from conversations.answering.choosing_letters import LetterChooser
from conversations.language.customer_message import heading, read
from conversations.language.question import Question
from conversations.state.outcome import Outcome
from tests import served

DATA = Path(__file__).parents[1] / "data" / "questions"
CHOOSER = Chooser(served.shelf())
LETTERS = LetterChooser(served.shelf())
APART = {"补贴资金啥时候到账", "有线电视也能上网这个试点", "配训费三成"}
"""A letter says that the document names no date; in a chat the clause that comes nearest is shown. And a letter is
written to be answered: there words count as a question that in a chat may be an answer."""


def lone_questions(*collections: str) -> list[str]:
    read_in = [served.read_yaml(DATA / f"{name}.yaml") for name in collections]
    texts: list[str] = [text for data in read_in for each in data.values() for text in each]
    return [text for text in texts if len(questions := read(text).questions) == 1 and questions[0].text == text]


@pytest.mark.exhaustive
def test_a_lone_question_gets_the_same_clause_in_the_chat_and_in_a_letter() -> None:
    texts = lone_questions("everyday", "voices", "hard", "fresh", "last", "again", "afresh")
    assert len(texts) > 1000
    unlike: set[str] = set()
    for text in texts:
        chat, letter = CHOOSER.choose(read(text).questions, whole=text), LETTERS.choose_each(read(text).questions)
        if [each.clauses[0].clause for each in chat if each.clauses] != [
            each.clauses[0].clause for each in letter if each.clauses
        ]:
            unlike.add(text)
    assert unlike == APART


def test_the_topic_goes_from_one_question_to_the_next() -> None:
    first, second = LETTERS.choose_each(read("代运营一年给多少？要什么材料？").questions)
    assert (first.topic, second.topic) == ("3.6", "3.6")
    assert second.clauses[0].clause == "3.6"


def test_a_conversation_takes_a_message_as_a_whole_unless_it_surely_asks_for_different_things() -> None:
    for text, parts in (("示范企业奖励多少？是一次性的吗？", 1), ("园区评上省级给多少？另外培训费能报几成", 2)):
        chosen = CHOOSER.choose(read(text).questions, whole=text)
        assert len(chosen) == parts
        assert (chosen[0].question == Question(text, text)) == (parts == 1)
    for text in ("代运营一年给多少", ""):
        (whole,) = CHOOSER.choose((), whole=text)
        assert whole.text == text


@pytest.mark.parametrize(
    ("question", "topic", "outcome", "clause"),
    [
        ("什么时候发钱", None, Outcome.ANSWERED, META),
        ("要什么条件", "3.9", Outcome.ANSWERED, "3.9"),
        ("还有啥补贴", None, Outcome.ASSESS, None),
    ],
)
def test_what_a_letter_makes_of_a_terse_question(
    question: str, topic: str | None, outcome: Outcome, clause: str | None
) -> None:
    (chosen,) = LETTERS.choose_each([Question(question, heading(question))], topic)
    assert chosen.outcome is outcome
    assert [hit.clause for hit in chosen.clauses[:1]] == ([clause] if clause else [])


def test_what_is_told_before_a_question_counts_where_the_question_says_little() -> None:
    (chosen,) = LETTERS.choose_each([Question("能补多少", "能补多少", "我们做代运营，去年服务费 260 万")])
    assert chosen.clauses[0].clause == "3.6"
