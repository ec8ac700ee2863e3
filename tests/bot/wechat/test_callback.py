"""Callbacks: what is not from 企业微信 is turned away, what is brings what it tells of, and comes again where that failed."""

import asyncio

import httpx
import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from bot.channel import ChannelError
from bot.wechat import channel
from conversations.state.messages import Inbound
from conversations.storage.tables_channels import ChannelNote
from tests.bot.wechat.conftest import Site
from tests.e2e.applicant import asks
from tests.wechatapi.sealing import document, encrypt, signed
from tests.wechatapi.server import AES_KEY, CORP, TOKEN

pytestmark = pytest.mark.slow


async def test_the_address_proves_itself(site: Site) -> None:
    sealed = encrypt("3141592653", AES_KEY, CORP)
    async with httpx.AsyncClient() as client:
        told = await client.get(site.wechat.hook, params={**signed(TOKEN, sealed), "echostr": sealed})
        assert (told.status_code, told.text) == (200, "3141592653")
        forged = await client.get(site.wechat.hook, params={**signed("another", sealed), "echostr": sealed})
        assert forged.status_code == 403
        assert (await client.get(site.wechat.hook)).status_code == 403


async def test_what_is_no_callback_of_ours_fetches_nothing(site: Site) -> None:
    visitor = site.wechat.visitor()
    site.wechat.silent = True
    await visitor.send("/start")
    before = site.wechat.count("kf/sync_msg")
    other = encrypt(document(Event="kf_msg_or_event", Token="t", OpenKfId="wkAnother"), AES_KEY, CORP)
    strange = encrypt(document(Event="change_contact"), AES_KEY, CORP)
    async with httpx.AsyncClient() as client:
        for token, sealed, status in ((TOKEN, other, 200), (TOKEN, strange, 200), ("another", other, 403)):
            body = document(Encrypt=sealed)
            answer = await client.post(site.wechat.hook, params=signed(token, sealed), content=body)
            assert answer.status_code == status
        assert (await client.post(site.wechat.hook, content=b"x" * 200_000)).status_code == 413
        assert (await client.post(site.wechat.hook, content=b"<xml/>")).status_code == 403
    assert site.wechat.count("kf/sync_msg") == before


async def test_what_could_not_be_kept_comes_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    handle, failures = site.service.handle, 3

    async def fails(inbound: Inbound) -> object:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise OperationalError("INSERT", {}, OSError("disk full"))
        return await handle(inbound)

    monkeypatch.setattr(site.service, "handle", fails)
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    assert [text for incoming, text in await site.log(visitor.who) if incoming] == ["/start"]


async def test_the_cursor_moves_after_the_commit(site: Site) -> None:
    """Between them the office ends: what it had taken comes again, and counts once."""
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    site.wechat.silent = True
    async with site.store.transaction() as work:
        await work.connection.execute(delete(ChannelNote).where(ChannelNote.key.startswith("cursor:")))
    await site.close()
    before = len(visitor.chat.shown)
    await site.open()
    await visitor.wait_until(lambda: len(site.wechat.called("kf/sync_msg")) >= 3)
    await site.service.idle()
    site.wechat.silent = False
    await visitor.send("1")
    await visitor.wait_for(check=asks)
    assert [text for incoming, text in await site.log(visitor.who) if incoming] == ["/start", "1"]
    assert len(visitor.chat.shown) == before + 1


async def test_a_cursor_that_is_not_known_any_more(site: Site) -> None:
    """A backup is older than what WeChat keeps: we read from the beginning, and what comes again counts once."""
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    async with site.store.transaction() as work:
        await work.connection.execute(
            update(ChannelNote).where(ChannelNote.key.startswith("cursor:")).values(value="of long ago")
        )
    await visitor.send("1")
    await visitor.wait_for(check=asks)
    assert [text for incoming, text in await site.log(visitor.who) if incoming] == ["/start", "1"]


async def test_many_callbacks_share_their_calls(site: Site) -> None:
    visitors = [site.wechat.visitor() for _ in range(40)]
    site.wechat.fail("kf/sync_msg", delay=0.2)
    for each in visitors:
        await each.send("/start")
    await asyncio.gather(*(each.wait_for(check=asks) for each in visitors))
    assert site.wechat.most_at_once == 1
    assert site.wechat.count("kf/sync_msg") < 20


@pytest.mark.parametrize("code", [45033, 95007, -1], ids=["too many at once", "token over", "busy"])
async def test_a_refusal_that_passes(site: Site, code: int) -> None:
    site.wechat.fail("kf/sync_msg", times=2 if code == 45033 else 1, errcode=code)
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)


@pytest.mark.parametrize("code", [40001, 40013], ids=["secret", "corp id"])
async def test_settings_that_wechat_does_not_accept_end_the_start(site: Site, code: int) -> None:
    await site.close()
    site.wechat.revoke()
    site.wechat.fail("gettoken", times=2, errcode=code)
    await site.open()
    with pytest.raises(ChannelError, match=str(code)):
        await site.channel.run()


@pytest.mark.parametrize("code", [48002, 60020, 60030, 95004])
async def test_what_is_not_set_up_yet_does_not_end_the_start(site: Site, code: int) -> None:
    """企业微信 lets an office do that only once the address has answered: the one must not wait for the other."""
    await site.close()
    site.wechat.fail("kf/sync_msg", errcode=code)
    await site.open()
    sealed = encrypt("3141592653", AES_KEY, CORP)
    async with httpx.AsyncClient() as client:
        proved = await client.get(site.wechat.hook, params={**signed(TOKEN, sealed), "echostr": sealed})
    assert proved.text == "3141592653"
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)


async def test_looking_without_a_callback_is_refused_too_often_and_goes_on(site: Site) -> None:
    site.wechat.seldom = 0
    await site.close()
    await site.open()
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)


async def test_what_fails_after_the_patience_of_a_callback_comes_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A callback is not answered as kept before it is: else nobody would look before two minutes are over."""
    monkeypatch.setattr(channel, "PATIENCE", 0.05)
    site.wechat.fail("kf/sync_msg", delay=0.3, status=502)
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
