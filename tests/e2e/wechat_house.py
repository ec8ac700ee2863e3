"""Running offices with WeChat customer service: what the end-to-end tests of it hold in their hands."""

import asyncio
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from knowledge.policy import Policy
from tests.botapi import Person
from tests.botapi.wire import Json
from tests.e2e.applicant import Applicant
from tests.e2e.process import environment, free_port
from tests.forked import Forked
from tests.wechatapi import FakeWeChat
from tests.wechatapi.server import AES_KEY, SECRET, TOKEN

READY = "WeChat's messages are fetched up to now"
LISTENS = "on http://"


@dataclass
class Office:
    """A ``wence serve`` that can be stopped, killed and started again on the same database."""

    wechat: FakeWeChat
    folder: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.port = free_port()
        self.hook = f"http://127.0.0.1:{self.port}/wechat"
        self._process: Forked | None = None

    @property
    def log(self) -> str:
        """Everything that the process, and those before it, have written."""
        path = self.folder / "serve.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def start(self, ready: str = READY) -> None:
        """Starts the process, and waits until its log says that it is ready. Raises AssertionError with its log."""
        before = self.log.count(ready)
        log = self.folder / "serve.log"
        given = environment(self.folder, WENCE_PORT=str(self.port), **self.wechat.settings, **self.settings)
        self._process = process = Forked("serve", folder=self.folder, environment=given, said=(log, log))
        await until(lambda: self.log.count(ready) > before or process.returncode is not None)
        assert process.returncode is None, self.log

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends the process; its exit status."""
        if self._process is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(how)
        async with asyncio.timeout(30):
            return await self._process.wait()

    async def restart(self) -> None:
        """Kills the process and starts it again."""
        await self.end(signal.SIGKILL)
        await self.start()

    def mistakes(self) -> list[str]:
        """What must not happen whatever people do: errors of ours in the log, and secrets in it."""
        logged = re.findall(r"^.*(?:ERROR|CRITICAL) (?:bot|conversations).*$", self.log, re.MULTILINE)
        hidden = (AES_KEY, SECRET, TOKEN, *filter(None, self.wechat.access))
        return logged + [f"{each[:6]}… is in the log" for each in hidden if each in self.log]


def applicant(wechat: FakeWeChat, policy: Policy, facts: Json, *, words: bool) -> Applicant:
    """Somebody new who knows the facts of their enterprise; a visitor does for them what a person of Telegram does."""
    return Applicant(cast("Person", wechat.visitor()), policy, facts, words=words)


async def until(condition: Callable[[], bool]) -> None:
    """Waits until something holds. Raises TimeoutError."""
    async with asyncio.timeout(90):
        while not condition():  # noqa: ASYNC110  (what is waited for has no event)
            await asyncio.sleep(0.05)
