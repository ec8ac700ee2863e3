"""What opens WeChat customer service, where the settings have what the office has set up in 企业微信."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channel import MakeFile, Registration
from bot.wechat.traits import WECHAT

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wechat.channel import WeChat
    from conversations.service import Service


async def _open(settings: Settings, service: Service, make_file: MakeFile, elsewhere: str) -> WeChat | None:
    if settings.wechat_corp_id is None:
        return None
    from bot.wechat.channel import WeChat, WeChatSettings

    return WeChat(service, WeChatSettings(**settings.wechat, public_url=settings.public_url), make_file)


def _wanted(settings: Settings) -> bool:
    return settings.wechat_corp_id is not None


REGISTRATION = Registration(WECHAT, _open, wanted=_wanted)
