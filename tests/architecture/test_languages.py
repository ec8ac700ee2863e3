"""What is a language has one place that reads and writes it: what a button says is known to ``actions`` alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.table import check_each

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = ROOT / "conversations" / "state" / "actions.py"
MESSAGES = ROOT / "conversations" / "state" / "messages.py"
MODULES = [p for storey in ("bot", "conversations") for p in sorted((ROOT / storey).rglob("*.py")) if p != ACTIONS]
TEMPLATES = sorted((ROOT / "bot").rglob("*.html"))

WRITTEN = re.compile(r"![A-Za-z]\w*(?::|$)|:?\?(?:why|back|keep|done|none|more|t)$")
"""How what a button carries begins, or ends."""
TAKEN_APART = frozenset(
    {"partition", "rpartition", "split", "rsplit", "startswith", "endswith", "removeprefix", "removesuffix"}
)
CODEC = frozenset({"encode", "decode"})


def offences(text: str, knows_codec: bool = False) -> list[str]:
    """The places where a module makes or takes apart what a button carries, as ``line: what``."""
    return [f"{line}: {what}" for line, what in _found(ast.parse(text), knows_codec)]


def _found(tree: ast.Module, knows_codec: bool) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(value)) if WRITTEN.match(value):
                yield node.lineno, f"the text of a button, {value!r}"
            case ast.Attribute(value=ast.Attribute(attr="data"), attr=name) if name in TAKEN_APART:
                yield node.lineno, f"data.{name}"
            case ast.Subscript(value=ast.Attribute(attr="data"), slice=ast.Slice()):
                yield node.lineno, "a piece of data"
            case ast.Call(func=ast.Name(id="Choice"), keywords=keywords) if any(k.arg == "data" for k in keywords):
                yield node.lineno, "a button made of text"
            case ast.ImportFrom(module="conversations.state.actions", names=names) if not knows_codec:
                yield from ((node.lineno, f"{alias.name} of actions") for alias in names if alias.name in CODEC)
            case _:
                pass


def test_nobody_else_writes_or_reads_what_a_button_says() -> None:
    def check(path: Path) -> None:
        assert offences(path.read_text("utf-8"), knows_codec=path == MESSAGES) == []

    check_each(MODULES, check, lambda path: path.relative_to(ROOT))


def test_no_template_writes_what_a_button_says() -> None:
    def check(path: Path) -> None:
        assert re.findall(r"""["']![A-Za-z]\w*""", path.read_text("utf-8")) == []

    check_each(TEMPLATES, check, lambda path: path.name)


@pytest.mark.parametrize(
    "text",
    [
        'data = f"!edit:{path}"',
        'x = "!result"',
        'value == "?done"',
        'number, _, value = choice.data.partition(":")',
        'choice.data.startswith("x")',
        "name = choice.data[1:]",
        'Choice(label="好", data=text)',
        "from conversations.state.actions import Do, decode",
    ],
)
def test_what_would_be_wrong_is_seen(text: str) -> None:
    assert len(offences(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '"?"',
        '"? "',
        'event.data["form"]',
        'event.data.get("x")',
        '"!"',
        '"好!"',
        '"?！。"',
        "Choice(label=a, action=b)",
    ],
)
def test_what_is_right_is_let_be(text: str) -> None:
    assert offences(text) == []
