"""Which topic of the staff's group a reply goes to: opened where there is none, or none any more.

A group without topics, or one where the bot may not open any, gets a thread of replies instead. Knows nothing of what
is said, and nothing of retries.
"""

import logging
from collections import deque

from bot.telegram.inbound import Json
from bot.telegram.render import Call, as_told, calls
from conversations.office.handover_topics import Place
from conversations.service import Outgoing, Service

log = logging.getLogger(__name__)

_OPEN = "createForumTopic"
_GONE = ("message thread not found", "topic_deleted", "topic_closed")


class TopicCalls:
    """One reply on its way to its place; without a topic of its own it goes where it says."""

    def __init__(self, service: Service, outgoing: Outgoing) -> None:
        self._service = service
        self._outgoing = outgoing
        self._topic = outgoing.reply.topic
        self._chat = outgoing.chat
        self._rooted = True
        """Whether there is nothing to remember of the message that comes next."""

    async def calls(self) -> deque[Call]:
        """What to call. Raises the database's errors."""
        outgoing = self._outgoing
        group = outgoing.chat.startswith("-")
        if self._topic is None:
            return deque(calls(outgoing.reply, outgoing.chat, outgoing.thread, group=group))
        place = await self._service.place(outgoing.chat, self._topic)
        if place is None:
            return deque([self._opening(), *calls(outgoing.reply, outgoing.chat, None, group=group)])
        return deque(calls(outgoing.reply, outgoing.chat, place.thread, group=group, answering=place.root))

    async def settle(self, call: Call, result: Json, left: deque[Call]) -> str | None:
        """Take in what ``call`` came to; returns the id of the message that it made, if it made one."""
        if call.method == _OPEN:
            thread = str(result["message_thread_id"])
            for each in left:
                each.parameters["message_thread_id"] = int(thread)
            await self._remember(Place(thread=thread))
            return None
        message = str(result["message_id"]) if "message_id" in result else None
        if message is not None and not self._rooted:
            self._rooted = True
            await self._remember(Place(root=message))
        return message

    def refused(self, reason: str, left: deque[Call]) -> bool:
        """Do something else than ``left[0]``, which was refused for ``reason``; False where that is not known here."""
        call = left[0]
        if call.method == _OPEN:
            log.log(
                logging.INFO if "not a forum" in reason else logging.WARNING,
                "No topic in the staff chat, replies instead: %s",
                reason,
            )
            self._rooted = False
            left.popleft()
        elif self._topic is not None and any(words in reason for words in _GONE):
            for each in left:
                each.parameters.pop("message_thread_id", None)
            left.appendleft(self._opening())
        elif call.method == "deleteForumTopic":
            log.info("A topic stays: %s", reason)
            left.popleft()
        elif (told := as_told(call)) is not None:
            left[0] = told
        else:
            return False
        return True

    async def move(self, chat: int, left: deque[Call]) -> None:
        """The group has another id, where no topic and no message of the old one is."""
        try:
            await self._service.moved(self._chat, str(chat))
        except Exception:
            log.exception("That the chat %s is %s now could not be noted", self._chat, chat)
        self._chat = str(chat)
        for each in left:
            each.parameters["chat_id"] = chat
            each.parameters.pop("reply_parameters", None)
        if self._topic is not None and left[0].method != _OPEN:
            left.appendleft(self._opening())

    def _opening(self) -> Call:
        name = self._topic.name if self._topic is not None else ""
        return Call(_OPEN, {"chat_id": int(self._chat), "name": name})

    async def _remember(self, place: Place) -> None:
        if self._topic is None:
            return
        try:
            await self._service.placed(self._chat, self._topic, place)
        except Exception:
            log.exception("The place of reply %s could not be noted; the next one opens another", self._outgoing.id)
