"""Consultations over WeChat, in this process: by menu and in words, with what happens around them."""

from pathlib import Path
from typing import cast

import pytest

from tests.bot.wechat.conftest import Site
from tests.botapi.wire import Json
from tests.e2e import wechat_house
from tests.e2e.applicant import Applicant, asks
from tests.e2e.cases import MANY, NAMED, total
from tests.e2e.process import assess
from tests.e2e.together import consult_together
from tests.wechatapi import Visitor

pytestmark = pytest.mark.slow


def applicant(site: Site, facts: Json, *, words: bool) -> Applicant:
    """Somebody new who knows the facts of their enterprise."""
    return wechat_house.applicant(site.wechat, site.shelf.policy, facts, words=words)


async def test_whole_consultations_end_in_the_totals_of_assess(site: Site, tmp_path: Path) -> None:
    applicants = [applicant(site, facts, words=words) for words in (False, True) for facts in NAMED.values()]
    await consult_together(applicants, tmp_path)
    refused = [call for call in site.wechat.calls if call.errcode]
    assert refused == []


async def test_the_first_question_comes_in_as_few_menus_as_it_fits_into(site: Site) -> None:
    visitor = site.wechat.visitor()
    await visitor.send("你好")
    screen = await visitor.wait_for(check=asks)
    assert [len(each.items) for each in screen.shown] == [10, 5]
    assert screen.buttons[0] == "☐ 1 做电商代运营"
    assert "回复编号" in screen.text


async def test_several_are_ticked_one_by_one_or_by_their_numbers(site: Site) -> None:
    presses, writes = site.wechat.visitor(), site.wechat.visitor()
    for each in (presses, writes):
        await each.send("/start")
        await each.wait_for(check=asks)
    for label in ("做电商代运营", "用数字证书"):
        await presses.press(label)
        await presses.wait_for(check=lambda screen, label=label: any("☑" in b and label in b for b in screen.buttons))
    await presses.press("完成")
    await writes.send("1 9")
    assert (await presses.wait_for(check=asks)).text == (await writes.wait_for(check=asks)).text


async def test_an_item_of_an_earlier_menu_is_refused_kindly(site: Site) -> None:
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    first = await visitor.wait_for(check=asks)
    await visitor.send("1")
    await visitor.wait_for(check=asks)
    await visitor.press("有电商试点项目", first)
    assert "按钮" in (await visitor.wait_for(check=asks)).text


async def test_pages_duplicates_and_late_callbacks(site: Site, tmp_path: Path) -> None:
    """Everything comes in pages of two, some of them empty, every callback comes twice or too late: it counts once."""
    site.wechat.page, site.wechat.twice, site.wechat.empty_pages = 2, True, 3
    site.wechat.tell(expired=True)
    each = applicant(site, MANY, words=True)
    await each.consult()
    await each.person.wait_for(total((await assess([MANY], tmp_path))[0]), since=0)
    said = [text for incoming, text in await site.log(cast("Visitor", each.person).who) if incoming]
    assert len(said) == each.acts
    assert site.wechat.most_at_once <= 5


async def test_what_was_sent_before_the_office_was_in_service_is_nobodys_business(site: Site) -> None:
    visitor = site.wechat.visitor()
    site.wechat.world.ahead = -3600
    await visitor.send("前面和人工说的话")
    site.wechat.world.ahead = 0
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    assert [text for incoming, text in await site.log(visitor.who) if incoming] == ["/start"]


STRANGERS = "河南甲电商公司去年代运营服务费260万，注册在郑州"
"""What somebody else has written, and a person passes on."""


@pytest.mark.parametrize(
    ("kind", "content", "name"),
    [
        ("image", {}, "图片"),
        ("voice", {}, "语音"),
        ("video", {}, "视频"),
        ("file", {}, "文件"),
        (
            "location",
            {"latitude": 34.7, "longitude": 113.6, "name": STRANGERS, "address": "郑州\n东"},
            f"位置“{STRANGERS}：郑州 东”",
        ),
        (
            "link",
            {"title": STRANGERS, "desc": "一\n二", "url": "https://a.example", "pic_url": ""},
            f"链接“{STRANGERS}：一 二”",
        ),
        ("link", {"title": "", "desc": "", "url": "https://a.example/b", "pic_url": ""}, "链接“https://a.example/b”"),
        ("link", {"title": "长" * 300, "url": "https://a.example"}, f"链接“{'长' * 100}…”"),
        ("business_card", {"userid": "zhangsan"}, "名片"),
        (
            "miniprogram",
            {"title": STRANGERS, "appid": "wx1", "pagepath": "p", "thumb_media_id": "t"},
            f"小程序“{STRANGERS}”",
        ),
        ("merged_msg", {"title": STRANGERS, "item": []}, f"聊天记录“{STRANGERS}”"),
        ("channels", {"sub_type": 1, "nickname": "甲", "title": STRANGERS}, f"视频号动态“甲：{STRANGERS}”"),
        ("channels_shop_product", {"product_id": "1", "title": STRANGERS, "sales_price": "100"}, f"商品“{STRANGERS}”"),
        ("a_new_kind", {"title": STRANGERS}, f"这种消息“{STRANGERS}”"),
        ("link", {"title": 7, "desc": None}, "链接"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
async def test_what_is_no_text_is_named_and_tells_nothing(
    site: Site, kind: str, content: dict[str, object], name: str
) -> None:
    """Least of all what a card is called: the words on it are somebody else's, so they are shown back and not taken."""
    visitor = site.wechat.visitor()
    await visitor.send("/start")
    await visitor.wait_for(check=asks)
    await visitor.send_media(kind, **content)
    assert (await visitor.wait_for()).text == f"{name}我还看不懂，请用文字告诉我。前面的回答都还在。"
    await visitor.send("/result")
    assert "260" not in (await visitor.wait_for()).text
    assert (True, f"（发来{name}）") in await site.log(visitor.who)
