"""Two figures of one fact that were told the wrong way round: 两年的营收写反了，1.18亿是24年的. Knows no policy."""

from decimal import Decimal

from conversations.consultation.turn import Turn
from conversations.language.descriptions import Description
from conversations.language.quantities import UnitKind, find_quantities
from conversations.language.text import normalise
from conversations.state.answer import Answer
from conversations.state.session import value_at
from knowledge.patterns import regex
from rules.case import value_to_json

_WRONG_WAY_ROUND = regex(
    r"(?:[说写填报弄搞记打看讲抄])(?:颠倒|反)(?:了|啦)|颠倒了|(?:对调|[换倒调]过来|互换|调换)(?=$|[,。!了一吧])"
)
_TWO = 2
_SHORT = 12
"""So many characters name nothing and are of what was told last."""


def swapped(turn: Turn, description: Description) -> dict[str, Answer]:
    """The two figures of the fact that the message names, or that was spoken of last, each where the other stood; nothing where
    the message does not say so, tells another figure, or there are not two."""
    plain = normalise(turn.message.text)
    if not _WRONG_WAY_ROUND.search(plain):
        return {}
    policy, known = turn.shelf.policy, turn.known.case
    named = {fact for piece in description.pieces for fact in piece.named}
    named |= {f.id for f in policy.facts if any(normalise(name) in plain for name in (f.label, *f.reads.names))}
    by_fact: dict[str, list[str]] = {}
    for path in turn.answered:
        if isinstance(value_at(known, path), Decimal | int) and policy.fact(path).spec.numeric:
            by_fact.setdefault(policy.fact(path).id, []).append(path)
    about = [fact for fact in by_fact if fact in named]
    about = about or (list(by_fact)[:1] if len(plain) <= _SHORT else [])
    paths = by_fact[about[0]] if len(about) == 1 else []
    if len(paths) != _TWO:
        return {}
    values = [value_at(known, path) for path in paths]
    told = [q for q in find_quantities(plain) if q.scaled or q.kind in (UnitKind.MONEY, UnitKind.COUNT)]
    if any(q.value not in (*values, _TWO) for q in told):
        return {}  # 说反了，是2.5万
    return {
        path: turn.answer(path, value_to_json(value), turn.message.text)
        for path, value in zip(paths, reversed(values), strict=True)
        if value is not None
    }
