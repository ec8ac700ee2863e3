"""Figures made of facts: in what they are, what they are called, and what is said of what they come to."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from conversations.saying.explanation import explain_all
from conversations.saying.terms import called, measured_as, told
from conversations.state.session import Known
from knowledge.loading import load
from knowledge.policy import Policy
from rules.assessment import Rulebook
from rules.case import ItemFacts
from rules.scopes import Book, FactScope
from rules.terms import Model, Term
from tests import served
from tests.knowledge.small_packs import sheet, write
from tests.table import check_each


class Holder(Model):
    term: Term


class TermRow(NamedTuple):
    """Of a term over the facts of a pack of tests/data/packs: the type of its figures, its name, and what is said of it."""

    pack: str
    term: object
    type: str
    called: str
    case: object
    told: str


DATED = {"on": "2024-05-01"}
ROWS = [
    TermRow("amounts", {"difference": ["enterprise.parcels", 100000]}, "count", "事项超过 10 万件的部分", {}, ""),
    TermRow("amounts", {"difference": ["enterprise.parcels", 100000]}, "count", "事项超过 10 万件的部分", {"parcels": 250000}, "事项比 10 万件多 15 万件"),
    TermRow("amounts", {"difference": ["enterprise.parcels", 100000]}, "count", "事项超过 10 万件的部分", {"parcels": {"at_most": 250000}}, "事项比 10 万件最多多 15 万件"),
    TermRow("amounts", {"difference": ["enterprise.parcels", 100000]}, "count", "事项超过 10 万件的部分", {"parcels": {"at_most": 90000}}, "事项比 10 万件少 1–10 万件"),
    TermRow("amounts", {"difference": ["enterprise.parcels", 100000]}, "count", "事项超过 10 万件的部分", {"parcels": {"at_least": 120000}}, "事项比 10 万件多 至少 2 万件"),
    TermRow("growth", {"growth": "enterprise.revenue@2023"}, "ratio", "2023 年度营业收入比 2022 年的增长", {"revenue": {"2022": 100}}, ""),
    TermRow("growth", {"growth": "enterprise.revenue@2023"}, "ratio", "2023 年度营业收入比 2022 年的增长", {"revenue": {"2022": 100, "2023": {"at_most": 130}}}, "2023 年度营业收入比 2022 年最多增长 30%"),
    TermRow("growth", {"ratio": ["enterprise.invested", "enterprise.mu"]}, "money", "平均每亩事项", {"invested": 8000000, "mu": 2}, "平均每亩事项 400 万元"),
    TermRow("growth", {"ratio": ["enterprise.paid", "enterprise.capital"]}, "ratio", "事项占事项的比例", {"paid": 20, "capital": 100}, "事项是事项的 20%"),
    TermRow("growth", {"least": ["enterprise.age", 45]}, "years", "周岁、45 岁中较小的", {"born": "1990-01-01"}, "周岁、45 岁中较小的：34 岁"),
]  # fmt: skip


@cache
def policy(name: str) -> Policy:
    return load(write(Path(mkdtemp()) / name, sheet(name)))


@cache
def rulebook(name: str) -> Rulebook:
    made = policy(name)
    return Rulebook([s.spec for s in made.subjects], [f.spec for f in made.facts], made.programmes, made)


def test_what_is_said_of_a_term() -> None:
    def one(row: TermRow) -> None:
        made = policy(row.pack)
        term = Holder.model_validate({"term": row.term}).term
        facts, subjects = {f.id: f.spec for f in made.facts}, {s.id: s.spec for s in made.subjects}
        scope = FactScope("enterprise", Book(subjects, facts, {}))
        read = term.compiled(scope)
        case = rulebook(row.pack).parse({**DATED, "enterprise": row.case})
        known = read(scope.gather((case.items["enterprise"] or (ItemFacts(),))[0], case))
        assert measured_as(made, term).type == row.type
        assert called(made, term, case.on) == row.called
        assert told(made, term, known, case.on) == row.told

    check_each(ROWS, one, lambda row: f"{row.term} of {row.case}")


def test_of_an_excess_there_may_be_no_figure_is_told() -> None:
    shelf = served.shelf("haicheng-ecommerce-2024")

    def way(**enterprise: object) -> str:
        case = shelf.rules.parse({"on": "2025-04-20", "enterprise": enterprise})
        known = Known({}, case, shelf.rules.assess(case), frozenset(), frozenset())
        return next(one.way for one in explain_all(shelf, known) if one.claim.id == "shipping")

    label = "2024 年从本市发出的网络零售包裹"
    paid = "每件 0.2 元，最高 30 万元"
    assert way() == f"{label}超过 10 万件的部分 × {paid}"
    assert way(parcels={"2024": {"at_least": 5}}) == f"{label}超过 10 万件的部分 × {paid}"
    assert way(parcels={"2024": 300000}) == f"{label}比 10 万件多 20 万件 × {paid}"
    assert way(parcels={"2024": 90000}) == f"{label}比 10 万件少 1 万件，没有可以算的部分，最高 30 万元"
