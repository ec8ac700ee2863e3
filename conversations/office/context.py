"""What a room of the office is given and gives back: a message with what is read of it once for all rooms, or an event.

Reads a message without the database, so that one that is no business of the office costs no more than this.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeAlias

from conversations.language import command_words
from conversations.office.staff_chat import StaffChat
from conversations.state.actions import Action, Do, Own, command
from conversations.state.channels import Channels
from conversations.state.commands import Command
from conversations.state.events import Event
from conversations.state.messages import Inbound, Kind
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.standings import Standing
from conversations.storage.store import Addressed, Work

_OWN = frozenset(
    {Command.MINE, Command.CASES, Command.MYDATA, Command.PAPER, Command.FORGET, Command.LEAD, Command.PERSON}
)
_LONGEST_WORD = 40
"""The most characters of words that can be a command or the name of a button."""


@dataclass(frozen=True, slots=True)
class House:
    """What all rooms have in common: the policy that they serve, the channels, and the staff's chat where there is one."""

    shelf: Shelf
    channels: Channels
    staff: StaffChat | None


@dataclass(frozen=True, slots=True)
class Context:
    """A message before the rooms. All that was said before it is in the database once a room takes it.

    ``text`` are its words. ``command`` is what they are as a command. ``wish`` is what the person wants done with what is
    kept of them, by a button or in words.
    """

    work: Work
    house: House
    inbound: Inbound
    standing: Standing
    now: datetime
    text: str
    command: Command | None
    wish: Own | None

    @classmethod
    def read(cls, work: Work, house: House, inbound: Inbound, standing: Standing, now: datetime) -> Self:
        """``inbound`` as the rooms see it."""
        text = inbound.text.strip()
        typed = _command(inbound, text)
        return cls(work, house, inbound, standing, now, text, typed, _wish(inbound, standing, text, typed))

    @property
    def is_right(self) -> bool:
        """Whether the wish is one that a person has a right to at any time, with staff too."""
        return command(self.wish) in (Command.MYDATA, Command.FORGET)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a room made of a message: what is to be sent.

    ``logged``: the message belongs into the log of who wrote it. ``traceless``: nothing that was said to them stays.
    """

    drafts: Sequence[Addressed] = ()
    logged: bool = True
    traceless: bool = False


Take: TypeAlias = Callable[[Context], Awaitable[Taken | None]]
"""Takes a message in the place of the dialogue; None where, looked at closely, it is none of the room's business."""
Room: TypeAlias = Callable[[Context], Take | None]
"""Looks at a message, without the database: gives what may take it, None where it is certainly none of its business."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a turn, with the message that brought it and the state that the turn leaves."""

    event: Event
    house: House
    inbound: Inbound
    session: Session
    now: datetime


Follower: TypeAlias = Callable[[Work, Happening], Awaitable[Sequence[Addressed]]]
"""Makes rows of an event, and messages, which are to be sent."""


def _command(inbound: Inbound, text: str) -> Command | None:
    if inbound.kind is not Kind.TEXT or (len(text) > _LONGEST_WORD and not text.startswith(("/", "／"))):
        return None
    return command_words.read(text)


def _wish(inbound: Inbound, standing: Standing, text: str, typed: Command | None) -> Own | None:
    if inbound.kind is not Kind.TEXT:
        return _own(inbound.action)
    session = standing.session
    if session is not None and session.form is None:
        for choice in session.aside:
            if text in (choice.key, choice.label) and (own := _own(choice.action)) is not None:
                return own
    return None if typed is None else _own(Do(typed))


def _own(action: Action | None) -> Own | None:
    """``action`` where it is about what is kept of a person."""
    if isinstance(action, Do):
        return action if action.command in _OWN else None
    return action if isinstance(action, Own) else None
