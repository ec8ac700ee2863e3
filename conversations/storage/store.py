"""The database behind the consultations: one ``Store`` with its transactions, each a ``Work`` of few, wide statements.

Every statement takes many rows, so that a batch of messages costs as many round trips as one message. Core statements
built once, no ORM. Knows what is kept, not what is said nor through which channel.
"""

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, delete, insert, not_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import aliased

from conversations.state.messages import Inbound, Reply
from conversations.state.session import Session
from conversations.storage import migrations, statements
from conversations.storage.clearing import Clearing
from conversations.storage.engine import open_engine
from conversations.storage.faults import told
from conversations.storage.sqlite_writer import InlineConnection, SqliteWriter
from conversations.storage.standings import SealedSessions, Standing, standings
from conversations.storage.tables import KeyCheck, Outbox, Seen, Table, bind_vault
from conversations.storage.tables_aside import AsideKind, SetAside
from conversations.storage.tables_web import RateCount
from conversations.storage.vault import MEMORY, Vault, VaultError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

LEASE = timedelta(seconds=15)
"""How long a reply is left to the process that made it; then another may deliver it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way: ``id`` is its place in the outbox, ``person`` whom it is for, ``thread`` a forum topic.

    One that has arrived with the transaction (its channel shows the log) has no place there, and the ``id`` 0.
    ``retry_at`` is the time before which the channel shall not be asked again.
    """

    id: int
    person: str
    channel: str
    chat: str
    thread: str | None
    reply: Reply
    attempts: int = 0
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Addressed:
    """A reply before it has a place in the outbox."""

    person: str
    channel: str
    chat: str
    thread: str | None
    reply: Reply
    about: str | None = None
    """What the message shows ("lead:7"); a message with no ``person`` leaves no row once it is delivered."""

    @classmethod
    def to(cls, inbound: Inbound, reply: Reply, about: str | None = None) -> "Addressed":
        """``reply`` to the place where ``inbound`` came from."""
        return cls(inbound.person, inbound.channel, inbound.chat, inbound.thread, reply, about)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a reply: delivered as ``message``, to be tried again at ``retry_at``, or (neither) given up."""

    id: int
    message: str | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A consultation to be kept; ``active``: the person's next message belongs to it."""

    session: Session
    channel: str
    active: bool


class Line(NamedTuple):
    """A line for the message log; ``shown`` is what a reply shows beside its text."""

    person: str
    incoming: bool
    kind: str
    text: str
    shown: Reply | None = None


class Lying(NamedTuple):
    """A reply in the outbox as it lies."""

    id: int
    person: str
    channel: str
    chat: str
    thread: str | None
    reply: str
    attempts: int
    retry_at: datetime | None


class Work:
    """One write transaction. Nothing of it is kept unless all of it is."""

    def __init__(
        self, connection: AsyncConnection | InlineConnection, worker: str, vault: Vault, sessions: SealedSessions
    ) -> None:
        self.connection = self._connection = connection
        self.vault = vault
        self.sessions = sessions
        self._worker = worker
        self._dialect = connection.dialect.name
        self._postgres = self._dialect == "postgresql"

    def insert(self, table: type[Table]) -> "sqlite.Insert | postgresql.Insert":
        """An insert into ``table`` in this database's own dialect, which can say what to do with a row that is there."""
        return statements.insert_into(self._dialect, table)

    async def admit(self, inbounds: Sequence[Inbound], now: datetime) -> set[tuple[str, str]]:
        """Take in updates, the people's rows locked until the end; returns (channel, id) of those not seen before."""
        if self._postgres:
            await self._connection.execute(
                statements.LOCK, {"people": sorted({inbound.person for inbound in inbounds})}
            )
        kept = {(i.channel, self._ids(i)): i for i in inbounds}
        before = [id_ for _, ids in kept for id_ in ids[1:]]
        rows = await self._connection.execute(select(Seen.id).where(Seen.id.in_(before))) if before else ()
        known = {id_ for (id_,) in rows}
        told = {(channel, ids[0]): i for (channel, ids), i in kept.items() if known.isdisjoint(ids)}
        if not told:
            return set()
        new = [
            {"channel": channel, "id": id_, "at": now, "person": i.person if i.theirs else None}
            for (channel, id_), i in sorted(told.items(), key=lambda one: one[0])
        ]
        if self._postgres:
            columns = {f"{name}s": [row[name] for row in new] for name in ("channel", "id", "person")}
            rows = await self._connection.execute(statements.ADMIT, {**columns, "at": now})
        else:
            rows = await self._connection.execute(statements.admit(self._dialect), new)
        return {(channel, told[channel, id_].id) for channel, id_ in rows}

    def _ids(self, inbound: Inbound) -> tuple[str, ...]:
        """How the id of ``inbound`` lies: under the key in use, then as it may lie from the time of earlier keys."""
        return tuple(self.vault.digests(f"{inbound.channel}:{inbound.id}")) if inbound.theirs else (inbound.id,)

    async def unadmit(self, inbound: Inbound) -> None:
        """Let an update come again."""
        await self._connection.execute(
            delete(Seen).where(Seen.channel == inbound.channel, Seen.id.in_(self._ids(inbound)))
        )

    async def load(self, people: Collection[str]) -> dict[str, Standing]:
        """Where these people stand; who is not known yet is absent."""
        return await standings(self._connection, self.sessions, people)

    async def lock(self, people: Collection[str]) -> None:
        """Let nobody else change where these people stand until the end; ``admit`` does so for those who write.

        What else is changed by one at a time has a name that nobody else has.
        """
        if self._postgres:
            await self._connection.execute(statements.LOCK, {"people": sorted(people)})

    async def greet(self, inbounds: Iterable[Inbound], now: datetime) -> None:
        """Remember people met for the first time."""
        rows = [{"person": i.person, "channel": i.channel, "chat": i.chat, "first_at": now} for i in inbounds]
        if rows:
            await self._connection.execute(statements.GREET, rows)

    async def mark_left(self, people: Mapping[str, bool], now: datetime) -> None:
        """Remember who has blocked the bot (true) and who is back."""
        if people:
            rows = [{"who": person, "at": now if left else None} for person, left in people.items()]
            await self._connection.execute(statements.LEFT, rows)

    async def keep(self, changes: Collection[Change], now: datetime) -> None:
        """Save consultations, the state after the last message of each."""
        if changes:
            rows = [
                {
                    "id": change.session.id,
                    "person": change.session.person,
                    "channel": change.channel,
                    "active": change.active,
                    "state": self.sessions.seal(change.session),
                    "policy": change.session.policy,
                    "version": change.session.policy_version,
                    "begun": change.session.begun,
                    "touched": now,
                    "finished": now if change.session.finished else None,
                }
                # The one that is laid aside first: a person has at most one active consultation at any time.
                for change in sorted(changes, key=lambda change: change.active)
            ]
            await self._connection.execute(statements.keep(self._dialect), rows)

    async def record(self, lines: Sequence[Line], now: datetime) -> None:
        """Log messages."""
        if lines:
            rows = [{**line._asdict(), "at": now} for line in lines]
            await self._connection.execute(statements.RECORD, rows)

    async def send(
        self, drafts: Sequence[Addressed], now: datetime, logged: Collection[str] = ()
    ) -> tuple[list[Outgoing], set[int]]:
        """Put replies into the outbox; returns them and the ids of those that are this process's to deliver at once.

        The others stand behind replies that another process is delivering to the same chat; ``claim`` finds them when
        their turn has come. What is sent by ``logged`` channels has arrived once it is logged, and needs no row.
        """
        arrived = [draft.channel in logged and draft.about is None for draft in drafts]
        lying = [draft for draft, there in zip(drafts, arrived, strict=True) if not there]
        ids, mine = await self._put(lying, now) if lying else (list[int](), set[int]())
        places = iter(ids)
        outgoing = [
            Outgoing(0 if there else next(places), d.person, d.channel, d.chat, d.thread, d.reply)
            for d, there in zip(drafts, arrived, strict=True)
        ]
        return outgoing, mine | {0} if any(arrived) else mine

    async def _put(self, drafts: Sequence[Addressed], now: datetime) -> tuple[Sequence[int], set[int]]:
        """Replies into the outbox; their ids, and which of them are this process's."""
        busy: set[tuple[str, str]] = set()
        if self._postgres:  # a SQLite file has one serving process
            chats = {draft.chat for draft in drafts}
            found = await self._connection.execute(statements.BUSY, {"chats": list(chats), "me": self._worker})
            busy = {(channel, chat) for channel, chat in found}
        mine = [(draft.channel, draft.chat) not in busy for draft in drafts]
        rows = [
            {
                "person": draft.person,
                "channel": draft.channel,
                "chat": draft.chat,
                "thread": draft.thread,
                "reply": draft.reply,
                "about": draft.about,
                "attempts": 0,
                "worker": self._worker if own else None,
                "next_at": now + LEASE if own else now,
            }
            for draft, own in zip(drafts, mine, strict=True)
        ]
        ids = (await self._connection.execute(statements.SEND, rows)).scalars().all()
        return ids, {id_ for id_, own in zip(ids, mine, strict=True) if own}

    async def settle(self, settled: Sequence[Settled], now: datetime) -> bool:
        """Note what became of replies; returns whether rows were deleted that shall leave no trace."""
        done = [{"row": s.id, "at": now, "said": s.message} for s in settled if s.retry_at is None]
        again = [{"row": s.id, "at": s.retry_at} for s in settled if s.retry_at is not None]
        if done:
            await self._connection.execute(statements.DONE, done)
        if again:
            await self._connection.execute(statements.AGAIN, again)
        if not done:
            return False
        gone = await self._connection.execute(statements.TRACELESS, {"rows": [row["row"] for row in done]})
        if gone.rowcount == 0:
            return False
        await self.erase()
        return True

    async def erase(self) -> None:
        """Note that what was deleted here shall leave no trace, whatever becomes of this process: see the store's."""
        if not self._postgres:
            await self._connection.execute(text("PRAGMA user_version = 1"))

    async def renew(self, ids: Collection[int], now: datetime) -> None:
        """Keep replies that this process is still about to deliver from being taken over."""
        rows = [{"row": id_, "me": self._worker, "until": now + LEASE} for id_ in ids]
        if rows:  # all may have arrived since
            await self._connection.execute(statements.RENEW, rows)

    async def drop(self, chats: Collection[tuple[str, str]], now: datetime) -> None:
        """Give up all that is not delivered yet to these (channel, chat)."""
        if chats:
            rows = [{"its_channel": channel, "its_chat": chat, "at": now} for channel, chat in chats]
            await self._connection.execute(statements.DROP, rows)

    async def claim(self, channel: str, now: datetime, *, own: bool) -> list[Outgoing]:
        """Take over what no living process delivers of each chat, in order, up to what another still holds.

        With ``own`` also what is left under this process's name: for its start, when that was its predecessor's.
        """

        def free(row: type[Outbox]) -> ColumnElement[bool]:
            left = row.next_at <= now
            return or_(left, row.worker.is_not_distinct_from(self._worker)) if own else left

        before = aliased(Outbox)
        held = select(before.id).where(
            before.channel == Outbox.channel,
            before.chat == Outbox.chat,
            before.done_at.is_(None),
            before.id < Outbox.id,
            not_(free(before)),
        )
        rows = await self._connection.execute(
            update(Outbox)
            .where(Outbox.channel == channel, Outbox.done_at.is_(None), free(Outbox), ~held.exists())
            .values(worker=self._worker, next_at=now + LEASE)
            .returning(
                Outbox.id,
                Outbox.person,
                Outbox.channel,
                Outbox.chat,
                Outbox.thread,
                statements.RAW_REPLY,
                Outbox.attempts,
                Outbox.retry_at,
            )
        )
        read = [await self._read(Lying(*row), now) for row in sorted(rows, key=itemgetter(0))]
        return [each for each in read if each is not None]

    async def _read(self, row: Lying, now: datetime) -> Outgoing | None:
        """A reply that was found in the outbox; one that cannot be read is set aside, and holds nobody up."""
        try:
            reply = Reply.model_validate_json(self.vault.open(row.reply))
        except (ValueError, VaultError) as error:
            aside = {"kind": AsideKind.REPLY, "channel": row.channel, "person": row.person, "content": row.reply}
            await self._connection.execute(insert(SetAside), aside | {"reason": told(error), "at": now})
            await self._connection.execute(statements.DONE, {"row": row.id, "at": now, "said": None})
            return None
        return Outgoing(row.id, row.person, row.channel, row.chat, row.thread, reply, row.attempts, row.retry_at)

    async def purge(self, before: datetime) -> None:
        """Delete update ids, counts, and delivered replies older than that, but for those ``about`` something."""
        await self._connection.execute(delete(Seen).where(Seen.at < before))
        await self._connection.execute(delete(RateCount).where(RateCount.minute < before.timestamp() // 60))
        await self._connection.execute(delete(Outbox).where(Outbox.done_at < before, Outbox.about.is_(None)))


class Store:
    """The database, migrated and ready; make one with ``Store.open``."""

    def __init__(self, engine: AsyncEngine, writer: SqliteWriter | None, worker: str, vault: Vault) -> None:
        self.engine = engine
        self._writer = writer
        self.worker = worker
        self.vault = vault
        self.sessions = SealedSessions(vault)
        self._writing = asyncio.Lock()
        self._clearing = Clearing(engine, self._writing) if writer is not None else None

    @classmethod
    async def open(cls, url: str, worker: str | None = None, data_key: str = "") -> "Store":
        """Connect to ``url`` (``sqlite+aiosqlite://`` or ``postgresql+asyncpg://``) and bring its tables up to date.

        ``worker`` names this process among those that share the database, the same after a restart, so that it finds
        what it left undelivered. A SQLite file has one serving process, hence one name. ``data_key`` is what the
        vault is made of (see there). Raises SQLAlchemy's errors where the database cannot be reached,
        ``migrations.DatabaseTooNewError`` where a later release has written it, ``VaultError`` for a wrong key.
        """
        engine = open_engine(url)
        file = (engine.url.database or MEMORY) if engine.dialect.name == "sqlite" else None
        try:
            vault = Vault.from_settings(data_key, file)
            bind_vault(engine.dialect, vault)
            await migrations.upgrade(engine)
            await _check_key(engine, vault)
        except BaseException:
            await engine.dispose()
            raise
        if engine.dialect.name == "sqlite":
            worker = "sqlite"
        writer = None
        if file is not None and file != MEMORY:
            writer = SqliteWriter(engine.url)
            bind_vault(writer.dialect, vault)
        store = cls(engine, writer, worker or f"{socket.gethostname()}:{os.getpid()}", vault)
        await store.leave_no_trace()  # a process that was killed may not have come to it
        return store

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Work]:
        """One write transaction, committed (durably) at the end of the block, rolled back if it raises."""
        async with self._writing, (self._writer or self.engine).begin() as connection:
            yield Work(connection, self.worker, self.vault, self.sessions)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for looking only: on SQLite it does not wait for writers."""
        async with self.engine.connect() as connection:
            yield await connection.execution_options(reading=True)

    @asynccontextmanager
    async def glance(self) -> AsyncGenerator[AsyncConnection | InlineConnection]:
        """As ``reading``, for a few rows by their key: on SQLite they are read at once, in the event loop's thread."""
        if self._writer is not None:
            with self._writer.glance() as connection:
                yield connection
        else:
            # each statement sees what there is by then in any case, and needs no transaction to be begun and ended
            async with self.engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def prove(self) -> None:
        """Write something durably, and take it away again. Raises SQLAlchemy's errors where nothing can be kept."""
        # More than a page of a SQLite file, so that one without room for another page is noticed.
        size = 1000 if self._writer is None else 10_000
        row = {"channel": "", "id": uuid.uuid4().hex.ljust(size, "0"), "at": datetime.now(UTC)}
        async with self.transaction() as work:
            await work.connection.execute(insert(Seen), row)
            await work.connection.execute(delete(Seen).where(Seen.channel == "", Seen.id == row["id"]))

    async def leave_no_trace(self) -> None:
        """See to it that SQLite's files hold nothing of what was deleted; after ``Work.erase`` no remnant either."""
        if self._clearing is not None:
            await self._clearing.clear()

    async def close(self) -> None:
        """Give all connections back."""
        if self._clearing is not None:
            await self._clearing.stop()
        if self._writer is not None:
            self._writer.dispose()
        await self.engine.dispose()


async def _check_key(engine: AsyncEngine, vault: Vault) -> None:
    """Raise ``VaultError`` where the database was sealed with a key that ``vault`` has not."""
    async with engine.connect() as connection:
        await connection.execution_options(reading=True)
        token = await connection.scalar(select(KeyCheck.token))
    if token is not None:
        vault.check(token)
    elif not vault.closed:
        async with engine.begin() as connection:
            check = statements.insert_into(engine.dialect.name, KeyCheck).on_conflict_do_nothing()
            await connection.execute(check, {"id": 1, "token": vault.seal("wence")})
