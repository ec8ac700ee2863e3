"""Where the service hands over what is not a consultation's own business: the office's side, and what a person keeps.

Only dispatches, inside the transaction of the message, to the rooms (``leads``, ``lead_desk``, …). What concerns the
office is told by a cheap look, so that ordinary messages cost nothing more. Knows no channel but the name of the one
that its staff use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.engine import Engine
from conversations.messages import Event, Inbound, Reply
from conversations.session import Session
from conversations.store import Draft, Standing, Work

OFFICE = "office"
"""Whom messages to the staff chat are for, in place of a person."""


@dataclass(frozen=True, slots=True)
class Intercepted:
    """What the office made of a message: what is to be sent. ``traceless``: neither it nor the answer is logged."""

    drafts: Sequence[Draft] = ()
    traceless: bool = False


class Office:
    """The office that serves this policy; ``staff_chat`` is the group of its staff on the channel ``staff_channel``."""

    def __init__(self, engine: Engine, staff_chat: str | None = None, staff_channel: str = "telegram") -> None:
        self.engine = engine
        self.staff_chat = staff_chat
        self.staff_channel = staff_channel

    def concerns(self, inbound: Inbound, standing: Standing) -> bool:
        """Whether ``intercept`` has to look at the message; a cheap test without the database."""
        return False

    async def intercept(self, work: Work, inbound: Inbound, standing: Standing, now: datetime) -> Intercepted | None:
        """Take the message in the place of the dialogue; None where it is the dialogue's after all.

        All that was said before is in the database; what is changed there about the person's consultations holds.
        """
        return None

    async def follow(
        self, work: Work, inbound: Inbound, session: Session, events: Sequence[Event], now: datetime
    ) -> list[Draft]:
        """After a turn: make rows and messages of its events; ``session`` is the state that it leaves."""
        return []

    async def purge(self, work: Work, now: datetime) -> None:
        """Delete what is kept no longer."""


def reply_to(inbound: Inbound, reply: Reply) -> Draft:
    """``reply`` to the place where ``inbound`` came from."""
    return Draft(inbound.person, inbound.channel, inbound.chat, inbound.thread, reply)
