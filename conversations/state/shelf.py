"""One policy, compiled once and handed down to everything that converses about it.

Each part is built when it is first used, so that a command pays only for what it needs. Holds no state of a
conversation.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from knowledge.policy import Policy
from rules.assessment import Rulebook
from rules.conditions import Threshold

if TYPE_CHECKING:
    from conversations.language.answers import AnswerReader
    from conversations.language.descriptions import DescriptionReader
    from knowledge.search import Search


class Engine:
    """The compiled parts of ``policy``: rules, search, and the readers of answers and descriptions.

    ``retention_days`` is how long the office keeps a lead that is closed, which a person is told before they leave one.
    """

    def __init__(self, policy: Policy, retention_days: int = 365) -> None:
        self.policy = policy
        self.retention_days = retention_days

    @cached_property
    def rules(self) -> Rulebook:
        """The rules, which assess a case."""
        policy = self.policy
        return Rulebook(
            subjects=[subject.spec for subject in policy.subjects],
            facts=[fact.spec for fact in policy.facts],
            programmes=policy.programmes,
            cumulation=policy.cumulation,
        )

    @cached_property
    def search(self) -> Search:
        """From a question to the clauses that answer it."""
        from knowledge.search import Search

        return Search(self.policy)

    @cached_property
    def answers(self) -> AnswerReader:
        """From the words of an answer to a value."""
        from conversations.language.answers import AnswerReader

        return AnswerReader(self.policy)

    @cached_property
    def descriptions(self) -> DescriptionReader:
        """From a free description to facts."""
        from conversations.language.descriptions import DescriptionReader

        return DescriptionReader(self.policy)

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Per subject id the bare names of its facts, in the pack's order, which is that of the questions."""
        subjects = {subject.id: list[str]() for subject in self.policy.subjects}
        for fact in self.policy.facts:
            subjects[fact.subject].append(fact.name)
        return {subject: tuple(names) for subject, names in subjects.items()}

    @cached_property
    def thresholds(self) -> dict[str, tuple[Decimal, ...]]:
        """Per fact id the figures that some condition compares it with, in the fact's unit, ascending."""
        found: dict[str, set[Decimal]] = {}
        for programme in self.policy.programmes:
            for leaf in programme.leaves:
                if isinstance(leaf, Threshold):
                    found.setdefault(leaf.fact, set()).add(leaf.value)
        return {fact: tuple(sorted(values)) for fact, values in found.items()}

    @cached_property
    def users(self) -> Counter[str]:
        """Per fact id how many programmes have a condition on it."""
        return Counter(
            fact for programme in self.policy.programmes for fact in {leaf.fact for leaf in programme.leaves}
        )

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """Per fact id the words, in their plain form, that the pack lists as answers to its question."""
        from conversations.language.text import normalise

        return {
            fact.id: frozenset(
                normalise(word)
                for word in (*fact.yes, *fact.no, *(w for each in fact.choices for w in (each.label, *each.synonyms)))
            )
            for fact in self.policy.facts
        }
