"""What the web answers while the database does not: 503, when to come again, and kind words in the form that was wanted.

Before all applications while the process waits for its database at the start, and around them later on.
"""

import logging
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web import problems
from bot.web.api_operations import PREFIX
from bot.web.security import SecurityHeaders, page_policy
from conversations.storage.faults import complain, passing

if TYPE_CHECKING:
    from jinja2 import Template

_log = logging.getLogger(__name__)

AGAIN = {"retry-after": "10"}
"""The header that says when to come again."""
WORDS = "系统暂时用不了，正在恢复。您前面的回答都还在；这一页会自己再试，请稍等一会儿。"
NOT_TAKEN = "系统暂时用不了，正在恢复，刚才这一步没有办成。您前面的回答都还在，请过一会儿再试一次。"
_NO_DATABASE = "The database does not answer just now; nothing was kept."


class WhenAway:
    """Middleware: where ``app`` fails since the database is away, that is what is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if started or scope["type"] != "http" or not passing(error):
                raise
            complain(_log, "A request could not be answered", error)
            await away(scope, receive, send)


async def away(scope: Scope, receive: Receive, send: Send) -> None:
    """The application that answers everything with 503."""
    if scope["type"] == "http":
        await SecurityHeaders(_answer(Request(scope)))(scope, receive, send)


def _answer(request: Request) -> Response:
    path = request.url.path
    words = WORDS if request.method in ("GET", "HEAD") else NOT_TAKEN
    if path.startswith(f"{PREFIX}/"):
        return problems.response(problems.ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, _NO_DATABASE, headers=AGAIN))
    if path == "/healthz":
        return JSONResponse({"status": "no database"}, 503, AGAIN)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": words}, 503, AGAIN)
    style, page = _page()
    html = page.render(words=words, again=AGAIN["retry-after"] if words is WORDS else "")
    return HTMLResponse(html, 503, {"content-security-policy": page_policy(style), **AGAIN})


@cache
def _page() -> "tuple[str, Template]":
    """The page's style, and its template."""
    from markupsafe import Markup  # this and the templates are seldom needed, and the start shall be quick

    from bot.web.templating import environment

    style = (Path(__file__).parent / "static" / "chat.css").read_text(encoding="utf-8")
    page = environment().get_template("notice.html", globals={"style": Markup(style)})  # noqa: S704 - our own file
    return style, page
