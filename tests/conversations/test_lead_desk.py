"""The office's desk for leads: lists, filters, pages, states, notes, assignees, dates, views; and nobody else gets in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from conversations.office import lead_listed, leads
from conversations.office.lead_listed import ListedFirm
from conversations.service import Service
from conversations.state.actions import LONGEST, ListLeads, decode, encode
from conversations.state.firm_lists import FirmLine
from conversations.state.leads import LeadFilter
from conversations.state.messages import Kind
from conversations.state.session import Data
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables_leads import Lead, LeadEntry
from tests.conversations.conftest import KINDS, copied, empty
from tests.conversations.leading import FORM, STAFF_CHAT, Clock, Talker, consult, lead, service

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
NUMBER = "WC-20261124-0001"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module", params=KINDS)
def registered(request: pytest.FixtureRequest, engine: Shelf, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which one enterprise has registered, once of each kind; the tests get copies."""
    folder = tmp_path_factory.mktemp("registered")
    url = empty(request, folder)

    async def register() -> None:
        store = await Store.open(url, "test", KEY)
        talker = Talker(service(engine, store, Clock()))
        await consult(talker)
        await lead(talker)
        await store.close()

    asyncio.run(register())
    return url


@pytest.fixture
async def store(registered: str, tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(await asyncio.to_thread(copied, registered, tmp_path), "test", KEY)
    yield store
    await store.close()


@pytest.fixture
def served(engine: Shelf, store: Store, clock: Clock) -> Service:
    """A service at which one enterprise has registered."""
    return service(engine, store, clock)


@pytest.fixture
def staff(served: Service) -> Talker:
    return Talker(served, "telegram:9", staff=True, group=True, name="张工")


@pytest.fixture
def colleague(served: Service) -> Talker:
    return Talker(served, "telegram:8", staff=True, group=True, name="李工")


async def row(store: Store) -> Lead:
    async with store.reading() as connection:
        (found,) = await leads.find(connection, Lead.number == NUMBER)
    return found


async def history(store: Store) -> list[LeadEntry]:
    async with store.reading() as connection:
        return await leads.history(connection, [(await row(store)).id])


async def test_the_full_contact_goes_to_who_asks_alone_and_is_written_down(staff: Talker, store: Store) -> None:
    card = await staff.say(f"/leads {NUMBER}")
    assert "138****8000" in card
    said = await staff.press("看联系方式")
    assert "张工 查看联系方式" in said
    assert "138 0013 8000" not in said
    private = [outgoing.reply.text for outgoing in staff.heard if outgoing.chat == "9"]
    assert "张三丰" in private[0]
    assert "138 0013 8000" in private[0]
    assert [(e.who, e.what) for e in await history(store)][-1] == ("telegram:9", "viewed")


async def test_states_move_with_who_when_and_a_note(staff: Talker, store: Store, clock: Clock) -> None:
    await staff.say(f"/leads {NUMBER}")
    clock.pass_by(hours=1)
    assert "· 已联系" in await staff.press("已联系")
    assert "改为准备材料中：缺审计报告" in await staff.say(f"/leads {NUMBER} 准备材料 缺审计报告")
    for state in ("已提交", "已办结"):
        await staff.say(f"/leads {NUMBER} {state}")
    entries = await history(store)
    assert [entry.state for entry in entries] == ["new", "contacted", "documents", "submitted", "closed"]
    assert entries[1].at == clock.now
    assert entries[2].note == "缺审计报告"
    assert (await row(store)).ended == clock.now
    assert "要写明原因" in await staff.say(f"/leads {NUMBER} 已联系")
    assert (await row(store)).state == "closed"
    await staff.say(f"/leads {NUMBER} 已联系 材料退回")
    assert (await row(store)).ended is None
    assert "已经过了" in await staff.say(f"/leads {NUMBER} 跟进 2020-01-01")
    assert (await row(store)).follow_up is None


async def test_a_reply_to_a_card_is_a_note(staff: Talker, store: Store) -> None:
    await staff.say(f"/leads {NUMBER}")
    card = str(10_000 + staff.heard[0].id)
    assert "张工 备注：周五再打" in await staff.do(Kind.TEXT, "周五再打", reply_to=card)
    assert (await history(store))[-1].note == "周五再打"


async def test_assignee_and_follow_up(staff: Talker, colleague: Talker, store: Store) -> None:
    await colleague.say("/leads")
    assert "没有这样的登记" in await colleague.say("/leads 我的")
    await staff.say(f"/leads {NUMBER}")
    await staff.press("分给同事")
    assert "负责：李工" in await staff.press("李工")
    assert NUMBER in await colleague.say("/leads 我的")
    assert "没有这样的登记" in await staff.say("/leads 我的")
    await staff.say(f"/leads {NUMBER}")
    await staff.press("我来跟")
    assert (await row(store)).assignee == "telegram:9"
    assert "负责：李工" in await staff.say(f"/leads {NUMBER} 分给 李工")
    assert "跟进：2026-11-25" in await staff.press("明天跟进")
    assert "跟进：2026-12-01" in await staff.say(f"/leads {NUMBER} 跟进 2026-12-01")
    assert "跟进：没有定" in await staff.say(f"/leads {NUMBER} 跟进 取消")


async def test_due_leads_come_up_on_their_day(staff: Talker, clock: Clock) -> None:
    await staff.say(f"/leads {NUMBER} 跟进 2026-11-26")
    assert "没有这样的登记" in await staff.say("/leads 到期")
    clock.pass_by(days=2)
    assert "⏰" in await staff.say("/leads 到期")
    await staff.say(f"/leads {NUMBER} 已办结")
    assert "没有这样的登记" in await staff.say("/leads 到期")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("新登记", True),
        ("已联系", False),
        ("2026-11-24", True),
        ("2026-11-25", False),
        ("2026-11-01 2026-11-30", True),
        ("今天", True),
        ("云帆", True),
        ("月亮", False),
        ("13800138000", True),
        ("13800138001", False),
        ("agency-operations", True),
        ("payment-platform", False),
        ("代运营企业支持 新登记", True),
        ("郑政文〔2013〕237号", True),
        ("郑政文〔2013〕237号 代运营企业支持", True),
        ("zhengzhou-2013-237/payment-platform", False),
        ("%", False),
    ],
)
async def test_lists_are_filtered(staff: Talker, words: str, found: bool) -> None:
    said = await staff.say(f"/leads {words}")
    assert (NUMBER in said) == found, said


async def test_pages_keep_their_filter(served: Service, staff: Talker) -> None:
    talker = Talker(served)
    for number in range(2, 15):
        await lead(talker, f"第{number}家公司", *FORM[1:])
    assert "登记 14 条**（第 1/3 页）" in await staff.say("/leads 新登记")
    assert "第 2/3 页" in await staff.press("下一页 ›", message="77")
    assert staff.heard[0].reply.edit == "77"
    assert NUMBER in await staff.press("下一页 ›")
    assert "第 2/3 页" in await staff.press("‹ 上一页")
    labels = [c.label for o in staff.heard for r in o.reply.choices for c in r]
    assert "我的" in labels
    assert "新登记" not in labels  # it is the filter in force
    data = [c.data for o in staff.heard for r in o.reply.choices for c in r]
    assert all(len(each.encode()) <= LONGEST for each in data)


def test_a_filter_survives_a_button() -> None:
    whole = LeadFilter("documents", "subsidy", True, True, date(2026, 11, 1), date(2026, 11, 30), "云帆", "zz-2013")
    assert decode(encode(ListLeads(2, whole))) == ListLeads(2, whole)
    assert decode("!L:list:0:new,subsidy,,,,") == ListLeads(0, LeadFilter("new", "subsidy"))
    assert decode("!L:list:0:") == ListLeads(0, LeadFilter())
    for none in ("nonsense", "x,y,,,,", ",y,z,,,", ",,,2026,,", ",,,20261399,,"):
        assert decode(f"!L:list:0:{none}") is None


async def test_the_person_knows_nothing_of_staff(staff: Talker, served: Service) -> None:
    await staff.say(f"/leads {NUMBER} 备注 要债的")
    person = Talker(served)
    assert "要债的" not in await person.say("/mine") + await person.say("/mydata")


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(
    "tried",
    [
        "/leads",
        f"/leads {NUMBER}",
        f"/leads {NUMBER} 已办结",
        "!L:card:1",
        "!L:show:1",
        "!L:state:1:closed",
        "!L:mine:1",
        "!L:list:0:",
        "!L:follow:1:3",
        "!L:file:1",
    ],
)
async def test_nobody_else_gets_in(served: Service, store: Store, tried: str, group: bool) -> None:
    stranger = Talker(served, "telegram:5", group=group)
    kind = Kind.CHOICE if tried.startswith("!") else Kind.TEXT
    said = await stranger.do(kind, tried)
    assert said
    for secret in (NUMBER, "郑州云帆", "138"):
        assert secret not in said
    assert {outgoing.chat for outgoing in stranger.heard} <= {stranger.chat, STAFF_CHAT if group else stranger.chat}
    assert not any(outgoing.reply.file for outgoing in stranger.heard)
    assert [entry.what for entry in await history(store)] == ["created"]
    assert (await row(store)).state == "new"


@pytest.mark.parametrize(
    "data", ["!L:", "!L:card", "!L:card:x", "!L:card:999", "!L:to:1:99", "!L:state:1:boss", "!L:follow:1:x"]
)
async def test_odd_buttons_do_no_harm(staff: Talker, store: Store, data: str) -> None:
    assert await staff.do(Kind.CHOICE, data)
    assert "没处理好" not in staff.heard[0].reply.text
    assert (await row(store)).state == "new"


async def test_without_a_staff_chat_nothing_goes_there(engine: Shelf, url: str, clock: Clock) -> None:
    store = await Store.open(url, "test", KEY)
    talker = Talker(service(engine, store, clock, staff_chat=None))
    await consult(talker)
    assert NUMBER in await lead(talker)
    await store.close()
    assert {outgoing.chat for outgoing in talker.heard} == {"1"}


async def test_a_lead_of_a_list_has_no_contact(served: Service, store: Store, staff: Talker, clock: Clock) -> None:
    """A firm with an open lead gets no second one; of the others staff read what is known, and that nobody was asked."""
    shelf = served.shelf
    case: Data = {
        "enterprise": {"registered_in_zhengzhou": True, "agency_operator": True, "agency_service_fee": 2600000}
    }
    known = lead_listed.known_of(shelf, case)
    lines = [
        FirmLine(line=2, firm="郑州云帆电子商务有限公司", statuses="u"),
        FirmLine(line=3, firm="郑州归云科技有限公司", statuses="u"),
        FirmLine(line=4, firm="郑州 归云科技有限公司", statuses="u"),
        FirmLine(line=5, firm="12345", statuses="u"),
    ]
    firms = [ListedFirm(line, known) for line in lines]
    async with store.transaction() as work:
        done = await lead_listed.enter(work, shelf, firms, "名单“{1}.csv”", "desk:陈主任", clock())
    assert (len(done.made), [number for _, number in done.known]) == (1, [NUMBER, "WC-20261124-0002"])
    assert [name for name, _ in done.refused] == ["12345"]
    said = await staff.say("/leads WC-20261124-0002")
    assert "企业：郑州归云科技有限公司" in said
    assert "联系方式：没有（来自名单）" in said
    assert "从名单记下：名单“{1}.csv”，第 3 行" in said
    await staff.press("看联系方式")
    assert any("没有（来自名单）" in outgoing.reply.text for outgoing in staff.heard)


async def test_there_is_nothing_to_look_at_once_it_is_withdrawn(served: Service, staff: Talker) -> None:
    person = Talker(served)
    await person.say("/mine")
    await person.press("撤回登记")
    await person.press("是，撤回")
    await staff.say(f"/leads {NUMBER}")
    await staff.press("看联系方式")
    assert any("联系方式：已删除" in outgoing.reply.text for outgoing in staff.heard)
