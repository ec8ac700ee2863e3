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

    def reaches(self, bound: Decimal) -> Truth:
        """Whether the figure is ``bound`` or more; None where the range lies on both sides."""
        if self.low is not None and self.low >= bound:
            return True
        if self.high is not None and (self.high < bound or (self.high == bound and self.high_open)):
            return False
        return None

    def exceeds(self, bound: Decimal) -> Truth:
        """Whether the figure is more than ``bound``; None where the range lies on both sides."""
        if self.low is not None and (self.low > bound or (self.low == bound and self.low_open)):
            return True
        if self.high is not None and self.high <= bound:
            return False
        return None


@dataclass(frozen=True, slots=True)
class Interval:
    """An amount of money in yuan, from ``min`` to ``max``; ``max`` None means that no upper bound can be given."""

    min: Decimal
    max: Decimal | None


Value: TypeAlias = bool | str | Decimal | Range
"""What is known of one fact; a fact of which nothing is known has no value at all."""


def negate(truth: Truth) -> Truth:
    """Kleene's "not": what is not known stays not known."""
    return None if truth is None else not truth
