"""The chat page: the consultation as a channel of the web, a person being a browser with its cookie.

The page shows a person's own log (``conversations.consultation.history``), so a reply is delivered once it stands there: a page that
is loaded again, or in a second tab, shows the same. Posted forms are messages; with the script they are posted in the
background, and replies that come later (from staff) arrive as server-sent events. Decides nothing about what is said.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, quote

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channel import MakeFile, clean
from bot.log_channel import LogChannel
from bot.web.away import WhenAway
from bot.web.listeners import ENDLESS, Listeners, begin
from bot.web.security import Rate, RateLimits, SecurityHeaders, Visitor, address, body_within, same_origin
from bot.web.traits import LONGEST_CHOICE, WEB
from conversations.consultation.dialogue import turn
from conversations.consultation.history import History, LogEntry, entry, history
from conversations.saying.notices import to_choose, welcome
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound, Kind, Reply
from conversations.state.session import Session
from conversations.storage.faults import complain
from conversations.storage.store import Store
from conversations.storage.tables import LoggedMessage
from knowledge.patterns import regex

if TYPE_CHECKING:
    from bot.web.chat_page import Page

log = logging.getLogger(__name__)

START = "/start"
LARGEST_POST = 300_000
"""Bytes of a form that are read; percent-encoding makes nine of one Chinese character."""
LONGEST_TEXT = 20_000
"""Characters that are handed on; the dialogue itself says kindly that two thousand are enough."""
LONGEST_UNIT = 8
"""The most characters of what stands beside a field for a figure."""
LATER = 10
"""Seconds after which something that the database did not let through is worth another try."""
PER_SESSION, PER_ADDRESS, PAGES_PER_ADDRESS = Rate(40), Rate(300), Rate(600)
"""Messages of one visitor; messages, and pages, from one address: an office may share one."""

STATIC = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml"}

_ID = regex(r"[A-Za-z0-9-]{8,64}")
_NUMBER = regex(r"\d{1,18}")

TOO_OFTEN = "您发得有点快，请等 {} 秒再发。前面的回答都还在。"
TOO_LONG = "这段话太长了，放不下。请挑和扶持政策有关的部分，分几条发。"
NOT_KEPT = "刚才这条没能存下来，请稍后再发一次。前面的回答都还在。"
NO_COOKIE = "浏览器没有保存 cookie，我认不出您是哪一位，没法接着问。请允许本站的 cookie，再刷新页面。"
NOT_OURS = "这条消息不是从本页面发出的，没有处理。请刷新页面再试。"
NOT_UNDERSTOOD = "这条消息不完整，没有处理。请刷新页面再试。"
NO_FILE = "没有找到这份文件，请回到对话里重新下载。"


class Chat(LogChannel):
    """The channel, an asynchronous context manager: in it replies reach the pages; ``run`` looks after the outbox.

    ``embed_origins`` may show the page in a frame. ``make_file`` makes the documents that replies carry. ``limited``
    False lifts the rate limits, for benchmarks.
    """

    traits = WEB

    def __init__(
        self,
        service: Service,
        *,
        embed_origins: Collection[str] = (),
        make_file: MakeFile | None = None,
        limited: bool = True,
    ) -> None:
        super().__init__(service)
        self._make_file = make_file
        self._embed_origins = embed_origins
        self._limits = RateLimits(service.store) if limited else None
        self._listeners = Listeners(self._news)
        self._alive: asyncio.Task[None] | None = None

    @cached_property
    def _page(self) -> "Page":
        from bot.web.chat_page import Page

        return Page(self._service.shelf, self._embed_origins)

    @property
    def routes(self) -> list[Route]:
        """The page, its messages, its documents and its static files."""
        headers = [Middleware(SecurityHeaders)]
        return [
            Route("/", self._show, middleware=headers),
            Route("/say", self._say, methods=["POST"], middleware=headers),
            Route("/document/{id:row}", self._document, middleware=headers),
            Route("/static/{name}", self._static, middleware=headers),
        ]

    def before(self, app: ASGIApp) -> ASGIApp:
        """``app`` with those who listen before it: a request that lasts would hold all that it passes through."""
        admit = WhenAway(self._admit)

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] != "/stream" or scope["method"] != "GET":
                await app(scope, receive, send)
                return
            state = scope.setdefault("state", {})
            await admit(scope, receive, send)
            if ENDLESS in state:
                person, after = state[ENDLESS]
                await self._listeners.listen(person, after, receive, send)

        return front

    async def __aenter__(self) -> Self:
        self._alive = asyncio.create_task(self._listeners.keep_alive())
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._alive is not None:
            self._alive.cancel()
        await self._listeners.end()
        await super().__aexit__(kind, error, trace)

    # -- what a browser asks for

    async def _show(self, request: Request) -> Response:
        """The page: a person's own history, or the first question. The switch to large type comes here too."""
        if (size := request.query_params.get("type")) is not None:
            back = RedirectResponse(self._page.address(embedded=_embedded(request)), 303)
            back.set_cookie("wence_type", "large" if size == "large" else "normal", 365 * 86400, samesite="lax")
            return back
        if wait := await self._too_often((PAGES_PER_ADDRESS, address(request))):
            return self._refuse(request, 429, TOO_OFTEN.format(wait), wait)
        visitor = Visitor.of(request, embedded=_embedded(request))
        seen = History((), None) if visitor.new else await self._history(visitor.person)
        response = self._whole(request, seen)
        if not seen.entries:
            visitor = visitor.afresh()
        visitor.remember(response, request, embedded=_embedded(request))
        return response

    async def _say(self, request: Request) -> Response:
        """Take a message. Answers with what is new since ``after``: as JSON to the script, as the page to a form."""
        if not same_origin(request):
            return self._refuse(request, 403, NOT_OURS)
        visitor = Visitor.of(request, embedded=_embedded(request))
        if visitor.new:
            return self._refuse(request, 403, NO_COOKIE)
        bounds = (PER_SESSION, visitor.person), (PER_ADDRESS, address(request))
        if wait := await self._too_often(*bounds):
            return self._refuse(request, 429, TOO_OFTEN.format(wait), wait)
        form = await _form(request)
        inbound = None if form is None else _inbound(visitor, form)
        if form is None or (inbound and len(inbound.text) > LONGEST_TEXT):
            return self._refuse(request, 413, TOO_LONG)
        after = form.get("after", [""])[0]
        if inbound is None or not _NUMBER.fullmatch(after):
            return self._refuse(request, 400, NOT_UNDERSTOOD)
        try:
            fresh = not int(after) and not (await self._history(visitor.person)).entries
            told = await self._hand_in(inbound, first=fresh)
            if not _wants_json(request) and not told:
                return RedirectResponse(self._page.address(embedded=_embedded(request), last=True), 303)
            seen = await self._history(visitor.person, int(after) if _wants_json(request) else 0)
        except (SQLAlchemyError, OSError) as error:
            complain(log, "A message could not be kept", error)
            return self._refuse(request, 503, NOT_KEPT, LATER)
        if not _wants_json(request):
            return self._whole(request, seen, told)
        if not int(after):
            seen = _without_opening(seen)
        # A message that leaves no trace took the log with it: the page shall show no more than is kept.
        return JSONResponse(self._page.news(seen, told) | {"reset": bool(told)})

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin the answer to who may listen to what is said after ``after``; others are told that they may not."""
        request = Request(scope)
        visitor = Visitor.of(request, embedded=_embedded(request))
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        elsewhere = request.headers.get("sec-fetch-site", "same-origin") != "same-origin"
        answer: ASGIApp = Response(status_code=204)  # tells the browser not to try again
        if not (visitor.new or elsewhere) and _NUMBER.fullmatch(after):
            if wait := await self._too_often((PAGES_PER_ADDRESS, address(request))):
                answer = self._refuse(request, 429, TOO_OFTEN.format(wait), wait)
            else:
                scope["state"][ENDLESS] = visitor.person, int(after)
                answer = begin
        await SecurityHeaders(answer)(scope, receive, send)

    async def _document(self, request: Request) -> Response:
        """The document of a reply to this very person."""
        visitor = Visitor.of(request, embedded=_embedded(request))
        line = await entry(self._service.store, visitor.person, request.path_params["id"])
        reply = line.shown if line is not None else None
        if reply is None or reply.file is None or self._make_file is None:
            return self._refuse(request, 404, NO_FILE)
        if wait := await self._too_often((PER_SESSION, visitor.person)):
            return self._refuse(request, 429, TOO_OFTEN.format(wait), wait)
        try:
            content = await self._make_file(reply)
        except LookupError:  # what it was of is not kept any more
            return self._refuse(request, 404, NO_FILE)
        disposition = f"attachment; filename*=UTF-8''{quote(reply.file)}"
        return Response(content, headers={"content-disposition": disposition}, media_type="application/octet-stream")

    async def _static(self, request: Request) -> Response:
        """The script and the icon; their addresses carry a hash, so they may be kept for ever."""
        file = STATIC / request.path_params["name"]
        if file.parent != STATIC or file.suffix not in TYPES or not file.is_file():
            return self._refuse(request, 404, NO_FILE)
        return FileResponse(
            file, media_type=TYPES[file.suffix], headers={"cache-control": "public, max-age=31536000, immutable"}
        )

    # -- the way of a message

    async def _hand_in(self, inbound: Inbound, *, first: bool) -> list[Outgoing]:
        """Take a message in, the opening before the first; returns the replies that no log holds."""
        work = [self._service.handle(inbound)]
        if first:  # the page has shown the opening already, without a row in the database for everybody passing by
            begun = Inbound(
                id=f"{inbound.id}:start",
                channel=WEB.name,
                person=inbound.person,
                chat=inbound.chat,
                kind=Kind.TEXT,
                text=START,
                theirs=True,
                at=inbound.at,
            )
            work.insert(0, self._service.handle(begun))
        *_, replies = await asyncio.gather(*work)
        return [outgoing for outgoing in replies if not outgoing.person]

    async def written_since(self, since: datetime) -> None:
        """Let the open pages know of what another process has written."""
        if self._listeners.any:
            self.written_to(await _written_to(self._service.store, since))

    def written_to(self, chats: Iterable[str]) -> None:
        """Let the open pages know; a person's chat is named as they are."""
        self._listeners.told(chats)

    async def _news(self, person: str, after: int) -> tuple[int, str] | None:
        """What has been said to somebody after ``after``, for a page that is open; None where nothing was."""
        seen = await self._history(person, after)
        if not seen.entries:
            return None
        return seen.entries[-1].id, json.dumps(self._page.news(seen), ensure_ascii=False)

    # -- what is shown

    async def _history(self, person: str, after: int = 0) -> History:
        return await history(self._service.store, self._service.shelf, person, after)

    def _whole(self, request: Request, seen: History, told: Sequence[Outgoing] = ()) -> Response:
        opening = None if seen.entries or told else self._opening()
        return self._page.response(
            opening or seen, told, embedded=_embedded(request), large=request.cookies.get("wence_type") == "large"
        )

    def _opening(self) -> History:
        """The first question, for somebody of whom nothing is kept yet; of several documents some can be chosen before."""
        shelf = self._service.shelf
        now = datetime.now(UTC)
        begun = Inbound(id=START, channel=WEB.name, person="", chat="", kind=Kind.TEXT, text=START, at=now)
        taken = turn(Session.begin("", "", shelf, now), begun, shelf, now)
        *lines, question = taken.replies
        entries = [LogEntry(0, False, reply.text, None) for reply in lines]
        asked, greeting = question.text, welcome(shelf)
        choices = to_choose(shelf.policy) if taken.session.offered else ()  # else the question itself offers them
        if choices and asked.startswith(greeting):
            asked = asked.removeprefix(greeting).lstrip()
            entries.append(LogEntry(0, False, greeting, Reply(text=greeting, choices=choices)))
        return History((*entries, LogEntry(0, False, asked, None)), question)

    def _refuse(self, request: Request, status: int, words: str, wait: int = 0) -> Response:
        headers = {"retry-after": str(wait)} if wait else None
        if _wants_json(request):
            return JSONResponse({"error": words}, status, headers)
        return self._page.notice(words, status, headers, embedded=_embedded(request))

    async def _too_often(self, *bounds: tuple[Rate, str]) -> int:
        return 0 if self._limits is None else await self._limits.wait(*bounds)


def _inbound(visitor: Visitor, form: Mapping[str, Sequence[str]]) -> Inbound | None:
    """The message that a form is, None where it is none."""
    id = form.get("message", [""])[0]
    choice = form.get("choice", [""])[0]
    text = _with_unit(clean(form.get("text", [""])[0]), clean(form.get("unit", [""])[0]))
    ticks = tuple(form.get("tick", ()))
    if not _ID.fullmatch(id) or (not choice and not text):
        return None
    # A form that is sent again after the button "back", with other words, is another message. Without the visitor's
    # secret, which is kept nowhere, nobody can find out from this what was said.
    said = hmac.digest(visitor.token.encode(), f"{id}\n{choice}\n{ticks}\n{text}".encode(errors="replace"), "sha256")
    return Inbound(
        id=said.hex(),
        channel=WEB.name,
        person=visitor.person,
        chat=visitor.person,
        kind=Kind.CHOICE if choice else Kind.TEXT,
        text=clean(choice)[:LONGEST_CHOICE] if choice else text,
        ticks=ticks if choice and ticks else None,
        theirs=True,
        at=datetime.now(UTC),
    )


def _with_unit(text: str, unit: str) -> str:
    """What was typed into a field with its ``unit`` beside it: a bare figure is one of that unit."""
    bare = text[-1:].isdigit() and len(unit) <= LONGEST_UNIT
    return f"{text}{unit}" if bare else text


async def _form(request: Request) -> dict[str, list[str]] | None:
    """The fields of a posted form, None where it is too large."""
    body = await body_within(request, LARGEST_POST)
    if body is None:
        return None
    try:
        return parse_qs(body.decode("ascii", "replace"), max_num_fields=200)
    except ValueError:
        return {}


async def _written_to(store: Store, since: datetime) -> Sequence[str]:
    """To whom something has been written since then."""
    async with store.reading() as connection:
        return (
            await connection.scalars(select(LoggedMessage.person).distinct().where(LoggedMessage.at >= since))
        ).all()


def _without_opening(seen: History) -> History:
    """Without the opening that a page has shown before the consultation was kept."""
    begins = next((at for at, line in enumerate(seen.entries) if line.incoming and line.text != START), 0)
    return History(seen.entries[begins:], seen.question, seen.earlier)


def _embedded(request: Request) -> bool:
    return request.query_params.get("embed") == "1"


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept") == "application/json"
