"""Whether a clause affirms or denies the thing that it mentions: negation and its scope, what is pending, what was lost.

Generic Chinese; knows no policy.
"""

from enum import Enum

from conversations.language.lexicon import lexicon
from conversations.language.yesno import says_unknown, without_polarity
from knowledge.patterns import regex

_ZH, _STANCE = lexicon("polarity"), lexicon("stance")
_DOUBLE = _ZH["double"]
"""A negation that denies something else than the matter: its end, its size, its place."""
_NOT = _ZH["not"]
_OVER = r"(?:早已?|刚|已经?|也|都|就)*(?:过|结束|完|满)"
_PENDING = regex(
    rf"正在?往?[上省国市]+[里家级]?报|submit|apply|(?:正在|还在|仍在|尚在)[^,没不]{{1,6}}(?:申[请报]|审[批核]?|报批|评[审定]|办理|排队|补正)|排着?队(?!的)|(?:正在?|还在|(?<!现)在)(?:申请|申报|审批|公示|审核|评审|评|办理?(?!公|事处)|审|报(?![告表社纸])|走|等|争取|跑)|(?:申请|申报|审批|审核|评审|公示|办理|报批|报送|受理)(?:中|当中|阶段|期(?!{_OVER}))|公示(?![^,]*有(?:我们|咱|俺)|的?名单[^,没不]{{0,8}}(?:有|[我俺咱]|第|排)|期?{_OVER}|[过的]?了?(?:$|[,。])(?<!在公示)(?<!在公示的))|(?:[往向]上)?推荐?(?:过|上去)|(?:申报|申请|报|参评)过(?!程|[^,]*(?:批|过)了)|(?<![快投])递(?:件|了?[^,]{{0,2}}(?:材料|资料|申请))|(?:[递呈提报]交?|送|交)[上了过去到给]*[^,没不未]{{0,16}}的?(?:申请|申报)(?:材料|书|表|报告)?$|[已刚都](?:经)?[呈提送](?:件|交|报|审)"
    r"|(?:材料|资料|申报书|申请书)[^,没不未]{1,8}(?:报|交|递|提交|送)[上了到给进过的]|等(?:着|待)?(?:批|结果|通知|认定|下文|消息|发[文证牌布]|文件|公[布告示]|回复|盖章)|(?:就|只|还)差(?:个|一个|最后)?(?:发[文证牌布]|文件|盖章|公[布告示]|批)|(?:已经?|刚|都)(?:上报|(?:申报|申请|报送)(?=$|[,。了]))|待(?:批|审|定|认定)|走(?:着)?(?:流程|程序)"
    r"|快(?:要)?(?:批|下来|拿到|办好)|报上去|报送上去|递上去|(?:刚|才)(?:刚)?(?:报|递|申请|申报|提交)|(?:申报|申请|(?<!填)报)(?:了|过|的是)*(?:国|省|市|这|那)|在(?:报(?![告表社纸])|申)|(?:[级的们也都还已刚才申年月]|已经)报了[啊呀哈呢吧嘞]?$|(?:申请|申报)了[啊呀哈呢吧嘞]?$"
)
_RENEWED = regex("续[展期证签]|换[证发]|年[检审]|延续|展期")  # 目前在办续展: what is held
_HANDED_IN = lexicon("stance")["handed_in"]
_NOT_YET = _ZH["not_yet"]
_NOT_REACHED = _ZH["not_reached"]
_UNSETTLED = _ZH["unsettled"]
_NIL = _ZH["nil"]
_BESIDE_WAITING = _ZH["beside_waiting"]
_LOST = _ZH["lost"]
_NEW_TRADE = regex(r"改行|转行|转型|(?<!技)改做|转做|换(?:了|个)(?:行当|行业|营生)")
FRONTED = _ZH["fronted"]
_LISTED_ON = regex(r"^(?:[、和与及跟][^、,没不无未是有做]{1,6})+")  # 示范|、国标、试点、园区都没有
_AFFIRMS = regex(r"[是有做获评了]")
_FAR_OFF = lexicon("stance")["far_off"]
_TO_COME = regex(r"(?:(?:^|[,们我咱俺司厂该定都也就还总才])能够?|(?<!不)可以)$")
_PAST = _ZH["past"]
_LONG_AGO = regex(  # 前年还没做电商; not 前年4800万, of a list of years
    r"(?:^|[,。])(?:大?前年|早几?年)(?!.*(?:至今|现在|以来|今年|去年))"
    r"(?![^,。没不未]{0,8}?[\d一二两三四五六七八九十百千][\d.一二三四五六七八九十百千零]*[万亿千百件家单人票元块][万亿千百元块多来左右整\d一二三四五六七八九]*(?:$|[,。]))"
)
_BEGINS_WITH_NO = regex(r"(?:[我俺咱]们?|我司|公司|自己|目前|现在|暂时|[也都还并])*没有(?!变|动)")
"""牌照我们没有用的是别人的通道: what goes on behind it may be another clause, and nothing is affirmed."""
_EVER = regex(r"过")
_NO_NEED = regex(r"[^,没不]{2,}(?:用不[着上]|不需要)|[^,没不]{0,6}没有?用[过上到]*[那这][个种]?(?:玩意儿?|东西)")
"""网店卖东西用不着 · 网上卖货没用过那玩意: what was spoken of before is not needed for it; it is done for all that."""
_GAP_STOPS = regex(r"是|而|只|专|就|但|(?:做|搞|干|有|参加|参与).{4,}(?:做|搞)")
_VERBS = regex(r"^(?:是|有|做|搞|干|过|去|在|参与|参加|拿到?|取得|获得|评上|任何|什么|啥)+")
_BENEFIT = _ZH["benefit"]
_DONE = regex(r"了(?!$)|(?<![倒都还只更])是(?!$)|已|(?<!没)有(?!没)")
_TAIL = 6
_BRIEF = 24
_REACH = 10

_LEAD_IN = r"(?:(?:回答|答复|答):?|[这那][种类](?:产品|东西|设备|业务|项目|情况)?|[这那][个家边]|[这那]?[一两二三四五俩仨几](?:样|个|项|块|类|种|者|家|处|栋|方面)|这些|[这那]|我司|本公司|我公司|[我本][厂院社店校所会行部]|集团|公司|自家|我家|咱家|自己|自身|本身|我们?(?:[子分母总]公司)?|俺们?|单独|也|都|但|可|不过|可惜|就是|去年|今年|前年|每年|每次|一直|现在|目前|眼下|如今|当前|后来|一个|一样|一分钱?|一次|一回|什么|倒是|“|哪一?[级个样种项]|全|均|皆|统统|通通|一概|一律|还|暂时|暂|到现在|至今|压根|真|肯定|当然|从来|从|已经|早就|其中|倒|呢|嘛|啊|是(?=没)|,)*"
_PREDICATE = regex(
    rf"{_LEAD_IN}"
    r"(?:(?:没有?)+|不是|不算|不在|没在|没进|没上|没租|不租|没住|没过|未|无|否|[轮够排挤评沾]不[到上进着]|不做|没做|没搞|不搞|没弄|没碰|不碰|没开|没建|没递|没动手|没启动|不沾|不涉及|没参与|没参加|没[办去听学]|没(?:拿|领|报|评|申请|申报|享受|参评)过|没(?:花|交|用|买|付|掏|产生|发生|安排)(?:过|钱|一分钱)*|不干了?|不做了?|不用了|不续了|停用了|没了|没戏|没成|没排[上进]|[排挤进够]不(?:进|到|上)?去)"
    r"(?:参与|参加|做|搞|沾|碰|涉及|有|过|了|的|啊|呢|呀|哈|哦|噢|哟|咯)*(?:(?:这|那)[个种些项样张块]的?(?:证书|牌照?)?|[那它])?(?:称号|东西|资质|说法|业务|证|[此其之]列)?”?$"
)
_DISMISSED = regex(rf"{_LEAD_IN}(?:{lexicon('stance')['dismissed'].pattern})(?:的|了|呢|啊|嘞|哈|过|呀)*$")
_OPEN_OR_COUNTED = regex(
    "[吗么?]|[不没]对|不[行中]|\\d|[没未不]有?(?:(?:什么|啥|任何)?(?:资质|业务|情况|经营)|[两二三四五六七八九十百千万几多]|变|动|换|停)|以前|之前|原来|(?:大?前|早)几?年"
)
_ELSE = regex(r"别的|其他|其它|其余|剩下|另外的|额外")


class Verdict(Enum):
    """What a clause comes to about the thing that it mentions."""

    YES = "yes"
    NO = "no"
    ONCE = "once"  # held once, or will be; whether now is not said


def verdict(before: str, words: str, after: str, granted: bool) -> Verdict:
    """What ``before + words + after`` says of the thing that ``words`` name; ``granted``: something somebody grants."""
    whole = before + words + after
    if _DOUBLE.search(whole):
        return Verdict.YES
    if (_LOST.search(whole) or _NEW_TRADE.search(after)) and not denied(before, words, ""):
        return Verdict.NO
    if _TO_COME.search(before):
        return Verdict.ONCE  # 能按时完工: not yet
    if granted and awaited(whole):
        return Verdict.NO
    if _PAST.match(after):
        return Verdict.ONCE  # 省级示范企业以前是
    if denied(before, words, after):
        ever = _EVER.search(whole) and not _LONG_AGO.search(before + words)
        return Verdict.ONCE if once(before + words) and not ever else Verdict.NO
    return Verdict.ONCE if past(before + words) or _BEGINS_WITH_NO.match(after) else Verdict.YES


def shown(text: str, start: int, end: int, outcome: Verdict) -> tuple[int, int]:
    """The words of clause ``text`` that show ``outcome`` of what it names: that name, or where it is denied all of a short one."""
    return (start, end) if outcome is Verdict.YES or len(text) > _BRIEF else (0, len(text))


def awaited(text: str) -> bool:
    """Whether what ``text`` speaks of is not granted yet: asked for, and not asked for anew by whom it was granted to."""
    asked_for = (_PENDING.search(text) or _HANDED_IN.search(text)) and not _RENEWED.search(text)
    return bool(asked_for or _NOT_YET.search(text) or _FAR_OFF.search(text))


def awaits(text: str) -> bool:
    """Whether all that ``text`` says is that something is not granted yet: 还在市里走流程."""
    left = _NOT_YET.sub("", _HANDED_IN.sub("", _PENDING.sub("", text)))
    return left != text and not _BESIDE_WAITING.sub("", left)


def nil(before: str, words: str, after: str) -> bool:
    """Whether there is nothing at all of what ``words`` name: no fee paid, no support received."""
    return denied(before, words, "") or bool(_NIL.match(after)) or only_denies(after)


def unsettled(text: str) -> bool:
    """Whether ``text`` speaks of what is not yet decided (还没定, 没批下来)."""
    return bool(_UNSETTLED.search(text))


def ended(text: str) -> bool:
    """Whether ``text`` says that something was lost or taken away, or is done no more (注销了, 后来又被取消了, 不再报)."""
    return bool(_LOST.search(text) or new_trade(text))


def new_trade(text: str) -> bool:
    """Whether ``text`` says that something else is done now: what was done before is not, but where the firm is stays."""
    return bool(_NEW_TRADE.search(text))


def past(text: str) -> bool:
    """Whether ``text`` speaks of what was once (以前是, 原来在)."""
    return bool(_PAST.search(text))


def once(text: str) -> bool:
    """Whether ``text`` speaks of what was once, or of a year before the last: what is denied of it says nothing of today."""
    return past(text) or bool(_LONG_AGO.search(text))


def denied(before: str, words: str, after: str) -> bool:
    """Whether a negation reaches ``words``."""
    if _NOT.search(words):
        return True
    ends = [match.end() for match in _NOT.finditer(before)]
    if ends:
        gap = _VERBS.sub("", before[ends[-1] :])
        if len(gap) <= _REACH and not _GAP_STOPS.search(gap):
            return True
    if FRONTED.match(after):
        return True
    after = after if _AFFIRMS.search(before) else _LISTED_ON.sub("", after)
    first = _NOT.search(after)
    return bool(
        first
        and first.start() <= _REACH
        and len(after) - first.end() <= _TAIL
        and not _BENEFIT.match(after, first.end())
        and not (_DONE.search(after[: first.start()]) or _NO_NEED.match(after))
    )


def not_reached(text: str, end: int) -> bool:
    """Whether ``text`` says of the level named up to ``end`` that nobody has it yet: 副高还没评."""
    return bool(_NOT_REACHED.match(text, end))


def predicate(text: str, granted: bool, of_a_name: bool = False) -> bool:
    """Whether ``text``, which names nothing itself, denies what was named before it (都没有, 还没批下来, 后来注销了); ``of_a_name``:
    which was no more than named (国家试点 | 没想过)."""
    if _ELSE.search(text) or _DOUBLE.search(text):
        return False
    if _PREDICATE.match(text) or (of_a_name and _DISMISSED.match(text)):
        return True
    if len(text) > 14:
        return False
    return bool(_LOST.search(text) or new_trade(text) or (granted and awaited(text)))


def only_denies(text: str) -> bool:
    """Whether all that ``text`` says, beside who and when, is that something is not so: 我们厂里从来就没弄过."""
    if len(text) > _BRIEF or _OPEN_OR_COUNTED.search(text) or says_unknown(text) or awaited(text):
        return False
    left = _ZH["beside_denial"].sub("", text)
    denial = _STANCE["no"].search(left) or _STANCE["dismissed"].search(left)
    return denial is not None and not without_polarity(_STANCE["dismissed"].sub("", left))
