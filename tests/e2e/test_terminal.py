"""``wence chat`` as a process: by pipe and in a terminal of its own, with the total that ``wence assess`` computes."""

import asyncio
import os
import pty
import signal
import sys
import termios
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.cases import AGENCY, total
from tests.e2e.process import assess, environment, wence

LINES = ("做电商代运营", "没有了", "是", "260万", "没领过")


async def test_by_pipe(tmp_path: Path) -> None:
    status, out, err = await wence("chat", folder=tmp_path, stdin="\n".join(LINES) + "\n")
    assert (status, err) == (0, "")
    assert total((await assess([AGENCY], tmp_path))[0]) in out


async def test_bad_input_loses_nothing(tmp_path: Path) -> None:
    bad = ["<script>", "\x1b[31m红\x07", "哈" * 10_000, "\u202e万062", "'; --", "\ufeff", "哪儿跟哪儿"]
    lines = [*bad, LINES[0], *bad, *LINES[1:4], *bad, LINES[4]]
    status, out, err = await wence("chat", folder=tmp_path, stdin="\n".join(lines))
    assert (status, err) == (0, "")
    assert total((await assess([AGENCY], tmp_path))[0]) in out
    assert "\x1b" not in out


class Terminal:
    """A pseudo-terminal with ``wence chat`` in it."""

    def __init__(self, folder: Path) -> None:
        self.pid, self.fd = pty.fork()
        if not self.pid:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a test run in the background passes on that it is ignored
            os.chdir(folder)
            env = environment(folder, PROMPT_TOOLKIT_NO_CPR="1", TERM="xterm", LC_ALL="C.UTF-8")
            os.execve(sys.executable, [sys.executable, "-m", "bot", "chat"], env)
        self.shown = ""

    def type(self, text: str) -> None:
        """Presses these keys."""
        os.write(self.fd, text.encode())

    async def leave_by(self, key: str) -> int:
        """Presses ``key`` once the keyboard is taken, a moment after the prompt is shown; the exit status."""
        for _ in range(3000):
            if not termios.tcgetattr(self.fd)[3] & termios.ICANON:
                break
            await asyncio.sleep(0.01)
        self.type(key)
        return await self.status()

    async def until(self, *words: str) -> None:
        """Waits until one of these words is shown, after what was waited for before."""
        begin = len(self.shown)
        async with asyncio.timeout(30):
            while not any(word in self.shown[begin:] for word in words):
                self.shown += await asyncio.to_thread(self._read)

    async def status(self) -> int:
        """The exit status, once the process has ended."""
        async with asyncio.timeout(30):
            _, status = await asyncio.to_thread(os.waitpid, self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> str:
        try:
            return os.read(self.fd, 65536).decode(errors="replace")
        except OSError:
            raise AssertionError(f"wence chat has ended:\n{self.shown}") from None


@contextmanager
def opened(folder: Path) -> Generator[Terminal]:
    """A terminal whose process is gone afterwards, whatever happens: a read that waits for it would wait for ever."""
    terminal = Terminal(folder)
    try:
        yield terminal
    finally:
        with suppress(ProcessLookupError):
            os.kill(terminal.pid, signal.SIGKILL)


async def test_in_a_terminal_and_the_next_time_it_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        await terminal.until(">")
        for line, then in zip(LINES[:3], ("除此之外", "注册的吗", "是多少"), strict=True):
            terminal.type(f"{line}\r")
            await terminal.until(then)
        assert await terminal.leave_by("\x03") == 0
    with opened(tmp_path) as terminal:
        await terminal.until("是多少")
        terminal.type(f"{LINES[3]}\r")
        await terminal.until("领过几年")
        terminal.type(f"{LINES[4]}\r")
        await terminal.until(total((await assess([AGENCY], tmp_path))[0]))
        assert await terminal.leave_by("\x04") == 0
