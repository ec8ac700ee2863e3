"""Which question comes next: only what can still change the result, one topic after the other, in the pack's order.

Looks at a case and its assessment alone; knows neither the session nor how a question is worded. A question is named
by the path of its fact (``pilots.0.selected``, with a year ``enterprise.revenue@2021``), by a list (``pilots``: is there any; ``pilots.more``: another one) or
``same_project``.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from conversations.state.shelf import Shelf
from rules.assessment import Assessment, Claim, Status
from rules.case import Case
from rules.scopes import loose
from rules.values import Value

SCREENING = "screening"
SAME_PROJECT = "same_project"
MORE = "more"
TODAY = "on"
"""The key of a case for the day at which it is judged; nobody is asked for it."""
_CODE = 6
"""The digits of a place's code."""


def next_question(
    shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str], ahead: Iterable[str] | None = None
) -> str | None:
    """The question to ask next, None when no answer changes the result any more.

    ``skipped`` are questions that must not be asked: answered with "not known", or put off. A caller that takes the
    lists of ``case`` for complete puts ``<list>.more`` there. Who knows the open questions hands them in (``ahead``).
    """
    questions = open_questions(shelf, case, assessment, skipped) if ahead is None else ahead
    first = next(iter(questions), None)
    if first is None or first == SAME_PROJECT or not first.rpartition(".")[0] or first.endswith(f".{MORE}"):
        return first
    return _gate(shelf, case, assessment, skipped, first) or first


def asked(path: str) -> str:
    """The interview's name of the question whose answer is kept at ``path``."""
    subject, _, rest = path.partition(".")
    if not rest.isdigit():
        return path
    return subject if rest == "0" else f"{subject}.{MORE}"


def live(assessment: Assessment, refused_by: str | None = None) -> list[Claim]:
    """The claims that are, or may still become, due, and of which something can still be paid.

    Where nothing of anything can be paid any more, all that might be due: then it is asked what would be. With those that
    what is known of the list ``refused_by`` makes ineligible.
    """
    claims = [
        claim
        for claim in assessment.claims
        if claim.status is not Status.INELIGIBLE or (refused_by is not None and _by(claim, refused_by))
    ]
    if len(assessment.over) == len(assessment.claims):
        return claims
    return [claim for claim in claims if claim.id not in assessment.over]


def _by(claim: Claim, subject: str) -> bool:
    """Whether a condition on the list ``subject`` fails."""
    failed = [finding for finding in claim.reasons if finding.satisfied is False]
    return any(subject in (finding.fact, *finding.facts) for finding in failed)


def stakes(shelf: Shelf, assessment: Assessment, question: str) -> list[Claim]:
    """The live claims that the answer to ``question`` can still change."""
    subject, _, rest = question.partition(".")
    if question == SAME_PROJECT:
        return [claim for claim in live(assessment) if claim.programme.id in shelf.policy.pooled]
    if rest == MORE:
        return [claim for claim in assessment.claims if claim.programme.subject == subject and not claim.index]
    limited = _of_caps(assessment).get(question, ())
    return [claim for claim in live(assessment) if question in claim.missing or claim in limited]


def projects_in_question(shelf: Shelf, assessment: Assessment) -> list[tuple[str, ...]]:
    """The live claims that could be one project with another; those that always are one stand together."""
    policy = shelf.policy
    projects: dict[object, list[str]] = {}
    for claim in live(assessment):
        if claim.programme.id in policy.pooled and claim.amount:
            always = next((group for group in policy.one_project if claim.programme.id in group), None)
            projects.setdefault(claim.id if always is None else (always, claim.index), []).append(claim.id)
    return [tuple(claims) for claims in projects.values()]


def undecided(assessment: Assessment, case: Case) -> set[str]:
    """The paths of what is known only so far, which leaves some condition of a live claim open."""
    open_paths: set[str] = set()
    for claim in live(assessment):
        for finding in claim.reasons:
            if finding.satisfied is None:
                paths = finding.facts or ((finding.fact,) if finding.fact is not None else ())
                open_paths.update(
                    path for path in paths if (known := value_at(case, path)) is not None and rough(known)
                )
    return open_paths


def rough(known: Value) -> bool:
    """Whether a value says only within what bounds a figure, a day or a place is."""
    wide = isinstance(known, str) and len(known) == _CODE and known.isdecimal() and known.endswith("00")
    return wide or loose(known)


def value_at(case: Case, path: str) -> Value | None:
    """What ``case`` states at ``path``, None where it states nothing."""
    subject, _, rest = path.partition(".")
    index, dot, name = rest.partition(".")
    items = case.items.get(subject) or ()
    place, name = (int(index), name) if dot else (0, rest)
    return items[place].get(name) if place < len(items) else None


def _gate(shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str], first: str) -> str | None:
    """The question to put before ``first``, of the same thing: on its condition hang all claims that ``first`` is asked for,
    and more besides; of several that on which most hang, of equals the earlier. None where there is none.
    """
    fact = first.partition("@")[0]
    claims = live(assessment)
    hang = [claim for claim in claims if first in claim.missing]
    if not hang or (fact != first and _begun(case, fact)):  # the years of one fact stay together
        return None
    about = f"{first.rpartition('.')[0]}."
    common = {path for path in _open_conditions(hang[0]) if path.startswith(about)}
    common = common.intersection(*map(_open_conditions, hang[1:])) - {first, *skipped} if common else common
    opened = list(map(_open_conditions, claims)) if common else []
    wide = {path: sum(path in each for each in opened) for path in common}
    order = shelf.names[about.partition(".")[0]]
    ahead = [path for path, number in wide.items() if number > len(hang)]
    return min(ahead, key=lambda path: (-wide[path], order.index(_bare(path).partition(".")[2])), default=None)


def _open_conditions(claim: Claim) -> set[str]:
    """The paths on which hangs an open condition that could still decide the claim."""
    found = {path for each in claim.reasons if each.satisfied is None for path in (each.fact, *each.facts) if path}
    return found.intersection(claim.missing)


def _begun(case: Case, fact: str) -> bool:
    """Whether the figure of some year of the fact at ``fact`` is known."""
    subject, _, rest = fact.partition(".")
    index, dot, name = rest.partition(".")
    items = case.items.get(subject) or ()
    place, name = (int(index), name) if dot else (0, rest)
    return any(key.startswith(f"{name}@") for item in items[place : place + 1] for key in item)


def open_questions(shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str]) -> Iterator[str]:
    """Every question that is open now, in the order in which they are asked."""
    questions = _of_claims(shelf, case, assessment, skipped)
    of_caps = {path: claims for path, claims in _of_caps(assessment).items() if path not in skipped}
    return iter(_put_in(shelf, [*questions], of_caps)) if of_caps else questions


def _of_claims(shelf: Shelf, case: Case, assessment: Assessment, skipped: Collection[str]) -> Iterator[str]:
    """The open questions on which a claim hangs; of a fact with a figure for each year one a year."""
    missing = Counter(path for claim in live(assessment) for path in claim.missing if path not in skipped)
    years: dict[str, list[str]] = {}
    for path in missing:
        if "@" in path:
            years.setdefault(path.partition("@")[0], []).append(path)
    for subject in shelf.policy.subjects:
        if subject.id in missing:
            yield subject.id
        items = case.items[subject.id] or ()
        for index in range(len(items)):
            prefix = f"{subject.id}.{index}" if subject.many else subject.id
            for path in (f"{prefix}.{name}" for name in shelf.names[subject.id]):
                if path in missing:
                    yield path
                elif path in years:  # first the year on which most claims hang, of equals the latest
                    yield from sorted(years[path], key=lambda each: (missing[each], each), reverse=True)
        if subject.many and items and f"{subject.id}.{MORE}" not in skipped and _counts(shelf, assessment, subject.id):
            yield f"{subject.id}.{MORE}"
    if SAME_PROJECT not in skipped and assessment.shared_open and len(projects_in_question(shelf, assessment)) > 1:
        yield SAME_PROJECT


def _of_caps(assessment: Assessment) -> dict[str, list[Claim]]:
    """The paths on which a joint cap hangs, each with the claims, due or perhaps so, that it could lessen."""
    found: dict[str, list[Claim]] = {}
    for cap in assessment.caps:
        lessened = [
            claim for claim in live(assessment) if claim.id in cap.claims and claim.amount and claim.amount.max != 0
        ]
        for path in cap.missing if lessened else ():
            if path != TODAY:
                found[path] = [*found.get(path, ()), *lessened]
    return found


def _put_in(shelf: Shelf, questions: list[str], of_caps: Mapping[str, Sequence[Claim]]) -> list[str]:
    """``questions`` with those on which a cap hangs: each at its place, but not before all that its claims hang on."""
    places = {name: place for place, name in enumerate(_places(shelf))}
    for path, claims in of_caps.items():
        if path in questions:
            continue
        wanted = {one for claim in claims for one in claim.missing}
        after = max((place for place, one in enumerate(questions, 1) if one in wanted), default=0)
        own = places[_bare(path)]
        later = (place for place, one in enumerate(questions) if place >= after and places.get(_bare(one), own) > own)
        questions.insert(next(later, len(questions)), path)
    return questions


def _places(shelf: Shelf) -> Iterator[str]:
    """The questions in the pack's order, of a list as if there were one thing of it."""
    for subject in shelf.policy.subjects:
        yield subject.id
        yield from (f"{subject.id}.{name}" for name in shelf.names[subject.id])
        yield f"{subject.id}.{MORE}"
    yield SAME_PROJECT


def _bare(path: str) -> str:
    """A question without the number of the item and without the year."""
    subject, _, rest = path.partition("@")[0].partition(".")
    index, dot, name = rest.partition(".")
    return f"{subject}.{name}" if dot and index.isdigit() else path.partition("@")[0]


def _counts(shelf: Shelf, assessment: Assessment, subject: str) -> bool:
    """Whether a further item of a list could still come to something, also for a claim that the list as it is refuses."""
    concerned = [each for each in shelf.policy.programmes if each.subject == subject]
    return bool(concerned) or any(
        fact.partition(".")[0] == subject
        for claim in live(assessment, refused_by=subject)
        for fact in shelf.asked_for(claim.programme)
    )
