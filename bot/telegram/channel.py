"""Telegram as a channel: takes updates in, by webhook or by polling, and acknowledges each only once it is kept.

The library's own webhook server and updater acknowledge an update before it is handled, hence the route and the loop
of our own. Decides nothing about what an update means.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeGuard
from urllib.parse import urlsplit

import telegram.error
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channel import ChannelError, MakeFile, ServedChannel
from bot.telegram.delivery import Deliverer
from bot.telegram.inbound import UPDATES, Json, Reader
from bot.telegram.request import AiohttpRequest, TelegramBot
from bot.telegram.staff_group import check_staff_group
from bot.telegram.traits import TELEGRAM
from conversations.service import Outgoing, Service
from conversations.state.messages import Kind
from conversations.storage.faults import complain, passing
from rules.raw import is_list, is_object

log = logging.getLogger(__name__)

POLL = 50
"""Seconds that a poll waits for updates."""
_ANSWER = "answerCallbackQuery"
_SECRET_HEADER = b"x-telegram-bot-api-secret-token"
LARGEST_UPDATE = 1_000_000
DRAIN = 5.0
"""Seconds that replies under way are given at the end."""
CONNECTIONS = 100
"""Updates that Telegram may hand in side by side by webhook."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before Telegram is asked again after the first failure, doubled with each further one, and the most."""
MENU = {
    "start": "开始，或接着上次的问",
    "result": "看目前的结果",
    "materials": "要准备的材料",
    "notes": "结果的依据和要留意的",
    "edit": "修改回答",
    "back": "上一步",
    "why": "为什么问这个",
    "new": "重新开始",
    "policy": "这是哪份文件",
    "person": "转人工",
    "lead": "登记，请工作人员联系我",
    "mine": "我的登记",
    "cases": "我的咨询，换一家企业",
    "mydata": "取走我的资料",
    "forget": "删除我的资料",
    "privacy": "隐私说明",
    "help": "怎么用",
}
"""The commands that Telegram shows as the bot's menu."""
STAFF_MENU = {
    "staff": "常用的几样（按钮）",
    "draft": "起草答复：后面加上客户的话",
    "leads": "登记",
    "unanswered": "没答上的问题",
    "stats": "统计",
}
"""Those of staff, before which a member of staff who is alone with the bot has ``OWN_USE``."""
OWN_USE = ("start", "result", "new", "policy", "help")


class TelegramError(ChannelError):
    """Telegram does not accept the settings; no use in trying again."""


class Telegram(ServedChannel):
    """The channel, an asynchronous context manager: in it replies are delivered; ``run`` takes updates in.

    ``webhook`` is the public URL to be handed updates at, and the secret that proves that they are Telegram's; without
    it updates are polled. ``staff`` are the user ids of the helpdesk. ``elsewhere`` is where people can go who do not
    want their messages to leave the country.
    """

    traits = TELEGRAM

    def __init__(
        self,
        service: Service,
        token: str,
        base_url: str,
        *,
        webhook: tuple[str, str] | None = None,
        staff: frozenset[int] = frozenset(),
        make_file: MakeFile | None = None,
        elsewhere: str = "",
    ) -> None:
        self._service = service
        self._webhook = webhook
        self._staff = staff
        self._elsewhere = elsewhere
        self._request = AiohttpRequest()
        self._bot = TelegramBot(
            token, base_url=f"{base_url.rstrip('/')}/bot", request=self._request, get_updates_request=self._request
        )
        self._deliverer = Deliverer(service, self._bot, make_file)
        self._reader: asyncio.Future[Reader] = asyncio.get_running_loop().create_future()
        self._answers: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._request.initialize()
        await self._deliverer.recover()  # first: the web serves already, and replies for here may be made there
        self._service.deliver_by(self.traits.name, self.deliver)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._service.idle()
        await self._deliverer.drain(DRAIN)
        await self._service.idle()
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._request.shutdown()

    def deliver(self, outgoings: Sequence[Outgoing]) -> None:
        """Take replies over for delivery."""
        self._deliverer.put(outgoings)

    def before(self, app: ASGIApp) -> ASGIApp:
        """``app`` with the webhook before it, where there is one: at the path of its public URL.

        Before the application rather than in it, since nothing that pages need shall hold up an update.
        """
        if self._webhook is None:
            return app
        url, secret = self._webhook
        path = urlsplit(url).path or "/"

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != path:
                await app(scope, receive, send)
                return
            status, content = await self._receive(dict(scope["headers"]).get(_SECRET_HEADER, b""), secret, receive)
            kind = b"application/json" if content[:1] == b"{" else b"text/plain"
            headers = [(b"content-length", b"%d" % len(content)), (b"content-type", kind)]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": content})

        return front

    async def run(self) -> None:
        """Register with Telegram, then take updates in and look after the outbox, for ever; of several processes one polls.

        Raises ``TelegramError`` where token or webhook are not accepted.
        """
        watching = asyncio.create_task(self._deliverer.run())
        try:
            await self._register()
            await (self._service.leadership.lead(self._poll) if self._webhook is None else watching)
        finally:
            watching.cancel()
            await asyncio.wait([watching])  # it may be in the middle of a commit

    async def take(self, update: Json) -> str | None:
        """Take one update in; returns once its whole effect is kept, or it is set aside for good.

        What it returns is the press that now is to be answered, None where it was none. Raises what passes: then the
        update has to come again.
        """
        try:
            return await self._take(update)
        except Exception as error:
            if passing(error):
                raise
            # It will be no better the next time, so it counts as taken.
            await self._set_aside(update, error)
            return None

    async def _take(self, update: Json) -> str | None:
        reader = await asyncio.shield(self._reader)
        message: Json = update.get("message") or {}
        if (gone := message.get("migrate_to_chat_id")) is not None:
            await self._service.moved(str(message["chat"]["id"]), str(gone))
        inbound = reader.read(update, datetime.now(UTC))
        if inbound is None:
            return None
        replies = await self._service.handle(inbound)
        if replies and inbound.staff and inbound.text == "/start":  # only now there is a chat for it
            self._aside(self._show_staff_menus([update["message"]["from"]["id"]]))
        # a repeated press is answered already
        return update["callback_query"]["id"] if replies and inbound.kind is Kind.CHOICE else None

    def _aside(self, work: Coroutine[None, None, None]) -> None:
        """Have ``work`` done while updates are taken."""
        task = asyncio.create_task(work)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _set_aside(self, update: object, error: Exception) -> None:
        """Keep an update that cannot be dealt with; where not even that can be done, it is gone. Raises what passes."""
        try:
            await self._service.set_aside(TELEGRAM.name, update, error)
        except Exception as another:
            if passing(another):
                raise
            complain(log, "An update could not be set aside either", another)

    async def _answer(self, query: str) -> None:
        """Stop the waiting sign on the button that was pressed; if it fails, the sign ends by itself."""
        try:
            await self._bot.call(_ANSWER, {"callback_query_id": query})
        except telegram.error.TelegramError as error:
            log.info("A pressed button was not answered: %s", error)

    async def _receive(self, given: bytes, secret: str, receive: Receive) -> tuple[int, bytes]:
        """The webhook: 200 once the update is kept; 403, 413, 400 for what is not Telegram's; 503 brings it again.

        A press is answered along with it, which saves a call of its own.
        """
        if not hmac.compare_digest(given, secret.encode()):
            return 403, b"wrong secret"
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > LARGEST_UPDATE:
                return 413, b"too large"
        try:
            update: object = json.loads(body)
        except ValueError:
            return 400, b"not JSON"
        if not _is_update(update):
            return 400, b"not an update"
        try:
            pressed = await self.take(update)
        except Exception as error:
            complain(log, "An update could not be kept; Telegram will send it again", error)
            return 503, b"not kept"
        return 200, b"" if pressed is None else json.dumps({"method": _ANSWER, "callback_query_id": pressed}).encode()

    async def _register(self) -> None:
        me = await self._insist("getMe")
        reader = Reader(me["id"], me["username"], self._staff, self._staff_chat, self._elsewhere)
        self._reader.set_result(reader)
        if self._webhook is not None:
            url, secret = self._webhook
            await self._insist(
                "setWebhook",
                url=url,
                secret_token=secret,
                allowed_updates=list(UPDATES),
                max_connections=CONNECTIONS,
            )
        else:
            await self._insist("deleteWebhook")
        await self._insist("setMyCommands", commands=_menu(MENU))
        self._aside(self._show_staff_menus(sorted(self._staff)))
        await check_staff_group(self._bot, self._service, me)
        log.info("@%s takes messages by %s", me["username"], "webhook" if self._webhook else "polling")

    async def _show_staff_menus(self, staff: Sequence[int]) -> None:
        """``staff`` have a menu of their own, alone with the bot and in their chat, as far as they have begun there."""
        alone = STAFF_MENU | {command: MENU[command] for command in OWN_USE}
        chat = self._staff_chat()
        for person in staff:
            scopes: list[tuple[dict[str, str], dict[str, object]]] = [(alone, {"type": "chat", "chat_id": person})]
            if chat is not None:
                scopes.append((STAFF_MENU, {"type": "chat_member", "chat_id": int(chat), "user_id": person}))
            for menu, scope in scopes:
                try:
                    await self._bot.call("setMyCommands", {"commands": _menu(menu), "scope": scope})
                except telegram.error.TelegramError as error:  # such a chat is not there, or not yet
                    log.info("Staff member %d has no menu of their own in a %s: %s", person, scope["type"], error)

    def _staff_chat(self) -> str | None:
        return self._service.office.staff_chat_on(self.traits.name)

    async def _insist(self, method: str, **parameters: object) -> Any:
        """Call ``method`` until Telegram answers. Raises ``TelegramError`` where the answer is no."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._bot.call(method, parameters)
            except telegram.error.InvalidToken:
                raise TelegramError(
                    f"{method}: the token is not accepted (WENCE_TELEGRAM_TOKEN, WENCE_TELEGRAM_BASE_URL)"
                ) from None
            except telegram.error.BadRequest as error:
                raise TelegramError(f"{method}: {error}") from None
            except telegram.error.TelegramError as error:
                pause = await self._wait(pause, error)

    async def _poll(self) -> None:
        """Ask for updates for ever; the offset, which confirms them, moves behind what is kept and no further."""
        offset: int | None = None
        pause = FIRST_PAUSE
        while True:
            await self._service.leadership.confirmed()
            try:
                answer: object = await self._bot.call(
                    "getUpdates",
                    {"offset": offset, "timeout": POLL, "allowed_updates": list(UPDATES)},
                    wait=POLL + 10,
                )
            except telegram.error.TelegramError as error:
                pause = await self._wait(pause, error)
                continue
            offset, failed = await self._take_all(answer if is_list(answer) else (answer,))
            pause = FIRST_PAUSE if failed is None else await self._wait(pause, failed)

    async def _take_all(self, updates: Sequence[object]) -> tuple[int | None, BaseException | None]:
        """Take updates in; returns the offset behind what is done with, and the first failure that will pass.

        After an empty answer all is confirmed. Ids may begin anew, lower, after a week without updates.
        """
        known = [update for update in updates if _is_update(update)]
        results = await asyncio.gather(*(self._take_polled(update) for update in known), return_exceptions=True)
        offset: int | None = None
        for update, result in zip(known, results, strict=True):
            if isinstance(result, BaseException):
                complain(log, f"Update {update['update_id']} could not be kept; it comes again", result)
                return update["update_id"], result
            offset = update["update_id"] + 1
        if len(known) < len(updates):
            strange = TypeError("an update without an id")
            for update in updates:
                if not _is_update(update):
                    await self._set_aside(update, strange)
            return offset, strange  # such a one cannot be confirmed: no haste
        return offset, None

    async def _take_polled(self, update: Json) -> None:
        if (pressed := await self.take(update)) is not None:
            self._aside(self._answer(pressed))

    async def _wait(self, pause: float, error: BaseException) -> float:
        """Wait before the next try, as long as Telegram asks for, or ``pause``; returns the pause after that."""
        if isinstance(error, telegram.error.RetryAfter):
            asked = error.retry_after
            pause = asked.total_seconds() if isinstance(asked, timedelta) else asked
        log.warning("Trying again in %.0f s: %s", pause, error)
        await asyncio.sleep(pause)
        return min(2 * pause, LONGEST_PAUSE)


def _menu(commands: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"command": command, "description": description} for command, description in commands.items()]


def _is_update(update: object) -> TypeGuard[Json]:
    return is_object(update) and isinstance(update.get("update_id"), int)
