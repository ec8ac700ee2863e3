"""Channels as the rest of the house knows them: by their traits, registered in one place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import channels
from bot.channel import Channel, Registration
from bot.channels import CHANNELS, TRAITS, elsewhere, for_people
from bot.settings import Settings
from bot.telegram.channel import Telegram
from bot.telegram.traits import TELEGRAM
from bot.terminal import TERMINAL, Terminal
from bot.web.chat import Chat
from bot.web.traits import WEB
from bot.wechat.channel import WeChat
from bot.wechat.traits import WECHAT
from conversations.office.staff_chat import StaffChat
from conversations.saying import handovers
from conversations.state.channels import Ability, Channels, either

BY_POST = replace(TELEGRAM, name="post", label="信件", abroad="", abilities=frozenset[Ability]())

WITH_WECHAT = Settings.model_validate(
    {f"wechat_{name}": "a" * 43 for name in ("corp_id", "secret", "kf_id", "token", "aes_key")}
)


def as_channels(telegram: Telegram, page: Chat, wechat: WeChat, terminal: Terminal) -> list[Channel]:
    """What pyright holds to the protocol."""
    return [telegram, page, wechat, terminal]


def test_each_says_of_itself_what_it_is() -> None:
    names = [each.traits.name for each in CHANNELS]
    assert names == ["telegram", "web", "wechat", "terminal", "program"]
    assert [TRAITS.label(name) for name in names] == ["Telegram", "网页", "微信", "终端", "合作程序"]
    assert TRAITS.label("fax") == "fax"
    assert {each.traits.name for each in CHANNELS if each.traits.abroad} == {"telegram"}


@pytest.mark.parametrize("registration", CHANNELS, ids=lambda registration: registration.traits.name)
def test_each_takes_the_buttons_that_are_made(registration: Registration) -> None:
    limit = registration.traits.limits.data
    assert limit is None or limit >= 60  # as the data of a button promises


def test_the_chat_of_a_person_alone() -> None:
    assert TRAITS.private("telegram", "telegram:5") == "5"
    assert TRAITS.private("web", "web:ab") == "web:ab"
    with pytest.raises(KeyError):
        TRAITS.private("fax", "fax:5")


def test_who_does_not_want_to_cross_the_border_is_pointed_to_the_other_channels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    telegram, web, *_ = CHANNELS
    settings = Settings()
    assert elsewhere(TELEGRAM, settings) == "网页"
    assert elsewhere(WEB, settings) == ""
    assert elsewhere(TELEGRAM, WITH_WECHAT) == "网页或微信"
    assert elsewhere(WECHAT, WITH_WECHAT) == "网页"
    by_post = replace(web, traits=BY_POST)
    monkeypatch.setattr(channels, "SERVED", (telegram, web, by_post, replace(web, people=False)))
    assert elsewhere(TELEGRAM, settings) == "网页或信件"


def test_people_are_pointed_to_what_the_settings_open() -> None:
    assert [each.label for each in for_people(Settings())] == ["Telegram", "网页"]
    assert [each.label for each in for_people(WITH_WECHAT)] == ["Telegram", "网页", "微信"]


def test_the_staff_are_told_of_their_own_channel_by_its_traits() -> None:
    assert handovers.staff_abroad(TELEGRAM).startswith("\n工作人员在 Telegram 上接待，您写的会经过它在境外的服务器；")
    assert handovers.staff_abroad(BY_POST) == ""
    assert StaffChat(TELEGRAM, "-1").copies_to("telegram")
    assert not StaffChat(TELEGRAM, "-1").copies_to("web")
    assert not StaffChat(BY_POST, "-1").copies_to("post")


def test_somebody_without_a_name_is_a_visitor_of_their_channel() -> None:
    assert handovers.topic("", TRAITS.label(WEB.name), 3) == "网页访客 · 3"
    assert handovers.topic("王", TRAITS.label(TERMINAL.name), 4) == "王 · 4"


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_a_choice_names_all(labels: list[str]) -> None:
    said = either(labels)
    assert all(label in said for label in labels)
    assert said.startswith(labels[0])
    assert said.endswith(labels[-1])


def test_a_choice_as_it_is_written() -> None:
    assert either(["wence chat", "网页", "Telegram"]) == "wence chat、网页或 Telegram"
    assert either(["网页"]) == "网页"


def test_a_channel_of_former_times_keeps_its_name() -> None:
    assert Channels([WEB]).label("telegram") == "telegram"
