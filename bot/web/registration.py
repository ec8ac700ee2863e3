"""The chat page as the rest of the house knows it: its traits, and what opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channel import MakeFile, Registration
from conversations.state.channels import Ability, ChannelTraits, Limits

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.web.chat import Chat
    from conversations.service import Service

LONGEST_CHOICE = 80
"""The most characters of what a button says."""
WEB = ChannelTraits(
    name="web",
    label="网页",
    private=str,  # a person has one page, named as they are
    abilities=frozenset({Ability.FILES}),
    limits=Limits(data=LONGEST_CHOICE),
)


def _open(settings: Settings, service: Service, make_file: MakeFile, elsewhere: str) -> Chat:
    from bot.web.chat import Chat

    return Chat(service, embed_origins=settings.embed_origins, make_file=make_file)


REGISTRATION = Registration(WEB, _open)
