"""The form of a lead: what each field takes, the sentence where it does not, and the way through the screens."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.consultation import dialogue
from conversations.consultation.turn import Turn
from conversations.saying import registration
from conversations.state import lead_form
from conversations.state.actions import LONGEST
from conversations.state.events import LeadSent
from conversations.state.lead_fields import Field, FieldError, masked, read, show
from conversations.state.lead_form import FIELDS, Ended, Form, Screen
from conversations.state.messages import Inbound, Kind
from conversations.state.session import Session
from conversations.state.shelf import Shelf

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)

TAKEN = [
    (Field.ENTERPRISE, "  郑州 云帆　电子商务（集团）有限公司 ", "郑州 云帆 电子商务（集团）有限公司"),
    (Field.ENTERPRISE, "3M中国有限公司", "3M中国有限公司"),
    (Field.CODE, "91110000600037341L", "91110000600037341L"),
    (Field.CODE, "９１１１００００６０００３７３４１ｌ", "91110000600037341L"),
    (Field.CODE, "统一社会信用代码：9111 0000 6000 3734 1L", "91110000600037341L"),
    (Field.CODE, "代码是91110000-600037341L", "91110000600037341L"),
    (Field.CONTACT, "张三", "张三"),
    (Field.CONTACT, "王总2部", "王总2部"),
    (Field.PHONE, "13800138000", "+8613800138000"),
    (Field.PHONE, "１３８ ００１３ ８０００", "+8613800138000"),
    (Field.PHONE, "手机号：+86 138-0013-8000", "+8613800138000"),
    (Field.PHONE, "008613800138000", "+8613800138000"),
    (Field.PHONE, "0371-67181234", "+8637167181234"),
    (Field.PHONE, "（0371）6718 1234", "+8637167181234"),
    (Field.PHONE, "67181234", "+8637167181234"),
    (Field.PHONE, "67181234转802", "+8637167181234;ext=802"),
    (Field.PHONE, "0371-67181234-802", "+8637167181234;ext=802"),
    (Field.PHONE, "010-62345678", "+861062345678"),
    (Field.PHONE, "400-800-1234", "+864008001234"),
    (Field.PHONE, "+852 2123 4567", "+85221234567"),
    (Field.TIME, "周三下午3点以后", "周三下午3点以后"),
    (Field.REMARK, "急", "急"),
    (Field.REMARK, "补充：能先问受理时间吗？", "补充：能先问受理时间吗？"),
]
REFUSED = [
    (Field.ENTERPRISE, "？？", "没有看到字"),
    (Field.ENTERPRISE, "云", "太短"),
    (Field.ENTERPRISE, "91110000600037341", "一串数字"),
    (Field.ENTERPRISE, "长" * 101, "最多 100 个字，您写了 101 个"),
    (Field.ENTERPRISE, "这个要多久能批下来？", "像是一个问题"),
    (Field.CONTACT, "不想说名字行吗", "像是一个问题"),
    (Field.CODE, "9111000060003734", "18 位，您写的是 16 位"),
    (Field.CODE, "91110000600037341I", "不会出现“I”"),
    (Field.CODE, "91110000600037342L", "校验位对不上"),
    (Field.CODE, "没带执照在身边呢", "18 位"),
    (Field.CONTACT, "张", "太短"),
    (Field.CONTACT, "13800138000", "像是号码"),
    (Field.PHONE, "1380013800", "11 位，您写的是 10 位"),
    (Field.PHONE, "138001380001", "11 位，您写的是 12 位"),
    (Field.PHONE, "打我办公室", "看不懂的“打我办公室”"),
    (Field.PHONE, "12345", "没有这样的号码（5 位）"),
    (Field.PHONE, "0371-123456", "没有这样的号码"),
    (Field.PHONE, "+852 1", "不像电话号码"),
    (Field.TIME, "…", "没有看到字"),
    (Field.TIME, "晚" * 101, "最多 100"),
    (Field.REMARK, "话" * 501, "最多 500"),
]


@pytest.mark.parametrize(("field", "text", "kept"), TAKEN)
def test_what_a_field_takes(field: Field, text: str, kept: str) -> None:
    assert read(field, text, "0371") == kept


@pytest.mark.parametrize(("field", "text", "sentence"), REFUSED)
def test_what_is_wrong_is_said(field: Field, text: str, sentence: str) -> None:
    with pytest.raises(FieldError, match=re.escape(sentence)):
        read(field, text, "0371")


def test_a_landline_without_its_area_code_needs_a_place_that_has_one() -> None:
    with pytest.raises(FieldError):
        read(Field.PHONE, "67181234", None)


def test_how_phones_are_shown() -> None:
    assert show(Field.PHONE, "+8637167181234;ext=802") == "0371 6718 1234 转 802"
    assert show(Field.PHONE, "+8613800138000") == "138 0013 8000"
    assert masked("+8613800138000") == "138****8000"
    assert masked("+8637167181234;ext=802") == "0371****1234"


FILLED = {
    "enterprise": "郑州云帆电子商务有限公司",
    "code": "",
    "contact": "张三",
    "phone": "+8613800138000",
    "time": "",
    "remark": "",
}


def test_consent_comes_first_and_the_crossing_is_asked_apart() -> None:
    at_home = lead_form.press(Form(), "yes", NOW)
    assert at_home is not None
    assert (at_home.form.at, at_home.form.consented) == (FIELDS[0], NOW)
    abroad = lead_form.press(Form(crosses="Telegram"), "yes", NOW)
    assert abroad is not None
    assert (abroad.form.at, abroad.form.crossing_consented) == (Screen.CROSSING, None)
    agreed = lead_form.press(abroad.form, "yes", NOW)
    assert agreed is not None
    assert (agreed.form.at, agreed.form.crossing_consented) == (FIELDS[0], NOW)
    refused = lead_form.press(abroad.form, "no", NOW)
    assert refused is not None
    assert refused.ended is Ended.CROSSING_REFUSED


def test_optional_fields_can_be_skipped_and_others_not() -> None:
    for field in FIELDS:
        step = lead_form.press(Form(at=field, values=FILLED), "skip", NOW)
        assert (step is not None) == (field in (Field.CODE, Field.TIME, Field.REMARK))


def test_back_goes_through_all_fields_and_keeps_what_is_written() -> None:
    form = Form(at=Screen.CONFIRM, values=FILLED)
    seen: list[str] = []
    for _ in range(len(FIELDS) + 1):
        step = lead_form.press(form, "back", NOW)
        assert step is not None
        form = step.form
        seen.append(form.at)
    assert seen == [*reversed(FIELDS), FIELDS[0]]
    assert form.values == FILLED


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_can_be_changed_from_the_confirmation(field: Field) -> None:
    new = {"code": "91110000600037341L", "phone": "13900139000"}.get(field, "改过的内容")
    opened = lead_form.press(Form(at=Screen.CONFIRM, values=FILLED), field.value, NOW)
    assert opened is not None
    assert opened.form.at == field
    changed = lead_form.write(opened.form, new, "0371")
    assert changed.form.at == Screen.CONFIRM
    assert changed.form.value(field) == read(field, new, "0371")
    assert {k: v for k, v in changed.form.values.items() if k != field} == {
        k: v for k, v in FILLED.items() if k != field
    }


def test_a_button_of_another_screen_is_none() -> None:
    assert lead_form.press(Form(at=Field.PHONE), "send", NOW) is None
    assert lead_form.press(Form(at=Screen.CONSENT), "send", NOW) is None


@pytest.mark.parametrize("at", [*Screen, *FIELDS])
def test_what_can_be_pressed_fits_telegram(engine: Shelf, at: str) -> None:
    shown = registration.question(engine, Form(at=at, values=FILLED, crosses="Telegram"))
    data = [choice.data for row in shown.choices for choice in row]
    assert data
    assert all(len(each.encode()) <= LONGEST for each in data)
    assert shown.contact == (at == Field.PHONE)


def test_the_notice_says_what_has_to_be_said(engine: Shelf) -> None:
    notice = registration.notice(Shelf(engine.policy, retention_days=77), Form(crosses="Telegram"))
    for said in (engine.policy.lead, "做什么", "保存什么", "77 天", "/mydata", "/forget", "境外", "第 2 版"):
        assert said in notice
    assert "境外" not in registration.notice(engine, Form())


class Consultation:
    """A consultation that has come to a result."""

    def __init__(self, engine: Shelf, channel: str = "telegram", **more: Any) -> None:
        self.engine = engine
        self.channel = channel
        self.more = more
        self.session = Session.begin("s", f"{channel}:1", engine, NOW)

    def do(self, text: str, kind: Kind = Kind.TEXT) -> Turn:
        inbound = Inbound(
            id="1",
            channel=self.channel,
            person=self.session.person,
            chat="1",
            kind=kind,
            text=text,
            at=NOW,
            **self.more,
        )
        taken = dialogue.turn(self.session, inbound, self.engine, NOW)
        self.session = taken.session
        return taken

    def say(self, *texts: str) -> str:
        taken = [self.do(text) for text in texts]
        return "\n".join(reply.text for reply in taken[-1].replies)


@pytest.fixture
def consultation(engine: Shelf) -> Consultation:
    made = Consultation(engine, abroad="Telegram", elsewhere="网页")
    made.say("/start", "1", "是", "260万", "没领过")
    return made


def test_before_a_result_it_is_refused_kindly(engine: Shelf) -> None:
    early = Consultation(engine)
    early.say("/start", "1")
    assert "出了结果再发“登记”" in early.say("/lead")
    assert early.session.form is None


@pytest.mark.parametrize("refusals", [("不同意",), ("同意", "不同意")])
def test_refusing_keeps_nothing(consultation: Consultation, refusals: tuple[str, ...]) -> None:
    said = consultation.say("登记", *refusals)
    assert "一样也没有保存" in said
    assert consultation.session.form is None
    assert "结果" in consultation.say("结果")


def test_other_things_go_on_and_the_form_is_put_again(consultation: Consultation) -> None:
    consultation.say("登记", "同意", "同意", "云帆公司")
    for other in ("/help", "/result", "/privacy"):
        assert "—— 登记还没填完" in consultation.say(other)
    assert "图片" in consultation.do("", Kind.MEDIA).replies[0].text
    assert consultation.session.form is not None
    assert consultation.session.form.at == Field.CODE


def test_a_contact_is_taken_where_the_phone_is_asked_for(consultation: Consultation) -> None:
    consultation.say("登记", "同意", "同意", "云帆公司")
    assert "现在问的是统一社会信用代码" in consultation.do("13800138000", Kind.CONTACT).replies[-1].text
    consultation.say("跳过", "张三")
    assert "〔5/6〕" in consultation.do("+8613800138000", Kind.CONTACT).replies[-1].text
    assert "没有保存" in Consultation(consultation.engine).do("13800138000", Kind.CONTACT).replies[0].text


def test_beginning_anew_leaves_the_form(consultation: Consultation) -> None:
    consultation.say("登记", "同意", "同意")
    assert "登记先放下了" in consultation.say("重新开始")
    assert consultation.session.form is None


def test_the_finished_form_is_told_once(consultation: Consultation) -> None:
    consultation.say("登记", "1", "1", "云帆公司", "跳过", "张三", "67181234", "1", "跳过")
    events = consultation.do("确认登记").events
    [sent] = events
    assert isinstance(sent, LeadSent)
    form = sent.form
    assert (form.value(Field.PHONE), form.value(Field.TIME)) == ("+8637167181234", "工作日上午")
    assert form.consented == form.crossing_consented == NOW
    assert not any(isinstance(event, LeadSent) for event in consultation.do("确认登记").events)


def test_who_does_not_want_to_cross_is_told_where_else_to_go(consultation: Consultation) -> None:
    asked = consultation.say("登记", "同意")
    assert "您在 Telegram 里发的消息" in asked
    assert "不愿意的话，可以改用网页登记，或者直接联系办公室，咨询照常。" in asked
    lead = consultation.engine.policy.lead
    assert f"您可以改用我们的网页登记，或者带着结果直接找{lead}。" in consultation.say("不同意")


def test_where_there_is_nothing_else_no_place_is_named(engine: Shelf) -> None:
    form = Form(at=Screen.CROSSING, crosses="Telegram")
    assert "不愿意的话，可以直接联系办公室，咨询照常。" in registration.question(engine, form).text
    assert f"您可以带着结果直接找{engine.policy.lead}。" in registration.ended(engine, form, Ended.CROSSING_REFUSED)


@pytest.mark.parametrize("wish", ["登记", "我的登记", "/mydata", "/forget", "/paper", "/cases"])
def test_where_nothing_is_kept_it_says_so(engine: Shelf, wish: str) -> None:
    piped = Consultation(engine, kept=False, elsewhere="别处")
    piped.say("/start", "1", "是", "260万", "没领过")
    assert piped.say(wish) == "这里的对话不保存，所以也没有登记和留存的资料。请用 别处 来登记。"
    assert piped.session.form is None


def test_at_home_nothing_crosses_a_border(engine: Shelf) -> None:
    web = Consultation(engine, "web")
    web.say("/start", "1", "是", "260万", "没领过")
    assert "〔1/6〕" in web.say("登记", "同意")
