"""A programme of support, and the rule by which claims for one project do not add up, as declarative data.

Read from a pack, frozen. Knows no case; ``rules.claims`` and ``rules.cumulation`` apply them.
"""

from decimal import Decimal
from typing import Literal

from rules.amounts import Amount
from rules.conditions import Condition, Leaf, Model, leaves


class Years(Model):
    """A programme that pays for ``limit`` years at most; ``fact`` says for how many it has paid already."""

    fact: str
    limit: Decimal
    quote: str


class ProgrammeRule(Model):
    """One programme: who gets it (all ``conditions`` hold), how much, once or every year, by which clause.

    ``subject`` is what a claim is made for: the enterprise, or each item of a list. ``quote`` is the sentence that
    founds it.
    """

    id: str
    clause: str
    subject: str
    conditions: tuple[Condition, ...]
    amount: Amount
    period: Literal["once", "year"] | None = None
    years: Years | None = None
    quote: str

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The tests of all its conditions, in order."""
        return tuple(leaf for condition in self.conditions for leaf in leaves(condition))

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of all facts that a claim depends on, each once: of the conditions, then of the amount and the years."""
        last = (self.amount.fact, self.years.fact if self.years else None)
        return tuple(dict.fromkeys([leaf.fact for leaf in self.leaves] + [fact for fact in last if fact]))


class Cumulation(Model):
    """What is paid for one project is paid once: of its claims only the highest.

    ``pooled`` are the programmes whose claims may concern one project where the case says so; the claims of each group
    of ``one_project`` always do, index by index.
    """

    clause: str
    quote: str
    pooled: tuple[str, ...]
    one_project: tuple[tuple[str, ...], ...] = ()
