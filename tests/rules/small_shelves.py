"""Small shelves by chance: two to four small sheets that share some facts, and cases of all of them together.

A sheet of a shelf may have ``across``; a shared fact that nothing in a sheet names may be missing from it."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from rules.assessment import Rulebook
from rules.shelf_case import Member, ShelfCases
from tests.rules import small_policies
from tests.rules.completions import completed
from tests.rules.second_opinion_shelf import apart
from tests.rules.small_sheets import Json
from tests.rules.support_format import fact_spec, rulebook, subject_specs

SHARED = frozenset(
    ["enterprise.money", "enterprise.revenue", "enterprise.flag", "enterprise.place", "things.money", "things.flag"]
)
OWN_LIST = "people"
SHARED_LIST = "things"


class SmallShelf:
    """Sheets by the ids of their policies, with the engine of each."""

    def __init__(self, random: Random) -> None:
        count = random.choice([2, 2, 2, 3, 4])
        self.sheets: dict[str, Json] = {f"policy-{number}": _sheet(random) for number in range(count)}
        self.books: dict[str, Rulebook] = {policy: rulebook(sheet) for policy, sheet in self.sheets.items()}
        members = [
            Member(policy, subject_specs(sheet), [fact_spec(*fact) for fact in sheet["facts"].items()], SHARED)
            for policy, sheet in self.sheets.items()
        ]
        self.cases = ShelfCases(members)

    def usable(self) -> set[str]:
        """The shared facts that some sheet has."""
        return {ident for sheet in self.sheets.values() for ident in sheet["facts"]} & SHARED

    def claims(self, case: Json) -> dict[str, list[str]]:
        """The ids of the claims of each policy."""
        plain = apart(self.sheets, case, SHARED)
        return {policy: _claims(sheet, plain[policy]) for policy, sheet in self.sheets.items()}


def _claims(sheet: Json, case: Mapping[str, Any]) -> list[str]:
    """The ids of the claims of a sheet: one for each thing of a list of which some are known."""
    items = [(one["id"], case.get(one["subject"])) for one in sheet["programmes"]]
    return [
        name
        for ident, known in items
        for name in (
            [f"{ident}:{place}" for place in range(len(known))] if known and isinstance(known, list) else [ident]
        )
    ]


def _sheet(random: Random) -> Json:
    """A small sheet, often one that pays something: without conditions, limits, a last day."""
    sheet: Json = {**small_policies.sheet(random), "across": random.random() < 0.5}
    if random.random() < 0.7:
        sheet["policy"] = {key: one for key, one in sheet["policy"].items() if random.random() < 0.3}
        kept = [{**one, "conditions": []} if random.random() < 0.6 else one for one in sheet["programmes"]]
        sheet["programmes"] = kept
    named = json.dumps([sheet["programmes"], sheet["policy"]], default=str)
    derived = json.dumps([one for one in sheet["facts"].values() if isinstance(one, dict)])
    needless = {ident for ident in sorted(SHARED) if ident not in named + derived and random.random() < 0.7}
    return {**sheet, "facts": {ident: one for ident, one in sheet["facts"].items() if ident not in needless}}


def case(random: Random, shelf: SmallShelf) -> Json:
    """A case of a shelf, with or without a word on what is one matter."""
    complete = random.random() < 0.5
    found = _top(shelf, small_policies.case(random, complete))
    for policy, sheet in shelf.sheets.items():
        own = small_policies.case(random, complete)
        things = [*(own.get(SHARED_LIST) or []), {}, {}, {}]
        if found.get(SHARED_LIST) is not None and random.random() < 0.7:
            own[SHARED_LIST] = things[: len(found[SHARED_LIST])]
        else:
            own.pop(SHARED_LIST, None)
        found[policy] = _own(small_policies.same_project(random, sheet, {**found, **own}))
    return same_matter(random, shelf, found)


def same_matter(random: Random, shelf: SmallShelf, case: Json) -> Json:
    """The case with, now and then, what is said of claims that are one matter."""
    drawn = random.random()
    if drawn < 0.3:
        return case
    if drawn < 0.4:
        return {**case, "same_matter": []}
    left = {policy: random.sample(claims, len(claims)) for policy, claims in shelf.claims(case).items()}
    groups: list[list[str]] = []
    for _ in range(random.randint(1, 3)):
        among = [policy for policy in left if left[policy]]
        some = random.sample(among, min(len(among), random.choice([1, 2, 2, 3])))
        groups.append([f"{policy}/{left[policy].pop()}" for policy in some])
    return {**case, "same_matter": groups}


def learnt(random: Random, shelf: SmallShelf, case: Json, share: float) -> Json:
    """More of what the case leaves open; of a list of which nothing was known one thing, or none."""
    top = {key: case[key] for key in ("on", "enterprise", SHARED_LIST) if key in case}
    found = _top(shelf, completed(random, top, share, most=1, never=False))
    for policy in shelf.sheets:
        own = dict(case[policy])
        if found.get(SHARED_LIST) is not None:
            own.setdefault(SHARED_LIST, [{} for _ in found[SHARED_LIST]])
        more = completed(random, own, share, most=1, never=False)
        if found.get(SHARED_LIST) is None:
            more.pop(SHARED_LIST, None)
        found[policy] = _own({**more, "same_project": own.get("same_project")})
    claims = shelf.claims({**found, **{policy: {**found[policy], "same_project": None} for policy in shelf.sheets}})
    for policy in shelf.sheets:
        groups = found[policy]["same_project"]
        if groups is not None:
            found[policy]["same_project"] = [[_now(name, claims[policy]) for name in group] for group in groups]
    if case.get("same_matter") is None:
        return same_matter(random, shelf, found) if random.random() < share else found
    named = [f"{policy}/{claim}" for policy, idents in claims.items() for claim in idents]
    return {**found, "same_matter": [[_now(name, named) for name in group] for group in case["same_matter"]]}


def _now(name: str, claims: list[str]) -> str:
    """A claim by its present name: it has an index once its list is known."""
    return name if name in claims else f"{name}:0"


def _top(shelf: SmallShelf, case: Json) -> Json:
    usable = shelf.usable()
    found: Json = {"on": case["on"]} if "on" in case else {}
    found["enterprise"] = _only("enterprise", case["enterprise"], usable)
    if case.get(SHARED_LIST) is not None and any(ident.startswith(SHARED_LIST) for ident in usable):
        found[SHARED_LIST] = [_only(SHARED_LIST, item, usable) for item in case[SHARED_LIST]]
    return found


def _own(case: Json) -> Json:
    found: Json = {"enterprise": _without("enterprise", case["enterprise"]), "same_project": case.get("same_project")}
    for subject in (OWN_LIST, SHARED_LIST):
        if case.get(subject) is not None:
            found[subject] = [_without(subject, item) for item in case[subject]]
    return found


def _only(subject: str, item: Json, names: set[str]) -> Json:
    return {name: value for name, value in item.items() if f"{subject}.{name}" in names}


def _without(subject: str, item: Json) -> Json:
    return {name: value for name, value in item.items() if f"{subject}.{name}" not in SHARED}
