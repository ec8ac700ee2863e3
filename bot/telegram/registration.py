"""Telegram as the rest of the house knows it: its traits, and what opens it where the settings have a token.

Its library takes longer to import than all the rest of a start, so it is opened while the web serves already.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING, Self

from bot.channel import MakeFile, Registration, ServedChannel
from bot.telegram.render import LONGEST_TEXT, MOST_IN_ROW
from conversations.state.channels import Ability, ChannelTraits, Limits

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import ASGIApp, Receive, Scope, Send

    from bot.settings import Settings
    from bot.telegram.channel import Telegram
    from conversations.service import Outgoing, Service

log = logging.getLogger(__name__)


def _private(person: str) -> str:
    """A private chat has the id of its person."""
    return person.partition(":")[2]


TELEGRAM = ChannelTraits(
    name="telegram",
    label="Telegram",
    private=_private,
    abilities=frozenset(Ability),
    limits=Limits(text=LONGEST_TEXT, row=MOST_IN_ROW, data=64),
    abroad="Telegram",
)


class ComingTelegram(ServedChannel):
    """Telegram, which ``make`` makes once its library is imported: before that nothing goes in or out."""

    traits = TELEGRAM

    def __init__(self, make: Callable[[], Telegram]) -> None:
        self._make = make
        self._telegram: Telegram | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def deliver(self, outgoings: Sequence[Outgoing]) -> None:
        """Take replies over for delivery; until it has come they wait in the outbox, where it finds them."""
        if self._telegram is not None:
            self._telegram.deliver(outgoings)

    def before(self, app: ASGIApp) -> ASGIApp:
        """``app`` with Telegram's webhook before it; an update that comes too early is not found, and sent again."""
        answering: ASGIApp | None = None

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal answering
            if answering is None and self._telegram is not None:
                answering = self._telegram.before(app)
            await (answering or app)(scope, receive, send)

        return front

    async def run(self) -> None:
        """Open Telegram, and have it run for ever."""
        await asyncio.to_thread(import_module, "bot.telegram.channel")
        gc.freeze()  # as at the start: a library stays as long as the process
        self._telegram = await self._stack.enter_async_context(self._make())
        await self._telegram.run()


def _open(settings: Settings, service: Service, make_file: MakeFile, elsewhere: str) -> ComingTelegram | None:
    if settings.telegram_token is None:
        log.info("No WENCE_TELEGRAM_TOKEN: the web alone")
        return None
    token = settings.telegram_token.get_secret_value()
    webhook = None
    if settings.webhook_url is not None and settings.webhook_secret is not None:
        webhook = settings.webhook_url, settings.webhook_secret.get_secret_value()

    def make() -> Telegram:
        from bot.telegram.channel import Telegram

        return Telegram(
            service,
            token,
            settings.telegram_base_url,
            webhook=webhook,
            staff=settings.staff_ids,
            make_file=make_file,
            elsewhere=elsewhere,
        )

    return ComingTelegram(make)


def _staff_chat(settings: Settings) -> str | None:
    reachable = settings.telegram_token is not None and settings.staff_chat_id is not None
    return str(settings.staff_chat_id) if reachable else None


REGISTRATION = Registration(TELEGRAM, _open, _staff_chat)
