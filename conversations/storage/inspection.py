"""A look at a database that changes nothing in it: what revision it is at, what it holds, whether a key opens it.

For those who look at it from outside, beside a process that serves or with none. Knows the tables, not what they mean.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, NullPool, String, create_engine, func, inspect, select, type_coerce
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from conversations.storage import tables_handover, tables_helpdesk, tables_leads
from conversations.storage.tables import KeyCheck, Sealed, Stored, Table
from conversations.storage.vault import MEMORY, Vault

T = TypeVar("T")

SEALING = (tables_handover, tables_helpdesk, tables_leads)
"""The modules whose tables have sealed columns, beside ``tables``: imported, so that ``Table`` knows them."""
_UNCOUNTED = frozenset({"alembic_version", KeyCheck.__tablename__})
"""Tables that have rows in a database that nobody has used yet."""


def sqlite_file(url: str) -> Path | None:
    """The file of the SQLite database at ``url``; None where it is in memory, or another kind of database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", MEMORY):
        return None
    return Path(str(parsed.database))


def look_at_file(file: Path, look: Callable[[Connection], T]) -> T:
    """What ``look`` finds in the SQLite database ``file``, which has to be there. Raises SQLAlchemy's errors."""
    query = {"mode": "ro", "uri": "true", "timeout": "5"}
    engine = create_engine(
        URL.create("sqlite", database=f"file:{_quoted(file)}", query=query), poolclass=NullPool, hide_parameters=True
    )
    try:
        with engine.connect() as connection:
            return look(connection)
    finally:
        engine.dispose()


async def look_at_server(url: str, look: Callable[[Connection], T]) -> T:
    """What ``look`` finds in the PostgreSQL database at ``url``. Raises SQLAlchemy's errors, and ``OSError``."""
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(look)
    finally:
        await engine.dispose()


def used(connection: Connection) -> bool:
    """Whether anything is kept there that is not made by the program's first start."""
    names = set(inspect(connection).get_table_names()) - _UNCOUNTED
    quote = connection.dialect.identifier_preparer.quote
    return any(connection.exec_driver_sql(f"SELECT 1 FROM {quote(name)} LIMIT 1").first() for name in names)  # noqa: S608 - the tables' own names


def people(connection: Connection) -> int:
    """How many conversation partners are kept."""
    table = Table.metadata.tables["people"]
    return connection.scalar(select(func.count()).select_from(table)) or 0


def sealed(connection: Connection) -> Iterator[str]:
    """What lies sealed: the check of the key, and of each sealed column the first and the last that is kept."""
    token = connection.scalar(select(KeyCheck.token))
    if token is not None:
        yield token
    for table in Table.metadata.sorted_tables:
        key = next(iter(table.primary_key.columns))
        for column in table.columns:
            if not isinstance(column.type, Sealed | Stored):
                continue
            kept = select(type_coerce(column, String)).where(column.is_not(None)).limit(1)
            for order in (key.asc(), key.desc()):
                value = connection.scalar(kept.order_by(order))
                if value is not None:
                    yield value


def check_key(connection: Connection, vault: Vault) -> None:
    """Raise ``VaultError`` where something that lies sealed does not open with the keys of ``vault``."""
    token = connection.scalar(select(KeyCheck.token))
    if token is not None:
        vault.check(token)
    for each in sealed(connection):
        vault.open(each)


def _quoted(file: Path) -> str:
    """``file`` as part of SQLite's ``file:`` addresses."""
    return str(file.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
