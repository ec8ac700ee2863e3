"""The room of groups: what is said where others read along is never about anybody's consultation.

In a group of customers it takes whatever is meant for us; in the staff's chat what the staff's rooms have left. Keeps
nothing, and shows nothing but where one can talk to us alone. Knows no channel.
"""

from conversations.office.context import Context, Take, Taken
from conversations.state.messages import Kind, Reply
from conversations.storage.store import Addressed

ALONE = "群里的消息大家都看得到，所以您的情况我只在私聊里说。"
LINK = "请点这里，单独和我说：{}"
NO_LINK = "请点我的头像，在私聊里和我说。"


def look(context: Context) -> Take | None:
    """The room of all groups but the staff's."""
    staff = context.house.staff
    return None if staff is not None and staff.holds(context.inbound) else look_at_rest(context)


def look_at_rest(context: Context) -> Take | None:
    """The room of what nobody else takes of what is said in a group."""
    return _take if context.inbound.group and context.inbound.kind is not Kind.LEFT else None


async def _take(context: Context) -> Taken:
    inbound = context.inbound
    if inbound.kind is Kind.EDIT:  # it was answered before
        return Taken(logged=False)
    where = LINK.format(inbound.alone) if inbound.alone else NO_LINK
    return Taken([Addressed.to(inbound, Reply(text=ALONE + where))], logged=False)
