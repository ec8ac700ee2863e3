"""Setting aside: what cannot be read or dealt with is kept as it lies, out of everybody's way, until somebody sees to it.

Of the work of one transaction, but for ``sweep``. Knows no wording and no channel.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from conversations.state.messages import Inbound
from conversations.state.session import Session
from conversations.storage.faults import told
from conversations.storage.standings import read_session
from conversations.storage.statements import RAW_STATE
from conversations.storage.store import Change, Store, Work
from conversations.storage.tables import Consultation
from conversations.storage.tables_aside import AsideKind, SetAside
from conversations.storage.vault import Vault

KEPT = timedelta(days=90)
"""How long something stays aside; a consultation that nobody goes on with is kept as long."""
_CHUNK = 200


async def put(work: Work, kind: AsideKind, whose: tuple[str, str], reason: str, content: str, now: datetime) -> None:
    """Keep ``content``, which is sealed already, as (channel, person)'s."""
    channel, person = whose
    row = {"kind": kind, "channel": channel, "person": person, "reason": reason, "content": content, "at": now}
    await work.connection.execute(insert(SetAside), row)


async def put_consultation(work: Work, id: str, reason: str, now: datetime) -> None:
    """Take a consultation that cannot be read out of the table in which everybody looks for theirs."""
    columns = (Consultation.person, Consultation.channel, Consultation.begun)
    row = (await work.connection.execute(select(*columns, RAW_STATE).where(Consultation.id == id))).one_or_none()
    if row is None:
        return
    person, channel, begun, state = row
    content = json.dumps({"id": id, "begun": begun.isoformat(), "state": state})
    await put(work, AsideKind.CONSULTATION, (channel, person), reason, content, now)
    await work.connection.execute(delete(Consultation).where(Consultation.id == id))


async def put_message(work: Work, inbound: Inbound, reason: str, now: datetime) -> None:
    """Keep a message; what no database takes for text is written so that it does."""
    content = work.vault.seal(json.dumps(inbound.model_dump(mode="python"), default=str))
    await put(work, AsideKind.MESSAGE, (inbound.channel, inbound.person), reason, content, now)


async def message(work: Work, id: int) -> Inbound | None:
    """The message that was set aside as ``id``; None where it is not there any more, or none."""
    content = await _content(work, id, AsideKind.MESSAGE)
    return None if content is None else Inbound.model_validate_json(work.vault.open(content))


async def restore_consultation(work: Work, id: int, now: datetime) -> bool:
    """Give a consultation back, if it can be read by now: as the one that its person is in, where they are in no other."""
    content = await _content(work, id, AsideKind.CONSULTATION)
    if content is None:
        return False
    session = read_session(json.loads(content)["state"], work.vault)
    if not isinstance(session, Session):
        return False
    await work.lock([session.person])
    standing = (await work.load([session.person])).get(session.person)
    channel = await work.connection.scalar(select(SetAside.channel).where(SetAside.id == id))
    active = standing is not None and standing.session is None
    await work.keep([Change(session, str(channel), active=active)], now)
    await remove(work, id)
    return True


async def remove(work: Work, id: int) -> None:
    """Delete what was set aside as ``id``."""
    await work.connection.execute(delete(SetAside).where(SetAside.id == id))


async def purge(work: Work, now: datetime) -> None:
    """Delete what has lain aside for too long."""
    await work.connection.execute(delete(SetAside).where(SetAside.at < now - KEPT))


async def sweep(store: Store, now: datetime) -> int:
    """Set aside each consultation that cannot be read, before anybody who reads many of them stumbles; returns how many."""
    last, found = "", 0
    while True:
        page = select(Consultation.id, RAW_STATE).where(Consultation.id > last).order_by(Consultation.id).limit(_CHUNK)
        async with store.reading() as connection:
            rows = [(id, state) for id, state in await connection.execute(page)]
        if not rows:
            return found
        last = rows[-1][0]
        for id, reason in await asyncio.to_thread(_unreadable, rows, store.vault):
            async with store.transaction() as work:
                await put_consultation(work, id, reason, now)
            found += 1


def _unreadable(rows: Sequence[tuple[str, str]], vault: Vault) -> list[tuple[str, str]]:
    """The ids of those that cannot be read, and why."""
    read = ((id, read_session(state, vault)) for id, state in rows)
    return [(id, told(session)) for id, session in read if isinstance(session, Exception)]


async def _content(work: Work, id: int, kind: AsideKind) -> str | None:
    return await work.connection.scalar(select(SetAside.content).where(SetAside.id == id, SetAside.kind == kind))
