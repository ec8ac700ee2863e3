"""The channels of this house, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import terminal
from bot.channel import Registration
from bot.program import registration as program
from bot.telegram import registration as telegram
from bot.web import registration as web
from bot.wechat import registration as wechat
from conversations.state.channels import Channels, ChannelTraits, either

if TYPE_CHECKING:
    from bot.settings import Settings

CHANNELS: tuple[Registration, ...] = (
    telegram.REGISTRATION,
    web.REGISTRATION,
    wechat.REGISTRATION,
    terminal.REGISTRATION,
    program.REGISTRATION,
)
SERVED = tuple(each for each in CHANNELS if each.open is not None)
TRAITS = Channels(each.traits for each in CHANNELS)


def for_people(settings: Settings) -> list[ChannelTraits]:
    """The channels of a server with these settings to which people can be pointed."""
    return [each.traits for each in SERVED if each.people and each.wanted(settings)]


def elsewhere(channel: ChannelTraits, settings: Settings) -> str:
    """Where people of ``channel`` can go whose messages shall not leave the country, in words; empty if nowhere."""
    labels = [each.label for each in for_people(settings) if each is not channel and not each.abroad]
    return either(labels) if labels else ""
