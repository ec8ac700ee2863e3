"""The desk on a database with a little of everything in it: leads, consultations, questions, hand-overs, accounts."""

import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import select
from starlette.applications import Starlette

from conversations.office import accounts
from conversations.office.accounts import Role
from conversations.service import Service
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables_leads import LeadEntry
from tests import databases
from tests.conversations.leading import FORM, Clock, Talker, consult, lead, service

OFFICE, HELPDESK = ("陈主任", "office-secret"), ("小李", "helpdesk-secret")
PHONE = "138 0013 8000"
UNANSWERED = "人才公寓怎么申请"
CUSTOMER = "王总：我们平台有央行的支付牌照，总部打算从上海搬过来，能给多少？另外去年交了六万块钱培训费能报吗"


async def open_service(engine: Shelf, folder: Path) -> Service:
    """A service on the database in ``folder``."""
    store = await Store.open(databases.sqlite(folder))
    return service(engine, store, Clock(datetime.now(UTC)))


async def add_accounts(store: Store) -> None:
    """One account for each role."""
    async with store.transaction() as work:
        for (name, password), role in ((OFFICE, Role.OFFICE), (HELPDESK, Role.HELPDESK)):
            await accounts.add(work, name, role, password, datetime.now(UTC))


async def furnish(service: Service) -> None:
    """Two leads, a consultation that stands still, a question twice, somebody who waits for a person."""
    first = Talker(service, "telegram:1")
    await consult(first)
    await lead(first)
    second = Talker(service, "web:" + "a" * 32, name="")
    await consult(second)
    await lead(second, "=HYPERLINK(1)河南公式科技有限公司", *FORM[1:3], "13900139000", *FORM[4:])
    await Talker(service, "web:" + "b" * 32, name="").say("/start", "1")
    for number in (3, 4):
        await Talker(service, f"telegram:{number}").say(UNANSWERED)
    waiting = Talker(service, "web:" + "c" * 32, name="")
    await waiting.say("/start", "转人工", "我想问一下总部算不算迁入，电话13700137000")


class AtDesk:
    """A browser at the desk, without a window: keeps cookies and sends forms as a browser does."""

    def __init__(self, app: Starlette, address: str = "10.0.0.1") -> None:
        transport = httpx.ASGITransport(app, client=(address, 5000))
        self.http = httpx.AsyncClient(
            transport=transport, base_url="http://desk.test", headers={"sec-fetch-site": "same-origin"}
        )

    async def get(self, path: str, **query: str) -> httpx.Response:
        """Opens a page; goes where it is sent."""
        return await self.http.get(path, params=query, follow_redirects=True)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Sends a form with its token; goes where it is sent."""
        token = self.http.cookies.get("starlette_admin_csrftoken", "")
        return await self.http.post(path, data={"csrftoken": token, **fields}, follow_redirects=True)

    async def log_in(self, name: str, password: str) -> httpx.Response:
        """Sends the login form; goes where it is sent."""
        await self.get("/desk/login")
        return await self.post("/desk/login", username=name, password=password)

    async def be(self, name: str, password: str) -> None:
        """Logs in, and does not look at the overview with its charts, which takes as long as all else of it."""
        await self.get("/desk/login")
        token = self.http.cookies.get("starlette_admin_csrftoken", "")
        sent = await self.http.post("/desk/login", data={"csrftoken": token, "username": name, "password": password})
        assert sent.headers["location"].endswith("/desk/"), sent.text


async def entries(service: Service, lead: int) -> list[tuple[str, str, str, str]]:
    """The history of a lead: who, what, state, note."""
    columns = (LeadEntry.who, LeadEntry.what, LeadEntry.state, LeadEntry.note)
    async with service.store.reading() as connection:
        rows = await connection.execute(select(*columns).where(LeadEntry.lead == lead).order_by(LeadEntry.id))
        return [(row.who, row.what, row.state, row.note) for row in rows]


def listed(page: str) -> list[str]:
    """The numbers of the leads that a list shows."""
    return re.findall(r">(WC-\d{8}-\d{4})<", page)
