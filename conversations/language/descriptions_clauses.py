"""A description cut into clauses, each with the stance that its speaker takes: stated, or asked, supposed, intended,
doubted, refuted, or said of somebody else.

Only what is stated may become a fact. Generic Chinese; knows no policy.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from conversations.language import descriptions_turns as turns
from conversations.language import revisions
from conversations.language.descriptions_marks import written_plainly
from conversations.language.descriptions_parts import Topics, sentences
from conversations.language.descriptions_polarity import ended, unsettled
from conversations.language.lexicon import lexicon
from conversations.language.text import Plain
from knowledge.patterns import regex

_ZH, _SAID = lexicon("persons"), lexicon("clauses")


class Stance(Enum):
    """How the speaker stands to what a clause says."""

    STATED = "stated"
    INTENDED = "intended"
    DOUBTED = "doubted"
    ASKED = "asked"
    SUPPOSED = "supposed"
    REFUTED = "refuted"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class SpokenClause:
    """``text`` is ``plain.text[start:start+len(text)]``; ``sentence`` counts from 0. ``preparing``: it is intended only
    by a word such as 筹建, which may also tell that the thing is under way. ``firm``: it is intended for sure (计划, 明年),
    not only considered. ``related``: it says of the speaker's own
    projects whether they are one, in words no longer in ``text``. ``year``: the one under which its sentence stands (去年：…)."""

    text: str
    start: int
    sentence: int
    stance: Stance
    preparing: bool = False
    firm: bool = False
    related: bool = False
    year: str = ""

    @property
    def dated(self) -> str:
        """The text with the year under which it stands, where it names none itself."""
        return self.text if _ZH["a_year"].search(self.text) else self.year + self.text


_KIN, _AROUND, _RELATED = (_ZH[e].pattern for e in ("kin", "around", "related_firm"))
_OUTSIDERS = _ZH["outsiders"].pattern
_DEALINGS = f"{_ZH['dealings'].pattern}|{_OUTSIDERS}"
_NOBODYS = (
    rf"(?!们?(?:那个?|的|家)?(?:{_KIN}|{_AROUND}|{_DEALINGS}|表|堂|外甥|老板|同[学行]|听说|村))"  # 我表哥 is not us
)
_FIRST = (
    rf"(?:[我俺]{_NOBODYS}们?|咱们?(?!(?:{_AROUND}))|集团(?:本身|自己|自身|本部)|本公司|本企业|本单位|我司|敝公司|敝司|自己|自家"
    r"|公司(?=[注在是做主自])|(?:公司|厂里|厂子)(?=[也都从来并倒可]*[不没](?!让|同意)))"
)
_LEAD = r"(?:[^,:的]{1,8}(?:提到|说起|提及|谈到)|另外?(?=其)|又(?=其)|此外|顺带(?:说|提)一[句下]|顺便(?:说|提|问)一[句下]|那么?|而且?|但是?|不过|可是|另外|还有|目前|现在|其实|因为|所以|然后|至于|像|比如|再说|就是|就|也|嗯|呃|哦|对了|去年|今年|前年|昨天|之前|以前|上次|请问|[^,:]{1,6}(?:的话|这块|方面|嘛|呢),?|,|:|[^,:]{1,8}:)*"
_HEARSAY = r"(?<!没)(?<!没有)听(?!都|也)[^,说讲]{0,6}[说讲](?!过)|据说|传说|网上说|有人[说讲问]|(?:政策|文件|通知|规定|条款)(?:里|上)?(?:说|写|规定|要求|是|的意思)"
_AMONG = (  # 园里有企业做代运营
    r"(?:上|里|内|里面|里头|当中)的?(?:倒是?|也|还)?有(?:好?[一两三几]?[家个些户]的?(?:商户|商家|企业|公司|租户|客户|(?<!上有.)(?<!上有..)店|单位)|(?:商户|商家|企业|公司|租户)(?=[^,里都的]))"
)
_THEIR_OWN = (  # 园里企业今年去培训 · 有两个老师自己掏了三千 · 旁边那个国贸人家都挂上了
    r"(?![我俺咱])[^,]{0,4}[园楼区地](?:里|内)(?:面|头)?的?(?:各家?)?(?:企业|商户|商家|租户|公司)(?:们)?[^,是有占]{0,6}(?:培训|学习|成交|营收|[交缴付花掏领拿评卖])"
    r"|(?:[我俺咱]们?(?:这个?|那个?|的|自己|家)*)?[^,我俺咱]{0,4}[园楼区](?:子|区)?(?:里|内)(?:面|头)?的?(?:各家?|那些)?(?:企业|商户|商家|租户|公司|卖家|网店)(?:们)?[^,是有占里]{0,14}(?:成交|营收|销售|[卖做])[^,]{0,8}[\d一二两三四五六七八九][^,]{0,6}[万亿]"
    r"|[^,我俺咱的]{0,8}(?:员工|职工|老师|师傅|学员|主播|老板娘?)们?(?:自己|个人|自费)(?:[掏交报花付出去]|自)"
    r"|(?![我俺咱])(?:旁边|隔壁|对面)?(?:那[个家座栋])[^,我俺咱是]{1,6}人家"
)
_ASKED_FOR = rf"(?:帮|替|代)(?![^,]{{0,4}}(?:{_ZH['insider'].pattern}))[^,]{{1,8}}(?:问|咨询|打听|了解|查)"
_OTHERS = regex(
    rf"(?!{_LEAD}(?:[我俺咱]们?)?(?:跟|和|与)(?:[我俺咱]们?家?)?(?:{_KIN}|{_AROUND})(?:[两俩仨]|几个|一起|一块|合伙|合开|开|弄|搞|办|做|在))"
    rf"{_LEAD}(?:我们?|俺们?|咱们?|我司|我公司|本公司)?(?:[村镇街乡县](?:[东西南北上里][头边]?|口|对面)(?:的|那个)?|好?几[个家位]的?|(?:[两二三四五2-5]|[好几]几?)[个家位]的?(?=股东|合伙人|供[应货]商|合作)|一[个家位]的?(?=客户|供[应货]商|合作|朋友|同行|同学)|不少的?|很多的?|好多的?|有些|大?部分的?|集团的?|公司的?|老板的?|领导的?|股东(?:控股)?的?|那个?|的|[^,]{{0,5}}(?<![我俺们])有一?[个家]|(?:有|手[里上])一?[个家几些](?:[大老新小]|最大的?|主要的?|长期的?)?(?={_AROUND}|{_DEALINGS}|合作|租户|商户)|下面的?|旗下的?|底下的?|名下的?|另外?的?一?[家个]?|还|这边|跟)*"
    rf"(?:{_KIN}|{_AROUND}|{_DEALINGS}|{_RELATED}|人家|租户(?!(?<=:租户)$|[里中]|(?:一共|总共|现在|目前|有|是)*[\d一二两三四五六七八九]|[^,是有]{{0,6}}[\d一二两三四五六七八九半][\d.]*[成%])|对方(?:公司|企业)?|别的(?:公司|企业)|同事|对面|楼[上下]"
    rf"|{_ASKED_FOR}|(?:(?:跟|和|与)(?:我们?|咱们?))?合作(?:方|伙伴|商|单位|公司|的)|(?<![我俺们])有[家个些](?:公司|企业)|有(?:一|好?几|[两三])?[个家位][^,我俺咱的]{{1,8}}的(?:客户|租户|[商住]户|供[应货]商|合作方|朋友|同行|亲戚|老乡|邻居)|[他她]们?|(?<![我俺咱们])那[家边]|(?:给[我俺咱]们?(?:家|公司)?)?(?:代理|合作|供货|配套|服务|代工|来往|对接|采购|进货)的那?[一几两]?[家个](?:厂|公司|企业|工厂|单位|店|品牌|商家|园区?)|其中有?一[家个](?:有|公司|企业)|(?:另外|其[他它余]|剩下)的?(?:[两俩三仨几]|[\d一二三四五六七八九十百]+[多来]?)家(?:公司|企业|店|厂)?|另一?[个家](?:公司|企业|厂)|它(?:那边|那儿|家|们)|某[家公企]|该[^,的]{{1,6}}(?:公司|企业|平台|机构)|另外?一家[^,园楼]{{2,8}}的$|传统企业|初创企业|中小企业|大家|很多(?:企业|公司)|(?:公司)?老板(?:个人|自己)?名下|(?:(?!我司|本公司)[^,是的系为]){{0,4}}(?:(?<![种电瓜李桃杏果栗包饺粽鞋袜裤帽杯瓶椅柚桔橘椰茄原离分君孔])子|母)公司"
    rf"|{_HEARSAY})|(?![我俺咱])[^,]{{0,4}}[园楼区](?:里|内)(?:面|头)?的?(?:有)?(?:[一某][家户]|[一某]个(?:租户|商户|企业|客户|公司|店))|[^,]{{0,10}}{_AMONG}|[^,]{{0,10}}(?:上|里|内|里面|里头|当中)的?有(?:一|好?几|[两三四五])?[家户](?:大|小|老|头部|龙头)?的?(?=[是做搞开在拿评管入卖造产])|{_THEIR_OWN}|[^,我俺咱]{{1,13}}(?<![给帮替跟和])人家(?=[早都也已就])|[^,]{{0,8}}(?:企业|公司|商户|商家)里?有[一二两三四五六七八九十\d]+[家户](?=[是做搞开在拿评管入])|[^,]{{0,4}}(?:还|另外?|又)有一家(?![^,]{{0,8}}(?:园|基地|楼|试点))"
)
_ANOTHER_FIRM = regex(
    rf"{_KIN}|{_AROUND}|{_RELATED}|{_THEIR_OWN}|租户(?!(?:一共|总共|现在|目前|有|是)*[\d一二两三四五六七八九]|[^,是有]{{0,6}}[\d一二两三四五六七八九半][\d.]*[成%])|有一?[家个]客户|{_AMONG}|[里内]头?面?有一?[家户]|(?:还|另外?|又)有一家|关联|控股|对面|老板(?:个人|自己)?名下|同事|有[家个些](?:公司|企业)|他|她|那[家边]|某|对方|^[^,我俺咱]{{0,3}}人家(?![都也]?(?:说|讲|问|告诉|跟|让|叫|要|给|不?知道))|{_ASKED_FOR}"
)
_OUTSIDER = regex(rf"{_LEAD}(?:{_OUTSIDERS})")
_LEADS_IN = regex(r"(?:不过|但是?|可是?|其实|反正|所以|因为|后来|现在|我|俺|咱|们|公司|说|[也都就哦噢,])*")
_BY_SOMEBODY = _SAID["by_somebody"]
_WE_ONLY = _SAID["we_only"]
_LEFT_ASIDE = _SAID["left_aside"]
_OF_ALL_FIRMS, _OF_ONE_FIRM = _SAID["of_all_firms"], _SAID["of_one_firm"]
_A_SHARE = _SAID["a_share"]
_OTHERS_GO_ON = regex(r"(?:[他她]们?|人家|那[家边]|对方|它)")
_ONE_OF_THEM = regex(r"(?:其中|里[头面边]|当中)?的?(?:就?有|最[大小好]的)?那?[一某几两三]?[家个户](?!我们|咱)")
_SO_MANY_OF = _SAID["so_many_of"]
_WITH = regex(r"(?:与|跟|和|同|向|委托|找|付给?|交给)[^,我咱俺本]{2,14}(?:公司|企业|平台|厂|机构|”)$")
_OF_US = regex(rf"[我俺咱]{_NOBODYS}|我司|本公司")
_SELF = regex(
    rf"{_LEAD}{_FIRST}|(?:厂里|厂子|公司|店里|本部|我们?(?:母公司|总公司|总部|本部))自[己家]|[也都还]*(?:是|在|算|归|挂)在?(?:我们?)?公司的?名下"
)
_OWN_PART = regex(r"我们(?:母公司|总公司|总部|本部)自[己家]")  # who speaks is the parent, whose subsidiary does it
_GROUP = regex(r"(?:我们?|俺们?|咱们?)(?:是|这个?)?[^,。!?;]{0,6}集团(?!的|旗下|下面|下属)")
_WITHIN_GROUP = _SAID["within_group"]
_GROUP_SPEAKS = regex(rf"{_LEAD}(?:总公司|集团)(?!的|旗下|下面|下属|底下|名下|里|内|另|其他|还有|公司的)")
_CONTRARY = _SAID["contrary"]
_BESIDE_GROUP = _SAID["beside_group"]
_PROMISED = regex(r"(?:能|可以|可|会|就)(?:领|拿|给|补|报|享受|申请)")
_A_SUBJECT = regex(r"(?:[^,]{0,8}(?:[这那有另][一二两]?[个家栋座幢块片台套款笔位]|[栋座]))|旁边")
_SUPPOSE = _SAID["suppose"]
# 去年帮他们卖了八千多万 · 去年服务费全年1230万
_DID_SO = (
    r"(?:.*,)?(?:[去今前]年|上个?月|[一二]\d年)"
    r"(?:[^,的]*[\u4e00-\u9fff]了[^,的]*|[^,的]{0,10}[\d一二两三四五六七八九十百]{2,}[万亿元块][^,的]*)(?:,|$)"
)
_ANYBODY = regex(
    rf"^(?:转发:?)?(?:(?:通知|公告|新闻|招商|会议纪要)[:,]|招聘(?!会|[了过到的来]))|关于[^,]*的(?:通知|公告|公示|意见)|^(?:比如|例如|譬如|鼓励|引导|支持(?!率|的|资金|款|费|[只就才也都我俺咱没从拿领已过先是还])|大力|对[^,]{{2,20}}(?:给予|奖励))|^(?!.*{_FIRST})(?!{_DID_SO}).*(?:报销?\d+%|\d+%的(?:补贴|奖励|补助|支持)(?![^,]{{0,8}}[领拿享得][过了到受])|的(?:企业|单位)?(?:给(?=予|奖|补|租)|一事一议)|请问[^,]*的[^,的]{{0,4}}(?:企业|公司|单位)(?:,|$)|,(?:按(?!哪|什么|啥|谁)(?=[^,]{{0,12}}(?:[奖补给配]|%))|给予|予以|奖励(?![^,]{{0,5}}[领拿没享到]))|的(?:企业|公司|单位|园区|楼宇|项目|平台)(?:能|可|怎|算(?![下起]来|上|出)|会|有没有|是否|是不是|给予?|按|最))"
)
"""A sentence about whoever it may concern: an example, or the policy's own words."""
_NOW = _SAID["now"]
_ASK = _SAID["ask"]
_NO_QUESTION = _SAID["no_question"]
_GUESSED = _SAID["guessed"]
_DOUBT = _SAID["doubt"]
_INTEND = _SAID["intend"]
_TO_PLACE = _SAID["to_place"]
_FIRM = _SAID["firm"]
_LOOSE = _SAID["loose"]
_PLAN = _SAID["plan"]
_PREPARE = regex(r"筹备|筹建|筹划")
_PLANS_ON = _SAID["plans_on"]
_OWN_PAPER = regex(r"(?:文件|批文|证书?|牌匾?|牌子|合同|发票|账本?)[上里]?面?(?:写|说|是|印|开|盖)")
_TITLE = regex(r"《[^《》]*》")  # 《…交易要求》: the words of a title suppose and ask nothing
_WE_ACT = _SAID["we_act"]
_ENTRUSTED = _SAID["entrusted"]
_FOR_CUSTOMERS = regex(  # 有几家做零食的客户，|帮他们打理天猫店
    rf"[^,]*(?:{_DEALINGS}),(?:[都也就来]|主要|负责|专门|我们)*(?:帮|给|替)(?:[他她]们?|人家)(?!的)"
)
_PAID_US = regex(  # 卖了一台，|客户实际付了630万
    r"[^,]*(?:卖|售|成交|出货|交付)(?!给我)[^,]*,(?:客户|买家|买方|对方|甲方|人家)(?:那边|公司)?(?:实际|最[后终]|真正|已经?|[一总]共|才|就|只|也)*(?:付|给|打|掏|结)(?:款)?(?:给)?(?:[我俺咱]们?)?了?(?=[\d一二两三四五六七八九])(?![^,]*(?:定金|订金|首付|预付))"
)
_OURSELVES = regex(
    r"(?:就|也)是(?:我们|咱们?|俺们?|本公司|我司)(?![^,]{0,4}(?:楼[上下]|隔壁|对[门面]|客户|朋友|租户|邻居|那家))"
    rf"|(?:[我俺咱]们?家?)?(?:{_KIN})(?:也|就)?(?:是|当|做|挂名?)(?:这?公司的?|店里的?|厂里的?)?(?:法人|法定代表人|老板|股东|负责人|会计|店长|客服)(?!的)"
)
_WITH_US = _SAID["with_us"]
_EXCEPT = regex(r"^(?:我们)?除了?(?!息|非|税|去)")
_THE_REST = regex(r"^(?!.*[还也没不无]).*[都全]")  # 除了代运营，别的都做
_TOPIC = regex(
    r"(^|[,。!?;])((?![^,]*[没不还])[^,。!?;]{1,8}?)(?:[嘛呢],(?=[^,。!?;]*[没未不无有是在做搞评拿办租交花])|[啊呀哈],(?=(?:[还也都暂]|现在|目前){1,3}[没未不]))"
)  # 总部嘛，在上海: one statement
_OWN_TOPIC = _SAID["own_topic"]
_ASKED_TOPIC = regex(  # 规上？一直没报过: the name of a matter, and at once what is so of it
    r"(^|[,。!?;])([\u4e00-\u9fff]{2,6}(?<![吗么呢吧的是有没不]))\?(?=(?:[我俺咱]们?|公司|目前|现在|暂时|从来|一直|还|也|都|就|早|倒){0,3}没(?!有?(?:没有?|了|的|呢|啊|$|[,。!;])))"
)
_WHETHER = regex(r"(.)[没不]\1|是否|有无|(?:没有?|吗|不|么|呢|吧)+$")
_FIGURE = regex(r"[\d一二两三四五六七八九十百千万]")
_DENIES = regex(
    r"(?:没(?!有?[^,]{0,3}关系)|未|不是|不算)(?!对账|核|算|定|批|到账|审)(?!.*[\d一二两三四五六七八九十百千万])"
)
_ASKED_US = regex(
    r"(?:拉|找|约|劝|请|邀请?|喊|叫|让|托|给|跟|和|教|带)着?过?(?:我|俺|咱)们?(?!的|家|公司|[说讲提聊吹夸])"
)
"""有个朋友拉我们入伙: it is others who begin, and what follows is of us."""
_FOR_WHOM, _NOT_US = _SAID["for_whom"], _SAID["not_us"]
_IN_THAT_CASE = _SAID["in_that_case"]
_ONLY_FIGURE = _SAID["only_figure"]
_ECHO = _SAID["echo"]


def _no_topics(_: str) -> tuple[set[int], set[int]]:
    return set(), set()


def clauses(text: str, respelt: Callable[[str], str], topics: Topics = _no_topics) -> tuple[Plain, list[SpokenClause]]:
    """The plain form of ``text``, its slips set right by ``respelt``, and its clauses in order."""
    form = written_plainly(text, respelt)
    return form, _answered(
        _ClauseReading(
            _OWN_TOPIC.sub(r"\1就", _TOPIC.sub(r"\1\2就就", _ASKED_TOPIC.sub(r"\1\2就", form.text))), topics
        ).clauses
    )


def _answered(spoken: list[SpokenClause]) -> list[SpokenClause]:
    """The clauses, those that ask what the next one affirms as statements: 入选没？入选了; and what tells for whom the money is, where
    the next one says that we are not, as if it asked: 是补给代运营公司的呀，那我们不是."""
    for at, (asked, answer) in enumerate(pairwise(spoken)):
        if (whom := _FOR_WHOM.fullmatch(asked.text)) and _NOT_US.fullmatch(answer.text):
            start, end = whom.span("whom")
            told = "," * start + whom["whom"] + "," * (len(asked.text) - end)
            spoken[at] = replace(asked, text=told, stance=Stance.ASKED)
            spoken[at + 1] = replace(answer, stance=Stance.STATED)
        if asked.stance is Stance.ASKED and answer.stance is Stance.STATED and _affirms(asked.text, answer.text):
            told = _WHETHER.sub(
                lambda match: "," * (len(match[0]) - len(match[1] or "")) + (match[1] or ""), asked.text
            )
            spoken[at] = replace(asked, text=told, stance=Stance.STATED)
    return spoken


def _untitled(text: str) -> str:
    """``text`` with the titles of documents blanked."""
    return _TITLE.sub(lambda match: "书" * len(match[0]), text)


def _asks(text: str) -> bool:
    """Whether a clause asks something."""
    told = text.removesuffix("吧") if _GUESSED.match(text) else text
    return bool(_ASK.search(_NO_QUESTION.sub(",", told)))


def _affirms(asked: str, answer: str) -> bool:
    echo = _ECHO.fullmatch(answer)
    return bool(echo) and (echo["verb"] in "是对" or echo["verb"] in asked)


def _of_the_group(text: str, later: str) -> bool:
    """Whether a clause tells of the whole group, where the one behind it tells of the firm alone."""
    return bool(_OF_ALL_FIRMS.search(text) and _OF_ONE_FIRM.match(later))


def _put_right(pieces: list[tuple[str, int]], index: int) -> bool:
    """记岔了|文件上写的是市级 · 钱还没下来|文件写的是350万: whether a piece tells by a paper of ours what the one before it told wrong."""
    before = pieces[index - 1][0] if index else ""
    return (revisions.corrects(before) or unsettled(before)) and bool(_OWN_PAPER.match(pieces[index][0]))


class _ClauseReading:
    """The stances of one text, sentence by sentence."""

    def __init__(self, text: str, topics: Topics) -> None:
        self.clauses: list[SpokenClause] = []
        self._others = self._listed = False  # so is what they list behind a colon
        self._year = ""
        self._text = text
        self._claimed = 0  # how many of the last clauses are what somebody only claims
        self._within_group = bool(_WITHIN_GROUP.search(text) or _BESIDE_GROUP.search(text))
        self._group = not self._within_group and bool(_GROUP.search(text))
        for number, (pieces, asked) in enumerate(sentences(text, topics)):
            self._sentence(number, pieces, asked)

    def _sentence(self, number: int, pieces: list[tuple[str, int]], asked: bool) -> None:
        goes_on = bool(pieces) and self._text[pieces[0][1] - 1 : pieces[0][1]] == ";"
        self._listed = self._listed and goes_on
        self._others = self._others and bool(pieces) and bool(self._listed or _OTHERS_GO_ON.match(pieces[0][0]))
        over = _ZH["under_a_year"].match(pieces[0][0]) if pieces else None
        self._year = over[0] if over else self._year if goes_on else ""
        supposed = bool(_ANYBODY.search(",".join(_untitled(text) for text, _ in pieces)))
        questioned = planned = False
        begun = len(self.clauses)
        for index, (text, start) in enumerate(pieces):
            if self._quotes(pieces, index):
                continue
            self._refute(text, begun)
            others = self._speaks_of_others(text, start) or self._one_of_them(text) or self._of_a_partner(start)
            others = others or bool(_BY_SOMEBODY.search(text) and _WE_ONLY.match(self._text, start + len(text)))
            later = pieces[index + 1][0] if index + 1 < len(pieces) else ""
            others = (others and not _put_right(pieces, index)) or _of_the_group(text, later)
            heard = self._last_stance(begun) is Stance.OTHERS  # 听说要一万平才行，我们那个…
            if supposed and (_NOW.match(text) or ((questioned or heard) and _SELF.match(text))):
                supposed = False
            told = self._meant(text, later)
            supposed = supposed or bool(_SUPPOSE.search(told) or (asked and _ZH["what_if_moved"].match(told)))
            given = _ZH["given"].search(f"{pieces[index - 1][0]},{text}") if index else None
            questioned = (asked and index == len(pieces) - 1) or (not given and _asks(told))
            excepted = bool(_EXCEPT.match(text) and _THE_REST.search(later))
            stance = Stance.OTHERS if others else self._stance(told, supposed or excepted, questioned)
            planned = planned or bool(_PLAN.fullmatch(text))
            if stance is Stance.STATED and (planned or self._plans_on(text, begun)):
                stance = Stance.INTENDED
            preparing = stance is Stance.STATED and bool(_PREPARE.search(text))
            stance = Stance.INTENDED if preparing else stance
            firm = stance is Stance.INTENDED and bool(_FIRM.search(text)) and not _LOOSE.search(text)
            if no_concern := _ZH["no_concern"].search(text):
                stance = Stance.OTHERS
                plan = _LEFT_ASIDE.match(text) and self.clauses and self.clauses[-1].stance is Stance.INTENDED
                if not plan and _LEADS_IN.fullmatch(text, 0, no_concern.start()):  # 国家那个是别家的: that one alone
                    self._disown(begun)
            self._unsettle(text, begun)
            if stance in (Stance.STATED, Stance.INTENDED) and self._only_claimed(pieces, index):
                stance, preparing, firm = Stance.DOUBTED, False, False
                self._claimed += 1
            else:
                self._claimed = 0
            told = text.replace("请问", "咨询")
            self.clauses.append(SpokenClause(told, start, number, stance, preparing, firm, year=self._year))

    def _meant(self, text: str, later: str) -> str:
        """A piece without titles, and without the 应该 that is no doubt: 级别填错了，|应该是国家级|，刚才看串行了; or the 的话 that
        supposes nothing: 服务费的话|260万."""
        told = _untitled(text)
        if revisions.corrects(later) or (self.clauses and revisions.corrects(self.clauses[-1].text)):
            told = told.replace("应该是", "是", 1)
        return told[:-2] if _IN_THAT_CASE.search(told) and _ONLY_FIGURE.fullmatch(later) else told

    def _last_stance(self, begun: int) -> Stance | None:
        return self.clauses[-1].stance if len(self.clauses) > begun else None

    def _plans_on(self, text: str, begun: int) -> bool:
        """打算明年上|买15台机械手: whether a clause goes on with the plan of the one before it in its sentence."""
        return self._last_stance(begun) is Stance.INTENDED and bool(_PLANS_ON.fullmatch(text))

    @staticmethod
    def _only_claimed(pieces: list[tuple[str, int]], index: int) -> bool:
        """Whether somebody only claims what a piece says: 自称行业前三 · 老板老说|我们有牌照."""
        led_in = _ZH["claims"].search(pieces[index - 1][0]) if index else None
        return bool(_ZH["claims"].search(pieces[index][0]) or (led_in and led_in.end() == len(pieces[index - 1][0])))

    def _refute(self, text: str, begun: int) -> None:
        """老板老说我们有牌照，其实没有: what was claimed just before is not so, where ``text`` sets against it what is; nor is told what
        it does not believe (老板说明年搬总部，我反正不信), not beyond ``begun``."""
        if _ZH["disbelieved"].search(text) and self._last_stance(begun) in (Stance.STATED, Stance.INTENDED):
            self.clauses[-1] = replace(self.clauses[-1], stance=Stance.DOUBTED, preparing=False, firm=False)
        for at in range(len(self.clauses) - self._claimed, len(self.clauses) if _CONTRARY.match(text) else 0):
            self.clauses[at] = replace(self.clauses[at], stance=Stance.REFUTED)

    def _quotes(self, pieces: list[tuple[str, int]], index: int) -> bool:
        """Whether a piece only says who said what follows: 会计说 is left out, and what it leads in to is ours."""
        text = pieces[index][0]
        source = _ZH["source"].match(text)
        if not source or text[source.end() :].strip(",:") or index + 1 == len(pieces):
            return False
        if _PROMISED.search(pieces[index + 1][0]):
            return False
        self._others = False
        return True

    def _speaks_of_others(self, text: str, start: int) -> bool:
        """Whether a clause is about somebody else; whether what follows still is, is kept."""
        before = self.clauses[-1].text if self.clauses else ""
        run = _ENTRUSTED.search(text) or _FOR_CUSTOMERS.match(f"{before},{text}")
        run = run or _PAID_US.match(f"{before},{text}")
        ours = _WITH_US.match(text) or _OWN_PART.match(text) or _OURSELVES.search(text) or _WE_ACT.match(text) or run
        group = self._within_group and bool(_GROUP_SPEAKS.match(text))
        told = None if _ZH["advised"].search(f"{before},{text}") else _OTHERS.match(text)
        theirs = group or bool(_ZH["belongs"].search(text))
        others = not ours and (theirs or (told is not None and not _ZH["rumour"].search(text)))
        self._others = self._others and not _NOW.match(text)
        if others:
            topic = told is not None and told.end() == len(text)  # 我们服务的几个品牌，总部都在郑州
            another = _ANOTHER_FIRM.search(text) or _OUTSIDER.match(text)
            listed = self._text.startswith(":", start + len(text))  # 我们客户运营的有:经开跨境园;惠济电商园
            self._listed = self._listed or listed
            self._others = theirs or topic or listed or bool(another and not _ASKED_US.search(text))
        elif _SELF.match(text) or run or (self._group and _GROUP_SPEAKS.match(text)):
            self._others = self._listed = False
        return others

    def _one_of_them(self, text: str) -> bool:
        """客户好多是开网店的，其中一家卖了4000多万: whether a clause goes on with one of those spoken of last, who are others, or with
        one that is named right before it: 里面四十多家，其中有一家|还是省级示范企业."""
        if self.clauses and _SAID["one_is_named"].search(self.clauses[-1].text) and not _SELF.match(text):
            return True
        told = next((clause for clause in reversed(self.clauses) if not _SO_MANY_OF.fullmatch(clause.text)), None)
        return told is not None and told.stance is Stance.OTHERS and bool(_ONE_OF_THEM.match(text))

    def _of_a_partner(self, start: int) -> bool:
        """与“云策”公司（代运营）合作: whether a clause in brackets says what another firm is that was named just before."""
        return self._text[start - 1 : start] == "(" and bool(self.clauses and _WITH.search(self.clauses[-1].text))

    def _unsettle(self, text: str, begun: int) -> None:
        """Doubt what was just said where ``text`` bids not to note it, or does not know whether it is so."""
        if revisions.not_to_note(text):
            self._leave_out(begun)
        elif turns.WHETHER_TRUE.match(text) and self._last_stance(begun) is Stance.STATED:
            self.clauses[-1] = replace(self.clauses[-1], stance=Stance.DOUBTED)  # 带动很突出，不知道算不算数

    def _leave_out(self, begun: int) -> None:
        """去年大概两百万，还没对账，先别记: what was just said is not to count, back to its figure, and not beyond ``begun``."""
        if self._last_stance(begun) is Stance.STATED and _DENIES.search(self.clauses[-1].text):
            return  # 没参与制定，别给我写上
        for at in range(len(self.clauses) - 1, begun - 1, -1):
            clause = self.clauses[at]
            if ended(clause.text) and not _ZH["dropped"].fullmatch(clause.text):
                return  # 代运营那摊停了，别给我记: that it is no more is told
            if clause.stance is Stance.STATED:
                self.clauses[at] = replace(clause, stance=Stance.DOUBTED)
            if _FIGURE.search(clause.text):
                return

    def _disown(self, begun: int) -> None:
        """有个园区，国家级的，跟我们没关系: the clauses since the thing was named, back to ``begun``, are somebody else's."""
        for at in range(len(self.clauses) - 1, begun - 1, -1):
            clause = self.clauses[at]
            ours = (
                clause.stance is not Stance.OTHERS and _OF_US.search(clause.text) and not _A_SHARE.search(clause.text)
            )
            if revisions.removes(clause.text) or ours:
                return
            told = clause.stance is Stance.OTHERS and not _ZH["no_concern"].search(clause.text)
            self.clauses[at] = replace(clause, stance=Stance.OTHERS, preparing=False, firm=False)
            if told or _A_SUBJECT.match(clause.text):
                return

    def _stance(self, text: str, supposed: bool, questioned: bool) -> Stance:
        if self._others:
            return Stance.OTHERS
        if supposed:
            return Stance.SUPPOSED
        if _ZH["filed"].match(text):
            return Stance.STATED
        if questioned or _ZH["rumour"].search(text) or _SAID["heading"].fullmatch(text):
            return Stance.ASKED
        if _INTEND.search(text) and not _TO_PLACE.match(text):
            return Stance.INTENDED
        return Stance.DOUBTED if _DOUBT.search(text) or turns.LEAVE_OUT.search(text) else Stance.STATED
