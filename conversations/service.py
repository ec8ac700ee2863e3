"""The transaction around ``dialogue.turn``: a message comes in, and its whole effect is kept before it is answered.

The update's id, the new state, the log and the replies commit together or not at all. Messages that wait at the same
time share one transaction and so one write to disk; they are taken in the order of their arrival, which keeps those of
one person in order. A long message is read before that, in another thread, and holds up nobody but its writer; one that
can never be dealt with is set aside. Knows no channel: a channel hands in an ``Inbound``, and gets its replies by
``deliver_by``, after the commit.
"""

import asyncio
import json
import logging
import uuid
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError

from conversations.office import handover_topics, office_notes
from conversations.office.batch import SORRY, Arrived, Batch, Handled, ReadAhead, is_long, turn_of
from conversations.office.handover_topics import Place
from conversations.office.rooms import Office
from conversations.state.events import Event
from conversations.state.messages import Inbound, Reply, Topic
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage import aside
from conversations.storage.faults import complain, passing, told
from conversations.storage.leadership import Leadership
from conversations.storage.standings import standings
from conversations.storage.store import Addressed, Outgoing, Settled, Store, Work
from conversations.storage.tables_aside import AsideKind

__all__ = ["SORRY", "Handled", "Outgoing", "Service"]

log = logging.getLogger(__name__)

BATCH = 128
"""The most messages that share a transaction."""
PATIENCE = 0.05
"""Seconds that a note about a reply waits for a message to be written with: a transaction of its own costs as much."""
REMEMBERED = timedelta(days=7)
"""How long update ids and delivered replies are kept; no channel repeats an update for longer."""
READERS = 2
"""Threads in which long messages are read: nobody has more than one, and each more makes all others wait for its turn."""
TRIES = 3
"""How often a long message is read ahead, where its writer's consultation is changed from elsewhere meanwhile."""
NOT_DEALT_WITH = (
    "抱歉，这条消息我处理不了，已经原样收好，会请工作人员查看。您前面的回答都还在。\n"
    "请换个说法再发一次，或者发 /start 接着问。"
)

Deliver = Callable[[Sequence[Outgoing]], None]
Observe = Callable[[Inbound, float, Sequence[Event]], None]
"""Is told of each message once it is kept: how many seconds that took from its arrival, and what came of it."""


@dataclass(slots=True)
class _Job:
    """A message that waits for its transaction, or a note about a reply that goes along with one.

    ``known``: it is for nobody but a person who is known already. ``ahead`` is what was read of it before, at the
    ``tries``-th time.
    """

    task: Inbound | Settled
    done: "asyncio.Future[Handled]"
    arrived: float
    known: bool
    ahead: ReadAhead | None = None
    tries: int = 0


class Service:
    """All consultations, for all channels of this process. Needs a running event loop, but neither start nor stop."""

    def __init__(
        self,
        shelf: Shelf,
        store: Store,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        office: Office | None = None,
        observe: Observe | None = None,
        leadership: Leadership | None = None,
    ) -> None:
        self.shelf = shelf
        self.leadership = leadership or Leadership()
        self.store = store
        self.office = office or Office(shelf)
        self._clock = clock
        self._new_id = new_id
        self._observe = observe
        self._waiting: deque[_Job] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None
        self._channels: dict[str, Deliver] = {}
        self._logged: set[str] = set()
        """The channels that show the log."""
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self._aside: Counter[str] = Counter()
        """Of whom so many messages are read ahead, or wait behind such a one."""
        self._latest: dict[str, asyncio.Future[Handled]] = {}
        """What comes of the last message of each person that is under way."""
        self._reading: set[asyncio.Task[None]] = set()

    def deliver_by(self, channel: str, deliver: Deliver, *, logged: bool = False) -> None:
        """Have ``deliver`` called, right after each commit, with the new replies for ``channel`` in their order.

        ``logged``: its people see the log, so that a reply has arrived once it is kept.
        """
        self._channels[channel] = deliver
        if logged:
            self._logged.add(channel)

    async def handle(self, inbound: Inbound) -> list[Outgoing]:
        """Take in one message; returns, after the commit, the replies to it: none where it was seen before.

        Raises SQLAlchemy's errors where nothing could be kept: then the message counts as not received.
        """
        return (await self.take(inbound)).replies

    async def take(self, inbound: Inbound, *, known: bool = False) -> Handled:
        """As ``handle``, for who wants to know what the message did; with ``known`` it begins no person's record."""
        return await self._submit(inbound, known)

    async def act(self, do: Callable[[Work, datetime], Awaitable[Sequence[Addressed]]]) -> list[Outgoing]:
        """What staff do elsewhere than in a chat: one transaction around ``do``, whose messages are logged and sent.

        Returns them. Raises what ``do`` raises, and SQLAlchemy's errors; then nothing is kept.
        """
        now = self._clock()
        async with self.store.transaction() as work:
            batch = self._batch(work, now, [Handled()])
            batch.say(0, await do(work, now))
            outgoings, mine = await batch.write()
        self._hand_out([outgoing for outgoing in outgoings if outgoing.id in mine])
        return outgoings

    async def pending(self, channel: str, *, own: bool = False) -> list[Outgoing]:
        """Replies for ``channel`` that no living process delivers, in order; from now on they are this process's.

        With ``own`` (once, at the start, before the first message) also those that this process's predecessor left.
        """
        async with self.store.transaction() as work:
            return await work.claim(channel, self._clock(), own=own)

    async def delivered(self, outgoing_id: int, message_id: str) -> None:
        """Note that a reply has arrived, as the channel's message ``message_id``."""
        await self._submit(Settled(outgoing_id, message=message_id))

    async def failed(self, outgoing_id: int, retry_at: datetime | None) -> None:
        """Note that a reply did not arrive: it will be tried again at ``retry_at``, or never."""
        await self._submit(Settled(outgoing_id, retry_at=retry_at))

    async def place(self, chat: str, topic: Topic) -> Place | None:
        """Where ``topic`` is in ``chat``; None where it is still to be opened."""
        async with self.store.reading() as connection:
            return await handover_topics.find(connection, chat, topic.person)

    async def placed(self, chat: str, topic: Topic, place: Place) -> None:
        """Note where ``topic`` is from now on; a new one in the place of one that is gone begins with a summary."""

        async def keep(work: Work, now: datetime) -> Sequence[Addressed]:
            lost = await handover_topics.keep(work, chat, topic.person, place)
            return await self.office.handovers.place_lost(work, topic.person) if lost else ()

        await self.act(keep)

    async def moved(self, old: str, new: str) -> None:
        """Note that a chat has another id, and follow the staff's."""
        if self.office.staff and self.office.staff.chat in (old, new):  # what was on its way has to be moved as well
            async with self.store.transaction() as work:
                await handover_topics.move(work, old, new)
            await self.find_staff()

    async def find_staff(self) -> None:
        """Look up which id the staff chat has now."""
        staff = self.office.staff
        if staff is None:
            return
        chat = staff.chat
        async with self.store.reading() as connection:
            staff.chat = await handover_topics.moved_to(connection, chat)
        if staff.chat != chat:
            log.warning("The staff chat has moved: set WENCE_STAFF_CHAT_ID=%s", staff.chat)

    async def read_notes(self) -> None:
        """Look up what the office says beside the documents, as it holds today."""
        async with self.store.reading() as connection:
            self.shelf.notes = await office_notes.in_force(connection, self._clock())

    async def give_back(self) -> None:
        """Take back consultations whose hand-over has been silent for too long."""
        await self.act(self.office.handovers.give_back)

    async def renew(self, ids: Collection[int]) -> None:
        """Say that this process is alive and still about to deliver these replies."""
        async with self.store.transaction() as work:
            await work.renew(ids, self._clock())

    async def purge(self) -> None:
        """Forget update ids, delivered replies, and what the office keeps no longer than it may."""
        now = self._clock()
        if swept := await aside.sweep(self.store, now):
            log.error("%d consultations could not be read and were set aside", swept)
        async with self.store.transaction() as work:
            await work.purge(now - REMEMBERED)
            await aside.purge(work, now)
            await self.office.purge(work, now)
        await self.store.leave_no_trace()

    async def set_aside(self, channel: str, update: object, error: Exception) -> None:
        """Keep what a channel was handed and is no message, so that it need not be handed in again."""
        complain(log, f"What came by {channel} is no message and is set aside", error)
        now = self._clock()
        async with self.store.transaction() as work:
            content = work.vault.seal(json.dumps(update, default=str))
            await aside.put(work, AsideKind.UPDATE, (channel, ""), told(error), content, now)

    async def resume(self, id: int) -> bool:
        """Try again what was set aside as ``id``; False where it still cannot be dealt with, and stays."""
        now = self._clock()
        async with self.store.transaction() as work:
            if await aside.restore_consultation(work, id, now):
                return True
            inbound = await aside.message(work, id)
        if inbound is None:
            return False
        again = inbound.model_copy(
            update={"id": f"{inbound.id}#{id}"}
        )  # with this id it counts once, however often tried
        job = _Job(again, asyncio.get_running_loop().create_future(), 0.0, known=False)
        try:
            results, mine = await self._surely([job])
        except Exception as error:
            if passing(error):
                raise
            return False
        self._hand_out([outgoing for outgoing in results[0].replies if outgoing.id in mine])
        async with self.store.transaction() as work:
            await aside.remove(work, id)
        return True

    async def idle(self) -> None:
        """Wait until nothing waits to be written."""
        while self._waiting or self._writer is not None or self._reading:
            await asyncio.wait({self._write_now(), *self._reading}, return_when=asyncio.FIRST_COMPLETED)

    async def _submit(self, task: Inbound | Settled, known: bool = False) -> Handled:
        loop = asyncio.get_running_loop()
        job = _Job(task, loop.create_future(), loop.time(), known)
        if isinstance(task, Settled):
            self._waiting.append(job)
            if self._later is None:
                self._later = loop.call_later(PATIENCE, self._write_now)
        elif is_long(task) or task.person in self._aside:
            self._start(self._in_order(job, task, self._latest.get(task.person)))
            self._aside[task.person] += 1
            self._follow(job, task.person)
        else:
            self._follow(job, task.person)
            self._waiting.append(job)
            self._write_now()
        return await job.done

    def _follow(self, job: _Job, person: str) -> None:
        """Remember ``job`` as the last of the person's, until it is done."""
        self._latest[person] = job.done

        def forget(done: "asyncio.Future[Handled]") -> None:
            if self._latest.get(person) is done:
                del self._latest[person]

        job.done.add_done_callback(forget)

    def _start(self, reading: Awaitable[None]) -> None:
        task = asyncio.ensure_future(reading)
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _in_order(self, job: _Job, inbound: Inbound, before: "asyncio.Future[Handled] | None") -> None:
        """Read a long message ahead and have it written, after the one ``before`` it of the same person."""
        try:
            if before is not None:
                await asyncio.wait([before])
            await self._read(job, inbound)
            await asyncio.wait([job.done])
        finally:
            self._aside[inbound.person] -= 1
            if not self._aside[inbound.person]:
                del self._aside[inbound.person]

    async def _read(self, job: _Job, inbound: Inbound) -> None:
        """Take the turn of a long message, in a thread, as the consultation stands now; then have it written."""
        try:
            job.ahead = await self._read_ahead(inbound, job.known) if is_long(inbound) and job.tries < TRIES else None
        except Exception as error:
            if not job.done.done():
                job.done.set_exception(error)
            return
        job.tries += 1
        self._waiting.append(job)
        self._write_now()

    async def _read_ahead(self, inbound: Inbound, known: bool) -> ReadAhead | None:
        """The turn of ``inbound``; None where it is not the dialogue's, or there is nobody who could have said it."""
        person, now = inbound.person, self._clock()
        async with self.store.glance() as connection:
            standing = (await standings(connection, self.store.sessions, [person])).get(person)
        if (standing is None and known) or (standing and (standing.handover or standing.unreadable)):
            return None
        found = standing.session if standing else None
        before = found or Session.begin(self._new_id(), person, self.shelf, now)
        loop = asyncio.get_running_loop()
        turn = await loop.run_in_executor(self._readers, turn_of, before, inbound, self.shelf, now)
        return ReadAhead(found, before, turn)

    def _write_now(self) -> asyncio.Task[None]:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return self._writer

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                await self._commit(batch)
        finally:
            self._writer = None

    async def _commit(self, batch: Sequence[_Job]) -> None:
        try:
            results, mine = await self._surely(batch)
        except Exception as error:
            if passing(error) or (len(batch) == 1 and isinstance(batch[0].task, Settled)):
                for job in batch:
                    if not job.done.done():
                        job.done.set_exception(error)
            elif len(batch) > 1:  # one of them cannot be kept; the others shall not suffer for it
                for job in batch:
                    await self._commit([job])
            else:
                await self._give_up(batch[0], error)
            return
        self._finish(batch, results, mine)

    def _finish(self, batch: Sequence[_Job], results: Sequence[Handled], mine: Collection[int]) -> None:
        """Send what was said, and tell who waits."""
        self._hand_out([outgoing for result in results for outgoing in result.replies if outgoing.id in mine])
        now = asyncio.get_running_loop().time()
        for job, result in zip(batch, results, strict=True):
            if result.stale and isinstance(job.task, Inbound):
                self._start(self._read(job, job.task))
                continue
            if not job.done.done():
                job.done.set_result(result)
            if self._observe is not None and result.events is not None and isinstance(job.task, Inbound):
                self._observe(job.task, now - job.arrived, result.events)

    async def _give_up(self, job: _Job, error: Exception) -> None:
        """Set a message aside that would fail for ever, and tell its writer; where that fails as well, it is refused."""
        inbound = job.task
        if not isinstance(inbound, Inbound):
            return
        complain(log, f"A message cannot be dealt with and is set aside (update {inbound.id})", error)
        now, result = self._clock(), Handled(events=())
        try:
            async with self.store.transaction() as work:
                batch = self._batch(work, now, [result])
                mine: set[int] = set()
                if await work.admit([inbound], now):
                    await aside.put_message(work, inbound, told(error), now)
                    batch.say(0, [Addressed.to(inbound, Reply(text=NOT_DEALT_WITH))])
                    _, mine = await batch.write()
        except Exception as another:
            if not job.done.done():
                job.done.set_exception(another if passing(another) else error)
            return
        self._finish([job], [result], mine)

    async def _surely(self, batch: Sequence[_Job]) -> tuple[list[Handled], set[int]]:
        """``_together``, once more where the connection had ended: the database has been started anew since.

        What has been kept all the same, though nobody could say so any more, is known by the ids of the messages.
        """
        try:
            return await self._together(batch)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return await self._together(batch)

    def _hand_out(self, outgoings: Sequence[Outgoing]) -> None:
        """Give each channel what is this process's to deliver there."""
        for channel, deliver in self._channels.items():
            ready = [outgoing for outgoing in outgoings if outgoing.channel == channel]
            if ready:
                deliver(ready)

    async def _together(self, jobs: Sequence[_Job]) -> tuple[list[Handled], set[int]]:
        """One transaction for all; returns what became of each, and which replies are this process's to deliver."""
        now = self._clock()
        results = [Handled() for _ in jobs]
        arrived = [
            Arrived(place, job.task, job.known, job.ahead)
            for place, job in enumerate(jobs)
            if isinstance(job.task, Inbound)
        ]
        mine: set[int] = set()
        async with self.store.transaction() as work:
            traceless = await work.settle([job.task for job in jobs if isinstance(job.task, Settled)], now)
            if arrived:
                batch = self._batch(work, now, results)
                await batch.take(arrived)
                _, mine = await batch.write()
                traceless = traceless or batch.traceless
        if traceless:
            await self.store.leave_no_trace()
        return results, mine

    def _batch(self, work: Work, now: datetime, handled: Sequence[Handled]) -> Batch:
        return Batch(work, self.office, self.shelf, now, self._new_id, handled, self._readers, self._logged)
