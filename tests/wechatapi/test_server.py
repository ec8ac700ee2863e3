"""The server is as strict as WeChat: what it must refuse it refuses, by the number that the documentation gives."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.wechat.api import WeChatApi, WeChatError
from tests.wechatapi import FakeWeChat, Visitor
from tests.wechatapi.server import CORP, KF, SECRET
from tests.wechatapi.world import OURS, OVER, STAFF, WAITING


@pytest.fixture
async def wechat() -> AsyncIterator[FakeWeChat]:
    async with FakeWeChat() as wechat:
        yield wechat


@pytest.fixture
async def api(wechat: FakeWeChat) -> AsyncIterator[WeChatApi]:
    async with WeChatApi(wechat.base_url, CORP, SECRET) as api:
        yield api


@pytest.fixture
async def visitor(wechat: FakeWeChat) -> Visitor:
    visitor = wechat.visitor()
    await visitor.send("你好")
    return visitor


async def refused(api: WeChatApi, method: str, **body: Any) -> int:
    with pytest.raises(WeChatError) as told:
        await api.call(method, body)
    return told.value.code


def text(visitor: Visitor, content: str = "好", **more: Any) -> dict[str, Any]:
    return {"touser": visitor.who, "open_kfid": KF, "msgtype": "text", "text": {"content": content}, **more}


def menu(visitor: Visitor, items: list[tuple[str, str]], head: str = "") -> dict[str, Any]:
    listed = [{"type": "click", "click": {"id": data, "content": label}} for data, label in items]
    content = {"head_content": head, "list": listed}
    return {"touser": visitor.who, "open_kfid": KF, "msgtype": "msgmenu", "msgmenu": content}


async def test_lengths_are_bytes(api: WeChatApi, visitor: Visitor) -> None:
    assert await api.call("kf/send_msg", text(visitor, "政" * 682))
    assert await refused(api, "kf/send_msg", **text(visitor, "政" * 683)) == 40058
    assert await refused(api, "kf/send_msg", **text(visitor, "")) == 40058
    for items, head in (([("a", "政" * 43)], ""), ([("a" * 129, "政")], ""), ([("a", "政")], "政" * 342)):
        assert await refused(api, "kf/send_msg", **menu(visitor, items, head)) == 40058
    assert await refused(api, "kf/send_msg", **menu(visitor, [("a", "b")] * 11)) == 95008


async def test_a_message_id_is_used_once(api: WeChatApi, visitor: Visitor) -> None:
    await api.call("kf/send_msg", text(visitor, msgid="a-1"))
    for name in ("a-1", "a" * 33, "政", "a.b"):
        assert await refused(api, "kf/send_msg", **text(visitor, msgid=name)) == 40058
    assert len(visitor.chat.shown) == 1


async def test_five_messages_for_two_days(wechat: FakeWeChat, api: WeChatApi, visitor: Visitor) -> None:
    for _ in range(5):
        await api.call("kf/send_msg", text(visitor))
    assert await refused(api, "kf/send_msg", **text(visitor)) == 95001
    await visitor.send("再说")
    await api.call("kf/send_msg", text(visitor))
    wechat.world.ahead = 48 * 3600 + 1
    assert await refused(api, "kf/send_msg", **text(visitor)) == 95002


async def test_sessions(wechat: FakeWeChat, api: WeChatApi, visitor: Visitor) -> None:
    world = wechat.world
    place = {"open_kfid": KF, "external_userid": visitor.who}
    code = (await api.call("kf/service_state/trans", {**place, "service_state": WAITING}))["msg_code"]
    assert await refused(api, "kf/send_msg", **text(visitor)) == 95018
    on_event = {"msgtype": "text", "text": {"content": "好"}, "code": code}
    await api.call("kf/send_msg_on_event", on_event)
    assert await refused(api, "kf/send_msg_on_event", **on_event) == 40058
    as_menu = {"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "click", "click": {"id": "a", "content": "好"}}]}}
    assert await refused(api, "kf/send_msg_on_event", **as_menu, code=code) == 40058
    assert await refused(api, "kf/send_msg_on_event", **as_menu, code=world.code_for(visitor.who, WAITING)) == 40008
    assert await refused(api, "kf/send_msg_on_event", **on_event | {"code": world.code_for(visitor.who, OVER)}) == 95018
    world.pool_can_be_left = False
    assert await refused(api, "kf/service_state/trans", **place, service_state=OVER) == 95016
    assert await refused(api, "kf/service_state/trans", **place, service_state=OURS) == 95016
    await visitor.staff_takes()
    assert (await api.call("kf/service_state/get", place))["service_state"] == STAFF
    await api.call("kf/service_state/trans", {**place, "service_state": OVER})
    assert await refused(api, "kf/service_state/trans", **place, service_state=OURS) == 95013


async def test_a_code_holds_for_twenty_seconds(wechat: FakeWeChat, api: WeChatApi, visitor: Visitor) -> None:
    code = wechat.world.code_for(visitor.who)
    wechat.world.ahead = 21
    assert await refused(api, "kf/send_msg_on_event", msgtype="text", text={"content": "好"}, code=code) == 40058


async def test_reading(wechat: FakeWeChat, api: WeChatApi, visitor: Visitor) -> None:
    wechat.seldom = 1
    page = await api.call("kf/sync_msg", {"open_kfid": KF})
    assert [entry["text"]["content"] for entry in page["msg_list"]] == ["你好"]
    assert await refused(api, "kf/sync_msg", open_kfid=KF) == 45009
    assert await refused(api, "kf/sync_msg", open_kfid=KF, token="ENC-unknown") == 95007


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


async def test_what_is_uploaded_has_a_kind_and_a_size(api: WeChatApi) -> None:
    cases = [
        ("file", b"tiny", 40006),
        ("file", b"0" * (20 * 1024 * 1024 + 1), 40006),
        ("image", PNG + b"0" * 10 * 1024 * 1024, 40006),
        ("image", b"GIF89a" + b"0" * 100, 40005),
        ("thumb", PNG, 40004),
    ]
    for kind, content, code in cases:
        with pytest.raises(WeChatError) as told:
            await api.upload(kind, "大.docx", content)
        assert told.value.code == code


@pytest.mark.parametrize(("kind", "content", "other"), [("file", b"content", "image"), ("image", PNG, "file")])
async def test_files_and_pictures(
    wechat: FakeWeChat, api: WeChatApi, visitor: Visitor, kind: str, content: bytes, other: str
) -> None:
    media = await api.upload(kind, "表", content)
    place = {"touser": visitor.who, "open_kfid": KF}
    await api.call("kf/send_msg", {**place, "msgtype": kind, kind: {"media_id": media}})
    assert visitor.chat.shown[0].file == ("表", content)
    assert await refused(api, "kf/send_msg", **place, msgtype=other, **{other: {"media_id": media}}) == 40007
    assert await refused(api, "kf/send_msg", **place, msgtype=kind, **{kind: {"media_id": "unknown"}}) == 40007
    wechat.world.ahead = 3 * 24 * 3600 + 1
    visitor.chat.heard = wechat.world.now()
    assert await refused(api, "kf/send_msg", **place, msgtype=kind, **{kind: {"media_id": media}}) == 40007


async def test_links(api: WeChatApi, visitor: Visitor) -> None:
    picture, file = await api.upload("image", "a.png", PNG), await api.upload("file", "a.docx", b"content")

    def link(**told: Any) -> dict[str, Any]:
        given = {"title": "文件", "desc": "全文", "url": "https://a.example", "thumb_media_id": picture} | told
        return {"touser": visitor.who, "open_kfid": KF, "msgtype": "link", "link": given}

    await api.call("kf/send_msg", link(title="政" * 43, desc="政" * 171))
    shown = visitor.chat.shown[0]
    assert (shown.kind, shown.url) == ("link", "https://a.example")
    assert shown.text == f"{'政' * 42}\ufffd\n{'政' * 170}\ufffd"
    for wrong in ({"title": ""}, {"url": "a.example"}, {"url": "https://" + "a" * 2041}):
        assert await refused(api, "kf/send_msg", **link(**wrong)) == 40058
    for wrong in ({"thumb_media_id": file}, {"thumb_media_id": ""}):
        assert await refused(api, "kf/send_msg", **link(**wrong)) == 40007


async def test_a_wrong_secret(wechat: FakeWeChat) -> None:
    async with WeChatApi(wechat.base_url, CORP, "another") as api:
        assert await refused(api, "kf/account/list") == 40001
