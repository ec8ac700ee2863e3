"""Staff who talk with the bot: their own help, buttons for what they do, and what a customer has written told from their own."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from conversations.answering.drafting import draft
from conversations.office import helpdesk_wording as wording
from conversations.saying.misses import is_english
from conversations.saying.notices import ENGLISH
from conversations.service import Service
from conversations.state.messages import Kind
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf
from conversations.storage.standings import standings
from conversations.storage.store import Store
from tests import databases
from tests.conversations.leading import Clock, Talker, consult, service
from tests.office_notes import NOTES, PHONE
from tests.table import check_each

pytestmark = pytest.mark.slow
CUSTOMER = "张总：您好，我们在郑州做代运营，去年服务费260万，第一次申请，还有两个园区，请问一共能补多少？"


@pytest.fixture
async def kept(engine: Shelf, tmp_path: Path) -> AsyncIterator[Service]:
    store = await Store.open(databases.sqlite(tmp_path))
    yield service(engine, store, Clock())
    await store.close()


@pytest.fixture
def clerk(kept: Service) -> Talker:
    return Talker(kept, "telegram:5", staff=True, name="小李")


def labels(talker: Talker) -> list[str]:
    return [choice.label for one in talker.heard for row in one.reply.choices for choice in row]


async def standing(talker: Talker) -> Session | None:
    async with talker.service.store.reading() as connection:
        found = (await standings(connection, talker.service.store.sessions, [talker.person])).get(talker.person)
    return None if found is None else found.session


async def test_staff_have_a_help_of_their_own_and_buttons(clerk: Talker, kept: Service) -> None:
    for words in ("/start", "/help", "帮助", "/staff"):
        assert await clerk.say(words) == wording.HELP
        assert labels(clerk) == ["登记", "到期要跟进的", "没答上的问题", "统计", "看客户看到的问卷"]
    assert "没有待处理的问题" in await clerk.press("没答上的问题")
    await clerk.say("/staff")
    assert "**统计**" in await clerk.press("统计")
    assert labels(clerk) == ["近 30 天", "全部"]
    assert "（全部）" in await clerk.press("全部")
    await clerk.say("/staff")
    assert await clerk.press("登记")
    await clerk.say("/staff")
    assert "贵单位属于下列哪些情形" in await clerk.press("看客户看到的问卷")
    assert "结果" in await clerk.say(*("1", "是", "260万", "没领过"))
    customer = Talker(kept, "telegram:6")
    assert wording.HELP not in await customer.say("/help")
    group = Talker(kept, "telegram:5", staff=True, group=True)
    assert await group.say("/help") == wording.HELP
    assert "看客户看到的问卷" not in labels(group)


async def test_figures_of_days_begin_with_their_first(clerk: Talker) -> None:
    await clerk.say("/staff")
    said = await clerk.press("统计")
    assert f"{date(2026, 11, 24) - timedelta(days=6)} 起" in said


async def test_what_a_customer_has_written_is_offered_to_be_answered(clerk: Talker) -> None:
    await clerk.say("/start")
    assert await clerk.say(CUSTOMER) == wording.PASTED
    assert await standing(clerk) is None or not (await standing(clerk)).answers  # type: ignore[union-attr]
    letter = await clerk.press("起草回复")
    assert "张总您好" in letter
    assert "26 万元" in letter
    assert "继续问卷" in labels(clerk)


async def test_it_may_be_their_own_after_all(clerk: Talker) -> None:
    assert await clerk.say(CUSTOMER) == wording.PASTED
    said = await clerk.press("是我自己在问")
    assert "260 万元" in said
    session = await standing(clerk)
    assert session is not None
    assert session.answer("enterprise.agency_service_fee") is not None


def test_what_staff_ask_themselves_is_answered_at_once(kept: Service, clerk: Talker) -> None:
    def check(text: str) -> None:
        assert asyncio.run(_said(text)) != wording.PASTED

    async def _said(text: str) -> str:
        return await Talker(kept, "telegram:5", staff=True).say(text)

    check_each(["培训费能报多少", "代运营给几年", "260万", "没有了"], check, str)


async def test_a_consultation_for_a_customer_has_all_that_the_letter_has(clerk: Talker, engine: Shelf) -> None:
    await clerk.say("/start")
    await clerk.press("看客户看到的问卷")
    await clerk.do(Kind.FORWARD, CUSTOMER)
    said = await clerk.press("继续问卷")
    assert "替客户（张总）开的咨询" in said
    session = await standing(clerk)
    assert session is not None
    case = derive(session, engine).data
    assert case == draft(engine, CUSTOMER).known.data
    assert len(case["parks"]) == 2  # type: ignore[arg-type]
    assert "parks" in session.mentioned
    fee = session.answer("enterprise.agency_service_fee")
    assert fee is not None
    assert fee.said == "去年服务费260万"
    # what is typed now is the customer's, and is taken, not offered to be answered
    assert wording.PASTED not in await clerk.say("我们第一个园区去年评上了省级示范园区，能拿多少？")


async def test_another_clause_is_drafted_as_of_the_day_of_the_message(kept: Service, clerk: Talker) -> None:
    await clerk.do(Kind.FORWARD, "王总：去年的培训费六万和数字证书的钱，能报多少？")
    before = await clerk.press("更正式")
    clock = kept._clock
    assert isinstance(clock, Clock)
    clock.pass_by(days=400)
    await clerk.press("恢复原来的语气")
    assert await clerk.press("更正式") == before


async def test_texts_of_staff_are_sent_ready_to_go_on(clerk: Talker, engine: Shelf) -> None:
    engine.notes = NOTES
    try:
        await clerk.do(Kind.FORWARD, CUSTOMER)
        said = await clerk.press("现成的答复（2）")
        assert f"张总，代运营那一项请打 {PHONE}" in said
        assert len(clerk.heard) == 2
    finally:
        engine.notes = ()
    await clerk.do(Kind.FORWARD, CUSTOMER)
    assert not any("现成的答复" in label for label in labels(clerk))


async def test_the_phone_button_goes_when_the_phone_is_written(kept: Service) -> None:
    person = Talker(kept, "telegram:7")
    await consult(person)
    await person.say("登记", "同意", "同意", "郑州云帆电子商务有限公司", "跳过")
    await person.say("张三丰")
    assert [one.reply.contact for one in person.heard] == [True]
    assert not any(one.reply.contact_over for one in person.heard)
    await person.say("13800138000")
    assert [one.reply.contact_over for one in person.heard] == [True]
    await person.say("跳过")
    assert not any(one.reply.contact_over for one in person.heard)


@pytest.mark.parametrize("words", ["不用人工了", "不用转人工了", "不要人工", "结束人工服务", "回到机器人", "结束"])
async def test_a_hand_over_ends_in_plain_words(kept: Service, words: str) -> None:
    person = Talker(kept, "telegram:7")
    await person.say("/start", "转人工")
    assert "先到这里" in await person.say(words)


@pytest.mark.parametrize("words", ["转人工", "不是人工吗", "人工费要不要算进去", "我要找人工"])
async def test_what_does_not_say_so_ends_none(kept: Service, words: str) -> None:
    person = Talker(kept, "telegram:7")
    await person.say("/start", "转人工")
    assert "先到这里" not in await person.say(words)


async def test_the_words_beside_a_picture_are_read(kept: Service) -> None:
    person = Talker(kept, "telegram:7")
    said = await person.do(Kind.MEDIA, "我们做代运营，去年服务费250万")
    assert "只按您写的文字来" in said
    assert "250 万元" in said


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        ("我们做代运营，去年服务费280万", "改成 280 万元"),
        ("我们做代运营，去年服务费250万。", "记下的没有变"),
    ],
)
async def test_an_edited_message_changes_what_it_changed(kept: Service, edited: str, said: str) -> None:
    person = Talker(kept, "telegram:7")
    await person.say("/start")
    await person.do(Kind.TEXT, "我们做代运营，去年服务费250万", message="m9")
    heard = await person.do(Kind.EDIT, edited, message="m9")
    assert said in heard + "".join(labels(person))
    if "280" in edited:
        await person.press("改成 280 万元")
        session = await standing(person)
        assert session is not None
        answer = session.answer("enterprise.agency_service_fee")
        assert answer is not None
        assert answer.value == 2800000


async def test_an_edit_of_several_things_asks_which_first(kept: Service) -> None:
    person = Talker(kept, "telegram:7")
    await person.say("/start")
    await person.do(Kind.TEXT, "我们做电商，数字证书服务费3万，培训费5万", message="m9")
    said = await person.do(Kind.EDIT, "我们做电商，数字证书服务费4万，培训费6万", message="m9")
    assert "有几处变了" in said
    assert len(labels(person)) == 2


@pytest.mark.parametrize("text", ["hello, how can I apply for subsidy?", "what is this"])
async def test_english_gets_one_english_sentence(kept: Service, text: str) -> None:
    person = Talker(kept, "telegram:7")
    await person.say("/start", "1")
    said = await person.say(text)
    assert said.startswith(ENGLISH)
    assert "没有规定" not in said


def test_a_chinese_question_in_latin_letters_is_none() -> None:
    assert not is_english("daiyunying neng bu duoshao qian")
    assert not is_english("CA zhengshu butie duoshao")
    assert is_english("how much money can we get")
