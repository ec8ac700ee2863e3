"""The structure as the imports draw it: ``python tests/architecture/import_graph.py [FOLDER]`` prints it.

For the folder (the checkout this file is in, unless another is named): modules, arrows, the longest chain of imports
inside conversations/ by modules and by rooms, circles, and arrows from a lower room to a higher one.
"""

import ast
import sys
from collections.abc import Container, Mapping
from functools import cache
from pathlib import Path

STOREYS = ("bot", "conversations", "knowledge", "rules")
ROOMS = ("service", "office", "consultation", "answering", "saying", "language", "storage", "state")
"""The rooms of conversations/ from the top down; ``requests`` and ``converse`` stand beside ``service``. Language and storage do not
know each other."""

Graph = Mapping[str, frozenset[str]]


def imports(root: Path) -> dict[str, frozenset[str]]:
    """Per module of the four storeys below ``root`` the modules of them that it imports, wherever in it that stands."""
    files = {_module(root, file): file for storey in STOREYS for file in sorted((root / storey).rglob("*.py"))}
    return {name: frozenset(_imported(file, name, files.keys())) for name, file in files.items()}


@cache
def tree(file: Path) -> ast.Module:
    """The syntax of a module, read once for all who look at it; nobody changes it."""
    return ast.parse(file.read_text("utf-8"))


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """All of ``tree``, in no order to rely on."""
    return tuple(ast.walk(tree(file)))


def room(module: str) -> str:
    """The room of a module of conversations/: the folder, or for a file at the top the file itself."""
    name = module.split(".")[1] if "." in module else module
    return "service" if name in ("requests", "converse") else name


def circles(graph: Graph) -> list[list[str]]:
    """The groups of two or more nodes that reach each other, each in alphabetical order."""
    reached = {node: _reachable(graph, node) for node in graph}
    groups = {tuple(sorted({node} | {m for m in reached[node] if node in reached[m]})) for node in graph}
    return sorted(list(group) for group in groups if len(group) > 1)


def longest_chain(graph: Graph) -> list[str]:
    """The longest way along the arrows of ``graph``; empty where there is a circle."""
    if circles(graph):
        return []

    @cache
    def below(node: str) -> tuple[str, ...]:
        return (node, *max((below(each) for each in sorted(graph[node])), key=len, default=()))

    return list(max((below(node) for node in sorted(graph)), key=len, default=()))


def upward(graph: Graph) -> list[tuple[str, str]]:
    """The arrows of conversations/ from a lower room to a higher one, and those between language and storage."""
    place = {name: number for number, name in enumerate(ROOMS)}
    beside = {"language", "storage"}
    found: list[tuple[str, str]] = []
    for module, targets in sorted(graph.items()):
        for target in sorted(targets):
            here, there = room(module), room(target)
            if here == there or here not in place or there not in place:
                continue
            if place[there] < place[here] or {here, there} == beside:
                found.append((module, target))
    return found


def inside(graph: Graph, package: str) -> dict[str, frozenset[str]]:
    """The part of ``graph`` that lies in ``package``, without the packages' own empty modules."""
    names = {name for name in graph if name.startswith(f"{package}.")}
    return {name: frozenset(graph[name] & names) for name in names}


def by_room(graph: Graph) -> dict[str, frozenset[str]]:
    """``graph`` of conversations/ with each room as one node."""
    rooms: dict[str, set[str]] = {}
    for module, targets in graph.items():
        rooms.setdefault(room(module), set()).update(room(target) for target in targets)
    return {name: frozenset(targets - {name}) for name, targets in rooms.items()}


def _module(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _imported(file: Path, name: str, known: Container[str]) -> set[str]:
    found: set[str] = set()
    for node in nodes(file):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in known else node.module)
    return {each for each in found if each in known and each != name}


def _reachable(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    left = [start]
    while left:
        for target in graph[left.pop()]:
            if target not in seen:
                seen.add(target)
                left.append(target)
    return seen


def report(root: Path) -> str:
    """The picture in words."""
    graph = imports(root)
    conversations = inside(graph, "conversations")
    rooms = by_room(conversations)
    chain = longest_chain(conversations)
    found = circles(graph)
    lines = [
        f"modules: {len(graph)}, of them in conversations/: {len(conversations)}",
        f"arrows: {sum(map(len, graph.values()))}, inside conversations/: {sum(map(len, conversations.values()))}",
        f"longest chain of modules inside conversations/: {len(chain)}  {' > '.join(chain)}",
        f"longest chain of rooms: {len(longest_chain(rooms))}  {' > '.join(longest_chain(rooms))}",
        f"circles of modules: {len(found)}  {'; '.join(' '.join(group) for group in found)}",
        f"circles of rooms: {len(circles(rooms))}",
        f"arrows up: {len(upward(conversations))}",
        *(f"  {module} > {target}" for module, target in upward(conversations)),
    ]
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    print(report(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]))  # noqa: T201
