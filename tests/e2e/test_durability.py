"""A consultation outlives whatever happens to the process and to the network: nothing is lost, nothing counts twice."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.applicant import asks, is_result
from tests.e2e.cases import AGENCY, MANY, total
from tests.e2e.house import House
from tests.e2e.process import assess
from tests.e2e.together import consult_together

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_goes_on_after_a_restart(mortal_house: House, tmp_path: Path) -> None:
    applicant = await mortal_house.applicant(MANY)
    await applicant.person.send("/start")
    question = await applicant.answer(await applicant.next())
    for _ in range(3):
        question = await applicant.answer(question)
    assert await mortal_house.serve.stop() == 0
    await mortal_house.serve.start()
    assert is_result(await applicant.go_on(question))
    await applicant.person.wait_for(total((await assess([MANY], tmp_path))[0]), since=0)


async def test_kill_at_any_moment(either_house: House, tmp_path: Path) -> None:
    """The process is killed again and again while two people talk to it; both end with the right total."""
    rng = random.Random(7)

    async def kill() -> None:
        for _ in range(2):
            await asyncio.sleep(rng.uniform(0.01, 0.15))
            await either_house.serve.restart()

    killer = asyncio.create_task(kill())
    await consult_together([await either_house.applicant(MANY, words=words) for words in (False, True)], tmp_path)
    await killer


async def test_kill_with_updates_waiting(mortal_house: House) -> None:
    """Killed after a few of many updates: everybody is answered all the same."""
    people = [await mortal_house.person() for _ in range(20)]
    for person in people:
        await person.send("/start")
    await people[0].wait_for()
    await mortal_house.serve.restart()
    for person in people:
        await person.wait_for(check=asks)


async def test_kill_between_commit_and_reply(mortal_house: House) -> None:
    """The reply is on its way when the process dies; it leaves again from the outbox."""
    person = await mortal_house.person()
    sent = mortal_house.telegram.count("sendMessage")
    mortal_house.telegram.fail("sendMessage", delay=30)
    await person.send("/start")
    await person.wait_until(lambda: mortal_house.telegram.count("sendMessage") > sent)
    await person.wait_until(lambda: not mortal_house.telegram.world.updates.pending)
    await mortal_house.serve.restart()
    await person.wait_for(check=asks)


async def test_an_update_delivered_twice_counts_once(house: House, tmp_path: Path) -> None:
    once, twice = await house.applicant(MANY), await house.applicant(MANY)
    await consult_together([once], tmp_path)
    house.telegram.deliver_twice(1000)
    await consult_together([twice], tmp_path)
    house.telegram.deliver_twice(0)
    await twice.person.wait_until(lambda: not house.telegram.world.updates.pending)
    assert [m.text for m in twice.person.messages] == [m.text for m in once.person.messages]


async def test_updates_out_of_order(house: House) -> None:
    people = [await house.person() for _ in range(3)]
    with house.telegram.out_of_order():
        for person in people:
            await person.send("/start")
    for person in people:
        await person.wait_for(check=asks)


FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 429, "retry_after": 1},
    {"status": 500},
    {"status": 502},
    {"reset": True},
    {"reset": True, "after": True},
    {"delay": 0.3},
)


async def test_faults_in_the_middle(house: House, tmp_path: Path) -> None:
    """Each kind of fault strikes each kind of call of somebody's consultation; all end with the right total."""
    applicants = [await house.applicant(MANY) for _ in FAULTS]
    for applicant, fault in zip(applicants, FAULTS, strict=True):
        for method in ("sendMessage", "editMessageText", "editMessageReplyMarkup"):
            house.telegram.fail(method, **fault, chat=applicant.person.id, times=2)
        house.telegram.fail("answerCallbackQuery", **fault)
    await consult_together(applicants, tmp_path)


async def test_a_chat_that_must_wait_halts_nobody_else(house: House) -> None:
    waiting, other = await house.person(), await house.applicant(AGENCY)
    house.telegram.fail("sendMessage", status=429, retry_after=60, chat=waiting.id)
    await waiting.send("/start")
    await waiting.wait_until(lambda: any(call.status == 429 for call in house.telegram.calls))
    assert is_result(await other.consult())
    assert waiting.messages == []


async def test_telegram_is_away_for_a_while(polling_house: House) -> None:
    """At the start and while polling: the process asks again and goes on."""
    person = await polling_house.person()
    await polling_house.serve.kill()
    polling_house.telegram.fail("getMe", status=502)
    polling_house.telegram.fail("getUpdates", reset=True)
    await person.send("/start")
    await polling_house.serve.start()
    await person.wait_for(check=asks)
    assert await polling_house.serve.stop() == 0
