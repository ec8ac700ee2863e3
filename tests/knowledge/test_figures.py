"""Figures in legal text, as the checks of a pack read them."""

from decimal import Decimal

import pytest

from knowledge.figures import arabic_figures, figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("总投资额在 1000 万元以上", ["10000000"]),
        ("给予总投资额 10 % 的资金支持，最高不超过 300 万元", ["0.1", "3000000"]),
        ("入驻率超过50%", ["0.5"]),
        ("分别一次性给予 100、60、30 万元的奖励", ["1", "1000000", "600000", "300000"]),
        ("分别按照 100 万元、60 万元的标准", ["1000000", "600000"]),
        ("按 1:1 的标准", ["1"]),
        ("按1：2配套", ["1", "2", "0.5"]),
        ("实际运行一年以上", ["1"]),
        ("可连续支持 3 年", ["3"]),
        ("办公使用面积超过 10,000 平方米", ["10000"]),
        ("１００万元", ["1000000"]),
        ("2.5亿元", ["250000000"]),
        ("三千亿零五百万元", ["300005000000"]),
        ("百分之三十", ["0.3"]),
        ("千分之五", ["0.005"]),
        ("按三成补贴", ["0.3"]),
        ("前十名、第十一条", ["10", "11"]),
        ("补助100，200元以上除外", ["100", "200"]),
        ("没有数字", []),
    ],
)
def test_every_figure_is_found_and_no_other(text: str, expected: list[str]) -> None:
    assert figures(text) == set(map(Decimal, expected))


def test_chinese_numerals_are_left_out_where_asked() -> None:
    assert arabic_figures("一次性给 40 万元") == {Decimal(400000)}
