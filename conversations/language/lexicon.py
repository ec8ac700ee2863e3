"""The words of everyday Chinese that tell stance, bounds, hedges and whose a thing is, as data: ``zh/*.yaml``.

An entry is named after what its words say; ``says`` are examples that it must find and ``never`` such as it must not (a
test runs them), ``words`` the alternatives, each a regular expression over plain text, tried in their order, in which
``{name}`` stands for those of an entry above. Knows no reader and no policy.
"""

import re
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import yaml

from knowledge.patterns import regex

_ENTRY = regex(r"\{([a-z_]+)\}")
ZH = Path(__file__).parent / "zh"


class Entry(TypedDict):
    says: list[str]
    never: NotRequired[list[str]]
    words: list[str]


def entries(name: str) -> dict[str, Entry]:
    text = (ZH / f"{name}.yaml").read_text("utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # makes text alone
    loaded: dict[str, Entry] = yaml.load(text, Loader=loader)  # noqa: S506
    return loaded


@cache
def lexicon(name: str) -> dict[str, re.Pattern[str]]:
    """The patterns of the file ``name``, by their entries."""
    patterns: dict[str, str] = {}
    for entry, data in entries(name).items():
        words = "|".join(data["words"])
        patterns[entry] = _ENTRY.sub(lambda match: f"(?:{patterns[match[1]]})", words)
    return {entry: regex(pattern) for entry, pattern in patterns.items()}
