"""Whether a figure in an answer belongs to the question, or is a figure of something else.

A figure belongs where nothing that stands around it is foreign: the question's own words, and what may lead in to
anybody's figure (刚好, 会计说, 报表上是). A list of all other things that have figures has no end; this one has.
"""

import re
from collections.abc import Sequence

from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, UnitKind, without_hedges
from conversations.language.text import normalise
from knowledge.policy import Fact

_ZH = lexicon("belonging")
TOTAL = _ZH["total"]
_PAYING = frozenset("投花交付掏出用缴")
_GETTING = frozenset("收挣赚拿给批拨补得领发")
# Single words that turn a figure into another one: not had, left over, by whom, by how much more.
_TURNING = frozenset("没不未退欠应少多比剩空省市建关停等涨降银卖报说笔龄方丢减账") | _PAYING | _GETTING
_PIECES = frozenset("个张枚支把套份人")


class Belonging:
    """What belongs to the question for ``fact``, a figure: its label and its ``reads`` say what it is called and what
    not; ``kinds`` are the quantities that can answer it.
    """

    def __init__(self, fact: Fact, kinds: tuple[UnitKind, ...]) -> None:
        self._kinds = kinds
        self._names = tuple(map(normalise, fact.reads.names))
        self._longest = sorted(self._names, key=len, reverse=True)
        self._others = tuple(map(normalise, fact.reads.others))
        self.planned = fact.type == "area" or fact.reads.period == "span"  # what counts whether it is there or not yet
        self._own_words = normalise(" ".join((fact.label, *fact.reads.names)))
        self._of_one = _ZH["each_one"].search(self._own_words) is not None
        self._local = _ZH["local"].search(self._own_words) is not None  # of this place alone
        self._bigrams = _bigrams(normalise(fact.label))
        known = set(self._own_words) | set(
            "的了呀啊哩嘞哈呢吧嘛哦噢呗地也都就还又再才刚早已经是有在这那个些里儿它上下来去要会做着过进掉到大概约共总计数额一“”¥"
            + fact.counter
        )
        for verbs in (_PAYING, _GETTING):
            known |= verbs if verbs & known else set()
        self._known = frozenset(known)

    def own(self, text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
        """Whether ``quantity``, one of those ``beside`` it in plain ``text``, is a figure of the question."""
        one = _of_each(text, quantity, beside) or (not self._of_one and _ZH["one_behind"].match(text, quantity.end))
        one = one or _of_a_part(text, own_part(text, quantity, beside))
        return not (one or self.of_something_else(text, quantity, beside) or self._turned(text, quantity, beside))

    def counted(self, text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
        """Whether ``quantity``, in the question's own unit word, is one of its figures: what it counts may be said beside
        it (300 亩水稻)."""
        before = text[quantity.at - len(own_part(text, quantity, beside)) : quantity.start]
        return not (
            self.of_something_else(text, quantity, beside)
            or (_TURNING - self._known) & {*_ZH["out"].sub("", without_hedges(before))}
        )

    def of_something_else(self, text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
        """Whether the words around ``quantity`` say that it is the figure of another thing than the question's."""
        left, right = quantity.clause
        alone = not any(left <= q.start < right for q in beside if q is not quantity and q.kind is not UnitKind.DATE)
        own = own_part(text, quantity, beside)
        clause = own + (text[quantity.end : right] if alone else "")
        since = max((q.end for q in beside if q.end <= quantity.start and q.kind in self._kinds), default=0)
        bracket = _ZH["bracket"].match(text, quantity.end)
        if self._is_of_others(clause + (bracket.group() if bracket else "")):
            return True
        if not self.closeness(own) and self._is_of_others(text[since:left]):
            return True
        if any(q.unit == "第" and 0 <= quantity.start - q.end <= 1 for q in beside):
            return True  # 第一年 1000，以后每年 500
        if _ZH["not_had"].search(text[max(0, left - 2) : left] + own):
            return True
        other = _ZH["other"].search(clause)
        return other is not None and other.group() not in self._own_words and not self.closeness(clause)

    def _is_of_others(self, words: str) -> bool:
        """Whether what is named in ``words`` is another thing than what the question asks for."""
        for name in self._longest:
            words = words.replace(name, "")
        return any(other in words for other in self._others)

    def _turned(self, text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
        """Whether words foreign to the question stand before a figure, or a denial behind it."""
        left, right = quantity.clause
        left = max([left, *(q.end for q in beside if q.end <= quantity.start)])
        before, behind = text[left : quantity.start], text[quantity.end : right]
        if _ZH["within"].match(behind) or (not self.planned and _ZH["intended"].search(before)):
            return True
        alone = not any(quantity.end <= q.start < right for q in beside)
        if alone and (_ZH["turned"].match(behind) or len(self.foreign(behind)) > 1):
            return True
        foreign = self.foreign(before)
        return (len(foreign) > 1 or bool(_TURNING & set(foreign))) and not _ZH["raised"].search(before)

    def foreign(self, words: str) -> list[str]:
        """The characters that belong neither to the question nor to what may stand beside anybody's figure."""
        left = _ZH["lead_in"].sub("", TOTAL.sub("", without_hedges(words)))
        return [character for character in left if not character.isascii() and character not in self._known]

    def closeness(self, clause: str) -> int:
        """How many of the question's own words stand in ``clause``."""
        near = 3 if self._local and _ZH["local"].search(clause) else 0
        return near + len(self._bigrams & _bigrams(clause)) + sum(2 for name in self._names if name in clause)


def _of_each(text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
    """Whether a figure is said of one of several: 一个证书 200，买了 10 个."""
    counts = [q for q in beside if q.kind is UnitKind.COUNT and q.unit != quantity.unit]
    if TOTAL.search(own_part(text, quantity, beside)):
        return False  # 一人两千八，一共五千六
    behind = [q for q in counts if q.at > quantity.at and q.value != 1 and q.unit in _PIECES]
    if not quantity.scaled and any(not _ZH["in_all"].match(text, q.end) for q in behind):
        return True  # 500 块一年，一共 3 个; not 八百四，四个证一共
    of_one = any(q.value == 1 and 0 <= quantity.start - q.end <= 6 for q in counts)
    return of_one and (not quantity.scaled or any(q.value != 1 for q in counts))


def _of_a_part(text: str, before: str) -> bool:
    """Whether what stands ``before`` a figure of plain ``text`` makes it that of one of several parts: 批了两笔，一笔500万."""
    part = _ZH["one_part"].search(before)
    return part is not None and any(m["of"] == part["of"] for m in _ZH["parts"].finditer(text))


def own_part(text: str, quantity: Quantity, all_of_them: Sequence[Quantity]) -> str:
    """The words that go with one figure: its clause, no further than the figures beside it."""
    left, _right = quantity.clause
    left = max([left, *(q.end for q in all_of_them if q.end <= quantity.start)])
    return text[left : quantity.at]


def _bigrams(text: str) -> frozenset[str]:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return frozenset(
        pair
        for pair in pairs
        if re.fullmatch(r"[\u4e00-\u9fff]{2}", pair)
        and not set(pair) & set("的是了在这给")
        and not _ZH["generic"].fullmatch(pair)
    )
