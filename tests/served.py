"""The policy that is served, read once in a process for all tests that only look at it; and YAML read quickly."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from conversations.state.shelf import Shelf
from knowledge.loading import load
from knowledge.policy import Policy


@cache
def policy() -> Policy:
    """The pack that is served where none is named, which nothing changes."""
    return load()


@cache
def shelf() -> Shelf:
    """The engine of that pack; what is compiled from it is compiled for all."""
    return Shelf(policy())


def parsed(text: str) -> Any:
    """What a text in YAML says, new at each call."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def read_yaml(path: Path) -> Any:
    """What a file in YAML says, new at each call."""
    return parsed(path.read_text(encoding="utf-8"))
