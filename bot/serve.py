"""``wence serve``: settings, database, channels and web brought together, run until they are told to stop."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial

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
from bot.web.desk.app import desk
from bot.web.entrance import Entrance, Names
from bot.web.metrics import Metrics
from conversations.office import accounts, documents
from conversations.office.hours import OfficeHours
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.service import Service
from conversations.state.personal import PHONE
from conversations.state.shelf import Shelf
from conversations.storage.migrations import DatabaseTooNewError
from conversations.storage.store import Store
from conversations.storage.vault import KEY_VARIABLE, VaultError
from knowledge.folders import PackError
from knowledge.loading import load
from knowledge.patterns import compile_waiting, regex

log = logging.getLogger(__name__)

GIVE_BACK = 60.0
"""Seconds between two looks for hand-overs in which nobody says anything."""
PURGE = 3600.0
"""Seconds between two purges of old update ids and delivered replies."""
SETTLED = 1.0
"""Seconds after the start when what only later messages need is made ready."""

_SECRET = regex(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")


class Redacting(logging.Formatter):
    """A log format that shows neither a bot's token nor a phone number, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return PHONE.sub("<phone>", _SECRET.sub("<token>", super().format(record)))


class _Front:
    """What the server asks: the web, and before it a channel that has come up since."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

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
    try:
        settings = Settings.read()
        shelf = Shelf.of([load(name) for name in settings.served], settings.retention_days)
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # uvloop, where it is installed
            runner.run(serve(settings, shelf))
    except (SettingsError, PackError, DatabaseTooNewError, VaultError, ChannelError) as error:
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
        async with AsyncExitStack() as stack:
            key = settings.data_key.get_secret_value()
            store = await Store.open(settings.database_url, f"{socket.gethostname()}:{settings.port}", key)
            stack.push_async_callback(store.close)
            if store.vault.closed:
                log.warning("No %s: what people write lies unencrypted, and no contact data is taken", KEY_VARIABLE)
            metrics = Metrics(CollectorRegistry())
            service = Service(shelf, store, office=_office(settings, shelf), observe=metrics.taken)
            await service.find_staff()
            make_file = documents.maker(shelf, store)
            served = [each for each in SERVED if not each.later]
            open_by = partial(_open, settings, service, make_file)
            channels = [channel for channel in [await open_by(each) for each in served] if channel is not None]
            for channel in channels:
                await stack.enter_async_context(channel)
            await _first_account(store, settings)
            routes = [route for channel in channels for route in channel.routes]
            front = _Front(create_app(service, [*routes, desk(service)], metrics, _told(settings.metrics_token)))
            for channel in channels:
                front.app = channel.before(front.app)
            server = Server(_config(front, settings))
            log.info("%s on http://%s:%d", shelf.policy.title, settings.host, settings.port)
            background = [
                _settle(server),
                _purge(service),
                _give_back(service),
                *(channel.run() for channel in channels),
            ]
            background += [_bring_up(partial(open_by, each), front, server) for each in SERVED if each.later]
            await _until_done(server, listener, background)


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


async def _until_done(
    server: uvicorn.Server, listener: socket.socket, background: Sequence[Coroutine[None, None, None]]
) -> None:
    """Serve beside the background work, until the server is told to stop or some of that work fails."""
    tasks = [asyncio.create_task(work) for work in background]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.wait([serving, *tasks], return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


async def _settle(server: Server) -> None:
    """Once the web serves, compile the readers' patterns, so that no message waits for many, and spare the collector."""
    await server.serving.wait()
    await asyncio.sleep(SETTLED)
    for _ in compile_waiting():
        await asyncio.sleep(0)
    _spare_the_collector()
    await asyncio.Event().wait()  # the rest of the work goes on without it


async def _purge(service: Service) -> None:
    while True:
        try:
            await service.purge()
        except SQLAlchemyError:
            log.exception("Old rows could not be purged")
        await asyncio.sleep(PURGE)


async def _give_back(service: Service) -> None:
    while True:
        try:
            await service.find_staff()  # another process may have seen it move
            await service.give_back()
        except SQLAlchemyError:
            log.exception("Silent hand-overs could not be taken back")
        await asyncio.sleep(GIVE_BACK)


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
    return await registered.open(settings, service, make_file, elsewhere(registered))


async def _bring_up(
    opening: Callable[[], Coroutine[None, None, ServedChannel | None]], front: _Front, server: Server
) -> None:
    """Open a channel that is slow to come once the web serves; then look after it."""
    await server.serving.wait()
    channel = await opening()
    if channel is None:
        await asyncio.Event().wait()  # the rest of the work goes on without it
        return
    _spare_the_collector()
    async with channel:
        front.app = channel.before(front.app)
        await channel.run()


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # These would tell of every single request and statement.
    for name in ("telegram", "aiohttp", "aiosqlite", "alembic", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
