"""The helpdesk over Telegram: forwarded messages become drafts, strangers are no staff, one answer reaches all askers."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from conversations.answering.drafting import draft
from conversations.office import helpdesk_wording as wording
from conversations.state.shelf import Shelf
from tests.botapi import FakeTelegram, Message, Person
from tests.botapi.people import Group
from tests.e2e.applicant import asks
from tests.e2e.process import Serve, wence

pytestmark = pytest.mark.asyncio(loop_scope="session")

LETTER = (
    "王总：小李你好，我们平台有央行的支付牌照，总部打算从上海搬过来，听说给两百万是吧？另外去年交了六万块钱培训费能报吗"
)
AGENCY = "我们在金水区注册，做代运营，去年服务费260万，没领过，能补多少？"
CLERK, COLLEAGUE, GROUP = 501, 502, -100500


@dataclass
class Office:
    """A bot with an office: two of staff and their group."""

    telegram: FakeTelegram
    serve: Serve
    clerk: Person
    colleague: Person
    group: Group

    async def person(self, number: int, name: str = "甲") -> Person:
        return await self.telegram.user(number, name)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with FakeTelegram() as telegram:
        clerk, colleague = await telegram.user(CLERK, "小李"), await telegram.user(COLLEAGUE, "小张")
        rights = ("can_manage_topics", "can_delete_messages")
        group = await telegram.group(GROUP, "工作群", [clerk, colleague], bot="administrator", rights=rights)
        settings = {"WENCE_STAFF_IDS": f"{CLERK},{COLLEAGUE}", "WENCE_STAFF_CHAT_ID": str(GROUP)}
        serve = Serve(telegram, tmp_path_factory.mktemp("desk"), webhook=True, **settings)
        await serve.start()
        yield Office(telegram, serve, clerk, colleague, group)
        assert await serve.stop() == 0
        assert re.findall(r"^.*(?:ERROR|CRITICAL) (?:bot|conversations).*$", serve.log, re.MULTILINE) == []


async def drafted(person: Person, text: str, sender: str = "王总", *, hidden: bool = True) -> Message:
    await person.forward(text, sender, hidden=hidden)
    return await person.wait_for(button="记为未能回答")


def bare(text: str) -> str:
    """A text without its markup, as it reads on the screen."""
    return re.sub(r"\*\*|^> ", "", text, flags=re.MULTILINE)


async def test_a_forwarded_query_comes_back_as_a_letter_with_every_question_answered(
    office: Office, engine: Shelf
) -> None:
    letter = await drafted(office.clerk, LETTER, hidden=False)
    assert letter.text == bare(draft(engine, LETTER, "王总").text)
    for words in ("王总您好！", "200 万元", "三、（五）", "1.8 万元", "三、（十）", "总部（拟）设在郑州"):
        assert words in letter.text
    await office.clerk.press("更正式", letter)
    formal = await office.clerk.wait_for("现答复如下")
    assert formal.id == letter.id
    await office.clerk.press("第 1 条换一个条款", formal)
    other = await office.clerk.wait_for("三、（二）")
    assert other.id == letter.id
    assert "三、（十）" in other.text


async def test_a_hidden_sender_and_no_name_at_all(office: Office) -> None:
    assert (await drafted(office.clerk, AGENCY, "陈经理")).text.startswith("陈经理您好！")
    letter = await drafted(office.clerk, AGENCY, "🌸")
    assert letter.text.startswith("您好！")
    assert "26 万元" in letter.text


async def test_forwarded_media_gets_a_kind_sentence(office: Office) -> None:
    origin = {"forward_origin": {"type": "hidden_user", "sender_user_name": "王总", "date": 1_700_000_000}}
    await office.clerk._post(
        "", extra=origin | {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]}
    )
    assert (await office.clerk.wait_for()).text == wording.MEDIA


async def test_a_customers_consultation_and_back_to_ones_own(office: Office) -> None:
    letter = await drafted(office.clerk, f"李总：{AGENCY.replace('，没领过', '')}")
    await office.clerk.press("继续问卷", letter)
    asked = await office.clerk.wait_for(check=asks)
    assert any("替客户（李总）开的咨询" in m.text for m in office.clerk.messages)
    await office.clerk.send("以上都没有")
    await office.clerk.wait_for("已经领过几年")
    await office.clerk.send("没领过")
    await office.clerk.wait_for("26 万元")
    await office.clerk.press("回到我自己的咨询")
    assert (await office.clerk.wait_for("回到您自己的咨询")).id > asked.id


async def test_a_draft_passed_on_to_colleagues_can_be_worded_anew_there(office: Office) -> None:
    letter = await drafted(office.clerk, LETTER)
    there = office.colleague.at(office.group)
    await office.clerk.press("转给同事", letter)
    await office.clerk.wait_for(wording.HANDED_ON)
    passed = await there.wait_for(button="更口语", since=0)
    assert passed.text == letter.text
    assert any("小李转来一条客户咨询（王总）" in m.text for m in there.messages)
    await there.press("更口语", passed)
    await there.wait_for("您问的我帮您查了")


async def test_nobody_else_is_staff_whatever_they_send(office: Office) -> None:
    letter = await drafted(office.clerk, LETTER)
    stranger = await office.person(601)
    await stranger.send("/start")
    await stranger.wait_for(check=asks)
    for command in ("/draft 培训费能报多少", "/unanswered", "/stats", "/stats 2026-01-01", "/draft", "/unanswered 1"):
        await stranger.send(command)
        await stranger.wait_for()
        await stranger.quiet()
    for row in letter.keyboard:
        for button in row:
            await stranger.press_data(letter, button["callback_data"])
            await stranger.press_data(stranger.last, button["callback_data"])
    for data in ("q1:write", "q1:send", "page:0", "q1:done"):
        await stranger.press_data(stranger.last, f"!desk:{data}")
    await stranger.forward(AGENCY, "王总")
    await stranger.wait_for("260 万元")
    await stranger.quiet()
    seen = "\n".join(message.text for message in stranger.messages)
    for secret in ("王总", "没答上的问题", "现答复如下", "统计", "上海"):
        assert secret not in seen, stranger.transcript()
    assert office.telegram.world.chats[CLERK].messages[letter.id].text == letter.text


async def test_an_answer_written_once_reaches_all_who_asked_and_are_still_there(office: Office) -> None:
    askers = [await office.person(number) for number in (701, 702, 703)]
    texts = ("高新企业认定奖励多少", "请问高新企业认定奖励多少？电话13812345678", "你们高新企业认定奖励是多少呀")
    for asker, text in zip(askers, texts, strict=True):
        await asker.send(text)
        await asker.wait_for("没有规定")
        await asker.quiet()
    await askers[2].block()
    clerk = office.clerk
    await clerk.send("/unanswered")
    page = await clerk.wait_for("没答上的问题")
    place = next(m[1] for m in re.finditer(r"^(\d+)\. .*高新企业认定奖励多少", page.text, re.MULTILINE))
    assert "13812345678" not in page.text
    await clerk.press(f"{place} 写答复", page)
    await clerk.wait_for("下一条消息就算答复")
    await clerk.send("这件事归科技部门，请打他们的咨询电话。")
    await clerk.wait_for(button="发出去")
    await clerk.press("发出去")
    await clerk.wait_for("已发给 2 人")
    for asker in askers[:2]:
        told = await asker.wait_for("这件事归科技部门", since=0)
        assert "高新企业认定奖励多少" in told.text
    assert not any("归科技部门" in m.text for m in askers[2].messages)
    status, out, _ = await wence("unanswered", "export", "gaps.yaml", folder=office.serve.folder)
    assert status == 0, out
    exported = (office.serve.folder / "gaps.yaml").read_text("utf-8")
    assert "工作人员的答复：这件事归科技部门" in exported
    assert "13812345678" not in exported
    assert "13812345678" not in office.serve.log


async def test_an_answer_survives_a_crash_on_its_way(office: Office) -> None:
    asker = await office.person(711)
    await asker.send("公司上市给多少奖励")
    await asker.wait_for("没有规定")
    await asker.quiet()
    clerk = office.clerk
    await clerk.send("/unanswered")
    page = await clerk.wait_for("没答上的问题")
    place = next(m[1] for m in re.finditer(r"^(\d+)\. .*上市给多少", page.text, re.MULTILINE))
    await clerk.press(f"{place} 写答复", page)
    await clerk.wait_for("下一条消息就算答复")
    await clerk.send("上市的事请问金融工作部门。")
    await clerk.wait_for(button="发出去")
    office.telegram.fail("sendMessage", times=3, status=500, chat=asker.id)
    await clerk.press("发出去")
    await clerk.wait_for("已发给 1 人")
    await office.serve.restart()
    office.telegram.recover()
    await asker.wait_for("请问金融工作部门", since=0)


async def test_figures_for_staff_and_on_the_command_line_are_the_same(office: Office) -> None:
    await office.clerk.send("/stats")
    shown = await office.clerk.wait_for("统计")
    status, out, _ = await wence("stats", "--json", folder=office.serve.folder)
    assert status == 0
    counts = json.loads(out)["consultations"]
    assert f"开始 {counts['begun']}，看到结果 {counts['finished']}" in shown.text
    assert counts["begun"] > 0
