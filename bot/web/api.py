"""The HTTP API: the requests of ``conversations.requests`` and consultations, for partners' sites and other programs.

Bodies are read as the command line reads its lines, with exact figures, and judged by the same rules, so both give the
same answers and name the same paths; the pydantic models (``api_models``) describe them. Anonymous requests are
limited by address, those with a key by the key; browsers of other sites get nothing (no CORS): a key belongs on a
partner's server. A consultation's id is a secret: it stands in its address and in answers, and must get into no log.
"""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property, partial
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, cast

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from bot.program.consultations import Consultations, person_of
from bot.web import keys, problems
from bot.web.api_operations import (
    LONGEST_TEXT,
    MOST_ITEMS,
    OPERATIONS,
    PREFIX,
    Computation,
    Operation,
    Talk,
    TalkRequest,
)
from bot.web.problems import ProblemError
from bot.web.security import Rate, RateLimits, SecurityHeaders, address, body_within
from conversations.requests import Requests
from conversations.service import READERS, Service
from conversations.state.interchange import BadInputError, Json, read_json, write_json
from knowledge.patterns import regex
from rules.raw import is_list, is_object

if TYPE_CHECKING:
    from bot.web.api_description import Tree

log = logging.getLogger(__name__)

LARGEST_BODY = 65_536
"""Bytes of a request's body."""
PER_ADDRESS, PER_KEY, PER_CONSULTATION = Rate(60), Rate(1200), Rate(40)
"""Requests without a key from one address; requests with one key; messages in one consultation."""
_ONCE = regex(r"[\x21-\x7e]{1,255}")
"""A header Idempotency-Key that can be used."""
_AGAIN = {"retry-after": "10"}
_NO_DATABASE = "The consultation cannot be kept or read just now."
_NONE = {
    "one_policy": "There is no such policy here; /policies lists those that there are.",
    "clause_of_policy": "There is no such policy here, or it has no such clause.",
    "policy": "Several policies are served: /policies lists them.",
    "clauses": "There is no such clause; of several policies, clauses are at /policies/{id}/clauses/{cid}.",
    "begin": "A consultation was begun with this Idempotency-Key; its id was in the answer. Another key begins another.",
} | dict.fromkeys(("say", "show", "forget"), "There is no such consultation.")
"""What is told where there is nothing, by the operation."""

Count = Callable[[str, int], None]
"""Takes note of an answer: the operation's name, the status."""


class _WholePath(Mount):
    """A mount that takes a path with line ends as well, so that what is within answers for it."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


class Api:
    """The API on the policy and the consultations of ``service``, with the keys in its store.

    ``count`` is told of each answer; ``limited`` False lifts the rate limits, for tests that ask a great deal.
    """

    def __init__(self, service: Service, count: Count | None = None, *, limited: bool = True) -> None:
        self._machine = Requests(service.shelf)
        self._consultations = Consultations(service)
        self._store = service.store
        self._count = count
        self._limits = RateLimits(service.store) if limited else None
        self._readers = CapacityLimiter(READERS)

    @property
    def mount(self) -> Mount:
        """The API at its place."""
        routes = [Route("/openapi.json", self._openapi), Route("/docs", self._docs)]
        for path, operations in groupby(OPERATIONS, lambda operation: operation.path):
            methods = {operation.method: operation for operation in operations}
            routes.append(Route(path, partial(self._answer, methods), methods=list(methods)))
        handlers = cast("Mapping[object, Callable[..., Response]]", problems.HANDLERS)
        app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)], exception_handlers=handlers)
        return _WholePath(PREFIX, app)

    async def _answer(self, methods: Mapping[str, Operation], request: Request) -> Response:
        operation = methods["GET" if request.method == "HEAD" else request.method]
        try:
            caller = await self._admit(request)
            answer = await self._done(operation, request, caller)
            empty = operation.gives is None
            response = Response(status_code=operation.status) if empty else _json(answer, operation.status)
        except ProblemError as problem:
            response = problems.response(problem)
        if self._count is not None:
            self._count(operation.name, response.status_code)
        return response

    async def _done(self, operation: Operation, request: Request, caller: str) -> Json:
        """What ``operation`` answers. Raises ``ProblemError``."""
        id = str(request.path_params.get("id", ""))
        once = _once(request) if operation.once else ""
        data = request.path_params if operation.takes is None else await _body(request, bare=operation.bare)
        try:
            match operation:
                case Computation():
                    # Reading a long text takes a while, in which other people's messages shall not wait; many at
                    # once would make them wait all the same.
                    answer = await to_thread.run_sync(operation.do, self._machine, data, limiter=self._readers)
                case Talk():
                    if operation.method == "POST" and id:
                        await self._limit((PER_CONSULTATION, person_of(id)), "in one consultation")
                    answer = await operation.do(self._consultations, TalkRequest(id, data, caller, once))
                case _:
                    raise TypeError(operation)
        except BadInputError as error:
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, error.path) from None
        except (SQLAlchemyError, OSError):
            log.exception("A consultation could not be kept or read")
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, _NO_DATABASE, headers=_AGAIN) from None
        if answer is None:
            status = HTTPStatus.NOT_FOUND if HTTPStatus.NOT_FOUND in operation.refuses else HTTPStatus.CONFLICT
            raise ProblemError(status, _NONE[operation.name])
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

        return describe(self._machine, PER_ADDRESS.amount, PER_KEY.amount, PER_CONSULTATION.amount)

    async def _admit(self, request: Request) -> str:
        """Refuse a request with a key that is none, and one that is too many; returns whose it is."""
        authorization = request.headers.get("authorization")
        limit, caller = PER_ADDRESS, address(request)
        holder = None
        if authorization is not None:
            holder = await self._holder(authorization)
            if holder is not None:
                limit, caller = PER_KEY, f"key:{holder}"
        await self._limit((limit, caller), "with a key" if holder is not None else "without a key")
        if authorization is not None and holder is None:
            detail = "The key is none, or has been revoked. Send it as: Authorization: Bearer KEY."
            raise ProblemError(HTTPStatus.UNAUTHORIZED, detail, headers={"www-authenticate": "Bearer"})
        return caller

    async def _limit(self, bound: tuple[Rate, str], of: str) -> None:
        """Count a request, and refuse it where it is too many."""
        wait = 0 if self._limits is None else await self._limits.wait(bound)
        if wait:
            detail = f"At most {bound[0].amount} requests a minute {of}."
            raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"retry-after": str(wait)})

    async def _holder(self, authorization: str) -> int | None:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            return await keys.holder(self._store, key.strip(), datetime.now(UTC))
        except (SQLAlchemyError, OSError):
            detail = "The key cannot be looked up just now."
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=_AGAIN) from None


def _once(request: Request) -> str:
    """What tells the request from the caller's others, empty where nothing does. Raises ``ProblemError``."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return ""
    if not _ONCE.fullmatch(given):
        detail = "The header must be 1 to 255 printable ASCII characters without spaces."
        raise ProblemError(HTTPStatus.BAD_REQUEST, detail, "Idempotency-Key")
    return given


async def _body(request: Request, *, bare: bool = False) -> object:
    """The JSON that a request carries, with exact figures; an empty object for no body where it may be ``bare``.

    Raises ``ProblemError``.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        body = await body_within(request, LARGEST_BODY)
        if body is None:
            detail = f"The body must have at most {LARGEST_BODY} bytes."
            raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        if bare and not body:
            return {}
        if kind != "application/json":
            raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
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


def _json(value: Json, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(write_json(value), status, media_type="application/json")
