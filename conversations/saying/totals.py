"""What the claims come to together, in words: of those that are settled or were spoken of, what is paid every year and once.

The exact total of all claims is other programs' business (``report``); a person is told no sum, and no "nobody can
tell", for a matter that nobody has mentioned. Renders from a case and its assessment; knows no session.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, TypeVar

from conversations.saying.values import claim_path, interval, rests_on_approximate
from conversations.state.session import KEPT, Known, value_at
from conversations.state.shelf import Shelf
from rules.assessment import Claim, Status
from rules.values import Interval

_NOUGHT = Decimal(0)
_UNKNOWN = Interval(_NOUGHT, None)
_YEARLY = "每年"
_ONCE = "一次性"


class Paid(Protocol):
    """What a total needs to know of a claim."""

    @property
    def amount(self) -> Interval | None: ...
    @property
    def period(self) -> str | None: ...
    @property
    def superseded_by(self) -> str | None: ...


P = TypeVar("P", bound=Paid)


def spoken_of(shelf: Shelf, known: Known) -> list[Claim]:
    """The claims that are due, and those that may be of which something was said that concerns them alone."""
    touched = _touched(shelf, known)
    return [
        claim
        for claim in known.assessment.claims
        if can_be_paid(known, claim)
        and (claim.status is Status.ELIGIBLE or (claim.status is Status.UNDETERMINED and claim.id in touched))
    ]


def can_be_paid(known: Known, claim: Claim) -> bool:
    """Whether a claim counts in what is payable on the day: the document is in force, a call is not over, a cap not used up."""
    over = claim.call == "closed" or claim.id in known.assessment.over
    return not over and known.assessment.of(claim.id).in_force is not False


def not_spoken_of(shelf: Shelf, known: Known) -> list[Claim]:
    """The claims that may still become due and of which nothing was said yet."""
    touched = _touched(shelf, known)
    return [
        claim
        for claim in known.assessment.claims
        if claim.status is Status.UNDETERMINED and can_be_paid(known, claim) and claim.id not in touched
    ]


def estimate(shelf: Shelf, known: Known) -> str:
    """What the claims spoken of come to: 60–260 万元, 每年约 26 万元 ＋ 一次性 60 万元."""
    return sum_of(shelf, known, spoken_of(shelf, known))


def sum_of(shelf: Shelf, known: Known, claims: Sequence[Claim]) -> str:
    """What ``claims``, of those of what is ``known``, come to together."""
    return in_words(
        together(shelf, known, claims), claims, lambda claim: rests_on_approximate(claim, known.approximate)
    )


def in_words(total: Interval, claims: Sequence[P], rough: Callable[[P], bool]) -> str:
    """The ``total`` of ``claims``; ``rough`` says which of them rest on a figure that was given roughly.

    What is paid every year and what is paid once stand apart, unless some may be one project: then one or the other is paid.
    """
    paying = [claim for claim in claims if claim.amount and claim.amount.max != 0 and claim.superseded_by is None]
    yearly = [claim for claim in paying if claim.period == "year"]
    once = [claim for claim in paying if claim.period != "year"]
    if not (yearly and once):
        return interval(total, any(map(rough, paying)), _YEARLY if yearly else "")
    every, single = _added(yearly), _added(once)
    if _both(every, single) != total:
        return f"{interval(total, any(map(rough, paying)))}（第一年）" if total != _UNKNOWN else interval(total)
    parts = [(every, yearly, _YEARLY), (single, once, _ONCE)]
    said = [interval(part, any(map(rough, of)), word) for part, of, word in parts if part != _UNKNOWN]
    left = [f"，{word}的另算" for part, _, word in parts if part == _UNKNOWN]
    return " ＋ ".join(said) + "".join(left) if said else interval(_UNKNOWN)


def together(shelf: Shelf, known: Known, claims: Iterable[Claim]) -> Interval:
    """What ``claims`` come to in yuan, one project counted once."""
    return shelf.rules.sum_of(claims, known.assessment, known.case)


@lru_cache(maxsize=KEPT)
def _touched(shelf: Shelf, known: Known) -> frozenset[str]:
    """The claims that may become due of which something was said."""
    unsettled = (claim for claim in known.assessment.claims if claim.status is Status.UNDETERMINED)
    return frozenset(claim.id for claim in unsettled if _hangs_on_what_was_said(shelf, known, claim))


def _hangs_on_what_was_said(shelf: Shelf, known: Known, claim: Claim) -> bool:
    """Whether something was said, were it "not known", of the facts that this claim alone hangs on."""
    paths = [claim_path(claim, fact) for fact in shelf.own_facts(claim.programme)]
    listless = claim.index is None and claim.programme.subject in known.skipped
    return listless or any(_spoken(known, path) for path in paths)


def _spoken(known: Known, path: str) -> bool:
    """Whether the fact at ``path`` (of any year), or the list, was told or said not to be known."""
    if path in known.skipped or value_at(known.case, path) is not None or known.case.items.get(path):
        return True
    subject, _, rest = path.partition(".")
    index, dot, name = rest.partition(".")
    items = known.case.items.get(subject) or ()
    place, name = (int(index), name) if dot else (0, rest)
    years = [key for item in items[place : place + 1] for key in item if key.startswith(f"{name}@")]
    return bool(years) or any(skipped.startswith(f"{path}@") for skipped in known.skipped)


def _added(claims: Iterable[Paid]) -> Interval:
    amounts = [claim.amount for claim in claims if claim.amount]
    most = [amount.max for amount in amounts if amount.max is not None]
    least = sum((amount.min for amount in amounts), _NOUGHT)
    return Interval(least, sum(most, _NOUGHT) if len(most) == len(amounts) else None)


def _both(one: Interval, other: Interval) -> Interval:
    most = None if one.max is None or other.max is None else one.max + other.max
    return Interval(one.min + other.min, most)
