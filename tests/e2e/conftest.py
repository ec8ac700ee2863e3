"""One ``wence serve`` for all tests that do it no harm; those that kill it or fail its calls start their own.

Every person is a new one, so the tests do not meet.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from knowledge.loading import load
from knowledge.policy import Policy
from tests.botapi import FakeTelegram
from tests.e2e.house import House
from tests.e2e.process import Serve


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The pack that the processes serve."""
    return load()


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


async def _own(policy: Policy, folder: Path, *, webhook: bool) -> AsyncIterator[House]:
    async with FakeTelegram() as telegram:
        serve = Serve(telegram, folder, webhook=webhook)
        await serve.start()
        house = House(telegram, serve, policy)
        yield house
        await serve.stop()
        assert house.mistakes() == []


@pytest_asyncio.fixture
async def own_house(policy: Policy, tmp_path: Path) -> AsyncIterator[House]:
    """A bot of the test's own, by webhook, to be killed and hindered."""
    async for house in _own(policy, tmp_path, webhook=True):
        yield house


@pytest_asyncio.fixture
async def polling_house(policy: Policy, tmp_path: Path) -> AsyncIterator[House]:
    """A bot of the test's own that polls."""
    async for house in _own(policy, tmp_path, webhook=False):
        yield house


@pytest_asyncio.fixture(params=["webhook", "polling"])
async def either_house(request: pytest.FixtureRequest, policy: Policy, tmp_path: Path) -> AsyncIterator[House]:
    """A bot of the test's own, once of each kind."""
    async for house in _own(policy, tmp_path, webhook=request.param == "webhook"):
        yield house
