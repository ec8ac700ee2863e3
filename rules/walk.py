"""What stands in a rule: its parts, the leaves of its conditions, the facts that it names."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, RootModel

from rules.amounts import ByLevel
from rules.conditions import (
    AllOf,
    AnyItem,
    AnyOf,
    AtLeastNOf,
    Condition,
    CountTerm,
    Holds,
    InPlace,
    IsOneOf,
    Leaf,
    Measured,
    Meets,
    Not,
    TotalTerm,
)
from rules.figures import ByChoice
from rules.raw import is_list, is_object
from rules.terms import FactTerm, Model


def within(part: object) -> Iterator[object]:
    """All that stands in ``part``, down to its words and figures, itself first, in order."""
    yield part
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from within(getattr(part, name))
    elif is_list(part):
        for each in part:
            yield from within(each)
    elif is_object(part):
        for each in part.values():
            yield from within(each)


def parts(part: object) -> Iterator[Model | RootModel[Any]]:
    """Every term, condition and amount within ``part``, itself first, in the order in which they stand."""
    for each in within(part):
        if isinstance(each, (Model, RootModel)):
            yield each  # pyright: ignore[reportUnknownVariableType]


def leaves(condition: Condition) -> tuple[Leaf, ...]:
    """The leaves of ``condition``, in the order in which they stand; what it takes from other programmes apart."""
    if isinstance(condition, (AllOf, AnyOf, AtLeastNOf)):
        return tuple(leaf for part in condition.conditions for leaf in leaves(part))
    if isinstance(condition, Meets):
        return ()
    return leaves(condition.condition) if isinstance(condition, Not) else (condition,)


def names(part: object) -> Iterator[str]:
    """The facts, lists and ``on`` that ``part`` of a rule names, as it names them."""
    for each in parts(part):
        if isinstance(each, RootModel):
            root: Any = each.root
            if isinstance(each, FactTerm):
                yield root
        elif isinstance(each, (Holds, IsOneOf, InPlace)) or (isinstance(each, Measured) and each.fact is not None):
            yield str(each.fact)
        elif isinstance(each, AnyItem):
            yield each.list
        elif isinstance(each, CountTerm):
            yield each.count
        elif isinstance(each, TotalTerm):
            yield each.total
        elif isinstance(each, ByLevel):
            yield each.of
        elif isinstance(each, ByChoice):
            yield each.by


def bases(part: object, conditions: Mapping[str, object], derived: Mapping[str, object]) -> set[str]:
    """The ids of the facts and lists on which a part of a rule rests, without years: those that it names, those of the
    programmes that it meets (``conditions`` by programme), and of ``derived`` facts what they are made of.
    """
    found: set[str] = set()
    met: set[str] = set()
    waiting = [part]
    while waiting:
        one = waiting.pop()
        named = {name.partition("@")[0] for name in names(one) if name != "on"} - found
        others = {each.programme for each in parts(one) if isinstance(each, Meets)} - met
        found |= named
        met |= others
        waiting += [derived[name] for name in named if name in derived]
        waiting += [conditions.get(other) for other in others]
    return found
