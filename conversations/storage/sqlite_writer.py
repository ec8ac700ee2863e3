"""SQLite for the one writer: statements run at once in the event loop's thread; only begin and commit may wait.

A statement on a local file takes microseconds, less than handing it to another thread and back, which is what the
asynchronous driver does with each; that made up half the cost of a message. Waiting for another process's transaction,
and for the disk at a commit, still blocks nobody. Knows no table.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVarTuple, overload

from sqlalchemy import Connection, Executable, create_engine, event
from sqlalchemy.engine import URL, CursorResult
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.selectable import TypedReturnsRows

Columns = TypeVarTuple("Columns")
Parameters = Mapping[str, object] | Sequence[Mapping[str, object]]

LONGEST_WAIT = 10.0
"""Seconds to wait for another process's transaction."""
BUSY_TIMEOUT = 10_000
"""Milliseconds that the other connections wait, in a thread of their own."""
_PAUSE = 0.005


class InlineConnection:
    """What a transaction needs of an ``AsyncConnection``, without ever leaving the thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    @overload
    async def execute(
        self, statement: TypedReturnsRows[*Columns], parameters: Parameters | None = None
    ) -> CursorResult[*Columns]: ...
    @overload
    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]: ...
    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute, for each of several ``parameters`` if they are a sequence."""
        return self._connection.execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Mapping[str, object] | None = None) -> Any:
        """The first column of the first row, or None."""
        return self._connection.scalar(statement, parameters)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncGenerator[None]:
        """A savepoint: what happens in the block is undone if it raises.

        SQLAlchemy's own object for it costs ten times what SQLite needs.
        """
        self._connection.exec_driver_sql("SAVEPOINT block")
        try:
            yield
        except BaseException as error:
            try:
                self._connection.exec_driver_sql("ROLLBACK TO block")
                self._connection.exec_driver_sql("RELEASE block")
            except OperationalError:  # SQLite has undone the whole transaction, as it does where the disk is full
                raise error from None
            raise
        self._connection.exec_driver_sql("RELEASE block")


class SqliteWriter:
    """The connection through which this process writes; its user sees to it that transactions do not overlap."""

    def __init__(self, url: URL) -> None:
        # The commit runs in another thread than the rest, though never at the same time.
        own_thread = {"check_same_thread": False}
        self._engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True, connect_args=own_thread)
        self.dialect = self._engine.dialect
        event.listen(self._engine, "connect", prepare)
        event.listen(self._engine, "connect", _never_wait)

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[InlineConnection]:
        """One write transaction. Raises ``OperationalError`` where another process is in one for too long."""
        connection = self._engine.connect()
        try:
            waited = 0.0
            while True:
                try:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    break
                except OperationalError as error:
                    if waited > LONGEST_WAIT or not _of_another(error):
                        raise
                    await asyncio.sleep(_PAUSE)
                    waited += _PAUSE
            yield InlineConnection(connection)
            await _in_a_thread(connection.commit)
        finally:
            connection.close()  # which rolls back what is not committed

    @contextmanager
    def glance(self) -> Generator[InlineConnection]:
        """A connection for reading a few rows by their key, apart from a transaction under way."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield InlineConnection(connection)

    def dispose(self) -> None:
        """Close the connection."""
        self._engine.dispose()


async def _in_a_thread(commit: Callable[[], None]) -> None:
    """Commit; who is told meanwhile to give up, once or again, waits for it: the connection is free only then.

    No task, which whoever ends the event loop would cancel while the thread goes on.
    """
    committed = asyncio.get_running_loop().run_in_executor(None, commit)
    given_up: asyncio.CancelledError | None = None
    while not committed.done():
        try:
            await asyncio.wait([committed])
        except asyncio.CancelledError as told:
            given_up = told
    failure = committed.exception()
    if given_up is not None:
        raise given_up from failure
    if failure is not None:
        raise failure


def _of_another(error: OperationalError) -> bool:
    """Whether another process's transaction is in the way, which ends some time."""
    code = error.orig.sqlite_errorcode if isinstance(error.orig, sqlite3.Error) else 0
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Make a new SQLite connection durable, discreet, and leave transactions to SQLAlchemy's events."""
    # The driver would begin transactions late and commit them on its own account.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _never_wait(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # SQLite would wait in the event loop's thread; `begin` waits instead.
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 0")
    cursor.close()


def begin_usually(engine: AsyncEngine) -> None:
    """Have the other connections of a SQLite database begin their transactions as they should."""
    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("bare", False):  # a checkpoint can be in no transaction
        # A transaction that reads first and writes later may find that another has written in between, and fail.
        connection.exec_driver_sql("BEGIN" if options.get("reading", False) else "BEGIN IMMEDIATE")
