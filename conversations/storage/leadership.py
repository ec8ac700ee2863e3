"""Who of several processes on one database may do what only one may: ask Telegram for updates, run the periodic jobs.

On PostgreSQL the processes agree by an advisory lock, held by a session that gives a sign of life every second: a process
that dies, stands still or is cut off loses the session, and another leads. A SQLite file has one serving process, which
``sole_server`` sees to. Knows no table, and nothing of what is done.
"""

import asyncio
import logging
import math
import sqlite3
from collections.abc import Callable, Coroutine, Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from conversations.storage.vault import MEMORY

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two signs of life of a leader, and between two tries of who would be one."""
SURE = 5.0
"""Seconds after a sign of life in which its sender may be sure to lead; without an answer by then it leads no more."""
GONE = 7.0
"""Seconds without a sign of life after which the server ends a session, and with it its lead; more than ``SURE``."""
HANDOVER = 0.5
"""Seconds that a new leader waits: one whose session was ended by somebody else has heard of it by then."""

_PATIENCE = "SELECT set_config(name, $1, false) FROM pg_settings WHERE name = 'idle_session_timeout'"
"""Since PostgreSQL 14; before it, the server notices by TCP alone that a machine is gone."""
_TRY = "SELECT pg_try_advisory_lock(hashtextextended('wence leader', 0))"


class AlreadyServedError(RuntimeError):
    """Another process serves the SQLite file; the message says so in Chinese, and what to do."""


class _Session(Protocol):
    """What is used of the driver's connection."""

    async def fetchval(self, query: str, /, *values: object) -> object: ...
    async def execute(self, query: str, /) -> str: ...
    def add_termination_listener(self, callback: Callable[[object], None], /) -> None: ...
    def terminate(self) -> None: ...


class Leadership:
    """Whether this process leads among those on the database at ``url``; without one to share it always does."""

    def __init__(self, url: str = "") -> None:
        self._engine: AsyncEngine | None = None
        if url.startswith("postgresql"):
            self._engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": GONE})
        self._leading = asyncio.Event()
        self._answered = asyncio.Event()
        self._until = math.inf
        """The time of the event loop up to which no other process can lead."""
        self._works: set[asyncio.Task[None]] = set()
        if self._engine is None:
            self._leading.set()

    async def run(self) -> None:
        """Try for ever to lead. Whatever happens to the database, this goes on."""
        if self._engine is None:
            await asyncio.Event().wait()
            return
        told = ""
        while True:
            try:
                await self._stand(self._engine)
            except Exception as error:
                if told != (told := type(error).__name__):  # not every second of a long outage
                    log.warning("No session by which to lead (%s); trying again", told)
            await asyncio.sleep(BEAT)

    async def lead(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do ``work`` while this process leads, anew each time, until it ends by itself. Raises what it raises.

        It is cancelled before another process can lead, and must not go on after that.
        """
        while True:
            await self._leading.wait()
            task = asyncio.create_task(work())
            self._works.add(task)
            try:
                await asyncio.wait([task])
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                self._works.discard(task)
            if not task.cancelled():
                return task.result()

    async def confirmed(self) -> None:
        """Return as soon as it is certain that no other process leads: at once, unless this one has stood still.

        For work that asks this before each step: awoken, it could take one before it is cancelled.
        """
        while asyncio.get_running_loop().time() >= self._until:
            self._answered.clear()
            await self._answered.wait()

    async def _stand(self, engine: AsyncEngine) -> None:
        """Wait for the lead and keep it, as long as one connection lasts. Raises whatever ended that."""
        pooled = await engine.raw_connection()
        session: _Session = pooled.driver_connection  # pyright: ignore[reportAssignmentType]
        pooled.detach()
        lost = asyncio.Event()
        session.add_termination_listener(lambda _session: lost.set())
        try:
            async with asyncio.timeout(SURE):
                await session.fetchval(_PATIENCE, f"{GONE * 1000:.0f}")
            while True:
                sent = asyncio.get_running_loop().time()
                async with asyncio.timeout(SURE):
                    first = await session.fetchval(_TRY)
                if first:
                    break
                await _pass(BEAT, lost)
            await _pass(HANDOVER, lost)
            await self._reign(session, sent, lost)
        except Exception:
            if self._leading.is_set():
                log.warning("This process does not lead any more")
            raise
        finally:
            await self._resign()
            session.terminate()

    async def _reign(self, session: _Session, sent: float, lost: asyncio.Event) -> None:
        self._until = sent + SURE
        self._leading.set()
        log.info("This process leads: it does what only one may do")
        while True:
            sent = asyncio.get_running_loop().time()
            # Of one that has stood still the answer is awaited: until it comes, no step is ``confirmed``.
            async with asyncio.timeout_at(max(self._until, sent + BEAT)):
                # One message to the server: halfway through several, which ``fetchval`` may send, it would not be idle.
                await session.execute("SELECT 1")
            self._until = sent + SURE
            self._answered.set()
            await _pass(BEAT, lost)

    async def _resign(self) -> None:
        """End what only the leader may do, and wait until it has ended."""
        self._leading.clear()
        for work in self._works:
            work.cancel()
        if self._works:
            await asyncio.wait(self._works, timeout=SURE)


@contextmanager
def sole_server(url: str) -> Generator[None]:
    """Be the only process that serves the SQLite file at ``url``; another database may have several.

    The lock is one of the operating system's on a file beside it, which ends with the process, however that ends.
    Commands do not ask for it. Raises ``AlreadyServedError``, and ``OSError`` where no such file can be made.
    """
    file = make_url(url).database if url.startswith("sqlite") else None
    if file in (None, "", MEMORY):
        yield
        return
    place = Path(file).resolve()
    try:
        # SQLite knows how to lock a file on every system where it keeps the data itself.
        lock = sqlite3.connect(f"{place}.lock", timeout=0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise OSError(f"{place}.lock: {error}") from None
    with closing(lock):
        try:
            lock.execute("PRAGMA journal_mode = MEMORY")  # nothing is written, hence nothing beside it
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise OSError(f"{place}.lock: {error}") from None
            raise AlreadyServedError(
                f"数据库 {place} 已经有一个 wence serve 在用，SQLite 同一时间只能由一个进程提供服务："
                "请先停掉那一个再启动；要几个进程一起跑，请把 WENCE_DATABASE_URL 改成 PostgreSQL。"
            ) from None
        yield


async def _pass(seconds: float, lost: asyncio.Event) -> None:
    """Let so many seconds pass. Raises ``ConnectionError`` at once where the session is lost meanwhile."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await lost.wait()
    if lost.is_set():
        raise ConnectionError("the database has ended the session")
