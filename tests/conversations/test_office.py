"""The seam between service and office: what concerns it, what it sees, and that its failures harm nobody."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels import TRAITS
from bot.telegram.traits import TELEGRAM
from conversations.office import leads, personal_data
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.service import SORRY, Service
from conversations.state.actions import Forget
from conversations.state.lead_form import Form
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.standings import Standing
from conversations.storage.store import Addressed, Store, Work
from conversations.storage.tables import Outbox
from tests.conversations import counting
from tests.conversations.leading import Clock, Talker, consult, lead, service

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, "test", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    yield store
    await store.close()


@pytest.fixture
def served(engine: Shelf, store: Store) -> Service:
    return service(engine, store, Clock())


def inbound(text: str, kind: Kind = Kind.TEXT, staff: bool = False) -> Inbound:
    return Inbound(id="1", channel="telegram", person="telegram:1", chat="1", kind=kind, text=text, at=NOW, staff=staff)


def looked_at(office: Office, inbound: Inbound, standing: Standing) -> bool:
    """Whether some room may take the message; there is no database to ask."""
    return office.look(office.context(cast(Work, None), inbound, standing, NOW)) is not None


@pytest.mark.parametrize(
    ("text", "kind", "staff", "concerned"),
    [
        ("260万", Kind.TEXT, False, False),
        ("我们做代运营，去年服务费260万，" * 5, Kind.TEXT, False, False),
        ("3:yes", Kind.CHOICE, False, False),
        ("!edit", Kind.CHOICE, False, False),
        ("!f:phone:back", Kind.CHOICE, False, False),
        ("我的登记", Kind.TEXT, False, True),
        ("/forget", Kind.TEXT, False, True),
        ("!case:abc", Kind.CHOICE, False, True),
        ("/leads", Kind.TEXT, False, False),
        ("/leads", Kind.TEXT, True, True),
        ("!L:show:1", Kind.CHOICE, False, False),
        ("!L:show:1", Kind.CHOICE, True, True),
    ],
)
def test_only_what_concerns_the_office_costs_more(
    engine: Shelf, text: str, kind: Kind, staff: bool, concerned: bool
) -> None:
    nobody = Standing(None, left=False)
    assert looked_at(Office(engine), inbound(text, kind, staff), nobody) is concerned


def test_the_name_of_a_button_shown_last_can_be_typed_but_not_into_a_form(engine: Shelf) -> None:
    shown = (Choice(label="是，全部删除", action=Forget(sure=True), key="全部删除"),)
    session = Session.begin("s", "telegram:1", engine, NOW).but(aside=shown)
    office = Office(engine)
    assert looked_at(office, inbound("全部删除"), Standing(session, left=False))
    assert not looked_at(office, inbound("全部删除"), Standing(session.but(form=Form(at="remark")), left=False))


def names(functions: Sequence[Callable[..., object]]) -> list[str]:
    """What functions and methods are called, with their modules."""
    return [f"{each.__module__.rpartition('.')[2]}.{each.__name__}" for each in functions]


def test_the_rooms_are_asked_in_this_order_and_events_told_in_that(engine: Shelf) -> None:
    office = Office(engine)
    assert names(office.rooms) == [
        "groups.look",
        "handover.look",
        "lead_desk.look",
        "helpdesk.look",
        "groups.look_at_rest",
        "handover.look_for_wish",
        "personal_data.look",
    ]
    assert names(office.followers) == [
        "statistics.follow",
        "unanswered.follow",
        "lead_registration.follow",
        "handover.follow",
    ]


WISH = {"!mydata": True, "!forget:yes": True, "/mydata": True, "!mine": False, "!person": False, "260万": False}


@pytest.mark.parametrize(("text", "past"), WISH.items())
def test_what_is_a_right_goes_past_the_staff_and_nothing_else(engine: Shelf, text: str, past: bool) -> None:
    said = inbound(text, Kind.CHOICE if text.startswith("!") else Kind.TEXT)
    office = Office(engine)
    context = office.context(cast(Work, None), said, Standing(None, left=False, handover=1), NOW)
    assert (office.handovers.look(context) is None) == past
    assert (personal_data.look(context) is not None) == (text not in ("!person", "260万"))


@given(
    text=st.sampled_from(["", "/", "/end", "！", "转人工", "!desk:q1:write", "!L:", "!H:end:1", "//x"])
    | st.text(max_size=60),
    kind=st.sampled_from(Kind),
    staff=st.booleans(),
    group=st.booleans(),
    handover=st.none() | st.just(1),
    reply_to=st.none() | st.just("5"),
)
def test_a_look_needs_no_database_and_the_dialogue_keeps_what_is_no_wish(
    text: str, kind: Kind, staff: bool, group: bool, handover: int | None, reply_to: str | None
) -> None:
    office = Office(counting.engine(), StaffChat(TELEGRAM, "-100"), TRAITS)
    more = {"chat": "-100", "group": True} if group else {}
    said = inbound(text, kind, staff).model_copy(update=more | {"reply_to": reply_to})
    context = office.context(cast(Work, None), said, Standing(None, left=False, handover=handover), NOW)
    looked = office.look(context)
    if not (staff or group or handover):
        assert (looked is None) == (context.wish is None)


async def test_a_failure_of_the_office_is_answered_kindly_and_undone(
    served: Service, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Talker(served)
    await consult(person)

    async def half(work: Work, *_: object) -> None:
        await leads.meet(work, "telegram:1", "半个", NOW)
        raise ValueError("in the middle")

    with monkeypatch.context() as patch:
        patch.setattr("conversations.office.personal_data.my_leads", half)
        assert await person.say("我的登记") == SORRY
    async with store.reading() as connection:
        assert await leads.colleagues(connection) == {}
    assert "结果" in await person.say("/result")


async def test_a_lead_that_could_not_be_kept_can_be_sent_again(
    served: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Talker(served)
    await consult(person)

    async def fail(*_: object) -> None:
        raise ValueError("cannot be kept")

    with monkeypatch.context() as patch:
        patch.setattr(leads, "register", fail)
        assert await lead(person) == SORRY
        handled = await served.take(inbound("确认登记").model_copy(update={"id": "once more"}))
        assert handled.events
        assert handled.turn is None  # what it did is not kept
    assert "WC-20261124-0001" in await person.say("确认登记")


async def test_what_the_office_says_to_itself_is_in_nobodys_log(served: Service, store: Store) -> None:
    person = Talker(served)
    await consult(person)
    await lead(person)
    assert "新登记**" not in await person.say("/mydata")
    async with store.transaction() as work:
        outgoing, _ = await work.send([Addressed("", "telegram", "1", None, Reply(text="一去不留"))], NOW)
    await served.delivered(outgoing[0].id, "5")
    async with store.reading() as connection:
        assert await connection.scalar(select(Outbox.id).where(Outbox.id == outgoing[0].id)) is None
