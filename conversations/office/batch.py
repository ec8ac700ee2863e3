"""What the messages that share a transaction do: each before the office's rooms, then before the dialogue, in their order.

Gathers what is to be written and writes it in few, wide statements. Knows neither how messages come nor how replies go.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime

from conversations.consultation import dialogue, presses
from conversations.consultation.turn import Turn
from conversations.office.context import Context, Take, Taken
from conversations.office.rooms import Office
from conversations.saying import handovers
from conversations.state.actions import Do, OfQuestion
from conversations.state.commands import Command
from conversations.state.events import Event
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage import aside
from conversations.storage.faults import complain, passing
from conversations.storage.standings import Standing
from conversations.storage.store import Addressed, Change, Line, Outgoing, Work

log = logging.getLogger(__name__)

SHORT = 60
"""So many characters of a message are read at once; a longer one is read aside, while others are answered."""
LONG_TURN = 0.25
"""Seconds of a turn from which on the log tells of it."""
SORRY = "抱歉，刚才这条我没处理好，您前面的回答都还在。请再发一次；还是不行的话，发 /new 重新开始。"
UNREADABLE = Reply(
    text="抱歉，您之前的这次咨询我读不出来了。您的回答已经原样收好，会请工作人员查看。\n要现在接着问，请点“重新开始”，从头再答一遍。",
    choices=((Choice(label="重新开始", action=Do(Command.START), key="开始"),),),
)


@dataclass(slots=True)
class Handled:
    """What became of a message: the replies to it, and where the person stands after it (None: nothing is kept of them).

    ``events`` is None where it was not taken in: it was before, or its writer is not known. ``turn``, and the
    consultation ``before`` it, are there where the dialogue has taken it, not the office, and what it did is kept.
    ``stale``: it was read ahead, in a consultation that is another by now, and is to be read anew.
    """

    replies: list[Outgoing] = field(default_factory=list[Outgoing])
    events: Sequence[Event] | None = None
    before: Session | None = None
    turn: Turn | None = None
    standing: Standing | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """The turn of a message (None: it failed) that was taken before its transaction.

    ``found`` is the consultation that was there, ``before`` the one that it began with.
    """

    found: Session | None
    before: Session
    turn: Turn | None


@dataclass(slots=True)
class Arrived:
    """A message in its place among those that share the transaction; ``known``: it is for nobody who is not known."""

    place: int
    inbound: Inbound
    known: bool = False
    ahead: ReadAhead | None = None


def is_long(inbound: Inbound) -> bool:
    """Whether reading the message may take so long that others should not wait for it."""
    return len(inbound.text) > SHORT


def turn_of(before: Session, inbound: Inbound, shelf: Shelf, now: datetime) -> Turn | None:
    """The dialogue's turn, None where it fails: repeated, it would fail again, so the message is done with."""
    begun = time.perf_counter()
    try:
        return dialogue.turn(before, inbound, shelf, now)
    except Exception as error:
        complain(log, f"A message could not be handled (update {inbound.id}, consultation {before.id})", error)
        return None
    finally:
        took = time.perf_counter() - begun
        if took > LONG_TURN:
            told = (inbound.channel, inbound.kind, len(inbound.text), took * 1000)
            log.warning("A turn took long (%s, %s, %d characters): %.0f ms", *told)


class Batch:
    """The messages of one transaction, ``work``. ``readers`` are the threads in which long ones are read.

    ``logged`` are the channels whose people see the log.
    """

    def __init__(
        self,
        work: Work,
        office: Office,
        shelf: Shelf,
        now: datetime,
        new_id: Callable[[], str],
        handled: Sequence[Handled],
        readers: Executor,
        logged: Collection[str],
    ) -> None:
        self.traceless = False
        self._work = work
        self._office = office
        self._shelf = shelf
        self._now = now
        self._new_id = new_id
        self._handled = handled
        self._readers = readers
        self._logged = logged
        self._standings: dict[str, Standing] = {}
        self._new: dict[str, Inbound] = {}
        self._left: dict[str, bool] = {}
        self._dropped: set[tuple[str, str]] = set()
        self._changes: dict[str, Change] = {}
        self._lines: list[Line] = []
        self._drafts: list[tuple[int, Addressed]] = []

    async def take(self, arrived: Sequence[Arrived]) -> None:
        """Take them all, in their order."""
        work, now = self._work, self._now
        fresh = await work.admit([each.inbound for each in arrived], now)
        if fresh:
            self._standings = await work.load({each.inbound.person for each in arrived})
        for each in arrived:
            inbound, handled = each.inbound, self._handled[each.place]
            key = (inbound.channel, inbound.id)
            if key not in fresh or (each.known and inbound.person not in self._standings):
                continue
            fresh.remove(key)
            standing = self._standings.get(inbound.person)
            if each.ahead is not None and each.ahead.found != (standing and standing.session):
                await work.unadmit(inbound)
                handled.stale = True
                continue
            await self._take(each)
            handled.standing = self._standings.get(inbound.person)

    def say(self, place: int, drafts: Sequence[Addressed]) -> None:
        """Have ``drafts`` sent; the log of a person holds what was said to them, not what the office says to itself."""
        self._drafts += [(place, draft) for draft in drafts]
        self._lines += [
            Line(draft.person, False, "reply", draft.reply.text, _lasting(draft.reply))
            for draft in drafts
            if draft.person and draft.about is None
        ]

    async def write(self) -> tuple[list[Outgoing], set[int]]:
        """Write all down; returns the replies, and the ids of those that are this process's to deliver at once."""
        await self._write_down()
        outgoings, mine = await self._work.send([draft for _, draft in self._drafts], self._now, self._logged)
        for (place, _), outgoing in zip(self._drafts, outgoings, strict=True):
            self._handled[place].replies.append(outgoing)
        return outgoings, mine

    async def _write_down(self) -> None:
        """Write what has been gathered, but for the replies, which go out together at the end."""
        work, now = self._work, self._now
        await work.greet(self._new.values(), now)
        await work.mark_left(self._left, now)
        await work.drop(self._dropped, now)
        await work.keep(self._changes.values(), now)
        await work.record(self._lines, now)
        for written in (self._new, self._left, self._dropped, self._changes, self._lines):
            written.clear()

    async def _take(self, arrived: Arrived) -> None:
        inbound, place = arrived.inbound, arrived.place
        person = inbound.person
        self._handled[place].events = ()
        if person not in self._standings:
            self._new[person] = inbound
            self._standings[person] = Standing(None, left=False)
        standing = self._standings[person]
        if standing.left and inbound.kind is not Kind.LEFT and not inbound.group:
            self._left[person] = False
        context = self._office.context(self._work, inbound, standing, self._now)
        if standing.unreadable is not None:
            await self._put_aside(inbound, standing, *standing.unreadable)
        take = self._office.look(context)
        if take is not None and await self._taken(place, context, take):
            return
        if inbound.kind is Kind.LEFT:
            self._dropped.add((inbound.channel, inbound.chat))
            if not inbound.group:
                self._left[person] = True
        found = self._standings[person].session
        if found is None and inbound.kind is Kind.LEFT:
            return
        if standing.unreadable is not None:
            known = context.command is not None
            if not known:  # what was said belongs to a question that nobody knows any more
                self._lines.append(Line(person, True, inbound.kind, _said(inbound, None)))
            self.say(place, [Addressed.to(inbound, UNREADABLE)])
            if not known:
                return
        await self._converse(arrived, found or Session.begin(self._new_id(), person, self._shelf, self._now))

    async def _put_aside(self, inbound: Inbound, standing: Standing, consultation: str, reason: str) -> None:
        """Set a consultation aside that cannot be read; its person stands before a new one."""
        log.error("A consultation cannot be read and is set aside (%s): %s", consultation, reason)
        await aside.put_consultation(self._work, consultation, reason, self._now)
        self._standings[inbound.person] = Standing(None, standing.left, standing.handover)

    async def _turn(self, arrived: Arrived, before: Session) -> ReadAhead:
        if arrived.ahead is not None:
            return arrived.ahead
        if not is_long(arrived.inbound):
            return ReadAhead(before, before, turn_of(before, arrived.inbound, self._shelf, self._now))
        loop = asyncio.get_running_loop()
        turn = loop.run_in_executor(self._readers, turn_of, before, arrived.inbound, self._shelf, self._now)
        return ReadAhead(before, before, await turn)

    async def _converse(self, arrived: Arrived, before: Session) -> None:
        """The turn of a consultation, which was ``before``, and what the office makes of it."""
        place, inbound = arrived.place, arrived.inbound
        person, handled = inbound.person, self._handled[place]
        standing = self._standings[person]
        read = await self._turn(arrived, before)
        before, turn = read.before, read.turn
        if turn is None:
            after, replies, events, said = before, [Reply(text=SORRY)], list[Event](), inbound.text
        else:
            after, replies, events, said = turn.session, turn.replies, turn.events, turn.said or _words(inbound)
            handled.before, handled.turn = before, turn
        self._lines.append(Line(person, True, inbound.kind, said))
        if after.id != before.id and standing.session is not None:
            self._changes[before.id] = Change(before, inbound.channel, active=False)
        self._changes[after.id] = Change(after, inbound.channel, active=True)
        self._standings[person] = Standing(after, inbound.kind is Kind.LEFT, standing.handover)
        if inbound.kind is not Kind.LEFT:
            self.say(place, [Addressed.to(inbound, reply) for reply in replies])
        handled.events = events
        if events:
            followed = await self._followed(inbound, after, events)
            if followed is None and after.id == before.id:  # as it was, so that it can be done again
                self._changes[after.id] = Change(before, inbound.channel, active=True)
                self._standings[person] = Standing(before, inbound.kind is Kind.LEFT, standing.handover)
                handled.turn = None
            self.say(place, [Addressed.to(inbound, Reply(text=SORRY))] if followed is None else followed)

    async def _taken(self, place: int, context: Context, take: Take) -> bool:
        """Let the office have a message that may be its business; whatever came before is written, so it sees all."""
        work, inbound, person = context.work, context.inbound, context.inbound.person
        await self._write_down()
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
            self._drafts = [(at, draft) for at, draft in self._drafts if draft.person != person]
            self.traceless = True
        elif done.logged:
            self._lines.append(Line(person, True, inbound.kind, _said(inbound, self._standings[person].session)))
        self._standings.pop(person, None)
        # what staff do changes where others stand
        changed = {person, *(draft.person for draft in done.drafts if draft.person in self._standings)}
        self._standings |= await work.load(changed)
        self.say(place, done.drafts)
        return True

    async def _followed(
        self, inbound: Inbound, session: Session, events: Sequence[Event]
    ) -> Sequence[Addressed] | None:
        """What the office makes of the events of a turn; None where that failed."""
        try:
            async with self._work.connection.begin_nested():
                return await self._office.follow(self._work, inbound, session, events, self._now)
        except Exception as error:
            if passing(error):
                raise
            complain(log, f"What came of a message could not be kept (update {inbound.id})", error)
            return None


def _said(inbound: Inbound, session: Session | None) -> str:
    """The words of a message for the log; of a press, what the button reads."""
    if inbound.kind is not Kind.CHOICE:
        return _words(inbound)
    return presses.reading(inbound.action, () if session is None else session.aside)


def _words(inbound: Inbound) -> str:
    """The words of a message; of what is no text, that it came."""
    return handovers.sent_there(inbound.sent, inbound.text) if inbound.kind is Kind.MEDIA else inbound.text


def _lasting(reply: Reply) -> Reply | None:
    """What ``reply`` shows beside its text that holds at any later time, None where there is nothing."""
    rows = () if reply.ask else reply.choices
    buttons = tuple(row for row in rows if not any(isinstance(choice.action, OfQuestion) for choice in row))
    if not buttons and reply.file is None:
        return None
    return Reply(text="", choices=buttons, file=reply.file, document=reply.document)
