"""The office's commands for figures and for what found no answer, as they are run."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml

from conversations.engine import Engine
from conversations.messages import Inbound, Kind
from conversations.service import Service
from conversations.store import Store
from tests import databases

ROOT = Path(__file__).resolve().parents[2]


def wence(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        env=inherited | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        check=False,
    )


async def talk(engine: Engine, folder: Path, *texts: str) -> None:
    store = await Store.open(databases.sqlite(folder))
    service = Service(engine, store)
    for number, text in enumerate(texts):
        said = Inbound(
            id=str(number), channel="web", person="web:1", chat="1", kind=Kind.TEXT, text=text, at=datetime.now(UTC)
        )
        await service.handle(said)
    await store.close()


async def test_what_people_say_is_counted_and_exported(engine: Engine, tmp_path: Path) -> None:
    await talk(engine, tmp_path, "/start", "都没有", "高新企业认定奖励多少，电话13812345678")
    shown = wence(tmp_path, "stats")
    assert shown.returncode == 0, shown.stderr
    assert "开始 1，看到结果 1" in shown.stdout
    assert "文件没有答案 1" in shown.stdout
    found = json.loads(wence(tmp_path, "stats", "--json", "--since", "2020-01-01").stdout)
    assert found["consultations"] == {"begun": 1, "finished": 1, "unfinished": 0}
    assert found["questions"]["out_of_scope"] == 1
    assert all(each["least"] == 0 for each in found["programmes"])
    assert json.loads(wence(tmp_path, "stats", "--json", "--since", "2999-01-01").stdout)["days"] == []
    assert wence(tmp_path, "unanswered", "export", "gaps.yaml").returncode == 0
    written = (tmp_path / "gaps.yaml").read_text("utf-8")
    assert written == wence(tmp_path, "unanswered", "export").stdout
    (kind,) = yaml.safe_load(written)["unanswered"]
    assert kind["questions"] == ["高新企业认定奖励多少，电话〔电话〕"]


def test_bad_input_is_named(tmp_path: Path) -> None:
    assert wence(tmp_path, "stats", "--since", "gestern").returncode == 2
    refused = wence(tmp_path, "unanswered", "export", "no/such/folder.yaml")
    assert refused.returncode == 2
    assert "cannot be written" in refused.stderr
