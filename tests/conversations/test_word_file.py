"""The Word file as somebody reads it who opens it: read back from the bytes."""

import io
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from conversations.saying.word_file import assessment_file
from conversations.state.session import Known, derive
from conversations.state.shelf import Shelf
from tests.conversations.enterprises import begin, say

HEAD = {"企业名称": "云帆公司", "登记编号": "WC-1", "登记日期": "2026-11-24"}
ANSWERS = ("/start", "1 4 10", "是", "260万", "没领过", "省级", "是", "不清楚")
"""An agency with a provincial title is due twice; what it paid for training is not known."""


def known(engine: Shelf, *texts: str) -> Known:
    session = begin(engine)
    for text in texts:
        session = say(engine, session, text).session
    return derive(session, engine)


def opened(engine: Shelf, *texts: str) -> Any:
    return docx.Document(io.BytesIO(assessment_file(engine, known(engine, *texts), HEAD, "WC-1")))


@pytest.fixture(scope="module")
def paper(engine: Shelf) -> Any:
    return opened(engine, *ANSWERS)


def words(paper: Any) -> str:
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def sheet(paper: Any, head: str) -> dict[str, str]:
    """What the table says that begins with ``head``, by its first column."""
    table = next(table for table in paper.tables if head in table.rows[0].cells[0].text)
    return {row.cells[0].text: row.cells[-1].text for row in table.rows}


def test_it_says_first_whose_it_is_and_what_it_comes_to(paper: Any) -> None:
    assert paper.paragraphs[0].text == "扶持政策预评估表"
    whose = sheet(paper, "企业名称")
    assert whose["企业名称"] == "云帆公司"
    assert whose["登记日期"] == "2026-11-24"
    assert "郑政文〔2013〕237号" in whose["依据"]
    said = words(paper)
    assert "2 项符合，1 项还没定。合计预估：每年 26–31 万元 ＋ 一次性 60 万元" in said
    assert said.index("是否还在执行") < said.index("一、符合的扶持政策")


def test_each_programme_has_its_reckoning_its_period_its_clause_and_its_own_papers(paper: Any) -> None:
    agency, title = sheet(paper, "代运营企业支持"), sheet(paper, "电商示范企业奖励")
    assert agency["金额"] == "每年 26 万元，最多还可连续 3 年"
    assert "260 万元 × 10% = 26 万元" in agency["怎么算"]
    assert agency["发放"] == "每年发放"
    assert title["发放"] == "一次性发放"
    assert agency["依据"].startswith("三、（六）“")
    assert "☐ 代运营服务合同" in agency["材料"]
    assert "☐ 代运营服务合同" not in title["材料"]
    assert "☐ 电子商务示范企业认定文件" in title["材料"]
    assert "☐ 营业执照副本" in sheet(paper, "各项都要的材料")["各项都要的材料"]
    assert "营业执照" not in agency["材料"], "what all need stands once"


def test_what_is_open_says_which_answer_settles_it(paper: Any) -> None:
    table = next(table for table in paper.tables if table.rows[0].cells[0].text == "扶持政策")
    (row,) = table.rows[1:]
    programme, amount, lacks, clause = (cell.text for cell in row.cells)
    assert programme == "培训费奖励"
    assert amount == "每年最多 5 万元"
    assert lacks.startswith("• 今年付的协会培训费")
    assert "☐ 培训费发票" in lacks
    assert clause.startswith("三、（十）")


def test_what_does_not_apply_is_one_line_and_what_comes_next_names_the_office(paper: Any) -> None:
    (line,) = [paragraph.text for paragraph in paper.paragraphs if "不符合的" in paragraph.text]
    assert line.startswith("不符合的 9 项：")
    assert "示范性楼宇奖励" in line
    assert "受理单位：市发展改革委（领导小组办公室）" in words(paper)
    assert "不是审批结论" in words(paper)


def test_of_a_near_miss_the_line_says_what_it_lacks(engine: Shelf) -> None:
    said = words(opened(engine, "/start", "1 4", "是", "92万", "省级"))
    assert "代运营企业支持（差在一年的代运营服务费收入）" in said


def test_rows_stay_whole_heads_are_repeated_and_pages_numbered(paper: Any) -> None:
    rows = [row for table in paper.tables for row in table.rows]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    for table in paper.tables:
        headed = table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert headed == (table.rows[0].cells[0].text not in ("企业名称", "各项都要的材料"))
        widths = [round(column.width.cm, 1) for column in table.columns]
        assert sum(widths) == pytest.approx(16, abs=0.1)
    foot = paper.sections[0].footer.paragraphs[0]
    assert "WC-1" in foot.text
    fields = [field.get(qn("w:instr")) for field in foot._p.findall(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_type_is_chinese(paper: Any) -> None:
    for name, font in (("Normal", "宋体"), ("Title", "黑体"), ("Heading 1", "黑体"), ("List Bullet", "宋体")):
        fonts = paper.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    assert round(paper.sections[0].page_width.cm, 1) == 21.0


def test_where_nothing_applies_nothing_is_promised(engine: Shelf) -> None:
    paper = opened(engine, "/start", "以上都没有", "都没有")
    assert "合计预估" not in words(paper)
    assert "一、贵单位的情况" in words(paper)
