"""What was told the wrong way round of two things, or of two years, put right: 说反了, 入选的是农业那个.

Knows no policy.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from conversations.consultation.last_told import stated
from conversations.consultation.statements import Stated
from conversations.consultation.turn import Turn
from conversations.language.days import find_days
from conversations.language.descriptions_pieces import named_in
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import normalise
from conversations.state.answer import Answer
from conversations.state.session import value_at
from knowledge.patterns import regex
from rules.case import value_to_json
from rules.values import Value

_Pair = tuple[tuple[str, Value | None], tuple[str, Value | None]]
"""Where one fact is told of two things or years, and what; None where it is told of the other alone."""
_IS = regex(r"[^,。;!?也]{0,12}?(?:那个|这个|都|全|其实|应该|才)*是")
_OF = regex("年?的")
_TWO = 2
_SHORT = 12
"""So many characters name nothing and are of what was told last."""


def exchanged(turn: Turn, found: Stated) -> dict[str, Answer]:
    """The values of the one fact that the message says to have been told of the other of two each; empty where it does not say
    so, or not of which, or tells another figure."""
    if not turn.message.mixed_up:
        return {}
    pairs = _pairs(turn)
    fact = _meant(turn, found, pairs)
    if fact is None:
        return {}
    (first, one), (second, other) = pairs[fact]
    new = {first: not one if other is None else other, second: not other if one is None else one}
    return {path: turn.answer(path, value_to_json(value), turn.message.text) for path, value in new.items()}


def moved(turn: Turn, told: Mapping[str, Answer]) -> dict[str, Answer]:
    """不对，5400万是23年的: the figures that were told of another year than the one of which they are ``told`` now, taken back."""
    plain = turn.message.plain
    back: dict[str, Answer] = {}
    for path, answer in told.items() if turn.message.corrects else ():
        fact, _, year = path.partition("@")
        before = [old for old in turn.answered if old.startswith(f"{fact}@") and old not in told]
        same = [old for old in before if stated(turn, old) == answer.value]
        if year and same and _said_of(plain, answer.value, int(year), turn.today):
            back |= {old: turn.answer(old, None, turn.message.text) for old in same}
    return back


def _said_of(plain: str, value: object, year: int, today: date | None) -> bool:
    """Whether ``plain`` says behind the figure ``value`` that it is that of the ``year``: 5400万跟46万件都是23年的."""
    figures = [q for q in find_quantities(plain) if isinstance(q.value, Decimal) and value_to_json(q.value) == value]
    days = [day for day in find_days(plain, today) if day.year == year]
    return any(
        _IS.fullmatch(plain, q.end, day.start) and _OF.match(plain, day.end - 1)
        for q in figures
        for day in days
        if q.end <= day.start
    )


def _pairs(turn: Turn) -> dict[str, _Pair]:
    """The facts that are told of two things or years, and differently; a yes or no also of one of the two things of a list."""
    told: dict[str, list[str]] = {}
    for path in sorted(turn.answered):
        told.setdefault(turn.shelf.policy.fact(path).id, []).append(path)
    pairs: dict[str, _Pair] = {}
    for fact, paths in told.items():
        subject, _, name = fact.partition(".")
        two = len(turn.known.case.items.get(subject) or ()) == _TWO if subject in turn.shelf.policy.lists else True
        if turn.shelf.policy.fact(fact).type == "bool" and subject in turn.shelf.policy.lists:
            paths = [f"{subject}.0.{name}", f"{subject}.1.{name}"]
        if two and len(paths) == _TWO:
            first, second = ((path, value_at(turn.known.case, path)) for path in paths)
            pairs |= {fact: (first, second)} if first[1] != second[1] else {}
    return pairs


def _meant(turn: Turn, found: Stated, pairs: dict[str, _Pair]) -> str | None:
    """The one fact of ``pairs`` of which the message tells both values again, or states something, or which it names; else that
    told last."""
    plain, policy = turn.message.plain, turn.shelf.policy
    quantities = [q for q in find_quantities(plain) if q.scaled or q.kind in (UnitKind.MONEY, UnitKind.COUNT)]
    again = {value for quantity in find_quantities(plain) for value in quantity.meanings()}
    known = {value for pair in pairs.values() for _, value in pair}
    if any(q.value not in known and q.value != _TWO for q in quantities):  # 打反了，冷链那个是2030万: the digits
        return None
    figures = [fact for fact, pair in pairs.items() if all(isinstance(v, Decimal) and v in again for _, v in pair)]
    stated = {policy.fact(path).id for path in found.facts if path.count(".") > 1}
    named = stated or named_in(found.description.pieces)
    called = [f.id for f in policy.facts if any(normalise(name) in plain for name in (f.label, *f.reads.names))]
    meant = figures or [fact for fact in pairs if fact in named] or [fact for fact in pairs if fact in called]
    if not meant and len(plain) <= _SHORT:
        meant = [fact for fact in (policy.fact(path).id for path in turn.answered) if fact in pairs][:1]
    return meant[0] if len(meant) == 1 else None
