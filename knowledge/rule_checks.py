"""What must hold of conditions and amounts: each rests on its quote, tests what it can, and pays what adds up.

Knows no file, no line and no policy; ``knowledge.term_checks`` holds figures against the quotes.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from knowledge.draft import Place
from knowledge.measures import COUNT, MONEY, NUMBER, RATIO, Unit, unit_of
from knowledge.policy import Fact
from knowledge.quoted import split_evenly, stands
from knowledge.term_checks import Ground, TermCheck
from rules.amounts import (
    Amount,
    Bands,
    ByLevel,
    ByTable,
    Fixed,
    GreatestOf,
    NoFigure,
    PerStep,
    PerUnit,
    Share,
    SumOf,
    UpTo,
)
from rules.case import NUMERIC
from rules.conditions import (
    AllOf,
    AnyItem,
    AnyOf,
    AtLeastNOf,
    Between,
    Condition,
    Holds,
    InPlace,
    IsOneOf,
    Measured,
    Meets,
    Not,
    Threshold,
)
from rules.dates import Dates
from rules.plain import plain_sum
from rules.programme import Payout, ProgrammeRule
from rules.scopes import Book, FactScope
from rules.walk import parts

_MEASURED = (*NUMERIC, "date")


class RuleCheck(TermCheck):
    """Walks the rules of a pack."""

    @cached_property
    def book(self) -> Book:
        """What can be computed with: the subjects, facts and programmes that could be read."""
        programmes = [entry.part for entry in self.draft.programmes]
        return Book(
            {subject.part.id: subject.part.spec for subject in self.draft.subjects},
            {fact.id: fact.spec for fact in self.facts.values() if _sound(fact)},
            {one.id: (one.subject, one.conditions) for one in programmes},
        )

    # -- conditions

    def conditions(self, conditions: Sequence[Condition], at: Place, ground: Ground) -> None:
        for index, condition in enumerate(conditions):
            self.condition(condition, (*at, index), ground)

    def condition(self, condition: Condition, at: Place, ground: Ground) -> None:
        """One condition with all that stands in it."""
        joins = isinstance(condition, (AllOf, AnyOf, Not))
        ground = self.stand(condition.quote, condition.clause, at, ground, needed=not joins)
        if isinstance(condition, Not):
            self.condition(condition.condition, (*at, "condition"), ground)
        elif isinstance(condition, (AllOf, AnyOf, AtLeastNOf)):
            if isinstance(condition, AtLeastNOf):
                self._n_of(condition, at, ground)
            self.conditions(condition.conditions, (*at, "conditions"), ground)
        elif isinstance(condition, Meets):
            self._meets(condition, at, ground)
        elif isinstance(condition, Holds):
            self.fact(condition.fact, (*at, "fact"), ground, ("bool",))
        elif isinstance(condition, IsOneOf):
            self._is_one_of(condition, at, ground)
        elif isinstance(condition, InPlace):
            self.fact(condition.fact, (*at, "fact"), ground, ("place",))
        elif isinstance(condition, AnyItem):
            self.conditions(condition.where, (*at, "where"), self.item_of(condition.list, (*at, "list"), ground))
        else:
            self._measured(condition, at, ground)

    def _n_of(self, condition: AtLeastNOf, at: Place, ground: Ground) -> None:
        self.states_number(condition.n, (*at, "n"), ground)
        if condition.n > len(condition.conditions):
            self.note(
                (*at, "n"), f"there are only {len(condition.conditions)} conditions of which {condition.n} must hold"
            )

    def states_number(self, number: int, at: Place, ground: Ground) -> None:
        """A plain number of things, whatever they are."""
        self.states(Decimal(number), NUMBER, at, ground)

    def _meets(self, condition: Meets, at: Place, ground: Ground) -> None:
        if not self.known("programmes", condition.programme, (*at, "programme")):
            return
        other = next((e.part for e in self.draft.programmes if e.part.id == condition.programme), None)
        if other and self.many.get(other.subject) and other.subject != ground.subjects[-1]:
            message = (
                f"`{other.id}` is about `{other.subject}`, this about `{ground.subjects[-1]}`; `meets` needs the same"
            )
            self.note((*at, "programme"), message)

    def _is_one_of(self, condition: IsOneOf, at: Place, ground: Ground) -> None:
        fact = self.fact(condition.fact, (*at, "fact"), ground, ("choice",))
        for name, choices in (("choices", condition.choices), ("open", condition.open)):
            for index, choice in enumerate(choices):
                if fact:
                    self.choice(fact, choice, (*at, name, index))
        if both := set(condition.choices) & set(condition.open):
            self.note((*at, "open"), f"{quoted_ids(both)}: a choice is either admitted or left open, not both")

    def _measured(self, condition: Measured, at: Place, ground: Ground) -> None:
        """A comparison: both sides fit, the line stands in the quote, and facts can decide it."""
        before = len(self.found)
        if condition.fact is not None:
            fact = self.fact(condition.fact, (*at, "fact"), ground, _MEASURED)
            unit = unit_of(fact) if fact else Unit("any")
        else:
            unit = self.term(condition.measure, (*at, "term"), ground)
        if isinstance(condition, Between):
            self.same(unit, Unit("date"), (*at, "term" if condition.fact is None else "fact"))
            for name, day, end in (("from", condition.first, False), ("to", condition.last, True)):
                if isinstance(day, Dates):
                    self.states_day(day, (*at, name), ground, end)
                elif day is not None:
                    self.note((*at, name), f'`{name}` should be a date, like 2021-03-01 or "2021-03"')
            if isinstance(condition.first, Dates) and isinstance(condition.last, Dates):
                low, high = condition.bounds[:2]
                if low is not None and high is not None and low > high:
                    self.note((*at, "from"), "`from` is later than `to`")
        elif isinstance(condition, Threshold):
            self._threshold(condition, unit, at, ground)
        if len(self.found) == before and self._settled(condition, ground):
            self.note(
                at,
                "this follows from the limits of the facts alone, whatever the enterprise says; remove or correct it",
            )

    def _threshold(self, condition: Threshold, unit: Unit, at: Place, ground: Ground) -> None:
        value = condition.value
        if condition.than is not None:
            self.same(self.term(condition.than, (*at, "than"), ground, unit), unit, (*at, "than"))
        elif isinstance(value, Dates):
            if unit.kind not in ("date", "any"):
                self.note((*at, "value"), "a figure is compared with a number, not with a date in quotes")
            else:
                self.states_day(value, (*at, "value"), ground, condition.strict is not condition.below)
        elif value is not None:
            if unit.kind == "date":
                message = 'a date is compared with a date, like 2021-03-01, "2021-03" or "2021" (in quotes)'
                self.note((*at, "value"), message)
            else:
                self.states(value, unit, (*at, "value"), ground)

    def _settled(self, condition: Measured, ground: Ground) -> bool:
        """Whether the condition is true or false while nothing is known but the facts' limits."""
        try:
            scope = FactScope(ground.subjects[0], self.book)
            for subject in ground.subjects[1:]:
                scope = FactScope(subject, self.book, scope)
            test = condition.compiled(scope)
            return test([None] * len(scope.slots)) is not None
        except (ValueError, KeyError):
            return False  # noted elsewhere

    # -- amounts

    def amount(self, amount: Amount, at: Place, ground: Ground) -> None:
        """An amount with all that stands in it."""
        ground = self.stand(amount.quote, amount.clause, at, ground, needed=_speaks(amount))
        self._ends(amount, at, ground)
        if isinstance(amount, Fixed):
            self.figure(amount.amount, (*at, "amount"), ground, MONEY)
        elif isinstance(amount, ByLevel):
            self.choices(amount.of, amount.levels, (*at, "fact"), (*at, "levels"), ground)
            for choice, level in amount.levels.items():
                self.amount(level, (*at, "levels", choice), ground)
        elif isinstance(amount, (Share, PerUnit, PerStep, Bands)):
            self._computed(amount, at, ground)
        elif isinstance(amount, ByTable):
            self._table(amount, at, ground)
        elif isinstance(amount, (SumOf, GreatestOf)):
            for index, one in enumerate(amount.amounts):
                self.amount(one, (*at, "amounts", index), ground)
                self._has_figure(amount, one, (*at, "amounts", index))
        elif isinstance(amount, UpTo):
            self.amount(amount.amount, (*at, "amount"), ground)
            self._has_figure(amount, amount.amount, (*at, "amount"))
        elif amount.at_least is not None:
            self.figure(amount.at_least, (*at, "at_least"), ground, MONEY)

    def _ends(self, amount: Amount, at: Place, ground: Ground) -> None:
        """The cap and the floor of an amount."""
        for name, figure in (("cap", amount.cap), ("floor", amount.floor)):
            if figure is not None:
                self.figure(figure, (*at, name), ground, MONEY)
                if isinstance(amount, NoFigure):
                    instead = "`up_to`" if name == "cap" else "`at_least`"
                    self.note((*at, name), f"an amount without figure has no `{name}`; write {instead}")
                elif _unfigured(amount):
                    message = f"a part of this amount has no figure, and no `{name}`; put the `{name}` on the parts that have one"
                    self.note((*at, name), message)

    def _has_figure(self, outer: Amount, inner: Amount, at: Place) -> None:
        if isinstance(outer, (GreatestOf, UpTo)) and _unfigured(inner):
            self.note(at, f"`{outer.kind}` needs an amount with a figure; an amount without one stands by itself")

    def _computed(self, amount: Share | PerUnit | PerStep | Bands, at: Place, ground: Ground) -> None:
        unit = self.term(amount.of, (*at, "of", "fact"), ground)
        if unit.kind == "date":
            self.note((*at, "of", "fact"), "a date is no figure to pay by; write `elapsed`")
        if isinstance(amount, Share):
            if unit.kind in ("area", "years", "months", "days", "ratio") or (unit.kind == "count" and unit.words):
                self.note((*at, "of", "fact"), "a share is a share of money; so much for each unit is `per_unit`")
            self.figure(amount.rate, (*at, "rate"), ground, RATIO)
        elif isinstance(amount, PerUnit):
            self.priced(unit, (*at, "price"), ground)
            self.figure(amount.price, (*at, "price"), ground, MONEY)
        elif isinstance(amount, PerStep):
            self._step(amount, unit, at, ground)
        else:
            self._bands(amount, unit, at, ground)

    def _step(self, amount: PerStep, unit: Unit, at: Place, ground: Ground) -> None:
        each = amount.step == 1 and any(f"每{word}" in ground.quote for word in unit.words)
        if not each:
            self.states(amount.step, unit, (*at, "step"), ground)
        self.figure(amount.each, (*at, "each"), ground, MONEY)

    def _bands(self, amount: Bands, unit: Unit, at: Place, ground: Ground) -> None:
        """The edges stand in the quote of their band, of a neighbour (the end of one begins the next) or of the whole."""
        quotes = [ground.quote, ground.whole, *(band.quote for band in amount.bands if band.quote)]
        for index, band in enumerate(amount.bands):
            place = (*at, "bands", index)
            within = self.stand(band.quote, band.clause, place, ground)
            for name in ("at_least", "more_than", "at_most", "less_than"):
                edge: Decimal | None = getattr(band, name)
                if edge is not None and not any(stands(edge, unit, quote) for quote in quotes):
                    self.states(edge, unit, (*place, name), within)
            if band.amount is not None:
                self.amount(band.amount, (*place, "amount"), within)
            elif band.rate is not None:
                self.figure(band.rate, (*place, "rate"), within, RATIO)
            elif band.price is not None:
                self.priced(unit, (*place, "price"), within)
                self.figure(band.price, (*place, "price"), within, MONEY)

    def _table(self, amount: ByTable, at: Place, ground: Ground) -> None:
        for index, row in enumerate(amount.rows):
            place = (*at, "rows", index)
            within = self.stand(row.quote, row.clause, place, ground)
            self.conditions(row.when, (*place, "when"), within)
            self.amount(row.amount, (*place, "amount"), within)
        if amount.otherwise is not None:
            self.amount(amount.otherwise, (*at, "otherwise"), ground)

    def payout(self, payout: Payout, programme: ProgrammeRule, at: Place, ground: Ground) -> None:
        """How an award is split: its parts stand in the quote and make the whole."""
        ground = self.stand(payout.quote, payout.clause, at, ground)
        paid = payout.shares or payout.amounts
        for name, figures, unit in (("shares", payout.shares, RATIO), ("amounts", payout.amounts, MONEY)):
            even = len(set(figures)) == 1 and split_evenly(len(figures), ground.quote)
            for index, figure in enumerate(figures):
                if not even:
                    self.states(figure, unit, (*at, name, index), ground)
        if payout.amounts:
            whole = plain_sum(programme.amount)
            if whole is None or sum(payout.amounts) != whole:
                message = f"the amounts make {sum(payout.amounts)}; they should make the programme's fixed amount"
                self.note((*at, "amounts"), message)
        if payout.times is not None:
            self.states_number(payout.times, (*at, "times"), ground)
        if payout.at and len(payout.at) != (payout.times or len(paid)):
            self.note((*at, "at"), f"{len(payout.at)} milestones are named for {payout.times or len(paid)} payments")

    def programme(self, programme: ProgrammeRule, at: Place) -> None:
        """The rule of a programme: its conditions, its amount, its years and its payout."""
        self.known("subjects", programme.subject, (*at, "subject"))
        self.known("clauses", programme.clause, (*at, "clause"))
        self.quote(programme.quote, self.clauses.get(programme.clause), (*at, "quote"))
        ground = Ground((programme.subject,), programme.clause, whole=programme.quote)
        self.conditions(programme.conditions, (*at, "conditions"), ground)
        partial = at in self.draft.partial
        if not (partial and isinstance(programme.amount, NoFigure)):  # it stands for one that cannot be read
            self.amount(programme.amount, (*at, "amount"), ground)
        if isinstance(programme.amount, ByLevel) and not partial:
            self._levels(programme, programme.amount, (*at, "amount"))
        if years := programme.years:
            within = self.stand(years.quote, None, (*at, "years"), ground)
            fact = self.fact(years.fact, (*at, "years", "fact"), ground, tuple(NUMERIC))
            self.states(years.limit, unit_of(fact) if fact else COUNT, (*at, "years", "limit"), within)
        if programme.payout:
            self.payout(programme.payout, programme, (*at, "payout"), ground)

    def derived(self, fact: Fact, at: Place) -> None:
        """The term of a derived fact fits its type."""
        if fact.derive is not None:
            ground = Ground((fact.subject,), quoted=False)
            unit = unit_of(fact)
            self.same(self.term(fact.derive, (*at, "derive"), ground, unit), unit, (*at, "derive"))

    def _levels(self, programme: ProgrammeRule, amount: ByLevel, at: Place) -> None:
        """An amount for every choice that the conditions let through, and for no other."""
        fact = self.facts.get(amount.of)
        if fact is None:
            return
        admitted = {choice.id for choice in fact.choices}
        for condition in programme.conditions:
            if isinstance(condition, IsOneOf) and condition.fact == amount.of:
                admitted &= {*condition.choices, *condition.open}
        if unpaid := admitted - set(amount.levels):
            self.note((*at, "levels"), f"{quoted_ids(unpaid)} can be eligible, but no amount is given; add a level")
        if idle := {choice.id for choice in fact.choices} & set(amount.levels) - admitted:
            message = f"{quoted_ids(idle)} is never eligible by the conditions; remove the level or admit the choice"
            self.note((*at, "levels"), message)


def _sound(fact: Fact) -> bool:
    """Whether there is a figure within the limits of ``fact``."""
    least, most = fact.spec.ends
    return most is None or least <= most


def _unfigured(amount: Amount) -> bool:
    """Whether an amount or anything within it has no figure."""
    return any(isinstance(part, NoFigure) for part in parts(amount))


def _speaks(amount: Amount) -> bool:
    """Whether an amount says something itself, and does not only join others that do."""
    if amount.cap is not None or amount.floor is not None:
        return True
    if isinstance(amount, Bands):
        return not all(band.quote for band in amount.bands)
    return not isinstance(amount, (SumOf, GreatestOf, ByLevel, ByTable, UpTo))


def quoted_ids(ids: set[str]) -> str:
    """Ids in a message."""
    return ", ".join(f"`{ident}`" for ident in sorted(ids))
