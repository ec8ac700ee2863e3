"""The API against its own description: whatever is sent, no 500, and no answer that the description does not have."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.api import Api
from bot.web.api_operations import OPERATIONS, PREFIX, TALKS, Operation
from conversations.service import Service
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from tests import databases
from tests.chance import draws

pytestmark = pytest.mark.exhaustive

T = TypeVar("T")


class OneLoop:
    """``app`` in an event loop of its own, whichever asks: what the store waits with belongs to one loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, daemon=True).start()
        self.app: ASGIApp | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        here = asyncio.get_running_loop()

        async def there(call: Any) -> Any:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call, here))

        async def handle() -> None:
            assert self.app is not None
            await self.app(scope, lambda: there(receive()), lambda message: there(send(message)))

        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(handle(), self._loop))


@pytest.fixture(scope="module")
def description(engine: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    folder: Path = tmp_path_factory.mktemp("api")
    served = OneLoop()
    store = served.run(Store.open(databases.sqlite(folder)))
    served.app = Starlette(routes=[Api(Service(engine, store), limited=False).mount])
    yield schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", served)
    served.run(store.close())


# A range may be empty, and a claim not be there: no schema says that. A key is not needed, so none can be ignored.
SKIPPED = [positive_data_acceptance, ignored_auth]

# Cases are large; on a busy machine making them takes its time.
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]

RUNS = [
    pytest.param(operation, mode, id=f"{operation.name}-{mode.value}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if operation.takes is not None or mode is GenerationMode.POSITIVE
]


@pytest.mark.parametrize(("operation", "mode"), RUNS)
def test_the_api_does_what_it_says(
    description: schemathesis.BaseSchema, operation: Operation, mode: GenerationMode
) -> None:
    @given(description[operation.path][operation.method].as_strategy(generation_mode=mode))
    @settings(max_examples=draws(60), derandomize=True, suppress_health_check=SLOW)
    def holds(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(excluded_checks=SKIPPED)

    holds()


async def begin(app: ASGIApp) -> str:
    """The id of a new consultation."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wence.test") as client:
        return (await client.post(f"{PREFIX}/consultations")).json()["id"]


@pytest.mark.parametrize("operation", [each for each in TALKS if "{id}" in each.path], ids=lambda each: each.name)
def test_with_a_consultation_that_there_is_it_does_so_too(
    description: schemathesis.BaseSchema, operation: Operation
) -> None:
    @given(description[operation.path][operation.method].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(max_examples=draws(60), derandomize=True, suppress_health_check=SLOW)
    def holds(case: schemathesis.Case[Any]) -> None:
        case.path_parameters["id"] = asyncio.run(begin(description.app))
        assert case.call_and_validate(excluded_checks=SKIPPED).status_code == operation.status

    holds()
