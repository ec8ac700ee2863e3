"""A lead as staff read and work on it: case and assessment in words, state, notes, whom to call; and the export.

All that is done goes through ``conversations.office.leads``, which writes it down. Whom to call lies sealed and is opened only
in the answer to a request that has been recorded before.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import false, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels import TRAITS
from bot.web.desk.lists import ASSIGNEE_UNKNOWN, Leads, came, here
from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, day, form, route
from conversations.office import attachments, documents, lead_export, lead_papers, lead_upkeep, leads
from conversations.office.lead_cards import WITH_NOTE, claim_amount, claim_label, kept_sum, open_points, policy_name
from conversations.office.lead_entry import EVERY_CONSENT
from conversations.office.lead_papers import PaperLine
from conversations.office.leads import Reader, RefusedError
from conversations.saying.explanation import VERDICTS, by_verdict, explain_all
from conversations.saying.registration import STATES
from conversations.saying.totals import estimate
from conversations.saying.values import facts
from conversations.service import Service
from conversations.state import office_time
from conversations.state.lead_fields import phone
from conversations.state.leads import ENDED, Consent, Contact, LeadState
from conversations.state.shelf import Shelf
from conversations.storage.store import Work
from conversations.storage.tables_leads import Lead, LeadClaim, LeadEntry
from rules.assessment import Status

LONGEST_NOTE = 2000
GONE = "没有这条登记，可能已经按期限删除了。"
NOT_YOURS = "导出含有联系方式，只有办公室账号可以导出。"
MARKS = {True: "✓", False: "✗", None: "？"}
"""Before a condition: whether it is met."""
_DID = {
    "created": "登记",
    "entered": "录入了登记",
    "listed": "从名单记下了登记",
    "wrote": "写信给企业",
    "reassessed": "重新测算，存下了",
    "told": "补充了企业情况",
    "paper": "收到材料：{}",
    "unpaper": "材料改为没收：{}",
    "attached": "附上文件，{}",
    "opened": "下载了文件，{}",
    "detached": "删除了文件，{}",
    "merged": "并入了 {}",
    "joined": "并进了 {}",
    "updated": "更新了登记",
    "withdrawn": "撤回了登记",
    "state": "状态改为“{}”",
    "assigned": "分给 {}",
    "follow_up": "跟进日期：{}",
    "note": "备注",
    "viewed": "查看了联系方式",
}
_WITH_NOTE = WITH_NOTE | {"viewed"}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of the history."""

    at: str
    who: str
    did: str
    note: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A claim as it was when the lead was left."""

    policy: str
    label: str
    kind: str
    status: str
    amount: str
    citation: str
    office: str


class LeadPages(DeskPage):
    """One page a lead, and what can be done there."""

    path = "/leads"
    add_to_menu = False
    menu_label = "登记"

    def __init__(self, service: Service, listed: Leads) -> None:
        super().__init__(service)
        self._listed = listed

    @route("/{id:row}", name="lead")
    async def index(self, request: Request) -> Response:
        """The lead, whom to call left out."""
        async with self.service.store.reading() as connection:
            return await self._page(request, connection, await the_lead(connection, request))

    @route("/{id:row}/reveal", methods=["POST"], name="lead-reveal")
    async def reveal(self, request: Request) -> Response:
        """The lead with whom to call; that it was looked at is kept before anything is shown."""
        me = clerk(request).account.person
        async with self.service.store.transaction() as work:
            lead = await the_lead(work.connection, request)
            await leads.note(work, lead, me, "viewed", datetime.now(UTC))
        async with self.service.store.reading() as connection:
            contact = await connection.scalar(select(Lead.contact).where(Lead.id == lead.id))
            return await self._page(request, connection, lead, contact)

    @route("/{id:row}/state", methods=["POST"], name="lead-state")
    async def move(self, request: Request) -> Response:
        """Another state, with a note."""
        sent = await form(request)
        state, text = sent.get("state", ""), sent.get("note", "")[:LONGEST_NOTE]
        if state not in STATES:
            raise HTTPException(400, "没有这个状态。")

        async def do(work: Work, lead: Lead, me: str, now: datetime) -> str:
            if state == lead.state:
                if text:
                    await leads.note(work, lead, me, "note", now, text)
                return "备注记下了。" if text else f"本来就是“{STATES[state]}”，没有改动。"
            await leads.move(work, lead, LeadState(state), me, text, now)
            return f"状态改为“{STATES[state]}”。"

        return await self._do(request, do)

    @route("/{id:row}/note", methods=["POST"], name="lead-note")
    async def note(self, request: Request) -> Response:
        """A note."""
        text = (await form(request)).get("note", "")[:LONGEST_NOTE]

        async def do(work: Work, lead: Lead, me: str, now: datetime) -> str:
            if not text:
                return "没有写内容，什么都没记。"
            await leads.note(work, lead, me, "note", now, text)
            return "备注记下了。"

        return await self._do(request, do)

    @route("/{id:row}/plan", methods=["POST"], name="lead-plan")
    async def plan(self, request: Request) -> Response:
        """Another colleague, another day to look at it."""
        sent = await form(request)
        assignee, follow_up = sent.get("assignee", ""), day(sent.get("follow_up", ""))
        names = clerk(request).names
        if assignee and assignee not in names:
            raise HTTPException(400, "没有这位同事。")

        async def do(work: Work, lead: Lead, me: str, now: datetime) -> str:
            if assignee and assignee != lead.assignee:
                await leads.assign(work, lead, assignee, me, names[assignee], now)
            if follow_up != lead.follow_up:
                await leads.follow_up(work, lead, follow_up, me, now)
            return "安排存好了。"

        return await self._do(request, do)

    @route("/{id:row}/document", name="lead-document")
    async def document(self, request: Request) -> Response:
        """The pre-assessment for Word; it does not tell whom to call."""
        async with self.service.store.reading() as connection:
            lead = await the_lead(connection, request)
        try:
            content = await documents.render(f"lead:{lead.number}", self.shelf, self.service.store)
        except documents.DocumentGoneError:
            raise HTTPException(404, GONE) from None
        return download(content, f"预评估表-{lead.number}.docx")

    @route("/export", name="lead-export")
    async def export(self, request: Request) -> Response:
        """The leads that the list shows at the same address, for a spreadsheet; each is recorded as looked at. Office only."""
        me = clerk(request)
        if not me.office:
            raise HTTPException(403, NOT_YOURS)
        kind = f".{request.query_params.get('kind')}"
        if kind not in lead_export.KINDS:
            raise HTTPException(400, "没有这种导出。")
        now = datetime.now(UTC)
        chosen = await self._listed.chosen(request)
        async with self.service.store.transaction() as work:
            found = await leads.find(work.connection, chosen)
            claims = await leads.claims(work.connection, chosen)
            for lead in found:
                await leads.note(work, lead, me.account.person, "viewed", now, "导出")
        content = lead_export.table(self.shelf, found, claims, me.names, kind)
        return download(content, f"登记-{office_time.today(now):%Y%m%d}{kind}")

    async def _do(self, request: Request, do: "_Do") -> Response:
        """Do something to the lead in one transaction, and show it again, with what is said against it."""
        try:
            async with self.service.store.transaction() as work:
                lead = await the_lead(work.connection, request)
                words = await do(work, lead, clerk(request).account.person, datetime.now(UTC))
        except RefusedError as refused:
            return self.done(request, str(refused), "lead", fine=False, id=request.path_params["id"])
        return self.done(request, words, "lead", id=lead.id)

    async def _page(self, request: Request, connection: Reader, lead: Lead, contact: Contact | None = None) -> Response:
        """The page; whom to call (``contact``) only where that has been recorded.

        The assessment is the one that was kept, and beside it what it comes to now, where that is asked for (``anew``).
        """
        shelf, names, now = self.shelf, clerk(request).names, datetime.now(UTC)
        history = await leads.history(connection, [lead.id])
        claims = await leads.claims(connection, Lead.id == lead.id)
        papers = await lead_papers.listed(connection, shelf, lead.id, claims.get(lead.id, ()))
        merged = Lead.number == lead.merged if lead.merged else false()
        entered = next((entry.who for entry in history if entry.what in ("entered", "listed")), "")
        context = {
            "title": lead.enterprise,
            "lead": lead,
            "states": STATES,
            "today": office_time.today(now),
            "ended": lead.state in ENDED,
            "created": here(lead.created),
            "consented": here(lead.consented),
            "consent": EVERY_CONSENT.get(Consent(lead.consent)) if lead.consent else "",
            "entered": names.get(entered, ASSIGNEE_UNKNOWN) if entered else "",
            "due": lead.follow_up is not None and lead.follow_up <= office_time.today(now) and lead.state not in ENDED,
            "colleagues": names,
            "total": kept_sum(lead.attached),
            "kept": [_kept(shelf, claim) for claim in claims.get(lead.id, ())],
            "marks": MARKS,
            "open": open_points(shelf, lead),
            "told_later": any(entry.what == "told" for entry in history),
            "assessed_on": _assessed_on(history),
            "history": [_event(entry, names) for entry in reversed(history)],
            "others": await leads.others(connection, lead),
            "into": next(iter(await leads.find(connection, merged)), None),
            "joined": await leads.find(connection, Lead.merged == lead.number),
            "reachable": await lead_upkeep.reachable(connection, TRAITS, lead),
            "channel": came(lead.channel),
            "longest": LONGEST_NOTE,
            "office": clerk(request).office,
            "contact": contact,
            "phone": phone(contact.phone) if contact is not None and contact.phone else "",
            "forgotten": not lead.phone_digest,
            "listed": lead.consent == Consent.NONE,
        }
        context |= self._assessment(lead, anew="anew" in request.query_params) | _paper_list(papers)
        return self.render(request, "lead.html", context)

    def _assessment(self, lead: Lead, *, anew: bool) -> dict[str, object]:
        """What the enterprise has told, and what it comes to under the policies as they stand, where that is wanted."""
        known = documents.known_from(self.shelf, lead)
        told: dict[str, object] = {"facts": facts(self.shelf, known), "anew": anew}
        if anew:
            told["now"] = estimate(self.shelf, known)
            told["claims"] = by_verdict(explain_all(self.shelf, known))
            told["versions"] = (lead.version, self.shelf.policy.version)
        return told


class LeadForms(DeskPage):
    """Forms on the page of a lead, which have no page of their own."""

    path = "/leads"
    add_to_menu = False
    menu_label = "登记"
    index: Any = None  # which would be a page

    def told(self, request: Request, words: str, *, fine: bool = True) -> Response:
        """Tell ``words`` on the page of the lead."""
        return self.done(request, words, "lead", fine=fine, id=request.path_params["id"])


def _paper_list(papers: Sequence[PaperLine]) -> dict[str, object]:
    """What the list of papers shows: first those that are ``needed`` for what is due, or where nothing is, for what may be."""
    return {
        "papers": papers,
        "handed_in": [paper.name for paper in papers if paper.at],
        "needed": [paper for paper in papers if paper.sure] or [paper for paper in papers if paper.needed],
        "most_bytes": attachments.LARGEST,
        "kinds": ",".join(attachments.KINDS),
        "at": here,
        "unknown": ASSIGNEE_UNKNOWN,
    }


def _assessed_on(history: Sequence[LeadEntry]) -> str:
    """Since when the assessment is the one that is kept."""
    anew = [entry.at for entry in history if entry.what in ("told", "reassessed")]
    return f"{here(anew[-1])} 重新测算" if anew else "登记时"


def _kept(shelf: Shelf, claim: LeadClaim) -> KeptRow:
    return KeptRow(
        policy=policy_name(shelf, claim.policy),
        label=claim_label(shelf, claim),
        kind=claim.status,
        status=VERDICTS[Status(claim.status)] + ("，让位" if claim.sums.gave_way else ""),
        amount=claim_amount(claim),
        citation=claim.citation,
        office=claim.office,
    )


_Do = Callable[[Work, Lead, str, datetime], Awaitable[str]]
"""Does something to a lead as a colleague at a time; returns what to tell them."""


async def the_lead(connection: Reader, request: Request) -> Lead:
    """The lead that is asked for, without whom to call: that stays sealed."""
    columns = [column for column in Lead.__table__.columns if column.name != "contact"]
    found = await connection.execute(select(*columns).where(Lead.id == request.path_params["id"]))
    row = found.one_or_none()
    if row is None:
        raise HTTPException(404, GONE)
    return Lead(**row._mapping)  # pyright: ignore[reportPrivateUsage]


def _event(entry: LeadEntry, names: Mapping[str, str]) -> HistoryRow:
    who = names.get(entry.who, "（已离开的同事）") if entry.who else "本人"
    said = STATES[entry.state] if entry.what == "state" else entry.note or "取消"
    note = entry.note if entry.what in _WITH_NOTE else ""
    return HistoryRow(here(entry.at), who, _DID[entry.what].format(said), note)


def download(content: bytes, name: str) -> Response:
    """A file that the browser keeps and never shows as a page of ours."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, headers=headers, media_type="application/octet-stream")
