"""All that ``wence doctor`` looks at, in the order in which it is told."""

import logging
from collections.abc import Sequence

from bot.doctor import bot_api, data, machine, wechat
from bot.doctor.diagnosis import Check, Diagnosis, examine
from bot.settings import Settings

CHECKS = (
    Check("database", "数据库", data.database),
    Check("key", "密钥", data.key),
    Check("packs", "政策包", data.packs, limit=120),
    Check("token", "机器人", bot_api.token),
    Check("updates", "收消息", bot_api.updates),
    Check("staff_group", "工作群", bot_api.staff_group),
    Check("wechat", "微信", wechat.customer_service),
    Check("disk", "磁盘", machine.disk),
    Check("clock", "时钟", machine.clock),
    Check("holidays", "节假日", machine.holidays),
    Check("port", "端口", machine.port),
    Check("way_in", "入口", machine.way_in, limit=20),
)


async def examined() -> list[tuple[Check, Diagnosis]]:
    """What is found. Of settings that are wrong the rest is looked at all the same."""
    settings, read = machine.read_settings()

    async def told(_: Settings) -> Sequence[Diagnosis]:
        return read

    logging.disable()  # what a library has to say of a failure is said by the finding
    try:
        return await examine((Check("settings", "设置", told), *CHECKS), settings)
    finally:
        logging.disable(logging.NOTSET)
