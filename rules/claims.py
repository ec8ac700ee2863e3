"""A programme put to a case: its claims, each with status, amount, what is missing and the reasons.

A programme is compiled once into a ``Plan``: conditions flattened into checks in their order, negation pushed down to
them, and over them a small and/or tree that only looks at their truths. Knows nothing of other programmes.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from rules.amounts import ZERO, Amount, ByLevel
from rules.case import Case, FactSpec, SubjectSpec
from rules.conditions import AllOf, AnyOf, Condition, Holds, IsOneOf, Leaf, Not
from rules.programme import ProgrammeRule, Years
from rules.values import Interval, Range, Truth, Value, negate

NOTHING = Interval(ZERO, ZERO)


class Status(StrEnum):
    """What is known of a claim; undetermined where facts are missing or the office must decide."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition put to what is known: ``fact`` is the full path (``pilots.0.selected``).

    ``satisfied`` says whether what is ``required`` is given, also where the condition stands under a ``not``;
    ``condition`` is the leaf as written. Where a list is empty there is one finding about the list itself: ``actual``
    is (), ``condition`` None.
    """

    fact: str
    satisfied: Truth
    actual: Value | tuple[()] | None
    condition: Leaf | None
    required: str
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A programme claimed for the enterprise or for item ``index`` of a list (None too where a list is empty or not known).

    ``amount`` is in yuan for the first year, None where the text gives no figure; ``missing`` are the paths that could
    still change this claim; ``superseded_by`` is the claim of the same project that is paid instead.
    """

    id: str
    programme: ProgrammeRule
    index: int | None
    status: Status
    amount: Interval | None
    period: Literal["once", "year"] | None
    years_left: int | None
    superseded_by: str | None
    missing: tuple[str, ...]
    reasons: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Fact:
    """Where to find a fact: in the item claimed for (``own``), or in the single item of another subject."""

    id: str
    subject: str
    name: str
    own: bool


class _Check(NamedTuple):
    """A leaf compiled: ``find`` gives what it says of a value, for the path of its fact, the plan's number ``place``."""

    place: int
    find: Callable[[str, Value | None], Finding]


@dataclass(frozen=True, slots=True)
class _Group:
    """And (one false decides) or or (one true decides) over checks, by their number, and further groups."""

    decisive: bool
    parts: tuple["_Node", ...]

    def truth(self, truths: list[Truth]) -> Truth:
        result: Truth = not self.decisive
        for part in self.parts:
            truth = truths[part] if isinstance(part, int) else part.truth(truths)
            if truth is self.decisive:
                return truth
            if truth is None:
                result = None
        return result

    def undecided(self, truths: list[Truth]) -> Iterator[int]:
        """The checks that could still change this group's truth, which is None."""
        for part in self.parts:
            if isinstance(part, int):
                if truths[part] is None:
                    yield part
            elif part.truth(truths) is None:
                yield from part.undecided(truths)


_Node: TypeAlias = int | _Group


class Plan:
    """A programme compiled: ``claims(case)`` gives its claims in the order of the items.

    Raises ``ValueError`` where the programme names a fact that there is not, that is of the wrong type, or that belongs
    to another list.
    """

    def __init__(
        self, programme: ProgrammeRule, subjects: Mapping[str, SubjectSpec], facts: Mapping[str, FactSpec]
    ) -> None:
        if programme.subject not in subjects:
            raise ValueError(f"{programme.id}: there is no subject {programme.subject}")
        self.programme = programme
        self._subjects = subjects
        self._specs = facts
        self._many = subjects[programme.subject].many
        self._facts: list[_Fact] = []
        self._checks: list[_Check] = []
        self._root = _Group(False, tuple(self._compiled(condition, False) for condition in programme.conditions))
        self._base = self._place(programme.amount.fact, programme.amount) if programme.amount.fact else None
        self._paid = self._place(programme.years.fact, programme.years) if programme.years else None
        self._paths = [fact.id for fact in self._facts]
        self._nothing = programme.amount.bounds(None) and NOTHING
        self._empty = self._claim_of_empty_list()
        # From one answer to the next of a consultation most claims stand on the same values as before.
        self._claim = lru_cache(maxsize=512)(self._derived)

    def claims(self, case: Case) -> list[Claim]:
        """One claim an item; one without an index for the enterprise, and for a list that is empty or not known."""
        items = case.items.get(self.programme.subject)
        if items is None:
            return [self._claim(None, not self._many, self._values(case, {}))]
        if not self._many:
            return [self._claim(None, True, self._values(case, items[0]))]
        if not items:
            return [self._empty]
        return [self._claim(index, True, self._values(case, item)) for index, item in enumerate(items)]

    def _values(self, case: Case, item: Mapping[str, Value]) -> tuple[Value | None, ...]:
        values: list[Value | None] = []
        for fact in self._facts:
            if fact.own:
                values.append(item.get(fact.name))
            else:
                others = case.items.get(fact.subject)
                values.append(others[0].get(fact.name) if others else None)
        return tuple(values)

    def _derived(self, index: int | None, listed: bool, values: tuple[Value | None, ...]) -> Claim:
        """The claim for what is known, ``values``, of its facts; not ``listed``: whether there is an item is not known."""
        programme = self.programme
        paths = self._paths if index is None else self._paths_of_item(index)
        reasons = [find(paths[place], values[place]) for place, find in self._checks]
        truths = [reason.satisfied for reason in reasons]
        truth = self._root.truth(truths)
        status, amount, years_left, missing = Status.INELIGIBLE, self._nothing, None, ()
        if truth is not False:
            status = Status.ELIGIBLE if truth and listed else Status.UNDETERMINED
            amount = programme.amount.bounds(None if self._base is None else values[self._base])
            years_left = self._years_left(values)
            places = self._missing(truth, truths, values, amount)
            if not listed:
                # whether there is an item at all comes before anything about it
                missing = (programme.subject, *(paths[place] for place in places if not self._facts[place].own))
            elif places:
                missing = tuple(paths[place] for place in places)
            if amount and status is Status.UNDETERMINED:
                amount = Interval(ZERO, amount.max)
        ident = programme.id if index is None else f"{programme.id}:{index}"
        return Claim(
            ident, programme, index, status, amount, programme.period, years_left, None, missing, tuple(reasons)
        )

    def _missing(
        self, truth: Truth, truths: list[Truth], values: tuple[Value | None, ...], amount: Interval | None
    ) -> Collection[int]:
        """The places of the facts that could still change a claim that is not ineligible, each once."""
        places: dict[int, None] = {}
        if truth is None:
            for number in self._root.undecided(truths):
                place = self._checks[number].place
                # a choice that the text leaves open is known: no fact is missing, the office must decide
                if _loose(values[place]):
                    places[place] = None
        if self._base is not None and amount and amount.min != amount.max:
            places[self._base] = None
        if self._paid is not None and _loose(values[self._paid]):
            places[self._paid] = None
        return places

    def _paths_of_item(self, index: int) -> list[str]:
        prefix = f"{self.programme.subject}.{index}."
        return [prefix + fact.name if fact.own else fact.id for fact in self._facts]

    def _years_left(self, values: tuple[Value | None, ...]) -> int | None:
        paid = None if self._paid is None else values[self._paid]
        if isinstance(paid, Decimal) and self.programme.years:
            return max(0, int(self.programme.years.limit - paid))
        return None

    def _claim_of_empty_list(self) -> Claim:
        programme = self.programme
        reason = Finding(programme.subject, False, (), None, "≥ 1 item", programme.quote)
        return Claim(
            programme.id,
            programme,
            None,
            Status.INELIGIBLE,
            self._nothing,
            programme.period,
            None,
            None,
            (),
            (reason,),
        )

    def _compiled(self, condition: Condition, negated: bool) -> _Node:
        if isinstance(condition, Not):
            return self._compiled(condition.condition, not negated)
        if isinstance(condition, (AllOf, AnyOf)):
            # De Morgan: the negation of an "and" is an "or" of negations
            decisive = isinstance(condition, AnyOf) is not negated
            return _Group(decisive, tuple(self._compiled(part, negated) for part in condition.conditions))
        place = self._place(condition.fact, condition)
        self._checks.append(_Check(place, _finder(condition, negated)))
        return len(self._checks) - 1

    def _place(self, ident: str, part: Leaf | Amount | Years) -> int:
        """The place among the plan's facts of the fact that ``part`` names."""
        spec = self._specs.get(ident)
        if spec is None:
            raise ValueError(f"{self.programme.id}: there is no fact {ident}")
        own = spec.subject == self.programme.subject
        if not own and self._subjects[spec.subject].many:
            raise ValueError(f"{self.programme.id}: {ident} belongs to another list than {self.programme.subject}")
        if not _fits(part, spec):
            raise ValueError(f"{self.programme.id}: {ident} is a {spec.type} fact, which does not go with {part!r}")
        fact = _Fact(ident, spec.subject, spec.name, own)
        if fact not in self._facts:
            self._facts.append(fact)
        return self._facts.index(fact)


def _fits(part: Leaf | Amount | Years, spec: FactSpec) -> bool:
    if isinstance(part, Holds):
        return spec.type == "bool"
    if isinstance(part, IsOneOf):
        return spec.type == "choice" and {*part.choices, *part.open} <= {*spec.choices}
    if isinstance(part, ByLevel):
        return spec.type == "choice" and {*part.levels} <= {*spec.choices}
    return spec.numeric


def _finder(leaf: Leaf, negated: bool) -> Callable[[str, Value | None], Finding]:
    required, quote = leaf.required(negated), leaf.quote

    def find(path: str, value: Value | None) -> Finding:
        truth = leaf.decide(value)
        return Finding(path, negate(truth) if negated else truth, value, leaf, required, quote)

    return find


def _loose(value: Value | None) -> bool:
    return value is None or isinstance(value, Range)
