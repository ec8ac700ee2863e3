"""Consultations over WeChat with real processes, which are killed meanwhile: nothing is lost, nothing is shown twice."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import cast

import httpx
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from conversations.storage.store import Store
from conversations.storage.tables import Outbox
from knowledge.policy import Policy
from tests import databases
from tests.e2e.applicant import Applicant, asks
from tests.e2e.cases import MANY, NAMED
from tests.e2e.together import consult_together, times_heard
from tests.e2e.wechat_house import LISTENS, Office, applicant, until
from tests.wechatapi import FakeWeChat, Visitor
from tests.wechatapi.world import WAITING

pytestmark = pytest.mark.asyncio(loop_scope="session")
PUBLIC = "https://wence.example.cn"


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """One process with a SQLite file."""
    async with FakeWeChat() as wechat:
        office = Office(wechat, tmp_path, {"WENCE_PUBLIC_URL": PUBLIC})
        wechat.hook = office.hook
        await office.start()
        yield office
        assert await office.stop() == 0
        assert office.mistakes() == []


async def settled(url: str, applicants: Sequence[Applicant], key: str = "") -> None:
    """Everything that was said counts once, and nothing waits to be sent."""
    store = await Store.open(url, "looking on", key)
    try:
        async with asyncio.timeout(30):
            while True:
                async with store.reading() as connection:
                    left = await connection.scalar(select(func.count()).where(Outbox.done_at.is_(None)))
                if not left:
                    break
                await asyncio.sleep(0.1)
        times = await times_heard(store)
    finally:
        await store.close()
    assert times == {f"wechat:{cast('Visitor', each.person).who}": each.acts for each in applicants}


def shown_once(applicants: Sequence[Applicant]) -> None:
    """No question was put twice but by what the person did."""
    for each in applicants:
        visitor = cast("Visitor", each.person)
        for screen in visitor.screens:
            bodies = [(shown.text, tuple(shown.items)) for shown in screen.shown]
            assert len(set(bodies)) == len(bodies), visitor.transcript()


async def test_whole_consultations_are_killed_again_and_again(office: Office, policy: Policy, tmp_path: Path) -> None:
    rng = random.Random(11)

    async def kill() -> None:
        for _ in range(5):
            await asyncio.sleep(rng.uniform(0.02, 0.4))
            await office.restart()

    facts = [*NAMED.values()]
    applicants = [applicant(office.wechat, policy, each, words=words) for words in (False, True) for each in facts]
    killer = asyncio.create_task(kill())
    await consult_together(applicants, tmp_path)
    await killer
    shown_once(applicants)
    assert await office.stop() == 0
    await settled(databases.sqlite(tmp_path), applicants)
    await office.start()


async def test_killed_while_a_message_is_on_its_way(office: Office, policy: Policy, tmp_path: Path) -> None:
    """WeChat has it and the process never hears so: the next one sends it again under the same id."""
    each = applicant(office.wechat, policy, MANY, words=True)
    visitor = cast("Visitor", each.person)
    for after in (True, False):
        office.wechat.fail("kf/send_msg", delay=2 if not after else 0, reset=after, after=after)
        await visitor.send("/start")
        count = office.wechat.count("kf/send_msg")
        await until(lambda count=count: office.wechat.count("kf/send_msg") > count)
        await office.restart()
        await visitor.wait_for(check=asks)
    shown_once([each])


async def test_handed_over_while_it_is_killed(office: Office, policy: Policy) -> None:
    visitor = office.wechat.visitor()
    office.wechat.fail("kf/service_state/trans", delay=2)
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await visitor.send("转人工")
    await until(lambda: office.wechat.count("kf/service_state/trans") > 0)
    await office.restart()
    await until(lambda: visitor.chat.state == WAITING)
    assert sum("转给工作人员" in shown.text for shown in visitor.chat.shown) == 1
    await visitor.staff_takes()
    await visitor.staff_ends()
    await until(lambda: visitor.chat.shown[-1].on_event)
    await visitor.send("1")
    await visitor.wait_for(check=asks)


async def test_a_lead_with_consent_and_its_word_file(office: Office, policy: Policy) -> None:
    each = applicant(office.wechat, policy, NAMED["agency"], words=False)
    await each.consult()
    visitor = cast("Visitor", each.person)
    await visitor.send("登记")
    consent = await visitor.wait_for("您同意这样处理")
    assert "微信（腾讯公司的服务），消息由它的服务器转到" in consent.text
    assert "出境" not in consent.text
    await visitor.press("同意")
    for said in ("河南甲电商有限公司", "91110000600037341L", "王芳", "13838012345", "跳过", "跳过"):
        await visitor.wait_for("/6〕")
        await visitor.send(said)
    await visitor.wait_for("请核对")
    await visitor.press("确认登记")
    await visitor.wait_until(lambda: any(shown.url for shown in visitor.chat.shown))
    name, content = next(shown.file for shown in visitor.chat.shown if shown.file)
    assert name.endswith(".docx")
    assert content[:2] == b"PK"
    page = next(shown.url for shown in visitor.chat.shown if shown.url).removeprefix(PUBLIC)
    async with httpx.AsyncClient() as client:
        assert policy.title in (await client.get(f"http://127.0.0.1:{office.port}{page}")).text


async def test_two_processes_on_postgresql(policy: Policy, postgres: Path, tmp_path: Path) -> None:
    """Callbacks go to either by turns, one is killed again and again, the other goes on."""
    url, key = databases.postgresql(postgres), Fernet.generate_key().decode()
    async with FakeWeChat() as wechat:
        offices: list[Office] = []
        for name in "ab":
            folder = tmp_path / name
            folder.mkdir()
            offices.append(Office(wechat, folder, {"WENCE_DATABASE_URL": url, "WENCE_DATA_KEY": key}))
        first, second = offices
        wechat.hook, wechat.others = first.hook, (second.hook,)
        await first.start()
        await second.start(LISTENS)
        applicants = [applicant(wechat, policy, facts, words=w) for w in (False, True) for facts in NAMED.values()]

        async def kill() -> None:
            for office in (first, second, first):
                await asyncio.sleep(0.3)
                await office.kill()
                await office.start(LISTENS)

        killer = asyncio.create_task(kill())
        await consult_together(applicants, first.folder)
        await killer
        shown_once(applicants)
        await settled(url, applicants, key)
        assert wechat.most_at_once <= 5
        assert wechat.count("gettoken") <= 3
        for office in offices:
            assert await office.stop() == 0
            assert office.mistakes() == []
