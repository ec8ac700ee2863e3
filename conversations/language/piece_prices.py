"""What one piece costs, where an answer tells that, or what several cost together: 每台 15 万, 三台总共 45 万.

The price of all is never that of one. Divided by the pieces it is stated where it is said to be the whole and nothing
is left over, and suggested where only the number of pieces stands beside it. Knows no fact.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from conversations.language.attribution import TOTAL, own_part
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, UnitKind

_ZH = lexicon("quantities")
_COUNTERS = "台套件部辆架条支把个"
_CENT = Decimal("0.01")


def of_one(words: Sequence[str]) -> bool:
    """Whether a figure that is called so is the price of one piece."""
    return any(map(_ZH["of_one"].search, words))


def of_one_piece(text: str, quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """The prices among ``quantities`` of plain ``text`` as those of one piece, with what is no price left as it is."""
    prices = [q for q in quantities if q.kind is UnitKind.MONEY or (q.kind is UnitKind.NUMBER and q.scaled)]
    parts = {q: own_part(text, q, quantities) for q in prices}
    each = [
        q
        for q in prices
        if q.each is not None or _ZH["each_behind"].match(text, q.end) or _ZH["of_each_piece"].search(_before(text, q))
    ]
    if len({q.value if q.each is None else q.each for q in each}) > 1:
        return ()  # 一台80万，另一台65万
    if each:
        return tuple(q if q.each is None else replace(q, value=q.each) for q in each)
    pieces = {q.value for q in quantities if q.kind is UnitKind.COUNT and q.unit in _COUNTERS}
    pieces = pieces - {1} or pieces  # 四台都是一个型号
    wholes = [q for q in prices if TOTAL.search(parts[q]) or _ZH["whole_price"].search(parts[q])]
    if not wholes and (not pieces or pieces == {1}):
        return tuple(quantities)
    if len(prices) != 1 or len(pieces) > 1:
        return ()
    return (_divided(prices[0], next(iter(pieces), None), bool(wholes)),)


def _before(text: str, quantity: Quantity) -> str:
    return text[quantity.clause[0] : quantity.at]


def _divided(price: Quantity, pieces: object, whole: bool) -> Quantity:
    """The ``price`` of so many ``pieces`` as that of one: stated where it is the ``whole``, else suggested."""
    if not isinstance(price.value, Decimal) or not isinstance(pieces, Decimal) or pieces < 1:
        return replace(price, value=None, suggests=None)
    one = price.value / pieces
    if one != one.quantize(_CENT):
        return replace(price, value=None, suggests=None)
    return replace(price, value=one.quantize(_CENT) if whole else None, suggests=None if whole else one)
