"""What people call the several items of a list, for want of names: A座, 北楼, 新密那个, 二七园, 经开区的.

Knows how such calls look, not what the items are; a word that names the kind of thing (园区, 楼宇) is no call.
"""

import re
from collections.abc import Collection, Sequence

from conversations.language.numerals import digit
from knowledge.patterns import regex

_HEAD = r"(?:^|(?<=[,、:;和与跟及把将说是])|(?<=其中))"
_WORD = r"[\u4e00-\u9fffa-z0-9]"
_NO_HEAD = r"第(?![一二三四五六七八九十]+(?:大街|大道|街|路))|另|其|这|那|该|每|各|都|全|均|也|一[个座栋幢家处]"
_THAT = r"(?:的)?(?:那|这)一?(?:个|座|栋|幢|处|块|家|边|项|条|片|笔|位|台|款)"
_POINTED = regex(rf"{_HEAD}(?!{_NO_HEAD})({_WORD}{{1,6}}?){_THAT}")
_ROAD = rf"{_WORD}{{1,6}}?(?:路|街|大道|县|镇|乡|港|桥|(?<!园)区)"
_CALLED = regex(
    rf"(?:{_HEAD}|(?<=[a-d甲乙丙1-4][座栋楼])(?=[b-d乙丙丁2-4]号?[座栋楼]))(?!{_NO_HEAD}|[整在租])({_WORD}{{1,7}}?(?:园|楼|栋|座|区|港|谷|城|馆|厦|广场|中心)(?<!一[个座栋])|{_WORD}{{0,6}}?[一二三四五]期|[东西南北]边|{_ROAD}(?=(?:那边|这边|上|那儿)?有?一[座栋幢处]))"
    rf"(?=(?<=.{{2}}园)(?![区林艺丁里内长子地])|$|(?:那边|这边|上|那儿)?有?一[座栋幢处]|[,、:;和与跟及办的是在有面总电入已还也都现目今去刚约占没不未无什啥哪任为则才更评开运用属归小大省国市拿上这最被批退认挂申报满营停拆]|(?<=[a-z][座栋楼区])[a-z][座栋楼区]|\d|[一二两三四五六七八九]{_WORD}?[千万百])"
)
_OF = regex(
    rf"{_HEAD}(?!{_NO_HEAD})({_WORD}{{2,6}}?)(?<![拿评批得报选升定到过了是])(?=的(?:(?:也|才|就)?是|(?:国家|[省市区县])级|[也都]?[还尚]?[没未][评认批有定]|(?:已经?|都|去年|今年)*(?:认定|评上|批下|挂牌)))"
)
_SIZED = regex(r"(?:^|(?<=[,只有就是]))((?:较|更)?[大小](?:点|一点)?)(?:的|那)(?:那)?(?:个|座|栋|幢|处|块|家)?")
_NO_CALL = regex(
    r"[一两二三]个|(?:[有共计总上分着][两俩二三仨四五2-5]|[两俩仨])[座栋幢家处]$|另外|还有|此外|再有|我们?|俺们?|咱们?|公司|企业|他们?|人家|隔壁|国家级?|省级?|市级?|[国省市]里?|什么|注册|登记|总部|去年|今年|上个?月|^(?:[前后上下]面|[前后]头)$|^管(?:理|着)?的?(?:楼|园|大厦|基地)|自[己家有建购]|算不|[不没][是算]"
)
_KIND = regex(
    r"(?:那|这)?一?(?:个|座|栋|幢|处|块|家)?(?:园区?|产业园|电商园|基地|楼宇?|大楼|大厦|写字楼|办公楼|专业楼|试点|项目|小区|社区|市区|郊区|地区|中心|广场)?"
)
_KIND_TOO = regex(r"示范|电商|电子商务|办公|商务|专业")
_PART = rf"(?:(?![和与跟及各都两俩二三仨四五]){_WORD}){{1,12}}"
_LISTED = regex(rf"({_PART}(?:[、和与跟及]{_PART})+)(?:这)?([两俩二三仨四五2-5])(?:个|座|栋|幢|处|家|块)(?!月|亿)")
_CALLS_ONLY = regex(rf"{_PART}(?:[、和与跟及]{_PART}){{1,4}}")
_LETTERED = regex(
    r"((?:[a-z甲乙丙丁](?:座|栋|楼|区|馆)){2,5})(?:这)?([两俩二三仨四五2-5])(?:个|栋|座|幢|处|家|块)(?!月|亿)"
)  # A座B座两栋
_LETTER = regex("[a-z甲乙丙丁](?:座|栋|楼|区|馆)")
_LETTERS_ALONE = regex(r"([a-g](?:[、和与跟及]?[a-g])*)(?:[两俩三仨][个座栋幢]?)?(?=[都也均还没未])")
_EACH_IN = regex(rf"在({_PART}(?:[、和与跟及]{_PART})+?)(?:各|分别|都)")
_TOLD_AS = regex(r"(?:[^的、,和]{2,6}的)?([^的、,和与跟及一二两三四五六七八九十\d各都有]{2,8})[、,和与跟及]?")
_KIND_ALONE = regex(r"(?:类|业|方向|领域|方面|口|项目|试点|的)*[、,和与跟及]?$")
_LEADS_IN = regex(r".*(?:运营|管理|经营|管着?|有|做|建|在|是|开|办|的|搞|负责|叫|着|了|手[上里头])")
_PLACED = regex(
    rf"(?:还有|另外?|再加?|一|那|这|头|第[一二三四五]|[,])*[个座栋幢家处](?:是)?(?:在|位于|设在|建在|坐落于?)({_WORD}{{2,8}})"
)
_STANDS = regex(rf"一[个座栋幢处家]({_ROAD}|(?<=^一.)(?!是|在){_WORD}{{2,5}})的$")
_HAS = regex(rf"(?:另外|还有|,)*({_WORD}{{2,6}}?)(?:上|那边|这边|那儿)?(?:还|也|另)+有一[个座栋幢处家](?!.*[的])")
_ONE_MORE = regex(rf"(?:还有|另外)({_WORD}{{2,5}}?)(?:[那这][边儿])?一[个座栋幢处家]$")
_STANDING = regex(r"(?:位于|坐落[于在]?|地处|对了|还有|另外|更正一?下?|不对|哦|噢|呃|嗯)+")
_POINTS = regex(_THAT)
_BEFORE = regex(r"刚才|上面|之前|前面|说|提|后面|上次")  # the one that was just spoken of
_HEADS = regex(
    rf"(?:^|(?<=[,、:;]))(?:[^,]{{0,6}}只有|就|而)?(?!{_NO_HEAD})({_WORD}{{2,6}}?)(?:的|嘞|那边|这边|(?=投了|总投|投资|花了|进了|没进|入选|列入|批了|拿了|落选))"
)
_AT_HEAD = regex(r"(?:^|[,、:;]|只有|就|而|[和与跟及同]|[a-z0-9][座栋号楼区])$")
_PHASE = regex(r"[二三四]期|[b-d二三四2-4]号?[座栋馆区]?$")  # 中部电商港二期 is another one
_LONGEST = 8
_SHORT = 2
_KINDS_END = "园楼栋座区谷城馆厦边"
_COMMON = frozenset("园楼栋座区谷城馆厦边号期的路街道大")


_ENTRY_PERSON = r"[\u4e00-\u9fff](?:工|总|博士|教授|师傅|经理|老师|主任|先生|女士)|[老小][\u4e00-\u9fff]"
"""A person at the head of an entry, where any character may be a surname; in the middle of a text see ``PERSON``."""
_ENTRY_CALL = regex(
    rf"(?:(?:其中|另外?|还有|第?[一二三四五][个位名]?)(?:是|叫|、)?)?(?P<call>{_ENTRY_PERSON}|[\u4e00-\u9fff]{{2,3}}(?=,|$))(?=,|$|是|[12\d])"
)
_PERSON_ALONE = regex(rf"(?P<more>(?:另外?|还有|再有|又有)(?:[一1]?[位名个])?)?(?P<call>{_ENTRY_PERSON})[呢吧啊:]?")
_ENTRY_CALLED = regex(r"(?:^|[。;:!?,])(?P<call>[\u4e00-\u9fff]{2,3}),$")
_MODEL = regex(r"(?:我们?的?|还有|另外)?(?P<call>(?!lpr|[bocp]2)[a-z]{1,4}-?\d{1,4}[a-z]?)(?![\d.a-z%万亿元平])")
_NO_ENTRY_CALL = regex(
    "我|你|们|公司|企业|硕士|^博士|本科|高工|合同|社保|新建|扩建|去年|今年|前年|另外|还有|其中|没|有|是|的|了|个|位|台|笔|登记|注册|引进|项目|设备|贷款"
)
_LONGEST_ENTRY_CALL = 6
_LONGEST_SHORT = 4


COMMON_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙"
    "黎史陶贺毛郝顾龚邵覃武钱戴严莫孔汤温康施牛樊葛邢安齐乔伍庞颜倪庄聂章鲁岳翟殷詹申耿焦左柳甘祝尚舒阮柯纪梅童凌毕季裴霍苗谷曲翁冉蓝路游辛靳柴蒙鲍喻祁蒲滕屈饶牟"
)
"""Surnames, in a letter as in the middle of a text."""
SURNAMES = (
    f"{COMMON_SURNAMES}傅阎骆艾尤穆卓缪项麦褚娄窦岑党费晏卫米柏瞿桂佟臧闵邬卞姬仇栾刁巫寇桑郎甄丛仲虞敖巩佘池查麻邝"
)
"""What a text calls somebody by, wherever it stands: with rarer ones, and none that is a word of every day too (于, 万)."""
_TITLES = "博士|硕士|教授|研究员|工(?![业厂程人资艺行商地信作会期费序种])|总工?(?![公投共额部价面计量的])|老师|师傅|经理|主任|先生|女士"
PERSON = (
    rf"(?<!姓)(?!高工|施工|石工|安工|金工)[{SURNAMES}](?:[\u4e00-\u9fff]{{1,2}}(?=博士|硕士|教授))?(?:{_TITLES})(?!说|讲)"
    rf"|[老小][{SURNAMES}](?=$|[,是的\d也还都没有签领那社合津和、跟与在交缴就个这])"
    rf"|姓[{SURNAMES}](?:的(?:那[个位])?|(?=$|,))"
)
"""A person as colleagues call them: by surname, with a title or in front of it."""
BANK = "(?:中国)?(?:工商|农业|建设|交通|招商|邮储|邮政储蓄|中信|光大|民生|浦发|兴业|平安|华夏|广发|中国|村镇)银行|[工农中建交招]行(?!业)|邮储|农商行|农信社|信用社|城商行|国开行|农发行"
"""A bank by its name, or as it is called for short."""
CALLED = regex(
    rf"{PERSON}|{BANK}|第[一二三四五六1-6][个位名笔台款]|[\d.一二两三四五六七八九十百千]+[万亿]元?的?[那这][笔个台款]"
)
"""What calls one of several things, whatever follows: a person, a bank, a number, or a sum that is pointed at."""
_BANK_KIND = regex("(?<=.)(?:政储蓄|商|业|设|通|国)?(?:银行|行)$|政储蓄$|储$")


_AT_HEAD_OF_ENTRY = regex(rf"(?P<call>{BANK})")


def call_key(call: str) -> str:
    """What tells a call from others, however it is said: 王 of 王博士 and 姓王的, 工 of 工行 and 工商银行."""
    if re.fullmatch(BANK, call):
        return _BANK_KIND.sub("", call.removeprefix("中国") if len(call) > _LONGEST_SHORT else call) + "行"
    return re.sub(rf"^[老小姓](?=[{SURNAMES}])", "", call)[:1] if re.fullmatch(PERSON, call) else call


CALL_MARKS = "〔〕"
"""What an item is called stands between them in the words in which it was spoken of."""


Name = tuple[str, int, int]
"""A proper name, and where the words that give it begin and end."""
_NAMED = regex(
    r"[「『“\"‘【]([^」』”\"’】]{2,20})[」』”\"’】]|《([^》]{2,20})》(?=的?[^,]{0,4}(?:项目|平台|系统|网|园|楼|大厦|中心))|叫(?:做|作)?([^,。的、是「『“\"‘《【]{2,12})(?:的|$)|名称[:是为叫]+([^,。]{2,16})"
)


def names_in(clause: str) -> list[Name]:
    """The proper names that a plain clause gives: 「鲜达网」, 叫绿博基地. The title of a document is none."""
    return [(match[match.lastindex or 0], match.start(), match.end()) for match in _NAMED.finditer(clause)]


def goes_on(name: str, known: str) -> bool:
    """Whether ``name`` is that of the thing ``known`` by a part of it; 中部电商港二期 is another thing."""
    return known in name and not _PHASE.match(name, name.find(known) + len(known))


def called(words: str) -> list[str]:
    """What the item told in ``words`` was called."""
    _, opened, rest = words.partition(CALL_MARKS[0])
    return [rest.partition(CALL_MARKS[1])[0]] if opened else []


def call_at(text: str, start: int) -> str:
    """What an entry of a list that begins at ``start`` of plain ``text`` is called: 张工，博士… · 小刘是硕士."""
    if told := _AT_HEAD_OF_ENTRY.match(text, start):
        return told["call"]
    own = _MODEL.match(text, start) or _ENTRY_CALL.match(text, start)
    before = None if own else _ENTRY_CALLED.search(text, max(0, start - _LONGEST_ENTRY_CALL), start)
    call = own["call"] if own else before["call"] if before else ""
    return "" if _NO_ENTRY_CALL.search(call) else call


def row_called(clause: str) -> tuple[str, bool]:
    """What a row is called that a plain clause begins, and whether it tells of one more: somebody whom it does no more than
    name (张工 · 还有王老师), or a model (x5也卖了一台)."""
    if model := _MODEL.match(clause):
        return model["call"], False
    found = _PERSON_ALONE.fullmatch(clause)
    named = found is not None and not _NO_ENTRY_CALL.search(found["call"])
    return (found["call"], bool(found["more"])) if found is not None and named else ("", False)


def labels_in(clause: str) -> list[tuple[int, str]]:
    """The calls of items in a plain clause, each with its place, in order."""
    found: dict[int, str] = {}
    for pattern in (_OF, _CALLED, _POINTED):
        for match in pattern.finditer(clause):
            lead = _STANDING.match(match[1])
            start = lead.end() if lead else 0
            found[match.start(1) + start] = match[1][start:]
    if sized := _SIZED.search(clause):
        found[sized.start(1)] = sized[1]
    return [_own(start, label) for start, label in sorted(found.items()) if _is_call(label)]


def _own(start: int, label: str) -> tuple[int, str]:
    """The name in a call that says as well where the thing stands: 金水的云商大厦."""
    place, of, name = label.rpartition("的")
    return (start + len(place + of), name) if of and _is_call(name) and len(name) > _SHORT else (start, label)


def _is_call(label: str) -> bool:
    """Whether ``label`` tells one thing from another, and is neither a person, a level nor the kind of thing."""
    told = _KIND_TOO.sub("", label)
    return "是" not in told and not _NO_CALL.search(told) and not _KIND.fullmatch(told)


def listed_in(clause: str) -> tuple[int, list[tuple[int, str]]]:
    """How many things a plain clause counts by what they are called (惠济、荥阳两个园; 在荥阳和新密各有一个), and those calls."""
    if lettered := _LETTERED.search(clause):
        told = [(match.start(), match[0]) for match in _LETTER.finditer(clause, *lettered.span(1))]
        return (len(told), told) if len(told) == digit(lettered[2]) else (0, [])
    listed = _LISTED.search(clause)
    found = listed or _EACH_IN.search(clause)
    if found is None:
        return 0, []
    calls: list[tuple[int, str]] = []
    for part in re.finditer(rf"{_WORD}+", re.sub("[和与跟及]", "、", found[1])):
        lead = _LEADS_IN.match(part[0]) if not calls else None
        start = lead.end() if lead else 0
        calls.append((found.start(1) + part.start() + start, re.sub("[这那]$", "", part[0][start:])))
    count = digit(found[2]) if listed else len(calls)
    told = all(1 < len(call) <= _LONGEST and _is_call(call) for _, call in calls)
    return (count, calls) if told and len(calls) == count else (0, [])


def listed_behind(clause: str) -> list[tuple[int, str]]:
    """What a plain clause that does nothing else, or does it behind a colon, calls several things: 冷链平台、同城快配."""
    told = clause.rfind(":") + 1
    if not _CALLS_ONLY.fullmatch(clause, told):
        return []
    parts = re.compile(rf"{_WORD}+").finditer(re.sub("[和与跟及]", "、", clause), told)
    calls = [(part.start(), part[0]) for part in parts]
    return calls if all(1 < len(call) <= _LONGEST and _is_call(call) for _, call in calls) else []


def told_as(part: str, kind: int) -> str:
    """What a thing is called in the ``part`` of a list that begins with its kind, of so many characters: 农业的大蒜网、"""
    found = _TOLD_AS.fullmatch(part)
    call = found[1] if found and (found.start(1) or not _KIND_ALONE.match(part, kind)) else ""
    return call if _is_call(call) and len(call) > 1 else ""


def placed(clause: str) -> tuple[int, str] | None:
    """Where the thing of a plain clause is said to stand: 另一栋在南阳路, 再加一栋农业路的"""
    found = _PLACED.fullmatch(clause) or _STANDS.search(clause) or _HAS.match(clause) or _ONE_MORE.match(clause)
    if not found or _NO_CALL.search(found[1]):
        return None
    start = found.start(1) + found[1].startswith("在")  # 另外在白沙还有一栋
    return start, clause[start : found.end(1)]


def points(clause: str, label: str, at: int) -> bool:
    """Whether ``label`` at ``at`` of a plain clause points at one of several (中牟那个), and not at the last one spoken of."""
    return bool(_POINTS.match(clause, at + len(label))) and not _BEFORE.search(label)


def by_letters(clause: str, labels: Sequence[str]) -> tuple[list[str], int] | None:
    """Which of ``labels`` (a座, b座, c座) a plain clause means by their letters alone (b、c都没认定), and where it goes on."""
    found = _LETTERS_ALONE.match(clause)
    like = (
        [[label for label in labels if label.startswith(letter)] for letter in re.findall(r"[a-z]", found[1])]
        if found
        else []
    )
    told = [own[0] for own in like if len(own) == 1]
    return (told, found.end(1)) if found and told and len(told) == len(like) else None


def heads_in(clause: str) -> list[tuple[int, str]]:
    """What a plain clause may call an item by at its head: 冷链的没列上."""
    return [(match.start(1), match[1]) for match in _HEADS.finditer(clause)]


def known_in(clause: str, labels: Collection[str]) -> list[tuple[int, str]]:
    """The calls of ``labels`` that a plain clause uses, whole or without the word for the kind of thing at their end."""
    found: dict[int, str] = {}
    for label in labels:
        stem = label.rstrip(_KINDS_END)
        parts = [label[cut:] for cut in range(1, len(label) - 1)] + [label[:-cut] for cut in range(1, len(label) - 1)]
        parts = [part for part in parts if not any(part in other for other in labels if other != label)]
        parts = [part for part in parts if _KIND_TOO.sub("", part)]  # 电商, of 电商创客大厦
        for word in (label, stem if len(stem) > 1 else label, *parts):
            at = clause.find(word)
            if at < 0 or (word in parts and word != stem and not _begins_a_call(clause, at, len(label))):
                continue
            if not re.match(r"隔壁|旁边|对面", clause[at + len(word) :]):
                found.setdefault(at, label)
                break
    return sorted(found.items())


def _begins_a_call(clause: str, at: int, length: int) -> bool:
    """Whether a call may begin at ``at``, and none of another thing as long as ``length`` does: 航海路b座, of 航海路a座."""
    another = any(place == at and len(call) >= length for place, call in labels_in(clause))
    return bool(_AT_HEAD.search(clause, 0, at)) and not another


def same(label: str, labels: Sequence[str]) -> str | None:
    """The one of ``labels`` that ``label`` is a form of, None where there is none, or more than one."""
    like = [known for known in labels if known == label or known.startswith(label) or label.startswith(known)]
    if not like and label[:1].isascii():  # B座, of 航海东路B座
        like = [known for known in labels if known.endswith(label)]
    return like[0] if len(like) == 1 else None


def alike(label: str, labels: Sequence[str]) -> str | None:
    """The one of ``labels`` that shares with ``label`` a character that tells something (港区, 航空港); None where not one does."""
    own = set(label) - _COMMON
    like = [known for known in labels if own & set(known)]
    return like[0] if len(like) == 1 else None


def size_meant(label: str) -> int:
    """Whether a call means the larger (1) or the smaller (-1) of several; 0 where it means neither."""
    return (
        1
        if label in ("大", "较大", "大点", "大一点", "更大")
        else -1
        if label in ("小", "较小", "小点", "小一点", "更小")
        else 0
    )
