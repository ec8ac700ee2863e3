"""The shapes of the HTTP API's JSON as pydantic models, from which its OpenAPI description is made.

They describe and do not compute: requests are read by the rules themselves, answers come as ``conversations.requests``
gives them, and the tests hold the two together. The facts of a case are those of the policy that is served.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal, TypeAlias, Union, cast

from pydantic import BaseModel, ConfigDict, Field, create_model

from bot.program.consultations import MOST_LINES
from bot.web.api_operations import LONGEST_TEXT, MOST_ITEMS
from knowledge import policy as pack
from rules.case import LARGEST

Number = Annotated[float, Field(ge=0, le=float(LARGEST))]


class Shape(BaseModel):
    """An object in which nothing else stands."""

    model_config = ConfigDict(extra="forbid")


class Range(Shape):
    """只知道大概范围的数：至少一头，每头最多一个，不能是空的范围，不超出这一项本身的上下限。

    “不到一千万”是 `{"less_than": 10000000}`，“两百多万”是 `{"more_than": 2000000, "less_than": 3000000}`。
    """

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "not": {"anyOf": [{"required": ["at_least", "more_than"]}, {"required": ["at_most", "less_than"]}]},
        }
    )

    at_least: Number = Field(default=0, description="下限，含本数")
    more_than: Number = Field(default=0, description="下限，不含本数")
    at_most: Number = Field(default=0, description="上限，含本数")
    less_than: Number = Field(default=0, description="上限，不含本数")


class DateRange(Shape):
    """只知道大概的日子：从哪一天（含）到哪一天（含）。"""

    at_least: str = Field(default="", description="最早")
    at_most: str = Field(default="", description="最晚")


class Amount(Shape):
    """第一年的金额，单位元。"""

    min: float = Field(ge=0, description="最少，元")
    max: Annotated[float, Field(ge=0)] | None = Field(description="最多，元；null = 说不出上限")


class Reason(Shape):
    """一个条件，是否满足，依据哪句原文。"""

    fact: str | None = Field(description="情况的路径，如 `SUBJECT.0.NAME`；null = 由几项情况算出来的数，见 term")
    satisfied: bool | None = Field(description="满足、不满足；null = 还不知道")
    actual: bool | str | float | Range | DateRange | Annotated[list[str], Field(max_length=0)] | None = Field(
        description="已知的值；[] = 一个也没有；null = 还不知道"
    )
    required: str = Field(description="要求")
    quote: str = Field(description="依据的原文")
    clause: str = Field(description="原文所在的条款 id")
    term: object = Field(default=None, description="算法，按政策资料里的写法；只在由几项情况算出来时有")
    facts: list[str] = Field(default=[], description="算法里用到的情况的路径；只在由几项情况算出来时有")


class Selection(Shape):
    """符合条件之外还要经过的评审，或者按比例发放。"""

    kind: Literal["review", "pro_rata"]
    clause: str | None
    quote: str


class Claim(Shape):
    """一项政策（按对象计的，每个对象一项）的预评估。"""

    claim: str = Field(description="政策的 id；按对象计的带序号，如 `PROGRAMME:0`")
    programme: str = Field(description="政策的 id")
    clause: str = Field(description="条款 id")
    citation: str | None = Field(description="条款的写法，如“三、（六）”")
    status: Literal["eligible", "ineligible", "undetermined"] = Field(
        description="符合、不符合、还定不了（情况不全，或者要由主管部门定）"
    )
    amount: Amount | None = Field(description="null = 文件没有给数（一事一议、由区县定）")
    no_figure: bool | None = Field(description="其中有没有文件不给数的部分；null = 可能有")
    period: Literal["once", "year"] | None = Field(description="一次性、每年")
    payout: list[list[float | None]] | None = Field(
        description="分几次给，每次的 [最少, 最多]；null = 不分次，或没有数"
    )
    payee: str | None = Field(description="付给谁；null = 企业")
    call: Literal["open", "closed", "unknown"] | None = Field(description="现在能不能申报；null = 文件没有写申报期")
    selection: list[Selection] = Field(description="还要经过的评审等")
    years_left: int | None = Field(description="还能领几年；null = 不适用或不知道")
    superseded_by: str | None = Field(description="同一项目里金额更高、因而代替它的那一项")
    missing: list[str] = Field(description="还不知道、又会改变结论的情况")
    reasons: list[Reason]
    materials: list[str] = Field(description="要准备的材料的 id")


class Material(Shape):
    """一份申报材料。"""

    id: str
    name: str
    claims: list[str] = Field(description="哪几项用得到")
    basis: Literal["clause", "inferred"] = Field(description="clause = 文件写明；inferred = 由条件推得，以申报通知为准")


class Assessment(Shape):
    """全部政策的预评估，和第一年合计。"""

    policy: str
    version: str
    claims: list[Claim]
    total: Amount
    payable: Amount = Field(description="当天还能申报的合计")
    in_force: bool | None = Field(description="文件当天有没有效；null = 文件没有写，或者不知道是哪一天")
    materials: list[Material]
    next_question: str | None = Field(description="接下来最该问的情况；null = 再问也不会变")


class AnsweringClause(Shape):
    """回答问题的一个条款。"""

    id: str = Field(description="条款 id；`assess` = 问的是自己能领多少；`meta` = 文件本身")
    citation: str | None
    score: float = Field(ge=0, le=1)


class Answer(Shape):
    """对一个问题的答复。"""

    text: str = Field(description="问题")
    in_scope: bool = Field(description="文件里有没有答案")
    clauses: list[AnsweringClause] = Field(max_length=3, description="最相关的在前")
    reply: str = Field(description="答复；`**粗体**`，`> ` 开头的行是原文")


class Understood(Shape):
    """一句回答说的值。"""

    status: Literal["ok", "unknown", "unclear"] = Field(description="听懂了；对方说不知道；没听懂（不猜）")
    value: bool | str | float | Range | DateRange = Field(default=False, description="只在 ok 时有；金额单位元")
    offer: bool | str | float | Range | DateRange = Field(
        default=False, description="没听懂时可以问对方是不是的值；只在 unclear、又猜得到时有"
    )
    approximate: bool = Field(default=True, description="是个大概数；只在是的时候有")


class Choice(Shape):
    """一个选项。"""

    id: str
    label: str


class Fact(Shape):
    """要了解的一项情况。"""

    id: str = Field(description="如 `SUBJECT.NAME`")
    subject: str
    type: Literal["bool", "choice", "text", "money", "area", "ratio", "years", "int", "count", "date", "place"]
    question: str = Field(description="问法")
    choices: list[Choice]
    unit: str | None = Field(description="yuan、m2、ratio、year、count，或者文件自己的单位")


class Facts(Shape):
    """要了解的全部情况。"""

    facts: list[Fact]


class ClauseTitle(Shape):
    """一个条款的标题。"""

    id: str
    citation: str | None
    title: str


class Programme(Shape):
    """一项政策。"""

    id: str
    label: str
    clause: str
    citation: str | None
    subject: str = Field(description="按什么计：企业，或者一类对象")
    period: Literal["once", "year"] | None
    summary: str


class PolicyHead(Shape):
    """一份文件的基本情况。"""

    id: str
    version: str
    number: str | None = Field(description="文号；null = 文件没有文号")
    title: str
    issuer: str = Field(description="发文机关")
    area: str | None = Field(description="发文机关所在地的行政区划代码；null = 没有写")
    in_force: bool | None = Field(description="今天（北京时间）有没有效；null = 文件没有写，或者没有写到哪天为止")
    coverage: Literal["whole", "excerpt"] | None = Field(description="收的是全文还是节选；null = 没有写")
    served: bool = Field(description="现在能不能查")


class Policies(Shape):
    """现在能查的政策文件。"""

    policies: list[PolicyHead]


class ValidDays(Shape):
    """从哪一天起有效，到哪一天（含）为止。"""

    from_: str | None = Field(alias="from", description="null = 没有写", json_schema_extra={"format": "date"})
    until: str | None = Field(description="null = 没有写", json_schema_extra={"format": "date"})


class Policy(PolicyHead):
    """一份文件。"""

    printed: str | None = Field(description="印发日期", json_schema_extra={"format": "date"})
    valid: ValidDays
    lead: str = Field(description="主办部门")
    clauses: list[ClauseTitle]
    programmes: list[Programme]


class Clause(ClauseTitle):
    """一个条款。"""

    summary: str = Field(description="大白话")
    text: str = Field(description="原文")
    programmes: list[str] = Field(description="这一条下的政策的 id")


class Pressable(Shape):
    """人会去按的一个按钮；程序把 `label` 或 `key` 写成一句话。"""

    label: str
    key: str


class SaidBack(Shape):
    """机器人说的一句话。"""

    text: str = Field(description="`**粗体**`，`> ` 开头的行是原文")
    choices: list[Pressable]


class NotedChange(Shape):
    """这句话在情况里改了什么。"""

    path: str = Field(description="情况的路径，如 `SUBJECT.0.NAME`；`SUBJECT.1` = 这一个对象；`same_project`")
    value: object = Field(description="现在的值；null = 收回了")
    words: str = Field(description="依据的原话")
    act: Literal["state", "correct", "add", "remove", "confirm", "deny"] = Field(
        description="新说的、改的、多一个、去掉、对提议说是、由“都没有”定下的"
    )


class OfferedValue(Shape):
    """机器人没有直接记下、而是问是不是的一个值。"""

    path: str
    value: object


class ClaimStanding(Shape):
    """一项政策算到哪里。"""

    claim: str
    status: Literal["eligible", "ineligible", "undetermined"]
    amount: Amount | None = Field(description="null = 文件没有给数（一事一议、由区县定）")


class LogLine(Shape):
    """说过的一句话。"""

    by: Literal["program", "bot"] = Field(description="谁说的；工作人员的话也算 bot，开头有称呼")
    text: str
    at: str = Field(description="时间", json_schema_extra={"format": "date-time"})


class Beginning(Shape):
    """没有要写的；整个请求体也可以不要。"""


class Problem(BaseModel):
    """没有办成的原因（RFC 9457）。"""

    type: Literal["about:blank"]
    title: str = Field(description="状态码的名称")
    status: int
    detail: str = Field(description="哪里不对，英文")
    path: str = Field(default="", description="不对的那一处，如 `SUBJECT.0.NAME`；空 = 整个请求")


ANSWERS: tuple[type[BaseModel], ...] = (
    Assessment,
    Answer,
    Understood,
    Facts,
    Policies,
    Policy,
    Clause,
    Beginning,
    Problem,
)
"""The models that are the same for every policy."""


def request_models(policy: pack.Policy) -> list[type[BaseModel]]:
    """The models that hold the facts of ``policy``, or a text that comes in."""
    text = Annotated[str, Field(max_length=LONGEST_TEXT)]
    parts = {subject.id: _part(policy, subject) for subject in policy.subjects}
    groups = Annotated[list[list[str]] | None, Field(max_length=MOST_ITEMS, description=_SAME_PROJECT)]
    case = _model("Case", _CASE, parts | {"same_project": (groups, None), "on": (_DAY, None)})
    standing: dict[str, _Definition] = {
        "asking": (Annotated[str | None, Field(description=_ASKING)], ...),
        "confirm": (Annotated[OfferedValue | None, Field(description="问是不是的值；null = 没有在问")], ...),
        "case": (case, ...),
        "total": (Amount, ...),
        "claims": (list[ClaimStanding], ...),
        "finished": (Annotated[bool, Field(description="结果已经给出，之后没有再改过回答")], ...),
    }
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
_KEPT: dict[str, _Definition] = {
    "messages": (Annotated[list[LogLine], Field(max_length=MOST_LINES, description="说过的话，旧的在前")], ...),
    "question": (Annotated[SaidBack | None, Field(description="正在等回答的问题；null = 没有")], ...),
    "staff": (Annotated[bool, Field(description="现在由工作人员答复，机器人不说话")], ...),
}


def _asked_for(policy: pack.Policy) -> object:
    """The facts that can be asked for, those with a figure for each year with the year."""
    asked = [fact for fact in policy.facts if fact.derive is None]
    single = Literal[tuple(fact.id for fact in asked if not fact.by_year)]  # pyright: ignore[reportInvalidTypeForm]
    yearly = "|".join(re.escape(fact.id) for fact in asked if fact.by_year)
    if not yearly:
        return single
    return Union[single, Annotated[str, Field(pattern=rf"^(?:{yearly})@[1-9]\d{{3}}$")]]  # noqa: UP007


def _model(name: str, doc: str, fields: Mapping[str, _Definition], base: type[BaseModel] = Shape) -> type[BaseModel]:
    make = cast("Callable[..., type[BaseModel]]", create_model)
    return make(name, __base__=base, __doc__=doc, **fields)


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
