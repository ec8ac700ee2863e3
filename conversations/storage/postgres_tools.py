"""PostgreSQL's own tools, ``pg_dump``, ``pg_restore`` and ``psql``: found, and run so that no password is seen.

They have to be of the server's major version: an older one refuses the server, and a newer one writes what an older
server does not understand. Knows no table of ours.
"""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from conversations.storage.inspection import look_at_server

T = TypeVar("T")
Progress: TypeAlias = Callable[[float], None]
"""Is told which share is done, 0 to 1."""

_NAMES = ("pg_dump", "pg_restore", "psql")
_DEBIANS = Path("/usr/lib/postgresql")
_TABLE_BEGUN = (b"dumping contents of table", b"processing data for table")


class BackupError(RuntimeError):
    """No backup, or no restore; the message is a sentence, in Chinese, that says what to do."""


async def dump(url: str, file: Path, tables: Sequence[str], progress: Progress) -> None:
    """Write ``tables``, their names quoted, of the database at ``url`` into ``file`` as they are at one moment."""
    if not tables:
        raise BackupError("数据库里还没有表，没有什么可备份的。请核对 WENCE_DATABASE_URL。")
    chosen = [f"--table={name}" for name in tables]
    options = ["--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--file={file}", *chosen]
    process = await _start(url, "pg_dump", *options)
    await _ended(process, "pg_dump", progress, len(tables))


async def load(url: str, file: Path, tables: Sequence[str], progress: Progress) -> None:
    """Put what ``file`` holds in the place of ``tables``, in one transaction."""
    script = await _start(
        url, "pg_restore", "--no-owner", "--no-privileges", "--verbose", "--file=-", str(file), out=PIPE
    )
    psql = await _start(url, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", given=PIPE, out=DEVNULL)
    assert script.stdout is not None  # noqa: S101
    assert psql.stdin is not None  # noqa: S101
    told = asyncio.create_task(_ended(psql, "psql", lambda _: None, 1))
    reading = asyncio.create_task(_ended(script, "pg_restore", progress, max(len(tables), 1)))
    try:
        psql.stdin.write(b"BEGIN;\n")
        psql.stdin.writelines(f"DROP TABLE {name} CASCADE;\n".encode() for name in tables)
        while part := await script.stdout.read(1 << 16):
            psql.stdin.write(part)
            await psql.stdin.drain()
        await reading
        psql.stdin.write(b"\nCOMMIT;\n")  # only now: a script that broke off changes nothing
        await psql.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        script.kill()  # psql has ended, and says why
    except BackupError:
        psql.kill()
        raise
    finally:
        psql.stdin.close()
        await asyncio.gather(told, reading, return_exceptions=True)
    await told


async def rows(url: str, file: Path, table: str) -> list[list[str]]:
    """The rows of ``table`` in the backup ``file``, each a list of what stands in its columns."""
    options = ["--data-only", f"--table={table}", "--file=-", str(file)]
    process = await _start(url, "pg_restore", *options, out=PIPE)
    assert process.stdout is not None  # noqa: S101
    (said, _) = await asyncio.gather(process.stdout.read(), _ended(process, "pg_restore", lambda _: None, 1))
    return list(_copied(said.decode()))


def others(connection: Connection) -> int:
    """How many other sessions there are on this database."""
    return connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    )


def _copied(script: str) -> Iterator[list[str]]:
    """What stands between ``COPY`` and its end."""
    inside = False
    for line in script.splitlines():
        if line == "\\.":
            inside = False
        elif inside:
            yield line.split("\t")
        elif line.startswith("COPY ") and line.endswith("FROM stdin;"):
            inside = True


async def _start(url: str, name: str, *options: str, given: int = DEVNULL, out: int = DEVNULL) -> Process:
    folder = await _folder(url)
    return await asyncio.create_subprocess_exec(
        folder / name, *options, stdin=given, stdout=out, stderr=PIPE, env=_environment(url)
    )


async def _ended(process: Process, name: str, progress: Progress, tables: int) -> None:
    """Wait until ``process`` has ended, telling of its progress. Raises ``BackupError`` with what it said last."""
    assert process.stderr is not None  # noqa: S101
    said: list[str] = []
    begun = 0
    while line := await process.stderr.readline():
        if any(words in line for words in _TABLE_BEGUN):
            progress(min(begun / tables, 1.0))
            begun += 1
        elif b"error" in line.lower() or b"FATAL" in line:
            said.append(line.decode(errors="replace").strip())
    if await process.wait():
        raise BackupError(f"{name} 没有做成：{said[0] if said else f'退出码 {process.returncode}'}")
    progress(1.0)


def _environment(url: str) -> dict[str, str]:
    """The environment in which the tools find the database; arguments could be seen by everybody on the machine."""
    parsed = make_url(url)
    query: Mapping[str, str | tuple[str, ...]] = parsed.query
    asked = {name: value if isinstance(value, str) else ",".join(value) for name, value in query.items()}
    named = {
        "PGHOST": parsed.host or asked.get("host"),
        "PGPORT": str(parsed.port or asked.get("port") or ""),
        "PGUSER": parsed.username or asked.get("user"),
        "PGPASSWORD": parsed.password or asked.get("password"),
        "PGDATABASE": parsed.database,
        "PGSSLMODE": asked.get("sslmode") or asked.get("ssl"),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
    return kept | {name: value for name, value in named.items() if value} | {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}


async def _folder(url: str) -> Path:
    """Where the tools are that go with the server at ``url``. Raises ``BackupError`` where there are none."""
    version, home = await look_at_server(url, _server)
    beside_path = [Path(found).parent for found in [shutil.which(_NAMES[0])] if found]
    for folder in (*beside_path, *([home] if home else []), _DEBIANS / f"{version}" / "bin"):
        if all((folder / name).exists() for name in _NAMES) and await _major(folder / _NAMES[0]) == version:
            return folder
    raise BackupError(
        f"这台机器上没有 PostgreSQL {version} 的 pg_dump、pg_restore 和 psql（要和服务器同一个大版本）。"
        f"装上就行，比如 apt-get install postgresql-client-{version}；或者到数据库那台机器上做。"
    )


def _server(connection: Connection) -> tuple[int, Path | None]:
    """The major version of the server, and where its programs are if it lets us know."""
    version = int(connection.scalar(text("SHOW server_version_num"))) // 10000
    try:
        with connection.begin_nested():
            home: str | None = connection.scalar(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
    except DBAPIError:  # only a superuser may ask
        home = None
    return version, Path(home) if home else None


async def _major(tool: Path) -> int:
    process = await asyncio.create_subprocess_exec(tool, "--version", stdout=PIPE, stderr=DEVNULL)
    said, _ = await process.communicate()
    found = re.search(rb"(\d+)", said)
    return int(found[1]) if found else 0
