"""A backup holds all that was kept when it began, and a restore brings all of it back, or changes nothing."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from logging import INFO, LogRecord
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, func, make_url, select

from bot.care import forget_again
from bot.serve import Redacting
from bot.settings import Settings
from conversations.office import accounts, forgotten, personal_data
from conversations.state.messages import Inbound, Kind
from conversations.storage import backup as module
from conversations.storage import migrations, postgres_tools
from conversations.storage.backup import backup, restore
from conversations.storage.postgres_tools import BackupError
from conversations.storage.store import Line, Store
from conversations.storage.tables import LoggedMessage, Person
from conversations.storage.tables_accounts import DeskAccount, DeskSession
from conversations.storage.vault import Vault, VaultError
from tests import databases

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = Fernet.generate_key().decode()
SECRET = "我们的联系人姓欧阳"
LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "{}"


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
"""


def quiet(_: float) -> None:
    pass


def inbound(number: int, at: datetime = NOW) -> Inbound:
    return Inbound(id=f"{number}", channel="telegram", person=f"telegram:{number}", chat="1", kind=Kind.TEXT, at=at)


async def opened(url: str) -> Store:
    return await Store.open(url, data_key=KEY)


async def meet(store: Store, *numbers: int, at: datetime = NOW) -> None:
    """Each comes and says something, which is one transaction."""
    for number in numbers:
        async with store.transaction() as work:
            await work.greet([inbound(number, at)], at)
            await work.record([Line(f"telegram:{number}", True, "text", SECRET)], at)


async def met(url: str) -> list[int]:
    """Who has come; and each has said what was said."""
    store = await opened(url)
    try:
        async with store.reading() as connection:
            came = (await connection.execute(select(Person.person))).scalars().all()
            said = (await connection.execute(select(LoggedMessage.person, LoggedMessage.text))).all()
    finally:
        await store.close()
    assert sorted(said) == sorted((person, SECRET) for person in came)
    return sorted(int(person.partition(":")[2]) for person in came)


async def with_people(url: str, *numbers: int) -> None:
    store = await opened(url)
    await meet(store, *numbers)
    await store.close()


def lose(url: str) -> str:
    """Everything is gone; returns where there is an empty database instead."""
    file = module._place(url)
    if file is not None:
        for each in file.parent.glob(f"{file.name}*"):
            each.unlink()
        return url
    return databases.postgresql(Path(str(make_url(url).query["host"])), "template0")


def names(folder: Path) -> list[str]:
    """What lies in ``folder``."""
    return sorted(each.name for each in folder.iterdir())


async def test_all_that_was_kept_comes_back(url: str, tmp_path: Path) -> None:
    await with_people(url, 1, 2, 3)
    file, shares = tmp_path / "of-today.backup", list[float]()
    assert await backup(url, file, shares.append) == migrations.revisions()[-1]
    assert shares[-1] == 1
    assert shares == sorted(shares)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not [name for name in names(tmp_path) if name.endswith(".part")]
    assert SECRET.encode() not in file.read_bytes()
    assert KEY.encode() not in file.read_bytes()
    new = lose(url)
    done = await restore(new, file, KEY, shares.append, replace=False)
    assert (done.was, done.now, done.people) == (*[migrations.revisions()[-1]] * 2, 3)
    assert await met(new) == [1, 2, 3]
    await with_people(new, 4)  # and it goes on
    assert await met(new) == [1, 2, 3, 4]


async def test_while_others_write(url: str, tmp_path: Path) -> None:
    """What was kept before is in it, of what comes meanwhile each thing whole or not at all."""
    store = await opened(url)
    await meet(store, *range(200))
    done = asyncio.Event()

    async def talk() -> int:
        number = 1000
        while not done.is_set():
            await meet(store, number)
            number += 1
        return number

    talking = asyncio.create_task(talk())
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    done.set()
    last = await talking
    assert last > 1000
    await store.close()
    new = lose(url)
    await restore(new, file, KEY, quiet, replace=False)
    back = await met(new)
    assert back[:200] == list(range(200))
    assert back[200:] == list(range(1000, 1000 + len(back) - 200))


@pytest.mark.slow
async def test_a_write_in_the_middle_neither_waits_nor_begins_the_copy_anew(
    url_of_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_people(url_of_file, *range(300))
    monkeypatch.setattr(module, "_PAGES", 1)
    written, shares = list[int](), list[float]()

    def progress(share: float) -> None:
        shares.append(share)
        with closing(sqlite3.connect(tmp_path / "wence.db", timeout=0)) as other:
            number = 5000 + len(written)
            row = (f"telegram:{number}", "telegram", "1", "2026-11-24 12:00:00")
            other.execute("INSERT INTO people (person, channel, chat, first_at) VALUES (?, ?, ?, ?)", row)
            other.commit()
        written.append(number)

    file = tmp_path / "of-today.backup"
    await backup(url_of_file, file, progress)
    assert len(written) > 10
    assert shares == sorted(set(shares))  # never begun anew
    with closing(sqlite3.connect(file)) as copy:
        assert copy.execute("SELECT count(*) FROM people").fetchone() == (300,)


@pytest.mark.slow
async def test_what_was_deleted_is_in_no_backup_even_where_it_still_lies_in_the_file(
    url_of_file: str, tmp_path: Path
) -> None:
    file, gone = tmp_path / "of-today.backup", b"somebody-who-has-gone"
    with closing(sqlite3.connect(tmp_path / "wence.db")) as careless:
        row = (gone.decode(), "telegram", "1", "2026-11-24 12:00:00")
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("INSERT INTO people (person, channel, chat, first_at) VALUES (?, ?, ?, ?)", row)
        careless.commit()
        careless.execute("DELETE FROM people")
        careless.commit()
        careless.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert gone in (tmp_path / "wence.db").read_bytes()
    await backup(url_of_file, file, quiet)
    assert gone not in file.read_bytes()


@pytest.fixture
def url_of_file(tmp_path: Path) -> str:
    return databases.sqlite(tmp_path)


async def test_what_is_there_is_only_replaced_when_that_is_wished(url: str, tmp_path: Path) -> None:
    await with_people(url, 1)
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    await with_people(url, 2)
    with pytest.raises(BackupError, match="--replace"):
        await restore(url, file, KEY, quiet, replace=False)
    assert await met(url) == [1, 2]
    await restore(url, file, KEY, quiet, replace=True)
    assert await met(url) == [1]
    assert not [name for name in names(tmp_path) if ".restoring" in name]


async def test_an_empty_database_is_no_loss(url: str, tmp_path: Path) -> None:
    await with_people(url, 1)
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    new = lose(url)
    await with_people(new)  # which makes the tables, and notes the key
    await restore(new, file, KEY, quiet, replace=False)
    assert await met(new) == [1]


async def test_nobody_may_be_at_it(url: str, tmp_path: Path) -> None:
    await with_people(url, 1)
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    store = await opened(url)
    await meet(store, 2)
    with pytest.raises(BackupError, match="正在用"):
        await restore(url, file, KEY, quiet, replace=True)
    await meet(store, 3)
    await store.close()
    assert await met(url) == [1, 2, 3]


async def test_the_key_has_to_fit_before_anything_is_replaced(url: str, tmp_path: Path) -> None:
    await with_people(url, 1)
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    await with_people(url, 2)
    other = Fernet.generate_key().decode()
    with pytest.raises(VaultError):
        await restore(url, file, other, quiet, replace=True)
    assert await met(url) == [1, 2]
    await restore(url, file, f"{other},{KEY}", quiet, replace=True)
    assert await met(url) == [1]


@pytest.mark.slow
async def test_a_key_that_lay_beside_the_file_has_to_be_put_back_first(tmp_path: Path, url_of_file: str) -> None:
    await (await Store.open(url_of_file)).close()
    file, key = tmp_path / "of-today.backup", tmp_path / "wence.db.key"
    await backup(url_of_file, file, quiet)
    kept = key.read_text()
    lose(url_of_file)
    with pytest.raises(BackupError, match=r"wence\.db\.key"):
        await restore(url_of_file, file, "", quiet, replace=False)
    assert not key.exists()
    key.write_text(kept)
    await restore(url_of_file, file, "", quiet, replace=False)
    await (await Store.open(url_of_file)).close()


async def test_a_later_release_brings_it_up_to_date_and_an_earlier_one_refuses(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_people(url, 1)
    old, new = tmp_path / "old.backup", tmp_path / "new.backup"
    was = await backup(url, old, quiet)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_FOLDER", _later_release(tmp_path))
        await with_people(url, 2)  # which migrates
        assert await backup(url, new, quiet) == "9998"
        done = await restore(url, old, KEY, quiet, replace=True)
        assert (done.was, done.now) == (was, "9998")
        assert await met(url) == [1]
        await restore(url, new, KEY, quiet, replace=True)
        assert await met(url) == [1, 2]
    with pytest.raises(BackupError, match="9998"):
        await restore(url, new, KEY, quiet, replace=True)
    # the way back after an upgrade: the earlier release, what was kept before it; and then the upgrade once more
    await restore(url, old, KEY, quiet, replace=True)
    assert await met(url) == [1]
    monkeypatch.setattr(migrations, "_FOLDER", _later_release(tmp_path))
    await with_people(url, 3)
    assert await met(url) == [1, 3]


def _later_release(tmp_path: Path) -> Path:
    folder = tmp_path / "storage" / "migrations"
    if not folder.exists():
        shutil.copytree(migrations._FOLDER, folder)
        (folder / "versions" / "9998_later.py").write_text(LATER.format(migrations.revisions()[-1]))
    return folder


async def test_a_backup_that_is_damaged_changes_nothing(url: str, tmp_path: Path) -> None:
    await with_people(url, *range(50))
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    whole = file.read_bytes()
    await with_people(url, 77)
    file.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises((BackupError, VaultError)):
        await restore(url, file, KEY, quiet, replace=True)
    assert await met(url) == [*range(50), 77]
    file.write_bytes(whole)
    await restore(url, file, KEY, quiet, replace=True)
    assert await met(url) == list(range(50))


async def test_what_is_no_backup_of_this_kind(url: str, tmp_path: Path) -> None:
    await with_people(url, 1)
    words_alone, other, empty = tmp_path / "text", tmp_path / "other", tmp_path / "empty.db"
    words_alone.write_text("hello")
    other.write_bytes(b"PGDMP" if url.startswith("sqlite") else b"SQLite format 3\0")
    for file, words in ((words_alone, "不是 wence backup"), (other, "不能互换"), (tmp_path / "no", "读不了")):
        with pytest.raises(BackupError, match=words):
            await restore(url, file, KEY, quiet, replace=True)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(empty)) as made:
            made.execute("CREATE TABLE x (y)")
        with pytest.raises(BackupError, match="没有问策的表"):
            await restore(url, empty, KEY, quiet, replace=True)
    assert await met(url) == [1]


@pytest.mark.slow
async def test_a_file_that_is_no_database_any_more_gives_way(url_of_file: str, tmp_path: Path) -> None:
    await with_people(url_of_file, 1)
    file = tmp_path / "of-today.backup"
    await backup(url_of_file, file, quiet)
    (tmp_path / "wence.db").write_bytes(b"\xff" * 8192)
    with pytest.raises(BackupError, match="--replace"):
        await restore(url_of_file, file, KEY, quiet, replace=False)
    await restore(url_of_file, file, KEY, quiet, replace=True)
    assert await met(url_of_file) == [1]


@pytest.mark.slow
async def test_a_backup_takes_no_place_that_is_taken(url_of_file: str, tmp_path: Path) -> None:
    file = tmp_path / "of-today.backup"
    file.write_text("mine")
    with pytest.raises(BackupError, match="换一个名字"):
        await backup(url_of_file, file, quiet)
    assert file.read_text() == "mine"
    for url, place, words in (
        (url_of_file, tmp_path / "no" / "x", "文件夹"),
        ("sqlite+aiosqlite:///no.db", tmp_path / "x", "没有 no.db"),
        ("sqlite+aiosqlite://", tmp_path / "x", "内存"),
    ):
        with pytest.raises(BackupError, match=words):
            await backup(url, place, quiet)
    assert names(tmp_path) == ["of-today.backup", "wence.db"]


async def test_nobody_is_logged_in_after_a_restore(url: str, tmp_path: Path) -> None:
    store = await opened(url)
    async with store.transaction() as work:
        await accounts.add_first(work, "a long password", NOW)
        row = {"token": "t", "account": accounts.FIRST, "begun": NOW, "seen": NOW}
        await work.connection.execute(work.insert(DeskSession).values(row))
    await store.close()
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    await restore(url, file, KEY, quiet, replace=True)
    store = await opened(url)
    async with store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(DeskSession)) == 0
        assert await connection.scalar(select(DeskAccount.name)) == accounts.FIRST
    await store.close()


# -- PostgreSQL's tools


def of_the_future(_: Connection) -> tuple[int, None]:
    return 99, None


@pytest.mark.slow
@pytest.mark.parametrize("bare_url", ["postgresql"], indirect=True)
async def test_tools_that_are_missing_or_of_another_version(
    bare_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_people(bare_url, 1)
    monkeypatch.setattr(postgres_tools, "_DEBIANS", tmp_path)
    monkeypatch.setattr(postgres_tools, "_server", of_the_future)
    with pytest.raises(BackupError, match="postgresql-client-99"):
        await backup(bare_url, tmp_path / "x", quiet)
    assert names(tmp_path) == []


def test_a_password_is_told_by_the_environment_alone() -> None:
    url = "postgresql+asyncpg://wence:p%40ss@db.example:5433/wence?ssl=require"
    given = postgres_tools._environment(url)
    shown = {name: given[name] for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE")}
    assert list(shown.values()) == ["db.example", "5433", "wence", "p@ss", "wence", "require"]
    assert not any(name.startswith("WENCE_") for name in given)
    assert postgres_tools._environment("postgresql+asyncpg://u@/d?host=/run/pg")["PGHOST"] == "/run/pg"


# -- who wished to be forgotten


async def forget(store: Store, number: int, at: datetime) -> None:
    """As the office does."""
    async with store.transaction() as work:
        forgotten.note(work.vault, f"telegram:{number}", at)
        await personal_data.forget(work, inbound(number, at))


async def test_a_restore_brings_nobody_back_who_wished_to_go(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("INFO")
    store = await opened(url)
    await meet(store, 1, 2, 3)
    await forget(store, 3, NOW)  # who comes again: that wish is done with
    await meet(store, 3, at=NOW + timedelta(days=1))
    await store.close()
    file = tmp_path / "of-today.backup"
    await backup(url, file, quiet)
    store = await opened(url)
    await forget(store, 1, NOW + timedelta(days=2))
    await store.close()
    assert await met(url) == [2, 3]
    log = [f"Nov 26 host wence[7]: 2026-11-26 INFO x: {line}" for line in caplog.messages]
    assert "telegram:1" not in "".join(log)
    await restore(url, file, KEY, quiet, replace=True)
    assert await met(url) == [1, 2, 3]
    later = Settings.model_validate({"database_url": url, "data_key": f"{Fernet.generate_key().decode()},{KEY}"})
    assert await forget_again(later, log) == 1
    assert await met(url) == [2, 3]


def test_a_wish_in_the_log_survives_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """What the log takes out of a line, phone numbers and tokens, is no part of it, whoever it is."""
    caplog.set_level("INFO")
    vault = Vault([KEY])
    for number in range(300):
        forgotten.note(vault, f"telegram:{number}", NOW + timedelta(microseconds=number * 7919))
    lines = [
        Redacting("%(asctime)s %(message)s").format(LogRecord("x", INFO, "f", 1, m, (), None)) for m in caplog.messages
    ]
    assert len(forgotten.read(lines)) == 300
    assert forgotten.read(["nothing", "Forgotten: abc at once"]) == {}
    assert len(set(forgotten.read(lines))) == len({line.split("Forgotten: ")[1] for line in lines})


def test_without_a_key_nothing_is_noted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    forgotten.note(Vault([]), "telegram:1", NOW)
    assert caplog.messages == []
