"""How many cases a test by chance tries: a part of them, or all where the run is ``--thorough`` (tests/conftest.py)."""

from collections.abc import Iterable
from random import Random
from typing import TypeVar

from hypothesis import settings

Case = TypeVar("Case")
_ALL = 100  # examples that hypothesis draws where nothing else is said


def register() -> None:
    """The two kinds of runs; a slow machine is no failure in either."""
    settings.register_profile("quick", deadline=None, max_examples=_ALL // 4)
    settings.register_profile("thorough", deadline=None, max_examples=_ALL)


def draws(whole: int) -> int:
    """Of ``whole`` cases by chance those that this run tries, at least one; and of what is counted in them."""
    return max(1, whole * settings().max_examples // _ALL)


def some(cases: Iterable[Case]) -> list[Case]:
    """Of ``cases``, made by putting everything to everything, those that this run tries: the same ones in each."""
    every = list(cases)
    return Random(len(every)).sample(every, draws(len(every)))
