"""Keys of the API: shown once, kept by digest, one in force for a name; the commands that make and end them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli import main
from bot.web import keys
from conversations.storage.store import Store
from conversations.storage.tables_web import ApiKey
from tests import databases

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_a_key_lies_as_its_digest_and_is_found_by_itself(tmp_path: Path) -> None:
    store = await Store.open(databases.sqlite(tmp_path))
    key = await keys.add(store, " 省电商网 ", NOW)
    assert len(key) > 40
    async with store.reading() as connection:
        row = (await connection.execute(select(ApiKey))).one()
    assert row.name == "省电商网"
    assert key not in map(str, row)
    assert await keys.holder(store, key, NOW) == row.id
    assert await keys.holder(store, key.upper(), NOW) is None
    assert await keys.holder(store, row.digest, NOW) is None
    await store.close()


async def test_its_use_is_noted_to_the_hour(tmp_path: Path) -> None:
    store = await Store.open(databases.sqlite(tmp_path))
    key = await keys.add(store, "a", NOW)
    later = NOW + timedelta(minutes=70)
    for moment, noted in ((NOW, NOW), (NOW + timedelta(minutes=5), NOW), (later, later)):
        await keys.holder(store, key, moment)
        assert [each.used for each in await keys.every(store)] == [noted]
    await store.close()


async def test_a_name_has_one_key_in_force(tmp_path: Path) -> None:
    store = await Store.open(databases.sqlite(tmp_path))
    first = await keys.add(store, "a", NOW)
    with pytest.raises(keys.KeyNameError, match="already"):
        await keys.add(store, "a", NOW)
    await keys.revoke(store, "a", NOW)
    with pytest.raises(keys.KeyNameError, match="no key"):
        await keys.revoke(store, "a", NOW)
    second = await keys.add(store, "a", NOW)
    assert await keys.holder(store, first, NOW) is None
    assert await keys.holder(store, second, NOW) is not None
    assert [each.revoked for each in await keys.every(store)] == [NOW, None]
    for name in ("", "  ", "a\nb", "长" * 61):
        with pytest.raises(keys.KeyNameError, match="characters"):
            await keys.add(store, name, NOW)
    await store.close()


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENCE_DATABASE_URL", "sqlite+aiosqlite:///wence.db")

    def wence(*arguments: str) -> tuple[int, str, str]:
        status = main(["key", *arguments])
        shown, fault = capsys.readouterr()
        return status, shown, fault

    assert wence("list")[1].strip() == "还没有密钥。"
    status, shown, _ = wence("add", "省电商网")
    key = shown.splitlines()[0]
    assert (status, key.startswith(keys.MARK)) == (0, True)
    status, _, fault = wence("add", "省电商网")
    assert (status, "already" in fault) == (2, True)
    assert "有效" in wence("list")[1]
    assert wence("revoke", "省电商网")[0] == 0
    assert wence("revoke", "省电商网")[0] == 2
    listed = wence("list")[1]
    assert "作废" in listed
    assert key not in listed
