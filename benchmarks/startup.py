"""The start of a process in figures: processor seconds of ``wence`` from exec to its answer, beside a bare interpreter.

Run: ``uv run python -m benchmarks.startup [--runs N]``. Each command is a process of its own; what counts is the user
and system time of the whole process, the least of several runs: the kinds take turns, so that what else the machine
does meets all alike, and the ratios hold where the seconds do not. A server is ended as soon as /healthz answers.
"first" is a process that finds no compiled bytecode, the first one after an installation; "later" is any other. The
Bot API of the rows with Telegram is the tests' own, on loopback. Where the time goes:
``python -X importtime -m bot ask 补助最多拿几年``, and ``python -m cProfile`` for what is no import.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.botapi import FakeTelegram
from tests.e2e.process import environment, free_port

CASE = '{"enterprise": {"demonstration_level": "provincial"}}'
ANSWER = '{"fact": "pilots.total_investment", "text": "一千五百万左右"}'
PATIENCE = 60.0
"""Seconds that a server may take to answer."""


@dataclass(frozen=True)
class Start:
    """One kind of process: its arguments, what it reads, whether it serves until /healthz answers, and on what."""

    name: str
    arguments: Sequence[str]
    stdin: str = ""
    serves: bool = False
    telegram: bool = False
    new_database: bool = False


STARTS = (
    Start("python -c pass", ("-c", "pass")),
    Start("wence ask TEXT", ("-m", "bot", "ask", "代运营的补助最多拿几年")),
    Start("wence assess -", ("-m", "bot", "assess", "-"), CASE),
    Start("wence understand -", ("-m", "bot", "understand", "-"), ANSWER),
    Start("wence extract TEXT", ("-m", "bot", "extract", "我们给几家老厂管网店，去年收服务费318万")),
    Start("wence serve, web alone", ("-m", "bot", "serve"), serves=True),
    Start("  on a new database", ("-m", "bot", "serve"), serves=True, new_database=True),
    Start("wence serve, Telegram", ("-m", "bot", "serve"), serves=True, telegram=True),
)


def seconds(start: Start, folder: Path, settings: Mapping[str, str], telegram: FakeTelegram) -> float:
    """The processor seconds of one such process. Raises ``RuntimeError`` with what it said where it fails."""
    given = environment(folder, **settings)
    if start.telegram:
        given |= {"WENCE_TELEGRAM_TOKEN": telegram.token, "WENCE_TELEGRAM_BASE_URL": telegram.base_url}
    port = free_port()
    if start.new_database:
        for file in folder.glob("wence.db*"):
            file.unlink()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, *start.arguments],
            cwd=folder,
            env=given | {"WENCE_PORT": str(port)},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
        )
        well = False
        if start.serves:
            well = _answers(port, process.pid)
            process.send_signal(signal.SIGKILL)
        elif process.stdin is not None:
            process.stdin.write(start.stdin.encode())
            process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if not (well if start.serves else process.returncode == 0):
            said.seek(0)
            raise RuntimeError(f"{start.name}: exit status {process.returncode}\n{said.read().decode()}")
    return used.ru_utime + used.ru_stime


def _answers(port: int, process: int) -> bool:
    """Whether /healthz of the server says that all is well, before patience or the process ends."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE) as answer:
                return json.load(answer)["status"] == "ok"
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    return False


async def measure(runs: int) -> None:
    """Run the kinds of process in turn and print the least that each took."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, cache = Path(name) / "data", Path(name) / "bytecode"
        folder.mkdir()
        later = {"PYTHONPYCACHEPREFIX": str(cache), "PYTHONDONTWRITEBYTECODE": ""}
        first = {"PYTHONPYCACHEPREFIX": str(cache / "none"), "PYTHONDONTWRITEBYTECODE": "1"}
        async with FakeTelegram() as telegram:

            async def least(settings: Mapping[str, str], times: int) -> dict[str, float]:
                taken: dict[str, list[float]] = {start.name: [] for start in STARTS}
                for _ in range(times):
                    for start in STARTS:
                        taken[start.name].append(await asyncio.to_thread(seconds, start, folder, settings, telegram))
                return {name: min(each) for name, each in taken.items()}

            await least(later, 1)  # leaves the bytecode, and the database
            usual, cold = await least(later, runs), await least(first, min(runs, 3))
            bare = usual[STARTS[0].name]
            print(f"{'processor seconds':26}{'later':>8}{'over bare':>11}{'ratio':>7}{'first':>9}")
            for name, taken in usual.items():
                print(f"{name:26}{taken:8.3f}{taken - bare:11.3f}{taken / bare:6.0f}x{cold[name]:9.3f}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=7, help="processes of each kind")
    asyncio.run(measure(parser.parse_args().runs))


if __name__ == "__main__":
    main()
