"""Whether a figure in an answer belongs to the question, or is a figure of something else.

A figure belongs where nothing that stands around it is foreign: the question's own words, and what may lead in to
anybody's figure (刚好, 会计说, 报表上是). A list of all other things that have figures has no end; this one has.
"""

import re
from collections.abc import Sequence

from conversations.language.quantities import Quantity, UnitKind, without_hedges
from conversations.language.text import normalise
from knowledge.policy import Fact

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
RAISED = re.compile(r"(?:增加|增|涨|追加|升|提高|提|调整|调|降|减|砍|缩|扩|扩大|加|变)(?:到了?|(?<!提)成了?|至)$")
TOTAL = re.compile(
    r"一共|总共|合计|总计|共计|共|加起来|加一起|加一块|加到一[起块]|拢共|统共|总的|总数|总额|总和|合起来|合在一起|全部|全年|总(?:投资|费用|支出|面积)?|累计|满打满算|算下来|下来是"
)
# What is asked of one, hoped for or taken off is no figure of one's own.
_NOT_HAD = re.compile(
    r"够呛|门槛|要求|规定|听说|据说|想要|希望|盼|除了|除去|减去|扣除|扣掉|刨去|去掉|还(?:有|能|要|可以)|其[他它]|别的|另外"
)
# What may lead in to anybody's figure. Other words before it make it a figure of something else.
_LEAD_IN = re.compile(
    r"[一两二三四五六七八九十]+[场门堂批处笔]|老实说|[说讲]实话|实话说|不瞒[您你]说|说真的|讲真|拨付|支付|缴纳|收取|领取|浮动|不等|一点|之多|控制|肯定|一定|反正|给[\u4e00-\u9fff]{1,4}(?=[交付])|以前|之前|曾经|下达|中央|预算内|[您你]好|老师|谢谢|麻烦|其实|实际上?|目前|现在|当前|截[至止]|如今|今年|[去上]一?年度?|最近|一直|绝对|至今|为止|确实|相关|当时|终于|方面|情况|总的?来?说"
    r"|[我咱俺本贵]们?(?:这(?:边|里|家)?)?的?(?:公司|单位|企业|厂|店|平台|家|项目|楼)?|\d+年(?:度|\d+月)?|年度|每年|一年"
    r"|正好|刚好|整整|足足|勉强|实打实|人民币|折合|约合|含税|不含税|开票|入账|具体|规模|盘子|前前后后|前后|介于|占比?|其中|(?:[每一单]个?|平均每个?)(?:月|季度?)|[月季]均|平均|固定|稳定|为|满|整|只|能|卡线?|砸|最大|略|莫|摸|齐|够|部分|套内|财政"
    r"|(?:会计|财务|老板|领导|物业|同事|经理)那?边?(?:说|讲|告诉我)?|(?:备案|立项|可研|审计|财务)?的?(?:报告|报表|发票|账[上面]|图纸|合同|文件|批文|台账|表)[上里]?面?|备案|立项|可研|批复|概算|概|写|标|统计|核算|算|查|填|记|三个人|客户|人(?=[一总]?共)"
)
_PAYING = frozenset("投花交付掏出用缴")
_GETTING = frozenset("收挣赚拿给批拨补得领发")
# Single words that turn a figure into another one: not had, left over, by whom, by how much more.
_TURNING = frozenset("没不未退欠应少多比剩空省市建关停等涨降银卖报说笔龄方丢减账") | _PAYING | _GETTING
_TURNED = re.compile(r"[^,。]{0,3}?(?:没(?!错|问题|毛病)|不(?![等含止到少错])|未|非|空|闲)|的?(?:传统|别的|其[他它])")
_PIECES = frozenset("个张枚支把套份人")
_BRACKET = re.compile(r"\([^()]{1,12}\)")
_WITHIN = re.compile(r"[里中](?!间)")
_INTENDED = re.compile(r"计划|打算|目标|预算(?!内)|拟|今年[^,]?预计|争取|准备|明年")
# Names of other figures made of words that a question may use as well.
_OTHER = re.compile(
    r"gmv|成本|报销|地下|营业额?|营收|会费|土地|总面积|建成|投资|投入|服务费|培训费|合同|税[费款金额]|补[贴助]"
)
# A number with a word behind it that is no unit known here (6 把, 3 套) counts something.
THING = re.compile(
    r"(?![吧了的啊呀呢嘛哈左右上下多来出头整不没以到至和或还就是都也大差含包每一有这那应可块元圆钱])[\u4e00-\u9fff]"
)


class Belonging:
    """What belongs to the question for ``fact``, a figure: its label and its ``reads`` say what it is called and what
    not; ``kinds`` are the quantities that can answer it.
    """

    def __init__(self, fact: Fact, kinds: tuple[UnitKind, ...]) -> None:
        self._kinds = kinds
        self._names = tuple(map(normalise, fact.reads.names))
        self._longest = sorted(self._names, key=len, reverse=True)
        self._others = tuple(map(normalise, fact.reads.others))
        self.planned = fact.type == "area" or fact.reads.period == "span"  # what counts whether it is there or not yet
        self._own_words = normalise(" ".join((fact.label, *fact.reads.names)))
        self._bigrams = _bigrams(normalise(fact.label))
        known = set(self._own_words) | set(
            "的了呀啊哩嘞哈呢吧嘛哦噢呗地也都就还又再才刚早已经是有在这那个些里儿它上下来去要会做着过进掉到大概约共总计数额一“”¥"
            + fact.counter
        )
        for verbs in (_PAYING, _GETTING):
            known |= verbs if verbs & known else set()
        self._known = frozenset(known)

    def own(self, text: str, quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
        """Whether ``quantity``, one of those ``beside`` it in plain ``text``, is a figure of the question."""
        return not self._of_something_else(text, quantity, beside)

    def _of_something_else(self, text: str, quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
        left, right = quantity.clause
        alone = not any(left <= q.start < right for q in beside if q is not quantity and q.kind is not UnitKind.DATE)
        own = own_part(text, quantity, beside)
        clause = own + (text[quantity.end : right] if alone else "")
        since = max((q.end for q in beside if q.end <= quantity.start and q.kind in self._kinds), default=0)
        bracket = _BRACKET.match(text, quantity.end)
        if self._is_of_others(clause + (bracket.group() if bracket else "")):
            return True
        if not self.closeness(own) and self._is_of_others(text[since:left]):
            return True
        if any(q.unit == "第" and 0 <= quantity.start - q.end <= 1 for q in beside):
            return True  # 第一年 1000，以后每年 500
        if (
            _of_each(quantity, beside)
            or _NOT_HAD.search(text[max(0, left - 2) : left] + own)
            or self._turned(text, quantity, beside)
        ):
            return True
        other = _OTHER.search(clause)
        return other is not None and other.group() not in self._own_words and not self.closeness(clause)

    def _is_of_others(self, words: str) -> bool:
        """Whether what is named in ``words`` is another thing than what the question asks for."""
        for name in self._longest:
            words = words.replace(name, "")
        return any(other in words for other in self._others)

    def _turned(self, text: str, quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
        """Whether words foreign to the question stand before a figure, or a denial behind it."""
        left, right = quantity.clause
        left = max([left, *(q.end for q in beside if q.end <= quantity.start)])
        before, behind = text[left : quantity.start], text[quantity.end : right]
        if _WITHIN.match(behind) or (not self.planned and _INTENDED.search(before)):
            return True
        alone = not any(quantity.end <= q.start < right for q in beside)
        if alone and (_TURNED.match(behind) or len(self._foreign(behind)) > 1):
            return True
        foreign = self._foreign(before)
        return (len(foreign) > 1 or bool(_TURNING & set(foreign))) and not RAISED.search(before)

    def _foreign(self, words: str) -> list[str]:
        """The characters that belong neither to the question nor to what may stand beside anybody's figure."""
        left = _LEAD_IN.sub("", TOTAL.sub("", without_hedges(words)))
        return [character for character in left if not character.isascii() and character not in self._known]

    def closeness(self, clause: str) -> int:
        """How many of the question's own words stand in ``clause``."""
        return len(self._bigrams & _bigrams(clause)) + sum(2 for name in self._names if name in clause)


def _of_each(quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
    """Whether a figure is said of one of several: 一个证书 200，买了 10 个."""
    counts = [q for q in beside if q.kind is UnitKind.COUNT and q.unit != quantity.unit]
    if not quantity.scaled and any(q.at > quantity.at and q.value != 1 and q.unit in _PIECES for q in counts):
        return True  # 500 块一年，一共 3 个
    of_one = any(q.value == 1 and 0 <= quantity.start - q.end <= 6 for q in counts)
    return of_one and (not quantity.scaled or any(q.value != 1 for q in counts))


def own_part(text: str, quantity: Quantity, all_of_them: Sequence[Quantity]) -> str:
    """The words that go with one figure: its clause, no further than the figures beside it."""
    left, _right = quantity.clause
    left = max([left, *(q.end for q in all_of_them if q.end <= quantity.start)])
    return text[left : quantity.at]


def _bigrams(text: str) -> frozenset[str]:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return frozenset(
        pair
        for pair in pairs
        if re.fullmatch(r"[\u4e00-\u9fff]{2}", pair) and not set(pair) & set("的是了在这给") and pair not in _GENERIC
    )
