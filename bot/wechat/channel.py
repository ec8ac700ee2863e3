"""WeChat customer service as a channel: callbacks in, each acknowledged once what it told of is kept; replies out.

Decides nothing about what a message means.
"""

import asyncio
import logging
import secrets
import string
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channel import ChannelError, MakeFile, ServedChannel
from bot.web.security import body_within
from bot.wechat.api import UnreachableError, WeChatApi, WeChatError
from bot.wechat.card import sources_card
from bot.wechat.delivery import WeChatDeliverer
from bot.wechat.envelope import Envelope, ForgedError, fields
from bot.wechat.intake import Intake
from bot.wechat.pull import Puller
from bot.wechat.sessions import Sessions
from bot.wechat.traits import WECHAT
from conversations.service import Outgoing, Service
from conversations.storage import channel_notes
from conversations.storage.faults import complain

log = logging.getLogger(__name__)

PATH = "/wechat"
LARGEST_CALLBACK = 100_000
PATIENCE = 4.0
"""Seconds that a callback may wait for what it tells of to be kept: after five it comes again."""
LOOK = 120.0
"""Seconds between two looks for what no callback has told of; without one they have to be seldom."""
DRAIN = 5.0
"""Seconds that replies under way are given at the end."""
_SIGNS = string.ascii_lowercase + string.digits
_SALT, _SINCE = f"{channel_notes.OF_THIS_DATABASE}salt", "since"
"""Notes: what tells our messages from those of another database of the account; when this one was first in service."""


class WeChatSettings(BaseModel):
    """What the office has set up in 企业微信, by the names that it has there; ``public_url`` is where its pages are."""

    model_config = ConfigDict(frozen=True)

    corp_id: str
    secret: str
    kf: str
    token: str
    aes_key: str
    base_url: str
    public_url: str | None = None


class WeChat(ServedChannel):
    """The channel, an asynchronous context manager: in it replies are delivered; ``run`` looks after the rest."""

    traits = WECHAT

    def __init__(self, service: Service, settings: WeChatSettings, make_file: MakeFile) -> None:
        self._service = service
        self._settings = settings
        self._make_file = make_file
        self._envelope = Envelope(settings.token, settings.aes_key, settings.corp_id)
        self._api = WeChatApi(settings.base_url, settings.corp_id, settings.secret, service.store)
        self._sessions = Sessions(service, self._api, settings.kf)
        self._accepted = False

    async def __aenter__(self) -> Self:
        salt, since = await self._begun()
        kf, public = self._settings.kf, self._settings.public_url
        sources = None if public is None else sources_card(self._service.shelf.policy, public)
        self._deliverer = WeChatDeliverer(self._service, self._api, self._sessions, kf, salt, self._make_file, sources)
        self._intake = Intake(self._service, self._api, self._sessions, self._deliverer, salt, since)
        self._puller = Puller(self._service, self._api, kf, self._intake.take)
        await self._api.__aenter__()
        await self._deliverer.recover()
        self._service.deliver_by(self.traits.name, self.deliver)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._puller.end()
        await self._service.idle()
        await self._deliverer.drain(DRAIN)
        await self._service.idle()
        await self._api.__aexit__(kind, error, trace)

    def deliver(self, outgoings: Sequence[Outgoing]) -> None:
        """Take replies over for delivery."""
        self._deliverer.put(outgoings)

    @property
    def routes(self) -> Sequence[Route]:
        """Where 企业微信 calls back."""
        return [Route(PATH, self._prove), Route(PATH, self._called, methods=["POST"])]

    async def run(self) -> None:
        """Look after the outbox, and (one process of several) for what no callback has told of, for ever.

        Raises ``ChannelError`` where 企业微信 does not accept the settings.
        """
        watching = asyncio.create_task(self._deliverer.run())
        try:
            await self._service.leadership.lead(self._look)
        finally:
            watching.cancel()
            await asyncio.wait([watching])  # it may be in the middle of a commit

    async def _prove(self, request: Request) -> Response:
        """The address is saved in 企业微信: show that the key is ours."""
        try:
            return PlainTextResponse(self._envelope.open(request.query_params, request.query_params.get("echostr", "")))
        except ForgedError as error:
            log.warning("The address could not be proved: %s", error)
            return PlainTextResponse("forged", 403)

    async def _called(self, request: Request) -> Response:
        """Something has come. 200 once it is kept; 503 brings the callback again, which shares the next look."""
        body = await body_within(request, LARGEST_CALLBACK)
        if body is None:
            return PlainTextResponse("too large", 413)
        try:
            event = fields(self._envelope.open(request.query_params, fields(body).get("Encrypt", "")))
        except ForgedError as error:
            log.warning("A callback is none: %s", error)
            return PlainTextResponse("forged", 403)
        ours = event.get("OpenKfId", self._settings.kf) == self._settings.kf
        if event.get("Event") != "kf_msg_or_event" or not ours:
            return PlainTextResponse("")
        try:
            async with asyncio.timeout(PATIENCE):
                await self._puller.pull(event.get("Token", ""))
        except TimeoutError:
            log.warning("What a callback told of takes long; it goes on, and is looked at once more")
            return PlainTextResponse("not kept yet", 503)
        except Exception as error:
            complain(log, "What a callback told of could not be kept; it will come again", error)
            return PlainTextResponse("not kept", 503)
        return PlainTextResponse("")

    async def _look(self) -> None:
        """Look at the start, and then now and again. Raises ``ChannelError`` where the settings never let us through.

        Whatever else is refused somebody has yet to set up there, for which the callback's address has to answer first.
        """
        while True:
            await self._service.leadership.confirmed()
            try:
                await self._puller.pull()
                self._accepted = True
                log.info("WeChat's messages are fetched up to now")
            except WeChatError as error:
                if error.of_settings and not self._accepted:
                    raise ChannelError(f"企业微信 does not accept WENCE_WECHAT_…: {error}") from None
                log.log(
                    logging.ERROR if error.standing else logging.WARNING, "企业微信 gives no messages now: %s", error
                )
            except UnreachableError as error:
                log.warning("企业微信 could not be asked for messages: %s", error)
            await asyncio.sleep(LOOK)

    async def _begun(self) -> tuple[str, datetime]:
        """What this database's messages are called by, and since when it is in service; noted where it is not yet."""
        async with self._service.store.transaction() as work:
            await work.lock({f"{WECHAT.name} begun"})
            kept = await channel_notes.read(work.connection, WECHAT.name, [_SALT, _SINCE])
            told = {
                _SALT: "".join(secrets.choice(_SIGNS) for _ in range(6)),
                _SINCE: datetime.now(UTC).replace(microsecond=0).isoformat(),
            } | kept
            for key in told.keys() - kept.keys():
                await channel_notes.write(work, WECHAT.name, key, told[key])
        return told[_SALT], datetime.fromisoformat(told[_SINCE])
