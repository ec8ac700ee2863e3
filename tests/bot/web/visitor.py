"""A browser without a script: keeps cookies, reads pages, presses buttons and ticks boxes by their labels."""

import html
import re
import uuid
from collections.abc import Sequence

import httpx

ORIGIN = "http://wence.test"
BUTTON = re.compile(r'<button[^>]*name="choice" value="([^"]*)"[^>]*>([^<]*)</button>')
BOX = re.compile(r'name="tick" value="([^"]*)"[^>]*><span>([^<]*)</span>')


class Visitor:
    """One browser on ``app``; ``page`` is what it shows."""

    def __init__(self, app: object, origin: str = ORIGIN, query: str = "") -> None:
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        self.client = httpx.AsyncClient(transport=transport, base_url=origin, headers={"origin": origin})
        self.query = query
        self.page = ""

    async def open(self) -> httpx.Response:
        """Loads the page (again)."""
        response = await self.client.get(f"/{self.query}")
        self.page = response.text
        return response

    async def say(self, text: str, **fields: str) -> httpx.Response:
        """Types ``text`` and sends it."""
        return await self.send({"text": text, **fields})

    async def press(self, label: str, *ticks: str) -> httpx.Response:
        """Presses a button, with these boxes ticked."""
        choices = {name: value for value, name in BUTTON.findall(self.page)}
        boxes = {name: value for value, name in BOX.findall(self.page)}
        return await self.send({"choice": html.unescape(choices[label]), "tick": [boxes[tick] for tick in ticks]})

    async def send(self, fields: dict[str, str | Sequence[str]]) -> httpx.Response:
        """Posts a form with what the page has hidden in it, and follows to the page that answers."""
        hidden = {"message": uuid.uuid4().hex, "after": self.last}
        response = await self.client.post(f"/say{self.query}", data={**hidden, **fields}, follow_redirects=True)
        self.page = response.text
        return response

    async def post(self, **fields: str) -> httpx.Response:
        """Posts in the background, as the script does."""
        fields = {"message": uuid.uuid4().hex, "after": self.last, **fields}
        return await self.client.post(f"/say{self.query}", data=fields, headers={"accept": "application/json"})

    @property
    def last(self) -> str:
        """The place in the log that the page has come to."""
        found = re.search(r'name="after" value="(\d+)"', self.page)
        return found[1] if found else "0"

    @property
    def text(self) -> str:
        """What the page says, without its markup."""
        body = self.page.partition("<body>")[2]
        return html.unescape(re.sub(r"<[^>]*>", "", body))
