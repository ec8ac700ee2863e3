"""How the Bot API is called: python-telegram-bot's ``Bot`` over aiohttp, which stays fast with many calls at once.

Knows HTTP and its failures, no method of the Bot API.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote_plus

import aiohttp

# Opts in to what the library's next release does anyway; without it, every 429 costs a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from telegram import Bot
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

_parsed = lru_cache(maxsize=256)(URL)  # one a method
_FORM = {"User-Agent": BaseRequest.USER_AGENT, "Content-Type": "application/x-www-form-urlencoded"}
_MULTIPART = {"User-Agent": BaseRequest.USER_AGENT}


class AiohttpRequest(BaseRequest):
    """Requests to the Bot API by aiohttp, files included.

    Timeouts are in seconds: ``connect`` covers waiting for a free connection and opening it, ``read`` each wait for
    the server, ``upload`` the whole of a call that carries a file.
    """

    def __init__(self, *, connect: float = 5, read: float = 10, upload: float = 120, connections: int = 256) -> None:
        self._connect = connect
        self._read = read
        self._upload = upload
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long one wait for the server may take, in seconds."""
        return self._read

    async def initialize(self) -> None:
        """Open the connection pool; once is enough."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, connect=self._connect, sock_read=self._read),
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call; returns status and body. Raises ``TimedOut`` and ``NetworkError``, their messages without the URL."""
        if self._session is None:
            raise RuntimeError("the request is not initialized")
        options: dict[str, Any] = {"headers": _FORM}
        files = request_data is not None and request_data.contains_files
        if request_data is not None and files:
            options = {"headers": _MULTIPART, "data": _multipart(request_data)}
        elif request_data is not None:
            options["data"] = "&".join(f"{k}={_quote(v)}" for k, v in request_data.json_parameters.items()).encode()
        read = self._given(read_timeout, self._read)
        connect = self._given(connect_timeout, self._connect)
        if files or (read, connect) != (self._read, self._connect):
            total = self._given(write_timeout, self._upload) if files else None
            options["timeout"] = aiohttp.ClientTimeout(total=total, connect=connect, sock_read=None if files else read)
        try:
            async with self._session.request(method, _parsed(url), **options) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            # The error's own text may show the URL, and so the token.
            raise NetworkError(f"aiohttp: {type(error).__name__}") from None

    @staticmethod
    def _given(timeout: ODVInput[float], default: float) -> float | None:
        return default if timeout is BaseRequest.DEFAULT_NONE else cast("float | None", timeout)


def _quote(value: str) -> str:
    """``value`` for a form. Chinese is quoted byte by byte anyway, and so is done at one go."""
    return quote_plus(value) if value.isascii() else "%" + value.encode().hex("%")


def _multipart(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # quoted, a Chinese file name arrives as %E9%A2%84
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


class TelegramBot(Bot):
    """The library's bot, with a way to call a method without building objects of what goes in and comes out.

    Those objects cost more than half of the time of a call, and nobody here looks at them.
    """

    async def call(self, method: str, parameters: Mapping[str, object], wait: float | None = None) -> Any:
        """Call ``method``, waiting up to ``wait`` seconds for the answer; returns its ``result`` as plain JSON.

        Raises the library's errors (``telegram.error``).
        """
        read = BaseRequest.DEFAULT_NONE if wait is None else wait
        return await self._post(method, dict(parameters), read_timeout=read)
