"""Clauses that say something of what was named before them: not sure of it, put right, begun, not paid for.

Generic Chinese; knows no policy.
"""

from collections.abc import Sequence

from conversations.language.lexicon import lexicon
from knowledge.patterns import regex

_ZH = lexicon("turns")

DISOWN = _ZH["disown"]
BY_NAME = regex("[“《]")  # “港区小镇”不是我们的: of another thing than the one just told
THAT = regex(r"(?:不过|但是?|其实|哦|噢|啊|刚才)*(?:[那这它]个?|不是)(?!我)")  # 那个是集团的
NOT_WE = regex("不是(?:[我俺咱]们?|我司|本公司)(?:公司|自己|家)?$")  # 不是我们|参与的国标
NOT_BY_US = _ZH["not_by_us"]
POINTED = regex(r"(?:其实|原来|[哦噢啊])*[那这它][个张块份]?(?:都|也|其实)*(?=是)")  # 那个|是我爱人公司租的
UNSURE = _ZH["unsure"]
EXACTLY = regex(r"(?:具体|准确|确切|精确|准)的?(?:数|金额|多少)?")  # 三十万以上，具体得问财务: the bound is sure
WHETHER_TRUE = _ZH["whether_true"]
UNKNOWN = _ZH["unknown"]
CORRECT = _ZH["correct"]
SLIPPED = _ZH["slipped"]
BACK_TO = regex(r"[哎唉嗯额那就]*(?:还是按?|按)(?=[\d一二两三四五六七八九])")  # 还是按950万, with nothing before it
YES = _ZH["yes"]
_ANOTHER_PART = regex(r"另(?:外)?一(?:块|部分|摊|大?头|条线|项业务|类)|(?:其[他它余]|剩下|余下)的?(?:业务|部分|收入)")
BEGUN = _ZH["begun"]
PAPER_CAME = _ZH["paper_came"]
LEVEL_REACHED = _ZH["level_reached"]
SPENT = _ZH["spent"]
EVERY = regex(r"(?:这)?(?:俩|仨|[两三四]个?|全部?|统统)都?|都")
LEFT = regex(r"只剩|还剩|剩下|(?:现在|目前|眼下|手[里上])[^,没]{0,4}(?:是|有|剩)|仍")  # 国家级的被摘了，现在只剩省级的
DATED = regex(r"[去今上]年|现在|目前|如今|眼下|后来|一直|从来|(?<!\d)(?:19|20)?\d\d年")
STOPPED = regex(r"不再?(?:做|干|搞)了?$|(?<!暂)停(?:了|掉)|关掉|转[型行做]|改行")
NO_PLAN = regex(r"[没不未](?:有)?(?:打算|准备|计划|考虑)(?!好|了)")
ONLY_PLANS = regex(r"(?:只|就|才|仅|光)是?(?:在|个)?(?:打算|计划|准备|考虑|想|有意向)|还在(?:打算|考虑|计划)")
MOVED = regex(r"[搬迁][走出]")
MOVES = regex(r"[迁搬转]")
OF_MONEY = regex(r"(?:钱|资金|经费|款项?|金额|补助|拨款)[^,]{0,4}[没未]")  # 但钱还没定: says nothing of what it is for
UNPAID = regex(r"[没未不](?:有|曾|再)?[花交付掏缴]")  # says nothing of what costs nothing
NOT_PAID_YET = regex(r"(?:还|尚|暂)(?:没|未)(?:有)?[交付缴续]")
HAPPENS = regex(r"[着了过在]")  # 淘宝开着店呢 is no topic
RUNS_OUT = regex(r"(20\d\d)年[^,没不未]{0,5}(?:到期|届满|期满)(?![^,]*[没不未])")
EXPIRED = regex(r"过期|失效|作废|吊销")  # of what somebody grants, or a paper
IS_GONE = _ZH["is_gone"]
IS_NOT = regex(r"(?:都|也)?(?:不是|没批|没有?$)")
AWARD = _ZH["award"]
NAMED_BODY = _ZH["named_body"]
PART_OF_IT = regex(r"其中|里[头面边]|当中|这里头?")
THE_REST_IS = regex(r"(?:其[他它余]|剩下|余下|另外?|还有)的?")
_NOT_PAID = r"[元块]?钱?(?:到现在|至今|目前|也|都|还|倒)*(?:没(?:有)?[交付缴掏](?![完清齐])|不算(?![多少高低大小贵便]))"
NOT_ONE = regex(rf"[都也](?:还|从)?[没未不]|{_NOT_PAID}")
"""What stands behind the one of which there is none, or a sum that is none of it: 一年都没领 · 报名费四千还没交 · 六千不算."""
_ALL_IN_IT = _ZH["all_in_it"]
LEAVE_OUT = _ZH["leave_out"]
CLEFT = regex(r"^有[^,]{2,12}的(?:就|都|也)?是")  # 有支付牌照的是子公司: another thing is spoken of
ONLY_INSIDE = _ZH["only_inside"]

OF_NO_SUCH_SORT = _ZH["of_no_such_sort"]
ORIGIN = _ZH["origin"]
_THAT_IS_NOT = regex(r"[那这](?:个|项|份|种)?(?:也|可|都|其实|倒)*(?:不是|不算|不属于)")
_THAT_ONE_IS_NOT = _ZH["that_one_is_not"]
_COUNTS_NOT = regex(r"(?:也|可|都|又)*不(?:算|属于)(?!我|俺|咱)[^,]{1,6}$")
_FIGURE_BEFORE = regex(r"[\d一二三四五六七八九十百千万元块平][,。]$")
_BESIDE = regex(r"(?:^|[,。;])(?:另外?|还有|再有|再就是|此外)[^,。;]*[,。;]$")

_REPLY = 16  # the most characters of a message that may go on with what was spoken of before it, naming nothing
_OF_IT = regex(r"(?:的|那个|这个|那块)?(?:也|都|还|更|就|倒|我们?|俺们?|咱们?|[没未不无评批拿报申])")
_LEVEL = 6  # the most characters of a level, and what leads in to it
_FIRST = regex(r"[^,.。!?;]*")
_POINTS = regex(r"[^,。!?;]{0,6}(?:没有?|不[是做]|也?有)过?[这那][个种项张块样]")  # 我们没那个证: what was spoken of


def replies(text: str) -> bool:
    """Whether a text is so short, or points back, that it may go on with what was spoken of before it."""
    return len(text) <= _REPLY or _POINTS.match(text) is not None


def first_of(text: str) -> str:
    """The first clause of a text."""
    return _FIRST.findall(text)[0]


def of_level(text: str, ends: Sequence[int]) -> bool:
    """省级也没评上，材料交了三回: whether a text begins with a choice, which ends at one of ``ends``, and tells of nothing else."""
    return any(end <= _LEVEL and _OF_IT.match(text, end) for end in ends)


def tells_of_one_beside(text: str, earlier: str) -> bool:
    """Whether a clause says what another thing is not that the one before it brought up: 还有一个是行业标准 | 那个不是国标."""
    return bool(_THAT_IS_NOT.match(text) and _BESIDE.search(earlier))


def handled(text: str, start: int, others: bool) -> bool:
    """Whether the office named at ``start`` of ``text`` only handles an application, and tells of no level that is held:
    省厅还没往上推荐; where ``others`` are named as well, also 国家级的省里没通过."""
    return bool(_ZH["forwards"].match(text, start) or (others and _ZH["decides"].match(text, start)))


def of_that_one(text: str, earlier: str, inside: bool) -> bool:
    """Whether a clause says of the thing just told, or of all that is ``inside`` it, and not of the enterprise, what it is: 投标那个300，不算电商 · 后面那个不是电商的."""
    if inside and _ALL_IN_IT.match(text):
        return True
    return bool(_THAT_ONE_IS_NOT.match(text) or (_COUNTS_NOT.match(text) and _FIGURE_BEFORE.search(earlier)))


def since_another(text: str) -> str:
    """``text`` from where it begins to tell of another part of the business: 另一块是软件开发."""
    found = list(_ANOTHER_PART.finditer(text))
    return text[found[-1].start() :] if found else text
