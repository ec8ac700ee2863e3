"""What stands, in tests, for what takes long in an application: templates are compiled, passwords hashed."""

from functools import partial, partialmethod
from pathlib import Path
from typing import Any

import argon2
import jinja2

_FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "templates"


def templates() -> Any:
    """What stands for ``jinja2.Environment.__init__``: a template is compiled once, by whatever process or run.

    They are kept beside pytest's own cache; jinja notices where one has changed.
    """
    _FOLDER.mkdir(parents=True, exist_ok=True)
    return partialmethod(jinja2.Environment.__init__, bytecode_cache=jinja2.FileSystemBytecodeCache(str(_FOLDER)))


def hashes() -> Any:
    """What stands for ``argon2.PasswordHasher``: the same algorithm, with as little memory and time as it takes."""
    return partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
