"""Which of the figures in an answer is the one that the question asks for.

Corrections take the corrected figure, sums the stated total; a figure of something else (the floor area of the whole
building, the turnover, the staff) is left aside; where two remain and nothing said decides between them, there is
none. Knows what a question measures and the words it is made of, not which policy asks it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from conversations.understanding.quantities import (
    Kind,
    Quantity,
    clause_around,
    find_quantities,
    hedged,
    without_hedges,
)
from conversations.understanding.text import normalise
from conversations.understanding.units import rounded
from rules.values import Range


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an answer states, read from ``text[start:end]``."""

    value: Decimal | Range
    approximate: bool
    start: int
    end: int


_KINDS = {
    "money": (Kind.MONEY, Kind.NUMBER),
    "area": (Kind.AREA, Kind.NUMBER),
    "ratio": (Kind.RATIO, Kind.NUMBER),
    "years": (Kind.YEARS, Kind.NUMBER),
    "int": (Kind.YEARS, Kind.COUNT, Kind.NUMBER),
}
_TURNS = frozenset("年次回届个度笔")  # what an int fact may be counted in
_GENERIC = frozenset(
    {
        "一年",
        "今年",
        "面积",
        "金额",
        "时间",
        "多少",
        "我们",
        "贵单",
        "单位",
        "公司",
        "一共",
        "这个",
        "这座",
        "最近",
        "项目",
        "多久",
    }
)
_CORRECTED = re.compile(
    r"不对|说错了?|打错了?|搞错了?|记错了?|弄错了?|写错了?|看错了?|讲错了?|错了|是错的|更正|纠正|口误|手滑|手误|哦不|噢不|啊不|改成|改为|改一下|应为|准确(?:地|的)?(?:说|讲)|确切(?:地|的)?(?:说|讲)?|严格(?:地)?说|重新说|sorry|(?<=[,?。])不(?=,)"
)
_OLD = re.compile(r"原(?:来|先|计划|本|报)|之前|以前|本来|原定|起初|一开始|最初|早先|前年|大前年|上回|上次")
_RAISED = re.compile(r"(?:增加|增|涨|追加|升|提高|提|调整|调|降|减|砍|缩|扩|扩大|加|变)(?:到了?|(?<!提)成了?|至)$")
_TOTAL = re.compile(
    r"一共|总共|合计|总计|共计|共|加起来|加一起|加一块|加到一[起块]|拢共|统共|总的|总数|总额|总和|合起来|合在一起|全部|全年|总(?:投资|费用|支出|面积)?|累计|满打满算|算下来|下来是"
)
_PART = re.compile(
    r"其中|里面|包括|包含|含(?!税)|另外|另|还有|剩下|余下|除了|首付|已付|定金|先期|前期|头期|一期|二期|三期|第[一二三四]期"
)
# What is asked of one, hoped for or taken off is no figure of one's own.
_NOT_HAD = re.compile(
    r"门槛|要求|规定|听说|据说|想要|希望|盼|除了|除去|减去|扣除|扣掉|刨去|去掉|还(?:有|能|要|可以)|其[他它]|别的|另外"
)
# What may lead in to anybody's figure. Other words before it make it a figure of something else.
_LEAD_IN = re.compile(
    r"浮动|不等|一点|之多|控制|肯定|一定|反正|给[\u4e00-\u9fff]{1,4}(?=[交付])|以前|之前|曾经|下达|中央|预算内|[您你]好|老师|谢谢|麻烦|其实|实际上?|目前|现在|当前|截[至止]|如今|今年|[去上]一?年度?|最近|一直|绝对|至今|为止|确实|相关|自己|当时|终于|方面|情况|总的?来?说"
    r"|[我咱俺本贵]们?(?:这(?:边|里|家)?)?的?(?:公司|单位|企业|厂|店|平台|家|项目|楼)?|\d+年(?:度|\d+月)?|年度|每年|一年"
    r"|正好|刚好|整整|足足|勉强|实打实|人民币|折合|约合|含税|不含税|开票|入账|具体|规模|盘子|前前后后|前后|介于|占比?|其中|为|满|整|只|能|卡线?|砸|最大|略|莫|摸|齐|够|部分|套内|财政"
    r"|(?:会计|财务|老板|领导|物业|同事|经理)那?边?(?:说|讲|告诉我)?|(?:备案|立项|可研|审计|财务)?的?(?:报告|报表|发票|账[上面]|图纸|合同|文件|批文|台账|表)[上里]?面?|备案|立项|可研|批复|概算|概|写|标|统计|核算|算|查|填|记|三个人|客户|人(?=[一总]?共)"
)
_PAYING = frozenset("投花交付掏出用缴")
_GETTING = frozenset("收挣赚拿给批拨补得领发")
# Single words that turn a figure into another one: not had, left over, by whom, by how much more.
_TURNING = frozenset("没不未退欠应少多比剩空省市建关停等涨降银卖报说笔龄方丢减账") | _PAYING | _GETTING
_TURNED = re.compile(r"[^,。]{0,3}?(?:没(?!错|问题|毛病)|不(?![等含止到少错])|未|非|空|闲)|的?(?:传统|别的|其[他它])")
_WITHIN = re.compile(r"[里中](?!间)")
_INTENDED = re.compile(r"计划|打算|目标|预算(?!内)|拟|争取|准备|明年")
_STAGE = re.compile(r"(?<![分共])[一二三四首前先头][期批]|首付|定金|预付|先投")
# Names of other figures made of words that a question may use as well.
_OTHER = re.compile(
    r"gmv|成本|报销|地下|营业额?|营收|会费|土地|总面积|建成|投资|投入|服务费|培训费|合同|税[费款金额]|补[贴助]"
)
_NEVER = {
    "money": re.compile(r"(?<!费)总收入|总营收"),
    "int": re.compile(r"做|干|经营|申请|申报"),
    "area": re.compile(r"建筑面积|占地|用地|土地"),
    "ratio": re.compile(r"每[层栋座]|剩|空置|空着|传统|出租率|非"),
}
_CAME_TO_MIND = re.compile(r"应该(?=[是为])")
_SOMEBODY = r"(?:企业|公司|商家|商户|单位|户|家|的|了|啊|呢)*"
_WHERE = r"(?:[楼里头面内]|入驻|租户|住|现在|目前|暂时|还|确实|根本|的|企业|公司)*"
_LAST_YEAR = re.compile(r"[去前上往]年")
_SO_FAR = re.compile(r"累计|前年|到现在|至今|到目前|截至|截止")
# A number with a word behind it that is no unit known here (6 把, 3 套) counts something.
_THING = re.compile(
    r"(?![吧了的啊呀呢嘛哈左右上下多来出头整不没以到至和或还就是都也大差含包每一有这那应可块元圆钱])[\u4e00-\u9fff]"
)
_PERIOD = re.compile(r"[上下]半年|季度|[上这本当]个?月|\d+月|[一二三四五六七八九十]+月|半年")


class FigureQuestion:
    """A question for a figure of ``kind`` (a fact type). ``label``, ``question`` and ``names`` are what it is called,
    ``others`` name what is not it.

    ``in_large``: its own examples are all in 万, so that a small bare number may be meant in 万.
    """

    def __init__(
        self,
        kind: str,
        label: str,
        question: str,
        names: Iterable[str] = (),
        others: Iterable[str] = (),
        in_large: bool = False,
    ) -> None:
        self._kind = kind
        self._kinds = _KINDS[kind]
        self._text = normalise(label + question)
        self._names = tuple(normalise(name) for name in names)
        self._others = tuple(normalise(other) for other in others)
        things = f"(?:做|搞|是)*(?:{'|'.join(map(re.escape, sorted(self._names, key=len, reverse=True)))}){_SOMEBODY}"
        self._all = re.compile(f"{_WHERE}(?:全部?|都|清一色)+{things}")
        self._none = re.compile(
            f"{_WHERE}(?:没有?|无)(?:一[家户个])?{things}(?:入驻|进驻|进来)?"
            rf"|{_WHERE}一[家户个](?:{things})?(?:都|也)(?:还)?(?:没有?|无)(?:{things})?(?:入驻|进驻|进来)?{_SOMEBODY}"
        )
        self._bigrams = _bigrams(normalise(label)) | _bigrams(normalise(question))
        known = set(self._text.replace("多少", "")).union(*self._names) | set(
            "的了呀啊哩嘞哈呢吧嘛哦噢呗地也都就还又再才刚早已经是有在这那个些里儿它上下来去要会做着过进掉到大概约共总计数额一“”¥"
        )
        for verbs in (_PAYING, _GETTING):
            known |= verbs if verbs & set(self._text) else set()
        self._known = frozenset(known)
        self._whole = kind == "area" or "总" in self._text  # a total may be planned, and is not its first stage
        self._yearly = kind == "money" and "年" in self._text
        self._in_large = in_large

    def read(self, text: str) -> Figure | None:
        """The figure that plain ``text`` states for this question, None where there is none or it cannot be told."""
        text, offset = _corrected(text)
        if self._kind == "ratio" and (self._all.fullmatch(text) or self._none.fullmatch(text)):
            return Figure(Decimal(1 if self._all.fullmatch(text) else 0), False, offset, offset + len(text))
        quantities = find_quantities(text)
        said = [q for q in quantities if self._fits(text, q, quantities) and not q.denied]
        chosen = self._choose(text, said) or self._share(text, quantities)
        figures = [q for q in quantities if q.kind in self._kinds and isinstance(q.value, Decimal)]
        total = _stated_sum(figures, {q: _own_part(text, q, quantities) for q in figures})
        if total and total is not chosen and len(figures) > len(said):
            return None  # 托管 90 万，设计 60 万，共 150 万: is the second part of it or not?
        if chosen is None or chosen.value is None or not self._period_fits(text, chosen, quantities):
            return None
        loose = chosen.approximate or any(hedged(text[a:b]) for a, b in _without_figures(text, quantities))
        return Figure(chosen.value, loose, chosen.start + offset, chosen.end + offset)

    def mentions(self, text: str) -> bool:
        """Whether plain ``text`` holds anything like a figure for this question, clear or not."""
        return any(q.kind in self._kinds or q.kind is Kind.FOREIGN for q in find_quantities(text))

    def _fits(self, text: str, quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
        if quantity.kind not in self._kinds:
            return False
        if quantity.kind is Kind.COUNT and quantity.unit not in _TURNS:
            return False
        if quantity.kind is Kind.NUMBER and quantity.value is not None and not self._bare_fits(text, quantity):
            return False
        return not self._of_something_else(text, quantity, beside)

    def _bare_fits(self, text: str, quantity: Quantity) -> bool:
        """A number without unit counts only where its unit can be no other than the question's."""
        low, high = _ends(quantity.value)
        if not quantity.scaled and _THING.match(text, quantity.end):
            return False
        whole = quantity.start == 0 and quantity.end >= len(text.rstrip("。.吧了的啊"))
        if self._kind == "money":
            return low == high == 0 or quantity.scaled or (10**4 if self._in_large else 1) <= low < 10**10
        if self._kind == "area":
            return quantity.scaled or 100 <= low < 10**7
        if self._kind == "ratio":
            return low == high == 0 or (low > 0 and high < 1)
        return whole and not quantity.scaled and high <= 10

    def _of_something_else(self, text: str, quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
        left, right = clause_around(text, quantity.start, quantity.end)
        alone = not any(left <= q.start < right for q in beside if q is not quantity and q.kind is not Kind.DATE)
        own = _own_part(text, quantity, beside)
        clause = own + (text[quantity.end : right] if alone else "")
        since = max((q.end for q in beside if q.end <= quantity.start and q.kind in self._kinds), default=0)
        if any(other in text[since : right if alone else quantity.at] for other in self._others):
            return True
        if any(q.unit == "第" and 0 <= quantity.start - q.end <= 1 for q in beside):
            return True  # 第一年 1000，以后每年 500
        if (
            _of_each(quantity, beside)
            or _NOT_HAD.search(text[max(0, left - 2) : left] + own)
            or self._turned(text, quantity, beside)
        ):
            return True
        never = _NEVER.get(self._kind)
        if never and never.search(clause):
            return True
        other = _OTHER.search(clause)
        return other is not None and other.group() not in self._text and not self._closeness(clause)

    def _turned(self, text: str, quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
        """Whether words foreign to the question stand before a figure, or a denial behind it."""
        left, right = clause_around(text, quantity.start, quantity.end)
        left = max([left, *(q.end for q in beside if q.end <= quantity.start)])
        before, behind = text[left : quantity.start], text[quantity.end : right]
        if _WITHIN.match(behind) or (not self._whole and _INTENDED.search(before)):
            return True
        alone = not any(quantity.end <= q.start < right for q in beside)
        if alone and (_TURNED.match(behind) or len(self._foreign(behind)) > 1):
            return True
        foreign = self._foreign(before)
        return (len(foreign) > 1 or bool(_TURNING & set(foreign))) and not _RAISED.search(before)

    def _foreign(self, words: str) -> list[str]:
        """The characters that belong neither to the question nor to what may stand beside anybody's figure."""
        left = _LEAD_IN.sub("", _TOTAL.sub("", without_hedges(words)))
        return [character for character in left if not character.isascii() and character not in self._known]

    def _closeness(self, clause: str) -> int:
        """How many of the question's own words stand in ``clause``."""
        return len(self._bigrams & _bigrams(clause)) + sum(2 for name in self._names if name in clause)

    def _choose(self, text: str, said: list[Quantity]) -> Quantity | None:
        clear = [q for q in said if q.value is not None]
        if len(said) <= 1 or len({str(q.value) for q in said}) == 1:
            return said[-1] if said else None
        clauses = {q: _own_part(text, q, said) for q in said}
        if "今年" in self._text:
            said = [q for q in said if not _LAST_YEAR.search(clauses[q])] or said
        if len(clear) == 1 and ((self._yearly and clear[0].yearly) or _TOTAL.search(clauses[clear[0]])):
            return clear[0]
        if (exact := _narrowest(clear)) is not None:
            return exact
        if raised := [q for q in clear if _RAISED.search(text[: q.start])]:
            return raised[-1]
        current = [q for q in said if not _OLD.search(clauses[q])]
        if len(current) == 1:
            return current[0]
        said = current or said
        if (total := _stated_sum(said, clauses)) is not None:
            return total
        closest = max(self._closeness(clauses[q]) for q in said)
        near = [q for q in said if self._closeness(clauses[q]) == closest]
        if closest and len(near) == 1:
            return None if _named_behind(text, said, clauses) else near[0]
        if len(totals := [q for q in near if _TOTAL.search(clauses[q])]) == 1:
            return totals[0]
        if len(totals := [q for q in said if _TOTAL.search(clauses[q])]) == 1 and not closest:
            return totals[0]
        if len(wholes := [q for q in near if not _PART.search(clauses[q])]) == 1:
            return wholes[0]
        with_unit = [q for q in near if q.scaled or q.kind is not Kind.NUMBER]
        if len(with_unit) == 1:
            return with_unit[0]
        return _between(near)

    def _share(self, text: str, quantities: tuple[Quantity, ...]) -> Quantity | None:
        """A share told by two counts: 总共 50 家，电商 35 家."""
        if self._kind != "ratio" or len(quantities) != 2:
            return None
        whole, part = quantities
        if _TOTAL.search(_own_part(text, part, quantities)):
            whole, part = part, whole  # 电商 39 家，总共 60 家
        if {whole.kind, part.kind} != {Kind.COUNT} or whole.unit != part.unit:
            return None
        left, right = clause_around(text, part.start, part.end)
        if not (isinstance(whole.value, Decimal) and isinstance(part.value, Decimal) and 0 < whole.value >= part.value):
            return None
        if left <= whole.start < right or not self._closeness(text[left:right]):
            return None
        start, end = min(whole.start, part.start), max(whole.end, part.end)
        return replace(part, kind=Kind.RATIO, value=rounded(part.value / whole.value), start=start, end=end)

    def _period_fits(self, text: str, chosen: Quantity, quantities: tuple[Quantity, ...]) -> bool:
        """A yearly question wants a year's figure; any other none that is said of each year."""
        left, right = clause_around(text, chosen.start, chosen.end)
        before = text[left : chosen.at]
        if self._whole and _STAGE.search(before) and not _TOTAL.search(before):
            return False
        if self._kind != "money":
            return True
        if not self._yearly:
            return not chosen.yearly
        if _LAST_YEAR.search(text[left:right]) if "今年" in self._text else _SO_FAR.search(text[left:right]):
            return False
        years = [q for q in quantities if q.kind is Kind.YEARS and left <= q.start < right and q.value != 1]
        partial = _PERIOD.search(text[left:right]) and not re.search("全年", text[left:right])
        return not years and not partial


def _narrowest(clear: list[Quantity]) -> Quantity | None:
    """The one figure that lies within all the spans said beside it: 一千多万，具体 1080 万."""
    exact = [q for q in clear if isinstance(q.value, Decimal)]
    closed = [q for q in clear if isinstance(q.value, Range) and q.value.low is not None and q.value.high is not None]
    narrow = exact or closed
    if len(narrow) != 1 or len(clear) < 2:
        return None
    low, high = _ends(narrow[0].value)
    spans = [q.value for q in clear if isinstance(q.value, Range)]
    inside = all((s.low is None or s.low <= low) and (s.high is None or high <= s.high) for s in spans)
    return narrow[0] if inside else None


def _named_behind(text: str, said: list[Quantity], clauses: dict[Quantity, str]) -> bool:
    """Whether a figure has its name behind it (三成电商七成传统), so that names and figures cannot be paired."""
    first = said[0]
    _, end = clause_around(text, first.start, first.end)
    return not clauses[first] and len(said) > 1 and said[1].start < end


def _stated_sum(said: list[Quantity], clauses: dict[Quantity, str]) -> Quantity | None:
    """The total among figures that add up to it: 90 万, 60 万, 共 150 万."""
    for quantity in said:
        others = [q.value for q in said if q is not quantity]
        figures = [value for value in others if isinstance(value, Decimal)]
        if len(figures) == len(others) > 1 and quantity.value == sum(figures) and _TOTAL.search(clauses[quantity]):
            return quantity
    return None


def _corrected(text: str) -> tuple[str, int]:
    """What follows the last correction that still states something, and where it begins."""
    corrections = list(_CORRECTED.finditer(text))
    if corrections:
        text = _CAME_TO_MIND.sub("已经", text)  # 说错了，应该是 1600 万: no guess
    for match in reversed(corrections):
        if find_quantities(text[match.end() :]):
            return text[match.end() :], match.end()
    return text, 0


def _of_each(quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
    """Whether a figure is said of one of several: 一个证书 200，买了 10 个."""
    counts = [q for q in beside if q.kind is Kind.COUNT]
    of_one = any(q.value == 1 and 0 <= quantity.start - q.end <= 6 for q in counts)
    return of_one and (not quantity.scaled or any(q.value != 1 for q in counts))


def _own_part(text: str, quantity: Quantity, all_of_them: Sequence[Quantity]) -> str:
    """The words that go with one figure: its clause, no further than the figures beside it."""
    left, _right = clause_around(text, quantity.start, quantity.end)
    left = max([left, *(q.end for q in all_of_them if q.end <= quantity.start)])
    return text[left : quantity.at]


def _without_figures(text: str, quantities: tuple[Quantity, ...]) -> list[tuple[int, int]]:
    """The clauses in which no figure stands."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        _, end = clause_around(text, start, start)
        if not any(start <= q.at < max(end, start + 1) for q in quantities):
            spans.append((start, end))
        start = end + 1
    return spans


def _between(said: list[Quantity]) -> Quantity | None:
    """超过 1000 万但不到 2000 万: a lower and an upper bound make a span."""
    if len(said) != 2:
        return None
    first, second = said
    if isinstance(first.value, Range) and isinstance(second.value, Range):
        low, high = (first.value, second.value) if first.value.low is not None else (second.value, first.value)
        if (
            low.low is not None
            and low.high is None
            and high.high is not None
            and high.low is None
            and low.low < high.high
        ):
            span = Range(low.low, high.high, low.low_open, high.high_open)
            return Quantity(first.kind, span, first.start, second.end, first.at, first.unit, scaled=first.scaled)
    return None


def _ends(value: Decimal | Range | None) -> tuple[Decimal, Decimal]:
    if isinstance(value, Range):
        low = value.low if value.low is not None else value.high
        high = value.high if value.high is not None else value.low
        return low or Decimal(0), high or Decimal(0)
    return (value, value) if value is not None else (Decimal(0), Decimal(0))


def _bigrams(text: str) -> frozenset[str]:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return frozenset(
        pair
        for pair in pairs
        if re.fullmatch(r"[\u4e00-\u9fff]{2}", pair) and not set(pair) & set("的是了在这给") and pair not in _GENERIC
    )
