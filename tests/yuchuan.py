"""The invented policy of ``tests/data/yuchuan.yaml``, which has every kind of value, condition and amount in it."""

from functools import cache
from pathlib import Path
from typing import Any

from conversations.state.shelf import Shelf
from knowledge.policy import Policy
from tests.served import read_yaml

PACK = Path(__file__).parent / "data" / "yuchuan.yaml"


@cache
def shelf() -> Shelf:
    """Its engine."""
    return Shelf(policy())


@cache
def policy() -> Policy:
    """The document as it is written."""
    return Policy.model_validate(read_yaml(PACK))


def changed(**fields: Any) -> Shelf:
    """The engine of the same document with other ``fields``."""
    return Shelf(Policy.model_validate({**read_yaml(PACK), **fields}))
