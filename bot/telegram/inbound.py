"""An update of the Bot API as an ``Inbound``: which things that happen on Telegram concern us, and what they are.

Takes the update as plain JSON and reads no more of it than it needs. Knows no consultation.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from bot.telegram.traits import TELEGRAM
from conversations.state.messages import Inbound, Kind

Json: TypeAlias = Mapping[str, Any]

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask Telegram for."""
_MEDIA = {
    "photo": "图片",
    "voice": "语音",
    "video": "视频",
    "video_note": "视频",
    "audio": "音频",
    "animation": "动图",
    "document": "文件",
    "venue": "位置",
    "location": "位置",
    "sticker": "表情",
    "poll": "投票",
} | dict.fromkeys(("checklist", "dice", "game", "live_photo", "paid_media", "story"), "这种消息")
"""What is no text, as people call it."""


class Reader:
    """Reads updates for the bot with this id and user name; ``staff`` are the user ids of the helpdesk.

    In a topic of ``staff_chat`` everything that is written concerns us. ``elsewhere`` is where people can go who do not
    want their messages to leave the country.
    """

    def __init__(
        self,
        bot_id: int,
        username: str,
        staff: frozenset[int],
        staff_chat: Callable[[], str | None] = lambda: None,
        elsewhere: str = "",
    ) -> None:
        self._bot_id = bot_id
        self._username = username.lower()
        self._mention = f"@{self._username}"
        self._alone = f"https://t.me/{username}"
        self._staff = staff
        self._staff_chat = staff_chat
        self._elsewhere = elsewhere

    def read(self, update: Json, now: datetime) -> Inbound | None:
        """The inbound that ``update`` is, None where it does not concern us. Raises where it is malformed."""
        if message := update.get("message"):
            return self._message(update, message, now, edited=False)
        if message := update.get("edited_message"):
            return self._message(update, message, now, edited=True)
        if query := update.get("callback_query"):
            message = query.get("message")
            if message is None or query.get("data") is None:  # of an inline message, or of a game: never ours
                return None
            return self._inbound(update, query["from"], message, now, Kind.CHOICE, query["data"])
        member = update.get("my_chat_member")
        if member is not None and member["new_chat_member"]["status"] in ("kicked", "left"):
            return self._inbound(update, member["from"], member, now, Kind.LEFT)
        return None

    def _message(self, update: Json, message: Json, now: datetime, *, edited: bool) -> Inbound | None:
        sender = message.get("from")
        if sender is None or message["chat"]["type"] == "channel":
            return None
        for_staff = bool(message.get("is_topic_message")) and str(message["chat"]["id"]) == self._staff_chat()
        as_group = message.get("sender_chat", {}).get("id") == message["chat"]["id"]  # an anonymous administrator
        if sender.get("is_bot") and not (for_staff and as_group):
            return None
        text: str = message.get("text") or message.get("caption") or ""
        command, text = self._command(text)
        meant = command or for_staff or self._mention in text.lower() or self._answers_us(message)
        if message["chat"]["type"] != "private" and not meant:
            return None
        if edited:
            # A live location is edited all the time; only new words are news.
            return self._inbound(update, sender, message, now, Kind.EDIT, text) if "text" in message else None
        if contact := message.get("contact"):
            return self._inbound(update, sender, message, now, Kind.CONTACT, contact["phone_number"])
        if origin := message.get("forward_origin"):
            return self._inbound(update, sender, message, now, Kind.FORWARD, text, _author(origin))
        if "text" in message:
            return self._inbound(update, sender, message, now, Kind.TEXT, text)
        if sent := next((name for kind, name in _MEDIA.items() if kind in message), ""):
            return self._inbound(update, sender, message, now, Kind.MEDIA, text).model_copy(update={"sent": sent})
        return None  # somebody joined, a message was pinned …

    def _command(self, text: str) -> tuple[bool, str]:
        """Whether ``text`` is a command for us, and its words without our name (``/edit@our_bot`` → ``/edit``)."""
        if not text.startswith("/"):
            return False, text
        word, space, rest = text.partition(" ")
        name, at, addressee = word.partition("@")
        if at and addressee.lower() != self._username:
            return False, text
        return True, name + space + rest

    def _answers_us(self, message: Json) -> bool:
        """Whether the message is a reply to one of ours; all messages of a forum topic "reply" to its creation."""
        original = message.get("reply_to_message")
        if original is None or "forum_topic_created" in original:
            return False
        return original.get("from", {}).get("id") == self._bot_id

    def _inbound(
        self,
        update: Json,
        sender: Json,
        place: Json,
        now: datetime,
        kind: Kind,
        text: str = "",
        author: str | None = None,
    ) -> Inbound:
        replied = place.get("reply_to_message")
        group = place["chat"]["type"] != "private"
        return Inbound(
            id=str(update["update_id"]),
            channel=TELEGRAM.name,
            person=f"{TELEGRAM.name}:{sender['id']}",
            chat=str(place["chat"]["id"]),
            kind=kind,
            text=_clean(text),
            at=now,
            name=_clean(_name(sender)),
            staff=sender["id"] in self._staff,
            group=group,
            message=str(place["message_id"]) if "message_id" in place else None,
            reply_to=str(replied["message_id"]) if replied else None,
            thread=str(place["message_thread_id"]) if place.get("is_topic_message") else None,
            sender=_clean(author) if author is not None else None,
            abroad=TELEGRAM.abroad,
            elsewhere=self._elsewhere,
            alone=self._alone if group else "",
        )


def _name(user: Json) -> str:
    return " ".join(part for part in (user.get("first_name"), user.get("last_name")) if part)


def _author(origin: Json) -> str:
    """Whose message was passed on, as far as Telegram tells."""
    if origin["type"] == "user":
        return _name(origin["sender_user"])
    if origin["type"] == "hidden_user":
        return origin["sender_user_name"]
    chat: Json = origin["sender_chat" if origin["type"] == "chat" else "chat"]
    return chat.get("title", "")


def _clean(text: str) -> str:
    """Without NUL and broken halves of surrogate pairs, which no database takes for text."""
    return text.encode(errors="ignore").decode().replace("\0", "")
