"""How the database is connected to, and how long it is waited for. Knows no table."""

from sqlalchemy import event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from conversations.storage.sqlite_writer import begin_usually
from conversations.storage.vault import MEMORY

PATIENCE = 5
"""Seconds to wait for a connection: for one that others use, and for one that is made."""
LONGEST_STATEMENT = 60
"""Seconds that PostgreSQL may take to answer one statement; then the connection is taken for dead."""


def open_engine(url: str) -> AsyncEngine:
    """Connects to ``url`` when it is first used; its errors carry nothing of what people have written."""
    kept = make_url(url)
    if kept.get_backend_name() == "sqlite":
        bounds = {} if kept.database in (None, "", MEMORY) else {"pool_timeout": PATIENCE}
        engine = create_async_engine(kept, hide_parameters=True, **bounds)
        begin_usually(engine)
        return engine
    waits = {"timeout": PATIENCE, "command_timeout": LONGEST_STATEMENT}
    engine = create_async_engine(kept, hide_parameters=True, pool_timeout=PATIENCE, connect_args=waits)
    event.listen(engine.sync_engine, "do_connect", _connect)
    return engine


def _connect(dialect: Dialect, _record: object, arguments: list[object], named: dict[str, object]) -> DBAPIConnection:
    """Connect; that nobody answers is told as all trouble with the database is, not as the driver tells it."""
    try:
        return dialect.connect(*arguments, **named)
    except OSError as error:
        raise OperationalError("connect", None, error) from error
