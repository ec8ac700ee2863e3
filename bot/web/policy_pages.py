"""The policies as pages to read and print: a list of all that are served, and a page for each, its clauses at anchors.

Needs no script, no cookie and no database: a page is the same for everybody, and is made once a day, since what is in
force depends on the day. Says nothing but what ``conversations.saying.overview`` finds in the pack.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.web.anchors import LIST
from bot.web.security import SecurityHeaders, page_policy
from conversations.state.office_time import today
from conversations.state.shelf import Shelf
from knowledge.policy import bare

if TYPE_CHECKING:
    from jinja2 import Template

HERE = Path(__file__).parent
_NOWHERE = ""
"""The place, among the pages that are made, of what is shown where there is no such document."""


class PolicyPages:
    """The pages of all documents of ``shelf``."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._made: tuple[date, dict[str, str]] | None = None

    @property
    def routes(self) -> list[Route]:
        """The list, and a page for each document by its id."""
        headers = [Middleware(SecurityHeaders)]
        return [
            Route(f"/{LIST}", self._list, middleware=headers),
            Route(f"/{LIST}/{{id}}", self._document, middleware=headers),
        ]

    async def _list(self, request: Request) -> Response:
        return self._response((await self._pages())[LIST])

    async def _document(self, request: Request) -> Response:
        pages = await self._pages()
        found = pages.get(f"{LIST}/{request.path_params['id']}")
        return self._response(pages[_NOWHERE], 404) if found is None else self._response(found)

    def _response(self, html: str, status: int = 200) -> Response:
        return HTMLResponse(html, status, {"content-security-policy": page_policy(self._style)})

    async def _pages(self) -> dict[str, str]:
        """The pages of today, by their places."""
        day = today(datetime.now(UTC))
        if self._made is None or self._made[0] != day:
            self._made = day, await run_in_threadpool(self._make)
        return self._made[1]

    def _make(self) -> dict[str, str]:
        from conversations.saying.overview import overviews

        found = overviews(self._shelf, datetime.now(UTC))
        template = _templates(self._style)
        document, every = template("policy.html"), template("policies.html")
        pages = {
            f"{LIST}/{each.policy.id}": document.render(it=each, several=len(found) > 1, root="../") for each in found
        }
        pages[LIST] = every.render(documents=found, missing=False, root="./")
        pages[_NOWHERE] = every.render(documents=found, missing=True, root="../")
        return pages

    @cached_property
    def _style(self) -> str:
        # The chat page's look, and what a document has beside it.
        return "".join((HERE / "static" / f"{name}.css").read_text(encoding="utf-8") for name in ("chat", "policy"))


def _templates(style: str) -> "Callable[[str], Template]":
    """The templates by their names."""
    from markupsafe import Markup

    from bot.web.anchors import address, anchor
    from bot.web.chat_page import static
    from bot.web.chat_render import inline
    from bot.web.templating import environment
    from conversations.saying.answers import emphasised
    from conversations.saying.values import day

    def figures(text: str) -> Markup:
        return inline(emphasised(text))

    templates = environment()
    templates.filters |= {"bare": bare, "day": day, "figures": figures}
    shared: dict[str, object] = {
        "address": address,
        "anchor": anchor,
        "static": static,
        "style": Markup(style),  # noqa: S704 - our own files
    }
    return partial(templates.get_template, globals=shared)
