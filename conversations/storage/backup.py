"""Backups: all that the database holds as it was at one moment, in one file; and the way back.

SQLite is copied by its online backup while others write; PostgreSQL by its own tools (``postgres_tools``). The key is
never in the file: what was sealed stays sealed. A restore puts everything in the place of what is there or nothing, and
only where nobody else is connected. Knows the tables by the migrations alone, not what they mean.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from sqlalchemy import Connection, delete, inspect
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from conversations.storage import migrations, postgres_tools
from conversations.storage.channel_notes import OF_THIS_DATABASE
from conversations.storage.inspection import check_key, look_at_file, look_at_server, people, sqlite_file, used
from conversations.storage.postgres_tools import BackupError, Progress
from conversations.storage.tables import KeyCheck
from conversations.storage.tables_channels import ChannelNote
from conversations.storage.vault import Vault

T = TypeVar("T")
Kind: TypeAlias = Literal["sqlite", "postgresql"]

SESSIONS = "desk_sessions"
"""The table of who is logged in at the desk: nobody is after a restore, since somebody may have been put out since."""
_MARKS: dict[bytes, Kind] = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}
_CALLED = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_PAGES = 1000
"""How many pages are copied between two words on the progress."""
_BUSY = "数据库正在用（别的 wence 还开着）：先停下来，比如 systemctl stop wence，再恢复。"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has come to: the revision of the backup, that of the database now, how many people are in it."""

    was: str
    now: str
    people: int


async def backup(url: str, file: Path, progress: Progress) -> str:
    """Write all that the database at ``url`` holds into ``file``, readable by its owner only; returns its revision.

    Raises ``BackupError`` with a sentence for whoever does it; then there is no ``file``.
    """
    source = _place(url)
    _may_write(file, source)
    aside = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        if source is not None:
            await asyncio.to_thread(_copy, source, aside, progress)
        else:
            await postgres_tools.dump(url, aside, await _tables(url), progress)
        revision = await _revision(aside, url)
        _finish(aside, file)
    except (sqlite3.Error, SQLAlchemyError, OSError) as error:
        raise BackupError(f"没有备份成：{_reason(error)}") from None
    finally:
        aside.unlink(missing_ok=True)
    return revision


async def restore(url: str, file: Path, data_key: str, progress: Progress, *, replace: bool) -> Restored:
    """Put what ``file`` holds into the database at ``url``, and bring its tables up to date.

    What was there is lost, which ``replace`` has to allow. ``data_key`` is what the vault is made of. Raises
    ``BackupError`` with a sentence for whoever does it; then all is as it was.
    """
    target, kind = _place(url), _kind(file)
    if (target is None) != (kind == "postgresql"):
        other = _CALLED["postgresql" if kind == "sqlite" else "sqlite"]
        raise BackupError(f"{file} 是 {_CALLED[kind]} 的备份，WENCE_DATABASE_URL 却是 {other}，两样不能互换。")
    try:
        was = await _revision(file, url)
        await _fits(file, url, _vault(data_key, target))
        if target is not None:
            await _into_file(file, target, progress, replace=replace)
        else:
            await _into_server(file, url, progress, replace=replace)
        return Restored(was, migrations.revisions()[-1], await _look(url, people))
    except (sqlite3.Error, SQLAlchemyError, OSError) as error:
        raise BackupError(f"没有恢复成：{_reason(error)}") from None


# -- what a file is


def _kind(file: Path) -> Kind:
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
    except OSError as error:
        raise BackupError(f"{file} 读不了：{_reason(error)}。") from None
    for mark, kind in _MARKS.items():
        if head.startswith(mark):
            return kind
    raise BackupError(f"{file} 不是 wence backup 做的备份。")


async def _revision(file: Path, url: str) -> str:
    """The revision of the backup ``file``. Raises ``BackupError`` where this release cannot use it."""
    if _kind(file) == "sqlite":
        found = await asyncio.to_thread(look_at_file, file, migrations.revision)
    else:
        found = next(iter(await postgres_tools.rows(url, file, "alembic_version")), [None])[0]
    known = migrations.revisions()
    if found is None:
        raise BackupError("里面没有问策的表；请核对 WENCE_DATABASE_URL 和备份文件。")
    if found not in known:
        raise BackupError(f"表是 {found} 版，这个程序只到 {known[-1]}：请先把程序换成做这份备份的版本或更新的。")
    return found


async def _fits(file: Path, url: str, vault: Vault) -> None:
    """Raise ``VaultError`` where the backup was sealed with a key that ``vault`` has not."""
    if _kind(file) == "sqlite":
        await asyncio.to_thread(look_at_file, file, lambda connection: check_key(connection, vault))
        return
    for row in await postgres_tools.rows(url, file, KeyCheck.__tablename__):
        vault.check(row[-1])


def _vault(data_key: str, target: Path | None) -> Vault:
    beside = None if target is None else Path(f"{target}.key")
    if not data_key and beside is not None and not beside.exists():
        raise BackupError(f"没有密钥，恢复了也打不开：先把另存的 {beside} 放回去，或者写上 WENCE_DATA_KEY。")
    return Vault.from_settings(data_key, None if target is None else str(target))


# -- SQLite


def _copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy the database ``source`` as it is now into ``target``, whoever writes meanwhile."""
    with closing(_open(source)) as read, closing(_open(target)) as write:
        # In the transaction all pages are of one moment: without it a write of somebody else would begin the copy anew.
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchone()
        read.backup(write, pages=_PAGES, progress=lambda _, left, total: progress(1 - left / max(total, 1)))
        write.execute("PRAGMA journal_mode = DELETE")  # one file, with no second one beside it
        write.execute("VACUUM")  # pages are copied with their gaps, in which what was deleted may still lie
        if write.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise BackupError(f"{source} 里有损坏的地方。请恢复一份更早的备份。")


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=10)


async def _into_file(file: Path, target: Path, progress: Progress, *, replace: bool) -> None:
    if not replace and await asyncio.to_thread(_used, target):
        raise _not_empty(str(target))
    aside = target.with_name(f"{target.name}.restoring")
    aside.unlink(missing_ok=True)
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        await asyncio.to_thread(_copy, file, aside, progress)
        await _bring_up(f"sqlite+aiosqlite:///{aside}")
        await asyncio.to_thread(_put, aside, target)
    finally:
        aside.unlink(missing_ok=True)


def _used(target: Path) -> bool:
    _has_folder(target)
    if not target.exists():
        return False
    try:
        return look_at_file(target, used)
    except DatabaseError:  # whatever it is, it is something
        return True


def _put(aside: Path, target: Path) -> None:
    """Put the database ``aside`` in the place of what ``target`` holds, in one transaction; what is no database goes."""
    try:
        with closing(_open(target)) as write:
            _alone(write)
            with closing(_open(aside)) as read:
                read.backup(write)
        return
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise
    target.unlink()
    for rest in ("-wal", "-shm", "-journal"):
        Path(f"{target}{rest}").unlink(missing_ok=True)
    with closing(_open(target)) as write, closing(_open(aside)) as read:
        read.backup(write)


def _alone(connection: sqlite3.Connection) -> None:
    """Raise ``BackupError`` where somebody else has the database open: only who is alone can leave the WAL."""
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")  # the lock stays until the connection is closed
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise BackupError(_BUSY) from None
        raise


# -- PostgreSQL


async def _into_server(file: Path, url: str, progress: Progress, *, replace: bool) -> None:
    others = await _look(url, postgres_tools.others)
    if others:
        raise BackupError(f"{_BUSY}（还有 {others} 个连接）")
    if not replace and await _look(url, used):
        raise _not_empty("这个数据库")
    await postgres_tools.load(url, file, await _tables(url), progress)
    await _bring_up(url)


async def _tables(url: str) -> list[str]:
    def names(connection: Connection) -> list[str]:
        found = inspect(connection)
        quote = connection.dialect.identifier_preparer.quote
        schema = quote(found.default_schema_name or "public")
        return [f"{schema}.{quote(name)}" for name in found.get_table_names()]

    return await _look(url, names)


# -- both


def _place(url: str) -> Path | None:
    """The file of a SQLite database, None for a PostgreSQL one. Raises ``BackupError`` for one in memory."""
    file = sqlite_file(url)
    if file is None and url.startswith("sqlite"):
        raise BackupError("WENCE_DATABASE_URL 是内存里的数据库，不能备份，也不能恢复。")
    return file


def _not_empty(place: str) -> BackupError:
    return BackupError(
        f"{place} 里已经有数据了，我不会盖掉它。先 wence backup 一份，确定不要了，再加上 --replace；恢复后现在的就没有了。"
    )


async def _bring_up(url: str) -> None:
    """The migrations that are lacking; nobody is logged in, and what was for the former database alone is gone."""
    engine = create_async_engine(url, hide_parameters=True)
    try:
        await migrations.upgrade(engine)
        async with engine.begin() as connection:
            await connection.execute(delete(ChannelNote).where(ChannelNote.key.startswith(OF_THIS_DATABASE)))
            await connection.exec_driver_sql(f"DELETE FROM {SESSIONS}")  # noqa: S608 - a name of ours
    finally:
        await engine.dispose()


async def _look(url: str, look: Callable[[Connection], T]) -> T:
    file = sqlite_file(url)
    return await look_at_server(url, look) if file is None else await asyncio.to_thread(look_at_file, file, look)


def _may_write(file: Path, source: Path | None) -> None:
    if file.exists():
        raise BackupError(f"{file} 已经有了，我不会盖掉它。请换一个名字。")
    _has_folder(file)
    if source is not None and not source.exists():
        raise BackupError(f"没有 {source}，没有什么可备份的。请核对 WENCE_DATABASE_URL 和当前文件夹。")


def _has_folder(file: Path) -> None:
    if not file.absolute().parent.is_dir():
        raise BackupError(f"没有 {file.absolute().parent} 这个文件夹，请先建好。")


def _finish(aside: Path, file: Path) -> None:
    """Give ``aside`` its name, once all of it is on the disk."""
    _lasting(aside)
    aside.replace(file)
    _lasting(file.absolute().parent)


def _lasting(path: Path) -> None:
    """Have ``path``, a file or a folder, survive a power cut."""
    opened = os.open(path, os.O_RDONLY)
    with suppress(OSError):  # not every file system can do that with a folder
        os.fsync(opened)
    os.close(opened)


def _reason(error: Exception) -> str:
    """What went wrong, without what anybody has written."""
    cause = getattr(error, "orig", None) or error
    return cause.strerror or type(cause).__name__ if isinstance(cause, OSError) else f"{cause}"
