"""The values that a case holds: figures known only so far, days, intervals of money.

Pure and exact: figures are ``Decimal``, never float. Knows nothing of facts or programmes.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from rules.dates import Dates


@dataclass(frozen=True, slots=True)
class Range:
    """A figure known only so far: between ``low`` and ``high``, each end open where flagged, None where there is none."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False


class Interval(NamedTuple):
    """An amount of money in yuan, from ``min`` to ``max``; ``max`` None means that no upper bound can be given."""

    min: Decimal
    max: Decimal | None


Value: TypeAlias = bool | str | Decimal | Range | Dates
"""What is known of one fact; a fact of which nothing is known has no value at all."""
