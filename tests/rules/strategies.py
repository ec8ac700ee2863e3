"""Random cases: every fact known, known as a range or not known, near the figures that decide something."""

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from rules.case import FactSpec
from rules.plain import plain_share
from tests.rules.support import Json, Rules


@cache
def figures(rules: Rules, fact: FactSpec) -> list[Decimal]:
    """The figures at which something may change for ``fact``: limits, thresholds and their neighbours, where a cap bites."""
    least, largest = fact.limits
    step = Decimal("0.01") if fact.type == "ratio" else Decimal(1)
    found = {least, least + step, largest if largest < 10**6 else Decimal(10) ** 9}
    for programme in rules.programmes:
        for line in programme.lines:
            if line.fact == fact.id:
                found |= {line.value - step, line.value, line.value + step}
        amount = plain_share(programme.amount)
        if amount and amount.fact == fact.id and amount.cap is not None:
            enough = (amount.cap / amount.rate).to_integral_value()
            found |= {enough - step, enough, enough + step, enough * 2}
    whole = {figure.to_integral_value() if fact.type == "int" else figure for figure in found}
    return sorted(figure for figure in whole if least <= figure <= largest)


def plain(figure: Decimal) -> int | float:
    return int(figure) if figure == figure.to_integral_value() else float(figure)


@st.composite
def ranges(draw: st.DrawFn, rules: Rules, fact: FactSpec) -> Json:
    points = figures(rules, fact)
    low, high = sorted((draw(st.sampled_from(points)), draw(st.sampled_from(points))))
    ends: Json = {}
    if draw(st.booleans()):
        ends[draw(st.sampled_from(["at_least", "more_than"]))] = plain(low)
    if not ends or draw(st.booleans()):
        ends[draw(st.sampled_from(["at_most", "less_than"]))] = plain(high)
    return ends


def valid(rules: Rules, fact: FactSpec, raw: object) -> bool:
    try:
        rules.book.parse(_alone(rules, fact, raw))
    except ValueError:
        return False
    return True


def _alone(rules: Rules, fact: FactSpec, raw: object) -> Json:
    many = next(subject.many for subject in rules.subjects if subject.id == fact.subject)
    item = {fact.name: raw}
    return {fact.subject: [item] if many else item}


@cache
def exact(rules: Rules, fact: FactSpec) -> st.SearchStrategy[Any]:
    """A value known exactly."""
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "choice":
        return st.sampled_from(fact.choices)
    if fact.type == "text":
        return st.sampled_from(["", "甲"])
    return st.sampled_from([plain(figure) for figure in figures(rules, fact)])


@cache
def known(rules: Rules, fact: FactSpec) -> st.SearchStrategy[Any]:
    """A value known exactly or, a figure, as a range."""
    if not fact.numeric:
        return exact(rules, fact)
    return exact(rules, fact) | ranges(rules, fact).filter(lambda raw: valid(rules, fact, raw))


@st.composite
def items(draw: st.DrawFn, rules: Rules, subject: str, complete: bool = False) -> Json:
    item: Json = {}
    for fact in rules.facts:
        if fact.subject == subject and (complete or draw(st.integers(0, 2))):
            item[fact.name] = draw(exact(rules, fact) if complete else known(rules, fact))
    return item


def names(rules: Rules, data: Json) -> list[str]:
    """The claims of the case ``data`` that ``same_project`` may name."""
    return [c.id for c in rules.assess(data).claims if c.programme.id in rules.cumulation.pooled]


@st.composite
def groups(draw: st.DrawFn, rules: Rules, data: Json) -> list[list[str]]:
    idents = st.sampled_from(names(rules, data))
    return draw(st.lists(st.lists(idents, max_size=3), max_size=3))


@st.composite
def cases(draw: st.DrawFn, rules: Rules, complete: bool = False, most: int = 2) -> Json:
    """A case as JSON; ``complete``: everything is known exactly, ``same_project`` as well."""
    data: Json = {}
    for subject in rules.subjects:
        if not subject.many:
            data[subject.id] = draw(items(rules, subject.id, complete))
        elif complete or draw(st.integers(0, 3)):
            data[subject.id] = draw(st.lists(items(rules, subject.id, complete), max_size=most))
    if complete or draw(st.booleans()):
        data["same_project"] = draw(groups(rules, data))
    return data
