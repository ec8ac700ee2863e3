"""One's own figures of which it is asked whether together they are what a programme pays a share of: 佣金和坑位费加一块儿算服务费不.

Decides only of what they are and what they come to; words nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from conversations.answering.figures import FigureReader, is_sum
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
from conversations.language.units import UnitKind
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import Fact, Programme
from rules.plain import plain_share

_SENTENCE_END = regex("[。;!?]")
_PLUS = regex(r"再?加上?|\+")
_FEW = 2
_BARE = 2100
"""From which a figure without a unit is money, and no year."""


@dataclass(frozen=True, slots=True)
class AddedUp:
    """The ``fact`` that ``programme`` pays a share of, and the ``figures`` that are to be it together, none where they are not told."""

    programme: Programme
    fact: Fact
    figures: tuple[Decimal, ...]
    words: str

    @property
    def total(self) -> Decimal | None:
        return sum(self.figures, Decimal(0)) if len(self.figures) >= _FEW else None


def added_up(shelf: Shelf, text: str, told: str = "") -> AddedUp | None:
    """What ``text`` asks the sum of; of several with such a name that of which most is ``told`` by its names; None where it asks nothing such."""
    plain = normalise(text)
    found = lexicon("questions")["own_sum"].search(plain)
    if found is None:
        return None
    reader, rated = shelf.compiled(FigureReader), list[tuple[int, int, Programme, Fact]]()
    for programme in shelf.policy.programmes:
        rule = plain_share(programme.amount)
        fact = shelf.policy.fact(rule.fact) if rule else None
        if fact and fact.type == "money" and reader.names(fact).search(found["what"]):
            names = [normalise(name) for name in fact.reads.names]
            first = next((place for place, name in enumerate(names) if name in found["what"]), len(names))
            rated.append((sum(name in normalise(told or text) for name in names), -first, programme, fact))
    if not rated:
        return None
    _, _, programme, fact = max(rated, key=lambda each: each[:2])
    before = _SENTENCE_END.split(plain[: found.start()])
    ways = (tuple(_figures(words)) for words in (before[-1], "".join(before[-2:])))
    return AddedUp(programme, fact, next((way for way in ways if len(way) >= _FEW), ()), found[0])


def _figures(plain: str) -> Iterator[Decimal]:
    """The sums of money that plain text tells, those that are told as one addition one by one (540 万 + 90 万)."""
    for each in find_quantities(plain):
        parts: Sequence[Quantity] = [each]
        if each.value is None:
            terms = _PLUS.split(plain[each.start : each.end])
            parts = [quantity for term in terms for quantity in find_quantities(term)]
        for part in parts:
            bare = (
                part.kind is UnitKind.NUMBER and isinstance(part.value, Decimal) and part.value >= _BARE
            )  # 证书费 8000
            if isinstance(part.value, Decimal) and (is_sum(part) or bare):
                yield part.value
