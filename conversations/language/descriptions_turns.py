"""Clauses that say something of what was named before them: not sure of it, put right, begun, not paid for.

Generic Chinese; knows no policy.
"""

from collections.abc import Sequence

from knowledge.patterns import regex

DISOWN = regex(
    r"^(?![^,的]{0,4}是我们的?客户$|(?:[我俺咱]们?|我司|公司)?[只就也都]*是(?:一[个家])?租户$).*(?:(?:不是|不归|不算是?)我们(?:公司|自己|家)?|(?:是|属于|归)集团的|(?:是|属于|归)(?:我们)?(?:全资|控股|下属|旗下)?的?(?:子公司|母公司|别人|朋友|客户|合作方|人家|他们|总公司|股东|供[货应]商|厂家|同行|租户|隔壁)的?)(?:做|搞|建|管|的|拿|持有|参与)*$"
    r"|^[^,]{1,3}级[^,]{0,4}是(?![我俺咱])[^,]{2}(?:子|母|总)公司的$"  # 国家级是上海母公司的
    r"|^[^,]{0,4}(?:管理|运营|经营)(?:权|这块|方面)?(?:是|都|也|已经?|早就|我们)*(?:交|委托|包|外包|转)给?了?(?!我|俺|咱)[^,]{1,12}$"
)
BY_NAME = regex("[“《]")  # “港区小镇”不是我们的: of another thing than the one just told
THAT = regex(r"(?:不过|但是?|其实|哦|噢|啊|刚才)*(?:[那这它]个?|不是)(?!我)")  # 那个是集团的
UNSURE = regex(
    r"^(?:[^,]{1,6}(?:这块|那块|的事|方面|这个|那个))?(?:我|我们|这个|这|具体|也|但|还|有点|不过|太|记|都|的)*(?:(?:不太?|不大|没法|不敢)(?:确定|肯定)|说不准|说不好|记不清|拿不准|吃不准|得问财务)(?:了|的)?$"
    r"|^(?:所以|那|就|咱|我们?|[这那它](?:个|项|条|一[项条栏])?|也|都)*(?:先|暂时|暂且|暂)(?:给我们?)?(?:空着|留空|空下|放着|放一放|不填|别填|略过|跳过|存疑)(?:吧|了|哈|啊)*$"
    r"|^(?:后面|后头|最后|末了)(?:那|的)?[个块张份项]?(?:也|可|其实|都)*(?:不是|不算|不属于)(?!我|俺|咱)"  # 后面那个不是电商的
)
EXACTLY = regex(r"(?:具体|准确|确切|精确|准)的?(?:数|金额|多少)?")  # 三十万以上，具体得问财务: the bound is sure
WHETHER_TRUE = regex(  # 评上国家级了|真的假的|我没见着文件
    r"(?:也|都|还|但是?|不过|就是|这事儿?|到底|究竟|我|俺|咱|们|不知道?|不清楚|不晓得|是)*(?:真的?(?:还是)?假|真的?还是假|是不是真|真不真)[^,]{0,10}$"
    r"|(?:但是?|不过|可|我们?|俺们?|公司|也|都|还|反正)*(?:没有?|未)(?:见|看|收|拿)(?:着|到|过)?(?:什么|任何|正式的?)?(?:文件|依据|通知|批文|红头文件|凭据|公告)$"
)
UNKNOWN = regex(  # 国家试点 | 不清楚
    r"(?:我们?|这个?|也|都|还|倒|就)*(?:不(?:太|大)?(?:清楚|知道|晓得|了解|确定)|[说记搞]不(?:太|大)?(?:准|好|清|懂|得))(?:了|的|呢|啊)*$"
)
CORRECT = regex(
    r"^(?:应[为是]|应当[为是]|实为|实际[为是]|更正为|正确的?[为是])(?!了)|^(?:哦|噢|呃|啊|嗯|哎|唉|额|呀|哟|那|不好意思)*(?:不对|不,?不|(?<=[哦噢])不$|^不$|说错了?|错了|更正(?:一下)?|纠正|[记说写打看弄搞念听抄](?:错|反|岔|串|混|漏)了?|口误|(?:第[\d一二三四五六七八九十]+[项条点])?[多少漏]打了?(?:个\d?)?)+(?:不对|说错了?|了)*(?:[哈啊呀哦呢嘛噻嘞哩哟]+$|应该是|应为|是)?"
)
SLIPPED = regex(  # 那个看串行了，1010万: what follows puts it right
    r"[说打搞记弄写看讲填报念抄输听算录数加](?:错|岔|反|串|颠倒|漏|混|[高低多少大小差](?=了|啦))(?:了|啦|行)*(?:一[层项笔个])?$"
)
BACK_TO = regex(r"[哎唉嗯额那就]*(?:还是按?|按)(?=[\d一二两三四五六七八九])")  # 还是按950万, with nothing before it
YES = regex(r"^(?:嗯|是|对|有|在|做)(?:的|哩|啊|呀)?$|^参[与加](?:过|了)(?:[一两二三]项|的)?$")
_ANOTHER_PART = regex(r"另(?:外)?一(?:块|部分|摊|大?头|条线|项业务|类)|(?:其[他它余]|剩下|余下)的?(?:业务|部分|收入)")
BEGUN = regex(
    r"^(?:我们?|俺们?|咱们?|公司|[那这]个(?:牌子?|证)|现在|今年|去年|前年|后来|目前|最近|年初|下半年|上个?月|上周|昨天|前[几两]天|终于|总算|\d+年|[一二三四五六七八九十\d]+月份?)*(?:早就?|才|刚|又|已经?|就)*(?:开始|正式|重新)?(?:在)?(?:做|有|搞|干|(?P<granted>发文|下文|拿到?|办(?:下来|好)?|申请下来|评上?|认定|批(?:下来)?|补上|挂(?:上?牌)?))(?:过|下来|起来)*(?:了|(?<=[上到定])的)$"
)
PAPER_CAME = regex(  # 认定证书下来了
    r"(?:认定|评定|批准|正式|那个?|省里|市里|的)*(?:证书|批文|批复|文件|牌子|公文|证)(?:也|都|就|已经?|早就?|刚|去年|今年|上个?月|,)*(?:下来|到手|拿到手?|发下来|批下来|拿了|发了|有了|到)(?:了|啦|的)?"
)
SPENT = regex(
    r"(?:也|都|还|人家|但是?|不过|可|是|现在|今年)*(?:[没不](?:有)?(?:要|收)过?(?:我们?|俺们?)?钱|(?:免费|白送|赠送?)[的用给送]*)(?:的|了|呢|啊)*|"
    r"(?:(?:免费|白|不要钱)(?:听|学|上|参加|去)?(?:的|嘛|啊|,)*)?(?:(?:我们|公司|我|俺|咱|自己|自家|这[边头]|也|都|还|今年|,)*(?:没(?:有)?[用买办弄]过)?(?:一|半)(?:分|毛|毫子?)(?:钱)?(?:也|都)?(?:还)?没(?:有)?[花掏交出付给使]过?(?:的|了|呢|啊)*|(?:我们|公司|也|都|还|并|今年)*(?:没(?:有)?[用买办弄]过)?没(?:有)?(?:花|交|付|掏|出|收)(?:过|了|一分|什么|啥|[这那][个笔份]?)*钱(?:的|了|呢|啊)*)"
)
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
EXPIRED = regex(r"过期|失效|作废|吊销")  # of what somebody grants, or a paper
IS_GONE = regex(  # 许昌的执照已经没有了: what said no is no more
    r"(?:都|也|已经?|早就?|现在|后来|去年|今年|那边|的)*(?:没(?:有)?了|不[用要在]了|作废|注销|吊销|销|撤)"
)
IS_NOT = regex(r"(?:都|也)?(?:不是|没批|没有?$)")
AWARD = regex(  # 市级的30万领过了 · 国家级那个是孵化器: what is paid, or another thing, and not what is held
    r"(?:级|的|那|这|个|笔)*[\d一二两三四五六七八九十百千.]+万|级?的?那个(?:其实)?是(?![我俺咱真对去今前\d]|[^,]{0,6}[评认定批拿])"
)
THE_REST_IS = regex(r"(?:其[他它余]|剩下|余下|另外?|还有)的?")
FORWARDS = regex(  # 国家级的省厅还没往上推荐: who hands on, and no level
    r"[省市]?(?:商务|发改)?(?:厅|里|局|委)(?:那边|那儿|那关|这边)?(?:[还也都已正在没未有压卡着了过就]|暂|尚)*(?:往[^,]{1,3}[家里上]?|向[^,]{1,3}|上)?(?:推荐?|[上申转]?报|送|递)|往[^,]?$"
)
_NOT_PAID = r"[元块]?钱?(?:到现在|至今|目前|也|都|还|倒)*(?:没(?:有)?[交付缴掏](?![完清齐])|不算(?![多少高低大小贵便]))"
NOT_ONE = regex(rf"[都也](?:还|从)?[没未不]|{_NOT_PAID}")
"""What stands behind the one of which there is none, or a sum that is none of it: 一年都没领 · 报名费四千还没交 · 六千不算."""
_ALL_IN_IT = regex(  # 全是做直播的: of who is in it
    r"(?:[里楼园][里面头]*)?(?:全|都|全都|清一色|基本上?|大部分|大多)(?:部)?都?是?(?:做|搞|卖|干|开)"
)
LEAVE_OUT = regex(  # 先别给我写省级: is not told
    r"(?:(?<![级类性区特个])别|不要|甭|莫)(?:再|先|又|都)*(?:[给帮把]?(?:我们?|俺们?|咱们?))?(?:写|填|记|报|标|录)(?![错漏歪进入到在])(?:[成作为上]|是)*[^,我俺咱]{2,}"
)
CLEFT = regex(r"^有[^,]{2,12}的(?:就|都|也)?是")  # 有支付牌照的是子公司: another thing is spoken of
ONLY_INSIDE = regex(  # 园区是市级示范，不过我们只是里面的租户: it is not ours
    r"[^,]{0,8}不在(?:我们?|我司|公司)名下|(?:不过|但是?|可是?|其实)*(?:我们?|俺们?|咱们?|我司|公司)?(?:只|就|也|仅|光|不过)*是(?:里[面头边]?|其中|那里|楼[里内]|园区?[里内])的?(?:其中)?(?:一[个家])?的?(?:租户|住户|入驻|商户|房客|租客)"
)

OF_NO_SUCH_SORT = regex(  # 参与过一个国标 | 那个不是电商的
    r"(?:[那这][个份项]|不过|但是?|可是?|其实|都|并|,)*(?:不是|不算|不属于|非)(?![我俺咱做搞干卖开])[^,]{1,6}?(?:的|类的?|那种的?|方面的?|行业的?|领域的?)$"
)
_THAT_IS_NOT = regex(r"[那这](?:个|项|份|种)?(?:也|可|都|其实|倒)*(?:不是|不算|不属于)")
_THAT_ONE_IS_NOT = regex(
    r"[^,我俺咱]{0,6}[那这](?:个|张|份|种|项|块|笔|台|款|位)(?:也|可|都|其实|倒|根本|又)*(?:不是|不算|不属于|(?:跟|和|与)[^,]{1,8}(?:没(?:有|啥|什么)?关系|无关|不沾边|不搭界))"
)
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


def of_that_one(text: str, earlier: str, inside: bool) -> bool:
    """Whether a clause says of the thing just told, or of all that is ``inside`` it, and not of the enterprise, what it is: 投标那个300，不算电商 · 后面那个不是电商的."""
    if inside and _ALL_IN_IT.match(text):
        return True
    return bool(_THAT_ONE_IS_NOT.match(text) or (_COUNTS_NOT.match(text) and _FIGURE_BEFORE.search(earlier)))


def since_another(text: str) -> str:
    """``text`` from where it begins to tell of another part of the business: 另一块是软件开发."""
    found = list(_ANOTHER_PART.finditer(text))
    return text[found[-1].start() :] if found else text
