"""Two processes on one PostgreSQL: one polls, the other takes over, and nobody notices; one process on a SQLite file."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from conversations.storage.store import Store
from conversations.storage.tables import Seen
from knowledge.policy import Policy
from tests import databases
from tests.botapi import FakeTelegram
from tests.e2e.applicant import Applicant, asks
from tests.e2e.cases import AGENCY, MANY
from tests.e2e.house import House
from tests.e2e.process import Serve, environment, free_port, wence
from tests.e2e.together import consult_together, times_heard
from tests.forked import Forked

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEADS, LEADS_NO_MORE = "This process leads", "does not lead any more"


@dataclass
class Pair:
    """Two processes, of which one leads."""

    url: str
    key: str
    telegram: FakeTelegram
    leader: Serve
    other: Serve
    house: House

    async def change(self, what: Callable[[], None]) -> None:
        """Does what ends the lead, and waits until the other leads."""
        before = self.other.log.count(LEADS)
        what()
        await until(lambda: self.other.log.count(LEADS) > before)
        self.leader, self.other = self.other, self.leader

    def conflicts(self) -> int:
        """How many of Telegram's answers said that there are two who poll."""
        return sum(call.status == 409 for call in self.telegram.called("getUpdates"))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  (what is waited for has no event)
            await asyncio.sleep(0.05)


@pytest_asyncio.fixture(loop_scope="session")
async def pair(policy: Policy, postgres: Path, tmp_path: Path) -> AsyncIterator[Pair]:
    url, key = databases.postgresql(postgres), Fernet.generate_key().decode()
    async with FakeTelegram() as telegram:
        serves: list[Serve] = []
        for name in "ab":
            folder = tmp_path / name
            folder.mkdir()
            serves.append(Serve(telegram, folder, WENCE_DATABASE_URL=url, WENCE_DATA_KEY=key))
        leader, other = serves
        await leader.start()
        await other.start(beside=True)
        houses = [House(telegram, serve, policy) for serve in serves]
        yield Pair(url, key, telegram, leader, other, houses[0])
        for serve in serves:
            serve.send(signal.SIGCONT)
            assert await serve.stop() == 0
        assert [mistake for house in houses for mistake in house.mistakes()] == []


async def consulted(pair: Pair, applicants: list[Applicant], meanwhile: Callable[[], "asyncio.Future[None]"]) -> None:
    """All consult while something happens; each has seen the total, and each update counts once."""
    disturbing = meanwhile()
    await consult_together(applicants, pair.leader.folder)
    await disturbing
    await until(lambda: not pair.telegram.world.updates.pending)
    store = await Store.open(pair.url, "looking on", pair.key)
    heard = await times_heard(store)
    async with store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Seen)) == sum(each.acts for each in applicants)
    await store.close()
    assert heard == {f"telegram:{each.person.id}": each.acts for each in applicants}


async def test_the_leader_is_killed_again_and_again(pair: Pair) -> None:
    async def kill() -> None:
        for _ in range(3):
            await asyncio.sleep(0.1)
            await pair.change(partial(pair.leader.send, signal.SIGKILL))
            await pair.other.kill()  # which it has been
            await pair.other.start(beside=True)

    applicants = [await pair.house.applicant(MANY, words=words) for words in (False, True)]
    await consulted(pair, applicants, lambda: asyncio.ensure_future(kill()))
    assert pair.conflicts() == 0


async def test_the_leader_loses_its_session_again_and_again(pair: Pair) -> None:
    """It may be the one that leads next; in between nobody does."""

    async def end() -> None:
        for times in range(4):
            await until(lambda times=times: led(pair) == times + 1)
            await databases.end_lead(pair.url)
        await until(lambda: led(pair) == 5)

    applicants = [await pair.house.applicant(AGENCY, words=words) for words in (False, True)]
    await consulted(pair, applicants, lambda: asyncio.ensure_future(end()))
    assert pair.conflicts() == 0
    assert lost(pair) == 4


def led(pair: Pair) -> int:
    return (pair.leader.log + pair.other.log).count(LEADS)


def lost(pair: Pair) -> int:
    return (pair.leader.log + pair.other.log).count(LEADS_NO_MORE)


async def test_a_leader_that_stands_still_is_replaced_and_follows_when_it_goes_on(pair: Pair) -> None:
    frozen = pair.leader
    await pair.change(partial(frozen.send, signal.SIGSTOP))
    await consulted(pair, [await pair.house.applicant(AGENCY)], lambda: asyncio.ensure_future(asyncio.sleep(0)))
    assert pair.conflicts() <= 1, "the poll that it had left open, which Telegram ends"
    frozen.send(signal.SIGCONT)
    await until(lambda: LEADS_NO_MORE in frozen.log)
    person = await pair.house.person()
    await person.send("/start")
    await person.wait_for(check=asks)
    assert pair.conflicts() <= 1
    await pair.change(partial(pair.leader.send, signal.SIGSTOP))
    assert pair.leader is frozen


async def test_both_serve_the_web(pair: Pair) -> None:
    for serve in (pair.leader, pair.other):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{serve.port}") as client:
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.get("/api/v1/policies")).status_code == 200


async def test_a_second_process_on_a_sqlite_file_says_so_and_a_killed_one_leaves_nothing(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        first = Serve(telegram, tmp_path)
        await first.start()
        said = tmp_path / "second.log"
        given = environment(tmp_path, WENCE_PORT=str(free_port()))
        second = Forked("serve", folder=tmp_path, environment=given, said=(said, said))
        async with asyncio.timeout(60):
            assert await second.wait() == 2
        (line,) = said.read_text("utf-8").splitlines()
        assert re.fullmatch(r"wence: 数据库 .*wence\.db 已经有一个 wence serve 在用.*请先停掉.*PostgreSQL。", line)
        for command in (["stats"], ["leads", "export", "leads.csv"], ["unanswered", "export"], ["key", "list"]):
            status, _, told = await wence(*command, folder=tmp_path)
            assert (status, told) == (0, "")
        await first.restart()
        assert await first.stop() == 0
