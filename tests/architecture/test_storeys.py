"""The house keeps its shape: storeys import downwards only, files stay small, the policy lives in its pack alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.channels import CHANNELS
from knowledge.folders import PACKS
from knowledge.policy import Policy
from tests import served
from tests.architecture.import_graph import nodes
from tests.table import check_each

ROOT = Path(__file__).resolve().parents[2]
STOREYS = ("bot", "conversations", "knowledge", "rules")
HEAD = ROOT / "knowledge" / "policy.py"
MODULES = sorted(path for storey in STOREYS for path in (ROOT / storey).rglob("*.py"))

# Words and figures of the policies that are served; they belong in their packs, never in code.
POLICY_WORDS = re.compile(
    r"代运营|支付业务许可证|示范园区|专业楼宇|试点项目|agency|pilot|payment_licence|occupancy|demonstration|zhengzhou|郑州"
    r"|海珵|多数单位|\b(?:3000000|2000000|600000)\b"
)
ADDRESSES = re.compile(r"贵(?:单位|企业|公司|司|方|厂|店|俱乐部)")
"""How somebody is addressed; each pack says it, and one place says it for those that do not."""
GENERAL = frozenset(
    {"项目", "都没有", "都不是", "文件本身", "国家级", "楼宇", "产业园", "就高不重复", "合计上限", "申报表"}
)
"""What packs call something by a word that everybody has for such things."""


@pytest.mark.slow
def test_imports_go_down_only() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_are_small_and_say_what_they_are_for() -> None:
    def check(path: Path) -> None:
        text = path.read_text("utf-8")
        assert text.startswith('"""'), "a module starts with one paragraph that says what it is for"
        assert text.count("\n") <= 450, "split it: a reader should see a room at a glance"

    check_each(MODULES, check, _named)


def test_policy_stays_in_its_pack() -> None:
    def check(path: Path) -> None:
        found = {match.group() for match in POLICY_WORDS.finditer(_text(path))}
        assert not found, f"the pack is the only place that names these: {sorted(found)}"

    check_each([path for path in MODULES if "packs" not in path.relative_to(ROOT).parts], check, _named)


def _own_words(policy: Policy) -> Iterator[str]:
    """The names of a policy and of what is its own: programmes, clauses, facts, lists, choices, papers."""
    yield from (policy.id, policy.number, policy.title, policy.issuer, policy.lead, policy.area_code or "")
    for programme in policy.programmes:
        yield from (programme.id, programme.label)
    yield from (clause.title for clause in policy.clauses)
    yield from (paper.name for paper in policy.evidence)
    for subject in policy.subjects:
        yield from (subject.id, subject.label) if subject.many else ()
    for fact in policy.facts:
        yield from () if fact.id in policy.taken else (fact.name, fact.label)
        yield from (word for choice in fact.choices for word in (choice.id, choice.label))
    yield from (option.label for option in policy.screening.options)


def test_no_module_knows_a_word_of_any_pack() -> None:
    words = {
        word
        for folder in sorted(path.parent.name for path in PACKS.glob("*/policy.yaml"))
        for word in _own_words(served.policy(folder))
    } - GENERAL
    names = {word for word in words if word.isascii() and ("_" in word or "-" in word)}
    chinese = {word for word in words if not word.isascii() and len(word) > 2}
    every = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    pattern = re.compile(
        rf"(?<![\w-])(?:{every})(?![\w-])|{'|'.join(map(re.escape, sorted(chinese, key=len, reverse=True)))}"
    )
    assert pattern.search("补贴给代运营企业支持")
    assert pattern.search("x = agency_service_fee")

    def check(path: Path) -> None:
        found = {match.group() for match in pattern.finditer(_text(path))}
        assert not found, f"a pack is the only place that names these: {sorted(found)}"

    check_each([path for path in MODULES if "packs" not in path.parts], check, _named)


def test_how_people_are_addressed_comes_from_the_pack() -> None:
    def check(path: Path) -> None:
        found = ADDRESSES.findall(_text(path))
        assert found == (["贵单位"] if path == HEAD else []), "say `policy.you`"

    check_each(MODULES, check, _named)


# Channels are data to conversations/: it goes by their traits. Other services stand for channels to come.
CHANNEL_NAMES = re.compile(
    "|".join(
        [rf"\b{re.escape(name)}\b" for each in CHANNELS for name in (each.traits.name, each.traits.label)]
        + [r"wechat|微信|whatsapp|dingtalk|钉钉|feishu|飞书|wence chat|网页|电报"]
    ),
    re.IGNORECASE,
)
FALSE_FRIENDS = {("state", "personal.py", "微信")}
"""Where such a word is no channel: people write their own number there behind 微信."""


def test_conversations_name_no_channel() -> None:
    def check(path: Path) -> None:
        strings = [node.value for node in _code(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        found = {match.group() for text in strings for match in CHANNEL_NAMES.finditer(text)}
        found -= {word for *place, word in FALSE_FRIENDS if place == [*path.parts[-2:]]}
        assert not found, f"a channel says this of itself by its traits: {sorted(found)}"

    check_each([path for path in MODULES if "conversations" in path.parts], check, _named)


@cache
def _code(path: Path) -> tuple[ast.AST, ...]:
    """The module without comments and docstrings, which may take their examples from the policy that is served."""
    bodies = (getattr(node, "body", None) for node in nodes(path))
    docstrings = {part.value for body in bodies if isinstance(body, list) for part in body if _is_docstring(part)}
    return tuple(node for node in nodes(path) if node not in docstrings)


@cache
def _text(path: Path) -> str:
    """The names, texts and figures of the code, each on a line."""
    fields = (field for node in _code(path) for _, field in ast.iter_fields(node))
    parts = (part for field in fields for part in (field if isinstance(field, list) else [field]))
    return "\n".join(str(part) for part in parts if isinstance(part, (str, bytes, int, float)))


def _is_docstring(part: ast.AST) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)
