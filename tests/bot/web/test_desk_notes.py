"""The desk's page of what the office says: who may write what, that it is in force at once, and that it is told on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.web.app import create_app
from bot.web.desk.app import desk
from conversations.answering.questions import Answering
from conversations.office import office_notes
from conversations.service import Service
from conversations.state.shelf import Shelf
from tests.bot.web.desk_site import CUSTOMER, HELPDESK, OFFICE, AtDesk, add_accounts, open_service
from tests.office_notes import PHONE, POLICY

pytestmark = pytest.mark.slow


@pytest.fixture
async def service(engine: Shelf, tmp_path: Path) -> AsyncIterator[Service]:
    service = await open_service(Shelf(engine.policy), tmp_path)
    await add_accounts(service.store)
    yield service
    await service.idle()
    await service.store.close()


async def at_desk(service: Service, account: tuple[str, str]) -> AtDesk:
    browser = AtDesk(create_app(service, [desk(service)]))
    await browser.log_in(*account)
    return browser


async def test_the_office_writes_a_note_and_it_is_told_at_once(service: Service) -> None:
    office = await at_desk(service, OFFICE)
    assert "还没有写过" in (await office.get("/desk/notes")).text
    form = (await office.get("/desk/notes/new", kind="phone")).text
    assert "代运营企业支持" in form
    listed = await office.post("/desk/notes/save", kind="phone", text=f"{PHONE}<b>", about=f"{POLICY}/3.6")
    assert "已保存" in listed.text
    assert f"{PHONE}&lt;b&gt;" in listed.text
    assert "陈主任" in listed.text
    assert PHONE in Answering(service.shelf).answer("代运营的补贴电话是多少").reply
    assert PHONE not in Answering(service.shelf).answer("培训的补贴电话是多少").reply
    changed = await office.post("/desk/notes/save", kind="phone", id="1", text="0371-1")
    assert PHONE not in changed.text
    assert "0371-1" in Answering(service.shelf).answer("培训的补贴电话是多少").reply
    assert "已删除" in (await office.post("/desk/notes/1/delete")).text
    assert service.shelf.notes == ()
    assert (await office.get("/desk/notes/1")).status_code == 404


async def test_what_is_wrong_with_a_note_is_said_and_nothing_is_lost(service: Service) -> None:
    office = await at_desk(service, OFFICE)
    wrong = await office.post(
        "/desk/notes/save", kind="window", text="三月", since="2026-05-01", until="2026-04-01", about="other/1"
    )
    assert wrong.status_code == 422
    assert "生效日期在失效日期后面" in wrong.text
    assert "三月</textarea>" in wrong.text
    assert (await office.post("/desk/notes/save", kind="phone", text=" ")).status_code == 422
    assert (await office.post("/desk/notes/save", kind="phone", text="1", since="x")).status_code == 400
    assert (await office.post("/desk/notes/save", kind="nothing", text="1")).status_code == 404
    later = await office.post("/desk/notes/save", kind="window", text="明年三月", since="2999-01-01")
    assert "今天不生效" in later.text
    assert service.shelf.notes == ()


async def test_the_helpdesk_writes_texts_for_letters_and_no_word_of_the_office(service: Service) -> None:
    office, helpdesk = await at_desk(service, OFFICE), await at_desk(service, HELPDESK)
    await office.post("/desk/notes/save", kind="phone", text=PHONE)
    assert (await helpdesk.post("/desk/notes/save", kind="phone", text="1")).status_code == 403
    assert (await helpdesk.post("/desk/notes/save", kind="reply", id="1", text="1")).status_code == 403
    assert (await helpdesk.post("/desk/notes/1/delete")).status_code == 403
    assert "/desk/notes/1/delete" not in (await helpdesk.get("/desk/notes")).text
    text = "{称呼}，牌照的事请打 {电话}。"
    assert "已保存" in (await helpdesk.post("/desk/notes/save", kind="reply", text=text, about=f"{POLICY}/3.5")).text
    drafted = (await helpdesk.post("/desk/draft/write", text=CUSTOMER)).text
    assert f"王总，牌照的事请打 {PHONE}。" in drafted
    assert "牌照的事" not in (await helpdesk.post("/desk/draft/write", text="培训费能报多少")).text
    async with service.store.reading() as connection:
        assert [each.text for each in await office_notes.every(connection)] == [PHONE, text]
