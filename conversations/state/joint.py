"""Several policies side by side: one case of all of them, the assessment of each, and what they come to together.

The facts of the vocabulary are what they share. Holds no state of a conversation; what is not used is not built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rules.combined import SAME_MATTER, Combined, Shelved, combined, read_matters
from rules.raw import is_object
from rules.shelf_case import Member, ShelfCases

if TYPE_CHECKING:
    from conversations.state.shelf import Shelf
    from rules.assessment import Assessment
    from rules.case import Case


class AssessedPolicy(NamedTuple):
    """One policy of several with its own case."""

    shelf: Shelf
    case: Case
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class JointAssessment:
    """What follows from a case for each policy, in their order, and for all of them together."""

    policies: tuple[AssessedPolicy, ...]
    combined: Combined


class Joint:
    """Assesses the policies of ``shelves`` together."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self.shelves = shelves

    @cached_property
    def cases(self) -> ShelfCases:
        """From the case of all to the case of each."""
        members = [
            Member(
                shelf.policy.id,
                [subject.spec for subject in shelf.policy.subjects],
                [fact.spec for fact in shelf.policy.facts],
                shelf.policy.taken,
            )
            for shelf in self.shelves
        ]
        return ShelfCases(members)

    def assess(self, data: object) -> JointAssessment:
        """The assessment of the case that the JSON object ``data`` states. Raises ``CaseError``."""
        found: list[AssessedPolicy] = []
        for shelf, plain in zip(self.shelves, self.cases.plain(data), strict=True):
            case = plain.parsed(shelf.rulebook)
            found.append(AssessedPolicy(shelf, case, shelf.rulebook.assess(case)))
        claims = {one.shelf.policy.id: [claim.id for claim in one.assessment.claims] for one in found}
        matters = read_matters(data.get(SAME_MATTER) if is_object(data) else None, claims)
        return JointAssessment(tuple(found), self.combined(found, matters))

    def combined(
        self, assessed: Sequence[AssessedPolicy], same_matter: Sequence[Sequence[tuple[str, str]]] | None
    ) -> Combined:
        """What the policies come to together; ``same_matter`` as in ``rules.combined``."""
        shelved = [
            Shelved(shelf.policy.id, shelf.rulebook, assessment, shelf.policy.across is not None)
            for shelf, _, assessment in assessed
        ]
        return combined(shelved, same_matter)
