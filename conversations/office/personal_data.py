"""What is a person's own: their leads, their consultations, all that is kept of them, and its deletion.

The room for what people wish done with it. Works inside the transaction of a message; every look-up is by the person who
writes, so that no id in a button leads to somebody else's data. Knows no channel.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue
from sqlalchemy import delete, or_, select

from conversations.consultation.turn import Turn
from conversations.office import (
    forgotten,
    handover_records,
    lead_desk,
    lead_papers,
    leads,
    own_leads_wording,
    statistics,
)
from conversations.office.context import Context, Take, Taken
from conversations.office.leads import Reader
from conversations.saying import registration as wording
from conversations.saying.totals import estimate
from conversations.state.actions import Do, Forget, KeepLead, OwnLead, OwnVerb, SwitchTo
from conversations.state.commands import Command
from conversations.state.lead_form import FIELDS, Form, Screen
from conversations.state.leads import ENDED
from conversations.state.messages import Choice, Inbound, Reply, lasting
from conversations.state.office_time import OFFICE_TIME
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import migrate
from conversations.storage import channel_notes
from conversations.storage.store import Addressed, Change, Work
from conversations.storage.tables import Consultation, LoggedMessage, Outbox, Person, Table
from conversations.storage.tables_leads import Lead, LeadEntry

IDLE = timedelta(days=90)
"""How long a consultation is kept that nobody goes on with."""


def look(context: Context) -> Take | None:
    """The room: a wish about what is kept of a person."""
    return None if context.wish in (None, Do(Command.PERSON)) else _take


async def _take(context: Context) -> Taken | None:
    work, inbound, now, shelf = context.work, context.inbound, context.now, context.house.shelf
    if context.wish == Forget(sure=True):
        forgotten.note(work.vault, inbound.person, now)
        return Taken(await forget(work, inbound), traceless=True)
    person, session = inbound.person, context.standing.session
    notices: list[Addressed] = []
    match context.wish:
        case Do(Command.LEAD):
            if not work.vault.closed:
                return None
            replies = [Reply(text=wording.CLOSED.format(shelf.policy.lead))]
        case OwnLead() as pressed:
            replies, gone = await about_lead(work, shelf, inbound, session, pressed, now)
            notices = await lead_desk.announce(work, context.house, gone, "withdrawn") if gone is not None else []
        case Do(Command.MINE) | KeepLead():
            replies = await my_leads(work, person)
        case SwitchTo(consultation):
            replies = await switch(work, shelf, inbound, session, consultation, now)
        case Do(Command.PAPER):
            replies = [_paper(session)]
        case Do(Command.MYDATA):
            replies = await my_data(work, person)
        case Do(Command.FORGET):
            replies = [wording.forgetting()]
        case Forget():
            replies = [Reply(text=wording.NOT_FORGOTTEN)]
        case _:  # of which a context leaves one more: my consultations
            replies = await cases(work, shelf, inbound)
    await _lay_out(work, inbound, replies, now)
    return Taken([*(Addressed.to(inbound, reply) for reply in replies), *notices])


def _paper(session: Session | None) -> Reply:
    if session is None or not session.finished:
        return Reply(text=wording.NO_PAPER)
    return wording.paper(session.id)


async def _lay_out(work: Work, inbound: Inbound, replies: Sequence[Reply], now: datetime) -> None:
    """Have the buttons of ``replies`` at hand for who types their names."""
    aside = lasting(replies)
    standing = (await work.load({inbound.person})).get(inbound.person)
    if aside and standing is not None and standing.session is not None:
        await work.keep([Change(standing.session.but(aside=aside), inbound.channel, active=True)], now)


async def my_leads(work: Work, person: str) -> list[Reply]:
    """The person's leads, each with what can be done about it."""
    mine = await leads.of_person(work.connection, person)
    return [own_leads_wording.lead(lead) for lead in reversed(mine)] or [Reply(text=wording.NO_LEAD)]


async def about_lead(
    work: Work, shelf: Shelf, inbound: Inbound, session: Session | None, pressed: OwnLead, now: datetime
) -> tuple[list[Reply], Lead | None]:
    """A button under a lead of the person's own; returns the lead too where it has been withdrawn."""
    found = await leads.find(work.connection, Lead.person == inbound.person, Lead.number == pressed.number)
    if not found:
        return [Reply(text=wording.NO_LEAD)], None
    lead = found[0]
    if pressed.verb is OwnVerb.FILE:
        return [own_leads_wording.document(lead)], None
    if lead.state in ENDED:
        return [Reply(text=wording.ENDED_LEAD)], None
    if pressed.verb is OwnVerb.EDIT:
        form = _form(lead)
        await _keep(work, (session or Session.begun_by(inbound, shelf, now)).but(form=form), inbound, now)
        return [wording.question(shelf, form)], None
    if pressed.verb is OwnVerb.WITHDRAW:
        return [own_leads_wording.withdrawing(lead)], None
    await leads.withdraw(work, lead, now)
    if session is not None and session.registered:
        await _keep(work, session.but(registered=False), inbound, now)
    return [Reply(text=wording.WITHDRAWN.format(number=lead.number))], lead


async def cases(work: Work, shelf: Shelf, inbound: Inbound) -> list[Reply]:
    """The person's consultations, to go on with any of them."""
    names = {lead.consultation: lead.enterprise for lead in await leads.of_person(work.connection, inbound.person)}
    rows = await work.connection.execute(
        select(Consultation.id, Consultation.active, Consultation.state)
        .where(Consultation.person == inbound.person)
        .order_by(Consultation.begun)
    )
    kept = [(id, active, state) for id, active, state in rows if active or state.answers]
    lines: list[str] = []
    buttons: list[tuple[Choice, ...]] = []
    for place, (id, active, state) in enumerate(kept, 1):
        known = derive(migrate(state, shelf)[0], shelf)
        total = estimate(shelf, known) if state.answers else "还没开始"
        name = names.get(id) or f"{state.begun.astimezone(OFFICE_TIME):%m-%d %H:%M} 的咨询"
        lines.append(f"{place}. **{name}** · {len(state.answers)} 条回答 · {total}{'（正在进行）' if active else ''}")
        if not active:
            buttons.append((Choice(label=f"接着 {place}. {name[:20]}", action=SwitchTo(id), key=f"咨询{place}"),))
    buttons.append((Choice(label="为另一家企业新开一次", action=Do(Command.NEW), key="重新开始"),))
    head = "**我的咨询**（一家企业一次，互不影响）\n"
    return [Reply(text=head + ("\n".join(lines) or "还没有。"), choices=tuple(buttons))]


async def switch(
    work: Work, shelf: Shelf, inbound: Inbound, session: Session | None, id: str, now: datetime
) -> list[Reply]:
    """Go on with another consultation of the same person."""
    chosen = select(Consultation.state).where(Consultation.person == inbound.person, Consultation.id == id)
    other: Session | None = await work.connection.scalar(chosen)
    if other is None:
        return await cases(work, shelf, inbound)
    turn = Turn(other, inbound, shelf, now)
    turn.resume("好的，接着这一次：\n\n")
    if session is not None and session.id != id:
        await work.keep([Change(session.but(form=None), inbound.channel, active=False)], now)
    await _keep(work, turn.session, inbound, now)
    return turn.replies


async def everything(connection: Reader, person: str) -> bytes:
    """All that is kept of a person, as JSON."""
    consultations = await connection.execute(
        select(Consultation.id, Consultation.state).where(Consultation.person == person).order_by(Consultation.begun)
    )
    said = await connection.execute(
        select(LoggedMessage.at, LoggedMessage.incoming, LoggedMessage.text)
        .where(LoggedMessage.person == person)
        .order_by(LoggedMessage.id)
    )
    people = await connection.execute(select(Person.channel, Person.first_at).where(Person.person == person))
    mine = await leads.of_person(connection, person)
    entries = await leads.history(connection, [lead.id for lead in mine])
    data: dict[str, JsonValue] = {
        "person": person,
        "channels": [{"channel": channel, "since": at.isoformat()} for channel, at in people],
        "consultations": [
            {
                "id": id,
                **state.model_dump(mode="json", include={"begun", "touched", "policy", "policy_version", "answers"}),
            }
            for id, state in consultations
        ],
        "leads": [
            _lead_as_json(
                lead,
                [entry for entry in entries if entry.lead == lead.id],
                await lead_papers.kept(connection, lead.id),
            )
            for lead in mine
        ],
        "with_staff": [*await handover_records.kept(connection, person)],
        "messages": [
            {"at": at.isoformat(), "by": "you" if incoming else "bot", "text": text} for at, incoming, text in said
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _lead_as_json(lead: Lead, entries: Sequence[LeadEntry], papers: list[JsonValue]) -> dict[str, JsonValue]:
    return {
        "number": lead.number,
        "enterprise": lead.enterprise,
        "credit_code": lead.code,
        **lead.contact.model_dump(),
        "state": lead.state,
        "created": lead.created.isoformat(),
        "notice": lead.notice,
        "consented": lead.consented.isoformat(),
        "crossing_consented": lead.crossing_consented.isoformat() if lead.crossing_consented else None,
        "attached": lead.attached.model_dump(mode="json"),
        "papers": papers,
        "history": [
            {"at": e.at.isoformat(), "by": "office" if e.who else "you", "what": e.what, "state": e.state}
            for e in entries
        ],
    }


async def my_data(work: Work, person: str) -> list[Reply]:
    """What is kept, in words, and as a file."""
    data = json.loads(await everything(work.connection, person))
    text = wording.my_data(len(data["consultations"]), len(data["messages"]), [one["number"] for one in data["leads"]])
    return [Reply(text=text, file="我的资料.json", document=f"mydata:{person}")]


async def forget(work: Work, inbound: Inbound) -> list[Addressed]:
    """Delete all that is kept of the person who asks; the drafts leave no row once they are delivered."""
    removals = await erase(work, inbound.person)
    goodbye = Reply(text=wording.forgotten(len(removals)))
    return [Addressed("", inbound.channel, inbound.chat, inbound.thread, goodbye), *removals]


async def erase(work: Work, person: str) -> list[Addressed]:
    """Delete all that is kept of ``person``; returns what takes the messages about them away that others see."""
    work.sessions.forget(person)
    await statistics.forget(work.connection, person)
    shown = await erase_leads(work, await leads.of_person(work.connection, person))
    talked = await handover_records.forget(work, person)
    for table in Table.metadata.sorted_tables:
        if "person" in table.columns:
            await work.connection.execute(delete(table).where(table.c.person == person))
    removals = {(draft.channel, draft.chat, draft.reply.edit): draft for draft in shown}
    removals |= {(draft.channel, draft.chat, draft.reply.edit): draft for draft in talked}
    return list(removals.values())


async def erase_leads(work: Work, gone: Sequence[Lead]) -> list[Addressed]:
    """Delete these leads; returns what takes the messages about them away that others see."""
    shown = await _shown(work, gone)
    await leads.drop(work, gone)
    await work.connection.execute(delete(Outbox).where(Outbox.id.in_([id for id, _ in shown])))
    await work.erase()
    return [draft for _, draft in shown if draft.reply.edit]


async def purge(work: Work, now: datetime) -> int:
    """Delete consultations that nobody goes on with, and what else is left of such people; returns how many."""
    before = now - IDLE
    gone = await work.connection.execute(delete(Consultation).where(Consultation.touched < before))
    going_on = select(Consultation.person)
    await work.connection.execute(
        delete(LoggedMessage).where(LoggedMessage.at < before, LoggedMessage.person.not_in(going_on))
    )
    still = or_(*(Person.person.in_(select(table.person)) for table in (Consultation, LoggedMessage, Lead)))
    await work.connection.execute(delete(Person).where(Person.first_at < before, ~still))
    await channel_notes.purge(work)
    return gone.rowcount


async def _shown(work: Work, mine: Sequence[Lead]) -> list[tuple[int, Addressed]]:
    """The office's messages that show these leads: the rows, and what removes each from its chat."""
    numbers = [lead.number for lead in mine]
    about = Outbox.about.in_([f"{leads.LEAD}{lead.id}" for lead in mine])
    rows = await work.connection.execute(
        select(Outbox.id, Outbox.channel, Outbox.chat, Outbox.thread, Outbox.message, Outbox.about, Outbox.reply).where(
            or_(about, Outbox.about == leads.LISTS) if mine else about
        )
    )
    removal = Reply(text=wording.REMOVED, remove=True)
    return [
        (id, Addressed("", channel, chat, thread, removal.model_copy(update={"edit": message})))
        for id, channel, chat, thread, message, what, reply in rows
        if what != leads.LISTS or any(number in reply.text for number in numbers)
    ]


def _form(lead: Lead) -> Form:
    values = {"enterprise": lead.enterprise, "code": lead.code, **lead.contact.model_dump()}
    return Form(
        at=Screen.CONFIRM,
        notice=lead.notice,
        consented=lead.consented,
        crossing_consented=lead.crossing_consented,
        values={field.value: values[field.value] for field in FIELDS},
        lead=lead.number,
    )


async def _keep(work: Work, session: Session, inbound: Inbound, now: datetime) -> None:
    await work.keep([Change(session, inbound.channel, active=True)], now)
