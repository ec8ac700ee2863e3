"""The helpdesk's room behind the service: drafts and their buttons, consultations for customers, commands of staff."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.telegram.traits import TELEGRAM
from conversations.answering.drafting import draft
from conversations.answering.letter_parts import Style
from conversations.office import helpdesk_wording as wording
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.service import Outgoing, Service
from conversations.state.actions import LONGEST
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables import Consultation, LoggedMessage
from conversations.storage.tables_helpdesk import CustomerDraft, UnansweredQuestion
from tests import databases

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
LETTER = (
    "王总：小李你好，我们平台有央行的支付牌照，总部打算从上海搬过来，听说给两百万是吧？另外去年交了六万块钱培训费能报吗"
)
AGENCY = "我们在金水区注册，做代运营，去年服务费260万，能补多少？"
STAFF_CHAT = "-100"


class Desk:
    """The service with people at it, each by number; ``staff`` are those of the helpdesk."""

    def __init__(self, service: Service, staff: frozenset[int]) -> None:
        self.service = service
        self.staff = staff
        self._ids = itertools.count(1)

    async def act(
        self, who: int, text: str, kind: Kind = Kind.TEXT, *, chat: str | None = None, sender: str | None = None
    ) -> list[Outgoing]:
        number = str(next(self._ids))
        return await self.service.handle(
            Inbound(
                id=number,
                channel="telegram",
                person=f"telegram:{who}",
                chat=chat or str(who),
                kind=kind,
                text=text,
                at=NOW,
                name="小李",
                staff=who in self.staff,
                group=chat is not None,
                message=number,
                sender=sender,
            )
        )

    async def forward(self, text: str, sender: str | None = "王总", who: int = 5) -> list[Reply]:
        return [one.reply for one in await self.act(who, text, Kind.FORWARD, sender=sender)]

    async def press(self, choice: Choice, who: int = 5, chat: str | None = None) -> list[Outgoing]:
        return await self.act(who, choice.data, Kind.CHOICE, chat=chat)


@pytest.fixture
async def desk(engine: Shelf, tmp_path: Path) -> AsyncIterator[Desk]:
    store = await Store.open(databases.sqlite(tmp_path))
    office = Office(engine, StaffChat(TELEGRAM, STAFF_CHAT))
    yield Desk(Service(engine, store, clock=lambda: NOW, office=office), frozenset({5, 6}))
    await store.close()


def button(reply: Reply, label: str) -> Choice:
    return next(choice for row in reply.choices for choice in row if label in choice.label)


async def count(desk: Desk, table: type) -> int:
    async with desk.service.store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def test_a_forwarded_message_comes_back_as_a_draft_that_stands_alone(desk: Desk, engine: Shelf) -> None:
    replies = await desk.forward(LETTER)
    letter = replies[-1]
    assert letter.text == draft(engine, LETTER, "王总").text
    assert letter.text.startswith("王总您好！")
    for label in ("更口语", "更正式", "换一个条款", "继续问卷", "转给同事", "记为未能回答"):
        assert button(letter, label)
    assert all(len(choice.data.encode()) <= LONGEST for row in letter.choices for choice in row)
    assert all("不用转发" in reply.text for reply in replies[:-1])


async def test_a_hidden_sender_and_a_pasted_message(desk: Desk) -> None:
    assert (await desk.forward(AGENCY, sender=""))[-1].text.startswith("您好！")
    (pasted,) = await desk.act(5, f"/draft 陈经理：{AGENCY}")
    assert pasted.reply.text.startswith("陈经理您好！")
    assert "26 万元" in pasted.reply.text


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_forwarded_media_and_empty_texts_get_a_kind_sentence(desk: Desk, text: str) -> None:
    (reply,) = await desk.forward(text)
    assert (reply.text, reply.choices) == (wording.MEDIA, ())
    (told,) = await desk.act(5, "/draft")
    assert told.reply.text == wording.HOW_TO_DRAFT
    assert await count(desk, CustomerDraft) == 0


async def test_registers_and_another_clause_change_the_draft_in_its_place(desk: Desk, engine: Shelf) -> None:
    letter = (await desk.forward(LETTER))[-1]
    (spoken,) = await desk.press(button(letter, "更口语"))
    assert spoken.reply.text == draft(engine, LETTER, "王总", Style.SPOKEN).text
    assert spoken.reply.edit is not None
    (formal,) = await desk.press(button(spoken.reply, "更正式"))
    (other,) = await desk.press(button(formal.reply, "第 1 条换一个条款"))
    assert other.reply.text == draft(engine, LETTER, "王总", Style.FORMAL, {0: 1}).text
    (usual,) = await desk.press(button(other.reply, "恢复"))
    assert usual.reply.text == draft(engine, LETTER, "王总", Style.USUAL, {0: 1}).text


async def test_a_customers_consultation_is_apart_from_the_staff_members_own(desk: Desk, engine: Shelf) -> None:
    await desk.act(5, "/start")
    await desk.act(5, "园区")
    letter = (await desk.forward(f"李总：{AGENCY}"))[-1]
    told, question = await desk.press(button(letter, "继续问卷"))
    assert "替客户（李总）开的咨询" in told.reply.text
    assert question.reply.ask == "screening"
    (asked,) = await desk.act(5, "以上都没有")
    assert engine.policy.fact("enterprise.agency_years_supported").question in asked.reply.text
    answered = await desk.act(5, "没领过")
    assert "26 万元" in "".join(one.reply.text for one in answered)
    (back,) = await desk.press(button(told.reply, "回到我自己"))
    assert wording.BACK_AT_OWN.strip() in back.reply.text
    (again,) = await desk.press(button(told.reply, "回到我自己"))
    assert again.reply.text == wording.NOTHING_TO_GO_BACK_TO
    await desk.press(button(letter, "继续问卷"))
    async with desk.service.store.reading() as connection:
        states = list((await connection.execute(select(Consultation.state, Consultation.active))).tuples())
    assert len(states) == 2
    active = next(state for state, on in states if on)
    assert active.answer("enterprise.agency_years_supported") is not None
    own = next(state for state, on in states if not on)
    assert own.answer("enterprise.agency_operator") is None


async def test_a_consultation_for_a_customer_who_states_nothing_starts_at_the_start(desk: Desk) -> None:
    letter = (await desk.forward("培训费奖励多少"))[-1]
    told, question = await desk.press(button(letter, "继续问卷"))
    assert question.reply.ask == "screening"
    (back,) = await desk.press(button(told.reply, "回到我自己"))  # there was none of one's own before
    assert wording.BACK_AT_OWN.strip() in back.reply.text


async def test_passing_a_draft_on_to_colleagues_leaves_it_in_nobodys_log(desk: Desk) -> None:
    letter = (await desk.forward(LETTER))[-1]
    head, there, told = await desk.press(button(letter, "转给同事"))
    assert (head.chat, there.chat, told.chat) == (STAFF_CHAT, STAFF_CHAT, "5")
    assert "小李转来一条客户咨询（王总）" in head.reply.text
    assert there.reply.text == letter.text
    assert told.reply.text == wording.HANDED_ON
    async with desk.service.store.reading() as connection:
        people = set((await connection.execute(select(LoggedMessage.person))).scalars())
    assert people == {"telegram:5"}
    (changed,) = await desk.press(button(there.reply, "更口语"), who=6, chat=STAFF_CHAT)
    assert changed.reply.text != letter.text


async def test_without_a_staff_chat_it_says_so(engine: Shelf, tmp_path: Path) -> None:
    store = await Store.open(databases.sqlite(tmp_path))
    desk = Desk(Service(engine, store, clock=lambda: NOW, office=Office(engine)), frozenset({5}))
    (told,) = await desk.press(button((await desk.forward(LETTER))[-1], "转给同事"))
    assert told.reply.text == wording.NO_STAFF_CHAT
    await store.close()


async def test_a_colleagues_draft_cannot_be_pressed_elsewhere_and_ids_that_are_none_do_nothing(desk: Desk) -> None:
    letter = (await desk.forward(LETTER))[-1]
    (refused,) = await desk.press(button(letter, "更口语"), who=6)
    assert refused.reply.text == wording.NOT_YOURS
    for data in ("999:formal", "x", "1:", "1:next:x", "q1:send", "qx:write", "page:x", ":", "1:whatever", "q:"):
        replies = await desk.act(5, f"!desk:{data}", Kind.CHOICE)
        assert replies
        assert "没处理好" not in replies[0].reply.text


async def test_nobody_else_is_staff(desk: Desk) -> None:
    letter = (await desk.forward(LETTER))[-1]
    rows = await count(desk, CustomerDraft)
    for text in ("/draft 培训费能报多少", "/unanswered", "/stats", "/unanswered export"):
        replies = await desk.act(7, text)
        shown = "".join(one.reply.text for one in replies)
        assert "王总" not in shown
        assert "没答上的问题" not in shown
        assert "**咨询**" not in shown
    for row in letter.choices:
        for choice in row:
            replies = await desk.press(choice, who=7)
            assert not any("王总" in one.reply.text or "支付" in one.reply.text.split("属于")[0] for one in replies)
    replies = await desk.act(7, AGENCY, Kind.FORWARD, sender="王总")
    shown = "".join(one.reply.text for one in replies)
    assert "您好！" not in shown
    assert "260 万元" in shown  # their own consultation takes it
    assert await count(desk, CustomerDraft) == rows


async def test_staff_talk_for_themselves_as_anybody(desk: Desk) -> None:
    replies = await desk.act(5, "园区评上省级给多少")
    assert "60 万元" in replies[0].reply.text


async def test_what_a_draft_could_not_answer_and_what_staff_report_is_kept_once(desk: Desk) -> None:
    replies = await desk.forward("园区省级奖多少？高新企业认定奖多少？")
    assert "第 2 条" in replies[0].text
    assert await count(desk, UnansweredQuestion) == 1
    report = button(replies[-1], "记为未能回答")
    (told,) = await desk.press(report)
    assert told.reply.text == wording.REPORTED
    (again,) = await desk.press(report)
    assert again.reply.text == wording.REPORTED_ALREADY
    assert await count(desk, UnansweredQuestion) == 2


async def test_staff_are_told_what_of_a_customers_words_a_draft_has_not_used(desk: Desk) -> None:
    replies = await desk.forward(
        "我们管的楼办公使用面积13500平米，入驻率六成，去年3月开始运行的，领导小组认定了，奖多少？"
    )
    assert "草稿没有用上，发之前看一眼：“去年3月开始运行的”" in replies[0].text
    assert "13500 平方米" in replies[-1].text


async def test_figures_for_staff(desk: Desk) -> None:
    await desk.act(8, "/start")
    await desk.act(8, "都没有")
    (shown,) = await desk.act(5, "/stats")
    assert "开始 1，看到结果 1" in shown.reply.text
    (shown,) = await desk.act(5, "/stats 2026-11-25")
    assert "开始 0" in shown.reply.text
    (shown,) = await desk.act(5, "/stats 昨天")
    assert shown.reply.text == wording.STATS


async def test_a_person_who_is_forgotten_leaves_only_figures(desk: Desk) -> None:
    await desk.forward(LETTER)
    await desk.forward("高新企业认定奖励多少")
    await desk.act(5, "/start")
    before = (await desk.act(5, "/stats"))[0].reply.text
    await desk.act(5, "!forget:yes", Kind.CHOICE)
    assert (await count(desk, CustomerDraft), await count(desk, UnansweredQuestion)) == (0, 0)
    assert "telegram:5" not in await _dump(desk)
    assert (await desk.act(5, "/stats"))[0].reply.text == before


async def _dump(desk: Desk) -> str:
    async with desk.service.store.reading() as connection:
        names = (
            (await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        )
        rows = [str((await connection.exec_driver_sql(f'SELECT * FROM "{name}"')).all()) for name in names]
    return "\n".join(rows)


async def test_old_drafts_go(desk: Desk) -> None:
    letter = (await desk.forward(LETTER))[-1]
    later = datetime(2027, 1, 24, tzinfo=UTC)
    async with desk.service.store.transaction() as work:
        await desk.service.office.purge(work, later)
    (told,) = await desk.press(button(letter, "更口语"))
    assert told.reply.text == wording.NO_LONGER
