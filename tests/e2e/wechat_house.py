"""Running offices with WeChat customer service: what the end-to-end tests of it hold in their hands."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from knowledge.policy import Policy
from tests.botapi import Person
from tests.botapi.wire import Json
from tests.e2e.applicant import Applicant
from tests.e2e.process import Serving
from tests.wechatapi import FakeWeChat
from tests.wechatapi.server import AES_KEY, SECRET, TOKEN

READY = "WeChat's messages are fetched up to now"
LISTENS = "on http://"


class Office(Serving):
    """A ``wence serve`` with WeChat customer service."""

    ends_within = 30.0

    def __init__(self, wechat: FakeWeChat, folder: Path, settings: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(folder, {**wechat.settings, **settings})
        self.wechat = wechat
        self.hook = f"http://127.0.0.1:{self.port}/wechat"

    async def start(self, ready: str = READY) -> None:
        """Starts the process, and waits until its log says that it is ready. Raises AssertionError with its log."""
        before = self.log.count(ready)
        process = self.begin()
        await until(lambda: self.log.count(ready) > before or process.returncode is not None)
        assert process.returncode is None, self.log

    async def restart(self) -> None:
        """Kills the process and starts it again."""
        await self.kill()
        await self.start()

    def mistakes(self) -> list[str]:
        """What must not happen whatever people do: errors of ours in the log, and secrets in it."""
        hidden = (AES_KEY, SECRET, TOKEN, *filter(None, self.wechat.access))
        return self.errors() + [f"{each[:6]}… is in the log" for each in hidden if each in self.log]


def applicant(wechat: FakeWeChat, policy: Policy, facts: Json, *, words: bool) -> Applicant:
    """Somebody new who knows the facts of their enterprise; a visitor does for them what a person of Telegram does."""
    return Applicant(cast("Person", wechat.visitor()), policy, facts, words=words)


async def until(condition: Callable[[], bool]) -> None:
    """Waits until something holds. Raises TimeoutError."""
    async with asyncio.timeout(90):
        while not condition():  # noqa: ASYNC110  (what is waited for has no event)
            await asyncio.sleep(0.05)
