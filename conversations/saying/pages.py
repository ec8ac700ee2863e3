"""Texts cut into pages that every channel can show, at sensible places only. Knows nothing of what they say."""

from collections.abc import Iterable

LONGEST = 3300
"""The most characters of one reply; channels allow a little more (Telegram: 4096 with its own markup)."""


def paged(parts: Iterable[str], between: str = "\n\n") -> list[str]:
    """``parts`` with ``between`` them as texts of at most ``LONGEST`` characters; a longer part breaks at a line."""
    pages: list[str] = []
    for part in parts:
        for piece in _pieces(part):
            if pages and len(pages[-1]) + len(between) + len(piece) <= LONGEST:
                pages[-1] = f"{pages[-1]}{between}{piece}"
            else:
                pages.append(piece)
    return pages


def _pieces(part: str) -> Iterable[str]:
    piece = ""
    for line in part.split("\n"):
        if piece and len(piece) + 1 + len(line) > LONGEST:
            yield piece
            piece = line
        else:
            piece = f"{piece}\n{line}" if piece else line
    yield piece
