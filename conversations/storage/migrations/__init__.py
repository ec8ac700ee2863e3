"""Brings the tables of a database up to date when the program starts; one file a revision in ``versions``.

Alembic is slow to import, so a database that is current costs one small query and no Alembic.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

_FOLDER = Path(__file__).parent


class DatabaseTooNewError(RuntimeError):
    """The database was written by a later release of this program."""


def revisions() -> list[str]:
    """All revisions, oldest first; a revision's id is the number that its file's name begins with."""
    return sorted(file.stem.split("_")[0] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


async def current(engine: AsyncEngine) -> str | None:
    """The revision that ``engine``'s database is at, None where it has no tables yet."""
    async with engine.connect() as connection:
        await connection.execution_options(reading=True)
        return await connection.run_sync(revision)


async def upgrade(engine: AsyncEngine) -> None:
    """Run the migrations that ``engine``'s database lacks, in one transaction; safe when several processes start."""
    found = await current(engine)
    known = revisions()
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise DatabaseTooNewError(
            f"the database is at revision {found}, which this release does not know (it has {known[-1]})"
        )
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('wence migrations', 0))"))
        await connection.run_sync(_migrate)


def revision(connection: Connection) -> str | None:
    """As ``current``, on a connection that is open."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
