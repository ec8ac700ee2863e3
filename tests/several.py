"""Three policies on one shelf, of which one is over, one in force, and one does not say; each read once in a process."""

from datetime import UTC, datetime
from types import ModuleType

import pytest

from conversations.state.shelf import Shelf
from tests import served

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)
"""A day on which they stand so."""
IDS = ("haicheng-ecommerce-2024", "haicheng-industry-2023", "zhengzhou-2013-237")


def shelf() -> Shelf:
    """All of them together."""
    return served.shelf(*IDS)


def pin(patch: pytest.MonkeyPatch, module: ModuleType, moment: datetime = NOW) -> None:
    """Has ``module`` take it for ``moment``."""

    class Pinned(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return moment

    patch.setattr(module, "datetime", Pinned)
