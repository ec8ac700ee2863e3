"""The hand-over to a person: what a person and staff say to each other while the bot is silent.

Works inside the transaction of a message, and gives back what is to be sent. Who is staff is the channel's word
(``Inbound.staff``). Which topic of the staff chat is whose is ``handover_topics``' business. Knows no channel but by
its traits.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import insert, select, update

from conversations.answering.questions import Answering
from conversations.consultation import dialogue
from conversations.office import accounts, handover_topics, statistics
from conversations.office import handover_records as records
from conversations.office.context import Context, Happening, House, Take, Taken
from conversations.office.handover_records import ABOUT
from conversations.office.hours import OfficeHours
from conversations.saying import handovers as wording
from conversations.saying.answers import offer as look_too
from conversations.state.actions import AskFirst, Do, EndHandover
from conversations.state.channels import Ability
from conversations.state.commands import Command
from conversations.state.events import Left
from conversations.state.messages import Choice, Inbound, Kind, Reply, Topic, lasting
from conversations.state.outcome import Outcome
from conversations.state.session import Session
from conversations.storage.store import Addressed, Change, Line, Work
from conversations.storage.tables import LoggedMessage, Outbox
from conversations.storage.tables_handover import Handover
from knowledge.policy import META, bare

log = logging.getLogger(__name__)

IDLE = timedelta(hours=1)
"""Without a word of either side for so long, the bot takes the consultation back."""
_LINES = 12
"""So many of the last lines of the log are looked at for the summary."""
_LONGEST_QUESTION = 200
"""A text of more characters is for staff alone."""
By = Literal["person", "staff", "idle"]


class Handovers:
    """The hand-overs of this office; ``hours`` are those in which staff answer."""

    def __init__(self, house: House, hours: OfficeHours | None = None) -> None:
        self._shelf = house.shelf
        self._channels = house.channels
        self._staff = house.staff
        self._hours = hours or OfficeHours()

    def look(self, context: Context) -> Take | None:
        """The room of who is with staff, and of the staff's chat; what is a person's right goes past it."""
        inbound = context.inbound
        here = self._staff is not None and self._staff.holds(inbound)
        if context.is_right:
            return None
        if inbound.kind is Kind.LEFT:
            return self._take_leave if here else None
        if inbound.group:
            return self._take_from_staff if here else None
        return self._take_from_person if context.standing.handover is not None else None

    def look_for_wish(self, context: Context) -> Take | None:
        """The room of who asks for a person, or whether there is one."""
        if context.inbound.action == AskFirst():
            return self._take_question
        return self._take_wish if context.wish == Do(Command.PERSON) else None

    async def _take_leave(self, context: Context) -> Taken | None:
        log.error("The bot is no longer in the staff chat %s (WENCE_STAFF_CHAT_ID)", context.inbound.chat)
        return None

    async def _take_from_staff(self, context: Context) -> Taken | None:
        drafts = await self._from_staff(context)
        return None if drafts is None else Taken(drafts, logged=False)

    async def _take_from_person(self, context: Context) -> Taken | None:
        handover = await records.newest(context.work, Handover.id == context.standing.handover)
        if handover is None:
            return None
        return Taken(await self._from_person(context, handover))

    async def _take_wish(self, context: Context) -> Taken | None:
        """Hand the person over; None where there is nobody to hand them to: no staff chat and no desk."""
        return Taken(await self._open(context)) if await self._anybody(context) else None

    async def _take_question(self, context: Context) -> Taken | None:
        """Say when somebody answers, and offer to hand the person over; None where there is nobody."""
        if not await self._anybody(context):
            return None
        offer = Reply(text=wording.asking_first(self._opens(context.now)), choices=wording.SURE)
        if (session := context.standing.session) is not None:  # the buttons have their names
            kept = Change(session.but(aside=lasting([offer])), context.inbound.channel, active=True)
            await context.work.keep([kept], context.now)
        return Taken([Addressed.to(context.inbound, offer)])

    async def _anybody(self, context: Context) -> bool:
        """Whether there is somebody to hand people to: staff on the person's channel, a staff chat, or a desk."""
        there = self._channels.can(context.inbound.channel, Ability.STAFF)
        return there or self._staff is not None or await accounts.exist(context.work.connection)

    def _opens(self, now: datetime) -> datetime | None:
        """When somebody answers next; None where somebody does now."""
        return None if self._hours.open_at(now) else self._hours.next_opening(now)

    async def _open(self, context: Context) -> list[Addressed]:
        work, inbound, now = context.work, context.inbound, context.now
        session = context.standing.session
        if session is None:  # the bot has to have something to go on with
            fresh = Session.begun_by(inbound, self._shelf, now)
            await work.keep([Change(fresh, inbound.channel, active=True)], now)
        handover = await self._begin(work, inbound, now)
        opens = self._opens(now)
        later = "" if opens is None else wording.LATER.format(when=wording.when(opens))
        told = wording.OPENED if opens is None else wording.CLOSED_NOW.format(when=wording.when(opens))
        if self._staff is not None and inbound.channel != self._staff.channel.name:
            told += wording.staff_abroad(self._staff.channel)
        summary = await self._summary(work, handover, session, later)
        return [
            Addressed.to(inbound, Reply(text=told, choices=wording.END)),
            *self._to_staff(handover, summary, wording.staff_end(handover.id)),
        ]

    async def _begin(self, work: Work, inbound: Inbound, now: datetime) -> Handover:
        """A new hand-over of who writes, which the person's earlier ones wait for no longer."""
        values: dict[str, Any] = {
            "person": inbound.person,
            "name": inbound.name,
            "channel": inbound.channel,
            "chat": inbound.chat,
            "thread": inbound.thread,
            "opened": now,
            "touched": now,
            "waiting": now,
        }
        id_ = (await work.connection.execute(insert(Handover).values(values).returning(Handover.id))).scalar_one()
        earlier = update(Handover).where(Handover.person == inbound.person, Handover.id != id_)
        await work.connection.execute(earlier.values(waiting=None))
        await records.note(work, inbound.person, id_)
        if self._staff is not None:
            await handover_topics.renew(work, self._staff.chat, inbound.person)
        await statistics.note(work.connection, now, statistics.HANDOVER_OPENED, f"{ABOUT}{id_}")
        return Handover(id=id_, **values)

    async def follow(self, work: Work, happening: Happening) -> Sequence[Addressed]:
        """Let staff know that the person has blocked the bot."""
        if not isinstance(happening.event, Left) or happening.inbound.group:
            return ()
        handover = await records.newest(work, Handover.person == happening.inbound.person, Handover.closed.is_(None))
        return () if handover is None else self._to_staff(handover, wording.BLOCKED)

    async def say_to_person(
        self, work: Work, handover_id: int, staff_name: str, text: str, now: datetime, *, at: str
    ) -> list[Addressed]:
        """Send ``text``, which a member of staff wrote elsewhere, ``at`` as it is called; the staff chat sees it as well.

        Raises LookupError where there is no such hand-over.
        """
        handover = await self._get(work, handover_id)
        told = self._to_staff(handover, wording.from_elsewhere(staff_name, text, at))
        return [*told, *await self._say(work, handover, staff_name, text, now)]

    async def hear_staff(
        self, work: Work, person: Inbound, staff_name: str, text: str, now: datetime, *, at: str
    ) -> list[Addressed]:
        """A member of staff has written ``text`` to the ``person`` on the person's own channel, where it was read.

        It belongs into the log; the person, whose place ``person`` tells, is with staff from now on. The staff chat sees
        it as well, with ``at`` as where it was written. Nothing where the person is not known (any more).
        """
        handover = await self._with_staff(work, person, now)
        if handover is None:
            return []
        await _answered(work, handover, now)
        said = wording.from_staff(staff_name, text)
        await work.record([Line(person.person, False, "reply", said)], now)
        return self._to_staff(handover, wording.from_elsewhere(staff_name, text, at))

    async def taken_up(
        self, work: Work, person: Inbound, staff_name: str, now: datetime, *, at: str
    ) -> list[Addressed]:
        """A member of staff (the name may be unknown) has taken the ``person`` up on the person's own channel.

        As with ``hear_staff`` the person is with staff from now on, but nobody has answered yet.
        """
        handover = await self._with_staff(work, person, now)
        if handover is None:
            return []
        await records.change(work, handover, touched=now)
        said = wording.taken_up(staff_name, at)
        await work.record([Line(person.person, False, "reply", said)], now)
        return self._to_staff(handover, said)

    async def _with_staff(self, work: Work, person: Inbound, now: datetime) -> Handover | None:
        """The hand-over in which the ``person`` is, one that begins where there is none; None where nobody knows them."""
        standing = (await work.load({person.person})).get(person.person)
        if standing is None:
            return None
        handover = None
        if standing.handover is not None:
            handover = await records.newest(work, Handover.id == standing.handover)
        return handover or await self._begin(work, person, now)

    async def _say(
        self,
        work: Work,
        handover: Handover,
        staff_name: str,
        text: str,
        now: datetime,
        *,
        corrected: bool = False,
        copy_of: tuple[str, str] | None = None,
    ) -> list[Addressed]:
        """Send ``text`` to the person, who is with staff (again) from now on.

        ``copy_of`` is a message of the staff's channel to go along. Staff read in their chat where that is not possible.
        """
        standing = (await work.load({handover.person})).get(handover.person)
        if standing is None or standing.left:
            return self._to_staff(handover, wording.BLOCKED if standing else wording.FORGOTTEN)
        if standing.handover is not None and standing.handover != handover.id:
            handover = await self._get(work, standing.handover)  # they have asked anew since
        if copy_of is not None and self._staff is not None and not self._staff.copies_to(handover.channel):
            return self._to_staff(handover, wording.NO_FILES_THERE.format(self._staff.channel.label))
        again = standing.handover != handover.id
        await _answered(work, handover, now, closed=None)
        if again:
            await records.note(work, handover.person, handover.id)
        said = Reply(
            text=wording.from_staff(staff_name, text, corrected) + (f"\n\n{wording.REOPENED}" if again else ""),
            choices=wording.END if again else (),
            copy_of=copy_of,
        )
        return [_to_person(handover, said)]

    async def close(self, work: Work, handover_id: int, by: By, now: datetime) -> list[Addressed]:
        """Give the consultation back to the bot, where it was. Raises LookupError where there is no such hand-over."""
        handover = await self._get(work, handover_id)
        if handover.closed is not None:
            return self._to_staff(handover, wording.STAFF_ENDED[by])
        if by == "idle" and handover.touched > now - IDLE:
            return []
        await records.change(work, handover, closed=now, waiting=None if by == "staff" else handover.waiting)
        standing = (await work.load({handover.person})).get(handover.person)
        await statistics.note(work.connection, now, statistics.HANDOVER_CLOSED, f"{ABOUT}{handover.id}", by)
        told = self._to_staff(handover, wording.STAFF_ENDED[by])
        if standing is None or standing.handover != handover.id:
            return told
        await records.note(work, handover.person, None)
        if standing.left or standing.session is None:
            return told
        ended = _to_person(handover, Reply(text=wording.ENDED[by]))
        return [ended, *await self._go_on(work, handover, standing.session, now), *told]

    async def give_back(self, work: Work, now: datetime) -> list[Addressed]:
        """Close what has been silent for too long."""
        idle = select(Handover.id).where(Handover.closed.is_(None), Handover.touched <= now - IDLE)
        drafts: list[Addressed] = []
        for id_ in (await work.connection.execute(idle)).scalars().all():
            drafts += await self.close(work, id_, "idle", now)
        return drafts

    async def place_lost(self, work: Work, person: str) -> list[Addressed]:
        """A new topic stands for one that was deleted: what the matter is, once more."""
        handover = await records.newest(work, Handover.person == person)
        if handover is None:
            return []
        standing = (await work.load({person})).get(person)
        session = standing.session if standing is not None else None
        summary = await self._summary(work, handover, session, wording.MOVED_ON)
        return self._to_staff(handover, summary, wording.staff_end(handover.id))

    async def _from_person(self, context: Context, handover: Handover) -> list[Addressed]:
        work, inbound, text, now = context.work, context.inbound, context.text, context.now
        typed = inbound.kind is Kind.TEXT
        if context.command is Command.END or inbound.action == Do(Command.END):
            return await self.close(work, handover.id, "person", now)
        silent = self._channels.can(inbound.channel, Ability.STAFF)  # there the bot is not heard beside staff
        if inbound.kind is Kind.CHOICE or (typed and text.startswith("/")) or (typed and not text):
            return [] if silent else [Addressed.to(inbound, Reply(text=wording.DURING, choices=wording.END))]
        await records.change(work, handover, touched=now, waiting=handover.waiting or now, chat=inbound.chat)
        back = self._to_staff(handover, wording.BACK) if context.standing.left else []
        if inbound.kind in (Kind.TEXT, Kind.EDIT, Kind.CONTACT) or inbound.message is None:
            said = wording.from_person(handover.name, text, inbound.kind is Kind.EDIT)
            asks = inbound.kind is Kind.TEXT and not silent
            told, clauses = self._meanwhile(context, handover) if asks else ([], [])
            return [*told, *back, *self._to_staff(handover, said + wording.answered_already(clauses))]
        if self._staff is None or not self._staff.copies_to(inbound.channel):
            said = wording.from_person(handover.name, wording.sent_there(inbound.sent, text))
            return back + self._to_staff(handover, said)
        said = wording.from_person(handover.name, wording.sent_along(inbound.kind is Kind.FORWARD, inbound.sent))
        return back + self._to_staff(handover, said, copy_of=(inbound.chat, inbound.message))

    def _meanwhile(self, context: Context, handover: Handover) -> tuple[list[Addressed], list[str]]:
        """Answer a question on the documents while nobody of the staff has; with the clauses that the answer rests on."""
        session = context.standing.session
        if handover.answered is not None or len(context.text) > _LONGEST_QUESTION:
            return [], []
        answering = Answering(self._shelf, session.in_play if session is not None else ())
        found = answering.answers(context.text, session.topic if session is not None else None)
        said_there = [one for one in found if one.outcome is Outcome.ANSWERED]
        sure = [one for one in said_there if bare(one.clauses[0].clause) != META]  # that it is silent staff know
        if not sure or len(sure) < len(found):
            return [], []
        policy = self._shelf.policy
        clauses = [policy.clause(one.clauses[0].clause).citation or policy.name for one in sure]
        said = "\n\n".join(one.reply.removesuffix(f"\n{look_too(policy)}") for one in sure)
        return [Addressed.to(context.inbound, Reply(text=f"{wording.MEANWHILE}\n{said}"))], clauses

    async def _from_staff(self, context: Context) -> list[Addressed] | None:
        """What is written, or pressed, in the staff chat; None where it belongs to no hand-over, or is a command."""
        work, inbound, text, now = context.work, context.inbound, context.text, context.now
        if isinstance(inbound.action, EndHandover):
            handover = await records.newest(work, Handover.id == inbound.action.handover)
        elif inbound.kind is Kind.CHOICE:
            return None
        else:
            handover = await self._meant(work, inbound)
        if handover is None:
            return None if inbound.kind is Kind.CHOICE or inbound.thread is None else _unless_command(inbound)
        if not inbound.staff:
            return self._to_staff(handover, wording.NOT_STAFF)
        if inbound.kind is Kind.CHOICE or context.command is Command.END:
            return await self.close(work, handover.id, "staff", now)
        if text.startswith(("//", "／／")):
            return []
        if inbound.kind is Kind.TEXT and text.startswith("/"):
            return None
        handover = await self._get(work, handover.id)
        name = inbound.name
        if inbound.kind in (Kind.TEXT, Kind.EDIT, Kind.CONTACT) or inbound.message is None:
            corrected = inbound.kind is Kind.EDIT
            return await self._say(work, handover, name, text, now, corrected=corrected)
        along = wording.sent_along(inbound.kind is Kind.FORWARD, inbound.sent)
        copy_of = (inbound.chat, inbound.message)
        return await self._say(work, handover, name, along, now, copy_of=copy_of)

    async def _meant(self, work: Work, inbound: Inbound) -> Handover | None:
        """The hand-over that something written in the staff chat is about: by its topic, or by what it replies to."""
        if inbound.thread is not None:
            person = await handover_topics.whose(work, inbound.chat, inbound.thread)
            if person is not None:
                return await records.newest(work, Handover.person == person)
        if inbound.reply_to is None:
            return None
        shown = select(Outbox.about).where(
            Outbox.about.startswith(ABOUT), Outbox.chat == inbound.chat, Outbox.message == inbound.reply_to
        )
        about = (await work.connection.execute(shown.order_by(Outbox.id.desc()).limit(1))).scalar()
        if about is None:
            return None
        replied = await records.newest(work, Handover.id == int(about.removeprefix(ABOUT)))
        return None if replied is None else await records.newest(work, Handover.person == replied.person)

    async def _go_on(self, work: Work, handover: Handover, session: Session, now: datetime) -> list[Addressed]:
        """What the bot says when it has the consultation back: the open question again."""
        begun = Inbound(
            id=f"{ABOUT}{handover.id}",
            channel=handover.channel,
            person=handover.person,
            chat=handover.chat,
            thread=handover.thread,
            kind=Kind.TEXT,
            text="/start",
            at=now,
        )
        turn = dialogue.turn(session.but(misses=0), begun, self._shelf, now)
        await work.keep([Change(turn.session, handover.channel, active=True)], now)
        return [_to_person(handover, reply) for reply in turn.replies]

    async def _summary(self, work: Work, handover: Handover, session: Session | None, later: str) -> str:
        said = select(LoggedMessage.incoming, LoggedMessage.text).where(LoggedMessage.person == handover.person)
        rows = await work.connection.execute(said.order_by(LoggedMessage.id.desc()).limit(_LINES))
        lines = [(bool(incoming), text) for incoming, text in rows.all()[::-1]]
        channel = self._channels.label(handover.channel)
        return wording.summary(self._shelf, handover.name, channel, session, lines, later)

    def _to_staff(
        self,
        handover: Handover,
        text: str,
        choices: tuple[tuple[Choice, ...], ...] = (),
        copy_of: tuple[str, str] | None = None,
    ) -> list[Addressed]:
        if self._staff is None:
            return []
        name = wording.topic(handover.name, self._channels.label(handover.channel), handover.id)
        topic = Topic(person=handover.person, name=name)
        reply = Reply(text=text, choices=choices, topic=topic, copy_of=copy_of)
        return [self._staff.post(reply, f"{ABOUT}{handover.id}")]

    async def _get(self, work: Work, id: int) -> Handover:
        """The hand-over, which nobody else changes until the end."""
        handover = await records.newest(work, Handover.id == id)
        if handover is not None:
            await work.lock({handover.person})
            handover = await records.newest(work, Handover.id == id)
        if handover is None:
            raise LookupError(f"there is no hand-over {id}")
        return handover


async def _answered(work: Work, handover: Handover, now: datetime, **values: Any) -> None:
    """Note that staff have written to the person, who waits no longer, and what else has changed."""
    if handover.answered is None:
        await statistics.note(work.connection, now, statistics.HANDOVER_ANSWERED, f"{ABOUT}{handover.id}")
    await records.change(work, handover, touched=now, waiting=None, answered=handover.answered or now, **values)


def _to_person(handover: Handover, reply: Reply) -> Addressed:
    return Addressed(handover.person, handover.channel, handover.chat, handover.thread, reply)


def _unless_command(inbound: Inbound) -> list[Addressed] | None:
    """In a topic of the office's own the bot keeps silent, but for commands and what answers it."""
    command = inbound.text.startswith("/") or inbound.reply_to is not None
    return None if command else []
