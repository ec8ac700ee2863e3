"""What the office says, written in a real browser and told to a visitor of the chat page at once."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from conversations.state.shelf import Shelf
from tests.bot.web.desk_site import OFFICE, add_accounts, open_service
from tests.browser.conftest import Serve
from tests.browser.visitor import DESKTOP, Visitor
from tests.browser.visitor import PHONE as SMALL
from tests.office_notes import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("size", [DESKTOP, SMALL], ids=["desktop", "phone"])
async def test_a_note_is_written_and_told(
    browser: Browser, engine: Shelf, tmp_path: Path, size: tuple[int, int]
) -> None:
    service = await open_service(engine, tmp_path)
    await add_accounts(service.store)
    await service.store.close()
    serve = Serve(tmp_path)
    await serve.start()
    try:
        office = await Visitor.open(browser, f"{serve.url}desk/notes", size)
        page = office.page
        await page.get_by_label("账号").fill(OFFICE[0])
        await page.get_by_label("密码").fill(OFFICE[1])
        await page.get_by_role("button", name="登录").click()
        await expect(page.get_by_text("还没有写过")).to_be_visible()
        assert await office.axe() == []
        await page.get_by_role("link", name="电话", exact=True).click()
        await page.get_by_label("内容").fill(PHONE)
        await page.get_by_label("代运营企业支持").check()
        assert await office.axe() == []
        assert await office.wide() <= 0
        await page.get_by_role("button", name="保存").click()
        await expect(page.get_by_role("alert")).to_contain_text("已保存")
        await expect(page.get_by_text("关于：代运营企业支持")).to_be_visible()
        assert await office.axe() == []
        assert await office.wide() <= 0
        visitor = await Visitor.open(browser, serve.url)
        await visitor.say("代运营的补贴找谁问")
        await expect(visitor.page.locator("article.ours").filter(has_text=PHONE)).to_be_visible()
        assert office.faults == []
    finally:
        await serve.kill()
