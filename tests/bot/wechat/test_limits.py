"""What WeChat lets us send, and when: the rest waits for the person, comes once, and is nobody else's."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from bot.web.metrics import Metrics
from conversations.state.messages import Reply
from conversations.storage.backup import backup, restore
from conversations.storage.store import Addressed, Work
from tests.bot.wechat.conftest import Site
from tests.e2e.applicant import asks
from tests.wechatapi import Visitor

pytestmark = pytest.mark.slow
LONG = "".join(f"第{number}句说的是申报的时候要准备些什么。" for number in range(1, 400))


async def known(site: Site) -> Visitor:
    """Somebody who has begun, and asks for the rest by themselves."""
    visitor = site.wechat.visitor()
    visitor.going_on = False
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    return visitor


async def told(site: Site, visitor: Visitor, *texts: str) -> None:
    """The office tells a person something."""

    async def say(work: Work, now: datetime) -> Sequence[Addressed]:
        place = (f"wechat:{visitor.who}", "wechat", visitor.who, None)
        return [Addressed(*place, Reply(text=text)) for text in texts]

    await site.service.act(say)


async def metrics(site: Site) -> bytes:
    """What a monitor reads: nobody is called out of bed for what waits for a person."""
    app = Starlette(routes=[Metrics(CollectorRegistry()).route(site.store, "")])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        return (await client.get("/metrics")).content


def refused(site: Site) -> list[str]:
    return [call.text for call in site.wechat.calls if call.errcode]


async def test_replies_are_put_together(site: Site) -> None:
    visitor = await known(site)
    before = len(visitor.chat.shown)
    await told(site, visitor, "一", "二", "三")
    await visitor.wait_until(lambda: len(visitor.chat.shown) > before)
    assert [each.text for each in visitor.chat.shown[before:]] == ["一\n\n二\n\n三"]


async def test_five_at_most_and_the_rest_when_they_ask_for_it(site: Site) -> None:
    visitor = await known(site)
    await told(site, visitor, LONG)
    await visitor.wait_until(lambda: visitor.chat.used == 5)
    assert "还有 " in visitor.chat.shown[-1].text
    await told(site, visitor, "后来的话")
    await visitor.send("继续")
    await visitor.wait_until(lambda: visitor.chat.used == 5)
    await visitor.send("继续")
    await visitor.wait_for("后来的话")
    texts = [each.text.partition("\n\n（微信")[0] for each in visitor.chat.shown if each.kind == "text"]
    assert "".join(texts).replace("后来的话", "") == LONG
    assert max(len(each.text.encode()) for each in visitor.chat.shown) <= 2048
    assert all(each.text.partition("\n\n（微信")[0].endswith("。") for each in visitor.chat.shown[2:-1])
    assert refused(site) == []
    assert [text for incoming, text in await site.log(visitor.who) if incoming] == ["/start"]


async def test_what_is_said_to_staff_asks_nobody_else_for_the_rest(site: Site) -> None:
    visitor = await known(site)
    await told(site, visitor, LONG)
    await visitor.wait_until(lambda: visitor.chat.used == 5)
    await site.channel._deliverer.drain(10)
    await visitor.staff_takes_over()
    await visitor.wait_until(lambda: not site.wechat._telling)
    await visitor.send("继续")
    await visitor.wait_until(lambda: not site.wechat._telling)
    assert (True, "继续") in await site.log(visitor.who)


async def test_who_writes_something_else_gets_the_rest_and_the_answer(site: Site) -> None:
    visitor = await known(site)
    await told(site, visitor, LONG)
    await visitor.wait_until(lambda: visitor.chat.used == 5)
    await visitor.send("1")
    await visitor.wait_until(lambda: visitor.chat.used == 5)
    await visitor.send("继续")
    screen = await visitor.wait_for(check=asks)
    assert "本市注册" in screen.text or "注册" in screen.text


async def test_after_two_days_it_waits(site: Site) -> None:
    visitor = await known(site)
    site.wechat.world.ahead = 49 * 3600
    await told(site, visitor, "今天有结果了")
    await visitor.wait_until(lambda: "send msg time limit" in refused(site))
    await site.channel._deliverer.drain(10)
    told_to_monitors = await metrics(site)
    assert b"# TYPE wence_outbox gauge" in told_to_monitors
    assert b'wence_outbox{channel="wechat"}' not in told_to_monitors
    await visitor.send("在吗")
    await visitor.wait_for("今天有结果了")


async def test_nothing_waits_that_came_while_they_wrote(site: Site) -> None:
    """The person's next message comes just as what is left is being put by."""
    visitor = await known(site)
    for _ in range(3):
        await told(site, visitor, LONG)
        await visitor.wait_until(lambda: visitor.chat.used == 5)
        await asyncio.gather(visitor.send("继续"), told(site, visitor, "再来一条"))
        visitor.going_on = True
        await visitor.wait_for("再来一条")
        visitor.going_on = False


@pytest.mark.parametrize(
    "fault",
    [
        {"errcode": -1},
        {"errcode": 45009},
        {"errcode": 60020},
        {"errcode": 48002},
        {"status": 502},
        {"reset": True},
        {"reset": True, "after": True},
        {"errcode": -1, "after": True},
    ],
    ids=str,
)
async def test_a_failure_shows_nothing_twice_and_loses_nothing(site: Site, fault: dict[str, object]) -> None:
    visitor = await known(site)
    before = len(visitor.chat.shown)
    site.wechat.fail("kf/send_msg", times=2, **fault)
    await told(site, visitor, "一", "二")
    await visitor.wait_until(lambda: len(visitor.chat.shown) > before)
    await told(site, visitor, "三")
    await visitor.wait_for("三", since=before)
    assert [each.text for each in visitor.chat.shown[before:]] == ["一\n\n二", "三"]


async def test_a_secret_that_is_made_anew_loses_nothing(site: Site) -> None:
    visitor = await known(site)
    before = len(visitor.chat.shown)
    site.wechat.revoke()
    site.wechat.fail("gettoken", times=2, errcode=40001)
    await told(site, visitor, "一")
    await visitor.wait_for("一", since=before)
    assert [each.text for each in visitor.chat.shown[before:]] == ["一"]


async def test_a_token_that_holds_no_more_is_renewed_once(site: Site) -> None:
    visitors = [await known(site) for _ in range(4)]
    before = site.wechat.count("gettoken")
    site.wechat.revoke()
    await asyncio.gather(*(told(site, each, "可以来取了") for each in visitors))
    for each in visitors:
        await each.wait_for("可以来取了")
    assert site.wechat.count("gettoken") == before + 1


async def test_what_comes_back_is_shown_anew_from_there_on(site: Site) -> None:
    visitor = await known(site)
    before = len(visitor.chat.shown)
    await told(site, visitor, LONG[:1800])
    await visitor.wait_until(lambda: len(visitor.chat.shown) == before + 3)
    await site.service.idle()
    lost = visitor.chat.shown[-2:]
    texts = [each.text for each in lost]
    for each in lost:
        visitor.fails(each, 6)
    await visitor.wait_until(lambda: site.wechat.world.log[-1]["msgtype"] == "event")
    await asyncio.sleep(0.5)
    await visitor.send("继续")
    await visitor.wait_for(texts[-1])
    assert [each.text for each in visitor.chat.shown[before:]][1:3] == texts
    ids = [each.id for each in visitor.chat.shown]
    assert len(set(ids)) == len(ids)


async def test_what_may_never_be_sent_is_not_sent_for_ever(site: Site) -> None:
    visitor = await known(site)
    await told(site, visitor, "一")
    await visitor.wait_until(lambda: visitor.chat.shown[-1].text == "一")
    await site.service.idle()
    visitor.fails(visitor.chat.shown[-1], 12)
    await visitor.wait_until(lambda: not site.wechat._telling)
    before = len(visitor.chat.shown)
    await visitor.send("1")
    await visitor.wait_for(check=asks)
    assert "一" not in [each.text for each in visitor.chat.shown[before:]]


async def test_what_comes_back_of_what_is_not_all_shown_yet(site: Site) -> None:
    visitor = await known(site)
    before = len(visitor.chat.shown)
    await told(site, visitor, LONG)
    await visitor.wait_until(lambda: visitor.chat.used == 5)
    await site.channel._deliverer.drain(10)
    visitor.fails(visitor.chat.shown[before + 1], 0)
    await visitor.wait_until(lambda: not site.wechat._telling)
    visitor.going_on = True
    await visitor.send("继续")
    await visitor.wait_for("第399句")
    texts = [each.text.partition("\n\n（微信")[0] for each in visitor.chat.shown[before:]]
    assert all(any(f"第{number}句" in text for text in texts) for number in range(1, 400))


async def test_what_comes_back_of_what_is_still_on_its_way_holds_nobody_up(site: Site) -> None:
    """The first message came back while the file that goes with it is tried again and again: others are heard meanwhile."""
    visitor = await known(site)
    before = len(visitor.chat.shown)
    site.wechat.fail("media/upload", times=1000, status=502)
    await visitor.send("/mydata")
    await visitor.wait_until(lambda: len(visitor.chat.shown) > before)
    lost = visitor.chat.shown[-1]
    visitor.fails(lost, 0)
    await known(site)
    site.wechat.recover()
    await visitor.wait_until(lambda: any(each.file for each in visitor.chat.shown))
    await site.channel._deliverer.drain(10)
    assert lost.text not in [each.text for each in visitor.chat.shown]
    await visitor.send("/help")
    await visitor.wait_until(lambda: lost.text in "".join(each.text for each in visitor.chat.shown))
    ids = [each.id for each in visitor.chat.shown]
    assert len(set(ids)) == len(ids)


async def test_to_go_on_means_the_question_where_nothing_waits(site: Site) -> None:
    visitor = await known(site)
    await visitor.send("继续")
    await visitor.wait_for(check=asks)
    assert [text for incoming, text in await site.log(visitor.who) if incoming] == ["/start", "继续"]


async def test_who_rejects_us_is_left_alone_until_they_write(site: Site) -> None:
    visitor = await known(site)
    visitor.fails(visitor.chat.shown[-1], 10)
    await visitor.send("/start")
    await visitor.wait_for(check=asks)


async def test_a_restored_backup_calls_its_messages_otherwise(site: Site, tmp_path: Path) -> None:
    """The numbers of its rows are given once more, and WeChat has shown messages of these numbers."""
    visitor = await known(site)
    await site.close()
    await backup(site.url, tmp_path / "backup", lambda share: None)
    await site.open()
    await told(site, visitor, "备份以后的话")
    await visitor.wait_for("备份以后的话")
    await site.close()
    await restore(site.url, tmp_path / "backup", "", lambda share: None, replace=True)
    await site.open()
    await told(site, visitor, "恢复以后的话")
    await visitor.wait_for("恢复以后的话")
    assert refused(site) == []


async def test_who_is_forgotten_leaves_no_note(site: Site) -> None:
    visitor = await known(site)
    await visitor.send("/forget")
    await visitor.wait_for(check=lambda screen: bool(screen.buttons))
    await visitor.press("删除")
    await visitor.wait_for("删")
    await site.service.idle()
    async with site.store.reading() as connection:
        for table in ("channel_notes", "outbox", "people"):
            rows = await connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE person LIKE 'wechat:%'")
            assert rows.scalar() == 0, table
    await visitor.send("你好")
    await visitor.wait_for(check=asks)
