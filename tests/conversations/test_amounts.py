"""A consultation about a document with every kind of value and amount: what is asked, kept, and told of each."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document

from conversations.answering.drafting import draft
from conversations.converse import Conversations
from conversations.saying.notes import notes
from conversations.saying.questions import of_its_year
from conversations.saying.results import brief, result
from conversations.saying.totals import estimate
from conversations.saying.word_file import assessment_file
from conversations.state.answer import Answer
from conversations.state.session import Known, Session, derive, fits
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import migrate
from tests import yuchuan

DAY = "2025-03-01"
ENTERPRISE: dict[str, Any] = {
    "mu": 300,
    "visitors": 25000,
    "investment": 20000000,
    "industry": "services",
    "revenue": {"2020": 20000000, "2021": 60000000},
    "output": {"2024": 200000000, "2025": 260000000},
    "born": "1990-01-01",
    "contribution": 1200000,
    "founded": "2021-03",
    "listed": "2021-04-15",
    "place": "990524",
}


def known(on: str = DAY, engine: Shelf | None = None, devices: object = (), **enterprise: object) -> Known:
    shelf = engine or yuchuan.shelf()
    facts = {name: value for name, value in {**ENTERPRISE, **enterprise}.items() if value is not None}
    data: Any = {"on": on, "enterprise": facts, "devices": [{"price": 4000000}] if devices == () else devices}
    case = shelf.rules.parse(data)
    return Known(data, case, shelf.rules.assess(case), frozenset(), frozenset())


def told(case: Known, engine: Shelf | None = None) -> str:
    return "\n".join(result(engine or yuchuan.shelf(), case))


def say(*texts: str, on: str = DAY) -> list[dict[str, Any]]:
    conversations = Conversations(yuchuan.shelf())
    first = {"on": on}
    return [
        dict(conversations.say({"chat": "a", "text": text, **(first if place == 0 else {})}))
        for place, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "种植面积 300 亩 × 每亩 200 元",
        "接待游客每满 1 万人次给 1 万元，2.5 万人次算 2 份",
        "2025 年产值比 2024 年多 6000 万元，分段算：超过 1000 万元至 5000 万元的部分 0.5%、超过 5000 万元的部分 1%，最高 40 万元",
        "固定资产投资 2000 万元，在 500 万元至不足 5000 万元这一档，按它的 5%–20%（具体由主管部门定）",
        "按行业、营业收入分档，这一档 20 万元",
        "最高 300 万元，具体由主管部门定，不超过地方贡献 120 万元",
        "几部分相加：设备价格合计 400 万元 × 10%，最高 50 万元；几种算法取最高的（固定资产投资 2000 万元 × 0.2%；地方贡献 120 万元 × 1%），不足 1 万元的按 1 万元",
        "分 3 年拨付：第一年 4 万元、第二年 3 万元、第三年 3 万元",
        "付给企业负责人",
        "与引客奖合计不超过 20 万元（二）",
        "符合条件不等于一定给：“由评审小组择优确定”",
        "实际发放可能少于这个数：“超出预算的，按比例发放”",
        "申报截止到 2025 年 6 月 30 日",
        "文件有效期到 2025 年 12 月 31 日",
    ],
)
def test_each_kind_of_amount_is_told_in_a_sentence(sentence: str) -> None:
    assert sentence in told(known())
    written = "\n".join(
        cell.text
        for table in Document(io.BytesIO(assessment_file(yuchuan.shelf(), known(), {}))).tables
        for row in table.rows
        for cell in row.cells
    )
    assert sentence in written or "有效期" in sentence


def test_what_the_text_gives_no_figure_for_is_said_only_where_there_is_none() -> None:
    assert "没有给出数额" not in told(known())
    assert "一事一议，文件没有给出数额" in told(known(investment=60000000))
    assert "其中一档文件没有给出数额" in told(known(investment=None))


def test_a_condition_on_a_term_is_told_by_labels_and_years() -> None:
    said = "\n".join(notes(yuchuan.shelf(), known()))
    assert "2021 年营业收入比 2020 年增长 200%" in said
    assert "符合条件的设备价格合计 400 万元" in said
    assert "负责人周岁：35 岁" in said
    falls = "\n".join(notes(yuchuan.shelf(), known(revenue={"2020": 20000000, "2021": 22000000})))
    assert "2021 年营业收入比 2020 年的增长要满 15%，2021 年营业收入比 2020 年增长 10%" in falls


def test_nothing_is_summed_that_cannot_be_applied_for() -> None:
    closed, sooner = known("2025-07-01", mu=0, visitors=0), known(mu=0, visitors=0)
    assert "⌛ **入库奖** — 条件符合，但申报已经截止（2025 年 6 月 30 日）" in told(closed)
    assert "✅ **入库奖**" not in told(closed)
    assert closed.assessment.payable.min < sooner.assessment.payable.min
    assert estimate(yuchuan.shelf(), closed) != estimate(yuchuan.shelf(), sooner)


def every_spring(**others: object) -> Shelf:
    """The same document, of which every award can be applied for in March and April of each year."""
    call = {"from": "2022-03-01", "to": "2022-04-30", "every": "year", "clause": "2", "quote": "每年3月至4月"}
    return yuchuan.changed(calls=[{**call, **others}])


def test_outside_of_a_yearly_call_it_is_said_when_the_next_one_opens_and_what_it_comes_to() -> None:
    engine = every_spring()
    closed = known("2024-05-01", engine)
    said = told(closed, engine)
    assert "现在不在申报期（2025 年 3 月 1 日开始）" in said.split("\n")[0]
    assert "没有符合" not in brief(engine, closed)
    assert "项条件符合，现在不在申报期（2025 年 3 月 1 日开始）" in brief(engine, closed)
    assert "⌛ **入库奖** — 条件符合，但现在不在申报期，2025 年 3 月 1 日开始，按现在的回答到时是 10 万元" in said
    assert "✅" not in said
    assert closed.assessment.payable.max == 0
    assert "按现在的回答到时是 10 万元" in "\n".join(notes(engine, closed))


def test_outside_of_a_yearly_call_what_does_not_hold_is_no_matter_of_the_day() -> None:
    engine = every_spring(programmes=["entry"])
    elsewhere = {"place": "990525", "mu": 0, "visitors": 0, "investment": 0, "industry": "other", "contribution": 0}
    nothing = {"revenue": {"2020": 20000000, "2021": 20000000}, "output": {"2023": 0, "2024": 0}, "born": "1950-01-01"}
    said = told(known("2024-05-01", engine, **elsewhere, **nothing), engine)
    assert "申报期" not in said.split("\n")[0]


def test_what_was_ticked_is_not_denied_by_none_else_though_ticking_states_nothing() -> None:
    farm = {"id": "farm", "label": "种植", "chosen": {}, "otherwise": {"enterprise.mu": 0}}
    engine = yuchuan.changed(screening={"question": "哪些情形？", "help": "可多选。", "options": [farm]})
    conversations = Conversations(engine)
    for text in ("/start", "1", "没有了"):
        turn: dict[str, Any] = dict(conversations.say({"chat": "a", "text": text}))
    assert not [note for note in turn["noted"] if note["path"] == "enterprise.mu"]


def test_within_a_yearly_call_only_its_end_is_said() -> None:
    engine = every_spring()
    said = "\n".join(notes(engine, known("2025-04-30", engine)))
    assert "申报截止到 2025 年 4 月 30 日" in said
    assert "2022 年 4 月" not in said
    assert "2026 年" not in said


def test_after_the_last_call_within_the_document_no_further_one_is_promised() -> None:
    engine = every_spring()
    assert "申报已经截止（2025 年 4 月 30 日）" in told(known("2025-05-01", engine), engine)


def test_a_document_out_of_force_promises_nothing_and_says_since_when() -> None:
    over = known("2026-01-01")
    assert "文件已经失效（有效期到 2025 年 12 月 31 日），现在不能申报" in told(over)
    assert "✅" not in told(over)
    assert brief(yuchuan.shelf(), over) == "文件已经失效（有效期到 2025 年 12 月 31 日），现在不能申报。"
    early = known("2020-12-31")
    assert "文件还没有生效（2021 年 1 月 1 日起施行）" in told(early)
    repealed = yuchuan.changed(valid={"from": "2021-01-01", "repealed": "2024-05-01", "quote": "废止"})
    assert "文件已经废止（2024 年 5 月 1 日起）" in told(known(engine=repealed), repealed)


def test_a_figure_is_asked_for_with_its_year() -> None:
    policy = yuchuan.policy()
    assert of_its_year(policy, "enterprise.revenue@2021") == "2021年的营业收入是多少？"
    assert of_its_year(policy, "enterprise.output@2025") == "贵单位2025年的产值是多少？"
    assert of_its_year(policy, "enterprise.founded") == "企业是哪一天成立的？"


def test_the_years_of_a_figure_are_asked_one_by_one_and_the_day_never() -> None:
    asked = [reply["asking"] for reply in say("/start", "以上都没有", *["不清楚"] * 20)]
    years = [path for path in asked if path and path.startswith("enterprise.revenue@")]
    assert years == ["enterprise.revenue@2021", "enterprise.revenue@2020"]  # most claims hang on the first
    assert {"on", "enterprise.age", "enterprise.revenue"}.isdisjoint(asked)
    assert "enterprise.born" in asked


def test_answers_of_several_years_are_all_kept() -> None:
    *_, asked, answered = say("/start", "以上都没有", "榆川县", "2019年5月4日", "还没有", "2020年2000万，2021年2600万")
    assert asked["asking"] == "enterprise.revenue@2021"
    assert {note["path"]: note["value"] for note in answered["noted"]} == {
        "enterprise.revenue@2020": 20000000,
        "enterprise.revenue@2021": 26000000,
    }
    assert answered["case"]["enterprise"]["revenue"] == {"2021": 26000000, "2020": 20000000}
    assert answered["case"]["on"] == DAY


def test_what_is_known_too_loosely_is_asked_for_once_more() -> None:
    replies = say("/start", "以上都没有", "榆川县", "2022年", "2022年")
    assert replies[-3]["asking"] == "enterprise.founded"
    assert replies[-2]["asking"] == "enterprise.founded"
    assert "您说的是 **2022 年**，还不能定" in replies[-2]["replies"][-1]["text"]
    assert replies[-1]["asking"] != "enterprise.founded"


def test_a_rough_figure_decides_no_growth_close_by() -> None:
    (close,) = say("2021年营收大概2300万，2020年2000万")
    assert close["case"]["enterprise"]["revenue"]["2021"] == {"at_least": 20700000, "at_most": 25300000}
    (far,) = say("2021年营收大概2900万，2020年2000万")
    assert far["case"]["enterprise"]["revenue"]["2021"] == 29000000


def test_buttons_name_places_and_what_has_not_happened() -> None:
    replies = say("/start", "以上都没有", "榆川县", "2019年5月4日")
    assert [choice["label"] for choice in replies[1]["replies"][-1]["choices"]][:2] == ["榆川县", "柏石县"]
    assert [choice["label"] for choice in replies[3]["replies"][-1]["choices"]][:1] == ["还没有"]
    never = say("/start", "以上都没有", "榆川县", "2019年5月4日", "还没有")[-1]
    assert never["noted"][0] | {"path": "enterprise.listed", "value": "never"} == never["noted"][0]


def test_an_answer_stands_only_at_a_path_that_the_policy_asks_for() -> None:
    shelf = yuchuan.shelf()
    session = Session.begin("s", "p", shelf, datetime(2025, 3, 1, tzinfo=UTC))
    good = [("enterprise.revenue@2021", 5), ("enterprise.founded", "2021-03"), ("enterprise.listed", "never")]
    bad = [("enterprise.revenue", 5), ("enterprise.revenue@now", 5), ("enterprise.mu@2021", 5), ("enterprise.age", 5), ("enterprise.born", "never")]  # fmt: skip
    assert all(fits(Answer(path=path, value=value), shelf) for path, value in good)
    assert not any(fits(Answer(path=path, value=value), shelf) for path, value in bad)
    for path, value in (*good, *bad):
        session = session.record(Answer(path=path, value=value))
    kept, lost = migrate(session, shelf)
    assert [answer.path for answer in kept.answers] == [path for path, _ in good]
    assert len(lost) == len(bad)
    case = derive(kept, shelf).case
    assert case.on is not None
    assert case.on.first == date(2025, 3, 1)
    assert derive(kept, shelf).data["enterprise"] == {"revenue": {"2021": 5}, "founded": "2021-03", "listed": "never"}


def test_a_correction_is_of_what_was_said_last_and_not_of_the_open_question() -> None:
    start = ("/start", "以上都没有", "榆川县", "2019年5月1日")
    day = say(*start, "不对，是2020年5月1日")[-1]
    assert [(note["path"], note["act"]) for note in day["noted"]] == [("enterprise.founded", "correct")]
    year = say(*start, "还没有", "2300万", "不对，是2400万")[-1]
    assert year["asking"] == "enterprise.revenue@2020"
    assert year["case"]["enterprise"]["revenue"] == {"2021": 24000000}


def test_a_letter_tells_how_much_and_when_it_is_paid() -> None:
    text = "您好，我们是榆川县的，2021年4月入库，种了300亩，能拿多少钱？"
    letter = draft(yuchuan.shelf(), text, at=datetime(2025, 3, 1, tzinfo=UTC)).text
    assert "种植面积 300 亩 × 每亩 200 元" in letter
    assert "与引客奖合计不超过 20 万元（二）" in letter
    assert "分 3 年拨付" in letter
    closed = draft(yuchuan.shelf(), text, at=datetime(2025, 8, 1, tzinfo=UTC)).text
    assert "申报已经截止（2025 年 6 月 30 日），现在不能申报" in closed
