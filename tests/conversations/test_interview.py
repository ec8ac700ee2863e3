"""Enterprises with a hidden case: the interview finds what ``Rulebook.assess`` finds, and asks nothing in vain."""

import random
import re

import pytest

from conversations.state.interview import next_question
from conversations.state.session import SCREENING, Session, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import migrate
from rules.assessment import Assessment
from tests.chance import draws
from tests.conversations.enterprises import answer, begin, consult, random_case, say


def result(engine: Shelf, session: Session) -> Assessment:
    return derive(session, engine).assessment


@pytest.mark.parametrize("seed", range(draws(60)))
def test_answers_from_a_hidden_case_lead_to_its_total(seed: int, engine: Shelf) -> None:
    chance = random.Random(seed)
    case = random_case(engine, chance, busy=chance.choice([0.1, 0.3, 0.6]))
    session, _ = consult(engine, case)
    found, true = result(engine, session), engine.rules.assess(engine.rules.parse(case))
    assert found.total == true.total
    assert [claim.status for claim in found.claims] == [claim.status for claim in true.claims]
    assert {c.id: c.superseded_by for c in found.claims if c.amount and c.amount.max} == {
        c.id: c.superseded_by for c in true.claims if c.amount and c.amount.max
    }


@pytest.mark.parametrize("seed", range(draws(20)))
def test_going_back_skipping_and_mending_come_to_the_same(seed: int, engine: Shelf) -> None:
    chance = random.Random(seed)
    case = random_case(engine, chance)
    straight, _ = consult(engine, case)
    session = say(engine, begin(engine), "/start").session
    for _ in range(200):
        if session.asking is None:
            break
        detour = chance.random()
        if detour < 0.2:
            session = say(engine, session, "上一步").session
        elif detour < 0.3 and session.asking != SCREENING:
            session = say(engine, session, "跳过").session
            session = say(engine, session, "上一步").session
        session = say(engine, session, answer(engine, session, case)).session
    assert session.asking is None
    assert result(engine, session).total == result(engine, straight).total


@pytest.mark.parametrize("seed", range(draws(20)))
def test_the_questions_left_are_an_upper_bound(seed: int, engine: Shelf) -> None:
    case = random_case(engine, random.Random(seed))
    session = say(engine, begin(engine), "/start").session
    before: int | None = None
    while session.asking is not None:
        taken = say(engine, session, words := answer(engine, session, case))
        session = taken.session
        told = re.search(r"〔第 \d+ 题，(?:最多还有 (\d+) 题|最后一题)〕", taken.replies[-1].text)
        left = int(told.group(1) or 0) if told else None
        if before is not None and left is not None and words != "有" and session.asking != "same_project":
            assert left <= before, (words, session.asking)
        before = left


def test_only_what_can_still_change_the_result_is_asked(engine: Shelf) -> None:
    rules = engine.rules
    case = rules.parse(
        {"enterprise": {"agency_operator": False, "registered_in_zhengzhou": False}, "pilots": [], "parks": []}
    )
    asked: list[str] = []
    while (question := next_question(engine, case, rules.assess(case), asked)) is not None:
        asked.append(question)
    assert "enterprise.agency_service_fee" not in asked
    assert "enterprise.demonstration_level" not in asked
    assert not [path for path in asked if path.startswith(("pilots", "parks"))]
    assert asked[-2:] == ["buildings", "same_project"]


def test_a_topic_is_finished_before_the_next(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    session = say(engine, session, "1 2 6 7").session
    case = random_case(engine, random.Random(4), busy=1.0)
    asked: list[str] = []
    while session.asking is not None and len(asked) < 80:
        asked.append(".".join(session.asking.split(".")[:2]) if not session.asking.startswith("enterprise") else "")
        session = say(engine, session, answer(engine, session, case)).session
    stretches = [place for number, place in enumerate(asked) if number == 0 or asked[number - 1] != place]
    assert len(stretches) == len(set(stretches)), stretches


def test_an_answer_about_one_project_does_not_stand_for_claims_that_came_later(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("1 2", "是", "260万", "没领过", "是", "1500万", "物流业", "不是", "没有", "各自独立"):
        session = say(engine, session, text).session
    assert session.asking is None
    session = say(engine, session, "修改").session
    session = say(engine, session, "1").session
    session = say(engine, session, "1 2 6").session
    session = say(engine, session, "省级").session
    session = say(engine, session, "没有").session
    assert session.asking == "same_project"


def test_a_screening_done_again_keeps_the_answers(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("1 9 12", "是", "260万", "没领过", "2万"):
        session = say(engine, session, text).session
    total = result(engine, session).total
    answers = session.answers
    for text in ("修改", "1", "1 9 12"):
        session = say(engine, session, text).session
    assert session.answers[1:] == answers[1:]
    assert result(engine, session).total == total
    assert migrate(session, engine) == (session, ())
