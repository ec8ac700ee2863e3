"""The desk's place in the web: its door, and behind it what is put together when somebody first comes to it.

Most starts of the program end before anybody looks at the desk, and its library is the largest of the web's.
"""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import URLPath
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


class _Desk(Mount):
    """The desk's place, which knows the addresses of its pages once they have been asked for: a page asks for dozens, and
    each would be tried against one route after the other."""

    def __init__(self, app: _WhenAsked, door: list[Middleware]) -> None:
        super().__init__(PATH, app, name=NAME, middleware=door)
        self._address = lru_cache(maxsize=1024)(super().url_path_for)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The address of the page ``name``; raises ``NoMatchFound`` where there is none."""
        return self._address(name, **path_params)


def desk(service: Service) -> Mount:
    """The desk of ``service``'s office, to be mounted in the web."""

    def make() -> Starlette:
        from bot.web.desk.admin import admin

        return admin(service)

    door = [Middleware(SecurityHeaders), Middleware(Gate, store=service.store)]
    return _Desk(_WhenAsked(make), door)
