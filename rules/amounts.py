"""How much a programme pays, as declarative data: fixed, by level, a share of a figure, or no figure at all.

Read from a pack, frozen; each carries the quote that it rests on. ``bounds`` says what is paid where every condition
holds, from as much as is known of the base; what a status makes of it is the business of ``rules.claims``.
"""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from rules.conditions import Model
from rules.values import Interval, Range, Value

ZERO = Decimal(0)


class Fixed(Model):
    """``amount`` yuan."""

    kind: Literal["fixed"] = "fixed"
    amount: Decimal
    quote: str
    fact: ClassVar[None] = None

    def bounds(self, base: Value | None) -> Interval:
        """Always the amount; there is no base."""
        return Interval(self.amount, self.amount)


class ByLevel(Model):
    """So many yuan for each choice of ``fact``; a choice without a level is paid nothing."""

    kind: Literal["by_level"] = "by_level"
    fact: str
    levels: dict[str, Decimal]
    quote: str

    def bounds(self, base: Value | None) -> Interval:
        """The level's amount; up to the largest where the level is not known."""
        if base is None:
            return Interval(ZERO, max(self.levels.values()))
        amount = self.levels.get(str(base), ZERO)
        return Interval(amount, amount)


class Share(Model):
    """``rate`` times the figure ``fact``, at most ``cap`` yuan; a match 1:1 is a share at rate 1."""

    kind: Literal["share"] = "share"
    fact: str
    rate: Decimal
    cap: Decimal | None = None
    quote: str

    def bounds(self, base: Value | None) -> Interval:
        """The share of the base, of both its ends where it is a range (openness set aside); without an end, 0 or the cap."""
        if isinstance(base, Decimal):
            amount = self._of(base)
            return Interval(amount, amount)
        known = base if isinstance(base, Range) else Range()
        return Interval(
            ZERO if known.low is None else self._of(known.low),
            self.cap if known.high is None else self._of(known.high),
        )

    def _of(self, base: Decimal) -> Decimal:
        share = base * self.rate
        return share if self.cap is None or share < self.cap else self.cap


class NoFigure(Model):
    """The text gives no figure: it is negotiated case by case, or at somebody's discretion."""

    kind: Literal["no_figure"] = "no_figure"
    basis: Literal["negotiated", "discretionary"]
    quote: str
    fact: ClassVar[None] = None

    def bounds(self, base: Value | None) -> None:
        """None: nothing that could be added up."""


Amount: TypeAlias = Annotated[Fixed | ByLevel | Share | NoFigure, Field(discriminator="kind")]
