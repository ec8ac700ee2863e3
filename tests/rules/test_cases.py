"""The real policy on the cases in ``cases/*.yaml``, which an office clerk can read and write."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules.assessment import Claim
from rules.values import Interval
from tests.rules.support import HERE, Json, read, zhengzhou


def _all() -> list[Any]:
    found: list[Any] = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        sheet = read(path)
        for case in sheet["cases"]:
            rest = case.get("rest", sheet.get("rest", "ineligible"))
            found.append(pytest.param(merged(sheet["background"], case["case"]), case, rest, id=_id(path, case)))
    return found


def _id(path: Path, case: Json) -> str:
    return f"{path.stem}-{case['title']}"


def merged(background: Json, case: Json) -> Json:
    """The case on its background: facts of the enterprise one by one, everything else as a whole."""
    enterprise = {**background.get("enterprise", {}), **case.get("enterprise", {})}
    return {**background, **case, "enterprise": enterprise}


def interval(written: object) -> Interval | None:
    """An amount as the cases write it: a figure, a pair, or ``no figure``."""
    if written == "no figure":
        return None
    low, high = written if isinstance(written, list) else (written, written)
    return Interval(Decimal(str(low)), None if high is None else Decimal(str(high)))


@pytest.mark.parametrize(("data", "case", "rest"), _all())
def test_case(data: Json, case: Json, rest: str | None) -> None:
    assessment = zhengzhou().assess(data)
    claims: dict[str, Claim] = {claim.id: claim for claim in assessment.claims}
    for ident, expected in case["claims"].items():
        claim = claims.pop(ident)
        assert claim.status == expected["status"], ident
        assert claim.amount == interval(expected["amount"]), ident
        assert claim.years_left == expected.get("years_left"), ident
        assert claim.superseded_by == expected.get("superseded_by"), ident
        if "missing" in expected:
            assert sorted(claim.missing) == sorted(expected["missing"]), ident
    if rest is not None:
        assert {claim.id: str(claim.status) for claim in claims.values()} == dict.fromkeys(claims, rest)
    assert assessment.total == interval(case["total"])
    if "shared_open" in case:
        assert assessment.shared_open is case["shared_open"]


def test_the_cases_cover_every_programme_and_every_status() -> None:
    seen: dict[str, set[str]] = {programme.id: set() for programme in zhengzhou().programmes}
    for param in _all():
        data, case, _ = param.values
        for claim in zhengzhou().assess(data).claims:
            if claim.id in case["claims"]:
                seen[claim.programme.id].add(str(claim.status))
            elif claim.status == "ineligible":
                seen[claim.programme.id].add("ineligible")
    assert all(statuses == {"eligible", "ineligible", "undetermined"} for statuses in seen.values()), seen
    assert len(_all()) >= 60
