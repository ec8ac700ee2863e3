"""Conditions on facts as declarative data: leaves that test one fact, and and/or/not over them.

Read from a pack, frozen; each leaf carries the quote that it rests on and decides a value three-valuedly: what is
not known, or known too loosely, decides nothing. Knows no case; ``rules.claims`` puts the values in.
"""

from abc import abstractmethod
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from rules.values import Range, Truth, Value, negate


class Model(BaseModel):
    """A part of a programme: frozen, and nothing in it that is not understood."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Predicate(Model):
    """A leaf: one fact, by its full id, put to one test; ``quote`` is the span of the text that demands it."""

    fact: str
    quote: str

    @abstractmethod
    def decide(self, value: Value | None) -> Truth:
        """Whether ``value`` passes; None where what is known does not decide it."""

    @abstractmethod
    def required(self, negated: bool = False) -> str:
        """What is required, language-free (``≥ 1000000``); ``negated``: what passes where this test must fail."""


class Holds(Predicate):
    """The fact is true."""

    kind: Literal["holds"] = "holds"

    def decide(self, value: Value | None) -> Truth:
        return value if isinstance(value, bool) else None

    def required(self, negated: bool = False) -> str:
        return "= false" if negated else "= true"


class Threshold(Predicate):
    """A figure compared with ``value``, in the fact's unit."""

    value: Decimal
    signs: ClassVar[tuple[str, str]]

    def required(self, negated: bool = False) -> str:
        return f"{self.signs[negated]} {plain(self.value)}"


class AtLeast(Threshold):
    """以上: the figure itself is included (民法典 第一千二百五十九条)."""

    kind: Literal["at_least"] = "at_least"
    signs = ("≥", "<")

    def decide(self, value: Value | None) -> Truth:
        return _reaches(value, self.value)


class MoreThan(Threshold):
    """超过: the figure itself is not included."""

    kind: Literal["more_than"] = "more_than"
    signs = (">", "≤")

    def decide(self, value: Value | None) -> Truth:
        return _exceeds(value, self.value)


class AtMost(Threshold):
    """不超过: the figure itself is included."""

    kind: Literal["at_most"] = "at_most"
    signs = ("≤", ">")

    def decide(self, value: Value | None) -> Truth:
        return negate(_exceeds(value, self.value))


class LessThan(Threshold):
    """不足: the figure itself is not included."""

    kind: Literal["less_than"] = "less_than"
    signs = ("<", "≥")

    def decide(self, value: Value | None) -> Truth:
        return negate(_reaches(value, self.value))


class IsOneOf(Predicate):
    """The choice is one of ``choices``; ``open`` are those that the text leaves undetermined (等)."""

    kind: Literal["is_one_of"] = "is_one_of"
    choices: tuple[str, ...]
    open: tuple[str, ...] = ()

    def decide(self, value: Value | None) -> Truth:
        if value is None or value in self.open:
            return None
        return value in self.choices

    def required(self, negated: bool = False) -> str:
        return f"{'∉' if negated else '∈'} {', '.join(self.choices)}"


class AllOf(Model):
    """Every one of ``conditions`` holds."""

    kind: Literal["all_of"] = "all_of"
    conditions: tuple["Condition", ...]


class AnyOf(Model):
    """At least one of ``conditions`` holds."""

    kind: Literal["any_of"] = "any_of"
    conditions: tuple["Condition", ...]


class Not(Model):
    """``condition`` does not hold."""

    kind: Literal["not"] = "not"
    condition: "Condition"


Leaf: TypeAlias = Holds | AtLeast | MoreThan | AtMost | LessThan | IsOneOf
Condition: TypeAlias = Annotated[
    Holds | AtLeast | MoreThan | AtMost | LessThan | IsOneOf | AllOf | AnyOf | Not, Field(discriminator="kind")
]

AllOf.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()


def leaves(condition: Condition) -> tuple[Leaf, ...]:
    """The leaves of ``condition``, in the order in which they stand."""
    if isinstance(condition, (AllOf, AnyOf)):
        return tuple(leaf for part in condition.conditions for leaf in leaves(part))
    return leaves(condition.condition) if isinstance(condition, Not) else (condition,)


def plain(figure: Decimal) -> str:
    """``figure`` in plain digits without idle zeros: ``1000000``, ``0.5``."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _reaches(value: Value | None, bound: Decimal) -> Truth:
    if isinstance(value, Decimal):
        return value >= bound
    return value.reaches(bound) if isinstance(value, Range) else None


def _exceeds(value: Value | None, bound: Decimal) -> Truth:
    if isinstance(value, Decimal):
        return value > bound
    return value.exceeds(bound) if isinstance(value, Range) else None
