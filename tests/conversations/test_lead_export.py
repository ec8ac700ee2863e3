"""The export: what a spreadsheet opens is text, whatever people wrote."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from conversations.office.lead_export import COLUMNS, harmless, table
from conversations.state.leads import Attached, Contact
from conversations.state.shelf import Shelf
from conversations.storage.tables_leads import Lead, LeadClaim

EVIL = '=HYPERLINK("http://evil.example","点我")'


@pytest.fixture
def leads() -> list[Lead]:
    moment = datetime(2026, 11, 24, 2, tzinfo=UTC)
    claims: dict[str, object] = {"claims": [], "total": {"min": 260000, "max": None}}
    return [
        Lead(
            id=1,
            number="WC-20261124-0001",
            enterprise=EVIL,
            code="",
            contact=Contact(contact="@cmd", phone="+85221234567", time="\t明天", remark='-1+1\n第二行,\x07"引号"'),
            attached=Attached.model_validate(
                {"case": {}, "assessment": claims, "open": ["pilots.0.selected", "parks"]}
            ),
            state="new",
            assignee="telegram:9",
            follow_up=date(2026, 12, 1),
            policy="zhengzhou-2013-237",
            version="1",
            notice="1",
            consented=moment,
            crossing_consented=None,
            created=moment,
            touched=moment,
        )
    ]


def kept_claim(programme: str, label: str, office: str) -> LeadClaim:
    return LeadClaim(policy="zhengzhou-2013-237", programme=programme, label=label, office=office)


def read_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def said(cell: object) -> str:
    return f"{cell:%Y-%m-%d %H:%M}".removesuffix(" 00:00") if isinstance(cell, datetime) else str(cell or "")


def read_xlsx(content: bytes) -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    head, *rows = [[said(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize(("kind", "read"), [(".csv", read_csv), (".xlsx", read_xlsx)])
def test_a_table_opens_and_computes_nothing(engine: Shelf, leads: list[Lead], kind: str, read: object) -> None:
    claims = [kept_claim("agency-operations", "", ""), kept_claim("gone", "=没了的支持", "=市局")]
    content = table(engine, leads, {1: claims}, {"telegram:9": "=1+1"}, kind)
    (row,) = read_csv(content) if kind == ".csv" else read_xlsx(content)
    assert tuple(row) == COLUMNS
    assert row["企业名称"] == f"'{EVIL}"
    assert row["联系人"] == "'@cmd"
    assert row["电话"] == "'+852 2123 4567"
    assert row["备注"].replace("\r\n", "\n") == '\'-1+1\n第二行,"引号"'
    assert row["负责人"] == "'=1+1"
    assert (row["状态"], row["登记时间"], row["跟进日期"]) == ("新登记", "2026-11-24 10:00", "2026-12-01")
    assert row["符合或还没定的政策"] == "代运营企业支持、=没了的支持"
    assert (row["文件"], row["受理单位"]) == ("郑政文〔2013〕237号", "'=市局")
    assert (row["预估合计下限（元）"], row["预估合计上限（元）"]) == ("260000", "")
    assert "有没有" in row["还没定的"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠"])
def test_what_begins_like_a_formula_is_made_harmless(sign: str) -> None:
    assert harmless(f"{sign}1").startswith("'")


def test_what_does_not_stays() -> None:
    for text in ("郑州云帆", "138 0013 8000", "", "a=b", "'quoted"):
        assert harmless(text) == text


def test_a_sheet_is_to_be_worked_with(engine: Shelf, leads: list[Lead]) -> None:
    leads[0].code, leads[0].enterprise = "914101000000000018", "郑州云帆电子商务有限公司"
    sheet = openpyxl.load_workbook(io.BytesIO(table(engine, leads, {1: []}, {}, ".xlsx"))).active
    assert sheet is not None
    row = dict(zip(COLUMNS, sheet[2], strict=True))
    assert row["预估合计下限（元）"].value == 260000
    assert row["预估合计下限（元）"].data_type == "n"
    assert row["预估合计上限（元）"].value is None
    assert row["登记时间"].value == datetime(2026, 11, 24, 10)  # noqa: DTZ001 - spreadsheets know no zone
    assert row["跟进日期"].value == datetime(2026, 12, 1)  # noqa: DTZ001
    assert row["跟进日期"].number_format == "yyyy-mm-dd"
    assert (row["统一社会信用代码"].value, row["统一社会信用代码"].number_format) == ("914101000000000018", "@")
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(COLUMNS))}2"
    assert sheet.freeze_panes == "A2"
    columns = {title: get_column_letter(place) for place, title in enumerate(COLUMNS, 1)}
    widths = {title: sheet.column_dimensions[letter].width for title, letter in columns.items()}
    assert widths["企业名称"] >= 24
    assert max(widths.values()) <= 50


@pytest.mark.parametrize("code", ["914101000000000018", "9141010000000E0018"])
def test_a_code_keeps_its_figures_in_a_spreadsheet_that_opens_csv(engine: Shelf, leads: list[Lead], code: str) -> None:
    leads[0].code = code
    (row,) = read_csv(table(engine, leads, {1: []}, {}, ".csv"))
    assert row["统一社会信用代码"] == f"'{code}", "text, as all else that a spreadsheet would take for something else"
    leads[0].code = "91410100MA44B0017R"
    (row,) = read_csv(table(engine, leads, {1: []}, {}, ".csv"))
    assert row["统一社会信用代码"] == "91410100MA44B0017R"
