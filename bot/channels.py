"""The channels of this house, a line each."""

from bot import terminal
from bot.channel import Registration
from bot.program import registration as program
from bot.telegram import registration as telegram
from bot.web import registration as web
from conversations.state.channels import Channels, either

CHANNELS: tuple[Registration, ...] = (
    telegram.REGISTRATION,
    web.REGISTRATION,
    terminal.REGISTRATION,
    program.REGISTRATION,
)
SERVED = tuple(each for each in CHANNELS if each.open is not None)
TRAITS = Channels(each.traits for each in CHANNELS)


def elsewhere(channel: Registration) -> str:
    """Where people of ``channel`` can go whose messages shall not leave the country, in words; empty if nowhere."""
    others = [each for each in SERVED if each is not channel and each.people]
    labels = [each.traits.label for each in others if not each.traits.abroad]
    return either(labels) if labels else ""
