"""Who may come in to the desk: login, logout, cookies, forms of other sites; no desk without an account."""

import io
import logging
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters, profiles
from sqlalchemy import select, text

from bot.cli import main
from bot.web.app import create_app
from bot.web.desk.app import desk
from conversations.office import accounts
from conversations.service import Service
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables_accounts import DeskAccount
from tests.bot.web.desk_site import HELPDESK, OFFICE, AtDesk, add_accounts, open_service

pytestmark = pytest.mark.slow


@pytest.fixture
async def service(engine: Shelf, tmp_path: Path) -> AsyncIterator[Service]:
    service = await open_service(engine, tmp_path)
    yield service
    await service.store.close()


@pytest.fixture
async def store(service: Service) -> Store:
    await add_accounts(service.store)
    return service.store


@pytest.fixture
def at_desk(service: Service, store: Store) -> AtDesk:
    return AtDesk(create_app(service, [desk(service)]))


async def test_no_account_no_desk(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    visitor = AtDesk(create_app(service, [desk(service)]))
    with caplog.at_level(logging.WARNING):
        for path in ("/desk/", "/desk/login", "/desk/static/desk.css", "/desk/leads/list"):
            assert (await visitor.get(path)).status_code == 404
    assert len([line for line in caplog.messages if "wence desk add" in line]) == 1
    await add_accounts(service.store)
    assert (await visitor.get("/desk")).url.path == "/desk/login"


@pytest.mark.parametrize(
    "path",
    [
        *("/desk/", "/desk/leads/list", "/desk/leads/1", "/desk/leads/export?kind=csv", "/desk/leads/1/document"),
        *("/desk/questions", "/desk/draft", "/desk/handovers", "/desk/handovers/1/lines", "/desk/consultations/list"),
        *("/desk/accounts", "/desk/password", "/desk/leads/new", "/desk/consultation/1"),
    ],
)
async def test_every_page_asks_for_a_login(at_desk: AtDesk, path: str) -> None:
    answer = await at_desk.http.get(path)
    assert answer.status_code == 303
    assert httpx.URL(answer.headers["location"]).path == "/desk/login"


async def test_the_password_lies_as_an_argon2_hash(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("argon2.PasswordHasher", PasswordHasher)  # as it is where nobody is in a hurry
    store = service.store
    await add_accounts(store)
    async with store.reading() as connection:
        kept = await connection.scalar(select(DeskAccount.password).where(DeskAccount.name == OFFICE[0]))
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert extract_parameters(kept) == profiles.RFC_9106_LOW_MEMORY
    assert OFFICE[1] not in kept


async def test_login_and_logout(at_desk: AtDesk, store: Store) -> None:
    assert "账号或密码不对" in (await at_desk.log_in(OFFICE[0], "wrong-password")).text
    assert "总览" in (await at_desk.log_in(*OFFICE)).text
    token = at_desk.http.cookies["wence_desk"]
    async with store.reading() as connection:
        rows = (await connection.execute(text("SELECT token FROM desk_sessions"))).scalars().all()
    assert rows, "the login is kept"
    assert token not in rows, "what lies in the database logs nobody in"
    answer = await at_desk.post("/desk/logout")
    assert answer.url.path == "/desk/login"
    at_desk.http.cookies.set("wence_desk", token)
    assert (await at_desk.get("/desk/")).url.path == "/desk/login", "the old cookie is worth nothing"


async def test_a_login_makes_a_secret_whatever_the_browser_had(at_desk: AtDesk) -> None:
    await at_desk.get("/desk/login")
    form = {
        "csrftoken": at_desk.http.cookies["starlette_admin_csrftoken"],
        "username": OFFICE[0],
        "password": OFFICE[1],
    }
    planted = "p" * 43
    at_desk.http.cookies.set("wence_desk", planted)
    secrets: set[str] = set()
    for _ in range(2):
        answer = await at_desk.http.post("/desk/login", data=form)
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("wence_desk="))
        secrets.add(cookie.partition(";")[0].removeprefix("wence_desk="))
        at_desk.http.cookies.delete("wence_desk", path="/desk")
    assert len(secrets - {planted}) == 2
    assert (await at_desk.get("/desk/")).url.path == "/desk/login", "with the planted one nobody is in"


async def test_the_cookie_is_out_of_reach(at_desk: AtDesk) -> None:
    await at_desk.get("/desk/login")
    token = at_desk.http.cookies["starlette_admin_csrftoken"]
    form = {"csrftoken": token, "username": OFFICE[0], "password": OFFICE[1]}
    answer = await at_desk.http.post("/desk/login", data=form)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("wence_desk="))
    assert {"HttpOnly", "Path=/desk", "SameSite=lax"} <= set(cookie.split("; "))
    at_desk.http.cookies.delete("wence_desk")
    secure = await at_desk.http.post("https://desk.test/desk/login", data=form)
    assert "Secure" in next(c for c in secure.headers.get_list("set-cookie") if c.startswith("wence_desk="))


async def test_nobody_is_sent_elsewhere_after_the_login(at_desk: AtDesk) -> None:
    await at_desk.get("/desk/login")
    form = {"csrftoken": at_desk.http.cookies["starlette_admin_csrftoken"]}
    form |= {"username": OFFICE[0], "password": OFFICE[1]}
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = await at_desk.http.post("/desk/login", params={"next": elsewhere}, data=form)
        assert answer.headers["location"] == "http://desk.test/desk/"


async def test_forms_of_other_sites_do_nothing(at_desk: AtDesk) -> None:
    await at_desk.log_in(*OFFICE)
    token = at_desk.http.cookies["starlette_admin_csrftoken"]
    cases = [
        ({"sec-fetch-site": "cross-site"}, {"csrftoken": token}),
        ({"sec-fetch-site": "same-origin"}, {}),
        ({"sec-fetch-site": "same-origin"}, {"csrftoken": token[:-3] + "abc"}),
    ]
    for headers, form in cases:
        answer = await at_desk.http.post("/desk/logout", headers=headers, data=form)
        assert answer.status_code == 403, headers
        assert not re.search("[A-Za-z]", answer.text), "said in Chinese"
    assert (await at_desk.get("/desk/")).url.path == "/desk/"
    huge = await at_desk.post("/desk/draft/write", text="长" * 100_000)
    assert huge.status_code == 413


async def test_the_page_tells_how_long_to_wait(at_desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr("conversations.office.accounts.SteadyClock", lambda: lambda: now)
    for _ in range(5):
        assert "账号或密码不对" in (await at_desk.log_in(OFFICE[0], "wrong-password")).text
    assert "请 1 分钟后再试" in (await at_desk.log_in(*OFFICE)).text
    now += timedelta(seconds=59)
    assert "请 1 分钟后再试" in (await at_desk.log_in(*OFFICE)).text
    now += timedelta(seconds=1)
    assert (await at_desk.log_in(*OFFICE)).url.path == "/desk/"


def test_the_command_makes_changes_and_removes_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENCE_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/wence.db")

    def run(typed: str, *words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(["desk", *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    assert run("helpdesk-secret\n", "add", "小李") == (0, "账号“小李”开好了。\n")
    assert run("office-secret\n", "add", "小李", "--role", "office")[1] == "账号“小李”改好了，原来的登录已经退出。\n"
    status, told = run("short\n", "add", "小王")
    assert status == 2
    assert "至少 8 个字符" in told
    assert run("office-secret\n", "add", "陈主任", "--role", "office")[0] == 0
    assert run("", "remove", "小李") == (0, "账号“小李”已删除。\n")
    assert run("", "remove", "小李") == (0, "账号“小李”本来就没有。\n")


async def in_as(service: Service, who: tuple[str, str], address: str) -> AtDesk:
    """Somebody who has logged in."""
    browser = AtDesk(create_app(service, [desk(service)]), address)
    await browser.log_in(*who)
    return browser


async def test_the_office_manages_accounts(service: Service, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    office = await in_as(service, OFFICE, "10.0.0.1")
    helpdesk = await in_as(service, HELPDESK, "10.0.0.2")
    page = (await office.get("/desk/accounts")).text
    assert all(name in page for name, _ in (OFFICE, HELPDESK))
    with caplog.at_level(logging.INFO):
        page = (await office.post("/desk/accounts/add", name="小王", role="helpdesk", password="a new secret")).text
    assert "账号“小王”开好了" in page
    assert any(f"by {OFFICE[0]}" in line and "小王" in line for line in caplog.messages)
    assert "a new secret" not in caplog.text
    assert (
        "已经有账号"
        in (await office.post("/desk/accounts/add", name="小王", role="office", password="other secret")).text
    )
    assert (
        "至少 8 个字符" in (await office.post("/desk/accounts/add", name="小张", role="office", password="short")).text
    )
    assert (
        await office.post("/desk/accounts/add", name="小张", role="boss", password="long enough")
    ).status_code == 400

    assert "总览" in (await helpdesk.get("/desk/")).text
    await office.post("/desk/accounts/reset", name=HELPDESK[0], password="reset-secret")
    assert (await helpdesk.get("/desk/")).url.path == "/desk/login", "logged out"
    assert (await helpdesk.log_in(*HELPDESK)).url.path == "/desk/login"
    assert (await helpdesk.log_in(HELPDESK[0], "reset-secret")).url.path == "/desk/"

    await office.post("/desk/accounts/role", name=HELPDESK[0], role="office")
    assert (await helpdesk.get("/desk/")).url.path == "/desk/login"
    await helpdesk.log_in(HELPDESK[0], "reset-secret")
    assert (await helpdesk.get("/desk/accounts")).status_code == 200

    assert "停用了" in (await helpdesk.post("/desk/accounts/disable", name=OFFICE[0], on="no")).text
    assert (await office.get("/desk/")).url.path == "/desk/login"
    assert (await office.log_in(*OFFICE)).url.path == "/desk/login"
    assert "可以登录了" in (await helpdesk.post("/desk/accounts/disable", name=OFFICE[0], on="yes")).text
    assert (await office.log_in(*OFFICE)).url.path == "/desk/"
    assert "没有账号" in (await helpdesk.post("/desk/accounts/reset", name="nobody", password="long enough")).text


async def test_the_last_office_account_stays(service: Service, store: Store) -> None:
    office = await in_as(service, OFFICE, "10.0.0.1")
    for path, fields in (("disable", {"on": "no"}), ("role", {"role": "helpdesk"})):
        page = (await office.post(f"/desk/accounts/{path}", name=OFFICE[0], **fields)).text
        assert "最后一个办公室账号" in page, path
    await office.post("/desk/accounts/add", name="second", role="office", password="second-secret")
    await office.post("/desk/accounts/disable", name="second", on="no")
    assert "最后一个办公室账号" in (await office.post("/desk/accounts/role", name=OFFICE[0], role="helpdesk")).text


@pytest.mark.parametrize("path", ["add", "role", "reset", "disable"])
async def test_the_helpdesk_manages_no_accounts(service: Service, store: Store, path: str) -> None:
    helpdesk = await in_as(service, HELPDESK, "10.0.0.2")
    assert (await helpdesk.get("/desk/accounts")).status_code == 403
    assert "/desk/accounts" not in (await helpdesk.get("/desk/")).text
    fields = {"name": HELPDESK[0], "role": "office", "password": "long enough", "on": "no"}
    assert (await helpdesk.post(f"/desk/accounts/{path}", **fields)).status_code == 403
    async with store.reading() as connection:
        assert [(each[0], each[1], each[3]) for each in await accounts.every(connection)] == [
            (OFFICE[0], "office", None),
            (HELPDESK[0], "helpdesk", None),
        ]


async def test_everybody_has_a_password_of_their_own(service: Service, store: Store) -> None:
    here, there = [await in_as(service, HELPDESK, f"10.0.0.{n}") for n in (2, 3)]
    new = "another-secret"
    for fields, words in (
        ({"old": "wrong", "password": new, "again": new}, "现在的密码不对"),
        ({"old": HELPDESK[1], "password": new, "again": "something"}, "不一样"),
        ({"old": HELPDESK[1], "password": "short", "again": "short"}, "至少 8 个字符"),
    ):
        answer = await here.post("/desk/password/change", **fields)
        assert answer.status_code == 422
        assert words in answer.text
    answer = await here.post("/desk/password/change", old=HELPDESK[1], password=new, again=new)
    assert answer.url.path == "/desk/login"
    assert (await there.get("/desk/")).url.path == "/desk/login", "and so are the others"
    assert (await here.log_in(*HELPDESK)).url.path == "/desk/login"
    assert (await here.log_in(HELPDESK[0], new)).url.path == "/desk/"


async def test_guesses_at_ones_own_password_are_slowed(service: Service, store: Store) -> None:
    helpdesk = await in_as(service, HELPDESK, "10.0.0.2")
    guess = {"old": "wrong", "password": "another-secret", "again": "another-secret"}
    pages = [(await helpdesk.post("/desk/password/change", **guess)).text for _ in range(accounts.ATTEMPTS + 1)]
    assert "分钟后再试" in pages[-1]
