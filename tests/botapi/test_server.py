"""The Bot API server itself: strict where Telegram is, and a stock python-telegram-bot runs on it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters

from tests.botapi import Callback, FakeTelegram
from tests.botapi.wire import Json


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


class Api:
    """Calls as a program without a library makes them."""

    def __init__(self, server: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self.root = f"{server.base_url}/bot{server.token}"
        self.session = session

    async def __call__(self, method: str, **params: Any) -> Json:
        async with self.session.post(f"{self.root}/{method}", json=params) as answer:
            body: Json = await answer.json()
            assert body["ok"] is (answer.status == 200)
            assert body.get("error_code", 200) == answer.status
            return body

    async def refused(self, method: str, **params: Any) -> str:
        body = await self(method, **params)
        assert not body["ok"], body
        return f"{body['error_code']} {body['description']}"


@pytest.fixture
async def api(telegram: FakeTelegram) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(telegram, session)


def keys(*rows: list[str]) -> Json:
    return {"inline_keyboard": [[{"text": data, "callback_data": data} for data in row] for row in rows]}


async def test_token_and_method_are_checked(telegram: FakeTelegram, api: Api) -> None:
    me = (await api("getMe"))["result"]
    assert me["username"] == "wence_test_bot"
    assert await api.refused("launchRocket") == "404 Not Found: method not found"
    async with api.session.get(f"{telegram.base_url}/bot1:wrong/getMe") as answer:
        assert answer.status == 401


async def test_every_encoding_of_parameters(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    markup = json.dumps(keys(["a"]))
    form = {"chat_id": "1", "text": "form", "reply_markup": markup}
    multipart = aiohttp.FormData(form | {"text": "multipart"}, default_to_multipart=True)
    async with api.session.post(f"{api.root}/sendMessage", data=form) as answer:
        assert answer.status == 200
    async with api.session.post(f"{api.root}/sendMessage", data=multipart) as answer:
        assert answer.status == 200
    async with api.session.get(f"{api.root}/SENDMESSAGE", params=form | {"text": "query"}) as answer:
        assert answer.status == 200
    await api("sendMessage", chat_id=1, text="json", reply_markup=keys(["a"]))
    assert [(m.text, m.buttons) for m in user.messages] == [
        (text, ["a"]) for text in ("form", "multipart", "query", "json")
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("钱 < 100", 'Unsupported start tag "" at byte offset 4'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b x", 'Unclosed start tag "b" at byte offset 0'),
    ],
)
async def test_html_must_be_well_formed(telegram: FakeTelegram, api: Api, text: str, error: str) -> None:
    await telegram.user(1, "甲")
    told = await api.refused("sendMessage", chat_id=1, text=text, parse_mode="HTML")
    assert told == f"400 Bad Request: can't parse entities: {error}"


async def test_html_becomes_text_and_entities(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    html = ' 😀<b>粗<i>斜</i></b> &lt;&amp;&quot;&#33; & <blockquote expandable>引</blockquote><a href="https://a.b/">链</a> '
    await api("sendMessage", chat_id=1, text=html, parse_mode="HTML")
    assert user.last.text == '😀粗斜 <&"! & 引链'
    assert [(e["type"], e["offset"], e["length"]) for e in user.last.entities] == [
        ("bold", 2, 2),
        ("italic", 3, 1),
        ("expandable_blockquote", 12, 1),
        ("text_link", 13, 1),
    ]


async def test_text_and_caption_are_limited_after_parsing(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    assert (await api("sendMessage", chat_id=1, text=f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML"))["ok"]
    assert await api.refused("sendMessage", chat_id=1, text="x" * 4097) == "400 Bad Request: message is too long"
    assert await api.refused("sendMessage", chat_id=1, text="😀" * 2049) == "400 Bad Request: message is too long"
    assert await api.refused("sendMessage", chat_id=1, text=" \n") == "400 Bad Request: message text is empty"
    for caption, status in (("字" * 1024, 200), ("字" * 1025, 400)):
        form = aiohttp.FormData({"chat_id": "1", "caption": caption, "document": "attach://paper"}, quote_fields=False)
        form.add_field("paper", b"PK", filename="预评估表.docx")
        async with api.session.post(f"{api.root}/sendDocument", data=form) as answer:
            assert answer.status == status
    assert (user.last.file_name, user.last.file) == ("预评估表.docx", b"PK")


async def test_keyboards_are_limited(telegram: FakeTelegram, api: Api) -> None:
    await telegram.user(1, "甲")

    async def refused(markup: Json) -> str:
        return await api.refused("sendMessage", chat_id=1, text="x", reply_markup=markup)

    assert await refused(keys(["字" * 22])) == "400 Bad Request: BUTTON_DATA_INVALID"
    assert "non-empty" in await refused(keys([""]))
    assert "unallowed in the inline keyboard" in await refused({"inline_keyboard": [[{"text": "x"}]]})
    assert "too long" in await refused(keys(*[["x"]] * 101))
    assert "too long" in await refused(keys(*[["字" * 21] * 2] * 50))
    assert (await api("sendMessage", chat_id=1, text="x", reply_markup=keys(*[["x" * 20]] * 100)))["ok"]
    await telegram.group(-5, "组", [await telegram.user(2, "乙")])
    contact = {"keyboard": [[{"text": "电话", "request_contact": True}]]}
    assert "private chats only" in await api.refused("sendMessage", chat_id=-5, text="x", reply_markup=contact)


async def test_edits(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    await api("sendMessage", chat_id=1, text="一", reply_markup=keys(["a"]))
    same = await api.refused("editMessageText", chat_id=1, message_id=1, text="一", reply_markup=keys(["a"]))
    assert same.startswith("400 Bad Request: message is not modified")
    await api("editMessageReplyMarkup", chat_id=1, message_id=1, reply_markup=keys(["b"]))
    assert (user.last.text, user.last.buttons) == ("一", ["b"])
    await api("editMessageText", chat_id=1, message_id=1, text="二")
    assert (user.last.text, user.last.buttons) == ("二", [])
    typed = await user.send("我的")
    edit = {"chat_id": 1, "text": "x"}
    assert await api.refused("editMessageText", **edit, message_id=typed.id) == (
        "400 Bad Request: message can't be edited"
    )
    assert (await api("deleteMessage", chat_id=1, message_id=1))["result"] is True
    assert await api.refused("editMessageText", **edit, message_id=1) == "400 Bad Request: message to edit not found"
    assert "message to delete not found" in await api.refused("deleteMessage", chat_id=1, message_id=1)


async def test_message_ids_count_within_a_chat(telegram: FakeTelegram, api: Api) -> None:
    for person in (1, 2):
        await telegram.user(person, "人")
        assert (await api("sendMessage", chat_id=person, text="x"))["result"]["message_id"] == 1


async def test_who_cannot_be_written_to(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    await telegram.user(2, "乙", started=False)
    assert await api.refused("sendMessage", chat_id=99, text="x") == "400 Bad Request: chat not found"
    assert "bot can't initiate" in await api.refused("sendMessage", chat_id=2, text="x")
    await user.block()
    assert await api.refused("sendMessage", chat_id=1, text="x") == "403 Forbidden: bot was blocked by the user"
    await user.unblock()
    assert (await api("sendMessage", chat_id=1, text="x"))["ok"]
    kinds = [list(update)[1] for update in (await api("getUpdates"))["result"]]
    assert kinds == ["my_chat_member"] * 2


async def test_groups_rights_and_migration(telegram: FakeTelegram, api: Api) -> None:
    owner, member = await telegram.user(1, "主"), await telegram.user(2, "员")
    group = await telegram.group(-5, "办公室", [owner, member])
    await owner.at(group).send("闲聊")
    await owner.at(group).send("/start@wence_test_bot")
    await owner.at(group).send("/start@other_bot")
    told = [u["message"]["text"] for u in (await api("getUpdates", offset=0))["result"] if "message" in u]
    assert told == ["/start@wence_test_bot"], "privacy mode"
    assert (await api("getChatMember", chat_id=-5, user_id=2))["result"]["status"] == "member"
    assert [m["user"]["id"] for m in (await api("getChatAdministrators", chat_id=-5))["result"]] == [1]
    new = await group.migrate()
    body = await api("sendMessage", chat_id=-5, text="x")
    assert body["parameters"] == {"migrate_to_chat_id": new.chat.id}
    assert (await api("sendMessage", chat_id=new.chat.id, text="x"))["ok"]
    new.set_bot("kicked")
    assert "bot was kicked from the supergroup" in await api.refused("sendMessage", chat_id=new.chat.id, text="x")


async def test_forum_topics(telegram: FakeTelegram, api: Api) -> None:
    owner = await telegram.user(1, "主")
    plain = await telegram.group(-5, "无话题", [owner])
    assert "not a forum" in await api.refused("createForumTopic", chat_id=plain.chat.id, name="x")
    group = await telegram.group(-1001, "论坛", [owner], forum=True)
    assert "not enough rights" in await api.refused("createForumTopic", chat_id=-1001, name="x")
    group.set_bot("administrator", ["can_manage_topics"])
    topic = (await api("createForumTopic", chat_id=-1001, name="王总"))["result"]["message_thread_id"]
    sent = await api("sendMessage", chat_id=-1001, message_thread_id=topic, text="x")
    assert sent["result"]["is_topic_message"] is True
    assert [m.text for m in owner.at(group, topic).messages] == ["x"]
    assert (await api("closeForumTopic", chat_id=-1001, message_thread_id=topic))["ok"]
    assert (await api("deleteForumTopic", chat_id=-1001, message_thread_id=topic))["ok"]
    gone = await api.refused("sendMessage", chat_id=-1001, message_thread_id=topic, text="x")
    assert gone == "400 Bad Request: message thread not found"


async def test_polling_confirms_by_offset_and_conflicts(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    for text in "一二三":
        await user.send(text)
    first = (await api("getUpdates", limit=2))["result"]
    assert [u["message"]["text"] for u in first] == ["一", "二"]
    assert (await api("getUpdates", limit=2))["result"] == first, "not confirmed, so they come again"
    last = first[-1]["update_id"] + 1
    assert [u["message"]["text"] for u in (await api("getUpdates", offset=last))["result"]] == ["三"]
    waiting = asyncio.create_task(api("getUpdates", offset=last + 1, timeout=20))
    await asyncio.sleep(0.05)
    await user.send("四")
    assert [u["message"]["text"] for u in (await waiting)["result"]] == ["四"]
    older = asyncio.create_task(api("getUpdates", offset=last + 2, timeout=20))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(api("getUpdates", offset=last + 2, timeout=1))
    assert (await older)["error_code"] == 409
    assert (await newer)["result"] == []
    await api("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await api.refused("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook")
    assert "HTTPS URL must be provided" in await api.refused("setWebhook", url="http://example.com/hook")


async def test_updates_twice_out_of_order_and_filtered(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    telegram.deliver_twice()
    await user.send("一")
    first = (await api("getUpdates"))["result"]
    second = (await api("getUpdates", offset=first[-1]["update_id"] + 1))["result"]
    assert first == second
    assert (await api("getUpdates", offset=first[-1]["update_id"] + 1))["result"] == []
    with telegram.out_of_order():
        await user.send("二")
        await user.send("三")
    assert [u["message"]["text"] for u in (await api("getUpdates"))["result"]] == ["三", "二"]
    await api("getUpdates", offset=10**9, allowed_updates=["callback_query"])
    await user.send("四")
    assert (await api("getUpdates"))["result"] == []


class Hook:
    """A webhook that answers as told and remembers what came."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: list[tuple[str | None, str]] = []
        self.reply: Json = {}

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["message"]["text"]))
        return web.json_response(self.reply, status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[tuple[Hook, str]]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield hook, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_webhook_retries_in_order_with_the_secret(
    telegram: FakeTelegram, api: Api, hook: tuple[Hook, str]
) -> None:
    end, url = hook
    end.statuses = [500, 502, 200]
    user, other = await telegram.user(1, "甲"), await telegram.user(2, "乙")
    await user.send("一")
    await api("setWebhook", url=url, secret_token="s3cret")
    await user.send("二")
    await other.send("甲")
    async with asyncio.timeout(5):
        while (await api("getWebhookInfo"))["result"]["pending_update_count"]:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.02)
    assert {secret for secret, _ in end.got} == {"s3cret"}
    assert [text for _, text in end.got if text != "甲"].index("二") == len([t for _, t in end.got if t == "一"])
    assert "Wrong response from the webhook: 50" in (await api("getWebhookInfo"))["result"]["last_error_message"]


async def test_a_method_in_the_answer_to_the_webhook(telegram: FakeTelegram, api: Api, hook: tuple[Hook, str]) -> None:
    end, url = hook
    end.reply = {"method": "sendMessage", "chat_id": 1, "text": "答"}
    user = await telegram.user(1, "甲")
    await api("setWebhook", url=url)
    await user.send("问")
    assert (await user.wait_for("答")).text == "答"


async def test_faults_on_demand(telegram: FakeTelegram, api: Api) -> None:
    user = await telegram.user(1, "甲")
    await telegram.user(2, "乙")
    telegram.fail("sendMessage", status=429, retry_after=7, chat=1)
    assert (await api("sendMessage", chat_id=2, text="x"))["ok"], "the fault is for another chat"
    assert (await api("sendMessage", chat_id=1, text="x"))["parameters"] == {"retry_after": 7}
    telegram.fail("sendMessage", status=500)
    assert (await api("sendMessage", chat_id=1, text="x"))["error_code"] == 500
    telegram.fail("sendMessage", reset=True)
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=1, text="lost")
    telegram.fail("sendMessage", reset=True, after=True)
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=1, text="sent")
    assert [m.text for m in user.messages] == ["sent"]
    telegram.fail("*", status=502)
    async with api.session.post(f"{api.root}/getMe") as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
    assert [call.status for call in telegram.called("sendMessage")] == [200, 429, 500, 0, 0]


async def test_commands(api: Api) -> None:
    commands = [{"command": "start", "description": "开始"}]
    await api("setMyCommands", commands=commands, language_code="zh")
    assert (await api("getMyCommands", language_code="zh"))["result"] == commands
    assert (await api("getMyCommands"))["result"] == []
    bad = [{"command": "Start", "description": "x"}]
    assert await api.refused("setMyCommands", commands=bad) == "400 Bad Request: BOT_COMMAND_INVALID"


def echo_bot(telegram: FakeTelegram) -> "Application[Any, Any, Any, Any, Any, Any]":
    """A stock bot: echoes text under two buttons, and edits the message when one is pressed."""

    async def echo(update: Update, _: object) -> None:
        assert update.message is not None
        buttons = [[InlineKeyboardButton(text, callback_data=text) for text in ("是", "否")]]
        await update.message.reply_html(f"<b>{update.message.text}</b>", reply_markup=InlineKeyboardMarkup(buttons))

    async def press(update: Update, _: object) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("好")
        await update.callback_query.edit_message_text(f"选了{update.callback_query.data}")

    builder = Application.builder().token(telegram.token).base_url(f"{telegram.base_url}/bot")
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(press))
    return application


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_stock_bot_runs(telegram: FakeTelegram, mode: str) -> None:
    user = await telegram.user(1, "甲")
    async with echo_bot(telegram) as bot:
        assert bot.updater is not None
        runner: web.AppRunner | None = None
        if mode == "polling":
            await bot.updater.start_polling()
        else:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            route = web.Application()

            async def receive(request: web.Request) -> web.Response:
                assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "geheim"
                await bot.update_queue.put(Update.de_json(await request.json(), bot.bot))
                return web.Response()

            route.router.add_post("/hook", receive)
            runner = web.AppRunner(route)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            await bot.bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="geheim")
        await bot.start()
        await user.send("你好")
        message = await user.wait_for("你好", button="是")
        press = await user.press("是")
        await user.wait_for("选了是")
        assert isinstance(press, Callback)
        assert press.answer == "好"
        assert message.buttons == []
        telegram.fail("sendMessage", status=429, retry_after=3)
        with pytest.raises(RetryAfter):
            await bot.bot.send_message(1, "x")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.bot.send_message(404, "x")
        await bot.bot.send_document(1, b"PK", filename="表.docx", caption="表")
        assert (user.last.file_name, user.last.text) == ("表.docx", "表")
        assert (await bot.bot.get_chat(1)).first_name == "甲"
        await user.block()
        with pytest.raises(Forbidden):
            await bot.bot.send_message(1, "x")
        if runner is None:
            await bot.updater.stop()
        else:
            await runner.cleanup()
        await bot.stop()
