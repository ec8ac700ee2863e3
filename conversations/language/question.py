"""What a question is, and one question as it was asked: the one place that tells whether words ask something.

Words ask where they say so (a question word, 能不能, 吗, 介绍一下), or where they are no more than the name of a matter
(代运营补助标准): without somebody of whom it is said, a thing done or denied, and a figure of one's own. Knows how
people speak; what matters there are is told by the pack. Apart from ``customer_message``, whose patterns take long to compile.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from conversations.language.lexicon import lexicon
from conversations.language.quantities import find_quantities
from conversations.language.text import breathed, normalise, paused
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import Policy


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``text`` is the sentence it stands in, ``heading`` its core, ``context`` what was told before it."""

    text: str
    heading: str
    context: str = ""


_GRANTED = (
    "符(?:不符)?合|[补奖给领拿报退返配扶]|享受|达标|资格|政策|文件|要求|条件|标准|最高|最多|封顶|上限|材料|手续|流程"
)
"""What a grant does and what it hangs on: who does not know that asks for it, and who says 吧 to it asks whether."""

_GRANTS = regex(_GRANTED)
_NOT_MEANT = regex(  # question words that ask nothing
    r"(?<!有)没(?:有)?(?:什么|啥|多少|几|哪)|(?<=[年万次个元块])咋(?=$|[,。])|(?:不(?:是|算)|没)(?:怎么|咋)|不(?:怎么|咋)(?!办)|(?:什么|啥|怎么|咋|哪(?:儿|里|个|家)?|谁)[^,。]{0,3}(?=[都也])|哪怕|哪(?:有|来的?)(?=[那这]么|[\d一二三四五六七八九十百千])|[好十百千]几"
    r"|(?<![补奖拿领报配退返给得是差到奖])几(?=[十百千万]万?(?:$|[,。]|左右|上下|块|元|的))"
    r"|(?<![补奖给领拿干做搞管是为用卖])(?:什么|啥)的(?=$|[,。;!也都还])|这么|那么|多么|(?<!管)不管[^,]*|无论[^,]*|随便[^,]*|多多少少|多少(?:也|都|算|还)?(?:有|是)?一?点|[^,。]{0,10}无所谓|要不是|差不多|对不起|不好意思|动不动|时不时|(不[对是行]|没有)\1+"
    r"|(?:^|(?<=[,。]))[我俺咱](?:(?!想|问|去|到|在|能|可)[^,。]){0,8}哪(?:里|儿)?(?:有|来的?|够)(?![^,。]*(?:补|奖|政策|申|卖|办))"
    r"|(?:给|跟|和|向)[你您]们?[^,。]{0,6}(?:说|讲|介绍|汇报)(?:一?下)?|把[^,。]{0,12}情况[^,。]{0,4}(?:说|讲|介绍)(?:一?下)?"
)
_ENTERED = regex(r"是否[^,。:;!?]{2,16}:(?=是|否|有|无|没|不|√|×)")  # an entry of a form
_RHETORICAL = regex(  # 不是说过了吗, 怎么又是这题
    r"(?:怎么|咋)(?:又|老|总)(?:是|问|让)|不是(?:都|已经|早就?|刚才|刚|前面)*(?:跟|和|给)?[你您]?们?(?:说|告诉|讲|填|写|回答|答)[^,。]{0,6}[吗嘛么]|(?:说|讲|写|答|填)得?(?:很|够|还不够)(?:清楚|明白)了?[吗嘛么吧]"
)
_UNSURE = regex(
    r"记得|记不|忘了|好像|说不[准上好清]|搞不|分不清|拿不准|弄不|吃不准|不(?:太|大)?(?:知道|清楚|确定|晓得|了解)|[得要去](?:再|先)?问"
)
_ASKING = regex("|".join(entry.pattern for entry in lexicon("asking").values()))
"""What asks, in one clause."""
_MA = regex(r"^(?!.*就是).*嘛$")
"""培训有补贴嘛: 嘛 for 吗, at the very end."""
_NE = regex(r"呢(?=[啊呀]?(?:$|[,。!]))")
_STILL_SO = regex(r"[还没正在着才都等]|已经?|^(?!.*(?:要是|如果|那)).*[\d一二三四五六七八九十百千万亿元年平]呢")
"""Where 呢 only tells how it is: 还没批呢, 一年两万呢."""
_AGREED = regex(rf"(?:{_GRANTED}|停|过期|作废|失效|有效|够|差)[^,。]{{0,20}}吧$|(?:对|是|没错|可以|行)吧(?=$|,)")
"""Where 吧 asks whether it is so."""
_TO_DO = regex(  # where it does not: 改成300万吧
    r"[改删去记写填换加减除撤][^,。]{0,8}吧$|^(?:那|就|先)?(?:算|行|好|可以|是|对|没错)了?吧$|[你您]们?.{0,8}(?:都|就)是"
)
_NAMED = regex(  # what is to be known of a matter, at the end of a clause
    r"(?:标准|条件|政策|比例|金额|数额|额度|上限|流程|手续|程序|材料|清单|期限|时间|日期|地址|电话|联系方式|联系人|文号|编号|标题|全名|目标|任务|规划|部署|内容|措施|办法|要求|定义|问题|初衷|出发点|思想|地位|规模|计划|打算|范围|名单|方针|意义|目的|区别|力度|待遇|好处|的(?:补[助贴]|奖[励金]|扶持|支持|钱|事))(?:是|呢)?$"
)
_HAD = regex(  # 我们符合标准 names nothing
    r"符合|满足|够|达到|交|递|[有没过了按照]|走|正在|在办|列入|进|入选|提供|准备|具备|改成|算上"
)

_SOMEBODY = regex(r"[我俺咱](?!市|国|省)|本(?:公司|单位|企业|司)|[你您]们?|会计|老板|他们?")
_TOLD = regex(  # a predicate, a time, a guess, an intention: more than a name
    r"了(?!解)|[过着](?!期|程|渡|重|手|力|眼)|已经?|正(?:在|报|申|办)|在[^,。]{0,6}(?:走|办|申|审|报|建|等|做|批|跑|弄|搞|租|用|看|核)|没|不(?!动产|超过|重复|低于)|是(?!非)|(?<![没国所])有(?!效|线|限|关|色)|[也就还都](?!是)|(?<!人)才|刚(?!好)|去年|今年|前年|上个?月|加起来|一共|总共|大概|左右|平均|来万|多万|等[一下会]"
    r"|的$|^(?:做|搞|开|卖|干|管理|运营|经营)|[国省市区县]家?级|无$|有限(?:责任)?公司|不对|错|在[^,。的里]{2,6}$|即将|打算(?!$)|准备|(?<!思)想|希望|计划(?!$)|拟|争取|头一[回次]|首次|第一次|注册(?!资本)|登记|开业|投用|投入使用|[,。;、]"
)
_END = " .。!~,;…"
_LONGEST_NAME = 80
"""The most characters of a text that is no more than the name of a matter."""


@lru_cache(maxsize=256)  # the whole message is asked, then its parts, then what is left of it
def asks(text: str) -> bool:
    """Whether ``text`` asks for something in so many words."""
    plain = normalise(paused(breathed(text))).rstrip(_END)
    said = _NOT_MEANT.sub(" ", _ENTERED.sub(" ", plain))
    if _RHETORICAL.search(said) or (_UNSURE.search(said) and not _GRANTS.search(said)):
        return False
    clauses = re.split(r"[,。;!\n]", said)
    return (
        "?" in plain
        or any(map(_ASKING.search, clauses))
        or bool(_MA.search(clauses[-1]))
        or any(_NE.search(clause) and not _STILL_SO.search(clause) for clause in clauses)
        or (bool(_NAMED.search(clauses[-1])) and not _HAD.search(clauses[-1]))
        or (bool(_AGREED.search(said)) and not _TO_DO.search(said))
    )


class Matters:
    """What can be asked about by its bare name: the words and the figures of ``policy``."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def asked(self, text: str) -> bool:
        """Whether ``text`` asks for something, in so many words or by the bare name of a matter."""
        return asks(text) or self._named(text)

    def _named(self, text: str) -> bool:
        """Whether ``text`` is no more than the name of a matter, and of figures that belong to one."""
        plain = normalise(text).rstrip(_END)
        if len(plain) > _LONGEST_NAME or _SOMEBODY.search(plain) or _TOLD.search(plain):
            return False
        quantities = find_quantities(plain)
        if any(quantity.value not in self._figures for quantity in quantities):
            return False
        for quantity in reversed(quantities):
            plain = f"{plain[: quantity.start]} {plain[quantity.end :]}"
        return any(word in plain for word in self._words)

    def named(self, text: str) -> bool:
        """Whether ``text`` has a word of the pack for what can be asked about, or for what people ask in vain."""
        plain = normalise(text)
        return any(word in plain for word in self._words)

    @cached_property
    def _words(self) -> frozenset[str]:
        groups = self._policy.questions.terms.values()
        return frozenset(normalise(word) for group in groups for word in group if len(word) > 1)

    @cached_property
    def _figures(self) -> frozenset[object]:
        return frozenset(figures(self._policy.source))
