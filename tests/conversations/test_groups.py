"""In a group nothing of anybody's consultation is said: to nobody, by no command, no button and no kind of message."""

from collections.abc import AsyncIterator

import pytest

from conversations.office.groups import ALONE
from conversations.service import Service
from conversations.state.commands import Command
from conversations.state.messages import Kind
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from tests.conversations.leading import STAFF_CHAT, Clock, Talker, consult, lead, service

CUSTOMERS = "-100555"
STAFFS = (
    "/leads",
    "/leads WC-20261124-0001",
    "!L:card:1",
    "!L:show:1",
    "!L:list:0:",
    "/draft 我们能领多少",
    "/unanswered",
    "/stats",
)
SAID = (
    *("/start", "/result", "/result@x", "结果", "/materials", "/notes", "/mydata", "/forget", "/mine", "/cases", "登记"),
    *("转人工", "我们做代运营，去年服务费260万", "是", "260万", "培训费能报多少？", "你好", "", *(f"/{each}" for each in Command)),
    *("!result", "!mine", "!forget:yes", "!edit", "3:yes", "!mydata"),
)  # fmt: skip
SECRETS = ("260", "26 万", "郑州云帆", "138", "张三丰", "WC-", "代运营")


@pytest.fixture
async def served(engine: Shelf, url: str) -> AsyncIterator[Service]:
    """A service to which telegram:1 has said everything, telegram:9 is staff."""
    store = await Store.open(url, "test", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    served = service(engine, store, Clock())
    for name in ("telegram:1", "telegram:9"):
        person = Talker(served, name, staff=name == "telegram:9")
        if person.staff:
            await person.say("/start")  # the help for staff comes first
            await person.press("看客户看到的问卷")
        await consult(person)
        await lead(person)
    yield served
    await store.close()


async def heard(talker: Talker, said: str, kind: Kind | None = None) -> list[str]:
    """What is said to it, wherever."""
    await talker.do(kind or (Kind.CHOICE if said.startswith("!") or ":yes" in said else Kind.TEXT), said)
    return [outgoing.reply.text for outgoing in talker.heard]


async def test_a_group_of_customers_hears_where_one_can_talk_alone_and_nothing_else(served: Service) -> None:
    for staff in (False, True):
        there = Talker(served, "telegram:9" if staff else "telegram:1", staff=staff, group=True, place=CUSTOMERS)
        for said in (*SAID, *STAFFS):
            [told] = await heard(there, said)
            assert told.startswith(ALONE), said
            assert "https://t.me/wence_test_bot" in told
        for kind in Kind:
            told = "".join(await heard(there, "13800138000", kind))
            assert told.startswith(ALONE) or kind in (Kind.LEFT, Kind.EDIT), kind
    mine = Talker(served, "telegram:1")
    assert "26 万元" in await mine.say("/result")  # untouched by all that
    assert "WC-20261124-0001" in await mine.say("/mine")


async def test_the_staffs_chat_hears_staff_commands_of_staff_and_nobodys_consultation(served: Service) -> None:
    for staff in (False, True):
        there = Talker(served, "telegram:9" if staff else "telegram:1", staff=staff, group=True)
        for said in SAID:
            for told in await heard(there, said):
                assert told.startswith(ALONE) or (staff and said == "/help"), said
                assert not any(secret in told for secret in SECRETS)
    outsider = Talker(served, "telegram:1", group=True)
    for said in STAFFS:
        assert all(told.startswith(ALONE) for told in await heard(outsider, said)), said
    clerk = Talker(served, "telegram:9", staff=True, group=True, place=STAFF_CHAT)
    assert "WC-20261124-0001" in await clerk.say("/leads")
    assert "数字" in await clerk.say("/stats") or "咨询" in await clerk.say("/stats")


async def test_staff_alone_with_us_have_their_commands_and_their_consultation(served: Service) -> None:
    clerk = Talker(served, "telegram:9", staff=True)
    assert "WC-20261124-0001" in await clerk.say("/leads")
    assert "26 万元" in await clerk.say("/result")
