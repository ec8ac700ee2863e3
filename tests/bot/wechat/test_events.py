"""What happens around a conversation: it is opened, something is taken back; and files on their way."""

from io import BytesIO
from typing import cast

import pytest
from docx import Document

from conversations.office import documents
from conversations.state.messages import Reply
from tests.bot.wechat.conftest import Site
from tests.bot.wechat.test_conversation import applicant
from tests.e2e.applicant import asks
from tests.e2e.cases import AGENCY
from tests.wechatapi import Visitor
from tests.wechatapi.world import Code

pytestmark = pytest.mark.slow


async def test_who_opens_the_conversation_is_greeted_and_begins_by_an_item(site: Site) -> None:
    visitor = site.wechat.visitor()
    await visitor.enter()
    greeting = (await visitor.wait_for()).shown[0]
    assert greeting.on_event
    assert site.shelf.policy.greeting in greeting.text
    async with site.store.reading() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM people")).scalar() == 0
    await visitor.press("开始")
    await visitor.wait_for(check=asks)


async def test_who_is_greeted_by_the_office_itself_is_not_by_us(site: Site) -> None:
    visitor = site.wechat.visitor()
    await visitor.enter(greets=False)
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    assert site.wechat.count("kf/send_msg_on_event") == 0


async def test_a_greeting_that_comes_too_late_is_none(site: Site) -> None:
    site.wechat.silent = True
    visitor = site.wechat.visitor()
    site.wechat.world.ahead = -40
    await site.close()
    await visitor.enter()
    site.wechat.world.ahead = 0
    await site.open()
    await visitor.wait_until(lambda: len(site.wechat.called("kf/sync_msg")) >= 2)
    assert site.wechat.count("kf/send_msg_on_event") == 0


async def test_a_greeting_whose_code_was_used_or_is_over_is_no_trouble(site: Site) -> None:
    """Two processes may take the same event in; and WeChat's clock may be ahead of ours."""
    visitor, late = site.wechat.visitor(), site.wechat.visitor()
    site.wechat.silent = True
    await visitor.enter()
    site.wechat.world.log.append(site.wechat.world.log[-1])
    await late.enter()
    site.wechat.world.codes.clear()
    code = site.wechat.world.log[-2]["event"]["welcome_code"]
    site.wechat.world.codes[code] = Code(visitor.who, site.wechat.world.now() + 20, None, ("text", "msgmenu"))
    site.wechat.silent = False
    for each in (visitor, late):
        await each.send("/start")
        await each.wait_for(check=asks)
    assert sum(shown.on_event for shown in visitor.chat.shown) == 1
    assert not any(shown.on_event for shown in late.chat.shown)
    told = [call.errcode for call in site.wechat.called("kf/send_msg_on_event")]
    assert sorted(told) == [0, 40058, 40058]


async def test_a_message_that_is_taken_back_is_noted(site: Site) -> None:
    visitor = site.wechat.visitor()
    said = await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await visitor.recall(said)
    await visitor.wait_until(lambda: not site.wechat._telling)
    assert (True, "（撤回了一条消息）") in await site.log(visitor.who)


async def test_the_word_file_comes_by_its_name(site: Site) -> None:
    each = applicant(site, AGENCY, words=False)
    await each.consult()
    visitor = cast("Visitor", each.person)
    await visitor.press("预评估表")
    await visitor.wait_until(lambda: any(shown.file for shown in visitor.chat.shown))
    name, content = next(shown.file for shown in visitor.chat.shown if shown.file)
    assert name.endswith(".docx")
    assert "26 万元" in "\n".join(p.text for p in Document(BytesIO(content)).paragraphs) + "".join(
        cell.text for table in Document(BytesIO(content)).tables for row in table.rows for cell in row.cells
    )


async def test_a_file_that_cannot_be_made_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(reply: Reply) -> bytes:
        raise LookupError(reply.document)

    monkeypatch.setattr(documents, "maker", lambda shelf, store: fails)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    await site.close()
    await site.open()
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await visitor.send("/mydata")
    await visitor.wait_for("没能做出来")


async def test_a_file_that_wechat_does_not_take_is_said(site: Site) -> None:
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    site.wechat.fail("media/upload", errcode=40006)
    await visitor.send("/mydata")
    screen = await visitor.wait_for("没能做出来")
    assert [bool(each.file) for each in screen.shown] == [False, False]


async def test_what_cannot_be_read_is_set_aside_and_holds_nobody_up(site: Site) -> None:
    visitor = site.wechat.visitor()
    site.wechat.silent = True
    for when in (9_999_999_999, 10**20, "soon"):
        site.wechat.world.log.append({"msgid": f"at {when}", "msgtype": "text", "origin": 3, "send_time": when})
    site.wechat.silent = False
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    async with site.store.reading() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM set_aside")).scalar() == 3
