"""Whole consultations in a real browser: by mouse, on a phone, by keyboard alone, interrupted, and with strangers."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from sqlalchemy import select

from conversations.state.messages import Reply
from conversations.storage.store import Line, Store
from conversations.storage.tables import Person
from tests.browser.conftest import Serve
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_by_mouse_on_a_wide_window(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url)
    assert await visitor.axe() == []
    await visitor.tick("做电商代运营", "电商示范企业")
    await visitor.press("完成")
    await visitor.sees("目前预估：每年最多")
    await visitor.press("为什么问")
    await visitor.sees("本市注册")
    await visitor.press("是")
    await visitor.say("两百六十万左右")
    await visitor.sees("记为 约 260 万元")
    await expect(visitor.page.locator("progress").last).to_be_visible()
    assert await visitor.axe() == []
    await visitor.say("没领过")
    await visitor.press("省级")
    cards = visitor.page.locator(".card.yes")
    await expect(cards).to_have_count(2)
    await expect(cards.nth(0)).to_contain_text("60 万元")
    clause = cards.nth(1).locator("details")
    await clause.locator("summary").click()
    await expect(clause.locator("blockquote")).to_contain_text("代运营")
    assert await visitor.axe() == []
    await visitor.say("材料")
    box = visitor.page.get_by_label("营业执照副本")
    await box.check()
    await visitor.page.reload()
    await expect(visitor.page.get_by_label("营业执照副本")).to_be_checked()
    await visitor.press("修改回答")
    await visitor.press(re.compile("：约 260 万元$"))
    await visitor.say("九十二万")
    await visitor.sees("还差 8 万元")
    await visitor.say("园区和楼宇的奖能一起拿吗")
    await visitor.sees("同一项目")
    assert await visitor.wide() <= 0
    assert visitor.faults == []


async def test_on_a_phone_in_large_type_and_in_the_dark(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url, PHONE, color_scheme="dark")
    assert await visitor.axe() == []
    await visitor.page.get_by_role("link", name="大字").click()
    await expect(visitor.page.locator("html")).to_have_class("large")
    await visitor.say("我们在金水区注册，做网店代运营，去年服务费九十二万，另外去年评上省电商示范了")
    for _ in range(8):
        if not await visitor.page.locator("#answer button").count():
            break
        answers = visitor.page.locator("#answer .answers button")
        if await answers.count():
            await visitor.press(await answers.last.inner_text())
        else:
            others = visitor.page.locator("#answer .others button")
            boxes = await visitor.page.locator("#answer .boxes").count()
            await visitor.press(await (others.last if boxes else others.first).inner_text())
        assert await visitor.wide() <= 0
    await visitor.sees("60 万元")
    assert await visitor.axe() == []
    await visitor.page.reload()
    await expect(visitor.page.locator("html")).to_have_class("large")
    assert visitor.faults == []


async def test_by_keyboard_alone(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url)
    keyboard = visitor.page.keyboard
    await visitor.tab_to("做电商代运营")
    await keyboard.press("Space")
    await visitor.tab_to("完成")
    await visitor.press_key("Enter")
    await visitor.sees("在郑州市注册")
    await visitor.tab_to("是")
    await visitor.press_key("Space")
    await visitor.tab_to("您的回答、问题或单位介绍")
    await keyboard.type("260万")
    await keyboard.press("Shift+Enter")
    await visitor.press_key("Enter")
    await visitor.sees("已经领过几年")  # the buttons of the next question have come: none is taken from under the focus
    await visitor.tab_to_start()
    await visitor.tab_to(await visitor.page.locator("#answer .answers button").first.inner_text())
    outline = await visitor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await visitor.press_key("Enter")
    await visitor.sees("每年 26 万元")
    assert visitor.faults == []


async def test_two_visitors_at_once_and_a_second_tab(browser: Browser, serve: Serve) -> None:
    one, other = await Visitor.open(browser, serve.url), await Visitor.open(browser, serve.url, PHONE)
    await asyncio.gather(one.tick("做电商代运营"), other.tick("管理电商楼宇"))
    await asyncio.gather(one.press("完成"), other.press("完成"))
    await asyncio.gather(one.say("我们公司叫甲甲甲"), other.say("我们公司叫乙乙乙"))
    await expect(one.page.locator("#log")).not_to_contain_text("乙乙乙")
    await expect(other.page.locator("#log")).not_to_contain_text("甲甲甲")
    await expect(one.page.locator("#log")).not_to_contain_text("办公使用面积")  # what only the other is asked
    tab = await Visitor.in_tab(one.page.context, serve.url)
    await expect(tab.page.locator("#log")).to_contain_text("甲甲甲")
    before = await one.page.locator("article").count()
    await tab.press("是")
    await one.page.bring_to_front()
    await expect(one.page.locator("article")).to_have_count(before + 2)
    assert one.faults == other.faults == tab.faults == []


async def test_reloaded_and_restarted_in_the_middle(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url)
    await visitor.tick("做电商代运营")
    await visitor.press("完成")
    await visitor.page.reload()
    await visitor.sees("在郑州市注册")
    await serve.kill()
    await visitor.page.get_by_role("button", name="是", exact=True).click()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("没有发出去")
    await serve.start()
    await visitor.press("是")
    await expect(visitor.page.get_by_role("alert")).to_be_empty()
    await visitor.say("260万")
    await visitor.say("没领过")
    await visitor.sees("每年 26 万元")
    await expect(visitor.page.locator("article.mine")).to_have_count(4)


async def test_a_late_reply_arrives_by_itself(browser: Browser, serve: Serve) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{serve.folder}/wence.db")

    async def people() -> set[str]:
        async with store.reading() as connection:
            return set(await connection.scalars(select(Person.person)))

    try:
        before = await people()
        visitor = await Visitor.open(browser, serve.url)
        await visitor.say("转人工")
        (person,) = await people() - before
        async with store.transaction() as work:
            shown = Reply(text="", file="说明.docx", document="x")
            await work.record([Line(person, False, "reply", "我是**小李**，这就帮您看", shown)], datetime.now(UTC))
    finally:
        await store.close()
    await expect(visitor.newest).to_contain_text("我是小李", timeout=10_000)
    await expect(visitor.newest.get_by_role("link", name="下载 说明.docx")).to_be_visible()


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \u202e倒着\u2066"


async def test_hostile_text_is_text(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url, PHONE)
    await visitor.say(HOSTILE)
    await expect(visitor.page.locator("article.mine")).to_contain_text("<script>alert(1)</script><img src=x")
    await visitor.say("长" * 10_000)
    await visitor.sees("有点长")
    await visitor.say("w" * 1000)
    assert await visitor.wide() <= 0
    await visitor.page.reload()
    assert await visitor.page.locator("#log script, #log img").count() == 0
    assert await visitor.wide() <= 0
    assert visitor.faults == []


async def test_without_a_script_plain_forms_do_it_all(browser: Browser, serve: Serve) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(serve.url)
    await page.get_by_label("做电商代运营").check()
    await page.get_by_role("button", name="完成", exact=True).click()
    await page.get_by_role("button", name="是", exact=True).click()
    await page.locator("#text").fill("260万")
    await page.get_by_role("button", name="发送").click()
    await page.locator("#answer .answers button").first.click()
    await expect(page.locator(".card.yes")).to_contain_text("每年 26 万元")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def framing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[bool, str]]:
    """Two sites that show the page in a frame: one that the settings name, and another."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        frame = f'<iframe src="{serve.url}?embed=1" width="800" height="800"></iframe>'.encode()
        writer.write(b"HTTP/1.0 200 OK\r\ncontent-type: text/html\r\n\r\n" + frame)
        await writer.drain()
        writer.close()

    async with AsyncExitStack() as stack:
        sites = [await stack.enter_async_context(await asyncio.start_server(answer, "127.0.0.1", 0)) for _ in "12"]
        named, other = (f"http://127.0.0.1:{site.sockets[0].getsockname()[1]}" for site in sites)
        serve = Serve(tmp_path_factory.mktemp("framed"), WENCE_EMBED_ORIGINS=named)
        await serve.start()
        yield {True: named, False: other}
        await serve.kill()


@pytest.mark.parametrize("named", [True, False])
async def test_in_the_frame_of_a_site_that_is_named_and_of_no_other(
    browser: Browser, framing: dict[bool, str], named: bool
) -> None:
    page = await browser.new_page()
    await page.goto(f"{framing[named]}/")
    inside = page.frame_locator("iframe")
    if named:
        await inside.get_by_label("做电商代运营").check()
        await inside.get_by_role("button", name="完成", exact=True).click()
        await expect(inside.locator("article.ours").last).to_contain_text("在郑州市注册")
    else:
        await expect(inside.get_by_label("做电商代运营")).to_have_count(0)
