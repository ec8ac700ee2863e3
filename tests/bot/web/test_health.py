"""Health tells a database that does not answer, and one of another release."""

import httpx
import pytest
from sqlalchemy import func, select, text

from bot.web import health as looks
from conversations.storage.tables import Seen
from tests.bot.web.site import Site

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def always_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "FRESH", 0.0)


async def health(site: Site) -> tuple[int, str]:
    transport = httpx.ASGITransport(app=site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://wence.test") as client:
        response = await client.get("/healthz")
    return response.status_code, response.json()["status"]


async def test_all_is_well(site: Site) -> None:
    assert await health(site) == (200, "ok")
    async with site.service.store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Seen)) == 0  # what was tried left nothing


async def test_a_disk_without_room_is_noticed(site: Site) -> None:
    store = site.service.store
    async with store.transaction() as work:
        pages = await work.connection.scalar(text("PRAGMA page_count"))
        await work.connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    assert await health(site) == (503, "the database keeps nothing")
    async with store.transaction() as work:
        await work.connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert await health(site) == (200, "ok")


async def test_the_database_does_not_answer(site: Site, broken: None) -> None:
    assert await health(site) == (503, "no database")


async def test_the_database_is_behind_or_ahead(site: Site) -> None:
    for version in ("0000", "9999"):
        async with site.service.store.engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        assert (await health(site))[0] == 503
    async with site.service.store.engine.begin() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))
    assert (await health(site))[0] == 503
