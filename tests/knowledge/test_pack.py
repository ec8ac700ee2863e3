"""The pack 郑政文〔2013〕237号: it loads, says what its text says, and answers for the contract's names."""

import re

import pytest

from knowledge.folders import PACKS
from knowledge.loading import check, joined
from knowledge.policy import Policy
from tests import served

CLAUSES = [
    "1.1", "1.2",
    "2.1.1", "2.1.2", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.3.1", "2.3.2", "2.3.3",
    "2.4.1", "2.4.2", "2.4.3", "2.4.4", "2.4.5", "2.5.1", "2.5.2",
    "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11",
    "4.1", "4.2", "4.3", "4.4",
    "meta",
]  # fmt: skip
PROGRAMMES = {
    "demonstration-enterprise": "3.1",
    "leading-headquarters": "3.2",
    "pilot-project": "3.3",
    "national-pilot-matching": "3.3",
    "digital-certificate": "3.4",
    "payment-platform": "3.5",
    "agency-operations": "3.6",
    "national-standard": "3.7",
    "demonstration-park": "3.8",
    "demonstration-building": "3.9",
    "building-rent": "3.9",
    "training": "3.10",
}
FACTS = {
    "enterprise.registered_in_zhengzhou": "bool",
    "enterprise.ecommerce_business": "bool",
    "enterprise.demonstration_level": "choice national provincial none",
    "enterprise.industry_standing": "choice international_top10 domestic_top3 neither",
    "enterprise.headquarters_in_zhengzhou": "bool",
    "enterprise.digital_certificate_fee": "money",
    "enterprise.payment_licence": "bool",
    "enterprise.agency_operator": "bool",
    "enterprise.agency_service_fee": "money",
    "enterprise.agency_years_supported": "int",
    "enterprise.national_standard": "bool",
    "enterprise.ecommerce_building_tenant": "bool",
    "enterprise.training_fee": "money",
    "pilots.name": "text",
    "pilots.industry": "choice commerce logistics finance cross_border trusted_transactions product_safety "
    "mobile_payment agriculture forestry culture_tourism high_tech_services other",
    "pilots.selected": "bool",
    "pilots.total_investment": "money",
    "pilots.national_pilot": "bool",
    "pilots.national_funding": "money",
    "parks.name": "text",
    "parks.level": "choice national provincial municipal none",
    "buildings.name": "text",
    "buildings.area": "area",
    "buildings.occupancy": "ratio",
    "buildings.years_operating": "years",
    "buildings.recognised": "bool",
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return served.policy()


def test_the_real_pack_is_without_mistakes() -> None:
    assert check() == []
    assert check(PACKS / "zhengzhou-2013-237") == []


def test_it_has_the_clauses_facts_and_programmes_of_the_contract(policy: Policy) -> None:
    assert [clause.id for clause in policy.clauses] == CLAUSES
    assert {p.id: p.clause for p in policy.programmes} == PROGRAMMES
    assert [p.id for p in policy.programmes] == list(PROGRAMMES)
    assert {f.id: " ".join([f.type, *(choice.id for choice in f.choices)]) for f in policy.facts} == FACTS


def test_the_facts_of_a_subject_stand_together(policy: Policy) -> None:
    subjects = [fact.subject for fact in policy.facts]
    assert sorted(subjects, key=subjects.index) == subjects


def test_the_clauses_give_the_source_back(policy: Policy) -> None:
    lines = policy.source.split("\n")
    spans = sorted((span, clause) for clause in policy.clauses for span in clause.lines)
    assert "".join("".join(lines[first - 1 : last]) for (first, last), _ in spans) == "".join(lines)
    texts = "".join(re.sub(r"\s", "", clause.text) for clause in policy.clauses)
    assert sorted(texts) == sorted(re.sub(r"\s", "", policy.source))


@pytest.mark.parametrize(
    ("clause", "citation", "begins", "ends", "paragraphs"),
    [
        (
            "1.1",
            "一、（一）",
            "一、创建国家电子商务示范城市的指导思想及目标\n（一）指导思想\n以创建",
            "影响全国的“新商都”。",
            3,
        ),
        (
            "2.1.1",
            "二、（一）1",
            "二、创建国家电子商务示范城市的主要任务\n（一）大力发展",
            "以带动我市电子商务的发展。",
            3,
        ),
        ("2.2.3", "二、（二）3", "3. 大力发展电子商务代运营服务业等新兴业态。引导初创企业积极研究", "等问题。", 1),
        (
            "3.3",
            "三、（三）",
            "(三) 支持电子商务试点项目建设。",
            "\n对于获批的国家电子商务试点项目，地方财政按 1:1 的标准，给予资金配套支持。",
            2,
        ),
        ("3.9", "三、（九）", "(九) 支持建设电子商务专业楼宇。", "其房屋租金给予适当的补助。", 1),
        ("3.11", "三、（十一）", "（十一）同一企业的同一项目", "额度最高的政策进行奖励。", 1),
        ("4.4", "四、（四）", "(四) 建立健全创建工作机制\n建立目标考核机制", "布置阶段性工作。", 2),
        ("meta", None, "郑政文〔2013〕237号以此文为准\n郑州市人民政府文件\n", "\n2013年11月19日印发", 12),
    ],
)
def test_a_clause_has_its_text(
    policy: Policy, clause: str, citation: str | None, begins: str, ends: str, paragraphs: int
) -> None:
    found = policy.clause(clause)
    assert found.citation == citation
    assert found.text.startswith(begins)
    assert found.text.endswith(ends)
    assert len(found.text.split("\n")) == paragraphs


def test_a_citation_is_the_path_in_the_documents_own_numbers(policy: Policy) -> None:
    numbers = "一二三四五六七八九十"
    for clause in policy.clauses:
        if clause.id != "meta":
            part, section, *item = (int(number) for number in clause.id.split("."))
            chinese = numbers[section - 1] if section <= 10 else "十一"
            assert clause.citation == f"{numbers[part - 1]}、（{chinese}）{''.join(map(str, item))}"


def test_lines_broken_in_a_sentence_are_joined_and_headings_are_not() -> None:
    assert joined(["一、标题", "", "（一）小标题", "正文，没有完", "", "的一句。", "下一段。"]) == "\n".join(
        ["一、标题", "（一）小标题", "正文，没有完的一句。", "下一段。"]
    )


def test_a_fact_is_found_by_its_path_in_a_case(policy: Policy) -> None:
    assert policy.fact("pilots.0.industry") is policy.fact("pilots.industry")
    assert policy.fact("enterprise.training_fee").unit == "yuan"
    with pytest.raises(KeyError):
        policy.fact("pilots.0.colour")


def test_nothing_ticked_settles_every_fact_that_decides(policy: Policy) -> None:
    stated = {path for option in policy.screening.options for path in option.otherwise}
    for programme in policy.programmes:
        assert stated & {programme.subject, *programme.facts}, programme.id


def test_materials_are_the_general_ones_then_what_proves_the_facts(policy: Policy) -> None:
    general = [paper.id for paper in policy.evidence if not paper.proves]
    assert len(general) == 6
    assert [paper.id for paper in policy.materials("payment-platform")] == [
        *general,
        "headquarters-agreement",
        "headquarters-proof",
        "payment-licence",
    ]
    for programme in policy.programmes:
        assert len(policy.materials(programme.id)) > len(general), programme.id


def test_only_the_payment_licence_is_named_by_the_document(policy: Policy) -> None:
    named = [(paper.name, paper.clause) for paper in policy.evidence if paper.basis == "clause"]
    assert named == [("《支付业务许可证》", "3.5")]


def test_what_somebody_grants_is_marked(policy: Policy) -> None:
    assert {fact.id for fact in policy.facts if fact.granted} == {
        "enterprise.demonstration_level",
        "enterprise.payment_licence",
        "pilots.selected",
        "pilots.national_pilot",
        "parks.level",
        "buildings.recognised",
    }


def test_every_programme_has_a_notice_of_its_own(policy: Policy) -> None:
    told = {ident for notice in policy.notices for ident in notice.programmes}
    # the rent subsidy's gap is its amount, and the claim itself says that
    assert told == set(PROGRAMMES) - {"building-rent"}
