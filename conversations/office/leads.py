"""Leads as they are kept: given a number, updated by the same enterprise, moved on, withdrawn, found again.

Works on a connection that is handed in. Knows neither a channel nor what is said.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.office import statistics
from conversations.office.lead_assessment import attached, keep_claims
from conversations.office.lead_search import retrace
from conversations.saying.registration import STATES
from conversations.state.lead_fields import Field, enterprise_key
from conversations.state.lead_form import Form
from conversations.state.leads import ENDED, Contact, LeadState, backward
from conversations.state.office_time import today
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf
from conversations.storage.sqlite_writer import InlineConnection
from conversations.storage.store import Work
from conversations.storage.tables import Outbox
from conversations.storage.tables_leads import (
    Colleague,
    Count,
    Lead,
    LeadClaim,
    LeadEntry,
    LeadFile,
    LeadPaper,
    LeadTrace,
)

LEAD = "lead:"
"""What outbox rows are ``about`` that show a lead; its id follows."""
_MOVES = frozenset({"created", "entered", "listed", "state", "withdrawn", "merged"})
"""What may have brought a lead into another state."""
LISTS = "leads"
"""What outbox rows are ``about`` that list leads."""


class RefusedError(ValueError):
    """What staff wanted is not done; the message says why, in Chinese."""


Reader: TypeAlias = AsyncConnection | InlineConnection
"""A connection to look things up by."""


async def find(connection: Reader, *conditions: Any, limit: int | None = None, offset: int = 0) -> list[Lead]:
    """The leads that meet ``conditions``, the newest first."""
    chosen = select(Lead.__table__).where(*conditions).order_by(Lead.id.desc()).limit(limit).offset(offset)
    return [Lead(**row._mapping) for row in await connection.execute(chosen)]  # pyright: ignore[reportPrivateUsage]


async def count(connection: Reader, *conditions: Any) -> int:
    """How many leads meet ``conditions``."""
    rows = await connection.execute(select(func.count()).select_from(Lead).where(*conditions))
    return rows.scalar_one()


async def history(connection: Reader, leads: Sequence[int]) -> list[LeadEntry]:
    """The history of ``leads``, oldest first."""
    chosen = select(LeadEntry.__table__).where(LeadEntry.lead.in_(leads)).order_by(LeadEntry.id)
    return [LeadEntry(**row._mapping) for row in await connection.execute(chosen)]  # pyright: ignore[reportPrivateUsage]


async def claims(connection: Reader, *conditions: Any) -> Mapping[int, Sequence[LeadClaim]]:
    """The claims of the leads that meet ``conditions``, as they were, in the policies' order, by the lead's id."""
    found: defaultdict[int, list[LeadClaim]] = defaultdict(list)
    which = select(Lead.id).where(*conditions)
    chosen = select(LeadClaim.__table__).where(LeadClaim.lead.in_(which)).order_by(LeadClaim.id)
    for row in await connection.execute(chosen):
        found[row.lead].append(LeadClaim(**row._mapping))  # pyright: ignore[reportPrivateUsage]
    return found


async def register(
    work: Work, session: Session, form: Form, channel: str, shelf: Shelf, now: datetime
) -> tuple[Lead, bool]:
    """Keep a finished form: as a new lead, or (True) in the place of the person's open lead of the same enterprise.

    A form that was opened to change a lead changes that one, if it is still the person's and open.
    """
    known = derive(session, shelf)
    values = form_values(form, work, now)
    old = await _same(work.connection, session.person, form)
    elsewhere = old is not None and form.lead is not None and old.consultation != session.id
    if not elsewhere:
        values["consultation"] = session.id
        values |= {"policy": session.policy, "version": session.policy_version, "attached": attached(shelf, known)}
    if old is None:
        lead = await insert_new(work, {**values, "person": session.person, "channel": channel}, now)
    else:
        await work.connection.execute(update(Lead).where(Lead.id == old.id).values(values))
        (lead,) = await find(work.connection, Lead.id == old.id)
    await retrace(work, lead.id, lead.contact)
    if not elsewhere:
        await keep_claims(work, lead.id, shelf, known)
    await note(work, lead, "", "created" if old is None else "updated", now)
    return lead, old is not None


async def insert_new(work: Work, values: dict[str, Any], now: datetime) -> Lead:
    """Keep a lead with ``values`` under the next number of the day."""
    number = await _number(work, now)
    await work.connection.execute(
        insert(Lead).values({**values, "number": number, "state": LeadState.NEW.value, "created": now})
    )
    (lead,) = await find(work.connection, Lead.number == number)
    return lead


async def of_person(connection: Reader, person: str) -> list[Lead]:
    """All leads of a person."""
    return await find(connection, Lead.person == person)


async def others(connection: Reader, lead: Lead) -> list[Lead]:
    """Open leads of the same enterprise that somebody else has left."""
    return await find(connection, Lead.person != lead.person, _open(), _enterprise(lead.code, lead.enterprise))


async def open_ones(connection: Reader) -> list[tuple[int, str, str, str]]:
    """Id, number, credit code and key of the name of every lead that is not ended, the oldest first."""
    columns = (Lead.id, Lead.number, Lead.code, Lead.enterprise_key)
    rows = await connection.execute(select(*columns).where(_open()).order_by(Lead.id))
    return [(id, number, code, key) for id, number, code, key in rows]


def same_enterprise(one: Lead, other: Lead) -> bool:
    """Whether two leads are of one enterprise: two codes are two enterprises, whatever they are called."""
    if one.code and other.code:
        return one.code == other.code
    return one.enterprise_key == other.enterprise_key


async def move(work: Work, lead: Lead, state: LeadState, who: str, text: str, now: datetime) -> None:
    """Bring ``lead`` into ``state``, by ``who`` (empty: its own person), with a note.

    Raises ``RefusedError`` where it goes back and the note does not say why.
    """
    if backward(LeadState(lead.state), state) and not text:
        words = f"从“{STATES[lead.state]}”改回“{STATES[state]}”要写明原因，{lead.number} 还没有改。"
        raise RefusedError(words)
    ended = now if state in ENDED else None
    changed = update(Lead).where(Lead.id == lead.id).values(state=state.value, ended=ended, touched=now, merged=None)
    await work.connection.execute(changed)
    lead.state, lead.ended, lead.merged = state.value, ended, None
    await note(work, lead, who, "state", now, text)


async def withdraw(work: Work, lead: Lead, now: datetime) -> None:
    """End ``lead`` at its person's wish; whom to call, and the files that were handed in, are forgotten at once."""
    gone = update(Lead).where(Lead.id == lead.id)
    await work.connection.execute(
        gone.values(state=LeadState.DECLINED.value, ended=now, touched=now, contact=Contact(), phone_digest="")
    )
    lead.state, lead.ended, lead.contact = LeadState.DECLINED.value, now, Contact()
    await retrace(work, lead.id, lead.contact)
    await work.connection.execute(delete(LeadFile).where(LeadFile.lead == lead.id))
    await work.erase()
    await note(work, lead, "", "withdrawn", now)


async def assign(work: Work, lead: Lead, colleague: str, who: str, name: str, now: datetime) -> None:
    """Give ``lead`` to ``colleague``, who is called ``name``."""
    await work.connection.execute(update(Lead).where(Lead.id == lead.id).values(assignee=colleague, touched=now))
    lead.assignee = colleague
    await note(work, lead, who, "assigned", now, name)


async def follow_up(work: Work, lead: Lead, day: date | None, who: str, now: datetime) -> None:
    """Set the day on which ``lead`` wants looking at. Raises ``RefusedError`` for a day that is over."""
    if day is not None and day < today(now):
        raise RefusedError(f"跟进日期 {day} 已经过了，还没有改；请选今天或以后的日期。")
    await work.connection.execute(update(Lead).where(Lead.id == lead.id).values(follow_up=day, touched=now))
    lead.follow_up = day
    await note(work, lead, who, "follow_up", now, day.isoformat() if day else "")


async def note(work: Work, lead: Lead, who: str, what: str, now: datetime, text: str = "") -> None:
    """Add a line to the history of ``lead``."""
    entry = {"lead": lead.id, "at": now, "who": who, "what": what, "state": lead.state, "note": text}
    await work.connection.execute(insert(LeadEntry), entry)
    if what in _MOVES:
        await statistics.note(work.connection, now, statistics.LEAD_STATE, f"{LEAD}{lead.id}", lead.state)


async def meet(work: Work, person: str, name: str, now: datetime) -> None:
    """Remember a colleague."""
    row = {"person": person, "name": name or person, "seen": now}
    await work.connection.execute(
        work.insert(Colleague).values(row).on_conflict_do_update(index_elements=[Colleague.person], set_=row)
    )


async def colleagues(connection: Reader) -> dict[str, str]:
    """What colleagues are called, by their keys."""
    rows = await connection.execute(select(Colleague.person, Colleague.name).order_by(Colleague.name))
    return {row.person: row.name for row in rows}


async def purge(work: Work, before: datetime) -> int:
    """Delete the leads that ended before that, with all that shows them; returns how many."""
    leads = await find(work.connection, Lead.ended < before)
    await drop(work, leads)
    return len(leads)


async def drop(work: Work, leads: Sequence[Lead]) -> None:
    """Delete leads, their claims and history, and the office's messages about them."""
    ids = [lead.id for lead in leads]
    for statement in (
        delete(LeadClaim).where(LeadClaim.lead.in_(ids)),
        delete(LeadTrace).where(LeadTrace.lead.in_(ids)),
        delete(LeadPaper).where(LeadPaper.lead.in_(ids)),
        delete(LeadFile).where(LeadFile.lead.in_(ids)),
        delete(LeadEntry).where(LeadEntry.lead.in_(ids)),
        delete(Lead).where(Lead.id.in_(ids)),
        delete(Outbox).where(Outbox.about.in_([f"{LEAD}{id}" for id in ids])),
    ):
        await work.connection.execute(statement)


def form_values(form: Form, work: Work, now: datetime) -> dict[str, Any]:
    """What a lead holds of its form."""
    phone = form.value(Field.PHONE)
    return {
        "enterprise": form.value(Field.ENTERPRISE),
        "enterprise_key": enterprise_key(form.value(Field.ENTERPRISE)),
        "code": form.value(Field.CODE),
        "contact": Contact(
            contact=form.value(Field.CONTACT),
            phone=phone,
            time=form.value(Field.TIME),
            remark=form.value(Field.REMARK),
        ),
        "phone_digest": work.vault.digest(phone),
        "notice": form.notice,
        "consented": form.consented or now,
        "crossing_consented": form.crossing_consented,
        "touched": now,
    }


async def _same(connection: Reader, person: str, form: Form) -> Lead | None:
    mine = [Lead.person == person, _open()]
    if form.lead is not None and (found := await find(connection, *mine, Lead.number == form.lead)):
        return found[0]
    found = await find(connection, *mine, _enterprise(form.value(Field.CODE), form.value(Field.ENTERPRISE)))
    return found[0] if found else None


def _open() -> Any:
    return Lead.state.not_in([state.value for state in ENDED])


def _enterprise(code: str, name: str) -> Any:
    by_name = Lead.enterprise_key == enterprise_key(name)
    # Two codes are two enterprises, whatever they are called.
    return or_(Lead.code == code, by_name & (Lead.code == "")) if code else by_name


async def _number(work: Work, now: datetime) -> str:
    """The next number of the day; the row is locked until the end, so that no number is given out twice."""
    day = f"{today(now):%Y%m%d}"
    counted = work.insert(Count).values(day=day, last=1)
    counted = counted.on_conflict_do_update(index_elements=[Count.day], set_={"last": Count.last + 1})
    rows = await work.connection.execute(counted.returning(Count.last))
    return f"WC-{day}-{rows.scalar_one():04d}"
