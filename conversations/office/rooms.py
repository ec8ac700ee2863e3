"""Where the service hands over what is not a consultation's own business: the office's side, and what a person keeps.

Only dispatches, inside the transaction of the message, to the rooms (``leads``, ``lead_desk``, …). What concerns the
office is told by a cheap look, so that ordinary messages cost nothing more. Knows no channel but the name of the one
that its staff use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from conversations.language import command_words
from conversations.office import lead_desk, leads, personal_data, statistics
from conversations.office.handover import STAFF, Handovers
from conversations.office.helpdesk import Helpdesk
from conversations.office.hours import OfficeHours
from conversations.saying import registration
from conversations.state.actions import Action, Do, Forget, KeepLead, OfLeads, Own, OwnLead, SwitchTo, command
from conversations.state.commands import Command
from conversations.state.lead_form import Form
from conversations.state.messages import Event, Inbound, Kind, Reply, lasting
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.store import Addressed, Change, Standing, Work
from conversations.storage.tables import Outbox
from conversations.storage.tables_leads import Lead

OFFICE = STAFF
_OWN = frozenset(
    {Command.MINE, Command.CASES, Command.MYDATA, Command.PAPER, Command.FORGET, Command.LEAD, Command.PERSON}
)
_LONGEST_WORD = 40
"""The most characters of words that can be a command or the name of a button."""


@dataclass(frozen=True, slots=True)
class Intercepted:
    """What the office made of a message: what is to be sent.

    ``logged``: the message belongs into the log of who wrote it. ``traceless``: nothing that was said to them stays.
    """

    drafts: Sequence[Addressed] = ()
    logged: bool = True
    traceless: bool = False


class Office:
    """The office that serves this policy; ``staff_chat`` is the group of its staff on the channel ``staff_channel``.

    ``hours`` are those in which somebody answers who is asked for.
    """

    def __init__(
        self,
        shelf: Shelf,
        staff_chat: str | None = None,
        staff_channel: str = "telegram",
        hours: OfficeHours | None = None,
    ) -> None:
        self.shelf = shelf
        self.staff_channel = staff_channel
        self._helpdesk = Helpdesk(shelf, staff_chat, staff_channel)
        self.handovers = Handovers(shelf, staff_chat, staff_channel, hours)

    @property
    def staff_chat(self) -> str | None:
        """The staff's group, by the id that it has now."""
        return self.handovers.staff_chat

    @staff_chat.setter
    def staff_chat(self, chat: str | None) -> None:
        self.handovers.staff_chat = self._helpdesk.staff_chat = chat

    def concerns(self, inbound: Inbound, standing: Standing) -> bool:
        """Whether ``intercept`` has to look at the message; a cheap test without the database."""
        return (
            self.handovers.concerns(inbound, standing)
            or self._helpdesk.concerns(inbound)
            or _wish(inbound, standing) is not None
            or (inbound.staff and _for_desk(inbound))
        )

    async def intercept(self, work: Work, inbound: Inbound, standing: Standing, now: datetime) -> Intercepted | None:
        """Take the message in the place of the dialogue; None where it is the dialogue's after all.

        All that was said before is in the database; what is changed there about the person's consultations holds.
        """
        wish = _wish(inbound, standing)
        if command(wish) not in (Command.MYDATA, Command.FORGET):  # which a person may do at any time, with staff too
            said = await self.handovers.intercept(work, inbound, standing, now)
            if said is not None:
                return Intercepted(said[0], logged=said[1])
        if inbound.staff and _for_desk(inbound):
            drafts = await self._desk(work, inbound, now)
            if drafts is not None:
                return Intercepted(drafts)
        drafts = await self._helpdesk.intercept(work, inbound, standing, now)
        if drafts is not None:
            return Intercepted(drafts)
        if wish == Do(Command.PERSON):
            drafts = await self.handovers.open(work, inbound, standing, now)
            return None if drafts is None else Intercepted(drafts)
        return None if wish is None else await self._own(work, inbound, standing, wish, now)

    async def follow(
        self, work: Work, inbound: Inbound, session: Session, events: Sequence[Event], now: datetime
    ) -> list[Addressed]:
        """After a turn: make rows and messages of its events; ``session`` is the state that it leaves."""
        await self._helpdesk.follow(work, inbound, session, events, now)
        drafts: list[Addressed] = []
        for event in events:
            if event.kind == "lead":
                form = Form.model_validate(event.data["form"])
                drafts += await self._register(work, inbound, session, form, now)
            elif event.kind == "left" and not inbound.group:
                drafts += await self.handovers.left(work, inbound.person)
        return drafts

    async def purge(self, work: Work, now: datetime) -> tuple[int, int]:
        """Delete what is kept no longer; returns how many leads and how many consultations went."""
        before = now - timedelta(days=self.shelf.retention_days)
        ended = await leads.purge(work, before)
        await self._helpdesk.purge(work, now, now - personal_data.IDLE)
        idle = await personal_data.purge(work, now)
        await self.handovers.purge(work, now)
        await work.connection.execute(delete(Outbox).where(Outbox.about == leads.LISTS, Outbox.done_at < before))
        return ended, idle

    async def _register(
        self, work: Work, inbound: Inbound, session: Session, form: Form, now: datetime
    ) -> list[Addressed]:
        lead, updated = await leads.register(work, session, form, inbound.channel, self.shelf, now)
        receipt = registration.receipt(self.shelf, lead, updated, form.lead is not None)
        said = [Addressed.to(inbound, reply) for reply in receipt]
        return said + await self._tell(work, lead, "updated" if updated else "created")

    async def _tell(self, work: Work, lead: Lead, what: str) -> list[Addressed]:
        """Let the staff chat know what the person of ``lead`` did."""
        if self.staff_chat is None:
            return []
        reply = await lead_desk.announce(work, self.shelf, lead, what)
        return [Addressed(OFFICE, self.staff_channel, self.staff_chat, None, reply, f"{leads.LEAD}{lead.id}")]

    async def _desk(self, work: Work, inbound: Inbound, now: datetime) -> list[Addressed] | None:
        """What staff do with leads; None where it is something else."""
        await leads.meet(work, inbound.person, inbound.name, now)
        text = inbound.text.strip()
        if isinstance(inbound.action, OfLeads):
            return await lead_desk.press(work, self.shelf, inbound, inbound.action, now)
        if text.lower().startswith("/leads"):
            return await lead_desk.command(work, self.shelf, inbound, text[len("/leads") :].strip(), now)
        return await lead_desk.noted(work, self.shelf, inbound, now)

    async def _own(
        self, work: Work, inbound: Inbound, standing: Standing, wish: Own, now: datetime
    ) -> Intercepted | None:
        """What a person does with what is kept of them."""
        if inbound.group:
            return Intercepted([Addressed.to(inbound, Reply(text=registration.PRIVATELY))])
        person, session = inbound.person, standing.session
        notices: list[Addressed] = []
        match wish:
            case Do(Command.LEAD):
                if not work.vault.closed:
                    return None
                replies = [Reply(text=registration.CLOSED.format(self.shelf.policy.lead))]
            case OwnLead():
                replies, gone = await personal_data.about_lead(work, self.shelf, inbound, session, wish, now)
                notices = await self._tell(work, gone, "withdrawn") if gone is not None else []
            case Do(Command.MINE) | KeepLead():
                replies = await personal_data.my_leads(work, person)
            case SwitchTo(consultation):
                replies = await personal_data.switch(work, self.shelf, inbound, session, consultation, now)
            case Do(Command.PAPER):
                replies = [Reply(text=registration.NO_PAPER)]
                if session is not None and session.finished:
                    replies = [registration.paper(session.id)]
            case Do(Command.MYDATA):
                replies = await personal_data.my_data(work, person)
            case Do(Command.FORGET):
                replies = [registration.forgetting()]
            case Forget(sure=False):
                replies = [Reply(text=registration.NOT_FORGOTTEN)]
            case Forget():
                await statistics.forget(work.connection, person)
                return Intercepted(await personal_data.forget(work, inbound), traceless=True)
            case Do():  # of which `_wish` leaves one more
                replies = await personal_data.cases(work, self.shelf, inbound)
        await _lay_out(work, inbound, replies, now)
        return Intercepted([*(Addressed.to(inbound, reply) for reply in replies), *notices])


def _for_desk(inbound: Inbound) -> bool:
    """Whether this is, from staff, the business of the desk: a command, a button, or perhaps a note by reply."""
    return isinstance(inbound.action, OfLeads) or (
        inbound.kind is Kind.TEXT
        and (inbound.text.strip().lower().partition(" ")[0] == "/leads" or inbound.reply_to is not None)
    )


def _wish(inbound: Inbound, standing: Standing) -> Own | None:
    """What a person wants done with what is kept of them; None = nothing."""
    if inbound.kind is Kind.CHOICE:
        return _own(inbound.action)
    text = inbound.text.strip()
    if inbound.kind is not Kind.TEXT or len(text) > _LONGEST_WORD:
        return None
    session = standing.session
    if session is not None and session.form is None:
        for choice in session.aside:
            if text in (choice.key, choice.label) and (own := _own(choice.action)) is not None:
                return own
    typed = command_words.read(text)
    return None if typed is None else _own(Do(typed))


def _own(action: Action | None) -> Own | None:
    """``action`` where it is about what is kept of a person."""
    if isinstance(action, Do):
        return action if action.command in _OWN else None
    return action if isinstance(action, Own) else None


async def _lay_out(work: Work, inbound: Inbound, replies: Sequence[Reply], now: datetime) -> None:
    """Have the buttons of ``replies`` at hand for who types their names."""
    aside = lasting(replies)
    standing = (await work.load({inbound.person})).get(inbound.person)
    if aside and standing is not None and standing.session is not None:
        await work.keep([Change(standing.session.but(aside=aside), inbound.channel, active=True)], now)
