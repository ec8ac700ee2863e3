"""What was told of two things the wrong way round, put right: 说反了, 入选的是农业那个.

Knows no policy.
"""

from collections.abc import Iterator
from decimal import Decimal

from conversations.consultation.statements import Stated
from conversations.consultation.turn import Turn
from conversations.language.quantities import find_quantities
from conversations.state.answer import Answer
from conversations.state.session import value_at
from rules.case import value_to_json
from rules.values import Value


def exchanged(turn: Turn, found: Stated) -> dict[str, Answer]:
    """The values of the one fact that the message says to have been told of the other of two things each; empty where it does
    not say so, or not of which."""
    if not turn.message.mixed_up:
        return {}
    quantities = find_quantities(turn.message.plain)
    told = {each.value for quantity in quantities for each in (quantity, *quantity.in_large_units())}
    stated = {turn.shelf.policy.fact(path).id for path in found.facts if path.count(".") > 1}
    named = stated or {fact for piece in found.description.pieces for fact in piece.named}
    pairs = dict(_pairs(turn))
    figures = [fact for fact, pair in pairs.items() if all(isinstance(v, Decimal) and v in told for v in pair)]
    if any(quantity.scaled for quantity in quantities) and not figures:  # 打反了，冷链那个是2030万: the digits
        return {}
    meant = figures or [fact for fact in pairs if fact in named]
    last = (turn.session.focus or "").split(".")
    meant = meant or [fact for fact in pairs if fact == f"{last[0]}.{last[-1]}" and None not in pairs[fact]]
    if len(meant) != 1:
        return {}
    (fact,) = meant
    subject, name = fact.split(".")
    values = pairs[fact]
    return {
        path: turn.answer(path, value_to_json(value), turn.message.text)
        for path, own, other in zip((f"{subject}.0.{name}", f"{subject}.1.{name}"), values, values[::-1], strict=True)
        if (value := not own if isinstance(own, bool) else other) is not None
    }


def _pairs(turn: Turn) -> Iterator[tuple[str, tuple[Value | None, Value | None]]]:
    """The facts of lists of two things that are told of them differently: so of one alone, or figures and choices of both."""
    for subject, names in turn.shelf.names.items():
        if len(turn.known.case.items.get(subject) or ()) != 2 or subject not in turn.shelf.policy.lists:
            continue
        for name in names:
            first, second = (value_at(turn.known.case, f"{subject}.{at}.{name}") for at in (0, 1))
            both = first is not None and second is not None
            if first != second and (both or isinstance(first, bool) or isinstance(second, bool)):
                yield f"{subject}.{name}", (first, second)
