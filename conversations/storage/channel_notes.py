"""The notes of channels, read and written; and replies that wait until their person writes again.

Some services let us answer only so often, and only those who have written: what may not be sent yet stays in the outbox
and is free again, for any process, once its person has written. Knows no channel.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.storage.sqlite_writer import InlineConnection
from conversations.storage.store import Work
from conversations.storage.tables import Outbox, Person
from conversations.storage.tables_channels import ChannelNote

OF_THIS_DATABASE = "database:"
"""Begins the keys of notes that no restored backup shall have, since the numbers of its rows are given anew."""
UNTIL_THEY_WRITE = datetime(9999, 1, 1, tzinfo=UTC)
"""As ``retry_at`` of a reply: not before its person has written."""


async def read(connection: AsyncConnection | InlineConnection, channel: str, keys: Collection[str]) -> dict[str, str]:
    """The notes of ``channel`` under these keys; those that are not there are absent."""
    rows = await connection.execute(
        select(ChannelNote.key, ChannelNote.value).where(ChannelNote.channel == channel, ChannelNote.key.in_(keys))
    )
    return {row.key: row.value for row in rows}


async def write(work: Work, channel: str, key: str, value: str, person: str | None = None) -> None:
    """Keep a note; one under the same key gives way."""
    row = {"channel": channel, "key": key, "person": person, "value": value}
    await work.connection.execute(
        work.insert(ChannelNote)
        .values(row)
        .on_conflict_do_update(index_elements=[ChannelNote.channel, ChannelNote.key], set_=row)
    )


async def purge(work: Work) -> None:
    """Delete notes about people of whom nothing else is kept."""
    known = select(Person.person)
    await work.connection.execute(
        delete(ChannelNote).where(ChannelNote.person.is_not(None), ChannelNote.person.not_in(known))
    )


async def wake(work: Work, channel: str, chats: Collection[str], now: datetime) -> set[str]:
    """Free what waits for these people to write, now that they have; returns those of whom there was anything."""
    freed = await work.connection.execute(
        update(Outbox)
        .where(
            Outbox.channel == channel,
            Outbox.chat.in_(chats),
            Outbox.done_at.is_(None),
            Outbox.retry_at == UNTIL_THEY_WRITE,
        )
        .values(worker=None, next_at=now, retry_at=None)
        .returning(Outbox.chat)
    )
    return set(freed.scalars())


async def waiting(work: Work, channel: str, chats: Collection[str]) -> set[str]:
    """Those of ``chats`` to which something is still to be shown."""
    rows = select(Outbox.chat).where(Outbox.channel == channel, Outbox.chat.in_(chats), Outbox.done_at.is_(None))
    return set((await work.connection.execute(rows.distinct())).scalars())


async def bounced(work: Work, channel: str, chat: str, message: str) -> bool:
    """The ``message`` was sent and came back: its replies wait until their person writes; False where there are none."""
    again = await work.connection.execute(
        update(Outbox)
        .where(Outbox.channel == channel, Outbox.chat == chat, Outbox.message == message, Outbox.done_at.is_not(None))
        .values(
            done_at=None,
            message=None,
            next_at=UNTIL_THEY_WRITE,
            retry_at=UNTIL_THEY_WRITE,
            attempts=Outbox.attempts + 1,
        )
    )
    return again.rowcount > 0
