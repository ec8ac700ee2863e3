"""The application with the chat page, and the desk on a furnished database, each on a database of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from bot.web.app import create_app
from bot.web.desk.app import desk
from conversations.service import Service
from conversations.state.shelf import Shelf
from tests import several
from tests.bot.web.desk_site import HELPDESK, OFFICE, AtDesk, add_accounts, furnish, open_service
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


@pytest.fixture(scope="session")
def furnished(engine: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all that the tests look at, made once."""
    folder = tmp_path_factory.mktemp("desk")

    async def make() -> None:
        service = await open_service(engine, folder)
        await add_accounts(service.store)
        await furnish(service)
        await service.idle()
        await service.store.close()

    asyncio.run(make())
    return folder


@pytest.fixture
async def service(engine: Shelf, furnished: Path, tmp_path: Path) -> AsyncIterator[Service]:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    service = await open_service(engine, tmp_path)
    yield service
    await service.idle()
    await service.store.close()


@pytest.fixture
async def office(service: Service) -> AtDesk:
    at_desk = AtDesk(create_app(service, [desk(service)]))
    await at_desk.be(*OFFICE)
    return at_desk


@pytest.fixture
async def helpdesk(service: Service) -> AtDesk:
    at_desk = AtDesk(create_app(service, [desk(service)]), "10.0.0.2")
    await at_desk.be(*HELPDESK)
    return at_desk
