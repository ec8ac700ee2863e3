"""Figures made of facts, in words: what a term is called, and what it comes to (2023 年产值比 2022 年多 3000 万元).

Renders from the rule and the figure alone; the facts are called by their labels, those by year with the year. Knows
neither a session nor a claim.
"""

from datetime import date

from conversations.saying.values import days, figure, span, year_label
from knowledge.measures import ITEMS, SHARE, measure, parts_of
from knowledge.policy import Fact, Policy
from rules import spans
from rules.conditions import CountTerm, TotalTerm
from rules.dates import Dates
from rules.spans import FigureSpan, exactly, minus
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
    plain,
)
from rules.values import Range

TODAY = "今天"
UNITS = {"area": "平方米", "years": "年"}
"""What one of a quantity is that has no unit of its own."""
_ALIKE = (SumTerm, DifferenceTerm, LeastTerm, GreatestTerm)
"""Of parts that are in one unit."""
_SPANS = (("years", "年"), ("months", "个月"), ("days", "天"))


def measured_as(policy: Policy, term: Term) -> Fact:
    """A fact in whose unit the term is said."""
    found = measure(term, policy.fact)
    return (found or (SHARE if isinstance(term, RatioTerm) else ITEMS)).like


def amount_of(fact: Fact, known: FigureSpan | None) -> str:
    """A figure that a term comes to, in the unit of ``fact``; empty where nothing is known of it."""
    if known is None:
        return "还没有"
    if known.low is None and known.high is None:
        return ""
    if fact.type == "date":
        return days(day_span(known))
    low, high = (None if end is None else spans.outward(exactly(end)) for end in (known.low, known.high))
    if low is not None and high is not None and known.exact:
        return figure(fact, high[1] if fact.type == "ratio" and high[1] is not None else low[0])
    ends = Range(low and low[0], high and high[1], known.low_open, known.high_open)
    # nothing is known of what has no upper end and need not be more than nothing
    return "" if ends.high is None and (ends.low is None or ends.low <= 0) else span(fact, ends)


def day_span(known: FigureSpan) -> Dates:
    """The days that a term comes to."""
    first, last = (None if end is None else date.fromordinal(int(end)) for end in (known.low, known.high))
    return Dates(first, last)


def called(policy: Policy, term: Term, on: Dates | None = None) -> str:
    """What a term is called: 2023 年产值比 2022 年多出的部分."""
    if isinstance(term, FactTerm):
        return TODAY if term.root == "on" else year_label(policy, term.root, on)
    if isinstance(term, ConstantTerm):
        return plain(term.root)
    if isinstance(term, DayTerm):
        return days(Dates(term.root, term.root))
    if isinstance(term, CountTerm):
        return f"{_such(term)}{_subject(policy, term.count)}数"
    if isinstance(term, TotalTerm):
        return f"{_such(term)}{policy.fact(term.total).label}合计"
    if isinstance(term, RatioTerm) and (each := _for_each(policy, term)):
        return f"平均每{each}{called(policy, term.ratio[0], on)}"
    return _made_of(term, _names(policy, term, on))


def _for_each(policy: Policy, term: RatioTerm) -> str:
    """Of what one has so much, where it is no share: 亩; empty where it is one."""
    below = measure(term.ratio[1], policy.fact)
    if below is None or measured_as(policy, term).type == "ratio":
        return ""
    return below.like.unit_word or below.like.counter or UNITS.get(below.like.type, "")


def _names(policy: Policy, term: Term, on: Dates | None) -> list[str]:
    """What the parts of a term are called; a number beside figures that have one is said in their unit."""
    like = measure(term, policy.fact) if isinstance(term, _ALIKE) else None
    return [
        figure(like.like, part.root)
        if like is not None and isinstance(part, ConstantTerm)
        else called(policy, part, on)
        for part in parts_of(term)
    ]


def _made_of(term: Term, names: list[str]) -> str:
    """What a term is called whose parts are called ``names``."""
    match term:
        case SumTerm():
            return f"{'、'.join(names)}合计"
        case DifferenceTerm(difference=(_, ConstantTerm())):
            return f"{names[0]}超过 {names[1]}的部分"
        case DifferenceTerm():
            return f"{names[0]}比{_beside(names)}多出的部分"
        case ProductTerm():
            return " × ".join(names)
        case RatioTerm():
            return f"{names[0]}占{names[1]}的比例"
        case GrowthTerm():
            return f"{names[0]}比{_beside(names)}的增长"
        case LeastTerm() | GreatestTerm():
            return f"{'、'.join(names)}中较{'小' if isinstance(term, LeastTerm) else '大'}的"
        case ElapsedTerm():
            return f"从{names[0]}到{names[1]}的时间"
        case ShiftTerm():
            return f"{names[0]}之后 {_length(term)}"
        case _:
            return ""


def told(policy: Policy, term: Term, known: FigureSpan | None, on: Dates | None = None) -> str:
    """What a term comes to, as a sentence: 2023 年产值比 2022 年多 3000 万元; empty where nothing is known of it."""
    fact = measured_as(policy, term)
    said = amount_of(fact, known)
    if not said or known is None:
        return said and f"{called(policy, term, on)}：{said}"
    names = _names(policy, term, on)
    if isinstance(term, (DifferenceTerm, GrowthTerm)):
        more, less = ("多", "少") if isinstance(term, DifferenceTerm) else ("增长", "下降")
        if known.high is not None and known.high < 0:
            more, said = less, amount_of(fact, FigureSpan(minus(known.high), minus(known.low)))
        elif known.high is not None and (known.low is None or known.low < 0):
            more, said = f"最多{more}", amount_of(fact, exactly(known.high))
        return f"{names[0]}比{_beside(names)}{more} {said}"
    if isinstance(term, RatioTerm) and not _for_each(policy, term):
        return f"{names[0]}是{names[1]}的 {said}"
    if isinstance(term, ElapsedTerm):
        return f"从{names[0]}到{names[1]}，满 {said}"
    if isinstance(term, CountTerm):
        return f"{_such(term)}{_subject(policy, term.count)}有 {said}"
    if isinstance(term, (SumTerm, TotalTerm, RatioTerm)):
        return f"{called(policy, term, on)} {said}"
    return f"{called(policy, term, on)}：{said}"


def _such(term: CountTerm | TotalTerm) -> str:
    return "符合条件的" if term.where else ""


def _subject(policy: Policy, ident: str) -> str:
    return next(subject.label for subject in policy.subjects if subject.id == ident)


def _beside(names: list[str]) -> str:
    """The second of two names, by its year alone where the rest is the same: 2022 年."""
    year, mark, rest = names[1].partition(" 年")
    if mark and names[0].partition(" 年")[2] == rest:
        return f" {year} 年"
    return f" {names[1]}" if names[1][:1].isdigit() else names[1]


def _length(term: ShiftTerm) -> str:
    return "".join(f"{getattr(term, unit)} {word}" for unit, word in _SPANS if getattr(term, unit))
