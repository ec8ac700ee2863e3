"""What is done to a lead beside moving it on: writing to the enterprise, merging, assessing anew, deleting on request.

All goes through ``conversations.office.lead_upkeep``, which writes it down; what was said against it is told on the page.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels import TRAITS
from bot.web.desk.lead_pages import LeadForms, the_lead
from bot.web.desk.login import clerk
from bot.web.desk.page import form, route
from conversations.office import lead_upkeep, leads
from conversations.office.leads import RefusedError
from conversations.storage.store import Addressed, Work
from conversations.storage.tables_leads import Lead

log = logging.getLogger(__name__)

LONGEST_LETTER = 2000
NOT_YOURS = "删除登记要办公室的账号，请转给同事。"


class LeadCare(LeadForms):
    """What is done to the lead itself."""

    @route("/{id:row}/write", methods=["POST"], name="lead-write")
    async def write(self, request: Request) -> Response:
        """Say something to the enterprise, by the channel that it came by."""
        text, me = (await form(request)).get("letter", ""), clerk(request)
        if not text or len(text) > LONGEST_LETTER:
            return self.told(request, f"要写 1 到 {LONGEST_LETTER} 个字，还没有发。", fine=False)

        async def do(work: Work, now: datetime) -> Sequence[Addressed]:
            lead = await the_lead(work.connection, request)
            return await lead_upkeep.write(work, TRAITS, lead, me.account.person, me.account.name, text, now)

        return await self._act(request, do, "已发出，也记进了历史。")

    @route("/{id:row}/merge", methods=["POST"], name="lead-merge")
    async def merge(self, request: Request) -> Response:
        """Put another lead of the same enterprise together with this one."""
        number, me = (await form(request)).get("number", ""), clerk(request).account.person

        async def do(work: Work, now: datetime) -> Sequence[Addressed]:
            lead = await the_lead(work.connection, request)
            others = await leads.find(work.connection, Lead.number == number)
            if not others:
                raise RefusedError("没有这个编号的登记，没有改动。")
            await lead_upkeep.merge(work, lead, others[0], me, now)
            return ()

        return await self._act(request, do, f"{number} 已经并进来了。")

    @route("/{id:row}/reassess", methods=["POST"], name="lead-reassess")
    async def reassess(self, request: Request) -> Response:
        """Keep what the case comes to now in the place of the assessment."""
        me = clerk(request).account.person

        async def do(work: Work, now: datetime) -> Sequence[Addressed]:
            await lead_upkeep.reassess(work, await the_lead(work.connection, request), self.shelf, me, now)
            return ()

        return await self._act(request, do, "新的预评估存好了。")

    @route("/{id:row}/delete", methods=["POST"], name="lead-delete")
    async def delete(self, request: Request) -> Response:
        """Delete the lead, or all that is kept of its person, at their wish; office only."""
        sent, me = await form(request), clerk(request)
        if not me.office:
            raise HTTPException(403, NOT_YOURS)
        if sent.get("sure") != "yes":
            return self.told(request, "没有勾选确认，还没有删除。", fine=False)
        everything = sent.get("what") == "person"
        number = ""

        async def do(work: Work, now: datetime) -> Sequence[Addressed]:
            nonlocal number
            lead = await the_lead(work.connection, request)
            number = lead.number
            return await lead_upkeep.remove(work, lead, now, everything=everything)

        await self.service.act(do)
        await self.service.store.leave_no_trace()
        log.info(
            "Deleted at the desk, on request: %s by %s (all of the person: %s)", number, me.account.name, everything
        )
        words = f"{number} 已经删除，连同它的历史和联系方式。"
        return self.done(request, words, "list", key="leads")

    async def _act(
        self, request: Request, do: Callable[[Work, datetime], Awaitable[Sequence[Addressed]]], words: str
    ) -> Response:
        try:
            await self.service.act(do)
        except RefusedError as refused:
            return self.told(request, str(refused), fine=False)
        return self.told(request, words)
