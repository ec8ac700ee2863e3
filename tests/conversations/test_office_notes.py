"""What the office knows and the document does not: told where it is asked for, marked as its word, and never made up."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from docx import Document

from conversations.answering.canned import canned
from conversations.answering.drafting import draft, draft_json
from conversations.answering.questions import Answering
from conversations.office import office_notes, unanswered
from conversations.office.office_notes import NoteText
from conversations.saying.notes import notes
from conversations.saying.results import result
from conversations.saying.word_file import assessment_file
from conversations.state.office_notes import NoteKind
from conversations.state.outcome import Outcome
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from tests.conversations.leading import Clock, Talker, consult, service
from tests.office_notes import IN_CHARGE, NOTES, PHONE, PLACE, POLICY, SIGNED, WINDOW
from tests.table import check_each


@pytest.fixture
def bare(engine: Shelf) -> Shelf:
    return Shelf(engine.policy)


@pytest.fixture
def told(engine: Shelf) -> Iterator[Shelf]:
    """The shelf with the office's notes on it, which the next test does not have."""
    engine.notes = NOTES
    yield engine
    engine.notes = ()


ASKED = {
    "电话是多少": PHONE,
    "有联系方式吗": PHONE,
    "怎么联系你们": PHONE,
    "找谁": PHONE,
    "这个事找哪个科室": PHONE,
    "在哪交材料": PLACE,
    "材料交到哪里": PLACE,
    "你们地址在哪": PLACE,
    "什么时候报": WINDOW,
    "今年受理时间": WINDOW,
    "截止到几号": WINDOW,
    "示范园区什么时候开始报": WINDOW,
    "申请表在哪下载": "form.docx",
    "你们几点上班": "9:00",
    "周六上班吗": "9:00",
    "代运营的补贴谁负责": IN_CHARGE,
    "代运营这个找谁问": IN_CHARGE,
    "代运营的负责人是谁": IN_CHARGE,
    "培训找谁报": PHONE,
    "房租补助去哪个窗口交材料": PLACE,
}
OF_OTHERS = [
    "支付牌照去哪办",
    "人民银行电话多少",
    "CA锁坏了找谁",
    "数字证书找谁办",
    "营业执照去哪办",
    "补贴什么时候到账",
    "代运营给多少",
]


def test_the_office_answers_what_it_knows_and_signs_it(told: Shelf) -> None:
    def check(text: str) -> None:
        answered = Answering(told).answer(text)
        assert answered.outcome is Outcome.ANSWERED
        assert answered.reply.startswith("**办公室提供（不是文件里写的）**"), answered.reply
        assert ASKED[text] in answered.reply
        assert SIGNED in answered.reply

    check_each(list(ASKED), check, str)


def test_what_is_asked_of_others_is_not_answered_by_it(told: Shelf, bare: Shelf) -> None:
    def check(text: str) -> None:
        assert Answering(told).answer(text) == Answering(bare).answer(text)

    check_each(OF_OTHERS, check, str)


def test_where_it_has_said_nothing_nothing_is_made_up(bare: Shelf) -> None:
    def check(text: str) -> None:
        assert "办公室提供" not in Answering(bare).answer(text).reply

    check_each(list(ASKED), check, str)


async def test_who_cannot_be_handed_over_is_told_whom_to_call(url: str, told: Shelf) -> None:
    store = await Store.open(url)
    someone = Talker(service(told, store, Clock(), staff_chat=None), "telegram:1")
    await someone.say("/start")
    assert PHONE in await someone.say("转人工")
    await store.close()


def test_who_is_in_charge_of_one_clause_is_not_told_of_another(told: Shelf) -> None:
    assert IN_CHARGE not in Answering(told).answer("培训补贴的负责人是谁").reply
    assert PHONE in Answering(told).answer("培训补贴的负责人是谁").reply


def test_other_programs_read_that_it_is_the_office_who_answers(told: Shelf) -> None:
    answered = Answering(told).answer("在哪交材料")
    assert [hit.clause for hit in answered.clauses][:1] == ["meta"]
    assert PLACE in answered.reply
    assert "到哪里办、哪个窗口收材料，文件没有写" in answered.reply


def known(shelf: Shelf) -> Known:
    enterprise = {"agency_operator": True, "registered_in_zhengzhou": True, "agency_service_fee": 2600000}
    case = shelf.rules.parse({"enterprise": {**enterprise, "agency_years_supported": 0}})
    return Known({}, case, shelf.rules.assess(case), frozenset(), frozenset())


def test_result_notes_and_word_file_have_it(told: Shelf) -> None:
    of = known(told)
    shown = "\n".join(result(told, of))
    assert f"☎️ 办公室：受理时间：{WINDOW}" in shown
    assert PHONE in shown
    assert PLACE not in shown  # the screen is small
    said = "\n".join(notes(told, of))
    for text in (PHONE, PLACE, WINDOW, IN_CHARGE, SIGNED):
        assert text in said
    paper = Document(io.BytesIO(assessment_file(told, of, {})))
    written = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "办公室提供（不是文件里写的）" in written
    assert f"负责人（代运营企业支持）：{IN_CHARGE}（{SIGNED}）" in written
    assert "现成的答复" not in shown + said + written


def test_without_notes_nothing_of_it_is_there(bare: Shelf) -> None:
    of = known(bare)
    assert "办公室：" not in "\n".join(result(bare, of))
    assert "办公室提供" not in "\n".join(notes(bare, of))


def test_a_letter_answers_with_it_and_says_when_and_where_to_apply(told: Shelf) -> None:
    drafted = draft(told, "王总：我们做代运营，去年服务费260万，能补多少？电话多少？人才公寓怎么申请？")
    assert [item.outcome for item in drafted.items][-1] is Outcome.OUT_OF_SCOPE
    assert all(each["answered"] for each in draft_json(drafted, "")["questions"][:-1])  # type: ignore[index,union-attr]
    for text in (PHONE, WINDOW, PLACE, IN_CHARGE):
        assert drafted.text.count(text) == 1
    assert told.policy.lead in drafted.text.splitlines()[-1]


def test_texts_of_staff_come_with_their_gaps_filled_those_of_the_clause_first(told: Shelf) -> None:
    drafted = draft(told, "王总：我们是郑州的代运营公司，服务费260万，第一次报，能补多少？")
    texts = [each.text for each in canned(told, drafted)]
    assert texts[0] == f"王总，代运营那一项请打 {PHONE} 找 {IN_CHARGE}，金额 每年 26 万元，交 {{没有的}}。"
    assert texts[1] == f"王总，申报窗口在 {PLACE}。"
    drafted = draft(told, "培训费能报多少")
    assert [each.text for each in canned(told, drafted)] == [f"您，申报窗口在 {PLACE}。"]


async def test_it_is_kept_changed_deleted_and_holds_only_in_its_days(url: str, bare: Shelf) -> None:
    store, clock = await Store.open(url), Clock(datetime(2026, 11, 24, 2, tzinfo=UTC))
    kept = service(bare, store, clock)
    day = clock.now.date()

    async def write(written: NoteText, id: int | None = None, author: str = "陈主任") -> None:
        async with store.transaction() as work:
            await office_notes.keep(work, id, written, author, clock.now)

    await write(NoteText(NoteKind.PHONE, PHONE, (f"{POLICY}/3.6",)))
    await write(NoteText(NoteKind.WINDOW, WINDOW, (), day + timedelta(days=1), day + timedelta(days=2)))
    await kept.read_notes()
    assert [(each.text, each.about, each.author) for each in bare.notes] == [(PHONE, (f"{POLICY}/3.6",), "陈主任")]
    clock.pass_by(days=1)
    await write(NoteText(NoteKind.PHONE, "0371-1"), bare.notes[0].id, "小李")
    await kept.read_notes()
    assert [(each.text, each.author, each.written) for each in bare.notes] == [
        ("0371-1", "小李", day + timedelta(days=1)),
        (WINDOW, "陈主任", day),
    ]
    clock.pass_by(days=2)
    await kept.read_notes()
    assert [each.kind for each in bare.notes] == [NoteKind.PHONE]
    async with store.transaction() as work:
        await office_notes.remove(work, bare.notes[0].id)
    await kept.read_notes()
    assert bare.notes == ()
    await store.close()


async def test_a_chat_hears_it_and_the_question_is_no_open_one(url: str, told: Shelf) -> None:
    store = await Store.open(url)
    someone = Talker(service(told, store, Clock()), "telegram:1")
    await consult(someone)
    heard = await someone.say("在哪交材料")
    assert PLACE in heard
    assert "没有规定" not in heard
    async with store.reading() as connection:
        assert await unanswered.groups(connection) == []
    await store.close()
