"""Who is at the desk: logging in and out with a cookie, and whose request this is."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.auth import AdminUser, AuthProvider
from starlette_admin.exceptions import LoginFailed
from starlette_admin.helpers import safe_redirect_url

from bot.web.security import address
from conversations.office import accounts, leads
from conversations.office.accounts import LONGEST, Account, LoginError, Role
from conversations.storage.store import Store

COOKIE = "wence_desk"
WRONG = "账号或密码不对，请再试一次。"
LOCKED = "试错的次数太多了，请 {} 分钟后再试。"


@dataclass
class Clerk(AdminUser):
    """Who is at the desk; ``names`` are what colleagues are called by their keys, this one included."""

    account: Account = field(default_factory=lambda: Account("", Role.HELPDESK))
    names: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def office(self) -> bool:
        """Whether this is somebody of the office, who may export."""
        return self.account.role is Role.OFFICE


def clerk(request: Request) -> Clerk:
    """Who makes this request; behind the login there is always somebody."""
    return request.state.admin_user


class Login(AuthProvider):
    """Logs in and out, against the accounts in ``store``."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def login(self, username: str, password: str, remember_me: bool, request: Request) -> Response:
        """Give the browser a secret and send it to where it wanted to go. Raises ``LoginFailed``."""
        now = datetime.now(UTC)
        try:
            token = await accounts.login(self._store, username, password, address(request), now)
        except LoginError as error:
            if error.wait is None:
                raise LoginFailed(WRONG) from None
            raise LoginFailed(LOCKED.format(int(error.wait.total_seconds() // 60) + 1)) from None
        person = Account(username.strip(), Role.HELPDESK).person
        async with self._store.transaction() as work:
            await leads.meet(work, person, username.strip(), now)
        home = str(request.url_for(request.app.state.ROUTE_NAME + ":index"))
        wanted = safe_redirect_url(request.query_params.get("next") or home, request, home)
        response = RedirectResponse(wanted, 303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(LONGEST.total_seconds()),
            path=request.scope["root_path"] or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response

    async def logout(self, request: Request) -> Response:
        """Make the browser's secret worthless."""
        await accounts.logout(self._store, request.cookies.get(COOKIE, ""))
        response = RedirectResponse(request.url_for(request.app.state.ROUTE_NAME + ":login"), 303)
        response.delete_cookie(COOKIE, path=request.scope["root_path"] or "/")
        return response

    async def authenticate(self, request: Request) -> AdminUser | None:
        """Who makes the request, None where nobody has logged in or the time is over."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        account = await accounts.of(self._store, token, datetime.now(UTC))
        if account is None:
            return None
        async with self._store.reading() as connection:
            names = await leads.colleagues(connection)
        return Clerk(account.name, None, account, names)
