"""What tests of every storey share: the policy that is served, compiled once."""

import pytest

from conversations.state.shelf import Shelf
from knowledge.loading import load


@pytest.fixture(scope="session")
def engine() -> Shelf:
    """The engine of the only pack."""
    return Shelf(load())
