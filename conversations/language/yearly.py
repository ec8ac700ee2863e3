"""Which part of a text tells of which calendar year: 2021年营收2000万，2022年2300万.

A year claims what follows it up to the next one, years that are listed their figures in order, a lone year the whole. What
stands only beside another (比2020年增长两成) tells of none. Knows no fact.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from conversations.language.days import DayMention, find_days
from conversations.language.lexicon import lexicon
from conversations.language.numerals import digit
from conversations.language.quantities import Quantity, UnitKind, find_quantities
from conversations.language.text import blank, blanked
from knowledge.patterns import regex

_ZH = lexicon("years")
_JOINS = regex(r"[、,和跟与及]*(?:年度?)?")
_CLAUSE_END = regex(r"[,。;!?]|$")
_ANSWERS = lexicon("answers")
FIGURES = (UnitKind.MONEY, UnitKind.AREA, UnitKind.COUNT, UnitKind.NUMBER, UnitKind.RATIO)
"""The kinds of quantity that may be told of a year."""


def by_year(text: str, on: date | None) -> dict[int | None, str] | None:
    """Per year plain ``text``, as long as it was, with all blanked that does not tell of it; None where no time is
    named. Under None stands what is told of another time than a whole year."""
    mentions = find_days(text, on)
    text = _without_comparisons(text, mentions)
    named = tuple(mention for mention in mentions if not mention.compared)
    if not named:
        return None
    if len({mention.year for mention in named}) == 1:
        return {named[0].year: blanked(text, named)}
    listed = all(_JOINS.fullmatch(text, a.end, b.start) for a, b in pairwise(named))
    return _listed(text, named) if listed else _following(text, named)


def heads(text: str, on: date | None) -> int | None:
    """The one year that is all that plain ``text`` says, as above a list; None where it says more."""
    mentions = find_days(text, on)
    rest = _ZH["heading"].sub("", blanked(text, mentions))
    return mentions[0].year if len(mentions) == 1 and not any(map(str.isalnum, rest)) else None


def nothing_then(text: str) -> bool:
    """Whether plain ``text``, its years blanked, says no more than that there was nothing: 就没有了 · 一分没卖."""
    return bool(_ZH["nothing"].fullmatch(text.strip(",。")))


def without_comparisons(text: str, on: date | None) -> str:
    """Plain ``text``, as long as it was, without what is only told beside another time: 比2020年多300万."""
    return _without_comparisons(text, find_days(text, on))


def _without_comparisons(text: str, mentions: Sequence[DayMention]) -> str:
    for mention in reversed(mentions):
        if mention.compared:
            start = len(text[: mention.start].rstrip("比较同相对跟和与于"))
            text = blank(text, start, _CLAUSE_END.search(text, mention.end).start())  # type: ignore[union-attr]
    return text


def _following(text: str, named: tuple[DayMention, ...]) -> dict[int | None, str]:
    """Each year with what follows it."""
    found: dict[int | None, str] = {}
    ends = [*(mention.start for mention in named[1:]), len(text)]
    for mention, end in zip(named, ends, strict=True):
        told = _only(text, mention.end, end)
        if mention.year in found and find_quantities(found[mention.year]):
            return {}  # told twice: which counts?
        found[mention.year] = told
    return found


def _listed(text: str, named: tuple[DayMention, ...]) -> dict[int | None, str]:
    """2021、2022年分别是2000万、2300万: the figures in the order of the years."""
    figures: list[Quantity] = [q for q in find_quantities(_only(text, named[-1].end, len(text))) if q.kind in FIGURES]
    if len(figures) == 1 and _ZH["each"].search(text, named[-1].end, figures[0].start):
        return {m.year: _only(text, figures[0].start, figures[0].end) for m in named}
    if len(figures) != len(named):
        return {}
    return {m.year: _only(text, figure.start, figure.end) for m, figure in zip(named, figures, strict=True)}


def _only(text: str, start: int, end: int) -> str:
    return "," * start + text[start:end] + "," * (len(text) - end)


def by_turns(text: str) -> int:
    """How many years plain ``text`` names side by side: 去年跟前年; 0 where it names no two."""
    years = list(_ZH["a_year"].finditer(text))
    together = all(_ZH["by_turns"].fullmatch(text, a.end(), b.start()) for a, b in pairwise(years))
    together = together and len({"第" in year[0] or "头" in year[0] for year in years}) == 1  # 去年领过第一年: one
    return len(years) if len(years) > 1 and together else 0


def only_turns(text: str) -> bool:
    """Whether plain ``text`` says of years that it names side by side no more than that they were had."""
    return bool(_ZH["by_turns"].fullmatch(_ZH["a_year"].sub("", text).rstrip("。")))


def first_years(text: str) -> int:
    """How many years plain ``text`` says were had, told as the first ones: 只领了头一年的, 前两年的都拿了; 0 where it says none."""
    told = list(_ANSWERS["first_years"].finditer(text))
    if len(told) != 1 or _ANSWERS["lacking_year"].search(text, *told[0].span()):
        return 0
    return digit(told[0]["n"] or told[0]["m"])
