"""Refusals of the HTTP API as problem documents (RFC 9457, ``application/problem+json``).

Each kind of trouble has a status of its own, so a problem is ``about:blank``: its title is the status's name, its
detail a sentence, its ``path`` the place in the request (``items.0.name``). Knows no operation.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from conversations.state.interchange import write_json

MEDIA_TYPE = "application/problem+json"

_DETAILS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address; docs and openapi.json list what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method; the header Allow lists those that it does.",
}


class ProblemError(Exception):
    """A request that is refused with ``status``; ``path`` names the field where it is one field's fault."""

    def __init__(
        self, status: HTTPStatus, detail: str, path: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.path = path
        self.headers = headers


def response(problem: ProblemError) -> Response:
    """``problem`` as an answer."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
    }
    if problem.path is not None:
        body["path"] = problem.path
    return Response(write_json(body), problem.status, problem.headers, MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> Response:
    """What the framework itself refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    return response(ProblemError(status, _DETAILS.get(status, status.description), headers=error.headers))


async def _failed(request: Request, error: Exception) -> Response:
    """A mistake of ours; the error goes on to the server, which logs it."""
    return response(ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; try again later."))


HANDLERS: Mapping[object, Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: _refused,
    Exception: _failed,
}
"""What an application answers its errors with, ``ProblemError`` apart."""
