"""The office's figures: what is counted while people talk, and what it comes to."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from conversations.consultation.dialogue import turn
from conversations.office import statistics
from conversations.office.statistics_wording import statistics_text
from conversations.state.messages import Inbound, Kind
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.store import Change, Store
from conversations.storage.tables import Consultation
from conversations.storage.tables_helpdesk import Happened
from tests import served, several

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
AGENCY = "我们是金水区注册的，做代运营，一年服务费260万，没领过"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    yield store
    await store.close()


async def talk(store: Store, engine: Shelf, name: str, *texts: str, at: datetime = NOW) -> Session:
    """A consultation kept as the service keeps it."""
    session = Session.begin(name, f"telegram:{name}", engine, at)
    async with store.transaction() as work:
        for number, text in enumerate(texts):
            said = Inbound(
                id=str(number),
                channel="telegram",
                person=f"telegram:{name}",
                chat="1",
                kind=Kind.TEXT,
                text=text,
                at=at,
            )
            taken = turn(session, said, engine, at)
            session = taken.session
            for event in taken.events:
                await statistics.count(work.connection, engine, session, event, at)
        await work.keep([Change(session, "telegram", active=True)], at)
    return session


async def figures(store: Store, engine: Shelf, since: date | None = None) -> statistics.Statistics:
    async with store.reading() as connection:
        return await statistics.statistics(connection, engine, since)


async def test_nothing_has_happened(store: Store, engine: Shelf) -> None:
    found = await figures(store, engine)
    assert (found.consultations.begun, found.steps, found.days) == (0, (), ())
    assert "开始 0" in statistics_text(found)


async def test_begun_finished_and_where_people_leave(store: Store, engine: Shelf) -> None:
    await talk(store, engine, "a", "/start")
    await talk(store, engine, "b", "/start", "代运营", "没有了")
    await talk(store, engine, "c", "/start", "代运营", "没有了", "是")
    done = await talk(store, engine, "d", "/start", "都没有")
    assert done.finished
    await talk(store, engine, "e", "园区和楼宇的奖能一起拿吗")
    found = await figures(store, engine)
    assert (found.consultations.begun, found.consultations.finished, found.consultations.unfinished) == (4, 1, 3)
    left = {step.question: (step.reached, step.left) for step in found.steps}
    assert left["screening"] == (4, 1)
    assert left["enterprise.registered_in_zhengzhou"] == (2, 1)
    assert sum(step.left for step in found.steps) == 3
    assert all(step.label for step in found.steps)
    assert [(day.day, day.begun, day.finished) for day in found.days] == [(date(2026, 11, 24), 4, 1)]
    assert "停在哪一题" in statistics_text(found)


async def test_programmes_by_number_and_sum_the_last_result_counting(store: Store, engine: Shelf) -> None:
    for name in ("a", "b"):
        session = await talk(store, engine, name, AGENCY)
        while session.asking is not None:
            said = Inbound(
                id="1", channel="telegram", person=session.person, chat="1", kind=Kind.TEXT, text="不清楚", at=NOW
            )
            taken = turn(session, said, engine, NOW)
            session = taken.session
            async with store.transaction() as work:
                for event in [*taken.events, *taken.events]:
                    await statistics.count(work.connection, engine, session, event, NOW)
        assert session.finished
    found = await figures(store, engine)
    agency = next(each for each in found.programmes if each.programme == "agency-operations")
    assert (agency.eligible, agency.least, agency.most) == (2, Decimal(520000), Decimal(520000))
    assert "2 家，预估 52 万元" in statistics_text(found)


async def test_questions_by_outcome_and_what_was_missed(store: Store, engine: Shelf) -> None:
    await talk(store, engine, "a", "培训费奖励多少", "高新企业认定奖励多少", "/start", "代运营", "嘟嘟嘟")
    found = await figures(store, engine)
    assert found.questions["answered"] == 1
    assert found.questions["out_of_scope"] == 1
    assert found.questions[statistics.MISSED] == 1
    assert (found.days[0].questions, found.days[0].unanswered) == (2, 2)


async def test_leads_by_their_last_state_and_the_wait_for_a_person(store: Store, engine: Shelf) -> None:
    async with store.transaction() as work:
        for about, state in (("lead:1", "new"), ("lead:2", "new"), ("lead:1", "contacted")):
            await statistics.note(work.connection, NOW, statistics.LEAD_STATE, about, state)
        for number, seconds in enumerate((60, 120, 600)):
            about = f"handover:{number}"
            await statistics.note(work.connection, NOW, statistics.HANDOVER_OPENED, about)
            later = NOW + timedelta(seconds=seconds)
            await statistics.note(work.connection, later, statistics.HANDOVER_ANSWERED, about)
            await statistics.note(work.connection, later + timedelta(hours=1), statistics.HANDOVER_ANSWERED, about)
        await statistics.note(work.connection, NOW, statistics.HANDOVER_OPENED, "handover:9")
    found = await figures(store, engine)
    assert found.leads == {"contacted": 1, "new": 1}
    assert (found.handovers.opened, found.handovers.answered, found.handovers.seconds) == (4, 3, 120.0)
    assert (found.days[0].leads, found.days[0].handovers) == (2, 4)
    assert "首次回复一般要 2 分钟" in statistics_text(found)


async def test_since_a_day_in_the_offices_time(store: Store, engine: Shelf) -> None:
    await talk(store, engine, "old", "/start", "都没有", at=datetime(2026, 11, 22, 15, 59, tzinfo=UTC))
    await talk(store, engine, "new", "/start", "都没有", at=datetime(2026, 11, 22, 16, 1, tzinfo=UTC))
    found = await figures(store, engine, date(2026, 11, 23))
    assert (found.consultations.begun, [day.day for day in found.days]) == (1, [date(2026, 11, 23)])
    assert (await figures(store, engine)).consultations.begun == 2


@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_is_deleted_still_counts_and_nothing_personal_stays(
    store: Store, engine: Shelf, forgotten: bool
) -> None:
    await talk(store, engine, "id-1", "/start", "代运营")
    before = await figures(store, engine)
    async with store.transaction() as work:
        if forgotten:
            await statistics.forget(work.connection, "telegram:id-1")
        else:
            await statistics.remember_idle(work.connection, NOW + timedelta(days=1))
        await work.connection.execute(delete(Consultation))
        rows = [str(row) for row in await work.connection.execute(select(Happened))]
    after = await figures(store, engine)
    assert (after.consultations, after.steps) == (before.consultations, before.steps)
    assert not any("telegram" in row or (forgotten and "id-1" in row) for row in rows)


async def test_questions_are_counted_by_the_document_that_they_are_about(store: Store) -> None:
    shelf = several.shelf()
    await talk(store, shelf, "a", "/start", "只看1", "网络零售额要多少才有奖励", "种粮补贴多少", "嘟嘟嘟")
    await talk(store, shelf, "b", "种粮补贴多少", "首台套装备奖励多少")
    found = {each.policy: (each.asked, each.unanswered) for each in (await figures(store, shelf)).documents}
    assert found == {several.IDS[0]: (2, 1), several.IDS[1]: (1, 0), several.IDS[2]: (0, 0)}
    told = statistics_text(await figures(store, shelf))
    assert f"• {served.policy(several.IDS[0]).name}：问了 2 次，没有答案 1 次" in told
    assert "各份文件的提问" not in statistics_text(await figures(store, served.shelf(several.IDS[0])))
