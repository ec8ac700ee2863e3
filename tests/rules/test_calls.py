"""When a programme can be applied for: once, or every year on the same days."""

import pytest
from pydantic import ValidationError

from rules.dates import read
from rules.programme import ApplicationCall
from rules.validity import Opening, opening
from tests.table import check_each

SPRING = {"from": "2024-04-01", "to": "2024-05-31", "every": "year"}
WINTER = {"from": "2024-12-01", "to": "2025-01-31", "every": "year"}
DAYS: list[tuple[dict[str, str], str | None, Opening]] = [
    (SPRING, "2024-03-31", "closed"),
    (SPRING, "2024-04-01", "open"),
    (SPRING, "2026-05-31", "open"),
    (SPRING, "2026-06-01", "closed"),
    (SPRING, "2023-04-15", "closed"),  # before the first time
    (SPRING, "2026-04", "open"),
    (SPRING, "2026", "unknown"),
    (SPRING, None, "unknown"),
    (WINTER, "2027-01-31", "open"),
    (WINTER, "2027-02-01", "closed"),
    (WINTER, "2026-12-01", "open"),
    ({"from": "2024-04-01", "to": "2024-05-31"}, "2025-04-15", "closed"),
]


def test_calls_on_days() -> None:
    def check(row: tuple[dict[str, str], str | None, Opening]) -> None:
        call, day, expected = row
        assert opening([ApplicationCall.model_validate(call)], "p", read(day)) == expected

    check_each(DAYS, check, str)


def test_what_comes_every_year_has_both_ends() -> None:
    with pytest.raises(ValidationError, match="write both `from` and `to`"):
        ApplicationCall.model_validate({"to": "2024-05-31", "every": "year"})
