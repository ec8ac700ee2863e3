"""Free descriptions: rows of tests/data/descriptions pin what each voice states, and what states nothing.

``understood*.jsonl`` are understood whole; ``partly.jsonl`` are rows of which a fact is still missed: they must invent
none. A miss found later is a new row.
"""

import json
from decimal import Decimal
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.language.descriptions import DescriptionReader
from conversations.language.descriptions_clauses import SpokenClause, Stance, clauses
from rules.values import Range
from tests import served
from tests.chance import draws
from tests.table import check_each

DATA = Path(__file__).parents[2] / "data" / "descriptions"
READER = DescriptionReader(served.policy())
RULES = served.shelf().rules


Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


FILES = {file.name: rows(file.name) for file in sorted(DATA.glob("understood*.jsonl"))}
UNDERSTOOD = [row for found in FILES.values() for row in found]
QUICK = 250  # rows, as many as are read at once while one works
each_file = pytest.mark.parametrize(
    "understood",
    [
        pytest.param(found, id=name, marks=[pytest.mark.exhaustive] * (len(found) > QUICK))
        for name, found in FILES.items()
    ],
)


def stated(case: Row) -> Row:
    """The facts of a case by path, ``same_project`` without its order."""
    facts: Row = {}
    for subject, value in case.items():
        if subject == "same_project":
            facts[subject] = sorted(sorted(group) for group in value)
        elif isinstance(value, dict):
            facts |= {f"{subject}.{name}": v for name, v in value.items()}
        elif not value:
            facts[subject] = []
        else:
            facts |= {f"{subject}.{i}.{name}": v for i, item in enumerate(value) for name, v in item.items()}
    return facts


read = cache(READER.read)
"""Reads a text once, for the tests that look at a row from two sides."""

said = itemgetter("text")


@each_file
def test_understood_whole(understood: list[Row]) -> None:
    def check(row: Row) -> None:
        described = read(row["text"])
        assert stated(described.case()) == stated(row["case"])
        assert described.approximate == set(row.get("approximate", []))

    check_each(understood, check, said)


def test_understood_in_part_invents_nothing() -> None:
    def check(row: Row) -> None:
        expected = stated(row["case"])
        assert stated(READER.read(row["text"]).case()).items() <= expected.items()

    check_each(rows("partly.jsonl"), check, said)


@each_file
def test_every_case_can_be_assessed_and_every_fact_quotes_the_person(understood: list[Row]) -> None:
    def check(row: Row) -> None:
        described = read(row["text"])
        RULES.parse(described.case())
        assert described.facts.keys() == described.evidence.keys()
        for words in described.evidence.values():
            assert words
            assert words in row["text"].replace("\n", "")

    check_each(understood, check, said)


@pytest.mark.exhaustive
@given(
    st.lists(st.sampled_from([part for row in UNDERSTOOD for part in row["text"].split("，")]), max_size=12),
    st.sampled_from("，。 ？\n"),
)
@settings(max_examples=draws(200))
def test_whatever_is_said_gives_a_case_that_can_be_assessed(parts: list[str], joint: str) -> None:
    RULES.assess(RULES.parse(READER.read(joint.join(parts)).case()))


@given(st.text(max_size=200))
@settings(max_examples=draws(200))
def test_no_text_is_an_error(text: str) -> None:
    RULES.parse(READER.read(text).case())


@pytest.mark.parametrize("start", ["假如", "如果", "要是", "我朋友的公司", "隔壁那家", "听说同行"])
@pytest.mark.parametrize(
    "words",
    [
        "在郑州注册",
        "做代运营，服务费300万",
        "是国家级示范企业",
        "有支付牌照，总部在郑州",
        "有个试点项目入选了",
        "运营省级示范园区",
    ],
)
def test_hypotheses_and_third_parties_state_nothing(start: str, words: str) -> None:
    assert not READER.read(start + words).facts


@pytest.mark.parametrize(
    "district",
    [
        "金水区",
        "二七区",
        "中原区",
        "管城回族区",
        "惠济区",
        "上街区",
        "郑东新区",
        "经开区",
        "高新区",
        "航空港区",
        "中牟县",
        "巩义市",
        "荥阳市",
        "新密市",
        "新郑市",
        "登封市",
    ],
)
def test_a_district_is_the_city_where_registration_is_spoken_of(district: str) -> None:
    path = "enterprise.registered_in_zhengzhou"
    assert READER.read(f"注册在{district}").facts == {path: True}
    assert READER.read(f"我们是{district}的公司").facts == {path: True}
    assert READER.read(f"我们在{district}办公").facts == {}
    assert READER.read(f"仓库在{district}，注册地在开封").facts == {path: False}


def test_evidence_is_the_persons_own_writing() -> None:
    described = READER.read("我們是鄭州的公司，做網店代運營，去年服務費 ２６０ 萬左右")
    assert described.evidence["enterprise.agency_service_fee"] == "服務費 ２６０ 萬左右"
    assert described.approximate == {"enterprise.agency_service_fee"}


def test_values_are_exact() -> None:
    described = READER.read("代运营，服务费26.8万；电商楼我们管理，办公面积一万多平")
    assert described.facts["enterprise.agency_service_fee"] == Decimal(268000)
    assert described.facts["buildings.0.area"] == Range(Decimal(10000), Decimal(20000), True, True)


def test_an_item_may_have_no_fact_yet() -> None:
    described = READER.read("我们有两个试点项目")
    assert described.facts == {}
    assert described.counts == {"pilots": 2}
    assert described.case() == {"pilots": [{}, {}]}


@pytest.mark.parametrize("words", ["注册在郑州", "1900年1901年", "、", "的", "没有", "做电商"])
def test_no_clause_is_so_long_that_a_text_takes_more_than_its_length(words: str) -> None:
    _, pieces = clauses(words * 400, str)
    assert max(len(piece.text) for piece in pieces or [SpokenClause("", 0, 0, Stance.STATED)]) <= 160


@pytest.mark.parametrize("number", "一二三四五六")
def test_every_number_that_a_list_may_have_is_read(number: str) -> None:
    assert "municipal" in READER.read(f"有两个园区。{number}：市级的").facts.values()
