"""``/healthz``: whether this process can serve, for whoever starts it again or sends it traffic."""

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.away import AGAIN
from conversations.storage import migrations
from conversations.storage.store import Store

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that the database may take to answer, and then to keep something."""
FRESH = 1.0
"""Seconds for which a look holds for all who ask: each writes to the disk, and anybody may ask."""


class _Health:
    """What the last look at ``store`` came to: in words, "ok" where all is well."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looking = asyncio.Lock()
        self._seen = ("", -FRESH)

    async def status(self) -> str:
        async with self._looking:
            told, at = self._seen
            if time.monotonic() - at >= FRESH:
                told = await self._look()
                self._seen = told, time.monotonic()
            return told

    async def _look(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                current = await migrations.current(self._store.engine)
        except (SQLAlchemyError, OSError) as error:
            log.warning("The database does not answer: %s", type(error).__name__)
            return "no database"
        if current != migrations.revisions()[-1]:
            return "the database is of another release"
        try:
            async with asyncio.timeout(PATIENCE):
                await self._store.prove()
        except (SQLAlchemyError, OSError) as error:
            log.warning("The database keeps nothing: %s", error)
            return "the database keeps nothing"
        return "ok"


def health_route(store: Store) -> Route:
    """``/healthz``: 200 while the database answers, has the tables of this release and keeps what it is given, else 503."""
    health = _Health(store)

    async def healthz(request: Request) -> Response:
        status = await health.status()
        return JSONResponse({"status": status}) if status == "ok" else JSONResponse({"status": status}, 503, AGAIN)

    return Route("/healthz", healthz)
