"""Which figure in a question is which: what a programme's conditions and its share are said to be.

A figure counts only for the fact that it was said of: beside that fact's own names, or beside no noun at all; one that
stands beside another noun (净利润600万, 贷款900万) is none of it. Where that is not sure nothing is taken. Knows
programmes, facts and quantities; words nothing.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal
from itertools import pairwise

from conversations.answering.asked import ReadQuestion
from conversations.language.quantities import Quantity, UnitKind, find_quantities
from conversations.language.text import normalise
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy, Programme
from rules.amounts import Fixed
from rules.conditions import FigureLine, line_of
from rules.plain import PlainShare, plain_share
from rules.terms import plain as plain_number
from rules.values import Range
from rules.walk import parts

_KINDS = {"money": UnitKind.MONEY, "area": UnitKind.AREA, "ratio": UnitKind.RATIO, "years": UnitKind.YEARS}
_UNLIKE_MONEY = ("area", "ratio")
_LONGEST_FIGURE = 8
_RATE = 2
"""一年交十万: a sum so many characters behind a span of time is that much a year; nothing lasts for it."""
_MARKS = ",。;!?、:\n"
_NEAR = 6
"""How far behind a figure the noun stands that it is said of: 三百万的服务费."""

_NEVER = regex(
    r"授信|贷款|融资|[每各]家?各?占|占股|持股|股[份权]|建筑面积|建面|占地|总面积|产权|净利|毛利|利润|注册资|流水|gmv|(?:营业|销售|主营|总|毛)收入|营收"
)
"""What is never another name of something else, whatever stands beside it."""
_OTHER = regex(
    r"[营销业成交]额|(?<![一每全])[营年月总]收(?!了)|产值|成本|资[本产]|[押定罚]金|保证金|[贷借]|融资|税|租|薪|工资|货|库存|[卖销亏欠赚]|估值|市值|(?![年交缴付])[\u4e00-\u9fff]费(?!用)|(?<!总)(?<!资)额"
)
"""Other things of a firm that have a figure; what a fact is itself called is none of them."""
_BASED = regex(
    r"按照?(?:[我俺咱]们?|公司|企业)?的?(?P<by>[\u4e00-\u9fff]{2,7}?)(?:的|来)?(?=[算补给报返]|百分之|十分之|\d+%|[一二三五]成)"
    r"|(?P<of>[\u4e00-\u9fff]{2,7})的(?:百分之|十分之|\d+%|[一二三五]成|一半)"
)
"""What a share is said to be taken of: 按流水算, 注册资金的十分之一."""
COMES_TO = regex(r"%[^,。;!?\d]{0,4}$")
"""Before what a share comes to: 30% 就是 6 万."""
_NET = regex(r"(?:扣[除掉减]|减[去掉]|刨[去除]|去[掉除]|除去|剔除)[^,。;!?]{0,10}[后剩余][^,。;!?\d]{0,6}$")
"""Before what is left of a figure: 按扣除补助后之 800 万元."""
_TOTAL = regex(r"(?:合计|[总一]共|总)[^,。;!?\d]{0,4}$")
_EXACTLY = regex(r"(?:[正刚恰]好|刚刚|恰[为是]|不多不少)[^,。]{0,4}$")
_PAYING = regex(r"^.*?(?:[补给返报]贴?|[我俺咱]们?|公司|企业)(?!本)的?")
_EXACT = regex(r"整|不多不少")
_ALL_HAD = regex(r"(?:能|可以|都|全)*(?:拿[全齐到]|[都全]拿|到手)")
"""Behind what several grants come to: 总共 1100 万能拿全吗."""
_AWARDED = regex(r"(?:[补奖退报返配]|批(?=[了给下])|(?<!开)发(?=[了给]))(?:[了贴助到给]|[上下]来)*$")
_SINCE_GRANTED = regex(r"(?:认定|评[上定]|批|获|拿到|交|报|等)(?:[了上下来去]|已经?|都|好)*$")
"""认定半年了: how long ago something was granted, or applied for, is no time of what it was granted to."""
_GRANTED_FOR = regex(r"[免补给减返租奖配](?:[了过]|足|整|满)*$")
"""房租免三年: how long something is granted is no time of it."""
_CLAIMED = regex(r"[拿给补领奖得报]到?了?[^,。;!?\d]{0,4}$")
"""Before what somebody hopes to get."""
_FUNCTION = regex("[的一年今这付给几个]")
_IDLE = regex(
    r"[我俺咱]们?|签[了下]?|[大新]?(?:单子?|订单|合同)|能|估(?:摸|算|计)?|做到|冲到?|接[了到]|自己|本身|单独|公司|单位|企业|客户|商家|费用|花费|[交缴付]费|报了?(?=[一两几二三四]?[期次批场])|[期次批场](?!货)|项目|平台|系统|今年|去年|前年|上年|年度?|预[计估]|估计|大概|大约|约|差不多|前前?后后?|[先陆]后?续?|[一总合]共|合计|共计?|总[额数]|才|只有?|就|也|又|都|已经?|是|有|要是|如果|假如|按|算|满|达?到|正?[刚正恰]好|刚|实打实|实实在在|真金白银|足足|整整|另外|超过?|不[到足]"
    r"|[回涨升降跌掉变]到?[了成]?|[花交投付拨出给收占搞做建上缴开赚挣](?:进去|出去|入|资|掉|过|票)?|[那这个了的得光在过着里头户比例家整每为向跟和我]|[一两二三四五六七八九十]"
)
"""What tells nothing of what a figure is: who, when, about how much, and verbs that any figure may have."""


def thresholds(programme: Programme) -> list[FigureLine]:
    """The figures that a programme demands; "more than nothing" is none."""
    return [line for line in programme.lines if line.value]


def rows(programme: Programme) -> list[FigureLine]:
    """The figures by which the rows of a table of amounts are told apart."""
    return [line for part in parts(programme.amount) if (line := line_of(part)) and line.value]


class FigureReader:
    """Tells of which fact of ``policy`` a figure in a question is said."""

    def __init__(self, policy: Policy) -> None:
        self._often = Counter(pair for fact in policy.facts for pair in _pairs(fact.label))
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._policy = policy

    def base(
        self, question: ReadQuestion, programme: Programme, rule: PlainShare, fact: Fact
    ) -> tuple[Decimal, bool] | None:
        """The figure that a share of ``fact`` is taken of: the one sum from which all others said of it follow."""
        quantities = question.quantities
        if any(quantity.scaled and quantity.kind is UnitKind.COUNT for quantity in quantities):  # 1200万一个: how many?
            return None
        own = _own_figures(programme)
        told = {end for each in _sums(quantities) for end in _ends(each)}  # 8万的，再给2.4万: a figure with its share
        sums = [each for each in _sums(quantities) if each.value in own or not self.of_another(question, each, fact)]
        for quantity in sorted(sums, key=lambda each: not _TOTAL.search(question.text[: each.start])):
            figure = quantity.value
            if (
                isinstance(figure, Decimal)
                and not COMES_TO.search(question.text[: quantity.start])
                and (rule.rate == 1 or figure / rule.rate not in told - own)
                and (figure not in own or _just_reached(question, quantity, programme, fact))
                and self._is_said_of(question, quantity, fact, programme)
            ):
                short = {abs(figure - condition.value) for condition in thresholds(programme)}
                explained = own | short | {figure, figure * rule.rate}
                explained |= {end for end in told if {figure + end, figure - end, end - figure} & told}  # 合计, 再加
                explained |= {
                    end
                    for other in sums
                    for end in _ends(other)
                    if rule.rate != 1 and {end * rule.rate, end / rule.rate} & told
                }
                if all(
                    other.value is None or _ends(other) & explained or _AWARDED.search(_beside(question, other)[0])
                    for other in sums
                ):
                    return figure, quantity.approximate
        return None

    def said(self, question: ReadQuestion, programme: Programme, condition: FigureLine, fact: Fact) -> Quantity | None:
        """What the question says of ``fact``, which ``condition`` is on; None where it says nothing, or several things."""
        quantities = question.quantities
        rule = plain_share(programme.amount)
        kind = _KINDS.get(fact.type)
        if kind is UnitKind.MONEY:
            sums = _sums(quantities)
            if rule and (known := self.base(question, programme, rule, fact)):
                return next(quantity for quantity in sums if quantity.value == known[0])
            likely = [
                quantity for quantity in sums if isinstance(quantity.value, Range) or quantity.value == condition.value
            ]
            sure = len(likely) == len(sums) == 1 and not _restated(likely[0], condition)
            return likely[0] if sure and self._is_said_of(question, likely[0], fact, programme) else None
        likely = [
            quantity
            for quantity in quantities
            if quantity.kind is kind
            and quantity.value is not None
            and quantity.end - quantity.start <= _LONGEST_FIGURE
            and not (rule and quantity.value == rule.rate)
            and not _restated(quantity, condition)
            and not (
                kind is UnitKind.YEARS and any(0 <= each.start - quantity.end <= _RATE for each in _sums(quantities))
            )
        ]
        unnamed = kind is UnitKind.AREA and any(q.kind is UnitKind.NUMBER and q.scaled for q in quantities)  # of what?
        if len(likely) > 1 and kind is UnitKind.AREA:  # 建筑面积 13000, 其中办公使用面积 9200
            likely = [each for each in likely if self._is_said_of(question, each, fact, programme)]
        sure = len({each.value for each in likely}) == 1 and not unnamed
        return likely[0] if sure and self._is_said_of(question, likely[0], fact, programme) else None

    def only(self, question: ReadQuestion, fact: Fact, programme: Programme) -> tuple[Decimal, bool] | None:
        """The sum that the question says of ``fact``, where it names one alone, and whether roughly."""
        sums = [each for each in _sums(question.quantities) if not self.of_another(question, each, fact)]
        figure = sums[0].value if len(sums) == 1 else None
        if not isinstance(figure, Decimal) or not self._is_said_of(question, sums[0], fact, programme):
            return None
        return figure, sums[0].approximate

    def _is_said_of(self, question: ReadQuestion, quantity: Quantity, fact: Fact, programme: Programme) -> bool:
        """Whether ``quantity`` is said of ``fact``: beside its names, or beside nothing that tells what it is."""
        before, after = _beside(question, quantity)
        own = self.names(fact)
        ends = [match.end() for match in own.finditer(before)]
        if (
            self.of_another(question, quantity, fact)
            or _NET.search(before)
            or (not ends and (_AWARDED.search(before) or _ALL_HAD.match(after)))
        ):
            return False
        named = bool(ends) and fact.type in _UNLIKE_MONEY  # its unit tells as well what it is
        if fact.type == "years" and (_SINCE_GRANTED.search(before) or _GRANTED_FOR.search(before)):
            return False
        if fact.type == "years" or named or (not ends and own.search(after[:_NEAR])):
            return True
        between = self.matters(programme).sub(_blank, before)[max(ends, default=0) :]
        return is_idle(between)

    def of_another(self, question: ReadQuestion, quantity: Quantity, fact: Fact) -> bool:
        """Whether another noun stands nearer to ``quantity`` than the names of ``fact``."""
        before, after = _beside(question, quantity)
        own = self.names(fact)
        if _NEVER.search(before) or _NEVER.match(after.removeprefix("的")):
            return True
        masked = own.sub(_blank, before)
        nearest = max((match.end() for match in own.finditer(before)), default=-1)
        if any(match.end() > nearest for match in _OTHER.finditer(masked)):
            return True
        behind = own.sub(" ", after).removeprefix("的")
        return nearest < 0 and _OTHER.match(behind[:_NEAR]) is not None

    def is_anothers(self, question: ReadQuestion, words: str, fact: Fact) -> bool:
        """Whether all sums in ``words``, a stretch of the question, are of what is never ``fact``."""
        at = question.text.find(normalise(words))
        sums = [each for each in _sums(question.quantities) if at <= each.start < at + len(words)]
        before = [_beside(question, each)[0] for each in sums if at >= 0]
        return bool(before) and all(_NEVER.search(each) and not self.names(fact).search(each) for each in before)

    def other_base(self, text: str, fact: Fact, rate: Decimal) -> str:
        """What else than ``fact`` the text takes for what a share of it is paid of; empty for nothing.

        In so many words (按注册资金算), or by a sum that is the share of a figure of something else.
        """
        question = ReadQuestion(text, text, frozenset(), tuple(find_quantities(text)))
        told = {each.value for each in question.quantities}
        for each in _sums(question.quantities):
            if isinstance(each.value, Decimal) and each.value * rate in told and self.of_another(question, each, fact):
                noun = _IDLE.sub("", _beside(question, each)[0]).strip()
                if noun and len(noun) <= _LONGEST_FIGURE and (_NEVER.search(noun) or _OTHER.search(noun)):
                    return noun
        for each in question.quantities:  # 营业额 2000 万，能按 2000 万的 10% 给吗
            words = text[each.start : each.end]
            of = (one for one in question.quantities if one.end <= each.start and text[one.start : one.end] == words)
            if re.match(rf"的?{plain_number(rate * 100)}%", text[each.end :]) and (first := next(of, None)):
                noun = _PAYING.sub("", _IDLE.sub("", _beside(question, first)[0])).strip()
                if noun and len(noun) <= _LONGEST_FIGURE and self.of_another(question, first, fact):
                    return noun
        if f"{plain_number(rate * 100)}%" in text and (noun := self._only_other(question, fact)):
            return noun
        for match in _BASED.finditer(text):
            words = match["by"] or match["of"]
            if "还是" in words:  # 按含税还是不含税算: asks, and takes nothing for it
                continue
            found = _NEVER.search(words) or _OTHER.search(words)
            if found and not self.names(fact).search(words):
                return _PAYING.sub("", words)
        return ""

    def _only_other(self, question: ReadQuestion, fact: Fact) -> str:
        """What the first figure beside those claimed is of, where that is never ``fact``: 注册资本 5000 万, 按10%能先拿300万吧."""
        told = (_beside(question, each)[0] for each in _sums(question.quantities))
        of = [before for before in told if not _CLAIMED.search(before)]
        never = of and _NEVER.search(of[0]) and all(_NEVER.search(each) or _OTHER.search(each) for each in of)
        noun = _PAYING.sub("", _IDLE.sub("", of[0])).strip() if never else ""
        return noun if len(noun) <= _LONGEST_FIGURE and not self.names(fact).search(question.text) else ""

    def names(self, fact: Fact) -> re.Pattern[str]:
        """What ``fact`` is called: its names, and the pairs of characters in its label that name nothing else."""
        if fact.id not in self._patterns:
            pairs = {pair for pair in _pairs(fact.label) if self._often[pair] == 1 and not _OTHER.search(pair)}
            words = _any_of(map(normalise, pairs.union(fact.reads.names))).pattern
            rest = re.escape("".join(dict.fromkeys(fact.label)))
            self._patterns[fact.id] = regex(rf"(?:{words})(?:(?:[一每全]?年)?的?收入?)?[{rest}]*")
        return self._patterns[fact.id]

    def called(self, text: str, quantities: Iterable[Quantity], fact: Fact) -> list[Quantity]:
        """Those of the ``quantities`` of plain ``text`` before which, in their clause, ``fact`` is named."""
        names = self.names(fact)
        return [each for each in quantities if names.search(text, clause_of(text, each).start, each.start)]

    def is_settled(self, question: ReadQuestion, fact: Fact, values: Collection[object]) -> bool:
        """Whether one of ``values``, of which it is asked which one counts, is called by the name of ``fact``, and all else another's."""
        told = [each for each in question.quantities if each.scaled and each.value in values]
        named = [each for each in told if not self.of_another(question, each, fact)]
        called = {each.value for each in self.called(question.text, named, fact)}
        return len(called) == 1 and {each.value for each in named} == called and len(told) > len(named)

    def matters(self, programme: Programme) -> re.Pattern[str]:
        """What ``programme`` is about: words for its matter, and what its items are of (物流的试点)."""
        if programme.id not in self._patterns:
            policy = self._policy
            groups = policy.questions.terms.values()
            words = {word for group in groups if any(each in programme.label for each in group) for word in group}
            facts = [fact for fact in policy.facts if fact.subject == programme.subject]
            words |= {word for fact in facts for choice in fact.choices for word in (choice.label, *choice.synonyms)}
            words |= {word for fact in facts if fact.id in programme.facts for word in (*fact.yes, *fact.reads.names)}
            self._patterns[programme.id] = _any_of(map(normalise, words))
        return self._patterns[programme.id]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return regex("|".join(map(re.escape, sorted(filter(None, words), key=len, reverse=True))) or "(?!)")


def clause_of(text: str, quantity: Quantity) -> slice:
    """Where in plain ``text`` the clause of ``quantity`` stands, what is in brackets included: 成交额（GMV）8000 万."""
    left = max((text.rfind(mark, 0, quantity.start) + 1 for mark in _MARKS), default=0)
    right = min((at for mark in _MARKS if (at := text.find(mark, quantity.end)) >= 0), default=len(text))
    return slice(left, right)


def _beside(question: ReadQuestion, quantity: Quantity) -> tuple[str, str]:
    """What stands before and behind ``quantity`` in its clause, up to the next quantity."""
    text, clause = question.text, clause_of(question.text, quantity)
    left = [other.end for other in question.quantities if other.end <= quantity.start and _counts(other)]
    right = [each.start for each in question.quantities if each.start >= quantity.end]
    return text[max([clause.start, *left]) : quantity.start], text[quantity.end : min([clause.stop, *right])]


def _counts(quantity: Quantity) -> bool:
    return quantity.kind not in (UnitKind.YEARS, UnitKind.COUNT)


def _pairs(label: str) -> set[str]:
    return {a + b for a, b in pairwise(label) if (a + b).isalpha() and not _FUNCTION.search(a + b)}


def _own_figures(programme: Programme) -> set[Decimal]:
    """The sums of money that the programme itself names."""
    figures = {condition.value for condition in thresholds(programme)}
    for part in parts(programme.amount):
        figures |= {part.amount} if isinstance(part, Fixed) and isinstance(part.amount, Decimal) else set()
        cap = getattr(part, "cap", None)
        figures |= {cap} if isinstance(cap, Decimal) else set()
    return figures


def _ends(quantity: Quantity) -> set[Decimal]:
    """The figure that ``quantity`` is, or those that it is from or up to: 1000万以上."""
    value = quantity.value
    ends = (value.low, value.high) if isinstance(value, Range) else (value,)
    return {each for each in ends if each is not None}


def _just_reached(question: ReadQuestion, quantity: Quantity, programme: Programme, fact: Fact) -> bool:
    """Whether ``quantity`` is said to be just what ``programme`` demands of ``fact``: 总投资正好 1000 万."""
    demanded = any(line.fact == fact.id and line.value == quantity.value for line in thresholds(programme))
    before, after = _beside(question, quantity)
    return demanded and bool(_EXACTLY.search(before) or _EXACT.match(after))


def is_sum(quantity: Quantity) -> bool:
    """Whether a quantity is a sum of money, or a figure of thousands and more without a unit, and not denied."""
    scaled = quantity.kind is UnitKind.NUMBER and quantity.scaled
    return (quantity.kind is UnitKind.MONEY or scaled) and not quantity.denied


def _sums(quantities: Iterable[Quantity]) -> list[Quantity]:
    return [quantity for quantity in quantities if is_sum(quantity)]


def is_idle(words: str) -> bool:
    """Whether plain ``words`` tell nothing of what is spoken of: 自己."""
    return not _IDLE.sub("", words).strip()


def _restated(quantity: Quantity, condition: FigureLine) -> bool:
    """Whether the words only repeat the condition: 一千万以上."""
    return isinstance(quantity.value, Range) and quantity.value.low == condition.value
