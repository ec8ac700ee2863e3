"""Which question comes next: only what can still change the result, one topic after the other, in the pack's order.

Looks at a case and its assessment alone; knows neither the session nor how a question is worded. A question is named
by the path of its fact (``pilots.0.selected``), by a list (``pilots``: is there any; ``pilots.more``: another one) or
``same_project``.
"""

from collections.abc import Collection, Iterator

from conversations.state.shelf import Shelf
from rules.assessment import Assessment, Claim, Status
from rules.case import Case
from rules.values import Range

SCREENING = "screening"
SAME_PROJECT = "same_project"
MORE = "more"


def next_question(shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str]) -> str | None:
    """The question to ask next, None when no answer changes the result any more.

    ``skipped`` are questions that must not be asked: answered with "not known", or put off. A caller that takes the
    lists of ``case`` for complete puts ``<list>.more`` there.
    """
    return next(_open(shelf, case, assessment, skipped), None)


def asked(path: str) -> str:
    """The interview's name of the question whose answer is kept at ``path``."""
    subject, _, rest = path.partition(".")
    if not rest.isdigit():
        return path
    return subject if rest == "0" else f"{subject}.{MORE}"


def questions_left(shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str], besides: str) -> int:
    """How many questions there are to come at most ``besides`` the open one: each list not known may have one item."""
    count = sum(question != besides for question in _open(shelf, case, assessment, skipped))
    for subject in shelf.policy.subjects:
        if subject.many and case.items[subject.id] is None and subject.id not in skipped:
            claims = [claim for claim in live(assessment) if subject.id in claim.missing]
            facts = {fact for claim in claims for fact in claim.programme.facts if fact.startswith(f"{subject.id}.")}
            count += len(facts) + bool(claims)  # and whether there is another one
    if SAME_PROJECT not in skipped and case.same_project is None and not assessment.shared_open:
        count += len(projects_in_question(shelf, assessment)) > 1
    return count


def live(assessment: Assessment) -> list[Claim]:
    """The claims that are, or may still become, due."""
    return [claim for claim in assessment.claims if claim.status is not Status.INELIGIBLE]


def stakes(shelf: Shelf, assessment: Assessment, question: str) -> list[Claim]:
    """The live claims that the answer to ``question`` can still change."""
    subject, _, rest = question.partition(".")
    if question == SAME_PROJECT:
        return [claim for claim in live(assessment) if claim.programme.id in shelf.policy.pooled]
    if rest == MORE:
        return [claim for claim in assessment.claims if claim.programme.subject == subject and not claim.index]
    return [claim for claim in live(assessment) if question in claim.missing]


def projects_in_question(shelf: Shelf, assessment: Assessment) -> list[tuple[str, ...]]:
    """The live claims that could be one project with another; those that always are one stand together."""
    policy = shelf.policy
    projects: dict[object, list[str]] = {}
    for claim in live(assessment):
        if claim.programme.id in policy.pooled and claim.amount:
            always = next((group for group in policy.one_project if claim.programme.id in group), None)
            projects.setdefault(claim.id if always is None else (always, claim.index), []).append(claim.id)
    return [tuple(claims) for claims in projects.values()]


def undecided_figures(assessment: Assessment) -> set[str]:
    """The paths whose figure is known as a range that leaves some condition of a live claim open."""
    loose: set[str] = set()
    for claim in live(assessment):
        loose.update(
            finding.fact
            for finding in claim.reasons
            if finding.fact is not None and finding.satisfied is None and isinstance(finding.actual, Range)
        )
    return loose


def _open(shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str]) -> Iterator[str]:
    """Every question that is open now, in the order in which they are asked."""
    missing = {path for claim in live(assessment) for path in claim.missing if path not in skipped}
    for subject in shelf.policy.subjects:
        if subject.id in missing:
            yield subject.id
        items = case.items[subject.id] or ()
        for index in range(len(items)):
            prefix = f"{subject.id}.{index}" if subject.many else subject.id
            yield from (path for name in shelf.names[subject.id] if (path := f"{prefix}.{name}") in missing)
        if subject.many and items and f"{subject.id}.{MORE}" not in skipped:
            yield f"{subject.id}.{MORE}"
    if assessment.shared_open and SAME_PROJECT not in skipped:
        yield SAME_PROJECT
