"""Pages that are open: each hears what is new, nobody waits for another, and who goes leaves nothing behind."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Message

from bot.web import listeners
from bot.web.listeners import Listeners


class Log:
    """What was said to people; it ``fails`` so many times."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fails = 0

    async def news(self, person: str, after: int) -> tuple[int, str] | None:
        """What there is after ``after``."""
        if self.fails:
            self.fails -= 1
            raise OSError("away")
        mine = [(at, line) for at, line in enumerate(self.lines, 1) if line.startswith(person) and at > after]
        return (mine[-1][0], " ".join(line for _, line in mine)) if mine else None


class Page:
    """One that listens; ``slow``: it takes nothing in until it is told to."""

    def __init__(self, slow: bool = False) -> None:
        self.heard = b""
        self.news = asyncio.Event()
        self.gone = asyncio.Event()
        self.awake = asyncio.Event()
        if not slow:
            self.awake.set()

    async def receive(self) -> Message:
        """Waits until it goes."""
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Hears something."""
        await self.awake.wait()
        self.heard += message["body"]
        self.news.set()
        if not message["more_body"]:
            self.gone.set()

    async def hears(self, words: str) -> None:
        """Waits until it has heard ``words``."""
        while words.encode() not in self.heard:
            self.news.clear()
            await self.news.wait()


@asynccontextmanager
async def listening(all: Listeners, *pages: Page, person: str = "a", after: int = 0) -> AsyncGenerator[None]:
    tasks = [asyncio.create_task(all.listen(person, after, page.receive, page.send)) for page in pages]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for page in pages:
            page.gone.set()
        await asyncio.gather(*tasks)


async def test_every_page_of_a_person_hears_what_came_before_and_what_comes() -> None:
    log, one, other, stranger = Log(), Page(), Page(), Page()
    all = Listeners(log.news)
    log.lines += ["a1", "a2"]
    async with listening(all, one, other, after=1), listening(all, stranger, person="c"):
        await one.hears("id: 2\r\ndata: a2\r\n\r\n")
        log.lines += ["a3", "b4"]
        all.told(["a", "nobody"])
        await one.hears("id: 3\r\ndata: a3\r\n\r\n")
        await other.hears("id: 3\r\ndata: a3\r\n\r\n")
        assert all.any
    assert one.heard == other.heard == b"id: 2\r\ndata: a2\r\n\r\nid: 3\r\ndata: a3\r\n\r\n"
    assert stranger.heard == b""
    assert not all.any


async def test_who_is_slow_holds_nobody_up_and_hears_all_in_the_end() -> None:
    log, slow, quick = Log(), Page(slow=True), Page()
    all = Listeners(log.news)
    async with listening(all, slow, quick):
        for line in ("a1", "a2", "a3"):
            log.lines.append(line)
            all.told(["a"])
            await quick.hears(line)
        assert slow.heard == b""
        slow.awake.set()
        await slow.hears("a3")
    assert slow.heard == b"id: 1\r\ndata: a1\r\n\r\nid: 3\r\ndata: a2 a3\r\n\r\n"


async def test_what_cannot_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "LATER", 0.0)
    log, page = Log(), Page()
    log.lines, log.fails = ["a1"], 2
    async with listening(Listeners(log.news), page):
        await page.hears("a1")
    assert log.fails == 0


async def test_who_hears_nothing_is_told_that_we_are_there() -> None:
    log, page = Log(), Page()
    all = Listeners(log.news)
    async with listening(all, page):
        alive = asyncio.create_task(all.keep_alive(after=0.0, tick=0.0))
        await page.hears(": here\r\n\r\n")
        alive.cancel()
    assert page.heard.replace(b": here\r\n\r\n", b"") == b""


async def test_who_listens_when_we_go_is_let_go() -> None:
    log, page = Log(), Page()
    all = Listeners(log.news)
    listens = asyncio.create_task(all.listen("a", 0, page.receive, page.send))
    await asyncio.sleep(0)
    await all.end()
    await listens
    assert not all.any
