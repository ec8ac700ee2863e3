"""What the store promises: tables that the migrations lead to, durable SQLite, an outbox in order with one owner."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, text

from conversations.state.messages import Inbound, Kind, Reply
from conversations.storage import migrations
from conversations.storage.store import LEASE, Addressed, Settled, Store, Work
from conversations.storage.tables import Outbox, Person, Seen, Table

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def inbound(id: str, person: str = "telegram:1") -> Inbound:
    return Inbound(id=id, channel="telegram", person=person, chat=person[9:], kind=Kind.TEXT, at=NOW)


def draft(text: str, chat: str = "1") -> Addressed:
    return Addressed(f"telegram:{chat}", "telegram", chat, None, Reply(text=text))


async def put(store: Store, *texts: str, chat: str = "1", now: datetime = NOW) -> list[int]:
    async with store.transaction() as work:
        outgoing, _ = await work.send([draft(text, chat) for text in texts], now)
    return [one.id for one in outgoing]


async def claim(store: Store, now: datetime, *, own: bool = False) -> list[str]:
    async with store.transaction() as work:
        return [one.reply.text for one in await work.claim("telegram", now, own=own)]


async def test_the_migrations_lead_to_the_tables(bare_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

    store = await Store.open(bare_url)
    async with store.engine.begin() as connection:
        assert await connection.run_sync(differences) == []
        version = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    assert version == migrations.revisions()[-1]
    await store.close()


async def test_opening_again_changes_nothing_and_a_newer_database_is_refused(bare_url: str) -> None:
    store = await Store.open(bare_url)
    async with store.transaction() as work:
        await work.greet([inbound("1")], NOW)
    await store.close()
    store = await Store.open(bare_url)
    async with store.engine.begin() as connection:
        assert await connection.scalar(select(func.count()).select_from(Person)) == 1
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(migrations.DatabaseTooNewError, match="9999"):
        await Store.open(bare_url)


async def test_what_fails_within_a_transaction_that_is_gone_is_told_as_it_was(url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("about SQLite")
    store = await Store.open(url)

    async def fail(work: Work, statement: str) -> None:
        async with work.connection.begin_nested():
            await work.greet([inbound("2", "telegram:3")], NOW)
            await work.connection.execute(text(statement))
            raise OSError("disk full")

    async with store.transaction() as work:
        await work.greet([inbound("1")], NOW)
        with pytest.raises(OSError, match="disk full"):
            await fail(work, "ROLLBACK")
    async with store.transaction() as work:
        with pytest.raises(OSError, match="disk full"):
            await fail(work, "SELECT 1")
        await work.greet([inbound("1", "telegram:2")], NOW)
    async with store.reading() as connection:
        assert (await connection.execute(select(Person.person))).scalars().all() == ["telegram:2"]
    await store.close()


async def test_several_may_open_a_new_database_at_once(url: str) -> None:
    stores = await asyncio.gather(*(Store.open(url) for _ in range(3)))
    assert {await migrations.current(store.engine) for store in stores} == {migrations.revisions()[-1]}
    for store in stores:
        await store.close()


async def test_sqlite_is_durable_and_leaves_no_traces(url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("about SQLite")
    store = await Store.open(url)
    async with store.engine.connect() as connection:
        pragmas = {
            name: await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    await store.close()


async def test_who_gives_up_in_the_middle_of_a_commit_waits_for_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often they are told to: the connection must not be given back while a thread commits on it."""
    if not url.startswith("sqlite"):
        pytest.skip("about SQLite")
    store = await Store.open(url)
    begun, free, commit = threading.Event(), threading.Event(), Connection.commit

    def held(connection: Connection) -> None:
        begun.set()
        free.wait()
        commit(connection)

    monkeypatch.setattr(Connection, "commit", held)
    putting = asyncio.create_task(put(store, "一"))
    await asyncio.to_thread(begun.wait)
    try:
        for _ in range(3):  # each task, as at the end of an event loop
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert not putting.done()
    finally:
        free.set()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert await claim(store, NOW, own=True) == ["一"]
    await store.close()


async def test_an_update_is_admitted_once_whatever_the_order(url: str) -> None:
    store = await Store.open(url)
    async with store.transaction() as work:
        assert await work.admit([inbound("5"), inbound("3")], NOW) == {("telegram", "5"), ("telegram", "3")}
    async with store.transaction() as work:
        assert await work.admit([inbound("3"), inbound("4"), inbound("5")], NOW) == {("telegram", "4")}
    await store.close()


async def test_a_failure_in_the_middle_leaves_nothing(url: str) -> None:
    store = await Store.open(url)

    async def fail() -> None:
        async with store.transaction() as work:
            await work.admit([inbound("1")], NOW)
            await work.send([draft("一")], NOW)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await fail()
    async with store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Seen)) == 0
        assert await connection.scalar(select(func.count()).select_from(Outbox)) == 0
    await store.close()


async def test_replies_keep_their_order_and_a_restart_finds_them(url: str) -> None:
    store = await Store.open(url, "a")
    texts = [f"第 {number} 条" for number in range(20)]
    ids = await put(store, *texts)
    assert ids == sorted(ids)
    async with store.transaction() as work:
        await work.settle([Settled(ids[0], message="77")], NOW)
    await store.close()
    again = await Store.open(url, "a")
    assert await claim(again, NOW) == []
    assert await claim(again, NOW, own=True) == texts[1:]
    await again.close()


async def test_a_living_process_keeps_its_replies_and_a_dead_one_loses_them(url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("a SQLite file has one serving process")
    first, second = await Store.open(url, "a"), await Store.open(url, "b")
    ids = await put(first, "一")
    assert await claim(second, NOW, own=True) == []
    async with first.transaction() as work:
        await work.renew(ids, NOW + LEASE)
    assert await claim(second, NOW + LEASE) == []
    assert await claim(second, NOW + 2 * LEASE) == ["一"]
    async with first.transaction() as work:  # too late: it is the other's now
        await work.renew(ids, NOW + 9 * LEASE)
    assert await claim(first, NOW + 3 * LEASE) == ["一"]
    await first.close()
    await second.close()


async def test_a_reply_waits_behind_those_that_another_process_delivers(url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("a SQLite file has one serving process")
    first, second = await Store.open(url, "a"), await Store.open(url, "b")
    (before,) = await put(first, "一")
    async with second.transaction() as work:
        outgoing, mine = await work.send([draft("二"), draft("别处", chat="2")], NOW)
    assert mine == {outgoing[1].id}
    assert await claim(second, NOW) == []
    async with first.transaction() as work:
        await work.settle([Settled(before, message="1")], NOW)
    assert await claim(second, NOW) == ["二"]
    await first.close()
    await second.close()


async def test_a_failed_reply_comes_back_at_its_time(url: str) -> None:
    store = await Store.open(url, "a")
    ids = await put(store, "一", "二")
    later = NOW + timedelta(seconds=40)
    async with store.transaction() as work:
        await work.settle([Settled(ids[0], retry_at=later)], NOW)
    assert await claim(store, NOW + timedelta(seconds=39)) == []
    assert await claim(store, later) == ["一", "二"]
    async with store.reading() as connection:
        assert (await connection.execute(select(Outbox.attempts).order_by(Outbox.id))).scalars().all() == [1, 0]
    await store.close()


async def test_a_restart_knows_when_the_channel_may_be_asked_again(url: str) -> None:
    store = await Store.open(url, "a")
    ids = await put(store, "一", "二")
    later = NOW + timedelta(seconds=40)
    async with store.transaction() as work:
        await work.settle([Settled(ids[0], retry_at=later)], NOW)
    await store.close()
    again = await Store.open(url, "a")
    async with again.transaction() as work:
        found = await work.claim("telegram", NOW, own=True)
    assert [(each.reply.text, each.attempts, each.retry_at) for each in found] == [("一", 1, later), ("二", 0, None)]
    await again.close()


async def test_what_is_left_behind_is_taken_over_in_order(url: str) -> None:
    """A reply that another process still holds is not passed by one that stands behind it."""
    store = await Store.open(url, "a")
    await put(store, "一")
    async with store.transaction() as work:
        await work.send([draft("二")], NOW + LEASE / 2)
        await work.send([draft("三")], NOW - LEASE)
    assert await claim(store, NOW + LEASE) == ["一"]
    assert await claim(store, NOW + 2 * LEASE) == ["一", "二", "三"]
    await store.close()


async def test_what_is_dropped_or_old_goes(url: str) -> None:
    store = await Store.open(url, "a")
    await put(store, "一", "二")
    await put(store, "三", chat="2")
    async with store.transaction() as work:
        await work.admit([inbound("1")], NOW)
        await work.drop({("telegram", "1")}, NOW)
    assert await claim(store, NOW, own=True) == ["三"]
    async with store.transaction() as work:
        await work.purge(NOW + timedelta(seconds=1))
    async with store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Seen)) == 0
        assert (await connection.execute(select(Outbox.chat))).scalars().all() == ["2"]
    await store.close()
