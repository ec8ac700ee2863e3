"""The rooms of conversations/ keep their order, and a name or a function stays small enough to be found and read."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.import_graph import Graph, by_room, circles, imports, inside, longest_chain, nodes, upward

ROOT = Path(__file__).resolve().parents[2]
ROOMS_DEEP = 6
LONGEST_FUNCTION = 45
MOST_CASTS = 50
WIRE = "bot/web/api_models.py"
"""Its classes carry the names that the API's description shows, whatever else is called so."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    return imports(ROOT)


def _modules(graph: Graph) -> Iterator[tuple[str, tuple[ast.AST, ...]]]:
    """Per module its file below the root and all that is in it."""
    for name in graph:
        path = ROOT / Path(*name.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        yield str(file.relative_to(ROOT)), nodes(file)


def test_no_circle_and_no_arrow_up(graph: Graph) -> None:
    conversations = inside(graph, "conversations")
    assert circles(graph) == []
    assert circles(by_room(conversations)) == []
    assert upward(conversations) == []


def test_the_rooms_are_few_storeys_deep(graph: Graph) -> None:
    rooms = by_room(inside(graph, "conversations"))
    assert 0 < len(longest_chain(rooms)) <= ROOMS_DEEP, longest_chain(rooms)


def test_the_graph_sees_a_circle_and_an_arrow_up() -> None:
    """The measure itself: it would notice."""
    bad = {
        "conversations.state.session": frozenset({"conversations.office.leads"}),
        "conversations.office.leads": frozenset({"conversations.state.session"}),
    }
    assert circles(bad) == [["conversations.office.leads", "conversations.state.session"]]
    assert upward(bad) == [("conversations.state.session", "conversations.office.leads")]


def test_no_class_name_stands_twice(graph: Graph) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for file, inner in _modules(graph):
        for node in inner:
            if isinstance(node, ast.ClassDef) and file != WIRE:
                found[node.name].append(file)
    assert {name: files for name, files in found.items() if len(files) > 1} == {}


def test_functions_are_short(graph: Graph) -> None:
    long = [
        f"{file}:{node.lineno} {node.name}"
        for file, inner in _modules(graph)
        if "/migrations/" not in file
        for node in inner
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_types_are_known_without_casting(graph: Graph) -> None:
    casts = [
        f"{file}:{node.lineno}"
        for file, inner in _modules(graph)
        for node in inner
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cast"
    ]
    assert len(casts) < MOST_CASTS, casts
