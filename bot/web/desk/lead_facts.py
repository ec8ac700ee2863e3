"""The page where staff enter or put right what they have learnt of an enterprise after its lead was left.

Words can be read into the fields first; what is kept is what stands in the fields, assessed anew. All goes through
``conversations.office.lead_facts``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.lead_pages import the_lead
from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, form, route
from conversations.office import documents, lead_facts
from conversations.office.lead_entry import LONGEST_TOLD, EntryError
from conversations.office.lead_facts import FirmFacts
from conversations.service import Service
from conversations.state.leads import ENDED
from conversations.state.session import Known
from conversations.storage.tables_leads import Lead

_ENDED = "这条登记已经结束，要改情况请先把状态改回来。"


class LeadFacts(DeskPage):
    """The form, filled with what is known."""

    path = "/leads"
    add_to_menu = False
    menu_label = "补充情况"

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._reading = asyncio.Lock()

    @route("/{id:row}/facts", name="lead-facts")
    async def index(self, request: Request) -> Response:
        """The form."""
        lead, known = await self._known(request)
        return self._ended(request) if lead.state in ENDED else self._page(request, lead, known)

    @route("/{id:row}/facts", methods=["POST"], name="lead-facts-keep")
    async def keep(self, request: Request) -> Response:
        """Read the words into the fields (``do`` is ``read``), or keep what stands in them, assessed anew."""
        sent, now = await form(request), datetime.now(UTC)
        lead, before = await self._known(request)
        if lead.state in ENDED:
            return self._ended(request)
        try:
            if sent.get("do") == "read":
                async with self._reading:
                    filled, read = await asyncio.to_thread(lead_facts.read_words, self.shelf, before, sent, now)
                return self._page(request, lead, before, filled, read=read)
            async with self._reading:
                known = await asyncio.to_thread(self._assessed, before, sent, now)
        except EntryError as error:
            return self._page(request, lead, before, sent, wrong=error.wrong)
        async with self.service.store.transaction() as work:
            me = clerk(request).account.person
            changed = await lead_facts.keep(work, self.shelf, lead, before, known, me, now)
        words = f"改了 {len(changed)} 处，已经按现在的政策重新测算。" if changed else "情况没有变，重新测算过了。"
        return self.done(request, words, "lead", id=lead.id)

    def _assessed(self, before: Known, sent: Mapping[str, str], now: datetime) -> Known:
        stated: FirmFacts = lead_facts.read_fields(self.shelf, before, sent, now)
        return lead_facts.assessed(self.shelf, stated, now)

    async def _known(self, request: Request) -> tuple[Lead, Known]:
        async with self.service.store.reading() as connection:
            lead = await the_lead(connection, request)
        return lead, documents.known_from(self.shelf, lead)

    def _ended(self, request: Request) -> Response:
        return self.done(request, _ENDED, "lead", fine=False, id=request.path_params["id"])

    def _page(
        self,
        request: Request,
        lead: Lead,
        known: Known,
        sent: Mapping[str, str] | None = None,
        *,
        read: Sequence[str] | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        context = {
            "title": f"{lead.enterprise}的情况",
            "lead": lead,
            "groups": lead_facts.groups(self.shelf, known, sent),
            "sent": sent or {},
            "told": (sent or {}).get(lead_facts.TOLD, ""),
            "read": read,
            "wrong": wrong or {},
            "longest": LONGEST_TOLD,
            "longest_field": lead_facts.LONGEST,
        }
        return self.render(request, "lead_facts.html", context, 422 if wrong else 200)
