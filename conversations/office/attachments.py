"""What may be attached to a lead: which kinds of files, how large, and under what name each is kept.

A file is what its first bytes say, not what it is called; what can run or be shown as a page of ours is refused. Pure.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

LARGEST = 5_000_000
"""Bytes of one file: a page photographed with a phone, a dozen pages scanned."""
KINDS = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".ofd")
"""How a file's name may end."""
_LONGEST_NAME = 80
_MOST_PARTS = 2000
_BEGINS = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
}
_HOLDS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
"""What a zipped kind has in it that no other has."""
_MACRO = "vbaproject.bin"


class AttachmentError(ValueError):
    """A file is not taken; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that may be kept: its ``name`` without a folder or what cannot be printed, and its ``content``."""

    name: str
    content: bytes


def read(name: str, content: bytes) -> Attachment:
    """The file called ``name`` by whoever sends it. Raises ``AttachmentError``."""
    bare = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable()).strip()
    kind = PurePath(bare).suffix.lower()
    if kind not in KINDS:
        raise AttachmentError("只收 PDF、照片（JPG、PNG）、Word（DOCX）、Excel（XLSX）和 OFD，别的请先另存为其中一种。")
    if not content:
        raise AttachmentError("这个文件是空的，没有存。")
    if len(content) > LARGEST:
        raise AttachmentError(too_large())
    if not _is(kind, content):
        raise AttachmentError(f"“{bare}”里面不是 {kind[1:].upper()} 文件，或者已经坏了，没有存。")
    stem = PurePath(bare).stem[: _LONGEST_NAME - len(kind)]
    return Attachment(f"{stem}{kind}", content)


def too_large() -> str:
    """What is said of a file that is too large."""
    return f"一个文件最大 {LARGEST // 1_000_000} MB，请压缩或者拆开再传。"


def _is(kind: str, content: bytes) -> bool:
    if kind in _BEGINS:
        return content.startswith(_BEGINS[kind])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    macro = any(name.lower().endswith(_MACRO) for name in names)
    return _HOLDS[kind] in names and len(names) <= _MOST_PARTS and not macro
