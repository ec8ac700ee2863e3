"""Consultations over HTTP: the same answers as ``wence converse``, kept, apart, told to who has the id, and forgotten."""

import asyncio
import json
import logging
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NoReturn

import httpx
import pytest
from sqlalchemy import func, select, text

from bot.channels import TRAITS
from bot.program.channel import Programs
from bot.program.consultations import START, Consultations, person_of
from bot.program.traits import PROGRAM
from bot.telegram.traits import TELEGRAM
from bot.web import api
from bot.web.api_operations import LONGEST_TEXT
from conversations.converse import Conversations
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.service import SORRY
from conversations.state.shelf import Shelf
from conversations.storage.tables import Consultation, LoggedMessage, Outbox, Person, Table
from conversations.storage.tables_handover import Handover
from tests.bot.web.site import Site
from tests.bot.web.test_api import Client, problem

pytestmark = pytest.mark.slow

DESCRIPTION = "我们做代运营，去年服务费260万"


@pytest.fixture
def client(site: Site) -> Client:
    return Client(site)


async def begin(client: Client) -> str:
    """The id of a new consultation."""
    response = await client.post("/consultations", "")
    assert response.status_code == HTTPStatus.CREATED, response.text
    return str(response.json()["id"])


async def post(client: Client, id: str, said: str, **headers: str) -> httpx.Response:
    body = json.dumps({"text": said}, ensure_ascii=False)
    return await client.post(f"/consultations/{id}/messages", body, **headers)


async def say(client: Client, id: str, *texts: str) -> dict[str, Any]:
    """What is answered to the last of these."""
    answers = [await post(client, id, said) for said in texts]
    assert all(answer.status_code == HTTPStatus.OK for answer in answers), answers[-1].text
    return answers[-1].json()


async def look(client: Client, id: str) -> dict[str, Any]:
    response = await client.get(f"/consultations/{id}")
    assert response.status_code == HTTPStatus.OK, response.text
    return response.json()


async def count(site: Site, table: type[Table]) -> int:
    async with site.service.store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def rows(site: Site) -> str:
    """All that is in the database."""
    async with site.service.store.reading() as connection:
        names = [table.name for table in Table.metadata.sorted_tables if table.name != "key_check"]
        found = [(name, await connection.execute(text(f"SELECT * FROM {name}"))) for name in names]
        return "\n".join(f"{name}: {row}" for name, lines in found for row in lines)


async def test_it_answers_as_a_conversation_in_memory_does(site: Site, client: Client) -> None:
    conversation = Conversations(site.engine)
    id = await begin(client)
    conversation.say({"chat": "a", "text": START})
    for said in (DESCRIPTION, "没有了", "是", "不对，服务费是270万", "没领过", "/result", "能领几年", "谢谢"):
        expected = dict(conversation.say({"chat": "a", "text": said}))
        del expected["chat"]
        answer = await say(client, id, said)
        assert answer.pop("id") == id
        assert answer == json.loads(json.dumps(expected)), said
    assert answer["finished"]
    assert answer["case"]["enterprise"]["agency_service_fee"] == 2700000


async def test_it_begins_with_the_first_question_and_shows_how_it_stands(client: Client) -> None:
    begun = (await client.post("/consultations", "{}")).json()
    assert (begun["asking"], begun["noted"], begun["case"].get("enterprise")) == ("screening", [], {})
    seen = await look(client, begun["id"])
    assert [line["text"] for line in seen["messages"]] == [reply["text"] for reply in begun["replies"]]
    assert seen["question"]["choices"] == begun["replies"][-1]["choices"]
    told = await say(client, begun["id"], DESCRIPTION)
    seen = await look(client, begun["id"])
    assert [line["by"] for line in seen["messages"]] == ["bot", "program", "bot"]
    assert seen["messages"][1]["text"] == DESCRIPTION
    assert seen["staff"] is False
    for field in ("asking", "confirm", "case", "total", "claims", "finished"):
        assert seen[field] == told[field], field


async def test_two_are_apart(site: Site, client: Client) -> None:
    one, other = await begin(client), await begin(client)
    answers = await asyncio.gather(say(client, one, DESCRIPTION), say(client, other, "我们做代运营，去年服务费90万"))
    assert [answer["case"]["enterprise"]["agency_service_fee"] for answer in answers] == [2600000, 900000]
    assert await client.delete(f"/consultations/{one}")
    assert (await look(client, other))["case"]["enterprise"]["agency_service_fee"] == 900000


async def test_it_outlives_the_process(site: Site, client: Client) -> None:
    id = await begin(client)
    told = await say(client, id, DESCRIPTION)
    await site.stop()
    await site.start()
    seen = await look(Client(site), id)
    assert seen["case"] == told["case"]
    assert len(seen["messages"]) == 3


async def test_it_goes_over_to_a_policy_without_a_fact_that_it_has(site: Site, client: Client) -> None:
    id = await begin(client)
    await say(client, id, DESCRIPTION)
    await site.stop()
    site.engine = without(site.engine, "enterprise.agency_service_fee")
    await site.start()
    client = Client(site)
    seen = await look(client, id)
    assert (seen["case"]["enterprise"], seen["question"]) == ({"agency_operator": True}, None)
    answer = await say(client, id, "没有了")
    assert "新版（2）" in answer["replies"][0]["text"]
    assert "enterprise.agency_operator" not in [note["path"] for note in answer["noted"]]
    assert answer["case"]["enterprise"]["agency_operator"] is True


def without(shelf: Shelf, gone: str) -> Shelf:
    """The next version of the policy, which has not this fact."""
    policy = shelf.policy
    changes = {
        "version": "2",
        "mentions": type(policy.mentions)(),
        "facts": tuple(fact for fact in policy.facts if fact.id != gone),
        "programmes": tuple(programme for programme in policy.programmes if gone not in programme.facts),
        "cumulation": policy.cumulation
        and policy.cumulation.model_copy(update={"pooled": ("pilot-project",), "one_project": ()}),
    }
    return Shelf(policy.model_copy(update=changes))


async def test_who_has_no_id_learns_nothing(client: Client) -> None:
    gone = await begin(client)
    deleted = await client.delete(f"/consultations/{gone}")
    assert (deleted.status_code, deleted.content) == (HTTPStatus.NO_CONTENT, b"")
    told: set[str] = set()
    for id in (gone, "A" * 43, gone[:-1] + ("A" if gone[-1] != "A" else "B"), "x", "%00", "%F0%9F%98%80", "1' OR 1=1"):
        for response in (
            await client.get(f"/consultations/{id}"),
            await client.delete(f"/consultations/{id}"),
            await post(client, id, "你好"),
            await post(client, id, "你好", **{"idempotency-key": "1"}),
        ):
            problem(response, 404)
            told.add(response.text)
    assert len(told) == 1


async def test_what_is_deleted_is_gone_without_a_trace(site: Site, client: Client) -> None:
    id = await begin(client)
    await say(client, id, DESCRIPTION, "没有了", "是", "没领过")
    await post(client, id, "我们在金水区云帆大厦", **{"idempotency-key": "1"})
    assert person_of(id) in await rows(site)
    assert (await client.delete(f"/consultations/{id}")).status_code == HTTPStatus.NO_CONTENT
    await site.service.idle()
    left = await rows(site)
    assert PROGRAM.name + ":" not in left
    for table in (Person, Consultation, LoggedMessage, Outbox):
        assert await count(site, table) == 0, table
    problem(await post(client, id, "你好", **{"idempotency-key": "1"}), 404)
    assert await count(site, Person) == 0


async def test_a_message_beside_the_deletion_brings_nothing_back(site: Site, client: Client) -> None:
    id = await begin(client)
    *answers, deleted = await asyncio.gather(
        *(post(client, id, "做代运营") for _ in range(5)),
        client.delete(f"/consultations/{id}"),
    )
    late = await asyncio.gather(client.delete(f"/consultations/{id}"), *(post(client, id, "你好") for _ in range(3)))
    assert deleted.status_code == HTTPStatus.NO_CONTENT
    assert {answer.status_code for answer in answers} <= {200, 404}
    assert {answer.status_code for answer in late} == {404}
    assert await count(site, Person) == 0


async def test_a_message_that_was_on_its_way_when_all_was_deleted_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultations = Consultations(site.service)
    begun = await consultations.begin()
    assert begun is not None
    id = str(begun["id"])
    looked = consultations._look

    async def slow(id: str, lines: int = 0) -> object:
        seen = await looked(id, lines)
        await Consultations(site.service).forget(id)
        return seen

    monkeypatch.setattr(consultations, "_look", slow)
    assert await consultations.say(id, "做代运营") is None
    assert await count(site, Person) == 0
    assert await consultations.forget(id) is False


async def test_it_can_be_forgotten_in_words_too(site: Site, client: Client) -> None:
    id = await begin(client)
    await say(client, id, DESCRIPTION, "/forget")
    told = await say(client, id, "是，全部删除")
    assert "全部删除" in told["replies"][0]["text"]
    assert told["case"].get("enterprise") == {}
    problem(await client.get(f"/consultations/{id}"), 404)
    assert await count(site, Person) == 0


async def test_a_deletion_that_fails_does_not_pretend(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await begin(client)

    async def fail(*_: object) -> NoReturn:
        raise RuntimeError("cannot")

    with monkeypatch.context() as patch:
        patch.setattr("conversations.office.personal_data.forget", fail)
        transport = httpx.ASGITransport(app=site.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://wence.test/api/v1") as other:
            problem(await other.delete(f"/consultations/{id}"), 500)
    assert await look(client, id)


async def test_a_message_sent_again_counts_once(site: Site, client: Client) -> None:
    id = await begin(client)
    first = await post(client, id, DESCRIPTION, **{"idempotency-key": "a"})
    callers = (client, client, Client(site, "192.0.2.9"))
    again = await asyncio.gather(*(post(each, id, DESCRIPTION, **{"idempotency-key": "a"}) for each in callers))
    for answer in again:
        assert answer.status_code == HTTPStatus.OK
        told = answer.json()
        assert (told["noted"], told["case"]) == ([], first.json()["case"])
        assert told["replies"][0]["choices"] == first.json()["replies"][-1]["choices"]
    assert [line["by"] for line in (await look(client, id))["messages"]] == ["bot", "program", "bot"]
    other = await post(client, id, "没有了", **{"idempotency-key": "a"})
    assert other.json()["noted"]
    metrics = await httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app)).get("http://wence.test/metrics")
    assert 'wence_messages_total{channel="program"} 3.0' in metrics.text


async def test_a_beginning_sent_again_begins_no_other(site: Site, client: Client) -> None:
    answers = [await client.post("/consultations", "", **{"idempotency-key": "a"}) for _ in range(2)]
    assert answers[0].status_code == HTTPStatus.CREATED
    problem(answers[1], 409)
    assert answers[0].json()["id"] not in answers[1].text
    assert await count(site, Person) == 1
    assert (await client.post("/consultations", "", **{"idempotency-key": "b"})).status_code == HTTPStatus.CREATED
    elsewhere = Client(site, "192.0.2.9")
    assert (await elsewhere.post("/consultations", "", **{"idempotency-key": "a"})).status_code == HTTPStatus.CREATED
    assert await count(site, Person) == 3


async def test_each_trouble_is_told_by_its_path(client: Client) -> None:
    id = await begin(client)
    where = f"/consultations/{id}/messages"
    for body, path in (("{}", "text"), ('{"text": 3}', "text"), ('{"text": "好", "on": "2025-04-20"}', "on")):
        assert problem(await client.post(where, body), 422)["path"] == path
    too_long = json.dumps({"text": "园" * (LONGEST_TEXT + 1)}, ensure_ascii=False)
    assert problem(await client.post(where, too_long), 422)["path"] == "text"
    problem(await client.post(where, "[]"), 422)
    problem(await client.post(where, ""), 400)
    problem(await client.post(where, "{}", **{"content-type": "text/plain"}), 415)
    problem(await client.post(where, '{"text": ""}' + " " * api.LARGEST_BODY), 413)
    assert problem(await post(client, id, "好", **{"idempotency-key": "a b"}), 400)["path"] == "Idempotency-Key"
    assert problem(await client.post("/consultations", '{"text": "好"}'), 422)["path"] == "text"
    problem(await client.post("/consultations", "[]"), 422)
    problem(await client.post("/consultations", "{}", **{"content-type": "text/plain"}), 415)
    refused = await client.post(f"/consultations/{id}", "{}")
    problem(refused, 405)
    assert {"GET", "DELETE"} <= {*refused.headers["allow"].replace(",", " ").split()}
    assert [line["by"] for line in (await look(client, id))["messages"]] == ["bot"]


async def test_what_no_database_takes_for_text_is_left_out(client: Client) -> None:
    id = await begin(client)
    response = await client.post(f"/consultations/{id}/messages", '{"text": "做代运营\\u0000\\ud800"}')
    assert response.json()["case"]["enterprise"]["agency_operator"] is True
    assert (await look(client, id))["messages"][1]["text"] == "做代运营"


async def test_one_consultation_is_limited_and_the_others_go_on(site: Site, client: Client) -> None:
    id = await begin(client)
    answers = [await post(client, id, "/help") for _ in range(api.PER_CONSULTATION.amount + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    problem(answers[-1], 429)
    assert int(answers[-1].headers["retry-after"]) > 0
    problem(await post(Client(site, "192.0.2.7"), id, "/help"), 429)
    assert await look(client, id)
    assert await say(client, await begin(client), "/help")


async def test_requests_are_limited_by_address_as_all_of_the_api(site: Site, client: Client) -> None:
    begun = [await client.post("/consultations", "") for _ in range(api.PER_ADDRESS.amount)]
    assert {answer.status_code for answer in begun} == {201}
    problem(await client.post("/consultations", ""), 429)
    problem(await client.get("/facts"), 429)
    assert await begin(Client(site, "192.0.2.2"))


async def test_with_staff_the_answer_has_what_stands_and_their_words_are_read_later(site: Site, client: Client) -> None:
    site.service.office = Office(site.engine, StaffChat(TELEGRAM, "-100"), TRAITS)
    id = await begin(client)
    told = await say(client, id, DESCRIPTION)
    taken = await say(client, id, "转人工")
    assert (taken["noted"], taken["case"], taken["asking"]) == ([], told["case"], told["asking"])
    assert len(taken["replies"]) == 1  # not what staff are told, which goes out with it
    assert (await say(client, id, "有人吗"))["replies"] == []
    async with site.service.store.reading() as connection:
        handover = await connection.scalar(select(Handover.id))
    assert handover is not None
    now = datetime.now(UTC)
    handovers = site.service.office.handovers
    await site.service.act(
        lambda work, _: handovers.say_to_person(work, handover, "李科长", "请带营业执照来", now, at="接待台")
    )
    seen = await look(client, id)
    assert (seen["staff"], seen["question"]) == (True, None)
    assert "请带营业执照来" in seen["messages"][-1]["text"]
    await site.service.idle()
    async with site.service.store.reading() as connection:
        waiting = select(Outbox.channel).where(Outbox.done_at.is_(None))
        assert {*await connection.scalars(waiting)} == {TELEGRAM.name}
    assert (await client.delete(f"/consultations/{id}")).status_code == HTTPStatus.NO_CONTENT
    assert await count(site, Handover) == 0


async def test_what_a_former_process_left_counts_as_delivered(site: Site) -> None:
    site.service.deliver_by(PROGRAM.name, lambda outgoings: None)
    await Consultations(site.service).begin()
    async with Programs(site.service):
        pass
    async with site.service.store.reading() as connection:
        waiting = select(func.count()).select_from(Outbox).where(Outbox.done_at.is_(None))
        assert await connection.scalar(waiting) == 0


async def test_a_turn_that_fails_is_told_kindly(site: Site, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await begin(client)
    told = await say(client, id, DESCRIPTION)

    def fail(*_: object) -> NoReturn:
        raise RuntimeError("a bad turn")

    monkeypatch.setattr("conversations.office.batch.dialogue.turn", fail)
    answer = await say(client, id, "没有了")
    assert [reply["text"] for reply in answer["replies"]] == [SORRY]
    assert (answer["noted"], answer["case"]) == ([], told["case"])


async def test_without_the_database_it_says_so(site: Site, client: Client, broken: None) -> None:
    site.service.store._writer = None
    for response in (
        await client.post("/consultations", ""),
        await post(client, "A" * 43, "你好"),
        await client.get(f"/consultations/{'A' * 43}"),
        await client.delete(f"/consultations/{'A' * 43}"),
    ):
        problem(response, 503)
        assert response.headers["retry-after"] == "10"


async def test_the_id_is_in_no_log_no_figure_and_no_row(
    site: Site, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    id = await begin(client)
    await say(client, id, DESCRIPTION, "/mydata")
    await post(client, id, "没有了", **{"idempotency-key": "a"})
    await client.get(f"/consultations/{id}")

    def fail(*_: object) -> NoReturn:
        raise RuntimeError("a bad turn")

    with monkeypatch.context() as patch:
        patch.setattr("conversations.office.batch.dialogue.turn", fail)
        await say(client, id, "是")
    metrics = await httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app)).get("http://wence.test/metrics")
    assert "wence_api_requests" in metrics.text
    assert id not in metrics.text
    assert person_of(id) not in metrics.text
    assert id not in await rows(site)
    await site.service.idle()
    kept = b"".join(file.read_bytes() for file in site.database.parent.iterdir())
    assert id.encode() not in kept
    own = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert any("could not be handled" in record.getMessage() for record in own)
    formatter = logging.Formatter()
    assert not [record for record in own if id in formatter.format(record)]
