"""What of a pack that is being written can be tried already: the programmes that are right, and what is said of those.

Knows no policy.
"""

from collections.abc import Collection, Sequence
from typing import TypeVar

from pydantic import BaseModel

from knowledge.pack_yaml import unmarked
from knowledge.policy import Policy, Programme
from rules.conditions import Meets
from rules.programme import ApplicationCall, Limit, Requirement, Selection
from rules.walk import names, parts

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P", Limit, ApplicationCall, Selection)


def finished(policy: Policy, early: Collection[str]) -> Policy:
    """``policy`` without the programmes of ``early``, those that name facts that are not there, and what concerns them."""
    known = {fact.id for fact in policy.facts} | {subject.id for subject in policy.subjects} | {"on"}
    subjects = {subject.id for subject in policy.subjects}
    clauses = {clause.id for clause in policy.clauses}

    def fits(part: object) -> bool:
        return all(name.partition("@")[0] in known for name in names(part))

    kept = [
        each
        for each in policy.programmes
        if each.id not in early
        and each.subject in subjects
        and each.clause in clauses
        and fits((each.conditions, each.amount))
    ]
    kept = _with_those_they_meet(kept)
    ids = {each.id for each in kept}
    cumulation = policy.cumulation
    pooled = {*policy.pooled, *(each for group in policy.one_project for each in group)}
    changed: dict[str, object] = {
        "programmes": tuple(kept),
        "requires": tuple(one for one in policy.requires if fits(one.condition) and _concerned(one, ids)),
        "limits": _within(policy.limits, ids),
        "calls": _within(policy.calls, ids),
        "selection": _within(policy.selection, ids),
        "cumulation": cumulation if pooled <= ids else None,
        "notices": tuple(one for one in policy.notices if ids.issuperset(one.programmes) and one.clause in clauses),
    }
    return policy.model_copy(update=changed)


def without_marks(policy: Policy) -> Policy:
    """``policy`` with what is only suggested taken as it is, to be read."""
    facts = [_read(each, ("label", "question", "help", "why")) for each in policy.facts]
    programmes = [_read(each, ("label", "summary")) for each in policy.programmes]
    clauses = [_read(each, ("title", "summary")) for each in policy.clauses]
    changed: dict[str, object] = {"facts": tuple(facts), "programmes": tuple(programmes), "clauses": tuple(clauses)}
    changed["screening"] = _read(policy.screening, ("question", "help"))
    plain = _read(policy, ("title", "issuer", "lead", "greeting"))
    return plain.model_copy(update=changed)


def _read(part: M, names: Sequence[str]) -> M:
    return part.model_copy(update={name: unmarked(getattr(part, name)) for name in names})


def _with_those_they_meet(programmes: Sequence[Programme]) -> list[Programme]:
    """Those of which all that they meet are there, too."""
    kept = list(programmes)
    while True:
        ids = {each.id for each in kept}
        left = [
            each
            for each in kept
            if all(part.programme in ids for part in parts(each.conditions) if isinstance(part, Meets))
        ]
        if len(left) == len(kept):
            return kept
        kept = left


def _within(entries: Sequence[P], ids: set[str]) -> tuple[P, ...]:
    return tuple(one for one in entries if ids.issuperset(one.programmes))


def _concerned(demand: Requirement, ids: set[str]) -> bool:
    return ids.issuperset(demand.programmes) and ids.issuperset(demand.spared)
