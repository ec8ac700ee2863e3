"""The office's commands as somebody at the office types them: in Chinese, refused in Chinese, and nothing deleted by mistake."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select, update

from bot.office import purge
from bot.settings import Settings
from conversations.office import accounts
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables import Consultation, Person
from tests import databases
from tests.bot.command import called, started
from tests.conversations.leading import Clock, Talker, consult, service
from tests.table import check_each

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def folder(without_settings: None, tmp_path: Path) -> Path:
    """Where the commands find their database, whatever is set on this machine."""
    databases.sqlite(tmp_path)
    return tmp_path


REFUSED = {
    "": "还没有写 COMMAND",
    "nonsense": "没有 'nonsense'，可以写 'chat'",
    "leads": "还没有写 DO",
    "leads export": "还没有写 FILE.csv|FILE.xlsx",
    "leads export a.csv --state 新的": "没有“新的”这个状态，可以写 新登记、已联系",
    "leads export a.csv --since 11-24": "“11-24”不是日期，要写成 2026-11-24 这样",
    "leads export a.pdf": "a.pdf：文件名要以 .csv 或 .xlsx 结尾",
    "leads export none/a.csv": "没有这个文件夹",
    "leads export a.csv --programme nix": "没有“nix”这一项政策，有的是：agency-operations",
    "stats --since gestern": "“gestern”不是日期，要写成 2026-11-24 这样",
    "stats --until": "--until：后面要写一个值",
    "stats --nothing": "不认识 --nothing",
    "unanswered export a.csv": "文件名要以 .yaml 结尾",
    "unanswered export none/a.yaml": "none/a.yaml 写不了：没有这个文件或文件夹",
    "desk add 小张 --role boss": "没有 'boss'，可以写 'office', 'helpdesk'",
    "assess nofile.json": "nofile.json 读不了：没有这个文件",
    "draft x --register loud": "--register：没有 'loud'",
}


def test_what_is_refused_is_refused_in_chinese() -> None:
    def check(arguments: str) -> None:
        run = called(*arguments.split())
        told = run.stderr.decode()
        assert run.returncode == 2
        assert REFUSED[arguments] in told, told
        for english in ("error", "required", "invalid", "expected", "usage", "cannot"):
            assert english not in told

    check_each(list(REFUSED), check, str)


def test_help_is_chinese() -> None:
    told = called("leads", "export", "--help").stdout.decode()
    assert told.startswith("用法：wence leads export")
    assert "显示这份说明" in told
    assert "positional" not in told
    assert "options" not in told


def test_a_state_is_called_by_its_name() -> None:
    for state in ("新登记", "new"):
        assert called("leads", "export", "a.csv", "--state", state).returncode == 0


def test_the_first_line_at_a_terminal_is_chinese(tmp_path: Path) -> None:
    for left in tmp_path.glob("wence.db*"):
        left.unlink()
    run = started("desk", "list", WENCE_DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/new.db")
    assert run.returncode == 0
    assert run.stderr.decode().startswith(f"第一次用这个数据库：加密用的密钥存在 {tmp_path}/new.db.key")


def test_accounts_are_listed_and_the_last_of_the_office_stays() -> None:
    assert called("desk", "list").stdout.decode() == "还没有账号。\n"
    for name, role in (("陈主任", "office"), ("小李", "helpdesk")):
        assert called("desk", "add", name, "--role", role, stdin="long enough\n").returncode == 0
    listed = called("desk", "list").stdout.decode().splitlines()
    assert [line.split("\t")[:2] for line in listed] == [["陈主任", "办公室"], ["小李", "咨询员"]]
    refused = called("desk", "remove", "陈主任")
    assert refused.returncode == 2
    assert "最后一个办公室账号" in refused.stderr.decode()
    assert called("desk", "add", "陈主任", "--role", "helpdesk", stdin="long enough\n").returncode == 2
    assert called("desk", "add", "王科长", "--role", "office", stdin="long enough\n").returncode == 0
    assert "已删除" in called("desk", "remove", "陈主任").stdout.decode()
    assert "已删除" in called("desk", "remove", "小李").stdout.decode()
    assert called("desk", "remove", "王科长").returncode == 2


async def test_what_would_be_purged_is_told_and_stays(engine: Shelf, folder: Path) -> None:
    store, clock = await Store.open(databases.sqlite(folder)), Clock(datetime.now(UTC))
    await consult(Talker(service(engine, store, clock), "web:" + "a" * 32, name=""))
    long_ago = clock.now - timedelta(days=400)
    async with store.transaction() as work:
        await work.connection.execute(update(Consultation).values(touched=long_ago))
        await work.connection.execute(update(Person).values(first_at=long_ago))
    await store.close()
    settings = Settings.model_validate({"database_url": f"sqlite+aiosqlite:///{folder}/wence.db"})

    async def left() -> int:
        again = await Store.open(settings.database_url)
        async with again.reading() as connection:
            found = len((await connection.execute(select(Consultation.id))).all())
        await again.close()
        return found

    before = await left()
    rehearsed = await purge(settings, engine, really=False)
    assert rehearsed[1] == before > 0
    assert await left() == before
    assert await purge(settings, engine, really=True) == rehearsed
    assert await left() == 0


def test_what_people_say_is_counted_and_exported(engine: Shelf, folder: Path) -> None:
    async def talk() -> None:
        store = await Store.open(databases.sqlite(folder))
        talker = Talker(service(engine, store, Clock(datetime.now(UTC))), "web:" + "a" * 32, name="")
        for text in ("/start", "都没有", "高新企业认定奖励多少，电话13812345678"):
            await talker.say(text)
        await store.close()

    asyncio.run(talk())
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
    written = (folder / "gaps.yaml").read_text("utf-8")
    assert written == called("unanswered", "export").stdout.decode()
    (kind,) = yaml.safe_load(written)["unanswered"]
    assert kind["questions"] == ["高新企业认定奖励多少，电话〔电话〕"]


def test_figures_end_with_a_day(engine: Shelf, folder: Path) -> None:
    async def talk() -> None:
        store = await Store.open(databases.sqlite(folder))
        await consult(Talker(service(engine, store, Clock(datetime.now(UTC))), "web:" + "a" * 32, name=""))
        await store.close()

    asyncio.run(talk())
    assert "开始 1" in called("stats", "--until", "2999-01-01").stdout.decode()
    told = called("stats", "--since", "2001-01-01", "--until", "2001-12-31").stdout.decode()
    assert "2001-01-01 起 到 2001-12-31" in told
    assert "开始 0" in told


async def test_the_last_account_of_the_office_is_spared_whoever_asks(folder: Path) -> None:
    store = await Store.open(databases.sqlite(folder))
    now = datetime.now(UTC)
    async with store.transaction() as work:
        await accounts.add(work, "a", accounts.Role.OFFICE, "long enough", now)
    with pytest.raises(accounts.AccountError, match="最后一个"):
        async with store.transaction() as work:
            await accounts.remove(work, "a")
    await store.close()
