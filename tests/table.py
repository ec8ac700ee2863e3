"""Checks a large table in one test, which names every row that is wrong and not the first alone."""

from collections.abc import Callable, Collection
from typing import TypeVar

Row = TypeVar("Row")


def check_each(rows: Collection[Row], check: Callable[[Row], None], name: Callable[[Row], object] = str) -> None:
    """Calls ``check`` with every row; ``name`` is what a wrong one is shown as, above what ``check`` raised."""
    assert rows, "the table is empty"
    wrong: list[str] = []
    for row in rows:
        try:
            check(row)
        except Exception as error:
            wrong.append(f"{name(row)}\n  {type(error).__name__}: {error}".replace("\n", "\n    "))
    assert not wrong, f"{len(wrong)} of {len(rows)} rows are wrong:\n" + "\n".join(wrong)
