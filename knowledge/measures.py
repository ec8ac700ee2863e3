"""In what a figure made of facts is: its unit, and a fact that it is said like. Told once, for who checks and who speaks.

Knows no case and no text; what stands in a quote is the business of ``knowledge.quoted``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from knowledge.policy import Fact
from rules.conditions import CountTerm, TotalTerm
from rules.terms import (
    ConstantTerm,
    DayTerm,
    DifferenceTerm,
    ElapsedTerm,
    FactTerm,
    GreatestTerm,
    GrowthTerm,
    LeastTerm,
    ProductTerm,
    RatioTerm,
    ShiftTerm,
    SumTerm,
    Term,
)

Kind: TypeAlias = Literal["money", "area", "ratio", "years", "months", "days", "count", "number", "date", "any"]


class Unit(NamedTuple):
    """In what a figure is meant: its ``kind``, and of a count the words of its unit (none = any)."""

    kind: Kind
    words: frozenset[str] = frozenset()


ANY, MONEY, RATIO, NUMBER, AREA = Unit("any"), Unit("money"), Unit("ratio"), Unit("number"), Unit("area")
YEARS, MONTHS, DAYS, DATE, COUNT = Unit("years"), Unit("months"), Unit("days"), Unit("date"), Unit("count")

OF_TYPE: Mapping[str, Unit] = {
    "money": MONEY,
    "area": AREA,
    "ratio": RATIO,
    "years": YEARS,
    "int": NUMBER,
    "date": DATE,
}
COUNTING = frozenset({"count", "number", "years", "months", "days"})


class MeasuredIn(NamedTuple):
    """The ``unit`` of a figure, and a fact that it is said like."""

    unit: Unit
    like: Fact


SHARE = MeasuredIn(RATIO, Fact(id="a.share", type="ratio", label="比例"))
ITEMS = MeasuredIn(COUNT, Fact(id="a.number", type="int", label="数", counter="个"))
DAY = MeasuredIn(DATE, Fact(id="a.day", type="date", label="日期"))
TIMES = {
    "years": MeasuredIn(YEARS, Fact(id="a.years", type="years", label="年数")),
    "months": MeasuredIn(MONTHS, Fact(id="a.months", type="int", label="月数", counter="个月")),
    "days": MeasuredIn(DAYS, Fact(id="a.days", type="int", label="天数", counter="天")),
}


def unit_of(fact: Fact) -> Unit:
    """In what the figures of ``fact`` are."""
    if fact.type != "count":
        return OF_TYPE.get(fact.type, ANY)
    readable = {word for word, factor in fact.reads.units.items() if factor == 1}
    return Unit("count", frozenset({word for word in (fact.unit_word, fact.counter, *readable) if word}))


def measure(term: Term, fact_of: Callable[[str], Fact | None]) -> MeasuredIn | None:
    """In what ``term`` is; None of a bare number, which is in whatever it stands beside, and where that cannot be told."""
    if isinstance(term, FactTerm):
        return DAY if term.root == "on" else _of_fact(term.root, fact_of)
    if isinstance(term, TotalTerm):
        return _of_fact(term.total, fact_of)
    if isinstance(term, CountTerm):
        return ITEMS
    if isinstance(term, ElapsedTerm):
        return TIMES[term.unit]
    if isinstance(term, (ShiftTerm, DayTerm)):
        return DAY
    if isinstance(term, GrowthTerm):
        return SHARE
    measures = [measure(part, fact_of) for part in parts_of(term)]
    if isinstance(term, ProductTerm):
        return _product(measures)
    if isinstance(term, RatioTerm):
        above, below = measures
        return above if isinstance(term.ratio[1], ConstantTerm) else _quotient(above, below)
    return next((each for each in measures if each is not None), None)


def parts_of(term: Term) -> tuple[Term, ...]:
    """The terms of which an operator makes one; none of what is no such operator."""
    match term:
        case SumTerm():
            return term.sum
        case DifferenceTerm():
            return term.difference
        case ProductTerm():
            return term.product
        case RatioTerm():
            return term.ratio
        case GrowthTerm():
            return term.growth
        case LeastTerm():
            return term.least
        case GreatestTerm():
            return term.greatest
        case ElapsedTerm():
            return term.elapsed
        case ShiftTerm():
            return (term.shift,)
        case _:
            return ()


def _of_fact(name: str, fact_of: Callable[[str], Fact | None]) -> MeasuredIn | None:
    fact = fact_of(name.partition("@")[0])
    return None if fact is None or unit_of(fact) == ANY else MeasuredIn(unit_of(fact), fact)


def _product(measures: Sequence[MeasuredIn | None]) -> MeasuredIn | None:
    """Money times years is money; what is no money, an area or a share keeps no unit of its own."""
    known = [each for each in measures if each is not None]
    for unit in (MONEY, AREA):
        for each in known:
            if each.unit == unit:
                return each
    rest = [each for each in known if each.unit != RATIO]
    if not rest:
        return SHARE if known and len(known) == len(measures) else None
    return rest[0] if len(rest) == 1 else None


def _quotient(above: MeasuredIn | None, below: MeasuredIn | None) -> MeasuredIn | None:
    """A share of like things is a ratio, money for each 亩 is money; so many of one for each of another is left open."""
    if above is None or below is None:
        return None
    if below.unit == RATIO:
        return above
    if above.unit == below.unit and above.unit not in (COUNT, NUMBER):
        return SHARE
    return None if {above.unit.kind, below.unit.kind} <= COUNTING else above
