"""The vocabulary: facts that policies share, whole but for the reason, which each pack gives."""

import json
from pathlib import Path

from knowledge.loading import load
from knowledge.policy import Fact
from knowledge.vocabulary import shared_facts, shared_mentions
from tests.knowledge.small_packs import sheet, write
from tests.table import check_each


def test_every_shared_fact_is_whole_but_for_the_reason() -> None:
    def check(ident: str) -> None:
        fact = Fact.model_validate(shared_facts()[ident])
        assert fact.id == ident
        assert fact.question
        assert fact.help
        assert not fact.why

    check_each(list(shared_facts()), check)


def test_the_vocabulary_holds_what_several_policies_ask() -> None:
    kinds = {ident: (fact["type"], "by_year" in fact, "never" in fact) for ident, fact in shared_facts().items()}
    assert kinds == {
        "enterprise.place_registered": ("place", False, False),
        "enterprise.founded": ("date", False, False),
        "enterprise.revenue": ("money", True, False),
        "enterprise.dishonest": ("bool", False, False),
        "enterprise.industrial": ("bool", False, False),
        "enterprise.industry_listed": ("date", False, True),
        "enterprise.ecommerce_business": ("bool", False, False),
        "enterprise.payment_licence": ("bool", False, False),
    }


def test_phrases_are_of_shared_facts() -> None:
    assert set(shared_mentions()) <= set(shared_facts())


def test_a_pack_has_the_phrases_of_the_shared_facts_that_it_takes_and_may_give_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "growth", sheet("growth"))
    own = {"fact": "enterprise.founded", "says": ["开张"]}
    (folder / "mentions.yaml").write_text(json.dumps({"facts": [own]}), "utf-8")
    spoken = {each.fact: each.says for each in load(folder).written_mentions.facts}
    taken = {fact.id for fact in load(folder).facts} & set(shared_mentions())
    assert taken > {"enterprise.founded"}
    assert set(spoken) == taken
    assert spoken["enterprise.founded"] == ("开张",)


def test_a_pack_may_add_to_the_phrases_of_a_shared_fact(tmp_path: Path) -> None:
    folder = write(tmp_path / "growth", sheet("growth"))
    more = {"fact": "enterprise.founded", "adds": True, "says": ["挂牌营业"]}
    (folder / "mentions.yaml").write_text(json.dumps({"facts": [more]}), "utf-8")
    (founded,) = (each for each in load(folder).written_mentions.facts if each.fact == "enterprise.founded")
    shared = shared_mentions()["enterprise.founded"]["says"]
    assert isinstance(shared, list)
    assert founded.says == (*shared, "挂牌营业")


def test_a_pack_takes_a_shared_fact_with_its_own_reason(tmp_path: Path) -> None:
    policy = load(write(tmp_path / "growth", sheet("growth")))
    founded = policy.fact("enterprise.founded")
    assert (founded.type, founded.why, founded.help) == ("date", "第二条看成立多久。", "看营业执照。")
    assert founded.question == shared_facts()["enterprise.founded"]["question"]
