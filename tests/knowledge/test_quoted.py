"""Figures with their units, as the quote rule reads them: what stands in a quote, and what does not."""

from decimal import Decimal

import pytest

from knowledge.measures import ANY, AREA, DATE, DAYS, MONEY, MONTHS, NUMBER, RATIO, YEARS, Unit
from knowledge.quoted import day_stands, has_money, of_an_event, priced_otherwise, split_evenly, stands, where_it_fits
from tests.table import check_each


def of(*words: str) -> Unit:
    return Unit("count", frozenset(words))


# the quote, the unit, what it states in it, what it does not
ROWS: list[tuple[str, Unit, str, str]] = [
    ("分别给予 100、60、30 万元", MONEY, "1000000 600000 300000", "100 60 30"),
    ("分别不超过20万元、50万元", MONEY, "200000 500000", "20 50"),
    ("每年不超过5000万元", MONEY, "50000000", "5000"),
    ("奖励20万、50万", MONEY, "200000 500000", "20"),
    ("奖励20万人民币", MONEY, "200000", ""),
    ("1000万元至2000万元", MONEY, "10000000 20000000", "1000"),
    ("1-5万元", MONEY, "10000 50000", "1 5"),
    ("8000至2万元", MONEY, "8000 20000", ""),
    ("1,000万元", MONEY, "10000000", "1000"),
    ("500（含）万元以上", MONEY, "5000000", ""),
    ("给予一百万元", MONEY, "1000000", "100"),
    ("三千亿零五百万元", MONEY, "300005000000", ""),
    ("三至五万元", MONEY, "30000 50000", "3"),
    ("奖励壹佰万元", MONEY, "1000000", ""),
    ("每万元补助50元", MONEY, "10000 50", ""),
    ("每件补助0.2元", MONEY, "0.2", "2"),
    ("6万、10万/亩", MONEY, "60000 100000", ""),
    ("200元/亩", MONEY, "200", ""),
    ("200元/亩", RATIO, "", "200 2"),
    ("投资100万美元", MONEY, "", "1000000"),
    ("投资100万港币", MONEY, "", "1000000"),
    ("投资100欧元", MONEY, "", "100"),
    ("超过10万件的", MONEY, "", "100000"),
    ("接待1万人次", MONEY, "", "10000"),
    ("超过10万件的", of("件"), "100000", "10"),
    ("50、60、70人", of("人"), "50 60 70", ""),
    ("50名以上员工", of("人"), "", "50"),
    ("50名以上员工", of("人", "名"), "50", ""),
    ("满6个月", of("个月"), "6", ""),
    ("在3个以上城市", of("城市"), "3", ""),
    ("新增两条以上生产线", of("条"), "2", ""),
    ("面积1万平方米以上不足3万平方米", AREA, "10000 30000", "1"),
    ("10000㎡", AREA, "10000", ""),
    ("1200m²", AREA, "1200", ""),
    ("2公顷", AREA, "20000", "2"),
    ("600亩", AREA, "", "600"),
    ("600亩", of("亩"), "600", ""),
    ("按40%、30%、30%拨付", RATIO, "0.4 0.3", "40"),
    ("给予5%-20%", RATIO, "0.05 0.2", ""),
    ("给予5－20%", RATIO, "0.05 0.2", ""),
    ("不超过5‰", RATIO, "0.005", "0.05"),
    ("按三成补贴", RATIO, "0.3", ""),
    ("成立三年", RATIO, "", "0.3"),
    ("百分之三十", RATIO, "0.3", ""),
    ("千分之五", RATIO, "0.005", ""),
    ("三分之二以上", RATIO, "", "0.3"),
    ("五分之一", RATIO, "0.2", ""),
    ("按1:1配套", RATIO, "1", ""),
    ("按1：0.5配套", RATIO, "0.5 2", ""),
    ("按1比1", RATIO, "1", ""),
    ("等额配套", RATIO, "1", ""),
    ("全额补贴", RATIO, "1", "0.5"),
    ("上浮0.5个百分点", RATIO, "0.005", ""),
    ("不超过45周岁", YEARS, "45", ""),
    ("五年以上服务合同", YEARS, "5", ""),
    ("满6个月", YEARS, "0.5", "6"),
    ("满6个月", MONTHS, "6", ""),
    ("一年半", YEARS, "1.5", ""),
    ("半年内", MONTHS, "6", ""),
    ("有效期三年", YEARS, "3", ""),
    ("30日内", DAYS, "30", ""),
    ("开办三种以上", NUMBER, "3", ""),
    ("可连续支持 3 年", NUMBER, "3", ""),
    ("给予3万元", NUMBER, "", "30000"),
    ("利息的50%，最长2年", ANY, "0.5 2", "3"),
    ("每月补助500元", ANY, "12", "6"),
    ("补助500元", ANY, "", "12"),
    ("随便什么", MONEY, "0", ""),
]


def test_a_figure_stands_with_its_unit_or_not_at_all() -> None:
    def check(row: tuple[str, Unit, str, str]) -> None:
        quote, unit, stated, others = row
        assert [v for v in stated.split() if not stands(Decimal(v), unit, quote)] == [], "does not stand"
        assert [v for v in others.split() if stands(Decimal(v), unit, quote)] == [], "stands"

    check_each(ROWS, check)


@pytest.mark.parametrize(
    ("year", "month", "day", "quote", "there"),
    [
        (2021, 3, 1, "2021年3月1日至12月31日", True),
        (2021, 12, 31, "2021年3月1日至12月31日", True),
        (2021, 3, 2, "2021年3月1日", False),
        (2022, 3, 1, "2021年3月1日", False),
        (2019, 3, None, "2019年3月至2020年2月首次", True),
        (2019, 4, None, "2019年3月至2020年2月首次", False),
        (2021, None, None, "2021年度", True),
        (2021, 3, 1, "二〇二一年三月一日", True),
        (2021, 3, 1, "2021-03-01起", True),
        (2021, 3, 1, "2021.3.1起", True),
        (2023, 12, 31, "至2023年底", True),
        (2025, 4, 30, "每年4月30日前", True),
        # each part stands there, of another day
        (2021, 3, 28, "2021年3月1日至2022年2月28日", False),
        (2021, 2, 28, "2021年3月1日至2022年2月28日", False),
        (2022, 3, 1, "2021年3月1日至2022年2月28日", False),
        (2022, 2, 28, "2021年3月1日至2022年2月28日", True),
        (2021, 3, None, "2020年3月至2021年2月", False),
        (2022, 12, 31, "2022年3月1日至2023年底", False),
        (2023, 12, 31, "2022年3月1日至2023年底", True),
        (2021, 3, 28, "2021年3月1日至28日", True),
        (2021, 5, None, "2021年3、4、5月", True),
        (2022, 2, 28, "2021年3月1日至次年2月28日", True),
        (2021, 2, 28, "2021年3月1日至次年2月28日", False),
        (2021, 6, 30, "二〇二一年一月一日至六月三十日", True),
        (2021, 1, 30, "二〇二一年一月一日至六月三十日", False),
        (2022, 3, 1, "自3月1日起至2022年4月30日", True),
        (2021, 12, 31, "2020—2021年，每年12月31日前", True),
        (2021, 4, 1, "2021.3.1至2021.4.30", False),
    ],
)
def test_a_day_stands_with_year_month_and_day(
    year: int, month: int | None, day: int | None, quote: str, there: bool
) -> None:
    assert day_stands(year, month, day, quote) is there


def test_what_fits_instead_is_said() -> None:
    assert "money" in where_it_fits(Decimal(200), RATIO, "200元/亩")
    assert "`unit: 亩`" in where_it_fits(Decimal(600), AREA, "600亩")
    assert where_it_fits(Decimal(100), MONEY, "给予100万元") == "it states 1000000"
    assert where_it_fits(Decimal(5), DATE, "没有数字") == ""


def test_a_clause_holds_money_where_a_figure_stands_before_yuan() -> None:
    assert [has_money(text) for text in ("给予20万元", "二十元", "多元化发展", "20万件", "一元化管理")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_days_of_events_and_even_shares() -> None:
    assert of_an_event("自印发之日起施行")
    assert not of_an_event("自2021年3月1日施行")
    assert split_evenly(2, "分两年等额拨付")
    assert split_evenly(3, "分三年拨付")
    assert not split_evenly(3, "分两年拨付")


MU, HA, HEADS = Unit("count", frozenset({"亩"})), Unit("count", frozenset({"公顷"})), Unit("count", frozenset({"人"}))
PRICES: list[tuple[Unit, str, str | None]] = [
    (MU, "每亩奖励800元", None),
    (MU, "按800元/亩奖励", None),
    (MU, "超过的部分按亩计，800元一亩", None),
    (MU, "按种植亩数，以800元的标准奖励", None),
    (AREA, "每平方米20元", None),
    (AREA, "20元/㎡·月", None),
    (HEADS, "每人每年1000元", None),
    (HEADS, "每新增就业1人奖励1000元", None),
    (Unit("count", frozenset({"项目"})), "每个项目5万元", None),
    (Unit("count", frozenset({"日"})), "每台设备每投产1日补助1元", None),
    (MONEY, "每户1万元", None),
    (AREA, "每亩800元", "亩"),
    (AREA, "每平方公里800元", "平方公里"),
    (HA, "种植10公顷以上的，每亩800元", "亩"),
    (HEADS, "每户奖励1000元", "户"),
    (HEADS, "1000元/户", "户"),
    (HEADS, "奖励1000元", ""),
    (Unit("count", frozenset({"人次"})), "每人1000元", "人"),
]


def test_a_price_is_for_each_of_its_unit() -> None:
    found = {(unit.kind, quote): priced_otherwise(unit, quote) for unit, quote, _ in PRICES}
    assert found == {(unit.kind, quote): other for unit, quote, other in PRICES}
