"""A question read: what it asks of a clause (how much, how long, does the boundary count, which papers …), its figures.

Knows how people ask, and which of a pack's ready remarks a question calls for; chooses no clause and words nothing.
"""

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto
from functools import lru_cache

from conversations.language import office_matters
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.question import asks
from conversations.language.text import breathed, normalise, paused
from conversations.language.units import UnitKind
from conversations.saying.values import money
from conversations.state.office_notes import NoteKind
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import Evidence, Policy, Programme
from knowledge.questions import Remark
from rules.plain import plain_levels, plain_share, plain_sum
from rules.values import Range


class Aspect(StrEnum):
    """What a question asks of a clause."""

    AMOUNT = auto()
    PERIOD = auto()
    BOUNDARY = auto()
    PAPERS = auto()
    PROCESS = auto()
    TOGETHER = auto()
    AGAIN = auto()
    DATE = auto()
    WHERE = auto()
    LENIENT = auto()
    LATER = auto()
    SUMMED_YEARS = auto()
    BACKDATED = auto()


_SUM = r"(?:\d{2,}[万亿]?|\d[万亿])元?"
_ADDED = rf"{_SUM}(?:\s?\+\s?|加上?){_SUM}(?:\s?=|等于|就?是|[一总]共|合计|[,，]|$)"
"""The customer adds up what several grants pay: 100+100=200 万."""
_ASPECTS = {
    Aspect.TOGETHER: _ADDED
    + r"|一[起块]儿?[拿领报享]|再(?:按|拿|领|享受?|报)[^,。]{0,12}[一两]?[份笔](?!数)|只能[拿领报选享][^,。]{0,4}[一1][个项份样条]|一起|(?<![每这那哪])一块|同时|叠加|兼得|都能?[拿领给要](?!什么|[啥哪谁]|多少|重新|[再交报])|重复|冲突|累加|叠(?=着|起|在|拿|领|得)|两[边头][^,。]{0,3}(?:重|都|一)|扣(?:掉|除|减|不扣)|抵扣|两份|拿[全齐]|全(?:都|部)?(?:拿|要|给)|别的.{0,4}(?:拿|领|享)",
    Aspect.AGAIN: r"(?:拿|领|享受|奖励?|补贴?)过(?!没|吗)|(?<![年月后了满够])再(?:次|来|去)?(?:拿|领|报|申报|申请|享受)|还(?:能|可以)(?:拿|领|要)|还(?:给|发|奖)(?:不|吗|没|我|[?？])|(?:有|没)影响|影响(?:不|到|[市这我])",
    Aspect.PAPERS: r"材料|资料|证明|表格?在|申[报请][表书]|要交啥|交什么|准备什么|准备啥|拿什么去|带什么|手续要|(?:提供|提交|出具)(?:哪些|什么|啥)|(?:哪些|什么|啥)(?:发票|合同|票据|凭证)",
    Aspect.PROCESS: r"(?:怎么|咋|如何)(?:[申报领]|办(?:理|手续|下来|成))|流程|(?<!补)手续|程序(?!上的?)|步骤|(?:找谁|去哪儿?)[申报办]",
    Aspect.DATE: r"什么时候|啥时候|何时|哪天(?!的)|几月份?|几号(?!文)|截止|期限|(?:具体|评审|评选|拨付|到账|审批|申报|受理|开始|截止|发放|公布|认定|办理)的?(?:具体)?(?:时间|日期)",
    Aspect.WHERE: r"(?:[去上到找在向]|往|[交递送寄](?!易))(?:哪(?![年天月号级些]|一?[条款项])|何(?!时)|谁|什么(?:部门|单位|地方))[^,。]{0,6}(?:[报办领交问递]|申请|咨询|$|[,。?])|归哪|归谁|哪[^,。]{0,4}(?:窗口|部门|单位|受理|网[上站]|网址|平台申|系统)|(?:申[报请]|办理|报送|受理)的?(?:渠道|途径|网址|入口)|(?:地址|地点|窗口)在?",
    Aspect.BOUNDARY: r"[刚正]好|算不算|够不够|行不行|达标|够格|差一?点|包不包[括含]|含不含(?!税)|以上|不到|不足|本数|够条件|能不能评|能评",
    Aspect.PERIOD: r"(?<![留待呆干开办])(?<!经营|运营|成立)[几多]少?年(?!(?:之?内)?[^,。]{0,3}(?:不[能得可许准]|才))|[两三四五2-5]年[^,。]{0,4}(?:就?是|一共|总共|合计|加起来|最多)|多久|每年(?!.{0,6}(?:\d+个|几个|多少个|[评选搞组办安]))|年年|第[二三四五两]年|连续|一次性|[几一]次|一回(?!事)|逐年|分期|次年|来年|明年",
    Aspect.AMOUNT: r"多少|几万|几个钱|几块|给钱|金额|数额|标准|比例|几成|百分之|封顶|上限|最[高多]|怎么算|咋算",
}
_IN_LEXICON = (Aspect.LENIENT, Aspect.LATER, Aspect.SUMMED_YEARS, Aspect.BACKDATED)
_ADDS_UP = regex(_ADDED)
_PATTERNS = {aspect: regex(pattern) for aspect, pattern in _ASPECTS.items()}


_FIRST_TIME = regex(r"(?<=[万亿])(?=头[一回次年])")
"""240万头一回申请: where people do not pause, 头 would count animals."""
_TOGETHER = "一块"
"""Together, not one yuan: 一块儿拿."""


_HANDED_IN = regex(r"[交递送报提][交送]?(?:申[报请])?(?:材料|资料)|(?:材料|资料)(?:是|要|该|应|得|往|都)*[交递送寄报]")
"""去哪个窗口交材料 asks where, not which."""
_GRANTS = regex(r"[补奖配]|发(?:不发|钱|放|没发)|[给拿领](?!.{0,3}(?:查|看|说|问))|扶持|支持|资助")
_PAYS = regex(
    r"[补奖]|[给发拿领].{0,2}钱|报销|[给拿领](?:多少|几|不[给拿领]?|什么|啥|\d)|能(?:拿|领|给)(?!.{0,3}(?:查|看|说|问))|有(?:没有)?钱"
)
_COVERED = regex(
    r"(?P<what>[\u4e00-\u9fffa-z\d]{1,12}?)(?:那块|这块)?(?:的?(?:钱|费用)|费|租金|房租)[^,。;?]{0,6}"
    r"(?:管不管|[补报给]不[补报给]|算不算|[能可]不[能可]以?[补报算]|(?:[管报给算]|补(?![上齐足到进]))[^,。;?]{0,2}[吗么不没](?![补报给能]))"
)
"""Whether the money for something is covered as well: 云服务器的钱管不管."""
_FOR_IT = regex(
    r"(?:给|对)(?P<what>[\u4e00-\u9fff]{2,8})的(?:补|奖|给)(?:多少|几[成个万]|什么)"
    r"|(?:^|[,。;!?])(?:还有|另外|那)?(?P<thing>[^\W\d能的年给补不都也还]{4,8})(?:给补|补不补|给不给补|能不能补|能补)(?:不|吗|么|没)?(?:$|[,。;!?])"
)
"""The same, asked as how much: 给盖仓库的补多少."""
_BEFORE_IT = regex(r".*(?:[的租买交付花]|我们|另外|还有|那个?|那些|这个?|这些)")
_UNLIMITED = regex(r"(?:(?<!有)[没不无](?:有|设|会)?)(?:封顶|上限|限额)(?!.{0,2}[吗么没不])|上不封顶")
_OF_THE_TEXT = regex("文件|号文|[我俺咱]|第几条|哪一?条")
_GRANTED_AT = regex(
    r"(?:最高|最多|封顶|上限|顶格|(?:提|升|涨|(?<![追增])加|调|改|变)高?(?:到|成|为)了?)(?:就?是|给|补|能[给拿补]|可达|到)?[^,。]{0,2}$"
)
"""What stands before a figure that is said to be what the document grants."""
_SAID_TO_BE = regex(
    r"(?:听|据|都|有人|中介|网上|同行|文件|第.{1,3}条)[^,。]{0,10}[说讲传写]|听说|是真的|真的假的|真的吗"
)
_HOW_MANY = regex(r"(?<!好)几(?:年|次|家|个|条|项)$")
_OF_A_CLAUSE = regex("[那这]一?条|也有")
_SUPPOSES = regex("[,，]*(?:那|另外|还有|但是?)?(?:如果|要是|假如|若是?|万一)")
_LIMIT_BEHIND = regex(r"[这那]?个?的?(?:上限|封顶|限额|最高限)")
_LIMIT_BEFORE = regex(r"(?:上限|封顶|限额|最[高多])(?:也|是不是|是否|是|为|有没有|有|给|就)*$")
_TO_GET = regex(r"(?:奖励?|变)$|(?:能|可以|该|会)(?:拿|领|给|得|补|奖)到?了?$|=\s?$")
_GIVEN = regex(r"(?:[给补奖报配返退]|(?<![开研])发)(?![^,。]{0,4}[过了])[^,。过了]{0,3}$")
"""The same where the customer only heard of it."""
_OF_A_LEVEL = regex(
    r"(?:国家|[省市区县])级(?:的|企业|园区)?(?:也|同样|应?该|应当|是不是|就)*(?:[是有]|[给奖补拿领]|能[拿领])?$"
)
"""市级是 30 万, 市级 30 万."""
_SAID = regex(r"(?:写|说|讲|传|刷到|看到)的?(?:就?是|有)?$")
"""The same right behind who says so: 网上写的是 200 万."""
_OF_OTHERS = regex(r"[拿领得获给]过|[区县省]里|[区县](?:财政|级)")
"""What stands before a sum that was had, or is another authority's."""
ALTOGETHER = "加起来|累加|合起来|加一[块起]|[总一]共|合计"
"""What stands before what several sums come to."""
_ALTOGETHER = regex(ALTOGETHER)


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question read: its plain text, what it asks for, the figures in it; ``core`` is it without what was told before."""

    text: str
    core: str
    aspects: frozenset[Aspect]
    quantities: tuple[Quantity, ...]


@lru_cache(maxsize=256)  # a letter asks it of its message, of each question and of each clause, again and again
def read(text: str, core: str = "") -> ReadQuestion:
    """The question that ``text`` is, with ``core`` as the part of it that asks, where that is known. Never raises."""
    plain = _FIRST_TIME.sub(",", _paused(text))
    asking = _paused(core) or plain
    zh = lexicon("questions")
    patterns = _PATTERNS | {aspect: zh[aspect] for aspect in _IN_LEXICON}
    aspects = frozenset(aspect for aspect, pattern in patterns.items() if pattern.search(asking))
    asks_for = "，".join(asking_clauses(asking)) or asking  # not 材料交了俩月没人管，钱哪天到
    how = Aspect.WHERE in aspects or "还是" in asks_for  # 材料是寄过去还是送过去
    if not _PATTERNS[Aspect.PAPERS].search(_HANDED_IN.sub("", asks_for) if how else asks_for):
        aspects -= {Aspect.PAPERS}
    return ReadQuestion(
        plain,
        asking,
        aspects,
        tuple(each for each in find_quantities(plain) if plain[each.start : each.end] != _TOGETHER),
    )


def asking(question: ReadQuestion) -> str:
    """The clauses of what is asked that ask, without those between them that tell; all of it where none asks.

    A short one is asked of the clause before it (我们还参与了一项行业标准, 也给吗), the shortest of all of them (靠谱不).
    """
    return "，".join(asking_clauses(question.core)) or question.core


def asking_clauses(plain: str) -> list[str]:
    """The clauses of plain text that ask, each with those before it that it is asked of."""
    found: list[str] = []
    for sentence in re.findall("[^。;!?]+[。;!?]?", plain):
        parts = sentence.rstrip("。;!?").split(",")
        asking = [at for at, part in enumerate(parts) if asks(part) or _HOW_MANY.search(part)]
        for at in asking or ([len(parts) - 1] if sentence.endswith("?") else []):
            begun = 0 if len(parts[at]) <= _SHORTEST else max(0, at - 1) if len(parts[at]) <= _SHORT else at
            found += parts[begun : at + 1]
    return list(dict.fromkeys(filter(None, found)))


def place_of(question: ReadQuestion, what: Remark | Aspect) -> int:
    """Where in what is asked ``what`` is called for; ``BESIDE`` where only what is told beside it does."""
    pattern = (_PATTERNS.get(what) or lexicon("questions")[what]) if isinstance(what, Aspect) else regex(what.asked)
    found = pattern.search(question.core)
    return found.end() if found else BESIDE


def without_amount(text: str) -> str:
    """``text`` without the words that ask how much, which ask it of anything."""
    return _PATTERNS[Aspect.AMOUNT].sub(" ", normalise(text))


def _paused(text: str) -> str:
    """Plain ``text``, a comma for each line's end and each blank that parts clauses."""
    return normalise(paused(breathed(text.strip().replace("\n", "，"))))


FOREMOST, BESIDE, FIRST = -3, -2, -1
"""Places of what is said before all else, of what is called for by what is told alone, and of what is said before all that is asked."""
_SHORTEST, _SHORT = 4, 8
"""Of so many characters at most is a clause that asks of what stands before it."""
_FEW = 2
_NAMING = 4
"""The last characters of a paper's name name it: 审计报告."""
_NEEDED = regex(
    r"要不要|用不用|要(?=原件|公证|盖章|复印)|需不需要|是否(?:必?须|需要?|要|得)|必须|非得|[得需还]?要(?:提供|提交|出具|交|准备|附|有)"
)
"""What asks whether something has to be handed in."""
_PAPER = regex(r"(?!材料|资料|合同)[一-鿿]{2}(?:证明|证书?|报告|批文|批复|流水|合同|执照|许可|鉴定|图纸|承诺书?|声明)")
OPEN = "没有写"
"""What a remark says where the document leaves something open."""


def asks_to_apply(question: ReadQuestion) -> bool:
    """Whether it is asked when one can apply; not when it is paid."""
    of_office = office_matters.read(question.core) if Aspect.DATE in question.aspects else None
    return of_office is not None and NoteKind.WINDOW in of_office.kinds


def of_no_matter(text: str) -> bool:
    """Whether ``text`` asks for the papers of nothing in particular: 交哪些材料."""
    return bool(lexicon("questions")["papers_of_anything"].search(normalise(text)))


def grants(text: str) -> bool:
    """Whether ``text`` speaks of something that is given."""
    return bool(_GRANTS.search(normalise(text)))


def pays(text: str) -> bool:
    """Whether ``text`` speaks of money that is given."""
    return bool(_PAYS.search(normalise(text)))


def asks_whether_needed(question: ReadQuestion) -> bool:
    """Whether it is asked whether something has to be: 要不要交税."""
    return any(map(_NEEDED.search, re.split("[,。;!?]", question.core)))


def before_a_paper(question: ReadQuestion) -> list[str]:
    """What stands before each paper of which the question asks by its name whether it is needed: 评楼宇要不要环评报告."""
    parts = re.split("[,。;!?]", question.core)
    return [part[: needed.start()] for part in parts if (needed := _NEEDED.search(part)) and _PAPER.search(part)]


def needed_paper(question: ReadQuestion, papers: Sequence[Evidence]) -> tuple[Evidence, int] | None:
    """The one of ``papers`` of which the question asks whether it is needed (要不要审计报告), with the place where it does."""
    parts = re.split("[,。;!?]", question.core)
    for part in (part for part in parts if _NEEDED.search(part) or ("要" in part and asks(part))):
        for paper in papers:
            if normalise(paper.name[-_NAMING:]) in part:
                return paper, question.core.find(part)
    return None


def adds_up(text: str) -> bool:
    """Whether ``text`` adds up sums to one: 100+100=200 万."""
    return bool(_ADDS_UP.search(normalise(text)))


def unfounded(policy: Policy, programmes: Sequence[Programme], text: str) -> str:
    """The first sum or share that ``text`` says the programmes grant and that their text does not state; empty for none.

    Where there are no programmes, that the document grants.
    """
    plain = normalise(text)
    texts = [each.quote + each.summary for each in programmes] or [policy.source]
    stated = frozenset[Decimal]().union(*map(_written, texts))
    by_levels = all(plain_share(each.amount) is None for each in programmes)
    bases = [policy.fact(rule.fact) for each in programmes if (rule := plain_share(each.amount))]
    own = {name for fact in bases for name in fact.reads.names}
    rates = [rule.rate for each in policy.programmes if (rule := plain_share(each.amount)) and rule.rate != 1]
    told = {each.value for each in find_quantities(plain)}
    for each in find_quantities(plain):
        said = each.value.high if isinstance(each.value, Range) else each.value  # 封顶 makes it a bound
        before = plain[: each.at]
        sentence = re.split("[。;!?]", before)[-1] + re.split("[。;!?]", plain[each.at :])[0]
        clause = re.split("[,。;!?]", before)[-1]
        rumoured = _SAID_TO_BE.search(sentence)
        claimed = (rumoured and (_GIVEN.search(before) or _SAID.search(before))) or (
            by_levels and _TO_GET.search(before)
        )
        of_own = any(name in clause for name in own) and not rumoured  # 服务费涨到 1500 万 is the customer's own
        granted = claimed or (_GRANTED_AT.search(before) and not of_own)
        if said is None or said in stated or not granted or _OF_OTHERS.search(clause):
            continue
        if not programmes and any(said / rate in told for rate in rates):  # 一共 140 万, 能给 14 万吗
            continue
        if (_ALTOGETHER.search(clause) or _ADDS_UP.search(clause)) and _adds_up_to(said, stated):
            continue
        if each.kind is UnitKind.RATIO:
            return plain[each.start : each.end]
        if each.scaled or each.kind is UnitKind.MONEY:
            return money(said)
    return ""


@lru_cache(maxsize=256)  # of a document's own texts, the whole of it among them
def _written(text: str) -> frozenset[Decimal]:
    """The figures that a text of the document states."""
    return figures(text)


def _adds_up_to(said: Decimal, stated: Collection[Decimal]) -> bool:
    """Whether ``said`` is the sum of a few of the figures that are ``stated``, each as often as you like: 30+30+60."""
    few = [each for each in stated if each < said]
    return any(
        sum(some) == said for size in (2, 3, 4) for some in itertools.combinations_with_replacement(few[:8], size)
    )


def of_another(
    policy: Policy, programmes: Sequence[Programme], question: ReadQuestion
) -> tuple[str, tuple[Programme, ...]] | None:
    """The sum claimed of ``programmes``, which pay fixed sums, and the few other programmes whose sum it is."""
    if cap := _cap_of_another(policy, programmes, question):
        return cap
    if not programmes or any(plain_share(each.amount) for each in programmes):
        return None
    stated = frozenset[Decimal]().union(*(_written(each.quote + each.summary) for each in programmes))
    for part in filter(lambda part: _claims(part, question.core), re.split("[,。;!?]", question.text)):
        for each in find_quantities(part):
            said = each.value.low if isinstance(each.value, Range) else each.value  # 也有 30 万
            meant = [one for one in policy.programmes if said in _sums(one)] if said not in stated else []
            between = said is not None and any(each - said in stated for each in stated)  # 补 40 万: of 100 after 60
            if 0 < len(meant) <= _FEW and said is not None and not between:
                return money(said), tuple(meant)
    return None


def decides(remark: Remark, question: ReadQuestion) -> bool:
    """Whether ``remark`` tells that what is asked of may not count, and not only what is supposed beside it (如果只设…呢)."""
    sentences = re.split("[。;!?]", question.core)
    supposed = [each for each in sentences if _SUPPOSES.match(each)]
    asked_too = any(asking_clauses(each) for each in sentences if each not in supposed)
    text = question.text
    for each in supposed if asked_too else ():
        text = text.replace(each, " ")
    return remark.no_sum and bool(re.search(remark.asked, text))


def _cap_of_another(
    policy: Policy, programmes: Sequence[Programme], question: ReadQuestion
) -> tuple[str, tuple[Programme, ...]] | None:
    """The sum that is asked for as a limit of ``programmes``, none of which is so limited, and those that are: 有没有300万的上限."""
    plain = question.core
    for each in find_quantities(plain):
        limit = _LIMIT_BEHIND.match(plain, each.end) or _LIMIT_BEFORE.search(plain, 0, each.at)
        for figure in find_quantities(plain[each.at : each.end]) if limit and programmes else ():
            meant = [one for one in policy.programmes if (rule := plain_share(one.amount)) and rule.cap == figure.value]
            if (
                isinstance(figure.value, Decimal)
                and meant
                and not any(one.id == own.id for one in meant for own in programmes)
            ):
                return money(figure.value), tuple(meant)
    return None


def _claims(part: str, core: str) -> bool:
    """Whether a part of a message claims that a sum is granted: in the question itself, or as somebody says."""
    before = [part[: q.at] for q in find_quantities(part)]
    of_a_level = any(map(_OF_A_LEVEL.search, before))
    rumoured = _SAID_TO_BE.search(part) and (grants(part) or of_a_level or any(map(_SAID.search, before)))
    return bool((part in core and (grants(part) or of_a_level)) or _OF_A_CLAUSE.search(part) or rumoured)


def _sums(programme: Programme) -> tuple[object, ...]:
    """The fixed sums that a programme pays."""
    levels = plain_levels(programme.amount)
    return (plain_sum(programme.amount), *(levels[1].values() if levels else ()))


def names_its_sum(question: ReadQuestion, programme: Programme) -> bool:
    """Whether the question itself names a sum that the text of ``programme`` does: 封顶300万."""
    stated = figures(programme.quote)
    words = (question.core[each.at : each.end] for each in find_quantities(question.core) if each.scaled)
    return any(each.value in stated for told in words for each in find_quantities(told))


def uncovered(policy: Policy, text: str) -> str:
    """What ``text`` asks about whether the money for it is covered, where the document does not name it; else empty."""
    if lexicon("questions")["order"].search(text):
        return ""
    plain = normalise(text)
    found = _COVERED.search(plain) or _FOR_IT.search(plain)
    if found is None:
        return ""
    what = _BEFORE_IT.sub("", found["what"] or found["thing"]).removesuffix("把")  # 年底前把钱补上
    what = f"{what}费" if len(what) == 1 and found[0].startswith(f"{found['what']}费") else what
    words = [word for group in policy.questions.terms.values() for word in group]
    words += [word for fact in policy.facts for word in fact.reads.names]
    known = what in normalise(policy.source) or any(normalise(word) in what for word in words)
    return "" if len(what) < 2 or known else what


def fees_of_others(policy: Policy, text: str) -> list[str]:
    """The fees that ``text`` tells a figure of and that the document does not name: 会员费 6000."""
    plain, source = normalise(text), normalise(policy.source)
    known = {normalise(name) for fact in policy.facts for name in fact.reads.names}
    found = dict.fromkeys(each["fee"] for each in lexicon("questions")["fee"].finditer(plain))
    return [each for each in found if each not in source and not any(each in name or name in each for name in known)]


def other_level(text: str) -> str:
    """The other level of government that ``text`` asks to grant something (区里给不给), in one character; empty for none."""
    parts = asking_clauses(normalise(text))
    return next((found["whose"] for part in parts if (found := lexicon("questions")["other_level"].search(part))), "")


def capped(programme: Programme, text: str) -> str:
    """The most that ``programme`` pays, in words, where ``text`` says that there is no limit; else nothing."""
    share = plain_share(programme.amount)
    if share is None or share.cap is None or not _UNLIMITED.search(normalise(text)):
        return ""
    return f"{'每年' if programme.period == 'year' else ''}最高 {money(share.cap)}"


def rumour(text: str) -> str:
    """What ``text`` says that somebody says of the document, in its own words; empty where it says nothing such."""
    found = lexicon("questions")["rumour"].search(text)
    if found is None:
        return ""
    parts = re.split("[,，]", found["said"])
    told = itertools.takewhile(
        lambda part: not (asks(part) or _OF_THE_TEXT.search(part) or _SAID_TO_BE.search(part)), parts
    )
    return "，".join(told).strip()


def called_for(
    policy: Policy, asked: ReadQuestion, clause: str, programmes: Sequence[Programme], own: bool = False
) -> list[Remark]:
    """What the pack has ready on just this question; ``own``: of this clause and no other."""
    ids = {programme.id for programme in programmes}
    text = asked.text
    for document in policy.documents:
        text = text.replace(normalise(document.number or "—"), "")
    return [
        remark
        for remark in policy.questions.remarks
        if (clause in remark.clauses or not (remark.clauses or own))
        and (not ids or not remark.programmes or ids & set(remark.programmes))
        and re.search(remark.asked, text)
    ]


def doubts(policy: Policy, told: str) -> list[str]:
    """What the pack has ready on what is ``told`` and may not count for several of the grants: 个体户."""
    plain = normalise(told)
    several = (r for r in policy.questions.remarks if r.no_sum and len(policy.granting.intersection(r.clauses)) > _FEW)
    return [each.said_to(plain) for each in several if re.search(each.asked, plain)]
