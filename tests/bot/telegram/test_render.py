"""Replies as calls: well-formed HTML, texts and buttons within Telegram's limits, nothing lost."""

import json
import re
from html.parser import HTMLParser
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.render import LONGEST_TEXT, MOST_BUTTONS, ROW_WIDTH, Call, as_new, calls, parts, to_html
from conversations.state.actions import Pick
from conversations.state.messages import Choice, Reply


class Visible(HTMLParser):
    """The text that a reader sees; fails on a tag that is not closed in its order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "blockquote"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def visible(markup: str) -> str:
    parser = Visible()
    parser.feed(markup)
    parser.close()
    assert parser.open == []
    return parser.text


def rows(call: Call) -> list[list[dict[str, str]]]:
    return json.loads(cast(str, call.parameters["reply_markup"]))["inline_keyboard"]


def choice(label: str, option: str = "x", on: bool | None = None) -> Choice:
    return Choice(label=label, action=Pick(1, option), on=on)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_light_markup_becomes_html_and_everything_else_is_text() -> None:
    assert to_html("记为**约 260 万元**。a < b & c") == "记为<b>约 260 万元</b>。a &lt; b &amp; c"
    assert (
        to_html("依据：\n> 按 **10%** 给予\n> 支持\n完")
        == "依据：\n<blockquote>按 <b>10%</b> 给予\n支持</blockquote>\n完"
    )
    assert to_html("> 引文") == "<blockquote>引文</blockquote>"
    assert to_html("**不成对 *星号*") == "**不成对 *星号*"
    assert to_html("a > b，>c") == "a &gt; b，&gt;c"


@given(st.text(alphabet="a 一。\n*>😀<&", max_size=60))
def test_any_text_is_well_formed_and_shows_what_it_says(text: str) -> None:
    shown = visible(to_html(text))
    assert re.sub(r"[*> ]", "", shown) == re.sub(r"[*> ]", "", text)


@given(
    st.text(alphabet="一二。，\n *>😀", max_size=300)
    | st.lists(st.sampled_from(["**好的**", "> 引", "字" * 9, "\n"])).map("".join),
    st.integers(min_value=12, max_value=60),
)
def test_parts_are_short_enough_and_lose_nothing(text: str, limit: int) -> None:
    pieces = list(parts(text, limit))
    assert all(0 < utf16(piece) <= limit and piece.strip() for piece in pieces)
    ink = re.compile(r"[\s*>]")
    assert ink.sub("", "".join(pieces)) == ink.sub("", text)


def test_a_long_text_is_parted_between_paragraphs_lines_sentences() -> None:
    assert list(parts("一" * 20 + "\n\n" + "二" * 20 + "\n三", 34)) == ["一" * 20, "二" * 20 + "\n三"]
    assert list(parts("一" * 20 + "\n" + "二" * 20, 34)) == ["一" * 20, "二" * 20]
    assert list(parts("一" * 20 + "。" + "二" * 20, 34)) == ["一" * 20 + "。", "二" * 20]


def test_bold_and_quotation_go_on_in_the_next_part() -> None:
    pieces = list(parts("> 说**" + "一" * 50 + "**完", 40))
    assert len(pieces) > 1
    assert all(piece.startswith("> ") and piece.count("**") == 2 for piece in pieces)


def test_a_long_reply_has_its_buttons_under_the_last_part() -> None:
    made = calls(Reply(text="一" * 9000, choices=((choice("是"),),)), "7", None)
    assert [call.method for call in made] == ["sendMessage"] * 3
    assert ["reply_markup" in call.parameters for call in made] == [False, False, True]
    assert all(utf16(cast(str, call.parameters["text"])) <= LONGEST_TEXT for call in made)
    assert made[0].parameters["chat_id"] == 7
    assert made[0].parameters["parse_mode"] == "HTML"


def test_toggles_show_their_state_and_data_goes_through() -> None:
    (call,) = calls(Reply(text="选", choices=((choice("甲", "a", on=True), choice("乙", "b", on=False)),)), "7", "9")
    assert rows(call) == [[{"text": "☑ 甲", "callback_data": "1:a"}, {"text": "☐ 乙", "callback_data": "1:b"}]]
    assert call.parameters["message_thread_id"] == 9


def test_more_buttons_than_a_message_takes_go_on_in_the_next() -> None:
    many = tuple((choice(f"选项 {n}", f"x{n}"),) for n in range(230))
    made = calls(Reply(text="选", choices=many), "7", None)
    assert [sum(map(len, rows(call))) for call in made] == [MOST_BUTTONS, MOST_BUTTONS, 30]
    long = tuple((choice("字" * 30, "x" * 58),) for _ in range(90))
    made = calls(Reply(text="选", choices=long), "7", None)
    assert sum(sum(map(len, rows(call))) for call in made) == 90
    assert all(len(cast(str, call.parameters["reply_markup"]).encode()) < 10_000 for call in made)


def test_a_row_too_wide_for_a_phone_is_parted_evenly() -> None:
    def shape(*labels: str) -> list[int]:
        (call,) = calls(Reply(text="选", choices=(tuple(map(choice, labels)),)), "7", None)
        return [len(row) for row in rows(call)]

    assert shape("是", "不是", "不清楚", "为什么问") == [4]
    assert shape("没领过", "1 年", "2 年", "3 年", "我不太清楚") == [2, 3]
    assert shape("电子商务运营服务企业", "管理一栋电子商务楼宇") == [1, 1]
    assert shape(*"12345678901") == [5, 6]
    assert ROW_WIDTH >= 34


def test_an_edit_changes_the_message_and_a_markup_alone_only_the_buttons() -> None:
    (call,) = calls(Reply(text="选", edit="55", choices=((choice("甲"),),)), "7", "9")
    assert (call.method, call.parameters["message_id"]) == ("editMessageText", 55)
    again = as_new(call)
    assert again is not None
    assert again.method == "sendMessage"
    assert "message_id" not in again.parameters
    (call,) = calls(Reply(text="", edit="55", choices=((choice("甲"),),)), "7", None)
    assert call.method == "editMessageReplyMarkup"
    assert as_new(call) is None
    (call,) = calls(Reply(text="", edit="55"), "7", None)
    assert "reply_markup" not in call.parameters
    first, second = calls(Reply(text="一" * 5000, edit="55", choices=((choice("甲"),),)), "7", None)
    assert [first.method, second.method] == ["editMessageText", "sendMessage"]
    assert "reply_markup" not in first.parameters
    assert "reply_markup" in second.parameters


def test_a_file_carries_a_short_text_and_follows_a_long_one() -> None:
    (call,) = calls(Reply(text="您的**预评估表**", file="表.docx", choices=((choice("好"),),)), "7", None)
    assert (call.method, call.file, call.parameters["caption"]) == ("sendDocument", "表.docx", "您的<b>预评估表</b>")
    text, document = calls(Reply(text="一" * 3000, file="表.docx", choices=((choice("好"),),)), "7", None)
    assert [text.method, document.method] == ["sendMessage", "sendDocument"]
    assert "caption" not in document.parameters
    assert "reply_markup" in document.parameters


@pytest.mark.parametrize(("group", "messages"), [(False, 2), (True, 1)])
def test_a_phone_is_asked_for_by_button_in_private_only(group: bool, messages: int) -> None:
    made = calls(Reply(text="电话？", contact=True), "7", None, group=group)
    assert len(made) == messages
    if not group:
        keyboard: Any = json.loads(cast(str, made[-1].parameters["reply_markup"]))
        assert keyboard["keyboard"][0][0]["request_contact"] is True


@pytest.mark.parametrize("group", [False, True])
def test_the_button_for_a_phone_goes_when_it_is_wanted_no_more(group: bool) -> None:
    made = calls(Reply(text="时间？", contact_over=True, choices=((choice("随时"),),)), "7", None, group=group)
    keyboards = [json.loads(cast(str, call.parameters["reply_markup"])) for call in made]
    shown = [{"remove_keyboard": True}] * (not group)
    assert keyboards[:-1] == shown
    assert "inline_keyboard" in keyboards[-1]


def test_a_reply_without_words_still_shows_its_buttons() -> None:
    (call,) = calls(Reply(text="", choices=((choice("甲"),),)), "7", None)
    assert call.parameters["text"]
    assert calls(Reply(text=""), "7", None) == []
