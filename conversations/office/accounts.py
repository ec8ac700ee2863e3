"""Accounts of the desk: names with a role and a password, logging in, with pauses for who fails, and whose a browser is.

Knows tables and time; neither requests nor pages. argon2 is imported where a password is looked at.
"""

import asyncio
import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from conversations.office.leads import Reader
from conversations.storage.store import Store, Work
from conversations.storage.tables_accounts import DeskAccount, DeskAttempts, DeskSession
from knowledge.patterns import regex

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 500
FIRST = "office"
"""The account that the settings' password makes."""
ATTEMPTS, ATTEMPTS_OF_ADDRESS = 5, 20
"""So many attempts in vain from one address, as one account and as anybody, and there is a pause for that address."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
"""The pause after so many attempts, doubled with each further one, and the most."""
FORGOTTEN = timedelta(hours=1)
"""Attempts in vain are forgotten when there was none for so long."""
IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)
"""A browser is logged out when nothing was done for so long, and so long after the login whatever was done."""
_TOUCH = timedelta(minutes=1)
"""How exactly it is noted when somebody was last seen: a write to the database each time would be too dear."""
_NAME = regex(r"[\w.-]{1,40}")
_ANYBODY, _NOBODY = "", "?"
"""What attempts are counted under beside the names of accounts: all of an address, those as what is no name."""

log = logging.getLogger(__name__)


class Role(StrEnum):
    """What an account may do: the office everything, the helpdesk no export."""

    HELPDESK = "helpdesk"
    OFFICE = "office"


class AccountError(ValueError):
    """A name or a password that an account cannot have; the message says why, in Chinese."""


class LoginError(ValueError):
    """Nobody has logged in. ``wait``: so long no attempt is heard from this address, as this account or as anybody."""

    def __init__(self, wait: timedelta | None = None) -> None:
        super().__init__("too many attempts" if wait else "wrong name or password")
        self.wait = wait


class SteadyClock:
    """The time, which never goes back as long as this process runs: a clock that is set back lengthens no pause."""

    def __init__(self, wall: Callable[[], float] = time.time, passing: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._passing = passing
        self._told = wall() - passing()
        """The latest time so far, less what had passed then."""

    def __call__(self) -> datetime:
        """What time it is."""
        passed = self._passing()
        self._told = max(self._told, self._wall() - passed)
        return datetime.fromtimestamp(self._told + passed, UTC)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who has logged in."""

    name: str
    role: Role

    @property
    def person(self) -> str:
        """The key of this colleague in histories."""
        return f"desk:{self.name}"


async def add(work: Work, name: str, role: Role, password: str, now: datetime) -> bool:
    """Make the account, or (False) give the one of this name another role and password and log it out everywhere.

    Raises ``AccountError``.
    """
    if not _NAME.fullmatch(name):
        raise AccountError("账号名请用文字、数字、点、横线或下划线，不超过 40 个字。")
    _check(password)
    if role is not Role.OFFICE:
        await _spare_the_last(work, name)
    return await _keep(work, name, role, password, now)


async def open_new(work: Work, name: str, role: Role, password: str, now: datetime) -> None:
    """As ``add``, for a name that nobody has yet. Raises ``AccountError``."""
    found = await work.connection.execute(select(DeskAccount.name).where(DeskAccount.name == name))
    if found.first() is not None:
        raise AccountError(f"已经有账号“{name}”了，没有改动。忘了密码可以重设。")
    await add(work, name, role, password, now)


async def give_role(work: Work, name: str, role: Role) -> None:
    """Give the account another role and log it out everywhere. Raises ``AccountError``."""
    if role is not Role.OFFICE:
        await _spare_the_last(work, name)
    await _set(work, name, role=role.value)


async def reset(work: Work, name: str, password: str) -> None:
    """Give the account another password and log it out everywhere. Raises ``AccountError``."""
    _check(password)
    await _set(work, name, password=await _hashed(password))
    await work.connection.execute(delete(DeskAttempts).where(DeskAttempts.account == name))


async def disable(work: Work, name: str, since: datetime | None) -> None:
    """Let nobody log in by the account from now on, or (None) let them again. Raises ``AccountError``."""
    if since is not None:
        await _spare_the_last(work, name)
    await _set(work, name, disabled=since)


async def change_own(store: Store, name: str, old: str, new: str, address: str, now: datetime) -> None:
    """Another password for somebody who knows the ``old`` one; logs them out everywhere.

    Raises ``LoginError`` where they do not, ``AccountError`` for a new one that is none.
    """
    _check(new)
    await _prove(store, name, old, address, now)
    async with store.transaction() as work:
        await reset(work, name, new)
        await _forgive(work, name, address)


async def _set(work: Work, name: str, **values: object) -> None:
    changed = await work.connection.execute(update(DeskAccount).where(DeskAccount.name == name).values(**values))
    if not changed.rowcount:
        raise AccountError(f"没有账号“{name}”。")
    await work.connection.execute(delete(DeskSession).where(DeskSession.account == name))


def _check(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"密码至少 {SHORTEST_PASSWORD} 个字符，不超过 {LONGEST_PASSWORD} 个。")


async def _hashed(password: str) -> str:
    from argon2 import PasswordHasher

    return await asyncio.to_thread(PasswordHasher().hash, password)


async def add_first(work: Work, password: str, now: datetime) -> bool:
    """Make the account ``office`` with ``password``, which the settings answer for; False where there are accounts."""
    if await exist(work.connection):
        return False
    return await _keep(work, FIRST, Role.OFFICE, password, now)


async def _keep(work: Work, name: str, role: Role, password: str, now: datetime) -> bool:
    values = {"role": role.value, "password": await _hashed(password), "disabled": None}
    changed = await work.connection.execute(update(DeskAccount).where(DeskAccount.name == name).values(values))
    await work.connection.execute(delete(DeskAttempts).where(DeskAttempts.account == name))
    if changed.rowcount:
        await work.connection.execute(delete(DeskSession).where(DeskSession.account == name))
        return False
    made = work.insert(DeskAccount).values(name=name, created=now, **values)
    # Two processes may start with the same settings at once.
    await work.connection.execute(made.on_conflict_do_nothing())
    return True


async def remove(work: Work, name: str) -> bool:
    """Delete the account and log it out everywhere; False where there is none of this name.

    Raises ``AccountError`` for the last one of the office.
    """
    await _spare_the_last(work, name)
    await work.connection.execute(delete(DeskSession).where(DeskSession.account == name))
    gone = await work.connection.execute(delete(DeskAccount).where(DeskAccount.name == name))
    return gone.rowcount > 0


async def _spare_the_last(work: Work, name: str) -> None:
    """Raise ``AccountError`` where ``name`` is the only account of the office: without it nobody could give another one."""
    await work.lock(["office accounts"])
    offices = select(DeskAccount.name).where(DeskAccount.role == Role.OFFICE.value, DeskAccount.disabled.is_(None))
    if list((await work.connection.execute(offices)).scalars()) == [name]:
        raise AccountError(
            f"“{name}”是最后一个办公室账号，不能删除、停用，也不能改成咨询员。请先给别人开一个办公室账号。"
        )


async def every(connection: Reader) -> list[tuple[str, str, datetime, datetime | None]]:
    """All accounts: name, role, since when, and since when disabled."""
    columns = (DeskAccount.name, DeskAccount.role, DeskAccount.created, DeskAccount.disabled)
    rows = await connection.execute(select(*columns).order_by(DeskAccount.role.desc(), DeskAccount.name))
    return [(row.name, row.role, row.created, row.disabled) for row in rows]


async def exist(connection: Reader) -> bool:
    """Whether there is any account."""
    found = await connection.execute(select(DeskAccount.name).limit(1))
    return found.first() is not None


async def login(store: Store, name: str, password: str, address: str, now: datetime) -> str:
    """The secret for the cookie of somebody who logs in from ``address``. Raises ``LoginError``.

    Who fails is slowed at their own address alone: nobody can keep the holder of an account out elsewhere. The attempt
    is counted before the password is looked at, so that many at once are no way round the pause.
    """
    account = await _prove(store, name, password, address, now)
    token = secrets.token_urlsafe(32)
    async with store.transaction() as work:
        await work.connection.execute(
            delete(DeskSession).where((DeskSession.begun < now - LONGEST) | (DeskSession.seen < now - IDLE))
        )
        row = {"token": _digest(token), "account": account, "begun": now, "seen": now}
        await work.connection.execute(insert(DeskSession), row)
        await _forgive(work, account, address)
    return token


async def _prove(store: Store, name: str, password: str, address: str, now: datetime) -> str:
    """The name of the account that ``password`` opens. Raises ``LoginError``, and counts each attempt."""
    name = name.strip()
    account = name if _NAME.fullmatch(name) else _NOBODY
    async with store.transaction() as work:
        wait = await _count(work, address, account, now)
    if wait:
        raise LoginError(wait)
    open_ones = select(DeskAccount.password).where(DeskAccount.name == account, DeskAccount.disabled.is_(None))
    async with store.reading() as connection:
        kept = (await connection.execute(open_ones)).scalar()
    if not await asyncio.to_thread(_matches, kept, password[: LONGEST_PASSWORD + 1]):
        raise LoginError
    return account


async def _forgive(work: Work, account: str, address: str) -> None:
    """Forget the attempts in vain of who has proved to be the holder of ``account``."""
    here = DeskAttempts.address == address
    await work.connection.execute(delete(DeskAttempts).where(here, DeskAttempts.account == account))
    # A right password does not undo what else was tried from there.
    one_less = update(DeskAttempts).where(here, DeskAttempts.account == _ANYBODY)
    await work.connection.execute(one_less.values(count=DeskAttempts.count - 1))


async def of(store: Store, token: str, now: datetime) -> Account | None:
    """Whose browser holds ``token``; None where nobody's, or not any more. Notes that they were seen."""
    theirs = DeskSession.token == _digest(token)
    valid = (
        select(DeskAccount.name, DeskAccount.role, DeskSession.seen)
        .join(DeskAccount, DeskAccount.name == DeskSession.account)
        .where(theirs, DeskAccount.disabled.is_(None), DeskSession.begun > now - LONGEST, DeskSession.seen > now - IDLE)
    )
    async with store.reading() as connection:
        row = (await connection.execute(valid)).one_or_none()
    if row is None:
        return None
    if row.seen < now - _TOUCH:
        async with store.transaction() as work:
            await work.connection.execute(update(DeskSession).where(theirs).values(seen=now))
    return Account(row.name, Role(row.role))


async def logout(store: Store, token: str) -> None:
    """Let ``token`` be worth nothing."""
    async with store.transaction() as work:
        await work.connection.execute(delete(DeskSession).where(DeskSession.token == _digest(token)))


async def _count(work: Work, address: str, account: str, now: datetime) -> timedelta | None:
    """Count one more attempt, or return how long to wait instead, which no refused attempt lengthens."""
    await work.lock([f"login {address}"])
    await work.connection.execute(delete(DeskAttempts).where(DeskAttempts.at < now - FORGOTTEN))
    # By a clock that has been set back they lie ahead: none shall be waited for longer than if it were made now.
    await work.connection.execute(update(DeskAttempts).where(DeskAttempts.at > now).values(at=now))
    free = {account: ATTEMPTS, _ANYBODY: ATTEMPTS_OF_ADDRESS}
    made = await work.connection.execute(
        select(DeskAttempts.account, DeskAttempts.count, DeskAttempts.at).where(
            DeskAttempts.address == address, DeskAttempts.account.in_(free)
        )
    )
    wait = max((at + _pause(count - free[whose]) - now for whose, count, at in made), default=timedelta())
    if wait > timedelta():
        log.warning("Too many attempts to log in from %s: the next in %d s", address, wait.total_seconds())
        return wait
    counted = work.insert(DeskAttempts)
    counted = counted.on_conflict_do_update(
        index_elements=[DeskAttempts.address, DeskAttempts.account],
        set_={"count": DeskAttempts.count + 1, "at": now},
    )
    rows = [{"address": address, "account": whose, "count": 1, "at": now} for whose in free]
    await work.connection.execute(counted, rows)
    return None


def _pause(more: int) -> timedelta:
    """How long after the last attempt the next one is heard, ``more`` having been made in vain than are free."""
    return timedelta() if more < 0 else min(FIRST_PAUSE * 2 ** min(more, 10), LONGEST_PAUSE)


def _matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one of the hash ``kept``; takes as long where there is no hash."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerifyMismatchError

    hasher = PasswordHasher()
    if kept is None:
        hasher.hash(password)
        return False
    try:
        return hasher.verify(kept, password)
    except VerifyMismatchError:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
