"""What goes in and what comes out of a conversation, whatever the channel: ``Inbound`` and ``Reply``.

A channel turns what it receives into an ``Inbound`` and shows a ``Reply``; this module knows none of them.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Kind(StrEnum):
    """What kind of thing a person did."""

    TEXT = "text"  # typed words, commands ("/edit", "修改") included
    CHOICE = "choice"  # pressed a button; `text` is the button's data
    CONTACT = "contact"  # shared a phone number; `text` is the number
    FORWARD = "forward"  # passed on somebody's message; `text` are their words, `sender` their name if shown
    EDIT = "edit"  # changed a message sent before; `text` are the new words
    MEDIA = "media"  # photo, voice, sticker, location …; `text` is a caption, if any
    LEFT = "left"  # blocked or left the bot


class Inbound(BaseModel):
    """One thing that a person did.

    ``id`` is unique within the channel and makes a repeated delivery harmless. ``person`` is the key of a
    conversation partner (``telegram:123``); ``chat`` is the place where the message stands and where replies go
    (a group's differs from its member's). ``message`` is the channel's id of the message that was sent, edited, or
    whose button was pressed; ``reply_to`` that of the message replied to; ``thread`` a forum topic. ``ticks`` is the
    data of the toggles that stood on when a button was pressed, from a channel that shows them as check boxes; None
    from one where toggles are pressed one by one. ``abroad`` names the service through whose servers abroad the message
    came, empty where it stayed at home; ``kept`` is False where nothing of the conversation is kept; ``elsewhere`` is
    what people are pointed to, in words, who do not want the one or need the other.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    channel: str
    person: str
    chat: str
    kind: Kind
    text: str = ""
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
    kept: bool = True
    elsewhere: str = ""


class Choice(BaseModel):
    """A button: its label and the data (at most 60 bytes) that comes back when it is pressed; ``on`` marks a toggle.

    ``key`` is what a person types instead where nothing can be pressed: a number, a sign, or a word.
    """

    model_config = ConfigDict(frozen=True)

    label: str
    data: str
    on: bool | None = None
    key: str = ""


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
    in a way of their own. ``file`` is a document by name, made when it is delivered (``document`` says of what).
    ``remove`` asks for the message ``edit`` to be deleted, or to be replaced by ``text`` where that cannot be; without
    ``edit``, for the whole topic. ``topic`` is where the reply belongs, opened where there is none yet. ``copy_of`` is
    a message (chat, id) of the same channel whose copy follows the text.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    edit: str | None = None
    ask: str | None = None
    file: str | None = None
    document: str | None = None
    contact: bool = False
    remove: bool = False
    topic: Topic | None = None
    copy_of: tuple[str, str] | None = None


def plain(text: str) -> str:
    """``text`` without its light markup, for where there is none; quotations are set apart by a bar."""
    lines = (f"  │ {line[2:]}" if line.startswith("> ") else line for line in text.replace("**", "").split("\n"))
    return "\n".join(lines)
