"""Telegram as the rest of the house knows it."""

from bot.telegram.render import LONGEST_TEXT, MOST_IN_ROW
from conversations.state.channels import Ability, ChannelTraits, Limits


def _private(person: str) -> str:
    """A private chat has the id of its person."""
    return person.partition(":")[2]


TELEGRAM = ChannelTraits(
    name="telegram",
    label="Telegram",
    private=_private,
    abilities=frozenset(Ability) - {Ability.STAFF},
    limits=Limits(text=LONGEST_TEXT, row=MOST_IN_ROW, data=64),
    abroad="Telegram",
)
