"""Limits that several processes keep together: exact to a lot, without a write for who is far from them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from conversations.storage.shared_counts import LOTS, SharedCounts
from conversations.storage.store import Store
from conversations.storage.tables_web import RateCount
from tests import databases

pytestmark = pytest.mark.slow

AMOUNT = 40
LOT = AMOUNT // LOTS


class Processes:
    """Two processes on one database, with one clock."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.now = 60_000.0
        self.stores: list[Store] = []
        self.counts: list[SharedCounts] = []

    async def start(self) -> None:
        key = Fernet.generate_key().decode()
        self.stores = [await Store.open(self.url, name, key) for name in "ab"]
        self.counts = [SharedCounts(store, lambda: self.now) for store in self.stores]

    async def take(self, times: int, at: int | None = None, key: str = "10.0.0.1") -> int:
        """How many of so many are let through, by turns or all of one process."""
        waits = [await self.counts[n % 2 if at is None else at].take(key, AMOUNT) for n in range(times)]
        return waits.count(0.0)

    async def rows(self) -> list[str]:
        async with self.stores[0].reading() as connection:
            return list((await connection.scalars(select(RateCount.key))).all())


@pytest.fixture
async def two(postgres: Path) -> AsyncIterator[Processes]:
    two = Processes(databases.postgresql(postgres))
    await two.start()
    yield two
    for store in two.stores:
        await store.close()


async def test_two_processes_have_one_limit(two: Processes) -> None:
    assert AMOUNT - LOT <= await two.take(5 * AMOUNT) <= AMOUNT + LOT


async def test_one_of_them_may_use_all_of_it(two: Processes) -> None:
    assert await two.take(2 * AMOUNT, at=0) == AMOUNT
    assert await two.take(2 * AMOUNT, at=1) == LOT


async def test_who_is_far_from_the_limit_is_not_written_down_and_nobody_by_name(two: Processes) -> None:
    assert await two.take(2 * LOT) == 2 * LOT
    assert await two.rows() == []
    await two.take(2, key="10.0.0.2")
    await two.take(2)
    (row,) = await two.rows()
    assert "10.0.0" not in row


async def test_many_at_once_draw_once(two: Processes) -> None:
    waits = await asyncio.gather(*(two.counts[0].take("10.0.0.1", AMOUNT) for _ in range(2 * LOT)))
    assert waits == [0.0] * 2 * LOT
    async with two.stores[0].reading() as connection:
        assert await connection.scalar(select(RateCount.count)) == 2 * LOT


async def test_the_next_minute_gives_as_much_as_is_over_of_the_last(two: Processes) -> None:
    assert await two.take(AMOUNT, at=0) == AMOUNT
    two.now += 60
    assert await two.take(AMOUNT, at=0) == LOT
    two.now += 30
    assert await two.take(AMOUNT, at=0) == pytest.approx(AMOUNT / 2, abs=LOT)
    two.now += 120
    assert await two.take(2 * AMOUNT, at=0) == AMOUNT
    assert len(await two.rows()) == 1, "what is past is swept away"


async def test_who_must_wait_is_told_when_to_ask_again_and_costs_nothing_until_then(two: Processes) -> None:
    await two.take(AMOUNT, at=0)
    wait = await two.counts[0].take("10.0.0.1", AMOUNT)
    assert 0 < wait <= 60
    two.stores[0].engine = create_async_engine("postgresql+asyncpg://nobody@/none?host=/nowhere")
    assert await two.counts[0].take("10.0.0.1", AMOUNT) == wait
    assert await two.take(3 * LOT, at=0, key="10.0.0.2") == 3 * LOT, "the database is away: each counts for itself"


async def test_a_process_alone_writes_nothing(tmp_path: Path) -> None:
    store = await Store.open(databases.sqlite(tmp_path))
    counts = SharedCounts(store)
    assert [await counts.take("10.0.0.1", AMOUNT) for _ in range(3 * AMOUNT)] == [0.0] * 3 * AMOUNT
    await store.close()
