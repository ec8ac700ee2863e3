"""One ``wence serve`` for all tests that do it no harm, one of either kind for those that kill it or hinder it.

Every person is a new one, so the tests do not meet.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from knowledge.policy import Policy
from tests import served
from tests.botapi import FakeTelegram
from tests.e2e.house import House
from tests.e2e.process import Serve


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The pack that the processes serve."""
    return served.policy()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _shared(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with FakeTelegram() as telegram:
        serve = Serve(telegram, tmp_path_factory.mktemp("serve"), webhook=True)
        await serve.start()
        yield House(telegram, serve, policy)
        assert await serve.stop() == 0


@pytest.fixture
def house(_shared: House) -> Iterator[House]:
    """The shared bot, by webhook; a test that makes it misbehave fails at its end."""
    before = _shared.mistakes()
    yield _shared
    assert _shared.mistakes() == before


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _mortal(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[bool, House]]:
    """Bots by webhook (True) and by polling (False), not started yet."""
    async with FakeTelegram() as hooked, FakeTelegram() as polled:
        houses = {
            webhook: House(telegram, Serve(telegram, tmp_path_factory.mktemp("mortal"), webhook=webhook), policy)
            for webhook, telegram in ((True, hooked), (False, polled))
        }
        yield houses
        for house in houses.values():
            await house.serve.stop()


async def _running(house: House) -> AsyncIterator[House]:
    if not house.serve.running:
        await house.serve.start()
    before = house.mistakes()
    yield house
    house.telegram.recover()
    assert house.mistakes() == before


@pytest_asyncio.fixture(loop_scope="session")
async def mortal_house(_mortal: dict[bool, House]) -> AsyncIterator[House]:
    """A bot by webhook, to be killed and hindered."""
    async for house in _running(_mortal[True]):
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def polling_house(_mortal: dict[bool, House]) -> AsyncIterator[House]:
    """A bot that polls, to be killed and hindered."""
    async for house in _running(_mortal[False]):
        yield house


@pytest_asyncio.fixture(loop_scope="session", params=["webhook", "polling"])
async def either_house(request: pytest.FixtureRequest, _mortal: dict[bool, House]) -> AsyncIterator[House]:
    """A bot to be killed and hindered, once of each kind."""
    async for house in _running(_mortal[request.param == "webhook"]):
        yield house
