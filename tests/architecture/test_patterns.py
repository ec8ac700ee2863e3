"""Patterns are compiled at their first use, so that a start does not pay for them; here each is compiled once."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from knowledge.patterns import compile_waiting, regex
from tests.table import check_each

ROOT = Path(__file__).resolve().parents[2]
STOREYS = ("bot", "conversations", "knowledge", "rules")
MODULES = [p for storey in STOREYS for p in sorted((ROOT / storey).rglob("*.py")) if "versions" not in p.parts]
LAZY = type(regex(""))


def compiled_at_import(text: str) -> Iterator[int]:
    """The lines of a module that compile a pattern while it is imported."""
    nodes: list[ast.AST] = [ast.parse(text)]
    for node in nodes:  # grows while it is walked
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield node.lineno
        nodes += [
            each
            for each in ast.iter_child_nodes(node)
            if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        ]


def test_no_module_compiles_a_pattern_while_it_is_imported() -> None:
    def none_at_import(module: Path) -> None:
        assert list(compiled_at_import(module.read_text("utf-8"))) == []

    check_each(MODULES, none_at_import)
    assert list(compiled_at_import("import re\nX = {1: re.compile('a')}\n")) == [2]


def patterns(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns in ``value``, in the containers of a module's constants too."""
    if isinstance(value, dict):
        yield from patterns(list(value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns(each)
    elif isinstance(value, LAZY):
        yield value


def test_every_constant_pattern_compiles() -> None:
    found = 0

    def all_compile(module: Path) -> None:
        nonlocal found
        names = module.relative_to(ROOT).with_suffix("").parts
        if names[-1] in ("__main__", "env", "patterns"):  # the last of which keeps those of others
            return
        for value in vars(import_module(".".join(names))).values():
            for pattern in patterns(value):
                assert pattern.flags
                found += 1

    check_each(MODULES, all_compile)
    assert found > 300


def test_a_pattern_is_one_in_all_that_is_asked_of_it() -> None:
    pattern = regex("(?P<figure>[0-9]+)万")
    assert pattern.pattern == "(?P<figure>[0-9]+)万"
    assert (found := pattern.search("约300万")) is not None
    assert found["figure"] == "300"
    assert pattern.sub("很多", "300万") == "很多"
    assert [match.span() for match in pattern.finditer("1万2万")] == [(0, 2), (2, 4)]
    assert regex("ab", re.IGNORECASE).fullmatch("AB")


def test_a_mistake_in_a_pattern_is_told_at_its_first_use() -> None:
    broken = regex("(外地")
    with pytest.raises(re.error, match="unterminated"):
        broken.search("外地")
    with pytest.raises(re.error, match="unterminated"):
        next(compile_waiting())  # the last first: it waits no more


def test_what_waits_can_be_compiled_ahead() -> None:
    pattern = regex("[0-9]+ahead")
    assert "compiled" not in vars(pattern)
    for _ in compile_waiting():
        pass
    assert "compiled" in vars(pattern)
