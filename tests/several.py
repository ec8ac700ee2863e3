"""Three policies on one shelf, of which one is over, one in force, and one does not say; each read once in a process."""

from datetime import UTC, datetime
from functools import cache
from types import ModuleType

import pytest

from conversations.state.shelf import Shelf
from knowledge.joined import joined
from knowledge.loading import load
from knowledge.policy import Policy

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)
"""A day on which they stand so."""
IDS = ("haicheng-ecommerce-2024", "haicheng-industry-2023", "zhengzhou-2013-237")


@cache
def policy(ident: str) -> Policy:
    """One of them."""
    return load(ident)


@cache
def shelf() -> Shelf:
    """All of them together."""
    return Shelf(joined([policy(ident) for ident in IDS]))


@cache
def alone(ident: str) -> Shelf:
    """One of them by itself."""
    return Shelf(policy(ident))


def pin(patch: pytest.MonkeyPatch, module: ModuleType, moment: datetime = NOW) -> None:
    """Has ``module`` take it for ``moment``."""

    class Pinned(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return moment

    patch.setattr(module, "datetime", Pinned)
