"""Conditions, which test facts and terms, and and/or/not over them: declarative data, with what each kind means.

Read from a pack, frozen; each leaf carries the quote that it rests on. ``compiled`` turns it into a three-valued function
of the values of a scope (``rules.scopes``): what is not known, or known too loosely, decides nothing.
"""

import operator
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, NamedTuple, Self, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from rules import dates, spans
from rules.dates import Dates
from rules.spans import ANY, FigureSpan, Truth, exactly, negate
from rules.terms import FactTerm, ListTerm, Model, Reader, Scope, Term, Test, Values, plain, spelled
from rules.values import Range


class Predicate(Model):
    """A leaf: one test; ``quote`` is the span of the text that demands it, in ``clause`` where that is another."""

    quote: str = ""
    clause: str | None = None

    @abstractmethod
    def compiled(self, scope: Scope) -> Test:
        """Whether what is known passes; None where it does not decide that."""

    @abstractmethod
    def required(self, negated: bool = False) -> str:
        """What is required, language-free (``≥ 1000000``); ``negated``: what passes where this test must fail."""


class Holds(Predicate):
    """The fact is true."""

    kind: Literal["holds"] = "holds"
    fact: str

    def compiled(self, scope: Scope) -> Test:
        return operator.itemgetter(scope.place(self.fact, "bool"))

    def required(self, negated: bool = False) -> str:
        return "= false" if negated else "= true"


def _bound(raw: object) -> object:
    return dates.read(raw) if isinstance(raw, (str, date)) else raw


_DAY_OR_NUMBER = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": dates.WRITTEN}]})

Bound: TypeAlias = Annotated[Decimal | Dates, BeforeValidator(_bound), _DAY_OR_NUMBER]
"""What a figure is compared with: a number in its unit, or a day (a month, a year) of the calendar."""


class Measured(Predicate):
    """A leaf that tests a figure or a day: a ``fact`` by its full id, or a ``term``."""

    fact: str | None = None
    term: Term | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.fact is None) == (self.term is None):
            raise ValueError("name what is compared: a `fact` or a `term`, one of them")
        return self

    @property
    def measure(self) -> Term:
        """What is tested, as a term."""
        return FactTerm(self.fact or "") if self.term is None else self.term


class Threshold(Measured):
    """A figure compared with ``value``, in the fact's unit, or with ``than``."""

    value: Bound | None = None
    than: Term | None = None
    signs: ClassVar[tuple[str, str]]
    strict: ClassVar[bool] = False
    below: ClassVar[bool] = False
    compare: ClassVar[Callable[[Decimal, Decimal], bool]]

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.value is None) == (self.than is None):
            raise ValueError("name what it is compared with: a `value` or a `than`, one of them")
        return self

    @property
    def bound(self) -> FigureSpan:
        """The value as a figure: of a month or a year its first day where the bound looks up, else its last."""
        if isinstance(self.value, Dates):
            first = self.strict is self.below
            return FigureSpan(*[(self.value.first if first else self.value.last or date.max).toordinal()] * 2)  # type: ignore[union-attr]
        return ANY if self.value is None else exactly(self.value)

    def compiled(self, scope: Scope) -> Test:
        test = self._compiled(scope)
        if self.fact is None or not isinstance(self.value, Decimal) or not scope.stated(self.fact):
            return test
        # most figures are known and compared with a number: the same without spans
        place, value, compare = scope.figure_place(self.fact), self.value, self.compare

        def quick(values: Values) -> Truth:
            figure = values[place]
            return compare(figure, value) if type(figure) is Decimal else test(values)

        return quick

    def _compiled(self, scope: Scope) -> Test:
        read = self.measure.compiled(scope)
        bound = None if self.than is None else self.than.compiled(scope)
        fixed = ANY if bound else self.bound

        def test(values: Values) -> Truth:
            left = read(values)
            right = bound(values) if bound else fixed
            return False if left is None or right is None else self.passes(left, right)

        return test

    def passes(self, left: FigureSpan, right: FigureSpan) -> Truth:
        """Whether one figure passes beside another; at most is not more than, less than is not at least."""
        truth = spans.exceeds(left, right) if self.strict is not self.below else spans.reaches(left, right)
        return negate(truth) if self.below else truth

    def required(self, negated: bool = False) -> str:
        if isinstance(self.value, Dates):
            written = self.value.written()
        else:
            written = plain(self.value) if self.value is not None else spelled(self.than)
        return f"{self.signs[negated]} {written}"


class AtLeast(Threshold):
    """以上: the figure itself is included (民法典 第一千二百五十九条)."""

    kind: Literal["at_least"] = "at_least"
    signs = ("≥", "<")
    compare = operator.ge


class MoreThan(Threshold):
    """超过: the figure itself is not included."""

    kind: Literal["more_than"] = "more_than"
    signs = (">", "≤")
    compare = operator.gt
    strict = True


class AtMost(Threshold):
    """不超过: the figure itself is included."""

    kind: Literal["at_most"] = "at_most"
    signs = ("≤", ">")
    compare = operator.le
    below = True


class LessThan(Threshold):
    """不足: the figure itself is not included."""

    kind: Literal["less_than"] = "less_than"
    signs = ("<", "≥")
    compare = operator.lt
    strict = True
    below = True


class FigureLine(NamedTuple):
    """The number with which a fact that a case states is compared, and the leaf that does."""

    leaf: Threshold
    fact: str
    value: Decimal

    def decide(self, known: Decimal | Range) -> Truth:
        """Whether a figure passes; None where what is known does not decide it."""
        if isinstance(known, Decimal):
            return self.leaf.compare(known, self.value)
        return self.leaf.passes(FigureSpan(known.low, known.high, known.low_open, known.high_open), exactly(self.value))


def line_of(leaf: object) -> FigureLine | None:
    """``leaf`` as a line, None for any other test."""
    if isinstance(leaf, Threshold) and leaf.fact is not None and isinstance(leaf.value, Decimal):
        return FigureLine(leaf, leaf.fact, leaf.value)
    return None


class Between(Measured):
    """A day from one to another, both included; a month as an end means its first or its last day."""

    kind: Literal["between"] = "between"
    first: Annotated[Bound | None, Field(alias="from")] = None
    last: Annotated[Bound | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _some_end(self) -> Self:
        if not isinstance(self.first or self.last, Dates):
            raise ValueError("write `from`, `to` or both, as days of the calendar")
        return self

    @property
    def bounds(self) -> FigureSpan:
        """The numbers of its first and its last day, None where there is no end."""
        first = self.first.span.low if isinstance(self.first, Dates) else None
        return FigureSpan(first, self.last.span.high if isinstance(self.last, Dates) else None)

    def compiled(self, scope: Scope) -> Test:
        read, (low, high, *_) = self.measure.compiled(scope), self.bounds

        def test(values: Values) -> Truth:
            day = read(values)
            if day is None:
                return False
            begun = True if low is None else spans.reaches(day, exactly(low))
            ended = False if high is None else spans.exceeds(day, exactly(high))
            if begun is False or ended is True:
                return False
            return True if begun and ended is False else None

        return test

    def required(self, negated: bool = False) -> str:
        ends = [end.written() if isinstance(end, Dates) else "" for end in (self.first, self.last)]
        return f"{'∉' if negated else '∈'} {ends[0]}..{ends[1]}"


class IsOneOf(Predicate):
    """The choice is one of ``choices``; ``open`` are those that the text leaves undetermined (等)."""

    kind: Literal["is_one_of"] = "is_one_of"
    fact: str
    choices: tuple[str, ...]
    open: tuple[str, ...] = ()

    def compiled(self, scope: Scope) -> Test:
        place = scope.choice(self.fact, (*self.choices, *self.open))

        def test(values: Values) -> Truth:
            value = values[place]
            return None if value is None or value in self.open else value in self.choices

        return test

    def required(self, negated: bool = False) -> str:
        return f"{'∉' if negated else '∈'} {', '.join(self.choices)}"


class InPlace(Predicate):
    """The place lies in one of ``within``, six-digit codes (GB/T 2260) of districts, prefectures or provinces."""

    kind: Literal["in_place"] = "in_place"
    fact: str
    within: Annotated[tuple[Annotated[str, Field(pattern=r"^[0-9]{6}$")], ...], Field(min_length=1)]

    def compiled(self, scope: Scope) -> Test:
        place, areas = scope.place(self.fact, "place"), self.within

        def test(values: Values) -> Truth:
            value = values[place]
            if value is None:
                return None
            if any(value.startswith(area_of(area)) for area in areas):
                return True
            known = area_of(value)
            return None if any(area.startswith(known) for area in areas) else False

        return test

    def required(self, negated: bool = False) -> str:
        return f"{'∉' if negated else '∈'} {', '.join(self.within)}"


class AnyItem(Predicate):
    """One item of a list satisfies all of ``where``."""

    kind: Literal["any_item"] = "any_item"
    list: str
    where: Annotated[tuple["Condition", ...], Field(min_length=1)]

    def compiled(self, scope: Scope) -> Test:
        inner, items = scope.items(self.list)
        test = all_of(self.where, inner)

        def some(values: Values) -> Truth:
            entries = items(values)
            if entries is None:
                return None
            truths = [test(entry) for entry in entries]
            return True if True in truths else None if None in truths else False

        return some

    def required(self, negated: bool = False) -> str:
        return "= 0 items" if negated else "≥ 1 item"


class CountTerm(ListTerm):
    """How many items of a list satisfy all of ``where``."""

    count: str
    where: tuple["Condition", ...] = ()

    def compiled(self, scope: Scope) -> Reader:
        return _over_items(self.count, self.where, scope, lambda inner: lambda values: exactly(1))


class TotalTerm(ListTerm):
    """The sum of a list's fact over the items that satisfy all of ``where``; what has never happened adds nothing."""

    total: str
    where: tuple["Condition", ...] = ()

    def compiled(self, scope: Scope) -> Reader:
        return _over_items(self.total.partition(".")[0], self.where, scope, lambda inner: inner.figure(self.total))


class _Quoted(Model):
    """What has a quote, of ``clause`` where that is another; tests within it that have none have this."""

    quote: str = ""
    clause: str | None = None


class AllOf(_Quoted):
    """Every one of ``conditions`` holds."""

    kind: Literal["all_of"] = "all_of"
    conditions: tuple["Condition", ...]


class AnyOf(_Quoted):
    """At least one of ``conditions`` holds."""

    kind: Literal["any_of"] = "any_of"
    conditions: tuple["Condition", ...]


class AtLeastNOf(_Quoted):
    """At least ``n`` of ``conditions`` hold."""

    kind: Literal["at_least_n_of"] = "at_least_n_of"
    n: Annotated[int, Field(ge=1)]
    conditions: tuple["Condition", ...]


class Meets(_Quoted):
    """All conditions of another programme hold, for the same item."""

    kind: Literal["meets"] = "meets"
    programme: str


class Not(_Quoted):
    """``condition`` does not hold."""

    kind: Literal["not"] = "not"
    condition: "Condition"


Leaf: TypeAlias = Holds | AtLeast | MoreThan | AtMost | LessThan | Between | IsOneOf | InPlace | AnyItem
Group: TypeAlias = AllOf | AnyOf | AtLeastNOf | Meets
Condition: TypeAlias = Annotated[Leaf | Group | Not, Field(discriminator="kind")]


def grouped(condition: Group, scope: Scope) -> tuple[int, tuple[Condition, ...]]:
    """How many of which conditions must hold."""
    return grouped_by(condition, scope.conditions_of)


def grouped_by(
    condition: Group, conditions_of: Callable[[str], Sequence["Condition"]]
) -> tuple[int, tuple[Condition, ...]]:
    """How many of which conditions must hold; ``conditions_of`` are those of a programme."""
    if isinstance(condition, Meets):
        parts = tuple(conditions_of(condition.programme))
        return len(parts), parts
    parts = condition.conditions
    if isinstance(condition, AtLeastNOf):
        return condition.n, parts
    return (1 if isinstance(condition, AnyOf) else len(parts)), parts


def enough(n: int, truths: Sequence[Truth]) -> Truth:
    """Whether ``n`` of ``truths`` are true; False when fewer are still possible."""
    if truths.count(True) >= n:
        return True
    return None if len(truths) - truths.count(False) >= n else False


def all_of(conditions: Sequence[Condition], scope: Scope) -> Test:
    """Whether every one of ``conditions`` holds."""
    return _among(len(conditions), conditions, scope)


def _among(n: int, conditions: Sequence[Condition], scope: Scope) -> Test:
    tests = [_tested(condition, scope) for condition in conditions]
    return lambda values: enough(n, [test(values) for test in tests])


def _tested(condition: Condition, scope: Scope) -> Test:
    if isinstance(condition, Not):
        return opposite(_tested(condition.condition, scope))
    if isinstance(condition, Predicate):
        return condition.compiled(scope)
    return _among(*grouped(condition, scope), scope)


def opposite(test: Test) -> Test:
    """The test that passes where ``test`` fails."""
    return lambda values: negate(test(values))


def _over_items(subject: str, where: Sequence["Condition"], scope: Scope, figure: Callable[[Scope], Reader]) -> Reader:
    """The sum of a figure over the items of a list that satisfy ``where``: perhaps those of which that is open."""
    inner, items = scope.items(subject)
    test, read = all_of(where, inner), figure(inner)

    def summed(values: Values) -> FigureSpan:
        entries = items(values)
        if entries is None:
            return FigureSpan(Decimal(0), None)
        parts: list[FigureSpan] = []
        for entry in entries:
            truth, part = test(entry), read(entry)
            if truth is not False and part is not None:
                parts.append(part if truth else spans.hull((part, spans.ZERO)))
        return spans.added(parts)

    return summed


def area_of(code: str) -> str:
    """The digits that all places within ``code`` begin with: two of a province, four of a prefecture, else six."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
