"""Traditional characters: which are known, and that a text keeps its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.characters import is_simplified, simplified


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我們公司去年的服務費是兩百六十萬元", "我们公司去年的服务费是两百六十万元"),
        ("園區裡佔地壹萬參仟畝，廠房已經蓋好", "园区里占地壹万参仟亩，厂房已经盖好"),
        ("妳們想瞭解哪一項？還沒批下來、註冊在鄭州", "你们想了解哪一项？还没批下来、注册在郑州"),
        ("衞生用品、化粧品，枱式電腦", "卫生用品、化妆品，台式电脑"),
        ("資料文件么滴", "资料文件么滴"),
    ],
)
def test_what_is_written_in_traditional_characters(written: str, meant: str) -> None:
    assert simplified(written) == meant


@given(st.text())
def test_every_text_keeps_its_length_and_simplified_ones_their_characters(text: str) -> None:
    made = simplified(text)
    assert len(made) == len(text)
    assert simplified(made) == made


def test_simplified_text_needs_no_table() -> None:
    assert is_simplified("我们去年服务费 260 万元")
    assert not is_simplified("我們")
