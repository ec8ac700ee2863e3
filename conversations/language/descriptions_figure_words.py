"""The figures of a clause one by one: whether one fits a fact, which name it stands beside, of which year it is.

Knows no policy, and not what was said before.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_statements import Statement
from conversations.language.descriptions_words import FactWords, Mention
from conversations.language.lexicon import lexicon
from conversations.language.ownership import not_ours
from conversations.language.quantities import Quantity, UnitKind, find_quantities, hedged
from knowledge.patterns import regex
from rules.values import Range, Value

_SOURCE = lexicon("persons")["source"]
BESIDES = regex(  # 学校掏了六千，另有两个人三千: one more, not a later one
    r"(?:另有|另外|此外|还有|再有)(?!.*(?:[去今前]年|今后))"
)
NOW = 3003
"""The rank of what is said of this year, or of today."""
_YEARS = (("前几年", 3000), ("往年", 3000), ("前年", 3001), ("上年", 3002), ("去年", 3002), ("今年", NOW))
_CALENDAR = regex(r"(?<!\d)(?:19|20)\d\d(?=年)")
_KINDS = {
    "money": (UnitKind.MONEY, UnitKind.NUMBER),
    "area": (UnitKind.AREA, UnitKind.NUMBER),
    "ratio": (UnitKind.RATIO,),
    "years": (UnitKind.YEARS,),
    "int": (UnitKind.YEARS,),
}
_NEAR = 8
_CLOSE = 3
_BEHIND = 12
_MOST = 10**10  # a phone number is none either
_LEAST = 100  # a smaller number without a unit is no amount
_UNDATED = 3002
_A_YEAR = 50
_MANY_TIMES = 5
_SAID = regex(r"(?:说|讲|报|写|记)(?:的|是|成|了)?[^,]{0,6}$")
_OF_EACH = regex(r"[每一][把张枚支](?:的?(?:一年|每年|年费|费用)|要|是|花)*$")
_THAT_IS = regex(r"[^,]{0,2}[那这]是(?!我|真|对|准|没错|实)")
_UNPAID = regex(r"(?:钱|费用?|款)?(?:也|都|还|暂时|目前|到现在|倒|是)*没(?:有)?[交付缴掏](?:上|出去)?(?:呢|啊|哈|的)?")
_JUST_SAID = regex(
    r"(?:说|讲)(?:的|是|成|了)?[^,。是]{0,4}[\d一二两三四五六七八九十百千万亿半.]+[万亿千百元块平年%]?[^,。]{0,2},$"
)
_PART = regex(
    r"[\d一二三四五六七八九十][-到至~][\d一二三四五六七八九十]+月|前[\d一二两三四五六七八九十]+个?月|(?<![\d一二两三四五六七八九十年大多])半年|每个?月|一个月|(?<![\d一二三四五六七八九十])月(?:均|收|入|费|付|交|服务|流水)|季度|这个月|每[人家店户单笔层间]|单层|(?:头|第)[一二三两\d]+[次回笔]|人均|一人|一家店?"
    r"|(?:他|她|[这那]一?|(?:光|单|仅)[这那他]?一?|最大的?|头部的?)(?:家|[家个](?:大?客户|店|商家|品牌|厂))(?!加|和|跟|以)[^,]{0,6}(?:给|付|交|收|贡献|占|就)"
)
_AMONG = regex(r"(?:里[头面边]?|其中|当中|中间?|之中)(?:就|只|还|也)?(?:有|含|包括|包含)[^,\d]{0,3}$")
_GIVEN_BACK = regex(
    r"(?:(?:偿|归)还|还(?:掉|上|清|完|了(?!解))|退(?:回|还|款|货|掉|了)|(?:还|只)?剩(?:下|余|的)?|余下|尾款|欠(?:着|了)?|待付|待收)(?:的|了|是|有|还有|大概|约|差不多)*$"
)
_NOT_HERE_YET = regex("[元块]?钱?(?:[还都也]|一直|但是?|现在|目前)*(?:没|未)有?(?:到|打|拨|发|领|拿|下来)")
_RECEIVED = regex("[领拿]过|领取|到账|领到")
_BY_THEN = regex(r"这个月|[一二三四1-4]季度")
_SO_FAR = regex(r"到现在|到目前|今年已|截至|截止")
_NOT_THIS_YEAR = regex(r"^(?!.*过).*(?:[今去前]年|上一?年|\d{2,4}年)[^,]*[没未]")
_REALLY = regex(r"真正|实际(?!运|使|办|已)|准确说|actual")
_GROWN = regex(r"[^,]{0,3}(?:追加|增加|增|涨|提高|提|调整|调|扩大|扩|加|升|变)(?:到了?|成了?|至)")
LAST_WORD = 9999
"""The rank of a figure that no year outdoes: a correction, or a name that says it better than the others."""
IN_ALL = regex(r"(?:总共|一共|拢共|统共|合计|加起来|全年|一年)[^,]{0,6}$")
ALL_FOR = regex(r"(?:它们?|[这那]些|[俩两三]个)*[都全]是")
ONLY_FOR = regex(r"(?:它|这个?|那个?|[俩两三]个)*(?:[都全]是?|[光只仅]是?|专门|就是)")
OF_SORT = regex(r"[^,不没非]{2,5}(?:用的|的那[种个]|那种|的)")  # CA每年3600，报税的那种
SET_ASIDE = regex(",?(?:另|还有|再|单独|不算|除外)")  # CA每年3600，报税的|另外400
ANOTHER_ONE = regex(r"(?:还有|另外?)?(?:一|另|那|第二)(?:个|张|把|份|种)")
INCLUDES = regex("(?:里[面头边]?|当中|中)(?:就|也|还|都)?(?:含|有|包括|包含)")
ALSO_IN = regex(r"(?:大?前年|[去今上]年|(?:20)?\d\d年)(?:也|又)")
OVER_YEARS = regex(
    r"(?:[这那它钱就也都是交缴付管用算包了]|一[次回下]|[一总]共)*(?:[两二三四五六七八九十]|[2-9])年(?:的|[交付缴续换]?一[次回]|一[交付缴续换签]|期|费|钱|服务)*"
)
YEARS_SET = regex(
    r"(?:签|办|交|买|(?<!连)续|付|缴)了?(?:的是)?(?:[两二三四五]|[2-5])年(?![前多来])(?!了(?!,|$))|(?:(?<!十)[两二三四五六七八九]|十|(?<!\d)[2-9])年(?:的|期)?(?:套餐|期|版|授权|服务费?|合同)"
)
RATHER = regex(r"(?:而|现在|目前|应该|实际上?|其实|准确说|准数|准确数?|确切数?|精确数?)*是")
PAID = regex(r"已经?(?:拨付?|到账|到位|支付|兑现|投)[^,]{0,4}$|(?:第一|首)[笔批][^,]{0,6}$")
"""What stands before the part of a sum that is paid by now: 资金1500万元，已拨付900万元."""
_RIGHTLY = regex(  # 合同加总看了下其实是106.8万
    r"(?:其实|实际上?|事实上|准确|确切|精确)(?:来?说|的|数|应该)*[是为]$|(?:剔除|核减|调减|扣除|扣掉|除去)[^,]{0,10}[后为是合计]+$|(?:账[上面]|审计|决算|核定)[^,]{0,6}(?:只有|只|就|是|为|有)$|[查核对翻问算数看]了?[^,]{0,6}(?:应该|其实|才)是$"
    r"|(?:实打实|净|真正|实际上?|最后|最终)[^,没未不\d]{0,4}[花交付掏用投]了?$"
)
_REVISED = regex(
    r"(?:追加|增加|增|[上下]?[涨调]|提高|调整|改|扩|加|降|减|缩|砍|压价?|让价?|谈)(?:到|成|为|至)了?|(?:决算|结算|审计|验收|核算|核|测绘|丈量|最新[^,]{0,3}|备案)(?:完|下来|后|出来|价|的|时候?)*(?:审计)?(?:认定?|审定|核定|确认)?[是为了]?$"
)
"""How a figure of the same thing is led in to that came later: 后来追加到14.5亿, 决算下来是1.9亿."""
_ANOTHER_SUM = regex(r"(?:收入|佣金|费用?|租金?|出租|销售额?|卖货|货款|利息|提成|抽成|差价|流水)[^,]{0,4}$")
_EARLIER = regex(r"(?:[去前上]一?年|上年度?|\d{2,4}年|年初|年前|此前|之前|以前|当时|原先?|原来|原计划|同期|一开始)")
SPENT = regex(r"[花砸投掏搭填]|总共|合计|盘子|总的|一共|拢共|规模")
ALTOGETHER = regex(r"(?:[加算连带]上|连同?|把)[^,]{1,14}(?:是|共|合计|达到?|到)了?$")  # 加上后补的设备是1060万
EACH = regex(r"都(?!加)|各|每|均|分别|一样")
PAST = regex(r"去年|上年|前年|后来|实际|最终|最后|决算|追加|增加到")
UNTIL_NOW = regex(
    r"(?:到(?:现在|今天?|目前|眼下|如今)|至今|[算折]下来|满打满算|前后|拢共|掐指一算)(?:已经?|都|也|整|满|足|差不多|大概|约|快|有|是|了|,)*$"
)
TOTAL = regex(
    r"(?:(?:摊|折|(?<![月季])均|平均|折合)(?:下来|到|成)?|[一总拢统]?共|合计|总计|累计|[加合]起来|[加合]在?一[起块]|加到?一[起块])[^,\d]{0,8}$"
)
BUDGET = regex(r"(?<!中央)(?<!国家)(?<!财政)预算|budget|报价")
PERIOD = regex("一年(?![了的吧啊呢多半,]|$)")  # 一年收我们96万: no time that something took
_QUOTED = regex(r"(?:报|开|标|要|挂牌|目录)价[^,]{0,3}$")  # 报价680万 is no price that was paid
ONE_OF = regex(
    r"(?:(?:有)?[一另]一?[个次回笔张份人家]|第[一二三四1-4][次回笔期场]|第?[一二三][期批笔年])(?:一年|每年)?(?:是|[投花交缴付掏收]了?)?"
)
ONE_YEARLY = regex("[一另]一?[个次回笔张份人家](?:一年|每年)")  # 一家一年2000: what one of several comes to
ONE_COSTS = regex(rf"{ONE_OF.pattern}(?=\d|[一二两三四五六七八九][百千万])")
TIMES = regex("([两二三四五2-5])(?:次|笔|期|批|回|场|个班|张|份|个人|把|家(?!(?:网|分)?店))")
_A_SUM = r"(?=(?:一年|每年)?(?:要|是|收|[花交缴付掏]了?)?(?:\d|[一二两三四五六七八九][百千万]))"
_ONCE = (
    (regex(rf"(?<![每同])一次{_A_SUM}"), "一回"),
    (regex(rf"(?<![每同])一[张把家份]{_A_SUM}"), "一笔"),
)


def one_each(text: str) -> str:
    """一次3000，一次5200 · 一家一年2000，一家一年1500: ``text``, in which what is told of each time or piece is one sum of several,
    where there are several."""
    for once, one in _ONCE:
        text = once.sub(one, text) if len(once.findall(text)) > 1 else text
    return text


def grown(text: str, quantities: Sequence[Quantity]) -> list[Quantity]:
    """从900万追加到1250万: the figures without those that grew to the next one."""
    before = {a for a, b in pairwise(quantities) if _GROWN.fullmatch(text, a.end, b.start)}
    return [quantity for quantity in quantities if quantity not in before]


@lru_cache(maxsize=64)
def _scaled(text: str) -> frozenset[Decimal]:
    """The figures that ``text`` tells in 万 or 亿."""
    return frozenset(q.value for q in find_quantities(text) if q.scaled and isinstance(q.value, Decimal))


def in_full(quantity: Quantity, text: str) -> Quantity:
    """设备加上是1060万，总投资按1060算: a bare number for which the whole ``text`` has the figure in full."""
    return next((each for each in quantity.in_large_units() if each.value in _scaled(text)), quantity)


def inside(value: Decimal | Range | None, known: Range) -> bool:
    """Whether ``value`` lies within ``known``, so that it only says it better."""
    low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
    if (known.low_open and value == known.low) or (known.high_open and value == known.high):
        return False
    return (low is not None and (known.low is None or low >= known.low)) and (
        known.high is None or (high is not None and high <= known.high)
    )


def within(known: Range, value: Decimal | Range | None) -> Decimal | Range | None:
    """``value``, where it lies within ``known``; the span between the two where each is one end of it; else None."""
    if inside(value, known):
        return value
    if not isinstance(value, Range):
        return None
    low, high = (known, value) if known.high is None else (value, known)
    if low.high is not None or high.low is not None or not (low.low and high.high and low.low < high.high):
        return None
    return Range(low.low, high.high, low.low_open, high.high_open)


def elsewhen(words: FactWords, text: str) -> bool:
    """Whether ``text`` speaks of another year than the one that the fact means."""
    return words.spoken.this_year and "今年" not in text and any(year in text for year, _ in _YEARS)


def strays(before: bool, words: FactWords | None, cue: Mention | None, led_in: str) -> bool:
    """Whether a sum of another thing was told since the last of a fact: this one, which is of no fact but named (场地出租30万), or
    one ``before`` it."""
    named = cue is not None and cue.word is None
    return named or (words is None and (before or _ANOTHER_SUM.search(led_in) is not None))


def of_before(text: str, clause: SpokenClause) -> bool:
    """Whether a clause of the whole ``text`` adds in brackets what a figure was earlier."""
    return text.endswith("(", 0, clause.start) and _EARLIER.match(clause.text) is not None


def of_one_year(words: FactWords, text: str) -> bool:
    """今年还没领: whether ``text`` denies of this year alone what the fact counts the years of."""
    return words.fact.type == "int" and words.fact.counter == "年" and bool(_NOT_THIS_YEAR.search(text))


def not_paid(words: FactWords, text: str, quantity: Quantity) -> bool:
    """贷了1500万，还了600万，剩900万没还: whether the figure is of what was paid back, returned or is left, and no name of the fact
    stands beside it; or the price that was only asked, where the fact is what was really paid."""
    if _QUOTED.search(text, 0, quantity.start) and "实际" in words.fact.label:
        return True
    if _NOT_HERE_YET.match(text, quantity.end) and _RECEIVED.search(words.fact.label + words.fact.question):
        return True  # 今年批的15万还没到账, where what was received is asked for
    back = _GIVEN_BACK.search(text, 0, quantity.start)
    return bool(back) and not (words.says and words.says.search(text[back.start() if "退" in back[0] else 0 :]))


def another_s(words: FactWords, clause: SpokenClause) -> bool:
    """Whether ``clause`` says of a figure that it is no figure of the fact."""
    revoked = words.revoked is not None and bool(words.revoked.search(clause.text))
    return revoked or not_ours(clause.text) or clause.stance is Stance.OTHERS or elsewhen(words, clause.text)


def one_by_one(text: str, quantities: Sequence[Quantity]) -> bool:
    """报了两个班，4200和3800: whether a clause is nothing but figures side by side."""
    between = [text[a.end : b.start] for a, b in pairwise(quantities)]
    return bool(between) and not quantities[0].start and all(gap in ("和", "、", "跟", "加", "与") for gap in between)


def share_of(text: str, quantity: Quantity) -> bool:
    """培训里头有五千是…: whether the figure is of a part of what is named before it."""
    return bool(_AMONG.search(text, 0, quantity.start))


def only_said(text: str, quantity: Quantity) -> bool:
    """说运营一年半那是连装修都算上了: whether the figure was only said, and is that of another thing, or of each of several (一把一年二百)."""
    if _OF_EACH.search(text, 0, quantity.start):
        return True
    return bool(_SAID.search(text, 0, quantity.start) and _THAT_IS.match(text, quantity.end))


def not_told(text: str, before: str) -> bool:
    """Whether a clause says that the figure ``before`` it was only said (电话说1万5, | 那是…), or is not paid (报了八千, | 还没交)."""
    return bool((text.startswith("那是") and _JUST_SAID.search(before)) or _UNPAID.fullmatch(text))


def of_a_part(words: FactWords, text: str) -> bool:
    """Whether the figure is of a part of the year only, or of one customer of many."""
    if words.spoken.this_year:  # so far is what is asked for, and within the year it may have come at any time
        return bool(_PART.search(_BY_THEN.sub(",", text)))
    return bool(_PART.search(text) or _SO_FAR.search(text))


def entry_of(
    clause: SpokenClause, quantity: Quantity, value: Decimal | Range, span: tuple[int, int], rank: int
) -> Statement:
    """The ``value`` of ``quantity`` as it is said in the words at ``span`` of the clause."""
    start, end = span
    around = clause.text[max(0, start - 4) : end + 4]
    approximate = isinstance(value, Decimal) and (quantity.approximate or hedged(around))
    return Statement(value, clause.start + start, clause.start + end, approximate, rank)


def whole(partial: FactWords | None, quantity: Quantity, said: str) -> FactWords | None:
    """What was told in part, where the ``quantity`` that ends ``said`` is the whole of it: 每月18万，一年总共216万."""
    return partial if partial and fits(partial, quantity) and IN_ALL.search(said) else None


def year_rank(text: str, otherwise: int = _UNDATED) -> int:
    """The rank of a figure by the year that ``text`` names: a later year counts."""
    named = [int(match[0]) for match in _CALENDAR.finditer(text)] + [rank for year, rank in _YEARS if year in text]
    return max(named, default=otherwise)


def firmness(text: str, correcting: bool) -> int:
    """The rank of a figure that is put right (of an earlier year it is none: 不对，160万是前年的) or said to be the real one."""
    right = correcting and year_rank(text) >= _UNDATED
    return LAST_WORD if right or _REALLY.search(text) else 0


def fits(words: FactWords, quantity: Quantity) -> bool:
    if quantity.kind not in _KINDS.get(words.fact.type, ()):
        return False
    if quantity.kind is UnitKind.YEARS and isinstance(quantity.value, Decimal) and quantity.value >= _A_YEAR:
        return False  # 88年的: a year, and no time
    if not quantity.bare:
        return True
    value = quantity.value
    if value is None:
        return quantity.monthly
    figure = (value.low if value.low is not None else value.high) if isinstance(value, Range) else value
    if figure == 0:
        return words.spoken.zero
    return figure is not None and max(_LEAST, words.spoken.least) <= figure < _MOST


def _holds(cue: Mention, quantity: Quantity) -> bool:
    """Whether ``quantity`` holds ``cue``, or a name holds it (another thing's: if it goes on behind it)."""
    left, right = cue.start - quantity.start, quantity.end - cue.end
    return (left >= 0 and right >= 0) or (left < 0 and right <= (0 if cue.word else -1))


def cue_of(quantity: Quantity, cues: list[Mention], text: str, quantities: list[Quantity]) -> Mention | None:
    """The name beside ``quantity``: the nearest before it, else the one that follows at once."""
    fitting = [c for c in cues if c.word is None or (isinstance(c.word, FactWords) and fits(c.word, quantity))]
    inside = [c for c in fitting if _holds(c, quantity)]
    if inside:  # 80户里有50户是电商 · 交给协会三千块培训费
        return inside[0]
    ahead = [c for c in fitting if c.end <= quantity.start + 2 and c.start < quantity.at]
    behind = [
        c
        for c in fitting
        if quantity.end - 1 <= c.start <= quantity.end + (_CLOSE if ahead else _BEHIND)
        and not any(quantity.end <= q.start < c.start and q.value != 1 for q in quantities)
        and (
            text.startswith("的", quantity.end)
            or not any(c.end == q.start and q.kind is quantity.kind for q in quantities)
        )
    ]  # 300万利息12万: not of the name that has its own
    if ahead and not (behind and text.startswith("的", quantity.end)):  # 给客户开了380万的服务费发票
        nearest = max(ahead, key=lambda c: (c.end, c.word is not None))
        gap = text[nearest.end : quantity.start]
        if not behind or len(gap) <= _NEAR:
            return nearest
    return min(behind, key=lambda c: c.start) if behind else None


_FAR = 3


def nearest(value: Decimal | Range | None, told: Sequence[tuple[str, Value]]) -> str:
    """Of which of the names ``told`` with their figures ``value`` may be one more, where it is far from the others; else empty."""
    if not isinstance(value, Decimal) or not value or not all(isinstance(v, Decimal) and v > 0 for _, v in told):
        return ""
    apart = sorted((max(value / v, v / value), name) for name, v in told if isinstance(v, Decimal))
    return apart[0][1] if len(apart) > 1 and apart[0][0] * _FAR <= apart[1][0] else ""


def alike(known: Decimal, value: Decimal | Range | None) -> bool:
    """Whether ``value`` may be what became of a figure that was ``known``: neither many times as much nor a small part of it."""
    return isinstance(value, Decimal) and known <= value * _MANY_TIMES and value <= known * _MANY_TIMES


def put_right(text: str, end: int) -> bool:
    """Whether ``text`` up to ``end``, where a figure begins, says that it is the right one, or came later."""
    return bool(_RIGHTLY.search(text, 0, end) or _REVISED.search(text, 0, end))


def summed_up(text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
    """还有一个是三千三，加起来八千一: whether the figure is the sum that is told right behind another one in its clause."""
    before = max((each.end for each in beside if each.end <= quantity.start), default=0)
    return bool(before and TOTAL.search(text, before, quantity.start))


def is_first(text: str, start: int) -> bool:
    """Whether a clause of ``text`` at ``start`` is the first that says something: 会计说|那是报税用的."""
    return start <= 1 or not _SOURCE.sub("", text[:start]).strip(",:")
