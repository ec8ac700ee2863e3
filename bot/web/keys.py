"""Keys of the HTTP API: made for a partner's name, shown once, looked up by their digest, revoked.

Knows the database and nothing of requests, so the command line uses it too.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from conversations.storage.store import Store
from conversations.storage.tables_web import ApiKey

MARK = "wence_"
"""How every key begins, so that one in the wrong place is found by those who look for secrets."""
LONGEST_NAME = 60
_USED_EVERY = timedelta(hours=1)
"""How exactly the last use is kept: a row is not written at every request."""


class KeyNameError(ValueError):
    """A name that no key can be made for, or that no key has."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key by its ``name``, without the secret."""

    name: str
    created: datetime
    revoked: datetime | None
    used: datetime | None


async def add(store: Store, name: str, now: datetime) -> str:
    """A new key for ``name``; this is the only time that it can be seen. Raises ``KeyNameError``."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise KeyNameError(f"a name has 1 to {LONGEST_NAME} characters on one line")
    key = MARK + secrets.token_urlsafe(32)
    async with store.transaction() as work:
        insert = work.insert(ApiKey).on_conflict_do_nothing().values(name=name, digest=_digest(key), created=now)
        made = await work.connection.execute(insert)
        if made.rowcount == 0:
            raise KeyNameError(f"there is a key for {name!r} already; revoke it first, or take another name")
    return key


async def every(store: Store) -> Sequence[Key]:
    """All keys, revoked ones too, in the order in which they were made."""
    async with store.reading() as connection:
        rows = await connection.execute(
            select(ApiKey.name, ApiKey.created, ApiKey.revoked, ApiKey.used).order_by(ApiKey.id)
        )
        return [Key(*row) for row in rows]


async def revoke(store: Store, name: str, now: datetime) -> None:
    """End the key of ``name`` at once. Raises ``KeyNameError`` where there is none in force."""
    async with store.transaction() as work:
        ended = await work.connection.execute(
            update(ApiKey).where(ApiKey.name == name.strip(), ApiKey.revoked.is_(None)).values(revoked=now)
        )
        if ended.rowcount == 0:
            raise KeyNameError(f"there is no key in force for {name!r}")


async def holder(store: Store, key: str, now: datetime) -> int | None:
    """The id of the row of ``key``, None where no such key is in force; its use is noted."""
    async with store.reading() as connection:
        found = await connection.execute(
            select(ApiKey.id, ApiKey.used).where(ApiKey.digest == _digest(key), ApiKey.revoked.is_(None))
        )
        row = found.one_or_none()
    if row is None:
        return None
    if row.used is None or now - row.used >= _USED_EVERY:
        async with store.transaction() as work:
            await work.connection.execute(update(ApiKey).where(ApiKey.id == row.id).values(used=now))
    return row.id


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
