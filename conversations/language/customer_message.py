"""A customer's message taken apart: how the customer is addressed, the questions one by one, what is told beside them.

Generic Chinese letter-writing only (who writes, where a question ends, what is mere courtesy); knows no policy and
answers nothing.
"""

import re
from dataclasses import dataclass, replace

from conversations.language import revisions
from conversations.language.labels import COMMON_SURNAMES
from conversations.language.lexicon import lexicon
from conversations.language.question import Question
from conversations.language.text import breathed, normalise, paused
from knowledge.patterns import regex

LONGEST_HEADING = 36
_SHORTEST_HEADING = 6

_TITLES = (
    "董事长|总经理|副总经理|副总|总监|总|经理|主任|老师|先生|女士|小姐|会计|厂长|校长|院长|所长|处长|科长|局长|书记|主席"
    "|秘书长|会长|老板|董|工|姐|哥|师傅"
)
_SURNAMES = f"{COMMON_SURNAMES}于万向常文易欧关兰俞包宁符单涂成盛管华房解"
_TITLED = regex(rf"[{_SURNAMES}][一-鿿]{{0,3}}?(?:{_TITLES})")
_FULL_NAME = regex(rf"[{_SURNAMES}][一-鿿]{{1,2}}")
_FORWARDED = regex(r"^\s*(?:转发|转|客户|原话|fw|fwd)\s*[:：]\s*", re.IGNORECASE)
_HEADED = regex(r"^\s*[\[【][^\]】]{0,4}(?:转|来自|客户|群)[^\]】]{0,15}[\]】]")
_ADDRESSED = regex(
    r"\A\s*[^\n，。！？?!：:]{0,40}(?:委员会|委|局|办公室|办|中心|部门|政府|领导小组|领导|处|科|所|同志们?|人员|老师|先生|女士|[台钧]鉴)\s*[：:]\s*"
    r"(?=\n|$|[您你]们?好)|\A\s*尊敬的[^，。：:\n]{1,20}[：:]\s*"
)
"""Whom a formal letter is written to, in a line of its own."""
_ASKED_BELOW = regex(
    r"(?:如下|以下|下列|几[点个条][^，。]{0,6}|请教|明示|请示|请答复|咨询|问|想确认|想了解|明确|解答)[^，。\n]{0,8}(?:，[^，。\n]{2,12})?[：:]\s*(?=[（(①1一])"
)
_ITEM = regex(r".*[?？]|[^。！!]*")
_AMONG = regex(r"中(?=国[际内])")
"""在行业中国际排名第七: no country."""
_TELLS_OF = regex(r"((?:多少|几个?|哪些|啥|什么)(?:钱|呢)?)[:：](?=\s*[^\s一1①（(“\"])")
"""一共多少：认证费 2.4 万、… — what the question is asked of stands behind it."""
_PLACEHOLDER = regex(r"[\[【](?:图片|照片|语音|文件|表情|视频|位置|链接)[\]】]|\[[\u4e00-\u9fffA-Za-z]{1,6}\]")
"""What stands for a picture, a file or a small face in a chat copied out."""
_STAMPED = regex(
    r"^[ \t]*([^\s:：,，。]{1,12})[ \t]+(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ \t]+)?(?:[上下]午[ \t]*)?\d{1,2}:\d{2}(?::\d{2})?[ \t]*(?:$|[：:])[ \t]*",
    re.MULTILINE,
)
_CHAT_LINE = regex(
    r"^[ \t]*(?:[^\s:：,，。\d]{1,12}[ \t]+\d{1,2}:\d{2}(?::\d{2})?[ \t]+|\[?\d{1,2}:\d{2}\]?[ \t]*[^\s:：,，。\d]{1,12}[：:][ \t]*)(?=\S)",
    re.MULTILINE,
)
"""Who wrote when, before what they wrote, in a chat copied out."""
_BRACKETED = regex(r"[（(][^）)]*[）)]")
_WRITER = regex(r"^\s*([^\s:：,，。！？!?0-9]{2,8})(?:[（(][^）)]*[）)])?\s*[:：]\s*")
_MYSELF = regex(
    rf"(?:我是|我这边是|这里是)(?:[^,，。！？!?\s]{{0,20}}?的)?(?:小)?([{_SURNAMES}][一-鿿]{{0,2}}?(?:{_TITLES}))(?=[,，。！？!?\s]|$)"
    rf"|我(?:姓|叫)([{_SURNAMES}][一-鿿]{{0,2}})(?=[,，。！？!?\s是]|$)"
)
_SIGNED = regex(r"(?:[\n。！!—-]|盼复)\s*([一-鿿]{2,6})\s*(?:[(（]?[\d+][\d\s()（）-]{6,})?\s*$")

_COURTESY = regex(
    r"(?:各位|尊敬的)?(?:领导|老师|同志|亲)们?(?:[您你]们?)?好?(?=[,，!！。\s]|请|我|想)"
    rf"|^\s*(?:[小老][{_SURNAMES}]|[{_SURNAMES}](?:{_TITLES}))(?=[,，\s])|(?:[小老]?[{_SURNAMES}](?:{_TITLES})?)?(?:你|您)们?好[啊呀哈]?"
    r"|(?:上午|下午|早上|中午|晚上|大家)好|hello|hi|哈[喽啰]|在吗|在不在(?=[啊呀\W]|$)|有人吗|打[扰搅]了?一?下?了?|辛苦[您你]?们?了?"
    r"|(?:非常|十分)?(?:感谢|谢谢)[您你]?们?了?|麻烦(?:您|你)?(?:帮?(?:我们?|忙))*(?:[看问查](?:一?下|[看问查])?)?(?:一下|下)?|不好意思|拜托了?|多谢|谢了",
    re.IGNORECASE,
)
_SENTENCE = regex(r"[。！!？?；;\n]+|\s{2,}")
_NUMBERED = regex(
    r"(?<![\d.第、一二三四五六七八九十（(])(?:[（(]?[1-9一二三四五六七八九][)）]|[1-9][、.．:：](?!\d)|(?<![^\s:：;；。,，])[1-9]、|(?<![^\s:：,，。；;？?!！])(?:(?:第[一二三四五六]|[一二三四五六])[、,，](?!\s?[（(][一二三四五六七八九十])|[一二三四五六]是))\s*|[①-⑨]\s*"
)
_BARE_NUMBER = regex(
    r"(?<![^\s:：;；。,，！!？?])[1-9](?=[一-鿿A-Za-z])(?![个家年月日号点天次份项条人名位万亿千百元块角栋座层楼平成期季批和到])"
)
_ASKS = regex(
    r"[吗嘛么呢](?![都也一])|[？?]|多少|谁(?![都也])|[好]?几(?=个钱|万|成|年|次|块|月|号|天|点[上下开关]|个(?:月|工作日|点|部门|单位))|什么|啥|怎么|怎样|咋|如何|哪|是否|能否|可否|有无|与否"
    r"|(?P<one>[一-鿿]{1,2})[不没](?P=one)|是吧|对吧|想(?:问|知道|了解|咨询)|请问|咨询|了解一?下|(?:我们?|俺们?|咱们?)就?[要想]看|多久|(?<![没不])多[大高长](?!的)|为何|为什么|何(?:[时地种处人方者部]|机构|单位)|若干|[是按以][^,，。]{1,14}还是|抑或|(?:能|可以|给|行|补|有|要|算|是)[^,，。]{0,8}[不没](?=$|[,，。？?])"
)
_NO_QUESTION = regex(
    r"(?:不用|不必|无需|别|知道|明白|弄清|搞清|懂)[^,，。!！?？]{0,5}(?:怎么|咋|什么|啥)[^,，。!！?？吗]{0,5}了(?![吗么没])|(?:[不没]|没有)(?:说|讲|告诉|提)[^,，。！!？?]{0,6}(?:什么|啥|哪[^,，。！!？?]{0,4})(?=$|[,，。！!])|没什么|没啥|动不动|时不时|什么都|啥都|哪怕|不怎么|几家|几个人|好几|怎么也|要什么有什么|(?:叫|是)?(?:什么|啥)[^,，。！!？?]{0,4}不(?:说|提|讲)|不是[^,，。！!？?]{2,14}[嘛么](?=$|[,，。！!])"
)
_NEXT = regex(
    r"(?=(?:另外|还有(?!没有|效)|再就是|再有|再问|还想|还要问|顺便|对了|其次|最后|第二[个条,，]|第三[个条,，]|以及|同时我?们?想|然后(?:就是)?(?:想|问|那)))"
)
_LEAD = regex(
    r"^(?:另外|还有就是|还有(?!效)(?:一个|那?个(?!体|人))?(?:问题)?|再就是|再有|再问(?:一?下|个)?|还想(?:问|了解|咨询)(?:一?下)?|顺便(?:问|咨询)?(?:一?下)?|对了"
    r"|其次|最后|第[一二三四](?![年季次期批家届名])[个条]?(?:问题)?|然后(?:就是)?|那个?(?=我|俺|[,，\s])|那(?!个)|我?们?(?:就是?)?想(?:问|咨询|了解|知道)(?:一?下)?|请问(?:一?下)?|问(?:一?下)|就是|以及|嗯|哦"
    r"|帮我(?:看|查|问)(?:一?下)?|咨询(?:一?下)?|请教|[谨敬特]询|[^，,。:：]{0,6}(?:示下|明示|敢问|请示)(?=[：:，,])|啊|呀|哈|喂|呢|(?:那|这)个?(?=[,，\s])|[,，:：、\s~～…]+)+"
)
_THANKS = regex(
    r"(?:谢谢|感谢|多谢)(?!.{0,4}(?:告知|答复|回复|解答|帮忙看))|收到.{0,6}(?:回复|答复|了)|(?:讲|说|解释)得?很?(?:清楚|明白)"
)
_ACKNOWLEDGED = regex(
    r"(?:好的?|行|收到|知道|明白|清楚|嗯+|哦+|ok|可以|没问题|了解|[了啦呢吧!！。,，~～\s])+", re.IGNORECASE
)
_GENERAL = regex(  # whole words before their parts, and no way back: the work stays linear
    r"(?:有没有|有无|是不是|能不能|可不可以|可以不可以|在不在|算不算|行不行|什么|哪些|怎么样?|怎样|如何|多少|若干|具体|这个|那个|上述|前述|上面|需要|可以"
    r"|补贴|补助|奖励|奖金|资金|扶持|支持|政策|优惠|条件|要求|标准|门槛|材料|资料|手续|流程|申请|申报|办理|准备|享受|符合|满足|提供|提交|获得"
    r"|所需|情形|情况|范围|以内|之内|金额|额度|比例|哪一?[条款项](?:写|规定|说)的?|[对是](?:吗|吧|不对|不是)|是否|能否|可否|一次性|一次|一回|年年|结果|数额|几何|文件[里中上]?|没有写?|写没写|不超过|封顶|上限|通融|破例|放宽|宽限|社会团体|事业单位|单位|企业|公司|协会|每年|逐年|连续|发放|给予|最多|最高|可能|如能|如果|现在|业务"
    r"|时间|日期|\d[\d.]*+(?:万元?|亿元?|元|%)?|第[\d一二三四五六七八九十]++[名位年次]|这[两几样些][个类种项样块笔条]?+|[我俺咱]们|我司|我公司|我单位"
    r"|分[几多两三]?少?[次年期批笔回]|一共|总共|总计|合计|加起来|大概|大约|分别|到底|究竟"
    r"|[啥咋几都还也这那该此每样类时做有要需改算写数成多少不得能可给带到才拿领补奖报钱办弄交获内按年俺咱我各问的了吗呢么嘛呀啊吧及与和或在里是]|\W)++"
)
_WORDS = regex(r"[一-鿿A-Za-z]")
_CLAUSE = regex(r"[^,，。！!？?；;\n]+[,，。！!？?；;]*")
_SHORTEST_LETTER, _LONG_LETTER = 12, 25
"""The least characters of what may be a customer's message, and of one that asks nothing in so many words."""
_GRANTED = regex(r"[补奖领钱给]|政策|申[请报]|材料|\d")
_ASKING = regex("问|询|教|请?示|解答|答复|确认|了解|明确")
_EXCLAIMS = regex("(?:这是|这叫)?(?:什么|啥)[^,，是有能给要时条标材]{1,8}")
"""什么扶持政策, beside abuse: asks nothing."""
_NEAR_BY = 10
_OWN = regex(r"我们|我司|我公司|本公司|我单位|我厂|我店|我家|我这|咱|俺|公司|我(?!想)")


@dataclass(frozen=True, slots=True)
class CustomerMessage:
    """A customer's message read: ``name`` as the customer is addressed (empty = unknown), ``body`` without courtesies.

    ``own``: the writer speaks of their own enterprise; ``asking``: something is asked in so many words; ``angry``: the
    writer is; ``several_firms``: more than one enterprise is spoken of as the writer's; ``thanks``: it
    thanks, or says that an answer came, and asks nothing.
    """

    name: str
    body: str
    questions: tuple[Question, ...]
    own: bool
    asking: bool
    angry: bool
    several_firms: bool
    thanks: bool


def read(text: str, sender: str | None = None) -> CustomerMessage:
    """Take ``text`` apart; ``sender`` is the name that the channel shows, if any. Never raises."""
    text = _numbered(_PLACEHOLDER.sub("", _FORWARDED.sub("", _HEADED.sub("", text.strip()))).strip())
    if len(_CHAT_LINE.findall(text)) > 1:
        text = _CHAT_LINE.sub("", text)
    stamped = _STAMPED.search(text)  # copied out of a chat: who wrote stands above the words, with the time
    name = _BRACKETED.sub("", stamped[1]) if stamped else ""
    name = name if _is_name(name) else ""
    text = _ADDRESSED.sub("", _STAMPED.sub("", text)).strip()
    if (written := _WRITER.match(text)) and _is_name(written[1]):
        name, text = name or written[1], text[written.end() :]
    name = name or _in_text(text) or _shown(sender)
    body = _tidy(paused(breathed(_COURTESY.sub("，", text))))
    plain = normalise(body)  # with what an angry person says, which is not asked
    body = _tidy(_CLAUSE.sub(lambda part: "" if _is_insult(part[0]) else part[0], body))
    return CustomerMessage(
        name,
        body,
        tuple(_questions(body)),
        own=bool(_OWN.search(body)),
        asking=asks(body),
        angry=upset(plain),
        several_firms=revisions.several_firms(plain),
        thanks=bool(_THANKS.search(text)) and not asks(body),
    )


def seems_forwarded(text: str) -> bool:
    """Whether ``text`` reads like what a customer has written: with a name or a courtesy of theirs, or of their own firm."""
    if len(text) < _SHORTEST_LETTER:
        return False
    message = read(text)
    if message.asking:
        return bool(message.name) or message.own or bool(_COURTESY.search(text)) or len(message.questions) > 1
    return len(text) >= _LONG_LETTER and (bool(message.name) or message.own)


def upset(plain: str) -> bool:
    """Whether plain text is an angry person's."""
    return revisions.complains(plain) or bool(lexicon("upset")["ignored"].search(plain))


def _numbered(text: str) -> str:
    """``text`` with a mark behind the numbers of a list that has none: 1快递柜有补贴没 2仓库贴不贴息."""
    numbers = [mark[0] for mark in _BARE_NUMBER.finditer(text)]
    in_order = len(numbers) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
    return _BARE_NUMBER.sub(r"\g<0>、", text) if in_order else text


def _is_insult(words: str) -> bool:
    """Whether a clause is no more than abuse of whoever serves: 你们是眼瞎还是不识字."""
    plain = normalise(words)
    return bool(lexicon("upset")["insult"].search(plain)) and not re.search(r"\d", plain)


def clauses(body: str) -> list[str]:
    """The clauses of a message's body, between any two marks of punctuation."""
    return [part.strip() for part in re.split(r"[,，。！!？?；;：\n、]+", body) if _WORDS.search(part)]


def _is_name(words: str) -> bool:
    return bool(_TITLED.fullmatch(words) or _FULL_NAME.fullmatch(words))


def _in_text(text: str) -> str:
    """How the writer names themselves in the text: 我是王经理, 我姓王, a signature with a title."""
    if found := _MYSELF.search(text):
        return found[1] or (found[2] if len(found[2]) > 1 else "")
    signed = _SIGNED.search(text)
    return signed[1] if signed and _is_name(signed[1]) else ""


def _shown(sender: str | None) -> str:
    """A name as the channel shows it, where it is a person's name: without signs, the surname first."""
    if not sender:
        return ""
    if found := _TITLED.search(sender):
        return found[0]
    parts = re.findall(r"[一-鿿]+|[A-Za-z][A-Za-z.·]*(?: [A-Za-z][A-Za-z.·]*)*", sender)
    if len(parts) == 2 and len(parts[1]) == 1 and parts[1] in _SURNAMES:
        parts = [parts[1] + parts[0]]
    name = parts[0] if len(parts) == 1 else ""
    return name if _FULL_NAME.fullmatch(name) or (name.isascii() and 1 < len(name) <= 20) else ""


def _tidy(text: str) -> str:
    """Without runs of commas that the courtesies leave behind."""
    text = _AMONG.sub("中，", text)
    text = _TELLS_OF.sub(r"\1？", re.sub(r"[,，\s]*[,，][,，\s]*", "，", text))
    text = re.sub(r"(?<=[。！!？?；;\n])[,，\s]+", "", text)
    text = re.sub(r"[,，]+(?=[。！!？?；;\n])", "", text)
    return text.strip(" ,，。！!\n~～").lstrip("：:\n ")


def _questions(body: str) -> list[Question]:
    """The questions in their order; what asks nothing in so many words is one as a whole, or item by item of its list."""
    if listed := _listed(body):
        return listed
    found: list[Question] = []
    told: list[str] = []
    for sentence in _sentences(body):
        to_come = sentence.rstrip().endswith((":", "："))  # 咨询如下： the questions are yet to come
        if to_come or not asks(sentence) or _scolds(sentence):
            told.append(sentence)
            continue
        found.append(Question(sentence, heading(sentence), "，".join(told)))
        told = []
    if _ACKNOWLEDGED.fullmatch(body):
        return []
    if told:  # what is told behind the questions is what they are asked of
        found = [each if each.context else replace(each, context="，".join(told)) for each in found]
    items = [part for part in _NUMBERED.split(body) if len(_WORDS.findall(part)) > 1]
    if not found and len(items) > 1:
        return [Question(item.strip(), heading(item)) for item in items]
    return found or ([Question(body, heading(body))] if len(_WORDS.findall(body)) > 1 else [])


def _scolds(sentence: str) -> bool:
    """Whether all that a sentence asks is abuse, of nothing that may be granted: 说材料不全又不说缺啥，耍猴呢."""
    abuse = lexicon("upset")["abuse"]
    asking = [part for part in map(normalise, re.split(r"[,，]", sentence)) if asks(part)]
    angry = abuse.search(normalise(sentence))
    return bool(asking) and all(
        (abuse.search(part) and not _GRANTED.search(part)) or (angry and _EXCLAIMS.fullmatch(part)) for part in asking
    )


def _listed(body: str) -> list[Question]:
    """The items of a list that is announced as what is asked (咨询如下：（一）…（二）…), each a question, however it is put."""
    announced = _ASKED_BELOW.search(body)
    if announced is None:
        return []
    items = [part for part in _NUMBERED.split(body[announced.end() :]) if len(_WORDS.findall(part)) > 1]
    for_questions = _ASKING.search(body, max(0, announced.start() - _NEAR_BY), announced.end())
    if not for_questions and not any(map(asks, items[:-1])):
        return []  # 情况如下：（1）… tells
    context = body[: announced.start()].strip(" ,，。；;\n")
    # what stands behind the last question, in a line or sentence of its own, closes the letter
    items = [_first(part) for part in items]
    return [Question(item, heading(item), context) for item in items if item] if len(items) > 1 else []


def _first(item: str) -> str:
    """An item up to its last question mark; where it has none, its first sentence."""
    found = _ITEM.match(item.strip().split("\n")[0])
    return found[0].strip(" ,，。；;") if found else ""


def asks(words: str) -> bool:
    """Whether ``words`` ask something."""
    return bool(_ASKS.search(_NO_QUESTION.sub("", normalise(words))))


def general(words: str) -> bool:
    """Whether a question has no topic of its own (要什么条件, 有没有补贴): what it is about stands around it."""
    return bool(_GENERAL.fullmatch(_LEAD.sub("", words).lstrip("、")))


def particular(words: str) -> str:
    """``words`` with a blank for each character of those that any question may have."""
    return _GENERAL.sub(lambda match: " " * len(match[0]), words)


def _sentences(body: str) -> list[str]:
    """Sentences, parted also where a number or a connective begins a further question."""
    pieces: list[str] = []
    at = 0
    for mark in [*_SENTENCE.finditer(body), None]:
        end = len(body) if mark is None else mark.end()
        for part in _NUMBERED.split(body[at:end]):
            pieces += _parted(part)
        at = end
    return [piece for piece in pieces if len(_WORDS.findall(_LEAD.sub("", piece))) > 1]


_MOST_PARTS = 12  # of one sentence: each is looked at with all that stands before it


def _parted(sentence: str) -> list[str]:
    """Parted before 另外, 还有 … where the words before it ask something."""
    parts: list[str] = []
    for part in _NEXT.split(sentence, _MOST_PARTS):
        if parts and not (asks(parts[-1]) or upset(normalise(parts[-1]))):
            parts[-1] += part
        else:
            parts.append(part)
    return [part.strip(" ,，") for part in parts]


def heading(sentence: str) -> str:
    """The asking part of a sentence in the customer's own words, short."""
    parts = [part for part in re.split(r"[,，]", sentence.strip(" ,，。！!？?；;\n")) if part.strip()]
    parts = [part for part in parts if not upset(normalise(part))] or parts  # no insult is repeated
    first = next((place for place, part in enumerate(parts) if asks(part)), 0)
    if first > 0 and len(parts[first]) < _SHORTEST_HEADING:
        first -= 1
    words = _heading("，".join(parts[first:]))
    if len(words) > LONGEST_HEADING:
        last = next((part for part in reversed(parts) if asks(part)), words)
        words = _heading(last) if len(last) >= _SHORTEST_HEADING else words
    return words if len(words) <= LONGEST_HEADING else f"{words[: LONGEST_HEADING - 1]}…"


def _heading(words: str) -> str:
    """``words`` without what leads up to the question: 还有, 想请教几个问题："""
    led = lexicon("questions")["announces"].sub("", _LEAD.sub("", words))
    led = _LEAD.sub("", led).strip(" ,，。")
    return led if led.count("（") + led.count("(") else re.sub("[）)]", "，", led)
