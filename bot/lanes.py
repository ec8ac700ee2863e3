"""From the outbox to the people: one lane a chat, in order, each reply until it has arrived or cannot.

What all channels have in common that send each reply by a call of their own. Knows no channel, and nothing of what is
said.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from conversations.service import Outgoing, Service
from conversations.storage.faults import complain, passing
from conversations.storage.store import LEASE

log = logging.getLogger(__name__)

SWEEP = 1.0
"""Seconds between two looks for replies that another process has left behind."""
LONGEST_SWEEP = 8.0
"""The most seconds between two, where the database does not answer."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 300.0
"""Seconds to wait after the first failure of a reply, doubled with each further one, and the most."""

Ended: TypeAlias = Sequence[tuple[Outgoing, str | None, datetime | None]]
"""The first replies of a lane, with what became of each: delivered as this message; else tried again then, or never."""


class Lanes:
    """Delivers the replies of this process, and those whose process is gone; ``channel`` is its name."""

    settled_first = False
    """Whether what became of a reply has to be noted before the next one is shown."""

    def __init__(self, service: Service, channel: str) -> None:
        self._service = service
        self._channel = channel
        self._lanes: dict[str, deque[Outgoing]] = {}
        self._known: set[int] = set()
        """Replies in a lane, or delivered with the note of it not yet written."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def deliver(self, lane: deque[Outgoing]) -> Ended:
        """Show the first reply of ``lane``, or the first few, however long that takes; at least one has ended then."""
        raise NotImplementedError

    async def settled(self, chat: str, ended: Ended) -> None:
        """What has ended is noted now, where that has to be before the next reply. Raises nothing."""

    def put(self, outgoings: Iterable[Outgoing]) -> None:
        """Take replies over for delivery, in this order within each chat."""
        for outgoing in outgoings:
            if outgoing.id in self._known:
                continue
            self._known.add(outgoing.id)
            lane = self._lanes.get(outgoing.chat)
            if lane is not None:
                lane.append(outgoing)
            else:
                self._lanes[outgoing.chat] = lane = deque([outgoing])
                self._start(self._run_lane(outgoing.chat, lane))

    async def recover(self) -> None:
        """Take up what was left undelivered when this process ended last; before the first new reply."""
        self.put(await self._service.pending(self._channel, own=True))

    async def collect(self) -> None:
        """Take up what no living process delivers by now."""
        self.put(await self._service.pending(self._channel))

    async def run(self) -> None:
        """Look for ever after replies that other processes leave behind, and let them know that ours are not."""
        clock = asyncio.get_running_loop().time
        renewed = clock()
        wait = SWEEP
        while True:
            await asyncio.sleep(wait)
            try:
                if self._known and clock() - renewed > LEASE.total_seconds() / 3:
                    await self._service.renew(self._known)
                    renewed = clock()
                await self.collect()
                wait = SWEEP
            except Exception as error:
                complain(log, "The outbox could not be read", error)
                wait = min(2 * wait, LONGEST_SWEEP)

    async def drain(self, seconds: float) -> None:
        """Let what is under way arrive, for so long at most; the rest waits in the outbox."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while self._tasks and (left := end - clock()) > 0:  # what ends may start a note of how it ended
            await asyncio.wait(self._tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def pause(self, outgoing: Outgoing, pause: timedelta) -> None:
        """Note that a reply did not arrive, and wait before it is tried again."""
        try:
            await self._service.failed(outgoing.id, datetime.now(UTC) + pause)
        except Exception as error:
            complain(log, f"The failure of reply {outgoing.id} could not be noted", error)
        await asyncio.sleep(pause.total_seconds())

    async def back_off(self, outgoing: Outgoing, failures: int, why: Exception) -> None:
        """Wait before a reply is tried again that has failed so often, the longer the oftener."""
        pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
        log.warning("Reply %s comes again in %.1f s: %s", outgoing.id, pause, why)
        await self.pause(outgoing, timedelta(seconds=pause))

    def drop_rest(self, outgoing: Outgoing) -> None:
        """Forget what stands behind ``outgoing`` in its lane: it is given up, or waits, by its row."""
        lane = self._lanes[outgoing.chat]
        while lane[-1] is not outgoing:
            self._known.discard(lane.pop().id)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, chat: str, lane: deque[Outgoing]) -> None:
        while lane:
            ended = await self.deliver(lane)
            for _ in ended:
                lane.popleft()
            notes = [self._settle(*each) for each in ended]
            if self.settled_first:
                await asyncio.gather(*notes)
                await self.settled(chat, ended)
            else:
                for note in notes:
                    self._start(note)
        del self._lanes[chat]

    async def _settle(self, outgoing: Outgoing, message: str | None, again: datetime | None) -> None:
        """Note what became of a reply, however long that takes: one that is not noted would go out again."""
        wait = SWEEP
        while True:
            try:
                if message is None:
                    await self._service.failed(outgoing.id, again)
                else:
                    await self._service.delivered(outgoing.id, message)
                break
            except Exception as error:
                complain(log, f"Reply {outgoing.id} is settled, which could not be noted", error)
                if not passing(error):
                    break
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_SWEEP)
        self._known.discard(outgoing.id)
