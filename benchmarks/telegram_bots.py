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
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from knowledge.loading import load
from tests.botapi import FakeTelegram, Person
from tests.e2e.applicant import Applicant
from tests.e2e.cases import anybody

ROOT = Path(__file__).parent.parent
Visit: TypeAlias = Callable[[Person, random.Random, float], Awaitable[int]]
"""What one person does until a deadline (monotonic seconds): the number of updates that were answered."""


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


async def chatter(person: Person, rng: random.Random, deadline: float) -> int:
    """Says something and waits for the echo, again and again."""
    done = 0
    while time.monotonic() < deadline or not done:
        text = f"{done}-{rng.random()}"
        await person.send(text)
        await person.wait_for(text, within=60)
        done += 1
    return done


async def consult(person: Person, rng: random.Random, deadline: float) -> int:
    """Whole consultations, each of a new person with a random enterprise: buttons, and words for figures."""
    done = 0
    while time.monotonic() < deadline or not done:
        newcomer = Person.create(person.world, next(_newcomers), "企业", started=True)
        applicant = Applicant(newcomer, _policy(), anybody(rng))
        await applicant.consult()
        done += applicant.acts
    return done


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


async def measure(bot: Bot, users: int, seconds: float) -> tuple[float, float]:
    """Updates a second that a bot answers for ``users`` people at once, and how busy this process was with them (0..1)."""
    async with FakeTelegram() as telegram:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with tempfile.TemporaryDirectory() as folder:
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
                stdout=asyncio.subprocess.DEVNULL,
                stderr=None if os.environ.get("BENCH_VERBOSE") else asyncio.subprocess.DEVNULL,
            )
            try:
                async with asyncio.timeout(30):
                    while telegram.world.updates.webhook is None:  # noqa: ASYNC110 - another process's doing
                        await asyncio.sleep(0.05)
                people = [await telegram.user(1000 + i, f"用户{i}") for i in range(users)]
                rng = random.Random(20131106)
                await asyncio.gather(*(bot.visit(p, random.Random(i), 0) for i, p in enumerate(people[:1])))
                start, cpu = time.monotonic(), time.process_time()
                visits = (bot.visit(p, random.Random(rng.random()), start + seconds) for p in people)
                done = sum(await asyncio.gather(*visits))
                elapsed = time.monotonic() - start
                return done / elapsed, (time.process_time() - cpu) / elapsed
            finally:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()


async def main(users: int, seconds: float) -> None:
    """Measures every bot in turn and prints the rates and the ratios."""
    rates: dict[str, float] = {}
    print(f"{users} people at once, {seconds:g} s each, {os.cpu_count()} cores; server and people in one process")
    for bot in BOTS:
        rates[bot.name], busy = await measure(bot, users, seconds)
        print(f"{bot.name:<40}{rates[bot.name]:>8.0f} updates/s (the server {busy:.0%} busy)", flush=True)
    ours = rates[BOTS[-1].name]
    for bot in BOTS[:-1]:
        print(f"wence : {bot.name:<40}{ours / rates[bot.name]:>6.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=128)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--peer", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peer is None:
        asyncio.run(main(args.users, args.seconds))
    elif args.peer[0] == "aiogram":
        aiogram(args.peer[1], args.peer[2], int(args.peer[3]))
    else:
        ptb(args.peer[2], args.peer[3], int(args.peer[4]), int(args.peer[1]))
