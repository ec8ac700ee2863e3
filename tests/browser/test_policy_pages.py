"""The pages of policies in a real browser, on a screen, on a phone and on paper, with one policy served and with several."""

import asyncio
import re
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, expect

from bot.serve import Server
from bot.web.app import create_app
from bot.web.chat import Chat
from bot.web.desk.app import desk
from conversations.service import Service
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from tests import databases, served, several
from tests.bot.web.desk_site import HELPDESK, add_accounts
from tests.browser.conftest import Serve
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.e2e.process import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = [pytest.param(DESKTOP, id="1280"), pytest.param(PHONE, id="390")]


class _Quiet(Server):
    """A server within the tests' process, whose signals are none of its business."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def library(_chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a site where several policies are served."""
    store = await Store.open(databases.sqlite(tmp_path_factory.mktemp("library")))
    await add_accounts(store)
    service = Service(several.shelf(), store)
    port = free_port()
    async with Chat(service, limited=False) as chat:
        app = chat.before(create_app(service, [*chat.routes, desk(service)]))
        server = _Quiet(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve())
        await server.serving.wait()
        yield f"http://127.0.0.1:{port}/"
        server.should_exit = True
        await serving
    await store.close()


async def sound(visitor: Visitor) -> None:
    """Nothing that axe takes for serious, nothing wider than the window, no fault of the page."""
    assert await visitor.axe() == []
    assert await visitor.wide() <= 0
    assert visitor.faults == []


@pytest.mark.parametrize("size", SIZES)
async def test_one_policy_from_its_list_to_a_clause_and_to_the_chat(
    browser: Browser, serve: Serve, engine: Shelf, size: tuple[int, int]
) -> None:
    visitor = await Visitor.open(browser, f"{serve.url}policies", size)
    await sound(visitor)
    page, policy = visitor.page, engine.policy
    await page.get_by_role("link", name=policy.title).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(policy.title)
    await sound(visitor)
    await page.locator("#p-agency-operations").get_by_role("link", name="三、（六）").click()
    await expect(page.locator("#c-3\\.6")).to_be_in_viewport()
    await page.get_by_role("link", name="对照、提问").click()
    await expect(page.locator("#answer")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
async def test_several_policies(browser: Browser, library: str, size: tuple[int, int]) -> None:
    visitor = await Visitor.open(browser, f"{library}policies", size)
    await sound(visitor)
    await expect(visitor.page.locator(".entry")).to_have_count(len(several.IDS))
    for ident in several.IDS:
        await visitor.page.goto(f"{library}policies/{ident}")
        await sound(visitor)
    missing = await Visitor.open(browser, f"{library}policies/nothing", size)
    await expect(missing.page.get_by_role("heading", level=1)).to_have_text("没有这份文件")
    assert await missing.axe() == []
    assert await missing.wide() <= 0


@pytest.mark.parametrize("size", SIZES)
async def test_a_document_is_chosen_in_the_chat_and_its_clause_looked_up(
    browser: Browser, library: str, size: tuple[int, int]
) -> None:
    visitor = await Visitor.open(browser, library, size)
    await sound(visitor)
    name = served.policy(several.IDS[0]).name
    await visitor.press(name)
    await visitor.sees("接下来对照")
    await expect(visitor.page.get_by_label("做了技术改造")).to_have_count(0)
    await visitor.say("发货补助给多少")
    link = visitor.page.locator("#log").get_by_role("link", name=f"{name} 第四条").last
    async with visitor.page.context.expect_page() as opened:
        await link.click()
    clause = (await opened.value).locator("#c-4")
    await expect(clause).to_be_in_viewport()
    await expect(clause).to_contain_text("每件补助0.2元")
    await sound(visitor)


async def test_without_a_script_and_on_paper(browser: Browser, library: str, tmp_path: Path) -> None:
    context = await browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = await context.new_page()
    await page.goto(f"{library}policies/{several.IDS[0]}")
    await page.get_by_role("link", name="原文", exact=True).click()
    await expect(page.locator("#clauses h2")).to_be_in_viewport()
    await page.emulate_media(media="print")
    await expect(page.get_by_role("link", name="对照、提问")).to_be_hidden()
    await expect(page.locator("#c-12")).to_be_visible()
    printed = await page.pdf(path=tmp_path / "policy.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) < 12


@pytest.mark.parametrize("size", SIZES)
async def test_the_desks_list_of_packs(browser: Browser, library: str, size: tuple[int, int]) -> None:
    visitor = await Visitor.open(browser, f"{library}desk", size)
    await visitor.page.get_by_label("账号").fill(HELPDESK[0])
    await visitor.page.get_by_label("密码").fill(HELPDESK[1])
    await visitor.page.get_by_role("button", name="登录").click()
    await expect(visitor.page.get_by_role("heading", name="总览")).to_be_visible()
    await visitor.page.goto(f"{library}desk/policies")
    await expect(visitor.page.locator(".desk-packs > li")).to_have_count(len(several.IDS))
    await sound(visitor)
