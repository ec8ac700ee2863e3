"""What a message does to what was said before, beside stating something: takes it back, puts it right, closes the list.

Generic Chinese; which item or fact is meant is the consultation's business.
"""

from conversations.language.lexicon import lexicon
from knowledge.patterns import regex

_TAKEN_OUT = (
    r"(?<![被给遭])(?:去|删|划|剔|抹|勾|拿|撤|移|排)(?:掉|除|去(?!年))|删(?:了|吧|一?下|$)|撤回|收回(?![去走了])"
)
_BIDS = regex(rf"{_TAKEN_OUT}|别|不要|甭|(?<!该)不(?:用|要)?算了吧?$")
_REMOVES = regex(
    rf"{_TAKEN_OUT}|(?:当|算|就当)(?:我|俺)?没(?:有)?(?:说|讲|提)|(?<![也都算还尚])(?<!人说)(?<!人家说)不(?:用|要|该)?算(?:[他她它]|进来?|在内|数|我们?的|俺们?的|了|上)?(?:了|的|吧)?(?=$|[,。!?;])"
    r"|不用算|别(?:算|记|计入|加|管|用(?=$|[,。!;了]))(?!错|到我|在我|我)|不计(?:入|算|了)|不要(?:了|算)|作废|不归(?:我们|俺们?|咱们?)|先?(?:别|不要|甭)(?:先|给我们?|帮我们?)记|先(?:别|不要|不用|甭)记|不作数"
)
_NOT_TO_NOTE = regex(
    r"(?:[这那](?:个|些|句|数|笔|条|项|点|块|件|事)?)?(?:先|暂时|就|你|您|请|也|都)*(?:别|甭|不要|不用|莫)(?:先|给[我俺]们?|帮[我俺]们?)*(?:记|写|录|登记)(?:上|下来?|进去?|了|吧|啊|哈|它)*"
)
_GONE = (
    r"(?:撤|停|黄|不[做搞干管弄]|取消|下马|转让|转出去|卖|退|交(?:出去|回去)|[还转交]给[^,]{1,5}?|关|注销|拆)(?:掉)?了"
)
_ANY_GONE = regex(_GONE)
_GIVEN_UP = regex(
    r"(?:[那这][个栋座家处块边项](?:园区?|楼|项目|试点|平台)?|^[a-z\d甲乙丙丁](?:座|栋|号?楼|园|区)|^[^,的]{2,5}的|第[一二三四]?[个座栋家])"
    r"(?:已经?|早就?|都|也|就|后来|最近|[上前]个?月|[去今前]年|年[初底中])*"
    rf"{_GONE}(?:$|[,。])"
)
_CORRECTS = regex(
    r"不对|(?:刚才?|前面|之前|上面)(?:是|我|俺)?(?:瞎|胡|乱)(?:说|讲|报|写|填)|不是(?=[\d一二两三四五六七八九]|[^,是]{0,6}[那这]个(?:数|金额|级别))|(?:说|打|搞|记|弄|写|看|睇|讲|填|报|念|抄|输|听|算|录|按|数|加|拿)(?:错|岔|反|串|颠倒|漏|混|(?:高|低|多|少|大|小|差)(?:了|啦))|错了|有误|更正|纠正|口误|手滑|手误|手抖|笔误|哦不|噢不|啊不|应为"
    r"|具体(?:数|的|是|就是)*(?=[\d一二两三四五六七八九])|[加算连]上[^,]{1,14}(?:是|共)(?=[\d一二两三四五六七八九])|(?:平均|折合|合)(?:下来)?[一每]年(?=[\d一二两三四五六七八九])|(?:现在|今年)(?:都|已经|也|就|有|是|涨了|涨到)*(?=[\d一二两三四五六七八九][^,]{0,6}[万亿][^,]{0,3}了$)|按[^,]{1,6}的(?:来|算|记|报)(?:吧|了)?$"
    r"|最[后终](?:还|只)?(?:是|按|剩)(?=[\d一二两三四五六七八九])|改(?:成|为|一下|到|过来|下)|再改|才对|重新(?:说|报|来)|再报一遍|刚才(?:说|那)|(?:实际(?!运|使|办|入|面|占|租|售|销)|其实|准确|确切|精确|严格)(?:数|地|的|是|上|来说)*|应该(?:是|为)|(?:少|多|漏)(?:说|写|算|报|记|加|数|填|打)[了个]|等等|等一?下|查了|核对|核实|还是(?:按|(?=[\d一二两三四五六七八九]))|按[^,]{1,10}(?:记|算|来|[写报填](?=吧|$))(?:吧|$)|问过|回话|数了|翻出来|(?:扣|刨|剔|减|除)(?:掉|除|去)[^,]{0,6}[是剩为](?=[\d一二两三四五六七八九])"
)
_LONGEST_CLOSING = 24
_ONLY = regex(
    r"(?:我们?|俺们?|一共|总共|目前)*(?:就|只|仅)(?:有)?(?:这|那|恁)?(?:一|两|俩|二|三|仨|几)?(?:个|家|处|栋|座|幢|块|条|项)(?:项目|园区?|楼|试点)?(?:了|啦|嘞|的|吧)*|没(?:有)?(?:第[二三四]|另外)(?:一)?(?:个|家|处|栋|座|块)(?:了|啦)*"
)
_COMPANY = regex(
    r"(?:我们?(?:公司|单位)?(?:是|叫|名字?叫)|公司(?:名(?:称|字)?)?(?:是|叫|:))?([\u4e00-\u9fffa-z0-9()·]{2,30}(?:有限责任公司|股份有限公司|有限公司|集团公司|合作社|商行|经营部|工作室|事务所|股份公司|服务部|贸易行))"
)
_IDLE = regex(
    r"(?:好|行|嗯|恩|哦|噢|喔|额|呃|唉|哎|诶|哈|呵|嘿|喂|啊|呀|吧|了|的|呢|嘛|吗|哟|是|对|中|可以|明白|知道|了解|收到|懂|清楚|没问题|没事|ok|okay|谢谢|多谢|感谢|谢了|辛苦|麻烦|劳驾|拜托|打扰|不好意思|抱歉|对不起|请|您|你|们|老师|领导|同志|亲|师傅|小伙|姑娘"
    r"|早上?好|[上下]午好|晚上好|在吗|在不在|有人吗|hi|hello|再见|拜拜|等等|等一?下|稍等|不对|更正|手滑|说错|打错|写错|记错|错|我|就|那|这|先|再|一下|一?会儿?|回头|慢慢|来|看看|想想|算|不|,|\.|~|!|\?|[\U0001f300-\U0001faff\u2600-\u27bf])+"
)


_CHAT = regex(
    r"^(?!.*(?:我们|我司|公司|本企业)).*[你您]|头[疼大]|救命|离谱|吵|好烦|无语|真是的|气糊涂|凭啥|凭什么|机器人?|(?:回头|改天|等会儿?)(?:再)?(?:说|问|看|聊|告诉)|(?:刚|才|又)?(?:问|查|看|翻|核对|数)(?:了|过)(?:一?下|一圈|半天)?(?:老板|领导|会计|财务|师傅|经办|同事|账|合同|证|单子|牌子)?(?:了)?$"
    r"|^(?:哎呀?|唉|呃|额|那个|这个|就是说?|我想想|怎么说呢)+$|说(?:快|早|岔|反|颠倒)了|(?:看|写|记|录|填|打|念|算|说)(?:错|串|反|颠倒|岔)(?:行)?了?$|数字颠倒|上笔|更正下?$|精确数|准数"
)
_HAPPENED = regex(
    r"(?:跑|打|问|等|找|交|报|申请|说|白)[^,]{0,4}(?:了|过)|没(?:有)?(?:人|给|办|批|接|结果|回)|不给|不接|不管"
)
_ZH = lexicon("upset")
_HOLDERS = lexicon("holders")
_OF_ANOTHERS = regex(rf"(?:[我俺咱]们?)?(?:{_HOLDERS['anothers'].pattern})(?:公司|家|他们)?的(?!那|这)[^,]{{2}}")
_FIRMS = regex(
    r"(?:有|下面|旗下|名下|一共|共|分别|我们|集团)[^,。]{0,6}(?:[两二三四五六七八九十几]|(?<!\d)[2-9])(?:个|家)(?:不同的)?(?:公司|子公司|企业|法人|主体|厂子?|合作社)(?!的?(?:网店|店铺|客户|产品|业务))"
    r"|在[^,。]{2,6}[和跟与、][^,。]{2,6}(?:都|各|分别)有[^,。]{0,8}(?:公司|企业|厂)"
    r"|(?<![a-z\d])[a-d甲乙丙丁](?:公司|企业|厂)[^a-d甲乙丙丁]{1,80}[a-d甲乙丙丁](?:公司|企业|厂)"
)
_OWN = regex(
    r"我|俺|咱|本公司|本企业|本单位|公司(?!怎|能|可)|[了过着](?=$|[,。!;])|\d|[一二两三四五六七八九十百千][万亿块元平%成年]"
)


_TELLS_OF_SELF = regex(
    r"我(?!市|省|国)|(?:^|[,。;!?]|不过|但是?)(?:公司|企业|集团|单位)(?:都|也|就)?[是在有没注登做办租]|俺|咱|本公司|本企业|本单位|自己家|[^,]{2}(?:了|过|已经?)(?!解)|(?:去年|今年|前年|每年|一年)[^,]*[\d一二两三四五六七八九十百千]|[\d一二两三四五六七八九][\d一二两三四五六七八九十百千.]*(?:万|亿|元|块|平|%|成)(?!以上|级)"
)


def tells_of_self(plain: str) -> bool:
    """Whether plain text tells something of the one who writes: in the first person, as done, or with a figure."""
    return bool(_TELLS_OF_SELF.search(plain))


def complains(plain: str) -> bool:
    """Whether plain text is an angry person's."""
    return bool(_ZH["complains"].search(plain))


def is_grievance(plain: str) -> bool:
    """Whether a plain clause tells what happened to somebody, and is no abuse."""
    return bool(_HAPPENED.search(plain)) and not _ZH["abuse"].search(plain)


def several_firms(plain: str) -> bool:
    """Whether plain text speaks of several firms at once."""
    return bool(_FIRMS.search(plain))


def own(plain: str) -> bool:
    """Whether plain text states something of the writer's own: in the first person, as done, or as a figure."""
    return bool(_OWN.search(plain))


def removes(plain: str) -> bool:
    """Whether plain text takes something back that was said: B座不算, 去掉吧."""
    return bool(_REMOVES.search(plain))


def not_to_note(plain: str) -> bool:
    """Whether a plain clause only bids not to write down what was just said: 先别记."""
    return bool(_NOT_TO_NOTE.fullmatch(plain))


def tells_of_an_end(plain: str) -> bool:
    """Whether plain text tells of anything that it has ended: no clause of any other gives something up."""
    return bool(_ANY_GONE.search(plain))


def gives_up(plain: str) -> bool:
    """Whether a plain clause says of a thing that it points at that it is ours no more: 文旅那个撤了."""
    return bool(_GIVEN_UP.search(plain))


def disowns_all(plain: str) -> bool:
    """Whether plain text says that all told so far is another firm's, or is not to count: 报错公司了, 上面的都不算."""
    return bool(_HOLDERS["disowns_all"].search(plain)) and not _HOLDERS["asks_whether"].search(plain)


def one_of_the_group(plain: str) -> bool:
    """Whether plain text says that the speaker's is one firm of a group: 我们就是郑州这家, 我在的是集团下面的子公司."""
    return bool(_HOLDERS["one_of_the_group"].search(plain))


def of_the_group(plain: str) -> bool:
    """Whether plain text tells something of a group as a whole: 我们集团是…, 全集团去年…."""
    return bool(_HOLDERS["of_the_group"].search(plain))


def of_anothers(plain: str) -> bool:
    """Whether a plain clause begins with a thing of another firm: 集团的牌照不算我们的."""
    return bool(_OF_ANOTHERS.match(plain))


def bids(plain: str) -> bool:
    """Whether plain text bids to take something back, and does not ask, even with a 吧 behind it."""
    return bool(_BIDS.search(plain))


def only_bids(plain: str) -> bool:
    """Whether plain text bids to take something back, and says nothing else: 划掉 · 麻烦删了吧."""
    found = _REMOVES.search(plain)
    around = (plain[: found.start()].strip("帮给把它"), plain[found.end() :]) if found else ()
    return found is not None and all(map(idle, filter(None, around)))


def corrects(plain: str) -> bool:
    """Whether plain text says that something was not right, or says it more exactly."""
    return bool(_CORRECTS.search(plain) or lexicon("persons")["checked"].search(plain))


def revised(before: str, after: str = "", *, firmly: bool = False) -> bool:
    """Whether all that stands ``before`` and ``after`` a figure says that it is surer, or (unless ``firmly``) came later, than
    one told before: 哦刚才财务说涨价了是|5600."""
    words = lexicon("persons")
    found = False
    for around in (before, after):
        at = 0
        while at < len(around):
            sign = words["revised"].match(around, at)
            later = sign or words["later"].match(around, at)
            said = later or words["beside_revised"].match(around, at)
            if said is None or said.end() == at:
                return False
            at, found = said.end(), found or (sign if firmly else later) is not None
    return found


def closes(plain: str) -> bool:
    """Whether plain text says that there is nothing else: 没有了, 就这些, 别的没啥了."""
    bare = plain.strip(" ,。.!~")
    core, around = lexicon("closings")["core"], lexicon("closings")["around"]
    at, found = 0, False
    while at < len(bare) <= _LONGEST_CLOSING:
        heart = core.match(bare, at)
        said = heart or around.match(bare, at)
        if said is None:
            return False
        at, found = said.end(), found or heart is not None
    return found and at == len(bare)


def only_these(plain: str) -> bool:
    """Whether plain text says that there is no further item of what was spoken of: 就这一个."""
    return bool(_ONLY.fullmatch(plain.strip(" ,。.!~")))


def company(plain: str) -> str:
    """The name of a firm that plain text is, and nothing else; empty where it is more, or none."""
    found = _COMPANY.fullmatch(plain.strip(" ,。.!~"))
    return found[1] if found else ""


def idle(plain: str) -> bool:
    """Whether plain text states nothing: a courtesy, a nod, a filler."""
    bare = plain.strip(" ,。.!~?")
    chat = bool(_CHAT.search(bare)) and not any(map(str.isdigit, bare))
    led_on = lexicon("closings")["goes_on"].fullmatch(bare)
    return chat or not any(map(str.isalnum, bare)) or bool(_IDLE.fullmatch(bare) or led_on) or closes(bare)
