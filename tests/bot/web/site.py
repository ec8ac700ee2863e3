"""The application with the chat page on a database of its own."""

from contextlib import AsyncExitStack
from pathlib import Path

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot.program.channel import Programs
from bot.web.app import create_app
from bot.web.chat import Chat
from bot.web.metrics import Metrics
from conversations.service import Service
from conversations.state.messages import Reply
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from tests import databases


class Site:
    """The application, which can be started anew on the same database."""

    def __init__(self, engine: Shelf, folder: Path) -> None:
        self.engine = engine
        self.database = folder / "wence.db"
        self.app: Starlette
        self.front: ASGIApp
        self.service: Service
        self._stack = AsyncExitStack()

    async def start(self, *, limited: bool = False) -> None:
        """Starts it, with rate limits where they are wanted."""
        store = await Store.open(databases.sqlite(self.database.parent))
        self._stack.push_async_callback(store.close)
        metrics = Metrics(CollectorRegistry())
        self.service = Service(self.engine, store, observe=metrics.taken)
        chat = Chat(self.service, embed_origins={"https://www.example.cn"}, make_file=self.make_file, limited=limited)
        await self._stack.enter_async_context(chat)
        await self._stack.enter_async_context(Programs(self.service))
        self.app = create_app(self.service, chat.routes, metrics)
        self.front = chat.before(self.app)

    async def stop(self) -> None:
        """Ends it."""
        await self._stack.aclose()

    async def make_file(self, reply: Reply) -> bytes:
        """The content of a document, for these tests its name."""
        return str(reply.document).encode()
