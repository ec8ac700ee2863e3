"""Health tells a database that does not answer, and one of another release."""

import httpx
from sqlalchemy import text

from tests.bot.web.site import Site


async def health(site: Site) -> tuple[int, str]:
    transport = httpx.ASGITransport(app=site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://wence.test") as client:
        response = await client.get("/healthz")
    return response.status_code, response.json()["status"]


async def test_all_is_well(site: Site) -> None:
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
