"""The policies of the repository, each read once in a process for all tests that only look at it; and YAML read quickly."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from conversations.state.shelf import Shelf
from knowledge.loading import load
from knowledge.policy import Policy


@cache
def policy(name: str | None = None) -> Policy:
    """The pack ``name``, or the one that is served where none is named; nothing changes it."""
    return load(name)


@cache
def shelf(*names: str) -> Shelf:
    """The engine of these packs, or of that one; what is compiled from them is compiled for all."""
    return Shelf.of([policy(name) for name in names or [None]])


def parsed(text: str) -> Any:
    """What a text in YAML says, new at each call."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def read_yaml(path: Path) -> Any:
    """What a file in YAML says, new at each call."""
    return parsed(path.read_text(encoding="utf-8"))
