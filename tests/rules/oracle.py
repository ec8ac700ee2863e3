"""A second, slow implementation of the rules, to compare the engine with: it knows nothing but complete cases.

The programmes are written down once more as plain Python, two-valued. What is not known is filled in with every value
that could matter, and the claim is what all those completions have in common. Nothing of ``rules`` is used here but
the figures at which something may change.
"""

# pyright: reportUnknownLambdaType=false

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from rules.case import FactSpec
from tests.rules.strategies import figures
from tests.rules.support import Json, Rules

EPSILON = Decimal("1E-9")
ENDLESS = Decimal(10) ** 17
Known = dict[str, Any]


@dataclass(frozen=True)
class Programme:
    """``holds`` and ``pays`` of the facts named ``facts``; ``office``: where it holds only if the office agrees."""

    subject: str
    facts: tuple[str, ...]
    holds: Callable[..., bool]
    pays: Callable[..., Any] | None
    office: Callable[..., bool] = lambda *_: False
    years: Callable[..., Any] = lambda *_: None


@dataclass(frozen=True)
class Verdict:
    status: str
    amount: tuple[Decimal, Decimal | None] | None
    years_left: int | None
    missing: frozenset[str]


def capped(base: Any, rate: str, cap: int) -> Decimal:
    return min(base * Decimal(rate), Decimal(cap))


HARBOUR = {
    "award": Programme(
        "firm",
        ("firm.local", "firm.grade"),
        lambda local, grade: local and grade in {"gold", "silver"},
        lambda _, grade: Decimal({"gold": 100, "silver": 60}[grade]),
    ),
    "welcome": Programme("firm", ("firm.large",), lambda large: large, None),
    "building": Programme(
        "ships",
        ("ships.listed", "ships.cost", "ships.kind"),
        lambda listed, cost, kind: listed and cost >= 1000,
        lambda listed, cost, kind: capped(cost, "0.1", 300),
        office=lambda listed, cost, kind: kind == "other",
    ),
    "matching": Programme(
        "ships", ("ships.royal", "ships.grant"), lambda royal, grant: royal, lambda royal, grant: grant
    ),
    "support": Programme(
        "firm",
        ("firm.local", "firm.fee", "firm.years_paid"),
        lambda local, fee, years: local and fee >= 100 and years < 3,
        lambda local, fee, years: capped(fee, "0.1", 100),
        years=lambda local, fee, years: 3 - years,
    ),
    "training": Programme("firm", ("firm.training",), lambda fee: fee > 0, lambda fee: capped(fee, "0.3", 5)),
    "refuge": Programme(
        "firm",
        ("firm.large", "firm.foreign_share", "firm.crew", "firm.grade"),
        lambda large, foreign, crew, grade: large or (foreign <= Decimal("0.5") and crew >= 10 and grade != "none"),
        lambda *_: Decimal(40),
    ),
    "dock": Programme(
        "yards",
        ("firm.local", "yards.area", "yards.use", "yards.age"),
        lambda local, area, use, age: local and area > 10000 and use > Decimal("0.5") and age >= 1,
        lambda *_: Decimal(100),
    ),
    "standing": Programme(
        "yards",
        ("yards.level",),
        lambda level: level in {"upper", "lower"},
        lambda level: Decimal({"upper": 80, "lower": 30}[level]),
    ),
}

E_ = "enterprise."
ZHENGZHOU = {
    "demonstration-enterprise": Programme(
        "enterprise",
        (E_ + "registered_in_zhengzhou", E_ + "demonstration_level"),
        lambda local, level: local and level in {"national", "provincial"},
        lambda _, level: Decimal({"national": 1_000_000, "provincial": 600_000}[level]),
    ),
    "leading-headquarters": Programme(
        "enterprise",
        (E_ + "ecommerce_business", E_ + "industry_standing", E_ + "headquarters_in_zhengzhou"),
        lambda trade, standing, seat: trade and standing != "neither" and seat,
        None,
    ),
    "pilot-project": Programme(
        "pilots",
        ("pilots.selected", "pilots.total_investment", "pilots.industry"),
        lambda selected, investment, industry: selected and investment >= 10_000_000,
        lambda selected, investment, industry: capped(investment, "0.1", 3_000_000),
        office=lambda selected, investment, industry: industry == "other",
    ),
    "national-pilot-matching": Programme(
        "pilots",
        ("pilots.national_pilot", "pilots.national_funding"),
        lambda national, funding: national,
        lambda national, funding: funding,
    ),
    "digital-certificate": Programme(
        "enterprise",
        (E_ + "ecommerce_business", E_ + "digital_certificate_fee"),
        lambda trade, fee: trade and fee > 0,
        lambda trade, fee: fee / 2,
    ),
    "payment-platform": Programme(
        "enterprise",
        (E_ + "payment_licence", E_ + "headquarters_in_zhengzhou"),
        lambda licence, seat: licence and seat,
        lambda *_: Decimal(2_000_000),
    ),
    "agency-operations": Programme(
        "enterprise",
        (
            E_ + "agency_operator",
            E_ + "registered_in_zhengzhou",
            E_ + "agency_service_fee",
            E_ + "agency_years_supported",
        ),
        lambda agency, local, fee, years: agency and local and fee >= 1_000_000 and years < 3,
        lambda agency, local, fee, years: capped(fee, "0.1", 1_000_000),
        years=lambda agency, local, fee, years: 3 - years,
    ),
    "national-standard": Programme(
        "enterprise", (E_ + "national_standard",), lambda standard: standard, lambda *_: Decimal(400_000)
    ),
    "demonstration-park": Programme(
        "parks",
        ("parks.level",),
        lambda level: level != "none",
        lambda level: Decimal({"national": 1_000_000, "provincial": 600_000, "municipal": 300_000}[level]),
    ),
    "demonstration-building": Programme(
        "buildings",
        ("buildings.area", "buildings.occupancy", "buildings.years_operating", "buildings.recognised"),
        lambda area, let, years, recognised: area > 10_000 and let > Decimal("0.5") and years >= 1 and recognised,
        lambda *_: Decimal(1_000_000),
    ),
    "building-rent": Programme(
        "enterprise",
        (E_ + "ecommerce_business", E_ + "ecommerce_building_tenant"),
        lambda trade, tenant: trade and tenant,
        None,
    ),
    "training": Programme(
        "enterprise",
        (E_ + "ecommerce_business", E_ + "training_fee"),
        lambda trade, fee: trade and fee > 0,
        lambda trade, fee: capped(fee, "0.3", 50_000),
    ),
}


def verdicts(rules: Rules, programmes: dict[str, Programme], data: Json) -> dict[str, Verdict]:
    """What the completions of ``data`` have in common, by claim id, in the order of the programmes."""
    specs = {fact.id: fact for fact in rules.facts}
    single = {subject.id for subject in rules.subjects if not subject.many}
    found: dict[str, Verdict] = {}
    for ident, programme in programmes.items():
        single_items = {name: data.get(name) or {} for name in single}
        items = [single_items[programme.subject]] if programme.subject in single else data.get(programme.subject)
        nothing = None if programme.pays is None else (Decimal(0), Decimal(0))
        if items is None:
            verdict = _verdict(rules, programme, specs, {**single_items, programme.subject: {}}, programme.subject)
            missing = frozenset({path for path in verdict.missing if path.partition(".")[0] in single})
            if verdict.status == "ineligible":
                found[ident] = verdict
            else:
                most = verdict.amount and (Decimal(0), verdict.amount[1])
                found[ident] = Verdict("undetermined", most, None, missing | {programme.subject})
        elif not items:
            found[ident] = Verdict("ineligible", nothing, None, frozenset())
        else:
            for index, item in enumerate(items):
                listed = programme.subject not in single
                prefix = f"{programme.subject}.{index}" if listed else programme.subject
                known = {**single_items, programme.subject: item}
                name = f"{ident}:{index}" if listed else ident
                found[name] = _verdict(rules, programme, specs, known, prefix)
    return found


def _verdict(
    rules: Rules, programme: Programme, specs: dict[str, FactSpec], known: dict[str, Known], prefix: str
) -> Verdict:
    possible = [
        list(_possible(rules, specs[fact], known[specs[fact].subject].get(specs[fact].name)))
        for fact in programme.facts
    ]
    outcomes: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for values in product(*possible):
        holds = programme.holds(*values)
        sure = not (holds and programme.office(*values))
        pays = programme.pays(*values).quantize(Decimal("0.000001")) if holds and programme.pays else Decimal(0)
        outcomes[values] = (bool(holds), sure, pays, programme.years(*values) if holds else None)
    held = [outcome for outcome in outcomes.values() if outcome[0]]
    if not held:
        return Verdict("ineligible", None if programme.pays is None else (Decimal(0), Decimal(0)), None, frozenset())
    eligible = len(held) == len(outcomes) and all(outcome[1] for outcome in held)
    most = max(outcome[2] for outcome in held)
    amount = (min(outcome[2] for outcome in held) if eligible else Decimal(0), None if most >= ENDLESS else most)
    years = {programme.years(*values) for values in outcomes}
    missing = {
        specs[fact].id.replace(specs[fact].subject, prefix, 1) if specs[fact].subject == programme.subject else fact
        for place, fact in enumerate(programme.facts)
        if _matters(outcomes, possible, place)
    }
    return Verdict(
        "eligible" if eligible else "undetermined",
        None if programme.pays is None else amount,
        years.pop() if len(years) == 1 else None,
        frozenset(missing),
    )


def _matters(outcomes: dict[tuple[Any, ...], tuple[Any, ...]], possible: list[list[Any]], place: int) -> bool:
    """Whether there are two completions, different in this fact alone, that come out differently."""
    for values, outcome in outcomes.items():
        first = (*values[:place], possible[place][0], *values[place + 1 :])
        if outcome != outcomes[first]:
            return True
    return False


def _possible(rules: Rules, fact: FactSpec, raw: Any) -> Iterator[Any]:
    """Every value that could matter of a fact of which ``raw`` is known."""
    if raw is not None and not isinstance(raw, dict):
        yield Decimal(str(raw)) if fact.numeric else raw
    elif fact.type == "bool":
        yield from (True, False)
    elif fact.type == "choice":
        yield from fact.choices
    else:
        ends = {key: Decimal(str(end)) for key, end in (raw or {}).items()}
        step = Decimal(1) if fact.type == "int" else EPSILON
        least, largest = fact.limits
        least = max(least, ends.get("at_least", least), ends.get("more_than", least - step) + step)
        largest = min(largest, ends.get("at_most", largest), ends.get("less_than", largest + step) - step)
        nearby = {figure + shift for figure in figures(rules, fact) for shift in (-step, 0, step)}
        yield from sorted({least, largest} | {figure for figure in nearby if least < figure < largest})


def partitions(things: list[str]) -> Iterator[list[list[str]]]:
    """Every way to sort ``things`` into groups."""
    if not things:
        yield []
        return
    first, *rest = things
    for groups in partitions(rest):
        yield [[first], *groups]
        for place, group in enumerate(groups):
            yield [*groups[:place], [first, *group], *groups[place + 1 :]]


def total(amounts: dict[str, tuple[Decimal, Decimal | None] | None], links: list[list[str]]) -> tuple[Decimal, Any]:
    """The sum over projects, where claims that ``links`` connect, however indirectly, are one project."""
    least, most = Decimal(0), Decimal(0)
    left = {ident for ident, amount in amounts.items() if amount}
    while left:
        project = {left.pop()}
        while more := {ident for link in links if project & set(link) for ident in link} - project:
            project |= more
        left -= project
        figures = [amount for ident in project if (amount := amounts.get(ident))]
        least += max(low for low, _ in figures)
        most += max(Decimal("Infinity") if high is None else high for _, high in figures)
    return least, most if most.is_finite() else None
