"""The shapes of the HTTP API's JSON as pydantic models, from which its OpenAPI description is made.

They describe and do not compute: requests are read by the rules themselves, answers come as ``conversations.requests``
gives them, and the tests hold the two together. What depends on the policies that are served is in ``api_shapes``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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
    policy: str = Field(default="", description="哪份文件的；同时有几份文件时才有")


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
