"""A claim explained: every figure and condition of it agrees with the assessment, whatever the case."""

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.saying.explanation import Explanation, by_verdict, explain_all, to_apply_for
from conversations.saying.notes import notes
from conversations.saying.report import assessment_json, checklist, kept_claims, kept_total
from conversations.saying.results import result
from conversations.saying.values import figure, paid
from conversations.state.session import Known
from rules.assessment import Status
from rules.conditions import line_of
from rules.values import Range
from tests import served
from tests.chance import draws
from tests.conversations.enterprises import random_case

SHELF = served.shelf()


def some_case(seed: int, gaps: float) -> Known:
    """A case of which, for ``gaps`` of its facts, nothing is known."""
    chance = random.Random(seed)
    data = random_case(SHELF, chance, busy=0.7)
    for subject in SHELF.policy.subjects:
        value = data[subject.id]
        for item in value if isinstance(value, list) else [value]:
            assert isinstance(item, dict)
            for name in [name for name in item if chance.random() < gaps]:
                del item[name]
    case = SHELF.rules.parse(data)
    return Known(data, case, SHELF.rules.assess(case), frozenset(), frozenset())


CASES = st.builds(some_case, st.integers(0, 100_000), st.sampled_from([0.0, 0.2, 0.6]))


@given(CASES)
@settings(max_examples=draws(50))
def test_every_condition_stands_in_one_place_and_what_holds_is_met(known: Known) -> None:
    for one in explain_all(SHELF, known):
        assert [point.finding for point in one.points] == list(one.claim.reasons)
        apart = [*one.failed, *one.for_the_office]
        assert len({id(point) for point in apart}) == len(apart)
        assert all(point.told for point in apart)
        assert not (one.met and all(point.finding.satisfied is not True for point in one.points))
        if one.status is Status.ELIGIBLE:
            assert not one.for_the_office
        if one.status is Status.INELIGIBLE:
            assert one.failed
        assert bool(one.wanted) == bool(one.claim.missing)


@given(CASES)
@settings(max_examples=draws(50))
def test_the_gap_and_what_is_known_make_what_is_demanded(known: Known) -> None:
    for one in explain_all(SHELF, known):
        for point in one.points:
            limit, actual, condition = point.limit, point.finding.actual, line_of(point.finding.condition)
            if limit is None:
                assert not (condition and isinstance(actual, Decimal | Range))
                continue
            assert condition is not None
            assert point.fact is not None
            assert limit.demanded == figure(point.fact, condition.value)
            if isinstance(actual, Decimal) and limit.missing:
                assert limit.missing == figure(point.fact, condition.value - actual)
            assert (limit.missing == "") == (actual == condition.value)


@given(CASES)
@settings(max_examples=draws(50))
def test_a_near_miss_fails_by_one_condition(known: Known) -> None:
    for one in explain_all(SHELF, known):
        point = one.near_miss
        if point is not None:
            assert one.status is Status.INELIGIBLE
            assert one.failed == (point,)
            assert point.fact is not None


@given(CASES)
@settings(max_examples=draws(50))
def test_the_amount_that_is_reckoned_is_the_amount_that_is_paid(known: Known) -> None:
    for one in explain_all(SHELF, known):
        amount = one.claim.amount
        if one.reckoned and " = " in one.reckoned and one.status is Status.ELIGIBLE and amount is not None:
            assert paid(amount.min) in one.reckoned
            assert paid(amount.min) in one.amount.replace("每年约", "约").replace("每年 ", "")
            assert one.amount == one.amount_if_met


@given(CASES)
@settings(max_examples=draws(50))
def test_what_gives_way_names_who_is_paid_and_needs_no_papers(known: Known) -> None:
    claims = explain_all(SHELF, known)
    by_id: dict[str, Explanation] = {one.claim.id: one for one in claims}
    for one in claims:
        assert (one.gives_way is None) == (one.claim.superseded_by is None)
        if one.gives_way is not None:
            assert one.gives_way.to.id == one.claim.superseded_by
            assert one.gives_way.label == by_id[one.gives_way.to.id].label
            assert one.claim not in to_apply_for(known.assessment.claims)
    needed = checklist(SHELF.policy, to_apply_for(known.assessment.claims))
    assert all(owners for _, owners in needed)


@given(CASES)
@settings(max_examples=draws(50))
def test_the_chat_shows_the_explanation(known: Known) -> None:
    text, behind = "\n".join(result(SHELF, known)), "\n".join(notes(SHELF, known))
    order = list(dict.fromkeys(one.status for one in by_verdict(explain_all(SHELF, known))))
    assert order == [s for s in (Status.ELIGIBLE, Status.UNDETERMINED, Status.INELIGIBLE) if s in order]
    for one in explain_all(SHELF, known):
        if one.status is Status.ELIGIBLE:
            assert f"✅ **{one.label}** — **{one.amount}**" in text
            assert all(words in text for words in (one.sum, one.citation))
            assert all(words in behind for words in (*one.met, one.reckoned, one.citation, one.quote))


@given(CASES)
@settings(max_examples=draws(50))
def test_a_kept_assessment_is_read_as_it_was_written(known: Known) -> None:
    kept = assessment_json(SHELF, known.case)
    assert kept_total(kept) == known.assessment.total
    assert [(c.programme, c.status, c.amount, c.period, c.superseded_by) for c in kept_claims(kept)] == [
        (c.programme.id, c.status, c.amount, c.period, c.superseded_by) for c in known.assessment.claims
    ]
