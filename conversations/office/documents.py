"""The files that go with a reply, made when it is delivered: a pre-assessment for Word, what is kept as JSON.

A document is named by what it is of: ``lead:<number>``, ``consultation:<id>``, ``mydata:<person>``. Only replies of our
own name one, so whoever gets the reply may have the file. Knows no channel.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from pydantic import JsonValue
from sqlalchemy import select

from conversations.saying.report import checklist
from conversations.saying.values import (
    claim_amount,
    claim_label,
    estimate,
    item_label,
    rests_on_approximate,
    total_is_approximate,
    value,
)
from conversations.state.messages import Reply
from conversations.state.session import SAME_PROJECT, Data, Known, derive
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables import Consultation
from conversations.storage.tables_leads import Lead
from rules.assessment import Claim, Status
from rules.case import value_from_json

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

_MARKS = {Status.ELIGIBLE: "符合", Status.UNDETERMINED: "还没定", Status.INELIGIBLE: "不符合"}


class DocumentGoneError(LookupError):
    """What the document was of is not kept any more."""


def maker(shelf: Shelf, store: Store) -> Callable[[Reply], Awaitable[bytes]]:
    """What makes the file of a reply, for the channels. Raises ``DocumentGoneError``."""

    async def make(reply: Reply) -> bytes:
        return await render(reply.document or "", shelf, store)

    return make


async def render(document: str, shelf: Shelf, store: Store) -> bytes:
    """The file named ``document``. Raises ``DocumentGoneError`` where that is not kept any more."""
    kind, _, ident = document.partition(":")
    if kind == "mydata":
        from conversations.office.personal_data import everything

        async with store.reading() as connection:
            return await everything(connection, ident)
    if kind == "lead":
        from conversations.office.leads import find

        async with store.reading() as connection:
            leads = await find(connection, Lead.number == ident)
        if not leads:
            raise DocumentGoneError(document)
        lead = leads[0]
        head = {
            "登记编号": lead.number,
            "登记日期": _day(lead.created),
            "企业名称": lead.enterprise,
            "统一社会信用代码": lead.code or "（没填）",
        }
        return assessment_document(shelf, known_from(shelf, lead.attached.case, lead.attached.approximate), head)
    async with store.reading() as connection:
        session = await connection.scalar(select(Consultation.state).where(Consultation.id == ident))
    if session is None:
        raise DocumentGoneError(document)
    return assessment_document(shelf, derive(session, shelf), {"咨询日期": _day(session.touched)})


def known_from(shelf: Shelf, data: Data, approximate: tuple[str, ...] = ()) -> Known:
    """What a case that was kept comes to under the policy as it stands."""
    case = shelf.rules.parse(data)
    groups = data.get(SAME_PROJECT)
    if isinstance(groups, list):
        case = replace(case, same_project=tuple(tuple(cast("list[str]", group)) for group in groups))
    return Known(data, case, shelf.rules.assess(case), frozenset(), frozenset(approximate))


def assessment_document(shelf: Shelf, known: Known, head: dict[str, str]) -> bytes:
    """The pre-assessment as a Word file: ``head``, facts, programmes, materials to tick off, caveats."""
    from docx import Document
    from docx.shared import Cm

    policy = shelf.policy
    document = Document()
    _set_page(document)
    document.add_heading("扶持政策预评估表", 0)
    document.add_paragraph(f"依据：{policy.issuer}《{policy.title}》（{policy.number}），政策资料版本 {policy.version}")
    for label, text in head.items():
        document.add_paragraph(f"{label}：{text}")

    def table(columns: dict[str, float], rows: list[tuple[str, ...]]) -> None:
        made = document.add_table(rows=1, cols=len(columns), style="Table Grid")
        made.autofit = False
        for cell, text in zip(made.rows[0].cells, columns, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for row in rows:
            for cell, text in zip(made.add_row().cells, row, strict=True):
                cell.text = text
        for row in made.rows:
            for cell, width in zip(row.cells, columns.values(), strict=True):
                cell.width = Cm(width)

    document.add_heading("一、情况（按贵单位的回答）", 1)
    table({"项目": 8, "回答": 8}, facts(shelf, known) or [("—", "没有回答")])
    document.add_heading("二、预评估", 1)
    total = estimate(known.assessment, total_is_approximate(known))
    document.add_paragraph(f"合计预估：{total}")
    claims = sorted(known.assessment.claims, key=lambda claim: list(_MARKS).index(claim.status))
    columns = {"扶持政策": 3.2, "结论": 1.8, "金额": 3.0, "依据": 8.0}
    table(columns, [_programme(shelf, known, claim) for claim in claims])
    document.add_heading("三、要准备的材料（推定的以申报通知为准）", 1)
    wanted = [c for c in claims if c.status is not Status.INELIGIBLE and c.superseded_by is None]
    for evidence, _ in checklist(policy, wanted):
        basis = "文件点名" if evidence.basis == "clause" else "推定"
        document.add_paragraph(f"☐ {evidence.name}（{basis}）" + (f"：{evidence.note}" if evidence.note else ""))
    document.add_heading("四、要留意的", 1)
    concerned = {claim.programme.id for claim in wanted}
    for notice in policy.notices:
        if not notice.programmes or concerned & {*notice.programmes}:
            where = policy.clause(notice.clause).citation
            document.add_paragraph(notice.text + (f"（{where}）" if where else ""), style="List Bullet")
    document.add_paragraph("本表按贵单位自己的回答推算，不是审批结论。", style="List Bullet")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_page(document: Document) -> None:
    """A4, and Chinese type: what the library begins with is American."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    for name, latin, chinese in (
        ("Normal", "Times New Roman", "宋体"),
        ("Title", "Arial", "黑体"),
        ("Heading 1", "Arial", "黑体"),
    ):
        style = cast("ParagraphStyle", document.styles[name])
        style.font.name = latin
        fonts = cast("Any", style.element).get_or_add_rPr().get_or_add_rFonts()
        for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.attrib.pop(qn(f"w:{kind}Theme"), None)  # a theme's font would win
        fonts.set(qn("w:eastAsia"), chinese)
    cast("ParagraphStyle", document.styles["Normal"]).font.size = Pt(11)


def _day(at: datetime) -> str:
    from conversations.state.office_time import OFFICE_TIME

    return f"{at.astimezone(OFFICE_TIME):%Y-%m-%d}"


def facts(shelf: Shelf, known: Known) -> list[tuple[str, str]]:
    """What the case states: what it is about, and the value, in the policy's order."""
    rows: list[tuple[str, str]] = []
    for subject in shelf.policy.subjects:
        items = known.case.items.get(subject.id)
        if items is not None and not items:
            rows.append((subject.label, "没有"))
        for index, item in enumerate(items or ()):
            for fact in shelf.policy.facts:
                if fact.subject != subject.id or fact.name not in item:
                    continue
                path = f"{subject.id}.{index}.{fact.name}" if subject.many else fact.id
                about = f"{item_label(shelf.policy, known.case, subject.id, index)} · " if subject.many else ""
                stated = _stated(known.data, subject.id, index if subject.many else None, fact.name)
                exact = item[fact.name] if stated is None else value_from_json(fact.spec, stated, path)
                shown = value(fact, item[fact.name] if exact is None else exact, path in known.approximate)
                rows.append((f"{about}{fact.label}", shown))
    return rows


def _stated(data: Data, subject: str, index: int | None, name: str) -> JsonValue:
    found = data.get(subject)
    if index is not None:
        found = found[index] if isinstance(found, list) and index < len(found) else None
    return found.get(name) if isinstance(found, dict) else None


def _programme(shelf: Shelf, known: Known, claim: Claim) -> tuple[str, str, str, str]:
    policy = shelf.policy
    label = claim_label(policy, known.case, claim)
    clause = policy.clause(claim.programme.clause)
    amount = claim_amount(claim, rests_on_approximate(claim, known.approximate))
    verdict = _MARKS[claim.status]
    if claim.status is Status.INELIGIBLE:
        failed = next((f for f in claim.reasons if f.satisfied is False), None)
        return label, verdict, "—", f"{clause.citation}" + (f"“{failed.quote}”" if failed else "")
    if claim.superseded_by is not None:
        verdict = f"{verdict}（同一项目，让位）"
    return label, verdict, amount, f"{clause.citation}“{claim.programme.amount.quote}”"
