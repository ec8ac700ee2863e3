"""Leads as a table for the office's own tools: CSV for any spreadsheet, or XLSX with figures and dates to work with.

What people wrote goes in as text that no spreadsheet takes for a formula. Knows no database.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from conversations.office.lead_cards import claim_label, open_points, policy_name
from conversations.office.lead_entry import EVERY_CONSENT
from conversations.saying.registration import STATES
from conversations.saying.report import kept_total
from conversations.state.lead_fields import phone
from conversations.state.leads import Consent
from conversations.state.office_time import OFFICE_TIME
from conversations.state.shelf import Shelf
from conversations.storage.tables_leads import Lead, LeadClaim
from knowledge.patterns import regex
from rules.terms import plain

KINDS = (".csv", ".xlsx")
COLUMNS = (
    *("编号", "状态", "登记时间", "企业名称", "统一社会信用代码", "联系人", "电话", "方便联系的时间", "备注"),
    *("符合或还没定的政策", "预估合计下限（元）", "预估合计上限（元）", "还没定的", "负责人", "跟进日期"),
    *("文件", "受理单位", "政策版本", "告知版本", "同意时间", "同意方式", "出境同意时间", "最后更新"),
)
_FORMULA = regex(r"^\s*[=+\-@＝＋－＠\t\r\n]")
_LOST = regex(r"^(?:\d{12,}|\d+[eE]\d+)$")
"""What a spreadsheet that opens CSV takes for a number, and so loses figures of: a credit code of digits alone."""
_WIDEST, _NARROWEST = 48, 10
"""Of a column, in characters."""
_FORMATS: Mapping[type, str] = {Decimal: "#,##0.##", datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", str: "@"}
Cell: TypeAlias = str | Decimal | date | datetime | None
_CONTROL = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def table(
    shelf: Shelf,
    leads: Sequence[Lead],
    claims: Mapping[int, Sequence[LeadClaim]],
    names: Mapping[str, str],
    kind: str,
) -> bytes:
    """``leads`` as a file of ``kind`` (one of ``KINDS``), with the ``claims`` of each by its id.

    ``names`` are what colleagues are called by their keys.
    """
    rows = [tuple(map(_safe, _row(shelf, lead, claims[lead.id], names))) for lead in leads]
    return _csv(rows) if kind == ".csv" else _xlsx(rows)


def harmless(text: str) -> str:
    """``text`` so that a spreadsheet shows it and computes nothing (a leading ' where it begins like a formula)."""
    text = _CONTROL.sub("", text)
    return f"'{text}" if _FORMULA.match(text) else text


def _safe(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell


def _row(shelf: Shelf, lead: Lead, claims: Sequence[LeadClaim], names: Mapping[str, str]) -> Iterator[Cell]:
    total = kept_total(lead.attached.assessment)
    contact = lead.contact
    yield from (lead.number, STATES[lead.state], _here(lead.created))
    yield from (lead.enterprise, lead.code, contact.contact, phone(contact.phone) if contact.phone else "")
    yield from (contact.time, contact.remark)
    yield "、".join(dict.fromkeys(claim_label(shelf, claim) for claim in claims))
    yield from (total.min, total.max)
    yield "、".join(open_points(shelf, lead))
    yield from (names.get(lead.assignee or "", ""), lead.follow_up)
    policies = dict.fromkeys(claim.policy for claim in claims)
    yield "、".join(policy_name(shelf, policy) for policy in policies or (lead.policy,))
    yield "、".join(filter(None, dict.fromkeys(claim.office for claim in claims)))
    yield from (lead.version, lead.notice)
    yield None if lead.consent == Consent.NONE else _here(lead.consented)
    yield EVERY_CONSENT[Consent(lead.consent)] if lead.consent else "本人确认"
    for moment in (lead.crossing_consented, lead.touched):
        yield _here(moment) if moment else None


def _here(moment: datetime) -> datetime:
    """``moment`` by the office's clock, without a zone: spreadsheets know none."""
    return moment.astimezone(OFFICE_TIME).replace(second=0, microsecond=0, tzinfo=None)


def _said(cell: Cell) -> str:
    """``cell`` as CSV has it."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case Decimal():
            return plain(cell)
        case str() if _LOST.match(cell):
            return f"'{cell}"
        case _:
            return str(cell)


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([COLUMNS, *([_said(cell) for cell in row] for row in rows)])
    return written.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def _xlsx(rows: Sequence[Sequence[Cell]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("登记")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    for place, title in enumerate(COLUMNS):
        widest = max(map(_width, (title, *(row[place] for row in rows))))
        sheet.column_dimensions[get_column_letter(place + 1)].width = max(_NARROWEST, min(widest + 2, _WIDEST))

    def styled(cell: Cell) -> object:
        value: Any = cell
        made: Any = WriteOnlyCell(sheet, value)
        made.number_format = _FORMATS.get(type(cell), "General")
        return made

    head = [WriteOnlyCell(sheet, title) for title in COLUMNS]
    for each in head:
        each.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([styled(cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _width(cell: Cell) -> int:
    """How many characters wide ``cell`` is, a Chinese one counted as two."""
    return max((sum(1 + (sign > "ÿ") for sign in line) for line in _said(cell).splitlines()), default=0)
