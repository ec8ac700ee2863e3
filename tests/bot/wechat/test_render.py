"""Replies as messages of WeChat: within its limits whatever they hold, nothing lost, parted between sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.render import (
    CHOOSE,
    GO_ON,
    MORE_CHOICES,
    SEVERAL,
    Card,
    File,
    Menu,
    Text,
    asks_for_more,
    messages,
    parts,
    with_more,
)
from bot.wechat.traits import LONGEST_HEAD, LONGEST_ITEM, LONGEST_TAIL, LONGEST_TEXT, MOST_ITEMS
from conversations.state.actions import Do, Pick, Toggle
from conversations.state.commands import Command
from conversations.state.messages import Choice, Reply

texts = st.text(st.sampled_from("政策的奖励，。；！\n a🙂*"), max_size=4000)
labels = st.text(st.sampled_from("代运营abc（）🙂"), min_size=1, max_size=90)
choices = st.lists(labels.map(lambda label: (Choice(label=label, action=Do(Command.HELP)),)), max_size=25).map(tuple)
replies = st.lists(
    st.builds(
        Reply,
        text=texts,
        choices=choices,
        file=st.none() | st.just("表.docx"),
        document=st.just("x"),
        sources=st.booleans(),
    ),
    max_size=4,
)
CARD = Card("《若干意见》", "全文", "https://wence.example.cn/policies/a")


def size(text: str) -> int:
    return len(text.encode())


def without_space(text: str) -> str:
    return "".join(text.replace("**", "").split())


@given(replies, st.none() | st.just(CARD))
def test_messages_keep_within_the_limits_and_lose_nothing(given: list[Reply], card: Card | None) -> None:
    shown = messages(given, card)
    said = "".join(
        each.content if isinstance(each, Text) else each.head for each in shown if isinstance(each, Text | Menu)
    )
    kept = [sign for sign in without_space(said) if sign not in "*"]
    for each in given:
        for sign in without_space(each.text):
            if sign != "*":
                kept.remove(sign)
    assert sum(len(each.items) for each in shown if isinstance(each, Menu)) == sum(len(r.choices) for r in given)
    assert sum(isinstance(each, File) for each in shown) == sum(r.file is not None for r in given)
    assert shown.count(CARD) == (card is not None and any(each.sources for each in given))
    for each in (told for message in shown for told in (message, with_more(message, 99))):
        match each:
            case Text(content):
                assert 1 <= size(content) <= LONGEST_TEXT
            case Menu(head, items, tail):
                assert 1 <= size(head) <= LONGEST_HEAD
                assert 1 <= len(items) <= MOST_ITEMS
                assert size(tail) <= LONGEST_TAIL
                assert all(1 <= size(label) <= LONGEST_ITEM and 1 <= size(data) <= 128 for data, label in items)
            case File() | Card():
                pass


@given(texts, st.integers(min_value=40, max_value=300))
def test_a_text_is_parted_and_whole(text: str, limit: int) -> None:
    pieces = list(parts(text, limit))
    assert without_space("".join(pieces)) == without_space(text)
    assert all(size(piece) <= limit for piece in pieces)


@pytest.mark.parametrize("text", [GO_ON, "“继续”", "继续。", " 继续吧！", "继续看", "接着看", "继续发吧", "往下看"])
def test_what_asks_for_the_rest(text: str) -> None:
    assert asks_for_more(text)


@pytest.mark.parametrize("text", ["继续教育", "继续申报要什么材料", "不用继续了", "接着上次的", "1", "好", ""])
def test_what_says_something_of_its_own(text: str) -> None:
    assert not asks_for_more(text)


def test_it_is_parted_between_sentences() -> None:
    sentence = "申报材料要在通知的期限以前交到市里的窗口。"
    assert all(piece.endswith("。") for piece in parts(sentence * 200))


def test_what_is_said_before_a_question_stands_above_its_items() -> None:
    buttons = ((Choice(label="是", action=Pick(1, "yes")),),)
    (menu,) = messages([Reply(text="**记下了**"), Reply(text="> 原文\n是吗？", choices=buttons)])
    assert menu == Menu("记下了\n\n│ 原文\n是吗？", ((buttons[0][0].data, "是"),))


def test_a_long_text_leaves_its_end_above_the_items() -> None:
    buttons = ((Choice(label="是", action=Pick(1, "yes")),),)
    long = "\n\n".join(["前面说的话。" * 40, "中间说的话。" * 40, "您那边是吗？"])
    first, menu = messages([Reply(text=long, choices=buttons)])
    assert isinstance(first, Text)
    assert isinstance(menu, Menu)
    assert menu.head.startswith("中间")
    assert menu.head.endswith("您那边是吗？")


def test_a_list_is_not_torn_where_it_fits_into_one_message() -> None:
    buttons = ((Choice(label="看原文", action=Do(Command.HELP)),),)
    listed = "\n".join(f"{number}. 对照材料清单先把材料备起来，最后以通知为准。" for number in range(1, 20))
    assert LONGEST_HEAD < size(listed) < LONGEST_TEXT - 200
    before, menu = messages([Reply(text=listed, choices=buttons)])
    assert before == Text(listed)
    assert isinstance(menu, Menu)
    assert menu.head == CHOOSE


def test_toggles_are_numbered_and_marked() -> None:
    buttons = tuple(
        (Choice(label=f"第{n}项", action=Toggle(3, n), on=n == 1, key=str(n + 1)),) for n in range(MOST_ITEMS + 1)
    )
    first, second = messages([Reply(text="", choices=buttons)])
    assert isinstance(first, Menu)
    assert (first.head, first.tail, first.items[1]) == (CHOOSE, "", ("3:?t1", "☑ 2 第1项"))
    assert second == Menu(MORE_CHOICES, (("3:?t10", "☐ 11 第10项"),), SEVERAL)
