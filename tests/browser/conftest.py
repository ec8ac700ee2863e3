"""A real Chromium in front of a real ``wence serve``; where there is no browser, these tests are skipped."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from tests.e2e.process import environment, free_port

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Serve:
    """A ``wence serve`` process with the web alone, which can be killed and started again on the same database."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.settings = settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Starts the process and waits until it serves. Raises AssertionError with its log where it does not."""
        path = self.folder / "serve.log"
        with path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "serve"),
                cwd=self.folder,
                env=environment(self.folder, WENCE_PORT=str(self.port), **self.settings),
                stdout=log,
                stderr=log,
            )
        async with httpx.AsyncClient() as client:
            for _ in range(300):
                assert self._process.returncode is None, path.read_text(encoding="utf-8")
                try:
                    if (await client.get(f"{self.url}healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        raise AssertionError(path.read_text(encoding="utf-8"))

    async def kill(self) -> None:
        """Ends the process at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@pytest.fixture
async def serve(browser: Browser, tmp_path: Path) -> AsyncIterator[Serve]:
    serve = Serve(tmp_path)
    await serve.start()
    yield serve
    await serve.kill()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium fonts-noto-cjk")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()
