"""Yes, no, not known: what an everyday Chinese sentence says to a question that can be answered so.

A sentence is taken clause by clause. What is uncertain (应该有吧), asked back, only supposed (如果有的话) or said of others
decides nothing; what is still under way is told apart from what is settled; a clause counts as an answer only where
nothing in it is foreign to the question, so that 没有时间 is no 没有. The question's own words (``yes``, ``no``,
``about``) are given by the caller; this module knows no policy.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from conversations.language.text import normalise


class AnswerStance(StrEnum):
    """What one clause, or a whole answer, says."""

    YES = "yes"
    NO = "no"
    PENDING = "pending"  # applied for, under way, intended
    UNKNOWN = "unknown"  # the person does not know, or is not sure
    ASKS = "asks"  # asks back
    SUPPOSES = "supposes"
    OTHERS = "others"  # speaks of somebody else
    SILENT = "silent"  # says nothing on the question


_UNKNOWN = re.compile(
    r"不(?:太|大|怎么|是很|是太|很)?(?:知道|清楚|晓得|了解|确定|明白|懂|掌握|敢说|敢肯定|好说|记得|熟悉)|[不没]摸底|(?<![用够犯找])不着(?=$|[啊嘞呢,。])|知不道|说不上(?![班市])|(?:报表|数据?|审计|账)(?:都|也)?(?:还)?没(?:有)?(?:出|做|算|核)|[你您]们?(?:得|去|可以|要|最好)?问(?:一?下|问)?(?:我们?的?)?(?:财务|会计|老板|领导|经理|.?总|办公室|技术|物业|同事|别人)|(?:哪|哪儿|怎么|咋|谁)(?:会|能|里)?(?:知道|晓得|清楚|记得)"
    r"|(?:说|拿|吃|估|记|想|弄|搞|讲|整|查|算|数|分|吃)不(?:太|大)?(?:准|清楚?|好|上来|明白|得(?!不)|起来?|出来?|来|到|懂|透|住|全|齐)|不(?:好|敢)(?:说|确定|讲|判断|统计|算|估)"
    r"|没(?:有)?(?:太|怎么|具体|仔细|细|专门|人|听)?(?:统计|算过?|数过?|印象|底|谱|把握|注意|留意|关注|打听|研究|问过?(?!题)|查过?|核实|量过?|测过?|听说|听过|概念|想好|考虑好|决定|拿定主意|细看|对过账|记过?|记住|想过)"
    r"|(?:无法|难以|没法|没办法)(?:确定|判断|回答|估计|提供|说|统计|核实|算)|忘(?:了|记|啦|光|掉)|(?:得|要|需要?|还得|去|再|先|等我?|让我|我)(?:先|再|去|回去|回公司|回单位)?(?:看(?!来|情况)|数[一数]|量一?[下量]|翻|问|查|核|确认|请示|翻|看看账|对一?下|咨询|了解|打听)"
    r"|(?<![想请])问(?:问|一?下|一问|下)|跳过$|查(?:查|一?下|一查)|(?:核实|确认|核对|落实|了解|打听)一?下|需要?确认|待(?:确认|定|核实?|查|统计)|回头(?:再|问|说|查|看|告诉|给)?|以后再说|再说(?:吧)?$|^过$|^(?:先)?(?:跳过|略过?|下一[题个步]|空着|放着|pass|skip|next|不答|不填|不(?:填|答|说)|不方便(?:说|透露)?|保密)(?:吧|了|这[题个道]|题|它|,|。|$)"
    r"|两说|不归我|我不(?:管|负责)|不是我(?:管|负责|经手|办)|(?:我)?(?:刚来|新来的)|(?:财务|会计|老板|领导|别人|经理|同事)(?:才|他?们?|那边)?(?:知道|清楚|管|负责|经手|记得)|才(?:知道|清楚)|的人(?:知道|清楚)|[在归由](?:财务|会计|老板|领导|办公室|总部|同事)(?:那|手|处|管|负责)|保密(?!吗)|不方便(?:说|透露)|没(?:有)?(?:出账|结账|结算|核算|审计|出报表)|找(?:找|一找|一下)|没给(?:我|我们)?(?:数|准数)|天知道|谁知道|鬼知道|没准(?:儿)?|说不定|不一定"
    r"|^(?:idk|dunno|not ?sure|unknown|no ?idea|don'?t know|i ?don'?t ?know|bu ?zhi ?dao|bu ?qing ?chu|bu ?que ?ding|wang ?le|不造|布吉岛|母鸡)|[🤷🤔]|^未知$|不详|待查|看情况|记忆不清|模糊"
)
_HEDGED = re.compile(
    r"应该|应当|好像|似乎|貌似|可能|也许|或许|大概|估计|八成|多半|没准|感觉|听说|据说|我觉得|我猜|猜测|恐怕|差不多|理论上|按理|照理|印象(?:中|里)|估摸|怕是|大约|如果没(?:记|弄)错"
)
_FAINT = re.compile(r"不?算吧|(?:不?算)?(?:有|没有?|是|对|不是)吧")
_SURE = re.compile(r"不可能|怎么可能|应该的|(?:没|不)可能")
_ASKS = re.compile(
    r"[吗么]\??$(?<!什么)|\?$|(?<!没)(?<!没有)(?:什么|啥)(?![\u4e00-\u9fff]{0,3}[都也])|(?<!不)(?:怎么|咋)(?!没|不|会|可能|能|就没)|如何|哪(?:个|些|里|种|儿|一)(?!级?[都也])|为什么|为啥|凭什么|算不算|(?<!不)是不是|(?<!没)有没有|是否|能不能|可不可以|行不行|要不要|(?<!不)对不对|中不中|指的?是"
    r"|(?<!没)(?<!没有)(?<!没花)多少|好处|请问|想问|问一?个|咨询(?:一?下|个)"
)
_SUPPOSES = re.compile(
    r"如果|假如|假设|假使|倘若|若是|(?<![主只需])要是|(?<![近体概约确资额用费积间数率年共度我们司])的话|(?:有|能|要)[^,。]{0,6}的话|(?<![\d一二两三四五六七八九十百千])万一|即使|除非|等(?:我们)?有了|只要|一旦"
)
_OTHERS = re.compile(
    r"隔壁|人家|对方|客户(?:是|有|拿)|别人|别的公司|别家|同行(?!业)|朋友|对面|对手|竞争|他们|[子总]公司的?$|(?:子公司|总公司|合作方|客户|集团)的$|合作方|(?:[总母分]公司)在|有的(?:公司|企业|单位)|兄弟公司|母公司|集团的?其他|关联公司|(?:我)?(?:亲戚|同学|哥|弟|姐)"
)
_TURNED_ROUND = re.compile(
    r"(?:托|交|包|委托|外包)给(?!我们|咱|俺)|(?<!申)请(?:别人|人家?|了)|找(?:别人|人家?|了家?)"
)  # 托给代运营公司做
_OURS = re.compile("我们|咱|俺|自己|本公司|这家")
_WHEN = re.compile(
    r"(?:[去今明前后]年|\d{2,4}年)?(?:年[初中底前]|[上下]半年|\d{1,2}月份?|[一二三四五六七八九十]{1,2}月份?|这?个?月底?)|[去今明前]年底?"
)
_ORIGIN = re.compile(r"(?:从|打|由|原先?在|以前在)$")
_FIRMS = re.compile(r"(?:有|下面|旗下|名下|集团)[^,。]{0,4}[两二三四五六七八九几\d]家(?:公司|企业|$)|(?:只有?|就)一家")
_GONE = re.compile(
    r"(?<![有相])关(?:了|掉|门|张|停)|过期|失效|吊销|注销|被?取消|撤销|摘牌|(?<![快要没未])到期(?!.*续[了上过])|(?:现在|后来|如今|目前|今年)(?:已经?|都)?(?:没有?|不[\u4e00-\u9fff]?)(?:了|$)|(?:转|卖)(?:出去|掉|让)了|[迁搬转](?:走|出)(?:去)?了|收回|停(?:了|业|用|办)|不再"
)
_AFTER_ALL = re.compile(
    r"^(?:我们)?(?:以前|之前|原来|原先|本来|过去|早先|早些年|前几年|[头前]两年)[^,。]{0,6}?(?:没|不|无)[^,。]{0,6}[,。].*(?:拿|批|办|评|选|列|入|迁|搬|转|改|参与|参加|做|接|开始|取得|获得|认定|通过|有|成)[^,。]{0,6}?(?:了|上|到|过|下来)"
)
_SINCE = re.compile(r"(?:[去今前]年|后来|现在|如今|最近|刚|\d{2,4}年|\d{1,2}月)")
_NOWADAYS = re.compile(r"今年|现在|目前|后来|如今|最近")
_BEFORE = re.compile(r"以前|之前|原来|曾经|过去|早先|早些年|前几年|原先|[头前]两年")
_PENDING = re.compile(
    r"在[^,。;不没]{1,6}?(?:审[批核]?|评审?|核|批|办理?|公示|答辩|走流程)(?:着|呢|中|啊|的?阶段|环节|当中|过程中?|期间?)*(?=$|[,。])|(?:正|还)?在(?:申请|申报|办|走|核|审|等|弄|搞|跑|报|评|批|公示|受理|准备|筹|谈|推进|整材料|排队|路上|建|补)|正(?:报|申|办|等|审|筹|走|跑)|审批中|审核中|申请中|申报中|办理中|公示(?:期|中)|受理中|评审中|筹备|筹建|在建"
    r"|等(?:着)?[\u4e00-\u9fff]{0,3}(?:批|发|认定|评|领|出|通知|结果|公示|公布|文件?|审|下文|回复|消息)|快(?:要)?(?:下来|批|办|拿|好|有)|刚(?:刚)?(?:交|递|报|提交|申请|申报)(?!下来|到|成功)|(?:已经?|都)?(?:申请|申报|提交|递交|报上去)(?:材料|资料)?(?:过|了|上去)"
    r"|材料(?:都|已经?|全)*(?:交|报|递|送)|打算|准备(?!好)|计划|拟|即将|马上|下(?:个|周|半)?(?:月|年)|明年|想(?:要)?(?:申请|办|报|申报|评)|争取|考虑|有意向|意向|(?<!申)报(?:到|送|给)|[在正]冲|冲[刺击]|差(?:一|最后)|还差|流程|进行中|未批|待批|待审|在途|没出结果|结果没|(?:还)?没(?:有)?(?:正式)?(?:批|下来|公布|公示|结果|定|出来|出|到账|到位|拨(?![款钱])付?|打款|发|下发|下达)(?![过的])"
)
_SOON = re.compile(r"即将|马上|打算|计划|争取|就要|快要?(?=[拿批办下])")
_DONE = re.compile(
    r"申请上(?!去)|(?<!没)(?<!没有)(?<!未)(?:申请|申报|批|审批|办|评|拿|下)(?:已经?|都)?(?:下来|到手?|成功|通过|好|完|妥)了?|(?:审批|审核|评审|申请|申报|公示|验收)(?:已经?|都)?(?:通过|过|结束|完)了"
)
_DOUBLE = re.compile(
    r"(?:不是|并非|不会|不可能|不可能说|不至于)(?:说)?(?:没有?|不是(?!$|[,。]))|(?:怎么|哪|岂)(?:可能|会|能)?(?:没有?|不是)|谁说(?:没有?|不是)|没(?:错|问题|毛病|说的|跑|得说)|(?:没|未|不)(?:有|会|曾)?(?:到期|过期|失效|注销|吊销|撤销|取消|摘牌|断)(?:过|了|呢|的)*|(?:没|未|不曾)(?:有|再)?(?:动|挪|搬|变|换|迁|断|停)(?:过|走|窝|地方|地儿)*|不是(?=第一|首|主|牵头|唯一|独家|最)|不(?:假|错)|可不(?:是)?(?=$|[嘛么吗啊])|不用说|不在话下|毫无疑问|无疑|没二话|那?还用说"
)
_NO = re.compile(
    r"哪(?:里|儿)?(?:有|来)(?!的)|没(?:有)?[那这]?个?(?:实力|本事|能力|资格|福气|回事|可能)|没有|没得|没啥|木有|木得|冇|莫得|没|无|尚未|并未|从未|未|不是|不算|不属于|不符合|不具备|不存在|不在|不做|不行|不中|不对|不|否|非|(?<![a-z])(?:no|not|n|nope|none|never|false|nah|mei ?you|mei|bu ?shi|meiyou|bushi|wu|hai ?mei)(?![a-z])|^[x×✗✘]$|[❌✖🙅👎🚫⛔]"
)
_YES = re.compile(
    r"对|是|有|嗯|恩|必须|当然|肯定|确实|的确|没错|已经|已|属于|符合|满足|具备|拥有|持有|取得|获得|拿到手?|弄好|搞定|搞到|到手|弄到|办成|[拿办批发评领]的|拿过|拿了|办了|办好|办过|评上|评过|评了|入选|选上|列入|列上|通过|下来了|下了(?![架线降单])|批了|认定|获批|获评|得过|达到|达标|够了?$|妥|持|参加|参与|做|[干搞弄]着|在"
    r"|[✅✔👍👌🙆💯🉑✓√☑]|(?<![a-z])(?:yes|yep|yeah|ya|y|ok|okay|sure|right|correct|true|have|got|of course|shi(?: ?de)?|you(?: ?de)?|dui(?: ?de)?|yup|absolutely|certainly)(?![a-z])"
)
_DOES = re.compile("参加|参与|做|[干搞弄]着|在")  # affirms what one does, nothing that is granted
_ACHIEVED = re.compile(
    r"拿到|取得|获得|到手|办成|[批评发领]的|[拿办评][了过好上]|入选|选上|列[入上]|通过|[批发下办领评]下来|下来|批|认定|获[批评]|得过|达到|达标"
)
_GIVES_UP = re.compile(
    r"^(?:那|我|还是|就)*(?:算了|拉倒|得了)(?!.*\d)"
    r"|^(?:我要|请|帮我|给我|那|先)*(?:取消|撤销|作废|退出|放弃|终止)"
    r"(?:吧|登记|申请|报名|本次|这次|咨询|问卷|操作|掉|这个|[,。!]|[不别][填弄办搞问答用想要做报](?:了|啦))*$"
    r"|^不(?:办|弄|搞|填|问|答|申请|申报|报)了[,。!吧]*(?:太?麻烦|谢谢|再见|没意思|没时间|不想)"
)
_MIXED_LOT = re.compile(
    r"有的[^,。]{1,8}[,。]?有的|有些[^,。]{1,8}[,。]?有些|一部分[^,。]{1,8}[,。]?一部分"
    r"|(?<!\d)[两二三四五六七八九几2-9][个家座栋](?!月)[^,。]{0,6}[,。][^,。]{0,6}一[个家座栋](?![^,。]{0,4}[都也])"
)
_NO_PROBLEM = re.compile(r"没(?:有)?(?:问题|毛病)(?:的|啊|呀|哈|了|吧)*[。!]?")
_POLITE = re.compile(r"不好意思|不瞒[您你]说|不骗[您你]|抱歉|对不起")
_WHOLE_YES = re.compile(
    r"(?:嗯|恩|啊|昂|唔|额|哎|诶|噢|哦|en|对|那|可|就|我说)*(?:中|行|成|好|可以|可|得劲|可得劲|沾|算|管|妥|妥妥|嗯|恩|昂|en|就是|正是|是|对|对头|1|的(?=[是对]))+(?:的|了|啊|嘞|哩|呀|滴|哈|吧?哈|嘛|呗|喽|咧|得很|着呢|着嘞|来|那)*"
)
_AGREES = re.compile(r"(?:嗯|恩|对|是|啊|哦|噢|喔|好|额|呃|行|中|昂)+(?:的|呀|啊|吧)?")
_SAME_SOUND = {
    "时的": "是的",
    "事的": "是的",
    "四的": "是的",
    "素的": "是的",
    "系的": "是的",
    "十的": "是的",
    "师的": "是的",
    "油的": "有的",
    "友的": "有的",
    "由的": "有的",
    "又的": "有的",
    "没油": "没有",
    "梅有": "没有",
    "美有": "没有",
    "煤油": "没有",
    "没又": "没有",
    "煤有": "没有",
    "没友": "没有",
    "卜是": "不是",
    "布是": "不是",
    "不四": "不是",
    "不似": "不是",
    "不事": "不是",
}
_REPEATED = re.compile(r"^(没有|没|有|不是|是|对)\1+")
_MIXED = re.compile(r"有的?有?有的没|有也没|(.)也不\1")
_LACKS = re.compile(r"不用了|没(?:有)?(?:人|钱(?!花)|空|事|意思|办法|关系|时间|意见|兴趣|必要)")
_DENIED = re.compile(
    r"(?:不|没有?|未|非|不是|并非|尚未|无)[做搞干弄开在参与加拿取得办租有过是算被进列入评给帮替真的到上了成为属于用设]{0,6}$"
)
_DENIED_AFTER = re.compile(
    r"(?:的|这块|业务|项目|方面)*(?:我们|俺们?)?(?:也|都|还|早就|已经?|倒)*(?:不(?![是错止仅光但少]|过)|没(?!问题|错|有?[动挪搬变换迁断停到])|未|木有)"
)
_SPLIT = re.compile(r"[,。;!、\n~…:]+|(?<=\?)|\.(?!\d)|(?=但是?|不过|只是|可是|而且|然而|然后)|(?<=[的了哩嘞啊呢]) +")
_CORRECTED = re.compile(
    r"(?:不对|说错了?|打错了?|搞错了?|记错了?|弄错了?|错了|更正|纠正|口误|手滑|点错了?|选错了?|哦不|噢不|啊不)(?:一?下)?[,。:;!]"
)
_IDLE = re.compile(
    r"排(?:名|在|到)*第?[一两二三四五六七八九十\d]{1,3}位?|找[到着]|看[到见]|手[里上头]|一点儿?(?=都|也|没)|[一两二三四五六七八九十几\d]{1,4}多?(?:张|项|个|层|间|套|家|处|块|份|部|次|回|年)|好几年|您好|你好|老师|同志|领导|麻烦(?:您|你)?了?|谢谢(?:您|你)?|多谢|辛苦了?|不好意思|抱歉|不瞒(?:您|你)说|说实话|老实说|实话说|讲真|说真的|其实|实际上|目前|现在|暂时|当前|眼下|截至|为止|如今|今年|去年|前年|上个?月|年初|年底|一直|从来|压根|根本|真的?|绝对"
    r"|[我咱俺]们?(?:这(?:边|里|家)?)?(?:的)?(?:公司|单位|企业|厂|店|平台|家|项目)?|(?:本|我|贵|这家?|该)?(?:公司|单位|企业|司|机构)|这(?:个|块|方面|项|种|一块)?|那(?:个|种)?|\d+年(?:\d+月)?|早就?|终于|刚刚?|都|也|就|还|尚|已经?|暂|并|过|全|当时|正式|顺利|成功|自己|完全|确实|一个|相关|方面|情况|业务|资质|东西|这样"
    r"|使用|开展|从事|经营|涉及|涉足|安排|组织|主要|批准|审批|审核|评审|对不起|产生|发生|支出|开销|至今|玩意儿?|层面|从|自然|第[一二三四五六七八九十\d]批|办理?|领取|拿|取得|获得|得|评|批|下来|发|给|到手?|领|认定|弄|搞|通过|参加|参与|申请|申报|选|列|入|上(?![市线])|够|达到?|满足|符合|属于|具备|持|拥|算|在|做|进|存在|任何|什么|啥|呢|哈哈|嘿嘿|呵呵|啦|哟|亲|嘛|本人|以前|之前|曾经|多年|很久|好多年|了|[\U0001f300-\U0001faff\u2600-\u27bf♂♀]"
)
_PARTICLE = frozenset(
    "参此该被的了呀啊哩嘞哈呢吧吗嘛哦噢喔哇么滴得着过地也都就还又再才刚早已经是有在这那个些里儿咱俺我们您你它其家来去啦咯呗呐哟诶哎欸额呃唉喽咧勒捏耶 0123456789.()\"'“”?"
)


def says_unknown(text: str) -> bool:
    """Whether plain ``text`` says that the person does not know, will ask, or wants to pass on."""
    return bool(_UNKNOWN.search(text))


def settles_nothing(text: str) -> bool:
    """Whether plain ``text`` gives up (算了, 取消), agrees to nothing in particular (没问题) or tells of some and others."""
    return bool(_GIVES_UP.search(text) or _NO_PROBLEM.fullmatch(text) or _MIXED_LOT.search(text))


def is_uncertain(text: str) -> bool:
    """Whether plain ``text`` hedges: 应该, 好像, 可能."""
    return bool(_HEDGED.search(text)) and not _SURE.search(text)


def asks_back(text: str) -> bool:
    """Whether plain ``text`` asks something, or only supposes it."""
    return bool(_ASKS.search(text) or _SUPPOSES.search(text))


def is_pending(text: str) -> bool:
    """Whether plain ``text`` tells of something applied for, under way or intended, and not yet there."""
    return bool(_PENDING.search(text)) and (not _DONE.search(text) or bool(_SOON.search(text)))


def is_past(text: str) -> bool:
    """Whether plain ``text`` tells of what was once, or is no longer."""
    return bool(_GONE.search(text) or _BEFORE.search(text))


def is_gone(text: str) -> bool:
    """Whether plain ``text`` tells of what is no longer."""
    return bool(_GONE.search(text))


def of_now(text: str) -> str:
    """Plain ``text`` without the clauses that tell of what was once."""
    return ",".join(clause for clause in _SPLIT.split(text) if not _BEFORE.search(clause))


def of_others(text: str) -> bool:
    """Whether plain ``text`` speaks of somebody else."""
    return bool(_OTHERS.search(text))


def _bare(clause: str) -> str:
    """The clause without yes, no and what belongs to no question in particular."""
    left = _IDLE.sub("", _YES.sub("", _NO.sub("", clause)))
    return "".join(character for character in left if character not in _PARTICLE)


class YesNo:
    """A yes/no question: ``yes`` and ``no`` are ways to answer just it, ``about`` are the words that it is made of.

    ``granted``: it asks for something that somebody grants, so that what is pending is a no. ``elsewhere`` are ways to
    answer other questions: a clause that holds one says nothing on this.
    """

    def __init__(
        self,
        yes: Iterable[str] = (),
        no: Iterable[str] = (),
        about: str = "",
        granted: bool = False,
        elsewhere: Iterable[str] = (),
    ) -> None:
        words = {normalise(word): AnswerStance.YES for word in yes} | {normalise(word): AnswerStance.NO for word in no}
        self._own = dict(sorted(words.items(), key=lambda item: -len(item[0])))
        affirming = "".join(word for word, stance in words.items() if stance is AnswerStance.YES)
        self._about = {AnswerStance.YES: frozenset(normalise(about) + affirming) | _PARTICLE}
        self._about[AnswerStance.NO] = self._about[AnswerStance.YES].union(*self._own)
        self._granted = granted
        self._text = "|".join((*self._own, normalise(about)))
        self._elsewhere = [word for word in elsewhere if len(_bare(word)) > 1 and word not in self._own]
        self._achievable = granted or not affirming
        ever = (word.endswith("过") for word, stance in words.items() if stance is AnswerStance.YES)
        self._plans = any(is_pending(word) for word, stance in words.items() if stance is AnswerStance.YES)
        self._ever = not granted and any(ever)  # asks whether it was ever so

    def read(self, text: str) -> AnswerStance:
        """What plain ``text`` answers: YES, NO, UNKNOWN, or SILENT where it cannot be told."""
        text = re.sub(r"(?<=[有没无是的呀啊嘞哩呢])[,。]?那?(?:下一[题个步]|跳过)吧?[。!]?$", "", text)
        text = _POLITE.sub("", text)
        text = _REPEATED.sub(r"\1", text)
        text = _SAME_SOUND.get(text.strip("。.!,~ "), text)
        corrected = [match.end() for match in _CORRECTED.finditer(text) if match.end() < len(text)]
        text = text[corrected[-1] :] if corrected else text
        clauses = [clause for clause in _SPLIT.split(text) if clause.strip()]
        stances = [self._clause(clause) for clause in clauses]
        if any(map(self._is_elsewhere, clauses)):  # 做电商，有三个店铺: then what is said in part is of that as well
            told = [bool(_bare(clause)) and not self._own_word(clause) for clause in clauses]
            stances = [AnswerStance.SILENT if part else each for part, each in zip(told, stances, strict=True)]
        if stances == [AnswerStance.SILENT]:
            stances = [self._as_a_word(clauses[0])]
        ours = [s for c, s in zip(clauses, stances, strict=True) if _OURS.search(c)]
        if AnswerStance.OTHERS in stances and {AnswerStance.YES, AnswerStance.NO} & set(ours):
            stances = ours  # 母公司在深圳，我们在管城办的执照
        if len(clauses) > 1 and _AGREES.fullmatch(clauses[0]) and set(stances[1:]) != {AnswerStance.SILENT}:
            del stances[0]  # 对，没有: the agreement only leads in
        if after := _AFTER_ALL.search(text):
            after = [c for c in clauses if not _BEFORE.search(c)]
            later = {self._clause(c) for c in after} - {AnswerStance.SILENT}
            dated = later or (after and _SINCE.match(after[0]))
            if dated and later <= {AnswerStance.YES} and not _NO.search("".join(after)) and not is_pending(text):
                return AnswerStance.YES  # 之前没有，今年三月拿到了
        planned = any(s is AnswerStance.YES and is_pending(c) for c, s in zip(clauses, stances, strict=False))
        if self._plans and planned and set(stances) <= {AnswerStance.YES, AnswerStance.NO}:
            return AnswerStance.YES  # 总部在杭州，准备迁到郑州
        recent = {stance for clause, stance in zip(clauses, stances, strict=False) if _NOWADAYS.match(clause)}
        if {AnswerStance.YES, AnswerStance.NO} == set(stances) and len(recent) == 1:
            return recent.pop()  # 去年没选上，今年选上了
        gone = any(_GONE.search(clause) for clause in clauses) and AnswerStance.UNKNOWN not in stances
        return AnswerStance.NO if gone and AnswerStance.ASKS not in stances else self._together(stances)

    def _together(self, stances: list[AnswerStance]) -> AnswerStance:
        said = set(stances) - {AnswerStance.SILENT}
        if AnswerStance.UNKNOWN in said:
            settled = stances[0] in (AnswerStance.YES, AnswerStance.NO) and len(said) == 2
            return AnswerStance.SILENT if settled else AnswerStance.UNKNOWN
        if AnswerStance.SUPPOSES in said or AnswerStance.ASKS in said:
            return (
                stances[0]
                if stances[0] in (AnswerStance.YES, AnswerStance.NO) and len(said) == 2
                else AnswerStance.SILENT
            )
        if said == {AnswerStance.YES}:
            return AnswerStance.YES
        if AnswerStance.NO in said and AnswerStance.YES not in said:
            return AnswerStance.NO
        if said == {AnswerStance.PENDING}:
            return AnswerStance.NO if self._granted else AnswerStance.SILENT
        return AnswerStance.SILENT

    def _clause(self, clause: str) -> AnswerStance:
        word = self._own_word(clause)
        if of_others(clause.replace(word[0], "") if word else clause) or (not word and _FIRMS.search(clause)):
            return AnswerStance.OTHERS
        if _TURNED_ROUND.search(clause):
            return AnswerStance.OTHERS
        if says_unknown(clause) or _FAINT.fullmatch(clause):
            return AnswerStance.UNKNOWN
        if _SUPPOSES.search(clause):
            return AnswerStance.SUPPOSES
        double = _DOUBLE.search(clause)
        if not double and _ASKS.search(clause):
            return AnswerStance.ASKS
        if is_uncertain(clause):
            return AnswerStance.UNKNOWN
        word = None if double else word
        planned = word and (is_pending(word[0]) or (self._plans and word[1] is AnswerStance.YES))
        if is_pending(clause) and not planned:
            return AnswerStance.PENDING
        if word:
            settled = _NO.search(word[0]) or re.search("[就已早过]" if self._ever else "[就已早]", clause)
            return word[1] if settled or not _BEFORE.search(clause) else AnswerStance.SILENT
        if _WHOLE_YES.fullmatch(clause):
            return AnswerStance.YES
        return self._plain(clause, bool(double))

    def _plain(self, clause: str, double: bool) -> AnswerStance:
        """The clause's polarity, if every word of it belongs to the question or to nothing in particular."""
        rest = _DOUBLE.sub("", clause)
        if not self._achievable and any(
            set(m.group()) - self._about[AnswerStance.YES] for m in _ACHIEVED.finditer(clause)
        ):
            return AnswerStance.SILENT  # 批了 says nothing of what nobody grants
        negative = _NO.search(rest)
        positive = double or _YES.search(_DOES.sub("", rest) if self._granted else rest)
        if not negative and not positive:
            return self._other_order(clause)
        if _BEFORE.search(clause) and not negative and not (self._ever and "过" in clause):
            return AnswerStance.SILENT
        if _LACKS.search(clause) or _MIXED.search(clause) or self._is_elsewhere(clause):
            return AnswerStance.SILENT
        stance = AnswerStance.NO if negative and not double else AnswerStance.YES
        return AnswerStance.SILENT if self.foreign(rest, stance) or self._scattered(rest) else stance

    def _is_elsewhere(self, clause: str) -> bool:
        return any(word in clause for word in self._elsewhere)

    def _scattered(self, clause: str) -> bool:
        """Whether the words of a clause only happen to be made of the question's characters: 上市 of 上街, 本市."""
        bare = _bare(clause)
        pairs = (clause[i : i + 2] for i in range(len(clause) - 1))
        return len(bare) > 1 and not any(pair in self._text for pair in pairs if set(pair) & set(bare))

    def foreign(self, clause: str, stance: AnswerStance = AnswerStance.NO) -> int:
        """How many characters of the clause belong neither to the question nor to everyday talk."""
        return sum(character not in self._about[stance] for character in _bare(clause))

    def _as_a_word(self, clause: str) -> AnswerStance:
        """One of the question's own words but for its particles: 郑州 for 郑州的."""
        bare = _bare(clause)
        if len(bare) < 2 or _NO.search(clause):
            return AnswerStance.SILENT
        return next((stance for word, stance in self._own.items() if _bare(word) == bare), AnswerStance.SILENT)

    def _other_order(self, clause: str) -> AnswerStance:
        """Part of one of the question's own words, or its parts in another order: 托管网店的 for 网店托管."""
        bare = _bare(clause)
        if len(bare) > 2 and any(bare in word for word, stance in self._own.items() if stance is AnswerStance.YES):
            return AnswerStance.YES
        parts = sorted(bare)
        return next(
            (stance for word, stance in self._own.items() if len(parts) > 2 and sorted(_bare(word)) == parts),
            AnswerStance.SILENT,
        )

    def _own_word(self, clause: str) -> tuple[str, AnswerStance] | None:
        """The longest of the question's own words in the clause, and what it says there."""
        return self._own_word_in(clause) or self._own_word_in(_WHEN.sub("", clause))

    def _own_word_in(self, clause: str) -> tuple[str, AnswerStance] | None:
        found: list[tuple[str, AnswerStance]] = []
        for word, stance in self._own.items():
            place = clause.find(word)
            if place < 0 or (found and len(word) < len(found[0][0])):
                continue
            if _ORIGIN.search(clause[:place]) and not _NO.match(word):
                continue  # 从新乡迁来
            foreign = self.foreign(clause.replace(word, "", 1), stance)
            if _DENIED.search(clause[:place]) or _DENIED_AFTER.match(clause, place + len(word)):
                stance = AnswerStance.NO if stance is AnswerStance.YES else AnswerStance.SILENT
            elif _NO.search(clause[:place]):
                continue
            if foreign <= len(word) // 2:
                found.append((word, stance))
        if len({stance for _, stance in found}) > 1:
            return found[0][0], AnswerStance.SILENT
        return found[0] if found else None
