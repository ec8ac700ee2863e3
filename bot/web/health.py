"""``/healthz``: whether this process can serve, for whoever starts it again or sends it traffic."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conversations.storage import migrations
from conversations.storage.store import Store

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that the database may take to answer."""


def health_route(store: Store) -> Route:
    """``/healthz``: 200 while the database answers and has the tables of this release, else 503."""

    async def healthz(request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE):
                current = await migrations.current(store.engine)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("The database does not answer: %s", type(error).__name__)
            return JSONResponse({"status": "no database"}, 503)
        if current != migrations.revisions()[-1]:
            return JSONResponse({"status": "the database is of another release"}, 503)
        return JSONResponse({"status": "ok"})

    return Route("/healthz", healthz)
