"""The office: the rooms that may have a message before the dialogue has it, and who hears of what a turn brought.

The order of both is decided here and nowhere else. Works inside the transaction of the message; a look at a message
needs no database, so that ordinary ones cost nothing more. Knows no channel but by its traits.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete

from conversations.office import (
    firm_lists,
    groups,
    handover_records,
    lead_desk,
    lead_registration,
    leads,
    personal_data,
    statistics,
    unanswered,
)
from conversations.office.context import Context, Follower, Happening, House, Room, Take, Taken
from conversations.office.handover import Handovers
from conversations.office.helpdesk import Helpdesk
from conversations.office.hours import OfficeHours
from conversations.office.staff_chat import StaffChat
from conversations.state.channels import Channels
from conversations.state.events import Event
from conversations.state.messages import Inbound
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.standings import Standing
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Outbox


class Office:
    """The office that serves this policy; ``staff`` is the chat of its staff, where they have one.

    ``hours`` are those in which somebody answers who is asked for. ``channels`` are those by which people reach us.
    """

    def __init__(
        self,
        shelf: Shelf,
        staff: StaffChat | None = None,
        channels: Channels | None = None,
        hours: OfficeHours | None = None,
    ) -> None:
        self.shelf = shelf
        self.staff = staff
        self._house = House(shelf, channels or Channels(), staff)
        self._helpdesk = Helpdesk(shelf, staff)
        self.handovers = Handovers(self._house, hours)
        self.rooms: tuple[Room, ...] = (
            groups.look,  # before all others: a group of customers hears nothing of anybody
            self.handovers.look,  # who is with staff talks with staff, but for what is anybody's right
            lead_desk.look,
            self._helpdesk.look,
            groups.look_at_rest,
            self.handovers.look_for_wish,
            personal_data.look,
        )
        """In the order in which they are asked: the first that takes a message has it."""
        self.followers: tuple[Follower, ...] = (
            statistics.follow,
            unanswered.follow,
            lead_registration.follow,
            self.handovers.follow,
        )
        """Whom each event is told, in this order."""

    def staff_chat_on(self, channel: str) -> str | None:
        """The id that the staff's chat has now, where it is on ``channel``."""
        return self.staff.chat if self.staff is not None and self.staff.channel.name == channel else None

    def context(self, work: Work, inbound: Inbound, standing: Standing, now: datetime) -> Context:
        """``inbound`` as the rooms see it."""
        return Context.read(work, self._house, inbound, standing, now)

    def look(self, context: Context) -> Take | None:
        """What may take the message; None, told without the database, where it is the dialogue's for certain."""
        takes = [take for room in self.rooms if (take := room(context)) is not None]
        if not takes:
            return None

        async def first(context: Context) -> Taken | None:
            for take in takes:
                if (taken := await take(context)) is not None:
                    return taken
            return None

        return first

    async def follow(
        self, work: Work, inbound: Inbound, session: Session, events: Sequence[Event], now: datetime
    ) -> list[Addressed]:
        """After a turn: make rows and messages of its events; ``session`` is the state that it leaves."""
        drafts: list[Addressed] = []
        for event in events:
            happening = Happening(event, self._house, inbound, session, now)
            for follow in self.followers:
                drafts += await follow(work, happening)
        return drafts

    async def purge(self, work: Work, now: datetime) -> tuple[int, int]:
        """Delete what is kept no longer; returns how many leads and how many consultations went."""
        before = now - timedelta(days=self.shelf.retention_days)
        ended = await leads.purge(work, before)
        await self._helpdesk.purge(work, now, now - personal_data.IDLE)
        idle = await personal_data.purge(work, now)
        await handover_records.purge(work, now)
        await firm_lists.purge(work, now)
        await work.connection.execute(delete(Outbox).where(Outbox.about == leads.LISTS, Outbox.done_at < before))
        return ended, idle
