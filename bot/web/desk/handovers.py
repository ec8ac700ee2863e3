"""Hand-overs to a person: who waits longest first, what was said, and the answer of whoever is at the desk.

All goes through the office's ``handover.Handovers``, the same as from the staff chat. Numbers of phones that were typed
are masked: they are to be seen with a lead, where that is recorded.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, not_, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels import TRAITS
from bot.web.desk.lists import here
from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, form, route
from bot.web.traits import WEB
from conversations.office.leads import Reader
from conversations.saying.handovers import visitor
from conversations.state.markup import plain
from conversations.state.personal import masked
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import LoggedMessage
from conversations.storage.tables_handover import Handover

LONGEST_ANSWER = 2000
MOST = 60
"""So many hand-overs, and so many lines of one, are shown."""
START = "/start"
"""What a page says for a person when it is opened."""
WAITS = (Handover.waiting.is_not(None), Handover.closed.is_(None))
"""Who waits for an answer: a hand-over that has ended is answered by the bot again."""
GONE = "没有这次转人工，可能已经按期限删除了。"


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One line of what was said."""

    mine: bool
    at: str
    text: str


async def waiting(connection: Reader) -> int:
    """How many people wait for an answer of staff."""
    waits = select(func.count()).select_from(Handover).where(*WAITS)
    return (await connection.execute(waits)).scalar_one()


class HandoverPages(DeskPage):
    """The list, and a page for each."""

    path = "/handovers"
    route_name = "handovers"
    menu_label = "转人工"
    icon = "fa-solid fa-headset"

    @route("")
    async def index(self, request: Request) -> Response:
        """Who waits first, then who is with staff, then who was."""
        columns = (
            *(Handover.id, Handover.name, Handover.channel, Handover.opened, Handover.touched),
            *(Handover.waiting, Handover.closed),
        )
        order = (not_(and_(*WAITS)), Handover.closed.is_not(None), Handover.waiting, Handover.touched.desc())
        async with self.service.store.reading() as connection:
            rows = (await connection.execute(select(*columns).order_by(*order).limit(MOST))).all()
        shown = [
            {
                "id": row.id,
                "name": row.name or visitor(TRAITS.label(row.channel)),
                "channel": TRAITS.label(row.channel),
                "opened": here(row.opened),
                "touched": here(row.touched),
                "waiting": here(row.waiting) if row.waiting and not row.closed else "",
                "closed": row.closed is not None,
                "unanswered": row.waiting is not None,
            }
            for row in rows
        ]
        return self.render(request, "handovers.html", {"rows": shown})

    @route("/{id:row}", name="handover")
    async def show(self, request: Request) -> Response:
        """What was said, and the form for an answer."""
        handover, lines = await self._read(request)
        context = {
            "handover": handover,
            "name": handover.name or visitor(TRAITS.label(handover.channel)),
            "channel": TRAITS.label(handover.channel),
            "opened": here(handover.opened),
            "lines": lines,
            "longest": LONGEST_ANSWER,
        }
        return self.render(request, "handover.html", context)

    @route("/{id:row}/lines", name="handover-lines")
    async def lines(self, request: Request) -> Response:
        """What was said, for a page that is open."""
        _, lines = await self._read(request)
        return self.render(request, "handover_lines.html", {"lines": lines})

    @route("/{id:row}/answer", methods=["POST"], name="handover-answer")
    async def answer(self, request: Request) -> Response:
        """Say something to the person."""
        text = (await form(request)).get("answer", "")
        id = request.path_params["id"]
        if not text or len(text) > LONGEST_ANSWER:
            return self.done(request, f"要写 1 到 {LONGEST_ANSWER} 个字，还没有发。", "handover", fine=False, id=id)
        me = clerk(request).account.name

        async def do(work: Work, now: datetime) -> Sequence[Addressed]:
            return await self.service.office.handovers.say_to_person(work, id, me, text, now, at=WEB.label)

        await self._act(do)
        return self.done(request, "已发出。", "handover", id=id)

    @route("/{id:row}/close", methods=["POST"], name="handover-close")
    async def close(self, request: Request) -> Response:
        """Give the consultation back to the bot."""
        id = request.path_params["id"]

        async def do(work: Work, now: datetime) -> Sequence[Addressed]:
            return await self.service.office.handovers.close(work, id, "staff", now)

        await self._act(do)
        return self.done(request, "已结束，咨询交还给机器人接着进行。", "handovers")

    async def _act(self, do: Callable[[Work, datetime], Awaitable[Sequence[Addressed]]]) -> None:
        try:
            await self.service.act(do)
        except LookupError:
            raise HTTPException(404, GONE) from None

    async def _read(self, request: Request) -> tuple[Handover, list[WaitingRow]]:
        async with self.service.store.reading() as connection:
            found = await connection.execute(select(Handover.__table__).where(Handover.id == request.path_params["id"]))
            row = found.one_or_none()
            if row is None:
                raise HTTPException(404, GONE)
            handover = Handover(**row._mapping)  # pyright: ignore[reportPrivateUsage]
            said = await connection.execute(
                select(LoggedMessage.incoming, LoggedMessage.at, LoggedMessage.text)
                .where(LoggedMessage.person == handover.person)
                .order_by(LoggedMessage.id.desc())
                .limit(MOST)
            )
            lines = [
                WaitingRow(not incoming, here(at)[5:], masked(plain(text)))
                for incoming, at, text in said
                if text != START
            ]
        return handover, lines[::-1]
