"""Leads are found by what staff know of them, also where it lies sealed, as long as it is kept and no longer."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from conversations.office import leads
from conversations.office.lead_search import matching
from conversations.state.leads import Contact
from conversations.state.shelf import Shelf
from conversations.state.traces import sought, traces
from conversations.storage.store import Store
from conversations.storage.tables_leads import LeadTrace
from tests.conversations.leading import FORM, Clock, Talker, consult, lead, service

OLD, NEW = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "MTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
CODE = "91410100MA44B0017R"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, "test", OLD)
    yield store
    await store.close()


@pytest.fixture
async def person(engine: Shelf, store: Store) -> Talker:
    """Somebody who has left a lead."""
    talker = Talker(service(engine, store, Clock()))
    await consult(talker)
    await lead(talker, FORM[0], CODE, *FORM[2:])
    return talker


async def found(store: Store, words: str) -> int:
    async with store.reading() as connection:
        return await leads.count(connection, matching(store.vault, words))


async def kept(store: Store) -> int:
    async with store.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(LeadTrace))).scalar_one()


async def test_by_all_that_staff_may_know(person: Talker, store: Store) -> None:
    for words in (
        *("13800138000", "138 0013 8000", "+86 138-0013-8000", " 8000 "),
        *("张三丰", "张三", "三丰", "云帆", "郑州云帆电子商务有限公司"),
        *(CODE, CODE.lower(), CODE[:8], CODE[-6:], "WC-20261124-0001", "wc-2026", "0001", "1"),
    ):
        assert await found(store, words) == 1, words
    for words in ("13800138001", "1380013", "0013", "8001", "李四", "张", "%", "_", "", CODE[:5], "1124", "0002"):
        assert await found(store, words) == (words == ""), words


async def test_a_changed_contact_is_found_by_the_new_one_alone(person: Talker, store: Store) -> None:
    await person.say("我的登记")
    await person.press("修改登记")
    await person.say("改联系人", "李四光", "确认修改")
    assert await found(store, "李四光") == 1
    assert await found(store, "张三丰") == 0


async def test_what_lies_there_tells_nothing(person: Talker, store: Store) -> None:
    async with store.reading() as connection:
        lying = (await connection.execute(select(LeadTrace.digest))).scalars().all()
    assert len(lying) == 4
    assert all(len(digest) == 64 and digest != "8000" for digest in lying)
    assert store.vault.digest("tail 8000") in lying


@pytest.mark.parametrize("how", ["withdraw", "forget"])
async def test_it_goes_with_the_contact(person: Talker, store: Store, how: str) -> None:
    assert await kept(store)
    if how == "withdraw":
        await person.say("我的登记")
        await person.press("撤回登记")
        await person.press("是，撤回")
    else:
        await person.say("/forget")
        await person.press(next(c.label for o in person.heard for row in o.reply.choices for c in row))
    assert await kept(store) == 0
    assert await found(store, "8000") == 0


async def test_what_was_kept_under_an_earlier_key_is_found(person: Talker, store: Store, url: str) -> None:
    again = await Store.open(url, "other", f"{NEW},{OLD}")
    assert await found(again, "张三丰") == 1
    await again.close()


def test_traces_of_any_contact() -> None:
    assert traces(Contact()) == []
    assert traces(Contact(phone="+8637165281234;ext=802"))[0] == "tail 1234"
    for name in ("李", "欧阳先生", "Smith-Jones 先生", "长" * 400):
        words = traces(Contact(contact=name))
        assert len(words) < 120
        for part in (name, name[:2], name[:4]):
            assert not sought(part) or set(sought(part)) <= set(words), part
