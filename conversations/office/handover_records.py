"""Hand-overs as they are kept: looked up, changed, given out to their person, and deleted.

Works on a transaction that is handed in. Knows neither a channel nor what is said.
"""

from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue
from sqlalchemy import delete, select, update

from conversations.office import handover_topics
from conversations.office.leads import Reader
from conversations.state.messages import Reply
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Outbox, Person
from conversations.storage.tables_handover import Handover

KEPT = timedelta(days=90)
"""How long a hand-over is kept after the last word."""
ABOUT = "handover:"
"""What outbox rows to the staff chat are ``about``; the hand-over's id follows."""


async def purge(work: Work, now: datetime) -> None:
    """Delete hand-overs that ended long ago, with the messages that show them."""
    old = select(Handover.id).where(Handover.closed.is_not(None), Handover.touched < now - KEPT)
    gone = (await work.connection.execute(old)).scalars().all()
    await work.connection.execute(delete(Outbox).where(Outbox.about.in_([f"{ABOUT}{id_}" for id_ in gone])))
    await work.connection.execute(delete(Handover).where(Handover.id.in_(gone)))


async def kept(connection: Reader, person: str) -> list[JsonValue]:
    """When ``person`` was with staff; what was said then is in the message log."""
    times = select(Handover.opened, Handover.answered, Handover.closed).where(Handover.person == person)
    rows = await connection.execute(times.order_by(Handover.id))
    names = ("opened", "answered", "closed")
    return [{name: at and at.isoformat() for name, at in zip(names, row, strict=True)} for row in rows.all()]


async def forget(work: Work, person: str) -> list[Addressed]:
    """What takes the staff chat's messages about ``person`` away; the rows go with all that is kept of the person."""
    ids = (await work.connection.execute(select(Handover.id).where(Handover.person == person))).scalars().all()
    about = Outbox.about.in_([f"{ABOUT}{id_}" for id_ in ids])
    rows = await work.connection.execute(
        select(Outbox.channel, Outbox.chat, Outbox.message).where(about, Outbox.message.is_not(None))
    )
    shown = [Addressed("", channel, chat, None, Reply(text="", edit=m, remove=True)) for channel, chat, m in rows.all()]
    threads = await handover_topics.threads(work, person)
    channels = {draft.chat: draft.channel for draft in shown}
    topics = [
        Addressed("", channels[chat], chat, thread, Reply(text="", remove=True))
        for chat, thread in threads
        if chat in channels
    ]
    await work.connection.execute(delete(Outbox).where(about))
    return shown + topics


async def newest(work: Work, *conditions: Any) -> Handover | None:
    """The newest hand-over that meets ``conditions``."""
    chosen = select(Handover.__table__).where(*conditions).order_by(Handover.id.desc()).limit(1)
    row = (await work.connection.execute(chosen)).first()
    return None if row is None else Handover(**row._mapping)  # pyright: ignore[reportPrivateUsage]


async def change(work: Work, handover: Handover, **values: Any) -> None:
    """Keep these values of ``handover``."""
    await work.connection.execute(update(Handover).where(Handover.id == handover.id).values(values))
    for name, value in values.items():
        setattr(handover, name, value)


async def current(connection: Reader, person: str) -> int | None:
    """The hand-over by which ``person`` is with staff now, None where they are not."""
    return (await connection.execute(select(Person.handover).where(Person.person == person))).scalar()


async def note(work: Work, person: str, handover: int | None) -> None:
    """Note with the person that they are with staff, or no longer."""
    await work.connection.execute(update(Person).where(Person.person == person).values(handover=handover))
