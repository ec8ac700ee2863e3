"""Text as people type it, brought to one plain form that the readers of this package share.

NFKC, simplified characters, lower case, no invisible characters, no white space beside Chinese characters; every
character of the plain form remembers where it came from, so that a reader can quote the person's own words. Knows
nothing of facts, figures or policies.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from knowledge.characters import is_simplified, simplified
from knowledge.patterns import regex

# Squared units must be words before NFKC makes them letters and a digit (㎡ -> m2 would read as "2 million").
_UNITS = {"㎡": "平方米", "㎢": "平方公里", "㏊": "公顷", "m²": "平方米", "m^2": "平方米", "M²": "平方米"}
_UNIT = regex("|".join(re.escape(unit) for unit in _UNITS))
_DASHES = dict.fromkeys("‐‑‒–—―−﹣", "-") | dict.fromkeys("〜∼~", "~")
# A keyboard's stop or middle dot for the decimal point, marks between the thousands: as a figure has them.
_POINT = regex(r"(?:^|(?<!\d)\d{1,3})[。·•・](?=\d{1,4}(?:个?[百千]?[万亿w]|%|成|年|公顷|亩|平))")
_THOUSANDS = regex(r"(?<![\d,、'’_.])\d{1,3}(?:['’_]\d{3}|(?:、\d{3}){2})+(?![\d、'’_])")
_CANTONESE = str.maketrans("唔冇嘅哋喺咗佢啲嚟嗰攞", "不没的们在了他些来那拿")
_DIALECT = {
    "同埋": "以及",
    "净系": "只是",
    "呢个": "这个",
    "莫得": "没有",
    "没得": "没有",
    "木有": "没有",
    "木得": "没有",
    "木": "没",
    "帐": "账",
}
_DIALECT_WORDS = regex(  # 俺木参加过; not 苗木有, nor 没得说
    r"同埋|净系|(?<![\u4e00-\u9fff])呢个|莫得|(?<![\u4e00-\u9fff])没得(?![到过出上很])|没得(?=$|[,，。啥别])"
    r"|(?<![蚊营])帐(?![篷幕子])|(?<![苗花树草林红松竹楠檀乔灌果原实板香])木(?:[有得](?!限)|(?=[参去掏花交办报评拿领做搞用学听来租买弄给批碰沾想干收]))"
)
_IS = regex(r"(?<=[不们我你他那就都])系(?![统列数主副]|.{0,2}(?:主任|学生))")  # 我哋系做五金嘅
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Mn"}
_FILLER = regex(
    r"(?:^|(?<=[,，。;；\s]))(?:那个?啥|那什么|咋说呢|怎么说呢|这个那个)[,，、]?(?=[我俺咱,，。\s]|公司|就是|这边|本|你们?好)"
)
"""Said while somebody thinks: it asks nothing."""
_SPOKEN = 3  # 我公司 注册 在 郑州: spaces between words, as voice input writes them, part no clauses
_PAUSE = regex(
    r"(?<=[\u4e00-\u9fff\d%])[ \t\u3000](?=[\u4e00-\u9fff])(?!左右|上下|以[上下])(?!(?<=[\d一二两三四五六七八九十百千万萬亿億半几年个個元%][ \t\u3000])(?:[万萬亿億千百元块塊平多来來个個户戶家栋棟座号號楼樓]|(?<![万萬亿億元%][ \t\u3000])年))(?!(?<=\d[ \t\u3000])[月日件单人台亩名位票项套辆间])"
    r"|(?<=[\u4e00-\u9fff])[ \t\u3000](?=[A-Da-d][座栋楼区馆号])|(?<=[万亿元块千百])[ \t\u3000](?=[A-Za-z]{2})"
    r"|(?<=[\u4e00-\u9fff])[ \t\u3000](?=[A-Za-z]{2,5} ?\d)|(?:(?<=[\u4e00-\u9fff]{4})|(?<=\d{3}))[ \t\u3000](?=[A-Za-z]{2,5}[\u4e00-\u9fff])"
    r"|(?<=[万亿])[ \t\u3000](?=\d(?![千百]))|(?<=\d[wkWK])[ \t\u3000](?=[\u4e00-\u9fff\d])|(?<=[元件家人台平%])[ \t\u3000](?=\d[\d.]{0,6}[万亿]?[元件家人台平万亿])"
    r"|(?<=\d)[ \t\u3000](?=\d{1,2}(?:个月|[次回人家趟]))|(?<=[一两二三几\d]次)[ \t\u3000](?=\d)|(?<=[万亿元])[ \t\u3000](?=\d\.\d{1,2}(?![\d万亿千百元]))"
    r"|(?<=[\u4e00-\u9fff])[ \t\u3000](?=(?:\d{2}|\d{4})年(?!的(?!(?:老?(?:公司|企业|厂)|[ \t\u3000，,。]|$))|前|内|以))|(?<=\d)[ \t\u3000](?=(?:19|20)\d\d年)|(?<=元)[ \t\u3000](?=\d\d(?:年|[\u4e00-\u9fff]{2}))"
    r"|(?<=[点吧啊哦呢嘛哈])[ \t\u3000](?=\d)|(?:(?<=[万亿元台套辆栋座笔])|(?<=[万千]\d))[ \t\u3000](?=\d{1,4}[台套辆栋座笔])"
)
_BETWEEN = regex(r"／|(?<=[ \u4e00-\u9fff])(?:—{2}|-{2,})(?=[ \u4e00-\u9fff\d])")
"""What parts the entries of a list, or what is put right from what was said: 东园46家／西园52家 · 540万 —— 更正一下."""
_IN_UNIT = regex(
    r"(?:单位[:为是]?[(]?|[(](?:单位[:为是]?)?)(千|百?万|亿)(?:元|块钱|人民币)[)]?[,:]?|[(,]?单位(?:都|全|均)*[:为是]*(千|百?万|亿)元?[)]?(?=$|[,。;!?])"
    r"|[^,。;\d]{0,6}[按以用](千|百?万|亿)元?(?:为单位|[列算计填报记])[的着]?[,:]?"
)
_WITHOUT_UNIT = regex(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d.])|(?<![\d.,第])\d+(?:\.\d+)?(?!\d)")
_SENTENCE_END = regex("[。;!?]")
_TAIL_OF_TEN = {"百": "十", "千": "百"}
_SAME_UNIT = regex(
    r"[\d一二两三四五六七八九十百千](?P<unit>万|亿)元?[了的吧,]*(?:[(][^()]{0,8}[)])?,?(?:大?前年|[去今上]年|(?:20)?\d\d年|(?:实际|真正|目前|现在|已经?|才|只)*(?:到(?:了)?[账位]|实到)|实际)"
    r"(?:也|就|才|只|的|了|有|是|为|大概|大约|差不多|约|不到)*(?P<number>\d{1,4}\.\d+|\d{2,4}|[一二两三四五六七八九][百千](?:[一二三四五六七八九](?:[百十][一二三四五六七八九]?)?)?)"
    r"(?=$|[,。;!?()]|左右|的样子)"
)
"""A figure that is told in the unit of the one just before it, of another year or of what came of it: 去年420万，前年350."""
_OWN_UNIT = regex(r"[年月日号第%‰成倍个家人台件亩平万亿千百元块-]|\.\d")
_BREATHLESS = regex(r"[\u4e00-\u9fff\da-zA-Z%.]{24,}")
"""As people speak into a phone: so long a stretch has no mark at all."""
_BREATH = regex(
    r"(?:(?<=^在吗)|(?<=^[你您]好)|(?<=^有人吗))(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff][嘛吧呢])(?=[我俺咱您你那这还就帮另也]|能不能|可不可以|有没有|是不是|然后|要是|如果|公司|一共)"
    r"|(?<=[\u4e00-\u9fff][啊呀哈嘞])(?=还有|然后|能不能|可不可以|有没有|是不是|要是|如果|我就?是|我想)"
)
"""Where the speaker draws breath: 我是个体户不是公司嘛帮人家做网店."""
_HEADED = regex(r"(?:(?<=^)|(?<=[。；，,\n]))[^，。；:：,;\n]{0,8}(更正|补充|纠正|修改|说明)[:：]")


@dataclass(frozen=True, slots=True)
class Plain:
    """``text`` is the plain form of ``source``; ``at[i]`` is the position in ``source`` of its ``i``-th character."""

    source: str
    text: str
    at: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """The person's own words behind ``text[start:end]``, trimmed."""
        if start >= end:
            return ""
        last = self.at[end] if end < len(self.at) else len(self.source)
        return self.source[self.at[start] : max(last, self.at[end - 1] + 1)].strip()


@lru_cache(maxsize=64)  # a turn asks for its message's, and for those of the labels shown, again and again
def plain(text: str) -> Plain:
    """Bring ``text`` to its plain form."""
    simplify = not is_simplified(text)
    alike = text.translate(_ALIKE[simplify])
    if len(alike) == len(text) and not (_UNIT.search(text) or _FILLER.search(text)):
        return Plain(text, _figures(alike), tuple(range(len(text))))
    kept: list[str] = []
    at: list[int] = []
    for position, piece in _pieces(text):
        for character in _folded(piece, simplify):
            kept.append(character)
            at.append(position)
    return _without_idle_space(text, kept, at)


def breathed(text: str) -> str:
    """``text`` with a comma where its speaker draws breath; longer than it was."""
    return _BREATHLESS.sub(lambda spoken: _BREATH.sub("，", spoken[0]), text)


def breathing(form: Plain) -> Plain:
    """``form`` with a comma where its speaker draws breath, in stretches without a mark."""
    text, at = form.text, list(form.at)
    for spoken in reversed(list(_BREATHLESS.finditer(text))):
        for breath in reversed(list(_BREATH.finditer(text, *spoken.span()))):
            text = f"{text[: breath.start()]},{text[breath.start() :]}"
            at.insert(breath.start(), at[breath.start()])
    return Plain(form.source, text, tuple(at))


def in_declared_unit(form: Plain) -> Plain:
    """``form`` with the unit of money that its text declares once (营业收入（万元）：2023年 9850) behind each number, up to the
    end of what it was declared for: a sentence, or all that follows 单位."""
    text, at = form.text, list(form.at)
    for declared in reversed(list(_IN_UNIT.finditer(text))):
        unit = declared[declared.lastindex or 1]
        stop = None if "单位" in declared[0] else _SENTENCE_END.search(text, declared.end())
        begin = declared.end() if declared[1] else 0  # …1650，1400，单位都是万: of those before as well
        for number in reversed(list(_WITHOUT_UNIT.finditer(text, begin, stop.start() if stop else len(text)))):
            if not _OWN_UNIT.match(text, number.end()):
                text = f"{text[: number.end()]}{unit}元{text[number.end() :]}"
                at[number.end() : number.end()] = [at[number.end() - 1]] * (len(unit) + 1)
        begin, end = (text.rfind(declared[0]), len(declared[0])) if begin == 0 else (declared.start(), len(declared[0]))
        text = f"{text[:begin]},{text[begin + end :]}"
        at[begin : begin + end] = [at[begin]]
    return Plain(form.source, text, tuple(at))


def in_unit_before(form: Plain) -> Plain:
    """``form`` with its 万 or 亿 behind each number that is told in the unit of the figure just before it."""
    text, at = form.text, list(form.at)
    begin = 0
    while told := _SAME_UNIT.search(text, begin):
        begin, end, number = told.start("number"), told.end("number"), told["number"]
        tail = _TAIL_OF_TEN.get(number[-2:-1], "") if number[-1] in "一二三四五六七八九" else ""
        text = f"{text[:end]}{tail}{told['unit']}{text[end:]}"
        at[end:end] = [at[end - 1]] * (len(tail) + 1)
    return Plain(form.source, text, tuple(at))


def normalise(text: str) -> str:
    """The plain form of ``text`` alone."""
    return plain(text).text


def paused(text: str) -> str:
    """``text`` with a comma for each space that parts clauses, as people type them on a phone."""
    pieces = text.split()
    spoken = max(map(len, pieces), default=0) <= _SPOKEN and not (len(text) > 2 * _SPOKEN and text[-1] == "的")
    text = _BETWEEN.sub(lambda match: "；" * len(match[0]), text)
    return text if spoken else _PAUSE.sub("，", text)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Each character (or squared unit) with its position, compatibility forms resolved, invisible ones and fillers left out."""
    units = {match.start(): match.group() for match in _UNIT.finditer(text)}
    fillers = {at for match in _FILLER.finditer(text) for at in range(*match.span())}
    skip = -1
    for position, character in enumerate(text):
        if position < skip or position in fillers:
            continue
        if unit := units.get(position):
            skip = position + len(unit)
            yield position, _UNITS[unit]
        elif form := _form(character):
            yield position, form


@lru_cache(maxsize=8192)
def _form(character: str) -> str:
    """The compatibility form of ``character``; empty where it is invisible."""
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _INVISIBLE else unicodedata.normalize("NFKC", character)


@lru_cache(maxsize=8192)
def _folded(piece: str, simplify: bool) -> str:
    """``piece`` in simplified characters and lower case, its dashes plain."""
    lower = "".join(character.lower() for character in (simplified(piece) if simplify else piece))
    return "".join(_DASHES.get(character, character) for character in lower)


class _Alike(dict[int, str]):
    """By a character's number the one character that it is in plain text; nothing for white space, and where it is none
    or several."""

    def __init__(self, simplify: bool) -> None:
        super().__init__()
        self._simplify = simplify

    def __missing__(self, number: int) -> str:
        form = _form(chr(number))
        folded = _folded(form, self._simplify) if form else ""
        found = self[number] = folded if len(folded) == 1 and folded != " " else ""
        return found


_ALIKE = {simplify: _Alike(simplify) for simplify in (False, True)}


def _without_idle_space(source: str, kept: list[str], at: list[int]) -> Plain:
    """White space stays only between two ASCII characters (``1 000``, ``not sure``): elsewhere it says nothing."""
    text: list[str] = []
    places: list[int] = []
    space: int | None = None
    for character, place in zip(kept, at, strict=True):
        if character == " ":
            space = place
            continue
        if space is not None and text and text[-1].isascii() and character.isascii():
            text.append(" ")
            places.append(space)
        space = None
        text.append(character)
        places.append(place)
    return Plain(source, _figures("".join(text)), tuple(places))


def _figures(text: str) -> str:
    """``text`` with the points and commas of its figures as they are read, Cantonese words as they are written elsewhere."""
    text = _IS.sub("是", text.translate(_CANTONESE))
    text = _DIALECT_WORDS.sub(lambda match: _DIALECT[match.group()], text)
    written = _POINT.sub(lambda match: match.group()[:-1] + ".", text)
    return _THOUSANDS.sub(lambda match: re.sub(r"\D", ",", match.group()), written)


def headless(text: str) -> str:
    """``text``, as long as it was, without headings (补充：); of one that puts something right that is left."""
    return _HEADED.sub(_in_place_of_a_heading, text)


def _in_place_of_a_heading(head: re.Match[str]) -> str:
    right = "更正，" if head[1] in ("更正", "纠正") else ""
    return "。" * (len(head[0]) - len(right)) + right
