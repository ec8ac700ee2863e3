"""The page where staff enter a lead by phone, or of somebody who walked in.

What is wrong stands at its field, and what was typed stays. The whole goes through ``conversations.office.lead_entry``.
"""

import asyncio
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, form, route
from conversations.office import lead_entry
from conversations.office.lead_entry import CAME, CONSENT, LONGEST_TOLD, EntryError
from conversations.saying.registration import TIMES, notice
from conversations.state.lead_form import Form
from conversations.state.office_time import OFFICE_TIME

RIGHTS = "您的权利：随时找我们查看、更正、撤回、取走资料或者全部删除；不登记完全不影响咨询。"
"""In the place of what the notice says to somebody who chats."""
CLOSED = "没有数据密钥，联系方式存不了，所以不能登记。请管理员先设好。"


class LeadNew(DeskPage):
    """The form."""

    path = "/leads"
    add_to_menu = False
    menu_label = "录入登记"

    @route("/new", name="lead-new")
    async def index(self, request: Request) -> Response:
        """The empty form."""
        now = datetime.now(UTC).astimezone(OFFICE_TIME)
        empty = {"key": uuid.uuid4().hex, "agreed_at": f"{now:%Y-%m-%dT%H:%M}", "came": "phone", "consent": "spoken"}
        return self._page(request, empty)

    @route("/enter", methods=["POST"], name="lead-enter")
    async def enter(self, request: Request) -> Response:
        """Keep it, and show the lead."""
        sent, now = await form(request), datetime.now(UTC)
        if self.service.store.vault.closed:
            return self._page(request, sent, {"": CLOSED})
        try:
            entry = lead_entry.read_entry(sent, self.shelf.policy.area_code, now)
        except EntryError as error:
            return self._page(request, sent, error.wrong)
        known = await asyncio.to_thread(lead_entry.assess, self.shelf, entry.told, now)
        me = clerk(request).account.person
        async with self.service.store.transaction() as work:
            lead = await lead_entry.enter(work, self.shelf, entry, known, me, now)
        return self.done(request, f"登记好了，编号 {lead.number}。", "lead", id=lead.id)

    def _page(self, request: Request, sent: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> Response:
        told = notice(self.shelf, Form()).replace("**", "").splitlines()[1:-4]
        context = {
            "sent": sent,
            "wrong": wrong or {},
            "came": {each.value: label for each, label in CAME.items()},
            "consents": {each.value: label for each, label in CONSENT.items()},
            "times": TIMES,
            "notice": [*(line.removeprefix("• ") for line in told), RIGHTS],
            "longest": LONGEST_TOLD,
        }
        return self.render(request, "lead_new.html", context, 422 if wrong else 200)
