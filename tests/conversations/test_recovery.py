"""No room, a file that may not be written, a lock, no connection left, a server that ends at a commit: nothing is lost
and nothing counts twice, and it goes on by itself.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import exc, func, make_url, select, text

from conversations.service import Outgoing, Service
from conversations.storage import engine, sqlite_writer
from conversations.storage.faults import passing
from conversations.storage.store import LEASE, Store, Work
from conversations.storage.tables import Consultation, Outbox, Seen
from tests.conversations import counting
from tests.conversations.counting import said


@pytest.fixture
async def service(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.setattr("conversations.office.batch.dialogue.turn", counting.turn)
    monkeypatch.setattr(engine, "PATIENCE", 0.2)
    monkeypatch.setattr(sqlite_writer, "LONGEST_WAIT", 0.2)
    store = await Store.open(url, "test")
    yield Service(counting.engine(), store)
    await store.close()


def needs(service: Service, dialect: str) -> None:
    if service.store.engine.dialect.name != dialect:
        pytest.skip(f"about {dialect}")


async def answers(service: Service) -> list[str]:
    async with service.store.reading() as connection:
        state = await connection.scalar(select(Consultation.state).where(Consultation.active))
    return [answer.path for answer in state.answers] if state else []


async def counted(service: Service) -> tuple[int, int]:
    """How many messages have been taken in, and how many replies there are."""
    async with service.store.reading() as connection:
        return tuple(
            [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in (Seen, Outbox)]
        )  # type: ignore[return-value]


async def refused(service: Service, *ids: str) -> None:
    """None of these messages is taken, and the trouble is one that passes."""
    results = await asyncio.gather(*(service.handle(said(id)) for id in ids), return_exceptions=True)
    assert all(isinstance(result, exc.SQLAlchemyError) and passing(result) for result in results)


async def pragma(service: Service, words: str) -> Any:
    """Sets something of the connection through which all is written."""
    assert service.store._writer is not None
    with service.store._writer.glance() as connection:
        done = await connection.execute(text(f"PRAGMA {words}"))
        return done.scalar() if done.returns_rows else None


async def goes_on(service: Service) -> None:
    """After the first message was taken and the next two were refused, they come again."""
    assert await answers(service) == ["1"]
    assert await counted(service) == (1, 2)
    assert [len(replies) for replies in await asyncio.gather(*(service.handle(said(id)) for id in "123"))] == [0, 2, 2]
    assert await answers(service) == ["1", "2", "3"]
    assert await counted(service) == (3, 6)


async def test_no_room_on_the_disk(service: Service) -> None:
    needs(service, "sqlite")
    await service.handle(said("1"))
    pages = await pragma(service, "page_count")
    await pragma(service, f"max_page_count = {pages}")
    long = "长" * 20_000  # more than fits into what is free in the pages that there are
    results = await asyncio.gather(*(service.handle(said(id, long)) for id in "23"), return_exceptions=True)
    assert all(isinstance(result, exc.OperationalError) and "full" in str(result) for result in results)
    await pragma(service, "max_page_count = 1000000")
    await goes_on(service)


async def test_a_file_that_may_not_be_written(service: Service) -> None:
    needs(service, "sqlite")
    await service.handle(said("1"))
    await pragma(service, "query_only = on")  # what a mode of the file does, which the tests' user may be above
    await refused(service, "2", "3")
    async with service.store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Seen)) == 1  # it can be read
    await pragma(service, "query_only = off")
    await goes_on(service)


async def test_a_file_that_another_program_keeps_locked(service: Service) -> None:
    needs(service, "sqlite")
    await service.handle(said("1"))
    other = sqlite3.connect(make_url(str(service.store.engine.url)).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await refused(service, "2", "3")
    other.execute("ROLLBACK")
    other.close()
    await goes_on(service)


async def test_no_connection_is_left(service: Service) -> None:
    needs(service, "postgresql")
    await service.handle(said("1"))
    taken = [await service.store.engine.connect() for _ in range(15)]
    await refused(service, "2", "3")
    for connection in taken:
        await connection.close()
    await goes_on(service)


async def test_the_server_ends_in_the_middle(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits does not even notice, where it is back at once."""
    needs(service, "postgresql")
    url = service.store.engine.url
    record, ended = Work.record, list[int]()

    async def end_once(self: Work, *given: Any) -> None:
        if not ended:
            ended.append(await self.connection.scalar(text("SELECT pg_backend_pid()")))
            other = await asyncpg.connect(host=str(url.query["host"]), user="postgres", database=url.database)
            await other.execute("SELECT pg_terminate_backend($1)", ended[0])
            await other.close()
        await record(self, *given)

    monkeypatch.setattr(Work, "record", end_once)
    delivered: list[Outgoing] = []
    service.deliver_by("telegram", delivered.extend)
    assert [len(replies) for replies in await asyncio.gather(*(service.handle(said(id)) for id in "123"))] == [2, 2, 2]
    assert ended
    assert await answers(service) == ["1", "2", "3"]
    assert await counted(service) == (3, 6)
    assert len(delivered) == 6


async def test_the_answer_to_a_commit_is_lost(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was kept, which nobody could say: the message counts once, and its replies leave the outbox, once."""
    transaction, lost = Store.transaction, list[int]()

    @asynccontextmanager
    async def losing(self: Store) -> AsyncGenerator[Work]:
        async with transaction(self) as work:
            yield work
        if not lost:
            lost.append(1)
            raise exc.DBAPIError("COMMIT", None, Exception("gone"), connection_invalidated=True)

    monkeypatch.setattr(Store, "transaction", losing)
    delivered: list[Outgoing] = []
    service.deliver_by("telegram", delivered.extend)
    assert await service.handle(said("1")) == []
    assert await answers(service) == ["1"]
    assert await counted(service) == (1, 2)
    assert delivered == []
    monkeypatch.setattr(service, "_clock", lambda: datetime.now(UTC) + LEASE + timedelta(seconds=1))
    assert [each.reply.text for each in await service.pending("telegram")] == ["1", "好"]
    assert await service.pending("telegram") == []
