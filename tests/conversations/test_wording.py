"""How values read: money exactly and in the unit people use, ranges, amounts, and a result cut at sensible places."""

from decimal import Decimal

import pytest

from conversations.saying.results import LONGEST, paged, result
from conversations.saying.values import figure, interval, money, value
from conversations.state.session import Known, derive
from conversations.state.shelf import Shelf
from rules.values import Interval, Range
from tests.conversations.enterprises import begin, say


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "0 元"),
        ("8000", "8000 元"),
        ("9999.99", "9999.99 元"),
        ("10000", "1 万元"),
        ("265000", "26.5 万元"),
        ("1500000", "150 万元"),
        ("1234567.89", "123.456789 万元"),
        ("120000000", "12000 万元"),
    ],
)
def test_money(yuan: str, words: str) -> None:
    assert money(Decimal(yuan)) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("260000", "260000", "26 万元"),
        ("0", "2000000", "最多 200 万元"),
        ("600000", "2600000", "60–260 万元"),
        ("5000", "20000", "5000 元–2 万元"),
        ("600000", None, "60 万元起，上限暂时定不了"),
        ("0", None, "金额暂时估不出来"),
        ("0", "0", "0 元"),
    ],
)
def test_amounts(low: str, high: str | None, words: str) -> None:
    assert interval(Interval(Decimal(low), None if high is None else Decimal(high))) == words


def test_rough_and_yearly_amounts() -> None:
    exact, upto = Interval(Decimal(260000), Decimal(260000)), Interval(Decimal(0), Decimal(260000))
    assert interval(exact, about=True, yearly=True) == "每年约 26 万元"
    assert interval(exact, yearly=True) == "每年 26 万元"
    assert interval(upto, about=True, yearly=True) == "每年最多约 26 万元"


@pytest.mark.parametrize(
    ("fact", "known", "words"),
    [
        ("enterprise.agency_service_fee", Range(None, Decimal(10000000), False, True), "不到 1000 万元"),
        ("enterprise.agency_service_fee", Range(Decimal(2000000), Decimal(3000000)), "200–300 万元"),
        ("enterprise.agency_service_fee", Range(Decimal(1000000), None, True, False), "超过 100 万元"),
        ("enterprise.agency_service_fee", Range(Decimal(1000000), None), "至少 100 万元"),
        ("enterprise.agency_years_supported", Decimal(0), "没领过"),
        ("buildings.area", Decimal(12000), "12000 平方米"),
        ("buildings.occupancy", Decimal("0.655"), "65.5%"),
        ("buildings.years_operating", Decimal("1.5"), "1.5 年"),
        ("pilots.industry", "logistics", "物流业"),
        ("pilots.selected", False, "不是"),
    ],
)
def test_values(fact: str, known: bool | str | Decimal | Range, words: str, engine: Shelf) -> None:
    assert value(engine.policy.fact(fact), known) == words


def test_a_rough_figure_says_so(engine: Shelf) -> None:
    fact = engine.policy.fact("enterprise.agency_service_fee")
    assert value(fact, Decimal(2600000), approximate=True) == "约 260 万元"
    assert figure(fact, Decimal(2600000)) == "260 万元"


def test_pages_are_cut_between_parts_and_lose_nothing() -> None:
    parts = [f"第{n}段\n" + "\n".join("字" * 90 for _ in range(n)) for n in range(40)]
    pages = paged(parts)
    assert max(map(len, pages)) <= LONGEST
    assert [line for page in pages for line in page.split("\n") if line] == [
        line for part in parts for line in part.split("\n") if line
    ]


def everything(engine: Shelf) -> Known:
    """The case of an enterprise to which every programme applies, several times."""
    choice = {"industry": "finance", "level": "municipal", "demonstration_level": "national"}
    standing = {"industry_standing": "domestic_top3"}
    policy = engine.policy

    def item(subject: str) -> dict[str, object]:
        values: dict[str, object] = {"bool": True, "money": 34560000, "area": 20000, "ratio": 0.9, "years": 3, "int": 0}
        return {
            fact.name: (choice | standing).get(fact.name, values.get(fact.type, "名称"))
            for fact in policy.facts
            if fact.subject == subject
        }

    data = {s.id: [item(s.id) for _ in range(6)] if s.many else item(s.id) for s in policy.subjects}
    case = engine.rules.parse({**data, "same_project": []})
    return Known({}, case, engine.rules.assess(case), frozenset(), frozenset())


def test_the_largest_result_is_split_and_names_every_programme(engine: Shelf) -> None:
    pages = result(engine, everything(engine))
    assert len(pages) > 1
    assert max(map(len, pages)) <= LONGEST
    text = "\n".join(pages)
    for programme in engine.policy.programmes:
        assert f"✅ **{programme.label}" in text
        assert engine.policy.clause(programme.clause).citation in text  # type: ignore[operator]
    for step in engine.policy.next_steps:
        assert step in text


def test_a_yearly_claim_that_outweighs_its_leader_over_the_years_is_told(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("1 2", "是", "600万", "没领过", "是", "1200万", "物流业", "不是", "没有"):
        session = say(engine, session, text).session
    told = say(engine, session, "是同一个").replies[0].text.replace("**", "")
    assert "领电商试点项目支持，代运营企业支持让位" in told
    assert "合计可能达 180 万元，比它更多" in told
    assert "合计预估：120 万元" in told


def test_what_the_office_must_decide_is_told(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("2", "是", "1200万", "其他", "不是"):
        session = say(engine, session, text).session
    told = say(engine, session, "没有").replies[0].text.replace("**", "")
    assert "暂时没有确定符合的，1 项还没定" in told
    assert "试点项目所属行业：其他" in told
    assert "认定" in told
    assert derive(session, engine).assessment.total.max == 1200000
