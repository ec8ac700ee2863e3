"""What no document answers is taught once, in the vocabulary, and silences no document that speaks of it."""

from pathlib import Path

import pytest

from knowledge.joined import joined
from knowledge.policy import Policy
from knowledge.search import Search
from knowledge.vocabulary import shared_kinds
from tests import served
from tests.table import check_each

DATA = Path(__file__).parents[1] / "data" / "questions"
CITY, COMMERCE, ZHENGZHOU = "haicheng-industry-2023", "haicheng-ecommerce-2024", "zhengzhou-2013-237"


def common(policy: Policy) -> set[str]:
    return {text for kind in policy.questions.unanswered for text in kind.common}


@pytest.mark.parametrize("name", [CITY, COMMERCE])
def test_an_example_pack_answers_its_own_and_refuses_the_rest(name: str) -> None:
    search, read = Search(served.policy(name)), served.read_yaml(DATA / f"{name}.yaml")
    rows = [(text, clause) for clause, texts in read.items() for text in texts]
    answered = [(text, clause) for text, clause in rows if clause != "none"]
    refused = [text for text, clause in rows if clause == "none" and not search.find(text).in_scope]

    def compare(row: tuple[str, str]) -> None:
        found = search.find(row[0])
        assert found.in_scope, found.kind
        assert row[1] in [hit.clause for hit in found.hits]

    check_each(answered, compare, lambda row: row[0])
    assert len(refused) >= 0.95 * (len(rows) - len(answered))


@pytest.mark.parametrize(
    ("name", "speaks", "silent"),
    [
        (
            CITY,
            ("人才补贴怎么申请", "博士引进安家费", "小微企业贷款哪里办", "社保补贴怎么申请"),
            ("种粮补贴", "wifi密码多少"),
        ),
        (COMMERCE, ("支付许可证续展流程", "招聘主播"), ("人才补贴怎么申请", "小微企业贷款哪里办", "种粮补贴")),
    ],
)
def test_what_the_clauses_are_about_is_no_example_of_what_they_leave_out(
    name: str, speaks: tuple[str, ...], silent: tuple[str, ...]
) -> None:
    kept = common(served.policy(name))
    assert kept.isdisjoint(speaks)
    assert kept.issuperset(silent)


def test_a_pack_that_names_a_kind_has_all_of_it_with_its_advice() -> None:
    kind = next(each for each in served.policy(ZHENGZHOU).questions.unanswered if each.id == "tax")
    assert kind.questions
    assert kind.advice == shared_kinds()["tax"]["advice"]
    assert list(kind.common) == shared_kinds()["tax"]["questions"]


def test_what_a_pack_says_itself_of_a_kind_goes_before_the_shared_advice() -> None:
    kind = next(each for each in served.policy(ZHENGZHOU).questions.unanswered if each.id == "talents")
    assert kind.advice.startswith("这份文件二、（五）1 只写了鼓励并支持电商企业引进高端人才")
    assert list(kind.common) == shared_kinds()["talents"]["questions"]
    assert "郑州人才计划给多少" in kind.questions


def test_among_several_documents_a_common_kind_stands_once_and_is_of_none_of_them() -> None:
    whole = joined([served.policy(CITY), served.policy(COMMERCE)])
    kinds = [each.id for each in whole.questions.unanswered]
    assert len(kinds) == len(set(kinds))
    tax = next(each for each in whole.questions.unanswered if each.id == "tax")
    assert tax.advice.startswith("这几份文件没有规定")
    assert {f"{CITY}/deadline", f"{COMMERCE}/address"} <= set(kinds)


def test_no_pack_teaches_anew_what_the_vocabulary_knows() -> None:
    known = {str(text) for kind in shared_kinds().values() for text in kind["questions"]}  # type: ignore[attr-defined]
    for name in (CITY, COMMERCE, ZHENGZHOU):
        own = {text for kind in served.policy(name).questions.unanswered for text in kind.questions}
        assert own.isdisjoint(known)
