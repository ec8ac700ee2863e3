"""How values read: money in the unit and the digits people use, ranges, amounts, and a result cut at sensible places."""

from decimal import Decimal

import pytest

from conversations.saying.notes import notes
from conversations.saying.pages import LONGEST, paged
from conversations.saying.results import materials, result
from conversations.saying.values import between, figure, interval, money, paid, value
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
        ("1234567.89", "1234567.89 元"),
        ("1234500", "123.45 万元"),
        ("123450", "123450 元"),
        ("9999.999", "9999.99 元"),
        ("100000000", "1 亿元"),
        ("120000000", "1.2 亿元"),
        ("123456789", "123456789 元"),
        ("123456000", "12345.6 万元"),
        ("99990000", "9999 万元"),
    ],
)
def test_money_that_somebody_said_is_said_back_exactly(yuan: str, words: str) -> None:
    assert money(Decimal(yuan)) == words


@pytest.mark.parametrize(
    ("yuan", "about", "words", "most"),
    [
        ("868900", False, "86.89 万元", "86.89 万元"),
        ("868900", True, "约 86.8 万元", "约 86.9 万元"),
        ("869012.3", False, "约 86.9 万元", "约 87 万元"),
        ("123456.789", False, "约 12.3 万元", "约 12.4 万元"),
        ("12345678.9", False, "约 1234 万元", "约 1235 万元"),
        ("234567890.1", False, "约 2.34 亿元", "约 2.35 亿元"),
        ("2345.67", True, "约 2340 元", "约 2350 元"),
        ("1234.5", False, "1234.5 元", "1234.5 元"),
        ("999.9999", False, "约 999 元", "约 1000 元"),
        ("260000", True, "约 26 万元", "约 26 万元"),
        ("0", False, "0 元", "0 元"),
    ],
)
def test_a_sum_takes_no_more_digits_than_a_person_would_say_and_promises_nothing(
    yuan: str, about: bool, words: str, most: str
) -> None:
    assert paid(Decimal(yuan), about) == words
    assert paid(Decimal(yuan), about, up=True) == most


def test_two_figures_with_one_unit_are_one_span() -> None:
    assert between("10 万元", "30 万元") == "10–30 万元"
    assert between("9000 万元", "1.2 亿元") == "9000 万元–1.2 亿元"
    assert between("1 年 2 个月", "1 年 8 个月") == "1 年 2 个月–1 年 8 个月"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("260000", "260000", "26 万元"),
        ("0", "2000000", "最多 200 万元"),
        ("600000", "2600000", "60–260 万元"),
        ("5000", "20000", "5000 元–2 万元"),
        ("600000", None, "60 万元起"),
        ("0", None, "金额暂时估不出来"),
        ("0", "0", "0 元"),
        ("123456.789", "234567.891", "约 12.3–23.5 万元"),
        ("0", "123456.789", "最多约 12.4 万元"),
        ("123456.789", "123456.789", "约 12.3 万元"),
    ],
)
def test_amounts(low: str, high: str | None, words: str) -> None:
    assert interval(Interval(Decimal(low), None if high is None else Decimal(high))) == words


def test_rough_and_yearly_amounts() -> None:
    exact, upto = Interval(Decimal(260000), Decimal(260000)), Interval(Decimal(0), Decimal(260000))
    assert interval(exact, about=True, every="每年") == "每年约 26 万元"
    assert interval(exact, every="每年") == "每年 26 万元"
    assert interval(upto, about=True, every="每年") == "每年最多约 26 万元"


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
        ("buildings.occupancy", Decimal("0.6666667"), "约 66.67%"),
        ("buildings.years_operating", Decimal("1.5"), "1.5 年"),
        ("buildings.years_operating", Decimal(2), "2 年"),
        ("buildings.years_operating", Decimal("1.1667"), "1 年 2 个月"),
        ("buildings.years_operating", Decimal("0.6666666667"), "8 个月"),
        ("buildings.years_operating", Decimal("1.237"), "约 1.2 年"),
        ("buildings.years_operating", Decimal(0), "0 年"),
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
    operating = engine.policy.fact("buildings.years_operating")
    assert value(operating, Decimal("1.237"), approximate=True) == "约 1.2 年", "said once"


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
    known = everything(engine)
    for pages in (result(engine, known), notes(engine, known)):
        assert max(map(len, pages)) <= LONGEST
        text = "\n".join(pages)
        for programme in engine.policy.programmes:
            assert f"✅ **{programme.label}" in text
            assert engine.policy.clause(programme.clause).citation in text  # type: ignore[operator]
    assert len(notes(engine, known)) > 1
    for step in engine.policy.next_steps:
        assert step in "\n".join(notes(engine, known))
    assert "身份证" in materials(engine, known)


def test_a_yearly_claim_that_outweighs_its_leader_over_the_years_is_told(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("1 2", "是", "600万", "没领过", "是", "1200万", "物流业", "不是", "没有"):
        session = say(engine, session, text).session
    told = say(engine, session, "是同一个").replies[0].text.replace("**", "")
    assert "领电商试点项目支持，代运营企业支持让位" in told
    assert "合计可能达 180 万元，比它更多" in told
    assert "结果：2 项符合，120 万元" in told


def test_what_the_office_must_decide_is_told(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("2", "是", "1200万", "其他", "不是"):
        session = say(engine, session, text).session
    told = say(engine, session, "没有").replies[0].text.replace("**", "")
    assert "暂时没有确定符合的，1 项还没定" in told
    assert "试点项目所属行业：其他" in told
    assert "认定" in told
    assert derive(session, engine).assessment.total.max == 1200000
