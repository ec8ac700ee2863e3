"""What opens the chat page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channel import MakeFile, Registration
from bot.web.traits import WEB

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.web.chat import Chat
    from conversations.service import Service


async def _open(settings: Settings, service: Service, make_file: MakeFile, elsewhere: str) -> Chat:
    from bot.web.chat import Chat

    return Chat(service, embed_origins=settings.embed_origins, make_file=make_file)


REGISTRATION = Registration(WEB, _open)
