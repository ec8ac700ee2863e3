"""The engine beside the second opinion on small sheets by chance, and what must hold of either: a range keeps its word."""

from collections.abc import Iterator
from random import Random

import pytest

from rules.assessment import Assessment, Claim, Rulebook, Status
from rules.values import Interval
from tests.chance import draws
from tests.rules import small_policies
from tests.rules.agreement import differences, read
from tests.rules.completions import completed
from tests.rules.small_sheets import LISTS
from tests.rules.support_format import Json, rulebook

pytestmark = pytest.mark.exhaustive

FEN = 1


def _sheets(first: int, last: int) -> Iterator[tuple[int, Random, Json, Rulebook]]:
    for seed in range(first, last):
        random = Random(seed)
        sheet = small_policies.sheet(random)
        yield seed, random, sheet, rulebook(sheet)


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_both_say_the_same(first: int) -> None:
    for seed, random, sheet, book in _sheets(first, first + draws(100)):
        for _ in range(2):
            case = small_policies.same_project(random, sheet, small_policies.case(random))
            found = differences(sheet, book.assess(read(book, case)), case)
            assert not found, f"seed {seed}: (second opinion, engine) {found}\n{sheet['programmes']}\n{case}"


def _inside(true: Interval | None, stated: Interval | None) -> bool:
    """Whether one amount lies within another; no figure counts as 0, and a fen is what JSON may round."""
    low, high = (true.min, true.max) if true else (0, 0)
    least, most = (stated.min, stated.max) if stated else (0, 0)
    return least * 100 - FEN <= low * 100 and (most is None or (high is not None and high * 100 <= most * 100 + FEN))


def _broken_word(stated: Claim, true: Claim) -> list[str]:
    """What ``stated`` promised of a claim and what turned out otherwise."""
    wrong: list[str] = []
    if stated.status is not Status.UNDETERMINED and stated.status is not true.status:
        wrong.append(f"{true.id}: {stated.status}, then {true.status}")
    if not _inside(true.amount, stated.amount):
        wrong.append(f"{true.id}: {stated.amount}, then {true.amount}")
    # an amount no part of which has a figure keeps its null, although it may come to nothing
    if stated.amount and stated.no_figure not in (None, true.no_figure):
        wrong.append(f"{true.id}: no_figure {stated.no_figure}, then {true.no_figure}")
    if stated.call not in ("unknown", true.call):
        wrong.append(f"{true.id}: call {stated.call}, then {true.call}")
    return wrong


def _broken_words(stated: Assessment, true: Assessment, several: bool) -> list[str]:
    """``several``: a list that was not known, counted as one thing, has more: the sums may be larger."""
    before = {claim.id: claim for claim in stated.claims}
    wrong = [one for claim in true.claims for one in _broken_word(_of(before, claim), claim)]
    if stated.in_force not in (None, true.in_force):
        wrong.append("in_force")
    if not several:
        wrong += [
            f"{name}: {ours}, then {theirs}"
            for name, ours, theirs in (
                ("total", stated.total, true.total),
                ("payable", stated.payable, true.payable),
            )
            if not _inside(theirs, ours)
        ]
    return wrong


def _of(claims: dict[str, Claim], claim: Claim) -> Claim:
    return claims.get(claim.id) or claims[claim.programme.id]


@pytest.mark.parametrize("share", [1.0, 0.5])
@pytest.mark.parametrize("first", [5000, 5100])
def test_what_is_learnt_lies_within_what_was_stated(first: int, share: float) -> None:
    """A whole completion of a case, or a part of one. ``never`` apart: see the test below."""
    for seed, random, _, book in _sheets(first, first + draws(100)):
        for _ in range(3):
            case = small_policies.case(random)
            learnt = completed(random, case, share, never=False)
            several = any(case.get(subject) is None and len(learnt.get(subject) or ()) > 1 for subject in LISTS)
            wrong = _broken_words(book.assess(read(book, case)), book.assess(read(book, learnt)), several)
            assert not wrong, f"seed {seed}: {wrong}\n{case}\n{learnt}"


def test_never_is_outside_what_is_stated_only_where_the_comparison_was_decided_without_the_day() -> None:
    """The format's own corner: a day not known stands for every day, and ``never`` is none of them."""
    sheet: Json = {
        "facts": {"enterprise.day": {"type": "date", "never": True}, "enterprise.a": "money"},
        "programmes": [
            {"id": "p", "conditions": [{"kind": "at_least", "term": _AGE, "than": "enterprise.a"}]},
            {"id": "q", "conditions": [{"kind": "at_least", "fact": "enterprise.day", "value": "2021"}]},
        ],
    }
    book = rulebook(sheet)
    stated = book.assess(book.parse({"enterprise": {"a": 5}}))
    true = book.assess(book.parse({"enterprise": {"a": 5, "day": "never"}}))
    assert [claim.status for claim in stated.claims] == ["eligible", "undetermined"]
    assert [claim.status for claim in true.claims] == ["ineligible", "ineligible"]


_AGE = {"sum": ["enterprise.a", {"elapsed": ["enterprise.day", "on"], "in": "years"}]}


def test_the_order_of_answers_does_not_matter() -> None:
    """One book through a whole consultation says in the end what a new one does."""
    for seed, random, sheet, book in _sheets(6000, 6000 + draws(80)):
        case = small_policies.case(random)
        for _ in range(4):
            case = completed(random, case, 0.4)
            book.assess(read(book, case))
        fresh = rulebook(sheet)
        assert book.assess(read(book, case)).claims == fresh.assess(read(fresh, case)).claims, f"seed {seed}"


def test_what_is_not_known_makes_no_claim_ineligible() -> None:
    """Where nothing is known, only a claim that nobody can make is ineligible."""
    for seed, random, _, book in _sheets(7000, 7000 + draws(80)):
        refused = [claim.id for claim in book.assess(book.parse({})).claims if claim.status is Status.INELIGIBLE]
        for _ in range(4):
            true = book.assess(read(book, completed(random, {}, most=2)))
            wrong = [
                claim.id for claim in true.claims if claim.programme.id in refused and claim.status != "ineligible"
            ]
            assert not wrong, f"seed {seed}: {wrong}"


def test_what_is_over_stays_so_and_a_cap_wants_what_changes_it() -> None:
    """Whatever else is learnt, nothing is paid of a claim that is over; a cap that wants nothing is what it was."""
    seen = {"over": 0, "spent": 0, "wanting": 0}
    for seed, random, _, book in _sheets(8000, 8000 + draws(200)):
        for _ in range(3):
            case = small_policies.case(random)
            learnt = completed(random, case, 1.0, never=False)
            stated, true = book.assess(read(book, case)), book.assess(read(book, learnt))
            where = f"seed {seed}\n{case}\n{learnt}"
            before = {claim.id: claim for claim in stated.claims}
            for claim in true.claims:
                if _of(before, claim).id in stated.over:
                    seen["over"] += 1
                    assert claim.id in true.over, where
            paid = book.sum_of([claim for claim in true.claims if claim.id in true.over], true, read(book, learnt))
            spent = frozenset(ident for cap in true.caps if cap.spent for ident in cap.claims)
            if spent and spent == true.over and not book.pools:
                seen["spent"] += 1
                assert paid.max == 0, where
            assert not any(cap.missing for cap in true.caps), where
            seen["wanting"] += any(cap.missing for cap in stated.caps)
    assert min(seen.values()) > draws(20), seen
