"""What a channel is to the rest of the house: traits that can be asked for, instead of its name.

Each channel declares its own; this module knows none of them, and nothing of how messages travel.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Ability(StrEnum):
    """What a channel may be able to do besides showing text and buttons."""

    EDIT = "edit"
    """To change a message that was sent."""
    TOPICS = "topics"
    """To hold what belongs together in a topic of a chat, or in a thread of replies."""
    COPY = "copy"
    """To copy a message of any kind into another chat of the channel."""
    FILES = "files"
    """To hand over a document."""
    CONTACT = "contact"
    """To let a person share their phone number by a button."""
    STAFF = "staff"
    """To put a person through to staff who answer on the channel itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one message holds; None where there is no limit."""

    text: int | None = None
    """Characters; a longer text is parted."""
    row: int | None = None
    """Buttons side by side."""
    data: int | None = None
    """Bytes of what one button says."""


@dataclass(frozen=True, slots=True)
class ChannelTraits:
    """A channel, for whoever has to know what it can do: ``name`` is the key, ``label`` what people call it."""

    name: str
    label: str
    private: Callable[[str], str]
    """The chat of a person alone, by the key of the person."""
    abilities: frozenset[Ability] = frozenset()
    limits: Limits = Limits()
    abroad: str = ""
    """The service through whose servers abroad all messages pass, empty where they stay at home."""
    carrier: str = ""
    """The service of somebody else that carries all messages at home, empty where none does."""


class Channels:
    """The channels of this house by their names."""

    def __init__(self, traits: Iterable[ChannelTraits] = ()) -> None:
        self._traits = {each.name: each for each in traits}

    def label(self, name: str) -> str:
        """What people call the channel ``name``; its name, where it is none of ours (any more)."""
        return self._traits[name].label if name in self._traits else name

    def can(self, name: str, ability: Ability) -> bool:
        """Whether the channel ``name`` is able to do that; one that is none of ours (any more) is not."""
        return name in self._traits and ability in self._traits[name].abilities

    def private(self, name: str, person: str) -> str:
        """The chat on the channel ``name`` of ``person`` alone. Raises KeyError for a channel that is none of ours."""
        return self._traits[name].private(person)


def either(labels: Sequence[str]) -> str:
    """``labels`` as a choice between them, as it is written: 甲、乙或丙; a space sets a Latin word apart."""
    *others, last = labels
    return f"{'、'.join(others)}或{' ' * last[:1].isascii()}{last}" if others else last
