"""Channels whose people see the message log itself: a reply has arrived once it stands there. In the outbox lies only
what a command has said, which opens no channel, and is noted here. Renders nothing and takes no message in.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from bot.channel import ServedChannel
from conversations.service import Outgoing, Service
from conversations.storage.faults import complain

log = logging.getLogger(__name__)

SWEEP = 2.0
"""Seconds between two looks for replies that another process has written."""
LONGEST_SWEEP = 8.0
"""The most seconds between two, where the database does not answer."""


class LogChannel(ServedChannel):
    """Such a channel, an asynchronous context manager; ``run`` looks after the outbox."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._notes: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._service.deliver_by(self.traits.name, self.deliver, logged=True)
        self.deliver(await self._service.pending(self.traits.name, own=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*self._notes, return_exceptions=True)

    async def run(self) -> None:
        """Look for ever for replies that other processes have written, or left behind."""
        since = datetime.now(UTC)
        pause = SWEEP
        while True:
            await asyncio.sleep(pause)
            now = datetime.now(UTC)
            try:
                self.deliver(await self._service.pending(self.traits.name))
                await self.written_since(since)
                since, pause = now, SWEEP
            except Exception as error:
                complain(log, "The outbox could not be read", error)
                pause = min(2 * pause, LONGEST_SWEEP)

    def deliver(self, outgoings: Sequence[Outgoing]) -> None:
        """Replies are in the log; let those know who look at it, and the outbox."""
        for outgoing in outgoings:
            if not outgoing.id:
                continue
            note = asyncio.create_task(self._settle(outgoing))
            self._notes.add(note)
            note.add_done_callback(self._notes.discard)
        self.written_to({outgoing.chat for outgoing in outgoings})

    async def written_since(self, since: datetime) -> None:
        """Somebody may have been written to since then, by another process."""

    def written_to(self, chats: Collection[str]) -> None:
        """There is something new for these."""

    async def _settle(self, outgoing: Outgoing) -> None:
        try:
            await self._service.delivered(outgoing.id, "log")
        except Exception as error:
            complain(log, f"Reply {outgoing.id} could not be noted as delivered", error)
