"""Whole consultations over Telegram with a real process: they end in the total that ``wence assess`` computes."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.botapi import Callback
from tests.e2e.applicant import BACK, NONE, UNKNOWN, WHY, Applicant, asks, is_result, open_buttons
from tests.e2e.cases import AGENCY, NAMED, NOTHING, anybody, case, total
from tests.e2e.house import House
from tests.e2e.process import assess

pytestmark = pytest.mark.asyncio(loop_scope="session")


def said(applicant: Applicant) -> str:
    """Everything the bot has said since the person's last act."""
    person = applicant.person
    return "\n".join(m.text for m in person.messages if m.revision > person.mark)


async def everybody_gets_their_total(house: House, folder: Path, seed: int) -> None:
    """Many enterprises at once, by buttons and in words, and every one gets its own total."""
    rng = random.Random(seed)
    applicants = [
        await house.applicant(facts, words=words, name=f"企业{seed}")
        for words in (False, True)
        for facts in [*NAMED.values(), *(anybody(rng) for _ in range(6))]
    ]
    async with asyncio.TaskGroup() as group:
        for applicant in applicants:
            group.create_task(applicant.consult())
    assessments = await assess([applicant.case for applicant in applicants], folder)
    for applicant, assessed in zip(applicants, assessments, strict=True):
        if any(claim["status"] != "ineligible" for claim in assessed["claims"]):
            assert total(assessed) in said(applicant), (applicant.case, applicant.person.transcript())


async def test_the_total_is_what_assess_computes(house: House, tmp_path: Path) -> None:
    await everybody_gets_their_total(house, tmp_path, 1)


async def test_the_total_by_polling(polling_house: House, tmp_path: Path) -> None:
    await everybody_gets_their_total(polling_house, tmp_path, 2)
    assert await polling_house.serve.stop() == 0


async def test_few_messages_from_start_to_result(house: House) -> None:
    agency = await house.applicant(AGENCY)
    await agency.consult()
    assert agency.acts <= 7
    nothing = await house.applicant(NOTHING)
    await nothing.consult()
    assert nothing.acts <= 3


async def test_a_description_is_shown_back_and_not_asked_again(house: House, tmp_path: Path) -> None:
    facts = case(agency_operator=True, agency_service_fee=920000, demonstration_level="provincial")
    applicant = await house.applicant(facts)
    await applicant.person.send("我们注册在郑州，做网店代运营，去年服务费九十二万，另外去年评上省级电商示范企业了")
    first = await applicant.next()
    assert "92 万元" in said(applicant)
    result = await applicant.go_on(first)
    asked = [applicant.about(m) for m in applicant.person.messages if m is not result]
    assert house.policy.fact("enterprise.agency_service_fee") not in asked
    assert total((await assess([facts], tmp_path))[0]) in said(applicant)


async def test_an_edited_answer_changes_the_result_and_nothing_else(house: House, tmp_path: Path) -> None:
    applicant = await house.applicant(AGENCY)
    await applicant.consult()
    person = applicant.person
    await person.send("/edit")
    listed = await person.wait_for(check=asks)
    fee = house.policy.fact("enterprise.agency_service_fee")
    await person.press(fee.label[:6], listed)
    question = await applicant.next()
    assert applicant.about(question) == fee
    await person.send("五百万")
    assert is_result(await applicant.next())
    changed = case(agency_operator=True, agency_service_fee=5000000)
    assert total((await assess([changed], tmp_path))[0]) in said(applicant)


async def test_an_edited_message_offers_to_change_that_answer(house: House) -> None:
    applicant = await house.applicant(AGENCY, words=True)
    await applicant.consult()
    person = applicant.person
    typed = next(m for m in person.chat.messages.values() if "260" in m.text and m.sender == person.user)
    await person.edit(typed, "500万")
    await person.wait_for(check=lambda m: bool(m.keyboard))
    assert "260 万元" in said(applicant) or "500 万元" in said(applicant)


async def test_an_old_button_is_answered_and_changes_nothing(house: House) -> None:
    applicant = await house.applicant(AGENCY)
    person = applicant.person
    await person.send("/start")
    first = await applicant.next()
    old = open_buttons(first)
    second = await applicant.answer(first)
    before = second.text
    press = await person.press_data(first, old[NONE])
    await person.wait_until(lambda: press.answer is not None)
    result = await applicant.go_on(second)
    assert second.text == before
    assert total({"total": {"min": 260000, "max": 260000}}) in result.text + said(applicant)


async def test_a_question_in_the_middle_keeps_the_place(house: House) -> None:
    applicant = await house.applicant(AGENCY)
    person = applicant.person
    await person.send("/start")
    question = await applicant.answer(await applicant.next())
    open_fact = applicant.about(question)
    await person.send("园区和楼宇的奖能一起拿吗？")
    again = await applicant.next()
    assert house.policy.clause("3.11").citation in said(applicant)  # type: ignore[operator]
    assert applicant.about(again) == open_fact
    assert is_result(await applicant.go_on(again))


async def test_why_back_and_unknown(house: House) -> None:
    applicant = await house.applicant(AGENCY)
    person = applicant.person
    await person.send("/start")
    second = await applicant.answer(await applicant.next())
    third = await applicant.answer(second)
    await person.press_data(third, open_buttons(third)[WHY])
    why = await applicant.next()
    assert house.policy.clause("3.6").citation in said(applicant)  # type: ignore[operator]
    assert open_buttons(why) == open_buttons(third)
    await person.press_data(third, open_buttons(third)[BACK])
    again = await applicant.next()
    assert applicant.about(again) == applicant.about(second)
    unsure = await applicant.answer(again)
    assert applicant.about(unsure) == applicant.about(third)
    press = await person.press_data(unsure, open_buttons(unsure)[UNKNOWN])
    assert is_result(await applicant.go_on(await applicant.next()))
    assert isinstance(press, Callback)
    assert press.answer is not None
