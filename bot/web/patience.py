"""How long the server waits for a request to be told: who opens a connection and says nothing, or never ends, is let go.

uvicorn's own protocol waits for ever for the end of the headers, and takes as many as come. Knows no request.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from bot.web.listeners import ENDLESS

HEADERS = 10.0
"""Seconds from the opening of a connection, or the first byte of a further request, until its headers have come."""
LARGEST_HEADERS = 65_536
"""Bytes that may come until then."""
_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class PatientProtocol(AutoHTTPProtocol):
    """The protocol of a connection, with an end to its patience."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._giving_up: asyncio.TimerHandle | None = None
        self._read = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._transport = cast("asyncio.Transport", transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle: Any = getattr(self, "cycle", None)
        if cycle is not None and not cycle.response_complete:
            self._calm()
            return
        if self._giving_up is None:
            self._wait()
        self._read += len(data)
        if self._read > LARGEST_HEADERS:
            self._give_up(_LARGE)

    def shutdown(self) -> None:
        cast("Any", super()).shutdown()
        scope: Any = getattr(self, "scope", None)
        if scope and scope["state"].get(ENDLESS):  # which would be waited for in vain; its page comes again
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._giving_up = asyncio.get_running_loop().call_later(HEADERS, self._give_up, _LATE)

    def _calm(self) -> None:
        self._read = 0
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _give_up(self, answer: bytes) -> None:
        self._calm()
        if not self._transport.is_closing():
            self._transport.write(answer)
            self._transport.close()
