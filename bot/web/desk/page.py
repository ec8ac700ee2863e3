"""What all pages of the desk have in common: a place in the menu, the service, and how they answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates
from starlette_admin import CustomView, routing
from starlette_admin.flash import flash
from starlette_admin.flash import get_flashed_messages as flashed  # pyright: ignore[reportUnknownVariableType]

from bot.web.desk import NAME
from conversations.service import Service

H = TypeVar("H", bound=Callable[..., Awaitable[Response]])


def route(path: str, methods: Sequence[str] = ("GET",), name: str | None = None) -> Callable[[H], H]:
    """Have a method answer at ``path``, below its page's; starlette-admin's, with a type."""
    return cast("Callable[[H], H]", routing.route(path, list(methods), name))  # pyright: ignore[reportUnknownMemberType]


class DeskPage(CustomView):
    """A page of our own beside starlette-admin's lists; it is told what to show by ``render``."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self.service = service
        self.shelf = service.shelf

    def render(self, request: Request, name: str, context: Mapping[str, object], status: int = 200) -> Response:
        """The template ``name`` filled with ``context``."""
        templates = cast("Jinja2Templates", self.templates)  # which it is given when it is added
        told = cast("list[dict[str, str]]", flashed(request))
        filled = {"title": self.menu_label, "flashed_messages": told, **context}
        return templates.TemplateResponse(request, name, filled, status)

    def done(self, request: Request, words: str, route: str, *, fine: bool = True, **path: object) -> Response:
        """Tell ``words`` on the page ``route``, where the browser goes now."""
        flash(request, words, "success" if fine else "warning")
        return RedirectResponse(request.url_for(f"{NAME}:{route}", **path), 303)


async def form(request: Request) -> dict[str, str]:
    """The text fields of a posted form, without white space around them; of a field that comes twice the last."""
    return {name: value.strip() for name, value in (await request.form()).items() if isinstance(value, str)}


def day(text: str) -> date | None:
    """The date that a date field sent, None for an empty one. Raises ``HTTPException`` (400) for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(400, "日期看不懂，请从日历里选。") from None
