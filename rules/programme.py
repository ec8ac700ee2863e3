"""A programme of support, and what a document says of several: demands on all, limits, validity, calls, selection.

Read from a pack, frozen. Knows no case; ``rules.claims``, ``rules.limits`` and ``rules.validity`` apply them.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from rules.amounts import Amount
from rules.conditions import (
    Bound,
    Condition,
    FigureLine,
    Leaf,
    line_of,
)
from rules.dates import Dates
from rules.figures import Figure
from rules.terms import Model, Term
from rules.walk import leaves, names


class Years(Model):
    """A programme that pays for ``limit`` years at most; ``fact`` says for how many it has paid already."""

    fact: str
    limit: Decimal
    quote: str


class Payout(Model):
    """How an award is split, which changes no total: ``shares`` of it, or ``amounts``, or in so many ``times``.

    ``at`` names the milestones, where it is paid at milestones.
    """

    by: Literal["year", "milestone"] = "year"
    shares: tuple[Decimal, ...] = ()
    amounts: tuple[Decimal, ...] = ()
    times: Annotated[int, Field(ge=2)] | None = None
    at: tuple[str, ...] = ()
    quote: str = ""
    clause: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if [bool(self.shares), bool(self.amounts), self.times is not None].count(True) != 1:
            raise ValueError("an award is split by one of `shares`, `amounts` and `times`")
        if self.shares and sum(self.shares) != 1:
            raise ValueError(f"the shares make {sum(self.shares)}; they should make 1")
        return self


class ProgrammeRule(Model):
    """One programme: who gets it (all ``conditions`` hold), how much, once or every year, by which clause.

    ``subject`` is what a claim is made for: the enterprise, or each item of a list. ``quote`` is the sentence that
    founds it. ``payee``: who is paid, where it is not the enterprise.
    """

    id: str
    clause: str
    subject: str
    conditions: tuple[Condition, ...]
    amount: Amount
    period: Literal["once", "year"] | None = None
    years: Years | None = None
    payout: Payout | None = None
    payee: str | None = None
    quote: str

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The tests of all its conditions, in order."""
        return tuple(leaf for condition in self.conditions for leaf in leaves(condition))

    @property
    def lines(self) -> tuple[FigureLine, ...]:
        """The numbers with which it compares what a case states, in order."""
        return tuple(line for leaf in self.leaves if (line := line_of(leaf)))

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts and lists that its rules name, each once: in conditions, amount and years, without years."""
        named = [*names(self.conditions), *names(self.amount), *([self.years.fact] if self.years else [])]
        return tuple(dict.fromkeys(name.partition("@")[0] for name in named if name != "on"))


class Cumulation(Model):
    """What is paid for one project is paid once: of its claims only the highest.

    ``pooled`` are the programmes whose claims may concern one project where the case says so; the claims of each group
    of ``one_project`` always do, index by index.
    """

    clause: str
    quote: str
    pooled: tuple[str, ...]
    one_project: tuple[tuple[str, ...], ...] = ()


class Requirement(Model):
    """A condition added to every programme: to those of ``programmes``, to all but those of ``spared``."""

    condition: Condition
    programmes: tuple[str, ...] = ()
    spared: Annotated[tuple[str, ...], Field(alias="except")] = ()
    quote: str = ""
    clause: str | None = None

    def concerns(self, programme: str) -> bool:
        return programme not in self.spared and (not self.programmes or programme in self.programmes)


def _as_groups(raw: object) -> object:
    """A programme alone is a group of its own."""
    return [[each] if isinstance(each, str) else each for each in raw] if isinstance(raw, (list, tuple)) else raw  # pyright: ignore[reportUnknownVariableType]


Groups: TypeAlias = Annotated[
    tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...], Field(min_length=1), BeforeValidator(_as_groups)
]
"""Programmes that count together, group by group."""


class _Limit(Model):
    """What several programmes come to together; ``per`` item of their list, or for the enterprise."""

    of: Groups
    per: Literal["item"] | None = None
    quote: str = ""
    clause: str | None = None

    @property
    def programmes(self) -> tuple[str, ...]:
        """All that it limits."""
        return tuple(dict.fromkeys(programme for group in self.of for programme in group))


class Cap(_Limit):
    """Together at most ``amount``, less what has been received under it already."""

    kind: Literal["cap"] = "cap"
    amount: Figure
    less: Term | None = None


class Highest(_Limit):
    """Only the group that comes to most is paid."""

    kind: Literal["highest"] = "highest"


class Exclusive(_Limit):
    """By their conditions the groups cannot hold together."""

    kind: Literal["exclusive"] = "exclusive"


Limit: TypeAlias = Annotated[Cap | Highest | Exclusive, Field(discriminator="kind")]


class Duration(Model):
    """So long from the first day."""

    years: int = 0
    months: int = 0
    days: int = 0


class Valid(Model):
    """When the document is in force: from the day ``first`` to the day ``until``, or ``lasting`` so long.

    ``repealed`` is the first day without it, by another document.
    """

    first: Annotated[Bound | None, Field(alias="from")] = None
    until: Bound | None = None
    lasting: Annotated[Duration | None, Field(alias="for")] = None
    repealed: Bound | None = None
    quote: str = ""
    clause: str | None = None

    @model_validator(mode="after")
    def _days(self) -> Self:
        if any(isinstance(end, Decimal) for end in (self.first, self.until, self.repealed)):
            raise ValueError("the days of validity are dates, like 2021-03-01")
        if self.until is not None and self.lasting is not None:
            raise ValueError("write `until` or `for`, not both")
        if self.lasting is not None and self.first is None:
            raise ValueError("`for` counts from `from`; write both")
        return self


class ApplicationCall(Model):
    """When ``programmes`` (all, where none is named) can be applied for; None where there is no such end.

    ``every``: it comes again each year on the same days, ``from`` … ``to`` being the first time.
    """

    first: Annotated[Bound | None, Field(alias="from")] = None
    last: Annotated[Bound | None, Field(alias="to")] = None
    every: Literal["year"] | None = None
    programmes: tuple[str, ...] = ()
    quote: str = ""
    clause: str | None = None

    @model_validator(mode="after")
    def _days(self) -> Self:
        if not isinstance(self.first or self.last, Dates) or isinstance(self.last, Decimal):
            raise ValueError("write `from`, `to` or both, as dates like 2021-03-01")
        if self.every and not (isinstance(self.first, Dates) and isinstance(self.last, Dates)):
            raise ValueError("of what comes every year, write both `from` and `to`, as they are the first time")
        return self


class Selection(Model):
    """Eligible is not granted: ``review`` says so in the quote's words; ``pro_rata`` may leave nothing of a claim."""

    kind: Literal["review", "pro_rata"]
    programmes: tuple[str, ...] = ()
    quote: str = ""
    clause: str | None = None

    def concerns(self, programme: str) -> bool:
        return not self.programmes or programme in self.programmes


class Provisions(Model):
    """What a document says of several programmes."""

    cumulation: Cumulation | None = None
    requires: tuple[Requirement, ...] = ()
    limits: tuple[Limit, ...] = ()
    valid: Valid | None = None
    calls: tuple[ApplicationCall, ...] = ()
    selection: tuple[Selection, ...] = ()

    @property
    def pooled(self) -> tuple[str, ...]:
        """The programmes whose claims may concern one project."""
        return self.cumulation.pooled if self.cumulation else ()

    @property
    def one_project(self) -> tuple[tuple[str, ...], ...]:
        """The programmes whose claims always concern one project, index by index."""
        return self.cumulation.one_project if self.cumulation else ()

    @property
    def limited(self) -> tuple[str, ...]:
        """The programmes of which one claim may lessen what another is paid: in a limit, or in the rule on one project."""
        named = (self.pooled, *self.one_project, *(limit.programmes for limit in self.limits))
        return tuple(dict.fromkeys(programme for group in named for programme in group))
