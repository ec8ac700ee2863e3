"""Telegram's side of ``wence doctor``: the token, how updates come, and what the bot may do in the staff's group.

What talks to Telegram takes half of the doctor's time to import, and is only where there is a token.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.doctor.diagnosis import Diagnosis, error, fine, warning
from bot.settings import Settings

if TYPE_CHECKING:
    import telegram.error

    from bot.telegram.inbound import Json
    from bot.telegram.request import TelegramBot

WAITING = 100
"""Updates that wait to be fetched, from which on somebody should look."""
RECENT = 3600
"""Seconds for which a failure of the webhook is worth telling."""


async def token(settings: Settings) -> Sequence[Diagnosis]:
    """Is the token accepted?"""
    if settings.telegram_token is None:
        return [fine("没有填机器人的令牌，只开网页")]
    import telegram.error

    try:
        async with _calling(settings) as bot:
            me: Json = await bot.call("getMe", {})
    except telegram.error.InvalidToken:
        return [_not_accepted()]
    except telegram.error.TelegramError as failed:
        return [_unreachable(settings, failed)]
    return [fine(f"令牌是 @{me['username']} 的")]


async def updates(settings: Settings) -> Sequence[Diagnosis]:
    """Do updates come the way that the settings say?"""
    if settings.telegram_token is None:
        return [fine("没有机器人，不用收消息")]
    import telegram.error

    try:
        async with _calling(settings) as bot:
            info: Json = await bot.call("getWebhookInfo", {})
    except telegram.error.InvalidToken:
        return [_not_accepted()]
    except telegram.error.TelegramError as failed:
        return [_unreachable(settings, failed)]
    return [*_registered(settings.webhook_url, info), *_held_up(info)] or [
        fine("用轮询收消息" if settings.webhook_url is None else "webhook 已经登记，没有积压")
    ]


def _registered(wanted: str | None, info: Json) -> Sequence[Diagnosis]:
    there = str(info.get("url", ""))
    if there == (wanted or ""):
        return ()
    if wanted is None:
        todo = "要轮询就（重新）启动 wence serve，它会撤掉；要是这个令牌另有程序在用，给问策换一个机器人"
        return [warning(f"这个机器人的消息现在送去 {urlsplit(there).hostname}，轮询收不到", todo)]
    text = f"消息现在送去 {urlsplit(there).hostname}" if there else "webhook 还没有登记"
    return [warning(f"{text}，不是 WENCE_WEBHOOK_URL", "（重新）启动 wence serve，它会去登记")]


def _held_up(info: Json) -> Sequence[Diagnosis]:
    found: list[Diagnosis] = []
    if info.get("url") and time.time() - info.get("last_error_date", 0) < RECENT:
        text = f"Telegram 最近送不进来：{info.get('last_error_message', '没有说原因')}"
        found.append(error(text, "看代理有没有把这个路径转过来、证书对不对、wence serve 在不在运行"))
    if info.get("pending_update_count", 0) >= WAITING:
        text = f"有 {info['pending_update_count']} 条消息等着收"
        found.append(warning(text, "wence serve 没在运行就启动；在运行就看它的日志和“数据库”这一项"))
    return found


async def staff_group(settings: Settings) -> Sequence[Diagnosis]:
    """May the bot do in the staff's group what it has to?"""
    if settings.staff_chat_id is None:
        return [fine("没有设工作群，登记和转人工都在工作台上看")]
    if settings.telegram_token is None:
        return [warning("设了工作群，却没有机器人的令牌", "写上 WENCE_TELEGRAM_TOKEN，或者去掉 WENCE_STAFF_CHAT_ID")]
    import telegram.error

    from bot.telegram.staff_group import NOT_THERE, lacking

    try:
        async with _calling(settings) as bot:
            me: Json = await bot.call("getMe", {})
            chat: Json = await bot.call("getChat", {"chat_id": settings.staff_chat_id})
            member: Json = await bot.call("getChatMember", {"chat_id": chat["id"], "user_id": me["id"]})
    except telegram.error.InvalidToken:
        return [_not_accepted()]
    except telegram.error.ChatMigrated as moved:
        return [warning("工作群换了号", f"WENCE_STAFF_CHAT_ID 改成 {moved.new_chat_id}")]
    except (telegram.error.Forbidden, telegram.error.BadRequest):
        return [_split(NOT_THERE.format(settings.staff_chat_id))]
    except telegram.error.TelegramError as failed:
        return [_unreachable(settings, failed)]
    if member["status"] in ("left", "kicked"):
        return [_split(NOT_THERE.format(settings.staff_chat_id))]
    if problem := lacking(chat, member, me):
        return [error("机器人在工作群里的权限不够", problem)]
    kind = "有话题" if chat.get("is_forum") else "没有话题，用回复串"
    return [fine(f"机器人在工作群“{chat.get('title', settings.staff_chat_id)}”里，权限够（{kind}）")]


@asynccontextmanager
async def _calling(settings: Settings) -> AsyncGenerator[TelegramBot]:
    from bot.telegram.request import AiohttpRequest, TelegramBot

    written = settings.telegram_token
    request = AiohttpRequest(read=6)
    bot = TelegramBot(
        "" if written is None else written.get_secret_value(),
        base_url=f"{settings.telegram_base_url.rstrip('/')}/bot",
        request=request,
        get_updates_request=request,
    )
    await request.initialize()
    try:
        yield bot
    finally:
        await request.shutdown()


def _split(sentence: str) -> Diagnosis:
    text, _, todo = sentence.partition("：")
    return error(text, todo.rstrip("。"))


def _not_accepted() -> Diagnosis:
    return error("Telegram 不认这个令牌", "向 @BotFather 要来新的，写进 WENCE_TELEGRAM_TOKEN")


def _unreachable(settings: Settings, failed: telegram.error.TelegramError) -> Diagnosis:
    place = urlsplit(settings.telegram_base_url).netloc
    text = f"连不上 {place}（{type(failed).__name__}）"
    return error(
        text, f"从这台机器试：curl -sI {settings.telegram_base_url}；不通就找网络，或者用自己的 Bot API 服务器"
    )
