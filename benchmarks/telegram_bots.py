"""Updates a second through a Bot API server on loopback: whole consultations beside echo bots of two libraries.

Run: ``uv run --group bench python -m benchmarks.telegram_bots [--users N] [--seconds S]``. Each bot is a process of
its own behind a webhook; the people and the server live in this one. The echo bots store nothing; wence commits every
update durably (SQLite WAL, synchronous=FULL) before it acknowledges it. (The file is not called ``telegram.py``: a
script beside it would then import it for the library.)
"""

# aiogram is in the bench group, which the checks do not install.
# pyright: reportMissingImports=false, reportUntypedFunctionDecorator=false, reportUnknownParameterType=false

import argparse
import asyncio
import functools
import itertools
import os
import random
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from knowledge.loading import load
from tests.botapi import FakeTelegram, Person
from tests.e2e.applicant import Applicant, asks
from tests.e2e.cases import anybody

ROOT = Path(__file__).parent.parent
Visit: TypeAlias = Callable[[Person, random.Random], AsyncGenerator[int, None]]
"""What one person does, for ever; tells now and then how many more updates were answered."""


# -- the peers, each in a process of its own


def ptb(base_url: str, token: str, port: int, side_by_side: int) -> None:
    """A stock python-telegram-bot behind its own webhook server."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.message.text is not None
        await update.message.reply_text(update.message.text)

    builder = Application.builder().token(token).base_url(f"{base_url}/bot").concurrent_updates(side_by_side)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_webhook("127.0.0.1", port, "hook", webhook_url=f"http://127.0.0.1:{port}/hook")


def aiogram(base_url: str, token: str, port: int) -> None:
    """A stock aiogram behind its aiohttp webhook."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
    from aiohttp import web

    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base_url)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    @dispatcher.startup()
    async def register() -> None:
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


# -- what people do


async def chatter(person: Person, rng: random.Random) -> AsyncGenerator[int, None]:
    """Says something and waits for the echo, again and again."""
    for number in itertools.count():
        text = f"{number}-{rng.random()}"
        await person.send(text)
        await person.wait_for(text, within=60)
        yield 1


async def consult(person: Person, rng: random.Random) -> AsyncGenerator[int, None]:
    """Whole consultations, each of a new person with a random enterprise: buttons, and words for figures."""
    while True:
        newcomer = Person.create(person.world, next(_newcomers), "企业", started=True)
        applicant = Applicant(newcomer, _policy(), anybody(rng))
        await newcomer.send("/start")
        question = await applicant.next()
        yield 1
        while asks(question):
            before = applicant.acts
            question = await applicant.answer(question)
            yield applicant.acts - before


_newcomers = itertools.count(1_000_000)
_policy = functools.cache(load)


# -- the measurement


@dataclass(frozen=True)
class Bot:
    """A bot under measurement: its command, and what its people do."""

    name: str
    command: Callable[[FakeTelegram, int], list[str]]
    visit: Visit


def _peer(*kind: str) -> Callable[[FakeTelegram, int], list[str]]:
    def command(telegram: FakeTelegram, port: int) -> list[str]:
        return ["-m", "benchmarks.telegram_bots", "--peer", *kind, telegram.base_url, telegram.token, str(port)]

    return command


BOTS = (
    Bot("python-telegram-bot echo, in sequence", _peer("ptb", "1"), chatter),
    Bot("python-telegram-bot echo, 256 at once", _peer("ptb", "256"), chatter),
    Bot("aiogram echo", _peer("aiogram"), chatter),
    Bot("wence, whole consultations, durable", lambda _telegram, _port: ["-m", "bot", "serve"], consult),
)


@dataclass(frozen=True)
class Rate:
    """Updates a second, the bot's processor time an update in seconds, and how busy the server was (0..1)."""

    updates: float
    cpu: float
    server: float


def cpu(pid: int) -> float:
    """Processor seconds that a process has used, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def settled(pid: int) -> None:
    """Waits until a process that nobody asks for anything does nothing: what it makes ready at its start is no update's."""
    while True:
        before = cpu(pid)
        await asyncio.sleep(1)
        if cpu(pid) - before < 0.1:
            return


async def visits(bot: Bot, people: Sequence[Person], deadline: float) -> int:
    """Lets people come until a deadline (monotonic seconds); how many updates were answered."""

    async def one(number: int, person: Person) -> int:
        done = 0
        async with aclosing(bot.visit(person, random.Random(number))) as visit:
            async for answered in visit:
                done += answered
                if time.monotonic() > deadline:
                    break
        return done

    return sum(await asyncio.gather(*(one(number, person) for number, person in enumerate(people))))


async def measure(bot: Bot, users: int, seconds: float) -> Rate:
    """What a bot does for ``users`` people at once, in about so many seconds."""
    async with FakeTelegram() as telegram:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *bot.command(telegram, port),
                cwd=ROOT,
                env=os.environ
                | {
                    "WENCE_TELEGRAM_TOKEN": telegram.token,
                    "WENCE_TELEGRAM_BASE_URL": telegram.base_url,
                    "WENCE_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
                    "WENCE_WEBHOOK_SECRET": secrets.token_hex(16),
                    "WENCE_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/wence.db",
                    "WENCE_PORT": str(port),
                },
                stdout=output,
                stderr=output,
            )
            try:
                for _ in range(600):
                    if process.returncode is not None:
                        output.seek(0)
                        raise SystemExit(f"{bot.name} does not start:\n{output.read().decode()}")
                    if telegram.world.updates.webhook is not None:
                        break
                    await asyncio.sleep(0.05)
                people = [await telegram.user(1000 + i, f"用户{i}") for i in range(users)]
                await visits(bot, people[:8], time.monotonic() + 1)
                await settled(process.pid)
                start, own, its = time.monotonic(), time.process_time(), cpu(process.pid)
                done = await visits(bot, people, start + seconds)
                elapsed = time.monotonic() - start
                return Rate(done / elapsed, (cpu(process.pid) - its) / done, (time.process_time() - own) / elapsed)
            finally:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()


async def main(users: int, seconds: float) -> None:
    """Measures every bot in turn and prints the rates and the ratios."""
    print(f"{users} people at once, {seconds:g} s each, {os.cpu_count()} cores; server and people in one process")
    rates: list[Rate] = []
    for bot in BOTS:
        rate = await measure(bot, users, seconds)
        rates.append(rate)
        print(
            f"{bot.name:<38}{rate.updates:>6.0f} updates/s  {rate.cpu * 1000:>6.2f} ms of CPU each"
            f"  (the server {rate.server:.0%} busy)",
            flush=True,
        )
    *peers, ours = rates
    for bot, rate in zip(BOTS, peers, strict=False):
        print(
            f"wence : {bot.name:<38}{ours.updates / rate.updates:>6.2f} by updates {rate.cpu / ours.cpu:>6.2f} by CPU"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=128)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--peer", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer is None and (missing := [m for m in ("aiogram", "tornado") if find_spec(m) is None]):
        parser.error(f"the peers need {' and '.join(missing)}: run with `uv run --group bench`")
    if args.peer is None:
        asyncio.run(main(args.users, args.seconds))
    elif args.peer[0] == "aiogram":
        aiogram(args.peer[1], args.peer[2], int(args.peer[3]))
    else:
        ptb(args.peer[2], args.peer[3], int(args.peer[4]), int(args.peer[1]))
