"""The chat page in figures: weight and first byte, messages a second with durable commits, memory when many are open.

Run: ``uv run --group bench python -m benchmarks.web [--seconds S] [--visitors N] [--open N]``. The server is a process
of its own, with the rate limits lifted; beside it, in the same run, a Starlette app that keeps nothing and answers
every request with a constant of the same size. The visitors live in this process, on keep-alive connections; a message
is a press or a text of a real consultation, and is in the database (SQLite, synchronous=FULL) before it is answered.
"""

import argparse
import asyncio
import json
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from tests.e2e.process import free_port

ROOT = Path(__file__).parent.parent
SIDE_BY_SIDE = 32
"""Visitors who send at the same time."""


# -- the two servers, each in a process of its own


async def serve_wence(port: int, folder: str) -> None:
    """The chat page on a new database."""
    import uvicorn

    from bot.web.app import create_app
    from bot.web.chat import Chat
    from conversations.service import Service
    from conversations.state.shelf import Shelf
    from conversations.storage.store import Store
    from knowledge.loading import load

    service = Service(Shelf(load()), await Store.open(f"sqlite+aiosqlite:///{folder}/wence.db"))
    async with Chat(service, limited=False) as chat:
        config = uvicorn.Config(
            chat.before(create_app(service, chat.routes)), port=port, log_level="error", backlog=4096
        )
        await uvicorn.Server(config).serve()


async def serve_nothing(port: int, folder: str) -> None:
    """The same answers in size, without the work."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, JSONResponse, Response
    from starlette.routing import Route

    async def page(request: Request) -> Response:
        return HTMLResponse("x" * 15_000)

    async def say(request: Request) -> Response:
        await request.body()
        return JSONResponse({"messages": "x" * 1_200, "panel": "x" * 600, "last": 1, "reset": False})

    app = Starlette(routes=[Route("/", page), Route("/say", say, methods=["POST"])])
    await uvicorn.Server(uvicorn.Config(app, port=port, log_level="error")).serve()


class Server:
    """One of them, started."""

    def __init__(self, name: str, folder: str) -> None:
        self.port = free_port()
        self.folder = folder
        self._arguments = (sys.executable, "-m", "benchmarks.web", "--serve", name, str(self.port), folder)
        self.process: asyncio.subprocess.Process

    async def __aenter__(self) -> "Server":
        self.process = await asyncio.create_subprocess_exec(*self._arguments, cwd=ROOT)
        return await self.waited()

    async def waited(self) -> "Server":
        """The server, once it answers."""
        for _ in range(300):
            try:
                await Connection(self.port).request(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
                return self
            except OSError:
                await asyncio.sleep(0.1)
        raise RuntimeError("the server does not start")

    async def __aexit__(self, *_: object) -> None:
        self.process.kill()
        await self.process.wait()

    @property
    def memory(self) -> float:
        """Megabytes that the process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


# -- the visitors


class Connection:
    """One keep-alive connection, opened when it is first needed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(self, raw: bytes, *, stream: bool = False) -> tuple[str, bytes]:
        """Head and body of the answer; of a ``stream`` the head alone."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(raw)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head)
        return head, b"" if stream or not length else await reader.readexactly(int(length[1]))

    def close(self) -> None:
        """Closes it."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Visitor:
    """Somebody who talks to a server, with a cookie of their own; ``forwarded`` by a proxy, from an address of their own."""

    def __init__(self, connection: Connection, *, forwarded: bool = False) -> None:
        self.connection = connection
        address = ".".join(str(secrets.randbelow(250) + 1) for _ in range(3))
        self._proxied = f"\r\nx-forwarded-for: 9.{address}" * forwarded
        self._cookie = secrets.token_urlsafe(32)
        self.last = 0

    async def send(self, fields: dict[str, str | Sequence[str]]) -> None:
        """Sends one message and takes the answer."""
        body = urlencode({"message": secrets.token_hex(8), "after": self.last, **fields}, doseq=True)
        head, answer = await self.connection.request(
            self._head(f"POST /say HTTP/1.1\r\ncontent-length: {len(body)}") + body.encode()
        )
        assert head.startswith("HTTP/1.1 200"), head
        self.last = json.loads(answer)["last"]

    async def consult(self) -> None:
        """A whole consultation, eight messages long."""
        for fields in CONSULTATION:
            await self.send(fields)

    async def begin(self) -> None:
        """Begins a consultation, and is gone for now."""
        await self.send({"choice": "1:?done", "tick": "1:?t0"})
        self.connection.close()

    async def listen(self) -> None:
        """Opens the stream of late replies."""
        head, _ = await self.connection.request(self._head(f"GET /stream?after={self.last} HTTP/1.1"), stream=True)
        assert "text/event-stream" in head, head

    def _head(self, line: str) -> bytes:
        fixed = "host: localhost\r\norigin: http://localhost\r\naccept: application/json\r\ncontent-type: application/x-www-form-urlencoded"
        return f"{line}\r\n{fixed}{self._proxied}\r\ncookie: wence={self._cookie}\r\n\r\n".encode()


CONSULTATION: tuple[dict[str, str | Sequence[str]], ...] = (
    {"choice": ["1:?done"], "tick": ["1:?t0", "1:?t3", "1:?t9"]},
    *(
        {"text": [text]}
        for text in ("是", "两百六十万左右", "没领过", "省级", "是", "三万", "园区和楼宇的奖能一起拿吗")
    ),
)


async def first_byte(server: Server, times: int = 200) -> tuple[float, int]:
    """Median milliseconds to the head of the page, and the bytes of all that it needs."""
    taken: list[float] = []
    body = b""
    for _ in range(times):
        connection = Connection(server.port)
        begun = time.perf_counter()
        _, body = await connection.request(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        taken.append(time.perf_counter() - begun)
        connection.close()
    size = len(body)
    for address in re.findall(rb'(?:src|href)="(static/[^"]+)"', body):
        size += len((await Connection(server.port).request(b"GET /%b HTTP/1.1\r\nhost: x\r\n\r\n" % address))[1])
    return 1000 * statistics.median(taken), size


async def messages_a_second(server: Server, seconds: float) -> float:
    """Messages answered, a second, to visitors who come one after another on each of the connections."""
    count = 0
    end = time.perf_counter() + seconds

    async def one_after_another() -> None:
        nonlocal count
        connection = Connection(server.port)
        while time.perf_counter() < end:
            await Visitor(connection).consult()
            count += len(CONSULTATION)
        connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(SIDE_BY_SIDE)))
    return count / (time.perf_counter() - begun)


async def memory(server: Server, consultations: int, opened: int) -> tuple[float, float, float]:
    """Megabytes held before, with so many consultations begun, and with so many of them listening."""
    before = server.memory
    visitors = [Visitor(Connection(server.port)) for _ in range(consultations)]
    waiting = iter(visitors)

    async def begin() -> None:
        for visitor in waiting:
            await visitor.begin()

    await asyncio.gather(*(begin() for _ in range(SIDE_BY_SIDE)))
    begun = server.memory
    listening = iter(visitors[:opened])

    async def listen() -> None:
        for visitor in listening:
            await visitor.listen()

    await asyncio.gather(*(listen() for _ in range(SIDE_BY_SIDE)))
    await asyncio.sleep(1)
    return before, begun, server.memory


async def main(seconds: float, consultations: int, opened: int) -> None:
    """Prints everything."""
    with tempfile.TemporaryDirectory() as folder:
        async with Server("wence", folder) as wence, Server("nothing", folder) as nothing:
            for name, server in (("page", wence), ("do-nothing app", nothing)):
                taken, size = await first_byte(server)
                print(f"{name}: first byte after {taken:.2f} ms (median), {size / 1000:.1f} kB all told")
            rounds = [
                (await messages_a_second(wence, seconds), await messages_a_second(nothing, seconds)) for _ in range(3)
            ]
            ours, theirs = map(statistics.median, zip(*rounds, strict=True))
            print(f"messages a second, durable: {ours:.0f}; do-nothing app: {theirs:.0f}; ratio {ours / theirs:.2f}")
        async with Server("wence", tempfile.mkdtemp(dir=folder)) as wence:
            before, begun, listening = await memory(wence, consultations, min(opened, consultations))
            each = 1024 * (listening - before) / consultations
            print(
                f"memory: {before:.0f} MB; {consultations} consultations begun: {begun:.0f} MB;"
                f" {opened} of them listening: {listening:.0f} MB ({each:.1f} kB each)"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        from uvicorn.loops.auto import auto_loop_factory

        served = {"wence": serve_wence, "nothing": serve_nothing}[sys.argv[2]]
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # as `wence serve` runs
            runner.run(served(int(sys.argv[3]), sys.argv[4]))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--seconds", type=float, default=5)
        parser.add_argument("--visitors", type=int, default=10_000)
        parser.add_argument("--open", type=int, default=10_000)
        options = parser.parse_args()
        asyncio.run(main(options.seconds, options.visitors, options.open))
