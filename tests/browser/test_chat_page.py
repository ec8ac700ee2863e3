"""Whole consultations in a real browser: by mouse, on a phone, by keyboard alone, interrupted, and with strangers."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect
from sqlalchemy import select

from conversations.service import Service
from conversations.state.messages import Reply
from conversations.state.shelf import Shelf
from conversations.storage.store import Line, Store
from conversations.storage.tables import Person
from tests.bot.web.desk_site import add_accounts, open_service
from tests.browser.conftest import Serve
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(_chromium: Browser, engine: Shelf, tmp_path: Path) -> AsyncIterator[tuple[Serve, Service]]:
    """A process whose office has a desk, and the office's hand on the same database."""
    service = await open_service(engine, tmp_path)
    await add_accounts(service.store)
    serve = Serve(tmp_path)
    await serve.start()
    yield serve, service
    await serve.kill()
    await service.idle()
    await service.store.close()


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
    await expect(clause).to_be_hidden()
    await cards.nth(1).locator("summary").first.click()
    await clause.locator("summary").click()
    await expect(clause.locator("blockquote")).to_contain_text("代运营")
    assert await visitor.axe() == []
    await visitor.say("材料")
    await visitor.page.get_by_label("营业执照副本").check()
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
    await visitor.page.locator("#text").focus()
    for _ in range(6):  # three that do something else, then the answers from the last: those are near what is typed
        await keyboard.press("Shift+Tab")
        if await visitor.page.evaluate("document.activeElement.classList.contains('answer')"):
            break
    await expect(visitor.page.locator("#answer .answers button").last).to_be_focused()
    await visitor.tab_to_start()
    await visitor.tab_to(await visitor.page.locator("#answer .answers button").first.inner_text())
    outline = await visitor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await visitor.press_key("Enter")
    await expect(visitor.newest.locator(".total")).to_contain_text("每年26 万元")
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
    await expect(visitor.newest.locator(".total")).to_contain_text("26 万元")
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


async def test_on_a_phone_all_that_is_to_be_pressed_is_in_sight(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url, PHONE)
    for name in ("完成", "我不确定", "自己经营电商（网店、平台等）", "怎么用"):
        await expect(visitor.page.get_by_text(name, exact=True)).to_be_in_viewport(ratio=0.9)
    footer = await visitor.page.locator("footer").bounding_box()
    done = await visitor.page.get_by_role("button", name="完成").bounding_box()
    assert footer is not None
    assert done is not None
    assert done["y"] + done["height"] <= footer["y"]
    await expect(visitor.page.get_by_text("不是审批结论")).to_be_visible()
    await visitor.tick("做电商代运营", "电商示范企业")
    await visitor.page.reload()
    await expect(visitor.page.get_by_label("做电商代运营")).to_be_checked()
    await expect(visitor.page.get_by_label("电商示范企业", exact=True)).to_be_checked()
    await expect(visitor.page.get_by_label("管理电商楼宇")).not_to_be_checked()
    await visitor.press("完成")
    await visitor.press("是")
    figure = visitor.page.get_by_role("textbox", name="一年的代运营服务费收入（万元）")
    await expect(figure).to_have_attribute("placeholder", "比如 260")
    await expect(visitor.page.get_by_role("button", name="100 万元以上")).to_be_in_viewport(ratio=1)
    assert await visitor.axe() == []
    await figure.fill("260")
    await visitor.press_key("Enter")
    await visitor.sees("记为 260 万元")
    await visitor.press("没领过")
    await visitor.press("省级")
    total = visitor.newest.locator(".total")
    await expect(total.locator("span")).to_have_text(["每年26 万元", "一次性60 万元"])
    for name in ("登记，请工作人员联系我", "下载预评估表"):
        await expect(visitor.page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    await expect(visitor.newest.locator("button.main")).to_have_count(1)
    await expect(visitor.newest.locator(".card .badge")).to_have_text(["符合", "符合"])
    assert await visitor.axe() == []
    async with visitor.page.expect_download() as download:
        await visitor.press("下载预评估表")
    assert (await download.value).suggested_filename == "预评估表.docx"
    assert await visitor.wide() <= 0
    assert visitor.faults == []


async def test_a_range_can_be_tapped_instead_of_a_figure(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url, PHONE)
    await visitor.tick("做电商代运营")
    await visitor.press("完成")
    await visitor.press("是")
    await visitor.press("不到 100 万元")
    await expect(visitor.page.locator("article.mine").last).to_have_text(re.compile("不到 100 万元"))
    await visitor.sees("记为 不到 100 万元")


async def test_who_has_registered_is_not_asked_to_again(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url, PHONE)
    await visitor.say("我们在郑州注册，做代运营，服务费260万，没领过，没有别的了")
    await visitor.press("登记，请工作人员联系我")
    await visitor.press("同意")
    for text in ("某某科技有限公司", "跳过", "张三", "13812345678", "跳过", "跳过"):
        await visitor.say(text)
    await expect(visitor.page.get_by_role("button", name="确认登记")).to_have_class(re.compile("main"))
    await visitor.press("确认登记")
    await visitor.say("结果")
    await expect(visitor.page.get_by_role("button", name="我的登记")).to_be_visible()
    await expect(visitor.page.get_by_role("button", name="登记，请工作人员联系我")).not_to_be_visible()
    await expect(visitor.page.get_by_role("button", name="下载预评估表")).to_have_class("main")


async def test_handed_over_after_a_second_press_and_back_again(browser: Browser, desk: tuple[Serve, Service]) -> None:
    serve, service = desk
    visitor = await Visitor.open(browser, serve.url, PHONE)
    page = visitor.page
    await visitor.tick("做电商代运营")
    await visitor.press("完成")
    await visitor.press("转人工")
    await visitor.sees("工作人员看到就会回复")
    await expect(page.get_by_role("button", name="是", exact=True)).to_have_count(0)  # of no question just now
    assert await visitor.axe() == []
    await visitor.press("转给工作人员")
    await expect(page.get_by_text("还没有人回复")).to_be_in_viewport()
    await expect(page.get_by_role("navigation")).to_be_hidden()
    assert await visitor.axe() == []
    await visitor.say("代运营的服务费要到多少才给支持")
    await visitor.sees("先按文件答")
    handovers = service.office.handovers
    await service.act(lambda work, now: handovers.say_to_person(work, 1, "王姐", "您好，我来看", now, at="网页"))
    await expect(visitor.newest).to_contain_text("王姐", timeout=15_000)
    await expect(page.get_by_text("工作人员在和您对话")).to_be_visible()
    await serve.kill()
    await expect(page.get_by_role("status")).to_contain_text("正在重连")
    await serve.start()
    await service.act(lambda work, now: handovers.say_to_person(work, 1, "王姐", "刚才断了一下", now, at="网页"))
    await expect(visitor.newest).to_contain_text("刚才断了一下", timeout=30_000)
    await expect(page.get_by_role("status")).to_be_empty()
    visitor.faults.clear()  # that the connection was refused meanwhile
    await visitor.press("结束，回到问卷")
    await expect(page.get_by_role("button", name="是", exact=True)).to_be_visible()
    await expect(page.get_by_role("navigation")).to_be_visible()
    assert visitor.faults == []


@pytest.mark.parametrize("status", [503, 204])
async def test_the_stream_comes_back_after_any_answer(browser: Browser, serve: Serve, status: int) -> None:
    visitor = await Visitor.open(browser, serve.url)
    refused: list[str] = []
    through = asyncio.Event()

    async def refuse(route: Route) -> None:
        if len(refused) < 2:
            refused.append(route.request.url)
            await route.fulfill(status=status)
        else:
            await route.continue_()
            through.set()

    await visitor.page.route("**/stream?*", refuse)
    await visitor.tick("做电商代运营")
    await visitor.press("完成")
    tab = await Visitor.in_tab(visitor.page.context, serve.url)
    await visitor.page.bring_to_front()
    await asyncio.wait_for(through.wait(), 30)
    await tab.press("是")
    await expect(visitor.page.locator("article.mine")).to_have_count(2)


async def test_errors_and_thinking_are_seen_and_announced(browser: Browser, serve: Serve) -> None:
    visitor = await Visitor.open(browser, serve.url, PHONE)
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.fulfill(status=503, json={"error": "刚才这条没能存下来，请稍后再发一次。"})

    await visitor.page.route("**/say", hold)
    await visitor.page.get_by_role("button", name="完成").click()
    thinking = visitor.page.get_by_role("status").filter(has_text="正在想…")
    await expect(thinking).to_be_in_viewport(ratio=1)
    held.set()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("没能存下来")
    await expect(visitor.page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    await expect(thinking).to_have_count(0)


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
    await expect(page.locator(".total")).to_contain_text("26 万元")


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
