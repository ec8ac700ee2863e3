"""What opens Telegram, where the settings have a token."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.channel import MakeFile, Registration
from bot.telegram.traits import TELEGRAM

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.telegram.channel import Telegram
    from conversations.service import Service

log = logging.getLogger(__name__)


async def _open(settings: Settings, service: Service, make_file: MakeFile, elsewhere: str) -> Telegram | None:
    if settings.telegram_token is None:
        log.info("No WENCE_TELEGRAM_TOKEN: the web alone")
        return None
    telegram = await asyncio.to_thread(_telegram)  # its library is slow to import
    webhook = None
    if settings.webhook_url is not None and settings.webhook_secret is not None:
        webhook = settings.webhook_url, settings.webhook_secret.get_secret_value()
    return telegram(
        service,
        settings.telegram_token.get_secret_value(),
        settings.telegram_base_url,
        webhook=webhook,
        staff=settings.staff_ids,
        make_file=make_file,
        elsewhere=elsewhere,
    )


def _telegram() -> type[Telegram]:
    from bot.telegram.channel import Telegram

    return Telegram


def _staff_chat(settings: Settings) -> str | None:
    reachable = settings.telegram_token is not None and settings.staff_chat_id is not None
    return str(settings.staff_chat_id) if reachable else None


REGISTRATION = Registration(TELEGRAM, _open, _staff_chat, later=True)
