"""A consultation as staff read it: what was answered, what it comes to, where it stopped, the leads that came of it.

Shows neither whose it is nor what was said.
"""

from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.lists import came, here
from bot.web.desk.page import DeskPage, route
from conversations.office import leads
from conversations.office.consultation_cards import reached, standing
from conversations.saying.explanation import by_verdict, explain_all
from conversations.saying.values import facts
from conversations.storage.standings import read_session
from conversations.storage.statements import RAW_STATE
from conversations.storage.tables import Consultation
from conversations.storage.tables_leads import Lead
from rules.assessment import Status

GONE = "没有这次咨询，可能已经按期限删除了。"
UNREADABLE = "这次咨询的记录读不出来，等程序更新以后再看。"


class ConsultationPage(DeskPage):
    """One page a consultation; the list is starlette-admin's."""

    path = "/consultation"
    add_to_menu = False
    menu_label = "咨询"

    @route("/{id}", name="consultation")
    async def index(self, request: Request) -> Response:
        """The consultation."""
        ident = request.path_params["id"]
        columns = RAW_STATE.label("state"), Consultation.channel, Consultation.begun, Consultation.touched
        async with self.service.store.reading() as connection:
            row = (await connection.execute(select(*columns).where(Consultation.id == ident))).one_or_none()
            found = await leads.find(connection, Lead.consultation == ident) if row else []
        if row is None:
            raise HTTPException(404, GONE)
        session = read_session(row.state, self.service.store.vault)
        if isinstance(session, Exception):
            raise HTTPException(404, UNREADABLE)
        known = standing(self.shelf, session)
        live = [one for one in by_verdict(explain_all(self.shelf, known)) if one.status is not Status.INELIGIBLE]
        context = {
            "title": f"{here(row.begun)} 的咨询",
            "channel": came(row.channel),
            "touched": here(row.touched),
            "reached": reached(self.shelf, session),
            "facts": facts(self.shelf, known),
            "claims": live if session.answers else [],
            "leads": found,
        }
        return self.render(request, "consultation.html", context)
