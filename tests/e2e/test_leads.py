"""Leads over Telegram: consent, every field wrong once, the same enterprise twice, the office's chat, forgetting."""

import asyncio
import csv
import io
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
import pytest
import pytest_asyncio

from knowledge.policy import Policy
from tests.botapi import FakeTelegram, Message, Person
from tests.botapi.people import Group
from tests.e2e.applicant import Applicant
from tests.e2e.cases import AGENCY
from tests.e2e.process import Serve, wence

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLERK, GROUP = 601, -100600
FORMULA = '=HYPERLINK("http://evil.example","云帆")'
PHONE = "13800138000"


@dataclass
class Office:
    """A bot with an office: one of staff, and the group of its staff."""

    telegram: FakeTelegram
    serve: Serve
    policy: Policy
    folder: Path
    clerk: Person
    group: Group
    people: int = 7_000_000_000  # long enough that no ciphertext holds somebody's number by chance

    async def applicant(self) -> Person:
        """Somebody new who has seen a result."""
        self.people += 1
        person = await self.telegram.user(self.people, f"甲{self.people}")
        await Applicant(person, self.policy, AGENCY).consult()
        return person

    async def forms(self, person: Person, *texts: str) -> Message:
        """Somebody's lead: consents, then one text after the other; returns the confirmation."""
        await person.send("/lead")
        await person.wait_for(button="同意")
        await person.press("同意")
        await person.wait_for("境外服务器传输")
        await person.press("同意")
        await person.wait_for("企业名称")
        for text in texts:
            await person.send(text)
            await person.wait_for("请核对一下" if text is texts[-1] else "〔")
        return person.last

    async def lead(self, person: Person, *texts: str) -> str:
        """Somebody's lead, confirmed; returns its number."""
        await self.forms(person, *texts)
        await person.press("确认登记")
        receipt = await person.wait_for("WC-")
        await person.wait_for(check=lambda message: message.file_name is not None)
        found = re.search(r"WC-\d{8}-\d{4}", receipt.text)
        assert found
        return found[0]

    def rows(self) -> str:
        """Everything in the database's tables, as it lies there."""
        with closing(sqlite3.connect(self.folder / "wence.db")) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = [(name, row) for name in tables for row in database.execute(f'SELECT * FROM "{name}"')]
        return "\n".join(map(repr, rows))


def form(name: str) -> tuple[str, ...]:
    """What is typed for an enterprise of this name."""
    return name, "跳过", "张三丰", PHONE, "工作日上午", "先问受理时间"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder = tmp_path_factory.mktemp("leads")
    async with FakeTelegram() as telegram:
        clerk = await telegram.user(CLERK, "小李")
        group = await telegram.group(GROUP, "工作群", [clerk], bot="administrator")
        settings = {"WENCE_STAFF_IDS": str(CLERK), "WENCE_STAFF_CHAT_ID": str(GROUP)}
        serve = Serve(telegram, folder, webhook=True, **settings)
        await serve.start()
        yield Office(telegram, serve, policy, folder, clerk, group)
        assert await serve.stop() == 0
        assert re.findall(r"^.*(?:ERROR|CRITICAL) (?:bot|conversations).*$", serve.log, re.MULTILINE) == []
        for secret in (telegram.token, PHONE, "138 0013 8000", "67181234", "张三丰", "云帆"):
            assert secret not in serve.log


async def test_before_a_result_there_is_no_form(office: Office) -> None:
    person = await office.telegram.user(6999, "甲")
    await person.send("/lead")
    await person.wait_for("出了结果再发“登记”")


async def test_refused_consent_keeps_nothing(office: Office) -> None:
    person = await office.applicant()
    assert any("登记" in label for message in person.messages for label in message.buttons)  # offered with the result
    await person.press("登记")
    await person.wait_for("登记前，请先看这几条")
    await person.press("不同意")
    await person.wait_for("一样也没有保存")
    await person.send("/lead")
    await person.wait_for("登记前，请先看这几条")
    await person.press("同意")
    await person.wait_for("境外服务器传输")
    await person.press("不同意")
    await person.wait_for("一样也没有保存")
    await person.send("我的登记")
    await person.wait_for("没有找到您的登记")
    await person.send("/result")
    await person.wait_for("结果：")


async def test_every_field_wrong_once_then_right_and_changed(office: Office) -> None:
    person = await office.applicant()
    await person.send("登记")
    await person.wait_for(button="同意")
    await person.press("同意")
    await person.wait_for("境外服务器传输")
    await person.press("同意")
    steps = [
        ("云", "太短", "郑州云帆电子商务有限公司"),
        ("9111000060003734", "您写的是 16 位", "统一社会信用代码：９１１１００００６０００３７３４１Ｌ"),
        (PHONE, "像是号码", "张三丰"),
        ("1380013800", "您写的是 10 位", "67181234"),
        ("？", "没有看到字", "周三下午"),
        ("话" * 501, "最多 500 个字", "先问受理时间"),
    ]
    for wrong, sentence, right in steps:
        await person.wait_for("〔")
        await person.send(wrong)
        await person.wait_for(sentence)
        await person.send(right)
    whole = await person.wait_for("请核对一下")
    for shown in ("91110000600037341L", "0371 6718 1234", "周三下午", "先问受理时间"):
        assert shown in whole.text
    await person.press("改电话")
    await person.wait_for("现在写的是：0371 6718 1234")
    shared = await person.press("发送我的手机号")
    assert isinstance(shared, Message)
    await person.wait_for("138 0000 0000")
    await person.press("确认登记")
    await person.wait_for("登记好了，编号 WC-")
    paper = await person.wait_for(check=lambda message: message.file_name is not None)
    document = docx.Document(io.BytesIO(paper.file or b""))
    assert any("☐" in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert any("260 万元" in cell.text for table in document.tables for row in table.rows for cell in row.cells)


async def test_the_same_enterprise_twice(office: Office) -> None:
    person = await office.applicant()
    number = await office.lead(person, *form("两次科技有限公司"))
    again = await office.lead(person, *form("两次科技有限公司"))
    assert again == number
    assert any("没有重复登记" in message.text for message in person.messages)


async def test_the_staff_chat_shows_masks_and_writes_down_who_looked(office: Office) -> None:
    staff = office.clerk.at(office.group)
    person = await office.applicant()
    number = await office.lead(person, *form("查看科技有限公司"))
    card = await staff.wait_for(number)
    assert "138****8000" in card.text
    assert PHONE not in card.text
    await staff.press("看联系方式", card)
    await office.clerk.wait_for("138 0013 8000", since=0)
    await staff.wait_for("小李 查看联系方式")
    assert not any("138 0013 8000" in message.text for message in staff.messages)
    await staff.press("已联系", card)
    await staff.wait_for("已联系")
    await office.clerk.send(f"/leads {number} 跟进 2030-01-01")
    await office.clerk.wait_for("跟进：2030-01-01")


async def test_strangers_get_ordinary_sentences(office: Office) -> None:
    victim = await office.applicant()
    number = await office.lead(victim, *form("别人科技有限公司"))
    stranger = await office.applicant()
    shown = stranger.last
    tries = [f"!mine:{verb}:{number}" for verb in ("file", "edit", "withdraw", "withdrawn")]
    tries += [f"!L:{verb}:{n}" for verb in ("card", "show", "file", "mine", "state") for n in range(1, 9)]
    for data in [*tries, "!L:list:0:"]:
        await stranger.press_data(shown, data)
        await stranger.wait_for()
    for text in ("/leads", f"/leads {number}", f"/leads {number} 已办结"):
        await stranger.send(text)
        await stranger.wait_for()
    said = "\n".join(message.text for message in stranger.messages)
    assert number not in said
    assert "别人科技" not in said
    assert not any(message.file_name for message in stranger.messages)
    await victim.send("我的登记")
    assert "新登记" in (await victim.wait_for(number)).text


async def test_forgetting_leaves_no_row_and_no_message(office: Office) -> None:
    staff = office.clerk.at(office.group)
    person = await office.applicant()
    number = await office.lead(person, *form("忘却科技有限公司"))
    card = await staff.wait_for(number)
    await staff.press("看联系方式", card)
    told = await office.clerk.wait_for("138 0013 8000", check=lambda m: number in m.text, since=0)
    await office.lead(person, *form("忘却科技有限公司"))
    old = await staff.wait_for(number, check=lambda m: "更新" in m.text, since=0)
    old.date -= 49 * 3600  # Telegram lets a bot delete its own messages for 48 hours
    await person.send("/mydata")
    data = await person.wait_for(check=lambda m: m.file_name == "我的资料.json")
    assert "忘却科技有限公司" in (data.file or b"").decode()
    await person.send("/forget")
    await person.wait_for("确定要删除吗")
    await person.press("是，全部删除")
    await person.wait_for("已经全部删除")
    await office.clerk.wait_until(lambda: told.deleted)
    await staff.wait_until(lambda: card.deleted and old.text == "（已应本人要求删除）")
    await _until(lambda: str(person.id) not in office.rows())
    left = office.rows()
    for trace in (number, "忘却科技", str(person.id)):
        assert trace not in left
    for name in ("wence.db", "wence.db-wal"):
        content = (office.folder / name).read_bytes()
        assert "忘却科技".encode() not in content
        assert f"telegram:{person.id}".encode() not in content
    await person.send("我的登记")
    await person.wait_for("没有找到您的登记")


async def test_the_export_opens_and_computes_nothing(office: Office) -> None:
    person = await office.applicant()
    number = await office.lead(person, *form(FORMULA))
    for name in ("leads.csv", "leads.xlsx"):
        status, _, err = await wence("leads", "export", name, "--state", "new", folder=office.folder)
        assert status == 0, err
    with (office.folder / "leads.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = {row["编号"]: row for row in csv.DictReader(opened)}
    assert rows[number]["企业名称"] == f"'{FORMULA}"
    assert rows[number]["电话"] == "138 0013 8000"
    sheet = openpyxl.load_workbook(office.folder / "leads.xlsx").active
    assert sheet is not None
    cells = {str(row[0].value): row for row in sheet.iter_rows(min_row=2)}
    assert cells[number][3].value == f"'{FORMULA}"
    assert cells[number][3].data_type == "s"
    status, out, _ = await wence(
        "leads", "export", "none.csv", "--until", "2001-01-01", "--programme", "training", folder=office.folder
    )
    assert status == 0
    assert "0 条" in out
    status, _, err = await wence("leads", "export", "leads.doc", folder=office.folder)
    assert (status, "leads.doc" in err) == (2, True)


async def test_purging_by_hand_keeps_what_is_alive(office: Office) -> None:
    person = await office.applicant()
    number = await office.lead(person, *form("留下科技有限公司"))
    status, out, err = await wence("purge", folder=office.folder)
    assert status == 0, err
    assert "0 条" in out
    await person.send("我的登记")
    await person.wait_for(number)


async def test_a_pipe_keeps_nothing_and_says_so(office: Office, tmp_path: Path) -> None:
    _, out, _ = await wence("chat", folder=tmp_path, stdin="1\n是\n260万\n没领过\n登记\n/mydata\n结果\n")
    assert out.count("这里的对话不保存") == 2
    assert "登记前" not in out
    assert not (tmp_path / "wence.db").exists()


async def _until(holds: Callable[[], bool]) -> None:
    """Waits until something holds that no chat shows; who asks sees for themselves whether it does."""
    for _ in range(100):
        if holds():
            return
        await asyncio.sleep(0.1)
