"""Metrics say what happened, and nothing of whom."""

from datetime import UTC, datetime

import httpx
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from bot.web.app import create_app
from bot.web.metrics import Metrics
from conversations.state.messages import Reply
from conversations.storage.store import Addressed
from tests.bot.web.site import Site
from tests.bot.web.visitor import Visitor

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def draft(channel: str) -> Addressed:
    return Addressed(f"{channel}:1", channel, "1", None, Reply(text="好"))


async def scrape(site: Site) -> tuple[str, dict[str, float]]:
    """The text, and its samples by name and labels (``name{channel=web}``)."""
    transport = httpx.ASGITransport(app=site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://wence.test") as client:
        response = await client.get("/metrics")
    assert response.status_code == 200
    samples: dict[str, float] = {}
    for family in text_string_to_metric_families(response.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            samples[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return response.text, samples


async def test_a_consultation_is_counted(site: Site) -> None:
    _, before = await scrape(site)
    assert before["wence_turn_seconds_count"] == 0
    assert before["wence_uptime_seconds"] >= 0
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say("你好")
    await visitor.say("代运营能补多少钱？")
    await visitor.say("今天天气怎么样？")
    await site.service.idle()
    text, after = await scrape(site)
    assert after["wence_messages_total{channel=web}"] == 4  # with the opening, which the page shows by itself
    assert after["wence_turn_seconds_count"] == 4
    assert 0 < after["wence_turn_seconds_sum"] < 60
    assert after["wence_questions_total{outcome=answered}"] == 1
    assert after["wence_questions_total{outcome=out_of_scope}"] >= 1
    person = visitor.client.cookies["wence"]
    assert person not in text
    assert "web:" not in text
    assert "天气" not in text


async def test_a_message_that_comes_twice_counts_once(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    for _ in range(2):
        await visitor.say("代运营能补多少钱？", message="a" * 32)
    _, after = await scrape(site)
    assert after["wence_messages_total{channel=web}"] == 2
    assert after["wence_questions_total{outcome=answered}"] == 1


async def test_the_outbox_and_the_api(site: Site) -> None:
    transport = httpx.ASGITransport(app=site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://wence.test") as client:
        await client.get("/api/v1/facts")
        await client.get("/api/v1/clauses/9.9")
        await client.get("/api/v1/nothing")
    async with site.service.store.transaction() as work:
        await work.send([draft("telegram"), draft("telegram"), draft("web")], NOW)
    _, after = await scrape(site)
    assert after["wence_outbox{channel=telegram}"] == 2
    assert after["wence_api_requests_total{operation=facts,status=200}"] == 1
    assert after["wence_api_requests_total{operation=clauses,status=404}"] == 1
    assert sum(value for name, value in after.items() if name.startswith("wence_api_requests_total")) == 2


async def test_without_the_database_there_are_no_metrics(site: Site, broken: None) -> None:
    transport = httpx.ASGITransport(app=site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://wence.test") as client:
        assert (await client.get("/metrics")).status_code == 503


async def test_what_lies_aside_is_counted(site: Site) -> None:
    await site.service.set_aside("telegram", {"update_id": 5}, TypeError("?"))
    _, samples = await scrape(site)
    assert samples["wence_set_aside{kind=update}"] == 1


async def test_they_are_for_who_has_the_token_or_asks_on_this_machine(site: Site) -> None:
    token = "0123456789abcdef"
    guarded = create_app(site.service, (), Metrics(CollectorRegistry()), token)

    async def status(app: Starlette, peer: str = "127.0.0.1", **headers: str) -> int:
        transport = httpx.ASGITransport(app=app, client=(peer, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://wence.test") as client:
            return (await client.get("/metrics", headers=headers)).status_code

    assert await status(site.app) == await status(site.app, "::1") == 200
    assert await status(site.app, "203.0.113.7") == 401
    for proxied in ("x-forwarded-for", "forwarded", "via"):
        assert await status(site.app, **{proxied: "203.0.113.7"}) == 401
    assert await status(guarded, "203.0.113.7", authorization=f"Bearer {token}") == 200
    for given in ("", f"Bearer {token}x", f"Basic {token}", token):
        assert await status(guarded, authorization=given) == 401
