"""The office's commands: leads and unanswered questions into files, figures, and the deletion of what is kept no longer.

Decides nothing.
"""

import os
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from bot.settings import Settings
from conversations.office import lead_desk, lead_export, leads, statistics, unanswered
from conversations.office.rooms import Office
from conversations.office.statistics import Statistics
from conversations.state import office_time
from conversations.state.leads import LeadFilter
from conversations.state.shelf import Shelf
from conversations.storage.store import Store


async def export_leads(settings: Settings, shelf: Shelf, file: Path, shown: LeadFilter) -> int:
    """Write the leads that ``shown`` leaves into ``file``, readable by its owner only; returns how many."""
    store = await _store(settings)
    try:
        async with store.reading() as connection:
            chosen = lead_desk.conditions(shown, store.vault, "", office_time.today(datetime.now(UTC)))
            found = await leads.find(connection, *chosen)
            claims = await leads.claims(connection, *chosen)
            names = await leads.colleagues(connection)
    finally:
        await store.close()
    unfinished = file.with_name(f"{file.name}.part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(lead_export.table(shelf, found, claims, names, file.suffix.lower()))
    unfinished.replace(file)
    return len(found)


async def count(settings: Settings, shelf: Shelf, since: date | None, until: date | None) -> Statistics:
    """The office's figures from the beginning of the day ``since`` to the end of ``until``."""
    store = await _store(settings)
    try:
        async with store.reading() as connection:
            return await statistics.statistics(connection, shelf, since, until)
    finally:
        await store.close()


async def export_unanswered(settings: Settings, shelf: Shelf) -> str:
    """The questions that found no answer, as YAML to be reviewed."""
    store = await _store(settings)
    try:
        async with store.reading() as connection:
            return await unanswered.export(connection, shelf)
    finally:
        await store.close()


async def purge(settings: Settings, shelf: Shelf, *, really: bool) -> tuple[int, int]:
    """Delete what is kept no longer, or (not ``really``) do so and take it back; returns how many leads and consultations."""
    store = await _store(settings)
    gone = 0, 0
    try:
        with suppress(_TakenBackError):
            async with store.transaction() as work:
                gone = await Office(shelf).purge(work, datetime.now(UTC))
                if not really:
                    raise _TakenBackError
        await store.leave_no_trace()
    finally:
        await store.close()
    return gone


class _TakenBackError(Exception):
    """Ends a transaction that is not to be kept."""


async def _store(settings: Settings) -> Store:
    return await Store.open(settings.database_url, data_key=settings.data_key.get_secret_value())
