"""While the database is away every page and every programme is told so, in its own form, and when to come again."""

import httpx
import pytest

from bot.web.away import WhenAway, away
from bot.web.problems import MEDIA_TYPE
from tests.bot.web.site import Site


def client(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wence.test")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path", "accept", "kind", "says"),
    [
        ("GET", "/", "text/html", "text/html; charset=utf-8", 'http-equiv="refresh"'),
        ("POST", "/say", "text/html,*/*", "text/html; charset=utf-8", "没有办成"),
        ("POST", "/say", "application/json", "application/json", "没有办成"),
        ("GET", "/healthz", "*/*", "application/json", "no database"),
        ("POST", "/api/v1/ask", "*/*", MEDIA_TYPE, "does not answer"),
    ],
)
async def test_each_is_told_in_its_own_form(method: str, path: str, accept: str, kind: str, says: str) -> None:
    async with client(away) as http:
        answer = await http.request(method, path, headers={"accept": accept})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert says in answer.text


async def test_a_mistake_of_ours_is_not_called_an_outage() -> None:
    async def mistaken(*_: object) -> None:
        raise KeyError("ours")

    async with client(WhenAway(mistaken)) as http:
        with pytest.raises(KeyError):
            await http.get("/")


async def test_pages_and_documents(site: Site, broken: None) -> None:
    site.service.store._writer = None  # which has the file open still
    async with client(site.app) as http:
        for path in ("/", "/document/1"):
            answer = await http.get(path, headers={"accept": "text/html", "cookie": f"wence={'a' * 43}"})
            assert (path, answer.status_code) == (path, 503)
            assert "正在恢复" in answer.text
