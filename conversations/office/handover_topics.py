"""Where a person's hand-overs are in the staff chat: the topic of their own, or the replies to one message.

And where a chat is that has been given another id. Keeps only; opening a topic is the channel's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.storage.sqlite_writer import InlineConnection
from conversations.storage.store import Work
from conversations.storage.tables import Outbox
from conversations.storage.tables_handover import HandoverPlace, MovedChat

Connection = AsyncConnection | InlineConnection


@dataclass(frozen=True, slots=True)
class Place:
    """A topic (``thread``), or the message ``root`` that is replied to."""

    thread: str | None = None
    root: str | None = None


async def find(connection: Connection, chat: str, person: str) -> Place | None:
    """Where ``person``'s hand-overs are in ``chat``; None where that is still to be found."""
    kept = select(HandoverPlace.thread, HandoverPlace.root)
    rows = await connection.execute(kept.where(HandoverPlace.chat == chat, HandoverPlace.person == person))
    row = rows.first()
    return None if row is None else Place(row[0], row[1])


async def keep(work: Work, chat: str, person: str, place: Place) -> bool:
    """Remember the place; returns whether there was another topic before."""
    before = await find(work.connection, chat, person)
    row = {"chat": chat, "person": person, "thread": place.thread, "root": place.root}
    await work.connection.execute(
        work.insert(HandoverPlace)
        .values(row)
        .on_conflict_do_update(index_elements=[HandoverPlace.chat, HandoverPlace.person], set_=row)
    )
    return before is not None and before.thread is not None and before.thread != place.thread


async def renew(work: Work, chat: str, person: str) -> None:
    """A new hand-over begins: it stays in the person's topic; without one it begins a thread of replies anew."""
    table = HandoverPlace
    await work.connection.execute(
        delete(table).where(table.chat == chat, table.person == person, table.thread.is_(None))
    )


async def whose(work: Work, chat: str, thread: str) -> str | None:
    """The person whose topic it is."""
    person = select(HandoverPlace.person).where(HandoverPlace.chat == chat, HandoverPlace.thread == thread)
    return (await work.connection.execute(person)).scalar()


async def threads(work: Work, person: str) -> Sequence[tuple[str, str]]:
    """The (chat, topic) that are ``person``'s."""
    table = HandoverPlace
    rows = await work.connection.execute(
        select(table.chat, table.thread).where(table.person == person, table.thread.is_not(None))
    )
    return [(chat, thread) for chat, thread in rows if thread is not None]


async def move(work: Work, old: str, new: str) -> None:
    """Note that the chat ``old`` is ``new``, where it has other messages and no topics yet; what waits goes there."""
    await work.connection.execute(work.insert(MovedChat).values(old=old, new=new).on_conflict_do_nothing())
    await work.connection.execute(update(MovedChat).where(MovedChat.new == old).values(new=new))
    await work.connection.execute(delete(HandoverPlace).where(HandoverPlace.chat == old))
    await work.connection.execute(update(Outbox).where(Outbox.chat == old, Outbox.done_at.is_(None)).values(chat=new))


async def moved_to(connection: Connection, chat: str) -> str:
    """The id that ``chat`` has now."""
    new = (await connection.execute(select(MovedChat.new).where(MovedChat.old == chat))).scalar()
    return chat if new is None else new
