"""What was deleted from SQLite is cleared away: out of its log, and out of the gaps between the rows of its file.

Deleted rows are overwritten, but not the copies in the gaps of pages that rows have moved between; so after a deletion
that shall leave nothing (``Work.erase`` notes it in the file's ``user_version``) the file is written anew. Knows no table.
"""

import asyncio
import logging
import time
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from conversations.storage.sqlite_writer import BUSY_TIMEOUT

log = logging.getLogger(__name__)

SMALL = 4_000_000
"""Bytes of a file that is written anew within a tenth of a second."""
PAUSE = 5.0
"""Seconds from a deletion until a large file is written anew, for each time that it is as large as a small one."""
RESTS = 50
"""So many times as long as that took passes until the next time, so that nobody can keep the others waiting."""


class Clearing:
    """Clears the file of ``engine``, which this process alone serves; ``writing`` is held by whoever writes there."""

    def __init__(self, engine: AsyncEngine, writing: asyncio.Lock) -> None:
        self._engine = engine
        self._writing = writing
        self._file = Path(engine.url.database or "")
        self._later: asyncio.Task[None] | None = None
        self._rested = 0.0

    async def clear(self) -> None:
        """Empty the log, and write the file anew where something was erased.

        In a large file, for which everybody would wait, and while another process reads, that is done by and by.
        """
        size, rest = self._file.stat().st_size / SMALL, self._rested - time.monotonic()
        at_once = size <= 1 and rest <= 0
        if not await self._clear(anew=at_once) and self._later is None:
            self._later = asyncio.create_task(self._clear_later(max(rest, 1.0 if size <= 1 else size * PAUSE)))

    async def stop(self) -> None:
        """Leave what is not done yet to the next start."""
        if self._later is not None:
            self._later.cancel()
            await asyncio.gather(self._later, return_exceptions=True)

    async def _clear_later(self, pause: float) -> None:
        done = False
        try:
            while not done:
                await asyncio.sleep(pause)
                done, pause = await self._clear(anew=True), PAUSE
        finally:
            self._later = None

    async def _clear(self, *, anew: bool) -> bool:
        """Clear what can be, if ``anew`` the file too; returns whether nothing is left to be cleared."""
        async with self._writing, self._engine.connect() as connection:
            await connection.execution_options(bare=True)
            await connection.execute(text("PRAGMA busy_timeout = 100"))
            try:
                erased = bool(await connection.scalar(text("PRAGMA user_version")))
                if erased and anew:
                    begun = time.monotonic()
                    await connection.execute(text("VACUUM"))
                    await connection.execute(text("PRAGMA user_version = 0"))
                    self._rested = time.monotonic() + RESTS * (time.monotonic() - begun)
                busy = await connection.scalar(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            except OperationalError as error:  # another process is writing, or there is no room for a second file
                log.warning("What was deleted could not be cleared away yet: %s", error.orig)
                return False
            finally:
                await connection.execute(text(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}"))
        return not busy and (anew or not erased)
