"""What several policies come to together: the sum of what each pays, or less where some of it may be one and the same matter.

Works on the finished assessments of a shelf, each with its rulebook; knows no wording and no document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from rules import spans
from rules.assessment import Assessment, Rulebook
from rules.case import CaseError, read_names, shown
from rules.claims import to_the_fen
from rules.spans import FigureSpan, Number
from rules.values import Interval

SAME_MATTER = "same_matter"
"""The key of a shelf's case under which it stands which claims are one matter."""

ClaimOf: TypeAlias = tuple[str, str]
"""A claim on a shelf: the id of its policy, and its own."""


class Shelved(NamedTuple):
    """A policy of a shelf, assessed; ``across``: of the same matter its document lets only the highest be paid."""

    policy: str
    rules: Rulebook
    assessment: Assessment
    across: bool


@dataclass(frozen=True, slots=True)
class Combined:
    """What can be paid of all policies together; where it ``may_overlap``, no sum of it is to be told as one."""

    amount: Interval
    may_overlap: bool


def combined(shelf: Sequence[Shelved], same_matter: Sequence[Sequence[ClaimOf]] | None = None) -> Combined:
    """What the policies of ``shelf`` come to, in whatever order they stand.

    Where a document pays the highest of the same matter only, and it is not known which claims are one (``same_matter``
    None), all of them might be: at least the largest single sum. Of the claims of a group only the largest least and
    the largest most count; but what a claim adds to a sum that has a limit cannot be told, so a group with such a claim
    lessens nothing, and leaves the least where it was. Groups say what is one matter, not that one matter is paid once:
    where no document of the shelf has that rule, they change nothing, and neither do they on a shelf of one policy.
    """
    dues = [one.assessment.due for one in shelf]
    whole = spans.added(dues)
    if len(shelf) < 2 or not any(one.across for one in shelf):
        return Combined(to_the_fen(whole), False)
    if same_matter is None:
        return Combined(to_the_fen(together(dues, True)), True)
    largest = spans.greatest(dues).low
    books = {one.policy: one.rules for one in shelf}
    today = {
        (one.policy, claim.id): money
        for one in shelf
        for claim, money in zip(one.assessment.claims, one.assessment.today, strict=True)
    }
    unsure = False
    for group in filter(None, same_matter):
        if any(books[policy].limited(claim) for policy, claim in group):
            unsure = True
        else:
            whole = _paid_once(whole, [today[claim] for claim in group])
    return Combined(to_the_fen(FigureSpan(largest, whole.high) if unsure else whole), unsure)


def together(sums: Sequence[FigureSpan], overlap: bool) -> FigureSpan:
    """The sum; where all of it may be one and the same matter, of which only the highest is paid, at least the largest."""
    whole = spans.added(sums)
    return FigureSpan(spans.greatest(sums).low, whole.high) if overlap and len(sums) > 1 else whole


def _paid_once(whole: FigureSpan, parts: Sequence[FigureSpan]) -> FigureSpan:
    """``whole`` with no more of its ``parts`` in it than the largest."""
    apart, kept = spans.added(parts), spans.greatest(parts)
    return FigureSpan(_less(whole.low, apart.low, kept.low), _less(whole.high, apart.high, kept.high))


def _less(whole: Number | None, apart: Number | None, kept: Number | None) -> Number | None:
    """An end of the whole; a part without end leaves it without one."""
    if whole is None or apart is None or kept is None:
        return None
    return spans.plus(whole, spans.plus(kept, spans.times(apart, -1)))


def read_matters(raw: object, claims: Mapping[str, Sequence[str]]) -> tuple[tuple[ClaimOf, ...], ...] | None:
    """The groups of ``same_matter``, None = not known; ``claims`` are the ids of the claims of each policy.

    Raises ``CaseError`` for a name that is no claim of the shelf, for two claims of one policy in a group, and for a
    claim in two groups.
    """
    if raw is None:
        return None
    seen: set[ClaimOf] = set()
    groups: list[tuple[ClaimOf, ...]] = []
    for group in read_names(raw, SAME_MATTER):
        matter: list[ClaimOf] = []
        for path, name in group:
            policy, _, ident = name.partition("/")
            claim = policy, ident
            if ident not in claims.get(policy, ()):
                raise CaseError(path, f"{shown(name)} is no claim of this case; claims are named policy/claim")
            if any(policy == other for other, _ in matter):
                raise CaseError(path, f"a second claim of {policy}; a matter has at most one of each policy")
            if claim in seen:
                raise CaseError(path, f"{shown(name)} stands in two matters")
            seen.add(claim)
            matter.append(claim)
        groups.append(tuple(matter))
    return tuple(groups)
