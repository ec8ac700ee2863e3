"""From the outbox to the people: one lane a chat, in order, each reply until it has arrived or cannot.

What Telegram refuses for the moment (429, 5xx, no answer) halts only its own chat and comes again; who has blocked the
bot is noted and is no error. Knows nothing of what is said.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime, timedelta

from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.channel import MakeFile
from bot.telegram.inbound import Json
from bot.telegram.render import Call, as_kept, as_new
from bot.telegram.request import TelegramBot
from bot.telegram.topics import TopicCalls
from bot.telegram.traits import TELEGRAM
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound, Kind, Reply
from conversations.storage.faults import complain, passing
from conversations.storage.store import LEASE

log = logging.getLogger(__name__)

SWEEP = 1.0
"""Seconds between two looks for replies that another process has left behind."""
LONGEST_SWEEP = 8.0
"""The most seconds between two, where the database does not answer."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 300.0
"""Seconds to wait after the first failure, doubled with each further one, and the most."""


class Deliverer:
    """Delivers the replies of this process, and those whose process is gone."""

    def __init__(self, service: Service, bot: TelegramBot, make_file: MakeFile | None = None) -> None:
        self._service = service
        self._bot = bot
        self._make_file = make_file
        self._lanes: dict[str, deque[Outgoing]] = {}
        self._known: set[int] = set()
        """Replies in a lane, or delivered with the note of it not yet written."""
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, outgoings: Iterable[Outgoing]) -> None:
        """Take replies over for delivery, in this order within each chat."""
        for outgoing in outgoings:
            if outgoing.id in self._known:
                continue
            self._known.add(outgoing.id)
            lane = self._lanes.get(outgoing.chat)
            if lane is not None:
                lane.append(outgoing)
            else:
                self._lanes[outgoing.chat] = lane = deque([outgoing])
                self._start(self._run_lane(outgoing.chat, lane))

    async def recover(self) -> None:
        """Take up what was left undelivered when this process ended last; before the first new reply."""
        self.put(await self._service.pending(TELEGRAM.name, own=True))

    async def run(self) -> None:
        """Look for ever after replies that other processes leave behind, and let them know that ours are not."""
        clock = asyncio.get_running_loop().time
        renewed = clock()
        wait = SWEEP
        while True:
            await asyncio.sleep(wait)
            try:
                if self._known and clock() - renewed > LEASE.total_seconds() / 3:
                    await self._service.renew(self._known)
                    renewed = clock()
                self.put(await self._service.pending(TELEGRAM.name))
                wait = SWEEP
            except Exception as error:
                complain(log, "The outbox could not be read", error)
                wait = min(2 * wait, LONGEST_SWEEP)

    async def drain(self, seconds: float) -> None:
        """Let what is under way arrive, for so long at most; the rest waits in the outbox."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while self._tasks and (left := end - clock()) > 0:  # what ends may start a note of how it ended
            await asyncio.wait(self._tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, chat: str, lane: deque[Outgoing]) -> None:
        while lane:
            outgoing = lane[0]
            edit = outgoing.reply.edit
            if len(lane) > 1 and edit is not None and lane[1].reply.edit == edit:
                message: str | None = edit  # the next one changes the same message again
            else:
                message = await self._deliver(outgoing)
            lane.popleft()
            self._start(self._settle(outgoing, message))
        del self._lanes[chat]

    async def _settle(self, outgoing: Outgoing, message: str | None) -> None:
        """Note what became of a reply, however long that takes: one that is not noted would go out again."""
        wait = SWEEP
        while True:
            try:
                if message is None:
                    await self._service.failed(outgoing.id, None)
                else:
                    await self._service.delivered(outgoing.id, message)
                break
            except Exception as error:
                complain(log, f"Reply {outgoing.id} is settled, which could not be noted", error)
                if not passing(error):
                    break
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_SWEEP)
        self._known.discard(outgoing.id)

    async def _deliver(self, outgoing: Outgoing) -> str | None:
        """Show a reply, however long that takes; returns its message's id, None where it cannot be shown."""
        if outgoing.retry_at is not None:  # a predecessor was told to wait
            await asyncio.sleep((outgoing.retry_at - datetime.now(UTC)).total_seconds())
        topic = TopicCalls(self._service, outgoing)
        left = await self._calls(topic, outgoing)
        message = outgoing.reply.edit or ""
        attempts = outgoing.attempts
        while left:
            try:
                sent = await self._send(left[0], outgoing.reply)
                message = await topic.settle(left.popleft(), sent, left) or message
            except RetryAfter as error:
                pause = error.retry_after
                await self._pause(outgoing, pause if isinstance(pause, timedelta) else timedelta(seconds=pause))
            except Forbidden:
                await self._leave(outgoing)
                return None
            except ChatMigrated as error:  # the group has another id now
                await topic.move(error.new_chat_id, left)
            except BadRequest as error:
                refused = str(error).lower()
                if _needless(refused, left) or topic.refused(refused, left):
                    continue
                if "chat not found" in refused or "user is deactivated" in refused:
                    await self._leave(outgoing)
                    return None
                if not _otherwise(refused, left, outgoing.reply):
                    log.error("Telegram refuses reply %s (%s): %s", outgoing.id, left[0].method, error)
                    return None
            except (NetworkError, InvalidToken) as error:
                attempts += 1
                pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
                log.warning("Reply %s comes again in %.1f s: %s", outgoing.id, pause, error)
                await self._pause(outgoing, timedelta(seconds=pause))
            except Exception as error:
                complain(log, f"Reply {outgoing.id} cannot be shown", error)
                return None
        return message

    async def _calls(self, topic: TopicCalls, outgoing: Outgoing) -> deque[Call]:
        while True:
            try:
                return await topic.calls()
            except Exception as error:
                complain(log, f"Reply {outgoing.id} waits for its place", error)
                await self._pause(outgoing, timedelta(seconds=SWEEP))

    async def _send(self, call: Call, reply: Reply) -> Json:
        parameters = call.parameters
        if call.file is not None:
            if self._make_file is None:
                raise LookupError("nobody makes files here")
            content = await self._make_file(reply)
            parameters = parameters | {"document": InputFile(content, filename=call.file)}
        result: bool | Json = await self._bot.call(call.method, parameters)
        return {} if isinstance(result, bool) else result

    async def _pause(self, outgoing: Outgoing, pause: timedelta) -> None:
        try:
            await self._service.failed(outgoing.id, datetime.now(UTC) + pause)
        except Exception as error:
            complain(log, f"The failure of reply {outgoing.id} could not be noted", error)
        await asyncio.sleep(pause.total_seconds())

    async def _leave(self, outgoing: Outgoing) -> None:
        """The person has blocked the bot, or the group has thrown it out: nothing goes to that chat any more."""
        log.info("The chat of reply %s is closed to the bot", outgoing.id)
        lane = self._lanes[outgoing.chat]
        while len(lane) > 1:
            self._known.discard(lane.pop().id)
        refused = Inbound(
            id=f"refused:{outgoing.id}",
            channel=TELEGRAM.name,
            person=outgoing.person,
            chat=outgoing.chat,
            kind=Kind.LEFT,
            at=datetime.now(UTC),
            group=outgoing.chat.startswith("-"),
        )
        try:
            await self._service.handle(refused)
        except Exception as error:
            complain(log, f"That the chat of reply {outgoing.id} is closed could not be noted", error)


def _needless(refused: str, left: deque[Call]) -> bool:
    """Pass over a call that would change nothing; False where it was ``refused`` for something else."""
    if "message is not modified" not in refused:
        return False
    left.popleft()
    return True


def _otherwise(refused: str, left: deque[Call], reply: Reply) -> bool:
    """Do what comes nearest to changing or deleting a message that cannot be; False where it was something else."""
    call = left[0]
    if "message can't be deleted" in refused and (kept := as_kept(call, reply.text)):
        left[0] = kept
    elif "message to delete not found" in refused or (reply.remove and call.method == "editMessageText"):
        left.popleft()
    elif "message to edit not found" in refused or "message can't be edited" in refused:
        again = as_new(call)
        left.popleft()
        if again is not None:
            left.appendleft(again)
    else:
        return False
    return True
