"""What the server knows: chats with their members, topics and messages, button presses, and the bot itself.

Message ids count within a chat, so the same id means another message elsewhere. Knows nothing of HTTP.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.updates import Updates
from tests.botapi.wire import ApiError, Json, bad

ADMIN_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]


@dataclass(eq=False)
class Message:
    """A message as it stands now; ``history`` are the texts and keyboards it had before."""

    id: int
    chat: "Chat"
    sender: Json
    date: int
    text: str = ""
    entities: list[Json] = field(default_factory=list[Json])
    extra: Json = field(default_factory=dict[str, Any])
    """Fields beyond the text: media, contact, forward origin, service notes."""
    markup: Json | None = None
    thread: int | None = None
    reply_to: int | None = None
    edited: int | None = None
    deleted: bool = False
    file: bytes | None = None
    revision: int = 0
    history: list[tuple[str, Json | None]] = field(default_factory=list[tuple[str, Json | None]])

    @property
    def inline(self) -> bool:
        """Whether the keyboard, if any, hangs on the message itself."""
        return self.markup is not None and "inline_keyboard" in self.markup

    @property
    def keyboard(self) -> list[list[Json]]:
        """Rows of the buttons on the message, those of a reply keyboard included."""
        markup = self.markup or {}
        return markup.get("inline_keyboard") or markup.get("keyboard") or []

    @property
    def buttons(self) -> list[str]:
        """Labels of all the buttons, row after row."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def file_name(self) -> str | None:
        """Name of the document, None where there is none."""
        return self.extra.get("document", {}).get("file_name")

    def json(self, *, depth: int = 1) -> Json:
        """The Bot API's Message; ``depth`` bounds the messages it replies to."""
        body: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json(), "from": self.sender}
        caption = "document" in self.extra or "photo" in self.extra or "voice" in self.extra
        if self.text:
            body["caption" if caption else "text"] = self.text
        if self.entities:
            body["caption_entities" if caption else "entities"] = self.entities
        if self.inline:
            body["reply_markup"] = self.markup
        if self.edited:
            body["edit_date"] = self.edited
        if self.thread is not None:
            body |= {"message_thread_id": self.thread, "is_topic_message": True}
        if depth and self.reply_to is not None and self.reply_to in self.chat.messages:
            body["reply_to_message"] = self.chat.messages[self.reply_to].json(depth=depth - 1)
        return body | self.extra


@dataclass
class Topic:
    """A forum topic; its id is that of the message that opened it."""

    id: int
    name: str
    closed: bool = False


@dataclass
class Member:
    """Somebody's place in a group: ``status`` is creator, administrator, member, left or kicked."""

    user: Json
    status: str = "member"
    rights: frozenset[str] = frozenset()

    def json(self) -> Json:
        """The Bot API's ChatMember."""
        body: Json = {"status": self.status, "user": self.user}
        if self.status == "creator":
            body["is_anonymous"] = False
        elif self.status == "administrator":
            body |= {right: right in self.rights for right in ADMIN_RIGHTS}
        elif self.status == "kicked":
            body["until_date"] = 0
        return body


@dataclass(eq=False)
class Chat:
    """A private chat (``id`` is the person's), a basic group or a supergroup."""

    id: int
    type: str
    names: Json
    forum: bool = False
    opened: bool = False
    """Private: whether the person has ever written to the bot."""
    migrated_to: int | None = None
    members: dict[int, Member] = field(default_factory=dict[int, Member])
    messages: dict[int, Message] = field(default_factory=dict[int, Message])
    topics: dict[int, Topic] = field(default_factory=dict[int, Topic])
    last_id: int = 0
    waiting: set[asyncio.Future[None]] = field(default_factory=set[asyncio.Future[None]])

    @property
    def private(self) -> bool:
        """Whether it is a chat with one person."""
        return self.type == "private"

    def json(self) -> Json:
        """The Bot API's Chat."""
        return {"id": self.id, "type": self.type} | self.names | ({"is_forum": True} if self.forum else {})

    def changed(self) -> None:
        """Wakes those who wait for something to happen here."""
        for future in self.waiting:
            if not future.done():
                future.set_result(None)
        self.waiting.clear()


@dataclass
class Callback:
    """A press of a button: ``answer`` is the text the bot showed ("" for none), None while it has not answered."""

    id: str
    data: str
    message: Message
    answer: str | None = None
    alert: bool = False


class World:
    """All the chats of one bot."""

    def __init__(self, bot: Json) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.updates = Updates()
        self.revision = 0

    def touch(self, message: Message) -> None:
        """Numbers a change and wakes whoever waits for one in that chat."""
        self.revision += 1
        message.revision = self.revision
        message.chat.changed()

    def say(self, chat: Chat, sender: Json, text: str = "", **fields: Any) -> Message:
        """Puts a new message into a chat."""
        chat.last_id += 1
        message = Message(chat.last_id, chat, sender, int(time.time()), text, **fields)
        chat.messages[message.id] = message
        self.touch(message)
        return message

    def known(self, chat_id: int | None) -> Chat:
        """The chat of that id. Raises "chat not found" and the error of a group that has become a supergroup."""
        chat = None if chat_id is None else self.chats.get(chat_id)
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        return chat

    def open_to_bot(self, chat_id: int | None, thread: int | None = None) -> Chat:
        """The chat of that id where the bot may write. Raises 400 and 403 as Telegram does."""
        chat = self.known(chat_id)
        me = chat.members.get(self.bot["id"])
        if chat.private:
            if not chat.opened:
                raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
            if me is not None and me.status == "kicked":
                raise ApiError(403, "Forbidden: bot was blocked by the user")
        elif me is None or me.status in {"left", "kicked"}:
            kind = "supergroup" if chat.type == "supergroup" else "group"
            word = "is not a member of" if me is None or me.status == "left" else "was kicked from"
            raise ApiError(403, f"Forbidden: bot {word} the {kind} chat")
        if thread is not None:
            topic = chat.topics.get(thread)
            if topic is None:
                raise bad("message thread not found")
            if topic.closed and not self.may(chat, "can_manage_topics"):
                raise bad("TOPIC_CLOSED")
        return chat

    def may(self, chat: Chat, right: str) -> bool:
        """Whether the bot has that right of an administrator."""
        me = chat.members.get(self.bot["id"])
        return me is not None and (me.status == "creator" or right in me.rights)

    def hears(self, message: Message) -> bool:
        """Whether a group's message reaches the bot: an administrator and privacy off hear all, else what is meant for it."""
        chat = message.chat
        if chat.private or self.bot["can_read_all_group_messages"]:
            return True
        if chat.members[self.bot["id"]].status == "administrator":
            return True
        replied = chat.messages.get(message.reply_to or 0)
        if replied is not None and replied.sender["id"] == self.bot["id"]:
            return True
        if not message.text.startswith("/"):
            return False
        addressee = message.text.split()[0].partition("@")[2]
        if addressee:
            return addressee.lower() == self.bot["username"].lower()
        return _last_bot(chat.messages.values()) in {None, self.bot["id"]}


def _last_bot(messages: Iterable[Message]) -> int | None:
    speakers = [m.sender["id"] for m in messages if m.sender["is_bot"]]
    return speakers[-1] if speakers else None
