"""What staff enter of an enterprise later: fields of every kind, of several policies, by year, and nothing changed unasked."""

from datetime import UTC, datetime

import pytest

from bot import cli_start
from conversations.office import lead_entry, lead_facts
from conversations.state.shelf import Shelf

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return cli_start.shelf(named=["zhengzhou-2013-237", "haicheng-ecommerce-2024", "haicheng-industry-2023"])


def test_fields_of_several_policies_are_each_read_by_their_fact(shelf: Shelf) -> None:
    nothing = lead_entry.assess(shelf, "", NOW)
    told = {lead_facts.TOLD: "公司2019年5月成立，2024年营业收入3200万，2025年4100万"}
    filled, read = lead_facts.read_words(shelf, nothing, told, NOW)
    assert read == ["成立日期：2019 年 5 月", "2024 年度营业收入：3200 万元", "2025 年度营业收入：4100 万元"]
    filled |= {"enterprise.revenue@2025": "大约5200万", "haicheng-industry-2023/persons.0.born": "1990年3月5日"}
    filled |= {"haicheng-ecommerce-2024/enterprise.nothing": "x", "enterprise.age": "1", "on": "1999-01-01"}
    stated = lead_facts.read_fields(shelf, nothing, filled, NOW)
    known = lead_facts.assessed(shelf, stated, NOW)
    assert known.data["enterprise"] == {"founded": "2019-05", "revenue": {"2024": 32000000, "2025": 52000000}}
    assert known.data["haicheng-industry-2023/persons"] == [{"born": "1990-03-05"}]
    assert known.data["on"] == "2026-11-24"
    assert known.approximate == {"enterprise.revenue@2025"}


def test_fields_that_are_sent_as_they_were_change_nothing(shelf: Shelf) -> None:
    told = "做代运营，服务费260万左右，两个园区，一个国家级，一个省级；2024年营业收入不到3000万，公司2019年5月成立"
    known = lead_entry.assess(shelf, told, NOW)
    fields = [field for group in lead_facts.groups(shelf, known) for field in group.fields]
    sent = {field.name: field.filled for field in fields}
    assert any(sent.values())
    again = lead_facts.assessed(shelf, lead_facts.read_fields(shelf, known, sent, NOW), NOW)
    assert again.data == known.data
    assert again.approximate == known.approximate
    assert len({field.name for field in fields}) == len(fields)


def test_an_item_that_is_left_out_before_another_is_none(shelf: Shelf) -> None:
    known = lead_entry.assess(shelf, "", NOW)
    sent = {"zhengzhou-2013-237/parks.1.level": "provincial", "zhengzhou-2013-237/parks.99.level": "national"}
    stated = lead_facts.read_fields(shelf, known, sent, NOW)
    assert stated.data["zhengzhou-2013-237/parks"] == [{"level": "provincial"}]
