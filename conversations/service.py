"""The transaction around ``dialogue.turn``: a message comes in, and its whole effect is kept before it is answered.

The update's id, the new state, the log and the replies commit together or not at all. Messages that wait at the same
time share one transaction and so one write to disk; they are taken in the order of their arrival, which keeps those of
one person in order. Knows no channel: a channel hands in an ``Inbound``, and gets its replies by ``deliver_by``, after
the commit.
"""

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError

from conversations.consultation import dialogue, presses
from conversations.consultation.turn import Turn
from conversations.office import handover_topics
from conversations.office.context import Context, Take, Taken
from conversations.office.handover_topics import Place
from conversations.office.rooms import Office
from conversations.state.actions import OfQuestion
from conversations.state.events import Event
from conversations.state.messages import Inbound, Kind, Reply, Topic
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.faults import complain, passing
from conversations.storage.store import Addressed, Change, Line, Outgoing, Settled, Standing, Store, Work

__all__ = ["Handled", "Outgoing", "Service"]

log = logging.getLogger(__name__)

BATCH = 128
"""The most messages that share a transaction."""
PATIENCE = 0.05
"""Seconds that a note about a reply waits for a message to be written with: a transaction of its own costs as much."""
REMEMBERED = timedelta(days=7)
"""How long update ids and delivered replies are kept; no channel repeats an update for longer."""
SORRY = "抱歉，刚才这条我没处理好，您前面的回答都还在。请再发一次；还是不行的话，发 /new 重新开始。"

Deliver = Callable[[Sequence[Outgoing]], None]
Observe = Callable[[Inbound, float, Sequence[Event]], None]
"""Is told of each message once it is kept: how many seconds that took from its arrival, and what came of it."""


@dataclass(slots=True)
class Handled:
    """What became of a message: the replies to it, and where the person stands after it (None: nothing is kept of them).

    ``events`` is None where it was not taken in: it was before, or its writer is not known. ``turn``, and the
    consultation ``before`` it, are there where the dialogue has taken it, not the office, and what it did is kept.
    """

    replies: list[Outgoing] = field(default_factory=list[Outgoing])
    events: Sequence[Event] | None = None
    before: Session | None = None
    turn: Turn | None = None
    standing: Standing | None = None


@dataclass(slots=True)
class _Job:
    """A message that waits for its transaction, or a note about a reply that goes along with one.

    ``known``: it is for nobody but a person who is known already.
    """

    task: Inbound | Settled
    done: "asyncio.Future[Handled]"
    arrived: float
    known: bool


@dataclass(slots=True)
class _Effects:
    """What a batch of messages does, gathered before any of it is written."""

    standings: dict[str, Standing] = field(default_factory=dict[str, Standing])
    new: dict[str, Inbound] = field(default_factory=dict[str, Inbound])
    left: dict[str, bool] = field(default_factory=dict[str, bool])
    dropped: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    changes: dict[str, Change] = field(default_factory=dict[str, Change])
    lines: list[Line] = field(default_factory=list[Line])
    drafts: list[tuple[int, Addressed]] = field(default_factory=list[tuple[int, Addressed]])
    handled: dict[int, Handled] = field(default_factory=dict[int, Handled])
    traceless: bool = False


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
    ) -> None:
        self.shelf = shelf
        self.store = store
        self.office = office or Office(shelf)
        self._clock = clock
        self._new_id = new_id
        self._observe = observe
        self._waiting: deque[_Job] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None
        self._channels: dict[str, Deliver] = {}

    def deliver_by(self, channel: str, deliver: Deliver) -> None:
        """Have ``deliver`` called, right after each commit, with the new replies for ``channel`` in their order."""
        self._channels[channel] = deliver

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
        effects = _Effects()
        async with self.store.transaction() as work:
            self._say(effects, 0, await do(work, now))
            await self._write_down(work, effects, now)
            outgoings, mine = await work.send([draft for _, draft in effects.drafts], now)
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
        async with self.store.transaction() as work:
            await work.purge(now - REMEMBERED)
            await self.office.purge(work, now)
        await self.store.leave_no_trace()

    async def idle(self) -> None:
        """Wait until nothing waits to be written."""
        while self._waiting or self._writer is not None:
            await asyncio.wait([self._write_now()])

    async def _submit(self, task: Inbound | Settled, known: bool = False) -> Handled:
        loop = asyncio.get_running_loop()
        job = _Job(task, loop.create_future(), loop.time(), known)
        self._waiting.append(job)
        if isinstance(task, Inbound):
            self._write_now()
        elif self._later is None:
            self._later = loop.call_later(PATIENCE, self._write_now)
        return await job.done

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
            if len(batch) > 1 and not passing(error):
                # One of them cannot be kept; the others shall not suffer for it.
                for job in batch:
                    await self._commit([job])
                return
            for job in batch:
                if not job.done.done():
                    job.done.set_exception(error)
            return
        self._hand_out([outgoing for result in results for outgoing in result.replies if outgoing.id in mine])
        for job, result in zip(batch, results, strict=True):
            if not job.done.done():
                job.done.set_result(result)
        if self._observe is not None:
            now = asyncio.get_running_loop().time()
            for job, result in zip(batch, results, strict=True):
                if result.events is not None and isinstance(job.task, Inbound):
                    self._observe(job.task, now - job.arrived, result.events)

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
        inbounds = [(place, job.task, job.known) for place, job in enumerate(jobs) if isinstance(job.task, Inbound)]
        mine: set[int] = set()
        async with self.store.transaction() as work:
            traceless = await work.settle([job.task for job in jobs if isinstance(job.task, Settled)], now)
            if inbounds:
                effects = _Effects(handled=dict(enumerate(results)))
                await self._effects(work, effects, inbounds, now)
                await self._write_down(work, effects, now)
                traceless = traceless or effects.traceless
                outgoings, mine = await work.send([draft for _, draft in effects.drafts], now)
                for (place, _), outgoing in zip(effects.drafts, outgoings, strict=True):
                    results[place].replies.append(outgoing)
        if traceless:
            await self.store.leave_no_trace()
        return results, mine

    async def _write_down(self, work: Work, effects: _Effects, now: datetime) -> None:
        """Write what has been gathered, but for the replies, which go out together at the end."""
        await work.greet(effects.new.values(), now)
        await work.mark_left(effects.left, now)
        await work.drop(effects.dropped, now)
        await work.keep(effects.changes.values(), now)
        await work.record(effects.lines, now)
        for written in (effects.new, effects.left, effects.dropped, effects.changes, effects.lines):
            written.clear()

    async def _effects(
        self, work: Work, effects: _Effects, inbounds: Sequence[tuple[int, Inbound, bool]], now: datetime
    ) -> None:
        fresh = await work.admit([inbound for _, inbound, _ in inbounds], now)
        if fresh:
            effects.standings = await work.load({inbound.person for _, inbound, _ in inbounds})
        for place, inbound, known in inbounds:
            key = (inbound.channel, inbound.id)
            if key in fresh and not (known and inbound.person not in effects.standings):
                fresh.remove(key)
                await self._take(work, effects, place, inbound, now)
                effects.handled[place].standing = effects.standings.get(inbound.person)

    async def _take(self, work: Work, effects: _Effects, place: int, inbound: Inbound, now: datetime) -> None:
        person = inbound.person
        effects.handled[place].events = ()
        if person not in effects.standings:
            effects.new[person] = inbound
            effects.standings[person] = Standing(None, left=False)
        standing = effects.standings[person]
        if standing.left and inbound.kind is not Kind.LEFT and not inbound.group:
            effects.left[person] = False
        context = self.office.context(work, inbound, standing, now)
        take = self.office.look(context)
        if take is not None and await self._taken(effects, place, context, take):
            return
        if inbound.kind is Kind.LEFT:
            effects.dropped.add((inbound.channel, inbound.chat))
            if not inbound.group:
                effects.left[person] = True
        before = standing.session
        if before is None and inbound.kind is Kind.LEFT:
            return
        if before is None:
            before = Session.begin(self._new_id(), person, self.shelf, now)
        await self._converse(work, effects, place, inbound, before, now)

    async def _converse(
        self, work: Work, effects: _Effects, place: int, inbound: Inbound, before: Session, now: datetime
    ) -> None:
        """The turn of a consultation, which was ``before``, and what the office makes of it."""
        person, handled = inbound.person, effects.handled[place]
        standing = effects.standings[person]
        try:
            turn = dialogue.turn(before, inbound, self.shelf, now)
            after, replies, events, said = turn.session, turn.replies, turn.events, turn.said or inbound.text
            handled.before, handled.turn = before, turn
        except Exception as error:
            # Repeated, it would fail again: the message is done with, the consultation stays as it was.
            complain(log, f"A message could not be handled (update {inbound.id}, consultation {before.id})", error)
            after, replies, events, said = before, [Reply(text=SORRY)], list[Event](), inbound.text
        effects.lines.append(Line(person, True, inbound.kind, said))
        if after.id != before.id and standing.session is not None:
            effects.changes[before.id] = Change(before, inbound.channel, active=False)
        effects.changes[after.id] = Change(after, inbound.channel, active=True)
        effects.standings[person] = Standing(after, inbound.kind is Kind.LEFT, standing.handover)
        if inbound.kind is not Kind.LEFT:
            self._say(effects, place, [Addressed.to(inbound, reply) for reply in replies])
        handled.events = events
        if events:
            followed = await self._followed(work, inbound, after, events, now)
            if followed is None and after.id == before.id:  # as it was, so that it can be done again
                effects.changes[after.id] = Change(before, inbound.channel, active=True)
                effects.standings[person] = Standing(before, inbound.kind is Kind.LEFT, standing.handover)
                handled.turn = None
            self._say(effects, place, [Addressed.to(inbound, Reply(text=SORRY))] if followed is None else followed)

    async def _taken(self, effects: _Effects, place: int, context: Context, take: Take) -> bool:
        """Let the office have a message that may be its business; whatever came before is written, so it sees all."""
        work, inbound, person = context.work, context.inbound, context.inbound.person
        await self._write_down(work, effects, context.now)
        try:
            async with work.connection.begin_nested():
                done = await take(context)
        except Exception as error:
            if passing(error):
                raise
            complain(log, f"A message could not be handled by the office (update {inbound.id})", error)
            done = Taken((Addressed.to(inbound, Reply(text=SORRY)),))
        if done is None:
            return False
        if done.traceless:
            effects.drafts = [(at, draft) for at, draft in effects.drafts if draft.person != person]
            effects.traceless = True
        elif done.logged:
            said = presses.PRESSED if inbound.kind is Kind.CHOICE else inbound.text
            effects.lines.append(Line(person, True, inbound.kind, said))
        effects.standings.pop(person, None)
        # what staff do changes where others stand
        changed = {person, *(draft.person for draft in done.drafts if draft.person in effects.standings)}
        effects.standings |= await work.load(changed)
        self._say(effects, place, done.drafts)
        return True

    async def _followed(
        self, work: Work, inbound: Inbound, session: Session, events: Sequence[Event], now: datetime
    ) -> Sequence[Addressed] | None:
        """What the office makes of the events of a turn; None where that failed."""
        try:
            async with work.connection.begin_nested():
                return await self.office.follow(work, inbound, session, events, now)
        except Exception as error:
            if passing(error):
                raise
            complain(log, f"What came of a message could not be kept (update {inbound.id})", error)
            return None

    def _say(self, effects: _Effects, place: int, drafts: Sequence[Addressed]) -> None:
        """Have ``drafts`` sent; the log of a person holds what was said to them, not what the office says to itself."""
        effects.drafts += [(place, draft) for draft in drafts]
        effects.lines += [
            Line(draft.person, False, "reply", draft.reply.text, _lasting(draft.reply))
            for draft in drafts
            if draft.person and draft.about is None
        ]


def _lasting(reply: Reply) -> Reply | None:
    """What ``reply`` shows beside its text that holds at any later time, None where there is nothing."""
    rows = () if reply.ask else reply.choices
    buttons = tuple(row for row in rows if not any(isinstance(choice.action, OfQuestion) for choice in row))
    if not buttons and reply.file is None:
        return None
    return Reply(text="", choices=buttons, file=reply.file, document=reply.document)
