"""A whole text drafted into a pack: only marked mistakes, every figure somewhere, and facts that several documents share."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.drafting import Drafted, drafted, write
from knowledge.drafting_figures import Part, days_in, figures_in, spans
from knowledge.drafting_read import UnreadableError, text_of
from knowledge.drafting_yaml import entry, flow
from knowledge.folders import PackError
from knowledge.loading import check, load
from knowledge.pack_yaml import MARK
from tests.chance import draws
from tests.knowledge.small_packs import read
from tests.table import check_each

FARMS = Path(__file__).parents[1] / "data" / "drafting" / "yuchuan-farms.txt"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def farms() -> Drafted:
    return drafted(FARMS.read_text("utf-8"), "yuchuan-2022-9")


def part(made: Drafted, file: str) -> Any:
    return read(made.files[file])


def programme(made: Drafted, clause: str) -> Json:
    return next(one for one in part(made, "programmes.yaml") if one["clause"] == clause)


def test_the_draft_has_only_the_mistakes_that_are_marked(tmp_path: Path, farms: Drafted) -> None:
    folder = tmp_path / "yuchuan-2022-9"
    write(folder, farms)
    found = check(folder)
    assert len(found) == farms.open > 0
    assert [str(one) for one in found if MARK not in one.message] == []
    with pytest.raises(PackError):
        load(folder)  # nothing that is only drafted is served


def test_the_numbers_that_it_tells(farms: Drafted) -> None:
    assert (farms.clauses, farms.programmes, farms.not_modelled) == (10, 5, 0)


def test_bands_by_unit(farms: Drafted) -> None:
    assert programme(farms, "2")["amount"] == {
        "kind": "bands",
        "of": "enterprise.liu_zhuan_tu_di",
        "bands": [{"at_least": 100, "less_than": 300, "price": 50}, {"at_least": 300, "price": 80}],
        "cap": 50000,
        "quote": "流转土地100亩以上、不足300亩的，每亩补助50元；300亩以上的，每亩补助80元。最高5万元",
    }
    [condition] = programme(farms, "2")["conditions"]
    assert (condition["kind"], condition["value"]) == (
        "at_least",
        100,
    )  # what lies in a higher band is no less eligible


def test_a_share_over_a_broken_line(farms: Drafted) -> None:
    amount = programme(farms, "3")["amount"]
    assert (amount["kind"], amount["rate"], amount["cap"]) == ("share", 0.3, 200000)
    assert amount["of"] == "enterprise.leng_ku_shi_ji_tou_zi"


def test_levels_and_a_span_of_days(farms: Drafted) -> None:
    made = programme(farms, "4")
    assert made["amount"]["levels"] == {"sheng_ji": 50000, "shi_ji_shi_fan_nong_chang": 20000}
    [between] = [one for one in made["conditions"] if one["kind"] == "between"]
    assert (str(between["from"]), str(between["to"])) == ("2022-01-01", "2023-12-31")
    assert made["period"] == "once"


def test_growth_and_steps(farms: Drafted) -> None:
    made = programme(farms, "5")
    assert made["conditions"][0]["term"] == {"growth": "enterprise.revenue@last"}
    assert (made["amount"]["kind"], made["amount"]["step"], made["amount"]["each"]) == ("per_step", 100000, 1000)


AMOUNTS: list[tuple[str, Json]] = [
    (
        "一、年收入首次超过1亿元的企业奖励30万元，首次超过5亿元的奖励100万元。",
        {
            "kind": "bands",
            "bands": [
                {"more_than": 100000000, "at_most": 500000000, "amount": 300000},
                {"more_than": 500000000, "amount": 1000000},
            ],
        },
    ),
    ("一、按不超过贷款利息的40%贴息，最长不超过2年，每年最高50万元。", {"kind": "up_to", "cap": 500000}),
    ("一、新建客房5间以上的，按每间3000元补助，最高6万元。", {"kind": "per_unit", "price": 3000, "cap": 60000}),
    ("一、甲项目，奖励100万元，开工、竣工后分别兑现40%、60%。", {"kind": "fixed", "amount": 1000000}),
    ("一、带动作用突出的，一事一议。", {"kind": "no_figure", "basis": "negotiated"}),
    ("一、给予不超过20万元的支持。", {"kind": "up_to", "amount": 200000}),
    ("一、发货超过10万件的，超过的部分每件补助0.2元。", {"kind": f"{MARK}! 写上多少钱：0.2元"}),
]


def test_the_amounts_that_sentences_make() -> None:
    def check_amount(row: tuple[str, Json]) -> None:
        [made] = part(drafted(f"{row[0]}\n", "pack"), "programmes.yaml")
        assert {name: made["amount"].get(name) for name in row[1]} == row[1]

    check_each(AMOUNTS, check_amount, lambda row: row[0])


def test_what_the_document_says_of_itself(farms: Drafted) -> None:
    head = part(farms, "policy.yaml")
    assert head["number"] == "榆政发〔2022〕9号"
    assert head["title"] == "榆川市人民政府关于扶持家庭农场发展的若干意见"
    assert str(head["printed"]) == "2021-12-20"
    assert head["issuer"] == "榆川市人民政府"
    assert head["lead"] == f"{MARK}? 市农业农村局"
    assert (str(head["valid"]["from"]), head["valid"]["for"]) == ("2022-01-01", {"years": 2})
    assert [(str(call["from"]), str(call["to"])) for call in head["calls"]] == [("2023-03-01", "2023-04-15")]
    assert head["across"]["clause"] == "9"
    assert [(limit["kind"], limit["amount"]) for limit in head["limits"]] == [("cap", 220000)]
    assert head["requires"][1]["condition"]["condition"]["fact"] == f"{MARK}? enterprise.dishonest"


COLD = """冷链若干措施

2025年3月28日

第一条　本措施适用于在临澍市登记的企业。两年内受过处罚的企业，不适用本措施。
第二条　企业招用职工的，每人每年补助2000元，职工人数不足20人的不予补助。
第三条　年收入达到2000万元的，奖励20万元。企业升档的，补足差额。被查处的企业不予奖励。
第四条　每年4月1日至5月31日由市商务局受理申请。本措施自2025年5月1日起施行，有效期三年。
"""


@pytest.fixture(scope="module")
def cold() -> Drafted:
    return drafted(COLD, "linshui-2025-18")


def test_what_is_demanded_of_all_is_to_be_decided(cold: Drafted) -> None:
    requires = part(cold, "policy.yaml")["requires"]
    facts = [one["condition"].get("condition", one["condition"])["fact"] for one in requires]
    assert all(fact.startswith(f"{MARK}? ") for fact in facts)
    assert [one["clause"] for one in requires] == ["1", "1", "3"]
    assert requires[2]["programmes"] == [f"{MARK}? {programme(cold, '3')['id']}"]  # said of that award alone


def test_what_a_clause_refuses_of_which_no_award_is_drafted_is_not_demanded_of_all() -> None:
    text = "一、按人数每人每月给予补助：自理老人100元，失能老人300元。入住率低于50%的不予补助。\n"
    [refused] = part(drafted(text, "pack"), "policy.yaml")["requires"]
    assert refused["programmes"][0].startswith(f"{MARK}!")


def test_a_shared_fact_that_may_be_meant_is_to_be_decided() -> None:
    made = drafted("一、护理员取得高级工以上职业技能等级证书，并连续工作满两年的，每人补贴3000元。\n", "pack")
    [taken] = [one for one in part(made, "facts.yaml") if "use" in one]
    assert taken["why"].startswith(f"{MARK}?")


def test_who_an_award_refuses_is_a_condition_of_it_to_be_decided(cold: Drafted) -> None:
    [marked] = [one for one in programme(cold, "2")["conditions"] if one["kind"].startswith(MARK)]
    assert marked["quote"] == "职工人数不足20人的不予补助"


def test_a_call_that_comes_every_year(cold: Drafted) -> None:
    head = part(cold, "policy.yaml")
    [call] = head["calls"]
    assert (call["from"], call["to"], call["every"]) == (f"{MARK}? 2025-04-01", f"{MARK}? 2025-05-31", "year")
    assert head["notices"] == []


def test_that_no_time_to_apply_is_said_only_where_none_is() -> None:
    def told(sentence: str) -> list[str]:
        head = part(drafted(f"一、奖励10万元。\n二、{sentence}。\n", "pack"), "policy.yaml")
        return [one["id"] for one in head["notices"]]

    assert told("由市商务局受理") == ["deadline"]
    assert told("每年第三季度受理申报") == []
    assert told("申报截止时间为每年3月底") == []


def test_sentences_that_came_to_nothing_are_named(cold: Drafted) -> None:
    assert cold.left == [("第三条", "企业升档的，补足差额")]


def test_shared_facts_are_taken_with_the_clause_that_needs_them(farms: Drafted) -> None:
    facts = {one.get("use") or one["id"]: one for one in part(farms, "facts.yaml")}
    assert facts["enterprise.dishonest"] == {
        "use": "enterprise.dishonest",
        "why": "因为第一条看“**被列入严重失信主体名单的，不予支持**”。",
    }
    assert facts["enterprise.liu_zhuan_tu_di"]["unit"] == "亩"


def test_papers_that_the_text_names(farms: Drafted) -> None:
    papers = part(farms, "evidence.yaml")
    assert [(one["name"], one["basis"]) for one in papers[1:]] == [
        ("土地流转合同", "clause"),
        ("冷库投资发票", "clause"),
    ]


def test_every_sum_stands_in_a_rule_or_is_said_not_to_be_modelled(farms: Drafted) -> None:
    rules = spans(farms.files["programmes.yaml"] + farms.files["policy.yaml"])
    for sentence in re.split(r"[。；\n]", farms.files["source.txt"]):
        for figure in figures_in(spans(sentence)):
            assert spans(sentence)[figure.start : figure.end] in rules


FIGURES: list[tuple[str, list[tuple[str, Part, str]]]] = [
    (
        "营业收入2000万元以上、不足5000万元的，奖励5万元",
        [("20000000", "at_least", ""), ("50000000", "less_than", ""), ("50000", "sum", "")],
    ),
    ("按投资额的8%补助，最高600万元", [("0.08", "rate", ""), ("6000000", "cap", "")]),
    ("超过10万件的，每件补助0.2元", [("100000", "more_than", ""), ("0.2", "price", "件")]),
    ("每满500万元奖励2万元", [("5000000", "step", "满"), ("20000", "price", "满")]),
    (
        "年龄不超过45周岁，签订3年以上合同的，每年3.6万元",
        [("45", "at_most", ""), ("3", "at_least", ""), ("36000", "sum", "年")],
    ),
    ("一次性给予不超过20万元的支持", [("200000", "cap", "")]),
    ("一家企业一年只奖励一次", []),
    (
        "库容5000立方米以上的，每立方米补助100元，最长不超过2年",
        [("5000", "at_least", ""), ("100", "price", "立方米"), ("2", "other", "")],
    ),
    ("面积1万平方米以上", [("10000", "at_least", "")]),
]


def test_the_figures_of_a_sentence_and_their_parts() -> None:
    def check_row(row: tuple[str, list[tuple[str, Part, str]]]) -> None:
        found = figures_in(row[0])
        assert [(f"{one.values[0].normalize():f}", one.part, one.each) for one in found] == row[1]

    check_each(FIGURES, check_row, lambda row: row[0])


def test_days_and_their_parts() -> None:
    found = [(day.day, day.part) for day in days_in("2023年1月1日至2025年12月31日；2024年3月以后；2024年度")]
    assert found == [("2023-01-01", "at_least"), ("2025-12-31", "at_most"), ("2024-03", "at_least")]


TEXTS = [
    "",
    "一",
    "一、企业奖励5万元。",
    "第一条 营业收入1亿元以上的企业，按5%至20%给予补贴。",
    "没有编号也没有钱。",
    "一、甲：b # c\n二、'丁\"，{e}, [f]奖励3万元。",
]


@pytest.mark.parametrize("text", TEXTS)
def test_small_and_strange_texts_have_only_marked_mistakes(tmp_path: Path, text: str) -> None:
    write(tmp_path / "pack", drafted(text + "\n", "pack"))
    assert [str(one) for one in check(tmp_path / "pack") if MARK not in one.message] == []


WORDS = st.sampled_from(
    [
        "一、",
        "二、",
        "第三条 ",
        "（一）",
        "企业",
        "营业收入",
        "100亩",
        "5000万元",
        "3%",
        "2年",
        "以上",
        "不足",
        "的，",
        "，",
        "；",
        "。",
        "\n",
        "奖励",
        "每亩",
        "补助",
        "最高",
        "每满",
        "按",
        "合计不超过",
        "自2021年1月1日起施行",
        "有效期3年",
        "分三年",
        "分别",
        "、",
        "一事一议",
    ]
)


@settings(max_examples=draws(15))
@given(st.lists(WORDS, max_size=40).map("".join))
@example("5000万元按不足100亩3%。")
def test_any_text_becomes_a_pack_with_only_marked_mistakes(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any") / "pack"
    write(folder, drafted(text.strip() + "\n", "pack"))
    assert [str(one) for one in check(folder) if MARK not in one.message] == []


ENCODED = [
    ("甲\r\n乙\r丙".encode(), "甲\n乙\n丙\n"),
    ("第一条　甲".encode("gb18030"), "第一条　甲\n"),
    ("甲乙".encode("utf-16"), "甲乙\n"),
    (b"\xef\xbb\xbf" + "甲".encode(), "甲\n"),
]


@pytest.mark.parametrize(("raw", "text"), ENCODED)
def test_texts_of_offices_are_read(tmp_path: Path, raw: bytes, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(raw)
    assert text_of(tmp_path / "a.txt") == text


REFUSED = [
    ("a.txt", b"\x00\x01\x02\xff\xfe\x03" * 40, "编码"),
    ("a.txt", b" \n", "没有文字"),
    ("a.docx", b"no zip", "DOCX"),
    ("a.pdf", b"%PDF", "另存为"),
    ("missing.txt", None, "没有找到"),
]


@pytest.mark.parametrize(("name", "raw", "said"), REFUSED)
def test_what_cannot_be_read_is_told_kindly(tmp_path: Path, name: str, raw: bytes | None, said: str) -> None:
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(UnreadableError, match=said):
        text_of(tmp_path / name)


def test_a_word_file_with_numbers_that_word_writes(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("扶持办法")
    for text in ("甲的话。", "乙的话。"):
        document.add_paragraph(text, style="List Number")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "甲级", "10万元"
    document.save(str(tmp_path / "a.docx"))
    assert text_of(tmp_path / "a.docx") == "扶持办法\n1.甲的话。\n2.乙的话。\n甲级　10万元\n"


SCALARS = [
    "a: b",
    "a:",
    "x #",
    "x#y",
    "5%",
    "a@b",
    "no",
    "on",
    "2021",
    "2021-03",
    "1.5",
    "null",
    "",
    " a",
    "a,b",
    '"q"',
    "-a",
    "12:30",
    "{a}",
    "{",
    "a\nb",
    "第一条",
]


def test_whatever_is_written_reads_the_same() -> None:
    def check_one(text: str) -> None:
        assert read(flow({"k": text})) == {"k": text}
        assert read(flow([text])) == [text]
        assert read(entry({"k": text, "l": [text]}, ("l",))) == [{"k": text, "l": [text]}]

    check_each(SCALARS, check_one, repr)
