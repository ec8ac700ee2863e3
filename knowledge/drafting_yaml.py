"""YAML as people write packs: an entry a paragraph, its parts a line each, in the flow style; and the marks of a draft.

``MARK?`` stands before a suggestion, ``MARK!`` before what a person must write; while one is left, a pack has a mistake.
Knows no policy.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import yaml

from knowledge.pack_yaml import MARK, PackLoader
from knowledge.patterns import regex
from rules.raw import is_list, is_object
from rules.terms import plain

_SAFE = regex(r"[\w（“《〔·](?:[^\n\t\[\]{},:#]|:(?=[^\s,\[\]{}])|(?<=\S)#)*")
"""What may stand without quotes, within the flow style too."""
_YEAR_MONTH = regex(r"\d{4}(?:-\d{2})?")
_DAY = regex(r"\d{4}-\d{2}-\d{2}")


def suggested(text: str) -> str:
    """``text`` as a suggestion that a person looks at."""
    return f"{MARK}? {text}"


def wanted(text: str) -> str:
    """What a person must write."""
    return f"{MARK}! {text}"


def scalar(value: object) -> str:
    """A value as YAML, quoted only where it must be."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if _DAY.fullmatch(text):
        return text
    if _SAFE.fullmatch(text) and text == text.strip() and _reads_as_text(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def flow(value: object) -> str:
    """A mapping, a list or a scalar on one line."""
    if is_object(value):
        return "{" + ", ".join(f"{_key(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if is_list(value):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return scalar(value)


def entry(fields: Mapping[str, object], long: Sequence[str] = ()) -> str:
    """An entry of a list, a line a field; the lists named in ``long`` have a line for each of their own entries."""
    lines: list[str] = []
    for name, value in fields.items():
        if name in long and is_list(value) and value:
            lines.append(f"{_key(name)}:")
            lines += [f"  - {flow(inner)}" for inner in value]
        else:
            lines.append(f"{_key(name)}: {flow(value)}")
    return "- " + "\n  ".join(lines) + "\n"


def _key(key: object) -> str:
    text = str(key)
    return (
        text
        if re.fullmatch(r"[a-z_][\w.-]*", text) and text not in ("yes", "no", "on", "null", "true", "false")
        else f'"{text}"'
    )


def _reads_as_text(text: str) -> bool:
    """Whether a plain scalar stays text."""
    if _YEAR_MONTH.fullmatch(text) or text in ("yes", "no", "on", "off", "null", "true", "false", "~"):
        return False
    node = PackLoader(text).get_single_node()
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":str") and node.value == text
