"""The HTTP API says what the command line says; it refuses by the path of the field, and by a status for each trouble."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from bot.web import api, keys
from bot.web.api_operations import LONGEST_TEXT, MOST_ITEMS
from conversations.saying import policies
from tests import served, several
from tests.bot.command import called
from tests.bot.web.site import Site
from tests.table import check_each

pytestmark = pytest.mark.slow

REQUESTS = Path(__file__).resolve().parents[2] / "data" / "machine"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
JSON = {"content-type": "application/json"}


class Client:
    """A program that uses the API of ``site``."""

    def __init__(self, site: Site, address: str = "192.0.2.1") -> None:
        transport = httpx.ASGITransport(app=site.app, client=(address, 1234))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://wence.test/api/v1")

    async def post(self, path: str, content: str | bytes, **headers: str) -> httpx.Response:
        return await self._client.post(path, content=content, headers=JSON | headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        sent = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        return await self._client.get(path, headers=sent)

    async def delete(self, path: str) -> httpx.Response:
        return await self._client.delete(path)


@pytest.fixture
def client(site: Site) -> Client:
    return Client(site)


def wence(*arguments: str, lines: str = "") -> str:
    """What the command line answers."""
    return called(*arguments, stdin=lines).stdout.decode()


def problem(response: httpx.Response, status: int) -> dict[str, object]:
    """The problem document that ``response`` must be."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["title"]
    assert told["detail"]
    return told


@pytest.mark.parametrize("command", ["assess", "ask", "extract", "understand"])
async def test_it_answers_as_the_command_line_does(site: Site, command: str) -> None:
    lines = (REQUESTS / f"{command}.jsonl").read_text("utf-8").splitlines()
    answers = wence(command, "-", lines="\n".join(lines)).splitlines()
    client = Client(site)
    for line, answer in zip(lines, answers, strict=True):
        response = await client.post(f"/{command}", line)
        expected = json.loads(answer)
        if "error" in expected:
            told = problem(response, 422 if expected["path"] or "not valid JSON" not in expected["error"] else 400)
            assert (told["detail"], told.get("path", "")) == (expected["error"], expected["path"])
        else:
            assert response.status_code == 200
            assert response.text == answer


async def test_facts_policy_and_clauses(site: Site, client: Client) -> None:
    assert (await client.get("/facts")).text == wence("facts", "--json").strip()
    policy = (await client.get("/policy")).json()
    assert len(policy["clauses"]) == len(site.engine.policy.clauses)
    for title in policy["clauses"]:
        clause = (await client.get(f"/clauses/{title['id']}")).json()
        assert clause.items() >= title.items()
        assert clause["text"]
    named = {(programme["clause"], programme["id"]) for programme in policy["programmes"]}
    assert ("3.6", "agency-operations") in named
    assert (await client.get("/clauses/3.6")).json()["programmes"] == ["agency-operations"]


async def test_each_trouble_has_its_status(client: Client) -> None:
    told = problem(await client.post("/assess", '{"pilots": [{"total_investment": "viel"}]}'), 422)
    assert told["path"] == "pilots.0.total_investment"
    problem(await client.post("/assess", '{"pilots": '), 400)
    problem(await client.post("/assess", b'{"text": "\xff"}'), 400)
    problem(await client.post("/assess", ""), 400)
    problem(await client.post("/assess", "{" * 60_000), 400)
    problem(await client.post("/assess", "{}", **{"content-type": "text/plain"}), 415)
    problem(await client.post("/assess", '{"enterprise": {}}' + " " * api.LARGEST_BODY), 413)
    problem(await client.get("/clauses/9.9"), 404)
    problem(await client.get("/nothing"), 404)
    refused = await client.delete("/assess")
    problem(refused, 405)
    assert refused.headers["allow"] == "POST"


async def test_what_takes_long_to_read_is_refused(client: Client) -> None:
    items = json.dumps({"parks": [{}] * (MOST_ITEMS + 1)})
    assert problem(await client.post("/assess", items), 422)["path"] == "parks"
    text = json.dumps({"text": "园" * (LONGEST_TEXT + 1)}, ensure_ascii=False)
    assert problem(await client.post("/extract", text), 422)["path"] == "text"
    assert (await client.post("/extract", text.replace("园", "", 1))).status_code == 200


async def test_a_key_is_known_until_it_is_revoked(site: Site, client: Client) -> None:
    store = site.service.store
    key = await keys.add(store, "省电商网", NOW)
    assert (await client.get("/facts", authorization=f"Bearer {key}")).status_code == 200
    assert (await client.get("/facts", authorization=f"bearer {key}")).status_code == 200
    for wrong in ("", "Bearer", f"Bearer {key}x", f"Basic {key}", key, "Bearer \xff"):
        refused = await client.get("/facts", authorization=wrong)
        problem(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"
    await keys.revoke(store, "省电商网", NOW)
    problem(await client.get("/facts", authorization=f"Bearer {key}"), 401)


async def test_limits_are_by_address_and_with_a_key_by_the_key(site: Site, client: Client) -> None:
    key = await keys.add(site.service.store, "省电商网", NOW)
    for _ in range(api.PER_ADDRESS.amount):
        assert (await client.get("/facts")).status_code == 200
    refused = await client.get("/facts")
    problem(refused, 429)
    assert int(refused.headers["retry-after"]) > 0
    problem(await client.get("/facts", authorization="Bearer wrong"), 429)
    assert (await client.get("/facts", authorization=f"Bearer {key}")).status_code == 200
    assert (await Client(site, "192.0.2.2").get("/facts")).status_code == 200


async def test_without_the_database_only_keys_fail(site: Site, client: Client, broken: None) -> None:
    assert (await client.get("/facts")).status_code == 200
    refused = await client.get("/facts", authorization="Bearer x")
    problem(refused, 503)
    assert "retry-after" in refused.headers


async def test_a_mistake_of_ours_is_a_problem_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(type(site.engine.rules), "parse", fail)
    transport = httpx.ASGITransport(app=site.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://wence.test") as client:
        response = await client.post("/api/v1/assess", json={})
    problem(response, 500)
    assert "secret" not in response.text


async def test_other_sites_get_nothing_and_nothing_is_cached(client: Client) -> None:
    response = await client.get("/facts", origin="https://elsewhere.example")
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_the_description_names_every_fact_and_loads_nothing(site: Site, client: Client) -> None:
    described = (await client.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    schemas = described["components"]["schemas"]
    for fact in site.engine.policy.facts:
        field = schemas[f"Case{fact.subject.capitalize()}"]["properties"][fact.name]
        assert fact.question in field["description"]
        assert all(choice.label in field["description"] for choice in fact.choices)
    example = described["paths"]["/assess"]["post"]["requestBody"]["content"]["application/json"]["example"]
    answer = described["paths"]["/assess"]["post"]["responses"]["200"]["content"]["application/json"]["example"]
    assert (await client.post("/assess", json.dumps(example))).json() == answer


async def test_the_page_about_it_has_all_and_loads_nothing(client: Client) -> None:
    response = await client.get("/docs")
    described = (await client.get("/openapi.json")).json()
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert not re.search(r"<(?:script|link|img)|https?://|url\(", response.text)
    anchors = set(re.findall(r' id="(\w+)"', response.text))
    operations = {operation["operationId"] for methods in described["paths"].values() for operation in methods.values()}
    assert anchors == operations | set(described["components"]["schemas"])
    assert set(re.findall(r'href="#(\w+)"', response.text)) <= anchors


HEAD = {"id", "version", "number", "title", "issuer", "area", "in_force", "coverage", "served"}


async def test_the_policies_that_are_served(
    site: Site, client: Client, library: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    several.pin(monkeypatch, policies)
    listed = (await Client(library).get("/policies")).json()["policies"]
    assert [each["id"] for each in listed] == list(several.IDS)
    assert [each["in_force"] for each in listed] == [True, False, None]
    assert all(each.keys() == HEAD and each["served"] for each in listed)
    assert [each["id"] for each in (await client.get("/policies")).json()["policies"]] == [site.engine.policy.id]


async def test_of_several_each_is_reached_by_its_id_under_its_own_names(library: Site) -> None:
    for place, ident in enumerate(several.IDS):
        client = Client(library, f"192.0.2.{place}")
        own = served.policy(ident)
        told = (await client.get(f"/policies/{ident}")).json()
        assert told.keys() > HEAD
        assert [each["id"] for each in told["clauses"]] == [each.id for each in own.clauses]
        assert [each["citation"] for each in told["clauses"]] == [each.citation for each in own.clauses]
        assert [(each["id"], each["clause"]) for each in told["programmes"]] == [
            (p.id, p.clause) for p in own.programmes
        ]
        for clause in own.clauses:
            found = (await client.get(f"/policies/{ident}/clauses/{clause.id}")).json()
            assert (found["id"], found["citation"], found["text"]) == (clause.id, clause.citation, clause.text)
            assert found["programmes"] == [each.id for each in own.programmes if each.clause == clause.id]


async def test_the_only_one_is_reached_without_an_id_too(site: Site, client: Client, library: Site) -> None:
    ident = site.engine.policy.id
    assert (await client.get("/policy")).json() == (await client.get(f"/policies/{ident}")).json()
    assert (await client.get("/clauses/3.6")).json() == (await client.get(f"/policies/{ident}/clauses/3.6")).json()
    several_ones = Client(library)
    assert "/policies" in str(problem(await several_ones.get("/policy"), 404)["detail"])
    assert "/policies" in str(problem(await several_ones.get("/clauses/1"), 404)["detail"])


@pytest.mark.parametrize(
    "path", ["nothing", "nothing/clauses/1", f"{several.IDS[0]}/clauses/99", "A" * 3000, "%00", "a%2fb"]
)
async def test_a_policy_that_is_not_served_is_none(library: Site, path: str) -> None:
    problem(await Client(library).get(f"/policies/{path}"), 404)


def examples(described: Any) -> Iterator[tuple[str, Any, Any]]:
    """Where an example stands in the description, with its schema, and itself."""
    for path, operations in described["paths"].items():
        for operation in operations.values():
            answers = [answer for answer in operation["responses"].values() if "content" in answer]
            for held in (operation.get("requestBody", {"content": {}}), *answers):
                for content in held["content"].values():
                    if "example" in content:
                        schema = content["schema"] | {"components": described["components"]}
                        yield f"{operation['operationId']} {path}", schema, content["example"]


def validate(row: tuple[str, Any, Any]) -> None:
    jsonschema_rs.validate(row[1], row[2])


async def test_several_policies_are_described(library: Site) -> None:
    client = Client(library)
    described = (await client.get("/openapi.json")).json()
    check_each([*examples(described)], validate, lambda row: row[0])
    titles = [served.policy(ident).title for ident in several.IDS]
    assert all(f"《{title}》" in described["info"]["description"] for title in titles)
    where = described["paths"]["/policies/{id}/clauses/{cid}"]["get"]
    path = "/policies/{id}/clauses/{cid}".format(**{each["name"]: each["example"] for each in where["parameters"]})
    answer = where["responses"]["200"]["content"]["application/json"]["example"]
    assert (await client.get(path)).json() == answer
    assert (await client.get("/docs")).status_code == 200
