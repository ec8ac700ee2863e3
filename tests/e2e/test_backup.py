"""Everything is lost between a backup and its restore: whoever was in the middle of something goes on with it."""

import asyncio
import re
from pathlib import Path

import pytest

from knowledge.policy import Policy
from tests.botapi import FakeTelegram
from tests.e2e.applicant import Applicant, asks, is_result
from tests.e2e.cases import AGENCY, MANY, total
from tests.e2e.process import Serve, assess, wence

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEAD = ("失而复得科技有限公司", "跳过", "张三丰", "13800138000", "工作日上午", "先问受理时间")


async def register(applicant: Applicant) -> str:
    """Somebody's lead after a result; returns its number."""
    person = applicant.person
    await person.send("/lead")
    await person.wait_for(button="同意")
    await person.press("同意")
    await person.wait_for("境外服务器传输")
    await person.press("同意")
    await person.wait_for("企业名称")
    for text in LEAD:
        await person.send(text)
        await person.wait_for("请核对一下" if text is LEAD[-1] else "〔")
    await person.press("确认登记")
    found = re.search(r"WC-\d{8}-\d{4}", (await person.wait_for("WC-")).text)
    assert found
    return found[0]


async def forget(applicant: Applicant) -> None:
    await applicant.person.send("/forget")
    await applicant.person.wait_for("确定要删除吗")
    await applicant.person.press("是，全部删除")
    await applicant.person.wait_for("已经全部删除")


def lose(folder: Path) -> list[str]:
    """The database is gone, its key is not; returns what was there of both."""
    files = list(folder.glob("wence.db*"))
    for file in files:
        if file.suffix != ".key":
            file.unlink()
    return [file.name for file in files]


async def test_all_is_lost_and_goes_on(policy: Policy, tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        serve = Serve(telegram, tmp_path, webhook=True)
        await serve.start()
        middle, registered, leaving, busy = [
            Applicant(await telegram.user(7_100_000_000 + number, f"甲{number}"), policy, facts)
            for number, facts in enumerate((MANY, AGENCY, AGENCY, MANY))
        ]
        await middle.person.send("/start")
        question = await middle.answer(await middle.next())
        for _ in range(3):
            question = await middle.answer(question)
        assert is_result(await registered.consult())
        number = await register(registered)
        assert is_result(await leaving.consult())
        lost = await register(leaving)

        talking = asyncio.create_task(busy.consult())  # messages come in meanwhile
        await busy.person.wait_for(check=asks)
        status, out, err = await wence("backup", "of-today.backup", folder=tmp_path, **serve.settings)
        assert status == 0, err
        assert "密钥不在里面" in out
        assert is_result(await talking)
        await forget(leaving)
        assert await serve.stop() == 0

        assert "wence.db" in lose(tmp_path)
        log = ("--forgotten", "serve.log")
        status, out, err = await wence("restore", "of-today.backup", *log, folder=tmp_path, **serve.settings)
        assert status == 0, err
        assert "恢复好了：4 位咨询者" in out
        assert "又删除了 1 位" in out

        await serve.start()
        assert is_result(await middle.go_on(question))
        await middle.person.wait_for(total((await assess([MANY], tmp_path))[0]), since=0)
        await registered.person.send("我的登记")
        assert LEAD[0] in (await registered.person.wait_for(number)).text
        await leaving.person.send("我的登记")
        assert lost not in (await leaving.person.wait_for("没有找到您的登记")).text
        # the server is at it now, and is not disturbed
        status, _, err = await wence("restore", "of-today.backup", "--replace", folder=tmp_path, **serve.settings)
        assert status == 2
        assert "正在用" in err
        await registered.person.send("/result")
        await registered.person.wait_for("结果：")
        assert await serve.stop() == 0
        assert re.findall(r"^.*(?:ERROR|CRITICAL) (?:bot|conversations).*$", serve.log, re.MULTILINE) == []


async def test_the_commands_say_what_they_did_not_do(tmp_path: Path) -> None:
    status, _, err = await wence("backup", "x", folder=tmp_path)
    assert status == 2
    assert "没有什么可备份" in err
    status, _, err = await wence("restore", "x", folder=tmp_path)
    assert (status, "读不了" in err) == (2, True)
    status, _, err = await wence("restore", "x", "--forgotten", "no.log", folder=tmp_path)
    assert (status, "no.log 读不了" in err) == (2, True)
    assert lose(tmp_path) == []
