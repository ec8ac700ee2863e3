"""Databases for the tests: a SQLite file, and a database of the PostgreSQL server that all processes of a run share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import databases

KINDS = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("sqlite", "postgresql")]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in its tables, once of each kind."""
    if request.param == "sqlite":
        yield databases.sqlite(tmp_path)
        return
    with databases.lent(request.getfixturevalue("postgres")) as lent:
        yield lent


def empty(request: pytest.FixtureRequest, folder: Path) -> str:
    """A database with nothing in its tables, of the kind that ``request`` asks for."""
    if request.param == "sqlite":
        return databases.sqlite(folder)
    return databases.postgresql(request.getfixturevalue("postgres"))


@pytest.fixture(params=KINDS)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/wence.db"
    return databases.postgresql(request.getfixturevalue("postgres"), "template1")


def copied(url: str, folder: Path) -> str:
    """The URL of a copy of a database that nobody has open; ``folder`` is where a file goes."""
    kept = make_url(url)
    if kept.drivername.startswith("sqlite"):
        shutil.copy(kept.database or "", folder / "wence.db")
        return databases.sqlite(folder)
    return databases.postgresql(Path(str(kept.query["host"])), kept.database or "")
