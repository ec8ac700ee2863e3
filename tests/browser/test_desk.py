"""The desk in a real browser: a morning at the office, on a screen and on a phone, without a serious fault for axe."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from conversations.state import office_time
from conversations.state.shelf import Shelf
from tests.bot.web.desk_site import CUSTOMER, HELPDESK, OFFICE, PHONE, UNANSWERED, add_accounts, furnish, open_service
from tests.browser.conftest import Serve
from tests.browser.visitor import DESKTOP, Visitor
from tests.browser.visitor import PHONE as SMALL

pytestmark = pytest.mark.asyncio(loop_scope="session")
SCAN = b"%PDF-1.7 the scan"
SENT_AS_WELL = """async changed => {
    const form = document.querySelector("form[action$='/enter']")
    const sent = new URLSearchParams({...Object.fromEntries(new FormData(form)), ...changed})
    return (await fetch(form.action, {method: "POST", body: sent})).text()
}"""
"""Sends the form that is open with some fields changed; the page that comes back."""


async def furnished_in(folder: Path, engine: Shelf) -> AsyncIterator[Serve]:
    service = await open_service(engine, folder)
    await add_accounts(service.store)
    await furnish(service)
    await service.idle()
    await service.store.close()
    serve = Serve(folder)
    await serve.start()
    yield serve
    await serve.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def furnished(
    _chromium: Browser, engine: Shelf, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Serve]:
    """A desk for all tests that leave the leads as they are."""
    async for serve in furnished_in(tmp_path_factory.mktemp("desk"), engine):
        yield serve


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(_chromium: Browser, engine: Shelf, tmp_path: Path) -> AsyncIterator[Serve]:
    """A desk of the test's own."""
    async for serve in furnished_in(tmp_path, engine):
        yield serve


async def log_in(browser: Browser, serve: Serve, who: tuple[str, str], size: tuple[int, int] = DESKTOP) -> Visitor:
    visitor = await Visitor.open(browser, f"{serve.url}desk", size)
    await visitor.page.get_by_label("账号").fill(who[0])
    await visitor.page.get_by_label("密码").fill(who[1])
    await visitor.page.get_by_role("button", name="登录").click()
    await expect(visitor.page.get_by_role("heading", name="总览")).to_be_visible()
    return visitor


async def test_a_lead_is_worked_on(own_desk: Serve, browser: Browser) -> None:
    office = await log_in(browser, own_desk, OFFICE)
    page = office.page
    await page.get_by_role("link", name="2 新登记，等着联系").click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.get_by_role("link", name="已联系", exact=True).click()
    await expect(page.get_by_text("没有符合条件的登记")).to_be_visible()
    await page.get_by_role("link", name="全部", exact=True).click()
    await page.get_by_role("searchbox").fill("云帆")
    await page.keyboard.press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.locator("tbody a").first.click()

    await expect(page.get_by_role("heading", name="郑州云帆电子商务有限公司")).to_be_visible()
    assert PHONE not in await page.content()
    await page.get_by_role("button", name="查看联系方式").click()
    await expect(page.get_by_text(PHONE)).to_be_visible()
    await expect(page.locator(".desk-history li").first).to_contain_text(f"{OFFICE[0]} 查看了联系方式")

    await page.get_by_label("状态", exact=True).select_option("已联系")
    await page.get_by_label("说明（往回改时要写原因）").fill("周五交材料")
    await page.get_by_role("button", name="更新状态").click()
    await expect(page.get_by_role("alert")).to_contain_text("状态改为“已联系”")
    await expect(page.locator(".desk-history li").first).to_contain_text("周五交材料")
    assert PHONE not in await page.content()

    await page.get_by_label("负责").select_option(OFFICE[0])
    await page.get_by_label("跟进日期").fill(str(office_time.today(datetime.now(UTC))))
    await page.get_by_role("button", name="存下安排").click()
    await expect(page.get_by_text("该跟进了")).to_be_visible()
    await page.get_by_role("link", name="总览").click()
    await page.get_by_role("link", name="1 登记到了跟进日期").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    assert office.faults == []


async def enter(
    page: Page, enterprise: str, contact: str, phone: str, told: str = "", others: Sequence[str] = ()
) -> None:
    """Enters somebody who walked in; those who call at ``others`` as well, whose forms go without being looked at."""
    await page.get_by_role("link", name="登记", exact=True).click()
    await page.get_by_role("link", name="录入登记").click()
    await page.get_by_label("来访").check()
    await page.get_by_label("企业名称").fill(enterprise)
    await page.get_by_label("联系人", exact=True).fill(contact)
    await page.get_by_label("电话", exact=True).last.fill(phone)
    await page.get_by_label("企业情况").fill(told)
    await page.get_by_label("上面的都告诉了对方").check()
    for other in others:
        changed = {"key": other, "enterprise": f"郑州{other}号商贸有限公司", "phone": other}
        assert "登记好了" in await page.evaluate(SENT_AS_WELL, changed)
    await page.get_by_role("button", name="存下登记").click()
    await expect(page.get_by_role("alert")).to_contain_text("登记好了")


async def test_a_morning_at_the_office(own_desk: Serve, browser: Browser) -> None:
    """Find a caller, enter a walk-in, assign ten leads at once, export what is filtered, answer one from its page."""
    clerk = await log_in(browser, own_desk, OFFICE)
    page = clerk.page
    await page.get_by_role("link", name="登记", exact=True).click()
    for words, found in (("8000", 1), ("张三丰", 2), (PHONE, 1)):
        await page.get_by_role("searchbox").fill(words)
        await page.keyboard.press("Enter")
        await expect(page.locator("tbody tr")).to_have_count(found)
        await expect(page.locator("tbody tr").last).to_contain_text("郑州云帆电子商务有限公司")

    await enter(
        page, "郑州归云网络科技有限公司", "李四光", "13937123456", "我们在郑州做代运营，去年服务费340万，第一次申请"
    )
    await expect(page.locator(".desk-history li").first).to_contain_text(f"{OFFICE[0]} 录入了登记")
    others = [f"1393712340{number}" for number in range(1, 9)]
    await enter(page, "郑州第0号商贸有限公司", "王五六", "13937123400", others=others)

    await page.get_by_role("link", name="登记", exact=True).click()
    await page.get_by_role("searchbox").fill("王五六")
    await page.keyboard.press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(9)
    await page.goto(f"{own_desk.url}desk/leads/list?filter=channel__in%3Dvisit")
    await expect(page.locator("tbody tr")).to_have_count(10)
    await page.locator("#select-all-rows").check()
    chosen = page.locator("#actions-dropdown button")
    await expect(chosen).to_contain_text("(10)")
    await chosen.click()
    await page.get_by_text("分给同事", exact=True).click()
    await page.get_by_label("分给", exact=True).select_option(OFFICE[0])
    await page.get_by_role("button", name="改", exact=True).click()
    await expect(page.get_by_text(f"10 条分给了 {OFFICE[0]}")).to_be_visible()
    assert "channel__in" in page.url, "the filter stays"
    await expect(page.locator('tbody [data-column="assignee"]')).to_have_text([OFFICE[0]] * 10)

    await page.get_by_role("link", name="我负责的").click()
    await page.get_by_role("button", name="导出").click()
    async with page.expect_download() as expected:
        await page.get_by_role("link", name="这里的 10 条（Excel）").click()
    content = await asyncio.to_thread(Path(await (await expected.value).path()).read_bytes)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    head, *rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 10
    column = head.index("预估合计下限（元）")
    figures = [cell for row in rows if isinstance(cell := row[column], int | float)]
    assert len(figures) == 10
    assert sum(figures) >= 0

    await page.goto(f"{own_desk.url}desk/leads/list?q=%E4%BA%91%E5%B8%86")
    await page.get_by_role("link", name="郑州云帆电子商务有限公司").click()
    await page.get_by_label("内容（经 Telegram 发给登记的人）").fill("材料齐了，周五来窗口。")
    await page.get_by_role("button", name="发出").click()
    await expect(page.locator(".desk-history li").first).to_contain_text("材料齐了，周五来窗口。")
    await page.get_by_role("link", name="‹ 全部登记").click()
    await expect(page).to_have_url(re.compile("q="))  # the list as it was searched
    assert clerk.faults == []


@pytest.mark.parametrize("size", [DESKTOP, SMALL], ids=["desktop", "phone"])
async def test_who_comes_back_with_facts_and_papers(own_desk: Serve, browser: Browser, size: tuple[int, int]) -> None:
    helpdesk = await log_in(browser, own_desk, HELPDESK, size)
    page = helpdesk.page
    await page.goto(f"{own_desk.url}desk/leads/1")
    await page.get_by_role("link", name="补充或更正").click()
    await page.get_by_label("企业情况").fill("我们今年参加协会培训交了6万，自己也开网店")
    await page.get_by_role("button", name="读进表里").click()
    await expect(page.get_by_text("还没有存，请核对")).to_be_visible()
    assert await helpdesk.axe() == []
    await page.get_by_label("一年的代运营服务费收入").fill("一大笔")
    await page.get_by_role("button", name="存下并重新测算").click()
    await expect(page.get_by_text("没看懂")).to_be_visible()
    assert await helpdesk.axe() == []
    await page.get_by_label("一年的代运营服务费收入").fill("340万")
    await page.get_by_role("button", name="存下并重新测算").click()
    await expect(page.get_by_text("已经按现在的政策重新测算")).to_be_visible()

    papers = page.locator("#papers")
    await papers.get_by_label("申报表").check()
    await papers.get_by_role("button", name="存下勾选").click()
    await expect(papers.get_by_text("收到 1 / ")).to_be_visible()
    await papers.get_by_text("附上一个文件").click()
    await papers.get_by_label("是哪份材料").select_option("培训费发票")
    await papers.get_by_label("文件（PDF").set_input_files(
        {"name": "发票（扫描）.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    )
    await papers.get_by_role("button", name="附上", exact=True).click()
    await expect(papers.get_by_text("收到 2 / ")).to_be_visible()
    async with page.expect_download() as saved:
        await papers.get_by_role("link", name="发票（扫描）.pdf").click()
    file = await saved.value
    assert file.suggested_filename == "发票（扫描）.pdf"
    assert await asyncio.to_thread(Path(await file.path()).read_bytes) == SCAN
    assert await helpdesk.axe() == []
    assert await helpdesk.wide() <= 0
    await papers.get_by_label("删除 发票（扫描）.pdf").click()
    await papers.get_by_role("button", name="确定删除").click()
    await expect(page.get_by_role("alert")).to_contain_text("删掉了")
    assert [fault for fault in helpdesk.faults if "422" not in fault] == []  # what was not understood


@pytest.mark.parametrize("size", [DESKTOP, SMALL], ids=["desktop", "phone"])
async def test_what_matters_of_a_lead_is_seen_in_the_list(
    furnished: Serve, browser: Browser, size: tuple[int, int]
) -> None:
    """Amount, state, owner and follow-up, without scrolling sideways."""
    office = await log_in(browser, furnished, OFFICE, size)
    await office.page.goto(f"{furnished.url}desk/leads/list")
    row = office.page.locator("tbody tr").first
    for column in ("enterprise", "computed", "state", "assignee", "follow_up"):
        cell = row.locator(f'[data-column="{column}"]')
        await expect(cell).to_be_visible()
        box = await cell.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= size[0], column
    for scrolled in await office.page.locator(".table-responsive").all():
        assert await scrolled.evaluate("box => box.scrollWidth - box.clientWidth") <= 0


async def test_the_filter_builder_works_under_the_policy(furnished: Serve, browser: Browser) -> None:
    office = await log_in(browser, furnished, OFFICE)
    page = office.page
    await page.goto(f"{furnished.url}desk/leads/list")
    await page.get_by_role("button", name="筛选").click()
    builder = page.locator('[data-sa-hook="filter-form"]')
    selects = builder.locator("select:visible")
    await selects.nth(1).select_option(label="来自")
    await selects.nth(3).select_option(label="网页")
    await builder.get_by_role("button", name="应用筛选条件").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("公式科技")
    assert office.faults == []


async def test_an_export_opens_in_a_spreadsheet(furnished: Serve, browser: Browser) -> None:
    office = await log_in(browser, furnished, OFFICE)
    await office.page.goto(f"{furnished.url}desk/leads/list")
    for label, kind in (("这里的 2 条（Excel）", "xlsx"), ("这里的 2 条（CSV）", "csv")):
        await office.page.get_by_role("button", name="导出").click()
        async with office.page.expect_download() as expected:
            await office.page.get_by_role("link", name=label).click()
        download = await expected.value
        content = await asyncio.to_thread(Path(await download.path()).read_bytes)
        assert download.suggested_filename.endswith(f".{kind}")
        if kind == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(content)).active
            assert sheet is not None
            rows = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        else:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) == 3
        assert any(cell.startswith("'=HYPERLINK") for cell in rows[1] + rows[2])
        assert PHONE in rows[1] + rows[2]


async def test_a_draft_is_edited_and_copied(furnished: Serve, browser: Browser) -> None:
    clerk = await log_in(browser, furnished, HELPDESK)
    page = clerk.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("link", name="起草答复").click()
    await page.get_by_label("客户的话").fill(CUSTOMER)
    await page.get_by_role("button", name="起草", exact=True).click()
    letter = page.get_by_label("草稿，可以改")
    usual = await letter.input_value()
    assert "王总" in usual
    assert "200 万元" in usual
    await page.get_by_role("button", name="更正式").click()
    await expect(letter).not_to_have_value(usual)
    await letter.fill("改过的信")
    await page.get_by_role("button", name="复制").click()
    await expect(page.get_by_role("status")).to_have_text("已复制")
    assert await page.evaluate("navigator.clipboard.readText()") == "改过的信"
    assert clerk.faults == []


async def test_a_visitor_of_the_page_is_answered_from_the_desk(furnished: Serve, browser: Browser) -> None:
    visitor = await Visitor.open(browser, furnished.url)
    await visitor.say("转人工")
    await visitor.say("总部要迁多久才算")
    clerk = await log_in(browser, furnished, HELPDESK, SMALL)
    page = clerk.page
    await page.goto(f"{furnished.url}desk/handovers")
    await page.get_by_role("link", name="网页访客").last.click()
    await expect(page.get_by_role("log")).to_contain_text("总部要迁多久才算")
    await page.get_by_label("答复").fill("以注册地变更为准。")
    await page.get_by_role("button", name="发出").click()
    await visitor.sees("以注册地变更为准。")
    await visitor.say("明白了，谢谢")
    await expect(page.get_by_role("log")).to_contain_text("明白了，谢谢", timeout=15_000)
    await page.get_by_role("button", name="结束，交还机器人").click()
    await expect(page.get_by_role("alert")).to_contain_text("已结束")
    assert clerk.faults == []
    assert visitor.faults == []


async def test_the_settings_open_the_desk(browser: Browser, tmp_path: Path) -> None:
    serve = Serve(tmp_path, WENCE_DESK_PASSWORD="first-password")
    await serve.start()
    try:
        office = await log_in(browser, serve, ("office", "first-password"))
        await expect(office.page.get_by_text("这段时间还没有咨询")).to_be_visible()
        await office.page.get_by_role("button", name="退出登录").last.click()
        await expect(office.page.get_by_role("heading", name="登录")).to_be_visible()
        assert office.faults == []
    finally:
        await serve.kill()


async def fits(visitor: Visitor, path: str = "") -> None:
    """Nothing that axe takes for serious, and nothing wider than the window, on a screen and on a phone."""
    for width, height in (DESKTOP, SMALL):
        await visitor.page.set_viewport_size({"width": width, "height": height})
        assert await visitor.axe() == [], (path, width)
        assert await visitor.wide() <= 0, (path, width)


async def test_axe_finds_no_serious_fault_and_pages_fit(furnished: Serve, browser: Browser) -> None:
    stranger = await Visitor.open(browser, f"{furnished.url}desk")
    await fits(stranger)
    office = await log_in(browser, furnished, OFFICE)
    page = office.page
    paths = ["", "leads/list", "leads/1", "questions", "draft", "handovers", "handovers/1", "consultations/list"]
    paths += ["leads/new", "leads/1?anew=1", "leads/1/facts", "accounts", "password"]
    for path in paths:
        await page.goto(f"{furnished.url}desk/{path}")
        await fits(office, path)
    await page.goto(f"{furnished.url}desk/questions")
    async with page.expect_navigation():
        await page.get_by_role("link", name=UNANSWERED).click()
    await fits(office)
    await page.goto(f"{furnished.url}desk/draft")
    await page.get_by_label("客户的话").fill(CUSTOMER)
    async with page.expect_navigation():
        await page.get_by_role("button", name="起草", exact=True).click()
    await fits(office)
    assert office.faults == []
