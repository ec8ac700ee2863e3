"""The YAML of a pack: what PyYAML makes of it in C, with fewer surprises and in a fraction of the time.

Knows no pack and no schema.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, TypeAlias, cast

import yaml
from pydantic import BeforeValidator, JsonValue

from knowledge.patterns import regex
from rules.raw import is_list, is_object

MARK = "TODO"
"""What a value begins with that somebody has to decide still, then ``?`` (a suggestion) or ``!`` (to be written)."""
_MARKED = regex(rf"{MARK}\s*[?!？！:：]")


def _as_json(raw: object) -> object:
    """As JSON says it what YAML says by itself: days, and years as keys."""
    if is_object(raw):
        return {str(key): _as_json(value) for key, value in raw.items()}
    if is_list(raw):
        return [_as_json(each) for each in raw]
    return raw.isoformat() if isinstance(raw, date) else raw


CaseValues: TypeAlias = Annotated[dict[str, JsonValue], BeforeValidator(_as_json)]
"""A case, or a part of one, as a pack writes it."""


def line_of(node: yaml.Node) -> int:
    """The line on which ``node`` begins, from 1."""
    return node.start_mark.line + 1


def unmarked(text: str) -> str:
    """``text`` without the mark."""
    found = _MARKED.match(text)
    return text[found.end() :].strip() if found else text


def left_open(text: str, node: yaml.Node) -> Iterator[int]:
    """The lines of ``text``, whose tree is ``node``, on which a person has something to decide still."""
    if MARK not in text:
        return
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, yaml.ScalarNode) and _MARKED.match(part.value):
            yield part.start_mark.line + 1
        elif isinstance(part, yaml.CollectionNode):
            waiting += cast("list[object]", part.value)  # pyright: ignore[reportUnknownMemberType]
        elif isinstance(part, tuple):
            waiting += cast("tuple[object, ...]", part)


class PackLoader(yaml.CSafeLoader):
    """Plain scalars as in YAML 1.2, so that ``no`` and ``1:1`` stay text; keys given twice are kept in ``repeated``."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[tuple[str, int]] = []

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """The tag of a node that has none: what the base class says, without its search for tags by path."""
        if kind is not yaml.ScalarNode:
            return _SEQUENCE if kind is yaml.SequenceNode else _MAPPING
        if implicit[0]:
            for tag, pattern in _PLAIN.get(value[:1], ()):
                if pattern.match(value):
                    return tag
        return _TEXT

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        """Nothing: no tag depends on the path."""

    def ascend_resolver(self) -> None:
        """Nothing, as above."""

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> object:  # pyright: ignore[reportIncompatibleMethodOverride]
        """A day; one that the calendar does not have stays text, which is then no date to whoever wants one."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # pyright: ignore[reportIncompatibleMethodOverride]
        mapping = cast("dict[object, object]", super().construct_mapping(node, deep))
        if len(mapping) != len(node.value):
            seen: set[str] = set()
            for key, _ in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                if key.value in seen:
                    self.repeated.append((str(key.value), line_of(key)))
                seen.add(key.value)
        return mapping

    def construct(self, node: yaml.Node) -> object:
        """What ``construct_document`` makes of ``node``, in a third of the time where it holds nothing unusual."""
        try:
            return self._plain(node, set())
        except _UnusualError:
            self.repeated.clear()
            return self.construct_document(node)  # pyright: ignore[reportUnknownMemberType]

    def _plain(self, node: yaml.Node, met: set[int]) -> object:
        """Mappings, sequences, text and other scalars, each ``met`` once. Raises ``_UnusualError``."""
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.tag == _TEXT else self.construct_object(node)  # pyright: ignore[reportUnknownMemberType]
        if id(node) in met:  # an alias, perhaps of what it stands in
            raise _UnusualError
        met.add(id(node))
        if node.tag == _MAPPING and isinstance(node, yaml.MappingNode):
            pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
            if all(isinstance(key, yaml.ScalarNode) for key, _ in pairs):
                mapping = {self._plain(key, met): self._plain(value, met) for key, value in pairs}
                if len(mapping) == len(pairs):
                    return mapping
        elif node.tag == _SEQUENCE and isinstance(node, yaml.SequenceNode):
            items: list[yaml.Node] = node.value
            return [self._plain(item, met) for item in items]
        raise _UnusualError


PackLoader.add_constructor("tag:yaml.org,2002:timestamp", PackLoader.construct_yaml_timestamp)


class _UnusualError(Exception):
    """A document that is more than mappings, sequences and scalars, each once."""


_TEXT, _MAPPING, _SEQUENCE = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))


_PLAIN: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
"""What a plain scalar can be other than text, by its first character."""
for _kind, _pattern, _first in (
    ("bool", "true|false", "tf"),
    ("null", "null|~|", ["n", "~", ""]),
    ("int", "[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("timestamp", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
):
    _one = f"tag:yaml.org,2002:{_kind}", regex(rf"^(?:{_pattern})$")
    for _sign in _first:
        _PLAIN.setdefault(_sign, []).append(_one)
