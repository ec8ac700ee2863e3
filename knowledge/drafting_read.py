"""The text of a document from its file: TXT in UTF-8, UTF-16 or GB18030, or DOCX with its automatic numbers written out.

Raises ``UnreadableError`` with a sentence for whoever gave the file. Knows no policy.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_WORD = ".docx"
_ELSEWHERE = {
    ".doc": "DOCX",
    ".wps": "DOCX",
    ".pdf": "TXT",
    ".rtf": "TXT",
    ".odt": "TXT",
    ".html": "TXT",
    ".htm": "TXT",
}
_LARGEST = 4_000_000
_STRANGE = 0.02
"""The share of characters that no document has, from which on the encoding was guessed wrongly."""
_DIGITS = "零一二三四五六七八九"
_WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class XmlNode(Protocol):
    """As much of an element as is read here."""

    def get(self, key: str) -> str | None: ...
    def find(self, path: str) -> XmlNode | None: ...
    def iter(self, tag: str) -> Iterator[XmlNode]: ...


class UnreadableError(Exception):
    """A file that is no text; the message says so and what to do."""


def text_of(path: Path) -> str:
    """The text of the document, lines ended by a line feed alone."""
    ending = path.suffix.lower()
    try:
        if not path.is_file():
            raise UnreadableError(f"没有找到 {path}。请看一下文件名和所在的文件夹。")
        if path.stat().st_size > _LARGEST:
            raise UnreadableError(f"{path} 太大了，不像一份政策文件。请只存下正文，再试一次。")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path} 打不开：{error.strerror}。") from None
    if ending in _ELSEWHERE:
        raise UnreadableError(f"{path} 读不了。请用 Word 或 WPS 打开，另存为 {_ELSEWHERE[ending]}，再试一次。")
    text = "\n".join(_word(path)) if ending == _WORD else _plain(raw, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n").removeprefix("\ufeff")
    if not text.strip():
        raise UnreadableError(f"{path} 里没有文字。如果是扫描件，请先识别成文字。")
    return text.rstrip() + "\n"


def _plain(raw: bytes, path: Path) -> str:
    """Bytes as text: by their mark, else UTF-8, else the national standard of Chinese offices."""
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"", "utf-8-sig"),
        (b"", "gb18030"),
    ):
        if not raw.startswith(mark):
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _strange(text) <= _STRANGE:
            return text
    raise UnreadableError(f"{path} 不是文本文件，或者编码认不出来。请用记事本打开，另存为 UTF-8，再试一次。")


def _strange(text: str) -> float:
    """The share of controls and of characters for private use."""
    odd = sum(1 for sign in text if (sign < " " and sign not in "\t\n\r\f\v") or "\ue000" <= sign <= "\uf8ff")
    return odd / max(1, len(text))


def _word(path: Path) -> Iterator[str]:
    """The paragraphs of a Word file, and of its tables a line a row."""
    import docx
    from docx.table import Table

    try:
        document = docx.Document(str(path))
    except Exception as error:  # python-docx lets every kind through that a broken archive can bring
        raise UnreadableError(f"{path} 不是 Word 的 DOCX 文件，或者已经损坏。请另存一份再试。") from error
    numbers = _Numbers(document)
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                merged = {id(cell._tc): cell.text.strip().replace("\n", " ") for cell in row.cells}  # pyright: ignore
                yield "　".join(filter(None, merged.values()))
        else:
            yield numbers.before(part) + part.text


class _Numbers:
    """The numbers that Word writes before paragraphs by itself: they stand nowhere in their text."""

    def __init__(self, document: Document) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        root = _numbering_of(document)
        if root is None:
            return
        abstract = {each.get(_w("abstractNumId")): each for each in root.iter(_w("abstractNum"))}
        for number in root.iter(_w("num")):
            link = number.find(_w("abstractNumId"))
            kind = None if link is None else abstract.get(link.get(_w("val")))
            if kind is not None:
                self._levels[str(number.get(_w("numId")))] = {
                    int(level.get(_w("ilvl")) or 0): (
                        _of(level, "numFmt"),
                        _of(level, "lvlText"),
                        int(_of(level, "start") or 1),
                    )
                    for level in kind.iter(_w("lvl"))
                }

    def before(self, paragraph: Paragraph) -> str:
        """What Word writes before this paragraph; empty for most."""
        found = _numbering(paragraph)
        if found is None or not paragraph.text.strip():
            return ""
        ident, depth = found
        levels = self._levels.get(ident)
        if levels is None or depth not in levels or levels[depth][0] in ("bullet", "none"):
            return ""
        self._counts[ident, depth] = self._counts.get((ident, depth), levels[depth][2] - 1) + 1
        for deeper in [key for key in self._counts if key[0] == ident and key[1] > depth]:
            del self._counts[deeper]
        shown = levels[depth][1]
        for place, (form, _, start) in levels.items():
            shown = shown.replace(f"%{place + 1}", _written(self._counts.get((ident, place), start), form))
        return shown


def _numbering_of(document: Document) -> XmlNode | None:
    """What a document says of its numbering, where it has any."""
    try:
        return document.part.numbering_part.element  # pyright: ignore
    except (KeyError, NotImplementedError, AttributeError):
        return None


def _numbering(paragraph: Paragraph) -> tuple[str, int] | None:
    """The list and the level that a paragraph, or its style, is numbered by."""
    style = paragraph.style
    elements: list[XmlNode | None] = [paragraph._p, None if style is None else style.element]  # pyright: ignore
    for element in elements:
        properties = None if element is None else element.find(f"{_w('pPr')}/{_w('numPr')}")
        if properties is not None:
            ident = _of(properties, "numId")
            return (ident, int(_of(properties, "ilvl") or 0)) if ident not in ("", "0") else None
    return None


def _written(number: int, form: str) -> str:
    """A number as Word writes it in this form."""
    if form.startswith(("chinese", "ideograph", "taiwanese", "japaneseCounting")) and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return ("" if not tens else ("十" if tens == 1 else f"{_DIGITS[tens]}十")) + (
            _DIGITS[ones] if ones or not tens else ""
        )
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    return str(number)


def _of(element: XmlNode, name: str) -> str:
    """The value of a child element; empty where there is none."""
    child = element.find(_w(name))
    return "" if child is None else str(child.get(_w("val")) or "")


def _w(name: str) -> str:
    return f"{_WORD_NAMESPACE}{name}"
