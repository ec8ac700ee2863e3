"""Accounts of the desk: the office adds, changes and disables them; everybody has a password of their own to change.

All goes through ``conversations.office.accounts``; what was done by whom stands in the log. Any change logs the account
out everywhere.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from math import ceil

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk.lists import here
from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, form, route
from bot.web.security import address
from conversations.office import accounts
from conversations.office.accounts import AccountError, LoginError, Role
from conversations.storage.store import Work

log = logging.getLogger(__name__)

ROLES = {Role.HELPDESK.value: "咨询员：不能导出、不能删除", Role.OFFICE.value: "办公室：都能做"}
NOT_YOURS = "账号由办公室管理，您可以改自己的密码。"


class AccountPages(DeskPage):
    """The list of accounts with what can be done to each; for the office alone."""

    path = "/accounts"
    route_name = "accounts"
    menu_label = "账号"
    icon = "fa-solid fa-user-gear"

    def is_accessible(self, request: Request) -> bool:
        """Whether it stands in the menu."""
        return clerk(request).office

    @route("")
    async def index(self, request: Request) -> Response:
        """The list, and the form for a new account."""
        return await self._page(request)

    @route("/add", methods=["POST"], name="account-add")
    async def add(self, request: Request) -> Response:
        """A new account."""
        sent = await form(request)
        name, role = sent.get("name", ""), _role(sent)

        async def do(work: Work, now: datetime) -> str:
            await accounts.open_new(work, name, role, await _password(request), now)
            return f"账号“{name}”开好了。"

        return await self._do(request, do)

    @route("/role", methods=["POST"], name="account-role")
    async def role(self, request: Request) -> Response:
        """Another role."""
        sent = await form(request)
        name, role = sent.get("name", ""), _role(sent)

        async def do(work: Work, _now: datetime) -> str:
            await accounts.give_role(work, name, role)
            return f"“{name}”的角色改好了，要重新登录。"

        return await self._do(request, do)

    @route("/reset", methods=["POST"], name="account-reset")
    async def reset(self, request: Request) -> Response:
        """Another password."""
        name = (await form(request)).get("name", "")

        async def do(work: Work, _now: datetime) -> str:
            await accounts.reset(work, name, await _password(request))
            return f"“{name}”的密码重设好了，原来的登录都退出了。"

        return await self._do(request, do)

    @route("/disable", methods=["POST"], name="account-disable")
    async def disable(self, request: Request) -> Response:
        """Let nobody log in by it, or let them again."""
        sent = await form(request)
        name, on = sent.get("name", ""), sent.get("on") == "yes"

        async def do(work: Work, now: datetime) -> str:
            await accounts.disable(work, name, None if on else now)
            return f"“{name}”可以登录了。" if on else f"“{name}”停用了，已经退出登录。"

        return await self._do(request, do)

    async def _do(self, request: Request, do: Callable[[Work, datetime], Awaitable[str]]) -> Response:
        me = clerk(request)
        if not me.office:
            raise HTTPException(403, NOT_YOURS)
        try:
            async with self.service.store.transaction() as work:
                words = await do(work, datetime.now(UTC))
        except AccountError as error:
            return self.done(request, str(error), "accounts", fine=False)
        log.info("Accounts of the desk, by %s: %s", me.account.name, words)
        return self.done(request, words, "accounts")

    async def _page(self, request: Request) -> Response:
        me = clerk(request)
        if not me.office:
            raise HTTPException(403, NOT_YOURS)
        async with self.service.store.reading() as connection:
            every = await accounts.every(connection)
        rows = [
            {"name": name, "role": role, "since": here(created)[:10], "disabled": disabled and here(disabled)[:10]}
            for name, role, created, disabled in every
        ]
        context = {"rows": rows, "roles": ROLES, "me": me.account.name, "shortest": accounts.SHORTEST_PASSWORD}
        return self.render(request, "accounts.html", context)


class OwnPassword(DeskPage):
    """The page where whoever is at the desk changes their own password."""

    path = "/password"
    route_name = "password"
    add_to_menu = False
    menu_label = "改密码"

    @route("")
    async def index(self, request: Request) -> Response:
        """The form."""
        return self._page(request)

    @route("/change", methods=["POST"], name="password-change")
    async def change(self, request: Request) -> Response:
        """Change it; then everybody who has logged in by it logs in again."""
        me = clerk(request).account.name
        sent = await request.form()
        old, new, again = (str(sent.get(name, "")) for name in ("old", "password", "again"))
        if new != again:
            return self._page(request, "两次输入的新密码不一样，还没有改。")
        try:
            await accounts.change_own(self.service.store, me, old, new, address(request), datetime.now(UTC))
        except AccountError as error:
            return self._page(request, str(error))
        except LoginError as error:
            if error.wait is None:
                return self._page(request, "现在的密码不对，还没有改。")
            return self._page(request, f"试错的次数有点多，请 {ceil(error.wait.total_seconds() / 60)} 分钟后再试。")
        log.info("Accounts of the desk: %s has changed the password", me)
        return self.done(request, "密码改好了，其他地方的登录都退出了。", "login")

    def _page(self, request: Request, problem: str = "") -> Response:
        context = {"problem": problem, "shortest": accounts.SHORTEST_PASSWORD}
        return self.render(request, "password.html", context, 422 if problem else 200)


def _role(sent: dict[str, str]) -> Role:
    role = next((each for each in Role if each.value == sent.get("role")), None)
    if role is None:
        raise HTTPException(400, "没有这个角色。")
    return role


async def _password(request: Request) -> str:
    """The password that a form sent, as it was typed."""
    return str((await request.form()).get("password", ""))
