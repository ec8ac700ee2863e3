"""What else people send, and from where: hostile text, media, groups, a blocked bot, a webhook call by somebody else."""

import aiohttp
import pytest

from conversations.service import SORRY
from tests.botapi import Message
from tests.e2e.applicant import asks, is_result
from tests.e2e.cases import AGENCY, MANY
from tests.e2e.house import House

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "markup": "</b><i>&lt;**粗**> 引 `x` [a](tg://user?id=1) &#x0; &",
    "direction": "\u202e万062\u202c \u200f\u2067260\u2069万",
    "controls": "\x00\x07\x1b[31m\ufeff\u200b",
    "long": "我们公司很好，" * 1430,
    "digits": "9" * 4000,
    "sql": "'; DROP TABLE sessions; --",
    "emoji": "👨‍👩‍👧‍👦" * 300,
    "format": "%s %n {0} {person} $(id) `id`",
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_text_gets_an_answer_and_loses_nothing(house: House, kind: str) -> None:
    """As the first word and as the answer to a question for a figure: something is said, and nothing is taken for one."""
    applicant = await house.applicant(AGENCY, name="<b>甲&")
    person = applicant.person
    await person.send(HOSTILE[kind])
    await person.wait_for()
    await person.quiet()
    await person.send("/start")
    question = await applicant.next()
    while applicant.about(question) != house.policy.fact("enterprise.agency_service_fee"):
        question = await applicant.answer(question)
    await person.send(HOSTILE[kind])
    await person.wait_for()
    await person.quiet()
    news = [message for message in person.messages if message.revision > person.mark]
    assert not any(SORRY in message.text or is_result(message) for message in news)
    assert all(applicant.about(message) == applicant.about(question) for message in news if asks(message))
    assert is_result(await applicant.go_on(question))
    assert any("26 万元" in message.text for message in person.messages)


async def test_words_in_a_description_are_shown_as_they_are(house: House) -> None:
    person = await house.person()
    await person.send("我们做<b>代运营</b>，服务费<i>300万</i> & **没有**园区")
    shown = await person.wait_for(check=asks)
    assert "300 万元" in "\n".join(m.text for m in person.messages)
    assert "&lt;" not in shown.text


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "video", "document"])
async def test_media_gets_a_sentence_and_changes_nothing(house: House, kind: str) -> None:
    applicant = await house.applicant(AGENCY)
    await applicant.person.send("/start")
    question = await applicant.answer(await applicant.next())
    await applicant.person.send_media(kind)
    await applicant.person.wait_for()
    assert is_result(await applicant.go_on(question))


async def test_in_a_group_only_what_is_meant_for_the_bot(house: House) -> None:
    person, other = await house.person(), await house.person()
    group = await house.telegram.group(-100123, "企业群", [person, other], bot="administrator")
    for idle in ("我们公司能领多少补贴？", "260万", "/start@some_other_bot"):
        speaker = person.at(group)
        await speaker.send(idle)
        await speaker.hears_nothing(0.2)
    await speaker.send("/start@wence_test_bot")
    told = await speaker.wait_for("只在私聊里说")
    assert "https://t.me/wence_test_bot" in told.text
    await speaker.send("代运营", reply_to=told)
    await speaker.wait_for("只在私聊里说")
    await other.at(group).send("/result")
    await other.at(group).wait_for("只在私聊里说", since=0)


async def test_a_group_that_becomes_a_supergroup(house: House) -> None:
    owner = await house.person()
    group = await house.telegram.group(-77, "企业群", [owner])
    await owner.at(group).send("/help@wence_test_bot")
    await owner.at(group).wait_for(since=0)
    moved = owner.at(await group.migrate())
    await moved.send("/help@wence_test_bot")
    await moved.wait_for()


async def test_who_blocks_the_bot_is_no_error(house: House) -> None:
    applicant = await house.applicant(AGENCY)
    person = applicant.person
    await person.send("/start")
    await applicant.next()
    await person.block()
    other = await house.applicant(MANY)
    assert is_result(await other.consult())
    await person.unblock()
    await person.send("/start")
    assert is_result(await applicant.go_on(await person.wait_for(check=asks)))


async def test_blocked_while_the_reply_is_on_its_way(house: House) -> None:
    person = await house.person()
    house.telegram.fail("sendMessage", status=500, chat=person.id)
    await person.send("/start")
    await person.block()
    await person.wait_until(
        lambda: any(str(call.params.get("chat_id")) == str(person.id) for call in house.telegram.calls)
    )
    other = await house.person()
    await other.send("/start")
    await other.wait_for(check=asks)


async def test_only_telegram_knows_the_secret(house: House) -> None:
    person = await house.person()
    forged = {"update_id": 1, "message": Message(1, person.chat, person.user, 1_700_000_000, "/start").json()}
    name = "X-Telegram-Bot-Api-Secret-Token"
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {name: ""}, {name: "wrong"}, {name: "密"}):
            async with session.post(house.serve.hook, json=forged, headers=headers) as answer:
                assert answer.status in {401, 403}
    await person.hears_nothing()
    await person.send("/start")
    await person.wait_for(check=asks)


async def test_commands_are_registered(house: House) -> None:
    registered = {command["command"] for commands in house.telegram.world.commands.values() for command in commands}
    assert {"start", "help", "new", "result", "materials", "edit", "why", "back", "policy", "privacy"} <= registered
