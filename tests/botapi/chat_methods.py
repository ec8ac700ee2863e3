"""The Bot API's methods about the bot, its updates, its commands, and chats with their members and topics.

Each takes the world and a call's parameters and returns the ``result``, or raises the error that Telegram gives.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from tests.botapi import methods
from tests.botapi.methods import chat_id
from tests.botapi.wire import Json, Params, bad
from tests.botapi.world import Chat, Topic, World

Method: TypeAlias = Callable[[World, Params], Any | Awaitable[Any]]


def get_me(world: World, p: Params) -> Json:
    """The bot itself."""
    return world.bot


async def get_updates(world: World, p: Params) -> list[Json]:
    """Long polling."""
    _allow(world, p)
    offset, limit, timeout = p.number("offset", 0), p.number("limit", 100), p.number("timeout", 0)
    return await world.updates.poll(offset or 0, limit or 100, min(timeout or 0, 50))


def set_webhook(world: World, p: Params) -> bool:
    """Takes updates to a URL from now on; an empty URL takes the webhook away."""
    _allow(world, p)
    if not p.text("url"):
        return delete_webhook(world, p)
    connections = p.number("max_connections", 40) or 40
    drop = p.flag("drop_pending_updates")
    world.updates.set_webhook(p.text("url"), p.text("secret_token"), max(1, min(connections, 100)), drop=drop)
    return True


def delete_webhook(world: World, p: Params) -> bool:
    """Back to polling."""
    world.updates.remove_webhook(drop=p.flag("drop_pending_updates"))
    return True


def get_webhook_info(world: World, p: Params) -> Json:
    """Where updates go, how many wait, and the last failure."""
    webhook = world.updates.webhook
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates.pending)}
    if webhook is not None:
        info |= {"url": webhook.url, "max_connections": webhook.connections}
        if webhook.error is not None:
            info |= {"last_error_date": webhook.error[0], "last_error_message": webhook.error[1]}
    if world.updates.allowed:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


def _allow(world: World, p: Params) -> None:
    allowed = p.json("allowed_updates")
    if allowed is not None:
        world.updates.allowed = frozenset(allowed)


def set_my_commands(world: World, p: Params) -> bool:
    """The bot's commands, for a scope and a language."""
    commands = p.json("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("expected an Array of at most 100 commands")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", "")).removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(p)] = commands
    return True


def get_my_commands(world: World, p: Params) -> list[Json]:
    """The commands of just that scope and language."""
    return world.commands.get(_scope(p), [])


def delete_my_commands(world: World, p: Params) -> bool:
    """Forgets the commands of just that scope and language."""
    world.commands.pop(_scope(p), None)
    return True


def _scope(p: Params) -> tuple[str, str]:
    scope = p.json("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), p.text("language_code")


def get_chat(world: World, p: Params) -> Json:
    """A chat's full description."""
    chat = world.known(chat_id(p))
    kinds = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels"
    gifts = dict.fromkeys(kinds.split(), True)
    return chat.json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_chat_member(world: World, p: Params) -> Json:
    """Somebody's place in a group."""
    chat = world.open_to_bot(chat_id(p))
    member = chat.members.get(p.number("user_id", 0) or 0)
    if member is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return member.json()


def get_chat_administrators(world: World, p: Params) -> list[Json]:
    """The owner and the administrators, other bots left out."""
    chat = world.open_to_bot(chat_id(p))
    if chat.private:
        raise bad("there are no administrators in the private chat")
    admins = [m for m in chat.members.values() if m.status in {"creator", "administrator"}]
    return [m.json() for m in admins if not m.user["is_bot"] or m.user["id"] == world.bot["id"]]


def get_chat_member_count(world: World, p: Params) -> int:
    """How many are in a group, the bot among them."""
    members = world.open_to_bot(chat_id(p)).members.values()
    return sum(m.status not in {"left", "kicked"} for m in members)


def create_forum_topic(world: World, p: Params) -> Json:
    """A new topic; its id is that of the service message that opens it."""
    chat = _forum(world, p)
    name = p.text("name").strip()
    if not 1 <= len(name) <= 128:
        raise bad("topic name must be 1-128 characters long")
    opening = world.say(chat, world.bot, extra={"forum_topic_created": {"name": name, "icon_color": 7322096}})
    opening.thread = opening.id
    chat.topics[opening.id] = Topic(opening.id, name)
    return {"message_thread_id": opening.id, "name": name, "icon_color": 7322096}


def edit_forum_topic(world: World, p: Params) -> bool:
    """A new name for a topic."""
    topic = _topic(world, p)
    if p.text("name") in {"", topic.name}:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = p.text("name")
    return True


def close_forum_topic(world: World, p: Params) -> bool:
    """Closes an open topic."""
    return _close(world, p, closed=True)


def reopen_forum_topic(world: World, p: Params) -> bool:
    """Opens a closed topic again."""
    return _close(world, p, closed=False)


def delete_forum_topic(world: World, p: Params) -> bool:
    """Takes a topic away with all its messages."""
    chat, topic = _forum(world, p), _topic(world, p)
    del chat.topics[topic.id]
    for message in chat.messages.values():
        if message.thread == topic.id:
            message.deleted = True
            world.touch(message)
    return True


def _forum(world: World, p: Params) -> Chat:
    chat = world.open_to_bot(chat_id(p))
    if not chat.forum:
        raise bad("the chat is not a forum")
    if not world.may(chat, "can_manage_topics"):
        raise bad("not enough rights to manage topics")
    return chat


def _topic(world: World, p: Params) -> Topic:
    topic = _forum(world, p).topics.get(p.number("message_thread_id", 0) or 0)
    if topic is None:
        raise bad("message thread not found")
    return topic


def _close(world: World, p: Params, *, closed: bool) -> bool:
    topic = _topic(world, p)
    if topic.closed is closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    return True


METHODS: dict[str, Method] = {
    function.__name__.replace("_", ""): function
    for function in (
        get_me,
        get_updates,
        set_webhook,
        delete_webhook,
        get_webhook_info,
        set_my_commands,
        get_my_commands,
        delete_my_commands,
        get_chat,
        get_chat_member,
        get_chat_administrators,
        get_chat_member_count,
        create_forum_topic,
        edit_forum_topic,
        close_forum_topic,
        reopen_forum_topic,
        delete_forum_topic,
        methods.send_message,
        methods.send_document,
        methods.copy_message,
        methods.send_chat_action,
        methods.edit_message_text,
        methods.edit_message_caption,
        methods.edit_message_reply_markup,
        methods.delete_message,
        methods.answer_callback_query,
    )
}
"""By name in lower case: Telegram does not mind the case."""
