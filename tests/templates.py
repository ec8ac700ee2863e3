"""Templates that were compiled before, by whatever process or run: each application would compile them for itself.

Kept beside pytest's own cache; jinja notices where a template has changed.
"""

from functools import partialmethod
from pathlib import Path
from typing import Any

import jinja2

_FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "templates"


def quick() -> Any:
    """What stands for ``jinja2.Environment.__init__``."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    return partialmethod(jinja2.Environment.__init__, bytecode_cache=jinja2.FileSystemBytecodeCache(str(_FOLDER)))
