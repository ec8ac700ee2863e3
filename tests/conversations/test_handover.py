"""A person is asked for: both sides are heard, the bot keeps silent, and has the consultation back in the end."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels import TRAITS
from bot.telegram.traits import TELEGRAM
from conversations.office import handover_topics
from conversations.office.handover_topics import Place
from conversations.office.hours import OfficeHours
from conversations.office.personal_data import everything
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.office.statistics import statistics
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound, Kind, Reply
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables import Consultation, LoggedMessage, Outbox, Table
from conversations.storage.tables_handover import Handover

GROUP = "-100"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a Tuesday, 10:00 at the office


class Desk:
    """A service with a staff chat, and people who write to it."""

    def __init__(self, engine: Shelf, store: Store, hours: str = "") -> None:
        self.now = NOW
        self.office = Office(engine, StaffChat(TELEGRAM, GROUP), TRAITS, OfficeHours.read(hours))
        self.service = Service(engine, store, clock=lambda: self.now, office=self.office)
        self.sent: list[Outgoing] = []
        self.service.deliver_by("telegram", self.sent.extend)
        self.service.deliver_by("web", self.sent.extend)
        self._id = 0

    async def says(
        self, text: str, who: int = 1, kind: Kind = Kind.TEXT, channel: str = "telegram", **more: Any
    ) -> None:
        self._id += 1
        person = f"{channel}:{who}"
        fields: dict[str, Any] = {"chat": str(who), "name": "王经理", "message": str(self._id)} | more
        inbound = Inbound(id=str(self._id), channel=channel, person=person, kind=kind, text=text, at=self.now, **fields)
        self.sent.clear()
        await self.service.handle(inbound)

    async def staff(self, text: str, who: int = 5, kind: Kind = Kind.TEXT, **more: Any) -> None:
        fields: dict[str, Any] = {
            "chat": GROUP,
            "group": True,
            "staff": who == 5,
            "thread": "77",
            "name": "小李",
        } | more
        await self.says(text, who, kind, **fields)

    async def deliver(self) -> None:
        """Everything to the staff chat arrives: the first of a topic opens it."""
        for one in list(self.sent):
            if one.reply.topic is not None:
                await self.service.placed(one.chat, one.reply.topic, Place(thread="77"))
                await asyncio.gather(self.service.delivered(one.id, f"9{one.id}"), self.service.idle())
        await self.service.idle()

    def to_staff(self) -> list[Reply]:
        return [one.reply for one in self.sent if one.chat == GROUP]

    def to_person(self, who: int = 1) -> list[Reply]:
        return [one.reply for one in self.sent if one.chat == str(who)]


async def waiting(desk: Desk) -> list[str]:
    """Whose word is the last one."""
    people = select(Handover.person).where(Handover.waiting.is_not(None)).order_by(Handover.waiting)
    async with desk.service.store.reading() as connection:
        return list((await connection.execute(people)).scalars())


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, "test", "0" * 43 + "=")
    yield store
    await store.close()


@pytest.fixture
def desk(store: Store, engine: Shelf) -> Desk:
    return Desk(engine, store)


async def handed_over(desk: Desk) -> None:
    await desk.says("/start")
    await desk.says("转人工")
    await desk.deliver()


async def test_it_opens_with_a_summary_that_shows_no_phone(desk: Desk) -> None:
    await desk.says("我们做代运营，服务费260万")
    await desk.says("打我电话 13812345678 吧啦吧啦")
    await desk.says("嗯哼哈嘿")
    await desk.says("!person", kind=Kind.CHOICE)
    [told] = desk.to_person()
    assert "转给工作人员" in told.text
    [summary] = desk.to_staff()
    assert summary.topic is not None
    assert "王经理" in summary.topic.name
    assert "260 万元" in summary.text
    assert "嗯哼哈嘿" in summary.text.partition("没听懂的")[2].partition("最近的对话")[0]
    assert "〔电话〕" in summary.text
    assert "13812345678" not in summary.text


async def test_both_sides_are_heard_and_the_bot_is_silent(desk: Desk) -> None:
    await handed_over(desk)
    await desk.says("我想请您看看我们的账")
    assert desk.to_person() == []
    assert [reply.text for reply in desk.to_staff()] == ["**王经理：**\n我想请您看看我们的账"]
    await desk.staff("您好，按一成算")
    assert [reply.text for reply in desk.to_person()] == ["**工作人员 小李：**\n您好，按一成算"]
    assert desk.to_staff() == []
    await desk.says("谢谢")  # a word of the bot's own is for the person too
    assert [reply.text for reply in desk.to_staff()] == ["**王经理：**\n谢谢"]
    await desk.says("您好，按两成算", kind=Kind.EDIT)
    assert "改了之前的一条" in desk.to_staff()[0].text


async def test_commands_and_old_buttons_are_answered_kindly_and_go_nowhere(desk: Desk) -> None:
    await handed_over(desk)
    for text, kind in (("/help", Kind.TEXT), ("1:?", Kind.CHOICE), ("!person", Kind.CHOICE)):
        await desk.says(text, kind=kind)
        assert "现在由工作人员" in desk.to_person()[0].text
        assert desk.to_staff() == []


async def test_the_button_at_the_foot_of_a_page_only_offers_it_and_says_when_somebody_answers(
    store: Store, engine: Shelf
) -> None:
    desk = Desk(engine, store, "mon-fri 09:00-12:00 13:30-17:30")
    desk.now = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)  # Friday, 18:00
    await desk.says("我们做代运营，服务费260万")
    await desk.says("!person:ask", kind=Kind.CHOICE)
    [offer] = desk.to_person()
    assert "11 月 30 日（周一）09:00" in offer.text
    assert "？" not in offer.text, "a 是 after it answers the question before"
    assert desk.to_staff() == []
    assert await waiting(desk) == []
    (yes, no), *_ = offer.choices
    await desk.says(no.data, kind=Kind.CHOICE)
    assert desk.to_person()[-1].choices, "the open question again"
    await desk.says(yes.data, kind=Kind.CHOICE)
    assert "一起转过去了" in desk.to_person()[0].text
    assert len(await waiting(desk)) == 1
    async with store.reading() as connection:
        log = (await connection.execute(select(LoggedMessage.text).where(LoggedMessage.incoming))).scalars().all()
    assert log[-3:] == ["转人工", "不转了，接着问", "转给工作人员"], "what was pressed reads as the buttons do"


async def test_while_nobody_has_answered_a_question_on_the_document_is(desk: Desk) -> None:
    await handed_over(desk)
    await desk.says("代运营的服务费要到多少才给支持")
    [said] = desk.to_person()
    assert "先按文件答" in said.text
    assert "100 万元" in said.text
    [told] = desk.to_staff()
    assert "代运营的服务费要到多少才给支持" in told.text
    assert "三、（六）" in told.text, "staff know what has been said"
    await desk.says("下周一上午能给我打电话吗")
    assert desk.to_person() == []
    await desk.staff("我来答")
    await desk.says("代运营的服务费要到多少才给支持")
    assert desk.to_person() == [], "whom staff talk with the bot does not"


async def test_without_anybody_the_button_says_so(store: Store, engine: Shelf) -> None:
    service = Service(engine, store, clock=lambda: NOW)
    pressed = Inbound(id="1", channel="web", person="web:a", chat="a", kind=Kind.CHOICE, text="!person:ask", at=NOW)
    [reply] = await service.handle(pressed)
    assert "接不通工作人员" in reply.reply.text


@pytest.mark.parametrize("who", ["person", "staff", "button"])
async def test_either_side_ends_it_and_the_open_question_is_asked_again(desk: Desk, who: str) -> None:
    await handed_over(desk)
    if who == "person":
        await desk.says("结束")
    elif who == "staff":
        await desk.staff("结束")
    else:
        await desk.staff("!H:end:1", kind=Kind.CHOICE, thread=None)
    ended, *rest = desk.to_person()
    assert "对话" in ended.text
    assert rest[-1].ask is not None or rest[-1].choices
    assert "结束" in desk.to_staff()[0].text
    await desk.says("代运营")
    assert desk.to_staff() == []
    assert desk.to_person()


async def test_the_consultation_stands_where_it_was(desk: Desk, store: Store) -> None:
    await desk.says("我们做代运营，服务费260万，在郑州注册")
    async with store.reading() as connection:
        before = await connection.scalar(select(Consultation.state))
    await desk.says("转人工")
    await desk.says("你们几点下班")
    await desk.says("结束")
    async with store.reading() as connection:
        after = await connection.scalar(select(Consultation.state))
    assert before is not None
    assert after is not None
    assert (after.answers, after.asking) == (before.answers, before.asking)


async def test_an_hour_of_silence_gives_it_back(desk: Desk) -> None:
    await handed_over(desk)
    desk.now += timedelta(minutes=50)
    await desk.says("还在吗")
    desk.now += timedelta(minutes=59)
    desk.sent.clear()
    await desk.service.give_back()
    assert desk.sent == []
    desk.now += timedelta(minutes=1)
    await desk.service.give_back()
    assert "一小时" in desk.to_person()[0].text
    assert "一小时" in desk.to_staff()[0].text
    desk.sent.clear()
    await desk.service.give_back()
    assert desk.sent == []


async def test_a_late_answer_still_arrives_and_takes_the_person_back_to_staff(desk: Desk) -> None:
    await handed_over(desk)
    await desk.says("结束")
    await desk.staff("刚才开会，材料周五前交就行")
    [late] = desk.to_person()
    assert "材料周五前交就行" in late.text
    assert late.choices
    await desk.says("明白")
    assert [reply.text for reply in desk.to_staff()] == ["**王经理：**\n明白"]


async def test_notes_commands_and_others_never_leave(desk: Desk, store: Store) -> None:
    await handed_over(desk)
    for text in ("//这家要小心", "／／这家要小心"):
        await desk.staff(text)
        assert desk.sent == []
    await desk.staff("我也说一句", who=6)
    assert desk.to_person() == []
    assert "WENCE_STAFF_IDS" in desk.to_staff()[0].text
    await desk.staff("!H:end:1", who=6, kind=Kind.CHOICE)
    await desk.says("还在")
    assert [reply.text for reply in desk.to_staff()] == ["**王经理：**\n还在"]
    async with store.reading() as connection:
        kept = (await connection.execute(select(LoggedMessage.text))).scalars().all()
    assert not [text for text in kept if "小心" in text or "我也说" in text]


async def test_in_a_topic_of_the_offices_own_the_bot_is_silent(desk: Desk) -> None:
    await handed_over(desk)
    await desk.staff("中午吃什么", thread="5")
    await desk.staff("中午吃什么", thread="5", who=6)
    assert desk.sent == []


async def test_without_topics_staff_reply(desk: Desk, store: Store) -> None:
    await desk.says("/start")
    await desk.says("转人工")
    [summary] = [one for one in desk.sent if one.chat == GROUP]
    topic = summary.reply.topic
    assert topic is not None
    await desk.service.placed(GROUP, topic, Place(root="31"))
    await desk.service.delivered(summary.id, "31")
    await desk.staff("您好", thread=None, reply_to="31")
    assert [reply.text for reply in desk.to_person()] == ["**工作人员 小李：**\n您好"]
    await desk.staff("别的事", thread=None, reply_to="30")
    assert desk.to_person() == []
    await desk.says("结束")
    await desk.says("转人工")
    assert await desk.service.place(GROUP, topic) is None  # a thread of its own again


async def test_a_person_keeps_the_topic_and_a_lost_one_begins_with_the_summary(desk: Desk) -> None:
    await handed_over(desk)
    await desk.says("结束")
    await desk.says("转人工")
    [summary] = [one for one in desk.to_staff() if "转人工" in one.text]
    assert summary.topic is not None
    assert await desk.service.place(GROUP, summary.topic) == Place(thread="77")
    desk.sent.clear()
    await desk.service.placed(GROUP, summary.topic, Place(thread="78"))
    assert "原来的话题不在了" in desk.to_staff()[0].text
    await desk.staff("在新话题里", thread="78")
    assert "在新话题里" in desk.to_person()[0].text


async def test_media_goes_along_as_a_copy_where_it_can(desk: Desk) -> None:
    await handed_over(desk)
    await desk.says("", kind=Kind.MEDIA, message="40")
    assert desk.to_staff()[0].copy_of == ("1", "40")
    await desk.staff("看这张图", kind=Kind.MEDIA, message="41")
    assert desk.to_person()[0].copy_of == (GROUP, "41")
    assert "工作人员 小李" in desk.to_person()[0].text


async def test_the_web_has_it_too(desk: Desk, store: Store, engine: Shelf) -> None:
    await desk.says("转人工", channel="web", chat="web:1", name="")
    await desk.deliver()
    await desk.staff("您好")
    [said] = desk.to_person("web:1")  # type: ignore[arg-type]
    assert said.text == "**工作人员 小李：**\n您好"
    async with store.reading() as connection:
        log = (
            (await connection.execute(select(LoggedMessage.text).where(LoggedMessage.person == "web:1")))
            .scalars()
            .all()
        )
    assert log[-1] == said.text
    await desk.says("", kind=Kind.MEDIA, channel="web", chat="web:1", name="", sent="语音")
    assert [(told.text, told.copy_of) for told in desk.to_staff()] == [("**对方：**\n（发来语音）", None)]
    await desk.staff("", kind=Kind.MEDIA)
    assert desk.to_person("web:1") == []  # type: ignore[arg-type]
    assert "没有送出" in desk.to_staff()[0].text


async def test_the_desk_on_the_web_answers_by_functions(desk: Desk) -> None:
    await handed_over(desk)
    handovers = desk.office.handovers
    assert await waiting(desk) == ["telegram:1"]
    desk.sent.clear()
    await desk.service.act(lambda work, now: handovers.say_to_person(work, 1, "王姐", "在的", now, at="网页"))
    assert desk.to_person()[0].text == "**工作人员 王姐：**\n在的"
    assert desk.to_staff()[0].text == "（**王姐** 在网页上答复）\n在的"
    assert await waiting(desk) == []
    await desk.service.act(lambda work, now: handovers.close(work, 1, "staff", now))
    await desk.says("代运营")
    assert desk.to_staff() == []
    with pytest.raises(LookupError):
        await desk.service.act(lambda work, now: handovers.close(work, 9, "staff", now))


async def test_an_answer_to_an_old_hand_over_belongs_to_the_one_that_is_open(desk: Desk, store: Store) -> None:
    handovers = desk.office.handovers
    await handed_over(desk)
    await desk.says("结束")
    await desk.says("转人工")
    await desk.service.act(lambda work, now: handovers.say_to_person(work, 1, "王姐", "在的", now, at="网页"))
    await desk.says("结束")
    async with store.reading() as connection:
        closed = (await connection.execute(select(Handover.closed, Handover.waiting).order_by(Handover.id))).all()
    assert all(at is not None and waiting is None for at, waiting in closed)


async def test_who_has_blocked_the_bot_is_shown_as_such(desk: Desk) -> None:
    await handed_over(desk)
    await desk.says("", kind=Kind.LEFT)
    assert "屏蔽" in desk.to_staff()[0].text
    await desk.staff("您好")
    assert desk.to_person() == []
    assert "屏蔽" in desk.to_staff()[0].text
    await desk.says("我回来了")
    assert ["又回来了" in reply.text for reply in desk.to_staff()] == [True, False]
    await desk.staff("您好")
    assert "您好" in desk.to_person()[0].text


async def test_outside_the_hours_it_says_when_somebody_answers(store: Store, engine: Shelf) -> None:
    desk = Desk(engine, store, "mon-fri 09:00-12:00 13:30-17:30")
    desk.now = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)  # Friday, 18:00
    await desk.says("转人工")
    assert "11 月 30 日（周一）09:00" in desk.to_person()[0].text
    assert "不在办公时间" in desk.to_staff()[0].text
    await desk.deliver()
    await desk.says("周一请打给我")
    assert "周一请打给我" in desk.to_staff()[0].text
    desk.now += timedelta(hours=2)
    await desk.service.give_back()
    assert len(await waiting(desk)) == 1
    desk.now = datetime(2026, 11, 30, 1, 5, tzinfo=UTC)
    await desk.staff("早上好")
    assert "早上好" in desk.to_person()[0].text


async def test_without_a_staff_chat_it_says_so(store: Store, engine: Shelf) -> None:
    service = Service(engine, store, clock=lambda: NOW)
    inbound = Inbound(id="1", channel="terminal", person="terminal:a", chat="a", kind=Kind.TEXT, text="转人工", at=NOW)
    [reply] = await service.handle(inbound)
    assert "接不通工作人员" in reply.reply.text


async def test_in_a_group_it_is_refused_kindly(desk: Desk) -> None:
    await desk.says("转人工", chat="-5", group=True)
    assert "私聊" in desk.sent[0].reply.text
    assert len(desk.sent) == 1


async def test_two_messages_in_one_batch_do_not_miss_the_change(desk: Desk) -> None:
    import asyncio

    await desk.says("/start")
    await asyncio.gather(desk.says("转人工"), desk.says("有人吗"))
    assert [reply.text for reply in desk.to_staff()][-1] == "**王经理：**\n有人吗"


async def test_rights_hold_while_staff_are_there_and_forgetting_leaves_nothing(desk: Desk, store: Store) -> None:
    await handed_over(desk)
    await desk.says("我姓赵钱孙李")
    await desk.deliver()
    await desk.says("/mydata")
    assert desk.to_person()[0].file is not None
    await desk.says("!forget:yes", kind=Kind.CHOICE)
    removals = [one for one in desk.sent if one.chat == GROUP]
    assert len([one for one in removals if one.reply.edit is not None]) >= 2
    assert [one.thread for one in removals if one.reply.edit is None] == ["77"]
    await asyncio.gather(*(desk.service.delivered(one.id, "1") for one in desk.sent), desk.service.idle())
    await desk.service.idle()
    async with store.reading() as connection:
        for table in Table.metadata.sorted_tables:
            rows = (await connection.execute(table.select())).all()
            if table.name not in ("seen", "key_check", "events", "alembic_version"):
                assert "telegram:1" not in str(rows), table.name
                assert "赵钱孙李" not in str(rows), table.name
    await desk.staff("还在吗")
    assert desk.to_person() == []


async def test_what_is_kept_of_it_can_be_taken_along(desk: Desk, store: Store) -> None:
    await handed_over(desk)
    await desk.says("结束")
    async with store.reading() as connection:
        mine = json.loads(await everything(connection, "telegram:1"))
    assert mine["with_staff"] == [{"opened": NOW.isoformat(), "answered": None, "closed": NOW.isoformat()}]


async def test_a_chat_that_moved_is_followed(desk: Desk, store: Store, engine: Shelf) -> None:
    await handed_over(desk)
    await desk.service.moved(GROUP, "-100200")
    assert desk.office.staff_chat_on("telegram") == "-100200"
    await desk.says("还在吗")
    assert [one.chat for one in desk.sent] == ["-100200"]
    later = Desk(engine, store)
    await later.service.find_staff()
    assert later.office.staff_chat_on("telegram") == "-100200"
    async with store.reading() as connection:
        assert await handover_topics.moved_to(connection, "-3") == "-3"


async def test_the_figures(desk: Desk, engine: Shelf, store: Store) -> None:
    await handed_over(desk)
    desk.now += timedelta(minutes=3)
    await desk.staff("您好")
    desk.now += timedelta(minutes=3)
    await desk.staff("还有吗")
    await desk.staff("结束")
    async with store.reading() as connection:
        found = await statistics(connection, engine)
    assert (found.handovers.opened, found.handovers.answered, found.handovers.seconds) == (1, 1, 180)


async def test_what_ended_long_ago_is_purged(desk: Desk, store: Store) -> None:
    await handed_over(desk)
    await desk.says("结束")
    await desk.deliver()
    desk.now += timedelta(days=91)
    await desk.service.purge()
    async with store.reading() as connection:
        assert (await connection.execute(select(Handover.id))).all() == []
        assert (await connection.execute(select(Outbox.id).where(Outbox.about.startswith("handover:")))).all() == []


HOURS = "mon-fri 09:00-12:00 13:30-17:30; sat 10:00-12:00"


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24T11:59", "2026-11-24T11:59"),
        ("2026-11-24T12:00", "2026-11-24T13:30"),
        ("2026-11-24T08:00", "2026-11-24T09:00"),
        ("2026-11-24T17:30", "2026-11-25T09:00"),
        ("2026-11-27T17:30", "2026-11-28T10:00"),
        ("2026-11-28T12:30", "2026-11-30T09:00"),
        ("2026-09-30T18:00", "2026-10-08T09:00"),  # 国庆, its Saturday too
        ("2026-10-03T10:30", "2026-10-08T09:00"),
        ("2026-10-10T14:00", "2026-10-10T14:00"),  # a Saturday that is worked for it, the whole day
        ("2026-02-13T17:30", "2026-02-14T09:00"),  # before 春节
        ("2026-02-14T17:30", "2026-02-24T09:00"),
        ("2027-10-01T09:30", "2027-10-01T09:30"),  # nobody has announced that year yet
    ],
)
def test_when_the_office_opens(at: str, opens: str) -> None:
    moment, expected = (datetime.fromisoformat(f"{text}+08:00") for text in (at, opens))
    hours = OfficeHours.read(HOURS)
    assert hours.next_opening(moment.astimezone(UTC)) == expected
    assert hours.open_at(moment) is (moment == expected)


def test_a_holiday_has_the_hours_of_a_sunday() -> None:
    hours = OfficeHours.read("mon-fri 09:00-17:00; sun 10:00-11:00")
    assert hours.next_opening(datetime.fromisoformat("2026-10-01T09:00+08:00")).hour == 10


def test_no_hours_are_all_hours() -> None:
    assert OfficeHours.read(" ").open_at(NOW)


def test_days_may_go_over_the_end_of_the_week() -> None:
    days = OfficeHours.read("sat-mon 09:00-24:00").days
    assert [bool(day) for day in days] == [True, False, False, False, False, True, True]


@pytest.mark.parametrize("text", ["09:00-12:00", "mon-fri", "mon-fry 09:00-12:00", "mon 12:00-09:00", "mon 9-12"])
def test_wrong_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"an example|ends before"):
        OfficeHours.read(text)
