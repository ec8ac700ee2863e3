"""How long others wait while one person sends the longest messages that are read: with reading aside, and without it.

``python -m benchmarks.hostile``. One process, a SQLite file, in one run: ten people answer in a few words ten times a
second in all, beside somebody who sends 1,990 characters again and again. Prints what the others wait from handing a
message in until its whole effect is kept, in milliseconds: by the clock, and (which is the same on a machine that has
nothing else to do) of processor time that this process had meanwhile.
"""

import asyncio
import itertools
import sys
import tempfile
import time
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any

from bot.serve import SWITCH
from conversations.office import batch
from conversations.service import Service
from conversations.state.messages import Inbound, Kind
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from knowledge.loading import load
from knowledge.patterns import compile_waiting

PEOPLE, SECONDS, EVERY = 10, 15.0, 0.1
TEXTS = ("1900年1901年1902年", "我们是国家级电商示范企业，", "一个1800一个2400，", "没有", "1年", "商贸那个是92万，")
WORDS = ("1", "不知道", "260万", "没有", "/why", "上一步")
_ids = itertools.count()


def inbound(person: str, text: str) -> Inbound:
    return Inbound(
        id=str(next(_ids)), channel="x", person=person, chat=person, kind=Kind.TEXT, text=text, at=datetime.now(UTC)
    )


async def measure(shelf: Shelf, *, hostile: bool) -> tuple[list[tuple[float, float]], int]:
    """The milliseconds that the others waited, by the clock and of processor time, and how many hostile messages were handled beside them."""
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{folder}/wence.db")
        service = Service(shelf, store)
        for person in range(PEOPLE):
            await service.handle(inbound(f"p{person}", "/start"))
        await service.handle(inbound("hostile", "/start"))
        waits: list[tuple[float, float]] = []
        sent = 0

        async def attack() -> None:
            nonlocal sent
            for unit in itertools.cycle(TEXTS):
                await service.handle(inbound("hostile", (unit * 1990)[:1990]))
                sent += 1

        async def say(person: str, text: str) -> None:
            begun, used = time.perf_counter(), time.process_time()
            await service.handle(inbound(person, text))
            waits.append(((time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000))

        attacker = asyncio.create_task(attack()) if hostile else None
        end = time.monotonic() + SECONDS
        said: list[asyncio.Task[None]] = []
        for n in itertools.count():
            if time.monotonic() > end:
                break
            said.append(asyncio.create_task(say(f"p{n % PEOPLE}", WORDS[n // PEOPLE % len(WORDS)])))
            await asyncio.sleep(EVERY)
        await asyncio.gather(*said)
        if attacker is not None:
            attacker.cancel()
            await asyncio.gather(attacker, return_exceptions=True)
        await service.idle()
        await store.close()
        return waits, sent


def main() -> None:
    sys.setswitchinterval(SWITCH)  # as the server has it
    shelf = Shelf.of([load()])
    for _ in compile_waiting():
        pass
    short: Any = batch.SHORT
    asyncio.run(measure(shelf, hostile=True))  # to compile what is compiled at its first use
    for name, length, hostile in (("alone", short, False), ("read in its place", 10**9, True), ("aside", short, True)):
        batch.SHORT = length
        waits, sent = asyncio.run(measure(shelf, hostile=hostile))
        print(f"{name:18} {len(waits):4} messages, {sent:3} hostile")
        for kind, each in zip(("clock", "processor"), zip(*waits, strict=True), strict=True):
            cuts = quantiles(each, n=100)
            print(
                f"    {kind:10} p50 {cuts[49]:6.1f}  p95 {cuts[94]:6.1f}  p99 {cuts[98]:6.1f}  most {max(each):6.1f} ms"
            )


if __name__ == "__main__":
    main()
