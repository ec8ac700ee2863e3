"""Enterprises for whole consultations, in the shape of a case's JSON: a few by name, and any number at random."""

import random
from typing import Any

from conversations.saying.report import kept_claims, kept_total
from conversations.saying.totals import in_words
from tests.botapi.wire import Json

NOTHING: Json = {
    "enterprise": {
        "registered_in_zhengzhou": True,
        "ecommerce_business": True,
        "demonstration_level": "none",
        "industry_standing": "neither",
        "headquarters_in_zhengzhou": False,
        "digital_certificate_fee": 0,
        "payment_licence": False,
        "agency_operator": False,
        "agency_service_fee": 0,
        "agency_years_supported": 0,
        "national_standard": False,
        "ecommerce_building_tenant": False,
        "training_fee": 0,
    },
    "pilots": [],
    "parks": [],
    "buildings": [],
    "same_project": [],
}
PILOT: Json = {
    "industry": "logistics",
    "selected": True,
    "total_investment": 15000000,
    "national_pilot": False,
    "national_funding": 0,
}
BUILDING: Json = {"area": 12000, "occupancy": 0.6, "years_operating": 2, "recognised": True}


def case(**changes: Any) -> Json:
    """NOTHING with changes: lists and ``same_project`` as they are named, all else facts of the enterprise."""
    lists = {name: changes.pop(name) for name in ("pilots", "parks", "buildings", "same_project") if name in changes}
    return NOTHING | lists | {"enterprise": NOTHING["enterprise"] | changes}


AGENCY = case(agency_operator=True, agency_service_fee=2600000)
ONE_PROJECT = case(
    agency_operator=True,
    agency_service_fee=2600000,
    pilots=[PILOT],
    same_project=[["pilot-project:0", "agency-operations"]],
)
MANY = case(
    demonstration_level="provincial",
    digital_certificate_fee=20000,
    training_fee=60000,
    national_standard=True,
    pilots=[PILOT, PILOT | {"industry": "agriculture", "total_investment": 9000000}],
    parks=[{"level": "municipal"}],
    buildings=[BUILDING],
)
OPEN = case(agency_operator=True, pilots=[{"industry": "finance", "selected": True, "national_pilot": False}])
del OPEN["enterprise"]["agency_service_fee"]
"""Neither the service fee nor the investment is known."""

NAMED = {"agency": AGENCY, "one project": ONE_PROJECT, "many": MANY, "open": OPEN}


def anybody(rng: random.Random) -> Json:
    """An enterprise at random of which everything is known."""

    def often(share: float) -> bool:
        return rng.random() < share

    pilots = [
        {
            "industry": rng.choice(["logistics", "finance", "agriculture", "other"]),
            "selected": often(0.7),
            "total_investment": rng.randrange(1, 60) * 1_000_000,
            "national_pilot": often(0.3),
            "national_funding": rng.randrange(1, 30) * 100_000,
        }
        for _ in range(rng.choice([0, 0, 1, 2]))
    ]
    buildings = [
        {
            "area": rng.choice([8000, 10000, 12000]),
            "occupancy": rng.choice([0.4, 0.5, 0.6]),
            "years_operating": rng.choice([0.5, 1, 3]),
            "recognised": often(0.6),
        }
        for _ in range(rng.choice([0, 0, 1]))
    ]
    return case(
        registered_in_zhengzhou=often(0.8),
        demonstration_level=rng.choice(["none", "provincial", "national"]),
        industry_standing=rng.choice(["neither", "domestic_top3", "international_top10"]),
        headquarters_in_zhengzhou=often(0.4),
        digital_certificate_fee=rng.choice([0, 3000, 20000]),
        payment_licence=often(0.3),
        agency_operator=often(0.4),
        agency_service_fee=rng.choice([500_000, 1_000_000, 2_600_000, 20_000_000]),
        agency_years_supported=rng.randrange(4),
        national_standard=often(0.2),
        ecommerce_building_tenant=often(0.3),
        training_fee=rng.choice([0, 8000, 600_000]),
        pilots=pilots,
        parks=[{"level": rng.choice(["national", "municipal", "none"])} for _ in range(rng.choice([0, 0, 1]))],
        buildings=buildings,
    )


def total(assessment: Json) -> str:
    """The total of what ``wence assess`` printed, as the bot words it."""
    claims = kept_claims(assessment) if "claims" in assessment else []
    return in_words(kept_total(assessment), claims, lambda _: False)
