"""Accounts of the desk on both databases: pauses for who fails, expiry, new passwords, the first account."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from conversations.office import accounts
from conversations.office.accounts import (
    ATTEMPTS,
    ATTEMPTS_OF_ADDRESS,
    FIRST_PAUSE,
    FORGOTTEN,
    IDLE,
    LONGEST,
    LONGEST_PAUSE,
    AccountError,
    LoginError,
    Role,
    SteadyClock,
)
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


async def wait(store: Store, name: str, address: str, now: datetime) -> timedelta | None:
    """How long the next attempt from there has to wait; what it says is wrong."""
    with pytest.raises(LoginError) as refused:
        await accounts.login(store, name, "wrong-password", address, now)
    return refused.value.wait


async def test_strangers_lock_nobody_out(store: Store) -> None:
    """From five addresses, for hours: the account's holder comes in from elsewhere at once, whenever they come."""
    strangers = [f"10.0.0.{number}" for number in range(5)]
    at = NOW
    for minute in range(0, 180, 6):
        at = NOW + timedelta(minutes=minute)
        for address in strangers:
            for _ in range(3):
                await wait(store, OFFICE[0], address, at)
        if minute % 30 == 0:
            assert await accounts.login(store, *OFFICE, "10.0.0.99", at)
    assert await wait(store, OFFICE[0], strangers[0], at), "the strangers themselves wait"


async def test_the_pauses_of_one_who_fails_grow_and_end(store: Store) -> None:
    await fail(store, OFFICE[0], "10.0.0.1", ATTEMPTS)
    at, waited = NOW, list[timedelta]()
    for _ in range(7):
        pause = await wait(store, OFFICE[0], "10.0.0.1", at)
        assert pause is not None
        with pytest.raises(LoginError):  # not even the right password, and no refusal makes it longer
            await accounts.login(store, *OFFICE, "10.0.0.1", at + pause - timedelta(seconds=1))
        waited.append(pause)
        at += pause
        await fail(store, OFFICE[0], "10.0.0.1", 1, at)
    minutes = [pause // timedelta(minutes=1) for pause in waited]
    assert minutes == [1, 2, 4, 8, 15, 15, 15]
    assert await accounts.login(store, *OFFICE, "10.0.0.1", at + LONGEST_PAUSE)
    await fail(store, OFFICE[0], "10.0.0.1", ATTEMPTS, at + LONGEST_PAUSE)


async def test_one_colleague_who_fails_halts_no_other_beside_them(store: Store) -> None:
    await fail(store, OFFICE[0], "10.0.0.1", ATTEMPTS)
    assert await wait(store, OFFICE[0], "10.0.0.1", NOW)
    assert await accounts.login(store, *HELPDESK, "10.0.0.1", NOW)


async def test_an_address_that_tries_many_accounts_waits(store: Store) -> None:
    for number in range(ATTEMPTS_OF_ADDRESS):
        await fail(store, f"nobody{number}", "10.0.0.1", 1)
    for name in (OFFICE[0], "", "no name", "a" * 50, "零\x00"):
        assert await wait(store, name, "10.0.0.1", NOW) == FIRST_PAUSE
    assert await accounts.login(store, *OFFICE, "10.0.0.2", NOW)
    assert await accounts.login(store, *OFFICE, "10.0.0.1", NOW + FIRST_PAUSE)


async def test_who_has_an_account_of_their_own_tries_others_no_oftener(store: Store) -> None:
    for number in range(ATTEMPTS_OF_ADDRESS):
        await accounts.login(store, *HELPDESK, "10.0.0.1", NOW)
        await fail(store, f"nobody{number}", "10.0.0.1", 1)
    assert await wait(store, OFFICE[0], "10.0.0.1", NOW) == FIRST_PAUSE


async def test_many_attempts_at_once_are_no_way_round_the_pause(store: Store) -> None:
    many = await asyncio.gather(*(wait(store, OFFICE[0], "10.0.0.1", NOW) for _ in range(3 * ATTEMPTS)))
    assert many.count(None) == ATTEMPTS


async def test_success_forgets_the_failures(store: Store) -> None:
    for _ in range(3):
        await fail(store, OFFICE[0], "10.0.0.1", 4)
        await accounts.login(store, *OFFICE, "10.0.0.1", NOW)


async def test_attempts_in_vain_are_forgotten(store: Store) -> None:
    await fail(store, OFFICE[0], "10.0.0.1", ATTEMPTS)
    await fail(store, OFFICE[0], "10.0.0.1", ATTEMPTS, NOW + FORGOTTEN + timedelta(seconds=1))


async def test_a_clock_set_back_lengthens_no_pause(store: Store) -> None:
    await fail(store, OFFICE[0], "10.0.0.1", ATTEMPTS)
    back = NOW - timedelta(days=3)
    assert await wait(store, OFFICE[0], "10.0.0.1", back) == FIRST_PAUSE
    assert await wait(store, OFFICE[0], "10.0.0.1", back + timedelta(seconds=59)) == timedelta(seconds=1)
    assert await accounts.login(store, *OFFICE, "10.0.0.1", back + FIRST_PAUSE)


def test_the_clock_of_a_process_never_goes_back() -> None:
    wall, passed = 1_000_000.0, 50.0
    clock = SteadyClock(lambda: wall, lambda: passed)
    begun = clock()
    assert begun == datetime.fromtimestamp(1_000_000, UTC)
    told: list[float] = []
    for step, seconds in ((10, 10), (-3600, 10), (10, 10), (3610, 10), (86_400, 10), (-86_400, 10)):
        wall, passed = wall + step, passed + seconds
        told.append((clock() - begun).total_seconds())
    assert told == [10, 20, 30, 40, 86_430, 86_440]


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
        assert await accounts.add(work, "another", Role.OFFICE, "another-secret", NOW)
        assert not await accounts.add(work, OFFICE[0], Role.HELPDESK, "another-secret", NOW)
    assert await accounts.of(store, token, NOW) is None
    token = await accounts.login(store, OFFICE[0], "another-secret", "10.0.0.2", NOW)
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
