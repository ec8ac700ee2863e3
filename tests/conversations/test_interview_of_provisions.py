"""What a document says of several programmes, in the interview: caps are asked for, what is over is not."""

from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest

from conversations.saying import results
from conversations.state.interview import MORE, stakes
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.loading import load
from rules.assessment import Status
from tests import served, several
from tests.chance import draws
from tests.conversations.hidden_cases import Json, interview, whole
from tests.knowledge.small_packs import sheet, write
from tests.table import check_each

RECEIVED = "enterprise.received_this_year"
CAPPED: Json = {
    "place_registered": "990602",
    "ecommerce_business": True,
    "dishonest": False,
    "founded": "2020-01-01",
    "online_sales": {"2023": 60000000, "2024": 90000000},
    "parcels": {"2024": 500000},
}


@cache
def pack(name: str) -> Shelf:
    return Shelf(load(write(Path(mkdtemp()) / name, sheet(name))))


def shelves() -> dict[str, tuple[Shelf, str]]:
    """Each with a day at which something is over in it, and something is not."""
    return {
        "amounts": (pack("amounts"), "2024-05-01"),
        "growth": (pack("growth"), "2021-06-01"),
        "ecommerce": (served.shelf("haicheng-ecommerce-2024"), "2025-04-20"),
        "industry": (served.shelf("haicheng-industry-2023"), "2025-04-20"),
        "zhengzhou": (served.shelf("zhengzhou-2013-237"), "2025-04-20"),
        "all of them": (several.shelf(), "2025-06-20"),
        "all of them, one over": (several.shelf(), "2026-11-29"),
    }


@pytest.mark.slow
def test_answers_from_a_hidden_case_lead_to_what_it_is_paid() -> None:
    """Of what can still be paid; no question twice, and none of what nobody can be paid any more."""

    def one(name: str) -> None:
        shelf, on = shelves()[name]
        for seed in range(draws(25)):
            full = whole(shelf, Random(seed), on)
            found = interview(shelf, full)
            true = shelf.rules.assess(shelf.rules.parse({**found.case, **full}))
            once = [path for path in found.asked if not path.endswith(f".{MORE}")]
            assert len(once) == len(set(once)), (seed, found.asked)
            assert found.assessment.payable == true.payable, seed
            before = {claim.id: claim for claim in true.claims if claim.id not in true.over}
            for claim in found.assessment.claims:
                if claim.id in before and claim.id not in found.assessment.over:
                    assert claim.status is before[claim.id].status, (seed, claim.id)

    check_each(list(shelves()), one)


def test_what_was_received_is_asked_once_at_the_end_of_its_topic() -> None:
    shelf = served.shelf("haicheng-ecommerce-2024")
    found = interview(shelf, _nothing_received(shelf, "2025-04-20"))
    assert found.asked.count(RECEIVED) == 1
    place = found.asked.index(RECEIVED)
    assert found.asked[place - 1] == "enterprise.parcels@2024"
    assert "enterprise.payment_licence" in found.asked[place:]
    own = [claim.id for claim in found.assessment.claims if claim.programme.id in ("scale", "shipping", "growth")]
    empty = shelf.rules.assess(shelf.rules.parse({"on": "2025-04-20"}))
    assert [claim.id for claim in stakes(shelf, empty, RECEIVED)] == own


def test_what_was_received_is_not_asked_where_it_lessens_nothing() -> None:
    shelf = served.shelf("haicheng-ecommerce-2024")
    full = whole(shelf, Random(5), "2025-04-20")
    full["enterprise"] |= {**CAPPED, "online_sales": {"2023": 100, "2024": 100}, "parcels": {"2024": 10}}
    found = interview(shelf, full)
    assert {
        claim.status for claim in found.assessment.claims if claim.programme.id in ("scale", "shipping", "growth")
    } == {Status.INELIGIBLE}
    assert RECEIVED not in found.asked


def test_what_was_received_may_not_be_known() -> None:
    shelf = served.shelf("haicheng-ecommerce-2024")
    full = whole(shelf, Random(5), "2025-04-20")
    full["enterprise"] |= CAPPED
    found = interview(shelf, full, unknown=frozenset({RECEIVED}))
    assert found.asked.count(RECEIVED) == 1
    assert found.assessment.payable.min < (found.assessment.payable.max or 0)
    said = "\n".join(results.result(shelf, _known(shelf, found.case)))
    assert "合计最后多少，还要看当年已经领取的规模奖励、发货补助、增长奖励。" in said


def test_a_cap_that_is_used_up_ends_the_questions_of_its_programmes() -> None:
    shelf = served.shelf("haicheng-ecommerce-2024")
    full = whole(shelf, Random(5), "2025-04-20")
    full["enterprise"] |= {**CAPPED, RECEIVED.partition(".")[2]: 800000}
    found = interview(shelf, full, {"enterprise": {RECEIVED.partition(".")[2]: 800000}})
    assert not [path for path in found.asked if path.startswith(("enterprise.parcels", "enterprise.online_sales"))]
    assert {"scale", "shipping", "growth"} == set(found.assessment.over)
    said = "\n".join(results.result(shelf, _known(shelf, found.case)))
    assert "合计 80 万元的上限已经领满，条件就没有再问" in said
    assert "• 规模奖励" not in said, "nothing that is over is held out for later"


def test_a_call_that_is_over_ends_the_questions_of_its_programmes_and_the_result_says_since_when() -> None:
    shelf = _call_for("shipping")
    before, after, early = (
        interview(shelf, _nothing_received(shelf, on)) for on in ("2025-05-15", "2025-05-16", "2025-03-01")
    )
    assert "enterprise.parcels@2024" in before.asked
    assert after.asked == [path for path in before.asked if path != "enterprise.parcels@2024"]
    assert after.assessment.over == {"shipping"}
    said = "\n".join(results.result(shelf, _known(shelf, after.case)))
    assert "申报已经截止（2025 年 5 月 15 日），条件就没有再问：" in said
    assert early.asked == before.asked, "what is to come is asked"
    assert not early.assessment.over


def _call_for(*programmes: str) -> Shelf:
    """The policy with a call for these alone."""
    policy = served.policy("haicheng-ecommerce-2024")
    (call,) = policy.calls
    return Shelf(policy.model_copy(update={"calls": (call.model_copy(update={"programmes": programmes}),)}))


def _nothing_received(shelf: Shelf, on: str) -> Json:
    full = whole(shelf, Random(1), on)
    full["enterprise"] |= {**CAPPED, RECEIVED.partition(".")[2]: 0}
    return full


def test_where_nothing_at_all_can_be_paid_it_is_asked_what_would_be() -> None:
    shelf = served.shelf("haicheng-industry-2023")
    in_force, over = (interview(shelf, whole(shelf, Random(2), on)) for on in ("2025-06-01", "2026-06-01"))
    assert len(over.assessment.over) == len(over.assessment.claims)
    assert len(over.asked) > 5
    assert {path.partition("@")[0] for path in over.asked} >= {path.partition("@")[0] for path in in_force.asked[:3]}


def test_what_decides_most_comes_before_what_decides_a_part_of_it() -> None:
    """The gate of a topic first; among equals the pack's order, and the years of one fact together."""
    shelf = pack("amounts")
    first = interview(shelf, whole(shelf, Random(1), "2024-05-01")).asked[0]
    assert first == "enterprise.violation", "all but one programme demand it; in the pack it stands last"
    asked = interview(served.shelf("zhengzhou-2013-237"), _zhengzhou()).asked
    assert asked == [
        "enterprise.registered_in_zhengzhou",
        "enterprise.agency_operator",
        "enterprise.agency_service_fee",
        "enterprise.agency_years_supported",
        "enterprise.demonstration_level",
        "enterprise.ecommerce_business",
        "enterprise.headquarters_in_zhengzhou",
        "enterprise.industry_standing",
        "enterprise.payment_licence",
        "enterprise.digital_certificate_fee",
        "enterprise.national_standard",
        "enterprise.ecommerce_building_tenant",
        "enterprise.training_fee",
        "pilots",
        "parks",
        "buildings",
        "same_project",
    ]
    joined = several.shelf()
    for seed in range(draws(10)):
        asked = interview(joined, whole(joined, Random(seed), "2025-06-20")).asked
        places = [place for place, path in enumerate(asked) if path.startswith("enterprise.revenue@")]
        assert places == list(range(min(places, default=0), min(places, default=0) + len(places))), asked


def _zhengzhou() -> Json:
    """An enterprise to which everything of the questionnaire applies, without things of which it may have several."""
    full = whole(served.shelf("zhengzhou-2013-237"), Random(0), "2025-04-20")
    full["enterprise"] = dict.fromkeys(full["enterprise"], True)
    full["enterprise"] |= {"demonstration_level": "national", "industry_standing": "domestic_top3"}
    full["enterprise"] |= {"agency_service_fee": 2000000, "agency_years_supported": 0}
    full["enterprise"] |= {"digital_certificate_fee": 100, "training_fee": 100}
    return full | {"pilots": [], "parks": [], "buildings": []}


def test_beside_others_a_document_that_is_over_is_not_asked_about() -> None:
    shelf = several.shelf()
    found = interview(shelf, whole(shelf, Random(2), "2026-11-29"))
    assert found.assessment.over
    assert not [path for path in found.asked if path.startswith("haicheng-")]


def _known(shelf: Shelf, case: Json) -> Known:
    read = shelf.rules.parse(case)
    return Known({}, read, shelf.rules.assess(read), frozenset(), frozenset())
