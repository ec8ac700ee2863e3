"""Whose a thing is that a clause names: the enterprise's own, somebody else's, or not there at all.

Generic Chinese; knows no policy.
"""

import re
from collections.abc import Sequence

from conversations.language.lexicon import lexicon
from knowledge.patterns import regex

_NONE_BEFORE = regex(
    r"(?:别|不要|甭)(?:给我们?)?[算当记计写加]+(?:[成作做到进]|是)*(?:我们?|俺们?|咱们?|我司)(?:公司|自己|自家)?的?$|(?:没有?|无|不是?(?=[做搞建运经管开办])|不|从没|没有过|未|哪(?:[里儿])?有)(?:做|搞|建|自建|运营|经营|管理?|参与|参加|承担|承建|承办|申报|报|开发|建设|投资?|办|碰|涉及|有|弄|过)*(?:过|任何|什么|啥|(?:自己|自家)(?:在?(?:管理?|运营|经营|建设?|开发))?的|自己|的|专业|单独的?|独立的?|专门的?|所谓|自有|自建|自营|(?:[要能可以想需打算]*(?:申报|申请|报)|符合(?:条件|要求)?)的|[、和与或及])*$"
)
_ASIDE = r"(?:项目|这些|那些|[这那]?(?:[两俩三几]|一)?(?:块|样|种|个|项|方面|类|摊)|啥的|什么的?|也|都|均|亦|皆|更|同样|照样|一样|仍然?|依然|[今去前]年|上年度?|至今|到现在|就|根本|一概|一律|全|统统|通通|方面|[我俺咱](?:们|家|自己)?|(?:跟|和|与)[我俺咱]们?(?:家|公司)?|公司|自己|倒|真|确实|是|暂时|目前|现在|还|从来|压根|[呢嘛啊呀]|:|,)*"
_NONE_AFTER = regex(
    rf"^[、,和与跟及以或啊呀呢嘛]*(?:[那这][种类]的?(?:产品|东西|设备|业务|项目)?(?:我们?|俺们?|咱们?|公司)?)?{_ASIDE}(?:一(?:个|栋|座|幢|家|处)(?:都|也)?|啥都)?(?:无|零|0|没有?|不|(?<=:)否)(?:一(?=[个栋座幢家处]))?在?(?:做|搞|自?建|运营|经营|管理?|开发|参与|参加|承[担建]|碰|[沾搭挨]|涉及|有|弄|办|租|买|购|添|换|贷|招|引进|(?<=[个栋座幢家处][也都]没)报|(?<=[个栋座幢家处]没)报)*(?:过|了|的|这些|项目|边|关系|呢|啊|哈|呀|嘞|吧|哩|个|家|栋|座|幢|处)*(?:$|[就只]有?(?:$|、|(?=一[个栋座幢家处])))"
)
_NOT_OURS = regex(
    r"(?:给|跟|和|与|找|向)[^,]{0,3}(?:[一几]家|某)[^,]{0,4}$|(?:(?<![里家组])给(?![列评批选定认纳])|帮|替)[^,]{1,3}$|(?:帮|替|给)(?:客户|别人|人家|甲方|朋友|业主)[^,]{0,2}(?:建|盖|造)|参股|是[^,我俺咱]{1,8}[局厅委]的(?:另外?)?(?:一?个)?$|是(?:房东|业主|政府)的|是(?:别人|人家|别家|他们)家?的|不(?:是|归)(?:我们|俺们?|咱们?)|(?:别人|人家|他们|客户|朋友|别家|隔壁|同行|其他公司)(?:家)?(?:搞|做|办|开|运营)?的$|(?:是|^)(?:别的?|其他|另一?家|人家|开发商)[^,]{0,4}(?:搞|做|办|开发|运营|管|建)|(?:政府|[县市区]里|镇上|乡里|村里|管委会)(?:新|投资)?(?:建|办|开发)|(?:参加|参与)了?(?:别人|人家|其他)"
)
_FOR = ("给", "帮", "替")
_DEALING = regex(  # 给|有牌照|的公司做技术: whom we work for, or whose thing we use
    r"(?:给|帮|替|(?<![作成定评])为|跟|和|与|同|向|对接|服务|用|走|借|找|靠|接)(?:的?都?是|的|着|了|过)?(?:其[他它]的?|别的|好?[一几两三四五\d]+[家个])?(?:[有持做搞参是干从][^,我俺咱没不]{0,3})?$"
)
_FIRMS = regex(r"(?:许可)?[证照]?的[^,]{0,6}?(?:公司|企业|平台|机构|单位|厂|人家|银行|客户|商户|同行|团队|老板|店)")
_OWN_IT = regex(
    r"^(?:也|都|现在|目前)*(?:是|由|归)(?:我们?|咱们?|俺们?|我司|本公司|我公司|我方)[^,]{0,6}(?:管|运营|经营|建|开发|负责|招商)"
    r"|^(?:[我俺咱]们?|我司|本?公司)(?:自己|公司)?(?:就|也|都)?(?:是|为|作为|系|当|做)(?:[^,]{0,4}的)?(?:组织)?(?:管理|运营|经营|产权|建设)(?:单位|方|公司|主体|者)"
    r"|^(?:组织)?(?:管理|运营|经营|建设)(?:单位|方|公司)(?:也|就|都|写的|登记的|:)*(?:是|为)?(?:我们?|咱们?|俺们?|我司|本公司|我公司|我方)"
)
_RUN_BY_US = regex(
    r"(?:我们?|咱们?|俺们?|公司|我司|自[己家](?:公司)?)(?:自己|自家|公司|现在|手里|一直|就是|专门|负责|来|统一|整体|是)*(?:在)?(?:组织|[和及与]|管理?|运营|经营|建设?|开发|办|招商)+(?:着|的|了|有)*(?:[一两二三四1-4](?:个|栋|座|幢|处|家)|这[个座栋处家][^,]{1,4}的?$|$)"
)
_WE_RUN = regex(
    r"(?:我们?|咱们?|俺们?|公司|我司|自[己家])(?:自己|自家|公司|现在|手里|一直|主要|是|负责)*(?:在)?(?:管理?|运营|经营)(?:着|的)?[^,]{2,14}$"
)
_OURS_CALLED = regex(r"[我俺咱](?:们|司|公司)?(?:的|这个?|那个?|家|手上)*[^,的叫]{1,5}叫(?:做|作)?[^,的是]{0,8}")
_SO_CALLED = regex(r"(?!.*[旁隔附对周]).*的|(?:[这那也就都它]|实际上?|其实)*是")
_OURS_IS = regex(  # 我们自己运营的在龙湖镇，市级示范基地
    r"(?:但是?|不过|而)?(?:我们?|咱们?|俺们?|我司)(?:自己|自家|公司|现在|手里|一直|另外|单独|在)*(?:管理?|运营|经营|建|办|开)(?:着)?的(?:那个|这个|那家|就|也)*(?:是|在|位于|叫|落在)[^,]{1,14}$"
)
_OF_LEVEL = regex(r"(?:(?:国家|[省市区县])级?的?)?")
_WE_RENT = regex(
    r"(?:我们?|咱们?|俺们?|公司|我司)(?:在里面|在那|是|就|也|只是)*(?:租|入驻|搬进|搬到)(?!给|户|出去)|(?:房租|租金)[^,]{0,6}(?:贵|高)|[^,]{0,6}[没不]有?租(?!给|出)"
)
_RUN_BY = regex(
    r"^(?:管|运营|经营|建|开发)[^,]{0,8}的(?:是|都是)(?!我|咱|俺|本)|由(?!我|咱|俺|本)[^,]{1,8}(?:运营|管理?|经营|建设|负责)"
)
_THEIRS = regex(
    rf"(?:不过|但是?|可是?|其实|那|这|都|全|也)*(?:{lexicon('persons')['belongs'].pattern})"
)  # 有个试点，是他们承担的
_NO_SUCH = regex(r"(?:不是|不算|并非|不属于)(?:什么|个)?$")
_OURS = regex(r"(?:而|但|不过)?(?:我们?|俺们?|咱们?)(?:家|公司|自己)?(?:的|这个|那个)(?!客户|服务)")
_POSSESSED = regex(r"(?:我们?|俺们?|咱们?|公司)(?:家|公司|自己)?(?:的|[那这][个栋座处家]?)$")
_RENTS = regex(  # 我公司自己在隔壁的财富广场租房办公
    r"(?:我们?|俺们?|咱们?|公司|我司|自己|自家)(?!.*(?:租[出给金户客赁期约]|租下|[整转包招出]租|[管运建])).*(?<![出招转])租(?:了|着|的|用|房|在|住|一|办)"
)
_TO_COME = regex(  # 手底下管的地方逐个报一下: what follows is ours
    r"[^,]{0,6}(?:手(?:底下|下|里头?|上|头)|名下|[我俺咱]们?|公司|负责)[^,没不]{0,4}(?:管|运营|经营|有|建|办|做)[^,没不]{0,10}(?:逐[个一项]|挨[个着]|一([个栋座处项样])一?\1|分别|依次|分开|如下|以下)"
)
_PREMISES = regex(  # 信阳老家还有一个仓库 · 另租给快递公司仓库4000平方米
    r"[^,]{0,8}(?:还|也|又|另外?)(?:有|租|开|办|建|买)[^,的]{0,9}(?:仓库?|冷库|厂[房子]?|车间|门店|店[铺面]?|商铺|门面|办事处|办公室|宿舍|食堂|工厂|市场|农场|公司)(?=$|[\d一二两三四五六七八九])"
)
_OUR_NAMED = regex("(?:[我俺咱]们?|我司|公司)(?:的|那个|这个)(?![^,]*[的是有])[^,]{0,4}$")
_PROPER = regex(
    "[^我俺咱你您他她它的了在是有没不租搬进去到住隔附对旁边这那某别人家区内里每各问想报建办开管听说去来,\\d第个几两全]{2,4}"
)
_NAME = f"(?:{_PROPER.pattern})?"
_SPEAKER = regex(  # 您好，我是|青禾电商园|的招商经理 · 我们公司是|青禾电商园|的运营方
    rf"(?:(?:您好|你好|老师|领导|请问)啊?,?)*(?:(?:我们?|俺们?|咱们?|这边|这里|我司)(?:这边|这里|这儿|公司)?(?:就|呢)?是|代表)?{_NAME}"
)
_WORKS_THERE = regex(
    rf"(?:这边|方面)?的?(?:(?:{lexicon('persons')['insider'].pattern})|招商|运营|管理|工作人员|员工|负责人?|[小老][\u4e00-\u9fff]|办公室|筹备组?)(?:(?!说|讲|问|告诉|要求)[^,的]){{0,4}}"
    r"|(?:公司)?的?(?:运营|管理|经营|建设|开发)(?:方|单位|公司|主体|者)(?:的)?|(?:这边)?的"
)
_TO_BUILD = regex(r"[建盖筹]|规划|开发|搞|办")
_FILLER = regex(
    r"^(?:我们?|俺们?|咱们?|公司|第?[一二两三这那][个座栋家]|目前|现在|眼下|如今|的话|的|呢|嘛|啊|这块|方面|这个|:|第?[一二三\d][,.、]|、|是)*$"
)


def none_of(before: str, after: str) -> bool:
    """Whether a clause says that there is none of the thing that it names between ``before`` and ``after``."""
    return bool(_NONE_BEFORE.search(before) or _NONE_AFTER.match(after))


def not_ours(text: str) -> bool:
    """Whether ``text``, beside the name of a thing, says that it is somebody else's."""
    return bool(_NOT_OURS.search(text))


def of_a_firm_dealt_with(before: str, after: str) -> bool:
    """Whether what a clause names between ``before`` and ``after`` tells what sort of firm it is that we deal with: 给|有牌照|的公司做技术."""
    return bool(_DEALING.search(before) and _FIRMS.match(after))


def somebody_elses(before: str, after: str, text: str) -> bool:
    """Whether a clause ``text`` says that the thing it names between ``before`` and ``after`` is not the enterprise's."""
    elsewhere = not_ours(before) or not_ours(after) or before.endswith(_FOR)
    return elsewhere or bool(_RUN_BY.search(text) or _NO_SUCH.search(before))


def said_to_be_theirs(text: str) -> bool:
    """Whether a clause says of the thing just named that it is somebody else's: 不过是子公司的."""
    return bool(_THEIRS.match(text))


def said_to_be_ours(text: str) -> bool:
    """Whether a clause says of the thing just named that it is ours: 是我们在管."""
    return bool(_OWN_IT.search(text))


def ours_already(text: str, start: int) -> bool:
    """Whether a clause that intends something has already what it names at ``start``: 我们的电商园想评国家级."""
    return bool(_POSSESSED.search(text, 0, start + text.startswith(("这", "那"), start))) and not _TO_BUILD.search(text)


def ours_to_come(text: str) -> bool:
    """Whether a clause says that we run what is told one by one from here on."""
    return bool(_TO_COME.match(text))


def of_no_such_kind(before: str) -> bool:
    """Whether what a clause says ``before`` the name of a thing is that something is none: 第三个不是|园区."""
    return bool(_NO_SUCH.search(before))


def named_alone(before: str, after: str) -> bool:
    """Whether a clause is nothing but the proper name of a thing, with which somebody begins to tell of it, calls it ours, or says
    to be of it: 北塘电商园 · 我们那个青禾电商园 · 我是青禾电商园的招商经理."""
    of_it = _SPEAKER.fullmatch(before) and _WORKS_THERE.fullmatch(after)
    return bool(of_it) or (not after and bool(_PROPER.fullmatch(before))) or bool(_OUR_NAMED.search(before))


def of_other_premises(text: str) -> bool:
    """Whether a clause says that we rent a place of somebody's, or have one of another kind (还有一个仓库): what is told next
    is of that."""
    return bool(_RENTS.match(text) or _PREMISES.match(text))


def begins_with_ours(text: str) -> bool:
    """Whether a clause begins with one of ours, of the kind just named: 我们的…"""
    return bool(_OURS.match(text))


def run_by_us(text: str) -> bool:
    """Whether a clause says that we run one of what was asked about: 我们自己管的一栋."""
    return bool(_RUN_BY_US.match(text))


def called_ours(before: str, after: str, earlier: str) -> bool:
    """Whether what a clause names between ``before`` and ``after`` is what something of ours is called: 我这个园子叫金谷电商园;
    我们在运营跨境电商港 (``earlier``), 今年认定的电商园."""
    so_called = _SO_CALLED.fullmatch(before) and not after and _WE_RUN.match(earlier)
    so_called = so_called or (_OF_LEVEL.fullmatch(before) and not after and _OURS_IS.match(earlier))
    return bool(so_called or _OURS_CALLED.fullmatch(before))


def tenants_ourselves(text: str) -> bool:
    """Whether a clause says of the thing just named that we are its tenants: 我们租的办公室."""
    return bool(_WE_RENT.match(text))


def bare(text: str, start: int, end: int) -> bool:
    """Whether a clause is nothing but the name at ``text[start:end]``."""
    return bool(_FILLER.match(text[:start]) and _FILLER.match(text[end:]))


def built_by_us(names: Sequence[str]) -> re.Pattern[str] | None:
    """How a clause says that something was built that goes by one of ``names``, which ends its first group: 新建了个声学产业基地."""
    things = "|".join(re.escape(name) for name in names if len(name) > 1)
    built = "(?:新建|建|盖|投建|投资建设?|在建|扩建)(?:了|着|的)?(?:一?个|一[座处条]|座|处|条)"
    return regex(rf"{built}([^,的]{{1,8}}?(?:{things}))(?=$|,)") if things else None


def counted_as_ours(names: Sequence[str]) -> re.Pattern[str] | None:
    """How a clause counts our own things that go by one of ``names``, which is its first group: 我们这边两个园子."""
    ours = "(?:我们?|咱们?|俺们?|我司|公司)(?:这边|这里|手[上里头]|名下|自己|现在|目前|一共|总共|管理?着?|运营着?|有)*"
    things = "|".join(map(re.escape, names))
    return regex(rf"{ours}[两俩三四五2-5][个座栋幢家处]({things})[子儿]?$") if things else None
