"""Databases that have their tables from the start: the migrations run once, and every test gets a copy of what they made."""

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from conversations.storage import migrations


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


@cache
def _file() -> bytes:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as beside_a_running_loop:
        file = Path(folder) / "wence.db"
        beside_a_running_loop.submit(asyncio.run, migrate(f"sqlite+aiosqlite:///{file}")).result()
        return file.read_bytes()
