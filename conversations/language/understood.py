"""What an answer is understood to say."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.case import CaseError, FactSpec, value_from_json, value_to_json
from rules.values import Value


@dataclass(frozen=True, slots=True)
class Understood:
    """What an answer says: ``value`` where ``status`` is ``ok``; ``unknown``: the person says not to know;
    ``unclear``: not understood. ``words`` are the person's own that the value was read from. ``offer`` is what an unclear
    answer seems to mean without saying it (180, asked for money): to be put to the person, never taken.
    """

    status: Literal["ok", "unknown", "unclear"]
    value: Value | None = None
    approximate: bool = False
    words: str = ""
    offer: Value | None = None


UNKNOWN = Understood("unknown")
UNCLEAR = Understood("unclear")


def can_be(spec: FactSpec, value: Value) -> bool:
    """Whether ``value`` is one that the fact ``spec`` may have."""
    if spec.type == "int" and isinstance(value, Decimal) and value != value.to_integral_value():
        return False
    try:
        return value_from_json(spec, value_to_json(value), spec.id) is not None
    except CaseError:
        return False
