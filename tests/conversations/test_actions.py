"""What a button says comes back as it was said, in few bytes; whatever else comes in says nothing, and breaks nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import JsonValue

from conversations.state.action_fields import End
from conversations.state.actions import (
    LONGEST,
    Action,
    AskFirst,
    Confirm,
    Control,
    Do,
    DraftDo,
    DraftVerb,
    Edit,
    EndHandover,
    FillIn,
    FollowLead,
    Forget,
    GiveLead,
    KeepLead,
    LeadDo,
    LeadVerb,
    ListLeads,
    MoveLead,
    NextClause,
    OwnLead,
    OwnVerb,
    Pick,
    PutInPlay,
    QuestionDo,
    QuestionPage,
    QuestionVerb,
    ShowClause,
    ShowFigures,
    Side,
    Stale,
    State,
    Steer,
    SwitchTo,
    Toggle,
    command,
    decode,
    encode,
    fits,
)
from conversations.state.commands import Command
from conversations.state.leads import LeadFilter, LeadState
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.session import EDITING, Session

NUMBER = st.integers(0, 999_999_999)
NAME = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=40)
WORD = st.text(st.characters(categories=["Ll"], max_codepoint=127), min_size=1, max_size=12)
FIGURE = st.decimals(-(10**12), 10**12, places=4) | st.integers(0, 10**15).map(Decimal)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)
FILTER = st.builds(
    LeadFilter,
    state=st.sampled_from(["", *(state.value for state in LeadState)]),
    programme=st.text(st.characters(exclude_characters=",\n", exclude_categories=["Cs"]), max_size=10),
    mine=st.booleans(),
    due=st.booleans(),
    since=st.none() | st.dates(date(2000, 1, 1)),
    until=st.none() | st.dates(date(2000, 1, 1)),
    words=NAME | st.just(""),
)
KINDS: dict[type[Action], st.SearchStrategy[Action]] = {
    Steer: st.builds(Steer, NUMBER, st.sampled_from(Control)),
    Toggle: st.builds(Toggle, NUMBER, NUMBER),
    Confirm: st.builds(Confirm, NUMBER, st.booleans()),
    Pick: st.builds(Pick, NUMBER, st.integers(-999_999_999, 999_999_999) | st.text(max_size=30) | st.just("yes")),
    State: st.builds(State, NUMBER, JSON, st.booleans()),
    Side: st.builds(Side, NUMBER, st.sampled_from(End), FIGURE),
    Do: st.builds(Do, st.sampled_from(Command)),
    ShowClause: st.builds(ShowClause, NAME),
    PutInPlay: st.builds(PutInPlay, policy=NAME),
    Edit: st.builds(Edit, NAME),
    FillIn: st.builds(FillIn, WORD, NAME),
    OwnLead: st.builds(OwnLead, st.sampled_from(OwnVerb), NAME),
    KeepLead: st.just(KeepLead()),
    Forget: st.builds(Forget, st.booleans()),
    SwitchTo: st.builds(SwitchTo, NAME),
    AskFirst: st.just(AskFirst()),
    Stale: st.just(Stale()),
    LeadDo: st.builds(LeadDo, st.sampled_from(LeadVerb), NUMBER),
    MoveLead: st.builds(MoveLead, NUMBER, st.sampled_from(LeadState)),
    GiveLead: st.builds(GiveLead, NUMBER, NUMBER),
    FollowLead: st.builds(FollowLead, NUMBER, st.integers(1, 999)),
    ListLeads: st.builds(ListLeads, NUMBER, FILTER),
    DraftDo: st.builds(DraftDo, NUMBER, st.sampled_from(DraftVerb)),
    NextClause: st.builds(NextClause, NUMBER, NUMBER),
    QuestionDo: st.builds(QuestionDo, NUMBER, st.sampled_from(QuestionVerb)),
    QuestionPage: st.builds(QuestionPage, NUMBER),
    ShowFigures: st.builds(ShowFigures, NUMBER),
    EndHandover: st.builds(EndHandover, NUMBER),
}
ANY = st.one_of(*KINDS.values()).filter(fits)
ODD = st.sampled_from(
    [":", "!", "?", "=", "~", "{", "}", '"', ",", "-", "0", "1", "９", "\n", "e9", "q", "x", "\ud800"]
)
"""What a text is made of that is nearly a button's."""


def test_every_kind_of_action_is_tried() -> None:
    assert KINDS.keys() == {*get_args(Action)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_a_button_says_comes_back(kind: type[Action]) -> None:
    @given(KINDS[kind].filter(fits))
    def check(action: Action) -> None:
        text = encode(action)
        assert len(text.encode()) <= LONGEST
        back = decode(text)
        assert back == action
        assert type(back) is type(action)

    check()


@given(st.text(max_size=80) | st.lists(ODD, max_size=20).map("".join))
@example("!L:list:0:new,,,20269999,,")
@example("1:=1e999")
@example("1:=NaN")
@example("1:=[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")
@example("\ud800")
@example("1:" + "9" * 5000)
def test_no_text_breaks_it_and_what_is_read_can_be_said_again(text: str) -> None:
    action = decode(text)
    assert action is None or decode(encode(action)) == action


@given(ANY, st.integers(0, LONGEST), ODD)
def test_a_text_that_was_tampered_with_breaks_nothing(action: Action, at: int, odd: str) -> None:
    text = encode(action)
    for tampered in (text[:at] + odd + text[at:], text[:at] + odd + text[at + 1 :], text[:at] + text[at + 1 :]):
        read = decode(tampered)
        assert read is None or decode(encode(read)) == read


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("4:?", Steer(4, Control.UNKNOWN)),
        ("4:?why", Steer(4, Control.WHY)),
        ("4:?t12", Toggle(4, 12)),
        ("4:yes", Confirm(4, True)),
        ("4:provincial", Pick(4, "provincial")),
        ("4:2", Pick(4, 2)),
        ("4:at_least=1000000", Side(4, End.AT_LEAST, Decimal("1E+6"))),
        ("4:=2600000", State(4, 2600000)),
        ('4:~{"more_than":0.5}', State(4, {"more_than": 0.5}, approximate=True)),
        ("!result", Do(Command.RESULT)),
        ("!edit:enterprise.fee", Edit("enterprise.fee")),
        ("!clause:3.6", ShowClause("3.6")),
        ("!f:time:工作日上午", FillIn("time", "工作日上午")),
        ("!mine:edit:WC-20261124-0001", OwnLead(OwnVerb.EDIT, "WC-20261124-0001")),
        ("!mine:keep", KeepLead()),
        ("!forget:yes", Forget(sure=True)),
        ("!person:ask", AskFirst()),
        ("!case:0123abc", SwitchTo("0123abc")),
        ("!L:show:7", LeadDo(LeadVerb.SHOW, 7)),
        ("!L:state:7:closed", MoveLead(7, LeadState.CLOSED)),
        ("!L:to:7:0", GiveLead(7, 0)),
        ("!L:follow:7:3", FollowLead(7, 3)),
        ("!L:list:1:new,,m,20261101,,云帆", ListLeads(1, LeadFilter("new", mine=True, since=date(2026, 11, 1), words="云帆"))),
        ("!L:list:1:,,,00010101,,", ListLeads(1, LeadFilter(since=date(1, 1, 1)))),
        ("!desk:3:formal", DraftDo(3, DraftVerb.FORMAL)),
        ("!desk:3:next:0", NextClause(3, 0)),
        ("!desk:q5:write", QuestionDo(5, QuestionVerb.WRITE)),
        ("!desk:page:2", QuestionPage(2)),
        ("!desk:stats:7", ShowFigures(7)),
        ("!H:end:9", EndHandover(9)),
    ],
)  # fmt: skip
def test_the_buttons_that_people_have_keep_their_meaning(text: str, action: Action) -> None:
    assert decode(text) == action
    assert encode(action) == text


@pytest.mark.parametrize(
    "text",
    ["", "!", ":", "x", "1:", ":yes", "01:yes", "1:a b", "1:?t", "1:?tx", "1:?whatever", "1:at_least=", "1:at_least=NaN",
     "1:some=5", "1:=", "1:={", "1:=1e999", "1:= 1", "1234567890:yes", "１:yes", "!edit:", "!nonsense", "!RESULT", "!mine:sell:1",
     "!L:", "!L:card:x", "!L:state:1:boss", "!L:follow:1:9999", "!L:list:x:", "!desk:q:", "!desk:page:-1", "!H:end:", "!start\n",
     "!clause:" + "字" * 30],
)  # fmt: skip
def test_whatever_else_comes_in_says_nothing(text: str) -> None:
    assert decode(text) is None


@pytest.mark.parametrize(
    "action",
    [Edit("x" * 60), Edit("a\nb"), Edit(""), Pick(1, 10**9), State(1, float("nan")), Steer(-1, Control.WHY),
     Side(1, End.AT_MOST, Decimal("NaN")), ListLeads(0, LeadFilter(programme="a,b")), ListLeads(0, LeadFilter("sold"))],
)  # fmt: skip
def test_what_no_button_can_say_is_refused_when_the_button_is_made(action: Action) -> None:
    assert not fits(action)
    with pytest.raises(ValueError, match=r"no button can say|a comma|not JSON compliant"):
        Choice(label="改", action=action)


def test_a_button_is_kept_as_its_text_and_one_of_another_version_makes_nothing_unreadable() -> None:
    reply = Reply(text="好", choices=((Choice(label="原文", action=ShowClause("3.6"), key="a"),),))
    assert reply.model_dump(exclude_defaults=True)["choices"] == (
        ({"label": "原文", "data": "!clause:3.6", "key": "a"},),
    )
    assert Reply.model_validate_json(reply.model_dump_json()) == reply
    old = Reply.model_validate_json('{"text":"好","choices":[[{"label":"卖","data":"!sell:1"}]]}')
    assert old.choices[0][0].action == Stale()
    assert decode(old.choices[0][0].data) == Stale()


def test_a_menu_kept_by_an_earlier_version_is_closed() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    kept = Session(id="s", person="p", policy="x", policy_version="1", begun=now, touched=now, asking=EDITING)
    assert Session.model_validate_json(kept.model_dump_json()) == kept
    old = kept.model_dump(mode="json") | {"asking": "!edit", "offered": ["24"]}
    assert Session.model_validate(old).asking is None


def test_only_a_press_is_an_action() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    ticks = ("3:?t0", "3:?t2", "3:yes", "x")
    pressed = Inbound(id="1", channel="c", person="p", chat="p", kind=Kind.CHOICE, text="3:?done", ticks=ticks, at=now)
    assert pressed.action == Steer(3, Control.DONE)
    assert pressed.ticked == {Toggle(3, 0), Toggle(3, 2)}
    typed = Inbound(id="2", channel="c", person="p", chat="p", kind=Kind.TEXT, text="!forget:yes", at=now)
    assert typed.action is None
    assert typed.ticked is None


@pytest.mark.parametrize(
    ("action", "wanted"),
    [(Do(Command.HELP), Command.HELP), (Edit("a.b"), Command.EDIT), (KeepLead(), Command.MINE),
     (Forget(sure=False), Command.FORGET), (ShowClause("1"), None), (Confirm(1, True), None), (None, None)],
)  # fmt: skip
def test_an_action_may_belong_to_a_command(action: Action | None, wanted: Command | None) -> None:
    assert command(action) is wanted
