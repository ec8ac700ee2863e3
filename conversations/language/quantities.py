"""Quantities in plain text: measures together with what is said about them (以上, 不到, 大概, 到, 每, 不是).

Says what is meant where it is meant exactly, as a span where only so far, and nothing (``value`` None) where no figure
follows (几百万, 每层四千平, 差两个月, a negative amount). Which of several quantities answers a question is the business
of ``answers``.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from conversations.language.numerals import step
from conversations.language.units import Measure, UnitKind, find_measures, rounded
from rules.values import Range

__all__ = ["Quantity", "UnitKind", "clause_around", "find_quantities", "hedged"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at ``text[start:end]``, its bounds included.

    ``value`` is a figure in the unit of its kind, a ``Range`` for what is known only so far, None for what is no
    figure. ``at`` is where the number itself begins, ``unit`` its unit's own word ("" for none). ``scaled``: the
    number carries 万 or 亿. ``denied``: said not to be so (不是八百万). ``yearly``: said of each year.
    """

    kind: UnitKind
    value: Decimal | Range | None
    start: int
    end: int
    at: int
    unit: str = ""
    approximate: bool = False
    scaled: bool = False
    denied: bool = False
    yearly: bool = False


_LINK = r"(?:也|都|就|才|是|有|了|个|着|在|到|为|于|人民币|[¥￥:]|rmb|大概|大约|约|差不多|这|那|已经?|它)*$"
_BEFORE = tuple(
    (meaning, re.compile(rf"(?:{words}){_LINK}"))
    for meaning, words in (
        (
            "at_most",
            r"(?:不|没有?|未曾?|从未|不会|不可能)(?:超过?|高于|多于|大于|过|超出)|超不过|过不了|最多|至多|顶多|顶天|最高|最大|上限|封顶|撑死|充其量|小于等于|小于或等于|<=|≤",
        ),
        (
            "at_least",
            r"(?:不|没有?|不会)(?:低于|少于|小于|下于?|亚于)|至少|最少|最低|最小|起码|少说|保底|也(?:得|能)?有|(?<![不没能好刚正一])够(?:了|上)?|下限|上了|大于等于|大于或等于|>=|≥",
        ),
        (
            "more_than",
            r"不止|不只|何止|岂止|超过|超出|超|高于|多于|大于|突破|(?<![\u4e00-\u9fffa-z\d])过了?|过了?(?=$)(?<=[已早都刚额入资率积]过)|破了?|>",
        ),
        (
            "less_than",
            r"不到|没到|未到|没达到?|未达到?|达不到|到不了|不足|不够|没有?满|未满|不满|够不[上着]|低于|少于|小于|不及|没有?[\u4e00-\u9fff]到|(?<!有)没有?(?=$)|马上(?:就|要|快)?(?:到|满|有)?|奔(?=$)"
            r"|接近|将近|逼近|(?<![最附远])近|(?<![很尽赶最])快(?:要|到|满|有|够)?|差一?点儿?到?|眼看|<",
        ),
    )
)
_COMPARED = (
    ("more_than", re.compile(r"(?:还|要|都)*(?:多|高|大)(?:一?点|一?些)?")),
    ("less_than", re.compile(r"(?:还|要|都)*(?:少|低|小)(?:一?点|一?些)?")),
)
_SMALL_BEFORE = re.compile(r"(?<![大中最减缩])小$")
_ROUND_BEFORE = (
    ("at_least", re.compile(r"[上成]$")),
    ("more_than", re.compile(r"[过超破]$")),
    ("less_than", re.compile(r"近$")),
)
_HALF_BEFORE = (("more_than", re.compile(r"(?:过|超过?|刚过|已过|早过)$")), ("less_than", re.compile(r"近$")))
_AFTER = (
    ("more_than", re.compile(r"(?:都|还)?(?:不止|打不住|还(?:要)?多(?:一?点)?|开外|以外|冒尖)")),
    (
        "less_than",
        re.compile(
            r"(?:都|还|也)?(?:不到|不足|没到|未到|不满|没满|到不了|没有(?=$|[,。.!;了])|差一?点|欠一?点|少一?点(?:点)?|弱)(?:一?点)?(?![\d一二两三四五六七八九十百千万])|以内不到"
        ),
    ),
    (
        "at_least",
        re.compile(
            r"(?:\(?含\)?)?(?:及|或者?|还|都|和)?(?:以上|之上|往上|朝上|向上)|[+↑]|起步|打底|保底|起(?![码始来])"
        ),
    ),
    (
        "at_most",
        re.compile(
            r"(?:\(?含\)?)?(?:及|或者?)?(?:以下|之下|以内|之内|往下|朝下|内(?![容部装设]))|封顶|顶天|不超(?:过)?"
        ),
    ),
    ("open", re.compile(r"多(?![少数大半]|了[\d一二两三四五六七八九十])(?:一?点|些)?|有余|余|挂零|强")),
)
_HEDGE_AFTER = re.compile(r"钱?(?:左右|上下|出(?:一?点)?头|冒头|光景|的?样子|前后|差不多|那样|大概|的水平)")
_HEDGE = re.compile(
    r"大概|大约|大致|大体|约(?![定束谈会好])|差不多|左右|上下|估计|估摸|约摸|约莫|差不离|记着|估么|估算|预估|粗略|粗算|毛估|目测|可能|也许|或许|应该|应当|好像|似乎|貌似"
    r"|感觉|印象|记得|预计|怕是|得有|瞅着|八九不离十|大差不差|具体(?:的|数)?(?:是多少)?(?:还|得|要|不|没|记)|没细算|(?:也|我)?不太?确定|不知道|[拿说吃]不准|[记说]不太?清|不太?清楚"
)
_DENIED = re.compile(r"(?:不(?:会|可能|能|一定|见得)?|未必|并非|没说|别写|不要写)是?$(?<!是不是)")
_NEGATIVE = re.compile(r"(?:(?:^|[^\da-z万亿千百元平%成年月米])-|负|亏损?了?|倒贴了?|赔了?)[¥￥]?$")
_SHORT_OF = re.compile(
    r"(?:还|就|只)差(?!一?点)|差(?![不一]?[多点离]|儿)|缺|再过|再有|到(?:年底|年末|明年|下个?月)|明年|下个?月|欠(?!点)"
)
_QUERIED = re.compile(
    r"(?:有没有|有无|是不是|是否|够不够|到不到|到没到|超没超|过没过|能不能|算不算)(?:有|到|够|超过?|过|满)?$"
)
_FOREIGN_BEFORE = re.compile(
    r"(?:us|hk|a|c|s)?[$€£]$|(?:usd|eur|hkd|gbp|jpy|美元|美金|港币|港元|欧元|英镑|日元)[:是有]?$"
)
_CURRENCY = re.compile(r"(?:[¥￥]|rmb|cny|人民币)[¥￥:是]?$")
_JOIN = re.compile(r" ?(?:到|至|[-~])(?:了)? ?[¥￥]?")
_BETWEEN = re.compile(r"(?:和|与|跟|到|至)")
_SHARE_OF = re.compile(
    r"[^,。;\d]{0,8}?(?:里头|里面|里边|里|中间|当中|之中|中|内)[^。;\d]{0,10}?|[^,。;\d]{0,6}?有[^,。;\d]{0,8}?|[^。;\d]{0,10}?[,;]?其中[^,。;\d]{0,12}?"
)
_PER_BEFORE = re.compile(
    r"(?:每(?!年|一年|家年)|单价|单层|各|人均|户均|月均|日均|平均(?!每年)|均价|一(?:个月|月|天|层|栋|家|户|次|人|张|季度?|座|个人)(?!大楼))[^,。;!?]*$"
)
_PER_AFTER = re.compile(r"[^,。;!?]{0,2}(?:/|每|一)(?:个)?(?:月|层|天|人|家|户|栋|次|平|张|季|座|把|枚|套|份|个(?!亿))")
_YEARLY_BEFORE = re.compile(
    r"(?:每年|一年|每一年|年均|一年下来|(?<![去今前明后当往近整\d两二三四五六七八九十])年)[^,。;!?\d]{0,8}$"
)
_YEARLY_AFTER = re.compile(r"(?:/|每|一)年")
_TIMES = re.compile(r"[*×x乘]|的?(?:一半|\d+%|百分之|几分之|[两二三四五六七八九十几\d]+倍)|翻[一番倍]|除外")
_SEVERAL = re.compile(r"(?:[^\d][两三四五六七八九]|^[两三四五六七八九]|\d)个$")
_SEPARATOR = re.compile(r"[,。;!?、\n(){}\[\]]|\.(?!\d)|但是?|不过|可是|然后|另外|还有")


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities of plain ``text`` in order, without overlap."""
    measures = [_with_currency(text, measure) for measure in find_measures(text)]
    for index, (before, after) in enumerate(pairwise(measures), 1):
        if before.vague and after.start - before.end <= 1:  # 几百上千万
            measures[index] = replace(after, vague=True)
    quantities: list[Quantity] = []
    index = 0
    while index < len(measures):
        first = measures[index]
        second = measures[index + 1] if index + 1 < len(measures) else None
        quantity = _joined(text, first, second) if second else None
        index += 2 if quantity else 1
        quantities.append(quantity or _bounded(text, first))
    return tuple(_in_context(text, quantity) for quantity in quantities)


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch between punctuation (or 但, 不过) in which ``text[start:end]`` stands."""
    left = max((match.end() for match in _SEPARATOR.finditer(text, 0, start)), default=0)
    right = _SEPARATOR.search(text, end)
    return left, right.start() if right else len(text)


def hedged(text: str) -> bool:
    """Whether plain ``text`` says that a figure in it is only about right."""
    return bool(_HEDGE.search(text))


def without_hedges(text: str) -> str:
    """Plain ``text`` without the words that hedge."""
    return _HEDGE.sub("", text)


def _with_currency(text: str, measure: Measure) -> Measure:
    before = text[max(0, measure.start - 6) : measure.start]
    if measure.kind not in (UnitKind.NUMBER, UnitKind.MONEY):
        return measure
    if _FOREIGN_BEFORE.search(before):
        return replace(measure, kind=UnitKind.FOREIGN)
    return replace(measure, kind=UnitKind.MONEY) if _CURRENCY.search(before) else measure


def _joined(text: str, first: Measure, second: Measure) -> Quantity | None:
    """Two measures that make one: 100万到200万, 一百到两百万, 一百和两百万之间, 20 户里有 13 户."""
    between = text[first.end : second.start]
    if first.kind is UnitKind.COUNT and second.kind in (UnitKind.COUNT, UnitKind.NUMBER):
        return _share(first, second) if _SHARE_OF.fullmatch(between) else None
    surrounded = _BETWEEN.fullmatch(between) and re.match(r"(?:元|块|平米?)?(?:之间|中间|之内)", text[second.end :])
    neighbours = between == "、" and first.high < 10 and second.scaled and second.low == (first.low + 1) * second.scale
    if not surrounded and not neighbours and not _JOIN.fullmatch(between):
        return None
    if first.kind is UnitKind.RATIO and first.unit == "%" and second.kind is UnitKind.NUMBER:  # 百分之五十到六十
        second = replace(second, kind=UnitKind.RATIO, low=second.low / 100, high=second.high / 100)
    if first.kind is UnitKind.NUMBER and second.kind not in (UnitKind.DATE, UnitKind.COUNT):
        first = _in_unit_of(first, second)
    if first.kind is not second.kind or first.kind in (UnitKind.DATE, UnitKind.FOREIGN):
        return None
    clear = first.low < second.high and not (first.vague or second.vague or _NEGATIVE.search(text[: first.start]))
    span = Range(rounded(first.low), rounded(second.high), first.open, second.open) if clear else None
    tail = re.match(r"[^,。;]{0,2}(?:之间|中间)", text[second.end :])
    end = second.end + (tail.end() if tail else 0)
    return Quantity(first.kind, span, first.start, end, first.start, second.unit or first.unit, scaled=second.scaled)


def _in_unit_of(first: Measure, second: Measure) -> Measure:
    """A bare number takes the unit of the one it is joined to, and its 万: 一百到两百万, 六到七成, 8 到 10 个月."""
    factor = second.factor
    if second.scaled and not first.scaled:
        large = Decimal(10**8) if second.low >= 10**8 and second.scale % 10**8 == 0 else Decimal(10**4)
        hundreds = second.scale / large >= 100 and first.high < 10
        if first.low * large * (second.scale / large if hundreds else 1) >= second.low:
            large = Decimal(1)  # 五千到一万
        elif hundreds:
            large = second.scale  # 一到两千万
        elif second.scale / large == 10 and first.high * second.scale < second.low:
            return replace(first, kind=second.kind, vague=True)  # 一到二十万: from 1 or from 10?
        factor *= large
    return replace(first, kind=second.kind, low=first.low * factor, high=first.high * factor)


def _share(whole: Measure, part: Measure) -> Quantity:
    known = (
        not (whole.vague or part.vague or whole.open or part.open) and whole.low == whole.high and part.low == part.high
    )
    value = rounded(part.low / whole.low) if known and 0 < whole.low >= part.low else None
    return Quantity(
        UnitKind.RATIO,
        value,
        whole.start,
        part.end,
        whole.start,
        part.unit,
        approximate=whole.approximate or part.approximate,
    )


def _bounded(text: str, measure: Measure) -> Quantity:
    before = text[max(0, measure.start - 14) : measure.start]
    opened = measure.open
    low, high = measure.low, measure.high
    vague = measure.vague
    bounds, taken = _bound_before(before, measure)
    start, end = measure.start - taken, measure.end
    if compared := before.endswith("比"):
        start -= 1
        if opened:  # 比八百万多
            bounds["more_than"], opened, high = low, False, low
    for meaning, pattern in _COMPARED if compared else _AFTER:
        if match := pattern.match(text, end):
            end = match.end()
            if meaning == "open":
                vague |= opened
                opened, high = True, _next(measure)
            else:
                vague |= meaning in bounds
                bounds[meaning] = high
            break
    hedge = _HEDGE_AFTER.match(text, end)
    end = hedge.end() if hedge else end
    vague |= (bool(bounds) and (low != high)) or len(bounds) > 1
    value = None if vague or measure.kind is UnitKind.DATE else _value(low, high, opened, bounds)
    return Quantity(
        measure.kind,
        value,
        start,
        end,
        measure.start,
        measure.unit,
        approximate=measure.approximate or bool(hedge),
        scaled=measure.scaled,
    )


def _bound_before(before: str, measure: Measure) -> tuple[dict[str, Decimal], int]:
    """What the words before a measure make of it (不到, 超过 …), and how many characters of them do so."""
    patterns = _BEFORE
    if measure.round:
        patterns += _ROUND_BEFORE
    if measure.kind is UnitKind.RATIO and "半" in measure.unit:
        patterns += _HALF_BEFORE
    matches = [(match.start(), meaning) for meaning, pattern in patterns if (match := pattern.search(before))]
    if matches:
        place, meaning = min(matches)
        return {meaning: measure.low}, len(before) - place
    if _SMALL_BEFORE.search(before):
        return {"less_than": measure.low}, 1
    return {}, 0


def _next(measure: Measure) -> Decimal:
    """Where a figure said with 多 ends: the next one of its own place (the whole of a half)."""
    if measure.kind is UnitKind.RATIO and "半" in measure.unit:
        return Decimal(1)
    if measure.kind is UnitKind.YEARS and measure.low % 1 == Decimal("0.5"):
        return measure.low + Decimal("0.5")
    return measure.low + step(measure.low / measure.factor) * measure.factor


def _value(low: Decimal, high: Decimal, opened: bool, bounds: dict[str, Decimal]) -> Decimal | Range:
    for meaning, figure in bounds.items():
        end = rounded(figure)
        if meaning in ("at_least", "more_than"):
            return Range(low=end, low_open=meaning == "more_than")
        return Range(high=end, high_open=meaning == "less_than")
    if low == high:
        return rounded(low)
    return Range(rounded(low), rounded(high), opened, opened)


def _in_context(text: str, quantity: Quantity) -> Quantity:
    """What the words around a quantity make of it: hedged, denied, of each year; no figure where it is per unit."""
    left, right = clause_around(text, quantity.start, quantity.end)
    before, after = text[left : quantity.start], text[quantity.end : right]
    value = quantity.value
    per = quantity.kind is not UnitKind.RATIO and (_PER_BEFORE.search(before) or _PER_AFTER.match(after))
    product = _TIMES.match(text, quantity.end) or re.search(r"[*×x乘]$", text[: quantity.start])
    if (
        per
        or product
        or _NEGATIVE.search(text[: quantity.start])
        or (quantity.scaled and _SEVERAL.search(text[: quantity.at]))
        or _SHORT_OF.search(text[left:right])
        or _QUERIED.search(text[left : quantity.at])
    ):
        value = None
    return replace(
        quantity,
        value=value,
        approximate=quantity.approximate or hedged(text[left:right]),
        denied=bool(_DENIED.search(before)),
        yearly=bool(_YEARLY_BEFORE.search(before) or _YEARLY_AFTER.match(after)),
    )
