"""Minutes of load on a served office: does memory stay, how long does anybody wait, does anything fail.

Run: ``uv run --group bench python -m benchmarks.steady [--minutes M] [--rate R] [--listening N]``. ``wence serve`` is a
process of its own with a new SQLite database, as it is installed, rate limits and all; visitors from many addresses hold
whole consultations of eight messages, as many as ``--rate`` messages a second ask for, and some pages listen. The first
third is for caches to fill; memory is then measured every ten seconds, and the figure is how far it strays from its middle.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field

from benchmarks.telegram_bots import cpu, settled
from benchmarks.web import CONSULTATION, ROOT, Connection, Server, Visitor

LOOK = 10.0
"""Seconds between two looks at the memory."""


class Served(Server):
    """``wence serve`` on a new database; a proxy that is trusted, this process, speaks for the visitors' addresses."""

    async def __aenter__(self) -> Server:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"),
            cwd=ROOT,
            env=os.environ
            | {
                "WENCE_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/wence.db",
                "WENCE_PORT": str(self.port),
                "WENCE_TRUSTED_PROXIES": "127.0.0.1",
            },
        )
        return await self.waited()


@dataclass
class Seen:
    """What the visitors have seen: seconds of each answer, and what went wrong."""

    waits: list[float] = field(default_factory=list[float])
    errors: list[str] = field(default_factory=list[str])


async def consult(port: int, seen: Seen, pause: float) -> None:
    """One visitor, with a pause before each message; an answer's time counts from when its message is sent."""
    connection = Connection(port)
    visitor = Visitor(connection, forwarded=True)
    try:
        for fields in CONSULTATION:
            await asyncio.sleep(pause)
            begun = time.perf_counter()
            await visitor.send(fields)
            seen.waits.append(time.perf_counter() - begun)
    except Exception as error:
        seen.errors.append(f"{type(error).__name__}: {error}"[:200])
    finally:
        connection.close()


async def visitors(port: int, seen: Seen, rate: float, until: float) -> None:
    """Visitors come evenly, as many as the rate asks for, whether or not those before them are answered."""
    running: set[asyncio.Task[None]] = set()
    coming = time.monotonic()
    while coming < until:
        task = asyncio.create_task(consult(port, seen, pause=1.0))
        running.add(task)
        task.add_done_callback(running.discard)
        coming += len(CONSULTATION) / rate
        await asyncio.sleep(max(0.0, coming - time.monotonic()))
    await asyncio.gather(*running)


async def listen(port: int, number: int) -> list[Visitor]:
    """So many who have begun a consultation and listen."""
    found = [Visitor(Connection(port), forwarded=True) for _ in range(number)]
    for visitor in found:
        await visitor.begin()
        await visitor.listen()
    return found


async def main(minutes: float, rate: float, listening: int) -> None:
    """Prints every minute, and what it comes to."""
    with tempfile.TemporaryDirectory() as folder:
        async with Served("wence", folder) as server:
            await settled(server.process.pid)
            open_pages = await listen(server.port, listening)
            seen, memory = Seen(), list[float]()
            begun, spent = time.monotonic(), cpu(server.process.pid)
            load = asyncio.create_task(visitors(server.port, seen, rate, begun + 60 * minutes))
            while not load.done():
                await asyncio.wait([load], timeout=LOOK)
                memory.append(server.memory)
                if len(memory) % 6 == 0:
                    last = sorted(seen.waits[-int(60 * rate) :])
                    print(
                        f"{len(memory) / 6:.0f} min: {memory[-1]:.1f} MB, p99 {1000 * last[int(0.99 * len(last))]:.0f} ms,"
                        f" {len(seen.waits)} answers, {len(seen.errors)} errors",
                        flush=True,
                    )
            taken = cpu(server.process.pid) - spent
            del open_pages
    waits, steady = sorted(seen.waits), memory[len(memory) // 3 :]
    middle = statistics.median(steady)
    strays = max(abs(each - middle) for each in steady) / middle
    print(
        f"{len(waits)} answers ({len(waits) / (time.monotonic() - begun):.0f} a second, {1000 * taken / len(waits):.2f} ms of"
        f" CPU each): median {1000 * waits[len(waits) // 2]:.0f} ms, p99 {1000 * waits[int(0.99 * len(waits))]:.0f} ms,"
        f" longest {1000 * waits[-1]:.0f} ms; {len(seen.errors)} errors; memory {steady[0]:.0f} to {steady[-1]:.0f} MB,"
        f" ±{strays:.1%}"
    )
    for error in seen.errors[:5]:
        print(error)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--listening", type=int, default=200)
    options = parser.parse_args()
    asyncio.run(main(options.minutes, options.rate, options.listening))
