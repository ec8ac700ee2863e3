"""Pages that are open and listen: server-sent events for many who wait long, at little cost for each.

One who listens is a request that waits for its end, and a row here: no task, no timer and no buffer of its own. A task
lives as long as there is something to be told. One timer keeps all connections from being taken for dead. Knows
neither who listens nor what is told.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from conversations.storage.faults import complain

log = logging.getLogger(__name__)

LATER = 10.0
"""Seconds after which what could not be read is read again."""
ALIVE = 25.0
"""Seconds without a word after which a connection is told that we are there."""
TICK = 1.0
"""Seconds between two looks for such connections."""
ENDLESS = "endless"
"""In the state of a request whose answer has no end, who listens from where on: nobody waits for it when the server goes."""
_BEGIN = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")],
}

News = Callable[[str, int], Awaitable[tuple[int, str] | None]]
"""What there is for a person after the number that they have: the number of the last of it, and its text in one line."""


class _Listener:
    """One who listens: has all up to ``after``. ``heard`` is when they were told something last."""

    __slots__ = ("after", "heard", "more", "person", "send", "telling")

    def __init__(self, person: str, after: int, send: Send) -> None:
        self.person = person
        self.after = after
        self.send = send
        self.heard = 0.0
        self.telling = False
        self.more = False


async def begin(scope: Scope, receive: Receive, send: Send) -> None:
    """The application that begins such an answer, and no more."""
    await send(_BEGIN)


class Listeners:
    """All who listen; ``news`` reads what there is for one, and is asked again where the database fails it."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._by_person: dict[str, list[_Listener]] = {}
        self._by_age: dict[_Listener, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, person: str, after: int, receive: Receive, send: Send) -> None:
        """Tell ``person`` what comes after ``after`` until they go, or we do; the answer has begun."""
        listener = _Listener(person, after, send)
        self._by_person.setdefault(person, []).append(listener)
        self._hear(listener)
        self._tell(listener)  # something may have come since the page was drawn
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._forget(listener)

    def told(self, people: Iterable[str]) -> None:
        """There is something new for these."""
        for person in people:
            for listener in self._by_person.get(person, ()):
                self._tell(listener)

    @property
    def any(self) -> bool:
        """Whether anybody listens."""
        return bool(self._by_person)

    async def keep_alive(self, after: float = ALIVE, tick: float = TICK) -> None:
        """For ever: say now and then to those who hear nothing that we are there."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(tick)
            until = clock() - after
            while (oldest := next(iter(self._by_age), None)) is not None and oldest.heard <= until:
                self._hear(oldest)
                if not oldest.telling:
                    self._start(self._say(oldest, b": here\r\n\r\n"))

    async def end(self) -> None:
        """Let all go; their pages come again."""
        for listener in [*self._by_age]:
            await self._say(listener, b"", more=False)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell(self, listener: _Listener) -> None:
        """Have them told what there is, after what they are being told already."""
        listener.more = True
        if not listener.telling:
            listener.telling = True
            self._start(self._tell_all(listener))

    async def _tell_all(self, listener: _Listener) -> None:
        try:
            while listener.more and listener in self._by_age:
                listener.more = False
                try:
                    found = await self._news(listener.person, listener.after)
                except (SQLAlchemyError, OSError) as error:
                    complain(log, "A page that is open could not be read", error)
                    await asyncio.sleep(LATER)
                    listener.more = True
                    continue
                if found is not None:
                    listener.after, text = found
                    self._hear(listener)
                    await self._say(listener, f"id: {listener.after}\r\ndata: {text}\r\n\r\n".encode())
        finally:
            listener.telling = False

    async def _say(self, listener: _Listener, body: bytes, *, more: bool = True) -> None:
        await listener.send({"type": "http.response.body", "body": body, "more_body": more})

    def _hear(self, listener: _Listener) -> None:
        """They hear something now: they are the last of those who wait to."""
        listener.heard = asyncio.get_running_loop().time()
        self._by_age.pop(listener, None)
        self._by_age[listener] = None

    def _forget(self, listener: _Listener) -> None:
        self._by_age.pop(listener, None)
        rest = [each for each in self._by_person[listener.person] if each is not listener]
        if rest:
            self._by_person[listener.person] = rest
        else:
            del self._by_person[listener.person]

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
