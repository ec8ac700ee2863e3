"""The shapes of the HTTP API's JSON that depend on the policies that are served: a case with its facts, what is asked and told.

As ``api_models`` they describe and do not compute. Of several policies what they share stands at the top of a case, what
is a policy's own in an object under its id; that is how a case comes and goes (``conversations.state.shelf_names``).
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal, TypeAlias, Union, cast

from pydantic import BaseModel, Field, create_model

from bot.program.consultations import MOST_LINES
from bot.web.api_models import (
    Amount,
    Assessment,
    ClaimStanding,
    DateRange,
    LogLine,
    NotedChange,
    Number,
    OfferedValue,
    Range,
    SaidBack,
    Shape,
)
from bot.web.api_operations import LONGEST_TEXT, MOST_ITEMS
from conversations.state.shelf_names import path_outward
from knowledge import policy as pack
from knowledge.policy import bare, owner


class ShelfAssessment(Shape):
    """几份文件各自的预评估，和合起来的金额。"""

    policies: list[Assessment] = Field(description="每份文件一份；claim 写成 `POLICY/CLAIM`")
    combined: Amount
    may_overlap: bool = Field(description="同一事项可能重复，不能简单相加")


def request_models(policy: pack.Policy) -> list[type[BaseModel]]:
    """The models that hold the facts of ``policy``, or a text that comes in."""
    text = Annotated[str, Field(max_length=LONGEST_TEXT)]
    parts = _parts(policy)
    groups = Annotated[list[list[str]] | None, Field(max_length=MOST_ITEMS, description=_SAME_PROJECT)]
    case = _model("Case", _CASE, parts | {"same_project": (groups, None), "on": (_DAY, None)})
    standing = _standing(policy, case)
    secret = {"id": (Annotated[str, Field(description=_SECRECY)], ...)}
    fact = _asked_for(policy)
    return [
        case,
        _model(
            "Extracted",
            "从一段介绍里读出的情况；没有说的不会有。",
            {
                "case": (case, ...),
                "evidence": (Annotated[dict[str, str], Field(description="每个路径依据的原话")], ...),
                "approximate": (Annotated[list[str], Field(description="只是大概数的路径")], ...),
            },
        ),
        _model("Question", "一个问题。", {"text": (text, ...)}, base=BaseModel),
        _model("Introduction", "一段企业介绍。", {"text": (text, ...), "on": (_DAY, None)}, base=BaseModel),
        _model(
            "Saying",
            "对一个问题的一句回答。",
            {
                "fact": (Annotated[fact, Field(description="问的是哪一项情况；按年的带年份")], ...),
                "text": (text, ...),
                "on": (_DAY, None),
            },
            base=BaseModel,
        ),
        _model(
            "Words", "在咨询里说的一句话；按钮写它的 `label` 或 `key`，命令写成 `/result` 这样。", {"text": (text, ...)}
        ),
        _model("Told", "对一句话的答复，和咨询现在的样子。", secret | _TOLD | standing),
        _model("Consultation", "一次咨询现在的样子。", secret | _KEPT | standing),
    ]


_Definition: TypeAlias = tuple[object, object]
"""A field's type and its default."""
_DAY = Annotated[str | None, Field(description="按哪一天算", json_schema_extra={"format": "date"})]
_CASE = "一家企业的情况。没有写的、写成 null 的，都是“还不知道”，不是“没有”。金额单位元，面积平方米，比例 0 到 1。"
_SAME_PROJECT = "哪几项是同一个项目，按预评估里 claim 的写法；[] = 都是不同的项目；null = 不知道"

_ASKING = (
    "正在问什么：一项情况，如 `SUBJECT.0.NAME`；一类对象有没有（`SUBJECT`）、还有没有（`SUBJECT.more`）；"
    "`screening`；`same_project`；null = 没有在问"
)
_SECRECY = "保密的 id：谁有它，谁就能看、能说、能删；丢了找不回来"
_TOLD: dict[str, _Definition] = {
    "replies": (list[SaidBack], ...),
    "noted": (Annotated[list[NotedChange], Field(description="这句话改了什么；由工作人员接去的话不改什么")], ...),
    "unread": (Annotated[list[str], Field(description="说的是情况、但没有读懂的地方")], ...),
}
_TOGETHER: dict[str, _Definition] = {
    "combined": (Annotated[Amount, Field(description="几份文件合起来，当天还能申报的")], ...),
    "may_overlap": (Annotated[bool, Field(description="同一事项可能重复，不能简单相加")], ...),
}
_KEPT: dict[str, _Definition] = {
    "messages": (Annotated[list[LogLine], Field(max_length=MOST_LINES, description="说过的话，旧的在前")], ...),
    "question": (Annotated[SaidBack | None, Field(description="正在等回答的问题；null = 没有")], ...),
    "staff": (Annotated[bool, Field(description="现在由工作人员答复，机器人不说话")], ...),
}


def _standing(policy: pack.Policy, case: type[BaseModel]) -> dict[str, _Definition]:
    """Where a consultation stands."""
    return {
        "asking": (Annotated[str | None, Field(description=_ASKING)], ...),
        "confirm": (Annotated[OfferedValue | None, Field(description="问是不是的值；null = 没有在问")], ...),
        "case": (case, ...),
        "total": (Amount, ...),
        **(_TOGETHER if policy.several else {}),
        "claims": (list[ClaimStanding], ...),
        "finished": (Annotated[bool, Field(description="结果已经给出，之后没有再改过回答")], ...),
    }


def _asked_for(policy: pack.Policy) -> object:
    """The facts that can be asked for, those with a figure for each year with the year."""
    asked = [fact for fact in policy.facts if fact.derive is None]
    single = Literal[tuple(path_outward(fact.id) for fact in asked if not fact.by_year)]  # pyright: ignore[reportInvalidTypeForm]
    yearly = "|".join(re.escape(path_outward(fact.id)) for fact in asked if fact.by_year)
    if not yearly:
        return single
    return Union[single, Annotated[str, Field(pattern=rf"^(?:{yearly})@[1-9]\d{{3}}$")]]  # noqa: UP007


def _model(name: str, doc: str, fields: Mapping[str, _Definition], base: type[BaseModel] = Shape) -> type[BaseModel]:
    make = cast("Callable[..., type[BaseModel]]", create_model)
    return make(name, __base__=base, __doc__=doc, **fields)


def _parts(policy: pack.Policy) -> dict[str, _Definition]:
    """The fields of a case: what is shared, and of several policies an object for what is each one's own."""
    parts = {subject.id: _part(policy, subject) for subject in policy.subjects if owner(subject.id) is None}
    for document in policy.documents if policy.several else ():
        own = {bare(each.id): _part(policy, each) for each in policy.subjects if owner(each.id) == document.id}
        described = f"{document.name}自己的情况"
        model = _model(f"CaseOf{document.id}", described, own)
        parts[document.id] = Annotated[model | None, Field(description=described)], None
    return parts


def _part(policy: pack.Policy, subject: pack.Subject) -> _Definition:
    """The field of a case that holds what is known of ``subject``."""
    fields = {f.name: _field(f) for f in policy.facts if f.subject == subject.id and f.derive is None}
    item = _model(f"Case{subject.id.capitalize()}", subject.label, fields)
    if not subject.many:
        return Annotated[item | None, Field(description=subject.label)], None
    described = f"{subject.label}；[] = 一个也没有；null = 不知道有没有"
    return Annotated[list[item] | None, Field(max_length=MOST_ITEMS, description=described)], None


def _field(fact: pack.Fact) -> _Definition:
    described = f"{fact.label}。{fact.question}"
    if fact.unit is not None:
        described += f"单位：{_UNITS.get(fact.unit, fact.unit)}。"
    if fact.choices:
        described += "".join(f"\n- `{choice.id}` {choice.label}" for choice in fact.choices)
    return Annotated[_type(fact), Field(description=described)], None


def _type(fact: pack.Fact) -> object:
    if fact.by_year:
        return dict[Annotated[str, Field(pattern=r"^[1-9]\d{3}$")], Number | Range | None] | None
    if fact.type == "date":
        return str | DateRange | None
    if fact.spec.numeric:
        least, largest = (float(end) for end in fact.spec.limits)
        kind = int if fact.spec.counted else float
        return Annotated[kind, Field(ge=least, le=largest)] | Range | None
    if fact.type == "choice":
        return Literal[(*(choice.id for choice in fact.choices), None)]  # pyright: ignore[reportInvalidTypeForm]
    return (bool if fact.type == "bool" else str) | None


_UNITS = {"yuan": "元", "m2": "平方米", "ratio": "0 到 1 的比例", "year": "年", "count": "个"}
