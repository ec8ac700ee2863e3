"""The operations of the HTTP API: where each is reached, what it answers, and how much it takes.

Some are answered from the policy alone, others belong to a consultation that is kept. The models of what goes in and
out are named here and stand in ``api_models``, which only the description needs.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from bot.program.consultations import Consultations
from conversations.requests import Requests
from conversations.state.interchange import Json, nothing_but, string_of
from rules.raw import is_object

PREFIX = "/api/v1"
"""Where the API is mounted."""
MOST_ITEMS = 100
"""The most items of a list in a request: far above anything real, and quickly computed."""
LONGEST_TEXT = 2000
"""The most characters of a text: as many as the dialogue takes."""

_ALWAYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_OF_BODIES = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that can be asked: what ``takes`` (a body) or the path says is answered with ``status`` and a ``gives``.

    ``once``: with the header Idempotency-Key it can be asked again, and is done once. ``bare``: the body may be absent.
    """

    name: str
    method: str
    path: str
    summary: str
    gives: str | None
    takes: str | None = None
    refuses: tuple[HTTPStatus, ...] = _ALWAYS
    status: HTTPStatus = HTTPStatus.OK
    once: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation(Operation):
    """Answered from the policy alone; None where there is no such thing in it."""

    do: Callable[[Requests, object], Json | None]


@dataclass(frozen=True, slots=True)
class TalkRequest:
    """A request about a consultation: its secret ``id``, the body, whose it is, and its Idempotency-Key (empty: none)."""

    id: str
    data: object
    caller: str
    once: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Operation):
    """Done with a consultation; None where there is no such consultation, or none is to be begun."""

    do: Callable[[Consultations, TalkRequest], Awaitable[Json | None]]


def _post(path: str, do: Callable[[Requests, object], Json], takes: str, gives: str, summary: str) -> Computation:
    return Computation(
        name=path[1:],
        method="POST",
        path=path,
        do=do,
        takes=takes,
        gives=gives,
        summary=summary,
        refuses=(*_ALWAYS, *_OF_BODIES),
    )


def _get(path: str, do: Callable[[Requests], Json], gives: str, summary: str) -> Computation:
    return Computation(
        name=path[1:], method="GET", path=path, do=lambda machine, _: do(machine), gives=gives, summary=summary
    )


def _look_up(
    path: str, do: Callable[[Requests, Mapping[str, object]], Json | None], gives: str, summary: str, name: str
) -> Computation:
    """Answered from what the path says, which there may not be."""
    return Computation(
        name=name,
        method="GET",
        path=path,
        do=lambda machine, parameters: do(machine, parameters) if is_object(parameters) else None,
        gives=gives,
        summary=summary,
        refuses=(*_ALWAYS, HTTPStatus.NOT_FOUND),
    )


COMPUTATIONS = (
    _post("/assess", Requests.assess, "Case", "Assessment", "企业情况 → 预评估：哪些符合、多少钱、要什么材料"),
    _post("/ask", Requests.ask, "Question", "Answer", "一个问题 → 文件里回答它的条款和答复"),
    _post("/extract", Requests.extract, "Introduction", "Extracted", "一段企业介绍 → 情况，附原话"),
    _post("/understand", Requests.understand, "Saying", "Understood", "对一个问题的一句回答 → 数值"),
    _get("/facts", Requests.facts, "Facts", "要了解的情况和问法"),
    _get("/policies", Requests.policies, "Policies", "现在能查的政策文件"),
    _look_up(
        "/policies/{id}",
        lambda machine, path: machine.policy(str(path["id"])),
        "Policy",
        "一份文件：条款和政策",
        name="one_policy",
    ),
    _look_up(
        "/policies/{id}/clauses/{cid}",
        lambda machine, path: machine.clause(str(path["cid"]), str(path["id"])),
        "Clause",
        "一份文件的一个条款",
        name="clause_of_policy",
    ),
    _look_up(
        "/policy",
        lambda machine, _: machine.policy(),
        "Policy",
        "唯一的那份文件；同时有几份文件时答 404，请用 `/policies`",
        name="policy",
    ),
    _look_up(
        "/clauses/{id}",
        lambda machine, path: machine.clause(str(path["id"])),
        "Clause",
        "唯一的那份文件的一个条款；同时有几份文件时答 404，请用 `/policies/{id}/clauses/{cid}`",
        name="clauses",
    ),
)


async def _begin(consultations: Consultations, call: TalkRequest) -> Json | None:
    nothing_but(call.data)
    return await consultations.begin(f"{call.caller}\n{call.once}" if call.once else "")


async def _say(consultations: Consultations, call: TalkRequest) -> Json | None:
    text = string_of(call.data, "text")
    nothing_but(call.data, "text")
    return await consultations.say(call.id, text, call.once)


async def _show(consultations: Consultations, call: TalkRequest) -> Json | None:
    return await consultations.show(call.id)


async def _forget(consultations: Consultations, call: TalkRequest) -> Json | None:
    return {} if await consultations.forget(call.id) else None


TALKS = (
    Talk(
        name="begin",
        method="POST",
        path="/consultations",
        do=_begin,
        takes="Beginning",
        gives="Told",
        summary="开始一次咨询：给一个保密的 id 和第一个问题",
        refuses=(*_ALWAYS, *_OF_BODIES, HTTPStatus.CONFLICT),
        status=HTTPStatus.CREATED,
        once=True,
        bare=True,
    ),
    Talk(
        name="say",
        method="POST",
        path="/consultations/{id}/messages",
        do=_say,
        takes="Words",
        gives="Told",
        summary="在一次咨询里说一句话 → 答复、记下了什么、算到哪里",
        refuses=(*_ALWAYS, *_OF_BODIES, HTTPStatus.NOT_FOUND),
        once=True,
    ),
    Talk(
        name="show",
        method="GET",
        path="/consultations/{id}",
        do=_show,
        gives="Consultation",
        summary="一次咨询现在的样子，包括说过的话和工作人员后来的答复",
        refuses=(*_ALWAYS, HTTPStatus.NOT_FOUND),
    ),
    Talk(
        name="forget",
        method="DELETE",
        path="/consultations/{id}",
        do=_forget,
        gives=None,
        summary="删掉一次咨询，连同留下的全部资料",
        refuses=(*_ALWAYS, HTTPStatus.NOT_FOUND),
        status=HTTPStatus.NO_CONTENT,
    ),
)
"""The consultations that are kept."""

OPERATIONS: tuple[Operation, ...] = (*COMPUTATIONS, *TALKS)
