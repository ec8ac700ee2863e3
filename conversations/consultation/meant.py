"""Whether an answer may be the one that a message puts right: by the kind and the size of what it tells, and its year.

Decides nothing by itself; knows no policy.
"""

from decimal import Decimal

from conversations.consultation.turn import Turn
from conversations.language.days import find_days
from conversations.language.quantities import UnitKind, find_quantities
from conversations.state.session import value_at
from knowledge.policy import Fact

_A_HANDFUL = 1000
_BESIDE_A_DAY = 8
"""The most characters beside a day in the clause that puts one right: 执照上写的是…"""


def may_be_meant(turn: Turn, path: str) -> bool:
    """Whether ``path`` may be meant: no place where a figure is told; of figures those of the year, where the message says
    a year of which figures are known: 2023年的应为7200万."""
    years = {str(day.year) for day in find_days(turn.message.plain, turn.today) if day.year}
    fact = turn.shelf.policy.fact(path)
    if fact.type == "place" and any(
        quantity.scaled or quantity.kind is UnitKind.MONEY for quantity in find_quantities(turn.message.plain)
    ):
        return False  # 32万件里有7万是义乌仓发的
    if fact.by_year and "@" not in path:
        return False  # spoken of, of no year yet
    if fact.type in ("int", "count") and _of_other_size(turn, path):
        return False
    if fact.type == "date" and _day_of_something(turn, fact):
        return False
    years &= {answer.path.partition("@")[2] for answer in turn.session.answers}
    return not years or not fact.spec.numeric or path.partition("@")[2] in years


def _of_other_size(turn: Turn, path: str) -> bool:
    """Whether the message tells figures in 万 or 亿, and what is known at ``path`` is a handful: 500万 is no number of machines."""
    known = value_at(turn.known.case, path)
    figures = find_quantities(turn.message.plain)
    return isinstance(known, int | Decimal) and known < _A_HANDFUL and any(quantity.scaled for quantity in figures)


def _day_of_something(turn: Turn, fact: Fact) -> bool:
    """Whether the clause with the day tells what happened then, of something else: 社保这个月已经转过来了."""
    plain = turn.message.plain
    for day in find_days(plain, turn.today):
        start = max(plain.rfind(mark, 0, day.start) for mark in ",。;") + 1
        end = min(at if at >= 0 else len(plain) for at in (plain.find(mark, day.end) for mark in ",。;"))
        rest = plain[start : day.start] + plain[day.end : end]
        if len(rest) > _BESIDE_A_DAY and not any(name in rest for name in (fact.label, *fact.reads.names)):
            return True
    return False
