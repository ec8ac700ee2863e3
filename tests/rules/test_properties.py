"""What must be true of any policy and any case: order changes nothing, knowing more never takes a word back."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.assessment import Assessment, Claim, Status
from rules.values import Interval
from tests.chance import draws
from tests.rules import strategies
from tests.rules.support import Json, Rules, harbour, zhengzhou

pytestmark = pytest.mark.exhaustive

policies = pytest.mark.parametrize("rules", [harbour(), zhengzhou()], ids=["harbour", "zhengzhou"])


def within(inner: Interval | None, outer: Interval | None) -> bool:
    if inner is None or outer is None:
        return inner is outer
    return inner.min >= outer.min and (outer.max is None or (inner.max is not None and inner.max <= outer.max))


def shuffled(value: object, random: Random) -> object:
    """The same JSON with the keys of its objects in another order."""
    if isinstance(value, dict):
        pairs = [(key, shuffled(entry, random)) for key, entry in value.items()]
        random.shuffle(pairs)
        return dict(pairs)
    return [shuffled(entry, random) for entry in value] if isinstance(value, list) else value


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_the_order_of_facts_changes_nothing(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules))
    assert rules.assess(shuffled(case, Random(data.draw(st.integers())))) == rules.assess(case)


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_null_says_the_same_as_nothing(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules))
    spelled = deepcopy(case)
    for subject in rules.subjects:
        item = dict.fromkeys((fact.name for fact in rules.facts if fact.subject == subject.id), None)
        if subject.many and spelled.get(subject.id) is not None:
            spelled[subject.id] = [{**item, **entry} for entry in spelled[subject.id]]
        else:
            spelled[subject.id] = None if subject.many else {**item, **spelled[subject.id]}
    spelled.setdefault("same_project", None)
    assert rules.assess(spelled) == rules.assess(case)


def narrower(rules: Rules, data: st.DataObject, case: Json) -> Json:
    """``case`` with one more thing known, or one thing known more closely; lists stay as they are."""
    more = deepcopy(case)
    places: list[tuple[Json, str, str]] = []
    for subject in rules.subjects:
        items: list[Json] = (more.get(subject.id) or []) if subject.many else [more[subject.id]]
        for item in items:
            for fact in rules.facts:
                known = item.get(fact.name)
                if fact.subject == subject.id and (known is None or isinstance(known, dict)):
                    places.append((item, fact.name, fact.id))
    if "same_project" not in more:
        places.append((more, "same_project", ""))
    assume(places)
    owner, name, ident = data.draw(st.sampled_from(places))
    if not ident:
        owner[name] = data.draw(strategies.groups(rules, case))
        return more
    fact = next(fact for fact in rules.facts if fact.id == ident)
    before = owner.get(name)
    owner[name] = data.draw(strategies.known(rules, fact).filter(lambda raw: before is None or implies(raw, before)))
    return more


def implies(raw: object, outer: Json) -> bool:
    """Whether every figure that ``raw`` allows is one that the range ``outer`` allows."""
    inner = raw if isinstance(raw, dict) else {"at_least": raw, "at_most": raw}
    for key, strict in (("at_least", False), ("more_than", True)):
        if key in outer:
            low = inner.get("more_than", inner.get("at_least"))
            if low is None or low < outer[key] or (low == outer[key] and strict and "more_than" not in inner):
                return False
    for key, strict in (("at_most", False), ("less_than", True)):
        if key in outer:
            high = inner.get("less_than", inner.get("at_most"))
            if high is None or high > outer[key] or (high == outer[key] and strict and "less_than" not in inner):
                return False
    return True


@policies
@settings(max_examples=draws(150))
@given(data=st.data())
def test_knowing_more_never_takes_a_word_back(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules))
    more = narrower(rules, data, case)
    before, after = rules.assess(case), rules.assess(more)
    assert [claim.id for claim in after.claims] == [claim.id for claim in before.claims]
    assert within(after.total, before.total)
    for old, new in zip(before.claims, after.claims, strict=True):
        assert within(new.amount, old.amount)
        assert set(new.missing) <= set(old.missing)
        if old.status is not Status.UNDETERMINED:
            assert new.status is old.status


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_opening_a_list_leaves_every_other_claim_as_it_was(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules))
    lists = [subject.id for subject in rules.subjects if subject.many and subject.id not in case]
    assume(lists)
    opened = data.draw(st.sampled_from(lists))
    case.pop("same_project", None)
    more = {**case, opened: data.draw(st.lists(strategies.items(rules, opened), max_size=2))}

    def others(assessment: Assessment) -> list[Claim]:
        return [claim for claim in assessment.claims if claim.programme.subject != opened]

    assert others(rules.assess(more)) == others(rules.assess(case))


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_what_is_not_known_decides_nothing(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules))
    for claim in rules.assess(case).claims:
        for finding in claim.reasons:
            assert (finding.actual is not None) or finding.satisfied is None
        if claim.status is Status.ELIGIBLE:
            assert any(finding.satisfied for finding in claim.reasons)
        if claim.status is Status.INELIGIBLE:
            assert any(finding.satisfied is False for finding in claim.reasons)
            assert claim.missing == ()


@policies
def test_of_nothing_known_everything_is_open(rules: Rules) -> None:
    assessment = rules.assess({})
    assert {claim.status for claim in assessment.claims} == {Status.UNDETERMINED}
    assert all(claim.index is None and claim.missing for claim in assessment.claims)
    assert all(finding.satisfied is None for claim in assessment.claims for finding in claim.reasons)
    assert assessment.total.min == 0


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_a_complete_case_leaves_only_the_office_to_decide(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules, complete=True))
    for claim in rules.assess(case).claims:
        assert claim.missing == ()
        if claim.status is Status.UNDETERMINED:
            assert [finding.fact for finding in claim.reasons if finding.satisfied is None] != []
        elif claim.amount:
            assert claim.amount.min == claim.amount.max


@policies
@settings(max_examples=draws(100))
@given(data=st.data())
def test_groups_lie_between_the_largest_claim_and_the_sum(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules, complete=True))
    assessment = rules.assess(case)
    least = [claim.amount.min for claim in assessment.claims if claim.amount]
    assert max(least) <= assessment.total.min <= sum(least)
    apart = rules.assess({**case, "same_project": []}).total
    unsaid = rules.assess({**case, "same_project": None}).total
    together = rules.assess({**case, "same_project": [strategies.names(rules, case)]}).total
    assert within(assessment.total, unsaid)
    assert (unsaid.min, unsaid.max) == (together.min, apart.max)


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_shuffled_groups_are_the_same(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules, complete=True))
    groups = [data.draw(st.permutations(group)) for group in case["same_project"]]
    same = data.draw(st.permutations([*groups, *groups[:1]]))
    assert rules.assess({**case, "same_project": same}) == rules.assess(case)


def giving_way(assessment: Assessment) -> Iterator[tuple[Claim, Claim]]:
    by_id = {claim.id: claim for claim in assessment.claims}
    for claim in assessment.claims:
        if claim.superseded_by:
            yield claim, by_id[claim.superseded_by]


@policies
@settings(max_examples=draws(100))
@given(data=st.data())
def test_a_claim_gives_way_only_to_one_that_pays_no_less(rules: Rules, data: st.DataObject) -> None:
    assessment = rules.assess(data.draw(strategies.cases(rules)))
    for claim, leader in giving_way(assessment):
        assert claim.status is leader.status is Status.ELIGIBLE
        assert claim.amount is not None
        assert leader.amount is not None
        assert claim.amount.max == claim.amount.min <= leader.amount.min
        assert leader.superseded_by is None
        assert any({claim.id, leader.id} <= set(project) for project in assessment.projects)


@policies
@settings(max_examples=draws(60))
@given(data=st.data())
def test_what_gives_way_is_what_the_total_leaves_out(rules: Rules, data: st.DataObject) -> None:
    case = data.draw(strategies.cases(rules, complete=True))
    assessment = rules.assess(case)
    paid = [c.amount.min for c in assessment.claims if c.amount and c.superseded_by is None]
    assert assessment.total.min == sum(paid, Decimal(0))
