"""What the vault promises: nothing readable at rest, the right key or a clear error, keys that can be changed."""

import logging
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.vault import Vault, VaultError
from tests.conversations.leading import Clock, Talker, lead, service
from tests.conversations.leading import consult as come_to_a_result

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
SECRETS = ("张三丰", "13800138000", "工作日上午", "先问受理时间")


def test_sealed_text_opens_and_shows_nothing() -> None:
    vault = Vault([NEW])
    sealed = vault.seal("张三丰")
    assert "张三丰" not in sealed
    assert sealed != vault.seal("张三丰")
    assert vault.open(sealed) == "张三丰"


def test_the_first_key_seals_and_all_open() -> None:
    before = Vault([OLD])
    both = Vault.from_settings(f"{NEW}, {OLD}", None)
    assert both.open(before.seal("旧")) == "旧"
    assert Vault([NEW]).open(both.seal("新")) == "新"
    assert before.digest("1") in both.digests("1")
    assert both.digest("1") == Vault([NEW]).digest("1") != before.digest("1")


def test_a_wrong_key_is_an_error_and_no_garbage() -> None:
    with pytest.raises(VaultError, match="WENCE_DATA_KEY is not the key"):
        Vault([NEW]).open(Vault([OLD]).seal("旧"))
    for wrong in ("short", "x" * 44, NEW[:-2]):
        with pytest.raises(VaultError, match="WENCE_DATA_KEY: a key is"):
            Vault([wrong])


def test_a_key_is_made_beside_the_database_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = tmp_path / "w.db"
    with caplog.at_level(logging.WARNING):
        first = Vault.from_settings("", str(database))
    made = tmp_path / "w.db.key"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert str(made) in caplog.text
    assert made.read_text().strip() not in caplog.text
    caplog.clear()
    assert Vault.from_settings("", str(database)).open(first.seal("同")) == "同"
    assert caplog.text == ""


def test_text_from_before_there_was_a_key_is_read_as_it_stands() -> None:
    assert Vault([NEW]).open('{"a": 1}') == '{"a": 1}'


async def test_another_key_is_refused_at_the_start_and_an_added_one_is_not(url: str) -> None:
    await (await Store.open(url, data_key=OLD)).close()
    for wrong in (NEW, "") if "postgresql" in url else (NEW,):
        with pytest.raises(VaultError, match="WENCE_DATA_KEY"):
            await Store.open(url, data_key=wrong)
    await (await Store.open(url, data_key=f"{NEW},{OLD}")).close()


async def test_nothing_that_people_say_lies_readable(url: str, engine: Shelf) -> None:
    store = await Store.open(url, data_key=NEW)
    person = Talker(service(engine, store, Clock()))
    await come_to_a_result(person)
    await lead(person)
    await person.say("登记", "同意", "同意", "另一家公司", "跳过", "李四海", "0371-67181234")  # left half filled
    async with store.reading() as connection:
        for table in ("consultations", "outbox", "messages", "leads", "lead_history"):
            rows = (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            assert rows
            for secret in (*SECRETS, "李四海", "67181234", "代运营"):
                assert secret not in repr(rows), (table, secret)
        number = await connection.scalar(text("SELECT enterprise FROM leads"))
    assert number == "郑州云帆电子商务有限公司"  # plain, to be searched
    await store.close()


async def test_without_a_key_on_postgresql_no_contact_data_is_taken(url: str, engine: Shelf) -> None:
    if url.startswith("sqlite"):
        pytest.skip("SQLite gets a key of its own")
    store = await Store.open(url)
    person = Talker(service(engine, store, Clock()))
    await come_to_a_result(person)
    assert "暂时还不能登记" in await person.say("登记")
    await store.close()
