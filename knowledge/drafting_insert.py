"""Examples written into programmes.yaml where they belong: everything else of the file stays as it is, comments too.

Works on the lines of the text, at the places that YAML gives its nodes. Knows no policy.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

import yaml

from knowledge.drafting_yaml import flow
from knowledge.pack_yaml import PackLoader

_FIELD = "examples"


def unfinished(text: str, wrong: Collection[int]) -> set[str]:
    """The programmes that have a mistake on one of the lines ``wrong`` (from 1) elsewhere than in what they are called and
    in their examples: too early to try them."""
    found: set[str] = set()
    for programme in _items(_tree(text)):
        fields = _fields(programme)
        harmless = [_lines(node) for name, node in fields.items() if name in (_FIELD, "label", "summary")]
        if any(line in _lines(programme) and not any(line in lines for lines in harmless) for line in wrong):
            found.add(_ident(fields))
    return found


def with_examples(text: str, made: Mapping[str, Sequence[object]]) -> str:
    """``text`` with the examples of ``made``, by programme, behind those that stand there."""
    lines = text.split("\n")
    for programme in reversed(_items(_tree(text))):
        fields = _fields(programme)
        entries = made.get(_ident(fields), ())
        if entries:
            _insert(lines, programme, fields.get(_FIELD), [f"- {flow(entry)}" for entry in entries])
    return "\n".join(lines)


def _insert(lines: list[str], programme: yaml.Node, node: yaml.Node | None, entries: list[str]) -> None:
    """Put ``entries`` behind the last of ``node``, the examples of ``programme``; in their place where none is real."""
    indent = " " * programme.start_mark.column
    if node is None:
        end = _last(programme) + 1
        lines[end:end] = [f"{indent}{_FIELD}:", *(f"{indent}  {entry}" for entry in entries)]
        return
    first, last = node.start_mark.line, _last(node)
    listed = _items(node)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and listed:
        dash = lines[listed[-1].start_mark.line].index("-")
        lines[last + 1 : last + 1] = [f"{' ' * dash}{entry}" for entry in entries]
        return
    real = [f"- {_written(lines, each)}" for each in listed if isinstance(each, yaml.MappingNode)]
    head = lines[first][: node.start_mark.column].rstrip()
    tail = lines[last][node.end_mark.column :] if node.end_mark.line == last else ""
    lines[first : last + 1] = [f"{head}{tail.rstrip()}", *(f"{indent}  {entry}" for entry in (*real, *entries))]


def _written(lines: Sequence[str], node: yaml.Node) -> str:
    """A node of the flow style as it stands, on one line."""
    start, end = node.start_mark, node.end_mark
    if start.line == end.line:
        return lines[start.line][start.column : end.column]
    middle = [line.strip() for line in lines[start.line + 1 : end.line]]
    return " ".join([lines[start.line][start.column :].rstrip(), *middle, lines[end.line][: end.column].strip()])


def _last(node: yaml.Node) -> int:
    """The last line on which something of a node stands; a block's own end is where the next begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        children = (
            [each for pair in _fields_of(node) for each in pair] if isinstance(node, yaml.MappingNode) else _items(node)
        )
        return max([node.start_mark.line, *map(_last, children)])
    end = node.end_mark
    return end.line if end.column or end.line == node.start_mark.line else end.line - 1


def _lines(node: yaml.Node) -> range:
    """The lines of a node, from 1."""
    return range(node.start_mark.line + 1, _last(node) + 2)


def _ident(fields: Mapping[str, yaml.Node]) -> str:
    return str(fields["id"].value) if "id" in fields else ""


def _tree(text: str) -> yaml.Node | None:
    """The tree of a file; None where it is no YAML."""
    try:
        return PackLoader(text).get_single_node()
    except yaml.YAMLError:
        return None


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return cast("list[yaml.Node]", node.value) if isinstance(node, yaml.SequenceNode) else []


def _fields(node: yaml.Node) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in _fields_of(node)}


def _fields_of(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    return cast("list[tuple[yaml.Node, yaml.Node]]", node.value) if isinstance(node, yaml.MappingNode) else []
