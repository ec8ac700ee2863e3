"""Accounts of the desk on both databases: lockout, expiry, new passwords, the first account."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from conversations.office import accounts
from conversations.office.accounts import IDLE, LONGEST, PAUSE, AccountError, LoginError, Role
from conversations.storage.store import Store
from conversations.storage.tables_accounts import DeskSession
from tests.bot.web.desk_site import HELPDESK, OFFICE, add_accounts

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture
async def empty(url: str) -> AsyncIterator[Store]:
    """A database without an account."""
    store = await Store.open(url, data_key=Fernet.generate_key().decode())
    yield store
    await store.close()


@pytest.fixture
async def store(empty: Store) -> Store:
    await add_accounts(empty)
    return empty


async def fail(store: Store, name: str, address: str, times: int, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(LoginError) as wrong:
            await accounts.login(store, name, "wrong-password", address, now)
        assert wrong.value.wait is None


async def test_five_wrong_passwords_lock_the_account(store: Store) -> None:
    for number in range(5):
        await fail(store, OFFICE[0], f"10.0.0.{number}", 1)
    with pytest.raises(LoginError) as locked:
        await accounts.login(store, *OFFICE, "10.0.0.99", NOW)
    assert locked.value.wait == PAUSE
    assert await accounts.login(store, *HELPDESK, "10.0.0.99", NOW), "others may"
    later = NOW + PAUSE + timedelta(seconds=1)
    assert await accounts.login(store, *OFFICE, "10.0.0.99", later)


async def test_five_wrong_passwords_lock_the_address(store: Store) -> None:
    for number in range(5):
        await fail(store, f"nobody{number}", "10.0.0.1", 1)
    with pytest.raises(LoginError) as locked:
        await accounts.login(store, *OFFICE, "10.0.0.1", NOW + timedelta(minutes=4))
    assert locked.value.wait == timedelta(minutes=1)
    assert await accounts.login(store, *OFFICE, "10.0.0.2", NOW)


async def test_success_forgets_the_failures(store: Store) -> None:
    for _ in range(3):
        await fail(store, OFFICE[0], "10.0.0.1", 4)
        await accounts.login(store, *OFFICE, "10.0.0.1", NOW)


async def test_a_login_ends_idle_and_in_any_case(store: Store) -> None:
    token = await accounts.login(store, *OFFICE, "10.0.0.1", NOW)
    assert await accounts.of(store, token, NOW + IDLE - timedelta(seconds=1))
    assert await accounts.of(store, token, NOW + IDLE + timedelta(minutes=30)), "seen in between"
    assert await accounts.of(store, token, NOW + IDLE * 3) is None
    token = await accounts.login(store, *OFFICE, "10.0.0.1", NOW)
    at = NOW
    while at < NOW + LONGEST - timedelta(minutes=50):
        at += timedelta(minutes=50)
        assert await accounts.of(store, token, at), at
    assert await accounts.of(store, token, NOW + LONGEST) is None


async def test_a_new_password_logs_out_and_unlocks(store: Store) -> None:
    token = await accounts.login(store, *OFFICE, "10.0.0.1", NOW)
    await fail(store, OFFICE[0], "10.0.0.2", 5)
    async with store.transaction() as work:
        assert not await accounts.add(work, OFFICE[0], Role.HELPDESK, "another-secret", NOW)
    assert await accounts.of(store, token, NOW) is None
    token = await accounts.login(store, OFFICE[0], "another-secret", "10.0.0.3", NOW)
    found = await accounts.of(store, token, NOW)
    assert found is not None
    assert found.role is Role.HELPDESK
    async with store.transaction() as work:
        assert await accounts.remove(work, OFFICE[0])
        assert not await accounts.remove(work, OFFICE[0])
    assert await accounts.of(store, token, NOW) is None


@pytest.mark.parametrize(
    ("name", "password"), [("", "long-enough"), ("a b", "long-enough"), ("a" * 41, "long-enough"), ("a", "short")]
)
async def test_accounts_that_cannot_be(store: Store, name: str, password: str) -> None:
    async with store.transaction() as work:
        with pytest.raises(AccountError, match=r"[账密]"):
            await accounts.add(work, name, Role.OFFICE, password, NOW)


async def test_the_settings_make_the_first_account_only(empty: Store) -> None:
    async with empty.transaction() as work:
        assert await accounts.add_first(work, "weak", NOW)
    assert await accounts.login(empty, "office", "weak", "10.0.0.1", NOW)
    async with empty.transaction() as work:
        assert not await accounts.add_first(work, "other", NOW)
    with pytest.raises(LoginError):
        await accounts.login(empty, "office", "other", "10.0.0.1", NOW)


async def test_an_ended_login_is_swept_away(store: Store) -> None:
    await accounts.login(store, *OFFICE, "10.0.0.1", NOW)
    async with store.transaction() as work:
        await work.connection.execute(update(DeskSession).values(seen=NOW - IDLE))
    await accounts.login(store, *HELPDESK, "10.0.0.1", NOW + timedelta(seconds=1))
    async with store.reading() as connection:
        assert len((await connection.execute(select(DeskSession.token))).all()) == 1
