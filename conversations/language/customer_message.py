"""A customer's message taken apart: how the customer is addressed, the questions one by one, what is told beside them.

Generic Chinese letter-writing only (who writes, where a question ends, what is mere courtesy); knows no policy and
answers nothing.
"""

import re
from dataclasses import dataclass, replace

from conversations.language import revisions
from conversations.language.entries import BARE_NUMBER, in_order
from conversations.language.labels import COMMON_SURNAMES
from conversations.language.lexicon import lexicon
from conversations.language.question import Question
from conversations.language.text import breathed, normalise, paused
from knowledge.patterns import regex

_ZH = lexicon("letters")
LONGEST_HEADING = 36
_SHORTEST_HEADING = 6

_TITLES = (
    "董事长|总经理|副总经理|副总|总监|总|经理|主任|老师|先生|女士|小姐|会计|厂长|校长|院长|所长|处长|科长|局长|书记|主席"
    "|秘书长|会长|老板|董|工|姐|哥|师傅"
)
_SURNAMES = f"{COMMON_SURNAMES}于万向常文易欧关兰俞包宁符单涂成盛管华房解"
_TITLED = regex(rf"[{_SURNAMES}][一-鿿]{{0,3}}?(?:{_TITLES})")
_FULL_NAME = regex(rf"[{_SURNAMES}][一-鿿]{{1,2}}")
_MYSELF = regex(
    rf"(?:我是|我这边是|这里是)(?:[^,，。！？!?\s]{{0,20}}?的)?(?:小)?([{_SURNAMES}][一-鿿]{{0,2}}?(?:{_TITLES}))(?=[,，。！？!?\s]|$)"
    rf"|我(?:姓|叫)([{_SURNAMES}][一-鿿]{{0,2}})(?=[,，。！？!?\s是]|$)"
)

_COURTESY = regex(
    r"(?:各位|尊敬的)?(?:领导|老师|同志|亲)们?(?:[您你]们?)?好?(?=[,，!！。\s]|请|我|想)"
    rf"|^\s*(?:[小老][{_SURNAMES}]|[{_SURNAMES}](?:{_TITLES}))(?=[,，\s])|(?:[小老]?[{_SURNAMES}](?:{_TITLES})?)?(?:你|您)们?好[啊呀哈]?"
    r"|(?:上午|下午|早上|中午|晚上|大家)好|hello|hi|哈[喽啰]|在吗|在不在(?=[啊呀\W]|$)|有人吗|打[扰搅]了?一?下?了?|辛苦[您你]?们?了?"
    r"|(?:非常|十分)?(?:感谢|谢谢)[您你]?们?了?|麻烦(?:您|你)?(?:帮?(?:我们?|忙))*(?:[看问查](?:一?下|[看问查])?)?(?:一下|下)?|不好意思|拜托了?|多谢|谢了",
    re.IGNORECASE,
)
_WORDS = regex(r"[一-鿿A-Za-z]")
_CLAUSE = regex(r"[^,，。！!？?；;\n]+[,，。！!？?；;]*")
_SHORTEST_LETTER, _LONG_LETTER = 12, 25
"""The least characters of what may be a customer's message, and of one that asks nothing in so many words."""
_NEAR_BY = 10


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
    text = _numbered(_ZH["placeholder"].sub("", _ZH["forwarded"].sub("", _ZH["headed"].sub("", text.strip()))).strip())
    if len(_ZH["chat_line"].findall(text)) > 1:
        text = _ZH["chat_line"].sub("", text)
    stamped = _ZH["stamped"].search(text)  # copied out of a chat: who wrote stands above the words, with the time
    name = _ZH["bracketed"].sub("", stamped[1]) if stamped else ""
    name = name if _is_name(name) else ""
    text = _ZH["addressed"].sub("", _ZH["stamped"].sub("", text)).strip()
    if (written := _ZH["writer"].match(text)) and _is_name(written[1]):
        name, text = name or written[1], text[written.end() :]
    name = name or _in_text(text) or _shown(sender)
    body = _tidy(paused(breathed(_COURTESY.sub("，", text))))
    plain = normalise(body)  # with what an angry person says, which is not asked
    body = _tidy(_CLAUSE.sub(lambda part: "" if _is_insult(part[0]) else part[0], body))
    return CustomerMessage(
        name,
        body,
        tuple(_questions(body)),
        own=bool(_ZH["own"].search(body)),
        asking=asks(body),
        angry=upset(plain),
        several_firms=revisions.several_firms(plain),
        thanks=bool(_ZH["thanks"].search(text)) and not asks(body),
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
    numbers = [mark[0] for mark in BARE_NUMBER.finditer(text)]
    return BARE_NUMBER.sub(r"\g<0>、", text) if numbers and in_order(numbers) == len(numbers) else text


def _is_insult(words: str) -> bool:
    """Whether a clause is no more than abuse of whoever serves: 你们是眼瞎还是不识字."""
    plain = normalise(words)
    exclaimed = _ZH["exclaims"].fullmatch(plain.strip(" ,。!?")) and lexicon("upset")["abuse"].search(plain)
    return bool(exclaimed or lexicon("upset")["insult"].search(plain)) and not re.search(r"\d", plain)


def clauses(body: str) -> list[str]:
    """The clauses of a message's body, between any two marks of punctuation."""
    return [part.strip() for part in re.split(r"[,，。！!？?；;：\n、]+", body) if _WORDS.search(part)]


def _is_name(words: str) -> bool:
    return bool(_TITLED.fullmatch(words) or _FULL_NAME.fullmatch(words))


def _in_text(text: str) -> str:
    """How the writer names themselves in the text: 我是王经理, 我姓王, a signature with a title."""
    if found := _MYSELF.search(text):
        return found[1] or (found[2] if len(found[2]) > 1 else "")
    signed = _ZH["signed"].search(text)
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
    text = _ZH["among"].sub("中，", text)
    text = _ZH["tells_of"].sub(r"\1？", re.sub(r"[,，\s]*[,，][,，\s]*", "，", text))
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
        *rest, last = told or [""]
        if last and judges(sentence):  # 财务说只能拿一样。他说的对不对？: is asked of that
            of = re.split("[,，]", last.strip(" 。！!；;"))[-1]
            core = f"{of}，{heading(sentence)}" if len(of) < LONGEST_HEADING else heading(sentence)
            found.append(Question(f"{last.strip(' 。！!；;')}，{sentence}", core, "，".join(rest)))
        else:
            found.append(Question(sentence, heading(sentence), "，".join(told)))
        told = []
    if _ZH["acknowledged"].fullmatch(body):
        return []
    if told:  # what is told behind the questions is what they are asked of
        found = [each if each.context else replace(each, context="，".join(told)) for each in found]
    items = [part for part in _ZH["numbered"].split(body) if len(_WORDS.findall(part)) > 1]
    if not found and len(items) > 1:
        return [Question(item.strip(), heading(item)) for item in items]
    return found or ([Question(body, heading(body))] if len(_WORDS.findall(body)) > 1 else [])


def _scolds(sentence: str) -> bool:
    """Whether all that a sentence asks is abuse, of nothing that may be granted: 说材料不全又不说缺啥，耍猴呢."""
    abuse = lexicon("upset")["abuse"]
    asking = [part for part in map(normalise, re.split(r"[,，]", sentence)) if asks(part)]
    angry = abuse.search(normalise(sentence))
    return bool(asking) and all(
        (abuse.search(part) and not _ZH["granted"].search(part)) or (angry and _ZH["exclaims"].fullmatch(part))
        for part in asking
    )


def _listed(body: str) -> list[Question]:
    """The items of a list that is announced as what is asked (咨询如下：（一）…（二）…), each a question, however it is put.

    So are those of any list half of which ask: 想申报培训补贴：1、材料清单 2、去哪交.
    """
    said = _ZH["asked_below"].search(body)
    announced = said or _ZH["listing"].search(body)
    if announced is None:
        return []
    items = [part for part in _ZH["numbered"].split(body[announced.end() :]) if len(_WORDS.findall(part)) > 1]
    for_questions = said and _ZH["announced"].search(body, max(0, said.start() - _NEAR_BY), said.end())
    few = 1 if said else len(items) // 2
    if not for_questions and sum(map(asks, items[:-1])) < max(1, few):
        return []  # 情况如下：（1）… tells
    context = body[: announced.start()].strip(" ,，。；;\n")
    # what stands behind the last question, in a line or sentence of its own, closes the letter
    items = [_first(part) for part in items]
    return [Question(item, heading(item), context) for item in items if item] if len(items) > 1 else []


def _first(item: str) -> str:
    """An item up to its last question mark; where it has none, its first sentence."""
    found = _ZH["item"].match(item.strip().split("\n")[0])
    return found[0].strip(" ,，。；;") if found else ""


def asks(words: str) -> bool:
    """Whether ``words`` ask something."""
    return bool(_ZH["asks"].search(_ZH["no_question"].sub("", normalise(words))))


def judges(words: str) -> bool:
    """Whether ``words`` ask no more than whether what was told before them is so: 他说的对不对."""
    return bool(_ZH["judged"].search(normalise(words)))


def general(words: str) -> bool:
    """Whether a question has no topic of its own (要什么条件, 有没有补贴): what it is about stands around it."""
    return bool(_ZH["general"].fullmatch(_ZH["lead"].sub("", words).lstrip("、")))


def particular(words: str) -> str:
    """``words`` with a blank for each character of those that any question may have."""
    return _ZH["general"].sub(lambda match: " " * len(match[0]), words)


def _sentences(body: str) -> list[str]:
    """Sentences, parted also where a number or a connective begins a further question."""
    pieces: list[str] = []
    at = 0
    for mark in [*_ZH["sentence_end"].finditer(body), None]:
        end = len(body) if mark is None else mark.end()
        for part in _ZH["numbered"].split(body[at:end]):
            pieces += _parted(part)
        at = end
    return [piece for piece in pieces if len(_WORDS.findall(_ZH["lead"].sub("", piece))) > 1]


_MOST_PARTS = 12  # of one sentence: each is looked at with all that stands before it


def _parted(sentence: str) -> list[str]:
    """Parted before 另外, 还有 … where the words before it ask something."""
    parts: list[str] = []
    for part in _ZH["next"].split(sentence, _MOST_PARTS):
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
    led = lexicon("questions")["announces"].sub("", _ZH["lead"].sub("", words))
    led = _ZH["lead"].sub("", led).strip(" ,，。")
    return led if led.count("（") + led.count("(") else re.sub("[）)]", "，", led)
