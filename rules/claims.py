"""A programme put to a case: its claims, each with status, amount, what is missing and the reasons.

A programme is compiled once into a ``Plan``: conditions flattened into checks in their order, negation pushed down to
them, and over them a small tree that only looks at their truths. Knows nothing of other programmes' claims.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from rules import spans
from rules.amounts import Money, figured
from rules.case import Case, ItemFacts
from rules.conditions import AnyItem, Condition, Leaf, Measured, Not, Predicate, enough, grouped
from rules.programme import Payout, ProgrammeRule, Requirement
from rules.scopes import Book, FactScope
from rules.spans import ZERO, FigureSpan, Truth, exactly, negate
from rules.terms import Test, Values, spelled
from rules.validity import Opening
from rules.values import Interval, Value


class Status(StrEnum):
    """What is known of a claim; undetermined where facts are missing or the office must decide."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


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
    reasons: tuple[Finding, ...]
    award: FigureSpan | None = None
    no_figure: Truth = False
    payout: tuple[Interval, ...] | None = None
    call: Opening | None = None


class _Check(NamedTuple):
    """A leaf compiled: its test, the places of the facts in it, and the reader of its term, if it tests one."""

    leaf: Leaf
    negated: bool
    test: Test
    places: tuple[int, ...]
    measure: Any
    required: str
    quote: str
    clause: str


@dataclass(frozen=True, slots=True)
class _Group:
    """``n`` of the parts must be true: checks, by their number, and further groups."""

    n: int
    parts: tuple["_Node", ...]

    def truth(self, truths: list[Truth]) -> Truth:
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
            self._root = _Group(len(nodes), nodes)
            self._pay, self._base = self._scope.used(lambda: programme.amount.compiled(self._scope))
            self._paid, self._paid_places = self._scope.used(self._compiled_years)
        except ValueError as error:
            raise ValueError(f"{programme.id}: {error}") from error
        self.reads = self._scope.reads
        self._figured = figured(programme.amount)
        self._empty = self._claim_of_empty_list()
        # From one answer to the next of a consultation most claims stand on the same values as before.
        self._claim = lru_cache(maxsize=512)(self._derived)

    def claims(self, case: Case) -> list[Claim]:
        """One claim an item; one without an index for the enterprise, and for a list that is empty or not known."""
        items, gather = case.items.get(self.programme.subject), self._scope.gather
        if items is None:
            return [self._claim(None, not self._many, gather(_UNKNOWN, case))]
        if not self._many:
            return [self._claim(None, True, gather(items[0], case))]
        if not items:
            return [self._empty]
        return [self._claim(index, True, gather(item, case)) for index, item in enumerate(items)]

    def paid(self, case: Case, index: int | None) -> FigureSpan | None:
        """What is paid for an item of ``case``, were every condition to hold; None where the text gives no figure."""
        items = case.items.get(self.programme.subject) or (_UNKNOWN,)
        return self._pay(self._scope.gather(items[index or 0], case)).span

    def _derived(self, index: int | None, listed: bool, values: Values) -> Claim:
        """The claim for what is known, ``values``, of its facts; not ``listed``: whether there is an item is not known."""
        programme = self.programme
        reasons = [self._finding(check, values, index) for check in self._checks]
        truths = [reason.satisfied for reason in reasons]
        truth = self._root.truth(truths)
        status, money, years_left, missing = Status.INELIGIBLE, _NOTHING, None, ()
        if truth is not False:
            status = Status.ELIGIBLE if truth and listed else Status.UNDETERMINED
            money = self._pay(values)
            years_left = self._years_left(values)
            paths = tuple(self._missing(truth, truths, values, money, index))
            # whether there is an item at all comes before anything about it
            own = f"{programme.subject}."
            missing = paths if listed else (programme.subject, *(path for path in paths if not path.startswith(own)))
        return self._made(index, status, money, years_left, missing, tuple(reasons))

    def _made(
        self,
        index: int | None,
        status: Status,
        money: Money,
        years_left: int | None,
        missing: tuple[str, ...],
        reasons: tuple[Finding, ...],
    ) -> Claim:
        """A claim of this status, with what ``money`` makes of it."""
        programme = self.programme
        award, no_figure = self._awarded(money, status)
        return Claim(
            id=programme.id if index is None else f"{programme.id}:{index}",
            programme=programme,
            index=index,
            status=status,
            amount=interval(award),
            period=programme.period,
            years_left=years_left,
            superseded_by=None,
            missing=missing,
            reasons=reasons,
            award=award,
            no_figure=no_figure,
            payout=_split(programme.payout, award),
        )

    def _awarded(self, money: Money, status: Status) -> tuple[FigureSpan | None, Truth]:
        """What a claim of this status comes to, and whether a part of it has no figure."""
        if not self._figured and (status is not Status.ELIGIBLE or money.span is None):
            return None, True
        span, no_figure = money
        if status is Status.UNDETERMINED and (no_figure or span is None):
            no_figure = None
        if span is not None and (self._pro_rata or status is not Status.ELIGIBLE):
            span = spans.from_0(span)
        return span, no_figure

    def _finding(self, check: _Check, values: Values, index: int | None) -> Finding:
        truth = check.test(values)
        satisfied = negate(truth) if check.negated else truth
        leaf, scope = check.leaf, self._scope
        facts: tuple[str, ...] = ()
        actual: Value | tuple[()] | None = None
        figure = None
        if isinstance(leaf, AnyItem):
            path, entries = leaf.list, values[check.places[0]]
            actual = () if entries is not None and not entries else None
        elif check.measure is not None:
            path = scope.indexed(leaf.fact, index) if isinstance(leaf, Measured) and leaf.fact else None
            figure = check.measure(values)
            facts = tuple(scope.path(place, values, index) for place in check.places)
        else:
            place = check.places[0]
            path, actual = scope.path(place, values, index), values[place]
        return Finding(path, satisfied, actual, leaf, check.required, check.quote, check.clause, facts, figure)

    def _missing(
        self, truth: Truth, truths: list[Truth], values: Values, money: Money, index: int | None
    ) -> Iterable[str]:
        """The paths that could still change a claim that is not ineligible, each once."""
        places: dict[int, None] = {}
        if truth is None:
            for number in self._root.undecided(truths):
                places |= dict.fromkeys(self._checks[number].places)
        if money.no_figure is None or (money.span is not None and not money.span.exact):
            places |= dict.fromkeys(self._base)
        places |= dict.fromkeys(self._paid_places)
        return dict.fromkeys(self._scope.open_paths(places, values, index))

    def _compiled_years(self) -> int | None:
        years = self.programme.years
        if years is None:
            return None
        self._scope.figure(years.fact)
        return self._scope.place(years.fact, self._scope.spec(years.fact).type)

    def _years_left(self, values: Values) -> int | None:
        paid = None if self._paid is None else values[self._paid]
        if isinstance(paid, Decimal) and self.programme.years:
            return max(0, int(self.programme.years.limit - paid))
        return None

    def _claim_of_empty_list(self) -> Claim:
        programme = self.programme
        reason = Finding(programme.subject, False, (), None, "≥ 1 item", programme.quote, programme.clause)
        return self._made(None, Status.INELIGIBLE, _NOTHING, None, (), (reason,))

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
        measure, required = None, condition.required(negated)
        if isinstance(condition, Measured) and (condition.fact is None or not self._scope.stated(condition.fact)):
            measure = condition.measure.compiled(self._scope)
            required = f"{spelled(condition.measure)} {required}"
        self._checks.append(_Check(condition, negated, test, places, measure, required, quote, clause))
        return len(self._checks) - 1


_UNKNOWN = ItemFacts()
_NOTHING = Money(ZERO)


def interval(award: FigureSpan | None) -> Interval | None:
    """An award as it is shown, to the fen."""
    return None if award is None else to_the_fen(award)


def to_the_fen(money: FigureSpan) -> Interval:
    """A span of money as JSON can show it: what is no finite decimal goes outward to the next fen."""
    return Interval(*spans.outward(money))


def _split(payout: Payout | None, award: FigureSpan | None) -> tuple[Interval, ...] | None:
    """What is paid each time; None where the award is not split, or has no figure."""
    if payout is None or award is None:
        return None
    if payout.times is not None:
        part = spans.from_0(award)
        return tuple(Interval(*spans.outward(part)) for _ in range(payout.times))
    whole = sum(payout.amounts)
    shares = payout.shares or [Fraction(amount) / Fraction(whole) for amount in payout.amounts]
    return tuple(Interval(*spans.outward(spans.multiplied(award, exactly(share)))) for share in shares)
