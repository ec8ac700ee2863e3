"""Who leads of several on one database: one at a time, whatever happens to its connection; one server of a SQLite file."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from conversations.storage import leadership
from conversations.storage.leadership import AlreadyServedError, Leadership, sole_server
from tests import databases

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BEAT", "SURE", "GONE", "HANDOVER"):
        monkeypatch.setattr(leadership, name, getattr(leadership, name) / 5)


@pytest.fixture
def url(postgres: Path) -> str:
    return databases.postgresql(postgres)


class Led:
    """Notes who leads, and whether anybody ever began while another had not ended."""

    def __init__(self) -> None:
        self.leading: list[str] = []
        self.begun: list[str] = []
        self.together = False
        self._tasks: list[asyncio.Task[None]] = []

    def join(self, name: str, lead: Leadership) -> asyncio.Task[None]:
        """Have ``lead`` take part; the task that tries to lead, to be cancelled for one that ends in order."""

        async def work() -> None:
            self.together = self.together or bool(self.leading)
            self.begun.append(name)
            self.leading.append(name)
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.01)  # ending takes a moment
                self.leading.remove(name)

        tasks = [asyncio.create_task(lead.run()), asyncio.create_task(lead.lead(work))]
        self._tasks += tasks
        return tasks[0]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110  (what is waited for has no event)
                await asyncio.sleep(0.01)

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
async def led() -> AsyncIterator[Led]:
    led = Led()
    yield led
    await led.end()
    assert not led.together


async def test_one_of_three_leads_and_another_when_it_ends(url: str, led: Led) -> None:
    first = led.join("a", Leadership(url))
    await led.until(lambda: led.begun == ["a"])
    led.join("b", Leadership(url))
    led.join("c", Leadership(url))
    first.cancel()
    await led.until(lambda: len(led.begun) == 2)
    assert led.begun[1] in ("b", "c")


async def test_who_loses_the_session_ends_its_work_before_another_begins(url: str, led: Led) -> None:
    for name in ("a", "b"):
        led.join(name, Leadership(url))
    for times in range(1, 6):
        await led.until(lambda times=times: len(led.begun) == times)
        await databases.end_lead(url)
    await led.until(lambda: len(led.begun) == 6)


class Relay:
    """A way to the database that can be cut, so that nothing arrives any more and nobody is told."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = str(make_url(url).update_query_dict({"host": str(folder)}).render_as_string(False))
        self._to = Path(str(make_url(url).query["host"])) / ".s.PGSQL.5432"
        self._at = folder / ".s.PGSQL.5432"
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_unix_server(self._pair, self._at)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open.set()
        self._server.close()

    def cut(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self._open.set()

    async def _pair(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._to)
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
        writer.close()


async def test_who_is_cut_off_stops_before_another_begins_and_may_lead_again(url: str, led: Led) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Relay(url, Path(folder)) as relay:
            led.join("a", Leadership(relay.url))
            await led.until(lambda: led.begun == ["a"])
            other = led.join("b", Leadership(url))
            relay.cut()
            await led.until(lambda: led.begun == ["a", "b"])
            relay.mend()
            other.cancel()
            await led.until(lambda: led.begun == ["a", "b", "a"])
            await led.end()


async def test_after_a_standstill_no_step_is_taken_before_the_database_has_answered(url: str, led: Led) -> None:
    lead = Leadership(url)
    led.join("a", lead)
    await led.until(lambda: led.leading == ["a"])
    lead._until = 0.0  # so it is when nothing ran for a while
    step = asyncio.create_task(lead.confirmed())
    await asyncio.sleep(0)
    assert not step.done()
    await step
    assert led.begun == ["a"]


async def test_who_finds_no_database_leads_once_there_is_one(url: str, led: Led) -> None:
    with tempfile.TemporaryDirectory() as folder:
        relay = Relay(url, Path(folder))
        led.join("a", Leadership(relay.url))
        for _ in range(2):
            await asyncio.sleep(leadership.BEAT)
            assert led.begun == []
        async with relay:
            await led.until(lambda: led.begun == ["a"])
            await led.end()


async def test_what_the_work_comes_to_is_told() -> None:
    async def done() -> None:
        pass

    async def fails() -> None:
        raise LookupError("no use")

    await Leadership().lead(done)
    with pytest.raises(LookupError, match="no use"):
        await Leadership().lead(fails)
    await Leadership().confirmed()


def test_a_sqlite_file_has_one_server_and_any_number_once_it_has_ended(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/wence.db"
    (tmp_path / "other.db").symlink_to(tmp_path / "wence.db")
    for _ in range(2):
        with sole_server(url):
            for same in (url, f"sqlite+aiosqlite:///{tmp_path}/other.db"):
                with (
                    pytest.raises(AlreadyServedError, match=r"wence\.db 已经有一个 wence serve 在用.*PostgreSQL"),
                    sole_server(same),
                ):
                    pass
            with sole_server(f"sqlite+aiosqlite:///{tmp_path}/third.db"):
                pass
    memory = partial(sole_server, "sqlite+aiosqlite://")
    with memory(), memory(), sole_server("postgresql+asyncpg://postgres@/one"):
        pass
    assert {file.name for file in tmp_path.iterdir()} == {"other.db", "wence.db.lock", "third.db.lock"}


def test_a_lock_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"wence\.db\.lock"), sole_server(f"sqlite+aiosqlite:///{tmp_path}/no/wence.db"):
        pass
