"""The engine against a slow second implementation that fills in what is not known with everything it could be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.assessment import Claim
from tests.chance import draws
from tests.rules import oracle, strategies
from tests.rules.support import Json, Rules, harbour, zhengzhou

pytestmark = pytest.mark.exhaustive

POLICIES = [(harbour(), oracle.HARBOUR), (zhengzhou(), oracle.ZHENGZHOU)]
policies = pytest.mark.parametrize(("rules", "programmes"), POLICIES, ids=["harbour", "zhengzhou"])


def verdict(claim: Claim) -> oracle.Verdict:
    amount = claim.amount and (claim.amount.min, claim.amount.max)
    return oracle.Verdict(str(claim.status), amount, claim.years_left, frozenset(claim.missing))


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_a_claim_is_what_all_completions_have_in_common(
    rules: Rules, programmes: dict[str, oracle.Programme], data: st.DataObject
) -> None:
    case = data.draw(strategies.cases(rules))
    found = {claim.id: verdict(claim) for claim in rules.assess(case).claims}
    expected = oracle.verdicts(rules, programmes, case)
    assert list(found) == list(expected)
    assert found == expected


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_the_total_is_the_sum_over_projects(
    rules: Rules, programmes: dict[str, oracle.Programme], data: st.DataObject
) -> None:
    del programmes
    case: Json = data.draw(strategies.cases(rules, most=1))
    assessment = rules.assess(case)
    amounts = {c.id: c.amount and (c.amount.min, c.amount.max) for c in assessment.claims}
    always = [
        [c.id for c in assessment.claims if c.programme.id in group and c.index == index]
        for group in rules.cumulation.one_project
        for index in (None, *range(2))
    ]
    if "same_project" in case:
        expected = oracle.total(amounts, [*always, *case["same_project"]])
    else:
        pooled = strategies.names(rules, case)
        totals = [oracle.total(amounts, [*always, *groups]) for groups in oracle.partitions(pooled)]
        lows, highs = zip(*totals, strict=True)
        expected = (min(lows), None if None in highs else max(highs))
    assert (assessment.total.min, assessment.total.max) == expected
