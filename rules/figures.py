"""The figures within an amount, as declarative data: a number, discretion, a level by choice, or one made of facts.

A rate, a price, a cap. Read from a pack, frozen; ``reader`` turns one into a function of the values of a scope.
"""

from decimal import Decimal
from typing import Annotated, TypeAlias

from pydantic import Field

from rules import spans
from rules.spans import ZERO, FigureSpan
from rules.terms import ConstantTerm, Model, Reader, Scope, Term, Values


class Discretion(Model):
    """A figure from one to another at the office's discretion, also when everything is known."""

    first: Annotated[Decimal, Field(alias="from")]
    last: Annotated[Decimal, Field(alias="to")]


class ByChoice(Model):
    """A figure for each choice of the fact ``by``; 0 for a choice without one."""

    by: str
    levels: dict[str, "Figure"]


class Reckoned(Model):
    """A figure made of facts."""

    term: Term


Figure: TypeAlias = Decimal | Discretion | ByChoice | Reckoned
"""A rate, a price, a cap: a number, or one of the three that depend on something."""


def reader(figure: Figure, scope: Scope) -> Reader:
    """What ``figure`` comes to; of what has never happened 0."""
    if isinstance(figure, Decimal):
        return ConstantTerm(figure).compiled(scope)
    if isinstance(figure, Discretion):
        span = FigureSpan(figure.first, figure.last)
        return lambda values: span
    if isinstance(figure, Reckoned):
        read = figure.term.compiled(scope)
        return lambda values: read(values) or ZERO
    place = scope.choice(figure.by, tuple(figure.levels))
    levels = {choice: reader(level, scope) for choice, level in figure.levels.items()}
    branches = [levels.get(choice, lambda values: ZERO) for choice in scope.choices(figure.by)]

    def read_level(values: Values) -> FigureSpan:
        value = values[place]
        if value is not None:
            return levels[value](values) or ZERO if value in levels else ZERO
        return spans.hull(branch(values) or ZERO for branch in branches)

    return read_level
