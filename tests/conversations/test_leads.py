"""Leads as a person has them: numbered, updated, changed, withdrawn, shown, forgotten; several consultations."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from sqlalchemy import func, select, text

from conversations.office import documents, leads
from conversations.saying.values import facts
from conversations.service import Outgoing, Service
from conversations.state.lead_form import NOTICE
from conversations.state.leads import ClaimSums, LeadState
from conversations.state.messages import Kind
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables import Consultation, Outbox, Table
from conversations.storage.tables_leads import Lead, LeadClaim
from tests.conversations.leading import FORM, STAFF_CHAT, Clock, Talker, consult, lead, service

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, "test", KEY)
    yield store
    await store.close()


@pytest.fixture
def served(engine: Shelf, store: Store, clock: Clock) -> Service:
    return service(engine, store, clock)


@pytest.fixture
async def person(served: Service) -> Talker:
    """Somebody who has seen a result."""
    talker = Talker(served)
    await consult(talker)
    return talker


async def kept(store: Store) -> list[Lead]:
    async with store.reading() as connection:
        return await leads.find(connection)


async def kept_claims(store: Store) -> list[LeadClaim]:
    async with store.reading() as connection:
        return [claim for claims in (await leads.claims(connection)).values() for claim in claims]


def to_staff(heard: list[Outgoing]) -> list[str]:
    return [outgoing.reply.text for outgoing in heard if outgoing.chat == STAFF_CHAT]


async def test_a_lead_has_a_number_and_what_goes_with_it(person: Talker, store: Store, engine: Shelf) -> None:
    said = await lead(person)
    assert "WC-20261124-0001" in said
    (row,) = await kept(store)
    assert (row.number, row.person, row.state) == ("WC-20261124-0001", "telegram:1", LeadState.NEW)
    assert (row.policy, row.version) == (engine.policy.id, engine.policy.version)
    assert row.contact.model_dump() == {
        "contact": "张三丰",
        "phone": "+8613800138000",
        "time": "工作日上午",
        "remark": "先问受理时间",
    }
    assert row.attached.case["enterprise"]
    assert row.attached.assessment["total"] == {"min": 260000, "max": 260000}
    (claim,) = await kept_claims(store)
    assert (claim.policy, claim.programme, claim.label) == (engine.policy.id, "agency-operations", "代运营企业支持")
    assert (claim.citation, claim.office, claim.status) == ("三、（六）", engine.policy.lead, "eligible")
    assert claim.sums == ClaimSums(min=Decimal(260000), max=Decimal(260000), period="year")
    assert (row.notice, row.consented, row.crossing_consented) == (NOTICE, Clock().now, Clock().now)
    async with store.reading() as connection:
        history = await leads.history(connection, [row.id])
    assert [(entry.who, entry.what, entry.state) for entry in history] == [("", "created", "new")]


async def test_refused_consent_leaves_no_lead(person: Talker, store: Store) -> None:
    await person.say("登记", "不同意", "登记", "同意", "不同意")
    assert await kept(store) == []


async def test_the_open_points_go_along(served: Service, store: Store) -> None:
    talker = Talker(served)
    await talker.say("/start", "1", "是", "不清楚", "不清楚")
    await lead(talker)
    (row,) = await kept(store)
    assert "enterprise.agency_service_fee" in row.attached.open


async def test_numbers_are_unique_side_by_side_and_begin_anew_each_day(
    served: Service, store: Store, clock: Clock
) -> None:
    people = [Talker(served, f"telegram:{n}") for n in range(1, 9)]
    for talker in people:
        await consult(talker)
    await asyncio.gather(*(lead(talker) for talker in people))
    assert sorted(row.number for row in await kept(store)) == [f"WC-20261124-{n:04d}" for n in range(1, 9)]
    clock.pass_by(hours=14)  # it is the next day at the office, not yet in UTC
    late = Talker(served, "telegram:99")
    await consult(late)
    assert "WC-20261125-0001" in await lead(late)


@pytest.mark.parametrize(
    "again",
    [
        ("郑州云帆电子商务有限公司", "跳过", "李四", "13900139000", "跳过", "跳过"),
        (" 郑州云帆电子商务（有限公司）", "91110000600037341L", "李四", "13900139000", "跳过", "跳过"),
    ],
)
async def test_the_same_enterprise_updates_its_open_lead(person: Talker, store: Store, again: tuple[str, ...]) -> None:
    await lead(person)
    said = await lead(person, *again)
    assert "已经有一条登记 **WC-20261124-0001**" in said
    assert "更新" in said
    assert ["登记有更新" in line for line in to_staff(person.heard)] == [True]
    (row,) = await kept(store)
    assert row.contact.phone == "+8613900139000"
    assert len(await kept_claims(store)) == 1


async def test_two_codes_are_two_enterprises_and_an_ended_lead_is_not_taken_up(person: Talker, store: Store) -> None:
    name = FORM[0]
    await lead(person, name, "91110000600037341L", *FORM[2:])
    await lead(person, name, "914403001922038216", *FORM[2:])
    assert len(await kept(store)) == 2
    await person.do(Kind.CHOICE, "!mine:withdrawn:WC-20261124-0001")
    await lead(person, name, "91110000600037341L", *FORM[2:])
    assert len(await kept(store)) == 3


async def test_another_person_of_the_same_enterprise_changes_nobody_elses_lead(
    person: Talker, served: Service, store: Store
) -> None:
    await lead(person)
    other = Talker(served, "telegram:2")
    await consult(other)
    said = await lead(other)
    assert "WC-20261124-0002" in said
    assert "0001" not in said
    assert "WC-20261124-0001" in to_staff(other.heard)[0]  # the office is told that there are two
    assert len(await kept(store)) == 2


async def test_the_staff_chat_gets_it_with_the_phone_masked(person: Talker) -> None:
    await lead(person)
    (said,) = to_staff(person.heard)
    assert "138****8000" in said
    assert "郑州云帆电子商务有限公司" in said
    for hidden in ("13800138000", "138 0013 8000", "张三丰", "先问受理时间"):
        assert hidden not in said


async def test_the_word_file_holds_facts_programmes_materials_and_caveats(
    person: Talker, store: Store, engine: Shelf
) -> None:
    await lead(person)
    file = next(o.reply for o in person.heard if o.reply.file)
    assert file.file == "预评估表-WC-20261124-0001.docx"
    document = docx.Document(io.BytesIO(await documents.render(file.document or "", engine, store)))
    width = document.sections[0].page_width
    assert width is not None
    assert round(width.cm, 1) == 21.0  # A4
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "登记日期\n2026-11-24" in cells
    assert "WC-20261124-0001" in cells
    assert "260 万元" in cells
    assert "每年 26 万元" in cells
    assert "三、（六）" in cells
    assert cells.count("☐") >= 3
    assert "不是审批结论" in words
    assert "13800138000" not in words + cells
    with pytest.raises(documents.DocumentGoneError):
        await documents.render("lead:WC-20261124-0009", engine, store)


async def test_the_paper_can_be_had_without_a_lead(served: Service, store: Store, engine: Shelf) -> None:
    talker = Talker(served)
    await talker.say("/start")
    assert "出了结果才有" in await talker.say("预评估表")
    await consult(talker)
    await talker.press("下载预评估表")
    (reply,) = [outgoing.reply for outgoing in talker.heard]
    document = docx.Document(io.BytesIO(await documents.render(reply.document or "", engine, store)))
    assert "1. 代运营企业支持" in [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert await kept(store) == []


async def test_a_rough_figure_is_written_as_it_was_said(served: Service, store: Store, engine: Shelf) -> None:
    talker = Talker(served)
    await talker.say("/start", "1", "是", "260万左右", "没领过")
    await lead(talker)
    (row,) = await kept(store)
    known = documents.known_from(engine, row)
    assert "约 260 万元" in [value for _, value in facts(engine, known)]


async def test_my_leads_change_and_withdraw(person: Talker, store: Store) -> None:
    assert "没有找到您的登记" in await person.say("我的登记")
    await lead(person)
    assert "138 0013 8000" in await person.say("我的登记")
    assert "请核对一下" in await person.press("修改登记")
    await person.say("改联系人")
    assert any(choice.label == "不改了" for choice in person.heard[-1].reply.choices[-1])
    changed = await person.say("王五", "确认修改")
    assert "改好了" in changed
    assert "没有重复登记" not in changed
    (row,) = await kept(store)
    assert (row.contact.contact, row.contact.phone) == ("王五", "+8613800138000")
    await person.say("/mine")
    await person.press("撤回登记")
    assert "WC-20261124-0001" in await person.press("不撤回")
    await person.press("撤回登记")
    assert "已经撤回" in await person.press("是，撤回")
    assert "本人撤回了登记" in to_staff(person.heard)[0]
    (row,) = await kept(store)
    assert (row.state, row.contact.phone, row.contact.contact) == (LeadState.DECLINED, "", "")
    assert "已经结束了" in await person.do(Kind.CHOICE, "!mine:edit:WC-20261124-0001")


async def test_a_change_from_another_consultation_leaves_what_was_attached(person: Talker, store: Store) -> None:
    await lead(person)
    (before,) = await kept(store)
    await person.say("重新开始", "是", "2")
    await person.do(Kind.CHOICE, "!mine:edit:WC-20261124-0001")
    await person.say("改备注", "换个说法", "确认修改")
    (after,) = await kept(store)
    assert after.contact.remark == "换个说法"
    assert (after.consultation, after.attached) == (before.consultation, before.attached)
    assert [claim.programme for claim in await kept_claims(store)] == ["agency-operations"]


@pytest.mark.parametrize("verb", ["file", "edit", "withdraw", "withdrawn"])
async def test_nobody_gets_at_another_persons_lead(person: Talker, served: Service, store: Store, verb: str) -> None:
    await lead(person)
    other = Talker(served, "telegram:2")
    await consult(other)
    said = await other.do(Kind.CHOICE, f"!mine:{verb}:WC-20261124-0001")
    assert "没有找到您的登记" in said
    assert not any(outgoing.reply.file for outgoing in other.heard)
    (row,) = await kept(store)
    assert row.state == LeadState.NEW


async def test_my_data_is_all_that_is_kept(person: Talker, store: Store, engine: Shelf) -> None:
    await lead(person)
    said = await person.say("/mydata")
    assert "1 条登记（WC-20261124-0001）" in said
    file = person.heard[0].reply
    data = json.loads(await documents.render(file.document or "", engine, store))
    assert data["leads"][0]["phone"] == "+8613800138000"
    assert data["leads"][0]["consented"]
    assert "260万" in [message["text"] for message in data["messages"]]
    assert [answer["path"] for answer in data["consultations"][0]["answers"]]


async def everything(store: Store) -> str:
    async with store.reading() as connection:
        names = [table.name for table in Table.metadata.sorted_tables if table.name != "key_check"]
        tables = [(name, await connection.execute(text(f"SELECT * FROM {name}"))) for name in names]
        return "\n".join(f"{name}: {row}" for name, rows in tables for row in rows)


async def test_forgetting_leaves_no_row_anywhere(person: Talker, served: Service, store: Store) -> None:
    await lead(person)
    staff = Talker(served, "telegram:9", staff=True, group=True)
    await staff.say("/leads")
    await staff.say("/leads WC-20261124-0001")
    await staff.press("看联系方式")
    assert "确定要删除吗" in await person.say("/forget")
    assert "一切照旧" in await person.press("不删")
    await person.say("/forget")
    said = await person.press("是，全部删除")
    assert "全部删除：" in said
    removed = [(o.chat, o.reply.edit) for o in person.heard if o.reply.remove]
    assert {chat for chat, _ in removed} == {STAFF_CHAT, "9"}
    left = await everything(store)
    for trace in ("telegram:1'", "郑州云帆", "WC-20261124-0001", "lead_claims:"):
        assert trace not in left, trace
    async with store.reading() as connection:
        for table in (Lead, Consultation):
            found = select(func.count()).select_from(table).where(table.person == "telegram:1")
            assert await connection.scalar(found) == 0
    assert "您好" in await person.say("/start")


async def test_a_forgotten_person_leaves_nothing_even_within_one_transaction(
    person: Talker, served: Service, store: Store
) -> None:
    await lead(person)
    await asyncio.gather(person.say("/mine"), person.do(Kind.CHOICE, "!forget:yes"))
    left = await everything(store)
    assert "郑州云帆" not in left
    async with store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Outbox).where(Outbox.person == "")) == 0


async def test_sqlite_holds_nothing_of_the_forgotten_in_its_files(person: Talker, store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite's files")
    await lead(person)
    await person.do(Kind.CHOICE, "!forget:yes")
    file = store.engine.url.database or ""
    for name in (file, f"{file}-wal"):
        content = await asyncio.to_thread(Path(name).read_bytes)
        assert "郑州云帆".encode() not in content
        assert b"telegram:1" not in content


async def test_several_consultations_are_listed_and_switched(person: Talker, served: Service) -> None:
    await lead(person)
    await person.say("重新开始", "是", "9")
    said = await person.say("/cases")
    assert "郑州云帆电子商务有限公司" in said
    assert "正在进行" in said
    label = next(c.label for o in person.heard for r in o.reply.choices for c in r if c.label.startswith("接着"))
    assert "接着这一次" in await person.press(label)
    assert "26 万元" in await person.say("结果")
    other = Talker(served, "telegram:2")
    await other.say("/start")
    await person.say("/cases")
    foreign = next(c.data for o in person.heard for r in o.reply.choices for c in r if c.data.startswith("!case"))
    assert "我的咨询" in await other.do(Kind.CHOICE, foreign)
    assert "26 万元" not in await other.say("结果")


@pytest.mark.parametrize("wish", ["登记", "我的登记", "/mydata", "/forget", "/cases"])
async def test_in_a_group_nothing_private_is_said(person: Talker, served: Service, wish: str) -> None:
    await lead(person)
    said = await Talker(served, "telegram:1", group=True).say(wish)
    assert "私聊" in said
    assert "138" not in said


async def test_old_leads_and_idle_consultations_go(person: Talker, served: Service, store: Store, clock: Clock) -> None:
    await lead(person)
    await lead(person, "另一家公司", *FORM[1:])
    await person.do(Kind.CHOICE, "!mine:withdrawn:WC-20261124-0001")
    clock.pass_by(days=89)
    await served.purge()
    assert len(await kept(store)) == 2
    assert "telegram:1" in await everything(store)
    clock.pass_by(days=2)
    await served.purge()
    async with store.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Consultation)) == 0
    assert len(await kept(store)) == 2
    clock.pass_by(days=300)
    await served.purge()
    assert [row.enterprise for row in await kept(store)] == ["另一家公司"]  # still open: it is kept
    assert "WC-20261124-0001" not in await everything(store)


async def test_no_log_shows_a_name_or_a_number(
    person: Talker, served: Service, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ValueError("cannot be kept")

    with caplog.at_level(logging.DEBUG):
        await lead(person)
        monkeypatch.setattr(leads, "register", fail)
        assert "没处理好" in await lead(person, "另一家公司", *FORM[1:])
    assert "could not be kept" in caplog.text
    for secret in ("13800138000", "张三丰", "郑州云帆"):
        assert secret not in caplog.text
