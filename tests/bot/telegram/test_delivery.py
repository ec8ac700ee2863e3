"""The outbox on its way to Telegram: order, retries a chat, people who are gone. The bot and the service are played."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot import lanes
from bot.telegram.delivery import Deliverer
from bot.telegram.request import TelegramBot
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound, Kind, Reply

HOURS = timedelta(hours=1), timedelta(hours=-1)


class Bot:
    """Notes what is shown; ``faults`` holds per chat what the next calls raise."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int, Any]] = []
        self.faults: dict[int, list[TelegramError | None]] = {}

    async def call(self, method: str, parameters: dict[str, Any], wait: float | None = None) -> object:
        await asyncio.sleep(0)
        chat = parameters["chat_id"]
        fault = self.faults[chat].pop(0) if self.faults.get(chat) else None
        if fault is not None:
            raise fault
        self.shown.append((method, chat, parameters.get("text") or parameters.get("document")))
        return {"message_id": len(self.shown)}

    def texts(self, chat: int) -> list[Any]:
        return [text for _, to, text in self.shown if to == chat]


class Notes:
    """Notes what becomes of replies, in the service's place."""

    def __init__(self) -> None:
        self.arrived: dict[int, str] = {}
        self.retried: list[tuple[int, datetime]] = []
        self.given_up: list[int] = []
        self.handled: list[Inbound] = []
        self.left_behind: list[Outgoing] = []

    async def delivered(self, outgoing_id: int, message_id: str) -> None:
        self.arrived[outgoing_id] = message_id

    async def failed(self, outgoing_id: int, retry_at: datetime | None) -> None:
        if retry_at is None:
            self.given_up.append(outgoing_id)
        else:
            self.retried.append((outgoing_id, retry_at))

    async def handle(self, inbound: Inbound) -> list[Outgoing]:
        self.handled.append(inbound)
        return []

    async def pending(self, channel: str, *, own: bool = False) -> list[Outgoing]:
        return self.left_behind

    async def renew(self, ids: Collection[int]) -> None:
        pass


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def deliverer(bot: Bot, notes: Notes, monkeypatch: pytest.MonkeyPatch) -> Deliverer:
    monkeypatch.setattr(lanes, "FIRST_PAUSE", 0.001)

    async def make(reply: Reply) -> bytes:
        return f"{reply.document}".encode()

    return Deliverer(cast(Service, notes), cast(TelegramBot, bot), make)


def reply(id: int, text: str, chat: int = 1, edit: str | None = None, **more: Any) -> Outgoing:
    return Outgoing(id, f"telegram:{abs(chat)}", "telegram", str(chat), None, Reply(text=text, edit=edit, **more))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  (what is waited for has no event)
            await asyncio.sleep(0.001)


async def test_replies_of_a_chat_arrive_in_order_and_are_noted(deliverer: Deliverer, bot: Bot, notes: Notes) -> None:
    deliverer.put([reply(n, f"第{n}条", chat=n % 2) for n in range(10)])
    deliverer.put([reply(3, "第3条", chat=1)])  # known already
    await deliverer.drain(10)
    assert bot.texts(0) == [f"第{n}条" for n in range(0, 10, 2)]
    assert bot.texts(1) == [f"第{n}条" for n in range(1, 10, 2)]
    assert sorted(notes.arrived) == list(range(10))


async def test_a_pause_that_a_predecessor_was_asked_for_is_kept(deliverer: Deliverer, bot: Bot) -> None:
    now = datetime.now(UTC)
    waiting, over = (replace(reply(n, f"第{n}条", chat=n), retry_at=now + hours) for n, hours in enumerate(HOURS))
    deliverer.put([waiting, reply(2, "后面", chat=0), over])
    await until(lambda: bot.texts(1) == ["第1条"])
    await deliverer.drain(0)
    assert bot.texts(0) == []


async def test_at_the_end_what_has_arrived_is_still_noted(deliverer: Deliverer, notes: Notes) -> None:
    slowly = asyncio.Event()

    async def delivered(outgoing_id: int, message_id: str) -> None:
        await slowly.wait()
        notes.arrived[outgoing_id] = message_id

    notes.delivered = delivered  # type: ignore[method-assign]
    deliverer.put([reply(1, "一"), reply(2, "二")])
    asyncio.get_running_loop().call_later(0.05, slowly.set)
    await deliverer.drain(10)
    assert sorted(notes.arrived) == [1, 2]


async def test_a_flood_wait_halts_its_own_chat_only(deliverer: Deliverer, bot: Bot, notes: Notes) -> None:
    bot.faults[1] = [RetryAfter(timedelta(hours=1))]
    before = datetime.now(UTC)
    deliverer.put([reply(1, "一"), reply(2, "二"), reply(3, "三", chat=2), reply(4, "四", chat=2)])
    await until(lambda: len(notes.arrived) == 2)
    assert (bot.texts(1), bot.texts(2)) == ([], ["三", "四"])
    ((id, at),) = notes.retried
    assert id == 1
    assert at - before >= timedelta(hours=1)
    await deliverer.drain(0)


async def test_what_does_not_get_through_comes_again_before_what_follows(
    deliverer: Deliverer, bot: Bot, notes: Notes
) -> None:
    bot.faults[1] = [NetworkError("502"), RetryAfter(timedelta(seconds=0.01)), NetworkError("reset")]
    deliverer.put([reply(1, "一"), reply(2, "二")])
    await deliverer.drain(10)
    assert bot.texts(1) == ["一", "二"]
    assert [id for id, _ in notes.retried] == [1, 1, 1]
    assert sorted(notes.arrived) == [1, 2]


async def test_a_long_reply_goes_on_where_it_was_interrupted(deliverer: Deliverer, bot: Bot, notes: Notes) -> None:
    bot.faults[1] = [None, NetworkError("502")]
    deliverer.put([reply(1, "一" * 3000 + "\n" + "二" * 3000)])
    await deliverer.drain(10)
    assert [text[0] for text in bot.texts(1)] == ["一", "二"]
    assert notes.arrived == {1: "2"}


@pytest.mark.parametrize(
    ("chat", "refusal", "group"),
    [
        (1, Forbidden("bot was blocked by the user"), False),
        (1, BadRequest("Chat not found"), False),
        (-5, Forbidden("bot was kicked from the supergroup chat"), True),
    ],
)
async def test_who_is_gone_is_noted_and_gets_nothing_more(
    deliverer: Deliverer, bot: Bot, notes: Notes, chat: int, refusal: TelegramError, group: bool
) -> None:
    bot.faults[chat] = [refusal]
    deliverer.put([reply(1, "一", chat), reply(2, "二", chat)])
    await deliverer.drain(10)
    assert bot.shown == []
    (left,) = notes.handled
    assert (left.kind, left.chat, left.group) == (Kind.LEFT, str(chat), group)
    deliverer.put([reply(3, "回来了", chat)])
    await deliverer.drain(10)
    assert bot.texts(chat) == ["回来了"]


async def test_only_the_last_of_waiting_changes_to_a_message_is_shown(
    deliverer: Deliverer, bot: Bot, notes: Notes
) -> None:
    deliverer.put(
        [reply(1, "☑", edit="8"), reply(2, "☐", edit="8"), reply(3, "☑☑", edit="8"), reply(4, "完", edit="9")]
    )
    await deliverer.drain(10)
    assert bot.texts(1) == ["☑☑", "完"]
    assert notes.arrived == {1: "8", 2: "8", 3: "1", 4: "2"}


async def test_changing_a_message_that_is_the_same_or_gone_is_no_error(
    deliverer: Deliverer, bot: Bot, notes: Notes
) -> None:
    bot.faults[1] = [BadRequest("Message is not modified: specified new message content is the same")]
    deliverer.put([reply(1, "一", edit="8")])
    await deliverer.drain(10)
    assert bot.shown == []
    assert notes.arrived == {1: "8"}
    bot.faults[1] = [BadRequest("Message to edit not found")]
    deliverer.put([reply(2, "二", edit="8")])
    await deliverer.drain(10)
    assert bot.shown == [("sendMessage", 1, "二")]
    bot.faults[1] = [BadRequest("Message can't be edited")]
    deliverer.put([reply(3, "", edit="8")])
    await deliverer.drain(10)
    assert sorted(notes.arrived) == [1, 2, 3]
    assert notes.given_up == []


async def test_a_reply_that_telegram_refuses_does_not_stop_the_rest(
    deliverer: Deliverer, bot: Bot, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    bot.faults[1] = [BadRequest("Can't parse entities")]
    deliverer.put([reply(1, "一"), reply(2, "二")])
    await deliverer.drain(10)
    assert notes.given_up == [1]
    assert bot.texts(1) == ["二"]
    assert "Can't parse entities" in caplog.text


async def test_a_group_that_moved_is_followed(deliverer: Deliverer, bot: Bot, notes: Notes) -> None:
    bot.faults[-5] = [ChatMigrated(-1005)]
    deliverer.put([reply(1, "一", chat=-5)])
    await deliverer.drain(10)
    assert bot.texts(-1005) == ["一"]


async def test_a_file_is_made_when_it_is_sent(deliverer: Deliverer, bot: Bot, notes: Notes) -> None:
    deliverer.put([reply(1, "您的表", file="表.docx", document="assessment")])
    await deliverer.drain(10)
    ((method, _, document),) = bot.shown
    assert method == "sendDocument"
    assert isinstance(document, InputFile)
    assert (document.filename, document.input_file_content) == ("表.docx", b"assessment")


async def test_what_was_left_behind_is_taken_up(
    deliverer: Deliverer, bot: Bot, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "SWEEP", 0.001)
    notes.left_behind = [reply(1, "一")]
    await deliverer.recover()
    watching = asyncio.create_task(deliverer.run())
    await until(lambda: bot.texts(1) == ["一"])
    notes.left_behind = [reply(2, "二")]
    await until(lambda: "二" in bot.texts(1))
    watching.cancel()
    await deliverer.drain(10)
