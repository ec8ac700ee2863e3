"""What is tried out when a pack is checked: a programme's examples against the rules, phrases and patterns.

Knows no policy; ``knowledge.checks`` holds the rest of a pack against its text each time it is loaded.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

from knowledge.draft import Draft, Fault, Located, Place
from knowledge.policy import Policy, Programme
from knowledge.questions import WHAT, Questions
from rules.case import CaseError
from rules.terms import plain
from rules.values import Interval

if TYPE_CHECKING:
    from knowledge.mentions import Mentions

KINDS = ("eligible", "ineligible", "boundary")


def example_kind_faults(programme: Programme, at: Place, unconditional: bool) -> Iterator[Fault]:
    """A kind of example that is missing; who gets something without any condition is never ineligible."""
    kinds = Counter(example.kind for example in programme.examples)
    for kind in KINDS:
        if not kinds[kind] and not (kind == "ineligible" and unconditional):
            yield Fault(at, f"`{programme.id}` has no {kind} example; add one")
    for index, example in enumerate(programme.examples):
        if example.kind != "boundary" and example.status != example.kind:
            yield Fault((*at, index, "status"), f"an {example.kind} example should have the status {example.kind}")


def boundaries(draft: Draft) -> Iterator[Fault]:
    """Every edge of a programme on which no boundary example stands."""
    from knowledge.boundaries import boundary_faults
    from knowledge.rule_checks import RuleCheck

    book = RuleCheck(draft).book
    for programme in draft.programmes:
        if programme.at not in draft.partial:
            yield from boundary_faults(programme.part, programme.at, book)


def example_faults(policy: Policy, programmes: Sequence[Located[Programme]]) -> Iterator[Fault]:
    """Every example of a sound policy that cannot be read or comes out otherwise than it says."""
    from rules.assessment import Rulebook  # for trials alone

    try:
        rulebook = Rulebook(
            [subject.spec for subject in policy.subjects],
            [fact.spec for fact in policy.facts],
            policy.programmes,
            policy,
        )
    except ValueError as error:
        yield Fault(("programmes.yaml",), f"the rules cannot be put together: {error}")
        return
    for programme in programmes:
        for index, example in enumerate(programme.part.examples):
            at = (*programme.at, "examples", index)
            try:
                case = rulebook.parse(example.case)
            except CaseError as error:
                yield Fault((*at, "case"), f"{error.path or 'the case'}: {error.message}")
                continue
            claims = rulebook.assess(case).claims
            claim = next(claim for claim in claims if claim.programme.id == programme.part.id)
            if claim.status != example.status:
                message = f"“{example.title}” should be {example.status}, but the rules say {claim.status}"
                if "on" in claim.missing and "on" not in example.case:
                    message += '; the day is missing, add it to the case: `"on": 2025-03-01`'
                yield Fault((*at, "status"), message)
            expected = example.amount and Interval(*example.amount)
            if claim.amount != expected:
                shown = "no figure (leave `amount` out)" if claim.amount is None else _amount(claim.amount)
                said = "no figure" if expected is None else _amount(expected)
                message = f"“{example.title}” should pay {said}, but the rules say {shown}"
                if any(programme.part.id in limit.programmes for limit in policy.limits):
                    message += "; an example shows the award by itself, before `limits` of several awards or of a year"
                yield Fault((*at, "amount"), message)


def _amount(amount: Interval) -> str:
    return f"[{plain(amount.min)}, {'null' if amount.max is None else plain(amount.max)}]"


def phrase_faults(entry: "Located[Mentions] | None") -> Iterator[Fault]:
    """Every phrase of the mentions that cannot be read, or uses a class of words that there is not."""
    if entry is None:
        return
    from knowledge.phrases import PhraseError

    for place, phrase in _phrases(entry.part, entry.at):
        try:
            entry.part.phrasebook.check(phrase)
        except PhraseError as error:
            yield Fault(place, str(error))


def remark_faults(entry: Located[Questions] | None) -> Iterator[Fault]:
    """Every remark whose pattern does not compile."""
    if entry is None:
        return
    for index, remark in enumerate(entry.part.remarks):
        try:
            pattern = re.compile(remark.asked)
        except re.error as error:
            yield Fault((*entry.at, "remarks", index, "asked"), f"`{remark.asked}` is not a pattern: {error}")
            continue
        if WHAT in remark.text and "what" not in pattern.groupindex:
            yield Fault(
                (*entry.at, "remarks", index, "text"), f"{WHAT} stands in the text, and no (?P<what>…) in `asked`"
            )


def _phrases(part: object, at: Place) -> Iterator[tuple[Place, str]]:
    """The strings in tuples anywhere in the mentions: those are the phrases."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value: object = getattr(part, name)
            if not isinstance(value, str) and name != "counter":
                yield from _phrases(value, (*at, name))
    elif isinstance(part, dict):
        for key, value in cast("dict[str, object]", part).items():
            yield from _phrases(value, (*at, key))
    elif isinstance(part, tuple):
        for index, value in enumerate(cast("tuple[object, ...]", part)):
            yield from _phrases(value, (*at, index))
    elif isinstance(part, str):
        yield at, part
