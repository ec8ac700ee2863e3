"""Several policies as one: each keeps its own rules and words, what they share stands there once."""

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from pydantic import JsonValue

from conversations.state.shelf import Shelf
from knowledge.joined import joined
from knowledge.loading import load
from knowledge.policy import Fact, Policy, owner
from rules.assessment import Assessment
from tests import served
from tests.chance import draws
from tests.knowledge.small_packs import sheet, write

PACKS = ("haicheng-ecommerce-2024", "haicheng-industry-2023", "zhengzhou-2013-237")


@cache
def alone() -> tuple[Policy, ...]:
    return tuple(map(served.policy, PACKS))


@cache
def together() -> Policy:
    return joined(alone())


def some_value(fact: Fact, chance: random.Random) -> JsonValue:
    """A value that the fact may have."""
    match fact.type:
        case "bool":
            return chance.random() < 0.7
        case "choice":
            return chance.choice(fact.choices).id
        case "date":
            day = f"20{chance.randint(20, 25)}-0{chance.randint(1, 9)}-15"
            return "never" if fact.never and chance.random() < 0.2 else day
        case "place":
            return chance.choice(["410100", "990600", "310101"])
        case "text":
            return "甲"
        case "ratio":
            return chance.choice([0.1, 0.5, 0.9])
        case _:
            least, most = fact.spec.limits
            figure = chance.choice([0, 1, 3, 40, 12_000, 600_000, 30_000_000, 4_000_000_000])
            figure = min(max(figure, int(least)), int(most))
            return {"at_least": figure} if chance.random() < 0.2 else figure


def some_cases(policy: Policy, shared: dict[str, JsonValue], chance: random.Random) -> dict[str, JsonValue]:
    """A case of one policy; what others share is as they have it, and is told them."""
    case: dict[str, JsonValue] = {"on": "2025-04-20"}
    for subject in policy.subjects:
        facts = [fact for fact in policy.facts if fact.subject == subject.id and fact.derive is None]
        items: list[JsonValue] = []
        for _ in range(chance.randint(0, 2) if subject.many else 1):
            item: dict[str, JsonValue] = {}
            for fact in facts:
                if chance.random() < 0.75:
                    value = some_value(fact, chance)
                    item[fact.name] = {"2023": value, "2024": some_value(fact, chance)} if fact.by_year else value
            items.append(item)
        if subject.many:
            case[subject.id] = items
            continue
        own = items[0]
        assert isinstance(own, dict)
        for fact in facts:
            if is_shared(fact) and fact.name in shared:
                own[fact.name] = shared[fact.name]
            elif is_shared(fact):
                own.pop(fact.name, None)
        case[subject.id] = own
    return case


def is_shared(fact: Fact) -> bool:
    return any(each.id == fact.id for each in together().facts)


def whole(cases: Mapping[str, Mapping[str, JsonValue]], shared: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The cases of several policies as one of all."""
    found: dict[str, JsonValue] = {"on": "2025-04-20", "enterprise": dict(shared)}
    for ident, case in cases.items():
        for subject, value in case.items():
            if isinstance(value, dict):
                found[f"{ident}/{subject}"] = {name: each for name, each in value.items() if name not in shared}
            elif subject != "on":
                found[f"{ident}/{subject}"] = value
    return found


def told(assessment: Assessment, of: str | None) -> list[tuple[object, ...]]:
    """What an assessment says of the claims of a policy, under the names that it has alone."""
    prefix = "" if of is None else f"{of}/"
    return [
        (
            claim.id.removeprefix(prefix),
            claim.status,
            claim.award,
            claim.payout,
            claim.call,
            (claim.superseded_by or "").removeprefix(prefix),
            [path.removeprefix(prefix) for path in claim.missing],
            [finding.satisfied for finding in claim.reasons],
        )
        for claim in assessment.claims
    ]


@pytest.mark.exhaustive
def test_each_policy_says_the_same_as_alone() -> None:
    chance = random.Random(237)
    every = Shelf(together()).rules
    shelves = {policy.id: Shelf(policy).rules for policy in alone()}
    for _ in range(draws(300)):
        shared: dict[str, JsonValue] = {
            fact.name: {"2023": some_value(fact, chance), "2024": some_value(fact, chance)}
            if fact.by_year
            else some_value(fact, chance)
            for fact in together().facts
            if owner(fact.id) is None and fact.derive is None and chance.random() < 0.8
        }
        cases = {policy.id: some_cases(policy, shared, chance) for policy in alone()}
        found = every.assess(every.parse(whole(cases, shared)))
        for ident, rules in shelves.items():
            single = rules.assess(rules.parse(cases[ident]))
            part = found.parts[ident]
            assert told(part, ident) == told(single, None)
            assert (part.total, part.payable, part.in_force) == (single.total, single.payable, single.in_force)
        assert [claim.id for claim in found.claims] == [c.id for part in found.parts.values() for c in part.claims]


def test_what_is_shared_stands_there_once_and_says_why_for_each() -> None:
    revenue = [fact for fact in together().facts if fact.id.endswith("enterprise.revenue")]
    assert [fact.id for fact in revenue] == ["enterprise.revenue"]
    first, second, _ = alone()
    assert all(each.name in revenue[0].why for each in (first, second))
    ids = [fact.id for fact in together().facts]
    assert len(ids) == len({*ids})


def test_each_paper_stands_there_once() -> None:
    papers = [(paper.name, paper.note) for paper in together().evidence]
    assert len(papers) == len({*papers})
    for policy in alone():
        for programme in policy.programmes:
            names = {paper.name for paper in policy.materials(programme.id)}
            assert {paper.name for paper in together().materials(f"{policy.id}/{programme.id}")} == names


def test_one_policy_alone_is_itself() -> None:
    assert joined(alone()[:1]) is alone()[0]


def test_a_clause_is_cited_with_its_document() -> None:
    first = alone()[0]
    clause = next(each for each in first.clauses if each.citation)
    assert together().clause(f"{first.id}/{clause.id}").citation == f"{first.name} {clause.citation}"


def test_a_question_is_answered_by_the_document_that_it_is_about() -> None:
    search = Shelf(together()).search
    wrong: list[str] = []
    for policy in alone():
        for clause in policy.programmes:
            for question in policy.questions.answered.get(clause.clause, ())[:2]:
                hits = search.find(question).hits
                if not any(owner(hit.clause) == policy.id for hit in hits):
                    wrong.append(question)
    assert len(wrong) <= 3, wrong


def test_the_places_that_packs_name_are_those_of_the_shared_fact(tmp_path: Path) -> None:
    plain = sheet("plain")
    facts = [*plain["facts"], {"use": "enterprise.place_registered", "why": "要看。"}]
    named = {"one": {"code": "990700", "name": "临澍市"}, "two": {"code": "990800", "name": "清原市"}}
    policies = [
        load(write(tmp_path / ident, {**plain, "facts": facts, "policy": {"places": [place]}}))
        for ident, place in named.items()
    ]
    for those, labels in ((policies, ["临澍市", "清原市"]), (policies[:1], ["临澍市"])):
        fact = joined(those).fact("enterprise.place_registered")
        assert [choice.label for choice in fact.choices] == labels
