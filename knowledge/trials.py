"""What is tried out when a pack is checked: a programme's examples against the rules, the patterns of mentions.

Knows no policy; ``knowledge.checks`` holds the rest of a pack against its text each time it is loaded.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import cast

from pydantic import BaseModel

from knowledge.draft import Fault, Located, Place
from knowledge.mentions import Mentions, words_in
from knowledge.policy import Policy, Programme
from rules.assessment import Rulebook
from rules.case import CaseError
from rules.conditions import Threshold, plain
from rules.values import Interval

KINDS = ("eligible", "ineligible", "boundary")


def example_kind_faults(programme: Programme, at: Place) -> Iterator[Fault]:
    """A kind of example that is missing, and a threshold at which no boundary example stands."""
    kinds = Counter(example.kind for example in programme.examples)
    for kind in KINDS:
        if not kinds[kind]:
            yield Fault(at, f"`{programme.id}` has no {kind} example; add one")
    for index, example in enumerate(programme.examples):
        if example.kind != "boundary" and example.status != example.kind:
            yield Fault((*at, index, "status"), f"an {example.kind} example should have the status {example.kind}")
    for leaf in programme.leaves:
        if isinstance(leaf, Threshold) and not any(
            _states(example.case, leaf.fact, leaf.value) for example in programme.examples if example.kind == "boundary"
        ):
            yield Fault(at, f"no boundary example puts `{leaf.fact}` at {plain(leaf.value)}; add one")


def _states(case: Mapping[str, object], fact_id: str, value: Decimal) -> bool:
    """Whether the case gives the fact just this figure."""
    subject, _, name = fact_id.partition(".")
    given = case.get(subject)
    items = cast("list[object]", given) if isinstance(given, list) else [given]
    found = [cast("dict[str, object]", item).get(name) for item in items if isinstance(item, dict)]
    figures = [one for one in found if isinstance(one, int | float) and not isinstance(one, bool)]
    return any(Decimal(str(figure)) == value for figure in figures)


def example_faults(policy: Policy, programmes: Sequence[Located[Programme]]) -> Iterator[Fault]:
    """Every example of a sound policy that cannot be read or comes out otherwise than it says."""
    rulebook = Rulebook(
        [subject.spec for subject in policy.subjects],
        [fact.spec for fact in policy.facts],
        policy.programmes,
        policy.cumulation,
    )
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
                yield Fault((*at, "status"), message)
            expected = example.amount and Interval(*example.amount)
            if claim.amount != expected:
                shown = "no figure (leave `amount` out)" if claim.amount is None else _amount(claim.amount)
                said = "no figure" if expected is None else _amount(expected)
                yield Fault((*at, "amount"), f"“{example.title}” should pay {said}, but the rules say {shown}")


def _amount(amount: Interval) -> str:
    return f"[{plain(amount.min)}, {'null' if amount.max is None else plain(amount.max)}]"


def pattern_faults(entry: Located[Mentions] | None) -> Iterator[Fault]:
    """Every pattern of the mentions that is no regular expression, or has a word in it that there is not."""
    if entry is None:
        return
    mentions = entry.part
    known: set[str] = set()
    for place, pattern in _patterns(mentions, entry.at):
        own = place[len(entry.at)] == "words"
        unknown = [name for name in words_in(pattern) if name not in (known if own else mentions.words)]
        if own:
            known.add(str(place[-1]))
        if unknown:
            yield Fault(place, f"there is no word `{unknown[0]}` in `words` (before this one); add it")
            continue
        try:
            mentions.pattern((pattern,))
        except re.error as error:
            yield Fault(place, f"“{pattern}” is not a regular expression: {error.msg}")
        except KeyError:
            return  # a word is at fault, which has been said


def _patterns(part: object, at: Place) -> Iterator[tuple[Place, str]]:
    """The strings in tuples anywhere in the mentions, and its words: those are the patterns."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value: object = getattr(part, name)
            if not isinstance(value, str):
                yield from _patterns(value, (*at, name))
    elif isinstance(part, dict):
        for key, value in cast("dict[str, object]", part).items():
            yield from _patterns(value, (*at, key))
    elif isinstance(part, tuple):
        for index, value in enumerate(cast("tuple[object, ...]", part)):
            yield from _patterns(value, (*at, index))
    elif isinstance(part, str):
        yield at, part
