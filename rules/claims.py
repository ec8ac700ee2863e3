"""A programme put to a case: its claims, each with status, amount, what is missing and the reasons.

A programme is compiled once into a ``Plan``: conditions flattened into checks in their order, negation pushed down to
them, and over them a small and/or tree that only looks at their truths. Knows nothing of other programmes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

from rules.amounts import ZERO, Amount, ByLevel
from rules.case import Case, FactSpec, Subject
from rules.conditions import AllOf, AnyOf, Condition, Holds, IsOneOf, Leaf, Not
from rules.programme import Programme, Years
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
    programme: Programme
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


@dataclass(frozen=True, slots=True)
class _Check:
    fact: _Fact
    leaf: Leaf
    negated: bool
    required: str


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

    def __init__(self, programme: Programme, subjects: Mapping[str, Subject], facts: Mapping[str, FactSpec]) -> None:
        if programme.subject not in subjects:
            raise ValueError(f"{programme.id}: there is no subject {programme.subject}")
        self.programme = programme
        self._many = subjects[programme.subject].many
        self._subjects = subjects
        self._facts = facts
        self._checks: list[_Check] = []
        self._root = _Group(False, tuple(self._compiled(condition, False) for condition in programme.conditions))
        amount = programme.amount
        self._base = self._located(amount.fact, amount) if amount.fact else None
        self._years = self._located(programme.years.fact, programme.years) if programme.years else None
        self._nothing = amount.bounds(None) and NOTHING
        self._empty = self._claim_of_empty_list()

    def claims(self, case: Case) -> list[Claim]:
        """One claim an item; one without an index for the enterprise, and for a list that is empty or not known."""
        items = case.items.get(self.programme.subject)
        if items is None:
            return [self._claim(case, None, {}, listed=not self._many)]
        if not self._many:
            return [self._claim(case, None, items[0], listed=True)]
        if not items:
            return [self._empty]
        return [self._claim(case, index, item, listed=True) for index, item in enumerate(items)]

    def _claim(self, case: Case, index: int | None, item: Mapping[str, Value], listed: bool) -> Claim:
        programme = self.programme
        prefix = programme.subject if index is None else f"{programme.subject}.{index}"
        truths: list[Truth] = []
        reasons: list[Finding] = []
        for check in self._checks:
            fact, leaf = check.fact, check.leaf
            value = item.get(fact.name) if fact.own else _shared(case, fact)
            truth = leaf.decide(value)
            if check.negated:
                truth = negate(truth)
            truths.append(truth)
            path = f"{prefix}.{fact.name}" if fact.own else fact.id
            reasons.append(Finding(path, truth, value, leaf, check.required, leaf.quote))
        truth = self._root.truth(truths)
        ident = programme.id if index is None else f"{programme.id}:{index}"
        if truth is False:
            return Claim(
                ident,
                programme,
                index,
                Status.INELIGIBLE,
                self._nothing,
                programme.period,
                None,
                None,
                (),
                tuple(reasons),
            )

        missing: list[_Fact] = []
        if truth is None:
            # a choice that the text leaves open is known: no fact is missing, the office must decide
            missing += (
                self._checks[number].fact for number in self._root.undecided(truths) if _loose(reasons[number].actual)
            )
        base = self._value(self._base, case, item)
        amount = programme.amount.bounds(base)
        if self._base and amount and amount.min != amount.max:
            missing.append(self._base)
        years_left = None
        if programme.years and self._years:
            years = self._value(self._years, case, item)
            if isinstance(years, Decimal):
                years_left = max(0, int(programme.years.limit - years))
            else:
                missing.append(self._years)
        paths = [f"{prefix}.{fact.name}" if fact.own else fact.id for fact in missing]
        if not listed:
            # whether there is an item at all comes before anything about it
            truth, paths = None, [prefix, *(fact.id for fact in missing if not fact.own)]
        if truth is None and amount:
            amount = Interval(ZERO, amount.max)
        return Claim(
            ident,
            programme,
            index,
            Status.ELIGIBLE if truth else Status.UNDETERMINED,
            amount,
            programme.period,
            years_left,
            None,
            tuple(dict.fromkeys(paths)),
            tuple(reasons),
        )

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

    def _value(self, fact: _Fact | None, case: Case, item: Mapping[str, Value]) -> Value | None:
        if fact is None:
            return None
        return item.get(fact.name) if fact.own else _shared(case, fact)

    def _compiled(self, condition: Condition, negated: bool) -> _Node:
        if isinstance(condition, Not):
            return self._compiled(condition.condition, not negated)
        if isinstance(condition, (AllOf, AnyOf)):
            # De Morgan: the negation of an "and" is an "or" of negations
            decisive = isinstance(condition, AnyOf) is not negated
            return _Group(decisive, tuple(self._compiled(part, negated) for part in condition.conditions))
        fact = self._located(condition.fact, condition)
        self._checks.append(_Check(fact, condition, negated, condition.required(negated)))
        return len(self._checks) - 1

    def _located(self, ident: str, part: Leaf | Amount | Years) -> _Fact:
        spec = self._facts.get(ident)
        if spec is None:
            raise ValueError(f"{self.programme.id}: there is no fact {ident}")
        own = spec.subject == self.programme.subject
        if not own and self._subjects[spec.subject].many:
            raise ValueError(f"{self.programme.id}: {ident} belongs to another list than {self.programme.subject}")
        if not _fits(part, spec):
            raise ValueError(f"{self.programme.id}: {ident} is a {spec.type} fact, which does not go with {part!r}")
        return _Fact(ident, spec.subject, spec.name, own)


def _fits(part: Leaf | Amount | Years, spec: FactSpec) -> bool:
    if isinstance(part, Holds):
        return spec.type == "bool"
    if isinstance(part, IsOneOf):
        return spec.type == "choice" and {*part.choices, *part.open} <= {*spec.choices}
    if isinstance(part, ByLevel):
        return spec.type == "choice" and {*part.levels} <= {*spec.choices}
    return spec.numeric


def _shared(case: Case, fact: _Fact) -> Value | None:
    items = case.items.get(fact.subject)
    return items[0].get(fact.name) if items else None


def _loose(value: Value | tuple[()] | None) -> bool:
    return value is None or isinstance(value, Range)
