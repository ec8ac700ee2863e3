"""``wence serve``: settings, database, channels and web brought together, run until they are told to stop."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.loops.auto import auto_loop_factory

from bot.channel import ChannelError, MakeFile, Registration, ServedChannel
from bot.channels import CHANNELS, SERVED, TRAITS, elsewhere
from bot.settings import Settings, SettingsError
from bot.web.app import create_app
from bot.web.away import away
from bot.web.desk.app import desk
from bot.web.entrance import Entrance, Names
from bot.web.metrics import Metrics
from conversations.office import accounts, documents
from conversations.office.hours import OfficeHours
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.service import Service
from conversations.state.office_time import OFFICE_TIME
from conversations.state.personal import PHONE
from conversations.state.shelf import Shelf
from conversations.storage.faults import complain, of_settings, passing
from conversations.storage.leadership import AlreadyServedError, Leadership, sole_server
from conversations.storage.migrations import DatabaseTooNewError
from conversations.storage.store import Store
from conversations.storage.vault import KEY_VARIABLE, VaultError
from knowledge.folders import PackError
from knowledge.loading import load
from knowledge.patterns import compile_waiting, regex

log = logging.getLogger(__name__)

GIVE_BACK = 60.0
"""Seconds between two looks for hand-overs in which nobody says anything."""
NOTES = 20.0
"""Seconds between two looks at what the office says beside the documents."""
PURGE = 3600.0
"""Seconds between two purges of old update ids and delivered replies."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before what has failed is tried again, doubled with each further failure, and the most."""
SWITCH = 0.0005
"""Seconds after which a thread that reads a long message lets those through who wait for the interpreter."""
SETTLED = 1.0
"""Seconds after the start when what only later messages need is made ready."""

_SECRET = regex(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")


class Redacting(logging.Formatter):
    """A log format that shows neither a bot's token nor a phone number, tracebacks included."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's
        """The office's time, wherever this machine is."""
        return f"{datetime.fromtimestamp(record.created, OFFICE_TIME):%Y-%m-%d %H:%M:%S},{record.msecs:03.0f}"

    def format(self, record: logging.LogRecord) -> str:
        return PHONE.sub("<phone>", _SECRET.sub("<token>", super().format(record)))


class _Front:
    """What the server asks: the web, and before it a channel that has come up since; before the web is there, nobody.

    ``ready`` is set once there is something to be said: by the web, or that the database is away.
    """

    def __init__(self) -> None:
        self.app: ASGIApp = away
        self.ready = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class Server(uvicorn.Server):
    """uvicorn, without its way to end: it would raise a signal once more from within when it is done.

    ``serving`` is set once it takes requests.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.handle_exit)
        yield


def run() -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status: 2 where settings, pack, database or port are of no use."""
    _log_to_stderr()
    sys.setswitchinterval(SWITCH)
    try:
        settings = Settings.read()
        shelf = Shelf.of([load(name) for name in settings.served], settings.retention_days)
        # uvloop, where it is installed
        with sole_server(settings.database_url), asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            runner.run(serve(settings, shelf))
    except (SettingsError, PackError, AlreadyServedError, DatabaseTooNewError, VaultError, ChannelError) as error:
        sys.stderr.write(f"wence: {error}\n")
        return 2
    except (SQLAlchemyError, OSError) as error:
        log.error("%s: %s", type(error).__name__, error)
        return 2
    return 0


def _spare_the_collector() -> None:
    """Have the garbage collector look less often, and never at what lives as long as the process: a tenth less work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


async def serve(settings: Settings, shelf: Shelf) -> None:
    """Bring everything up, serve, and take it down in order. Raises what makes that impossible."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.create_server((settings.host, settings.port), family=family, backlog=2048) as listener:
        front = _Front()
        server = Server(_config(front, settings))
        house = asyncio.create_task(_live(settings, shelf, front, server))
        ready = asyncio.create_task(front.ready.wait())
        try:
            await asyncio.wait([house, ready], return_when=asyncio.FIRST_COMPLETED)
            if not house.done():
                log.info("%s on http://%s:%d", shelf.policy.title, settings.host, settings.port)
                serving = asyncio.create_task(server.serve(sockets=[listener]))
                await asyncio.wait([house, serving], return_when=asyncio.FIRST_COMPLETED)
                server.should_exit = True
                await serving
        finally:
            await _end(ready, house)


async def _live(settings: Settings, shelf: Shelf, front: _Front, server: Server) -> None:
    """Come up as soon as the database lets it, then work until it is cancelled. Raises what no waiting mends."""
    pause = FIRST_PAUSE
    while True:
        async with AsyncExitStack() as stack:
            try:
                background = await _come_up(settings, shelf, front, server, stack)
            except Exception as error:
                if not passing(error) or of_settings(error):
                    raise
                log.error("The database cannot be used; looking again in %.0f s: %s", pause, error)
                front.ready.set()  # to say so to whoever asks
            else:
                front.ready.set()
                await _together(background)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _config(front: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How ``front`` is served: behind the entrance, by a protocol that does not wait for ever."""
    names = Names.of(settings.public_url, [*settings.allowed_hosts, settings.webhook_url or "", settings.host])
    return uvicorn.Config(
        Entrance(front, names, settings.trusted_proxies),
        http="bot.web.patience:PatientProtocol",  # imported by the time that it serves
        ws="none",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
    )


async def _come_up(
    settings: Settings, shelf: Shelf, front: _Front, server: Server, stack: AsyncExitStack
) -> list[Coroutine[None, None, None]]:
    """Open the database and the channels, and put them before the web; returns the work to be done beside it."""
    key = settings.data_key.get_secret_value()
    store = await Store.open(settings.database_url, f"{socket.gethostname()}:{settings.port}", key)
    stack.push_async_callback(store.close)
    if store.vault.closed:
        log.warning("No %s: what people write lies unencrypted, and no contact data is taken", KEY_VARIABLE)
    metrics = Metrics(CollectorRegistry())
    lead = Leadership(settings.database_url)
    service = Service(shelf, store, office=_office(settings, shelf), observe=metrics.taken, leadership=lead)
    await service.find_staff()
    await service.read_notes()
    make_file = documents.maker(shelf, store)
    served = [each for each in SERVED if not each.later]
    open_by = partial(_open, settings, service, make_file)
    channels = [channel for channel in [await open_by(each) for each in served] if channel is not None]
    for channel in channels:
        await stack.enter_async_context(channel)
    await _first_account(store, settings)
    routes = [route for channel in channels for route in channel.routes]
    app: ASGIApp = create_app(service, [*routes, desk(service)], metrics, _told(settings.metrics_token))
    for channel in channels:
        app = channel.before(app)
    front.app = app
    return [
        _settle(server),
        lead.run(),
        lead.lead(partial(_steadily, service.purge, "Old rows could not be purged", PURGE)),
        lead.lead(partial(_steadily, service.give_back, "Silent hand-overs could not be taken back", GIVE_BACK)),
        # another process may have seen it move
        _steadily(service.find_staff, "The staff chat could not be looked up", GIVE_BACK),
        _steadily(service.read_notes, "The office's notes could not be read", NOTES),  # or changed, or a day is over
        *(_steadily(channel.run, f"The channel {channel.traits.name} was interrupted") for channel in channels),
        *(
            _steadily(partial(_bring_up, partial(open_by, each), front, server), f"{each.traits.name} does not come up")
            for each in SERVED
            if each.later
        ),
    ]


async def _together(work: Sequence[Coroutine[None, None, None]]) -> None:
    """Do all of it, until cancelled. Raises what one of them raises; the others are cancelled then."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        await _end(*tasks)


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel ``tasks`` and wait for them. Raises what one of them has failed with."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


async def _steadily(work: Callable[[], Awaitable[None]], failed: str, every: float | None = None) -> None:
    """Do background work again and again, where it is done ``every`` so many seconds, else until it is done.

    Whatever it fails with is logged as ``failed``, and it begins anew after a pause that grows: nothing in the
    background ends the process but a channel that can not be opened with these settings (``ChannelError``).
    """
    clock = asyncio.get_running_loop().time
    pause = FIRST_PAUSE
    while True:
        begun = clock()
        try:
            await work()
            if every is None:
                return
            pause = FIRST_PAUSE
            await asyncio.sleep(every)
        except ChannelError:
            raise
        except Exception as error:
            complain(log, failed, error)
            pause = FIRST_PAUSE if clock() - begun > LONGEST_PAUSE else pause
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _settle(server: Server) -> None:
    """Once the web serves, compile the readers' patterns, so that no message waits for many, and spare the collector."""
    await server.serving.wait()
    await asyncio.sleep(SETTLED)
    for _ in compile_waiting():
        await asyncio.sleep(0)
    _spare_the_collector()


async def _first_account(store: Store, settings: Settings) -> None:
    """Make the desk's first account, where the settings have its password and there is no other."""
    if settings.desk_password is None:
        return
    password = settings.desk_password.get_secret_value()
    async with store.transaction() as work:
        made = await accounts.add_first(work, password, datetime.now(UTC))
    if made and len(password) < accounts.SHORTEST_PASSWORD:
        log.warning("WENCE_DESK_PASSWORD is short; give %r a longer password: wence desk add", accounts.FIRST)


def _office(settings: Settings, shelf: Shelf) -> Office:
    """The office, with the chat of its staff where there is a channel to reach it by."""
    chats = ((each.traits, each.staff_chat(settings)) for each in CHANNELS)
    staff = next((StaffChat(traits, chat) for traits, chat in chats if chat is not None), None)
    return Office(shelf, staff, TRAITS, OfficeHours.read(settings.office_hours))


def _told(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()


async def _open(
    settings: Settings, service: Service, make_file: MakeFile, registered: Registration
) -> ServedChannel | None:
    """The channel, where the settings want it."""
    if registered.open is None:
        return None
    return await registered.open(settings, service, make_file, elsewhere(registered.traits, settings))


async def _bring_up(
    opening: Callable[[], Coroutine[None, None, ServedChannel | None]], front: _Front, server: Server
) -> None:
    """Open a channel that is slow to come once the web serves; then look after it."""
    await server.serving.wait()
    channel = await opening()
    if channel is None:
        return
    _spare_the_collector()
    async with channel:
        before, front.app = front.app, channel.before(front.app)
        try:
            await channel.run()
        finally:
            front.app = before  # where it is interrupted, another takes its place


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # These would tell of every single request and statement.
    for name in ("telegram", "aiohttp", "aiosqlite", "alembic", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
