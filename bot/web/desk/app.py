"""The desk's place in the web: its door, and behind it what is put together when somebody first comes to it.

Most starts of the program end before anybody looks at the desk, and its library is the largest of the web's.
"""

import asyncio
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send

from bot.web.desk import NAME, PATH
from bot.web.desk.gate import Gate
from bot.web.security import SecurityHeaders
from conversations.service import Service


class _WhenAsked:
    """The application that ``make`` makes, in a thread, at the first request; those that come meanwhile wait for it."""

    def __init__(self, make: Callable[[], Starlette]) -> None:
        self._make = make
        self._app: Starlette | None = None
        self._making = asyncio.Lock()

    @property
    def routes(self) -> list[BaseRoute]:
        """Its routes, by which its pages find each other's addresses."""
        return [] if self._app is None else self._app.routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._making:
            if self._app is None:
                self._app = await asyncio.to_thread(self._make)
        await self._app(scope, receive, send)


def desk(service: Service) -> Mount:
    """The desk of ``service``'s office, to be mounted in the web."""

    def make() -> Starlette:
        from bot.web.desk.admin import admin

        return admin(service)

    door = [Middleware(SecurityHeaders), Middleware(Gate, store=service.store)]
    return Mount(PATH, _WhenAsked(make), name=NAME, middleware=door)
