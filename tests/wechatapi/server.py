"""``FakeWeChat``: the interface over HTTP on loopback, callbacks to the office, faults on demand, the way to people.

Decides nothing about messages: that is the methods' business.
"""

import asyncio
import itertools
import json
import socket
import struct
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web
from aiohttp.multipart import BodyPartReader

from tests.wechatapi.methods import LOOKED_UP, METHODS
from tests.wechatapi.people import Visitor
from tests.wechatapi.sealing import document, encrypt, signed
from tests.wechatapi.world import MEDIA_LASTS, Chat, Json, Media, RefusedError, World

CORP, SECRET, KF = "ww0123456789abcdef", "the-secret-of_the-tests", "wkTheOfficesService"
TOKEN, AES_KEY = "aCallbackToken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
MOST_AT_ONCE = 5
LARGEST = {"file": 20 * 1024 * 1024, "image": 10 * 1024 * 1024}
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""How a PNG and a JPEG begin; no other picture is taken."""


@dataclass(eq=False)
class Fault:
    """What goes wrong with a call: an error number, an HTTP ``status``, a ``reset``, a ``delay`` in seconds.

    ``after``: the call has had its effect by then. ``empty``: the answer holds nothing but that there is no error.
    """

    errcode: int = 0
    status: int = 0
    reset: bool = False
    delay: float = 0.0
    after: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Call:
    """A call that the office made, and the number of its error (0 = none)."""

    method: str
    body: Json
    errcode: int
    text: str = ""


@dataclass
class FakeWeChat:
    """One enterprise's WeChat. Use as an asynchronous context manager; everything lives in the loop of the test.

    ``hook`` is where callbacks go; ``page`` is the most entries of an answer to ``sync_msg``; ``seldom`` is how often a
    minute it may be asked for without a callback's token. ``silent`` keeps callbacks back.
    """

    hook: str = ""
    others: tuple[str, ...] = ()
    """Where callbacks go by turns, too: several processes behind one address."""
    page: int = 1000
    seldom: int = 30
    silent: bool = False
    twice: bool = False
    empty_pages: int = 0
    """So many answers are empty although there is more."""
    calls: deque[Call] = field(default_factory=lambda: deque[Call](maxlen=20_000))
    unhandled: list[BaseException] = field(default_factory=list[BaseException])

    def __post_init__(self) -> None:
        self.world = World(KF)
        self.world.on_news = self._tell
        self.access = {"": 0.0}
        self.callback_tokens: dict[str, float] = {}
        self._turns = itertools.count()
        self.at_once = self.most_at_once = 0
        self._counts: Counter[str] = Counter()
        self._faults: dict[str, deque[Fault]] = {}
        self._asked: deque[float] = deque()
        self._telling: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/cgi-bin/{method:.+}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if error is None and self.unhandled:
            raise ExceptionGroup("the server failed", [e for e in self.unhandled if isinstance(e, Exception)])

    @property
    def base_url(self) -> str:
        """The root of the interface."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def settings(self) -> dict[str, str]:
        """What the office writes into its settings."""
        told = {"CORP_ID": CORP, "SECRET": SECRET, "KF_ID": KF, "TOKEN": TOKEN, "AES_KEY": AES_KEY}
        return {f"WENCE_WECHAT_{name}": value for name, value in (told | {"BASE_URL": self.base_url}).items()}

    def visitor(self, name: str = "") -> Visitor:
        """Somebody who has not been here yet."""
        who = self.world.new(f"wm{name}")
        self.world.chats[who] = Chat(who)
        return Visitor(self.world, who)

    # -- faults

    def fail(self, method: str, *, times: int = 1, **fault: Any) -> None:
        """The next ``times`` calls of a method go wrong as the fields of Fault say."""
        self._faults.setdefault(method, deque()).extend(Fault(**fault) for _ in range(times))

    def recover(self) -> None:
        """Forgets the faults that have not happened yet."""
        self._faults.clear()

    def revoke(self) -> None:
        """No access token that was given out holds any more."""
        self.access = {"": 0.0}

    def count(self, method: str) -> int:
        """How often a method was called, calls under way included."""
        return self._counts[method]

    def called(self, method: str) -> list[Call]:
        """The calls of a method so far that have been answered, oldest first."""
        return [call for call in self.calls if call.method == method]

    # -- callbacks

    def _tell(self) -> None:
        if self.hook and not self.silent:
            for _ in range(1 + self.twice):
                self.tell()

    def tell(self, *, expired: bool = False) -> None:
        """Calls back; one that is ``expired`` comes so late that its token does not hold any more."""
        token = self.world.new("ENC")
        self.callback_tokens[token] = 0.0 if expired else self.world.now() + 600
        task = asyncio.create_task(self._call_back(token))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _call_back(self, token: str) -> None:
        """As 企业微信 does: again, a few times, where the answer is none within five seconds."""
        told = document(
            ToUserName=CORP,
            CreateTime=str(int(time.time())),
            MsgType="event",
            Event="kf_msg_or_event",
            Token=token,
            OpenKfId=KF,
        )
        sealed = encrypt(told, AES_KEY, CORP)
        body = document(ToUserName=CORP, AgentID="", Encrypt=sealed)
        for again in range(4):
            try:
                assert self._session is not None
                hooks = (self.hook, *self.others)
                hook = hooks[next(self._turns) % len(hooks)]
                async with self._session.post(hook, params=signed(TOKEN, sealed), data=body) as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(0.2 * (again + 1))

    # -- HTTP

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self._counts[method] += 1
        waiting = self._faults.get(method)
        fault = waiting.popleft() if waiting else Fault()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        body, errcode, text, answer = {}, fault.errcode, "on demand", Json()
        try:
            body = await self._read(request, method)
            if fault == Fault() or fault.after or not (fault.errcode or fault.status or fault.reset):
                answer = await self._answer(request, method, body)
                errcode, text = (0, "ok") if not fault.errcode else (fault.errcode, text)
        except RefusedError as error:
            errcode, text = error.code, error.text
        except Exception as error:
            self.unhandled.append(error)
            return web.Response(status=500)
        self.calls.append(Call(method, body, errcode, text))
        if fault.reset and request.transport is not None:
            sock = request.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.transport.abort()
        if fault.status:
            return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
        return web.json_response({"errcode": errcode, "errmsg": text} | ({} if errcode or fault.empty else answer))

    async def _read(self, request: web.Request, method: str) -> Json:
        if method == "media/upload":
            part = await (await request.multipart()).next()
            if not isinstance(part, BodyPartReader) or part.name != "media" or not part.filename:
                raise RefusedError(41005, "media data missing")
            return {"name": part.filename, "content": bytes(await part.read())}
        if request.method == "GET":
            return dict(request.query)
        try:
            return json.loads(await request.read())
        except ValueError:
            raise RefusedError(47001, "invalid json") from None

    async def _answer(self, request: web.Request, method: str, body: Json) -> Json:
        if method == "gettoken":
            return self._access(body)
        token = request.query.get("access_token", "")
        if not token:
            raise RefusedError(41001, "access_token missing")
        if token not in self.access:
            raise RefusedError(40014, "invalid access_token")
        if self.access[token] < self.world.now():
            raise RefusedError(42001, "access_token expired")
        if method == "kf/sync_msg":
            return await self._sync(body)
        if method == "media/upload":
            return self._upload(request.query.get("type", ""), body)
        known = LOOKED_UP if request.method == "GET" else METHODS
        if method not in known:
            raise RefusedError(40066, "no such interface")
        return known[method](self.world, body)

    def _access(self, given: Json) -> Json:
        if (given.get("corpid"), given.get("corpsecret")) != (CORP, SECRET):
            raise RefusedError(40001, "invalid credential")
        now = self.world.now()
        token, until = next(((t, u) for t, u in self.access.items() if u > now), ("", 0.0))
        if not token:
            token, until = self.world.new("ACCESS"), now + 7200
            self.access[token] = until
        return {"access_token": token, "expires_in": int(until - now)}

    async def _sync(self, asked: Json) -> Json:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.at_once > MOST_AT_ONCE:
                raise RefusedError(45033, "api concurrent out of limit")
            await asyncio.sleep(0)
            return self._page(asked)
        finally:
            self.at_once -= 1

    def _page(self, asked: Json) -> Json:
        now = self.world.now()
        if token := asked.get("token"):
            if self.callback_tokens.get(token, 0.0) < now:
                raise RefusedError(95007, "invalid msg token")
        else:
            while self._asked and now - self._asked[0] > 60:
                self._asked.popleft()
            if len(self._asked) >= self.seldom:
                raise RefusedError(45009, "api freq out of limit")
            self._asked.append(now)
        if asked.get("open_kfid") != KF:
            raise RefusedError(95004, "open_kfid not exist")
        cursor = asked.get("cursor") or "at-0"
        if not cursor.startswith("at-") or not 1 <= asked.get("limit", 1000) <= 1000:
            raise RefusedError(40058, "invalid cursor or limit")
        first = int(cursor[3:])
        if self.empty_pages and first < len(self.world.log):
            self.empty_pages -= 1
            return {"msg_list": [], "next_cursor": cursor, "has_more": 1}
        last = min(len(self.world.log), first + min(self.page, asked.get("limit", 1000)))
        more = int(last < len(self.world.log))
        return {"msg_list": self.world.log[first:last], "next_cursor": f"at-{last}", "has_more": more}

    def _upload(self, kind: str, body: Json) -> Json:
        content: bytes = body["content"]
        if kind not in LARGEST:
            raise RefusedError(40004, "invalid media type")
        if not 5 < len(content) <= LARGEST[kind]:
            raise RefusedError(40006, "invalid file size")
        if kind == "image" and not content.startswith(PICTURES):
            raise RefusedError(40005, "invalid file type")
        name = self.world.new("media")
        self.world.media[name] = Media(kind, body["name"], content, self.world.now() + MEDIA_LASTS)
        body["content"] = len(content)
        return {"type": kind, "media_id": name}
