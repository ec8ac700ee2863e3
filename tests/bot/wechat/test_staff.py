"""Staff of 企业微信: people are put through to them and come back, and what is said there is in the office's log."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.wechat import ledger as ledgers
from conversations.office import handover
from conversations.storage.tables import Outbox, Person
from conversations.storage.tables_handover import Handover
from tests.bot.wechat.conftest import Site
from tests.bot.wechat.test_limits import LONG, told
from tests.e2e.applicant import asks
from tests.wechatapi import Visitor
from tests.wechatapi.world import FROM_STAFF, NEW, OVER, STAFF, WAITING

pytestmark = pytest.mark.slow


async def handed_over(site: Site) -> Visitor:
    """Somebody in the pool, who has answered one question before."""
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await visitor.send("1")
    await visitor.wait_for(check=asks)
    await visitor.send("转人工")
    await visitor.wait_until(lambda: visitor.chat.state == WAITING)
    assert "转给工作人员" in visitor.chat.shown[-1].text
    return visitor


async def ended_by_staff(visitor: Visitor) -> None:
    """Staff end the session, and the person is told by the code that comes with it."""
    await visitor.staff_ends()
    await visitor.wait_until(lambda: visitor.chat.shown[-1].on_event)


async def with_office(site: Site, visitor: Visitor) -> bool:
    async with site.store.reading() as connection:
        rows = await connection.execute(select(Person.handover).where(Person.person == f"wechat:{visitor.who}"))
        return rows.scalar() is not None


async def test_a_person_is_put_through_and_comes_back_where_they_were(site: Site) -> None:
    visitor = await handed_over(site)
    await visitor.staff_takes()
    await visitor.send("我们租的楼不在名单上怎么办")
    await visitor.staff_says("可以先申请认定")
    await visitor.send("好的谢谢")
    before = len(visitor.chat.shown)
    await visitor.staff_ends()
    await visitor.wait_until(lambda: len(visitor.chat.shown) > before)
    back = visitor.chat.shown[-1]
    assert back.on_event
    assert "工作人员结束了这次对话" in back.text
    assert any(label == "是" for _, label in back.items)
    await visitor.press("是")
    assert visitor.chat.state == NEW
    await visitor.wait_for(check=asks)
    log = [text for _, text in await site.log(visitor.who)]
    assert "**工作人员 lisi：**\n可以先申请认定" in log
    assert log.index("我们租的楼不在名单上怎么办") < log.index("好的谢谢")
    assert not await with_office(site, visitor)
    async with site.store.reading() as connection:
        rows = (await connection.execute(select(Handover.answered, Handover.closed))).all()
    assert [None not in row for row in rows] == [True]


async def test_the_bot_is_silent_meanwhile(site: Site) -> None:
    visitor = await handed_over(site)
    await visitor.staff_takes()
    before = site.wechat.count("kf/send_msg")
    for text in ("在吗", "代运营最多拿几年？", "/help"):
        await visitor.send(text)
        await visitor.wait_until(lambda: not site.wechat._telling)
    await site.channel._deliverer.drain(10)
    assert site.wechat.count("kf/send_msg") == before


async def test_nothing_that_the_bot_would_have_said_comes_afterwards(site: Site) -> None:
    visitor = await handed_over(site)
    await visitor.staff_takes()
    for text in ("代运营最多拿几年？", "/help"):
        await visitor.send(text)
    await visitor.wait_until(lambda: not site.wechat._telling)
    await ended_by_staff(visitor)
    assert visitor.chat.shown[-1].text.startswith("工作人员结束了这次对话")


async def test_a_handing_over_that_was_done_and_not_noted(site: Site) -> None:
    """WeChat has put the person through, and its answer never came: the next try finds them there."""
    site.wechat.fail("kf/service_state/trans", reset=True, after=True)
    visitor = await handed_over(site)
    await site.channel._deliverer.drain(10)
    await visitor.staff_takes()
    await ended_by_staff(visitor)


@pytest.mark.parametrize("noted", [True, False], ids=["handing over noted", "handing over not noted"])
async def test_an_office_that_ended_before_it_noted_that_the_word_was_shown(site: Site, noted: bool) -> None:
    """The word that tells people that they are with staff cannot be shown again: the end of the session is for another."""
    visitor = await handed_over(site)
    await site.channel._deliverer.drain(10)
    await site.service.idle()
    async with site.store.transaction() as work:
        newest = select(func.max(Outbox.id)).scalar_subquery()
        again = {"done_at": None, "message": None, "worker": None, "next_at": datetime.now(UTC)}
        await work.connection.execute(update(Outbox).where(Outbox.id == newest).values(again))
        ledger = await ledgers.load(work, visitor.who)
        assert ledger is not None
        await ledgers.save(work, visitor.who, ledger.but(staff=noted))
    await site.close()
    await site.open()
    await visitor.staff_takes()
    await ended_by_staff(visitor)
    assert visitor.chat.shown[-1].text.startswith("工作人员结束了这次对话")
    assert sum("转给工作人员" in shown.text for shown in visitor.chat.shown) == 1
    assert [text for _, text in await site.log(visitor.who) if "上接待" in text] == [
        "（工作人员 **lisi** 在企业微信上接待）"
    ]


async def test_who_ends_it_themselves_is_taken_back(site: Site) -> None:
    visitor = await handed_over(site)
    await visitor.staff_takes()
    await visitor.send("结束")
    await visitor.wait_until(lambda: visitor.chat.state == OVER and visitor.chat.shown[-1].on_event)
    assert "先到这里" in visitor.chat.shown[-1].text
    await visitor.send("是")
    await visitor.wait_for(check=asks)
    assert not await with_office(site, visitor)


async def test_the_item_under_the_message_ends_it_too(site: Site) -> None:
    visitor = await handed_over(site)
    await visitor.press("结束，回到问卷")
    await visitor.wait_until(lambda: visitor.chat.state == OVER and visitor.chat.shown[-1].on_event)


async def test_staff_who_write_by_themselves_have_the_person(site: Site) -> None:
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await visitor.staff_says("您好，我是窗口的小李")
    await visitor.wait_until(lambda: not site.wechat._telling)
    assert await with_office(site, visitor)
    await visitor.send("你好")
    await visitor.wait_until(lambda: not site.wechat._telling)
    assert visitor.chat.shown[-1].by == "lisi"
    await ended_by_staff(visitor)


async def test_staff_who_take_somebody_over_without_a_word_keep_them(site: Site) -> None:
    """The bot is silent, and does not end what it has not begun."""
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await visitor.staff_takes_over()
    await visitor.wait_until(lambda: not site.wechat._telling)
    before = len(visitor.chat.shown)
    for text in ("在吗", "请问", "1"):
        await visitor.send(text)
        await visitor.wait_until(lambda: not site.wechat._telling)
    await site.channel._deliverer.drain(10)
    assert (visitor.chat.state, len(visitor.chat.shown)) == (STAFF, before)
    assert (False, "（工作人员 **lisi** 在企业微信上接待）") in await site.log(visitor.who)
    async with site.store.reading() as connection:
        assert (await connection.execute(select(Handover.answered))).all() == [(None,)]
    await ended_by_staff(visitor)
    await visitor.send("1")
    await visitor.wait_for(check=asks)


async def test_who_may_not_leave_the_pool_is_answered_once_staff_end_it(site: Site) -> None:
    visitor = await handed_over(site)
    site.wechat.world.pool_can_be_left = False
    before = site.wechat.count("kf/service_state/trans")
    for text in ("结束", "还在吗"):
        await visitor.send(text)
        await visitor.wait_until(lambda: not site.wechat._telling)
        await site.channel._deliverer.drain(10)
    assert site.wechat.count("kf/service_state/trans") <= before + 3  # once a reply and message, not once a second
    assert visitor.chat.state == WAITING
    await visitor.staff_takes()
    await ended_by_staff(visitor)
    await visitor.send("1")
    await visitor.wait_for(check=asks)


async def test_what_staff_take_back_is_noted_beside_it(site: Site) -> None:
    visitor = await handed_over(site)
    await visitor.staff_takes()
    await visitor.staff_says("一共 30 万")
    await visitor.staff_recalls()
    await visitor.wait_until(lambda: not site.wechat._telling)
    assert (await site.log(visitor.who))[-1] == (False, "**工作人员 lisi：**\n（撤回了一条消息）")


async def test_where_the_pool_takes_nobody_the_desk_has_them(site: Site) -> None:
    site.wechat.fail("kf/service_state/trans", times=9, errcode=95014)
    visitor = site.wechat.visitor()
    await visitor.send("转人工")
    await visitor.wait_for("转给工作人员")
    await site.service.idle()
    assert await with_office(site, visitor)

    handovers = site.service.office.handovers
    async with site.store.reading() as connection:
        (row,) = (await connection.execute(select(Handover.id))).scalars()
    await site.service.act(lambda work, now: handovers.say_to_person(work, row, "老张", "可以的", now, at="工作台"))
    await visitor.wait_for("可以的")


async def test_a_session_that_is_with_staff_unknown_to_us_is_found_out(site: Site) -> None:
    """Somebody of the staff has taken the person over, of which nothing ever comes: what we say waits, they keep them."""
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    site.wechat.silent = True
    await visitor.send("1")
    visitor.chat.state, visitor.chat.servicer = STAFF, "lisi"
    site.wechat.silent = False
    site.wechat.tell()
    await visitor.wait_until(lambda: any(call.errcode == 95018 for call in site.wechat.calls))
    await site.channel._deliverer.drain(10)
    assert await with_office(site, visitor)
    await visitor.send("在吗")
    await visitor.wait_until(lambda: not site.wechat._telling)
    await site.channel._deliverer.drain(10)
    assert visitor.chat.state == STAFF
    await ended_by_staff(visitor)
    await visitor.send("是")
    await visitor.wait_for(check=asks)


async def test_nothing_is_said_for_an_hour(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = await handed_over(site)
    await site.service.idle()
    monkeypatch.setattr(handover, "IDLE", timedelta(0))
    await site.service.give_back()
    await visitor.wait_until(lambda: visitor.chat.state == OVER and visitor.chat.shown[-1].on_event)
    assert "一小时没人说话" in visitor.chat.shown[-1].text


@pytest.mark.parametrize("later", [1, 0], ids=["after it", "in the same second"])
async def test_who_writes_as_soon_as_staff_have_ended_it_is_answered(site: Site, later: int) -> None:
    """The end and their word come in one page: the end takes nothing back from what they wrote after it."""
    visitor = await handed_over(site)
    await visitor.staff_takes()
    await visitor.wait_until(lambda: not site.wechat._telling)
    site.wechat.silent = True
    await visitor.staff_ends()
    said = await visitor.send("是")
    said["send_time"] = site.wechat.world.log[-2]["send_time"] + later
    site.wechat.silent = False
    site.wechat.tell()
    await visitor.wait_for(check=asks)


@pytest.mark.parametrize("says", [False, True], ids=["takes the person up", "says something"])
async def test_what_staff_did_just_before_the_bot_ended_it_begins_nothing_anew(site: Site, says: bool) -> None:
    """The person leaves as somebody takes them out of the pool: that is told after the session is over."""
    visitor = await handed_over(site)
    await visitor.send("结束")
    await visitor.wait_until(lambda: visitor.chat.state == OVER and visitor.chat.shown[-1].on_event)
    await site.channel._deliverer.drain(10)
    site.wechat.silent = True
    site.channel._intake._since -= timedelta(minutes=1)
    world = site.wechat.world
    if says:
        told_late = world.happens(FROM_STAFF, "text", {"content": "您好"}, visitor.who, servicer_userid="lisi")
    else:
        told_late = world.event("session_status_change", visitor.who, change_type=1, new_servicer_userid="lisi")
    told_late["send_time"] -= 2
    site.wechat.silent = False
    site.wechat.tell()
    await visitor.wait_until(lambda: not site.wechat._telling)
    assert not await with_office(site, visitor)
    assert ((False, "**工作人员 lisi：**\n您好") in await site.log(visitor.who)) is says
    await visitor.send("是")
    await visitor.wait_for(check=asks)


async def test_what_is_said_to_staff_who_take_somebody_up_in_the_same_page_is_not_swallowed(site: Site) -> None:
    visitor = site.wechat.visitor()
    visitor.going_on = False
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await told(site, visitor, LONG)
    await visitor.wait_until(lambda: visitor.chat.used == 5)
    await site.channel._deliverer.drain(10)
    site.wechat.silent = True
    await visitor.staff_takes_over()
    await visitor.send("继续")
    site.wechat.silent = False
    site.wechat.tell()
    await visitor.wait_until(lambda: not site.wechat._telling)
    assert (True, "继续") in await site.log(visitor.who)
