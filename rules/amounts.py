"""How much a programme pays, as declarative data: fixed, shares, steps, bands, tables, sums, or no figure at all.

Read from a pack, frozen; each carries the quote that it rests on. ``compiled`` turns an amount into a function of the
values of a scope that says what is paid where every condition holds; what a status makes of it is the business of
``rules.claims``. Money is in yuan.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from rules import spans
from rules.conditions import Condition, all_of
from rules.figures import Figure, reader
from rules.money import NOTHING, Money, Payer, either, not_below_0, nothing
from rules.raw import is_object
from rules.spans import ZERO, FigureSpan, Number, exactly
from rules.terms import FactTerm, Model, Scope, Term, Values
from rules.values import Range


class _Amount(Model):
    """What all amounts have: at least ``floor``, then at most ``cap``; ``clause`` where the quote stands in another."""

    quote: str = ""
    clause: str | None = None
    cap: Figure | None = None
    floor: Figure | None = None

    @abstractmethod
    def _bare(self, scope: Scope) -> Payer:
        """What is paid before floor and cap."""

    def compiled(self, scope: Scope) -> Payer:
        """What is paid where every condition holds; never below 0."""
        bare = self._bare(scope)
        floor = None if self.floor is None else reader(self.floor, scope)
        cap = None if self.cap is None else reader(self.cap, scope)

        def pay(values: Values) -> Money:
            paid = bare(values)
            if paid.span is None:
                return paid
            span = paid.span
            if floor is not None:
                span = spans.at_least(span, floor(values) or ZERO)
            if cap is not None:
                span = spans.at_most(span, cap(values) or ZERO)
            return Money(not_below_0(span), paid.no_figure)

        return pay

    @property
    def fact(self) -> str | None:
        """The one fact that it is computed from, None where there is none or more than a bare fact."""
        return None


def _as_amount(raw: object) -> object:
    """A number is that many yuan."""
    number = isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool)
    return {"kind": "fixed", "amount": raw} if number else raw


class Fixed(_Amount):
    """``amount`` yuan."""

    kind: Literal["fixed"] = "fixed"
    amount: Figure

    def _bare(self, scope: Scope) -> Payer:
        read = reader(self.amount, scope)
        return lambda values: Money(read(values))


class ByLevel(_Amount):
    """So much for each choice of a fact; a choice without a level is paid nothing."""

    kind: Literal["by_level"] = "by_level"
    of: Annotated[str, Field(alias="fact")]
    levels: dict[str, "Amount"]

    @property
    def fact(self) -> str:
        return self.of

    def _bare(self, scope: Scope) -> Payer:
        place = scope.choice(self.of, tuple(self.levels))
        levels = {choice: amount.compiled(scope) for choice, amount in self.levels.items()}
        branches = [levels.get(choice, nothing) for choice in scope.choices(self.of)]

        def pay(values: Values) -> Money:
            value = values[place]
            if value is not None:
                return levels[value](values) if value in levels else NOTHING
            return either(branch(values) for branch in branches)

        return pay


class _Computed(_Amount):
    """An amount computed ``of`` a term, which may be written ``fact``."""

    of: Term

    @model_validator(mode="before")
    @classmethod
    def _named_fact(cls, raw: object) -> object:
        if is_object(raw) and "fact" in raw and "of" not in raw:
            return {"of" if key == "fact" else key: value for key, value in raw.items()}
        return raw

    @property
    def fact(self) -> str | None:
        return self.of.root if isinstance(self.of, FactTerm) else None

    def _on(self, scope: Scope, paid: Callable[[FigureSpan, Values], Money]) -> Payer:
        """``paid`` on what the term comes to; nothing where it has never happened."""
        read = self.of.compiled(scope)

        def pay(values: Values) -> Money:
            base = read(values)
            return NOTHING if base is None else paid(base, values)

        return pay

    def _times(self, scope: Scope, factor: Figure) -> Payer:
        """The term times ``factor``."""
        by, read = reader(factor, scope), self.of.compiled(scope)

        def pay(values: Values) -> Money:
            base = read(values)
            return NOTHING if base is None else Money(spans.multiplied(base, by(values) or ZERO))

        return pay


class Share(_Computed):
    """``rate`` times a figure; a match 1:1, the whole of it, is a share at rate 1."""

    kind: Literal["share"] = "share"
    rate: Figure

    def compiled(self, scope: Scope) -> Payer:
        pay = super().compiled(scope)
        rate, cap = self.rate, self.cap
        if self.fact is None or not scope.stated(self.fact) or not isinstance(rate, Decimal) or self.floor is not None:
            return pay
        if not (cap is None or isinstance(cap, Decimal)):
            return pay
        # most figures are known, and rate and cap are numbers: the same without spans
        place = scope.figure_place(self.fact)

        def quick(values: Values) -> Money:
            figure = values[place]
            if type(figure) is not Decimal:
                return pay(values)
            paid = spans.times(figure, rate)
            if cap is not None and cap < paid:
                paid = cap
            return Money(exactly(paid if paid >= 0 else Decimal(0)))

        return quick

    def _bare(self, scope: Scope) -> Payer:
        return self._times(scope, self.rate)


class PerUnit(_Computed):
    """``price`` for each unit of a quantity."""

    kind: Literal["per_unit"] = "per_unit"
    price: Figure

    def _bare(self, scope: Scope) -> Payer:
        return self._times(scope, self.price)


class PerStep(_Computed):
    """``each`` for every full ``step`` (每满), or for every one exceeded (每超过)."""

    kind: Literal["per_step"] = "per_step"
    step: Annotated[Decimal, Field(gt=0)]
    each: Figure
    count: Literal["full", "exceeded"] = "full"

    def _bare(self, scope: Scope) -> Payer:
        each = reader(self.each, scope)

        def paid(base: FigureSpan, values: Values) -> Money:
            low, high = (None if end is None else self.steps(end) for end in (base.low, base.high))
            return Money(spans.multiplied(FigureSpan(low or 0, high), each(values) or ZERO))

        return self._on(scope, paid)

    def steps(self, figure: Number) -> int:
        """How many steps a figure has."""
        share = Fraction(figure) / Fraction(self.step)
        return max(0, floor(share) if self.count == "full" else ceil(share) - 1)


class Band(Model):
    """A stretch of a figure, and what is paid within it: an ``amount``, or a ``rate`` or ``price`` times the figure."""

    at_least: Decimal | None = None
    more_than: Decimal | None = None
    at_most: Decimal | None = None
    less_than: Decimal | None = None
    amount: "Amount | None" = None
    rate: Figure | None = None
    price: Figure | None = None
    quote: str = ""
    clause: str | None = None

    @model_validator(mode="after")
    def _one_pay_and_one_end_each(self) -> Self:
        if [self.amount, self.rate, self.price].count(None) != 2:
            raise ValueError("a band pays one of `amount`, `rate` and `price`")
        if None not in (self.at_least, self.more_than) or None not in (self.at_most, self.less_than):
            raise ValueError("a band has one lower and one upper end at most")
        return self

    @property
    def low(self) -> Decimal | None:
        return self.more_than if self.at_least is None else self.at_least

    @property
    def high(self) -> Decimal | None:
        return self.less_than if self.at_most is None else self.at_most

    @property
    def multiplier(self) -> Figure:
        """By what the figure is multiplied, where it is."""
        return self.rate if self.rate is not None else self.price if self.price is not None else Decimal(0)

    @property
    def span(self) -> FigureSpan:
        return FigureSpan(self.low, self.high, self.more_than is not None, self.less_than is not None)


class Bands(_Computed):
    """By the band in which a figure lies; ``marginal`` (超额累进): each part of it at the rate of its own band."""

    kind: Literal["bands"] = "bands"
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    mode: Literal["whole", "marginal"] = "whole"

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for band, following in pairwise(self.bands):
            if (
                band.high is None
                or following.low != band.high
                or (band.at_most is None) is not (following.at_least is not None)
            ):
                raise ValueError("each band begins where the last one ends, and the edge lies in exactly one of them")
        for band in self.bands:
            if band.low is not None and band.high is not None and band.low >= band.high:
                raise ValueError("a band ends above its beginning")
            if self.mode == "marginal" and not (isinstance(band.rate, Decimal) and band.rate >= 0):
                raise ValueError("a marginal band has a `rate`, a number from 0 on")
        return self

    def _bare(self, scope: Scope) -> Payer:
        if self.mode == "marginal":
            return self._on(
                scope, lambda base, values: Money(FigureSpan(self._marginal(base.low or 0), self._marginal(base.high)))
            )
        payers = [self._of_band(band, scope) for band in self.bands]
        narrowed = self._narrowing(scope)

        def paid(base: FigureSpan, values: Values) -> Money:
            found: list[Money] = []
            for band, payer in zip(self.bands, payers, strict=True):
                part = spans.common(base, band.span)
                if part is not None:
                    found.append(payer(part, narrowed(values, part)))
            if self._leaves(base):
                found.append(NOTHING)
            return either(found)

        return self._on(scope, paid)

    def _narrowing(self, scope: Scope) -> Callable[[Values, FigureSpan], Values]:
        """Within a band the fact that it is about lies in the band; a term made of facts says that of none of them."""
        if self.fact is None or not scope.stated(self.fact):
            return lambda values, part: values
        place = scope.figure_place(self.fact)

        def narrowed(values: Values, part: FigureSpan) -> Values:
            if isinstance(values[place], Decimal):
                return values
            known = Range(*part) if not part.exact else part.low  # pyright: ignore[reportArgumentType]
            return (*values[:place], known, *values[place + 1 :])

        return narrowed

    @staticmethod
    def _of_band(band: Band, scope: Scope) -> Callable[[FigureSpan, Values], Money]:
        if band.amount is not None:
            pay = band.amount.compiled(scope)
            return lambda part, values: pay(values)
        rate = reader(band.multiplier, scope)
        return lambda part, values: Money(not_below_0(spans.multiplied(part, rate(values) or ZERO)))

    def _leaves(self, base: FigureSpan) -> bool:
        """Whether ``base`` reaches below the first band or above the last."""
        first, last = self.bands[0].span, self.bands[-1].span
        return spans.common(base, FigureSpan(first.low, last.high, first.low_open, last.high_open)) != base

    def _marginal(self, figure: Number | None) -> Number | None:
        paid: Number | None = Decimal(0)
        for band in self.bands:
            low, rate = band.low or Decimal(0), band.rate if isinstance(band.rate, Decimal) else Decimal(0)
            high = figure if band.high is None else band.high if figure is None else min(figure, band.high)
            if high is None:
                paid = None if rate else paid
            elif high > low and paid is not None:
                paid = spans.plus(paid, spans.times(rate, spans.plus(high, spans.times(low, -1))))
        return paid


class Row(Model):
    """A row of a table: ``amount`` where all of ``when`` hold."""

    when: tuple[Condition, ...]
    amount: "Amount"
    quote: str = ""
    clause: str | None = None


class ByTable(_Amount):
    """The amount of the first row whose conditions all hold; ``otherwise`` where none does."""

    kind: Literal["table"] = "table"
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]
    otherwise: "Amount | None" = None

    def _bare(self, scope: Scope) -> Payer:
        rows = [(all_of(row.when, scope), row.amount.compiled(scope)) for row in self.rows]
        otherwise = nothing if self.otherwise is None else self.otherwise.compiled(scope)

        def pay(values: Values) -> Money:
            found: list[Money] = []
            for test, payer in rows:
                truth = test(values)
                if truth is not False:
                    found.append(payer(values))
                if truth:
                    return either(found)
            return either((*found, otherwise(values)))

        return pay


class SumOf(_Amount):
    """Several amounts, all of which are paid."""

    kind: Literal["sum"] = "sum"
    amounts: Annotated[tuple["Amount", ...], Field(min_length=1)]

    def _bare(self, scope: Scope) -> Payer:
        payers = [amount.compiled(scope) for amount in self.amounts]

        def pay(values: Values) -> Money:
            paid = [payer(values) for payer in payers]
            figures = [money.span for money in paid if money.span is not None]
            truths = [money.no_figure for money in paid]
            return Money(
                spans.added(figures) if figures else None,
                True if True in truths else None if None in truths else False,
            )

        return pay


class GreatestOf(_Amount):
    """Several amounts, the largest of which is paid."""

    kind: Literal["greatest_of"] = "greatest_of"
    amounts: Annotated[tuple["Amount", ...], Field(min_length=1)]

    def _bare(self, scope: Scope) -> Payer:
        payers = [amount.compiled(scope) for amount in self.amounts]
        return lambda values: Money(spans.greatest(payer(values).span or ZERO for payer in payers))


class UpTo(_Amount):
    """最高, 不超过: anything up to ``amount``, also when everything is known."""

    kind: Literal["up_to"] = "up_to"
    amount: "Amount"

    def _bare(self, scope: Scope) -> Payer:
        payer = self.amount.compiled(scope)
        return lambda values: Money(spans.from_0(payer(values).span or ZERO))


class NoFigure(_Amount):
    """The text gives no figure: negotiated case by case, or at somebody's discretion; ``at_least``, if it says so."""

    kind: Literal["no_figure"] = "no_figure"
    basis: Literal["negotiated", "discretionary"]
    at_least: Figure | None = None

    def _bare(self, scope: Scope) -> Payer:
        if self.at_least is None:
            return lambda values: Money(None, True)
        least = reader(self.at_least, scope)
        return lambda values: Money(FigureSpan((least(values) or ZERO).low, None), True)


Amount: TypeAlias = Annotated[
    Annotated[
        Fixed | ByLevel | Share | PerUnit | PerStep | Bands | ByTable | SumOf | GreatestOf | UpTo | NoFigure,
        Field(discriminator="kind"),
    ],
    BeforeValidator(_as_amount),
]


def figured(amount: Amount) -> bool:
    """Whether ``amount`` can have a figure at all."""
    if isinstance(amount, NoFigure):
        return amount.at_least is not None
    if isinstance(amount, (SumOf, GreatestOf)):
        return any(map(figured, amount.amounts))
    inner: Sequence[Any] = ()
    if isinstance(amount, ByLevel):
        inner = tuple(amount.levels.values())
    elif isinstance(amount, Bands):
        inner = tuple(band.amount for band in amount.bands)
    elif isinstance(amount, ByTable):
        inner = (*(row.amount for row in amount.rows), *([amount.otherwise] if amount.otherwise else []))
    return not inner or any(each is None or figured(each) for each in inner)
