"""What was set aside since it could not be dealt with: a short list, to be tried again or deleted.

Shows none of what people have written.
"""

from datetime import datetime

from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels import TRAITS
from bot.web.desk.lists import here
from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, route
from conversations.storage import aside
from conversations.storage.store import Addressed, Work
from conversations.storage.tables_aside import AsideKind, SetAside

MOST = 100
"""So many are shown."""
WHAT = {
    AsideKind.CONSULTATION: "一次咨询的记录读不出来",
    AsideKind.MESSAGE: "一条消息处理不了",
    AsideKind.REPLY: "一条待发的回复读不出来",
    AsideKind.UPDATE: "收到的内容不是消息",
}
AGAIN = frozenset({AsideKind.CONSULTATION, AsideKind.MESSAGE})
"""What can be tried again."""


class SetAsidePages(DeskPage):
    """The list."""

    path = "/set-aside"
    route_name = "set-aside"
    menu_label = "搁置的记录"
    icon = "fa-solid fa-box-archive"

    @route("")
    async def index(self, request: Request) -> Response:
        """The newest first."""
        columns = (SetAside.id, SetAside.kind, SetAside.channel, SetAside.reason, SetAside.at)
        async with self.service.store.reading() as connection:
            rows = (await connection.execute(select(*columns).order_by(SetAside.id.desc()).limit(MOST))).all()
            number = (await connection.execute(select(func.count()).select_from(SetAside))).scalar_one()
        shown = [
            {
                "id": row.id,
                "what": WHAT.get(AsideKind(row.kind), row.kind),
                "channel": TRAITS.label(row.channel),
                "reason": row.reason,
                "at": here(row.at),
                "again": row.kind in AGAIN,
            }
            for row in rows
        ]
        context = {"rows": shown, "number": number, "days": aside.KEPT.days, "office": clerk(request).office}
        return self.render(request, "set_aside.html", context)

    @route("/{id:row}/again", methods=["POST"], name="set-aside-again")
    async def again(self, request: Request) -> Response:
        """Try it once more, which helps where the program has learnt to since."""
        if await self.service.resume(request.path_params["id"]):
            return self.done(request, "已经重新处理，咨询者可以接着问了。", "set-aside")
        return self.done(request, "还是处理不了，仍然搁着。等程序更新以后再试。", "set-aside", fine=False)

    @route("/{id:row}/delete", methods=["POST"], name="set-aside-delete")
    async def delete(self, request: Request) -> Response:
        """Delete it for good, which the office alone may."""
        if not clerk(request).office:
            raise HTTPException(403, "只有办公室的账号能删除。")
        id = request.path_params["id"]

        async def do(work: Work, _now: datetime) -> list[Addressed]:
            await aside.remove(work, id)
            return []

        await self.service.act(do)
        return self.done(request, "已删除。", "set-aside")
