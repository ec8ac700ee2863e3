"""A programme put to a case: its claims, each with status, amount, what is missing and the reasons.

A programme is compiled once into a ``Plan``: conditions flattened into checks in their order, negation pushed down to
them, and over them a small tree that only looks at their truths. Knows nothing of other programmes' claims.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias, overload

from rules import spans
from rules.amounts import figured
from rules.case import Case, ItemFacts
from rules.conditions import AnyItem, Condition, Leaf, Measured, Not, Predicate, enough, grouped, opposite
from rules.money import NOTHING, Money
from rules.programme import Payout, ProgrammeRule, Requirement
from rules.scopes import Book, FactScope, PathOf
from rules.spans import FigureSpan, Truth, exactly
from rules.terms import Test, Values, spelled
from rules.validity import Opening
from rules.values import Interval, Value


class Status(StrEnum):
    """What is known of a claim; undetermined where facts are missing or the office must decide."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


_ELIGIBLE, _INELIGIBLE, _UNDETERMINED = Status  # the look-up of a member takes as long as a test


class Finding(NamedTuple):
    """One condition put to what is known: ``fact`` is the full path (``pilots.0.selected``), None where it is a term.

    ``satisfied`` says whether what is ``required`` is given, also where the condition stands under a ``not``;
    ``condition`` is the leaf as written, ``facts`` are the paths in it, ``clause`` is where its quote stands. ``figure``
    is what a term comes to. Where a list is empty there is one finding about the list itself: ``actual`` is (),
    ``condition`` None.
    """

    fact: str | None
    satisfied: Truth
    actual: Value | tuple[()] | None
    condition: Leaf | None
    required: str
    quote: str
    clause: str
    facts: tuple[str, ...] = ()
    figure: FigureSpan | None = None


class Reasons(Sequence[Finding]):
    """What was found of each condition, in order: made when somebody reads it, since most of them nobody reads.

    Two who read at once make the same twice.
    """

    __slots__ = ("_finders", "_found", "_index", "_truths", "_values")

    def __init__(
        self, finders: Sequence["_Finder"], truths: Sequence[Truth], values: Values, index: int | None
    ) -> None:
        self._finders = finders
        self._truths = truths
        self._values = values
        self._index = index
        self._found: tuple[Finding, ...] | None = None

    @property
    def found(self) -> tuple[Finding, ...]:
        """All of them."""
        if self._found is None:
            values, index = self._values, self._index
            each = zip(self._finders, self._truths, strict=True)
            self._found = tuple([find(truth, values, index) for find, truth in each])
        return self._found

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self.found[index]

    def __len__(self) -> int:
        return len(self._finders)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reasons) and self.found == other.found

    def __hash__(self) -> int:
        return hash(self.found)

    def __repr__(self) -> str:
        return repr(self.found)


class Claim(NamedTuple):
    """A programme claimed for the enterprise or for item ``index`` of a list (None too where a list is empty or not known).

    ``amount`` is in yuan, one award altogether or a year's, None where the text gives no figure; ``award`` is the same,
    exactly. ``no_figure``: whether a part of the award has none. ``missing`` are the paths that could still change this
    claim; ``superseded_by`` is the claim that is paid instead; ``call``: whether it can be applied for on the day.
    """

    id: str
    programme: ProgrammeRule
    index: int | None  # pyright: ignore[reportIncompatibleMethodOverride]
    status: Status
    amount: Interval | None
    period: Literal["once", "year"] | None
    years_left: int | None
    superseded_by: str | None
    missing: tuple[str, ...]
    reasons: Reasons
    award: FigureSpan | None = None
    no_figure: Truth = False
    payout: tuple[Interval, ...] | None = None
    call: Opening | None = None


_Finder: TypeAlias = Callable[[Truth, Values, int | None], Finding]
"""What is found of a condition, by its truth, the values and the index of the item."""

_Written: TypeAlias = tuple[Leaf, str, str, str]
"""What every finding of a condition says: the leaf, what it requires, its quote and the clause of that."""


class _Check(NamedTuple):
    """A leaf compiled: its test, what finds out more about it, and the places of the facts in it."""

    test: Test
    find: _Finder
    places: tuple[int, ...]


_Awarded: TypeAlias = tuple[FigureSpan | None, Interval | None, Truth, tuple[Interval, ...] | None]
"""What a claim comes to: exactly, to the fen, whether a part of it has no figure, and how it is split."""


@dataclass(frozen=True, slots=True)
class _Group:
    """``n`` of the parts must be true: checks, by their number, and further groups."""

    n: int
    parts: tuple["_Node", ...]
    flat: bool = False
    """Whether its parts are all checks that there are, in order, all of which must be true."""

    def truth(self, truths: list[Truth]) -> Truth:
        if self.flat:
            return False if False in truths else None if None in truths else True
        return enough(self.n, [truths[part] if isinstance(part, int) else part.truth(truths) for part in self.parts])

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

    ``demands`` are conditions that the document adds; ``pro_rata``: of an award nothing may be left. Raises
    ``ValueError`` where the programme does not fit the facts.
    """

    def __init__(self, programme: ProgrammeRule, demands: Iterable[Requirement], pro_rata: bool, book: Book) -> None:
        if programme.subject not in book.subjects:
            raise ValueError(f"{programme.id}: there is no subject {programme.subject}")
        self.programme = programme
        self._id, self._subject = programme.id, programme.subject
        self._many = book.subjects[programme.subject].many
        self._pro_rata = pro_rata
        self._scope = FactScope(programme.subject, book)
        self._checks: list[_Check] = []
        try:
            stated = [(condition, "", None) for condition in programme.conditions]
            stated += [(demand.condition, demand.quote, demand.clause) for demand in demands]
            nodes = tuple(
                self._node(condition, False, quote or programme.quote, clause or programme.clause)
                for condition, quote, clause in stated
            )
            self._root = _Group(len(nodes), nodes, all(isinstance(node, int) for node in nodes))
            self._pay, self._base = self._scope.used(lambda: programme.amount.compiled(self._scope))
            self._paid, self._paid_places = self._scope.used(self._compiled_years)
        except ValueError as error:
            raise ValueError(f"{programme.id}: {error}") from error
        self.reads = self._scope.reads
        self._gather = self._scope.gathering()
        self._tests = [check.test for check in self._checks]
        self._finders = [check.find for check in self._checks]
        self._figured = figured(programme.amount)
        self._payout = programme.payout
        self._nothing = self._awarded(NOTHING, _INELIGIBLE)
        self._empty = self._claim_of_empty_list()
        # From one answer to the next of a consultation most claims stand on the same values as before.
        self._claim = lru_cache(maxsize=512)(self._derived)

    def claims(self, case: Case) -> list[Claim]:
        """One claim an item; one without an index for the enterprise, and for a list that is empty or not known."""
        items, gather = case.items.get(self._subject), self._gather
        if items is None:
            return [self._claim(None, not self._many, gather(_UNKNOWN, case))]
        if not self._many:
            return [self._claim(None, True, gather(items[0], case))]
        if not items:
            return [self._empty]
        return [self._claim(index, True, gather(item, case)) for index, item in enumerate(items)]

    def paid(self, case: Case, index: int | None) -> FigureSpan | None:
        """What is paid for an item of ``case``, were every condition to hold; None where the text gives no figure."""
        items = case.items.get(self._subject) or (_UNKNOWN,)
        return self._pay(self._gather(items[index or 0], case)).span

    def _derived(self, index: int | None, listed: bool, values: Values) -> Claim:
        """The claim for what is known, ``values``, of its facts; not ``listed``: whether there is an item is not known."""
        truths = [test(values) for test in self._tests]
        truth = self._root.truth(truths)
        reasons = Reasons(self._finders, truths, values, index)
        if truth is False:
            return self._made(index, _INELIGIBLE, self._nothing, None, (), reasons)
        status = _ELIGIBLE if truth and listed else _UNDETERMINED
        money = self._pay(values)
        missing = self._missing(truth, truths, values, money, index)
        if not listed:  # whether there is an item at all comes before anything about it
            own = f"{self._subject}."
            missing = (self._subject, *(path for path in missing if not path.startswith(own)))
        years_left = None if self._paid is None else self._years_left(values[self._paid])
        return self._made(index, status, self._awarded(money, status), years_left, missing, reasons)

    def _made(
        self,
        index: int | None,
        status: Status,
        awarded: _Awarded,
        years_left: int | None,
        missing: tuple[str, ...],
        reasons: Reasons,
    ) -> Claim:
        programme = self.programme
        name = self._id if index is None else f"{self._id}:{index}"
        award, amount, no_figure, payout = awarded
        # by their places: what an assessment takes is mostly the making of claims
        return Claim(
            name,
            programme,
            index,
            status,
            amount,
            programme.period,
            years_left,
            None,
            missing,
            reasons,
            award,
            no_figure,
            payout,
        )

    def _awarded(self, money: Money, status: Status) -> _Awarded:
        """What a claim of this status comes to, and whether a part of it has no figure."""
        span, no_figure = money
        if not self._figured and (status is not _ELIGIBLE or span is None):
            return None, None, True, None
        if status is _UNDETERMINED and (no_figure or span is None):
            no_figure = None
        if span is None:
            return None, None, no_figure, None
        if self._pro_rata or status is not _ELIGIBLE:
            span = spans.from_0(span)
        return span, to_the_fen(span), no_figure, None if self._payout is None else _split(self._payout, span)

    def _missing(
        self, truth: Truth, truths: list[Truth], values: Values, money: Money, index: int | None
    ) -> tuple[str, ...]:
        """The paths that could still change a claim that is not ineligible, each once."""
        places = self._paid_places
        if money.no_figure is None or (money.span is not None and not money.span.exact):
            places = (*self._base, *places)
        if truth is None:
            undecided = self._root.undecided(truths)
            places = (*(place for number in undecided for place in self._checks[number].places), *places)
        return tuple(dict.fromkeys(self._scope.open_paths(dict.fromkeys(places), values, index))) if places else ()

    def _compiled_years(self) -> int | None:
        years = self.programme.years
        if years is None:
            return None
        self._scope.figure(years.fact)
        return self._scope.place(years.fact, self._scope.spec(years.fact).type)

    def _years_left(self, paid: object) -> int | None:
        if isinstance(paid, Decimal) and self.programme.years:
            return max(0, int(self.programme.years.limit - paid))
        return None

    def _claim_of_empty_list(self) -> Claim:
        programme = self.programme
        reason = Finding(programme.subject, False, (), None, "≥ 1 item", programme.quote, programme.clause)
        reasons = Reasons([lambda truth, values, index: reason], (False,), (), None)
        return self._made(None, _INELIGIBLE, self._nothing, None, (), reasons)

    def _node(self, condition: Condition, negated: bool, quote: str, clause: str) -> _Node:
        quote, clause = condition.quote or quote, getattr(condition, "clause", None) or clause
        if isinstance(condition, Not):
            return self._node(condition.condition, not negated, quote, clause)
        if not isinstance(condition, Predicate):
            n, parts = grouped(condition, self._scope)
            # De Morgan: that not n of m hold is that m - n + 1 do not
            n = len(parts) - n + 1 if negated else n
            return _Group(n, tuple(self._node(part, negated, quote, clause) for part in parts))
        test, places = self._scope.used(lambda: condition.compiled(self._scope))
        test, required = opposite(test) if negated else test, condition.required(negated)
        if isinstance(condition, AnyItem):
            find = _list_finder(condition.list, places[0], (condition, required, quote, clause))
        elif isinstance(condition, Measured) and (condition.fact is None or not self._scope.stated(condition.fact)):
            required = f"{spelled(condition.measure)} {required}"
            find = self._term_finder(condition, places, (condition, required, quote, clause))
        else:
            path = self._scope.path_of(places[0])
            find = _fact_finder(path, places[0], (condition, required, quote, clause))
        self._checks.append(_Check(test, find, places))
        return len(self._checks) - 1

    def _term_finder(self, leaf: Measured, places: Sequence[int], written: _Written) -> _Finder:
        scope, measure = self._scope, leaf.measure.compiled(self._scope)
        paths = [scope.path_of(place) for place in places]

        def find(truth: Truth, values: Values, index: int | None) -> Finding:
            fact = None if leaf.fact is None else scope.indexed(leaf.fact, index)
            facts = tuple([path(values, index) for path in paths])
            return Finding(fact, truth, None, *written, facts, measure(values))

        return find


def _fact_finder(path: PathOf, place: int, written: _Written) -> _Finder:
    leaf, required, quote, clause = written
    return lambda truth, values, index: Finding(
        path(values, index), truth, values[place], leaf, required, quote, clause
    )


def _list_finder(name: str, place: int, written: _Written) -> _Finder:
    def find(truth: Truth, values: Values, index: int | None) -> Finding:
        entries = values[place]
        return Finding(name, truth, None if entries is None or entries else (), *written)

    return find


_UNKNOWN = ItemFacts()


def interval(award: FigureSpan | None) -> Interval | None:
    """An award as it is shown, to the fen."""
    return None if award is None else to_the_fen(award)


def to_the_fen(money: FigureSpan) -> Interval:
    """A span of money as JSON can show it: what is no finite decimal goes outward to the next fen."""
    return Interval(*spans.outward(money))


def _split(payout: Payout, award: FigureSpan) -> tuple[Interval, ...]:
    """What is paid each time."""
    if payout.times is not None:
        part = spans.from_0(award)
        return tuple(Interval(*spans.outward(part)) for _ in range(payout.times))
    whole = sum(payout.amounts)
    shares = payout.shares or [Fraction(amount) / Fraction(whole) for amount in payout.amounts]
    return tuple(Interval(*spans.outward(spans.multiplied(award, exactly(share)))) for share in shares)
