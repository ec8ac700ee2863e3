"""Which of the figures in an answer is the one that the question asks for.

Corrections take the corrected figure, sums the stated total; a figure of something else (the floor area of the whole
building, the turnover, the staff) is left aside; where two remain and nothing said decides between them, there is
none. Knows a fact's type, label and ``reads``, not which policy asks for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from conversations.language.attribution import TOTAL, Belonging, own_part
from conversations.language.lexicon import lexicon
from conversations.language.piece_prices import of_one, of_one_piece
from conversations.language.quantities import Quantity, UnitKind, find_quantities, hedged, times
from conversations.language.text import normalise
from conversations.language.units import rounded
from conversations.language.yearly import by_turns, only_turns
from knowledge.patterns import regex
from knowledge.policy import Fact
from rules.values import Range


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an answer states, read from ``text[start:end]``."""

    value: Decimal | Range
    approximate: bool
    start: int
    end: int


_KINDS = {
    "money": (UnitKind.MONEY, UnitKind.NUMBER),
    "area": (UnitKind.AREA, UnitKind.NUMBER),
    "ratio": (UnitKind.RATIO, UnitKind.NUMBER),
    "years": (UnitKind.YEARS, UnitKind.NUMBER),
    "int": (UnitKind.COUNT, UnitKind.NUMBER),
    "count": (UnitKind.COUNT, UnitKind.NUMBER),
}
_IN_CODE = regex(r"[a-z(\[{<=#&/\\_]$")
"""What stands before a figure in something that is no sentence: alert(1), id=1."""
_NUMBER = regex(r"\d+|[一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖几半廿卅]{1,9}")  # 几百几百几百…: no end of them
_CALLED = 2  # so many characters of a name call a part by it: 规模奖 of 规模奖励
_SMALL = 10**4
_MANY = 30  # who writes more figures does not answer with one
_A_CALENDAR_YEAR = 12
_ALIKE = (
    (("人", "名", "位"), ("人", "名", "位", "口", "口人", "号人", "个"), "人员职工师新"),
    (("家", "户"), ("家", "户", "间", "个"), "企公商单租店厂"),
    (("项", "件", "票", "单"), ("项", "件", "票", "单", "份", "个"), "包快货订"),
    (("人次",), ("人次", "人", "位", "名", "个", "口"), "人游客旅访"),
    (("次", "回", "届"), ("次", "回", "届", "个"), ""),
    (("台", "部", "架", "辆"), ("台", "部", "架", "辆", "个"), "机设装"),
    (("座", "栋", "幢"), ("座", "栋", "幢", "个"), "楼房"),
)
"""Counters of one and the same thing, what else people count it by, and how its names begin. A 套, 车 or 箱 may hold many."""
_ZH = lexicon("belonging")
_SOMEBODY = r"(?:企业|公司|商家|商户|单位|户|家|的|了|啊|呢)*"
_WHERE = r"(?:[楼里头面内]|入驻|租户|住|现在|目前|暂时|还|确实|根本|的|企业|公司)*"


class FigureQuestion:
    """The question for ``fact``, a figure: its type, label, limits and ``reads`` say what can answer it."""

    def __init__(self, fact: Fact) -> None:
        self._kind = fact.type
        self._kinds = _KINDS[fact.type]
        self._units = {normalise(unit): factor for unit, factor in fact.reads.units.items()}
        if fact.type == "area":
            self._units.setdefault("m", Decimal(1))  # 15000m, for want of a ²
        self._counts, self._loose, self._nouns = fact.type in ("int", "count"), frozenset[str](), ""
        if self._counts:
            counter = normalise(fact.unit_word or fact.counter)
            alike, self._nouns = next(((words, nouns) for own, words, nouns in _ALIKE if counter in own), ((), ""))
            self._loose = frozenset(alike) - {counter, *self._units}
            self._units = dict.fromkeys((*alike, counter), Decimal(1)) | self._units
        self._counters = tuple(unit for unit in self._units if unit) if fact.type == "count" else ()
        self._bare, self._period = fact.reads.bare, "year" if fact.by_year else fact.reads.period
        self.yearly = self._period in ("year", "this_year")
        names = sorted(map(normalise, fact.reads.names), key=len, reverse=True)
        self._names = names
        things = f"(?:做|搞|是)*(?:{'|'.join(map(re.escape, names))}){_SOMEBODY}"
        self._all = regex(f"{_WHERE}(?:全部?|都|清一色)+{things}")
        self._none = regex(
            f"{_WHERE}(?:没有?|无)(?:一[家户个])?{things}(?:入驻|进驻|进来)?"
            rf"|{_WHERE}一[家户个](?:{things})?(?:都|也)(?:还)?(?:没有?|无)(?:{things})?(?:入驻|进驻|进来)?{_SOMEBODY}"
        )
        self._cost = fact.type == "money" and _ZH["cost"].search("".join((fact.label, *fact.reads.names))) is not None
        self._of_one_piece = fact.type == "money" and of_one((fact.label, *fact.reads.names))
        self._belonging = Belonging(fact, self._kinds)

    def read(self, text: str) -> Figure | None:
        """The figure that plain ``text`` states for this question, None where there is none or it cannot be told."""
        text, offset = _corrected(text)
        if self._kind == "ratio" and (self._all.fullmatch(text) or self._none.fullmatch(text)):
            return Figure(Decimal(1 if self._all.fullmatch(text) else 0), False, offset, offset + len(text))
        if self._kind == "int" and "次" in self._units and (turns := by_turns(text)) and only_turns(text):
            return Figure(Decimal(turns), False, offset, offset + len(text))
        quantities = self._quantities(text)
        said = [q for q in quantities if self._fits(text, q, quantities) and not q.denied]
        said = [q for q in said if not (self._counts and _of_a_price(q, quantities))]
        if self._counts and any(q.unit in self._units and not q.scaled for q in quantities):
            said = [q for q in said if q.kind is UnitKind.COUNT or not q.scaled]  # 三台 一共六十万
        said = [q for q in said if not _ZH["difference"].search(text, 0, q.start)]
        said = [q for q in said if not self._among(text, q, quantities)]
        chosen = self._choose(text, said) or self._share(text, quantities)
        figures = [q for q in quantities if q.kind in self._kinds and isinstance(q.value, Decimal)]
        total = _stated_sum(figures, {q: own_part(text, q, quantities) for q in figures})
        if total and total is not chosen and len(figures) > len(said):
            return None  # 托管 90 万，设计 60 万，共 150 万: is the second part of it or not?
        if chosen is None or chosen.value is None or not self._period_fits(text, chosen, quantities):
            return None
        loose = chosen.approximate or hedged(_without_figures(text, quantities))
        return Figure(chosen.value, loose, chosen.start + offset, chosen.end + offset)

    def offer(self, text: str) -> Decimal | Range | None:
        """The one figure that plain ``text`` seems to mean without stating it: 180 (万), 每个月 15 万, 8000 加 4000 平."""
        text = _corrected(text)[0]
        quantities = self._quantities(text)
        said = [q for q in quantities if q.kind in self._kinds]
        if len(said) > 1:
            return self._sum_of_parts(text, said, quantities)
        if len(said) != 1 or said[0].denied:
            return None
        (quantity,) = said
        if not self._belonging.own(text, quantity, quantities):
            return quantity.value if self._spent(text, quantity, quantities) else None
        if _IN_CODE.search(text, 0, quantity.start):
            return None
        if quantity.monthly and self._period != "year":
            return None
        if quantity.suggests is not None or quantity.value is None:
            return quantity.suggests
        low, high = _ends(quantity.value)
        in_wan = self._kind == "money" and quantity.bare
        fits = (
            in_wan
            and self._bare is not True
            and 1 <= low <= high < 10**4
            and not _ZH["thing"].match(text, quantity.end)
        )
        return times(quantity.value, 10**4) if fits else None

    def _spent(self, text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
        """盖大棚花了两百万, 六十八万买的: whether it is what something cost, where the question asks for just that."""
        before = text[quantity.clause[0] : quantity.at]
        said = _ZH["spent_before"].search(before) or _ZH["spent_behind"].match(text, quantity.end)
        return self._cost and said is not None and not self.excludes(text, quantity, beside)

    def _sum_of_parts(self, text: str, said: list[Quantity], quantities: tuple[Quantity, ...]) -> Decimal | None:
        """What the parts come to that the question is made of, each told by its own name: 规模奖励20万，发货补助4.5万."""
        values = [q.value for q in said if isinstance(q.value, Decimal) and not (q.denied or q.yearly)]
        parts = [own_part(text, q, quantities) for q in said]
        names = [next((name for name in self._names if name in part or name[:_CALLED] in part), None) for part in parts]
        names = [
            name or (one[0] if (one := _ZH["one_of_several"].search(part)) else None)
            for name, part in zip(names, parts, strict=True)
        ]
        named = None not in names and len(set(names)) == len(names)
        clear = len(values) == len(said) and not any(TOTAL.search(p) or _ZH["last_year"].search(p) for p in parts)
        fits = all(self._belonging.own(text, q, quantities) for q in said)
        return sum(values, Decimal(0)) if named and clear and fits and self._kind == "money" else None

    def possible(self, text: str) -> set[Decimal | Range | None]:
        """The figures of plain ``text`` of which nothing said makes them another thing's."""
        found = self._quantities(text)
        return {q.value for q in found if q.kind in self._kinds and not q.denied and not self.excludes(text, q, found)}

    def excludes(self, text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
        """Whether plain ``text`` says that ``quantity`` is another thing's, or of another time, than what the fact means."""
        other = self._belonging.of_something_else(text, quantity, beside)
        return other or not self._period_fits(text, quantity, beside)

    def measures(self, quantity: Quantity) -> bool:
        """Whether ``quantity`` is of the kind and the unit of the fact, whatever is said of it; a bare number of money only
        where it is no small one."""
        own = self._in_own_unit(quantity)
        if own.kind not in self._kinds:
            return False
        if own.bare and self._kind == "money" and self._bare is not True:
            return own.value is None or _ends(own.value)[0] >= _SMALL
        return own.kind not in (UnitKind.COUNT, UnitKind.YEARS) or not self._counts or own.unit in self._units

    def crowded(self, text: str) -> bool:
        """Whether plain ``text`` holds more numbers than anybody answers with."""
        return len(_NUMBER.findall(text)) > _MANY

    def mentions(self, text: str) -> bool:
        """Whether plain ``text`` holds anything like a figure for this question, clear or not."""
        return any(q.kind in (*self._kinds, UnitKind.FOREIGN) for q in find_quantities(text, self._counters))

    def _quantities(self, text: str) -> tuple[Quantity, ...]:
        found = tuple(map(self._in_own_unit, find_quantities(text, self._counters)))
        return of_one_piece(text, found) if self._of_one_piece else found

    def _in_own_unit(self, quantity: Quantity) -> Quantity:
        """``quantity`` as a plain number of the fact's own unit, where its unit word is one of the fact's."""
        unit = quantity.unit.removeprefix("个").removesuffix("地") or quantity.unit
        if unit not in self._units or (quantity.kind in self._kinds and not self._counts):
            return quantity
        factor = self._units[unit] / quantity.factor
        kind = UnitKind.COUNT if self._counts else self._kinds[0]
        value = quantity.value if quantity.value is None or factor == 1 else times(quantity.value, factor)
        suggests = None if quantity.suggests is None else times(quantity.suggests, factor)
        return replace(quantity, kind=kind, value=value, suggests=suggests, unit=unit)

    def _fits(self, text: str, quantity: Quantity, beside: tuple[Quantity, ...]) -> bool:
        if quantity.kind not in self._kinds:
            return False
        if quantity.kind in (UnitKind.COUNT, UnitKind.YEARS) and self._counts and quantity.unit not in self._units:
            return False
        if self._counts and quantity.kind is UnitKind.NUMBER and any(q.end == quantity.start for q in beside):
            return False  # 一台15万
        if quantity.unit in self._loose and self._counts_another(text, quantity):
            return False
        if quantity.kind is UnitKind.NUMBER and quantity.value is not None and not self._bare_fits(text, quantity):
            return False
        if self._counters and quantity.kind is UnitKind.COUNT:
            return self._belonging.counted(text, quantity, beside)
        return self._belonging.own(text, quantity, beside)

    def _among(self, text: str, quantity: Quantity, beside: Sequence[Quantity]) -> bool:
        """120 张床位里有 70 张: whether a figure is only a part of the one before it, which has the question's own name."""
        whole = next((q for q in reversed(beside) if q.end <= quantity.start and q.unit == quantity.unit), None)
        part = _ZH["share"].fullmatch(text, whole.end, quantity.at) if whole else None
        return part is not None and self._belonging.closeness(part["of"]) > 0

    def _counts_another(self, text: str, quantity: Quantity) -> bool:
        """52 个工位, 员工 30 人: a counter that the fact does not bring itself may count another thing."""
        behind = text[quantity.end : quantity.end + 1]
        own = behind in self._nouns or not self._belonging.foreign(behind)
        named = quantity.unit == "人" and _ZH["staff"].search(text, quantity.clause[0], quantity.start)
        return bool(named) or (_ZH["thing"].match(text, quantity.end) is not None and not own)

    def _bare_fits(self, text: str, quantity: Quantity) -> bool:
        """A number without unit counts only where its unit can be no other than the question's."""
        low, high = _ends(quantity.value)
        if not quantity.scaled and _ZH["thing"].match(text, quantity.end):
            return False
        last = quantity.end >= len(text.rstrip("。.,吧了的啊")) or text[quantity.end] in ",。;"
        before = text[quantity.clause[0] if self._counts else 0 : quantity.start]
        whole = last and not (self._counts and (_ZH["worth"].search(before) or self._belonging.foreign(before)))
        whole &= self._counts or not before
        if self._kind == "money":
            least = {None: 10**4, True: 1, False: 10**10}[self._bare]
            return low == high == 0 or quantity.scaled or least <= low < 10**10
        if self._bare is False:
            return False
        if self._kind == "area":
            return low < 10**7 and (quantity.scaled or low >= 100) and text[quantity.end - 1] != "m"
        if self._kind == "ratio":
            return low == high == 0 or (low > 0 and high < 1)
        return whole and (self._counts or (not quantity.scaled and high <= 10))

    def _choose(self, text: str, said: list[Quantity]) -> Quantity | None:
        clear = [q for q in said if q.value is not None]
        if len(said) <= 1 or len({str(q.value) for q in said}) == 1:
            return said[-1] if said else None
        clauses = {q: own_part(text, q, said) for q in said}
        if self._period == "this_year":
            said = [q for q in said if not _ZH["last_year"].search(clauses[q])] or said
            clear = [q for q in said if q.value is not None]
        if len(clear) == 1 and ((self.yearly and clear[0].yearly) or TOTAL.search(clauses[clear[0]])):
            return clear[0]
        if (exact := _narrowest(clear)) is not None:
            return exact
        if raised := [q for q in clear if _ZH["raised"].search(text[: q.start])]:
            return raised[-1]
        current = [q for q in said if not _ZH["old"].search(clauses[q])]
        if len(current) == 1:
            return current[0]
        said = current or said
        if (total := _stated_sum(said, clauses)) is not None:
            return total
        return self._nearest(text, said, clauses)

    def _nearest(self, text: str, said: list[Quantity], clauses: dict[Quantity, str]) -> Quantity | None:
        """Of several figures of now the one whose words are nearest to the question's, or that is the whole of all."""
        closest = max(self._belonging.closeness(clauses[q]) for q in said)
        near = [q for q in said if self._belonging.closeness(clauses[q]) == closest]
        if closest and len(near) == 1:
            return None if _named_behind(said, clauses) else near[0]
        if len(totals := [q for q in near if TOTAL.search(clauses[q])]) == 1:
            return totals[0]
        if len(totals := [q for q in said if TOTAL.search(clauses[q])]) == 1 and not closest:
            return totals[0]
        parts = [q for q in near if _ZH["part"].search(clauses[q]) or _ZH["part_before"].search(text, 0, q.start)]
        if len(wholes := [q for q in near if q not in parts]) == 1:
            return wholes[0]
        with_unit = [q for q in near if q.scaled or q.kind is not UnitKind.NUMBER]
        if len(with_unit) == 1:
            return with_unit[0]
        return said[0] if self._kind == "ratio" and _answered_first(text, said, clauses) else None

    def _share(self, text: str, quantities: tuple[Quantity, ...]) -> Quantity | None:
        """A share told by two counts: 总共 50 家，电商 35 家."""
        if self._kind != "ratio" or len(quantities) != 2:
            return None
        whole, part = quantities
        if TOTAL.search(own_part(text, part, quantities)):
            whole, part = part, whole  # 电商 39 家，总共 60 家
        if {whole.kind, part.kind} != {UnitKind.COUNT} or whole.unit != part.unit:
            return None
        left, right = part.clause
        if not (isinstance(whole.value, Decimal) and isinstance(part.value, Decimal) and 0 < whole.value >= part.value):
            return None
        if left <= whole.start < right or not self._belonging.closeness(text[left:right]):
            return None
        start, end = min(whole.start, part.start), max(whole.end, part.end)
        return replace(part, kind=UnitKind.RATIO, value=rounded(part.value / whole.value), start=start, end=end)

    def _period_fits(self, text: str, chosen: Quantity, quantities: Sequence[Quantity]) -> bool:
        """A figure counts that is said of the time that the fact means."""
        left, right = chosen.clause
        before = text[left : chosen.at]
        if self._belonging.planned and _ZH["stage"].search(before) and not TOTAL.search(before):
            return False
        if not self.yearly:
            return not chosen.yearly or self._kind != "money" or self._period is None
        if (
            _ZH["last_year"].search(text[left:right])
            if self._period == "this_year"
            else _ZH["so_far"].search(text[left:right])
        ):
            return False
        partial = _ZH["period"].search(text[left:right]) and not re.search("全年", text[left:right])
        return not self.over_years(text, chosen, quantities) and not partial

    def over_years(self, text: str, figure: Quantity, beside: Sequence[Quantity], said: bool = False) -> bool:
        """5600是两年的: whether plain ``text`` tells the ``figure`` of several years, where the fact means one; ``said``: that
        it is of several was said before."""
        left, right = figure.clause
        spans = [q for q in beside if q.kind is UnitKind.YEARS and left <= q.start < right and _is_span(q, text)]
        spans = [
            q
            for q in spans
            if not (_ZH["since"].match(text, q.end) or _ZH["of_each"].search(text, q.end, figure.start))
        ]
        together = (said or by_turns(text) > 1) and not _ZH["of_each"].search(text)
        return self.yearly and (bool(spans) or together)


def _is_span(years: Quantity, text: str) -> bool:
    """Whether so many years are a time for which one pays: neither one, nor a year of the calendar (24年)."""
    if isinstance(years.value, Decimal):
        return years.value != 1 and years.value < _A_CALENDAR_YEAR
    return text[years.at : years.end] not in ("一年", "1年")


def _answered_first(text: str, said: list[Quantity], clauses: dict[Quantity, str]) -> bool:
    """3.1%，合同上签的是3.6%: the first figure is the answer, each other one is said to be something else's."""
    first, *others = said
    alone = not clauses[first].strip() and not text[first.end : first.clause[1]].strip("的吧啊呢哈")
    return alone and all(
        _ZH["named"].fullmatch(clauses[q]) and not _ZH["of_the_same"].search(clauses[q]) for q in others
    )


def _of_a_price(quantity: Quantity, beside: Sequence[Quantity]) -> bool:
    """15万一台，买了12台: whether it is the one thing that a price is told for."""
    money = [q for q in beside if q.kind is UnitKind.MONEY or (q.kind is UnitKind.NUMBER and q.scaled)]
    return quantity.value in (1, None) and any(q.end == quantity.start or q.start == quantity.end for q in money)


def _narrowest(clear: list[Quantity]) -> Quantity | None:
    """The one figure that lies within all the spans said beside it: 一千多万，具体 1080 万."""
    exact = [q for q in clear if isinstance(q.value, Decimal)]
    closed = [q for q in clear if isinstance(q.value, Range) and q.value.low is not None and q.value.high is not None]
    narrow = exact or closed
    if len(narrow) != 1 or len(clear) < 2:
        return None
    low, high = _ends(narrow[0].value)
    spans = [q.value for q in clear if isinstance(q.value, Range)]
    inside = all((s.low is None or s.low <= low) and (s.high is None or high <= s.high) for s in spans)
    return narrow[0] if inside else None


def _named_behind(said: list[Quantity], clauses: dict[Quantity, str]) -> bool:
    """Whether a figure has its name behind it (三成电商七成传统), so that names and figures cannot be paired."""
    first = said[0]
    return not clauses[first] and len(said) > 1 and said[1].start < first.clause[1]


def _stated_sum(said: list[Quantity], clauses: dict[Quantity, str]) -> Quantity | None:
    """The total among figures that add up to it: 90 万, 60 万, 共 150 万."""
    for quantity in said:
        others = [q.value for q in said if q is not quantity]
        figures = [value for value in others if isinstance(value, Decimal)]
        if len(figures) == len(others) > 1 and quantity.value == sum(figures) and TOTAL.search(clauses[quantity]):
            return quantity
    return None


def _corrected(text: str) -> tuple[str, int]:
    """What follows the last correction that still states something, and where it begins."""
    corrections = list(_ZH["corrected"].finditer(text))
    if corrections:
        text = _ZH["came_to_mind"].sub("已经", text)  # 说错了，应该是 1600 万: no guess
    for match in reversed(corrections):
        if find_quantities(text[match.end() :]):
            return text[match.end() :], match.end()
    return text, 0


def _without_figures(text: str, quantities: tuple[Quantity, ...]) -> str:
    """The text without the clauses in which a figure stands."""
    kept: list[str] = []
    start = 0
    for left, right in sorted({q.clause for q in quantities}):
        kept.append(text[start:left])
        start = max(start, right)
    return " ".join((*kept, text[start:]))


def _ends(value: Decimal | Range | None) -> tuple[Decimal, Decimal]:
    if isinstance(value, Range):
        low = value.low if value.low is not None else value.high
        high = value.high if value.high is not None else value.low
        return low or Decimal(0), high or Decimal(0)
    return (value, value) if value is not None else (Decimal(0), Decimal(0))
