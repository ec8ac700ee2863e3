"""The chat of the office's staff, on whichever channel they use: what is written there, and what is put there.

Knows no channel but by its traits.
"""

from dataclasses import dataclass

from conversations.state.channels import Ability, ChannelTraits
from conversations.state.messages import Inbound, Reply
from conversations.storage.store import Addressed

STAFF = "office"
"""Whom messages to the staff chat are for, in place of a person."""


@dataclass(slots=True)
class StaffChat:
    """The group ``chat`` on ``channel``; the id is the one that it has now, and another one once it has moved."""

    channel: ChannelTraits
    chat: str

    def holds(self, inbound: Inbound) -> bool:
        """Whether ``inbound`` was written, or pressed, there."""
        return inbound.group and inbound.chat == self.chat and inbound.channel == self.channel.name

    def copies_to(self, channel: str) -> bool:
        """Whether messages of any kind can be copied between this chat and those of ``channel``."""
        return channel == self.channel.name and Ability.COPY in self.channel.abilities

    def post(self, reply: Reply, about: str | None = None, person: str = STAFF) -> Addressed:
        """``reply`` for the chat; with no ``person`` it leaves no row once it is delivered."""
        return Addressed(person, self.channel.name, self.chat, None, reply, about)
