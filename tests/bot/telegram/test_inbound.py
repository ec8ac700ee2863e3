"""Updates as inbounds: what concerns us, and as what."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.telegram.inbound import Reader
from conversations.state.messages import Inbound, Kind

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PRIVATE = {"id": 5, "type": "private", "first_name": "王"}
GROUP = {"id": -100, "type": "supergroup", "title": "窗口"}
WANG = {"id": 5, "is_bot": False, "first_name": "王", "last_name": "经理"}
BOT = {"id": 99, "is_bot": True, "first_name": "问策", "username": "Wence_Bot"}


def read(kind: str, body: dict[str, Any]) -> Inbound | None:
    return Reader(99, "Wence_Bot", frozenset({6}), elsewhere="网页").read({"update_id": 3, kind: body}, NOW)


def message(chat: dict[str, Any] = PRIVATE, **body: Any) -> dict[str, Any]:
    return {"message_id": 8, "date": 1, "chat": chat, "from": WANG, **body}


def test_a_text_in_private() -> None:
    assert read("message", message(text="你好")) == Inbound(
        id="3",
        channel="telegram",
        person="telegram:5",
        chat="5",
        kind=Kind.TEXT,
        text="你好",
        at=NOW,
        name="王 经理",
        message="8",
        abroad="Telegram",
        elsewhere="网页",
    )


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ({"contact": {"phone_number": "+8613800000000", "first_name": "王"}}, Kind.CONTACT, "+8613800000000"),
        ({"photo": [{}], "caption": "看这个"}, Kind.MEDIA, "看这个"),
        ({"voice": {}}, Kind.MEDIA, ""),
        ({"sticker": {}}, Kind.MEDIA, ""),
        ({"location": {}, "venue": {}}, Kind.MEDIA, ""),
        ({"text": "/start abc"}, Kind.TEXT, "/start abc"),
        ({"text": "/edit@wence_bot 2"}, Kind.TEXT, "/edit 2"),
        ({"text": "a\0b\ud83dc😀"}, Kind.TEXT, "abc😀"),
    ],
)
def test_what_else_people_send(body: dict[str, Any], kind: Kind, text: str) -> None:
    inbound = read("message", message(**body))
    assert inbound is not None
    assert (inbound.kind, inbound.text) == (kind, text)


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"photo": [{}]}, "图片"),
        ({"animation": {}, "document": {}}, "动图"),
        ({"location": {}, "venue": {}}, "位置"),
        ({"dice": {}}, "这种消息"),
        ({"text": "图片"}, ""),
    ],
)
def test_what_is_no_text_is_called_by_its_name(body: dict[str, Any], sent: str) -> None:
    inbound = read("message", message(**body))
    assert inbound is not None
    assert inbound.sent == sent


@pytest.mark.parametrize(
    ("origin", "sender"),
    [
        ({"type": "user", "sender_user": {"id": 7, "first_name": "李", "last_name": "总"}}, "李 总"),
        ({"type": "hidden_user", "sender_user_name": "不愿透露"}, "不愿透露"),
        ({"type": "chat", "sender_chat": {"id": -1, "type": "group", "title": "商会"}}, "商会"),
        ({"type": "channel", "chat": {"id": -1, "type": "channel", "title": "频道"}, "message_id": 1}, "频道"),
    ],
)
def test_a_forwarded_message_tells_whose_it_was(origin: dict[str, Any], sender: str) -> None:
    inbound = read("message", message(text="能补多少", forward_origin=origin))
    assert inbound is not None
    assert (inbound.kind, inbound.text, inbound.sender) == (Kind.FORWARD, "能补多少", sender)
    inbound = read("message", message(photo=[{}], forward_origin=origin))
    assert inbound is not None
    assert (inbound.kind, inbound.text) == (Kind.FORWARD, "")


def test_an_edit_is_new_words_and_nothing_else() -> None:
    inbound = read("edited_message", message(text="改成 300 万"))
    assert inbound is not None
    assert (inbound.kind, inbound.message) == (Kind.EDIT, "8")
    assert read("edited_message", message(location={"live_period": 60})) is None


def test_a_pressed_button() -> None:
    place = {"message_id": 44, "date": 0, "chat": PRIVATE, "from": BOT}
    inbound = read("callback_query", {"id": "q", "from": WANG, "data": "2:yes", "message": place})
    assert inbound is not None
    assert (inbound.kind, inbound.text, inbound.message, inbound.person) == (Kind.CHOICE, "2:yes", "44", "telegram:5")
    assert read("callback_query", {"id": "q", "from": WANG, "data": "2:yes", "inline_message_id": "i"}) is None
    assert read("callback_query", {"id": "q", "from": WANG, "game_short_name": "g", "message": place}) is None


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ({"text": "大家好"}, False),
        ({"text": "@wence_bot 你好"}, True),
        ({"text": "你好 @Wence_Bot"}, True),
        ({"text": "/help"}, True),
        ({"text": "/help@wence_bot"}, True),
        ({"text": "/help@other_bot"}, False),
        ({"text": "260万", "reply_to_message": {"message_id": 7, "from": BOT}}, True),
        ({"text": "260万", "reply_to_message": {"message_id": 7, "from": WANG}}, False),
        ({"photo": [{}], "reply_to_message": {"message_id": 7, "from": BOT}}, True),
        ({"text": "嗯", "reply_to_message": {"message_id": 7, "from": BOT, "forum_topic_created": {}}}, False),
        ({"new_chat_members": [BOT]}, False),
    ],
)
def test_in_a_group_only_what_is_meant_for_the_bot(body: dict[str, Any], heard: bool) -> None:
    inbound = read("message", message(GROUP, **body))
    assert (inbound is not None) is heard
    if inbound is not None:
        assert (inbound.group, inbound.chat, inbound.person) == (True, "-100", "telegram:5")
        assert inbound.alone == "https://t.me/Wence_Bot"


def test_a_topic_and_a_reply_are_kept_apart() -> None:
    body = {"is_topic_message": True, "message_thread_id": 12, "reply_to_message": {"message_id": 7, "from": BOT}}
    inbound = read("message", message(GROUP, text="好", **body))
    assert inbound is not None
    assert (inbound.thread, inbound.reply_to) == ("12", "7")


@pytest.mark.parametrize(("status", "left"), [("kicked", True), ("left", True), ("member", False)])
def test_who_blocks_the_bot_has_left(status: str, left: bool) -> None:
    body = {"chat": PRIVATE, "from": WANG, "date": 1, "new_chat_member": {"status": status, "user": BOT}}
    inbound = read("my_chat_member", body)
    assert (inbound is not None) is left
    if inbound is not None:
        assert (inbound.kind, inbound.person, inbound.group) == (Kind.LEFT, "telegram:5", False)


def test_staff_are_known_by_their_id() -> None:
    inbound = read("message", message(text="好") | {"from": {"id": 6, "is_bot": False, "first_name": "客服"}})
    assert inbound is not None
    assert inbound.staff


@pytest.mark.parametrize(
    "body",
    [
        message(text="好") | {"from": BOT},
        {"message_id": 8, "date": 1, "chat": {"id": -1, "type": "channel"}, "text": "公告"},
        message(pinned_message={}),
    ],
)
def test_what_does_not_concern_us(body: dict[str, Any]) -> None:
    assert read("message", body) is None


def test_what_is_malformed_raises() -> None:
    with pytest.raises((KeyError, TypeError, AttributeError)):
        read("message", {"from": WANG, "text": "好", "chat": {}})
