"""The application with the chat page, on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversations.engine import Engine
from tests.bot.web.site import Site


@pytest.fixture
async def site(engine: Engine, tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(engine, tmp_path)
    await site.start()
    yield site
    await site.stop()
