"""A real Chromium in front of a real ``wence serve``; where there is no browser, these tests are skipped.

Both start once and serve many tests, which do not meet: each has windows, hence cookies, of its own.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests import databases
from tests.e2e.process import environment, free_port
from tests.forked import Forked

PROGRAMS = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Best without the windows around the pages: each opens with a fifth of the work."""
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process shows all pages: each window starts a quarter quicker.
    "--renderer-process-limit=1",
    "--in-process-gpu",
    # What moves is waited for, and drawn by the processor.
    "--force-prefers-reduced-motion",
    "--disable-smooth-scrolling",
    # Each window would load two pages of the browser's own for its address bar: more work than most pages of ours.
    # Of several such lists only the last counts: the others are those of Playwright's that matter on loopback.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess,"
    "DestroyProfileOnBrowserClose,MediaRouter,OptimizationHints,PaintHolding",
]


class Serve:
    """A ``wence serve`` process with the web alone, which can be killed and started again on the same database."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.settings = settings
        databases.sqlite(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._process: Forked | None = None

    @property
    def running(self) -> bool:
        """Whether the process has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Starts the process and waits until it serves. Raises AssertionError with its log where it does not."""
        path = self.folder / "serve.log"
        given = environment(self.folder, WENCE_PORT=str(self.port), **self.settings)
        self._process = Forked("serve", folder=self.folder, environment=given, said=(path, path))
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                assert self._process.returncode is None, path.read_text(encoding="utf-8")
                try:
                    if (await client.get(f"{self.url}healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        raise AssertionError(path.read_text(encoding="utf-8"))

    async def kill(self) -> None:
        """Ends the process at once."""
        if self._process is not None and self.running:
            self._process.kill()
            await self._process.wait()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _serve(_chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Serve]:
    serve = Serve(tmp_path_factory.mktemp("serve"))
    yield serve
    await serve.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def serve(_serve: Serve) -> Serve:
    """The process that all share; one that a test before has killed is started again."""
    if not _serve.running:
        await _serve.start()
    return _serve


@pytest_asyncio.fixture(loop_scope="session")
async def browser(_chromium: Browser) -> AsyncIterator[Browser]:
    """The browser that all share; what a test has opened in it is closed afterwards."""
    yield _chromium
    for context in _chromium.contexts:
        await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium-headless-shell fonts-noto-cjk")
    async with async_playwright() as playwright:
        expect.set_options(timeout=15_000)  # a busy machine takes longer than the usual 5 seconds
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()
