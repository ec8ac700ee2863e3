"""The HTTP API: the requests of ``conversations.requests`` over HTTP, for partners' sites and other programs.

Bodies are read as the command line reads its lines, with exact figures, and judged by the same rules, so both give the
same answers and name the same paths; the pydantic models (``api_models``) describe them. Anonymous requests are
limited by address, those with a key by the key; browsers of other sites get nothing (no CORS): a key belongs on a
partner's server.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.web import keys, problems
from bot.web.api_operations import LONGEST_TEXT, MOST_ITEMS, OPERATIONS, Operation
from bot.web.problems import ProblemError
from bot.web.security import Rate, RateLimits, SecurityHeaders, address
from conversations.requests import Requests
from conversations.state.interchange import BadInputError, Json, read_json, write_json
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from rules.raw import is_list, is_object

if TYPE_CHECKING:
    from bot.web.api_description import Tree

LARGEST_BODY = 65_536
"""Bytes of a request's body."""
PER_ADDRESS, PER_KEY = Rate(60), Rate(1200)
"""Requests without a key from one address; requests with one key."""

Count = Callable[[str, int], None]
"""Takes note of an answer: the operation's name, the status."""


class Api:
    """The API on the policy of ``shelf`` with the keys in ``store``.

    ``count`` is told of each answer; ``limited`` False lifts the rate limits, for tests that ask a great deal.
    """

    def __init__(self, shelf: Shelf, store: Store, count: Count | None = None, *, limited: bool = True) -> None:
        self._machine = Requests(shelf)
        self._store = store
        self._count = count
        self._limits = RateLimits() if limited else None

    @property
    def app(self) -> ASGIApp:
        """The API as an application of its own, to be mounted."""
        routes = [Route("/openapi.json", self._openapi), Route("/docs", self._docs)]
        for operation in OPERATIONS:
            endpoint = partial(self._answer, operation)
            routes.append(Route(operation.path, endpoint, methods=[operation.method], name=operation.name))
        return Starlette(
            routes=routes,
            middleware=[Middleware(SecurityHeaders)],
            exception_handlers=cast("Mapping[object, Callable[..., Response]]", problems.HANDLERS),
        )

    async def _answer(self, operation: Operation, request: Request) -> Response:
        try:
            await self._admit(request)
            data = request.path_params if operation.takes is None else await _body(request)
            # Reading a long text takes a while, in which other people's messages shall not wait.
            response = _json(await run_in_threadpool(self._do, operation, data))
        except ProblemError as problem:
            response = problems.response(problem)
        if self._count is not None:
            self._count(operation.name, response.status_code)
        return response

    def _do(self, operation: Operation, data: object) -> Json:
        """What ``operation`` answers to ``data``. Raises ``ProblemError``."""
        try:
            answer = operation.do(self._machine, data)
        except BadInputError as error:
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, error.path) from None
        if answer is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, "There is no such thing in this policy.")
        return answer

    async def _openapi(self, request: Request) -> Response:
        return _json(await run_in_threadpool(lambda: self._description))

    async def _docs(self, request: Request) -> Response:
        return await run_in_threadpool(lambda: self._page)

    @cached_property
    def _page(self) -> Response:
        from bot.web import api_docs

        return HTMLResponse(api_docs.page(self._description), headers=api_docs.HEADERS)

    @cached_property
    def _description(self) -> "Tree":
        from bot.web.api_description import describe

        return describe(self._machine, PER_ADDRESS.amount, PER_KEY.amount)

    async def _admit(self, request: Request) -> None:
        """Refuse a request with a key that is none, and one that is too many."""
        authorization = request.headers.get("authorization")
        limit, key = PER_ADDRESS, address(request)
        holder = None
        if authorization is not None:
            holder = await self._holder(authorization)
            if holder is not None:
                limit, key = PER_KEY, f"key:{holder}"
        wait = 0 if self._limits is None else await self._limits.wait((limit, key))
        if wait:
            detail = f"At most {limit.amount} requests a minute {'with a key' if holder else 'without a key'}."
            raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"retry-after": str(wait)})
        if authorization is not None and holder is None:
            detail = "The key is none, or has been revoked. Send it as: Authorization: Bearer KEY."
            raise ProblemError(HTTPStatus.UNAUTHORIZED, detail, headers={"www-authenticate": "Bearer"})

    async def _holder(self, authorization: str) -> int | None:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            return await keys.holder(self._store, key.strip(), datetime.now(UTC))
        except (SQLAlchemyError, OSError):
            detail = "The key cannot be looked up just now."
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"retry-after": "10"}) from None


async def _body(request: Request) -> object:
    """The JSON that a request carries, with exact figures. Raises ``ProblemError``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                detail = f"The body must have at most {LARGEST_BODY} bytes."
                raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        data: object = read_json(body.decode("utf-8-sig"))
    except ClientDisconnect:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The body ended too early.") from None
    except UnicodeDecodeError:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The body is not UTF-8.") from None
    except BadInputError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, error.message) from None
    _check_sizes(data)
    return data


def _check_sizes(data: object) -> None:
    """Refuse lists and texts that would take long to read."""
    if not is_object(data):
        return
    for key, value in data.items():
        if is_list(value) and len(value) > MOST_ITEMS:
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, f"expected at most {MOST_ITEMS} items", key)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, f"expected at most {LONGEST_TEXT} characters", key)


def _json(value: Json) -> Response:
    return Response(write_json(value), media_type="application/json")
