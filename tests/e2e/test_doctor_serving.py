"""``wence doctor`` beside a server that people use: all is in order, and it disturbs nobody."""

from pathlib import Path

import pytest

from tests.botapi import FakeTelegram
from tests.e2e.applicant import asks
from tests.e2e.process import Serve, wence

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_all_is_well_while_it_serves(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        clerk = await telegram.user(801, "小李")
        rights = ("can_manage_topics", "can_delete_messages")
        await telegram.group(-100800, "工作群", [clerk], forum=True, bot="administrator", rights=rights)
        serve = Serve(telegram, tmp_path, webhook=True, WENCE_STAFF_CHAT_ID="-100800")
        await serve.start()
        person = await telegram.user(802, "甲")
        await person.send("/start")
        await person.wait_for(check=asks)
        status, out, err = await wence("doctor", folder=tmp_path, **serve.settings)
        assert (status, err) == (0, ""), out
        assert all(line.startswith("✓") for line in out.splitlines())
        for words in ("正在", "@wence_test_bot", "webhook 已经登记", "权限够", "打得开"):
            assert words in out
        await person.send("/status")
        await person.wait_for()
        assert await serve.stop() == 0
        status, out, _ = await wence("doctor", folder=tmp_path, **serve.settings)
        assert status == 1  # nobody answers at the address of the webhook
        assert "空着" in out
