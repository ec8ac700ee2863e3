"""How the interface is called: one token for all processes, renewed before its end, and shown to nobody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.wechat import api as wechat_api
from bot.wechat.api import UnreachableError, WeChatApi, WeChatError
from conversations.storage import channel_notes
from conversations.storage.store import Store
from tests import databases
from tests.wechatapi import FakeWeChat
from tests.wechatapi.server import CORP, SECRET

pytestmark = pytest.mark.slow


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(databases.sqlite(tmp_path))
    yield store
    await store.close()


async def ask(api: WeChatApi) -> None:
    await api.call("kf/account/list", {})


async def test_processes_share_a_token(store: Store) -> None:
    async with FakeWeChat() as wechat:
        for _ in range(3):
            async with WeChatApi(wechat.base_url, CORP, SECRET, store) as api:
                await ask(api)
        assert wechat.count("gettoken") == 1
        async with store.reading() as connection:
            kept = [row[0] for row in await connection.exec_driver_sql("SELECT value FROM channel_notes")]
        assert kept
        assert not [value for value in kept for token in filter(None, wechat.access) if token in value]


async def test_a_token_that_lies_unreadable_is_fetched_anew(store: Store) -> None:
    async with FakeWeChat() as wechat:
        async with store.transaction() as work:
            await channel_notes.write(work, "wechat", "access_token", "in another key")
        async with WeChatApi(wechat.base_url, CORP, SECRET, store) as api:
            await ask(api)
        assert wechat.count("gettoken") == 1


async def test_a_token_is_renewed_before_its_end_and_holds_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for too early WeChat gives the same again: that is no reason to ask at every call."""
    async with FakeWeChat() as wechat, WeChatApi(wechat.base_url, CORP, SECRET, store) as api:
        await ask(api)
        monkeypatch.setattr(wechat_api, "EARLY", 8000.0)
        await ask(api)
        await ask(api)
        assert wechat.count("gettoken") == 1
        monkeypatch.setattr(wechat_api, "AGAIN", 0.0)
        await ask(api)
        assert wechat.count("gettoken") == 2
        assert [call.errcode for call in wechat.called("kf/account/list")] == [0] * 4


async def test_a_token_that_has_ended_is_renewed(store: Store) -> None:
    async with FakeWeChat() as wechat, WeChatApi(wechat.base_url, CORP, SECRET, store) as api:
        await ask(api)
        wechat.access = dict.fromkeys(wechat.access, 1.0)
        await ask(api)
        assert [call.errcode for call in wechat.called("kf/account/list")] == [0, 42001, 0]


async def test_no_error_shows_a_secret(store: Store) -> None:
    async with FakeWeChat() as wechat, WeChatApi(wechat.base_url, CORP, SECRET, store) as api:
        await ask(api)
        told: list[str] = []
        for fault in ({"errcode": 45009}, {"status": 502}, {"reset": True}):
            wechat.fail("kf/account/list", **fault)
            with pytest.raises((WeChatError, UnreachableError)) as failed:
                await ask(api)
            told += [str(failed.value), repr(failed.value.__cause__)]
        hidden = (SECRET, *filter(None, wechat.access))
        assert not [text for text in told if any(each in text for each in hidden)]


@pytest.mark.parametrize(
    ("code", "passing", "standing"),
    [(-1, True, False), (45009, True, False), (60020, False, True), (40001, False, True), (40058, False, False)],
)
def test_what_a_refusal_is(code: int, passing: bool, standing: bool) -> None:
    error = WeChatError("kf/send_msg", code, "")
    assert (error.passing, error.standing) == (passing, standing)


async def test_a_database_that_fails_while_the_token_is_renewed_holds_no_call_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who calls in the middle of a delivery is told of WeChat's failures, and of no others."""

    def fails(*_: object) -> object:
        raise OperationalError("SELECT", {}, OSError("disk full"))

    async with FakeWeChat() as wechat, WeChatApi(wechat.base_url, CORP, SECRET, store) as api:
        await ask(api)
        for broken in ("glance", "transaction"):
            with monkeypatch.context() as patched:
                patched.setattr(store, broken, fails)
                wechat.revoke()
                await ask(api)
        assert [call.errcode for call in wechat.called("kf/account/list")] == [0, 40014, 0, 40014, 0]


async def test_an_answer_that_lacks_what_was_asked_for_is_none() -> None:
    async with FakeWeChat() as wechat, WeChatApi(wechat.base_url, CORP, SECRET) as api:
        for method in ("media/upload", "gettoken"):
            wechat.revoke()
            await ask(api)
            wechat.fail(method, empty=True)
            if method == "gettoken":
                wechat.revoke()
            with pytest.raises(UnreachableError, match=method):
                await api.upload("file", "表.docx", b"content")
