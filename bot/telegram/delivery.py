"""From the outbox to Telegram, in the lanes of ``bot.lanes``.

What Telegram refuses for the moment (429, 5xx, no answer) halts only its own chat and comes again; who has blocked the
bot is noted and is no error. Knows nothing of what is said.
"""

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime, timedelta

from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.channel import MakeFile
from bot.lanes import SWEEP, Ended, Lanes
from bot.telegram.inbound import Json
from bot.telegram.render import Call, as_kept, as_new
from bot.telegram.request import TelegramBot
from bot.telegram.topics import TopicCalls
from bot.telegram.traits import TELEGRAM
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound, Kind, Reply
from conversations.storage.faults import complain

log = logging.getLogger(__name__)


class Deliverer(Lanes):
    """Delivers the replies of this process, and those whose process is gone."""

    def __init__(self, service: Service, bot: TelegramBot, make_file: MakeFile | None = None) -> None:
        super().__init__(service, TELEGRAM.name)
        self._bot = bot
        self._make_file = make_file

    async def deliver(self, lane: deque[Outgoing]) -> Ended:
        """Show the first reply; one whose message the next one changes again is passed over."""
        outgoing = lane[0]
        edit = outgoing.reply.edit
        if len(lane) > 1 and edit is not None and lane[1].reply.edit == edit:
            return [(outgoing, edit, None)]
        return [(outgoing, await self._deliver(outgoing), None)]

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
                await self.pause(outgoing, pause if isinstance(pause, timedelta) else timedelta(seconds=pause))
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
                await self.back_off(outgoing, attempts, error)
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
                await self.pause(outgoing, timedelta(seconds=SWEEP))

    async def _send(self, call: Call, reply: Reply) -> Json:
        parameters = call.parameters
        if call.file is not None:
            if self._make_file is None:
                raise LookupError("nobody makes files here")
            content = await self._make_file(reply)
            parameters = parameters | {"document": InputFile(content, filename=call.file)}
        result: bool | Json = await self._bot.call(call.method, parameters)
        return {} if isinstance(result, bool) else result

    async def _leave(self, outgoing: Outgoing) -> None:
        """The person has blocked the bot, or the group has thrown it out: nothing goes to that chat any more."""
        log.info("The chat of reply %s is closed to the bot", outgoing.id)
        self.drop_rest(outgoing)
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
