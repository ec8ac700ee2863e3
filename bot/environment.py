"""What is written for this program in the environment and in the file ``.env``: text by the settings' names.

Imports nothing for it, since every command looks here. Knows no setting and no type.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

PREFIX = "WENCE_"
FILE = ".env"


def given(names: Iterable[str]) -> dict[str, str]:
    """The values that are written for these settings; an empty one is none. What the environment has comes first."""
    written = _in_file()
    variables = {name: f"{PREFIX}{name.upper()}" for name in names}
    found = {name: os.environ.get(variable) or written.get(variable) for name, variable in variables.items()}
    return {name: value for name, value in found.items() if value}


def variables() -> set[str]:
    """The names of all variables with our prefix that are set, whether a setting is called so or not."""
    return {name for name in (*os.environ, *_in_file()) if name.startswith(PREFIX)}


def _in_file() -> Mapping[str, str | None]:
    if not Path(FILE).exists():
        return {}
    from dotenv import dotenv_values

    return dotenv_values(FILE, encoding="utf-8")
