"""Telegram as the rest of the house knows it: its traits, and what opens it where the settings have a token."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.channel import MakeFile, Registration
from bot.telegram.render import LONGEST_TEXT, MOST_IN_ROW
from conversations.state.channels import Ability, ChannelTraits, Limits

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.telegram.channel import Telegram
    from conversations.service import Service

log = logging.getLogger(__name__)


def _private(person: str) -> str:
    """A private chat has the id of its person."""
    return person.partition(":")[2]


TELEGRAM = ChannelTraits(
    name="telegram",
    label="Telegram",
    private=_private,
    abilities=frozenset(Ability),
    limits=Limits(text=LONGEST_TEXT, row=MOST_IN_ROW, data=64),
    abroad="Telegram",
)


def _open(settings: Settings, service: Service, make_file: MakeFile, elsewhere: str) -> Telegram | None:
    if settings.telegram_token is None:
        log.info("No WENCE_TELEGRAM_TOKEN: the web alone")
        return None
    from bot.telegram.channel import Telegram

    webhook = None
    if settings.webhook_url is not None and settings.webhook_secret is not None:
        webhook = settings.webhook_url, settings.webhook_secret.get_secret_value()
    return Telegram(
        service,
        settings.telegram_token.get_secret_value(),
        settings.telegram_base_url,
        webhook=webhook,
        staff=settings.staff_ids,
        make_file=make_file,
        elsewhere=elsewhere,
    )


def _staff_chat(settings: Settings) -> str | None:
    reachable = settings.telegram_token is not None and settings.staff_chat_id is not None
    return str(settings.staff_chat_id) if reachable else None


REGISTRATION = Registration(TELEGRAM, _open, _staff_chat)
