"""The written reply: the figure asked for, quoted and cited; follow-ups; honest refusals."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.answering.questions import Answered, Answering, answer_json
from conversations.state.outcome import Outcome
from rules.conditions import Threshold
from tests import served
from tests.chance import draws
from tests.table import check_each

DATA = Path(__file__).parents[1] / "data" / "questions"
REPLIES: list[dict[str, Any]] = served.read_yaml(DATA / "replies.yaml")
STATEMENTS: dict[str, list[str]] = served.read_yaml(DATA / "statements.yaml")
ENGINE = served.shelf()
POLICY = ENGINE.policy
ANSWERING = Answering(ENGINE)


def questions(*collections: str) -> list[str]:
    read = [served.read_yaml(DATA / f"{name}.yaml") for name in collections]
    return [text for data in read for texts in data.values() for text in texts]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_reply_says_what_was_asked() -> None:
    def check(row: dict[str, Any]) -> None:
        answered = ANSWERING.answer(row["ask"], row.get("topic"))
        assert answered.outcome is Outcome.ANSWERED
        assert answered.clauses[0].clause == row["clause"]
        assert [words for words in row["says"] if words not in answered.reply] == [], answered.reply
        assert [words for words in row.get("never", ()) if words in answered.reply] == [], answered.reply

    check_each(REPLIES, check, lambda row: f"{row.get('topic', '')} {row['ask']}".strip())


def test_what_asks_nothing_gets_no_clause() -> None:
    def check(text: str) -> None:
        answered = ANSWERING.answer(text)
        assert answered.outcome is Outcome.OUT_OF_SCOPE
        assert answered.clauses == ()

    check_each(STATEMENTS["told"], check)
    assert "没有看出要问什么" in ANSWERING.answer("9600平").reply


def test_what_only_looks_like_a_statement_is_answered() -> None:
    def check(text: str) -> None:
        assert ANSWERING.answer(text, "3.6" if text.startswith("那") else None).clauses

    check_each(STATEMENTS["asked"], check)


def test_every_reply_quotes_word_for_word_and_cites() -> None:
    source = squeezed(POLICY.source)

    def check(text: str) -> None:
        answered = ANSWERING.answer(text)
        quotes = [line.removeprefix("> ") for line in answered.reply.splitlines() if line.startswith("> ")]
        assert [quote for quote in quotes if squeezed(quote) not in source] == []
        if answered.outcome is Outcome.ANSWERED:
            clause = POLICY.clause(answered.clauses[0].clause)
            assert POLICY.number in answered.reply
            assert clause.citation is None or (clause.citation in answered.reply and quotes)

    check_each(questions("everyday", "voices"), check)


@pytest.mark.parametrize("programme", POLICY.programmes, ids=lambda programme: programme.id)
def test_a_programme_can_be_asked_about_from_every_side(programme: Any) -> None:
    for ask in ("要准备什么材料", "给几年", "怎么申请"):
        reply = ANSWERING.reply(programme.clause, f"{programme.label}{ask}").text
        assert programme.quote in reply
        assert "要不要帮您对照" in reply
    papers = ANSWERING.reply(programme.clause, f"{programme.label}要准备什么材料").text
    assert all(paper.name in papers for paper in POLICY.materials(programme.id))


def test_the_boundary_of_every_threshold_is_explained_by_its_kind() -> None:
    thresholds = [
        (programme, leaf)
        for programme in POLICY.programmes
        for leaf in programme.leaves
        if isinstance(leaf, Threshold)
        and leaf.value
        and leaf.quote in programme.quote
        and ("以上" in leaf.quote or "超过" in leaf.quote)
    ]
    assert len(thresholds) >= 4
    for programme, leaf in thresholds:
        reply = ANSWERING.reply(programme.clause, f"{leaf.quote}，刚好算不算").text
        word = "**包括**本数" if "以上" in leaf.quote else "**不包括**本数"
        assert f"“{leaf.quote}”" in reply
        assert word in reply


@pytest.mark.parametrize("text", ["我们公司能领多少补贴", "看看我符合哪条", "俺厂能不能沾光"])
def test_ones_own_eligibility_leads_to_the_questionnaire(text: str) -> None:
    answered = ANSWERING.answer(text)
    assert answered.outcome is Outcome.ASSESS
    assert answered.clauses[0].clause == "assess"


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("高新技术企业认定奖励多少", "科技"),
        ("创业担保贷款能贷多少", "银行"),
        ("商标注册补贴", "知识产权"),
        ("个税怎么退", "税务"),
        ("武汉的电商补贴", "当地"),
        ("你是机器人吗", "不是真人"),
        ("qwertyuiop", "转人工"),
    ],
)
def test_what_the_document_does_not_answer_is_said_with_what_to_do(text: str, whom: str) -> None:
    answered = ANSWERING.answer(text, topic="3.6")
    assert answered.outcome is Outcome.OUT_OF_SCOPE
    assert answered.clauses == ()
    assert whom in answered.reply
    assert answered.topic == "3.6"


def test_what_asks_the_office_and_names_no_matter_is_told_who_is_in_charge() -> None:
    def check(text: str) -> None:
        reply = ANSWERING.answer(text).reply
        assert "市发展改革委" in reply
        assert "运营商" not in reply
        assert "市场监管" not in reply

    check_each(["找谁", "找谁办", "在哪办", "去哪儿办理", "跟谁联系", "材料交给谁"], check)
    assert "运营商" in ANSWERING.answer("宽带坏了找谁").reply
    assert "市场监管" in ANSWERING.answer("营业执照在哪办").reply


def test_the_kinds_of_refusal_are_all_whole_replies() -> None:
    for kind in POLICY.questions.unanswered:
        assert len(kind.advice) >= 20
        assert kind.advice.endswith("。")


@pytest.mark.parametrize("text", ["我们公司能领多少", "俺们能领多少钱", "我家企业够哪几项"])
def test_ones_own_eligibility_is_not_held_by_the_topic(text: str) -> None:
    assert ANSWERING.answer(text, topic="3.6").outcome is Outcome.ASSESS


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("园区评上省级给多少？另外培训费能报几成", ["3.8", "3.10"]),
        ("总部打算搬到郑州，我们有支付牌照，给两百万是吧？另外去年交了六万块钱培训费能报吗", ["3.5", "3.10"]),
        ("数字证书补多少？高新企业认定奖励多少？", ["3.4", None]),
        ("示范企业奖励多少？是一次性的吗？", ["3.1"]),
        ("代运营一年给多少，要什么材料", ["3.6"]),
    ],
)
def test_a_message_with_two_questions_gets_two_replies(text: str, clauses: list[str | None]) -> None:
    found = ANSWERING.answers(text)
    assert [each.clauses[0].clause if each.clauses else None for each in found] == clauses
    assert len(_json(text)["clauses"]) <= 3


def test_near_clauses_are_offered_never_the_questionnaire() -> None:
    offered = [a for text in questions("hard", "voices") if (a := ANSWERING.answer(text)).outcome is Outcome.OFFERED]
    assert offered
    for answered in offered:
        assert 2 <= len(answered.clauses) <= 3
        assert "assess" not in {hit.clause for hit in answered.clauses}
        assert all(POLICY.clause(hit.clause).title in answered.reply for hit in answered.clauses)


@pytest.mark.parametrize("topic", ["3.6", "3.9", "4.1"])
@pytest.mark.parametrize("text", ["谢谢", "你好", "今天天气怎么样", "社保怎么交"])
def test_a_topic_does_not_swallow_small_talk(text: str, topic: str) -> None:
    assert ANSWERING.answer(text, topic).outcome is Outcome.OUT_OF_SCOPE


def test_a_sum_is_computed_only_where_it_is_sure_which_figure_counts() -> None:
    for text in ("代运营我们有200万和300万两笔服务费", "代运营补贴100万封顶吗", "代运营不是300万，能补多少"):
        assert "按您说的数算" not in ANSWERING.answer(text).reply


def test_the_machine_interface() -> None:
    text = "代运营一年给多少"
    row = answer_json(POLICY, text, ANSWERING.answer(text))
    clauses: Any = row["clauses"]
    assert list(row) == ["text", "in_scope", "clauses", "reply"]
    assert (row["text"], row["in_scope"]) == (text, True)
    assert clauses[0]["id"] == "3.6"
    assert clauses[0]["citation"] == "三、（六）"
    assert len(clauses) <= 3
    assert _json("文号是多少")["clauses"][0]["citation"] is None
    assert _json("我们公司能领多少")["clauses"][0] | {"score": 1} == {"id": "assess", "citation": None, "score": 1}
    none = _json("今天天气")
    assert (none["in_scope"], none["clauses"]) == (False, [])


def _json(text: str) -> dict[str, Any]:
    return dict(answer_json(POLICY, text, ANSWERING.answer(text)))


@given(st.text(max_size=60), st.sampled_from([None, "3.3", "3.9", "meta", "no such clause"]))
@settings(max_examples=draws(150))
def test_whatever_is_typed_gets_a_reply(text: str, topic: str | None) -> None:
    answered: Answered = ANSWERING.answer(text, topic)
    assert answered.reply
    assert bool(answered.clauses) == (answered.outcome is not Outcome.OUT_OF_SCOPE)
