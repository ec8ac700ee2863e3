"""Somebody at the chat page in a real browser: what they see, type and press."""

import re
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

DESKTOP, PHONE = (1280, 900), (390, 844)
# What axe does longest is to look for pseudo-elements behind each text, where it would not judge its contrast: it judges all.
# `region` is at most moderate, hence no fault here, and looks at each element as well.
AXE = f"{Axe().axe_script};axe.configure({{checks: [{{id: 'color-contrast', options: {{ignorePseudo: true}}}}]}})"
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"region": {"enabled": False}}}


class Visitor:
    """One browser window with cookies of its own; faults of the page (errors, refused scripts) are kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))

    @classmethod
    async def open(cls, browser: Browser, url: str, size: tuple[int, int] = DESKTOP, **options: str) -> "Visitor":
        """Opens ``url`` in a window of ``size``."""
        width, height = size
        context = await browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)  # type: ignore[arg-type]
        return await cls.in_tab(context, url)

    @classmethod
    async def in_tab(cls, context: BrowserContext, url: str) -> "Visitor":
        """Opens ``url`` in one more tab of the same browser."""
        visitor = cls(await context.new_page())
        await visitor.page.goto(url)
        return visitor

    async def say(self, text: str) -> None:
        """Types and sends, and waits for the answer."""
        await self.page.locator("#text").fill(text)
        await self._answered(self.page.keyboard.press, "Enter")

    async def press(self, label: str | re.Pattern[str]) -> None:
        """Presses the newest button of this name, and waits for the answer."""
        await self._answered(self.page.get_by_role("button", name=label, exact=True).last.click)

    async def tick(self, *labels: str) -> None:
        """Ticks boxes."""
        for label in labels:
            await self.page.get_by_label(label, exact=True).check()

    async def press_key(self, key: str) -> None:
        """Presses a key that sends something, and waits for the answer."""
        await self._answered(self.page.keyboard.press, key)

    async def tab_to(self, label: str) -> None:
        """Presses the Tab key until the control of this name has the focus."""
        for _ in range(80):
            await self.page.keyboard.press("Tab")
            named = await self.page.evaluate(
                "(() => { const e = document.activeElement; return (e.labels && e.labels[0] || e).textContent.trim() })()"
            )
            if named == label:
                return
        raise AssertionError(f"the keyboard does not reach {label}")

    async def tab_to_start(self) -> None:
        """Presses Shift+Tab until the focus is at the top of the page."""
        while await self.page.evaluate("document.activeElement.className") != "skip":
            await self.page.keyboard.press("Shift+Tab")

    async def sees(self, text: str) -> None:
        """Waits until the newest message of the bot holds ``text``."""
        await expect(self.newest).to_contain_text(text)

    @property
    def newest(self) -> Locator:
        """The newest message of the bot."""
        return self.page.locator("article.ours").last

    async def axe(self) -> list[str]:
        """What axe takes for serious or critical faults of the page as it is now."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE)
        return [
            f"{fault['id']}: {node['html']}"
            for fault in await self.page.evaluate("async given => (await axe.run(given)).violations", AXE_OPTIONS)
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
        ]

    async def wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        return await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")

    async def shoot(self, file: Path) -> None:
        """Takes a picture of the window."""
        await self.page.screenshot(path=file)

    async def _answered(self, act: object, *args: str) -> None:
        mine = self.page.locator("article.mine")
        before = await mine.count()
        await act(*args)  # type: ignore[operator]
        await expect(mine).to_have_count(before + 1)
        await expect(self.page.locator("body")).not_to_have_attribute("aria-busy", "true")
