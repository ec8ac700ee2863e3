"""What is written for this program in the environment and in the file ``.env``: text by the settings' names.

Imports nothing for it, since every command looks here. Knows no setting and no type.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

PREFIX = "WENCE_"
_FILE = ".env"


def given(names: Iterable[str]) -> dict[str, str]:
    """The values that are written for these settings; an empty one is none. What the environment has comes first."""
    written: Mapping[str, str | None] = {}
    if Path(_FILE).exists():
        from dotenv import dotenv_values

        written = dotenv_values(_FILE, encoding="utf-8")
    variables = {name: f"{PREFIX}{name.upper()}" for name in names}
    found = {name: os.environ.get(variable) or written.get(variable) for name, variable in variables.items()}
    return {name: value for name, value in found.items() if value}
