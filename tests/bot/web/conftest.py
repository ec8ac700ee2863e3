"""The application with the chat page, on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from conversations.state.shelf import Shelf
from tests import several
from tests.bot.web.site import Site


@pytest.fixture
async def site(engine: Shelf, tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(engine, tmp_path)
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Site]:
    """A site where several policies are served."""
    site = Site(several.shelf(), tmp_path)
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def broken(site: Site) -> None:
    """The site's database does not answer."""
    site.service.store.engine = create_async_engine("sqlite+aiosqlite:////no/such/folder/wence.db")
