"""A text cut into sentences, and those into pieces of one statement each, marks or not: voice input has none.

Generic Chinese; knows no policy: where words for its facts stand that begin a new topic is told by ``topics``.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from conversations.language.descriptions_polarity import FRONTED
from conversations.language.lexicon import lexicon
from knowledge.patterns import regex

_ZH, _CUTS = lexicon("persons"), lexicon("parting")
_ASK_FROM = regex(
    r"(?<=.{4})(?=(?:大概|大约|一共|总共)?(?:能|可以|可|会|该|应该)?(?:不能|能)?(?:(?:补|拿|领|给|享受|申报|申请|奖|得)[^,]{0,4}(?:多少|几个?|吗|不$|么)|[返退报抵][还销掉回]?(?:给?我们?)?(?:多少|几个?)))"
)
_YEAR = regex(r"(?<![和跟、与年是])(?:去年|前年|今年)(?![和跟、与])")
_TIME = regex(r"去年|前年|今年|上年")
_SO_MANY = "[两二三四五六2-6][笔位名款台种套个座栋幢家处]"
_SEPARATOR = regex(
    r"[。!?;]|(?<=[万亿平米元成%])、(?![\d一二三四五六七八九十两])|(?<=[^,。!?;]{7}):|(?<=如下):|:(?=我|俺|咱|本公司|公司)"
    rf"|(?<={_SO_MANY}):|(?<={_SO_MANY}[^,。;]):|(?<={_SO_MANY}[^,。;]{{2}}):|(?<={_SO_MANY}[^,。;]{{3}}):|(?<={_SO_MANY}[^,。;]{{4}}):"
    r"|(?<!\d),|,(?!\d{3}(?!\d))|\.{2,}|~(?!\d)|[()](?![a-z]+\))(?<!\([a-z]\))"
)
_JOINT = regex(
    r"(?<=[^们我咱俺都也还就并是司家己在的年]没有)(?=[\u4e00-\u9fff]{2,4}也[没不])|(?<=[我咱俺]们管)(?=[\d一二两三四五六七八九十百千.]+[万千百]?多?(?:平|方|㎡))|(?:(?<=[平米])|(?<=平方))(?=(?:已经?|都|也|才|刚)*(?:开业|开张|开了|运营|运行|投用|租出))|(?<=[年次回万块]了)(?=大?前年|[去今上]年)|(?<=[万亿元])(?=[一二两三四五六七八九\d][^,万亿]{0,6}[万亿]元?(?:就|那|才)?是)|(?<=[万亿元])(?=[也都还]?没有?(?:失信|不良|发生|出过|上过|被列))|(?<=[过了])(?=一[分毛次回年笔个]钱?[也都]?没)|(?<=[\u4e00-\u9fff]{3}的)(?=自[己家](?:公司)?[也都并]*[不没])|(?:(?<=[万亿元块千百])|(?<=[万亿元块千百][吧啊嘛呢呀]))(?=(?:一年|全年|总共|一共|合计|加起来)[^,一]{0,5}[\d一二两三四五六七八九十])|(?<=..)(?:(?=(?<!不)但是?|不过(?!\d)|而且|并且|(?<!能)(?<!可以)同时(?!符合)|(?<![是归])另外|此外|可是|(?<!还)只是|然后|所以|因为)"
    r"|(?<!没)(?=还有(?!一[个座栋幢处家]|\d)|(?<=.{7})还有一|还做|还评|还参|还是(?=国|省|市))|(?<=[了的过有])(?<!没有)(?=(?:国家级?|省级|市级)的?(?:还|也|正|在|没|未|报|申))|(?<=[\u4e00-\u9fff]{4})(?<![和与及跟或到成为是的评拿报申有想说过了])(?=(?:国家级?|省级|市级)的?(?:材料|还|也|正|在|没|未|报|申|想|准备))|(?:(?<=没..过)|(?<=没.过)|(?<=没...过))(?=[\u4e00-\u9fff]{1,6}也没有?(?:$|[,。]))|(?:(?<=是没有的)|(?<=是没.过的)|(?<=是没..过的))(?=[\u4e00-\u9fff]{1,6}也没)|(?<!只有)(?<![就仅是排名列居占])(?=第[一二三四五][个座栋幢家位台套笔款])|(?<=[^\d.,、和与跟及的是])(?=\d[\d.]{0,6}[万亿]元?的?那[台笔个])|(?<![是归])(?=另(?:外)?一(?:[个座栋位台套笔款]|家(?![^,]{0,3}公司|企业|单位|[入做是拿有报在]))))"
)
_A_TOPIC = _CUTS["a_topic"]
_ALL_DENIED = _CUTS["all_denied"]
_NONE_CHAIN = _CUTS["none_chain"]
_NOTHING_MORE = regex(r"[了的啊呢哈嘛呀]*(?:$|[,就只我俺咱但都那]|公司|注册|反正)")
_NAMED_TOGETHER = regex(r"(?:[^,没不有都也]{1,5}[啊呀]){2,5}(?:[这那]些)?(?:[都也全]|统统|一概|全都)没")
_NTH_PLACE = regex(r"第[一二三四五]位")  # 居国内同行第三位: a rank, and not one of several
_RANKED = regex(r"[居排列占名]")
_PLACED = regex(r"(?:[排列居占][在了到]|名单[上里]?[面头]?)的?$")  # 排在名单|第五个
_ALSO = regex(r"(?<=..)(?<![啥么])也(?:不|没|无|有|做|参|拿|评|管|批)")
_VOICE = regex(
    r"(?<=.{5}[万亿元块])(?=没有(?![交缴付给花收到拿]))|(?<=.{5})(?<![和跟与及比、的在给帮把被让替从是那这到卖买])(?<![在到租进].)(?<![在到租进]..)(?=(?:我想|我们(?!(?:公司)?给(?:他们)?[都全]?[交缴上买])|咱们|俺们|(?:(?<!是..)(?<!是...)|(?!那个[^,没不]{2,10}的(?:运营|管理|经营|建设|开发|招商)))(?<![里级家边面近口角])那个(?!牌|证|称号|资质)|然后|另外|还有|去年|今年|前年|明年|能不能|(?:现在|目前)|还能|第一次|[一二]\d年|(?<!\d)\d{1,4}年))|(?<=.{5}[的了])(?=我们|咱们|俺们)|(?<=[到回进过][\u4e00-\u9fff]{2}[来去]了)(?=[\u4e00-\u9fff]{2})|(?<=[到回进过][\u4e00-\u9fff]{3}[来去]了)(?=[\u4e00-\u9fff]{2})"
)
_SENTENCE_ENDS = regex(
    r"(?<=[^\W吧啊]{4})[吧啊呀哈](?=[\u4e00-\u9fff]{4})|(?<=[们咱俺都也]没)有(?=[\u4e00-\u9fff]{1,2}的是)"
)
_COUNTED = regex(r"[两俩三仨四五2-5](?:(?<=[俩仨])|[个座栋幢家])[^,]{0,6}$")  # 一共两个项目|一个是冷链的|一个是跨境的
_OF_THEM = regex(  # 三个园区里|两个市级一个没级别
    r"[两俩三仨四五2-5][个座栋家][^,的]{1,6}?里(?=[一两二三四1-4]个[^,]{1,8}[一两二三四1-4]个)"
)
_AGAIN = regex(r"([\u4e00-\u9fff]{2})(?=那个)")  # 一个冷链的…|冷链那个投了八百万
_MOST = 160  # no clause has more characters: what it takes to read a text grows with its length alone
_BREATH = 28  # a piece of more characters was spoken without a pause
_SAYS = r"[没未无有是做不]|管[着的一两]|租[了的在]|[交花投]了|已|入选|落选|\d|[一二两三四五六七八九十百][百千万成]"
_TELLS, _HAPPENS = regex(f"运营|经营|管理|{_SAYS}"), regex(_SAYS)
_ALL_NOT = regex(r"[^,没未无不]{2,10}?(?:[这那](?:些|几[个样项]))?(?:[都更也均全]|一概|统统|一样)+[没未无不]")
"""What denies all that was named side by side: 代运营、|国家标准这些都没有."""
_OF_LEVEL = regex(r".{2}(?:国家|[省市县区])级$")  # 高新园省级、荥阳园市级; not 国家级、省级都没有
_LEVEL = regex(r"(?:国家|[省市县区])级")
_LISTED = regex(r"、(?![\d一二两三四五六七八九])")
_TOPIC_LENGTH = 6  # …|培训我们没参加过: so long is a topic before whom it is said of
_UNPARTED = 14
"""Of more characters than that, a stretch without marks may hold several clauses, as voice input writes them."""
_BEGINS = _CUTS["begins"]
_BEGINS_TO_ASK = _CUTS["begins_to_ask"]
_OPENER = regex(
    r"[^,]{0,8}?(?:我们?)?想(?:问|咨询|了解|打听)(?:你们?|您)?(?:一?下)?(?:就是|啊|哈|呀|说|,)*(?=我|俺|咱|公司)"
)
_QUOTED = regex(
    rf"{_ZH['source'].pattern}(?=..)|(?:{_ZH['insider'].pattern}|他|她|对方)[^,是有做非硬瞎]{{0,3}}(?:说|讲|告诉我|回话|反馈|回复)(?:了|的是|是)?(?=..)"
)
_DENIED_FIRST = regex(
    r"没(?:有)?(?:没有?|的|呢|啊|了|吧|哈|呀)(?=[\u4e00-\u9fff]{4})(?![^,]{0,3}(?:企业|公司|单位|那|情况))"
)
_SIZED = regex(r"(?<=[平米方%成万千])[大小]的(?=[那这]?[个座栋]?[\d一二三四五六七八九])")  # 大的1.5万平|小的8千平
_DENIED_THEN = _CUTS["denied_then"]
_ASKED_FIRST = regex(  # 示范企业咋评|我们现在是没有的
    r"(?:多少(?:钱)?|怎么样?[\u4e00-\u9fff]{0,2}|咋[\u4e00-\u9fff]{1,2}|吗|呢)[啊呀哈嘞呢]*(?=[我俺咱]们?(?:公司|这边|自己|现在|目前|也|都|还|倒|暂时|是|一直)*(?:没|不(?!知|懂|清|会|能|明|晓|太)))"
)
_THEN_ASKED = regex(  # 示范企业没有评过|代运营是啥呀
    r"(?:[\u4e00-\u9fffa-z]{2,8}?(?<!们)(?<![公司自己想问从来一直目前现在])[没未]有?(?:[评办做搞弄报买用建管租拿交花领]|参[与加评])过|(?:注册|登记|执照)[^,。!?;没不]{1,5}[区县市])(?![的能可会要想有这我你您得该应需做开办搞])(?=(?:那|那个)?[\u4e00-\u9fffa-z]{2,6}(?:是个?(?:啥|什么|干啥|干嘛|咋|怎么)|咋|怎么))"
)
_THERE_NOT_HERE = regex(  # 在郑州注册的|不在信阳
    r"在[^,。!?;在不没]{2,8}(?:注册|登记|办|开|设|成立)的(?=(?:可|并|又|而)?(?:不是?在|没在)[^,。!?;]{2})"
)
_WHO_ASKS = regex(  # 我们饼干厂|想问下规模奖励: who asks or tells something is told by it
    r"^(?:(?:您好|你好|请问|老师)啊?,?)*(?:我们|咱们|俺们?|我司|咱)(?:这个?|这家|是)?(?![^,]{0,3}[总分子母]公司)"
    r"[^,的我您你有没不在给跟和与帮替为去前今是管做开,]{1,6}(?:厂|公司|网店|店|作坊|企业)"
    r"(?=(?:也|都|就)?(?:想|要|能|可以|可不可以|符合|够|有没有|怎么|该|报|咨询|来问|属于|是不是|(?:去|前|今)年|(?:20)?\d\d年))"
)
_SELF_CORRECTED = regex(
    r"(?P<lead>[啊哦噢呃])?(?<!不对)(?P<not>(?:不对)+)(?=我|是|应该|啊|,|$|[\d一二两三四五六七八九])(?P<told>我(?:看|记|说|查))?"
)
_LETTERED = regex(r"(?<![a-z])[a-d甲乙丙丁](?:座|栋|楼|区|馆)(?![a-z])")
_CUT_BEHIND = (
    _CUTS["no_no"],
    _WHO_ASKS,
    _ALL_DENIED,
    _QUOTED,
    _DENIED_FIRST,
    _DENIED_THEN,
    _ASKED_FIRST,
    _THERE_NOT_HERE,
    _THEN_ASKED,
)
_TOGETHER = regex(r"(?:[、和与跟及同]|以及)?")
_ASKS_FIRST = regex(r"^(?:请问|咨询|问一?下)(?!.*(?:我们|我公司|俺|咱))")
_HAPPENED = regex(r"[了过着是有在没未不做交花投想报]|\d|[一二两三四五六七八九十百千]+[万亿块]")
_TOO = ("也", "都", "还", "更")
_WE = regex(r"[我俺咱]们?|(?:[我俺咱]们)?自[己家]")
_NEITHER = regex(
    r"(?:^|(?<=[,过了的]))(?!目前|现在|公司|反正|其实|暂时|从来|我们?没|俺们?没|咱们?没|也|都|还)[^,没有不]{1,6}?(?:我们?|俺们?|咱们?|也|都)?没有(?P<other>[^,没有不]{1,5})也没有(?=$|[,就我俺咱])"
)
_SHORTEST = 4
"""No clause has fewer characters, where no mark parts it from the next."""
_SAYING = regex(r"[没不无是有做]")
_NONE = regex(r"(?<![有统通概是])没有(?=..)")
_ENTRY = regex(r"(?:^|[,。!?;])[^,。!?;:有是管们如下两三几个做我你您他咱俺啥吗呢看问说写]{2,12}$")
_VALUE = regex(r"(?![我咱俺他她]|公司|本)[^,。!?;:]{1,16}(?:[,。!?;]|$)")
_ONE = regex(
    r"(?<![同每这那第另有是外头末后])一(?:[个座栋幢家](?!月|亿|半)|[次回期笔批](?=[交花是]?[\d一二两三四五六七八九]))"
)
_WHEN = regex(
    r"(?:(?:[去今前]年|上年|(?:20)?\d\d年)(?:[初底末]|[年上下]半年|\d{1,2}月份?(?:\d{1,2}[日号])?)?|\d{1,2}月份?)的?(?:时候)?"
)
_SPEAKER = regex(r"[我俺咱]|集团(?:本身|自[己身])|本(?:公司|企业|单位)|敝公?司|自[己家]|公司(?=[注在是做主自])")


Topics = Callable[[str], tuple[set[int], set[int]]]
"""Where in a stretch that nobody has parted a word stands that begins a new topic, and the places within short words for one."""


def sentences(text: str, topics: Topics) -> list[tuple[list[tuple[str, int]], bool]]:
    """Sentences as (pieces with their starts, whether it ends in a question mark)."""
    sentences: list[tuple[list[tuple[str, int]], bool]] = []
    pieces: list[tuple[str, int]] = []
    start = 0
    for match in [*(m for m in _SEPARATOR.finditer(text) if not _names(text, m)), None]:
        end = match.start() if match else len(text)
        pieces.extend(_parts(text[start:end], start, topics))
        start = match.end() if match else end
        if pieces and (match is None or match.group() in "。!?;"):
            sentences.append((pieces, match is not None and match.group() == "?"))
            pieces = []
    return sentences


def _names(text: str, separator: re.Match[str]) -> bool:
    """Whether a colon stands behind the name of an entry, as in a form: 电商示范企业级别：无."""
    start = separator.start()
    named = text[start] == ":" and _ENTRY.search(text, max(0, start - 14), start)
    return bool(named and _VALUE.match(text, start + 1))


def _parts(piece: str, start: int, topics: Topics) -> list[tuple[str, int]]:
    """``piece`` cut where a new statement begins without punctuation, and before a question that follows a statement."""
    if len(piece) < _SHORTEST:
        return [(piece, start)] if piece.strip("、") else []
    cuts = {match.start() for match in _JOINT.finditer(piece)}
    cuts |= {match.start() for match in _ALSO.finditer(piece) if _SAYING.search(piece[: match.start()])}
    cuts |= {match.start() for match in _SIZED.finditer(piece)}
    for again in (_YEAR, _ONE, _NONE):
        found = list(again.finditer(piece))
        one = again is _ONE and bool(found)
        counted = one and len(found) > 1 and len(piece) > _BREATH and _COUNTED.search(piece, 0, found[0].start())
        if one and found[-1].end() == len(piece):  # 省级一个|市级一个
            cuts |= {match.end() for match in found[:-1]}
        else:
            cuts |= {match.start() for match in found[0 if counted else 1 :]}
    cuts |= {match.end() - 1 for match in _OF_THEM.finditer(piece)}
    cuts |= {match.end() for pattern in _CUT_BEHIND for match in pattern.finditer(piece)}
    cuts |= _corrected(piece) | _listed(piece) | _unparted(piece) | set(range(_MOST, len(piece), _MOST))
    if len(piece) > _BREATH:
        cuts |= {match.start() for match in _VOICE.finditer(piece)}
        again = {match.start(): match.end(1) for match in _AGAIN.finditer(piece) if match[1] in piece[: match.start()]}
        cuts = (cuts | set(again)) - set(again.values())
        begun, inside = topics(piece)
        cuts = cuts - inside | {match.end() for match in _SENTENCE_ENDS.finditer(piece)} | begun
        cuts -= {at for at in cuts if _WE.match(piece, at) and any(0 < at - topic <= _TOPIC_LENGTH for topic in begun)}
    cuts = _of_chain(piece, _of_fronted(piece, cuts))
    for both in _NEITHER.finditer(piece):  # 楼没有|园区也没有
        cuts = (cuts | {both.start("other")}) - set(range(both.start("other") + 1, both.end())) | {both.end()}
    cuts -= {cut for cut in cuts if piece.startswith("们", cut)}  # within 他们
    cuts -= {cut for cut in cuts if _NTH_PLACE.match(piece, cut) and _RANKED.search(piece, 0, cut)}
    cuts -= {cut for cut in cuts if piece.startswith("第", cut) and _PLACED.search(piece, 0, cut)}
    question = _ASK_FROM.search(piece)
    if question and (_TIME.search(piece[: question.start()]) or _SPEAKER.match(piece)):
        cuts.add(question.start())
    bounds = [0, *sorted(cuts - {0}), len(piece)]
    bounds = [0, *(b for a, b in pairwise(bounds) if not _leads_in(piece, a, b) or b == len(piece))]
    return [(piece[a:b], start + a) for a, b in pairwise(bounds) if piece[a:b].strip("、")]


def _of_fronted(piece: str, cuts: set[int]) -> set[int]:
    """``cuts``, and one behind a denial of what stands first: 那个代运营我们没做过|店都是自己人弄的 (none before 我们)."""
    for denial in FRONTED.finditer(piece):
        topic = max((cut for cut in cuts if cut < denial.start()), default=0)
        if _A_TOPIC.fullmatch(piece, topic, denial.start()) and len(piece) - denial.end() >= _SHORTEST:
            cuts = cuts - set(range(denial.start(), denial.end())) | {denial.end()}
    return cuts


def _of_chain(piece: str, cuts: set[int]) -> set[int]:
    """``cuts``, and one behind each of several denials: 数字证书没有|代运营没有 (none before 没有, nor in 楼啊园区啊都没有)."""
    behind, tail = 0, piece[piece.rfind("没有") + 2 :]
    for denial in _NONE_CHAIN.finditer(piece) if _NOTHING_MORE.match(tail) else ():
        end = denial.end("next")
        if behind or "没有" not in piece[max(0, denial.start() - _BREATH) : denial.start()]:
            behind = end
            cuts = cuts - set(range(denial.end() + 1, end)) | {denial.end(), end} - {len(piece)}
    return cuts - {at for named in _NAMED_TOGETHER.finditer(piece) for at in range(named.start() + 1, named.end())}


def _corrected(piece: str) -> set[int]:
    """Where somebody puts right what they have just said: 是省级|啊|不对|不对|是国家级."""
    cuts: set[int] = set()
    for match in _SELF_CORRECTED.finditer(piece):
        first, last = match.span("not")
        starts = {match.start(), *range(first, last, 2)}
        cuts |= {start for start in starts if start > 1} | ({last} if match["told"] else set())
    return cuts


def _leads_in(piece: str, start: int, end: int) -> bool:
    """Whether what stands in ``piece[start:end]`` only leads in to what follows: …|也|没有楼宇, …|我们|那个平台."""
    if _WHEN.fullmatch(piece, start, end):  # 去年4月份|我们头一回进规上统计
        return True
    pronoun = piece.startswith(("那个", "这个", "还有"), end) and _WE.fullmatch(piece, start, end)
    return piece[start:end] in _TOO or bool(pronoun)


def _unparted(piece: str) -> set[int]:
    """Where a new clause begins in a stretch that nobody has parted: 我们在郑州登记的|今年培训花了三千七|这个能报多少."""
    if len(piece) <= _UNPARTED:
        return set()
    asks = {match.start() for match in _BEGINS_TO_ASK.finditer(piece)} if not _ASKS_FIRST.match(piece) else set[int]()
    tells = {match.start() for match in _BEGINS.finditer(piece)}
    opener = _OPENER.match(piece)
    lettered = _apart(piece)
    cuts = ({opener.end()} if opener else set[int]()) | (lettered if len(lettered) > 1 else set[int]())
    last = 0
    for start in sorted(asks | tells):
        long = start - last >= _SHORTEST and len(piece) - start >= _SHORTEST - (start in asks)
        if long and (start in asks or _HAPPENED.search(piece[last:start])):
            cuts.add(start)
        if long or start not in tells:
            last = start
    return cuts


def _apart(piece: str) -> set[int]:
    """Where what stands by a letter begins, that is not named together with the one before: B座…|A座和C座…"""
    labels = list(_LETTERED.finditer(piece))
    together = {b.start() for a, b in pairwise(labels) if _TOGETHER.fullmatch(piece, a.end(), b.start())}
    return {label.start() for label in labels} - together


def _listed(piece: str) -> set[int]:
    """Where 、 parts statements (做代运营、租了间办公室) and not the names in one."""
    marks = [-1, *(match.start() for match in _LISTED.finditer(piece)), len(piece)]
    parts = [piece[a + 1 : b] for a, b in pairwise(marks)]
    between = zip(marks[1:-1], pairwise(parts), strict=True)
    return {at for mark, (a, b) in between if _part_by_part(a, b) for at in (mark, mark + 1)}


def _part_by_part(one: str, next_one: str) -> bool:
    """Whether both of two parts of a list tell something by themselves."""
    if _ALL_NOT.match(next_one) and not _HAPPENS.search(one):
        return False
    tells, also = (bool(_TELLS.search(part.removeprefix("但是"))) for part in (one, next_one))
    levels = bool(_OF_LEVEL.search(one)) and not _LEVEL.match(next_one)
    return (tells or levels) and (also or bool(_OF_LEVEL.search(next_one)))
