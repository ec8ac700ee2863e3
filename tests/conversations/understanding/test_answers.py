"""Answers in everyday Chinese, as they are understood.

``tests/data/answers/pinned.jsonl`` holds rows that must all be read as they stand; a miss found later is a new row
there. The rows of ``measured.jsonl`` came later, each lot written before the reader saw it; what they taught has gone
into the reader since, the misses that remain stay in the file, and the whole is counted against the aims.
"""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TypedDict, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.language.answers import LONGEST, AnswerReader, Understood
from knowledge.loading import load
from rules.case import value_to_json
from rules.values import Range

DATA = Path(__file__).parents[2] / "data" / "answers"
RIGHT = 0.98
WRONG = 0.005


class Row(TypedDict, total=False):
    fact: str
    text: str
    status: str
    value: object
    approximate: bool


def rows(name: str) -> list[Row]:
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [cast("Row", json.loads(line)) for line in lines]


PINNED = rows("pinned")
MEASURED = rows("measured")


@pytest.fixture(scope="module")
def reader() -> AnswerReader:
    return AnswerReader(load())


def _near(value: object) -> object:
    """Figures without a finite form agree to four decimals."""
    if isinstance(value, dict):
        return {key: _near(end) for key, end in cast("dict[str, object]", value).items()}
    return round(value, 4) if isinstance(value, float) else value


def _said(understood: Understood) -> tuple[str, object, bool]:
    value = None if understood.value is None else value_to_json(understood.value)
    return understood.status, _near(value), understood.approximate


def _expected(row: Row) -> tuple[str, object, bool]:
    return row.get("status", ""), _near(row.get("value")), row.get("approximate", False)


@pytest.mark.parametrize("fact", sorted({row.get("fact", "") for row in PINNED}))
def test_every_pinned_answer_is_read_as_it_stands(reader: AnswerReader, fact: str) -> None:
    missed = [
        f"{row.get('text')}: {_said(understood)}, not {_expected(row)}"
        for row in PINNED
        if row.get("fact") == fact and _said(understood := reader.read(fact, row.get("text", ""))) != _expected(row)
    ]
    assert not missed, "\n".join(missed)


def test_measured_answers_are_right_and_hardly_ever_wrong(reader: AnswerReader) -> None:
    missed: dict[bool, list[str]] = defaultdict(list)
    for row in MEASURED:
        status, value, approximate = _said(reader.read(row.get("fact", ""), row.get("text", "")))
        if (status, value, approximate) != _expected(row):
            missed[status == "ok" and value != _expected(row)[1]].append(row.get("text", ""))
    assert len(missed[True]) < WRONG * len(MEASURED), missed[True]
    assert len(missed[True]) + len(missed[False]) <= (1 - RIGHT) * len(MEASURED), missed


def test_every_fact_of_the_policy_has_rows() -> None:
    stated = {row.get("fact") for row in PINNED + MEASURED}
    assert {fact.id for fact in load().facts} == stated


def test_the_words_understood_are_the_persons_own(reader: AnswerReader) -> None:
    said = reader.read("pilots.total_investment", "您好，投了 １，５００ 万元左右，谢谢")
    assert said == Understood("ok", Decimal(15000000), approximate=True, words="１，５００ 万元左右")


def test_an_index_in_the_fact_does_no_harm(reader: AnswerReader) -> None:
    assert reader.read("pilots.3.total_investment", "两千万").value == Decimal(20000000)


def test_a_fact_that_does_not_exist_is_an_error(reader: AnswerReader) -> None:
    with pytest.raises(KeyError):
        reader.read("pilots.colour", "红色")


def test_an_amount_is_exact(reader: AnswerReader) -> None:
    assert reader.read("enterprise.training_fee", "3500.10元").value == Decimal("3500.10")


def test_a_range_keeps_its_open_ends(reader: AnswerReader) -> None:
    assert reader.read("buildings.area", "1万多平").value == Range(Decimal(10000), Decimal(20000), True, True)


@pytest.mark.parametrize("text", ["", "   ", "。", "，，，", "\u200b", "\x00", "一" * 5000, "有的，" * LONGEST])
@pytest.mark.parametrize(
    "fact", ["pilots.total_investment", "enterprise.payment_licence", "pilots.industry", "pilots.name"]
)
def test_nothing_and_too_much_are_unclear(reader: AnswerReader, fact: str, text: str) -> None:
    assert reader.read(fact, text).status in ("unclear", "unknown")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("有", True),
        ("还有一个", True),
        ("没有了", False),
        ("没了", False),
        ("就这些", False),
        ("有的", True),
        ("没有", False),
    ],
)
def test_whether_there_is_any(reader: AnswerReader, text: str, value: bool) -> None:
    assert reader.read_any("pilots", text).value is value


@pytest.mark.parametrize("text", ["不清楚", "得问问", "应该有吧"])
def test_whether_there_is_any_may_be_unknown(reader: AnswerReader, text: str) -> None:
    assert reader.read_any("pilots", text) == Understood("unknown")


_FACTS = st.sampled_from([fact.id for fact in load().facts])
_SCRAPS = st.lists(
    st.sampled_from(
        [
            *"一二两三百千万亿半多来几点零个年月成元平%0123456789.,-~到不没有是的吗",
            "大概",
            "以上",
            "不到",
            "说错了",
            "分之",
        ]
    ),
    max_size=12,
).map("".join)


@given(fact=_FACTS, text=st.one_of(st.text(max_size=40), _SCRAPS))
def test_whatever_is_said_the_answer_is_a_valid_value_or_none(fact: str, text: str) -> None:
    understood = _READER.read(fact, text)
    assert (understood.value is not None) == (understood.status == "ok")


_READER = AnswerReader(load())
