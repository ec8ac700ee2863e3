"""Keeping what the office says beside the documents: one row a note, the author and the day those of its last change.

Of the work of one transaction. Knows no page and no wording.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from conversations.office.leads import Reader
from conversations.state.office_notes import NoteKind, OfficeNote
from conversations.state.office_time import today
from conversations.storage.store import Work
from conversations.storage.tables_office import OfficeText

LONGEST = 1500
"""The most characters of a text."""


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note as somebody writes it."""

    kind: NoteKind
    text: str
    about: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


async def every(connection: Reader) -> list[OfficeNote]:
    """All notes, those that hold no more and those to come as well, by their kind."""
    table = OfficeText
    columns = (table.id, table.kind, table.text, table.about, table.since, table.until, table.author, table.at)
    rows = (await connection.execute(select(*columns).order_by(table.id))).all()
    kinds = list(NoteKind)
    notes = [
        OfficeNote(
            row.id, NoteKind(row.kind), row.text, tuple(row.about), row.since, row.until, row.author, today(row.at)
        )
        for row in rows
        if row.kind in kinds  # one that a later release has written
    ]
    return sorted(notes, key=lambda note: kinds.index(note.kind))


async def in_force(connection: Reader, now: datetime) -> tuple[OfficeNote, ...]:
    """Those that hold today."""
    return tuple(note for note in await every(connection) if note.holds(today(now)))


async def keep(work: Work, id: int | None, written: NoteText, author: str, now: datetime) -> None:
    """Write a new note, or one in the place of ``id``."""
    values = {
        "kind": written.kind.value,
        "text": written.text,
        "about": list(written.about),
        "since": written.since,
        "until": written.until,
        "author": author,
        "at": now,
    }
    if id is None:
        await work.connection.execute(insert(OfficeText).values(values))
    else:
        await work.connection.execute(update(OfficeText).where(OfficeText.id == id).values(values))


async def remove(work: Work, id: int) -> None:
    """Delete a note."""
    await work.connection.execute(delete(OfficeText).where(OfficeText.id == id))
