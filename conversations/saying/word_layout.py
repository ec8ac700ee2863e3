"""How a paper for Word is laid out: A4 with Chinese type, tables whose rows stay whole, page numbers at the foot.

Knows nothing of what is written. The library for Word is imported when a paper is made: nothing else needs it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.table import _Cell, _Row  # pyright: ignore[reportPrivateUsage]
    from docx.text.paragraph import Paragraph

_SHADE = "EDF1F6"
"""The colour behind what heads a table."""
_STYLES = (
    ("Normal", "Times New Roman", "宋体", 10.5),
    ("Title", "Arial", "黑体", 20),
    ("Heading 1", "Arial", "黑体", 13),
    ("List Bullet", "Times New Roman", "宋体", 10.5),
    ("List Number", "Times New Roman", "宋体", 10.5),
)
_INK = (0x1C, 0x27, 0x33)


class WordPaper:
    """A paper in the making; ``foot`` stands at the foot of each page, before its number."""

    def __init__(self, title: str, foot: str) -> None:
        from docx import Document
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        self._document = Document()
        self._set_page()
        heading = self._document.add_heading(title, 0)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._number_pages(foot)

    def heading(self, text: str) -> None:
        """A heading, which never stands alone at the end of a page."""
        self._document.add_heading(text, 1)

    def text(self, text: str, *, bold: bool = False, size: float | None = None) -> None:
        """A paragraph."""
        from docx.shared import Pt

        run = self._document.add_paragraph().add_run(text)
        run.bold = bold
        if size is not None:
            run.font.size = Pt(size)

    def points(self, texts: Sequence[str], *, numbered: bool = False) -> None:
        """A list."""
        for text in texts:
            self._document.add_paragraph(text, style="List Number" if numbered else "List Bullet")

    def table(self, columns: Mapping[str, float], rows: Sequence[Sequence[str]]) -> None:
        """A table with a heading that every page repeats; ``columns`` are its heads with their widths in centimetres."""
        table = self._new_table(len(columns))
        self._head(table.rows[0], list(columns))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                _write(cell, text)
        self._finish(table, list(columns.values()), together=False)

    def sheet(self, head: str, rows: Sequence[tuple[str, str]]) -> None:
        """A table under one ``head``, of what each line is and what it says; it stays on one page where it fits one."""
        table = self._new_table(2)
        if head:
            table.rows[0].cells[0].merge(table.rows[0].cells[1])
            self._head(table.rows[0], [head])
        for place, (label, text) in enumerate(rows):
            row = table.rows[0] if not head and not place else table.add_row()
            _write(row.cells[0], label, bold=True)
            _write(row.cells[1], text)
        self._finish(table, [2.6, 13.4], together=True)

    def saved(self) -> bytes:
        """The paper as a .docx."""
        written = io.BytesIO()
        self._document.save(written)
        return written.getvalue()

    def _new_table(self, columns: int) -> Any:
        table = self._document.add_table(rows=1, cols=columns, style="Table Grid")
        table.autofit = False
        return table

    def _head(self, row: _Row, texts: Sequence[str]) -> None:
        for cell, text in zip(row.cells, texts, strict=False):  # merged ones are one, told of each of their places
            _write(cell, text, bold=True)
            shade = _element("shd")
            shade.set(_name("val"), "clear")
            shade.set(_name("fill"), _SHADE)
            _untyped(cell)._tc.get_or_add_tcPr().append(shade)
        _untyped(row)._tr.get_or_add_trPr().append(_element("tblHeader"))

    def _finish(self, table: Any, widths: Sequence[float], *, together: bool) -> None:
        from docx.shared import Cm, Pt

        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for place, row in enumerate(table.rows):
            row._tr.get_or_add_trPr().insert(0, _element("cantSplit"))
            last = place == len(table.rows) - 1
            for cell, width in zip(row.cells, widths, strict=True):
                whole = cell is row.cells[-1] and row.cells[0] is row.cells[-1]
                cell.width = Cm(sum(widths) if whole else width)
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = not last and (together or not place)
        space = self._document.add_paragraph()
        space.paragraph_format.space_after = Pt(2)
        space.paragraph_format.line_spacing = Pt(6)

    def _set_page(self) -> None:
        """A4, and Chinese type: what the library begins with is American."""
        from docx.shared import Cm, Pt, RGBColor

        page = self._document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2.5)
        page.top_margin = page.bottom_margin = Cm(2.2)
        for name, latin, chinese, size in _STYLES:
            style = _untyped(self._document.styles[name])
            style.font.name, style.font.size, style.font.color.rgb = latin, Pt(size), RGBColor(*_INK)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
                fonts.attrib.pop(_name(f"{kind}Theme"), None)  # a theme's font would win
            fonts.set(_name("eastAsia"), chinese)
            style.paragraph_format.space_after = Pt(4)
            lines = style.element.get_or_add_pPr()
            for border in lines.findall(_name("pBdr")):
                lines.remove(border)

    def _number_pages(self, foot: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        line: Paragraph = self._document.sections[0].footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(f"{foot}　第 ")
        _add_field(line, "PAGE")
        line.add_run(" 页，共 ")
        _add_field(line, "NUMPAGES")
        line.add_run(" 页")


def _add_field(paragraph: Paragraph, code: str) -> None:
    """A field that Word fills in, such as the number of the page."""
    field = _element("fldSimple")
    field.set(_name("instr"), code)
    _untyped(paragraph)._p.append(field)


def _write(cell: _Cell, text: str, *, bold: bool = False) -> None:
    """``text`` in a cell, a line a paragraph."""
    from docx.shared import Pt

    first, *others = text.split("\n")
    cell.paragraphs[0].add_run(first).bold = bold
    for line in others:
        cell.add_paragraph(line)
    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)


def _element(tag: str) -> Any:
    from docx import oxml

    return _untyped(oxml).OxmlElement(f"w:{tag}")


def _untyped(part: Any) -> Any:
    """``part``, of whose insides the library does not say what they are."""
    return part


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{tag}")
