"""What people call the several items of a list, for want of names: A座, 北楼, 新密那个, 二七园, 经开区的.

Knows how such calls look, not what the items are; a word that names the kind of thing (园区, 楼宇) is no call.
"""

import re
from collections.abc import Collection, Sequence

from conversations.language.lexicon import lexicon
from conversations.language.numerals import digit
from knowledge.patterns import regex

_ZH = lexicon("calls")
_LONGEST = 8
_SHORT = 2
_KINDS_END = "园楼栋座区谷城馆厦边"
_COMMON = frozenset("园楼栋座区谷城馆厦边号期的路街道大")


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


_AT_HEAD_OF_ENTRY = regex(rf"(?P<call>{BANK})")


def call_key(call: str) -> str:
    """What tells a call from others, however it is said: 王 of 王博士 and 姓王的, 工 of 工行 and 工商银行."""
    if re.fullmatch(BANK, call):
        return _ZH["bank_kind"].sub("", call.removeprefix("中国") if len(call) > _LONGEST_SHORT else call) + "行"
    return re.sub(rf"^[老小姓](?=[{SURNAMES}])", "", call)[:1] if re.fullmatch(PERSON, call) else call


CALL_MARKS = "〔〕"
"""What an item is called stands between them in the words in which it was spoken of."""


Name = tuple[str, int, int]
"""A proper name, and where the words that give it begin and end."""


def names_in(clause: str) -> list[Name]:
    """The proper names that a plain clause gives: 「鲜达网」, 叫绿博基地. The title of a document is none."""
    return [(match[match.lastindex or 0], match.start(), match.end()) for match in _ZH["named"].finditer(clause)]


def goes_on(name: str, known: str) -> bool:
    """Whether ``name`` is that of the thing ``known`` by a part of it; 中部电商港二期 is another thing."""
    return known in name and not _ZH["phase"].match(name, name.find(known) + len(known))


def called(words: str) -> list[str]:
    """What the item told in ``words`` was called."""
    _, opened, rest = words.partition(CALL_MARKS[0])
    return [rest.partition(CALL_MARKS[1])[0]] if opened else []


def call_at(text: str, start: int) -> str:
    """What an entry of a list that begins at ``start`` of plain ``text`` is called: 张工，博士… · 小刘是硕士."""
    if told := _AT_HEAD_OF_ENTRY.match(text, start):
        return told["call"]
    own = _ZH["model"].match(text, start) or _ZH["entry_call"].match(text, start)
    before = None if own else _ZH["entry_called"].search(text, max(0, start - _LONGEST_ENTRY_CALL), start)
    call = own["call"] if own else before["call"] if before else ""
    return "" if _ZH["no_entry_call"].search(call) else call


def row_called(clause: str) -> tuple[str, bool]:
    """What a row is called that a plain clause begins, and whether it tells of one more: somebody whom it does no more than
    name (张工 · 还有王老师), or a model (x5也卖了一台)."""
    if model := _ZH["model"].match(clause):
        return model["call"], False
    found = _ZH["person_alone"].fullmatch(clause)
    named = found is not None and not _ZH["no_entry_call"].search(found["call"])
    return (found["call"], bool(found["more"])) if found is not None and named else ("", False)


def labels_in(clause: str) -> list[tuple[int, str]]:
    """The calls of items in a plain clause, each with its place, in order."""
    found: dict[int, str] = {}
    for pattern in (_ZH["of_place"], _ZH["named_kind"], _ZH["pointed"]):
        for match in pattern.finditer(clause):
            lead = _ZH["standing"].match(match[1])
            start = lead.end() if lead else 0
            found[match.start(1) + start] = match[1][start:]
    if sized := _ZH["sized"].search(clause):
        found[sized.start(1)] = sized[1]
    return [_own(start, label) for start, label in sorted(found.items()) if _is_call(label)]


def _own(start: int, label: str) -> tuple[int, str]:
    """The name in a call that says as well where the thing stands: 金水的云商大厦, 城东的叫蓝海园."""
    place, of, name = label.rpartition("的叫" if "的叫" in label else "的")
    return (start + len(place + of), name) if of and _is_call(name) and len(name) > _SHORT else (start, label)


def _is_call(label: str) -> bool:
    """Whether ``label`` tells one thing from another, and is neither a person, a level nor the kind of thing."""
    told = _ZH["kind_too"].sub("", label)
    return "是" not in told and not _ZH["no_call"].search(told) and not _ZH["kind"].fullmatch(told)


def thing_called(clause: str) -> tuple[str, int] | None:
    """The proper name of a thing with which a plain clause begins, and where it stands: 经开跨境园, 和荥阳电商谷."""
    found = _ZH["thing"].match(clause)
    if found is None or len(_ZH["kinds"].sub("", found["name"])) < _SHORT:
        return None
    return found["name"], found.start("name")


def head_called(head: str) -> str:
    """``head``, which stands before what is told of something, where it may be a name; else nothing."""
    return head if _ZH["may_name"].fullmatch(head) and _is_call(head) else ""


def listed_in(clause: str) -> tuple[int, list[tuple[int, str]]]:
    """How many things a plain clause counts by what they are called (惠济、荥阳两个园; 在荥阳和新密各有一个), and those calls."""
    if lettered := _ZH["lettered"].search(clause):
        told = [(match.start(), match[0]) for match in _ZH["letter"].finditer(clause, *lettered.span(1))]
        return (len(told), told) if len(told) == digit(lettered[2]) else (0, [])
    if things := _ZH["things_listed"].search(clause):
        names = list(_ZH["thing_listed"].finditer(things[1]))
        if all(len(_ZH["kinds"].sub("", name[0])) >= _SHORT for name in names):
            return len(names), [(things.start(1) + name.start(), name[0]) for name in names]
    listed = _ZH["listed"].search(clause)
    found = listed or _ZH["each_in"].search(clause)
    if found is None:
        return 0, []
    calls: list[tuple[int, str]] = []
    for part in _ZH["words"].finditer(re.sub("[和与跟及]", "、", found[1])):
        lead = _ZH["leads_in"].match(part[0]) if not calls else None
        start = lead.end() if lead else 0
        calls.append((found.start(1) + part.start() + start, re.sub("[这那]$", "", part[0][start:])))
    count = digit(found[2]) if listed else len(calls)
    told = all(1 < len(call) <= _LONGEST and _is_call(call) for _, call in calls)
    return (count, calls) if told and len(calls) == count else (0, [])


def listed_behind(clause: str) -> list[tuple[int, str]]:
    """What a plain clause that does nothing else, or does it behind a colon, calls several things: 冷链平台、同城快配."""
    told = clause.rfind(":") + 1
    if not _ZH["calls_only"].fullmatch(clause, told):
        return []
    parts = _ZH["words"].finditer(re.sub("[和与跟及]", "、", clause), told)
    calls = [(part.start(), part[0]) for part in parts]
    return calls if all(1 < len(call) <= _LONGEST and _is_call(call) for _, call in calls) else []


def told_as(part: str, kind: int) -> str:
    """What a thing is called in the ``part`` of a list that begins with its kind, of so many characters: 农业的大蒜网、"""
    found = _ZH["told_as"].fullmatch(part)
    call = found[1] if found and (found.start(1) or not _ZH["kind_alone"].match(part, kind)) else ""
    return call if _is_call(call) and len(call) > 1 else ""


def placed(clause: str) -> tuple[int, str] | None:
    """Where the thing of a plain clause is said to stand: 另一栋在南阳路, 再加一栋农业路的"""
    found = (
        _ZH["placed"].fullmatch(clause)
        or _ZH["stands"].search(clause)
        or _ZH["has"].match(clause)
        or _ZH["one_more"].match(clause)
    )
    if not found or _ZH["no_call"].search(found[1]):
        return None
    start = found.start(1) + found[1].startswith("在")  # 另外在白沙还有一栋
    return start, clause[start : found.end(1)]


def points(clause: str, label: str, at: int) -> bool:
    """Whether ``label`` at ``at`` of a plain clause points at one of several (中牟那个), and not at the last one spoken of."""
    return bool(_ZH["that"].match(clause, at + len(label))) and not _ZH["just_spoken_of"].search(label)


def by_letters(clause: str, labels: Sequence[str]) -> tuple[list[str], int] | None:
    """Which of ``labels`` (a座, b座, c座) a plain clause means by their letters alone (b、c都没认定), and where it goes on."""
    found = _ZH["letters_alone"].match(clause)
    like = (
        [[label for label in labels if label.startswith(letter)] for letter in re.findall(r"[a-z]", found[1])]
        if found
        else []
    )
    told = [own[0] for own in like if len(own) == 1]
    return (told, found.end(1)) if found and told and len(told) == len(like) else None


def heads_in(clause: str) -> list[tuple[int, str]]:
    """What a plain clause may call an item by at its head: 冷链的没列上."""
    return [(match.start(1), match[1]) for match in _ZH["heads"].finditer(clause)]


def known_in(clause: str, labels: Collection[str]) -> list[tuple[int, str]]:
    """The calls of ``labels`` that a plain clause uses, whole or without the word for the kind of thing at their end."""
    found: dict[int, str] = {}
    for label in labels:
        stem = label.rstrip(_KINDS_END)
        parts = [label[cut:] for cut in range(1, len(label) - 1)] + [label[:-cut] for cut in range(1, len(label) - 1)]
        parts = [part for part in parts if not any(part in other for other in labels if other != label)]
        parts = [part for part in parts if _ZH["kind_too"].sub("", part)]  # 电商, of 电商创客大厦
        for word in (label, stem if len(stem) > 1 else label, *parts):
            at = _letter_at(clause, stem) if word == label and label not in clause else clause.find(word)
            if at < 0 or (word in parts and word != stem and not _begins_a_call(clause, at, len(label))):
                continue
            if not re.match(r"隔壁|旁边|对面", clause[at + len(word) :]):
                found.setdefault(at, label)
                break
    return sorted(found.items())


def _letter_at(clause: str, stem: str) -> int:
    """Where a plain clause calls by its letter alone what is called by one: a开了三年, b才半年; -1 where it does not."""
    alone = (match for match in _ZH["letter_alone"].finditer(clause) if match[0] == stem)
    return next((match.start() for match in alone), -1)


def _begins_a_call(clause: str, at: int, length: int) -> bool:
    """Whether a call may begin at ``at``, and none of another thing as long as ``length`` does: 航海路b座, of 航海路a座."""
    another = any(place == at and len(call) >= length for place, call in labels_in(clause))
    return bool(_ZH["at_head"].search(clause, 0, at)) and not another


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
    return (1 if "大" in label else -1) if _ZH["size"].fullmatch(label) else 0
