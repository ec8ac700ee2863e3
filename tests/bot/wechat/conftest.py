"""An office with WeChat customer service in this process: the channel, its service, and WeChat on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette

from bot.channels import TRAITS
from bot.settings import Settings
from bot.wechat.channel import PATH, WeChat, WeChatSettings
from conversations.office import documents
from conversations.office.rooms import Office
from conversations.service import Service
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables import LoggedMessage
from tests import databases
from tests.wechatapi import FakeWeChat


@dataclass
class Site:
    """The office, which can be closed and opened again on the same database."""

    wechat: FakeWeChat
    shelf: Shelf
    folder: Path
    url: str = ""
    public_url: str | None = None
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def open(self) -> None:
        """Opens the office, and waits until WeChat can reach it."""
        before = len(self.wechat.called("kf/sync_msg"))
        self.store = await Store.open(self.url)
        self.stack.push_async_callback(self.store.close)
        self.service = Service(self.shelf, self.store, office=Office(self.shelf, None, TRAITS))
        given = {name.removeprefix("WENCE_").lower(): value for name, value in self.wechat.settings.items()}
        told = WeChatSettings(**Settings.model_validate(given).wechat, public_url=self.public_url)
        self.channel = WeChat(self.service, told, documents.maker(self.shelf, self.store))
        await self.stack.enter_async_context(self.channel)
        listener = socket.create_server(("127.0.0.1", 0))
        self.wechat.hook = f"http://127.0.0.1:{listener.getsockname()[1]}{PATH}"
        app = Starlette(routes=[*self.channel.routes])
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        tasks = [asyncio.create_task(server.serve(sockets=[listener])), asyncio.create_task(self.channel.run())]

        async def end() -> None:
            server.should_exit = True
            await tasks[0]
            tasks[1].cancel()
            await asyncio.gather(tasks[1], return_exceptions=True)

        self.stack.push_async_callback(end)
        async with asyncio.timeout(60):
            while len(self.wechat.called("kf/sync_msg")) == before:  # noqa: ASYNC110  (what is waited for has no event)
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Closes the office as a process ends."""
        await self.stack.aclose()
        self.stack = AsyncExitStack()

    async def log(self, who: str) -> list[tuple[bool, str]]:
        """What was said with a person, as the office keeps it: by them?, the words."""
        lines = select(LoggedMessage.incoming, LoggedMessage.text).where(LoggedMessage.person == f"wechat:{who}")
        async with self.store.reading() as connection:
            return [(row.incoming, row.text) for row in await connection.execute(lines.order_by(LoggedMessage.id))]


@pytest.fixture
async def site(engine: Shelf, tmp_path: Path) -> AsyncIterator[Site]:
    async with FakeWeChat() as wechat:
        site = Site(wechat, engine, tmp_path, databases.sqlite(tmp_path))
        await site.open()
        try:
            yield site
        finally:
            await site.close()
