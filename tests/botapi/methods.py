"""The Bot API's methods about messages: sending, editing, deleting, answering a press.

Each takes the world and a call's parameters and returns the ``result``, or raises the error that Telegram gives.
"""

import mimetypes
import time
from typing import Any

from tests.botapi.entities import formatted
from tests.botapi.markup import keyboard
from tests.botapi.wire import ApiError, Json, Params, bad, utf16
from tests.botapi.world import Chat, Message, World

MAX_TEXT, MAX_CAPTION, MAX_CALLBACK_ANSWER, MAX_FILE = 4096, 1024, 200, 50_000_000
OWN_DELETABLE = 48 * 3600
"""Seconds for which a bot may delete its own messages wherever it is."""
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def chat_id(p: Params) -> int | None:
    """The chat a call is about; a @username is nobody here."""
    value = p.text("chat_id")
    if not value:
        raise bad("chat_id is empty")
    return int(value) if value.lstrip("-").isdigit() else None


def send_message(world: World, p: Params) -> Json:
    """Text to a chat."""
    chat = _target(world, p)
    text, entities = _text(p, "text", "parse_mode", "entities")
    if not text:
        raise bad("message text is empty")
    if utf16(text) > MAX_TEXT:
        raise bad("message is too long")
    return _send(world, p, chat, text, entities=entities).json()


def send_document(world: World, p: Params) -> Json:
    """A file to a chat, uploaded (by name or as attach://part) or sent again by its id."""
    chat = _target(world, p)
    caption, entities = _caption(p)
    raw = p.text("document")
    upload = p.files.get(raw.removeprefix("attach://") if raw.startswith("attach://") else "document")
    if upload is None:
        known = next((m for c in world.chats.values() for m in c.messages.values() if raw and _file_id(m) == raw), None)
        if known is None or known.file is None:
            raise bad("wrong file identifier/HTTP URL specified" if raw else "there is no document in the request")
        upload = (str(known.file_name), known.file)
    name, data = upload
    if not data:
        raise bad("file must be non-empty")
    if len(data) > MAX_FILE:
        raise ApiError(413, "Request Entity Too Large")
    document: Json = {
        "file_id": f"file-{chat.id}-{chat.last_id + 1}",
        "file_unique_id": f"unique-{chat.id}-{chat.last_id + 1}",
        "file_name": name,
        "mime_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "file_size": len(data),
    }
    return _send(world, p, chat, caption, entities=entities, extra={"document": document}, file=data).json()


def _file_id(message: Message) -> str | None:
    return message.extra.get("document", {}).get("file_id")


def copy_message(world: World, p: Params) -> Json:
    """A message of some chat once more, in another one, without a word of where it is from."""
    chat = _target(world, p)
    source = world.known(p.number("from_chat_id"))
    original = source.messages.get(p.number("message_id", 0) or 0)
    if original is None or original.deleted:
        raise bad("message to copy not found")
    if {"invoice", "giveaway", "paid_media"} & original.extra.keys():
        raise bad("message can't be copied")
    extra = {key: value for key, value in original.extra.items() if key != "forward_origin"}
    sent = _send(world, p, chat, original.text, entities=original.entities, extra=extra, file=original.file)
    return {"message_id": sent.id}


def edit_message_text(world: World, p: Params) -> Json:
    """New text for a message of the bot's; without ``reply_markup`` its buttons go."""
    message = _editable(world, p)
    if "document" in message.extra:
        raise bad("there is no text in the message to edit")
    text, entities = _text(p, "text", "parse_mode", "entities")
    if not text:
        raise bad("message text is empty")
    if utf16(text) > MAX_TEXT:
        raise bad("MESSAGE_TOO_LONG")
    return _edit(world, p, message, text, entities)


def edit_message_caption(world: World, p: Params) -> Json:
    """New caption for a document of the bot's."""
    message = _editable(world, p)
    if "document" not in message.extra:
        raise bad("there is no caption in the message to edit")
    caption, entities = _caption(p)
    return _edit(world, p, message, caption, entities)


def edit_message_reply_markup(world: World, p: Params) -> Json:
    """New buttons under a message of the bot's, none where ``reply_markup`` is left out."""
    message = _editable(world, p)
    return _edit(world, p, message, message.text, message.entities)


def delete_message(world: World, p: Params) -> bool:
    """Takes a message away: one of the bot's own for 48 hours, or any in a private chat and where the bot may delete."""
    chat = world.open_to_bot(chat_id(p))
    message = chat.messages.get(p.number("message_id", 0) or 0)
    if message is None or message.deleted:
        raise bad("message to delete not found")
    own = message.sender["id"] == world.bot["id"] and time.time() - message.date < OWN_DELETABLE
    if not (own or chat.private or world.may(chat, "can_delete_messages")):
        raise bad("message can't be deleted")
    message.deleted = True
    world.touch(message)
    return True


def answer_callback_query(world: World, p: Params) -> bool:
    """Answers a press, once."""
    callback = world.callbacks.get(p.text("callback_query_id"))
    if callback is None or callback.answer is not None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if utf16(p.text("text")) > MAX_CALLBACK_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    callback.answer = p.text("text")
    callback.alert = p.flag("show_alert")
    callback.message.chat.changed()
    return True


def send_chat_action(world: World, p: Params) -> bool:
    """Shows that the bot is typing, and the like."""
    _target(world, p)
    if p.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def _target(world: World, p: Params) -> Chat:
    return world.open_to_bot(chat_id(p), p.number("message_thread_id"))


def _text(p: Params, name: str, mode: str, given: str) -> tuple[str, list[Json]]:
    entities: Any = p.json(given)
    text, parsed = formatted(p.text(name), "" if entities else p.text(mode))
    return text, entities or parsed


def _caption(p: Params) -> tuple[str, list[Json]]:
    caption, entities = _text(p, "caption", "parse_mode", "caption_entities")
    if utf16(caption) > MAX_CAPTION:
        raise bad("message caption is too long")
    return caption, entities


def _send(world: World, p: Params, chat: Chat, text: str, **fields: Any) -> Message:
    markup = keyboard(p.json("reply_markup"), private=chat.private)
    reply = p.json("reply_parameters") or {}
    reply_to = reply.get("message_id") or p.number("reply_to_message_id")
    if reply_to is not None and (reply_to not in chat.messages or chat.messages[reply_to].deleted):
        if not (reply.get("allow_sending_without_reply") or p.flag("allow_sending_without_reply")):
            raise bad("message to be replied not found")
        reply_to = None
    thread = p.number("message_thread_id")
    return world.say(chat, _author(world), text, markup=markup, reply_to=reply_to, thread=thread, **fields)


def _author(world: World) -> Json:
    return {name: world.bot[name] for name in ("id", "is_bot", "first_name", "username")}


def _editable(world: World, p: Params) -> Message:
    chat = world.open_to_bot(chat_id(p))
    message = chat.messages.get(p.number("message_id", 0) or 0)
    if message is None or message.deleted:
        raise bad("message to edit not found")
    if message.sender["id"] != world.bot["id"] or (message.markup is not None and not message.inline):
        raise bad("message can't be edited")
    return message


def _edit(world: World, p: Params, message: Message, text: str, entities: list[Json]) -> Json:
    markup = keyboard(p.json("reply_markup"), private=message.chat.private, inline_only=True)
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    message.history.append((message.text, message.markup))
    message.text, message.entities, message.markup = text, entities, markup
    message.edited = message.date
    world.touch(message)
    return message.json()
