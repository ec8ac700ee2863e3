"""A look at the start at the staff's group: can the bot hear staff there, and open a topic a person?

Where something is wrong the log says what to change, and so does, once, the group itself. Never keeps the bot from
serving.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

import telegram.error
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from bot.telegram.inbound import Json
from bot.telegram.request import TelegramBot
from bot.telegram.traits import TELEGRAM
from conversations.office.staff_chat import StaffChat
from conversations.service import Service
from conversations.state.messages import Reply
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Outbox

log = logging.getLogger(__name__)

_ABOUT = "staff_group:"
NOT_THERE = "机器人进不了工作群（WENCE_STAFF_CHAT_ID={}）：请把它加进群里，并核对群号。"
NO_ADMINISTRATOR = "请把机器人设为本群的管理员：不是管理员，就收不到同事在话题里写给咨询者的话。"
NO_TOPICS = "请在机器人的管理员权限里打开“管理话题”：这样每位咨询者有自己的话题；现在只能用回复串。"
NO_FORUM = "The staff chat has no topics: hand-overs go on as threads of replies; with topics each person has one"


async def check_staff_group(bot: TelegramBot, service: Service, me: Json) -> None:
    """Say what has to be changed, if anything; ``me`` is the bot as getMe tells. Raises nothing."""
    staff = service.office.staff
    if staff is None or staff.channel != TELEGRAM:
        return
    try:
        problem = await _problem(bot, service, staff, me)
        if problem:
            log.warning("The staff chat: %s", problem)
        await service.act(lambda work, now: _tell(work, staff, problem, now))
    except (telegram.error.Forbidden, telegram.error.BadRequest):
        log.warning("The staff chat: %s", NOT_THERE.format(staff.chat))
    except (telegram.error.TelegramError, SQLAlchemyError, OSError) as error:
        log.warning("The staff chat could not be looked at: %s", error)


async def _problem(bot: TelegramBot, service: Service, staff: StaffChat, me: Json) -> str:
    """What to change, in words for staff; empty where all is well."""
    chat_id = staff.chat
    try:
        chat: Json = await bot.call("getChat", {"chat_id": int(chat_id)})
    except telegram.error.ChatMigrated as error:
        await service.moved(chat_id, str(error.new_chat_id))
        chat = await bot.call("getChat", {"chat_id": error.new_chat_id})
    member: Json = await bot.call("getChatMember", {"chat_id": chat["id"], "user_id": me["id"]})
    if not chat.get("is_forum"):
        log.info(NO_FORUM)
    return lacking(chat, member, me)


def lacking(chat: Json, member: Json, me: Json) -> str:
    """What the bot ``me`` lacks as ``member`` of the staff's ``chat``, in words for staff; empty where nothing."""
    if not chat.get("is_forum"):
        return ""
    if member["status"] not in ("creator", "administrator") and not me.get("can_read_all_group_messages"):
        return f"{NO_ADMINISTRATOR}{NO_TOPICS}"
    if member["status"] != "creator" and not member.get("can_manage_topics"):
        return NO_TOPICS
    return ""


async def _tell(work: Work, staff: StaffChat, problem: str, now: datetime) -> Sequence[Addressed]:
    """The problem to the group, unless it has been said; with none what was said is forgotten."""
    if not problem:
        await work.connection.execute(delete(Outbox).where(Outbox.about.startswith(_ABOUT), Outbox.done_at < now))
        return ()
    about = f"{_ABOUT}{staff.chat}"
    rows = await work.connection.execute(select(Outbox.reply).where(Outbox.about == about))
    if any(reply.text == problem for reply in rows.scalars()):
        return ()
    return [staff.post(Reply(text=problem), about)]
