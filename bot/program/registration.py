"""What opens the channel of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channel import MakeFile, Registration
from bot.program.traits import PROGRAM

if TYPE_CHECKING:
    from bot.program.channel import Programs
    from bot.settings import Settings
    from conversations.service import Service


async def _open(settings: Settings, service: Service, make_file: MakeFile, elsewhere: str) -> Programs:
    from bot.program.channel import Programs

    return Programs(service)


REGISTRATION = Registration(PROGRAM, _open, people=False)
