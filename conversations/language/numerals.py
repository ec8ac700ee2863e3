"""Numbers as Chinese writes and says them, found with their place inside longer text.

Arabic with separators and decimals, Chinese and financial figures, mixtures of both, the short forms of speech
(一万二, 26万8, 一亿五), the letters k, w, m, kw, open ends (多, 余, 几), neighbours (两三百) and what cannot be a figure
(几百, 三五百). Works on plain text (``text.plain``). Knows no units: 元, 平, 年 belong to ``quantities``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from knowledge.patterns import regex

_DIGITS = {
    c: Decimal(n)
    for n, cs in enumerate(
        ("〇零", "一壹弌", "二两贰俩弍", "三叁仨弎参", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for c in cs
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "廿": 20, "卅": 30}
_BIG = {"万": 10**4, "亿": 10**8, "w": 10**4, "wan": 10**4, "k": 10**3, "kw": 10**7, "m": 10**6, "小目标": 10**8}

_TAIL_OF_LARGE, _NO_THOUSANDS = regex(r"\d[万wk]\d$"), regex(r",(?!\d{3}(?!\d))")
_TOKEN = regex(
    r"(?P<arabic>\d{1,9}(?:\.\d{1,9})?(?:e[+-]?|[×x*]10\^)\d{1,2}(?![\d.])|(?<![\d.])\.\d+(?![.,]?\d)|\d{1,3}(?:,\d{3}){1,6}(?:\.\d+)?(?![.,]?\d)|\d{1,3}(?: \d{3}){1,6}(?:\.\d+)?(?![\d.])|\d{4,}(?=,\d{1,2}(?![\d,]))|(?<=\d[万wk])\d(?=,(?!\d{3}(?!\d)))|\d+(?:\.\d+)?(?![,.]?\d))"
    r"|(?P<digits>(?:[〇零一二两俩仨三四五六七八九壹贰叁肆伍陆柒捌玖弌弍弎]|参(?=[拾佰仟万亿]))+)"
    r"|(?P<small>[十百千拾佰仟廿卅](?<!千(?=[瓦克伏赫帕卡]))(?<!\d千(?=米)))"
    r"|(?P<big>万|亿|小目标|(?<=\d) k?w(?![a-z])|kw(?![a-z])|wan(?![a-z])|w(?![a-z])|k(?![a-z])|(?<=\d)(?<!\d{4})m(?![a-z2]))"
    r"|(?P<point>点[〇零一二三四五六七八九\d]+)"
    r"|(?P<half>半)"
    r"|(?P<classifier>个(?=[多半来几]?(?:亿|小目标|w(?![a-z]))|[百千]?万元?(?:$|[,。!吧了左])))"
    r"|(?P<open>多(?!少|数|大|半|[打写说算报记填加输]|了[\d一二两三四五六七八九十])|余)"
    r"|(?P<some>几|数(?=[十百千万亿]))"
    r"|(?P<about>来(?=[十百千万亿个块元平方亩年月家户人次天件台部辆名位间所份单票]|$)|把(?=[十百千万亿个块元平方亩年月]|$))"
)
_START = regex(
    r"\d|[〇零一二两俩仨三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖弌弍弎拾佰仟廿卅半几数]|参(?=[拾佰仟万亿])"
    r"|(?<=[上过超破近成])[万亿]|万把|(?:^|(?<=[是有约为到共,:]))点(?=[一二三四五六七八九\d]+[百千万亿])"
    r"|(?<![\d.a-z百千万亿元块平米年月日个家人%了的吧啊呢])\.(?=\d)"
)
# A bare 万 or 亿 is a figure only behind these; elsewhere it is part of a word (万达, 亿元).
_BARE_BIG = regex(r"[上过超破近成]$")

# A point is one behind a number (个点五), not at the end of a word (试点 1500 万).
_CUT_BEFORE = regex(r"[十百千万亿]$|(?:^|[\d〇零一二两三四五六七八九十百千万亿个])点$")
_CUT_BEHIND = regex("[十百万亿]|千(?![瓦克伏赫帕卡米])")  # not the 千 of a unit: 500千瓦
_COUNTED = regex(r"(?:个(?!月|点|半|亿|小目标|[百千]?万)|家|项|座|栋|处)(?=[\u4e00-\u9fff])")
_OF_ONE = tuple("年次天台个件套位名人家户部辆亩份笔间栋座幢张平方项")
_CUT_BY_ZERO = regex(r"\d[〇零]$")  # 100零5万
_GLUED = regex(r"(?:[a-z]|\d[.,]|[{\[`\\#@&_])$")
_CURRENCIES = ("rmb", "cny", "usd", "hkd", "eur", "us$")
_BIT_BEFORE = ("差", "多", "少", "欠", "有", "过")
_BIT = regex(r"[差多少欠有过]一?点$")  # 差一点一千万: 一点 is no number


@dataclass(frozen=True, slots=True)
class Numeral:
    """The number at ``text[start:end]``: from ``low`` to ``high`` (equal for a plain figure).

    ``open``: said with 多 or 几, both ends excluded. ``approximate``: said with 来 or 把. ``vague``: a number is meant,
    but which one cannot be known (几百); its ends mean nothing. ``scaled``: carries 万, 亿 or a letter for them.
    ``round``: begins with a bare 百, 千, 万. ``scale`` is the last magnitude spoken (100 to 200 of "一到两百").
    """

    start: int
    end: int
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    open: bool = False
    approximate: bool = False
    vague: bool = False
    scaled: bool = False
    round: bool = False
    arabic: bool = False
    scale: Decimal = Decimal(1)


_THOUSAND = 1000
MOST = 200
"""A text with more numbers than these is read no further: nobody says so many."""


def find_numerals(text: str) -> list[Numeral]:
    """The numbers in ``text`` (plain), from left to right, without overlap."""
    found: list[Numeral] = []
    position = 0
    while len(found) < MOST and (match := _START.search(text, position)):
        numeral = numeral_at(text, match.start())
        if numeral:
            found.append(numeral)
            position = numeral.end
        else:
            position = match.end()
            while match.group().isdigit() and position < len(text) and text[position].isdigit():
                position += 1
    return found


def numeral_at(text: str, start: int) -> Numeral | None:
    """The number that begins at ``start``, None where there is none."""
    before = text[max(0, start - 4) : start]
    if text[start].isascii() and _GLUED.search(before) and not before.endswith(_CURRENCIES):
        return None
    numeral = _NumeralReading(text, start).numeral()
    if text.startswith("一点", start) and before.endswith(_BIT_BEFORE):
        return None
    # A magnitude or point that belongs to no number before it (萬二, 个点五): only half of what was meant.
    if numeral and (
        (_CUT_BEFORE.search(before) and not _BIT.search(before))
        or _CUT_BY_ZERO.search(before)
        or _CUT_BEHIND.match(text, numeral.end)
    ):
        return replace(numeral, vague=True)
    return numeral


def digit(word: str) -> int:
    """The number that one character names: 2 of 二, 两, 俩 and 2. Raises ValueError for any other."""
    return int(_DIGITS.get(word, word))


class _NumeralReading:
    """One left-to-right reading of a number: 亿 and 万 close a section, 千 百 十 add to it, digits wait for a magnitude."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.position = start
        self.total = (Decimal(0), Decimal(0))
        self.section = (Decimal(0), Decimal(0))
        self.waiting: tuple[Decimal, Decimal] | None = None
        self.waiting_short = False  # one spoken digit, which may stand for the next lower magnitude
        self.unit = Decimal(0)  # the last magnitude, 0 before any
        self.large: Decimal = Decimal(0)  # the last 万 or 亿
        self.small = Decimal(0)  # the last magnitude within the section
        self.zero = self.open = self.about = self.vague = self.scaled = self.round = False
        self.arabic = text[start].isdigit() or text[start] == "."
        self.ended = False
        self.left = 0  # characters of the last token that are no part of the number
        self.scale = Decimal(1)

    def numeral(self) -> Numeral | None:
        while not self.ended and (match := _TOKEN.match(self.text, self.position)):
            taken: Callable[[str], bool] = getattr(self, f"_{match.lastgroup}")
            if not taken(match.group()):
                break
            self.position = match.end() - self.left
        if self.position == self.start or (self.arabic and self._cut()):
            return None
        self._settle()
        if self.round and not self.scaled and not self.about:  # 千元 names a unit, 上千元 a figure
            self.vague |= not _BARE_BIG.search(self.text[max(0, self.start - 1) : self.start])
        vague = self.vague or self.total[1] < self.total[0]
        flags = (self.open, self.about, vague, self.scaled, self.round, self.arabic)
        return Numeral(self.start, self.position, *self.total, *flags, self.scale)

    def _cut(self) -> bool:
        """Figures with a dangling separator (12,00) or a decimal point too many are no number at all."""
        rest = self.text[self.position : self.position + 5]
        last = self.text[max(0, self.position - 4) : self.position]
        separator = last.isdigit() and len(last) == 4 and re.match(r",\d{1,2}(?![\d,])", rest)  # 6800，3 个人
        separator = separator or (_TAIL_OF_LARGE.search(last) and _NO_THOUSANDS.match(rest))  # 3w2,2w3
        return last[-1:].isdigit() and not separator and bool(re.match(r"[.,]?\d", rest))

    def _settle(self) -> None:
        short = self.waiting is not None and self.waiting_short and not self.zero
        if self.waiting is not None:
            factor = Decimal(1)
            if self.waiting_short and self.unit > 10 and not self.zero:
                factor = self.unit / 10
            elif self.unit > 1 and self.waiting[1] >= self.unit:
                self.vague = True
            elif self.unit >= 10**4 and not self.zero and self.waiting[1] < self.unit / 100:
                self.vague = True  # 26万85: 85 of what?
            self._add(self.waiting, factor)
            self.waiting = None
        if self.large >= 10**8 > 10**4 > self.section[0] >= 100 and self.section == (self.section[0],) * 2:
            if short and self.unit == _THOUSAND:  # 一亿八千五: 8500 of 万
                self._add(self.section, Decimal(10**4 - 1))
            else:
                self.vague |= self.unit < 10**4  # 三亿两千: 2000 or 20 million?
        self.total = (self.total[0] + self.section[0], self.total[1] + self.section[1])
        self.section = (Decimal(0), Decimal(0))

    def _add(self, pair: tuple[Decimal, Decimal], factor: Decimal) -> None:
        self.section = (self.section[0] + pair[0] * factor, self.section[1] + pair[1] * factor)

    def _arabic(self, word: str) -> bool:
        if self.waiting is not None or self.open or self._counts(word):
            return False
        value = Decimal(re.sub(r"[×x*]10\^", "e", word).replace(",", "").replace(" ", ""))
        self.ended = "e" in word or "^" in word
        return self._wait(value, value, short=len(word) == 1)

    def _counts(self, word: str) -> bool:
        """Whether a figure behind 万 or 亿 counts what stands behind it: 4000万|三个试点."""
        return self.unit >= 10**4 and len(word) == 1 and bool(_COUNTED.match(self.text, self.position + 1))

    def _digits(self, word: str) -> bool:
        if self.waiting is not None or self.open or self._counts(word):
            return False
        stripped = word.lstrip("〇零")
        if self.unit and len(stripped) < len(word):
            self.zero = True
        if not stripped:
            if not self.unit:
                self.waiting = (Decimal(0), Decimal(0))
                self.vague = len(word) > 1
            return True
        figures = [_DIGITS[c] for c in (stripped if self.unit else word)]
        after = self.text[self.position + len(word) : self.position + len(word) + 1]
        if word[-1] == "一" and self.unit >= (100 if after in tuple("年次天") else 1000) and after in _OF_ONE:
            if len(word) == 1:
                return False  # 160万|一年, 15万|一台
            if len(stripped) == len(word) == len("二一"):  # 四千二|一年
                self.left, self.ended = 1, True
                return self._wait(_DIGITS[word[0]], _DIGITS[word[0]], short=True)
        if len(figures) == 1:
            self.ended = word[0] in "俩仨" and not self.unit and after not in tuple("十百千万亿")
            return self._wait(figures[0], figures[0], short=True)
        if len(figures) == 2 and not (set(stripped) & set("〇零")):
            # Neighbours are a span (两三百); 三五 is no figure, and 一二年 may be a year.
            self.vague |= figures[1] != figures[0] + 1 or (after == "年" and word[0] in "一二" and "两" not in word)
            return self._wait(figures[0], figures[1], short=True)
        self.vague |= all(b == a + 1 for a, b in pairwise(figures))  # 一二三万
        value = Decimal("".join(str(f) for f in figures))
        return self._wait(value, value)

    def _wait(self, low: Decimal, high: Decimal, short: bool = False) -> bool:
        self.waiting, self.waiting_short = (low, high), short
        return True

    def _small(self, word: str) -> bool:
        value = Decimal(_SMALL[word])
        if word in "廿卅":
            if self.waiting is not None:
                return False
            self._add((value, value), Decimal(1))
            self.unit = self.small = Decimal(10)
            return True
        before = self.waiting
        if before is None:
            before = (Decimal(1), Decimal(1))
            if self.position == self.start:
                if value > 10:
                    before_it = self.text[max(0, self.start - 1) : self.start]
                    if before_it in tuple("(个半") or (before_it.isascii() and before_it.isalpha()):
                        return False  # N百万, （千元）
                    self.round = True
                    self.arabic = False
                    if self.text[self.position + 1 : self.position + 2] in tuple("十百八一二三四五六七九"):
                        self.vague = True  # 百十, 百八十: an idiom, no sum
            elif not (self.unit and value == 10):
                return False
            elif not self.zero and self.small:
                self.vague = True
        if self.small and value >= self.small:
            return False
        if self.round and self.small:
            self.vague = True
        self._add(before, value)
        self.waiting = None
        self.zero = False
        self.unit = self.small = self.scale = value
        return True

    def _big(self, word: str) -> bool:
        value = Decimal(_BIG[word.strip()])
        ascii_letter = word.isascii()
        if ascii_letter and (self.waiting is None and not self.small):
            return False
        empty = self.waiting is None and self.section == (0, 0)
        if empty and self.total == (0, 0):
            bare = self.position == self.start
            if not bare or not (
                _BARE_BIG.search(self.text[max(0, self.start - 1) : self.start])
                or self.text.startswith("把", self.position + 1)
            ):
                return False
            self.round = True
            self.section = (Decimal(1), Decimal(1))
        elif empty and value <= self.unit:
            return False
        elif self.large == value:  # 一万三千万 is thirteen thousand times ten thousand
            self.vague |= not self.zero and (self.waiting is not None or self.small < 1000)
        elif self.waiting is not None and self.waiting_short and self.small > 10 and not self.zero and not self.arabic:
            self.vague = True  # 三百五万: 350 or 305?
        if self.waiting is not None:
            self._add(self.waiting, Decimal(1))
            self.waiting = None
        if empty and not self.round:  # 万亿
            self.total = (self.total[0] * value, self.total[1] * value)
        elif self.total != (0, 0) and value >= self.large >= 10**4 and not (self.zero and value == self.large):
            self.total = ((self.total[0] + self.section[0]) * value, (self.total[1] + self.section[1]) * value)
        else:
            self.total = (self.total[0] + self.section[0] * value, self.total[1] + self.section[1] * value)
        self.section = (Decimal(0), Decimal(0))
        self.scale = value * self.small if self.small else value
        self.unit = self.large = value
        self.small = Decimal(0)
        self.zero = False
        self.scaled = self.scaled or ascii_letter or value >= 10**4
        return True

    def _point(self, word: str) -> bool:
        whole = self.waiting or (Decimal(0), Decimal(0))
        if whole[0] != whole[1] or whole[0] != whole[0].to_integral_value():
            return False
        digits = "".join(c if c.isascii() else str(_DIGITS[c]) for c in word[1:])
        value = whole[0] + Decimal(f"0.{digits}")
        self.zero = True
        return self._wait(value, value)

    def _half(self, _: str) -> bool:
        rest = self.text[self.position + 1 : self.position + 5]
        half = (Decimal("0.5"), Decimal("0.5"))
        if self.position == self.start:
            if not re.match(r"个?(?:亿|小目标|[百千]万)", rest):
                return False
            self.vague |= self.text[self.start - 1 : self.start] in tuple("大小多")
            return self._wait(*half)
        if self.unit >= 10**4 and self.waiting is None and self.section == (0, 0):  # 一亿半
            self._add(half, self.unit)
            self.ended = True
            return True
        if self.text[self.position - 1] == "个" and self.waiting is not None and re.match(r"亿|小目标", rest):
            self._add(half, Decimal(1))
            return True
        return False

    def _classifier(self, _: str) -> bool:
        return self.waiting is not None or self.section != (0, 0)

    def _open(self, _: str) -> bool:
        if self.open or self.position == self.start:
            return False
        if self.waiting is not None and self.waiting_short and self.unit > 10 and not self.zero:
            self.vague = True
        if self.waiting is None and self.section == (0, 0):  # 一万多: the open end is below the last section
            self.total = (self.total[0], self.total[1] + step(self.total[0]))
        else:
            spoken = self.section[0] + (self.waiting[0] if self.waiting else 0)
            self._add((Decimal(0), step(spoken)), Decimal(1))
        self.open = True
        return True

    def _some(self, word: str) -> bool:
        if self.open:
            return False
        tens = self.waiting is not None and self.arabic and self.waiting[0] >= 10 and not self.waiting[0] % 10
        if word == "几" and (tens or (self.small == 10 and self.waiting is None)):  # 十几, 60几
            self._add((Decimal(0), Decimal(10)), Decimal(1))
            self.open = True
            return True
        if self.waiting is not None:
            return False
        self.vague = True
        if (
            word == "几"
            and self.position == self.start
            and re.match(
                r"几(?!十|百|千|万|亿|个|块|成|年|平|元|天|家|亩)", self.text[self.position : self.position + 2]
            )
        ):
            return False
        self.waiting = (Decimal(1), Decimal(9))
        return True

    def _about(self, word: str) -> bool:
        if self.position == self.start or self.about:
            return False
        if word == "把" and not self.round:
            return False
        if word == "来" and self.waiting is not None and self.waiting[0] % 10:
            return False
        self.about = True
        return True


def step(value: Decimal) -> Decimal:
    """The place of the last figure spoken: 300 -> 100, 350 -> 10, 1.5 -> 0.1."""
    if not value:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)
