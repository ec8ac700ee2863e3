"""A person asks for a person, over Telegram: topics and replies, restarts and refusals, both sides heard all the while."""

import asyncio
import itertools
import re
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from knowledge.policy import Policy
from tests.botapi import FakeTelegram, Message, Person
from tests.botapi.people import Group
from tests.botapi.server import Call
from tests.e2e.applicant import Applicant, asks, is_result
from tests.e2e.cases import AGENCY
from tests.e2e.process import Serve

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLERK, COLLEAGUE = 701, 702
_customers = itertools.count(7001)
RIGHTS = ("can_manage_topics", "can_delete_messages")


@dataclass
class Office:
    """A bot with an office, the group of its staff, a customer; ``expected`` are refusals that a test provokes.

    Where several tests share the bot, each has a customer of its own, and knows of the topics that were opened since.
    """

    telegram: FakeTelegram
    serve: Serve
    policy: Policy
    folder: Path
    group: Group
    clerk: Person
    colleague: Person
    customer: Person
    expected: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self._before = set(self.group.chat.topics)
        self._calls, self._logged = len(self.telegram.calls), len(self.serve.log)

    def threads(self) -> list[int]:
        return [thread for thread in self.group.chat.topics if thread not in self._before]

    def calls(self) -> list[Call]:
        """The bot's calls since the test began."""
        return list(self.telegram.calls)[self._calls :]

    def check(self) -> None:
        """Nothing else than expected went wrong since the test began."""
        refused = {c.error for c in self.calls() if c.status in {400, 404}}
        assert {error for error in refused if not any(e in error for e in self.expected)} == set()
        errors = re.findall(
            r"^.*(?:ERROR|CRITICAL) (?:bot|conversations).*$", self.serve.log[self._logged :], re.MULTILINE
        )
        assert errors == []

    def topic(self, who: Person | None = None) -> Person:
        """The clerk in the newest topic."""
        return (who or self.clerk).at(self.group, self.threads()[-1])

    async def noted(self) -> None:
        """Waits until the bot has noted of all that it said that it has arrived: no clerk replies faster than that."""

        def nothing_waits() -> bool:
            with closing(sqlite3.connect(self.folder / "wence.db")) as database:
                return not database.execute("SELECT 1 FROM outbox WHERE done_at IS NULL").fetchall()

        await self.customer.wait_until(nothing_waits)

    async def handed_over(self) -> Person:
        """The customer has asked for a person; returns the clerk in the topic, who has read the summary."""
        await self.customer.send("/start")
        await self.customer.wait_for(check=asks)
        await self.customer.send("转人工")
        await self.customer.wait_for("转给工作人员")
        await self.customer.wait_until(lambda: bool(self.threads()))
        topic = self.topic()
        await topic.wait_for("转人工", since=0)
        return topic


Make = Callable[..., Awaitable[Office]]


async def started(
    telegram: FakeTelegram,
    policy: Policy,
    folder: Path,
    *,
    forum: bool = True,
    bot: str | None = "administrator",
    rights: tuple[str, ...] = RIGHTS,
    **settings: str,
) -> Office:
    """A bot whose staff are in a group of the kind wanted."""
    clerk, colleague = await telegram.user(CLERK, "小李"), await telegram.user(COLLEAGUE, "过客")
    customer = await telegram.user(next(_customers), "王经理")
    id = -100700 if forum else -700
    group = await telegram.group(id, "工作群", [clerk, colleague], forum=forum, bot=bot, rights=rights)
    staff = {"WENCE_STAFF_IDS": str(CLERK), "WENCE_STAFF_CHAT_ID": str(id)}
    serve = Serve(telegram, folder, webhook=True, **(staff | settings))
    office = Office(telegram, serve, policy, folder, group, clerk, colleague, customer)
    await serve.start()
    return office


@pytest_asyncio.fixture(loop_scope="session")
async def make(policy: Policy, tmp_path: Path) -> AsyncIterator[Make]:
    """Starts a bot of the test's own."""
    offices: list[Office] = []
    async with FakeTelegram() as telegram:

        async def make(**wanted: Any) -> Office:
            offices.append(await started(telegram, policy, tmp_path, **wanted))
            return offices[-1]

        yield make
        for one in offices:
            await one.serve.stop()
            one.check()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def _shared(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with FakeTelegram() as telegram:
        office = await started(telegram, policy, tmp_path_factory.mktemp("handover"))
        yield office
        await office.serve.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def office(_shared: Office) -> AsyncIterator[Office]:
    """A bot with topics for its staff, which the tests share: each kills and hinders it as it likes, and mends it."""
    shared = _shared
    if not shared.serve.running:
        await shared.serve.start()
    customer = await shared.telegram.user(next(_customers), "王经理")
    mine = replace(shared, customer=customer, expected=set())
    yield mine
    shared.telegram.recover()
    mine.check()


async def test_both_ways_with_a_restart_in_the_middle(office: Office) -> None:
    customer = office.customer
    applicant = Applicant(customer, office.policy, AGENCY)
    await customer.send("/start")
    question = await applicant.answer(await applicant.next())
    for text in ("我手机是13812345678呀呀", "嗯哼哈嘿呀"):
        await customer.send(text)
        question = await customer.wait_for(check=asks)
    await customer.press("转人工", question)
    await customer.wait_for("转给工作人员")
    await customer.wait_until(lambda: bool(office.threads()))
    topic = office.topic()
    summary = await topic.wait_for("没听懂的", since=0)
    assert "嗯哼哈嘿呀" in summary.text
    assert "13812345678" not in summary.text
    assert "王经理" in office.group.chat.topics[office.threads()[0]].name

    await customer.send("能不能明年再报")
    await topic.wait_for("能不能明年再报")
    await office.serve.kill()
    await customer.send("还有，材料交到哪里")  # while nobody is there
    await topic.send("您好，可以明年报")
    await office.serve.start()
    await topic.wait_for("材料交到哪里", since=0)
    said = await customer.wait_for("可以明年报")
    assert said.text.startswith("工作人员 小李：")

    await topic.send("// 这家上次没交齐")
    await topic.send("/stats")
    await topic.wait_for("统计")
    await office.topic(office.colleague).send("我觉得不行")
    await topic.wait_for("没有转给对方")
    await topic.send("材料交到政务大厅")
    await customer.wait_for("政务大厅")
    seen = "\n".join(message.text for message in customer.messages)
    assert not [words for words in ("没交齐", "我觉得不行", "统计") if words in seen]
    await customer.send("260万")
    await customer.hears_nothing(0.4)

    await topic.send("结束")
    await customer.wait_for("结束了这次对话")
    again = await applicant.next()
    assert applicant.about(again) == applicant.about(question)
    assert is_result(await applicant.go_on(again))
    assert len(office.threads()) == 1


async def test_the_person_ends_it_and_a_late_answer_arrives_all_the_same(office: Office) -> None:
    topic = await office.handed_over()
    await office.customer.press("结束")
    await office.customer.wait_for(check=asks)
    await topic.wait_for("对方结束了对话")
    await topic.send("补充一句：周五截止")
    await office.customer.wait_for("周五截止", button="结束")
    await office.customer.send("转人工")  # with staff already
    await topic.wait_for("转人工")
    await office.customer.send("结束")
    await office.customer.wait_for(check=asks)
    assert len(office.threads()) == 1


async def test_without_topics_staff_reply(make: Make) -> None:
    office = await make(forum=False, bot="member", rights=())
    office.expected = {"the chat is not a forum"}
    customer, clerk = office.customer, office.clerk.at(office.group)
    await customer.send("转人工")
    summary = await clerk.wait_for("转人工", since=0)
    await customer.send("你们几点下班")
    asked = await clerk.wait_for("几点下班")
    assert asked.reply_to == summary.id
    await office.noted()
    await office.serve.restart()
    await clerk.send("五点半", reply_to=asked)
    await customer.wait_for("五点半")
    await office.colleague.at(office.group).send("六点", reply_to=asked)
    await clerk.wait_for("没有转给对方")
    other = await office.telegram.user(7002, "刘总")
    await other.send("转人工")
    second = await clerk.wait_for("刘总")
    await office.noted()
    await clerk.send("刘总您好", reply_to=second)
    await other.wait_for("刘总您好")
    assert not any("刘总" in message.text for message in customer.messages)
    await clerk.press("结束，交还机器人", summary)
    await customer.wait_for(check=asks)


async def test_without_the_right_to_topics_staff_reply_and_are_told_once(make: Make) -> None:
    office = await make(rights=("can_delete_messages",))
    office.expected = {"not enough rights"}
    general = office.clerk.at(office.group)
    warning = await general.wait_for("管理话题", since=0)
    assert "管理话题" in office.serve.log
    await office.noted()
    await office.serve.restart()
    await office.customer.send("转人工")
    summary = await general.wait_for("转人工", since=0)
    await office.noted()
    assert [m.id for m in general.messages if "管理话题" in m.text and m.id != summary.id] == [warning.id]
    await general.send("您好", reply_to=summary)
    await office.customer.wait_for("您好")


async def test_a_bot_that_cannot_hear_staff_says_so(make: Make) -> None:
    office = await make(bot="member", rights=())
    await office.clerk.at(office.group).wait_for("管理员", since=0)
    assert "管理员" in office.serve.log


async def test_a_bot_that_is_not_in_the_group_says_so_and_serves(make: Make) -> None:
    office = await make(bot=None)
    await office.customer.wait_until(lambda: "请把它加进群里" in office.serve.log)
    await office.customer.send("/start")
    await office.customer.wait_for(check=asks)


async def test_a_topic_that_was_deleted_is_opened_again(office: Office) -> None:
    office.expected = {"message thread not found"}
    await office.handed_over()
    del office.group.chat.topics[office.threads()[0]]
    await office.customer.send("还在吗")
    await office.customer.wait_until(lambda: bool(office.threads()))
    topic = office.topic()
    await topic.wait_for("还在吗", since=0)
    await topic.wait_for("原来的话题不在了", since=0)
    await topic.send("在的")
    await office.customer.wait_for("在的")


async def test_refused_for_the_moment_both_ways_and_killed_meanwhile(office: Office) -> None:
    fail, customer = office.telegram.fail, office.customer
    fail("createForumTopic", status=429, retry_after=1)
    fail("createForumTopic", status=502)
    topic = await office.handed_over()
    fail("sendMessage", status=429, retry_after=2, chat=office.group.chat.id)
    await customer.send("第一句")
    await customer.send("第二句")
    await customer.wait_until(lambda: sum(call.status == 429 for call in office.calls()) == 2)
    await office.serve.restart()
    await topic.wait_for("第二句", since=0)
    fail("sendMessage", status=429, retry_after=1, chat=customer.id)
    await topic.send("收到")
    await customer.wait_for("收到")
    heard = [m.text.split("\n")[-1] for m in topic.messages if "句" in m.text]
    assert heard == ["第一句", "第二句"]
    assert len(office.threads()) == 1


async def test_who_has_blocked_the_bot_is_shown_as_such(office: Office) -> None:
    topic = await office.handed_over()
    await office.customer.block()
    await topic.wait_for("屏蔽")
    await topic.send("您好")
    await topic.wait_for("屏蔽")
    await office.customer.unblock()
    await office.customer.send("我回来了")
    await topic.wait_for("我回来了")
    await topic.send("欢迎")
    await office.customer.wait_for("欢迎")


async def test_blocked_without_a_word_it_is_noticed_with_the_next_answer(office: Office) -> None:
    topic = await office.handed_over()
    bot = office.telegram.world.bot["id"]
    office.customer.chat.members[bot] = type(office.group.chat.members[CLERK])(office.telegram.world.bot, "kicked")
    await topic.send("您好")
    await topic.wait_for("屏蔽")


async def test_outside_the_hours(make: Make) -> None:
    tomorrow = datetime.now(timezone(timedelta(hours=8))) + timedelta(days=1)
    office = await make(WENCE_OFFICE_HOURS=f"{tomorrow:%a} 09:00-12:00")
    await office.customer.send("转人工")
    told = await office.customer.wait_for("不在办公时间")
    assert f"{tomorrow.month} 月 {tomorrow.day} 日" in told.text
    await office.customer.send("想问问明年还有没有")
    await office.customer.wait_until(lambda: bool(office.threads()))
    topic = office.topic()
    await topic.wait_for("明年还有没有", since=0)
    await office.customer.send("结束")
    await office.customer.wait_for(check=asks)
    await topic.send("早，明年还有")
    await office.customer.wait_for("明年还有")


async def test_an_hour_of_silence_gives_it_back(office: Office) -> None:
    topic = await office.handed_over()
    await office.serve.stop()
    with closing(sqlite3.connect(office.folder / "wence.db")) as database:
        long_ago = (datetime.now(UTC) - timedelta(minutes=61)).strftime("%Y-%m-%d %H:%M:%S.000000")
        database.execute(
            "UPDATE handovers SET touched = ? WHERE person = ?", [long_ago, f"telegram:{office.customer.id}"]
        )
        database.commit()
    mark = office.telegram.world.revision
    await office.serve.start()
    await office.customer.wait_for("一小时没人说话", since=mark)
    await office.customer.wait_for(check=asks, since=mark)
    await topic.wait_for("一小时没有新消息", since=mark)


async def test_what_is_no_text_goes_along(office: Office) -> None:
    office.expected = {"message can't be copied"}
    topic, customer = await office.handed_over(), office.customer

    def carries(kind: str) -> Callable[[Message], bool]:
        return lambda message: kind in message.extra

    for kind in ("photo", "voice", "sticker", "location", "document"):
        await customer.send_media(kind, "看这个" if kind == "photo" else "")
        await topic.wait_for(check=carries(kind))
    await customer.forward("转来的话", "张三")
    await topic.wait_for("转来的话")
    await topic.send_media("document")
    await customer.wait_for("工作人员 小李")
    await customer.wait_for(check=carries("document"))
    await customer._post("", extra={"paid_media": {"star_count": 1}})  # pyright: ignore[reportPrivateUsage]
    await topic.wait_for("没能转过来")
    await customer.share_contact("+8613900000000")
    await topic.wait_for("13900000000")
    edited = await customer.send("周三")
    await topic.wait_for("周三")
    await customer.edit(edited, "周四")
    await topic.wait_for("周四")


@pytest.mark.parametrize("told", [True, False], ids=["by an update", "by a refusal"])
async def test_a_group_that_becomes_a_supergroup_is_followed(make: Make, told: bool) -> None:
    office = await make(forum=False, bot="administrator")
    office.expected = {"the chat is not a forum", "upgraded to a supergroup"}
    await office.customer.send("转人工")
    await office.clerk.at(office.group).wait_for("转人工", since=0)
    if not told:
        await office.serve.kill()
    moved = await office.group.migrate()
    if not told:
        office.telegram.world.updates.remove_webhook(drop=True)
        await office.serve.start()
    await office.customer.send("还在吗")
    clerk = office.clerk.at(moved)
    asked = await clerk.wait_for("还在吗", since=0)
    assert f"WENCE_STAFF_CHAT_ID={moved.chat.id}" in office.serve.log
    await office.noted()
    await office.serve.restart()
    await clerk.send("在", reply_to=asked)
    await office.customer.wait_for("在")


async def test_somebody_on_the_web_is_answered_there(office: Office) -> None:
    page = f"http://127.0.0.1:{office.serve.port}"
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(page, cookie_jar=jar, headers={"Origin": page}) as browser:

        async def say(text: str) -> None:
            form = {"text": text, "message": uuid.uuid4().hex, "after": "0"}
            async with browser.post("/say", data=form) as answer:
                assert answer.status == 200

        async def reads(text: str) -> bool:
            async with browser.get("/") as answer:
                return text in await answer.text()

        assert await reads("问策")
        await say("转人工")
        await office.customer.wait_until(lambda: bool(office.threads()))
        assert await reads("境外的服务器")
        topic = office.topic()
        await topic.wait_for("网页", since=0)
        await say("网页上也能问吗")
        await topic.wait_for("网页上也能问吗", since=0)
        await office.serve.restart()
        await topic.send("能的，您说")
        for _ in range(150):
            if await reads("能的，您说"):
                break
            await asyncio.sleep(0.1)
        assert await reads("能的，您说")
        await topic.send_media("photo")
        await topic.wait_for("没有送出")


async def test_forgetting_takes_the_topic_away(office: Office) -> None:
    topic = await office.handed_over()
    await office.customer.send("我姓赵钱孙李")
    await topic.wait_for("赵钱孙李")
    await office.customer.send("/forget")
    await office.customer.wait_for(button="删除")
    await office.customer.press("删除")
    await office.customer.wait_until(lambda: not office.threads())
    assert not [m for m in office.group.chat.messages.values() if "赵钱孙李" in m.text and not m.deleted]
