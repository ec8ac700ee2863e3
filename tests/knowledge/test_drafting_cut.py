"""A text cut into clauses: by every way in which documents number them, and no line lost whatever the text."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.drafting_cut import META, CutClause, cut
from knowledge.folders import PACKS
from tests.chance import draws
from tests.table import check_each

STYLES: list[tuple[str, list[tuple[str, str | None, list[tuple[int, int]]]]]] = [
    (
        "船办〔2020〕1号\n一、甲。乙。\n二、丙。\n（一）丁。\n(二) 戊。\n1.己。\n2、庚。\n（二）下一项\n三、辛。",
        [
            ("1", "一", [(2, 2)]),
            ("2", "二", [(3, 3)]),
            ("2.1", "二、（一）", [(4, 4)]),
            ("2.2", "二、（二）", [(5, 5)]),
            ("2.2.1", "二、（二）1", [(6, 6)]),
            ("2.2.2", "二、（二）2", [(7, 8)]),
            ("3", "三", [(9, 9)]),
            (META, None, [(1, 1)]),
        ],
    ),
    (
        "第一章 总则\n第一条 甲。\n第二条 乙。\n第二章 标准\n第三条 丙。\n第十四条 跳过去的。",
        [
            ("1", "第一条", [(1, 2)]),
            ("2", "第二条", [(3, 3)]),
            ("3", "第三条", [(4, 5)]),
            ("14", "第十四条", [(6, 6)]),
        ],
    ),
    (
        "第一章 甲\n第一条 子。\n第二章 乙\n第一条 丑。\n第二条 寅。",
        [
            ("1.1", "第一章第一条", [(1, 2)]),
            ("2.1", "第二章第一条", [(3, 4)]),
            ("2.2", "第二章第二条", [(5, 5)]),
        ],
    ),
    (
        "1 总则\n1.1 范围\n甲。\n1.2 定义\n乙。\n2 要求\n2.1 一般\n2.1.1 丙。\n2.1.2 丁。",
        [
            ("1.1", "1.1", [(1, 3)]),
            ("1.2", "1.2", [(4, 5)]),
            ("2.1.1", "2.1.1", [(6, 8)]),
            ("2.1.2", "2.1.2", [(9, 9)]),
        ],
    ),
    (
        "一、范围：\n①甲，奖励1万元；\n②乙，奖励2万元。\n二、其他。",
        [("1.1", "一、①", [(1, 2)]), ("1.2", "一、②", [(3, 3)]), ("2", "二", [(4, 4)])],
    ),
    (
        "一、目标。到年底达到1\n. 5万人，按第\n二条\n（一）项的办法算，共\n3.5万元。\n二、按照前一条、\n第三条执行，不变。\n三、完。",
        [("1", "一", [(1, 5)]), ("2", "二", [(6, 7)]), ("3", "三", [(8, 8)])],
    ),
    (
        "第一条 有下列情形之一的，奖励5万元：\n（一）甲；\n（二）乙。\n第二条 分两档：\n（一）甲的，奖励1万元；\n（二）乙的，奖励2万元。",
        [
            ("1", "第一条", [(1, 3)]),
            ("2.1", "第二条（一）", [(4, 5)]),
            ("2.2", "第二条（二）", [(6, 6)]),
        ],
    ),
    (
        "目录\n第一条 甲......1\n第二条 乙......2\n第一条 甲\n甲的话。\n第二条 乙\n乙的话。\n附件：1.表\n2.书\n某市商务局\n2021年3月1日",
        [("1", "第一条", [(4, 5)]), ("2", "第二条", [(6, 7)]), (META, None, [(1, 3), (8, 11)])],
    ),
    (
        "一、甲。\n某市人民政府\n二〇二一年三月一日\n附件1\n名录\n一、子。\n二、丑。",
        [
            ("1", "一", [(1, 1)]),
            ("a1.1", "附件1 一", [(4, 6)]),
            ("a1.2", "附件1 二", [(7, 7)]),
            (META, None, [(2, 3)]),
        ],
    ),
    (
        "关于甲的通知\n\n没有编号的一段，\n接着说。\n又一段。\n某市商务局",
        [("1", None, [(3, 4)]), ("2", None, [(5, 5)]), (META, None, [(1, 1), (6, 6)])],
    ),
    ("\n \n", [(META, None, [(1, 3)])]),
]


def test_every_style_of_numbering() -> None:
    def check(row: tuple[str, list[tuple[str, str | None, list[tuple[int, int]]]]]) -> None:
        text, expected = row
        assert [(piece.id, piece.citation, piece.spans) for piece in cut(text)] == expected

    check_each(STYLES, check, lambda row: row[0][:20])


TITLES = [
    ("一、适用范围。本办法适用于农场。", "适用范围", True),
    ("第一条　适用范围\n本办法适用于农场。", "适用范围", True),
    ("（一）目标：甲。", "目标", True),
    ("一、对在本市登记的农场，给予补助。", "对在本市登记的农场", False),
]


@pytest.mark.parametrize(("text", "title", "sure"), TITLES)
def test_a_title_is_the_documents_or_a_guess(text: str, title: str, sure: bool) -> None:
    assert (cut(text)[0].title, cut(text)[0].sure) == (title, sure)


@pytest.mark.parametrize("pack", ["zhengzhou-2013-237"])
def test_a_real_document_is_cut_as_people_cut_it(pack: str) -> None:
    folder = PACKS / pack
    own = {piece.id: (piece.citation, piece.spans) for piece in cut((folder / "source.txt").read_text("utf-8"))}
    by_hand = yaml.safe_load((folder / "clauses.yaml").read_text("utf-8"))
    assert own == {one["id"]: (one["citation"], [tuple(span) for span in one["lines"]]) for one in by_hand}


def owners(pieces: list[CutClause]) -> dict[int, int]:
    """How many clauses each line belongs to."""
    found: dict[int, int] = {}
    for piece in pieces:
        for first, last in piece.spans:
            for number in range(first, last + 1):
                found[number] = found.get(number, 0) + 1
    return found


PARTS = st.sampled_from(
    [
        "第一条",
        "第二条 甲",
        "第十条",
        "第一章",
        "第二章 乙",
        "一、",
        "二、甲，",
        "（一）",
        "（二）乙：",
        "1.",
        "2、丙",
        "1.1",
        "1.2 丁",
        "（1）",
        "①",
        "3 戊",
        "甲乙丙。",
        "，",
        "：",
        "奖励5万元",
        "2021年3月1日",
        "某市人民政府",
        "附件1",
        "附件：1.表",
        "抄送：乙",
        "　",
        "\t",
        "......3",
        "\x0b",
        "\u2028",
    ]
)
TEXTS = st.lists(st.one_of(PARTS, st.just("\n"), st.text(max_size=6)), max_size=40).map("".join)


@settings(max_examples=draws(200))
@given(TEXTS)
def test_no_line_is_lost_and_none_is_there_twice(text: str) -> None:
    pieces = cut(text)
    lines = text.split("\n")
    owned = owners(pieces)
    assert set(owned) <= set(range(1, len(lines) + 1))
    assert [number for number, count in owned.items() if count > 1] == []
    assert [number for number, line in enumerate(lines, start=1) if line.strip() and number not in owned] == []
    ids = [piece.id for piece in pieces]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "part", ["第一条", "一、甲，", "（一）", "1.", "1.1 ", ".", "附件：", "2021年3月1日", "甲", "、", "（"]
)
@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_any_text_is_cut_in_bounded_time(part: str, between: str) -> None:
    text = (part + between) * 4000
    begun = time.process_time()
    pieces = cut(text)
    assert time.process_time() - begun < 5
    assert max(owners(pieces).values()) == 1


def test_a_text_of_the_tests_is_cut() -> None:
    text = (Path(__file__).parents[1] / "data" / "drafting" / "yuchuan-farms.txt").read_text("utf-8")
    pieces = {piece.id: piece for piece in cut(text)}
    assert [*pieces] == [*map(str, range(1, 11)), META]
    assert pieces["2"].spans == [(15, 17)]
    assert pieces["3"].spans == [(19, 20)]
    assert pieces[META].spans == [(1, 9), (38, 39)]
