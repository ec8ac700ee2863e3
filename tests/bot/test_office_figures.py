"""The office's commands for figures and for what found no answer, as they are run."""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from conversations.service import Service
from conversations.state.messages import Inbound, Kind
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from tests import databases
from tests.bot.command import called


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The commands find their database where they are run, whatever is set on this machine."""
    for name in list(os.environ):
        if name.startswith("WENCE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


async def talk(engine: Shelf, folder: Path, *texts: str) -> None:
    store = await Store.open(databases.sqlite(folder))
    service = Service(engine, store)
    for number, text in enumerate(texts):
        said = Inbound(
            id=str(number), channel="web", person="web:1", chat="1", kind=Kind.TEXT, text=text, at=datetime.now(UTC)
        )
        await service.handle(said)
    await store.close()


def test_what_people_say_is_counted_and_exported(engine: Shelf, tmp_path: Path) -> None:
    asyncio.run(talk(engine, tmp_path, "/start", "都没有", "高新企业认定奖励多少，电话13812345678"))
    shown = called("stats")
    assert shown.returncode == 0, shown.stderr.decode()
    assert "开始 1，看到结果 1" in shown.stdout.decode()
    assert "文件没有答案 1" in shown.stdout.decode()
    found = json.loads(called("stats", "--json", "--since", "2020-01-01").stdout)
    assert found["consultations"] == {"begun": 1, "finished": 1, "unfinished": 0}
    assert found["questions"]["out_of_scope"] == 1
    assert all(each["least"] == 0 for each in found["programmes"])
    assert json.loads(called("stats", "--json", "--since", "2999-01-01").stdout)["days"] == []
    assert called("unanswered", "export", "gaps.yaml").returncode == 0
    written = (tmp_path / "gaps.yaml").read_text("utf-8")
    assert written == called("unanswered", "export").stdout.decode()
    (kind,) = yaml.safe_load(written)["unanswered"]
    assert kind["questions"] == ["高新企业认定奖励多少，电话〔电话〕"]


def test_bad_input_is_named() -> None:
    assert called("stats", "--since", "gestern").returncode == 2
    refused = called("unanswered", "export", "no/such/folder.yaml")
    assert refused.returncode == 2
    assert "写不了" in refused.stderr.decode()
