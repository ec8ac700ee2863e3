"""The pre-assessment as a Word file: the case, the programmes, the materials to tick off, what to mind.

Renders from a case and its assessment alone. The library for Word is imported when a file is made: nothing else
needs it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from conversations.saying import office_notes
from conversations.saying.explanation import Explanation, by_verdict, caveats, explain_all, to_apply_for
from conversations.saying.provisions import standing
from conversations.saying.report import checklist
from conversations.saying.totals import estimate
from conversations.saying.values import facts
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from rules.assessment import Status

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

_ANSWERS = {"项目": 8.0, "回答": 8.0}
_PROGRAMMES = {"扶持政策": 3.2, "结论": 1.8, "金额": 3.0, "依据": 8.0}
"""The columns of a table with their widths in centimetres."""


def assessment_file(shelf: Shelf, known: Known, head: Mapping[str, str]) -> bytes:
    """The pre-assessment, a .docx: ``head`` (label → text) above facts, programmes, materials and caveats."""
    from docx import Document

    policy = shelf.policy
    document = Document()
    _set_page(document)
    document.add_heading("扶持政策预评估表", 0)
    for each in policy.documents:
        number = f"（{each.number}）" if each.number else ""
        document.add_paragraph(f"依据：{each.issuer}《{each.title}》{number}，政策资料版本 {each.version}")
    for label, text in head.items():
        document.add_paragraph(f"{label}：{text}")
    document.add_heading(f"一、情况（按{policy.you}的回答）", 1)
    _add_table(document, _ANSWERS, facts(shelf, known) or [("—", "没有回答")])
    document.add_heading("二、预评估", 1)
    over = {each.name: ended for each in policy.documents if (ended := standing(each, known.case.on))}
    for name, ended in over.items():
        document.add_paragraph(f"{f'{name}：' if policy.several else ''}{ended}，现在不能申报")
    if len(over) < len(policy.documents):
        document.add_paragraph(f"合计预估：{estimate(shelf, known)}")
    claims = by_verdict(explain_all(shelf, known))
    _add_table(document, _PROGRAMMES, [_programme(one) for one in claims])
    document.add_heading("三、要准备的材料（推定的以申报通知为准）", 1)
    wanted = to_apply_for(known.assessment.claims)
    for evidence, _ in checklist(policy, wanted):
        basis = "文件点名" if evidence.basis == "clause" else "推定"
        document.add_paragraph(f"☐ {evidence.name}（{basis}）" + (f"：{evidence.note}" if evidence.note else ""))
    document.add_heading("四、要留意的", 1)
    for text in (*caveats(policy, wanted, alone=True), f"本表按{policy.you}自己的回答推算，不是审批结论。"):
        document.add_paragraph(text, style="List Bullet")
    if notes := office_notes.of_claims(shelf, wanted):
        document.add_heading(f"五、{office_notes.HEAD}", 1)
        for line in office_notes.lines(policy, notes):
            document.add_paragraph(line.removeprefix("• "), style="List Bullet")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _programme(one: Explanation) -> tuple[str, str, str, str]:
    if one.status is Status.INELIGIBLE:
        return one.label, one.verdict, "—", one.citation + "".join(f"“{p.finding.quote}”" for p in one.failed[:1])
    why = "只给最高的一项" if one.gives_way is not None and one.gives_way.quote else "同一项目"
    verdict = f"{one.verdict}（{why}，让位）" if one.claim.superseded_by is not None else one.verdict
    if one.over:
        return one.label, f"{verdict}，{one.later}", "—", f"{one.citation}“{one.quote}”"
    more = "".join(f"\n{line}" for line in (one.way, *one.remarks) if line)
    return one.label, verdict, one.amount, f"{one.citation}“{one.quote}”{more}"


def _add_table(document: Document, columns: Mapping[str, float], rows: Sequence[tuple[str, ...]]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for row in table.rows:
        for cell, width in zip(row.cells, columns.values(), strict=True):
            cell.width = Cm(width)


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
