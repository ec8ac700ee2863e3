"""政策找企业 in a real browser: a table, its columns, the sums, ticked firms made leads; on a screen and on a phone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from conversations.state.shelf import Shelf
from tests.bot.web.desk_site import OFFICE
from tests.browser.conftest import Serve
from tests.browser.test_desk import furnished_in, log_in
from tests.browser.visitor import DESKTOP
from tests.browser.visitor import PHONE as SMALL

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABLE = (
    "企业名称,在郑州市注册,做电商代运营,服务费（万元）,已领过几年代运营支持\n"
    + "".join(f"郑州第{number}号电子商务有限公司,是,是,{100 + number},0\n" for number in range(30))
    + "郑州云帆电子商务有限公司,是,是,260,0\n郑州不详有限公司,大概,是,92,0\n"
)


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(_chromium: Browser, engine: Shelf, tmp_path: Path) -> AsyncIterator[Serve]:
    async for serve in furnished_in(tmp_path, engine):
        yield serve


@pytest.mark.parametrize("size", [DESKTOP, SMALL], ids=["desktop", "phone"])
async def test_a_table_becomes_leads(own_desk: Serve, browser: Browser, tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "名单.csv").write_text(TABLE, "utf-8")
    office = await log_in(browser, own_desk, OFFICE, size)
    page = office.page
    await page.goto(f"{own_desk.url}desk/match")
    assert await office.axe() == []
    await page.get_by_label("企业表").set_input_files(tmp_path / "名单.csv")
    await page.get_by_role("button", name="上传并计算").click()

    await expect(page.get_by_text("名单.csv 第 33 行：在郑州市注册：“大概”读不懂")).to_be_visible()
    fee, unit = page.get_by_label("服务费（万元）", exact=True), page.get_by_label("服务费（万元）的单位")
    await expect(unit).to_be_hidden()
    await fee.select_option(label="一年的代运营服务费收入")
    await expect(unit).to_have_value("万元")
    await page.get_by_role("button", name="按这些列重新算").click()
    await expect(page.get_by_text("按这些列重新算好了")).to_be_visible()
    await expect(page.get_by_role("link", name="符合 31", exact=True)).to_be_visible()
    assert await office.axe() == []
    assert await office.wide() <= 0

    await page.get_by_role("link", name="符合 31", exact=True).click()
    await expect(page.get_by_role("heading", name="企业 31 家")).to_be_visible()
    boxes = page.locator("tbody input[name=line]")
    await expect(boxes).to_have_count(25)
    await expect(page.get_by_label("选 郑州云帆电子商务有限公司")).to_be_disabled()
    await page.locator("[data-tick-all] input").check()
    await page.get_by_label("选 郑州第29号电子商务有限公司").uncheck()
    await page.get_by_role("button", name="把勾选的记成登记").click()
    await expect(page.get_by_text("记下了 23 条登记")).to_be_visible()

    async with page.expect_download() as expected:
        await page.get_by_role("link", name="下载清单（Excel）").click()
    download = await expected.value
    assert download.suggested_filename == "政策找企业-名单.xlsx"
    assert (await asyncio.to_thread(Path(await download.path()).read_bytes)).startswith(b"PK")
    await page.locator("tbody").first.get_by_role("link").nth(1).click()
    await expect(page.get_by_text("这条来自办公室的名单")).to_be_visible()
    assert await office.axe() == []
    assert office.faults == []
