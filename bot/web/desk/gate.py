"""The door of the desk: nobody where there is no account, no posts from other sites, no floods, a strict page policy.

An ASGI layer around everything of the desk. Knows no page and no account's name.
"""

import logging
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.match import TOO_LARGE
from bot.web.entrance import LARGEST
from bot.web.security import number, same_origin
from conversations.office import accounts, attachments
from conversations.storage.store import Store
from knowledge.patterns import regex

log = logging.getLogger(__name__)

LARGEST_POST = 200_000
"""Bytes of a form that are read; a customer's message of four thousand characters is the longest there is."""
_LARGER = {
    regex(r"/match/upload"): (LARGEST, f"文件太大，没有处理：{TOO_LARGE}"),
    regex(r"/leads/\d+/attach"): (attachments.LARGEST + LARGEST_POST, f"文件太大，没有存：{attachments.too_large()}"),
}
"""Where more may be posted, and what is said where it is still too much."""
_STALE = "这一页放得太久了，提交的内容没有处理。请回到上一页，刷新以后再提交。".encode()
"""In the place of what the desk's library says, in English, of a form whose token is none (any more)."""
_SAFE = frozenset({"GET", "HEAD"})
_STATIC = "/static/"
_COUNTS, _DIGITS = frozenset({"page", "page_size"}), 9
"""What its lists count by, and the digits that any of that has; a database cannot count to a number of twenty."""
_UNUSED = "/_api/", "/_files/"
"""What the desk's library has for changing rows and keeping files, neither of which is done by it here."""
_USED = "/_api/leads/action"
"""But for this, by which the leads that are ticked in the list are changed, each with its history."""


class Gate:
    """Lets requests through to ``app``, the desk, each with a nonce for the inline scripts of its page."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = await self._refusal(Request(scope))
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})["nonce"] = nonce
        static = scope["path"].startswith(f"{scope.get('root_path', '')}{_STATIC}")

        stale = False

        async def send_with_headers(message: Message) -> None:
            nonlocal stale
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if static:
                    headers["cache-control"] = "public, max-age=86400"
                else:
                    headers["content-security-policy"] = _policy(nonce)
                stale = message["status"] == 403 and headers.get("content-type", "").startswith("text/plain")
                if stale:
                    headers["content-length"] = str(len(_STALE))
            elif stale:  # in the place of the body, which may come in parts
                message = {**message, "body": b"" if message.get("more_body") else _STALE}
            await send(message)

        await self._app(scope, receive, send_with_headers)

    async def _refusal(self, request: Request) -> Response | None:
        place = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        used = place == _USED and "name" in request.query_params  # without one the library fails
        if not await self._open() or (place.startswith(_UNUSED) and not used):
            return PlainTextResponse("Not Found", 404)
        pages = (value for name, value in request.query_params.multi_items() if name in _COUNTS)
        if any(len(value) > _DIGITS for value in pages):
            return PlainTextResponse("没有这一页。", 404)
        if request.method in _SAFE:
            return None
        if not same_origin(request):
            return PlainTextResponse("这个请求不是从本站页面发出的，没有处理。", 403)
        length = request.headers.get("content-length", "")
        bounds = (bound for path, bound in _LARGER.items() if path.fullmatch(place))
        most, words = next(bounds, (LARGEST_POST, "提交的内容太长，没有处理。"))
        # Of unknown length is what no browser's form is.
        if not length.isdecimal() or number(length, 0, most + 1) > most:
            return PlainTextResponse(words, 413)
        return None

    async def _open(self) -> bool:
        """Whether there is an account; asked each time, for accounts come and go while this runs."""
        async with self._store.reading() as connection:
            found = await accounts.exist(connection)
        if not found and not self._warned:
            log.warning("There is no desk: nobody has an account; make one with: wence desk add NAME --role office")
        self._warned = not found
        return found


def _policy(nonce: str) -> str:
    """The Content-Security-Policy of a page: everything from this site.

    starlette-admin's templates have inline scripts, which the nonce names, and style attributes, as pygal's charts
    have a style sheet; those no nonce can name, and styles alone can do little harm.
    """
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
