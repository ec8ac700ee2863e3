"""Whether an answer may be the one that a message puts right: by the kind and the size of what it tells, and its year.

Decides nothing by itself; knows no policy.
"""

from decimal import Decimal

from conversations.consultation.turn import Turn
from conversations.language.days import find_days
from conversations.language.descriptions_figure_words import inside
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import normalise
from conversations.state.session import value_at
from knowledge.patterns import regex
from knowledge.policy import Fact
from rules.values import Range

_A_HANDFUL = 1000
_LONGEST = 60
"""In so many characters of a message the name of what it puts right is looked for."""
_SHORT_NAME = 4
"""The fewest characters that say which fact is meant, where they are no name of it as it stands."""
_CALL = regex(
    "(?:[哦噢啊嗯,]|对了|就是|那|还有)*(?P<call>[\u4e00-\u9fff]{2,4}?)(?:[那这](?:个|块|边|笔|项|条|一块)|方面)"
)
_ANY_FIGURE = regex("金额|数字?|数目|数据|总[数额]|费用|资金|项目|刚才|前面|上面")
_POINTING = regex("[那这]个|的")
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
    if fact.spec.numeric and (called := _so_called(turn)) and fact.id not in called:
        return False  # 网上那个准确是271万, of no turnover
    if fact.type in ("int", "count") and _of_other_size(turn, path):
        return False
    if fact.type == "date" and _day_of_something(turn, fact):
        return False
    years &= {answer.path.partition("@")[2] for answer in turn.session.answers}
    return not years or not fact.spec.numeric or path.partition("@")[2] in years


def named_in_short(turn: Turn) -> str | None:
    """The figure answered before of whose name the message says most, in its order: 证书认证费, of 数字证书（CA）认证服务费."""
    plain = _POINTING.sub("", turn.message.plain[:_LONGEST])
    for subject in turn.shelf.policy.subjects:
        plain = plain.replace(normalise(subject.label), ",")
    facts = {path: turn.shelf.policy.fact(path) for path in turn.answered}
    lengths = {path: _longest_short(plain, fact) for path, fact in facts.items() if fact.spec.numeric}
    best = max(lengths.values(), default=0)
    named = [path for path, length in lengths.items() if length == best]
    return named[0] if best >= _SHORT_NAME and len(named) == 1 else _called(turn)


def _called(turn: Turn) -> str | None:
    """网上那个准确是271万: the figure answered before of which a part of the name points at it; of those of several years the one
    that is known as a range which holds the figure of the message."""
    called = _so_called(turn)
    meant = [path for path in turn.answered if turn.shelf.policy.fact(path).id in called]
    if len({turn.shelf.policy.fact(path).id for path in meant}) != 1:
        return None
    values = [q.value for q in find_quantities(turn.message.plain)]
    ranges = {path: known for path in meant if isinstance(known := value_at(turn.known.case, path), Range)}
    closer = [path for path, known in ranges.items() if any(inside(value, known) for value in values)]
    found = closer or meant
    return found[0] if len(found) == 1 else None


def _so_called(turn: Turn) -> set[str]:
    """The facts with figures of which the words that point at one at the head of the message are a part of the name."""
    call = _CALL.match(turn.message.plain)
    subjects = [normalise(each.label) for each in turn.shelf.policy.subjects]
    if call is None or _ANY_FIGURE.fullmatch(call["call"]) or any(call["call"] in name for name in subjects):
        return set()
    facts = [fact for fact in turn.shelf.policy.facts if fact.spec.numeric]
    return {f.id for f in facts if any(call["call"] in normalise(name) for name in (f.label, *f.reads.names))}


def _longest_short(plain: str, fact: Fact) -> int:
    """The most characters of ``plain``, one behind the other, that stand in that order in a name of the fact."""
    longest = 0
    for name in (_POINTING.sub("", normalise(name)) for name in (fact.label, *fact.reads.names)):
        for start in range(len(plain)):
            at, end = -1, start
            while end < len(plain) and (at := name.find(plain[end], at + 1)) >= 0:
                end += 1
            longest = max(longest, end - start)
    return longest


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
