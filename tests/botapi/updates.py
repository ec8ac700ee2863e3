"""The queue of updates and its two ways out: long polling with an offset, and a webhook with retries.

An update leaves the queue only when it is confirmed: by a higher offset, or by a 2xx from the webhook.
"""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import aiohttp

from tests.botapi.wire import ApiError, Json, bad

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?/")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0


@dataclass
class Entry:
    """An update on its way; ``again`` is how often it comes back although it was confirmed."""

    update: Json
    chat: int
    again: int = 0


@dataclass
class Webhook:
    """Where updates are delivered."""

    url: str
    secret: str
    connections: int
    error: tuple[int, str] | None = None


class Updates:
    """The updates that the bot has not confirmed yet."""

    def __init__(self) -> None:
        self._pending: dict[int, Entry] = {}
        self.webhook: Webhook | None = None
        self.allowed: frozenset[str] = frozenset()
        self.duplicates = 0
        """How many of the next updates are delivered twice."""
        self.on_reply: Callable[[Json], Awaitable[None]] | None = None
        """Takes a method call that the bot puts into its answer to the webhook."""
        self._last_id = 100_000_000
        self._held: list[Entry] | None = None
        self._poll: asyncio.Future[None] | None = None
        self._lanes: dict[int, deque[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(1)

    @property
    def pending(self) -> list[Json]:
        """The updates that are not confirmed, in the order of their delivery."""
        return [entry.update for entry in self._pending.values()]

    def waiting(self, chat: int) -> bool:
        """Whether there is an update about that chat which is not confirmed."""
        return any(entry.chat == chat for entry in self._pending.values())

    def push(self, kind: str, body: Json, chat: int) -> Json | None:
        """Queues an update; None where the bot has not asked for that kind."""
        if kind not in self.allowed if self.allowed else kind in _NOT_BY_DEFAULT:
            return None
        self._last_id += 1
        entry = Entry({"update_id": self._last_id, kind: body}, chat, again=int(self.duplicates > 0))
        self.duplicates = max(0, self.duplicates - 1)
        if self._held is not None:
            self._held.append(entry)
        else:
            self._add(entry)
        return entry.update

    def repeat(self, update: Json, chat: int) -> None:
        """Delivers an update once more, whatever offset was confirmed."""
        self._add(Entry(update, chat, again=1))

    @contextmanager
    def reversed(self) -> Generator[None]:
        """Holds the updates of the block back and delivers the last one first."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for entry in reversed(held):
                self._add(entry)

    def _add(self, entry: Entry) -> None:
        self._pending[id(entry)] = entry
        if self.webhook is not None:
            self._enlist(entry)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    # -- polling

    async def poll(self, offset: int, limit: int, patience: float) -> list[Json]:
        """Updates from ``offset`` on, waiting for ``patience`` seconds where there is none. A second poll ends the first."""
        if self.webhook is not None:
            raise ApiError(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            )
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(
                ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            )
        self._confirm(self.pending[offset]["update_id"] if -len(self._pending) <= offset < 0 else offset)
        if not self._pending and patience > 0:
            self._poll = asyncio.get_running_loop().create_future()
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._poll
        return self.pending[: max(1, min(limit, 100))]

    def _confirm(self, offset: int) -> None:
        for key, entry in list(self._pending.items()):
            if entry.update["update_id"] < offset:
                if entry.again:
                    entry.again -= 1
                else:
                    del self._pending[key]

    # -- webhook

    def set_webhook(self, url: str, secret: str, connections: int, *, drop: bool) -> None:
        """Delivers from now on to ``url``: https, or http on loopback (Telegram itself insists on https)."""
        if not url.startswith("https://") and not _LOOPBACK.match(url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        self.remove_webhook(drop=drop)
        self.webhook = Webhook(url, secret, connections)
        self._slots = asyncio.Semaphore(connections)
        for entry in self._pending.values():
            self._enlist(entry)

    def remove_webhook(self, *, drop: bool) -> None:
        """Ends deliveries; what is not confirmed stays for polling unless ``drop``."""
        self.webhook = None
        for task in self._tasks:
            task.cancel()
        self._lanes.clear()
        if drop:
            self._pending.clear()

    async def close(self) -> None:
        """Ends deliveries and their connections."""
        self.remove_webhook(drop=False)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _enlist(self, entry: Entry) -> None:
        lane = self._lanes.get(entry.chat)
        if lane is not None:
            lane.append(entry)
            return
        self._lanes[entry.chat] = lane = deque([entry])
        task = asyncio.create_task(self._deliver(entry.chat, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, chat: int, lane: deque[Entry]) -> None:
        """One chat's updates, one after the other, each until it is confirmed."""
        pause = _FIRST_PAUSE
        while lane:
            webhook = self.webhook
            if webhook is None:
                return
            async with self._slots:
                failure = await self._post(webhook, lane[0].update)
            if failure is not None:
                webhook.error = (int(time.time()), failure)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            if lane[0].again:
                lane[0].again -= 1
                continue
            self._pending.pop(id(lane.popleft()), None)
        if self._lanes.get(chat) is lane:
            del self._lanes[chat]

    async def _post(self, webhook: Webhook, update: Json) -> str | None:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        body = json.dumps(update, ensure_ascii=False).encode()
        try:
            async with self._session.post(webhook.url, data=body, headers=headers, timeout=_TIMEOUT) as answer:
                if not 200 <= answer.status < 300:
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}"
                reply = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return f"Connection failed: {type(error).__name__}"
        if self.on_reply is not None and b'"method"' in reply:
            await self.on_reply(json.loads(reply))
        return None


_TIMEOUT = aiohttp.ClientTimeout(total=60)
