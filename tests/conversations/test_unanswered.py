"""Questions without an answer: kept masked from every channel, grouped, answered once for all, exported for review."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text as sql

from bot.telegram.traits import TELEGRAM
from conversations.office import context, unanswered
from conversations.office import helpdesk_wording as wording
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.office.unanswered import QuestionState
from conversations.service import Outgoing, Service
from conversations.state.channels import Channels
from conversations.state.events import Missed, QuestionAsked
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.outcome import Outcome
from conversations.state.personal import masked
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from knowledge.questions import Questions
from tests import databases

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
STAFF = 5


class House:
    """The service with people by number, on a channel each; ``now`` moves."""

    def __init__(self, engine: Shelf, store: Store) -> None:
        self.now = NOW
        self.store = store
        self.service = Service(
            engine, store, clock=lambda: self.now, office=Office(engine, StaffChat(TELEGRAM, "-100"))
        )
        self._ids = itertools.count(1)

    async def say(self, who: int, text: str, kind: Kind = Kind.TEXT, channel: str = "telegram") -> list[Outgoing]:
        return await self.service.handle(
            Inbound(
                id=str(next(self._ids)),
                channel=channel,
                person=f"{channel}:{who}",
                chat=str(who),
                kind=kind,
                text=text,
                at=self.now,
                staff=who == STAFF,
                message="1",
            )
        )

    async def press(self, reply: Reply, label: str) -> list[Outgoing]:
        found: list[Choice] = [choice for row in reply.choices for choice in row if label in choice.label]
        return await self.say(STAFF, found[0].data, Kind.CHOICE)

    async def listed(self) -> Reply:
        return (await self.say(STAFF, "/unanswered"))[0].reply

    async def groups(self, *states: QuestionState) -> list[tuple[str, int, int]]:
        async with self.store.reading() as connection:
            found = await unanswered.groups(connection, states or (QuestionState.OPEN,))
        return [(group.text, len(group.asked), group.people) for group in found]

    async def export(self, engine: Shelf) -> str:
        async with self.store.reading() as connection:
            return await unanswered.export(connection, engine)


@pytest.fixture
async def house(engine: Shelf, tmp_path: Path) -> AsyncIterator[House]:
    store = await Store.open(databases.sqlite(tmp_path))
    yield House(engine, store)
    await store.close()


async def ask_all(house: House) -> None:
    """Three people on two channels about one thing in their own words, one about another."""
    await house.say(1, "高新企业认定奖励多少")
    await house.say(2, "请问上市给多少奖励")
    await house.say(2, "你们高新企业认定奖励多少？")
    await house.say(3, "请问高新企业认定奖励多少钱呀，谢谢", channel="web")
    await house.say(1, "高新企业认定奖励多少")


async def test_near_duplicates_stand_together_the_most_frequent_first(house: House) -> None:
    await ask_all(house)
    assert await house.groups() == [("高新企业认定奖励多少", 4, 3), ("请问上市给多少奖励", 1, 1)]
    shown = await house.listed()
    assert "1. 高新企业认定奖励多少（4 次，3 人）" in shown.text
    assert "也有人问：你们高新企业认定奖励多少？" in shown.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("社保怎么交", "社保怎么转"),
        ("上市有奖励吗", "参展有奖励吗"),
        ("高新企业认定奖励多少", "国家级示范企业认定奖励多少"),
        ("贷款贴息怎么申请", "贷款担保怎么申请"),
    ],
)
async def test_what_only_looks_alike_stays_apart(house: House, one: str, other: str) -> None:
    for person, text in ((1, one), (2, other)):
        said = Inbound(
            id=text, channel="telegram", person=f"telegram:{person}", chat="1", kind=Kind.TEXT, text=text, at=NOW
        )
        async with house.store.transaction() as work:
            await unanswered.keep(work.connection, said, text, unanswered.How.OUT_OF_SCOPE, NOW)
    assert len(await house.groups()) == 2


async def test_what_was_not_understood_is_kept_where_it_asks(house: House) -> None:
    for event, kept in (
        (Missed("人才公寓咋个申请法", "enterprise.agency_operator"), True),
        (Missed("嘟嘟嘟嘟", "enterprise.agency_operator"), False),
        (Missed("我们大概是做那种的", "enterprise.agency_operator"), False),
        (Missed("能不能返回上一题", "enterprise.agency_operator"), False),
        (QuestionAsked("怎么登记", Outcome.OUT_OF_SCOPE), False),
        (QuestionAsked("人工客服在吗", Outcome.OUT_OF_SCOPE), False),
        (QuestionAsked("工商登记怎么办理", Outcome.OUT_OF_SCOPE), True),
    ):
        before = len(await house.groups())
        said = Inbound(
            id="1", channel="telegram", person="telegram:1", chat="1", kind=Kind.TEXT, text=event.text, at=NOW
        )
        session = Session.begin("s", "telegram:1", house.service.shelf, NOW)
        happening = context.Happening(event, context.House(house.service.shelf, Channels(), None), said, session, NOW)
        async with house.store.transaction() as work:
            await unanswered.follow(work, happening)
        assert len(await house.groups()) - before == kept, event.text


async def test_noise_is_no_question(house: House) -> None:
    await house.say(1, "/start")
    await house.say(1, "1")
    for noise in ("嘟嘟嘟嘟", "？？？", "/nonsense"):
        await house.say(1, noise)
    assert await house.groups() == []


async def test_one_answer_goes_to_all_who_asked_each_once_quoting_their_question(house: House) -> None:
    await ask_all(house)
    (asked,) = await house.press(await house.listed(), "1 写答复")
    assert "问过的 3 人" in asked.reply.text
    assert "> 你们高新企业认定奖励多少？" in asked.reply.text
    (shown,) = await house.say(STAFF, "请问科技局，电话见其官网。")
    assert "会这样发给 3 人" in shown.reply.text
    told, *sent = await house.press(shown.reply, "发出去")
    assert told.reply.text == wording.SENT.format(people=3)
    assert sorted((one.channel, one.person) for one in sent) == [
        ("telegram", "telegram:1"),
        ("telegram", "telegram:2"),
        ("web", "web:3"),
    ]
    second = next(one for one in sent if one.person == "telegram:2")
    assert second.reply.text == wording.to_asker(
        "你们高新企业认定奖励多少？", "请问科技局，电话见其官网。", reported=False
    )
    assert await house.groups() == [("请问上市给多少奖励", 1, 1)]
    (late,) = await house.press(shown.reply, "发出去")
    assert late.reply.text == wording.SETTLED


async def test_who_has_left_is_not_written_to(house: House) -> None:
    await ask_all(house)
    await house.say(1, "", Kind.LEFT)
    (asked,) = await house.press(await house.listed(), "1 写答复")
    assert "问过的 2 人" in asked.reply.text
    (shown,) = await house.say(STAFF, "请问科技局。")
    _, *sent = await house.press(shown.reply, "发出去")
    assert {one.person for one in sent} == {"telegram:2", "web:3"}


async def test_an_answer_can_be_written_anew_cancelled_or_come_too_late(house: House) -> None:
    await ask_all(house)
    page = await house.listed()
    await house.press(page, "1 写答复")
    (shown,) = await house.say(STAFF, "错的")
    await house.press(shown.reply, "重写")
    (shown,) = await house.say(STAFF, "对的")
    (told,) = await house.press(shown.reply, "取消")
    assert told.reply.text == wording.CANCELLED
    (nothing,) = await house.press(shown.reply, "发出去")
    assert nothing.reply.text == wording.SETTLED
    await house.press(page, "1 写答复")
    (told,) = await house.say(STAFF, "取消")
    assert told.reply.text == wording.CANCELLED
    await house.press(page, "1 写答复")
    house.now += timedelta(hours=2)
    replies = await house.say(STAFF, "园区评上省级给多少")
    assert "60 万元" in replies[0].reply.text
    assert len(await house.groups()) == 2


async def test_what_a_customer_asked_comes_back_to_the_member_of_staff(house: House) -> None:
    await house.say(STAFF, "高新企业认定奖励多少", Kind.FORWARD)
    await house.press(await house.listed(), "1 写答复")
    (shown,) = await house.say(STAFF, "请问科技局。")
    _, sent = await house.press(shown.reply, "发出去")
    assert sent.person == "telegram:5"
    assert "您替客户记下的问题" in sent.reply.text


async def test_marks_and_pages(house: House) -> None:
    for number in range(12):
        word = chr(0x4E10 + 97 * number) * 3
        async with house.store.transaction() as work:
            said = Inbound(
                id=word, channel="telegram", person="telegram:1", chat="1", kind=Kind.TEXT, text=word, at=NOW
            )
            await unanswered.keep(work.connection, said, word, unanswered.How.OUT_OF_SCOPE, NOW)
    page = await house.listed()
    assert "第 1/3 页" in page.text
    (second,) = await house.press(page, "下一页")
    assert "第 2/3 页" in second.reply.text
    assert second.reply.edit == "1"
    (third,) = await house.say(STAFF, "/unanswered 3")
    assert "第 3/3 页" in third.reply.text
    told, after = await house.press(page, "1 不归我们")
    assert (told.reply.text, "共 11 个" in after.reply.text) == (wording.FOREIGN, True)
    told, after = await house.press(page, "2 处理完")
    assert (told.reply.text, "共 10 个" in after.reply.text) == (wording.DONE, True)


async def test_an_empty_list_says_so(house: House) -> None:
    assert (await house.listed()).text == wording.NO_QUESTIONS


async def test_the_export_has_the_shape_of_the_packs_examples_and_names_nobody(house: House, engine: Shelf) -> None:
    await ask_all(house)
    await house.say(4, '高新"认定": [奖励] #多少\n\u2028- 打我电话 13812345678')
    await house.press(await house.listed(), "1 写答复")
    (shown,) = await house.say(STAFF, "请问科技局。\n谢谢")
    await house.press(shown.reply, "发出去")
    exported = await house.export(engine)
    data = yaml.safe_load(exported)
    questions = Questions.model_validate({"answered": {}, "unanswered": [], "terms": {}} | data)
    listed = [q for kind in questions.unanswered for q in kind.questions]
    listed += [q for group in questions.answered.values() for q in group]
    assert {"高新企业认定奖励多少", "你们高新企业认定奖励多少？", "请问上市给多少奖励"} <= set(listed)
    assert any('"认定": [奖励] #多少' in question for question in listed)
    assert "# 问过 4 次，3 人" in exported
    assert "# 工作人员的答复：请问科技局。 谢谢" in exported
    kinds = {kind.id for kind in questions.unanswered}
    assert kinds <= {kind.id for kind in engine.policy.questions.unanswered} | {"new"}
    assert "telegram" not in exported
    assert "13812345678" not in exported


async def test_an_empty_export_is_valid(house: House, engine: Shelf) -> None:
    data = yaml.safe_load(await house.export(engine))
    assert data == {"answered": {}, "unanswered": []}


@pytest.mark.parametrize(
    "text",
    [
        "高新认定奖励多少，打我电话 13812345678",
        "高新认定奖励多少，138 1234 5678",
        "高新认定奖励多少，+86-138-1234-5678",
        "高新认定奖励多少，１３８１２３４５６７８",
        "高新认定奖励多少，0371-67181234",
        "高新认定奖励多少，（0371）67181234",
        "高新认定奖励多少，0371 6718 1234",
        "高新认定奖励多少，座机67181234",
        "高新认定奖励多少，座机 6718-1234",
        "高新认定奖励多少，410105199001011234",
        "高新认定奖励多少，41010519900101123X",
        "高新认定奖励多少，wang@example.com",
    ],
)
async def test_numbers_that_reach_a_person_are_masked_and_texts_lie_sealed(house: House, text: str) -> None:
    shown = masked(text)
    assert shown.startswith("高新认定奖励多少")
    assert "〔" in shown
    assert not any(part in shown for part in ("1234", "１２３４", "example", "410105"))
    await house.say(1, text)
    async with house.store.reading() as connection:
        rows = (await connection.execute(sql("SELECT text FROM unanswered"))).scalars().all()
    assert len(rows) == 1
    assert "高新" not in rows[0]


@pytest.mark.parametrize("text", ["投资 15000000 元能报多少", "面积12000平方米", "郑政文〔2013〕237号", "服务费260万"])
def test_other_figures_stay(text: str) -> None:
    assert masked(text) == text
