"""What is written to one question is read as an answer and as a statement that names the fact."""

from decimal import Decimal

import pytest

from conversations.language.answers import AnswerReader
from conversations.language.descriptions import DescriptionReader
from conversations.language.replies import ReplyReader
from rules.case import value_to_json
from tests import served
from tests.table import check_each

ROWS: list[tuple[str, str, object]] = [
    ("enterprise.headquarters_in_zhengzhou", "总部去年搬过来的 现在人都在高铁站那边上班", True),
    ("enterprise.headquarters_in_zhengzhou", "公司在天津起家，三年前总部就迁到郑州了", True),
    ("enterprise.registered_in_zhengzhou", "先在信阳做，后来执照改到了金水区", True),
    ("enterprise.ecommerce_business", "老早是摆摊的 现在货都从拼多多走", True),
    ("enterprise.national_standard", "企业标准倒是有 电商国标没参加过", False),
    ("enterprise.training_fee", "按协会开的票算 一共是五万二", 52000),
    ("buildings.years_operating", "对面那栋都十年了，我们才一年半", 1.5),
    ("buildings.area", "大楼公示牌上写的办公使用面积是13260平方米", 13260),
    ("buildings.recognised", "2017年没批，2019年领导小组认定下来了", True),
    ("pilots.selected", "第一年没选上，第二年那批入选了", True),
    ("pilots.total_investment", "隔壁的项目八千万，我们这个是两千三百万", 23000000),
    # what belongs to something else, or leaves the matter open, is not taken
    ("pilots.total_investment", "每年投200万", None),
    ("pilots.total_investment", "900万人民币再加60万欧元", None),
    ("pilots.total_investment", "13,50万", None),
    ("buildings.area", "东楼7000平西楼5000平", None),
    ("buildings.area", "自己用3000平，租给别人9000平", None),
    ("parks.level", "比省级低", None),
    ("parks.level", "进来的企业是国家级的", None),
    ("enterprise.registered_in_zhengzhou", "取消", None),
]


@pytest.fixture(scope="module")
def reader() -> ReplyReader:
    policy = served.policy()
    return ReplyReader(policy, AnswerReader(policy), DescriptionReader(policy))


def test_a_reply_is_an_answer_or_a_statement(reader: ReplyReader) -> None:
    def check(row: tuple[str, str, object]) -> None:
        fact, text, value = row
        read = reader.read(fact, text)
        assert (value_to_json(read.value) if read.value is not None else None) == value, read
        assert (read.status == "ok") is (value is not None)

    check_each(ROWS, check, str)


def test_the_words_of_a_statement_are_quoted(reader: ReplyReader) -> None:
    read = reader.read("enterprise.training_fee", "按协会开的票算 一共是五万二")
    assert read.value == Decimal(52000)
    assert "五万二" in read.words
