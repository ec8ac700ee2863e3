"""The hand-over to a person: what a person and staff say to each other while the bot is silent.

Works inside the transaction of a message, and gives back what is to be sent. Who is staff is the channel's word
(``Inbound.staff``). Which topic of the staff chat is whose is ``handover_places``' business. Knows no channel but the
name of the one that staff use.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import JsonValue
from sqlalchemy import delete, insert, select, update

from conversations.consultation import dialogue
from conversations.language import command_words
from conversations.office import accounts, handover_topics, statistics
from conversations.office.hours import OfficeHours
from conversations.office.leads import Reader
from conversations.saying import handovers as wording
from conversations.state.actions import Do, EndHandover
from conversations.state.commands import Command
from conversations.state.messages import Choice, Inbound, Kind, Reply, Topic
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.store import Addressed, Change, Standing, Work
from conversations.storage.tables import Message, Outbox, Person
from conversations.storage.tables_handover import Handover

log = logging.getLogger(__name__)

IDLE = timedelta(hours=1)
"""Without a word of either side for so long, the bot takes the consultation back."""
KEPT = timedelta(days=90)
"""How long a hand-over is kept after the last word."""
STAFF = "office"
"""Whom messages to the staff chat are for, in place of a person."""
ABOUT = "handover:"
"""What outbox rows to the staff chat are ``about``; the hand-over's id follows."""
_LINES = 12
"""So many of the last lines of the log are looked at for the summary."""
By = Literal["person", "staff", "idle"]


class Handovers:
    """The hand-overs of this office, whose staff are in the chat ``staff_chat`` of the channel ``staff_channel``."""

    def __init__(
        self, shelf: Shelf, staff_chat: str | None, staff_channel: str, hours: OfficeHours | None = None
    ) -> None:
        self._shelf = shelf
        self.staff_chat = staff_chat
        self._staff_channel = staff_channel
        self._hours = hours or OfficeHours()

    def concerns(self, inbound: Inbound, standing: Standing) -> bool:
        """Whether ``intercept`` may want the message; a cheap test without the database."""
        return standing.handover is not None or (inbound.group and self._in_staff_chat(inbound))

    async def intercept(
        self, work: Work, inbound: Inbound, standing: Standing, now: datetime
    ) -> tuple[list[Addressed], bool] | None:
        """What to send, and whether the message belongs into the writer's log; None where it is none of this room's."""
        if inbound.kind is Kind.LEFT:
            if inbound.group and self._in_staff_chat(inbound):
                log.error("The bot is no longer in the staff chat %s (WENCE_STAFF_CHAT_ID)", inbound.chat)
            return None
        if inbound.group:
            drafts = await self._from_staff(work, inbound, now) if self._in_staff_chat(inbound) else None
            return None if drafts is None else (drafts, False)
        if standing.handover is None:
            return None
        handover = await _one(work, Handover.id == standing.handover)
        return None if handover is None else (await self._from_person(work, handover, inbound, standing, now), True)

    async def open(self, work: Work, inbound: Inbound, standing: Standing, now: datetime) -> list[Addressed] | None:
        """Hand the person over at their wish; None where there is nobody to hand them to: no staff chat and no desk."""
        if self.staff_chat is None and not await accounts.exist(work.connection):
            return None
        if inbound.group:
            return [Addressed.to(inbound, Reply(text=wording.PRIVATELY))]
        session = standing.session
        if session is None:  # the bot has to have something to go on with
            id_ = uuid.uuid5(uuid.NAMESPACE_OID, f"{inbound.channel}:{inbound.id}").hex
            await work.keep(
                [Change(Session.begin(id_, inbound.person, self._shelf, now), inbound.channel, active=True)], now
            )
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
        handover = Handover(id=id_, **values)
        earlier = update(Handover).where(Handover.person == inbound.person, Handover.id != id_)
        await work.connection.execute(earlier.values(waiting=None))
        await _note(work, inbound.person, id_)
        if self.staff_chat is not None:
            await handover_topics.renew(work, self.staff_chat, inbound.person)
        await statistics.note(work.connection, now, statistics.HANDOVER_OPENED, f"{ABOUT}{id_}")
        opens = self._hours.next_opening(now) if not self._hours.open_at(now) else None
        later = "" if opens is None else wording.LATER.format(when=wording.when(opens))
        told = wording.OPENED if opens is None else wording.CLOSED_NOW.format(when=wording.when(opens))
        if self.staff_chat is not None and inbound.channel != self._staff_channel:
            told += wording.ABROAD.get(self._staff_channel, "")
        summary = await self._summary(work, handover, session, later)
        return [
            Addressed.to(inbound, Reply(text=told, choices=wording.END)),
            *self._to_staff(handover, summary, wording.staff_end(id_)),
        ]

    async def waiting(self, work: Work) -> list[Handover]:
        """The hand-overs in which the person has the last word, who waits longest first; closed ones too."""
        rows = await work.connection.execute(
            select(Handover.__table__).where(Handover.waiting.is_not(None)).order_by(Handover.waiting)
        )
        return [_row(row) for row in rows]

    async def say_to_person(
        self, work: Work, handover_id: int, staff_name: str, text: str, now: datetime
    ) -> list[Addressed]:
        """Send ``text``, which a member of staff wrote elsewhere than in the staff chat; it is shown there as well.

        Raises LookupError where there is no such hand-over.
        """
        handover = await self._get(work, handover_id)
        told = self._to_staff(handover, wording.from_desk(staff_name, text))
        return [*told, *await self._say(work, handover, staff_name, text, now)]

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
        if copy_of is not None and handover.channel != self._staff_channel:
            return self._to_staff(handover, wording.NO_FILES_THERE)
        again = standing.handover != handover.id
        if handover.answered is None:
            await statistics.note(work.connection, now, statistics.HANDOVER_ANSWERED, f"{ABOUT}{handover.id}")
        await _set(work, handover, touched=now, waiting=None, answered=handover.answered or now, closed=None)
        if again:
            await _note(work, handover.person, handover.id)
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
        await _set(work, handover, closed=now, waiting=None if by == "staff" else handover.waiting)
        standing = (await work.load({handover.person})).get(handover.person)
        await statistics.note(work.connection, now, statistics.HANDOVER_CLOSED, f"{ABOUT}{handover.id}", by)
        told = self._to_staff(handover, wording.STAFF_ENDED[by])
        if standing is None or standing.handover != handover.id:
            return told
        await _note(work, handover.person, None)
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

    async def left(self, work: Work, person: str) -> list[Addressed]:
        """Let staff know that the person has blocked the bot."""
        handover = await _one(work, Handover.person == person, Handover.closed.is_(None))
        return [] if handover is None else self._to_staff(handover, wording.BLOCKED)

    async def place_lost(self, work: Work, person: str) -> list[Addressed]:
        """A new topic stands for one that was deleted: what the matter is, once more."""
        handover = await _one(work, Handover.person == person)
        if handover is None:
            return []
        standing = (await work.load({person})).get(person)
        session = standing.session if standing is not None else None
        summary = await self._summary(work, handover, session, wording.MOVED_ON)
        return self._to_staff(handover, summary, wording.staff_end(handover.id))

    async def purge(self, work: Work, now: datetime) -> None:
        """Delete hand-overs that ended long ago, with the messages that show them."""
        old = select(Handover.id, Handover.person).where(Handover.closed.is_not(None), Handover.touched < now - KEPT)
        gone = (await work.connection.execute(old)).all()
        about = [f"{ABOUT}{id_}" for id_, _ in gone]
        await work.connection.execute(delete(Outbox).where(Outbox.about.in_(about)))
        await work.connection.execute(delete(Handover).where(Handover.id.in_([id_ for id_, _ in gone])))

    async def _from_person(
        self, work: Work, handover: Handover, inbound: Inbound, standing: Standing, now: datetime
    ) -> list[Addressed]:
        text = inbound.text.strip()
        typed = inbound.kind is Kind.TEXT
        if (typed and command_words.read(text) is Command.END) or inbound.action == Do(Command.END):
            return await self.close(work, handover.id, "person", now)
        if inbound.kind is Kind.CHOICE or (typed and text.startswith("/")) or (typed and not text):
            return [Addressed.to(inbound, Reply(text=wording.DURING, choices=wording.END))]
        await _set(work, handover, touched=now, waiting=handover.waiting or now, chat=inbound.chat)
        back = self._to_staff(handover, wording.BACK) if standing.left else []
        if inbound.kind in (Kind.TEXT, Kind.EDIT, Kind.CONTACT) or inbound.message is None:
            said = wording.from_person(handover.name, text, inbound.kind is Kind.EDIT)
            return back + self._to_staff(handover, said)
        copy_of = (inbound.chat, inbound.message) if inbound.channel == self._staff_channel else None
        said = wording.from_person(handover.name, wording.sent_along(inbound.kind is Kind.FORWARD))
        return back + self._to_staff(handover, said, copy_of=copy_of)

    async def _from_staff(self, work: Work, inbound: Inbound, now: datetime) -> list[Addressed] | None:
        """What is written, or pressed, in the staff chat; None where it belongs to no hand-over, or is a command."""
        text = inbound.text.strip()
        if isinstance(inbound.action, EndHandover):
            handover = await _one(work, Handover.id == inbound.action.handover)
        elif inbound.kind is Kind.CHOICE:
            return None
        else:
            handover = await self._meant(work, inbound)
        if handover is None:
            return None if inbound.kind is Kind.CHOICE or inbound.thread is None else _unless_command(inbound)
        if not inbound.staff:
            return self._to_staff(handover, wording.NOT_STAFF)
        if inbound.kind is Kind.CHOICE or (inbound.kind is Kind.TEXT and command_words.read(text) is Command.END):
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
        along = wording.sent_along(inbound.kind is Kind.FORWARD)
        copy_of = (inbound.chat, inbound.message)
        return await self._say(work, handover, name, along, now, copy_of=copy_of)

    async def _meant(self, work: Work, inbound: Inbound) -> Handover | None:
        """The hand-over that something written in the staff chat is about: by its topic, or by what it replies to."""
        if inbound.thread is not None:
            person = await handover_topics.whose(work, inbound.chat, inbound.thread)
            if person is not None:
                return await _one(work, Handover.person == person)
        if inbound.reply_to is None:
            return None
        shown = select(Outbox.about).where(
            Outbox.about.startswith(ABOUT), Outbox.chat == inbound.chat, Outbox.message == inbound.reply_to
        )
        about = (await work.connection.execute(shown.order_by(Outbox.id.desc()).limit(1))).scalar()
        if about is None:
            return None
        replied = await _one(work, Handover.id == int(about.removeprefix(ABOUT)))
        return None if replied is None else await _one(work, Handover.person == replied.person)

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
        said = select(Message.incoming, Message.text).where(Message.person == handover.person)
        rows = await work.connection.execute(said.order_by(Message.id.desc()).limit(_LINES))
        lines = [(bool(incoming), text) for incoming, text in rows.all()[::-1]]
        return wording.summary(self._shelf, handover.name, handover.channel, session, lines, later)

    def _to_staff(
        self,
        handover: Handover,
        text: str,
        choices: tuple[tuple[Choice, ...], ...] = (),
        copy_of: tuple[str, str] | None = None,
    ) -> list[Addressed]:
        if self.staff_chat is None:
            return []
        topic = Topic(person=handover.person, name=wording.topic(handover.name, handover.id))
        reply = Reply(text=text, choices=choices, topic=topic, copy_of=copy_of)
        return [Addressed(STAFF, self._staff_channel, self.staff_chat, None, reply, f"{ABOUT}{handover.id}")]

    def _in_staff_chat(self, inbound: Inbound) -> bool:
        return inbound.chat == self.staff_chat and inbound.channel == self._staff_channel

    async def _get(self, work: Work, id: int) -> Handover:
        """The hand-over, which nobody else changes until the end."""
        handover = await _one(work, Handover.id == id)
        if handover is not None:
            await work.lock({handover.person})
            handover = await _one(work, Handover.id == id)
        if handover is None:
            raise LookupError(f"there is no hand-over {id}")
        return handover


async def kept(connection: Reader, person: str) -> list[JsonValue]:
    """When ``person`` was with staff; what was said then is in the message log."""
    times = select(Handover.opened, Handover.answered, Handover.closed).where(Handover.person == person)
    rows = await connection.execute(times.order_by(Handover.id))
    names = ("opened", "answered", "closed")
    return [{name: at and at.isoformat() for name, at in zip(names, row, strict=True)} for row in rows.all()]


async def forget(work: Work, person: str) -> list[Addressed]:
    """What takes the staff chat's messages about ``person`` away; the rows go with all that is kept of the person."""
    ids = (await work.connection.execute(select(Handover.id).where(Handover.person == person))).scalars().all()
    about = Outbox.about.in_([f"{ABOUT}{id_}" for id_ in ids])
    rows = await work.connection.execute(
        select(Outbox.channel, Outbox.chat, Outbox.message).where(about, Outbox.message.is_not(None))
    )
    shown = [Addressed("", channel, chat, None, Reply(text="", edit=m, remove=True)) for channel, chat, m in rows.all()]
    threads = await handover_topics.threads(work, person)
    channels = {draft.chat: draft.channel for draft in shown}
    topics = [
        Addressed("", channels[chat], chat, thread, Reply(text="", remove=True))
        for chat, thread in threads
        if chat in channels
    ]
    await work.connection.execute(delete(Outbox).where(about))
    return shown + topics


async def _one(work: Work, *conditions: Any) -> Handover | None:
    """The newest hand-over that meets ``conditions``."""
    chosen = select(Handover.__table__).where(*conditions).order_by(Handover.id.desc()).limit(1)
    row = (await work.connection.execute(chosen)).first()
    return None if row is None else _row(row)


def _row(row: Any) -> Handover:
    return Handover(**row._mapping)


async def _set(work: Work, handover: Handover, **values: Any) -> None:
    await work.connection.execute(update(Handover).where(Handover.id == handover.id).values(values))
    for name, value in values.items():
        setattr(handover, name, value)


async def _note(work: Work, person: str, handover: int | None) -> None:
    """Note with the person that they are with staff, or no longer."""
    await work.connection.execute(update(Person).where(Person.person == person).values(handover=handover))


def _to_person(handover: Handover, reply: Reply) -> Addressed:
    return Addressed(handover.person, handover.channel, handover.chat, handover.thread, reply)


def _unless_command(inbound: Inbound) -> list[Addressed] | None:
    """In a topic of the office's own the bot keeps silent, but for commands and what answers it."""
    command = inbound.text.startswith("/") or inbound.reply_to is not None
    return None if command else []
