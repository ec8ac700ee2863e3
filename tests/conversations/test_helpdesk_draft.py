"""Drafts for customers' messages: each can be sent on as it stands, in every register, and nothing in it is guessed."""

from dataclasses import replace
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from conversations.answering import letter
from conversations.answering.drafting import LONGEST, draft
from conversations.answering.letter_parts import Letter, Style
from conversations.language import customer_message
from conversations.state.shelf import Shelf
from tests import served
from tests.table import check_each

MESSAGES: list[dict[str, Any]] = served.read_yaml(Path(__file__).parents[1] / "data" / "helpdesk" / "messages.yaml")


usual = cache(draft)
"""Drafts once what several tests compare with: a message in no chosen register."""


def written(engine: Shelf, drafted: Letter, style: Style) -> str:
    """A letter that is drafted already as it reads in a register: to draft it anew would take the same answers."""
    return letter.text_of(engine, replace(drafted, text="", unread=()), style)


def test_every_message_gets_a_draft_that_answers_it(engine: Shelf) -> None:
    def check(row: dict[str, Any]) -> None:
        drafted = usual(engine, row["text"], row.get("sender"))
        names = {"out_of_scope": "none", "assess": "assess"}
        assert [i.clause or names[i.outcome.value] for i in drafted.items] == row["about"], drafted.text
        assert [words for words in row.get("says", ()) if words not in drafted.text] == [], drafted.text
        assert [words for words in row.get("never", ()) if words in drafted.text] == [], drafted.text
        if row["about"]:
            assert drafted.text.startswith(f"{row.get('to', '')}您好！"), drafted.text
            assert engine.policy.lead in drafted.text.splitlines()[-1]

    check_each(MESSAGES, check, itemgetter("text"))


@pytest.mark.parametrize("style", Style)
def test_every_register_says_the_same_and_nothing_of_the_desk(engine: Shelf, style: Style) -> None:
    def check(row: dict[str, Any]) -> None:
        drafted = usual(engine, row["text"], row.get("sender"))
        text = written(engine, drafted, style)
        figures = [part for part in drafted.text.split("**")[1::2] if any(sign.isdigit() for sign in part)]
        assert [part for part in figures if part[:1].isdigit() and ". " not in part and part not in text] == []
        for item in drafted.items:
            for quote in item.reply.quotes if item.reply else ():
                assert "".join(quote.split()).rstrip("。") in "".join(text.split())
                assert (engine.policy.clause(item.clause or "").citation or "") in text
        for inner in ("草稿", "问策", "转人工", "不能替", "要不要帮您", "告诉我是哪一项", "✅", "✖️", "⚠️", "{", "None"):
            assert inner not in text
        assert text.count("**") % 2 == 0

    check_each(MESSAGES, check, itemgetter("text"))


def test_a_figure_that_the_letter_goes_by_is_not_asked_for_again(engine: Shelf) -> None:
    drafted = draft(engine, "我们有个项目投了一千八百万，列入试点名单了，能补多少？")
    assert "180 万元" in drafted.text
    asked = [ask.question for ask in drafted.asks]
    assert engine.policy.fact("pilots.total_investment").question not in asked
    assert engine.policy.fact("pilots.industry").question in asked


def test_one_letter_names_one_amount(engine: Shelf) -> None:
    drafted = draft(engine, "我公司给淘宝商家做客服外包的，年收入大概一百五十万，注册在航空港区，想问下能补多少")
    assert "金额是 **每年约 15 万元**" in drafted.text
    assert "还没有准数" not in drafted.text


def test_registers_differ(engine: Shelf) -> None:
    text = MESSAGES[0]["text"]
    texts = {style: draft(engine, text, None, style).text for style in Style}
    assert len({*texts.values()}) == len(Style)
    assert texts == {style: written(engine, usual(engine, text), style) for style in Style}


def test_another_clause_can_be_chosen_for_one_question_round_and_round(engine: Shelf) -> None:
    text = MESSAGES[0]["text"]
    first = draft(engine, text)
    count = len(first.items[0].clauses)
    assert count > 1
    other = draft(engine, text, chosen={0: 1})
    assert other.items[0].clause == first.items[0].clauses[1]
    assert other.items[1].clause == first.items[1].clause
    assert draft(engine, text, chosen={0: count}).text == first.text


def test_what_the_message_states_is_reckoned_and_what_it_does_not_is_asked(engine: Shelf) -> None:
    drafted = draft(engine, "我们做代运营的，去年服务费260万，能补多少？")
    asked = [ask.question for ask in drafted.asks]
    assert engine.policy.fact("enterprise.registered_in_zhengzhou").question in asked
    assert engine.policy.fact("enterprise.agency_service_fee").question not in asked
    assert "每年 26 万元" in drafted.text
    assert "**符合**" not in drafted.text


def test_a_rough_figure_close_to_the_line_decides_nothing(engine: Shelf) -> None:
    drafted = draft(engine, "我们是郑州注册的代运营公司，没领过，一年服务费大概98万，能申请吗？")
    assert "不符合" not in drafted.text
    assert engine.policy.fact("enterprise.agency_service_fee").question in [ask.question for ask in drafted.asks]


def test_what_was_not_asked_but_speaks_for_a_programme_is_added(engine: Shelf) -> None:
    drafted = draft(
        engine, "我们金水区注册，做代运营，服务费200万，没领过，另外是省级电商示范企业。请问国家标准奖多少？"
    )
    assert {one.claim.programme.id for one in drafted.further} == {"agency-operations", "demonstration-enterprise"}
    assert "20 万元" in drafted.text
    assert "60 万元" in drafted.text


def test_facts_alone_are_assessed(engine: Shelf) -> None:
    drafted = draft(engine, "我们金水区注册，做代运营，服务费200万，没领过。")
    assert "20 万元" in drafted.text


@pytest.mark.parametrize("text", ["好的，谢谢", "前面那个问题不用回了，谢谢", "收到"])
def test_what_asks_for_nothing_is_answered_kindly_and_nothing_is_missing(engine: Shelf, text: str) -> None:
    drafted = draft(engine, text)
    assert drafted.empty
    assert drafted.text.startswith("不客气")


@pytest.mark.parametrize(
    "text", ["", "   ", "？？？", "🙂", "好的", "谢谢您", "a" * 9000, "\n\n", "、、、，，，", "1. 2. 3."]
)
def test_anything_gets_a_letter(engine: Shelf, text: str) -> None:
    assert len(draft(engine, text, "🙂").text) < LONGEST


@pytest.mark.parametrize(
    ("text", "sender", "name"),
    [
        ("王总：小李你好，问个事", None, "王总"),
        ("转发：李经理：培训能报多少", None, "李经理"),
        ("你好，我是恒达公司的赵会计，问下培训费", None, "赵会计"),
        ("我叫王建国，问下培训费", None, "王建国"),
        ("问下培训费能报多少\n陈主任", None, "陈主任"),
        ("培训费能报多少", "王总", "王总"),
        ("培训费能报多少", "阿里云—孙经理🌸", "孙经理"),
        ("培训费能报多少", "建国 王", "王建国"),
        ("培训费能报多少", "王建国", "王建国"),
        ("培训费能报多少", "Tom Lee", "Tom Lee"),
        ("培训费能报多少", "电商交流群", ""),
        ("培训费能报多少", "🌸🌸", ""),
        ("培训费能报多少", "", ""),
        ("问题：培训费能报多少", None, ""),
        ("王总 2026/11/24 10:23\n小李在吗\n培训费能报多少", None, "王总"),
        ("李经理  上午 9:05:11\n培训费能报多少", None, "李经理"),
        ("培训费能报多少？盼复。王经理 13812345678", None, "王经理"),
        ("培训费能报多少？谢谢王经理", None, ""),
        ("王总您好，培训费能报多少", None, ""),
        ("我是公司的会计，培训费能报多少", None, ""),
    ],
)
def test_the_customer_is_addressed_by_the_name_that_is_stated_or_shown(
    text: str, sender: str | None, name: str
) -> None:
    assert customer_message.read(text, sender).name == name


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("培训费能报多少？还有园区有奖励吗？", ["培训费能报多少", "园区有奖励吗"]),
        ("培训费能报多少另外园区有奖励吗", ["培训费能报多少", "园区有奖励吗"]),
        ("1、培训费能报多少 2、园区有奖励吗", ["培训费能报多少", "园区有奖励吗"]),
        ("（1）培训费能报多少；（2）园区有奖励吗。", ["培训费能报多少", "园区有奖励吗"]),
        ("一、培训费能报多少\n二、园区有奖励吗", ["培训费能报多少", "园区有奖励吗"]),
        ("①培训费能报多少②园区有奖励吗", ["培训费能报多少", "园区有奖励吗"]),
        ("在吗？打扰一下，培训费能报多少，谢谢！", ["培训费能报多少"]),
        ("面积一万二，投资1.5亿，能报多少", ["投资1.5亿，能报多少"]),
        ("关于第三条第（七）项咨询如下：1.能报多少钱呢 2.园区有奖励吗", ["能报多少钱呢", "园区有奖励吗"]),
        ("代运营补贴", ["代运营补贴"]),
        ("李经理：\n1. 代运营补贴条件\n2. 申报材料", ["代运营补贴条件", "申报材料"]),
        ("[图片]\n培训费能报多少", ["培训费能报多少"]),
    ],
)
def test_questions_are_told_apart(text: str, headings: list[str]) -> None:
    assert [question.heading for question in customer_message.read(text).questions] == headings


@pytest.mark.parametrize("text", ["我们没有试点项目，试点项目能补多少？", "我们没有电商楼宇，楼宇奖励多少"])
def test_what_the_customer_says_they_have_none_of_is_told_back(engine: Shelf, text: str) -> None:
    for style in Style:
        drafted = draft(engine, text, None, style)
        assert f"“{text.partition('，')[0]}”" in drafted.text
        assert "**不" in drafted.text
