"""What is sent for a message: files and pictures are uploaded first, and go by the name that they are given there.

Knows nothing of when a message may be sent, and of what is said no more than what stands in the place of a file.
"""

import logging
import time

from bot.channel import MakeFile
from bot.wechat.api import WeChatApi
from bot.wechat.card import picture
from bot.wechat.render import Card, File, Message, Text
from bot.wechat.traits import LARGEST_FILE, MEDIA_LASTS
from conversations.storage.faults import complain

log = logging.getLogger(__name__)

NO_FILE = "（“{}”没能做出来，请稍后再要一次，或者发“转人工”。）"
_HELD = MEDIA_LASTS.total_seconds() / 2
"""Seconds for which a picture that was uploaded is used: half of those that it lasts."""


class Media:
    """Makes the bodies of messages."""

    def __init__(self, api: WeChatApi, make_file: MakeFile) -> None:
        self._api = api
        self._make_file = make_file
        self._picture = ""
        self._until = 0.0

    async def body(self, message: Message) -> dict[str, object]:
        """What is sent for ``message``. Raises what ``WeChatApi.upload`` raises."""
        match message:
            case File():
                return await self._file(message)
            case Card():
                return message.body(await self._uploaded_picture())
            case _:
                return message.body()

    def forget(self) -> None:
        """What was uploaded is not known there any more: upload it anew."""
        self._picture = ""

    async def _file(self, file: File) -> dict[str, object]:
        name = file.reply.file or ""
        try:
            content = await self._make_file(file.reply)
        except Exception as error:
            complain(log, "A file cannot be made", error)
            return instead_of(file).body()
        if len(content) > LARGEST_FILE:
            log.error("A file of %d bytes is too large for WeChat", len(content))
            return instead_of(file).body()
        return {"msgtype": "file", "file": {"media_id": await self._api.upload("file", name, content)}}

    async def _uploaded_picture(self) -> str:
        if not self._picture or time.monotonic() >= self._until:
            self._picture = await self._api.upload("image", "wence.png", picture())
            self._until = time.monotonic() + _HELD
        return self._picture


def instead_of(message: File | Card) -> Text:
    """What is said where a file or a card does not come."""
    match message:
        case File(reply):
            return Text(NO_FILE.format(reply.file or ""))
        case Card(title, _, url):
            return Text(f"{title}\n{url}")
