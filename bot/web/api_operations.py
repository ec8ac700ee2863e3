"""The operations of the HTTP API: where each is reached, what it answers, and how much it takes.

The models of what goes in and out are named here and stand in ``api_models``, which only the description needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from conversations.requests import Requests
from conversations.state.interchange import Json

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


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked: ``do`` answers what ``takes`` (a body) or the path says with a ``gives``."""

    method: str
    path: str
    do: Callable[[Requests, object], Json | None]
    gives: str
    summary: str
    takes: str | None = None
    refuses: tuple[HTTPStatus, ...] = _ALWAYS

    @property
    def name(self) -> str:
        """The operation's id."""
        return self.path.split("/")[1]


def _post(path: str, do: Callable[[Requests, object], Json], takes: str, gives: str, summary: str) -> Operation:
    return Operation("POST", path, do, gives, summary, takes, (*_ALWAYS, *_OF_BODIES))


def _clause(machine: Requests, parameters: object) -> Json | None:
    return machine.clause(cast("Mapping[str, str]", parameters)["id"])


OPERATIONS = (
    _post("/assess", Requests.assess, "Case", "Assessment", "企业情况 → 预评估：哪些符合、多少钱、要什么材料"),
    _post("/ask", Requests.ask, "Question", "Answer", "一个问题 → 文件里回答它的条款和答复"),
    _post("/extract", Requests.extract, "Question", "Extracted", "一段企业介绍 → 情况，附原话"),
    _post("/understand", Requests.understand, "Saying", "Understood", "对一个问题的一句回答 → 数值"),
    Operation("GET", "/facts", lambda machine, _: machine.facts(), "Facts", "要了解的情况和问法"),
    Operation("GET", "/policy", lambda machine, _: machine.policy(), "Policy", "文件本身：条款和政策"),
    Operation("GET", "/clauses/{id}", _clause, "Clause", "一个条款", refuses=(*_ALWAYS, HTTPStatus.NOT_FOUND)),
)
