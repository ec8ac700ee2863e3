"""Files, and the card that leads to the documents: uploaded when they are sent, anew where WeChat does not have them."""

from typing import cast

import pytest

from bot.wechat.card import sources_card
from bot.wechat.traits import LONGEST_DESCRIPTION, LONGEST_TITLE
from conversations.state.shelf import Shelf
from tests import several
from tests.bot.wechat.conftest import Site
from tests.bot.wechat.test_conversation import applicant
from tests.e2e.applicant import asks
from tests.e2e.cases import AGENCY
from tests.wechatapi import Visitor

HERE = "https://wence.example.cn"


async def finished(site: Site) -> Visitor:
    """Somebody who has come to a result."""
    each = applicant(site, AGENCY, words=False)
    await each.consult()
    return cast("Visitor", each.person)


async def with_pages(site: Site) -> None:
    """Open the office again, as one whose pages have an address."""
    await site.close()
    site.public_url = HERE
    await site.open()


def kinds(visitor: Visitor) -> list[str]:
    """What a person has been shown since they did something."""
    return [each.kind for each in visitor.screens[-1].shown]


@pytest.mark.slow
async def test_with_the_word_file_comes_a_card_to_pass_on(site: Site) -> None:
    await with_pages(site)
    visitor = await finished(site)
    await visitor.press("预评估表")
    await visitor.wait_until(lambda: kinds(visitor) == ["text", "file", "link"])
    shown = visitor.chat.shown[-1]
    assert shown.url == f"{HERE}/policies/zhengzhou-2013-237"
    assert shown.text.startswith(site.shelf.policy.title[:20])


@pytest.mark.slow
async def test_where_pages_have_no_address_there_is_no_card(site: Site) -> None:
    visitor = await finished(site)
    await visitor.press("预评估表")
    await visitor.wait_until(lambda: kinds(visitor) == ["text", "file"])
    await visitor.send("/help")
    await visitor.wait_for()
    assert "link" not in {each.kind for each in visitor.chat.shown}


@pytest.mark.slow
async def test_the_picture_is_uploaded_once_and_anew_when_wechat_has_lost_it(site: Site) -> None:
    await with_pages(site)
    visitor = await finished(site)

    async def taken() -> int:
        before = site.wechat.count("media/upload")
        await visitor.send("预评估表")
        await visitor.wait_until(lambda: kinds(visitor) == ["text", "file", "link"])
        return site.wechat.count("media/upload") - before

    assert [await taken(), await taken()] == [2, 1]
    site.wechat.world.ahead = 3 * 24 * 3600 + 1
    assert await taken() == 2


@pytest.mark.slow
async def test_a_card_that_wechat_does_not_take_is_said(site: Site) -> None:
    await with_pages(site)
    visitor = await finished(site)
    site.wechat.fail("media/upload")
    site.wechat.fail("media/upload", errcode=40005)
    await visitor.press("预评估表")
    await visitor.wait_until(lambda: kinds(visitor) == ["text", "file", "text"])
    assert visitor.chat.shown[-1].text.endswith(f"\n{HERE}/policies/zhengzhou-2013-237")


@pytest.mark.slow
async def test_a_file_that_cannot_be_uploaded_and_is_not_taken_then_is_said(site: Site) -> None:
    """What was not even uploaded has not been shown before, whatever it is refused for."""
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    site.wechat.fail("media/upload", status=502)
    site.wechat.fail("media/upload", errcode=40006)
    await visitor.send("/mydata")
    await visitor.wait_for("没能做出来")


@pytest.mark.slow
async def test_what_was_uploaded_and_is_gone_when_it_is_sent_is_uploaded_anew(site: Site) -> None:
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    site.wechat.fail("kf/send_msg")
    site.wechat.fail("kf/send_msg", errcode=40007)
    await visitor.send("/mydata")
    await visitor.wait_until(lambda: any(each.file for each in visitor.chat.shown))
    assert "没能做出来" not in visitor.transcript()


def test_a_card_for_several_documents_leads_to_their_list() -> None:
    policy = several.shelf().policy
    told = sources_card(policy, HERE)
    assert told.url == f"{HERE}/policies"
    assert f"{len(several.IDS)} 份" in told.title
    assert all(each.name in told.description for each in policy.documents)


def test_what_stands_on_a_card_is_cut_between_signs(engine: Shelf) -> None:
    long = engine.policy.model_copy(update={"title": "关于扶持电子商务发展" * 20, "number": "郑政" * 200})
    told = sources_card(long, HERE)
    assert len(told.title.encode()) <= LONGEST_TITLE
    assert len(told.description.encode()) <= LONGEST_DESCRIPTION
    assert told.title.endswith("…")
