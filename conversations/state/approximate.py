"""What the case takes of an answer that was given roughly, so that it decides nothing that lies close by (contract 6)."""

from datetime import timedelta
from decimal import Decimal

from pydantic import JsonValue

from conversations.state.answer import Answer
from conversations.state.shelf import Shelf
from rules.case import value_from_json, value_to_json
from rules.dates import Dates
from rules.values import Range

_MONTH = 31
"""A day that was given roughly may be so many days off."""


def in_a_term(path: str, shelf: Shelf) -> bool:
    """Whether a condition compares a figure that is made of the fact at ``path``."""
    return shelf.policy.fact(path).id in shelf.in_terms if "." in path else False


def used(answer: Answer, shelf: Shelf, spread: bool = False) -> JsonValue:
    """The value that the case takes: an approximate figure close to a threshold counts as ±10 %.

    ``spread``: so does one of which others are made, wherever it lies.
    """
    value = answer.fact
    if not answer.approximate or isinstance(value, dict):
        return value
    fact = shelf.policy.fact(answer.path)
    figure = value_from_json(fact.spec, value, answer.path)
    if isinstance(figure, Dates):
        return _about(figure).written()
    if not isinstance(figure, Decimal):
        return value
    low, high = figure * Decimal("0.9"), figure * Decimal("1.1")
    near = any(low <= threshold <= high for threshold in shelf.thresholds.get(fact.id, ()))
    if not near and not (spread and fact.id in shelf.in_terms):
        return value
    least, largest = fact.spec.limits
    low, high = max(low, least), min(high, largest)
    if fact.spec.counted:
        low, high = low.to_integral_value(), high.to_integral_value()
    return value_to_json(Range(low, high))


def _about(known: Dates) -> Dates:
    """A day that was given roughly: one of its own size before and after (大概2021年3月)."""
    if known.first is None or known.last is None:
        return known
    size = timedelta(days=max(_MONTH, (known.last - known.first).days + 1))
    return Dates(known.first - size, known.last + size)
