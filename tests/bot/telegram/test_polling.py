"""Registration and polling: the offset, which confirms updates, moves behind what is kept and no further."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter

from bot.telegram import channel
from bot.telegram.channel import MENU, OWN_USE, STAFF_MENU, Telegram, TelegramError
from bot.telegram.inbound import UPDATES
from conversations.language.command_words import read
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound
from conversations.storage.leadership import Leadership


def update(id: int) -> dict[str, Any]:
    person = {"id": id % 2 + 1, "is_bot": False, "first_name": "王"}
    message = {
        "message_id": id,
        "date": 1,
        "chat": {"id": person["id"], "type": "private"},
        "from": person,
        "text": "好",
    }
    return {"update_id": id, "message": message}


class Bot:
    """Answers each method from a list, the last one again and again; a list's error is raised."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers: dict[str, list[Any]] = {"getMe": [{"id": 9, "username": "wence_bot"}], **answers}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def call(self, method: str, parameters: dict[str, Any], wait: float | None = None) -> Any:
        self.calls.append((method, parameters))
        answers = self.answers.get(method, [True])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        await asyncio.sleep(0 if answers[1:] else 0.001)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def offsets(self) -> list[int | None]:
        return [parameters["offset"] for method, parameters in self.calls if method == "getUpdates"]


class Kept:
    """A service that fails for the updates in ``refused``, once each."""

    office = SimpleNamespace(staff=None)

    def __init__(self, *refused: str) -> None:
        self.refused = list(refused)
        self.leadership = Leadership()
        self.ids: list[str] = []
        self.aside: list[tuple[object, str]] = []

    async def set_aside(self, channel: str, update: object, error: Exception) -> None:
        self.aside.append((update, type(error).__name__))

    async def handle(self, inbound: Inbound) -> list[Outgoing]:
        if inbound.id in self.refused:
            self.refused.remove(inbound.id)
            raise OSError("disk full")
        self.ids.append(inbound.id)
        return []

    async def pending(self, _channel: str, *, own: bool = False) -> list[Outgoing]:
        return []


@dataclass
class StaffOfOffice:
    """An office with this staff chat."""

    chat: str | None
    staff: None = None

    def staff_chat_on(self, channel: str) -> str | None:
        return self.chat if channel == "telegram" else None


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "FIRST_PAUSE", 0.001)


def make(
    service: Kept, bot: Bot, webhook: tuple[str, str] | None = None, staff: frozenset[int] = frozenset()
) -> Telegram:
    telegram = Telegram(cast(Service, service), "12345:token", "http://127.0.0.1:9", webhook=webhook, staff=staff)
    telegram._bot = cast(Any, bot)
    return telegram


async def run_until(telegram: Telegram, condition: Callable[[], bool]) -> None:
    running = asyncio.create_task(telegram.run())
    async with asyncio.timeout(10):
        while not condition() and not running.done():  # noqa: ASYNC110  (what is waited for has no event)
            await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_offset_follows_what_is_kept_and_is_forgotten_when_all_is_confirmed() -> None:
    bot, service = Bot(getUpdates=[[update(5), update(6)], [update(7)], []]), Kept()
    await run_until(make(service, bot), lambda: len(bot.offsets()) >= 5)
    assert bot.offsets()[:5] == [None, 7, 8, None, None]
    assert service.ids == ["5", "6", "7"]


async def test_what_is_not_kept_is_not_confirmed() -> None:
    bot, service = Bot(getUpdates=[[update(5), update(6), update(7)], [update(6), update(7)], []]), Kept("6")
    await run_until(make(service, bot), lambda: len(bot.offsets()) >= 3)
    assert bot.offsets()[:3] == [None, 6, 8]
    assert service.ids == ["5", "7", "6", "7"]  # the service itself knows 7 again


async def test_only_who_is_sure_to_lead_asks_for_updates() -> None:
    class Unsure(Leadership):
        sure = False
        asked = 0

        async def confirmed(self) -> None:
            self.asked += 1
            if not self.sure:
                await asyncio.Event().wait()

    bot, service = Bot(getUpdates=[[update(5)], []]), Kept()
    service.leadership = unsure = Unsure()
    await run_until(make(service, bot), lambda: bool(unsure.asked))
    assert not bot.offsets()
    unsure.sure = True
    await run_until(make(service, bot), lambda: len(bot.offsets()) >= 3)
    assert len(bot.offsets()) <= unsure.asked


async def test_failures_of_telegram_are_waited_out() -> None:
    faults = [NetworkError("502"), Conflict("another poller"), RetryAfter(timedelta(seconds=0.001)), [update(5)], []]
    bot, service = Bot(getUpdates=list(faults), getMe=[NetworkError("down"), {"id": 9, "username": "b"}]), Kept()
    await run_until(make(service, bot), lambda: bool(service.ids))
    assert service.ids == ["5"]


@pytest.mark.parametrize(
    "poison",
    [
        {"update_id": 4, "message": {"from": {"id": 1}, "text": "?"}},
        {"update_id": 4, "message": ["a list"]},
        {"update_id": 4, "message": {"chat": 5, "migrate_to_chat_id": 6}},
        {"update_id": 4, "callback_query": {"message": {}, "data": "x"}},
        {"update_id": 4, "my_chat_member": 1},
    ],
)
async def test_an_update_that_cannot_be_read_is_set_aside_and_stops_nobody(poison: dict[str, Any]) -> None:
    bot, service = Bot(getUpdates=[[poison, update(5)], []]), Kept()
    await run_until(make(service, bot), lambda: len(bot.offsets()) >= 2)
    assert bot.offsets()[1] == 6
    assert service.ids == ["5"]
    assert [kept for kept, _ in service.aside] == [poison]


async def test_an_update_that_our_mistake_makes_fail_is_set_aside_without_a_pause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(channel, "FIRST_PAUSE", 60.0)  # a pause would outlast the test

    class Mistaken(Kept):
        async def handle(self, inbound: Inbound) -> list[Outgoing]:
            if inbound.id == "6":
                raise KeyError("王总的话")
            return await super().handle(inbound)

    bot, service = Bot(getUpdates=[[update(5), update(6), update(7)], [update(8)], []]), Mistaken()
    await run_until(make(service, bot), lambda: len(bot.offsets()) >= 3)
    assert bot.offsets()[1] == 8
    assert service.ids == ["5", "7", "8"]
    assert service.aside == [(update(6), "KeyError")]
    assert "王总" not in caplog.text


@pytest.mark.parametrize("answer", [[{"no": "id"}, 7], {"not": "a list"}, True])
async def test_what_is_no_update_is_set_aside_with_a_pause(answer: object) -> None:
    bot, service = Bot(getUpdates=[answer, [update(5)], []]), Kept()
    await run_until(make(service, bot), lambda: bool(service.ids))
    assert [kept for kept, _ in service.aside] == (answer if isinstance(answer, list) else [answer])


async def test_polling_ends_a_webhook_and_the_webhook_is_registered_with_its_secret() -> None:
    polling = Bot(getUpdates=[[]])
    await run_until(make(Kept(), polling), lambda: bool(polling.offsets()))
    assert [method for method, _ in polling.calls[:4]] == ["getMe", "deleteWebhook", "setMyCommands", "getUpdates"]
    hooked = Bot()
    telegram = make(Kept(), hooked, ("https://a.example/hook", "s3cret"))
    await run_until(telegram, lambda: len(hooked.calls) == 3)
    methods = dict(hooked.calls)
    assert methods["setWebhook"]["url"] == "https://a.example/hook"
    assert methods["setWebhook"]["secret_token"] == "s3cret"
    assert methods["setWebhook"]["allowed_updates"] == list(UPDATES)
    assert "getUpdates" not in methods


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"getMe": [InvalidToken("the token")]}, "WENCE_TELEGRAM_TOKEN"),
        ({"setWebhook": [BadRequest("An HTTPS URL must be provided")]}, "HTTPS URL"),
    ],
)
async def test_what_telegram_does_not_accept_is_an_error_with_a_sentence(
    answers: dict[str, list[Any]], message: str
) -> None:
    with pytest.raises(TelegramError, match=message):
        await make(Kept(), Bot(**answers), ("https://a.example/hook", "s")).run()


async def test_staff_have_a_menu_of_their_own_where_there_is_a_chat_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bot, service = Bot(setMyCommands=[True, BadRequest("Chat not found"), True]), Kept()
    monkeypatch.setattr(service, "office", StaffOfOffice("-100"))
    await run_until(
        make(service, bot, staff=frozenset({5, 6})),
        lambda: sum(method == "setMyCommands" for method, _ in bot.calls) == 5,
    )
    menus = [given for method, given in bot.calls if method == "setMyCommands"]
    assert "scope" not in menus[0]
    scopes = [(given["scope"]["type"], given["scope"]["chat_id"], given["scope"].get("user_id")) for given in menus[1:]]
    assert scopes == [("chat", 5, None), ("chat_member", -100, 5), ("chat", 6, None), ("chat_member", -100, 6)]
    assert [each["command"] for each in menus[1]["commands"]] == [*STAFF_MENU, *OWN_USE]
    assert [each["command"] for each in menus[2]["commands"]] == [*STAFF_MENU]


async def test_who_begins_later_gets_the_menu_then(monkeypatch: pytest.MonkeyPatch) -> None:
    bot, service = Bot(), Kept()
    monkeypatch.setattr(service, "office", StaffOfOffice(None))
    telegram = make(service, bot, staff=frozenset({5}))
    begun = {**update(7), "message": {**update(7)["message"], "text": "/start"}}
    begun["message"] = {**begun["message"], "from": {"id": 5, "is_bot": False, "first_name": "李"}}

    async def handle(inbound: Inbound) -> list[object]:
        return [inbound]

    monkeypatch.setattr(service, "handle", handle)
    bot.answers["getUpdates"] = [[begun], []]
    await run_until(telegram, lambda: sum(method == "setMyCommands" for method, _ in bot.calls) == 3)
    assert [given.get("scope") for method, given in bot.calls if method == "setMyCommands"] == [
        None,
        {"type": "chat", "chat_id": 5},
        {"type": "chat", "chat_id": 5},
    ]


def test_the_menu_names_commands_that_exist() -> None:
    assert all(read(f"/{command}") is not None for command in MENU)
    assert all(3 <= len(description) <= 256 for description in MENU.values())
