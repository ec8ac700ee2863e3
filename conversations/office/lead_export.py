"""Leads as a table for the office's own tools: CSV for any spreadsheet, or XLSX.

What people wrote goes in as text that no spreadsheet takes for a formula. Knows no database.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from conversations.office.lead_cards import claim_label, open_points, policy_name
from conversations.saying.registration import STATES
from conversations.saying.report import kept_total
from conversations.state.lead_fields import phone
from conversations.state.office_time import shown
from conversations.state.shelf import Shelf
from conversations.storage.tables_leads import Lead, LeadClaim
from knowledge.patterns import regex
from rules.terms import plain

KINDS = (".csv", ".xlsx")
COLUMNS = (
    *("编号", "状态", "登记时间", "企业名称", "统一社会信用代码", "联系人", "电话", "方便联系的时间", "备注"),
    *("符合或还没定的政策", "预估合计下限（元）", "预估合计上限（元）", "还没定的", "负责人", "跟进日期"),
    *("文件", "受理单位", "政策版本", "告知版本", "同意时间", "出境同意时间", "最后更新"),
)
_FORMULA = regex(r"^\s*[=+\-@＝＋－＠\t\r\n]")
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
    rows = [COLUMNS, *(tuple(map(harmless, _row(shelf, lead, claims[lead.id], names))) for lead in leads)]
    return _csv(rows) if kind == ".csv" else _xlsx(rows)


def harmless(text: str) -> str:
    """``text`` so that a spreadsheet shows it and computes nothing (a leading ' where it begins like a formula)."""
    text = _CONTROL.sub("", text)
    return f"'{text}" if _FORMULA.match(text) else text


def _row(shelf: Shelf, lead: Lead, claims: Sequence[LeadClaim], names: Mapping[str, str]) -> Iterator[str]:
    total = kept_total(lead.attached.assessment)
    contact = lead.contact
    yield from (lead.number, STATES[lead.state], f"{shown(lead.created)}")
    yield from (lead.enterprise, lead.code, contact.contact, phone(contact.phone) if contact.phone else "")
    yield from (contact.time, contact.remark)
    yield "、".join(dict.fromkeys(claim_label(shelf, claim) for claim in claims))
    yield from ("" if end is None else plain(end) for end in (total.min, total.max))
    yield "、".join(open_points(shelf, lead))
    yield from (names.get(lead.assignee or "", ""), lead.follow_up.isoformat() if lead.follow_up else "")
    policies = dict.fromkeys(claim.policy for claim in claims)
    yield "、".join(policy_name(shelf, policy) for policy in policies or (lead.policy,))
    yield "、".join(filter(None, dict.fromkeys(claim.office for claim in claims)))
    yield from (lead.version, lead.notice)
    for moment in (lead.consented, lead.crossing_consented, lead.touched):
        yield shown(moment) if moment else ""


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("登记")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
