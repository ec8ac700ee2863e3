"""How many things of a list there are said to be, beside their name: 两栋楼, 三位人才, 两台…都认定了; shares that two counts tell.

Knows no policy: the nouns come from the lexicon.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statement, Statements
from conversations.language.descriptions_words import FactWords, Mention
from conversations.language.ordinals import ALL
from conversations.language.quantities import Quantity, UnitKind, find_quantities
from knowledge.patterns import regex

COUNT = regex(
    r"(?<![第零\d百十千万、])([两俩二三仨四五2-5])(?:(?<=[俩仨])|个|座|栋|幢|家|项|处)(?!月|亿|季|点|多?百分|多?人|多?户)"
)
_COUNTED = regex(r"(?<![第零\d百十千万、])([两俩二三四五2-5])(?:位|名|笔|台|套|款|人)")
"""Counters of other things as well: those of what stands beside them."""
ONE = regex(r"(?<![同每这那第另是外各])一[个座栋幢家]|(?:^|(?<=[,是有]))一[个座栋幢家]")
_THERE_ARE = regex("(?:我们?|咱们?|俺们?|公司|厂里|我司|手[里上]|目前|现在|去年|今年|前年)*(?:一?共|总共)?有")
_ONE_MORE = regex("(?:另外|此外|除此之外)(?:我们?|公司|,)*(?:还有|有)?|(?:我们?|俺们?|咱们?|公司|厂里|,)*[还另又]有")
_GOES_ON = regex(r"$|[,是也不都用跟和与属由从在\da-z]")
_CLOSE = 4
_MADE_INTO = regex("[改建成办做]了?[个座]")
_REACH = 10
_NEAR = 8
_ORDERS = "头第末后前"
"""What makes of a number which one it is."""


def count_beside(lexicon: Lexicon, text: str, mention: Mention, subject: str) -> re.Match[str] | None:
    """The number of things of ``subject`` beside ``mention``, their name in a clause; None where there is none."""
    near = max(0, mention.start - _REACH), mention.end + _REACH
    counts = list(COUNT.finditer(text, *near))
    beside = (c for c in counts if c.end() == mention.start or c.start() == mention.start)  # 两个楼宇三个园区
    count = next(beside, counts[0] if counts else None)
    if count is None and (found := _COUNTED.search(text, *near)):
        within = mention.start <= found.start() < mention.end  # 贷了两笔技改贷款
        headed = bool(_THERE_ARE.fullmatch(text, 0, found.start()))  # 有两台产品认定了首台套
        reach = _REACH if headed else _CLOSE
        close = within or 0 <= mention.start - found.end() <= reach or found.end() == len(text)
        own = found[0][-1] in lexicon.counters[subject]  # 新购贴片机5台: how many of the one kind
        count = found if not own and (close or ALL.search(text)) else None
    if count is None or _MADE_INTO.search(text, count.end(), mention.start):
        return None  # 两栋旧厂房改了个园区
    beyond = [m for m in lexicon.nouns_in(text) if m.word is not mention.word]
    if any(m.start <= count.end() <= m.end and m.start > mention.start for m in beyond):
        return None  # 园区里两栋楼: the number of something else
    return count


def told_again(text: str, at: int, told: int, counted: int) -> int | None:
    """面积一个1.2万一个8千，入驻率一个六成一个五成: which of the things ``counted`` the one at ``at`` is, behind so many ``told`` in its
    sentence: the first again, where all of them are told again; None where it is not certain."""
    if not counted or told < counted:
        return told
    begun = max(text.rfind(mark, 0, at) for mark in "。!?;") + 1
    end = min((place for mark in "。!?;" if (place := text.find(mark, at)) >= 0), default=len(text))
    return None if len(ONE.findall(text, begun, end)) % counted else told % counted


def apart(text: str) -> set[int]:
    """Where a clause goes on to others of the things counted: 两个省级|一个市级, and not 头一个和末一个."""
    starts = sorted(m.start() for counted in (COUNT, ONE) for m in counted.finditer(text))
    return {start for start in starts[1:] if text[start - 1] not in _ORDERS}


def of_all(lexicon: Lexicon, text: str, subject: str) -> bool:
    """有俩项目进了名单: whether a clause that counts things, once, says of them all what is so or not; no figure is."""
    said = [m.word for m in lexicon.facts_in(text, subject, "") if isinstance(m.word, FactWords)]
    own = [words.fact for words in said if words.fact.subject == subject]
    once = len(COUNT.findall(text)) + len(_COUNTED.findall(text)) == 1 and not ONE.search(text)
    chosen = {m.choice for m in lexicon.chosen_in(text, subject)}
    told = len(chosen) == 1 if chosen else any(fact.type == "bool" for fact in own)
    return once and told and not find_quantities(_COUNTED.sub("", COUNT.sub("", text)))


def one_more(lexicon: Lexicon, text: str, subject: str) -> bool:
    """另外还有500万流动资金贷款: whether a clause tells of one more thing of ``subject``, by its size and by the name of such things;
    not 还有500万贷款没还."""
    lead = _ONE_MORE.match(text)
    size = next((q for q in find_quantities(text) if lead and q.start == lead.end()), None)
    if size is None or re.search("[没未]", text):
        return False
    near = text[size.end : size.end + _REACH]
    ends = [size.end + near.find(name) + len(name) for name in _names(lexicon, subject) if name in near]
    return any(_GOES_ON.match(text, end) for end in ends)


def _names(lexicon: Lexicon, subject: str) -> tuple[str, ...]:
    """What the things of ``subject`` are called."""
    return next((tuple(noun.names) for noun in lexicon.nouns if noun.subject == subject), ())


class Shares:
    """The shares that two counts of one text tell: 入驻75家，做电商的45家."""

    def __init__(self, lexicon: Lexicon, draft: Statements) -> None:
        self._lexicon = lexicon
        self._draft = draft
        self._counted: dict[str, tuple[Decimal, int]] = {}  # how many there are in all, and where it was said

    def take(self, clause: SpokenClause, quantities: Sequence[Quantity], focus: str | None) -> None:
        """Take in the counts of a clause that is about an item of the list ``focus``."""
        behind = 0
        for quantity in quantities:
            before = clause.text[behind : quantity.end]
            after = clause.text[quantity.start : quantity.end + _NEAR]
            behind = quantity.end
            if quantity.kind is not UnitKind.COUNT or not isinstance(quantity.value, Decimal):
                continue
            for words in self._lexicon.facts:
                if words.fact.subject != focus or not words.part or not words.total:
                    continue
                total, start = self._counted.get(words.fact.id, (Decimal(0), 0))
                if (words.part.search(before) or words.part.search(after)) and 0 < quantity.value <= total:
                    share = (quantity.value / total).quantize(Decimal("0.0001"))
                    self._draft.state(words.fact, Statement(share, start, clause.start + quantity.end))
                elif words.total.search(before) or words.total.search(after):
                    self._counted[words.fact.id] = (quantity.value, clause.start + quantity.start)
