"""The helpdesk's room: what staff forward becomes a draft, and their commands for questions and figures.

Whether somebody is staff is the channel's word (``Inbound.staff``), asked for at every message and every button.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from conversations.answering.canned import canned
from conversations.answering.drafting import LONGEST, draft
from conversations.answering.letter_parts import Item, Letter, Style
from conversations.consultation import dialogue, statements
from conversations.consultation.turn import Turn
from conversations.language import customer_message
from conversations.office import helpdesk_wording as wording
from conversations.office import statistics, unanswered, unanswered_desk
from conversations.office.context import Context, Take, Taken
from conversations.office.staff_chat import StaffChat
from conversations.office.statistics_wording import statistics_text
from conversations.office.unanswered import How
from conversations.saying.notices import unread
from conversations.state.actions import (
    DraftDo,
    DraftVerb,
    NextClause,
    OfHelpdesk,
    QuestionDo,
    QuestionPage,
    ShowFigures,
)
from conversations.state.messages import Inbound, Kind, Reply
from conversations.state.office_time import today
from conversations.state.outcome import Outcome
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.standings import Standing
from conversations.storage.store import Addressed, Change, Work
from conversations.storage.tables import Consultation
from conversations.storage.tables_helpdesk import CustomerDraft, Happened

KEPT = timedelta(days=30)
"""How long a customer's message is kept, so that the draft for it can be worded anew."""
SETTLED_KEPT = timedelta(days=365)
"""How long a question is kept that was answered or set aside."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A customer's message as it is kept."""

    id: int
    person: str
    text: str
    sender: str | None
    style: Style
    chosen: Mapping[int, int]
    consultation: str | None
    before: str | None
    at: datetime


class Helpdesk:
    """The room that serves one policy; ``staff`` is the chat where colleagues are asked."""

    def __init__(self, shelf: Shelf, staff: StaffChat | None) -> None:
        self._shelf = shelf
        self._staff = staff

    def look(self, context: Context) -> Take | None:
        """The room: staff's alone."""
        inbound = context.inbound
        if not inbound.staff:
            return None
        mine = inbound.kind in (Kind.FORWARD, Kind.TEXT) or isinstance(inbound.action, OfHelpdesk)
        return self._take if mine else None

    async def _take(self, context: Context) -> Taken | None:
        drafts = await self._answer(context.work, context.inbound, context.standing, context.now)
        return None if drafts is None else Taken(drafts)

    async def _answer(self, work: Work, inbound: Inbound, standing: Standing, now: datetime) -> list[Addressed] | None:
        """What to answer to staff; None where the message is none of this room's."""
        if isinstance(inbound.action, OfHelpdesk):
            return await self._pressed(work, inbound, inbound.action, standing, now)
        if inbound.kind is Kind.FORWARD:
            return await self._drafted(work, inbound, inbound.text, inbound.sender, wording.MEDIA, now)
        command, *rest = inbound.text.strip().split(maxsplit=1) or [""]
        argument = rest[0] if rest else ""
        match command.lower():
            case "/draft":
                return await self._drafted(work, inbound, argument, None, wording.HOW_TO_DRAFT, now)
            case "/unanswered":
                return await unanswered_desk.show(work, inbound, int(argument) - 1 if argument.isdecimal() else 0)
            case "/stats":
                return await self._figures(work, inbound, argument)
            case "/staff" | "/help" | "帮助":
                return [Addressed.to(inbound, _menu(inbound))]
            case "/start" if standing.session is None and not inbound.group:
                return [Addressed.to(inbound, _menu(inbound))]
            case _:
                written = await unanswered_desk.written(work, inbound, now)
                return await self._pasted(work, inbound, standing, now) if written is None else written

    async def purge(self, work: Work, now: datetime, idle: datetime) -> None:
        """Delete old drafts and questions settled long ago; count consultations untouched since ``idle``, which go."""
        await statistics.remember_idle(work.connection, idle)
        await work.connection.execute(delete(CustomerDraft).where(CustomerDraft.at < now - KEPT))
        await unanswered.purge(work.connection, now - SETTLED_KEPT)

    async def _figures(self, work: Work, inbound: Inbound, argument: str) -> list[Addressed]:
        try:
            since = date.fromisoformat(argument) if argument else None
        except ValueError:
            return [Addressed.to(inbound, Reply(text=wording.STATS))]
        return await self._count(work, inbound, since, -1)

    async def _count(self, work: Work, inbound: Inbound, since: date | None, days: int) -> list[Addressed]:
        found = await statistics.statistics(work.connection, self._shelf, since)
        return [Addressed.to(inbound, Reply(text=statistics_text(found), choices=wording.figures_buttons(days)))]

    async def _pasted(self, work: Work, inbound: Inbound, standing: Standing, now: datetime) -> list[Addressed] | None:
        """Ask whose it is where it reads like a customer's; None for what is of the member of staff's own consultation.

        Where they lead a consultation for a customer, what they type is meant for that.
        """
        text, session = inbound.text.strip(), standing.session
        if inbound.group or text.startswith("/") or not customer_message.seems_forwarded(text):
            return None
        if session is not None and (session.form is not None or await _leads_for_customer(work, session)):
            return None
        row = await _keep(work, inbound, text, None, now)
        return [Addressed.to(inbound, Reply(text=wording.PASTED, choices=wording.pasted_buttons(row.id)))]

    async def _drafted(
        self, work: Work, inbound: Inbound, text: str, sender: str | None, empty: str, now: datetime
    ) -> list[Addressed]:
        """A new draft for a customer's message."""
        if not text.strip():
            return [Addressed.to(inbound, Reply(text=empty))]
        if len(text) > LONGEST:
            return [Addressed.to(inbound, Reply(text=wording.TOO_LONG.format(LONGEST)))]
        return await self._first(work, inbound, await _keep(work, inbound, text, sender, now), now)

    async def _first(self, work: Work, inbound: Inbound, row: _Row, now: datetime) -> list[Addressed]:
        """The draft for ``row``, its questions counted, what staff should know of it before."""
        drafted = self._draft(row)
        for item in drafted.items:
            await statistics.note(work.connection, now, statistics.QUESTION, f"draft:{row.id}", item.outcome.value)
            if item.outcome is Outcome.OUT_OF_SCOPE:
                await unanswered.keep(work.connection, inbound, item.text, How.REPORTED, now)
        hint = wording.hint(self._shelf.policy, drafted)
        return [
            *([Addressed.to(inbound, Reply(text=hint))] if hint else []),
            Addressed.to(inbound, self._letter(row, inbound)),
        ]

    def _draft(self, row: _Row) -> Letter:
        """The draft for ``row`` as it is chosen, read as of the day on which it came, whenever a button is pressed."""
        return draft(self._shelf, row.text, row.sender, row.style, row.chosen, row.at)

    def _letter(self, row: _Row, inbound: Inbound, edit: str | None = None) -> Reply:
        """The draft as a message that can be sent on, with its buttons."""
        drafted = self._draft(row)
        texts = len(canned(self._shelf, drafted))
        buttons = wording.draft_buttons(row.id, drafted, row.style, texts, private=not inbound.group)
        return Reply(text=drafted.text, choices=buttons, edit=edit)

    async def _pressed(
        self, work: Work, inbound: Inbound, action: OfHelpdesk, standing: Standing, now: datetime
    ) -> list[Addressed]:
        if isinstance(action, QuestionPage):
            return await unanswered_desk.show(work, inbound, action.page, edit=True)
        if isinstance(action, QuestionDo):
            return await unanswered_desk.press(work, inbound, action, now)
        if isinstance(action, ShowFigures):
            since = today(now) - timedelta(days=action.days - 1) if 0 < action.days < _LONGEST_SPAN else None
            return await self._count(work, inbound, since, action.days)
        return await self._with_draft(work, inbound, action, standing, now)

    async def _with_draft(
        self, work: Work, inbound: Inbound, action: DraftDo | NextClause, standing: Standing, now: datetime
    ) -> list[Addressed]:
        """A button of a draft, which is that of whoever drafted it, and of all in the staff's chat."""
        row = await _row(work, action.draft)
        if row is None:
            return [Addressed.to(inbound, Reply(text=wording.NO_LONGER))]
        if row.person != inbound.person and not (self._staff and self._staff.holds(inbound)):
            return [Addressed.to(inbound, Reply(text=wording.NOT_YOURS))]
        match action:
            case NextClause(_, place):
                return await self._anew(
                    work, inbound, row, row.style, {**row.chosen, place: row.chosen.get(place, 0) + 1}
                )
            case DraftDo(_, DraftVerb.GO):
                return await self._go_on(work, inbound, standing, row, now)
            case DraftDo(_, DraftVerb.BACK):
                return await self._back(work, inbound, standing, row, now)
            case DraftDo(_, DraftVerb.HAND_ON):
                return self._pass_on(inbound, row)
            case DraftDo(_, DraftVerb.REPORT):
                return await self._report(work, inbound, row, now)
            case DraftDo(_, DraftVerb.WRITE):
                return await self._first(work, inbound, row, now)
            case DraftDo(_, DraftVerb.OWN):
                return await self._own(work, inbound, standing, row, now)
            case DraftDo(_, DraftVerb.TEXTS):
                return self._texts(inbound, row)
            case DraftDo(_, register):
                return await self._anew(work, inbound, row, Style(register.value), row.chosen)

    async def _anew(
        self, work: Work, inbound: Inbound, row: _Row, style: Style, chosen: Mapping[int, int]
    ) -> list[Addressed]:
        """The draft in another register, or from another clause, in its place."""
        values = {"style": style.value, "chosen": json.dumps(chosen)}
        await work.connection.execute(update(CustomerDraft).where(CustomerDraft.id == row.id).values(values))
        worded = replace(row, style=style, chosen=chosen)
        return [Addressed.to(inbound, self._letter(worded, inbound, edit=inbound.message))]

    def _texts(self, inbound: Inbound, row: _Row) -> list[Addressed]:
        """The texts that staff keep for such a letter, each as a message that can be sent on."""
        drafted = self._draft(row)
        texts = canned(self._shelf, drafted)[:_MOST_TEXTS]
        return [Addressed.to(inbound, Reply(text=each.text)) for each in texts] or [
            Addressed.to(inbound, Reply(text=wording.NO_TEXTS))
        ]

    def _pass_on(self, inbound: Inbound, row: _Row) -> list[Addressed]:
        """Customer's words and draft to the staff chat; nobody's log holds them."""
        if self._staff is None:
            return [Addressed.to(inbound, Reply(text=wording.NO_STAFF_CHAT))]
        drafted = self._draft(row)
        head = wording.handed_on(inbound.name, drafted.message.name, row.text)
        buttons = wording.draft_buttons(row.id, drafted, row.style, 0, private=False)
        there = [Reply(text=head), Reply(text=drafted.text, choices=buttons)]
        sent = [self._staff.post(reply, person="") for reply in there]
        return [*sent, Addressed.to(inbound, Reply(text=wording.HANDED_ON))]

    async def _report(self, work: Work, inbound: Inbound, row: _Row, now: datetime) -> list[Addressed]:
        """Keep the customer's questions that were answered wrongly; those without an answer are kept already."""
        drafted = self._draft(row)
        wrong = [item for item in drafted.items if item.outcome is not Outcome.OUT_OF_SCOPE]
        already = select(Happened.id).where(Happened.about == f"draft:{row.id}", Happened.kind == _REPORTED)
        if not wrong or await work.connection.scalar(already) is not None:
            return [Addressed.to(inbound, Reply(text=wording.REPORTED_ALREADY))]
        await statistics.note(work.connection, now, _REPORTED, f"draft:{row.id}")
        for item in wrong:
            await unanswered.keep(work.connection, inbound, _question(item, row), How.REPORTED, now)
        return [Addressed.to(inbound, Reply(text=wording.REPORTED))]

    async def _go_on(
        self, work: Work, inbound: Inbound, standing: Standing, row: _Row, now: datetime
    ) -> list[Addressed]:
        """A consultation for the customer, with what they have told filled in; the staff member's own waits."""
        message = customer_message.read(row.text, row.sender)
        own = standing.session
        session = await _consultation(work, row.consultation, inbound.person)
        fresh = session is None
        if session is None:
            session = Session.begun_by(inbound, self._shelf, row.at)
            if own is not None:
                session = session.but(number=own.number)  # old buttons stay old
        if own is None or own.id != session.id:
            values = {"consultation": session.id, "before": None if own is None else own.id}
            await work.connection.execute(update(CustomerDraft).where(CustomerDraft.id == row.id).values(values))
        told = inbound.model_copy(update={"kind": Kind.TEXT, "text": message.body})
        turn = Turn(session, told, self._shelf, row.at if fresh else now)
        turn.say(wording.for_customer(message.name), wording.back_button(row.id))
        if fresh:
            found = statements.stated(
                turn, None
            )  # as if they had told it here: what is spoken of, and what is unread, too
            statements.record(turn, found)
            if rest := [words for words in found.rest if len(words) >= _SAYS_SOMETHING]:
                turn.say(unread(rest))
        turn.proceed(turn.known)
        return await self._switched(work, inbound, own, turn, now)

    async def _own(self, work: Work, inbound: Inbound, standing: Standing, row: _Row, now: datetime) -> list[Addressed]:
        """What was taken for a customer's is the member of staff's own: it is said to the bot as any text."""
        await work.connection.execute(delete(CustomerDraft).where(CustomerDraft.id == row.id))
        session = standing.session or Session.begun_by(inbound, self._shelf, now)
        said = inbound.model_copy(update={"kind": Kind.TEXT, "text": row.text})
        return await self._switched(
            work, inbound, standing.session, dialogue.turn(session, said, self._shelf, now), now
        )

    async def _back(
        self, work: Work, inbound: Inbound, standing: Standing, row: _Row, now: datetime
    ) -> list[Addressed]:
        """The staff member's own consultation again."""
        own = standing.session
        if own is None or own.id != row.consultation:
            return [Addressed.to(inbound, Reply(text=wording.NOTHING_TO_GO_BACK_TO))]
        session = await _consultation(work, row.before, inbound.person)
        if session is None:
            session = Session.begun_by(inbound, self._shelf, now)
        turn = Turn(session.but(number=max(session.number, own.number)), inbound, self._shelf, now)
        turn.resume(wording.BACK_AT_OWN)
        return await self._switched(work, inbound, own, turn, now)

    async def _switched(
        self, work: Work, inbound: Inbound, laid_aside: Session | None, turn: Turn, now: datetime
    ) -> list[Addressed]:
        changes = [Change(turn.session, inbound.channel, active=True)]
        if laid_aside is not None and laid_aside.id != turn.session.id:
            changes.append(Change(laid_aside, inbound.channel, active=False))
        await work.keep(changes, now)
        for event in turn.events:
            await statistics.count(work.connection, self._shelf, turn.session, event, now)
        return [Addressed.to(inbound, reply) for reply in turn.replies]


def _menu(inbound: Inbound) -> Reply:
    return Reply(text=wording.HELP, choices=wording.staff_buttons(private=not inbound.group))


async def _keep(work: Work, inbound: Inbound, text: str, sender: str | None, now: datetime) -> _Row:
    """A customer's message as it is kept from now on."""
    values = {
        "person": inbound.person,
        "text": text,
        "sender": sender,
        "style": Style.USUAL.value,
        "chosen": "{}",
        "at": now,
    }
    kept = await work.connection.execute(insert(CustomerDraft).values(values).returning(CustomerDraft.id))
    return _Row(kept.scalar_one(), inbound.person, text, sender, Style.USUAL, {}, None, None, now)


async def _leads_for_customer(work: Work, session: Session) -> bool:
    """Whether the consultation is one that a member of staff leads for a customer."""
    theirs = select(CustomerDraft.id).where(CustomerDraft.consultation == session.id).limit(1)
    return await work.connection.scalar(theirs) is not None


_REPORTED = "reported"
_SAYS_SOMETHING = 5
"""So many characters of a letter that were not read are more than a number or a courtesy."""
_LONGEST_SPAN = 3650
"""So many days are as good as all."""
_MOST_TEXTS = 5
"""So many of the texts that staff keep are sent at once."""


async def _row(work: Work, id: int) -> _Row | None:
    table = CustomerDraft
    columns = (
        table.id,
        table.person,
        table.text,
        table.sender,
        table.style,
        table.chosen,
        table.consultation,
        table.before,
        table.at,
    )
    found = (await work.connection.execute(select(*columns).where(table.id == id))).one_or_none()
    if found is None:
        return None
    chosen: dict[str, int] = json.loads(found[5])
    places = {int(place): choice for place, choice in chosen.items()}
    return _Row(found[0], found[1], found[2], found[3], Style(found[4]), places, found[6], found[7], found[8])


async def _consultation(work: Work, id: str | None, person: str) -> Session | None:
    if id is None:
        return None
    state = select(Consultation.state).where(Consultation.id == id, Consultation.person == person)
    return await work.connection.scalar(state)


def _question(item: Item, row: _Row) -> str:
    return item.text or row.text
