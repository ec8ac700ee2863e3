"""What is ahead of somebody in the interview: the open questions, and how many more they may bring with them.

Found once of what is known, for whoever asks which question comes next and how many there are. Knows no wording.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from conversations.state.interview import SAME_PROJECT, live, open_questions, projects_in_question
from conversations.state.session import KEPT, Known
from conversations.state.shelf import Shelf
from rules.assessment import Assessment
from rules.case import Case


class Ahead(NamedTuple):
    """The questions that are open now, in the order in which they are asked, and how many ``more`` they may bring."""

    open: tuple[str, ...]
    more: int

    def besides(self, question: str) -> int:
        """How many questions there are to come at most besides the open one."""
        return sum(each != question for each in self.open) + self.more


@lru_cache(maxsize=KEPT)
def ahead(shelf: Shelf, known: Known) -> Ahead:
    """The questions that there are to come where this is ``known``."""
    case, assessment, skipped = known.case, known.assessment, known.skipped
    return Ahead(tuple(open_questions(shelf, case, assessment, skipped)), _more(shelf, case, assessment, skipped))


def _more(shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str]) -> int:
    """How many questions the open ones may bring: each list not known may have one item."""
    more, alive = 0, live(assessment)
    for subject in shelf.policy.subjects:
        if subject.many and case.items[subject.id] is None and subject.id not in skipped:
            claims = [claim for claim in alive if subject.id in claim.missing]
            facts = frozenset[str]().union(*(shelf.asked_for(claim.programme) for claim in claims))
            own = sum(fact.startswith(f"{subject.id}.") for fact in facts)
            more += own + bool(claims)  # and whether there is another one
    if SAME_PROJECT not in skipped and case.same_project is None and not assessment.shared_open:
        more += len(projects_in_question(shelf, assessment)) > 1
    return more
