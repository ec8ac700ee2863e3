"""A document for somebody of whom nothing is known: whether it holds on a day, what it gives, to whom, on what papers."""

from datetime import date

import pytest

from conversations.saying.overview import Overview, overviews, validity_of
from tests import served, several
from tests.table import check_each

STANDINGS = (
    ("haicheng-ecommerce-2024", "2024-06-30", (False, "还没有生效", False)),
    ("haicheng-ecommerce-2024", "2024-07-01", (True, "有效", False)),
    ("haicheng-ecommerce-2024", "2027-03-31", (True, "有效", False)),
    ("haicheng-ecommerce-2024", "2027-04-01", (True, "快到期", True)),
    ("haicheng-ecommerce-2024", "2027-06-30", (True, "快到期", True)),
    ("haicheng-ecommerce-2024", "2027-07-01", (False, "已经失效", False)),
    ("haicheng-industry-2023", "2026-01-01", (False, "已经失效", False)),
    ("zhengzhou-2013-237", "2026-01-01", (None, "有效期不明", False)),
)


@pytest.fixture(scope="module")
def together() -> dict[str, Overview]:
    return {each.policy.id: each for each in overviews(several.shelf(), several.NOW)}


def test_whether_it_holds_on_a_day() -> None:
    def holds(row: tuple[str, str, tuple[bool | None, str, bool]]) -> None:
        ident, day, expected = row
        found = validity_of(served.policy(ident), date.fromisoformat(day))
        assert (found.in_force, found.word, found.expiring) == expected

    check_each(STANDINGS, holds)


def test_what_has_a_beginning_and_no_end_says_so() -> None:
    policy = served.policy("haicheng-ecommerce-2024")
    valid = policy.valid.model_copy(update={"lasting": None}) if policy.valid else None
    found = validity_of(policy.model_copy(update={"valid": valid}), date(2026, 1, 1))
    assert found.in_force is None
    assert found.sentence == "2024 年 7 月 1 日起施行，没有写到哪一天为止"


def test_an_offer_says_what_how_much_for_how_long_and_where(together: dict[str, Overview]) -> None:
    offers = {offer.id: offer for offer in together["haicheng-ecommerce-2024"].offers}
    assert (offers["newcomer"].amount, offers["newcomer"].period) == ("3 万元", "一次性")
    assert offers["scale"].amount == "每年最多 60 万元"
    assert offers["scale"].remarks == ("与发货补助、增长奖励合计不超过 80 万元（第九条）",)
    assert offers["park"].remarks[0].startswith("分 3 年拨付")
    assert (offers["park"].where.clause, offers["park"].where.citation) == ("8", "第八条")
    others = {offer.id: offer for offer in together["zhengzhou-2013-237"].offers}
    assert others["agency-operations"].period == "最多 3 年"
    assert others["leading-headquarters"].amount == "一事一议，文件没有给出数额"
    assert others["digital-certificate"].amount == ""
    assert others["digital-certificate"].quote


def test_what_holds_for_all_is_said_once(together: dict[str, Overview]) -> None:
    found = together["haicheng-ecommerce-2024"]
    assert found.demands[0].words == "在海珵市登记"
    assert all("在海珵市登记" not in offer.conditions for offer in found.offers)
    assert found.closed == "申报已经截止（2025 年 5 月 15 日）"
    assert all(not offer.closed for offer in found.offers)
    assert len(found.remarks) == 1
    industry = together["haicheng-industry-2023"]
    assert [each.words for each in industry.demands].count("在海珵市登记满一年") == 1
    assert "在海珵市登记" not in [each.words for each in industry.demands]


def test_papers_are_for_whom_they_prove_something(together: dict[str, Overview]) -> None:
    papers = {paper.name: paper for paper in together["haicheng-ecommerce-2024"].papers}
    assert papers["信用报告"].general, "what proves a demand on everybody"
    assert papers["快递公司对账单"].programmes == ("发货补助",)
    assert papers["当年已领取奖励和补助的说明"].programmes == ("规模奖励", "发货补助", "增长奖励"), (
        "what a limit takes off"
    )
    for found in together.values():
        assert all(paper.general or paper.programmes for paper in found.papers)


@pytest.mark.parametrize("ident", several.IDS)
def test_beside_others_it_says_what_it_says_alone(together: dict[str, Overview], ident: str) -> None:
    (alone,) = overviews(served.shelf(ident), several.NOW)
    found = together[ident]
    for name in ("validity", "demands", "offers", "closed", "remarks", "across", "notices"):
        assert getattr(found, name) == getattr(alone, name), name
    assert {paper.name: paper for paper in found.papers} == {paper.name: paper for paper in alone.papers}
    for each, own in zip(found.clauses, alone.clauses, strict=True):
        assert (found.policy.own_citation(each), each.text) == (own.citation, own.text)
