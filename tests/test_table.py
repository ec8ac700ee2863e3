"""A table fails once, and names all rows that are wrong."""

import pytest

from tests.table import check_each


def test_every_wrong_row_is_named_with_what_is_wrong_and_no_other() -> None:
    def check(row: int) -> None:
        share = 12 // row
        assert share == 4

    with pytest.raises(AssertionError, match="2 of 3 rows are wrong") as raised:
        check_each([0, 3, 2], check, lambda row: f"row {row}")
    told = str(raised.value)
    assert "row 0" in told
    assert "ZeroDivisionError" in told
    assert "row 2" in told
    assert "6 == 4" in told
    assert "row 3" not in told


def test_an_empty_table_is_wrong() -> None:
    with pytest.raises(AssertionError, match="empty"):
        check_each([], print)
