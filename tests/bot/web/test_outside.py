"""Whatever comes from outside, in addresses, queries, filters and forms: a page, or a refusal; never an error of ours."""

from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import product
from urllib.parse import quote

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from bot.web.app import create_app
from bot.web.chat import Chat
from bot.web.desk.app import desk
from bot.web.metrics import Metrics
from bot.web.security import number
from conversations.service import Service
from tests.bot.web.desk_site import OFFICE, AtDesk
from tests.bot.web.visitor import Visitor
from tests.chance import some
from tests.table import check_each

pytestmark = pytest.mark.exhaustive

VALUES = ["-1", "9" * 15, str(2**63), "9" * 5000, "²", "\0", ""]
HOSTILE = [*(quote(value, safe="") for value in VALUES), "%FF"]
LISTS = ["/desk/leads/list", "/desk/consultations/list"]
QUERIES = [
    *("page", "page_size", "pk", "after", "q", "sort", "cols", "filter", "span", "state", "kind", "next"),
    *("_origin", "_list_query", "name", "all", "embed", "type", "since", "until"),
]
FILTERS = ["created__lt={}", "follow_up__between={0}..{0}", "number__contains={}", "(state__eq={}", "nothing__eq={}"]
FIELDS = (
    *("text", "choice", "tick", "message", "after", "state", "day", "follow_up", "assignee", "note", "answer"),
    *("username", "password", "style", "chosen", "next", "sender", "mark", "query"),
)


@pytest.fixture
async def clerk(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the office, who is a visitor of the chat page as well; ``_transport`` has the app."""
    async with Chat(service, limited=False) as chat:
        app = create_app(service, [*chat.routes, desk(service)], Metrics(CollectorRegistry()))
        visitor = Visitor(app)
        await visitor.open()
        await visitor.say("260万")
        at_desk = AtDesk(app)
        assert "退出登录" in (await at_desk.log_in(*OFFICE)).text
        at_desk.http.cookies.set("wence", visitor.client.cookies["wence"])
        yield at_desk.http


def addresses(routes: Sequence[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """The methods and paths of all routes, with their parameters as they are written."""
    for route in routes:
        if isinstance(route, Route):
            yield from ((method, before + route.path) for method in sorted(route.methods or ()) if method != "HEAD")
        elif isinstance(route, Mount):
            yield from addresses(route.routes, before + route.path)


def filled(path: str, values: Sequence[str]) -> Iterator[str]:
    """``path`` with each of ``values`` for its parameters."""
    head, brace, rest = path.partition("{")
    if not brace:
        yield path
        return
    name, _, tail = rest.partition("}")
    for value in ["leads", *values] if name == "key" else ["1", *values]:
        yield from filled(f"{head}{value}{tail}", values[:1])


class Asking:
    """Asks as the clerk, and notes what was answered with an error."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        app: Starlette = client._transport.app  # type: ignore[attr-defined]
        self.routes = sorted({each for each in addresses(app.routes) if not each[1].startswith(("/api/", "/stream"))})
        self._client = client
        client._transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 5))
        self.failed: list[str] = []

    async def __call__(self, method: str, address: str, **fields: str) -> None:
        token = self._client.cookies.get("starlette_admin_csrftoken", "")
        data = {"csrftoken": token, **fields} if method == "POST" else None
        answer = await self._client.request(method, address, data=data)
        if answer.status_code >= 500:
            self.failed.append(f"{method} {address[:120]} {[*fields]}: {answer.status_code}")


async def test_in_no_address(clerk: httpx.AsyncClient) -> None:
    ask = Asking(clerk)
    assert {"/document/{id:row}", "/desk/leads/{id:row}", "/desk/questions/{id:row}/mark"} <= {p for _, p in ask.routes}
    for method, address in some((method, each) for method, path in ask.routes for each in filled(path, HOSTILE)):
        if address != "/desk/logout":
            await ask(method, address)
    assert ask.failed == []


async def test_in_no_query_and_no_filter(clerk: httpx.AsyncClient) -> None:
    ask = Asking(clerk)
    pages = {*LISTS, *(path for method, path in ask.routes if method == "GET" and "{" not in path)}
    for path, name, value in some(product(sorted(pages), QUERIES, ("9" * 30, "%FF"))):
        await ask("GET", f"{path}?{name}={value}")
    for path, name, value in some(product(LISTS, ("page", "page_size"), HOSTILE)):
        await ask("GET", f"{path}?{name}={value}")
    for path, kind, value in some(product(LISTS, FILTERS, ("9999-12-31", "0001-01-01", "9" * 30, '"', "", "\0"))):
        await ask("GET", f"{path}?filter={quote(kind.format(value), safe='')}")
    assert ask.failed == []


async def test_in_no_form(clerk: httpx.AsyncClient) -> None:
    ask = Asking(clerk)
    paths = [path for method, path in ask.routes if method == "POST" and path != "/desk/logout"]
    forms = [form for path in paths for form in filled(path, ["1"])]
    for form, value in some(product(forms, ("9" * 5000, "-1", "\0", "9999-12-31", "a" * 30_000))):
        await ask("POST", form, **dict.fromkeys(FIELDS, value))
    assert ask.failed == []


def test_a_number_is_bounded() -> None:
    cases = [("", 1), ("7", 7), (" 8 ", 8), ("-3", 1), ("9" * 5000, 99), ("1e3", 1), ("²", 1), ("٣", 3), ("0", 1)]

    def is_so(case: tuple[str, int]) -> None:
        assert number(case[0], 1, 99) == case[1]

    check_each(cases, is_so)
