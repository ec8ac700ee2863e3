"""A form that was sent becomes a lead: its person gets a receipt, the staff's chat a card.

Follows what turns bring. Knows no channel.
"""

from collections.abc import Sequence

from conversations.office import lead_desk, leads
from conversations.office import own_leads_wording as wording
from conversations.office.context import Happening
from conversations.state.events import LeadSent
from conversations.storage.store import Addressed, Work


async def follow(work: Work, happening: Happening) -> Sequence[Addressed]:
    """Keep the lead that somebody has sent."""
    match happening.event:
        case LeadSent(form):
            inbound, shelf = happening.inbound, happening.house.shelf
            lead, updated = await leads.register(work, happening.session, form, inbound.channel, shelf, happening.now)
            receipt = wording.receipt(shelf, lead, updated, form.lead is not None)
            told = await lead_desk.announce(work, happening.house, lead, "updated" if updated else "created")
            return [*(Addressed.to(inbound, reply) for reply in receipt), *told]
        case _:
            return ()
