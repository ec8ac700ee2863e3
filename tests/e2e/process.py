"""Real processes: ``wence serve`` against a Bot API server, and the other commands with their input.

Knows how they are started, watched and killed; nothing of what they say.
"""

import asyncio
import json
import os
import re
import signal
import socket
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import databases
from tests.botapi import FakeTelegram
from tests.botapi.wire import Json
from tests.forked import Forked

ROOT = Path(__file__).parent.parent.parent
SECRET = "a-secret-of_the-tests"


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a process whose database lies in ``folder``; settings of this machine stay outside."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
    database = {"WENCE_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/wence.db"}
    return inherited | {"PYTHONPATH": str(ROOT)} | database | settings


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Serving:
    """A ``wence serve`` process that can be stopped, killed and begun again on the same database.

    The database has its tables already: that a process makes them is for the tests that start it as a command.
    ``ends_within`` are the seconds that it is given to end.
    """

    ends_within = 15.0

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = {"WENCE_PORT": str(self.port), **settings}
        if "WENCE_DATABASE_URL" not in settings:
            databases.sqlite(folder)
        self._process: Forked | None = None

    @property
    def running(self) -> bool:
        """Whether the process has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def log(self) -> str:
        """Everything that the process, and those before it, have written."""
        path = self.folder / "serve.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def begin(self) -> Forked:
        """Begins the process, which goes on with the log; whether it is ready is for others to see."""
        log = self.folder / "serve.log"
        given = environment(self.folder, **self.settings)
        self._process = Forked("serve", folder=self.folder, environment=given, said=(log, log))
        return self._process

    async def stop(self) -> int:
        """Asks the process to end; its exit status. Raises TimeoutError where it does not in time."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """Ends the process at once, whatever it is doing."""
        await self._end(signal.SIGKILL)

    def errors(self) -> list[str]:
        """What the log has of errors of ours."""
        return re.findall(r"^.*(?:ERROR|CRITICAL) (?:bot|conversations).*$", self.log, re.MULTILINE)

    async def _end(self, how: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(how)
        async with asyncio.timeout(self.ends_within):
            return await process.wait()

    def send(self, how: signal.Signals) -> None:
        """Sends the process a signal."""
        if self._process is not None:
            self._process.send_signal(how)


class Serve(Serving):
    """One that talks to Telegram."""

    def __init__(self, telegram: FakeTelegram, folder: Path, *, webhook: bool = False, **settings: str) -> None:
        told = {"WENCE_TELEGRAM_TOKEN": telegram.token, "WENCE_TELEGRAM_BASE_URL": telegram.base_url}
        super().__init__(folder, told | settings)
        self.telegram = telegram
        self.hook = f"http://127.0.0.1:{self.port}/telegram"
        if webhook:
            self.settings |= {"WENCE_WEBHOOK_URL": self.hook, "WENCE_WEBHOOK_SECRET": SECRET}
        self._ready = "setWebhook" if webhook else "getUpdates"

    async def start(self, *, beside: bool = False) -> None:
        """Starts the process and waits until it takes updates. Raises AssertionError with its log where it does not.

        One that is started ``beside`` another, which polls already, is ready once it could.
        """
        before = self._called(beside)
        process = self.begin()
        for _ in range(1200):
            if self._called(beside) > before:
                return
            assert process.returncode is None, self.log
            await asyncio.sleep(0.05)
        raise AssertionError(f"wence serve takes no updates:\n{self.log}")

    async def restart(self) -> None:
        """Kills the process and starts it again."""
        await self.kill()
        await self.start()

    def _called(self, beside: bool) -> int:
        return self.log.count("takes messages by") if beside else self.telegram.count(self._ready)


async def wence(*args: str, folder: Path, stdin: str = "", **settings: str) -> tuple[int, str, str]:
    """Runs a command to its end: exit status, standard output, standard error."""
    with tempfile.TemporaryDirectory() as name:
        said = Path(name) / "out", Path(name) / "err"
        process = Forked(*args, folder=folder, environment=environment(folder, **settings), said=said, stdin=stdin)
        async with asyncio.timeout(60):
            status = await process.wait()
        out, err = (file.read_text("utf-8") for file in said)
    return status, out, err


async def assess(cases: Sequence[Json], folder: Path) -> list[Json]:
    """What ``wence assess`` says of each case."""
    lines = "\n".join(json.dumps(case) for case in cases)
    status, out, err = await wence("assess", "-", "--json", folder=folder, stdin=lines)
    assert status == 0, err
    return [json.loads(line) for line in out.splitlines()]
