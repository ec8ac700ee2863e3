"""What is done with the papers of a lead: ticked when they are handed in, files attached, fetched and deleted.

All goes through ``conversations.office.lead_papers``, which writes it down. A file goes to the browser as something to
keep, never as something to show.
"""

import asyncio
import logging
from datetime import UTC, datetime

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.lead_pages import LeadForms, download, the_lead
from bot.web.desk.login import clerk
from bot.web.desk.page import route
from conversations.office import attachments, lead_papers, leads
from conversations.office.attachments import AttachmentError
from conversations.office.leads import RefusedError
from conversations.storage.store import Work
from conversations.storage.tables_leads import Lead

log = logging.getLogger(__name__)

CLOSED = "没有数据密钥，文件存不了。请管理员先设好。"
GONE = "联系方式已按本人要求删除的登记，不再收文件。"
UNKNOWN = "没有这份材料，没有改动。"


class LeadPapers(LeadForms):
    """The list of papers."""

    @route("/{id:row}/papers", methods=["POST"], name="lead-papers")
    async def tick(self, request: Request) -> Response:
        """Note which papers are there."""
        sent, me = await request.form(), clerk(request).account.person
        was, there = ([value for value in sent.getlist(name) if isinstance(value, str)] for name in ("was", "paper"))
        async with self.service.store.transaction() as work:
            lead = await the_lead(work.connection, request)
            known = await self._names(work, lead)
            chosen = [paper for paper in there if paper in known]
            came, gone = await lead_papers.tick(work, lead, was, chosen, me, datetime.now(UTC))
        parts = [f"收到 {len(came)} 份"] * bool(came) + [f"改为没收 {len(gone)} 份"] * bool(gone)
        return self.told(request, f"材料记下了：{'，'.join(parts)}。" if parts else "材料没有改动。")

    @route("/{id:row}/attach", methods=["POST"], name="lead-attach")
    async def attach(self, request: Request) -> Response:
        """Attach a file to a paper, or to none."""
        sent, me, store = await request.form(), clerk(request).account.person, self.service.store
        given, paper = sent.get("file"), str(sent.get("paper") or "")
        try:
            if store.vault.closed:
                raise AttachmentError(CLOSED)
            if not isinstance(given, UploadFile) or not given.filename:
                raise AttachmentError("还没有选文件。")
            file = attachments.read(given.filename, await given.read())
            sealed = await asyncio.to_thread(store.vault.seal_file, file.content)
            async with store.transaction() as work:
                lead = await the_lead(work.connection, request)
                if not lead.phone_digest and lead.state in leads.ENDED:
                    raise RefusedError(GONE)
                if paper and paper not in await self._names(work, lead):
                    raise RefusedError(UNKNOWN)
                await lead_papers.attach(work, lead, paper, file, sealed, me, datetime.now(UTC))
        except (AttachmentError, RefusedError) as refused:
            return self.told(request, str(refused), fine=False)
        return self.told(request, f"“{file.name}”附上了。")

    @route("/{id:row}/files/{file:row}", name="lead-file")
    async def fetch(self, request: Request) -> Response:
        """A file, for the colleague's own disk; that they had it is written down before."""
        me, store = clerk(request).account.person, self.service.store
        try:
            async with store.transaction() as work:
                lead = await the_lead(work.connection, request)
                file = request.path_params["file"]
                name, sealed = await lead_papers.opened(work, lead, file, me, datetime.now(UTC))
        except RefusedError as refused:
            return self.told(request, str(refused), fine=False)
        return download(await asyncio.to_thread(store.vault.open_file, sealed), name)

    @route("/{id:row}/files/{file:row}/delete", methods=["POST"], name="lead-file-delete")
    async def delete(self, request: Request) -> Response:
        """Delete a file."""
        me, store = clerk(request), self.service.store
        try:
            async with store.transaction() as work:
                lead = await the_lead(work.connection, request)
                file = request.path_params["file"]
                name = await lead_papers.detach(work, lead, file, me.account.person, datetime.now(UTC))
        except RefusedError as refused:
            return self.told(request, str(refused), fine=False)
        await store.leave_no_trace()
        log.info("A file of %s was deleted at the desk, by %s", lead.number, me.account.name)
        return self.told(request, f"“{name}”删掉了。")

    async def _names(self, work: Work, lead: Lead) -> set[str]:
        """What the papers of ``lead`` are called."""
        claims = await leads.claims(work.connection, Lead.id == lead.id)
        lines = await lead_papers.listed(work.connection, self.shelf, lead.id, claims.get(lead.id, ()))
        return {line.name for line in lines}

    def told(self, request: Request, words: str, *, fine: bool = True) -> Response:
        """Tell ``words`` on the page of the lead, at its list of papers."""
        answer = super().told(request, words, fine=fine)
        answer.headers["location"] += "#papers"
        return answer
