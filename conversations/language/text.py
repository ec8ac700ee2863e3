"""Text as people type it, brought to one plain form that the readers of this package share.

NFKC, simplified characters, lower case, no invisible characters, no white space beside Chinese characters; every
character of the plain form remembers where it came from, so that a reader can quote the person's own words. Knows
nothing of facts, figures or policies.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from conversations.language.lexicon import lexicon
from knowledge.characters import is_simplified, simplified
from knowledge.patterns import regex

_ZH = lexicon("text")

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
    "哪来的": "没有过",
    "哪里": "没有",
    "哪儿": "没有",
    "哪": "没",
}
_DONE = "(?:参[加与]|用|做|干|搞|弄|买|交|评|拿|办|租|开|建|申[请报]|报|享受|领|碰|学|听)[^,，。?？的]{0,2}过"
_DIALECT_WORDS = regex(  # 俺木参加过, 俺哪参加过; not 苗木有, nor 没得说, 哪用过的算
    rf"哪(?:里|儿)?(?={_DONE}|轮得[到上]|够得[到上着]|配得上|沾得上|(?<=[我俺咱]哪)有|(?<=[我俺咱]们哪)有|有[那这恁]|有啥)(?![^,，。]*(?:[?？]|奖|补))"
    r"|(?:(?<=[我俺咱])|(?<=[我俺咱]们)|(?<=[?？,，]))哪来的(?=[\u4e00-\u9fff])(?![^,，。]*(?:[?？]|奖|补))|"
    r"同埋|净系|(?<![\u4e00-\u9fff])呢个|莫得|(?<![\u4e00-\u9fff])没得(?![到过出上很])|没得(?=$|[,，。啥别])"
    r"|(?<![蚊营])帐(?![篷幕子])|(?<![苗花树草林红松竹楠檀乔灌果原实板香])木(?:[有得](?!限)|(?=[参去掏花交办报评拿领做搞用学听来租买弄给批碰沾想干收]))"
)
_IS = regex(r"(?<=[不们我你他那就都])系(?![统列数主副]|.{0,2}(?:主任|学生))")  # 我哋系做五金嘅
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Mn"}
_SPOKEN = 3  # 我公司 注册 在 郑州: spaces between words, as voice input writes them, part no clauses
_SENTENCE_END = regex("[。;!?]")
_TAIL_OF_TEN = {"百": "十", "千": "百"}
_BREATHLESS = regex(r"[\u4e00-\u9fff\da-zA-Z%.]{24,}")
"""As people speak into a phone: so long a stretch has no mark at all."""


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
    if len(alike) == len(text) and not (_UNIT.search(text) or _ZH["filler"].search(text)):
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
    return _BREATHLESS.sub(lambda spoken: _ZH["breath"].sub("，", spoken[0]), text)


def breathing(form: Plain) -> Plain:
    """``form`` with a comma where its speaker draws breath, in stretches without a mark."""
    text, at = form.text, list(form.at)
    for spoken in reversed(list(_BREATHLESS.finditer(text))):
        for breath in reversed(list(_ZH["breath"].finditer(text, *spoken.span()))):
            text = f"{text[: breath.start()]},{text[breath.start() :]}"
            at.insert(breath.start(), at[breath.start()])
    return Plain(form.source, text, tuple(at))


def in_declared_unit(form: Plain) -> Plain:
    """``form`` with the unit of money that its text declares once (营业收入（万元）：2023年 9850) behind each number, up to the
    end of what it was declared for: a sentence, or all that follows 单位."""
    text, at = form.text, list(form.at)
    for declared in reversed(list(_ZH["in_unit"].finditer(text))):
        unit = declared[declared.lastindex or 1]
        stop = None if "单位" in declared[0] else _SENTENCE_END.search(text, declared.end())
        alone = declared[0].startswith("(") and not declared[1] and "单位" not in declared[0]
        begin = _sentence_begin(text, declared.start()) if alone else declared.end() if declared[1] else 0
        # …1650，1400，单位都是万: of those before as well; 批120，到账70（万）: of those of the sentence
        for number in reversed(list(_ZH["without_unit"].finditer(text, begin, stop.start() if stop else len(text)))):
            if not _ZH["own_unit"].match(text, number.end()):
                text = f"{text[: number.end()]}{unit}元{text[number.end() :]}"
                at[number.end() : number.end()] = [at[number.end() - 1]] * (len(unit) + 1)
        begin, end = (declared.start() if declared[1] else text.rfind(declared[0])), len(declared[0])
        text = f"{text[:begin]},{text[begin + end :]}"
        at[begin : begin + end] = [at[begin]]
    return Plain(form.source, text, tuple(at))


def _sentence_begin(text: str, at: int) -> int:
    """Where the sentence begins in which ``at`` lies."""
    return max((match.end() for match in _SENTENCE_END.finditer(text, 0, at)), default=0)


def in_unit_before(form: Plain) -> Plain:
    """``form`` with its 万 or 亿 behind each number that is told in the unit of the figure just before it."""
    text, at = form.text, list(form.at)
    begin = 0
    while told := _ZH["same_unit"].search(text, begin):
        begin, end, number = told.start("number"), told.end("number"), told["number"]
        tail = _TAIL_OF_TEN.get(number[-2:-1], "") if number[-1] in "一二三四五六七八九" else ""
        text = f"{text[:end]}{tail}{told['unit']}{text[end:]}"
        at[end:end] = [at[end - 1]] * (len(tail) + 1)
    return Plain(form.source, text, tuple(at))


def following_year(year: str) -> str:
    """The year after that which words tell: 25年, of 24年; 去年, of 前年."""
    return _FOLLOWING.get(year) or f"{int(year[:-1]) + 1:0{len(year) - 1}}年"


def with_years_told(form: Plain) -> Plain:
    """``form`` with 年 behind each of several years that are told by number alone (2023是48亿，2024涨到62.5亿), a year that stands in
    brackets behind its figure in front of it, and for a month of 同年 or 第二年 the year."""
    text, at = form.text, list(form.at)
    bare = list(_ZH["bare_year"].finditer(text))
    for year in reversed(bare if len({each[0] for each in bare}) > 1 else []):
        text = f"{text[: year.end()]}年{text[year.end() :]}"
        at[year.end() : year.end()] = [at[year.end() - 1]]
    for again in reversed(list(_ZH["same_year"].finditer(text))):
        year = (again["next"] and following_year(again["year"])) or again["year"]
        start, end = again.span("again")
        text, at[start:end] = f"{text[:start]}{year}{text[end:]}", [at[start]] * len(year)
    for told in reversed(list(_ZH["year_behind"].finditer(text))):
        start, end, year = told.start(), told.end("figure"), told["year"]
        text = f"{text[:start]}{year}{text[start:end]}{',' * (told.end() - end)}{text[told.end() :]}"
        at[start:start] = [at[start]] * len(year)
    return Plain(form.source, text, tuple(at))


class Stretch(Protocol):
    """What stands somewhere in a text: a time, a place, a figure."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


_FOLLOWING = {"大前年": "前年", "前年": "去年", "去年": "今年", "今年": "明年"}
CLAUSE = regex(r"[^,。;!?]+")
"""Of plain text, between its marks."""


def clause_around(text: str, at: int) -> tuple[int, int]:
    """Where the clause of plain ``text`` begins and ends in which ``at`` lies; the whole text where none does."""
    return next((m.span() for m in CLAUSE.finditer(text) if m.start() <= at < m.end()), (0, len(text)))


def blank(text: str, start: int, end: int) -> str:
    """``text``, as long as it was, with commas from ``start`` to ``end``."""
    return text[:start] + "," * (end - start) + text[end:]


def blanked(text: str, mentions: Iterable[Stretch]) -> str:
    """``text``, as long as it was, with commas where these ``mentions`` stand."""
    for mention in mentions:
        text = blank(text, mention.start, mention.end)
    return text


def normalise(text: str) -> str:
    """The plain form of ``text`` alone."""
    return plain(text).text


def paused(text: str) -> str:
    """``text`` with a comma for each space that parts clauses, as people type them on a phone."""
    pieces = text.split()
    spoken = max(map(len, pieces), default=0) <= _SPOKEN and not (len(text) > 2 * _SPOKEN and text[-1] == "的")
    text = _ZH["between"].sub(lambda match: "；" * len(match[0]), text)
    return text if spoken else _ZH["pause"].sub("，", text)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Each character (or squared unit) with its position, compatibility forms resolved, invisible ones and fillers left out."""
    units = {match.start(): match.group() for match in _UNIT.finditer(text)}
    fillers = {at for match in _ZH["filler"].finditer(text) for at in range(*match.span())}
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
    return _ZH["headed"].sub(_in_place_of_a_heading, text)


def _in_place_of_a_heading(head: re.Match[str]) -> str:
    right = "更正，" if head[1] in ("更正", "纠正") else ""
    return "。" * (len(head[0]) - len(right)) + right
