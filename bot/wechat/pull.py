"""How messages are fetched: a callback says that there are some, ``sync_msg`` gives them, page after page.

The cursor moves once a page is taken in and committed, so that whatever happens a page comes again rather than is lost.
One call at a time; who asks meanwhile shares the next one. Knows no message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.wechat.api import NO_SUCH_TOKEN, TOO_MANY, Json, WeChatApi, WeChatError
from bot.wechat.traits import WECHAT
from conversations.service import Service
from conversations.storage import channel_notes

log = logging.getLogger(__name__)

PAGE = 1000
"""The most entries of a page, which is the interface's limit."""
TRIES, PAUSE = 8, 0.25
"""How often a call is made anew where there are too many at once, and the seconds before the first time."""


class Puller:
    """Fetches for the customer service ``kf`` and hands each page to ``take``, which raises what passes."""

    def __init__(
        self, service: Service, api: WeChatApi, kf: str, take: Callable[[Sequence[Json]], Awaitable[None]]
    ) -> None:
        self._service = service
        self._api = api
        self._kf = kf
        self._take = take
        self._pulling = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        self._token = ""

    async def pull(self, token: str = "") -> None:
        """Fetch all that there is by now; ``token`` is the callback's, without which it may be asked for seldom.

        Raises what ``WeChatApi.call`` raises, SQLAlchemy's errors, and what ``take`` raises.
        """
        self._token = token or self._token
        if self._next is None:
            self._next = asyncio.create_task(self._pull())
        await asyncio.shield(self._next)

    async def end(self) -> None:
        """Wait for what is under way."""
        async with self._pulling:
            pass

    async def _pull(self) -> None:
        async with self._pulling:
            self._next, token, self._token = None, self._token, ""
            cursor = await self._cursor()
            more = True
            while more:
                answer = await self._page(cursor, token)
                await self._take(answer.get("msg_list") or ())
                cursor = await self._move(cursor, str(answer.get("next_cursor") or ""))
                more = answer.get("has_more") == 1

    async def _page(self, cursor: str, token: str) -> Json:
        asked: dict[str, object] = {"open_kfid": self._kf, "limit": PAGE, "cursor": cursor, "token": token}
        pause = PAUSE
        for left in reversed(range(TRIES)):
            try:
                return await self._api.call("kf/sync_msg", {name: value for name, value in asked.items() if value})
            except WeChatError as error:
                if error.code == NO_SUCH_TOKEN and asked["token"]:
                    asked["token"] = ""  # it came late
                elif error.code == TOO_MANY and left:
                    await asyncio.sleep(pause)
                    pause *= 2
                elif asked["cursor"] and not error.passing and not error.standing:
                    log.warning("From where we have read is not known any more, so we begin three days ago: %s", error)
                    asked["cursor"] = ""  # what comes again counts once
                else:
                    raise
        raise AssertionError

    async def _cursor(self) -> str:
        async with self._service.store.glance() as connection:
            return (await channel_notes.read(connection, WECHAT.name, [self._note])).get(self._note, "")

    async def _move(self, cursor: str, to: str) -> str:
        if to and to != cursor:
            async with self._service.store.transaction() as work:
                await channel_notes.write(work, WECHAT.name, self._note, to)
        return to or cursor

    @property
    def _note(self) -> str:
        return f"cursor:{self._kf}"
