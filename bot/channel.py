"""What a channel is: its traits, by which the rest of the house knows it, and how replies are handed to it.

A new channel is a folder (or a module) that has these, and a line in ``channels``. Decides nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias

from conversations.state.channels import ChannelTraits
from conversations.state.messages import Reply

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from bot.settings import Settings
    from conversations.service import Outgoing, Service

MakeFile: TypeAlias = Callable[[Reply], Awaitable[bytes]]
"""Makes the document that a reply carries (``Reply.document`` says of what)."""


class ChannelError(Exception):
    """A channel cannot be opened with these settings; no use in trying again."""


class Channel(Protocol):
    """A way by which people reach us."""

    traits: ChannelTraits
    """What the rest of the house may know of it."""

    def deliver(self, outgoings: Sequence[Outgoing]) -> None:
        """Take replies over, to be shown in this order within each chat, and noted with the service once they are."""
        ...


class ServedChannel(Channel, Protocol):
    """A channel of ``wence serve``, an asynchronous context manager: in it replies are delivered."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What it wants mounted in the web."""
        return ()

    def before(self, app: ASGIApp) -> ASGIApp:
        """``app`` with what has to stand before it."""
        return app

    async def run(self) -> None:
        """Take messages in, or look after the outbox, for ever. Raises ``ChannelError`` where that is impossible."""
        ...


@dataclass(frozen=True, slots=True)
class Registration:
    """A channel as it is registered.

    ``open`` makes it, where the settings want it; without, it is no part of ``wence serve``. It is told, in words, where
    else people can go whose messages shall not leave the country. ``staff_chat`` reads from the settings the chat of
    the office's staff, where that is on this channel. ``later``: it is slow to open, and comes up while the web serves
    already; such a one can have no routes. ``people``: they come to it themselves, and can be pointed there, where it is
    ``wanted`` by the settings.
    """

    traits: ChannelTraits
    open: Callable[[Settings, Service, MakeFile, str], Coroutine[None, None, ServedChannel | None]] | None = None
    staff_chat: Callable[[Settings], str | None] = lambda settings: None
    later: bool = False
    people: bool = True
    wanted: Callable[[Settings], bool] = lambda settings: True


def clean(text: str) -> str:
    """``text`` without what is no writing: control characters, marks that turn its direction, halves of characters."""
    text = text.replace("\r\n", "\n").encode(errors="ignore").decode()
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf")).strip()
