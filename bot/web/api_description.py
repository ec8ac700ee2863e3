"""The OpenAPI 3.1 description of the HTTP API's operations, made from the pydantic models.

The examples in it are the policy's own, and what is answered to them. Serves nothing.
"""

from http import HTTPStatus
from typing import TypeAlias, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.program.consultations import START
from bot.web import problems
from bot.web.api_models import ANSWERS, Assessment
from bot.web.api_operations import (
    COMPUTATIONS,
    LONGEST_TEXT,
    MOST_ITEMS,
    OPERATIONS,
    PREFIX,
    Computation,
    Operation,
)
from bot.web.api_shapes import ShelfAssessment, request_models
from conversations.converse import Conversations
from conversations.requests import Requests
from conversations.state.shelf_names import path_outward
from knowledge.patterns import regex
from knowledge.policy import Policy, bare
from rules.raw import is_list, is_object

Tree: TypeAlias = dict[str, object]

_REFUSALS = {
    HTTPStatus.BAD_REQUEST: "不是 JSON，或者同一个键写了两次，或者 `Idempotency-Key` 不能用",
    HTTPStatus.UNAUTHORIZED: "密钥不对，或者已经作废",
    HTTPStatus.NOT_FOUND: "没有这一个",
    HTTPStatus.CONFLICT: "用这个 Idempotency-Key 已经开始过一次；它的 id 在当时的答复里",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "请求太大（上限 64 KiB）",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "请求不是 application/json",
    HTTPStatus.UNPROCESSABLE_ENTITY: "是 JSON，但内容不能用；`path` 指出是哪一处",
    HTTPStatus.TOO_MANY_REQUESTS: "太频繁；`Retry-After` 秒后再试",
    HTTPStatus.SERVICE_UNAVAILABLE: "数据库暂时用不了，稍后再试",
}
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": {"schema": {"type": "integer"}, "required": True}},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": {"schema": {"type": "integer"}, "required": True}},
}
_PLACE = regex(r"\{(\w+)\}")
_ID = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,40}$"}
_SECRET_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"}
_SECRET = "A" * 43
_ONCE: Tree = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "这一次请求自己的记号，如一个 UUID；再发一次时带同一个",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_ABOUT = f"""\
{{policies}}的机器接口：同命令行 `wence` 用的是同一套 JSON。

- 数都是精确的十进制数，金额单位元。没有写的和 null 都是“不知道”，不是“没有”。
- 不用密钥也能用，按来源地址限每分钟 {{address}} 次；有密钥的（`Authorization: Bearer …`）每分钟 {{key}} 次。密钥向主办方要，只放在自己的服务器上。
- `/policies` 列出现在能查的文件；只有一份时 `/policy` 和 `/clauses` 也答它，同时有几份时它们答 404。
- 请求最大 64 KiB，一类对象最多 {MOST_ITEMS} 个，一段话最多 {LONGEST_TEXT} 个字。
- `/consultations` 是存下来的咨询，和网页、Telegram 上的一样，工作人员也接得着。它的 id 是唯一的凭据：不知道、写错了、已经删掉的，一律答 404。id 写在地址里，请不要让它进任何日志。一次咨询每分钟最多 {{consultation}} 句话。
- 发出去没有等到答复，就带着同一个 `Idempotency-Key` 再发一次：同一句话只算一次。
- 没有办成的，回 RFC 9457 的 `application/problem+json`，一种毛病一个状态码。
"""


def describe(machine: Requests, per_address: int, per_key: int, per_consultation: int) -> Tree:
    """The OpenAPI description; the figures are requests a minute without and with a key, and in one consultation."""
    policy = machine.shelf.policy
    examples = _examples(policy)
    answers = _talked(machine, _sentence(policy)) | {
        operation.name: operation.do(machine, examples[operation.name]) for operation in COMPUTATIONS
    }
    paths: dict[str, Tree] = {}
    for operation in OPERATIONS:
        gives = operation.gives
        if gives == Assessment.__name__ and policy.several:
            gives = ShelfAssessment.__name__
        described = _operation(operation, gives, examples[operation.name], answers.get(operation.name))
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "问策",
            "version": "1",
            "description": _ABOUT.format(
                policies="、".join(map(_named, policy.documents)),
                address=per_address,
                key=per_key,
                consultation=per_consultation,
            ),
        },
        "servers": [{"url": PREFIX}],
        "paths": paths,
        "components": {
            "schemas": _schemas((*request_models(policy), *ANSWERS, *([ShelfAssessment] if policy.several else ()))),
            "responses": {str(status.value): _refusal(status) for status in _REFUSALS},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "`wence key add` 给的密钥"}},
        },
    }


def _operation(operation: Operation, gives: str | None, example: object, answer: object) -> Tree:
    done: Tree = {"description": "办成了"}
    if gives is not None:
        done["content"] = {"application/json": _content(gives, answer)}
    responses: Tree = {str(operation.status.value): done}
    refuses = {*operation.refuses, *({HTTPStatus.BAD_REQUEST} if operation.once else ())}
    for status in sorted(refuses):
        responses[str(status.value)] = {"$ref": f"#/components/responses/{status.value}"}
    described: Tree = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": [{}, {"key": []}],
        "responses": responses,
    }
    if operation.takes is not None:
        content = {"application/json": _content(operation.takes, example)}
        described["requestBody"] = {"required": not operation.bare, "content": content}
    if parameters := _parameters(operation, example):
        described["parameters"] = parameters
    return described


def _parameters(operation: Operation, example: object) -> list[Tree]:
    named = example if is_object(example) and operation.takes is None else {"id": _SECRET}
    schema = _ID if isinstance(operation, Computation) else _SECRET_ID
    parameters: list[Tree] = [
        {"name": name, "in": "path", "required": True, "schema": schema, "example": named[name]}
        for name in _PLACE.findall(operation.path)
    ]
    return [*parameters, _ONCE] if operation.once else parameters


def _refusal(status: HTTPStatus) -> Tree:
    content = {problems.MEDIA_TYPE: _content("Problem")}
    refusal: Tree = {"description": _REFUSALS[status], "content": content}
    return refusal | {"headers": _HEADERS[status]} if status in _HEADERS else refusal


def _content(model: str, example: object = None) -> Tree:
    content: Tree = {"schema": {"$ref": f"#/components/schemas/{model}"}}
    return content if example is None else content | {"example": example}


def _examples(policy: Policy) -> dict[str, object]:
    """A request for each operation, in the policy's own words."""
    document = policy.documents[0]
    programme = next((each for each in policy.programmes if each.examples), policy.programmes[0])
    figure = next((fact for fact in policy.facts if fact.type == "money"), policy.facts[0])
    questions = policy.questions.answered
    return {
        "assess": programme.examples[0].case if programme.examples else {},
        "ask": {"text": (questions.get(programme.clause) or next(iter(questions.values())))[0]},
        "extract": {"text": _sentence(policy)},
        "understand": {
            "fact": f"{path_outward(figure.id)}{'@2024' if figure.by_year else ''}",
            "text": "一百五十万左右",
        },
        "facts": None,
        "policies": None,
        "one_policy": {"id": document.id},
        "clause_of_policy": {"id": document.id, "cid": bare(programme.clause)},
        "policy": None,
        "clauses": {"id": bare(programme.clause)},
        "begin": {},
        "say": {"text": _sentence(policy)},
        "show": None,
        "forget": None,
    }


def _named(policy: Policy) -> str:
    return f"《{policy.title}》（{policy.number}）" if policy.number else f"《{policy.title}》"


def _sentence(policy: Policy) -> str:
    """A description of an enterprise, in the policy's own words."""
    figure = next((fact for fact in policy.facts if fact.type == "money"), policy.facts[0])
    said = [fact.label for fact in policy.facts if fact.type == "bool" and fact.subject == figure.subject][:2]
    return f"我们公司{'，'.join(said)}，{figure.label}是150万元。"


def _talked(machine: Requests, text: str) -> dict[str, object]:
    """What is answered where a consultation is begun, and then ``text`` said."""
    conversation = Conversations(machine.shelf)
    said = [conversation.say({"chat": _SECRET, "text": each}) for each in (START, text)]
    begun, told = [{"id" if key == "chat" else key: value for key, value in answer.items()} for answer in said]
    lines = [("bot", begun), ("program", text), ("bot", told)]
    messages = [
        {"by": by, "text": said, "at": "2026-01-05T09:00:00+00:00"}
        for by, answer in lines
        for said in ([answer] if isinstance(answer, str) else _texts(answer))
    ]
    question = [*cast("list[Tree]", told["replies"])][-1]
    standing = {key: value for key, value in told.items() if key not in ("id", "replies", "noted", "unread")}
    shown = {"id": _SECRET, "messages": messages, "question": question, "staff": False, **standing}
    return {"begin": begun, "say": told, "show": shown}


def _texts(answer: Tree) -> list[object]:
    return [reply["text"] for reply in cast("list[Tree]", answer["replies"])]


def _schemas(models: tuple[type[BaseModel], ...]) -> Tree:
    """The schemas of ``models`` and of all that they hold, by name."""
    _, made = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    return {name: _plain(schema) for name, schema in made["$defs"].items()}


def _plain(schema: object) -> object:
    """``schema`` without the titles and the defaults that pydantic adds; an absent key means absent."""
    if is_list(schema):
        return [_plain(part) for part in schema]
    if not is_object(schema):
        return schema
    kept: Tree = {}
    for key, value in schema.items():
        if key == "properties" and is_object(value):
            kept[key] = {name: _plain(part) for name, part in value.items()}
        elif key not in ("title", "default"):
            kept[key] = _plain(value)
    return kept
