"""Quantities in plain text: measures together with what is said about them (以上, 不到, 大概, 到, 每, 不是).

Says what is meant where it is meant exactly, as a span where only so far, and nothing (``value`` None) where no figure
follows (几百万, 每层四千平, 差两个月, a negative amount, a sum). Which of several quantities answers a question is the
business of ``answers``. The work is linear in the text: what stands around a quantity is looked at through a window of
fixed width, and what is said of a whole clause is read once for the clause.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from conversations.language.lexicon import lexicon
from conversations.language.numerals import step
from conversations.language.units import Measure, UnitKind, find_measures, rounded, with_unit
from knowledge.patterns import regex
from rules.values import Range

__all__ = ["Quantity", "UnitKind", "find_quantities", "hedged"]

_LARGE_UNITS = (Decimal(10**4), Decimal(10**8))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at ``text[start:end]``, its bounds included.

    ``value`` is a figure in the unit of its kind, a ``Range`` for what is known only so far, None for what is no
    figure. ``at`` is where the number itself begins, ``unit`` its unit's own word ("" for none), ``factor`` what turned the
    spoken number into the unit of its kind. ``scaled``: the
    number carries 万 or 亿. ``denied``: said not to be so (不是八百万). ``yearly``: said of each year. ``clause`` is the
    stretch between punctuation (or 但, 不过) in which it stands. ``suggests`` is a figure that the words come to without
    stating it: a sum (8000 加 4000 平), or twelve times what is said of each month (``monthly``). ``each`` is the figure
    that is said of one of several things (每台 45 万).
    """

    kind: UnitKind
    value: Decimal | Range | None
    start: int
    end: int
    at: int
    unit: str = ""
    approximate: bool = False
    scaled: bool = False
    denied: bool = False
    yearly: bool = False
    monthly: bool = False
    suggests: Decimal | Range | None = None
    each: Decimal | Range | None = None
    factor: Decimal = Decimal(1)
    clause: tuple[int, int] = (0, 0)

    @property
    def bare(self) -> bool:
        """Whether it is a number with neither a unit nor 万 or 亿."""
        return self.kind is UnitKind.NUMBER and not self.scaled

    def in_large_units(self) -> "list[Quantity]":
        """The figures that it may be in 万 or 亿 where those are left out, as it is told again: 1060, for 1060万."""
        value = self.value
        if not self.bare or not isinstance(value, Decimal):
            return []
        return [replace(self, value=value * large, scaled=True, factor=self.factor * large) for large in _LARGE_UNITS]

    def meanings(self) -> "list[Decimal | Range | None]":
        """The value as it is, and those that it may be in 万 or 亿."""
        return [self.value, *(each.value for each in self.in_large_units())]


_LINK = r"(?:也|都|就|才|是|有|了|个|着|在|到|为|于|人民币|[¥￥:]|rmb|大概|大约|约|差不多|这|那|已经?|它)*$"
_ZH = lexicon("quantities")
_BOUNDS = ("at_most", "at_least", "more_than", "less_than")
_BEFORE = tuple((bound, regex(f"(?:{_ZH[f'before_{bound}'].pattern}){_LINK}")) for bound in _BOUNDS)
_COMPARED = (
    ("more_than", regex(r"(?:还|要|都)*(?:多|高|大)(?:一?点|一?些)?")),
    ("less_than", regex(r"(?:还|要|都)*(?:少|低|小)(?:一?点|一?些)?")),
)
_ROUND = (("at_least", "[上成]$"), ("more_than", "[过超破]$"), ("less_than", "近$"))
_ROUND_BEFORE = tuple((bound, regex(words)) for bound, words in _ROUND)
_HALF_BEFORE = (("more_than", regex(r"(?:过|超过?|刚过|已过|早过)$")), ("less_than", regex(r"近$")))
_AFTER = tuple((bound, _ZH[f"after_{bound}"]) for bound in ("more_than", "less_than", "at_least", "at_most", "open"))
_TAKEN_ON = (UnitKind.MONEY, UnitKind.AREA, UnitKind.COUNT, UnitKind.NUMBER)
"""Whose unit a bare number before it takes on."""
_CLOSE, _FAR, _WINDOW = 4, 24, 40  # characters: what lies further off belongs to something else


def find_quantities(text: str, counters: Sequence[str] = ()) -> tuple[Quantity, ...]:
    """All quantities of plain ``text`` in order, without overlap; ``counters`` are unit words beside the usual ones."""
    return _quantities(text, tuple(counter for counter in counters if counter in text))


@lru_cache(maxsize=256)  # a clause is asked for them for each list, for its figures, and as a part of what was said
def _quantities(text: str, counters: tuple[str, ...]) -> tuple[Quantity, ...]:
    measures = [_with_currency(text, measure) for measure in find_measures(text, counters)]
    for index, (before, after) in enumerate(pairwise(measures), 1):
        if before.vague and after.start - before.end <= 1:  # 几百上千万
            measures[index] = replace(after, vague=True)
    found: list[tuple[Quantity, Measure]] = []
    index = 0
    while index < len(measures):
        terms = _terms(text, measures, index)
        if len(terms) > 1:
            quantity = _sum(text, terms)
        elif both := _joined(text, measures[index : index + 2], counters):
            quantity, terms = both, measures[index : index + 2]
        else:
            quantity = _bounded(text, measures[index])
        if found and (span := _two_sided(text, *found[-1], quantity, measures[index])):
            found[-1] = span, terms[-1]
        else:
            found.append((quantity, terms[-1]))
        index += len(terms)
    if not found:
        return ()
    clauses = _Clauses(text)
    return tuple(_in_context(text, quantity, clauses) for quantity, _ in found)


class _Clauses:
    """The clauses of a text, and what is said in the whole of each."""

    def __init__(self, text: str) -> None:
        self._text = text
        cuts = [match.span() for match in _ZH["separator"].finditer(text)]
        self._starts, self._ends = [start for start, _ in cuts], [end for _, end in cuts]
        self._said: dict[tuple[int, int], tuple[bool, bool]] = {}

    def around(self, start: int, end: int) -> tuple[int, int]:
        left, right = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return (
            self._ends[left - 1] if left else 0,
            self._starts[right] if right < len(self._starts) else len(self._text),
        )

    def short_and_hedged(self, clause: tuple[int, int]) -> tuple[bool, bool]:
        """Whether the clause says that something is wanting (差两个月), and that its figures are about right."""
        if clause not in self._said:
            words = self._text[slice(*clause)]
            self._said[clause] = bool(_ZH["short_of"].search(words)), hedged(words)
        return self._said[clause]


def hedged(text: str) -> bool:
    """Whether plain ``text`` says that a figure in it is only about right."""
    return bool(_ZH["hedge"].search(text))


def without_hedges(text: str) -> str:
    """Plain ``text`` without the words that hedge."""
    return _ZH["hedge"].sub("", text)


def _with_currency(text: str, measure: Measure) -> Measure:
    before = text[max(0, measure.start - 6) : measure.start]
    if measure.kind not in (UnitKind.NUMBER, UnitKind.MONEY):
        return measure
    if _ZH["foreign_before"].search(before):
        return replace(measure, kind=UnitKind.FOREIGN)
    return replace(measure, kind=UnitKind.MONEY) if _ZH["currency"].search(before) else measure


def _terms(text: str, measures: list[Measure], index: int) -> list[Measure]:
    """The measures from ``index`` on that are added up or taken from each other: 900+450 万, 2300 万减去 400 万."""
    last = index + 1
    while last < len(measures) and _ZH["plus_minus"].fullmatch(text, measures[last - 1].end, measures[last].start):
        last += 1
    return measures[index:last]


def _sum(text: str, terms: list[Measure]) -> Quantity:
    """What several terms come to is suggested, not stated."""
    first, last = terms[0], terms[-1]
    like = [
        term
        if term.kind is not UnitKind.NUMBER
        else replace(_times(term, last.factor * (_large(last) if last.scaled > term.scaled else 1)), kind=last.kind)
        for term in terms
    ]
    clear = all(m.kind is last.kind and m.low == m.high and not m.vague for m in like)
    links = [_ZH["plus_minus"].fullmatch(text, a.end, b.start) for a, b in pairwise(terms)]
    added = not any(link is None or link["what"] or re.search("[减扣刨]", link.group()) for link in links)
    total = rounded(sum((m.low for m in like), Decimal(0))) if clear and added else None
    kind = next((m.kind for m in like if m.kind is not UnitKind.FOREIGN), last.kind)
    return replace(_spanning(first, last, None), kind=kind, suggests=total)


def _spanning(first: Measure, last: Measure, value: Decimal | Range | None) -> Quantity:
    """A quantity from ``first`` to ``last``, in the unit of the last."""
    about = first.approximate or last.approximate
    at, unit = first.start, last.unit or first.unit
    return Quantity(last.kind, value, at, last.end, at, unit, about, last.scaled, factor=last.factor)


def _two_sided(text: str, first: Quantity, unit: Measure, second: Quantity, own: Measure) -> Quantity | None:
    """A lower and an upper bound side by side are one span: 大于 30 小于 50 万元, 200 多不到 300."""
    first = _from_just_over(text, first)
    if not isinstance(first.value, Range) or not isinstance(second.value, Range):
        return None
    if second.start - first.end > _CLOSE or not _ZH["and"].fullmatch(text, first.end, second.start):
        return None
    if unit.scaled and not own.scaled and own.kind is UnitKind.NUMBER and own.high < unit.low:
        second = _bounded(text, _times(own, _large(unit)))  # 500万往上、550不到
        if not isinstance(second.value, Range):
            return None
    if first.kind is UnitKind.NUMBER is unit.kind and second.kind in _TAKEN_ON:
        like = replace(unit, kind=second.kind)
        if own.scaled and not unit.scaled:
            upper_first = first.value.low is None
            like = _times(like, _large(own)) if upper_first else replace(_in_unit_of(unit, own), kind=second.kind)
        first = _from_just_over(text, _bounded(text, like))
    low, high = first.value, second.value
    if not isinstance(low, Range) or first.kind is not second.kind:
        return None
    if low.low is None:
        low, high = high, low
    if low.low is None or high.high is None or (high.low or 0) > low.low or low.low >= high.high:
        return None
    span = Range(low.low, high.high, low.low_open, high.high_open)
    return replace(second, value=span, start=first.start, at=first.at, scaled=first.scaled or second.scaled)


def _from_just_over(text: str, first: Quantity) -> Quantity:
    """二十万出头 as what it is where an upper bound follows: more than that."""
    if not isinstance(first.value, Decimal) or not _ZH["just_over"].search(text, first.at, first.end):
        return first
    return replace(first, value=Range(low=first.value, low_open=True), approximate=False)


def _joined(text: str, pair: Sequence[Measure], counters: Sequence[str]) -> Quantity | None:
    """Two measures that make one: 100万到200万, 一百到两百万, 一百和两百万之间, 310 还是 330 万, and 20 户里有 13 户 where it is
    no count of 户 that is looked for."""
    if len(pair) < 2:
        return None
    first, second = pair
    if second.start - first.end > _FAR:
        return None
    between = text[first.end : second.start]
    if first.kind is UnitKind.COUNT and second.kind in (UnitKind.COUNT, UnitKind.NUMBER):
        share = first.unit not in counters and _ZH["share_of"].fullmatch(between)
        return _share(first, second) if share else None
    guess = _ZH["or"].fullmatch(between)
    surrounded = _ZH["between"].fullmatch(between) and _ZH["surround"].match(text, second.end)
    neighbours = between == "、" and first.high < 10 and second.scaled and second.low == (first.low + 1) * second.scale
    if not guess and not surrounded and not neighbours and not _ZH["join"].fullmatch(between):
        return None
    if first.kind is UnitKind.RATIO and first.unit == "%" and second.kind is UnitKind.NUMBER:  # 百分之五十到六十
        second = replace(second, kind=UnitKind.RATIO, low=second.low / 100, high=second.high / 100)
    if first.kind is UnitKind.NUMBER and second.kind is not UnitKind.DATE and second.unit != "个":
        first = _in_unit_of(first, second)
    if first.kind is not second.kind or first.kind in (UnitKind.DATE, UnitKind.FOREIGN):
        return None
    vague = guess or first.vague or second.vague or _ZH["negative"].search(text[max(0, first.start - 4) : first.start])
    clear = first.low < second.high and not vague
    span = Range(rounded(first.low), rounded(second.high), first.open, second.open) if clear else None
    tail = _ZH["within_tail"].match(text, second.end)
    end = tail.end() if tail else second.end
    return replace(_spanning(first, second, span), end=end)


def _in_unit_of(first: Measure, second: Measure) -> Measure:
    """A bare number takes the unit of the one it is joined to, and its 万: 一百到两百万, 六到七成, 8 到 10 个月."""
    factor = second.factor
    if not second.scaled and not first.scaled and first.high < 10 <= second.scale:  # 三到五千
        factor *= second.scale
    if second.scaled and not first.scaled:
        large = _large(second)
        hundreds = second.scale / large >= 100 and first.high < 10
        if first.low * large * (second.scale / large if hundreds else 1) >= second.low:
            large = Decimal(1)  # 五千到一万
        elif hundreds:
            large = second.scale  # 一到两千万
        elif second.scale / large == 10 and first.high * second.scale < second.low:
            return replace(first, kind=second.kind, vague=True)  # 一到二十万: from 1 or from 10?
        factor *= large
    return replace(_times(first, factor), kind=second.kind)


def _large(measure: Measure) -> Decimal:
    """The 亿 or 万 that a scaled measure is said in."""
    return Decimal(10**8) if measure.low >= 10**8 and measure.scale % 10**8 == 0 else Decimal(10**4)


def _times(measure: Measure, factor: Decimal) -> Measure:
    return replace(measure, low=measure.low * factor, high=measure.high * factor)


def _share(whole: Measure, part: Measure) -> Quantity:
    known = (
        not (whole.vague or part.vague or whole.open or part.open) and whole.low == whole.high and part.low == part.high
    )
    value = rounded(part.low / whole.low) if known and 0 < whole.low >= part.low else None
    return replace(_spanning(whole, part, value), kind=UnitKind.RATIO, factor=Decimal(1))


def _bounded(text: str, measure: Measure) -> Quantity:
    before = text[max(0, measure.start - 14) : measure.start]
    opened = measure.open
    low, high = measure.low, measure.high
    vague = measure.vague
    bounds, taken = _bound_before(before, measure)
    start, end = measure.start - taken, measure.end
    if compared := bool(_ZH["than"].search(before)):
        start -= 1
        if opened:  # 比八百万多
            bounds["more_than"], opened, high = low, False, low
    for meaning, pattern in _COMPARED if compared else _AFTER:
        if match := pattern.match(text, end):
            end = match.end()
            if meaning == "open":
                vague |= opened
                opened, high = True, _next(measure)
            else:
                vague |= meaning in bounds or text.startswith(("万", "亿"), end)
                bounds[meaning] = high
                if unit := with_unit(text, measure, end):  # 12500 以下平方米
                    measure, end = unit, unit.end
            break
    hedge = _ZH["hedge_after"].match(text, end)
    end = hedge.end() if hedge else end
    vague |= (bool(bounds) and (low != high)) or len(bounds) > 1
    none = measure.kind is UnitKind.COUNT and bounds == {"less_than": 1}  # 一个都没有
    value = None if vague or measure.kind is UnitKind.DATE else _value(low, high, opened, bounds)
    value = Decimal(0) if none and value is not None else value
    about = measure.approximate or bool(hedge)
    return replace(_spanning(measure, measure, value), start=start, end=end, approximate=about)


def _bound_before(before: str, measure: Measure) -> tuple[dict[str, Decimal], int]:
    """What the words before a measure make of it (不到, 超过 …), and how many characters of them do so."""
    patterns = _BEFORE
    if measure.round:
        patterns += _ROUND_BEFORE
    if measure.kind is UnitKind.RATIO and "半" in measure.unit:
        patterns += _HALF_BEFORE
    matches = [(match.start(), meaning) for meaning, pattern in patterns if (match := pattern.search(before))]
    if matches:
        place, meaning = min(matches)
        return {meaning: measure.low}, len(before) - place
    if _ZH["small_before"].search(before):
        return {"less_than": measure.low}, 1
    return {}, 0


def _next(measure: Measure) -> Decimal:
    """Where a figure said with 多 ends: the next one of its own place (the whole of a half)."""
    if measure.kind is UnitKind.RATIO and "半" in measure.unit:
        return Decimal(1)
    if measure.kind is UnitKind.YEARS and measure.low % 1 == Decimal("0.5"):
        return measure.low + Decimal("0.5")
    return measure.low + step(measure.low / measure.factor) * measure.factor


def _value(low: Decimal, high: Decimal, opened: bool, bounds: dict[str, Decimal]) -> Decimal | Range:
    for meaning, figure in bounds.items():
        end = rounded(figure)
        if meaning in ("at_least", "more_than"):
            return Range(low=end, low_open=meaning == "more_than")
        return Range(high=end, high_open=meaning == "less_than")
    if low == high:
        return rounded(low)
    return Range(rounded(low), rounded(high), opened, opened)


def _in_context(text: str, quantity: Quantity, clauses: _Clauses) -> Quantity:
    """What the words around a quantity make of it: hedged, denied, of each year; no figure where it is per unit."""
    clause = clauses.around(quantity.start, quantity.end)
    left, right = max(clause[0], quantity.start - _WINDOW), min(clause[1], quantity.end + _WINDOW)
    before, after = text[left : quantity.start], text[quantity.end : right]
    nearest = text[max(0, quantity.start - 4) : quantity.start]
    short, loose = clauses.short_and_hedged(clause)
    per = quantity.kind is not UnitKind.RATIO and (
        _ZH["per_before"].search(text, left, quantity.start) or _ZH["per_after"].match(after)
    )
    monthly = _ZH["monthly"].search(per.group()) if per else None
    value, suggests = quantity.value, quantity.suggests
    if (
        short
        or _ZH["times"].match(text, quantity.end)
        or re.search(r"[*×x乘]$", nearest)
        or _ZH["negative"].search(nearest)
        or (quantity.value == 1 and _ZH["last_of"].search(nearest))
        or _ZH["deducted"].match(after)
        or (quantity.scaled and _ZH["several"].search(text[max(0, quantity.at - 3) : quantity.at]))
        or _ZH["queried"].search(text[left : quantity.at])
    ):
        value = None
    if monthly and not short and quantity.value is not None:
        suggests = times(quantity.value, 4 if "季" in monthly.group() else 12)
    return replace(
        quantity,
        value=None if per else value,
        suggests=suggests,
        each=value if per and _ZH["each"].search(per.group()) else None,
        monthly=bool(monthly),
        clause=clause,
        approximate=quantity.approximate or loose,
        denied=bool(_ZH["denied"].search(before)),
        yearly=bool(_ZH["yearly_before"].search(before) or _ZH["yearly_after"].match(after)),
    )


def year_of_a_sum(text: str) -> bool:
    """Whether plain text tells one year, and only as that in which a sum is paid: 一年九千六; not 领了一年26万."""
    years = [q for q in find_quantities(text) if q.unit == "年"]
    return bool(years) and all(
        q.value == 1 and _ZH["a_sum_each"].match(text[q.end :]) and not _ZH["had_for"].search(text[: q.start])
        for q in years
    )


def times(value: Decimal | Range, factor: Decimal | int) -> Decimal | Range:
    """``value`` so many times over, a span by its ends."""
    if isinstance(value, Range):
        low, high = (end if end is None else rounded(end * factor) for end in (value.low, value.high))
        return replace(value, low=low, high=high)
    return rounded(value * factor)
