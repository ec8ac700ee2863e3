"""What is done to many leads of the list at once: another colleague, another state, another day to look at them.

By starlette-admin's actions: its boxes and its window with a form. All goes through ``conversations.office.leads``, which
writes each down in the history of its lead.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette_admin.actions import ActionSelection
from starlette_admin.actions import action as plain_action
from starlette_admin.exceptions import ActionFailed
from starlette_admin.flash import flash

from bot.web.desk.login import clerk
from bot.web.desk.page import day, form
from bot.web.security import number
from conversations.office import leads
from conversations.office.leads import RefusedError
from conversations.saying.registration import STATES
from conversations.state import office_time
from conversations.state.leads import LeadState
from conversations.storage.store import Store, Work
from conversations.storage.tables_leads import Lead

LONGEST_NOTE = 2000
MOST = 2000
"""So many leads at once."""
_Do = Callable[[Work, Lead, str, datetime], Awaitable[None]]
_LARGEST_ID = 2**53


def _owners(request: Request) -> str:
    options = Markup("").join(
        Markup('<option value="{}">{}</option>').format(*one) for one in clerk(request).names.items()
    )
    return _form(
        Markup('<label class="form-label" for="bulk-owner">分给</label>')
        + Markup('<select class="form-select" id="bulk-owner" name="assignee">{}</select>').format(options)
    )


def _states(request: Request) -> str:
    options = Markup("").join(Markup('<option value="{}">{}</option>').format(*one) for one in STATES.items())
    return _form(
        Markup('<label class="form-label" for="bulk-state">改成</label>')
        + Markup('<select class="form-select" id="bulk-state" name="state">{}</select>').format(options)
        + Markup('<label class="form-label" for="bulk-note">说明（往回改时要写原因）</label>')
        + Markup('<input class="form-control" id="bulk-note" name="note" maxlength="{}">').format(LONGEST_NOTE)
    )


def _days(request: Request) -> str:
    today = office_time.today(datetime.now(UTC))
    return _form(
        Markup('<label class="form-label" for="bulk-day">跟进日期（留空是取消）</label>')
        + Markup('<input class="form-control" id="bulk-day" name="follow_up" type="date" min="{}">').format(today)
    )


def _form(fields: Markup) -> str:
    return Markup("<form>{}</form>").format(fields)


def action(name: str, text: str, form: Callable[[Request], str]) -> Callable[[Any], Any]:
    """Have a method do something to the leads that are ticked, after a window with ``form``."""
    return plain_action(
        name, text, confirmation="勾选的登记一起改，每条都会记进历史。", header=text, submit_btn_text="改", form=form
    )


class BulkWork:
    """What the list of leads offers for those that are ticked; to be mixed into its view."""

    actions: Sequence[str] | None = ("assign", "move", "plan")
    action_select_all_limit = MOST
    store: Store

    @action("assign", "分给同事", _owners)
    async def bulk_assign(self, request: Request, selection: ActionSelection) -> None:
        """Give them to a colleague."""
        key, names = (await form(request)).get("assignee", ""), clerk(request).names
        if key not in names:
            raise ActionFailed("没有这位同事。")

        async def do(work: Work, lead: Lead, me: str, now: datetime) -> None:
            if lead.assignee != key:
                await leads.assign(work, lead, key, me, names[key], now)

        await self._each(request, selection, do, f"分给了 {names[key]}")

    @action("move", "改状态", _states)
    async def bulk_move(self, request: Request, selection: ActionSelection) -> None:
        """Bring them into another state."""
        sent = await form(request)
        state, note = sent.get("state", ""), sent.get("note", "")[:LONGEST_NOTE]
        if state not in STATES:
            raise ActionFailed("没有这个状态。")

        async def do(work: Work, lead: Lead, me: str, now: datetime) -> None:
            if lead.state != state:
                await leads.move(work, lead, LeadState(state), me, note, now)

        await self._each(request, selection, do, f"改成了“{STATES[state]}”")

    @action("plan", "定跟进日期", _days)
    async def bulk_plan(self, request: Request, selection: ActionSelection) -> None:
        """Set the day to look at them."""
        try:
            chosen = day((await form(request)).get("follow_up", ""))
        except HTTPException as error:
            raise ActionFailed(error.detail) from None

        async def do(work: Work, lead: Lead, me: str, now: datetime) -> None:
            if lead.follow_up != chosen:
                await leads.follow_up(work, lead, chosen, me, now)

        await self._each(request, selection, do, f"定在 {chosen} 跟进" if chosen else "取消了跟进日期")

    async def _each(self, request: Request, selection: ActionSelection, do: _Do, done: str) -> None:
        """Do it to each lead that is ticked, in one transaction, and tell what was done and what was not."""
        ticked: list[Any] = await selection.pks()
        ids = [number(str(pk), 0, _LARGEST_ID) for pk in ticked[:MOST]]
        me, now = clerk(request).account.person, datetime.now(UTC)
        refused: list[str] = []
        async with self.store.transaction() as work:
            found = await leads.find(work.connection, Lead.id.in_(ids))
            for lead in found:
                try:
                    await do(work, lead, me, now)
                except RefusedError as error:
                    refused.append(str(error))
        if refused and len(refused) == len(found):
            raise ActionFailed(refused[0] if len(set(refused)) == 1 else f"一条也没有改。{refused[0]}")
        flash(request, f"{len(found) - len(refused)} 条{done}。", "success")
        if refused:
            flash(request, f"{len(refused)} 条没有改：{refused[0]}", "warning")
