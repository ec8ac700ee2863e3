"""Terms, which make figures of facts: sums, ratios, growth, counts over a list, time gone by.

Declarative data read from a pack, frozen. ``compiled`` turns each into a function of the values of a scope
(``rules.scopes``) that gives a span, or None for what has never happened. The terms over lists hold conditions, which
stand in ``rules.conditions`` and hold terms: that module completes the models of this one.
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Protocol, Self, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    RootModel,
    Tag,
    field_validator,
    model_validator,
)

from rules import dates, spans
from rules.raw import is_object
from rules.spans import FigureSpan, Truth, exactly

Values: TypeAlias = Sequence[Any]
"""The values of a scope's facts, by their places; None = not known."""

Reader: TypeAlias = Callable[[Values], FigureSpan | None]
"""What a term comes to; None = never (it has not happened)."""

Test: TypeAlias = Callable[[Values], Truth]


class Scope(Protocol):
    """The facts that a rule may speak of, each at its place among the values; see ``rules.scopes``."""

    def place(self, fact: str, kind: str) -> int: ...
    def choice(self, fact: str, among: Sequence[str]) -> int: ...
    def choices(self, fact: str) -> Sequence[str]: ...
    def stated(self, fact: str) -> bool: ...
    def figure_place(self, fact: str) -> int: ...
    def figure(self, fact: str) -> Reader: ...
    def today(self) -> Reader: ...
    def items(self, subject: str) -> tuple["Scope", Callable[[Values], Sequence[Values] | None]]: ...
    def conditions_of(self, programme: str) -> Sequence[Any]: ...


class Model(BaseModel):
    """A part of a programme: frozen, and nothing in it that is not understood."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ConstantTerm(RootModel[Decimal]):
    """A number."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    def compiled(self, scope: Scope) -> Reader:
        span = exactly(self.root)
        return lambda values: span


class DayTerm(RootModel[date]):
    """A day of the calendar."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    def compiled(self, scope: Scope) -> Reader:
        span = exactly(self.root.toordinal())
        return lambda values: span


class FactTerm(RootModel[str]):
    """A fact by its full id, with the year of one that has a figure for each (``enterprise.revenue@last``); or ``on``."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    def compiled(self, scope: Scope) -> Reader:
        return scope.today() if self.root == "on" else scope.figure(self.root)


class _Operator(Model):
    """A term made of others."""

    def _of(self, readers: Sequence[Reader], made: Callable[[Sequence[FigureSpan]], FigureSpan]) -> Reader:
        """``made`` of what ``readers`` come to; never as soon as one is."""

        def read(values: Values) -> FigureSpan | None:
            parts = [reader(values) for reader in readers]
            known = [part for part in parts if part is not None]
            return made(known) if len(known) == len(parts) else None

        return read


class SumTerm(_Operator):
    sum: Annotated[tuple["Term", ...], Field(min_length=1)]

    def compiled(self, scope: Scope) -> Reader:
        return self._of([term.compiled(scope) for term in self.sum], spans.added)


class DifferenceTerm(_Operator):
    difference: tuple["Term", "Term"]

    def compiled(self, scope: Scope) -> Reader:
        readers = [term.compiled(scope) for term in self.difference]
        return self._of(readers, lambda parts: spans.added((parts[0], spans.opposite(parts[1]))))


class ProductTerm(_Operator):
    product: Annotated[tuple["Term", ...], Field(min_length=1)]

    def compiled(self, scope: Scope) -> Reader:
        def made(parts: Sequence[FigureSpan]) -> FigureSpan:
            result = FigureSpan(parts[0].low, parts[0].high)
            for part in parts[1:]:
                result = spans.multiplied(result, part)
            return result

        return self._of([term.compiled(scope) for term in self.product], made)


class RatioTerm(_Operator):
    ratio: tuple["Term", "Term"]

    def compiled(self, scope: Scope) -> Reader:
        return self._of([term.compiled(scope) for term in self.ratio], lambda parts: spans.divided(parts[0], parts[1]))


class GrowthTerm(_Operator):
    """``now`` over ``before`` less 1; of one fact with a year, over that of the year before (``short``)."""

    growth: tuple["Term", "Term"]
    _short: bool = PrivateAttr(False)

    @model_validator(mode="wrap")
    @classmethod
    def _as_it_is_written(cls, raw: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        term = handler(raw)
        if is_object(raw) and isinstance(raw.get("growth"), str):
            term._short = True
        return term

    @property
    def short(self) -> bool:
        """Whether the pack names one fact alone."""
        return self._short

    @field_validator("growth", mode="before")
    @classmethod
    def _with_the_year_before(cls, raw: object) -> object:
        return (raw, year_before(raw)) if isinstance(raw, str) else raw

    def compiled(self, scope: Scope) -> Reader:
        def made(parts: Sequence[FigureSpan]) -> FigureSpan:
            return spans.added((spans.divided(parts[0], parts[1]), exactly(-1)))

        return self._of([term.compiled(scope) for term in self.growth], made)


class LeastTerm(_Operator):
    least: Annotated[tuple["Term", ...], Field(min_length=1)]

    def compiled(self, scope: Scope) -> Reader:
        return self._of([term.compiled(scope) for term in self.least], spans.least)


class GreatestTerm(_Operator):
    greatest: Annotated[tuple["Term", ...], Field(min_length=1)]

    def compiled(self, scope: Scope) -> Reader:
        return self._of([term.compiled(scope) for term in self.greatest], spans.greatest)


class ListTerm(_Operator):
    """A term over the items of a list; its kinds hold conditions and stand with them, in ``rules.conditions``."""

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_kind(cls, raw: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        kinds = {_name(kind): kind for kind in cls.__subclasses__()}
        if not kinds or not is_object(raw):
            return handler(raw)
        for name, kind in kinds.items():
            if name in raw:
                return kind.model_validate(raw)
        names = [*_NAMES, *kinds]
        if not raw:
            raise ValueError("name the operator of the term, like `sum: […]` or `count: …`")
        if not any(get_close_matches(str(key), names) for key in raw):
            raise ValueError(f"there is no operator `{next(iter(raw))}`; a term has one of {', '.join(sorted(names))}")
        return handler(raw)

    @abstractmethod
    def compiled(self, scope: Scope) -> Reader: ...


class ElapsedTerm(_Operator):
    """The whole years (周岁, 满…年), months or days from one date to another."""

    elapsed: tuple["Term", "Term"]
    unit: Annotated[dates.Unit, Field(alias="in")]

    def compiled(self, scope: Scope) -> Reader:
        readers = [term.compiled(scope) for term in self.elapsed]
        return self._of(readers, lambda parts: dates.elapsed(parts[0], parts[1], self.unit))


class ShiftTerm(_Operator):
    """The same day so much later; where that month has none, its last day (民法典 第二百零三条)."""

    shift: "Term"
    years: int = 0
    months: int = 0
    days: int = 0

    def compiled(self, scope: Scope) -> Reader:
        def made(parts: Sequence[FigureSpan]) -> FigureSpan:
            low, high = (
                dates.shifted(end, self.years, self.months, self.days) for end in (parts[0].low, parts[0].high)
            )
            return FigureSpan(low, high)

        return self._of([self.shift.compiled(scope)], made)


OPERATORS: tuple[type[Model], ...] = (
    SumTerm,
    DifferenceTerm,
    ProductTerm,
    RatioTerm,
    GrowthTerm,
    LeastTerm,
    GreatestTerm,
    ElapsedTerm,
    ShiftTerm,
)


def _name(operator: type) -> str:
    """What a pack calls it."""
    return operator.__name__.removesuffix("Term").lower()


_NAMES = {*map(_name, OPERATORS)}


def _kind(raw: object) -> str:
    """Which kind of term ``raw`` is."""
    if isinstance(raw, (int, float, Decimal, ConstantTerm)):
        return "constant"
    if isinstance(raw, (date, DayTerm)):
        return "day"
    if is_object(raw):
        return next((str(key) for key in raw if key in _NAMES), "list")
    if isinstance(raw, ListTerm):
        return "list"
    name = _name(type(raw))
    return name if name in _NAMES else "fact"


Term: TypeAlias = Annotated[
    Annotated[ConstantTerm, Tag("constant")]
    | Annotated[DayTerm, Tag("day")]
    | Annotated[FactTerm, Tag("fact")]
    | Annotated[SumTerm, Tag("sum")]
    | Annotated[DifferenceTerm, Tag("difference")]
    | Annotated[ProductTerm, Tag("product")]
    | Annotated[RatioTerm, Tag("ratio")]
    | Annotated[GrowthTerm, Tag("growth")]
    | Annotated[LeastTerm, Tag("least")]
    | Annotated[GreatestTerm, Tag("greatest")]
    | Annotated[ListTerm, Tag("list")]
    | Annotated[ElapsedTerm, Tag("elapsed")]
    | Annotated[ShiftTerm, Tag("shift")],
    Discriminator(_kind),
]


def year_before(fact: str) -> str:
    """The fact of the year before: ``revenue@2020`` for ``revenue@2021``, ``@this-1`` for ``@this``."""
    name, _, year = fact.partition("@")
    found = re.fullmatch(r"(\d{4})|(this|last)(?:-(\d+))?", year)
    if found is None:
        raise ValueError(f"`{fact}` has no year; write `{name}@2021` or `{name}@last`")
    if found[1]:
        return f"{name}@{int(found[1]) - 1}"
    return f"{name}@{found[2]}-{int(found[3] or 0) + 1}"


def plain(figure: Decimal) -> str:
    """``figure`` in plain digits without idle zeros: ``1000000``, ``0.5``."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spelled(term: object) -> str:
    """A term in one line, as a pack writes it, without idle signs."""
    if isinstance(term, ConstantTerm):
        return plain(term.root)
    if isinstance(term, RootModel):
        return str(term.root)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    if isinstance(term, Model):
        dumped = term.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return str(dumped).replace("'", "")
    return ""
