"""The values that rules compute with: Kleene truth, figures known only so far, intervals of money.

Pure and exact: figures are ``Decimal``, never float. Knows nothing of facts or programmes.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Truth: TypeAlias = bool | None
"""True, False, or None for "not known" (Kleene's strong three-valued logic)."""


@dataclass(frozen=True, slots=True)
class Range:
    """A figure known only so far: between ``low`` and ``high``, each end open where flagged, None where there is none."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """An amount of money in yuan, from ``min`` to ``max``; ``max`` None means that no upper bound can be given."""

    min: Decimal
    max: Decimal | None


Value: TypeAlias = bool | str | Decimal | Range
"""What is known of one fact; a fact of which nothing is known has no value at all."""
