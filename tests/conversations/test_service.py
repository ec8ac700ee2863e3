"""One message, one transaction: repeated, failing, concurrent and killed, on both databases."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Text, func, select, text, type_coerce, update
from sqlalchemy.exc import OperationalError

from conversations.office.batch import SHORT, UNREADABLE
from conversations.service import NOT_DEALT_WITH, SORRY, Outgoing, Service
from conversations.state.actions import Forget
from conversations.state.messages import Choice, Inbound, Kind
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.standings import read_session
from conversations.storage.store import Line, Store, Work
from conversations.storage.tables import Consultation, LoggedMessage, Outbox, Person, Seen
from conversations.storage.tables_aside import SetAside
from tests.conversations import counting
from tests.conversations.counting import said

LONG = "长" * (SHORT + 1)


@pytest.fixture
async def service(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.setattr("conversations.office.batch.dialogue.turn", counting.turn)
    store = await Store.open(url, "test")
    yield Service(counting.engine(), store)
    await store.close()


async def answers(store: Store, person: str = "telegram:1") -> list[str]:
    """The ids of the messages that the person's active consultation holds, in order."""
    async with store.reading() as connection:
        found = select(Consultation.state).where(Consultation.person == person, Consultation.active)
        state = await connection.scalar(found)
    return [answer.path for answer in state.answers] if state else []


async def count(store: Store, table: type) -> int:
    async with store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def test_a_message_changes_all_at_once(service: Service) -> None:
    replies = await service.handle(said("1", "你好"))
    assert [(one.reply.text, one.chat, one.person) for one in replies] == [
        ("1", "1", "telegram:1"),
        ("你好", "1", "telegram:1"),
    ]
    assert await answers(service.store) == ["1"]
    async with service.store.reading() as connection:
        log = (
            await connection.execute(select(LoggedMessage.incoming, LoggedMessage.text).order_by(LoggedMessage.id))
        ).all()
        assert [tuple(line) for line in log] == [(True, "你好"), (False, "1"), (False, "你好")]
        outbox = (await connection.execute(select(Outbox.id, Outbox.done_at).order_by(Outbox.id))).all()
        assert [tuple(row) for row in outbox] == [(one.id, None) for one in replies]


async def test_a_repeated_update_changes_nothing_even_out_of_order_and_side_by_side(service: Service) -> None:
    await service.handle(said("2"))
    await service.handle(said("1"))
    again = await asyncio.gather(*(service.handle(said(id)) for id in ("1", "2", "3", "3", "1")))
    assert [len(replies) for replies in again] == [0, 0, 2, 0, 0]
    assert await answers(service.store) == ["2", "1", "3"]
    assert await count(service.store, Outbox) == 6


async def test_who_asks_is_told_what_a_message_did(service: Service) -> None:
    handled = await service.take(said("1", "你好"))
    assert handled.before is not None
    assert handled.turn is not None
    assert handled.standing is not None
    assert handled.before.answers == ()
    assert [answer.path for answer in handled.turn.session.answers] == ["1"]
    assert handled.standing.session == handled.turn.session
    again = await service.take(said("1", "你好"))
    assert (again.events, again.turn, again.replies) == (None, None, [])
    failed = await service.take(said("2", "坏"))
    assert failed.events is not None  # it was taken in
    assert failed.turn is None
    assert failed.standing == handled.standing


async def test_a_message_for_somebody_known_begins_nobody(service: Service) -> None:
    refused, other = await asyncio.gather(service.take(said("1"), known=True), service.take(said("2", person="x:2")))
    assert (refused.events, refused.standing, refused.replies) == (None, None, [])
    assert other.events is not None
    assert await count(service.store, Person) == 1
    both = await asyncio.gather(service.take(said("3")), service.take(said("4"), known=True))
    assert [len(handled.replies) for handled in both] == [2, 2]
    assert await answers(service.store) == ["3", "4"]


async def test_a_consultation_at_hand_is_the_one_that_lies_there(url: str, engine: Shelf) -> None:
    here, elsewhere = [Service(engine, await Store.open(url, name)) for name in ("here", "elsewhere")]
    for number, words in enumerate(("/start", "代运营", "没有了", "是", "两百六十万左右", "/edit", "2")):
        service = elsewhere if number == 3 else here
        taken = await service.take(said(f"{number}", words))
        assert taken.standing is not None
        async with here.store.transaction() as work, elsewhere.store.glance() as connection:
            at_hand = (await work.load(["telegram:1"]))["telegram:1"].session
            state = await connection.scalar(select(type_coerce(Consultation.state, Text)))
        assert at_hand == taken.standing.session == read_session(str(state), here.store.vault)
        assert service is elsewhere or at_hand is taken.standing.session
    for each in (here, elsewhere):
        await each.store.close()


async def test_messages_of_one_person_are_taken_in_order_and_of_others_beside_them(service: Service) -> None:
    people = [f"telegram:{number}" for number in range(1, 31)]
    results = await asyncio.gather(
        *(service.handle(said(f"{person}/{n}", person=person)) for n in range(10) for person in people)
    )
    for place, person in enumerate(people):
        assert await answers(service.store, person) == [f"{person}/{n}" for n in range(10)]
        assert [replies[0].reply.text for replies in results[place :: len(people)]] == [str(n + 1) for n in range(10)]


async def test_a_turn_that_fails_is_logged_answered_kindly_and_done_with(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    results = await asyncio.gather(*(service.handle(said(str(n), "坏" if n == 1 else "好")) for n in range(3)))
    assert [replies[0].reply.text for replies in results] == ["1", SORRY, "2"]
    assert "ValueError in counting.py" in caplog.text
    assert await service.handle(said("1", "坏")) == []


async def test_a_message_that_cannot_be_kept_is_set_aside_and_may_be_tried_again(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record = Work.record

    async def refuse(self: Work, lines: list[Line], now: object) -> None:
        if any(line.text == "毒" for line in lines):
            raise ValueError([line.text for line in lines])
        await record(self, lines, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Work, "record", refuse)
    results = await asyncio.gather(*(service.handle(said(str(n), "毒" if n == 1 else "好")) for n in range(4)))
    assert [replies[0].reply.text for replies in results] == ["1", NOT_DEALT_WITH, "2", "3"]
    assert await answers(service.store) == ["0", "2", "3"]
    assert await service.handle(said("1", "毒")) == []  # it does not come again by itself
    assert "毒" not in caplog.text
    (kept,) = await set_aside(service.store)
    assert (kept.kind, kept.person, "毒" in kept.content) == ("message", "telegram:1", False)
    assert not await service.resume(kept.id)  # it fails still
    assert len(await set_aside(service.store)) == 1
    monkeypatch.setattr(Work, "record", record)
    assert await service.resume(kept.id)
    assert await answers(service.store) == ["0", "2", "3", f"1#{kept.id}"]
    assert await set_aside(service.store) == []
    assert not await service.resume(kept.id)


async def spoil(store: Store, person: str) -> None:
    """Somebody's consultation cannot be read any more."""
    async with store.transaction() as work:
        broken = {"state": '{"answers": "王总的话"}', "person": person}
        await work.connection.execute(
            text("UPDATE consultations SET state = :state WHERE person = :person AND active"), broken
        )


async def test_a_consultation_that_cannot_be_read_is_set_aside_and_slows_nobody(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    people = [f"telegram:{number}" for number in range(1, 4)]
    await asyncio.gather(*(service.handle(said(f"{person}/1", person=person)) for person in people))
    async with service.store.reading() as connection:
        whole = await connection.scalar(
            select(type_coerce(Consultation.state, Text)).where(Consultation.person == people[1])
        )
    await spoil(service.store, people[1])
    news = await asyncio.gather(*(service.handle(said(f"{person}/2", person=person)) for person in people))
    assert [replies[0].reply.text for replies in news] == ["2", UNREADABLE.text, "2"]
    (kept,) = await set_aside(service.store)
    assert (kept.kind, kept.person) == ("consultation", people[1])
    assert "王总" not in caplog.text + kept.reason
    assert [replies.reply.text for replies in await service.handle(said("3", person=people[1]))] == ["1", "好"]
    assert not await service.resume(kept.id)
    async with service.store.transaction() as work:  # as if a later release could read it
        content = json.dumps(json.loads(kept.content) | {"state": whole})
        await work.connection.execute(update(SetAside).values(content=content))
    assert await service.resume(kept.id)
    assert await set_aside(service.store) == []
    async with service.store.reading() as connection:
        found = await connection.scalars(select(Consultation.active).where(Consultation.person == people[1]))
        assert sorted(found) == [False, True]  # the one that has been begun since goes on


async def test_who_cannot_be_read_can_still_command_and_be_forgotten(service: Service) -> None:
    forget = said("f", Choice(label="", action=Forget(sure=True)).data, kind=Kind.CHOICE)
    await service.handle(said("1"))
    await spoil(service.store, "telegram:1")
    assert [one.reply.text for one in await service.handle(said("2", "/start"))] == [UNREADABLE.text, "1", "/start"]
    await spoil(service.store, "telegram:1")
    await service.handle(forget)
    assert await count(service.store, Person) == await count(service.store, Consultation) == 0
    assert await set_aside(service.store) == []


async def test_a_purge_sets_aside_what_cannot_be_read_before_it_stumbles(service: Service) -> None:
    await service.handle(said("1"))
    await service.handle(said("2", person="telegram:2"))
    await spoil(service.store, "telegram:2")
    await service.purge()
    assert [kept.person for kept in await set_aside(service.store)] == ["telegram:2"]
    assert await count(service.store, Consultation) == 1


async def test_a_reply_that_cannot_be_read_keeps_no_other_from_its_way(service: Service) -> None:
    first, second = await service.handle(said("1"))
    async with service.store.transaction() as work:
        await work.connection.execute(text("UPDATE outbox SET reply = '{}' WHERE id = :id"), {"id": first.id})
    assert [one.id for one in await service.pending("telegram", own=True)] == [second.id]
    assert [kept.kind for kept in await set_aside(service.store)] == ["reply"]
    assert [one.id for one in await service.pending("telegram", own=True)] == [second.id]
    assert len(await set_aside(service.store)) == 1


async def set_aside(store: Store) -> list[Any]:
    async with store.reading() as connection:
        return [*await connection.execute(select(SetAside.__table__))]


async def test_a_long_message_is_read_aside_in_its_persons_order(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it but its writer; what its writer says afterwards comes afterwards."""
    gate, threads = threading.Event(), set[str]()

    def slow(session: Session, inbound: Inbound, engine: Shelf, now: datetime) -> counting.Turn:
        threads.add(threading.current_thread().name)
        if inbound.text == LONG:
            assert gate.wait(60)
        return counting.turn(session, inbound, engine, now)

    monkeypatch.setattr("conversations.office.batch.dialogue.turn", slow)
    await service.handle(said("0"))
    mine = [asyncio.create_task(service.handle(said(str(n), LONG if n == 1 else "好"))) for n in (1, 2)]
    for n in range(5):
        await service.handle(said(f"other{n}", person="telegram:2"))
    assert not any(task.done() for task in mine)
    gate.set()
    await asyncio.gather(*mine)
    await service.idle()
    assert await answers(service.store) == ["0", "1", "2"]
    assert len(threads) == 2
    assert await service.handle(said("1", LONG)) == []  # it counts once


async def test_a_long_message_is_read_anew_where_its_consultation_is_another_by_then(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.handle(said("0"))
    other = Service(counting.engine(), service.store)  # as another process is
    texts: list[str] = []

    def turn(session: Session, inbound: Inbound, engine: Shelf, now: datetime) -> counting.Turn:
        texts.append(inbound.text)
        if texts == [LONG]:
            asyncio.run_coroutine_threadsafe(other.handle(said("between")), loop).result(60)
        return counting.turn(session, inbound, engine, now)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr("conversations.office.batch.dialogue.turn", turn)
    assert len(await service.handle(said("1", LONG))) == 2
    assert texts == [LONG, "好", LONG]
    assert await answers(service.store) == ["0", "between", "1"]


async def test_a_turn_that_takes_long_is_told_of_without_its_words(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("conversations.office.batch.LONG_TURN", 0.0)
    await service.handle(said("1", "王总的话"))
    (record,) = [record for record in caplog.records if "took long" in record.getMessage()]
    assert "telegram, text, 4 characters" in record.getMessage()
    assert "王总" not in caplog.text


async def test_a_database_that_fails_loses_no_message_that_was_acknowledged(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.handle(said("1"))
    calls: list[int] = []

    async def full(self: Work, *_: object) -> None:
        calls.append(1)
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(Work, "record", full)
        results = await asyncio.gather(*(service.handle(said(str(n))) for n in range(2, 9)), return_exceptions=True)
    assert all(isinstance(result, OperationalError) for result in results)
    assert len(calls) <= 2
    assert await answers(service.store) == ["1"]
    await service.handle(said("2"))
    assert await answers(service.store) == ["1", "2"]


async def test_a_caller_that_goes_away_takes_nothing_with_it(service: Service) -> None:
    delivered: list[Outgoing] = []
    service.deliver_by("telegram", delivered.extend)
    caller = asyncio.create_task(service.handle(said("1")))
    await asyncio.sleep(0)
    caller.cancel()
    await service.idle()
    assert await answers(service.store) == ["1"]
    assert [one.reply.text for one in delivered] == ["1", "好"]


async def test_a_new_consultation_lays_the_old_one_aside(service: Service) -> None:
    await service.handle(said("1"))
    await asyncio.gather(
        service.handle(said("2", "另起")), service.handle(said("3")), service.handle(said("4", "另起"))
    )
    assert await answers(service.store) == []
    async with service.store.reading() as connection:
        rows = (await connection.execute(select(Consultation.active, Consultation.state))).all()
    assert sorted((active, [a.path for a in state.answers]) for active, state in rows) == [
        (False, ["1"]),
        (False, ["3"]),
        (True, []),
    ]


async def test_who_has_left_gets_nothing_until_they_come_back(service: Service) -> None:
    async def left() -> bool:
        async with service.store.reading() as connection:
            return await connection.scalar(select(Person.left_at)) is not None

    await service.handle(said("1"))
    assert await service.handle(said("2", kind=Kind.LEFT)) == []
    assert await left()
    assert await service.pending("telegram", own=True) == []
    assert len(await service.handle(said("3"))) == 2
    assert not await left()
    assert await answers(service.store) == ["1", "3"]


async def test_delivered_and_failed_are_remembered(service: Service) -> None:
    first, second = await service.handle(said("1"))
    await service.delivered(first.id, "901")
    await service.failed(second.id, None)
    assert await service.pending("telegram", own=True) == []
    async with service.store.reading() as connection:
        messages = await connection.execute(select(Outbox.message).order_by(Outbox.id))
    assert messages.scalars().all() == ["901", None]


@pytest.mark.slow
@pytest.mark.parametrize("step", counting.STEPS)
def test_killed_after_any_step_it_has_lost_nothing(url: str, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conversations.office.batch.dialogue.turn", counting.turn)
    status, acknowledged = counting.Process(url, "123", 1, 4, step).end()
    assert status == -9

    async def check(complete: bool) -> None:
        store = await Store.open(url)
        kept = {person: await answers(store, f"telegram:{person}") for person in "123"}
        assert {id for ids in kept.values() for id in ids} >= set(acknowledged)
        for person, ids in kept.items():
            assert ids == [f"{person}-{n}" for n in range(1, (4 if complete else len(ids)) + 1)]
        number = sum(map(len, kept.values()))
        assert [await count(store, table) for table in (Seen, Outbox, LoggedMessage)] == [
            number,
            2 * number,
            3 * number,
        ]
        await store.close()

    asyncio.run(check(complete=False))
    asyncio.run(counting.feed(url, "123", 1, 4, acknowledged.append))
    asyncio.run(check(complete=True))


@pytest.mark.slow
def test_several_processes_share_the_people(bare_url: str) -> None:
    url, ranges = bare_url, [(1, 40), (31, 70), (61, 90)]
    processes = [counting.Process(url, "12", first, last) for first, last in ranges]
    assert [process.end()[0] for process in processes] == [0, 0, 0]

    async def check() -> None:
        store = await Store.open(url)
        for person in "12":
            kept = await answers(store, f"telegram:{person}")
            assert sorted(kept) == sorted(f"{person}-{n}" for n in range(1, 91))
            for first, last in ranges:  # what only one process handed in stands in its order
                own = [id for id in kept if first + 10 <= int(id.split("-")[1]) <= last - 10]
                assert own == sorted(own, key=lambda id: int(id.split("-")[1]))
        assert await count(store, Outbox) == 2 * await count(store, Seen) == 360
        await store.close()

    asyncio.run(check())
