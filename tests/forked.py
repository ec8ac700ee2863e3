"""Processes of ``wence`` for tests that start many: forked from a server that has everything ready (``preloaded``).

The import takes longer than most of what they do. Each is a process of its own for all that, with arguments,
environment, folder and streams of its own, and can be stopped and killed. That the command starts by itself is for
the tests that start it as a command.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "tests.preloaded"])


class Forked:
    """A running ``wence`` with these arguments; what it says goes to the files, and is added to what is there."""

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        environment: Mapping[str, str],
        said: tuple[Path, Path],
        stdin: str = "",
    ) -> None:
        given = (arguments, str(folder), dict(environment), tuple(map(str, said)), stdin)
        self._process = CONTEXT.Process(target=_run, args=given, daemon=True)
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.exitcode

    def send_signal(self, how: signal.Signals) -> None:
        """Send it a signal."""
        if self._process.pid is not None:
            os.kill(self._process.pid, how)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait until it has ended; the exit status."""
        await asyncio.to_thread(self._process.join)
        return self._process.exitcode or 0


def _run(
    arguments: Sequence[str], folder: str, environment: Mapping[str, str], said: tuple[str, str], stdin: str
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with tempfile.TemporaryFile() as given:
        given.write(stdin.encode())
        given.seek(0)
        os.dup2(given.fileno(), 0)
    for number, path in enumerate(said, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - they are the process's as long as it lives
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    from bot.cli import main

    sys.exit(main(list(arguments)))
