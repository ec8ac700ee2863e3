"""Calls of the Bot API over aiohttp: forms, files, errors and timeouts, against a server on loopback."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from aiohttp import web
from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.telegram.request import AiohttpRequest, TelegramBot

TOKEN = "12345:abcdefghijklmnopqrstuvwxyz"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A server whose one handler a test sets."""

    handler: Handler
    url: str


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    state = Server()

    async def handle(request: web.Request) -> web.StreamResponse:
        assert request.path.startswith(f"/bot{TOKEN}/")
        return await state.handler(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    state.url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    yield state
    await runner.cleanup()


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[TelegramBot]:
    request = AiohttpRequest(connect=10, read=0.3, upload=2)
    await request.initialize()
    yield TelegramBot(TOKEN, base_url=server.url, request=request, get_updates_request=request)
    await request.shutdown()


def answering(result: object, status: int = 200, **parameters: int) -> Handler:
    async def handle(_request: web.Request) -> web.StreamResponse:
        body = {"ok": status == 200, "result": result, "description": result, "parameters": parameters}
        return web.json_response(body, status=status)

    return handle


async def test_a_call_is_a_form_and_gives_the_plain_result(server: Server, bot: TelegramBot) -> None:
    seen: dict[str, Any] = {}

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.update(await request.post(), path=request.path, type=request.content_type)
        return web.json_response({"ok": True, "result": {"message_id": 5}})

    server.handler = handle
    parameters = {"chat_id": 7, "text": "一&二=三 %+", "allowed": ["a", "b"], "nothing": None, "flag": True}
    assert await bot.call("sendMessage", parameters) == {"message_id": 5}
    assert seen == {
        "chat_id": "7",
        "text": "一&二=三 %+",
        "allowed": '["a", "b"]',
        "flag": "true",
        "path": f"/bot{TOKEN}/sendMessage",
        "type": "application/x-www-form-urlencoded",
    }


async def test_a_file_goes_as_multipart(server: Server, bot: TelegramBot) -> None:
    seen: dict[str, Any] = {}

    async def handle(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        for name, part in form.items():
            if isinstance(part, web.FileField):
                seen["file"] = part.filename, part.file.read()
            else:
                seen[name] = part
        return web.json_response({"ok": True, "result": {"message_id": 6}})

    server.handler = handle
    document = InputFile(b"PK\x03\x04" * 1000, filename="预评估表.docx")
    await bot.call("sendDocument", {"chat_id": 7, "caption": "您的表", "document": document})
    assert seen["file"] == ("预评估表.docx", b"PK\x03\x04" * 1000)
    assert (seen["chat_id"], seen["caption"]) == ("7", "您的表")


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (400, "Bad Request: chat not found", BadRequest),
        (401, "Unauthorized", InvalidToken),
        (403, "Forbidden: bot was blocked by the user", Forbidden),
        (500, "Internal Server Error", NetworkError),
        (502, "Bad Gateway", NetworkError),
    ],
)
async def test_refusals_are_the_librarys_errors(
    server: Server, bot: TelegramBot, status: int, description: str, error: type[Exception]
) -> None:
    server.handler = answering(description, status)
    with pytest.raises(error) as raised:
        await bot.call("sendMessage", {"chat_id": 7})
    assert type(raised.value) is error
    assert TOKEN not in str(raised.value)


async def test_parameters_of_a_refusal_are_kept(server: Server, bot: TelegramBot) -> None:
    server.handler = answering("Too Many Requests", 429, retry_after=7)
    with pytest.raises(RetryAfter) as flood:
        await bot.call("sendMessage", {"chat_id": 7})
    assert flood.value.retry_after == timedelta(seconds=7)
    server.handler = answering("upgraded", 400, migrate_to_chat_id=-1007)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.call("sendMessage", {"chat_id": 7})
    assert migrated.value.new_chat_id == -1007


async def test_no_answer_in_time_is_a_timeout_and_a_longer_wait_is_granted(server: Server, bot: TelegramBot) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.6)
        return web.json_response({"ok": True, "result": []})

    server.handler = slow
    with pytest.raises(TimedOut):
        await bot.call("sendMessage", {"chat_id": 7})
    assert await bot.call("getUpdates", {"timeout": 1}, wait=5) == []


async def test_a_broken_connection_is_a_network_error_that_keeps_the_token(
    server: Server, bot: TelegramBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def reset(request: web.Request) -> web.StreamResponse:
        transport = request.transport
        assert transport is not None
        transport.abort()
        return web.Response()

    server.handler = reset
    with pytest.raises(NetworkError) as raised:
        await bot.call("sendMessage", {"chat_id": 7})
    nowhere = TelegramBot(
        TOKEN,
        base_url="http://127.0.0.1:9/bot",
        request=cast(AiohttpRequest, bot.request),
        get_updates_request=cast(AiohttpRequest, bot.request),
    )
    with pytest.raises(NetworkError) as refused:
        await nowhere.call("sendMessage", {"chat_id": 7})
    for text in (str(raised.value), str(refused.value), caplog.text):
        assert TOKEN not in text


async def test_many_calls_run_side_by_side(server: Server, bot: TelegramBot) -> None:
    waiting = 0
    together = asyncio.Event()

    async def meet(_request: web.Request) -> web.StreamResponse:
        nonlocal waiting
        waiting += 1
        if waiting == 100:
            together.set()
        await together.wait()
        return web.json_response({"ok": True, "result": True})

    server.handler = meet
    async with asyncio.timeout(30):
        assert await asyncio.gather(*(bot.call("getMe", {}, wait=30) for _ in range(100))) == [True] * 100
