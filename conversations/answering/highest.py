"""Which of several programmes is paid where they are for one project, and what each of them pays.

For a question that names the programmes without telling enough of a case. Decides nothing that the text leaves open.
"""

from collections.abc import Iterator
from decimal import Decimal

from conversations.language.descriptions import Description
from conversations.saying.values import money, value
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.policy import Programme
from rules.plain import plain_levels, plain_sum


def highest(shelf: Shelf, known: Known, description: Description, text: str) -> tuple[str, ...]:
    """What the programmes that ``text`` names pay and the highest of them, each a line; empty where a sum is not known."""
    named = {path for piece in description.pieces if piece.words in text for path in piece.named}
    meant = [
        each for each in shelf.policy.programmes if each.id in shelf.policy.pooled and _is_meant(shelf, each, named)
    ]
    sums = dict(_sums(shelf, known, meant, text))
    if len(sums) < 2 or len(sums) < len(meant):
        return ()
    best = max(sums, key=lambda each: sums[each])
    each = "，".join(f"{label} {money(paid)}" for label, paid in sums.items())
    return (f"{each}：同一个项目只给最高的一项，也就是{best} **{money(sums[best])}**（要先符合它的条件）。",)


def _is_meant(shelf: Shelf, programme: Programme, named: set[str]) -> bool:
    return any(path in programme.facts and shelf.users[path] == 1 for path in named)


def _sums(shelf: Shelf, known: Known, meant: list[Programme], text: str) -> Iterator[tuple[str, Decimal]]:
    """What each pays: its one sum, that of the level that ``text`` names, or what the case comes to."""
    for programme in meant:
        if (fixed := plain_sum(programme.amount)) is not None:
            yield programme.label, fixed
        elif levels := plain_levels(programme.amount):
            fact = shelf.policy.fact(levels[0])
            paid = [amount for level, amount in levels[1].items() if value(fact, level) in text]
            if len(paid) == 1:
                yield programme.label, paid[0]
        else:
            amounts = [
                claim.amount for claim in known.assessment.claims if claim.programme == programme and claim.amount
            ]
            exact = [amount.max for amount in amounts if amount.max is not None and amount.min == amount.max]
            if len(exact) == 1:
                yield programme.label, exact[0]
