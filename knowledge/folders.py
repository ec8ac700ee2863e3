"""The folders of packs: where those lie that come with the program, which one is meant, and what is said of one that cannot be used.

Reads nothing in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PACKS = Path(__file__).parent / "packs"
DEFAULT = PACKS / "default.txt"
"""Holds the name of the pack that is meant where none is named."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """Something wrong in a pack: the file's path, the line (from 1; 0 = the whole file), and what to do about it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class PackError(Exception):
    """A pack that cannot be used; ``mistakes`` are all of them, in the order of files and lines."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def shipped() -> list[Path]:
    """The folders of the packs under ``knowledge/packs``, by name."""
    return sorted(path for path in PACKS.iterdir() if path.is_dir() and path.name[0] not in "._")


def folder_of(pack: str | Path | None) -> Path:
    """The folder that ``load`` reads ``pack`` from. Raises ``PackError`` where there is none."""
    if pack is None:
        return PACKS / DEFAULT.read_text("utf-8").strip()
    names = [folder.name for folder in shipped()]
    if str(pack) in names:
        return PACKS / pack
    if Path(pack).is_dir():
        return Path(pack).resolve()
    raise PackError([Mistake(str(pack), 0, f"there is no such pack or folder; packs here: {', '.join(names)}")])
