"""The webhook: what is not Telegram's is turned away, what is comes to the service before it is acknowledged."""

import json
from collections.abc import AsyncIterator
from typing import cast

import httpx
import pytest
from starlette.responses import PlainTextResponse

from bot.telegram.channel import LARGEST_UPDATE, Telegram
from bot.telegram.inbound import Reader
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound, Reply

SECRET = "the-secret"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": False, "first_name": "王"},
        "text": "你好",
    },
}


class Kept:
    """A service that keeps what it is handed, or fails to."""

    def __init__(self) -> None:
        self.inbounds: list[Inbound] = []
        self.fails = False
        self.replies: list[Outgoing] = []

    async def set_aside(self, channel: str, update: object, error: Exception) -> None:
        pass

    async def handle(self, inbound: Inbound) -> list[Outgoing]:
        if self.fails:
            raise OSError("disk full")
        self.inbounds.append(inbound)
        return self.replies


@pytest.fixture
def service() -> Kept:
    return Kept()


@pytest.fixture
async def client(service: Kept) -> AsyncIterator[httpx.AsyncClient]:
    hook = ("https://office.example/hooks/telegram", SECRET)
    telegram = Telegram(cast(Service, service), "12345:token", "http://127.0.0.1:9", webhook=hook)
    telegram._reader.set_result(Reader(12345, "wence_bot", frozenset()))
    app = telegram.before(PlainTextResponse("the page", 404))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_an_update_is_acknowledged_once_it_is_kept(client: httpx.AsyncClient, service: Kept) -> None:
    answer = await client.post("/hooks/telegram", json=UPDATE, headers=HEADERS)
    assert answer.status_code == 200
    assert [(one.id, one.text) for one in service.inbounds] == [("7", "你好")]


async def test_what_cannot_be_kept_is_not_acknowledged(
    client: httpx.AsyncClient, service: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    service.fails = True
    assert (await client.post("/hooks/telegram", json=UPDATE, headers=HEADERS)).status_code == 503
    assert "disk full" in caplog.text


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "another"}])
async def test_without_the_secret_nothing_is_read(
    client: httpx.AsyncClient, service: Kept, headers: dict[str, str]
) -> None:
    assert (await client.post("/hooks/telegram", json=UPDATE, headers=headers)).status_code == 403
    assert service.inbounds == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"update_id": "7"}', 400),
        (b" " * (LARGEST_UPDATE + 1), 413),
    ],
)
async def test_what_is_no_update_is_turned_away(
    client: httpx.AsyncClient, service: Kept, body: bytes, status: int
) -> None:
    assert (await client.post("/hooks/telegram", content=body, headers=HEADERS)).status_code == status
    assert service.inbounds == []


@pytest.mark.parametrize("update", [{"update_id": 8}, {"update_id": 9, "message": {"text": "好"}}])
async def test_what_does_not_concern_us_or_cannot_be_read_does_not_come_again(
    client: httpx.AsyncClient, service: Kept, update: dict[str, object]
) -> None:
    answer = await client.post("/hooks/telegram", content=json.dumps(update), headers=HEADERS)
    assert answer.status_code == 200
    assert service.inbounds == []


async def test_a_press_is_answered_along_with_the_acknowledgement(client: httpx.AsyncClient, service: Kept) -> None:
    place = {"message_id": 3, "chat": {"id": 1, "type": "private"}, "date": 1}
    press = {"id": "77", "from": {"id": 1, "is_bot": False, "first_name": "甲"}, "message": place, "data": "1:yes"}
    service.replies = [Outgoing(1, "telegram:1", "telegram", "1", None, Reply(text="好"))]
    answer = await client.post("/hooks/telegram", json={"update_id": 8, "callback_query": press}, headers=HEADERS)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"method": "answerCallbackQuery", "callback_query_id": "77"}
    service.replies = []  # it came before
    answer = await client.post("/hooks/telegram", json={"update_id": 8, "callback_query": press}, headers=HEADERS)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_everything_else_is_the_applications(client: httpx.AsyncClient) -> None:
    assert (await client.get("/hooks/telegram", headers=HEADERS)).text == "the page"
    assert (await client.post("/elsewhere", json=UPDATE, headers=HEADERS)).text == "the page"
