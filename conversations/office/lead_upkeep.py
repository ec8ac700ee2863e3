"""What the office does with a lead beside moving it on: writes to its person, puts two together, assesses anew, deletes.

Works on a transaction that is handed in, and gives back what is to be sent. Knows a channel by its name alone.
"""

from datetime import datetime

from sqlalchemy import select, update

from conversations.office import documents, forgotten, lead_assessment, leads, personal_data
from conversations.office.leads import Reader, RefusedError
from conversations.saying.notices import TALK_TO_SOMEBODY
from conversations.state.channels import Channels
from conversations.state.leads import ENDED, Came, LeadState
from conversations.state.messages import Reply
from conversations.state.shelf import Shelf
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Person
from conversations.storage.tables_leads import Lead

UNREACHABLE = "写不到对方那里了：不是从聊天里登记的，或者已经不用了。请打电话。"


async def reachable(connection: Reader, channels: Channels, lead: Lead) -> bool:
    """Whether the person of ``lead`` can be written to."""
    return await _place(connection, channels, lead) is not None


async def write(
    work: Work, channels: Channels, lead: Lead, who: str, name: str, text: str, now: datetime
) -> list[Addressed]:
    """Have ``text`` sent to the person of ``lead``, as from the colleague ``who``, who is called ``name``.

    Raises ``RefusedError`` where there is no way to them.
    """
    chat = await _place(work.connection, channels, lead)
    if chat is None:
        raise RefusedError(UNREACHABLE)
    await leads.note(work, lead, who, "wrote", now, text)
    words = (
        f"关于登记 **{lead.number}**（{lead.enterprise}），工作人员 {name} 给您写信：\n\n{text}\n\n"
        "想回复，请点“转人工”，再把话发过来。"
    )
    return [Addressed(lead.person, lead.channel, chat, None, Reply(text=words, choices=TALK_TO_SOMEBODY))]


async def merge(work: Work, kept: Lead, other: Lead, who: str, now: datetime) -> None:
    """Put ``other`` together with ``kept``: it ends, with a word of where it went.

    Whom to call stays with each lead, so that who wishes to be forgotten is. Raises ``RefusedError`` where they are not
    two open leads of one enterprise.
    """
    if kept.id == other.id or kept.state in ENDED or other.state in ENDED or not leads.same_enterprise(kept, other):
        raise RefusedError("只能合并同一企业的两条还没结束的登记，没有改动。")
    filled = {
        "code": kept.code or other.code,
        "assignee": kept.assignee or other.assignee,
        "follow_up": kept.follow_up or other.follow_up,
        "touched": now,
    }
    await work.connection.execute(update(Lead).where(Lead.id == kept.id).values(filled))
    ended = {"state": LeadState.CLOSED.value, "ended": now, "touched": now, "merged": kept.number}
    await work.connection.execute(update(Lead).where(Lead.id == other.id).values(ended))
    other.state, other.merged = LeadState.CLOSED.value, kept.number
    await leads.note(work, other, who, "merged", now, kept.number)
    await leads.note(work, kept, who, "joined", now, other.number)


async def reassess(work: Work, lead: Lead, shelf: Shelf, who: str, now: datetime) -> None:
    """Keep, in the place of the assessment, what the lead's case comes to under the policies as they stand."""
    known = documents.known_from(shelf, lead)
    await lead_assessment.keep(work, lead.id, shelf, known, now)
    await leads.note(work, lead, who, "reassessed", now, f"政策资料 {lead.version} → {shelf.policy.version}")


async def remove(work: Work, lead: Lead, now: datetime, *, everything: bool) -> list[Addressed]:
    """Delete ``lead`` at its person's wish, or ``everything`` that is kept of that person.

    Returns what takes away the messages that show it elsewhere.
    """
    alone = len(await leads.of_person(work.connection, lead.person)) == 1
    if everything or (alone and lead.channel in set(Came)):
        forgotten.note(work.vault, lead.person, now)
        return await personal_data.erase(work, lead.person)
    return await personal_data.erase_leads(work, [lead])


async def _place(connection: Reader, channels: Channels, lead: Lead) -> str | None:
    """The chat of the person alone, None where nothing arrives there."""
    if lead.channel in set(Came):
        return None
    here = select(Person.person).where(Person.person == lead.person, Person.left_at.is_(None))
    if (await connection.execute(here)).first() is None:
        return None
    try:
        return channels.private(lead.channel, lead.person)
    except KeyError:  # a channel that is not ours any more
        return None
