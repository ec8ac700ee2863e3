"""Leads found by what staff know of them: number, enterprise, credit code, and what lies sealed, by keyed digests.

Works on a connection that is handed in. Knows no channel.
"""

from typing import Any

from sqlalchemy import delete, insert, or_, select

from conversations.state import traces
from conversations.state.lead_fields import enterprise_key, sought_phone
from conversations.state.leads import Contact
from conversations.storage.store import Work
from conversations.storage.tables_leads import Lead, LeadTrace
from conversations.storage.vault import Vault

_PART_OF_CODE = 6
"""So many signs of a credit code are enough to look for."""


def matching(vault: Vault, words: str) -> Any:
    """The condition for leads that ``words`` are found in.

    A part of the enterprise's name, of the number or the code; the whole phone or its last four digits; the contact's
    name or two to four characters of it.
    """
    words = words.strip()
    key, upper = enterprise_key(words), words.upper()
    ways = [Lead.phone_digest.in_(vault.digests(sought_phone(words))), Lead.code == upper]
    if key:
        ways.append(Lead.enterprise_key.contains(key, autoescape=True))
    if len(upper) >= _PART_OF_CODE:
        ways.append(Lead.code.contains(upper, autoescape=True))
    if words.isdecimal() and len(words) <= traces.TAIL:
        ways.append(Lead.number.endswith(f"-{words.zfill(traces.TAIL)}", autoescape=True))
    else:
        ways.append(Lead.number.contains(upper, autoescape=True))
    if digests := [digest for trace in traces.sought(words) for digest in vault.digests(trace)]:
        ways.append(Lead.id.in_(select(LeadTrace.lead).where(LeadTrace.digest.in_(digests))))
    return or_(*ways)


async def retrace(work: Work, lead: int, contact: Contact) -> None:
    """Have the lead ``lead`` found by ``contact`` and by nothing that was kept of it before."""
    await work.connection.execute(delete(LeadTrace).where(LeadTrace.lead == lead))
    if rows := [{"lead": lead, "digest": work.vault.digest(trace)} for trace in traces.traces(contact)]:
        await work.connection.execute(insert(LeadTrace), rows)
