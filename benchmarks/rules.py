"""How fast the rules are, beside openfisca-core doing the same rules in the same run.

    uv run --group bench python -m benchmarks.rules

Complete cases of one pilot, one park and one building, assessed in three ways: the same case again and again, a
consultation (from one case to the next a single fact changes), and cases of which no value was seen before; these also
with every reason read, which are made only then. openfisca-core computes the amounts of all programmes and the total,
without reasons, unknowns or ranges; its formulas below are written by hand in its own manner, and it gets its cases in
the fastest way it has (arrays ready made) and in the usual one (JSON). Before anything is timed, both must agree on
every case.
"""

# openfisca-core is in the bench group, which the checks do not install.
# pyright: reportMissingImports=false, reportUnknownParameterType=false, reportUnknownLambdaType=false
# pyright: reportUntypedBaseClass=false, reportArgumentType=false

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from knowledge.loading import load
from rules.assessment import Rulebook
from rules.case import Case, FactSpec, SubjectSpec
from rules.programme import ProgrammeRule, Provisions

YEAR = "2026"
ROUNDS = 5
Json = dict[str, Any]

ENTERPRISE = build_entity(key="enterprise", plural="enterprises", label="Enterprise", is_person=True)


LEVELS = ("national", "provincial", "municipal", "none")
INDUSTRIES = ("logistics", "finance", "forestry", "commerce")
STANDINGS = ("international_top10", "domestic_top3", "neither")


def choices(name: str, ids: Iterable[str]) -> Any:
    """A choice as openfisca has it."""
    return Enum(name, {ident: ident for ident in ids})


Level = choices("Level", LEVELS)
Industry = choices("Industry", INDUSTRIES)
Standing = choices("Standing", STANDINGS)


def fact(name: str, kind: Any = bool) -> type[Variable]:
    """An input of openfisca."""
    parts: Json = {"value_type": kind, "entity": ENTERPRISE, "definition_period": DateUnit.YEAR}
    if kind not in (bool, float):
        parts |= {"value_type": Enum, "possible_values": kind, "default_value": next(iter(kind))}
    return type(name, (Variable,), parts)


def amount(name: str, compute: Callable[..., Any]) -> type[Variable]:
    """An amount of openfisca; ``compute`` gets the enterprise and the period."""

    def formula(enterprise: Any, period: Any) -> Any:
        return compute(lambda variable: enterprise(variable, period))

    parts: Json = {"value_type": float, "entity": ENTERPRISE, "definition_period": DateUnit.YEAR, "formula": formula}
    return type(name, (Variable,), parts)


FACTS: dict[str, Any] = {
    **dict.fromkeys(
        [
            "registered_in_zhengzhou",
            "ecommerce_business",
            "headquarters_in_zhengzhou",
            "payment_licence",
            "agency_operator",
            "national_standard",
            "ecommerce_building_tenant",
            "pilots_selected",
            "pilots_national_pilot",
            "buildings_recognised",
        ],
        bool,
    ),
    **dict.fromkeys(
        [
            "digital_certificate_fee",
            "agency_service_fee",
            "agency_years_supported",
            "training_fee",
            "pilots_total_investment",
            "pilots_national_funding",
            "buildings_area",
            "buildings_occupancy",
            "buildings_years_operating",
        ],
        float,
    ),
    "demonstration_level": Level,
    "parks_level": Level,
    "industry_standing": Standing,
    "pilots_industry": Industry,
}

AMOUNTS: dict[str, Callable[[Callable[[str], Any]], Any]] = {
    "demonstration_enterprise": lambda of: (
        of("registered_in_zhengzhou")
        * (
            1_000_000 * (of("demonstration_level") == Level.national)
            + 600_000 * (of("demonstration_level") == Level.provincial)
        )
    ),
    "leading_headquarters": lambda of: (
        of("ecommerce_business") * (of("industry_standing") != Standing.neither) * of("headquarters_in_zhengzhou") * 0.0
    ),
    "pilot_project": lambda of: (
        of("pilots_selected")
        * (of("pilots_total_investment") >= 10_000_000)
        * np.isin(of("pilots_industry"), [industry.index for industry in Industry])
        * np.minimum(of("pilots_total_investment") * 0.1, 3_000_000)
    ),
    "national_pilot_matching": lambda of: of("pilots_national_pilot") * of("pilots_national_funding"),
    "digital_certificate": lambda of: (
        of("ecommerce_business") * (of("digital_certificate_fee") > 0) * of("digital_certificate_fee") * 0.5
    ),
    "payment_platform": lambda of: of("payment_licence") * of("headquarters_in_zhengzhou") * 2_000_000,
    "agency_operations": lambda of: (
        of("agency_operator")
        * of("registered_in_zhengzhou")
        * (of("agency_service_fee") >= 1_000_000)
        * (of("agency_years_supported") < 3)
        * np.minimum(of("agency_service_fee") * 0.1, 1_000_000)
    ),
    "national_standard_support": lambda of: of("national_standard") * 400_000,
    "demonstration_park": lambda of: (
        1_000_000 * (of("parks_level") == Level.national)
        + 600_000 * (of("parks_level") == Level.provincial)
        + 300_000 * (of("parks_level") == Level.municipal)
    ),
    "demonstration_building": lambda of: (
        (of("buildings_area") > 10_000)
        * (of("buildings_occupancy") > 0.5)
        * (of("buildings_years_operating") >= 1)
        * of("buildings_recognised")
        * 1_000_000
    ),
    "building_rent": lambda of: of("ecommerce_business") * of("ecommerce_building_tenant") * 0.0,
    "training": lambda of: (
        of("ecommerce_business") * (of("training_fee") > 0) * np.minimum(of("training_fee") * 0.3, 50_000)
    ),
}


def total(of: Callable[[str], Any]) -> Any:
    """The sum, the pilot's two claims being one project."""
    alone = [name for name in AMOUNTS if name not in {"pilot_project", "national_pilot_matching"}]
    return sum(of(name) for name in alone) + np.maximum(of("pilot_project"), of("national_pilot_matching"))


def peer() -> TaxBenefitSystem:
    """The rules as openfisca has them."""
    system = TaxBenefitSystem([ENTERPRISE])
    for name, kind in FACTS.items():
        system.add_variable(fact(name, kind))
    for name, compute in {**AMOUNTS, "total": total}.items():
        system.add_variable(amount(name, compute))
    return system


def flat(data: Json) -> Json:
    """The facts of the case by openfisca's names."""
    facts = dict(data["enterprise"])
    for subject in ("pilots", "parks", "buildings"):
        facts |= {f"{subject}_{name}": value for name, value in data[subject][0].items()}
    return facts


def arrays(data: Json) -> Json:
    """The case as openfisca computes with it: one array a fact."""
    return {
        name: np.array([FACTS[name][value].index if isinstance(value, str) else value])
        for name, value in flat(data).items()
    }


def situation(data: Json) -> Json:
    """The case as JSON for openfisca."""
    return {"enterprises": {"it": {name: {YEAR: value} for name, value in flat(data).items()}}}


def peer_totals(system: TaxBenefitSystem, facts: Json) -> Any:
    """The totals of cases given as arrays; on the way to them every amount is computed."""
    simulation = SimulationBuilder().build_default_simulation(system, count=len(next(iter(facts.values()))))
    for name, array in facts.items():
        simulation.set_input(name, YEAR, array)
    return simulation.calculate("total", YEAR)


def peer_total(system: TaxBenefitSystem, facts: Json) -> float:
    """The total of a case given as arrays of one."""
    return float(peer_totals(system, facts)[0])


def peer_total_of_json(system: TaxBenefitSystem, data: Json) -> float:
    """The total of a case given as JSON."""
    return float(SimulationBuilder().build_from_dict(system, data).calculate("total", YEAR)[0])


def random_case(random: Random) -> Json:
    """Complete, one item a list, whole figures all over the range that matters."""

    def yes() -> bool:
        return random.random() < 0.7

    return {
        "enterprise": {
            "registered_in_zhengzhou": yes(),
            "ecommerce_business": yes(),
            "demonstration_level": random.choice(["national", "provincial", "none"]),
            "industry_standing": random.choice(STANDINGS),
            "headquarters_in_zhengzhou": yes(),
            "digital_certificate_fee": random.randrange(0, 100_000, 2),
            "payment_licence": yes(),
            "agency_operator": yes(),
            "agency_service_fee": random.randrange(500_000, 12_000_000, 10),
            "agency_years_supported": random.randrange(4),
            "national_standard": yes(),
            "ecommerce_building_tenant": yes(),
            "training_fee": random.randrange(0, 300_000, 10),
        },
        "pilots": [
            {
                "industry": random.choice(INDUSTRIES),
                "selected": yes(),
                "total_investment": random.randrange(8_000_000, 40_000_000, 10),
                "national_pilot": yes(),
                "national_funding": random.randrange(0, 4_000_000),
            }
        ],
        "parks": [{"level": random.choice(LEVELS)}],
        "buildings": [
            {
                "area": random.randrange(8_000, 30_000),
                "occupancy": random.randrange(40, 90) / 100,
                "years_operating": random.randrange(4),
                "recognised": yes(),
            }
        ],
        "same_project": [],
    }


def consultation(random: Random, length: int) -> Iterator[Json]:
    """Cases of which each is the one before with a single fact changed."""
    data = random_case(random)
    for _ in range(length):
        other = random_case(random)
        data = deepcopy(data)
        name = random.choice(list(data["enterprise"]))
        data["enterprise"][name] = other["enterprise"][name]
        yield data


def seconds(work: Callable[[Any], object], cases: Iterable[Any]) -> float:
    """The seconds that ``work`` takes a case, over all ``cases`` once."""
    cases = list(cases)
    gc.collect()
    start = time.perf_counter()
    for case in cases:
        work(case)
    return (time.perf_counter() - start) / len(cases)


def library(size: int, limited: bool) -> Rulebook:
    """So many programmes, each on two facts of its own."""
    facts: list[FactSpec] = []
    programmes: list[ProgrammeRule] = []
    for number in range(size):
        runs, cost = f"enterprise.runs{number}", f"enterprise.cost{number}"
        facts += [FactSpec(runs, "bool"), FactSpec(cost, "money")]
        amount = {"kind": "share", "of": cost, "rate": 0.1, "cap": 50}
        conditions = [{"kind": "holds", "fact": runs}, {"kind": "at_least", "fact": cost, "value": 100}]
        programmes.append(programme(f"p{number}", "enterprise", conditions, amount))
    limits: list[Json] = []
    if limited:
        limits += [{"kind": "highest", "of": [f"p{at}", f"p{at + 1}"]} for at in range(0, size - 1, 2)]
        limits.append({"kind": "cap", "of": [f"p{at}" for at in range(size)], "amount": 1000})
    provisions = Provisions.model_validate({"limits": limits})
    return Rulebook([SubjectSpec("enterprise")], facts, programmes, provisions)


def programme(ident: str, subject: str, conditions: list[Json], amount: Json) -> ProgrammeRule:
    fields = {"id": ident, "clause": "1", "quote": "", "subject": subject, "conditions": conditions, "amount": amount}
    return ProgrammeRule.model_validate(fields)


def one_fact_after_another(book: Rulebook, size: int) -> list[Case]:
    """Cases of a library in which one figure changes, each time another one."""
    known: Json = {f"runs{number}": True for number in range(size)}
    known |= {f"cost{number}": 1000 + number for number in range(size)}
    cases: list[Case] = []
    for number in range(200):
        known = known | {f"cost{number % size}": 5000 + number}
        cases.append(book.parse({"enterprise": known}))
    return cases


def things() -> Rulebook:
    """A programme for each thing, with a limit on each and on all, and a sum over all of them."""
    share = {"kind": "share", "of": "things.cost", "rate": 0.1}
    summed = {"kind": "share", "of": {"total": "things.cost"}, "rate": 0.01}
    limits = [
        {"kind": "highest", "per": "item", "of": ["one", "other"]},
        {"kind": "cap", "of": ["one"], "amount": 1000},
    ]
    return Rulebook(
        [SubjectSpec("enterprise"), SubjectSpec("things", many=True)],
        [FactSpec("things.cost", "money")],
        [
            programme("one", "things", [], share),
            programme("other", "things", [], {**share, "rate": {"from": 0.05, "to": 0.2}}),
            programme("all", "enterprise", [], summed),
        ],
        Provisions.model_validate({"limits": limits}),
    )


def show_libraries() -> None:
    for limited in (False, True):
        print("\none fact changed in a library" + (", under limits" if limited else ""))
        for size in (1, 10, 100, 300):
            took = min(
                seconds(book.assess, one_fact_after_another(book, size)) for book in [library(size, limited)] * 3
            )
            print(f"  {size:4} programmes{took * 1e6:18.1f} µs")
    print("\na list under limits that cross, every value new")
    for size in (3, 30, 300, 2000):
        book, random = things(), Random(size)
        batch = [book.parse({"things": [{"cost": random.randrange(10**6)} for _ in range(size)]}) for _ in range(3)]
        print(f"  {size:4} things    {seconds(book.assess, batch) * 1e6:18.1f} µs")


def main() -> None:
    policy = load()
    book = Rulebook(
        [subject.spec for subject in policy.subjects],
        [fact.spec for fact in policy.facts],
        policy.programmes,
        policy,
    )
    system = peer()
    random = Random(237)
    for data in (random_case(random) for _ in range(300)):
        ours = book.assess(book.parse(data)).total
        for theirs in (peer_total(system, arrays(data)), peer_total_of_json(system, situation(data))):
            if ours.min != ours.max or abs(float(ours.min) - theirs) > 1:
                raise SystemExit(f"the two disagree on {data}: {ours} and {theirs}")

    def fresh(count: int) -> list[Json]:
        return [random_case(random) for _ in range(count)]

    def parsed(cases: Iterable[Json]) -> list[Case]:
        return [book.parse(case) for case in cases]

    def explained(case: Case) -> int:
        return sum(reason.satisfied is None for claim in book.assess(case).claims for reason in claim.reasons)

    def best(work: Callable[[Any], object], batch: Callable[[], list[Any]]) -> float:
        """The best of several batches: what disturbs on a busy machine only ever adds."""
        return min(seconds(work, batch()) for _ in range(ROUNDS))

    case_peer = best(lambda facts: peer_total(system, facts), lambda: [arrays(data) for data in fresh(200)])
    json_peer = best(lambda data: peer_total_of_json(system, data), lambda: [situation(data) for data in fresh(200)])
    rows = [
        ("a case in memory: openfisca-core", case_peer, case_peer),
        ("  every value new", best(book.assess, lambda: parsed(fresh(2000))), case_peer),
        ("    and every reason read", best(explained, lambda: parsed(fresh(2000))), case_peer),
        ("  one fact changed", best(book.assess, lambda: parsed(consultation(random, 2000))), case_peer),
        ("  the same case", best(book.assess, lambda: parsed(fresh(1)) * 2000), case_peer),
        ("from JSON: openfisca-core", json_peer, json_peer),
        ("  every value new", best(lambda data: book.assess(book.parse(data)), lambda: fresh(2000)), json_peer),
    ]
    reasons = sum(len(claim.reasons) for claim in book.assess(book.parse(random_case(random))).claims)
    print(f"{len(policy.programmes)} programmes, {reasons} reasons a case (none by the peer); best of {ROUNDS} batches")
    print(f"{'':34}{'µs a case':>10}{'cases/s':>10}{'× peer':>9}")
    for name, took, peer_took in rows:
        print(f"{name:34}{took * 1e6:10.1f}{1 / took:10.0f}{peer_took / took:9.1f}")
    show_libraries()


if __name__ == "__main__":
    main()
