"""A CSV file row by row, where a database that reads it quickly has passed some over: each row with its line, and what is wrong.

DuckDB leaves out rows that have more or fewer cells than the heading, and lines that are empty, without a word.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

LINE, TROUBLE = "the line", "the trouble"
"""The columns of a numbered copy beside its own."""


_DELIMITERS = (",", "\t", ";", "|")


class _NumberedRow(NamedTuple):
    line: int
    cells: Sequence[str]
    trouble: str


def lines_of(file: Path) -> int:
    """How many lines a file has, the last one whether it is ended or not."""
    found, last = 0, b"\n"
    with file.open("rb") as opened:
        for part in iter(lambda: opened.read(1 << 20), b""):
            found += part.count(b"\n")
            last = part[-1:]
    return found + (last != b"\n")


def delimiter_of(file: Path) -> str:
    """What stands between the cells of a CSV file (UTF-8): of the usual signs the one that its heading has most of."""
    with file.open(encoding="utf-8-sig") as opened:
        heading = opened.readline(1 << 20)
    return max(_DELIMITERS, key=heading.count)


def numbered(file: Path, copy: Path) -> Path:
    """Writes the ``file`` (UTF-8) as a ``copy`` in which every row has as many cells as the heading, its line and what is wrong.

    A line is counted as a spreadsheet counts its rows: cells that hold several lines are one.
    """
    csv.field_size_limit(1 << 24)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        write_numbered(csv.reader(opened, delimiter=delimiter_of(file)), copy)
    return copy


def write_numbered(rows: Iterator[list[str]], copy: Path) -> None:
    """Writes ``rows``, the heading first, as ``numbered`` does; a row without cells is passed over, and counted."""
    with copy.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written)
        heading = next(rows, list[str]())
        writer.writerow([*heading, LINE, TROUBLE])
        writer.writerows([*row.cells, str(row.line), row.trouble] for row in _rows(rows, len(heading)))


def _rows(rows: Iterator[list[str]], wide: int) -> Iterator[_NumberedRow]:
    for line, row in enumerate(rows, start=2):
        if not row:
            continue
        more = [cell for cell in row[wide:] if cell.strip()]
        fits = len(row) >= wide and not more
        trouble = "" if fits else f"这一行有 {len(row)} 格，表头有 {wide} 格"
        yield _NumberedRow(line, [*row[:wide], *[""] * (wide - len(row))], trouble)
