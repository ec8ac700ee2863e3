"""``FakeTelegram``: the Bot API over HTTP on loopback, faults on demand, and the way to people and groups.

Decides nothing about messages and chats: that is the methods' business.
"""

import asyncio
import inspect
import socket
import struct
import time
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.botapi.chat_methods import METHODS
from tests.botapi.people import Group, Person
from tests.botapi.wire import ApiError, Json, Params
from tests.botapi.world import World

TOKEN = "271828:AAF-a_token_that_only_the_tests_know"


@dataclass(eq=False)
class Fault:
    """What goes wrong with a call: an HTTP ``status``, a ``reset`` of the connection, a ``delay`` in seconds.

    ``after`` = the call has had its effect by then. ``chat`` None = calls about any chat.
    """

    status: int | None = None
    reset: bool = False
    delay: float = 0.0
    retry_after: int = 1
    after: bool = False
    chat: int | None = None


@dataclass(frozen=True)
class Call:
    """A call that the bot made: the status it got (0 = the connection was reset), when (monotonic seconds), the error."""

    method: str
    params: Json
    status: int
    at: float
    error: str = ""


class FakeTelegram:
    """One bot's Telegram. Use as an asynchronous context manager; everything lives in the loop of the test."""

    def __init__(self, token: str = TOKEN, username: str = "wence_test_bot", *, privacy: bool = True) -> None:
        self.token = token
        self.world = World(
            {
                "id": int(token.partition(":")[0]),
                "is_bot": True,
                "first_name": "问策",
                "username": username,
                "can_join_groups": True,
                "can_read_all_group_messages": not privacy,
                "supports_inline_queries": False,
                "can_connect_to_business": False,
                "has_main_web_app": False,
            }
        )
        self.world.updates.on_reply = self._call_in_reply
        self.calls: deque[Call] = deque(maxlen=10_000)
        self.unhandled: list[BaseException] = []
        """Errors of the server itself: a test that ends with any must fail."""
        self._counts: Counter[str] = Counter()
        self._faults: dict[str, deque[Fault]] = {}
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.world.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if error is None and self.unhandled:
            raise ExceptionGroup("the Bot API server failed", [e for e in self.unhandled if isinstance(e, Exception)])

    @property
    def base_url(self) -> str:
        """The root, up to and without ``/bot<token>``."""
        return f"http://127.0.0.1:{self._port}"

    # -- people

    async def user(self, user_id: int, name: str, *, started: bool = True) -> Person:
        """A person with a private chat; ``started`` False = who has never written to the bot."""
        return Person.create(self.world, user_id, name, started=started)

    async def group(
        self,
        chat_id: int,
        title: str,
        members: Sequence[Person] = (),
        *,
        forum: bool = False,
        bot: str | None = "member",
        rights: Sequence[str] = (),
    ) -> Group:
        """A group (a forum is a supergroup); the first member owns it. ``bot`` is the bot's status, None = not in it."""
        return Group.create(self.world, chat_id, title, members, forum=forum, bot=bot, rights=rights)

    # -- faults

    def fail(self, method: str, *, times: int = 1, **fault: Any) -> None:
        """The next ``times`` calls of a method (``*`` = of any but getUpdates) go wrong as the fields of Fault say."""
        self._faults.setdefault(method.lower(), deque()).extend(Fault(**fault) for _ in range(times))

    def recover(self) -> None:
        """Forgets the faults that have not happened yet."""
        self._faults.clear()

    def deliver_twice(self, times: int = 1) -> None:
        """The next ``times`` updates come twice, the second time after they were confirmed."""
        self.world.updates.duplicates = times

    def repeat(self, update: Json, chat: int) -> None:
        """Delivers an update that was confirmed long ago once more."""
        self.world.updates.repeat(update, chat)

    def out_of_order(self) -> AbstractContextManager[None]:
        """What people do within the block arrives backwards."""
        return self.world.updates.reversed()

    def count(self, method: str) -> int:
        """How often a method was called, calls that still wait for updates included."""
        return self._counts[method.lower()]

    def called(self, method: str) -> list[Call]:
        """The calls of a method so far, oldest first."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def _fault(self, method: str, params: Params) -> Fault | None:
        for name in (method, "*") if method != "getupdates" else (method,):
            waiting = self._faults.get(name, deque())
            fault = next((f for f in waiting if f.chat is None or str(f.chat) == params.text("chat_id")), None)
            if fault is not None:
                waiting.remove(fault)
                return fault
        return None

    # -- HTTP

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _answer(ApiError(401, "Unauthorized").json(), 401)
        try:
            params = await Params.read(request)
        except ApiError as error:
            return _answer(error.json(), error.code)
        self._counts[method.lower()] += 1
        fault = self._fault(method.lower(), params)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and not fault.after and (fault.reset or fault.status):
            return self._break(request, method, params, fault)
        body, status = await self._call(method, params)
        if fault is not None and fault.after and (fault.reset or fault.status):
            return self._break(request, method, params, fault)
        self.calls.append(Call(method, params.values, status, time.monotonic(), body.get("description", "")))
        return _answer(body, status)

    async def _call(self, method: str, params: Params) -> tuple[Json, int]:
        function = METHODS.get(method.lower())
        try:
            if function is None:
                raise ApiError(404, "Not Found: method not found")
            result = function(self.world, params)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            return error.json(), error.code
        except Exception as error:
            self.unhandled.append(error)
            return {"ok": False, "error_code": 500, "description": f"Internal Server Error: {error!r}"}, 500
        return {"ok": True, "result": result}, 200

    async def _call_in_reply(self, body: Json) -> None:
        """A method that came in the answer to the webhook; its result goes nowhere."""
        method = str(body.pop("method"))
        answer, status = await self._call(method, Params(body))
        self.calls.append(Call(method, body, status, time.monotonic(), answer.get("description", "")))

    def _break(self, request: web.Request, method: str, params: Params, fault: Fault) -> web.Response:
        self.calls.append(Call(method, params.values, 0 if fault.reset else fault.status or 0, time.monotonic()))
        if fault.reset:
            if request.transport is not None:
                sock = request.transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                request.transport.abort()
            return web.Response()
        if fault.status == 429:
            text = f"Too Many Requests: retry after {fault.retry_after}"
            return _answer(ApiError(429, text, retry_after=fault.retry_after).json(), 429)
        if fault.status == 500:
            return _answer(ApiError(500, "Internal Server Error").json(), 500)
        # A gateway answers for a server that is away, and it speaks HTML.
        return web.Response(
            status=fault.status or 502, text="<html><body>Bad Gateway</body></html>", content_type="text/html"
        )


def _answer(body: Json, status: int) -> web.Response:
    return web.json_response(body, status=status)
