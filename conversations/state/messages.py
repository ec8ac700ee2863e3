"""What goes in and what comes out of a conversation, whatever the channel: ``Inbound`` and ``Reply``.

A channel turns what it receives into an ``Inbound`` and shows a ``Reply``; this module knows none of them.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, PlainValidator, field_serializer

from conversations.state.actions import Action, OfQuestion, Stale, Toggle, decode, encode


class Kind(StrEnum):
    """What kind of thing a person did."""

    TEXT = "text"  # typed words, commands ("/edit", "修改") included
    CHOICE = "choice"  # pressed a button; `text` is what it carried, `action` what that means
    CONTACT = "contact"  # shared a phone number; `text` is the number
    FORWARD = "forward"  # passed on somebody's message; `text` are their words, `sender` their name if shown
    EDIT = "edit"  # changed a message sent before; `text` are the new words
    MEDIA = "media"  # photo, voice, sticker, location …; `text` is a caption, if any
    LEFT = "left"  # blocked or left the bot


class Inbound(BaseModel):
    """One thing that a person did.

    ``id`` is unique within the channel and makes a repeated delivery harmless; ``theirs``: who writes has made it, so
    that it may tell of them and lies keyed. ``person`` is the key of a
    conversation partner (``telegram:123``); ``chat`` is the place where the message stands and where replies go
    (a group's differs from its member's). ``message`` is the channel's id of the message that was sent, edited, or
    whose button was pressed; ``reply_to`` that of the message replied to; ``thread`` a forum topic. ``ticks`` is what
    the toggles carry that stood on when a button was pressed, from a channel that shows them as check boxes; None from
    one where toggles are pressed one by one. ``sent`` is what came that is no text, as people call it (图片), where the
    channel tells. ``abroad`` names the service through whose servers abroad the message
    came, empty where it stayed at home; ``carrier`` the one that carried it there; ``kept`` is False where nothing of the conversation is kept; ``elsewhere`` is
    what people are pointed to, in words, who do not want the one or need the other; ``alone`` is the address at which
    one talks to us alone, where the channel has groups.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    channel: str
    person: str
    chat: str
    kind: Kind
    text: str = ""
    sent: str = ""
    ticks: tuple[str, ...] | None = None
    at: datetime
    name: str = ""
    staff: bool = False
    group: bool = False
    message: str | None = None
    reply_to: str | None = None
    thread: str | None = None
    sender: str | None = None
    abroad: str = ""
    carrier: str = ""
    kept: bool = True
    theirs: bool = False
    elsewhere: str = ""
    alone: str = ""

    @cached_property
    def action(self) -> Action | None:
        """What the button says that was pressed; None where none was, or no button says such a thing."""
        return decode(self.text) if self.kind is Kind.CHOICE else None

    @cached_property
    def ticked(self) -> frozenset[Toggle] | None:
        """The toggles that stood on, None where the channel has them pressed one by one."""
        return None if self.ticks is None else frozenset(t for t in map(decode, self.ticks) if isinstance(t, Toggle))


def _action(value: object) -> object:
    """An action as it is, or from its text; a text that says nothing any more makes no row unreadable."""
    return (decode(value) or Stale()) if isinstance(value, str) else value


class Choice(BaseModel):
    """A button: its label, and what it says when it is pressed; ``on`` marks a toggle.

    ``key`` is what a person types instead where nothing can be pressed: a number, a sign, or a word. Raises
    ValueError where no button can carry the action.
    """

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    label: str
    action: Annotated[Action, PlainValidator(_action)] = Field(
        validation_alias=AliasChoices("action", "data"), serialization_alias="data"
    )
    on: bool | None = None
    key: str = ""

    @cached_property
    def data(self) -> str:
        """The action as a channel carries it, in at most 64 bytes."""
        return encode(self.action)

    def model_post_init(self, context: object, /) -> None:
        """Find out now whether a button can say that, and not when the reply is on its way."""
        self._written(self.action)

    @field_serializer("action")
    def _written(self, action: Action) -> str:
        return self.data


class Topic(BaseModel):
    """A topic of its own in a staff chat: whose it is (the key of a person), and what it is called."""

    model_config = ConfigDict(frozen=True)

    person: str
    name: str


class Reply(BaseModel):
    """One thing that the bot says.

    ``text`` is plain Chinese with light markup: ``**bold**``, lines that begin with ``> `` are quotations; nothing
    else is markup. ``choices`` are rows of buttons. ``edit`` asks the channel to change the buttons (and text) of that
    message instead of sending a new one. ``ask`` names the question that the reply asks, for channels that show it
    in a way of their own. ``contact`` asks for the person's number, which a channel may have a button for, and
    ``contact_over`` says that it is wanted no more. ``file`` is a document by name, made when it is delivered (``document`` says of what).
    ``remove`` asks for the message ``edit`` to be deleted, or to be replaced by ``text`` where that cannot be; without
    ``edit``, for the whole topic. ``topic`` is where the reply belongs, opened where there is none yet. ``copy_of`` is
    a message (chat, id) of the same channel whose copy follows the text. ``sources``: it rests on the documents as a
    whole, and is passed on to others, so that a channel may add where these are to be read.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    edit: str | None = None
    ask: str | None = None
    file: str | None = None
    document: str | None = None
    contact: bool = False
    contact_over: bool = False
    remove: bool = False
    topic: Topic | None = None
    copy_of: tuple[str, str] | None = None
    sources: bool = False


def lasting(replies: Iterable[Reply]) -> tuple[Choice, ...]:
    """The buttons of ``replies`` that belong to no question, so that they hold at any later time."""
    choices = (choice for reply in replies if reply.ask is None for row in reply.choices for choice in row)
    return tuple(choice for choice in choices if not isinstance(choice.action, OfQuestion))
