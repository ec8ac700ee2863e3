"""Staff at the queue of unanswered questions: the list by frequency, one answer for all who asked, marks, in buttons.

Who is staff is known before anything comes here. Sends nothing by itself: gives the messages to be sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from conversations.office import helpdesk_wording as wording
from conversations.office import unanswered
from conversations.office.unanswered import Group, How, QuestionState
from conversations.state.actions import QuestionDo, QuestionVerb
from conversations.state.messages import Inbound, Reply
from conversations.storage.store import Addressed, Work
from conversations.storage.tables_helpdesk import Writing

PATIENCE = timedelta(hours=1)
"""How long an answer is waited for."""
_CANCEL = frozenset({"取消", "算了", "不写了", "放弃"})


async def show(work: Work, inbound: Inbound, number: int = 0, *, edit: bool = False) -> list[Addressed]:
    """A page of the list; ``edit``: in the place of the one whose button was pressed."""
    groups = await unanswered.groups(work.connection)
    message = inbound.message if edit else None
    if not groups:
        return [Addressed.to(inbound, Reply(text=wording.NO_QUESTIONS, edit=message))]
    number = max(0, min(number, (len(groups) - 1) // wording.PAGE))
    choices = wording.page_buttons(groups, number)
    return [Addressed.to(inbound, Reply(text=wording.page(groups, number), choices=choices, edit=message))]


async def press(work: Work, inbound: Inbound, action: QuestionDo, now: datetime) -> list[Addressed]:
    """A button about a group of questions."""
    found = await unanswered.group(work.connection, action.question)
    if action.verb is QuestionVerb.CANCEL:
        await _stop(work, inbound.person)
        return [Addressed.to(inbound, Reply(text=wording.CANCELLED))]
    if found is None:
        return [Addressed.to(inbound, Reply(text=wording.SETTLED))]
    match action.verb:
        case QuestionVerb.WRITE:
            return await _begin(work, inbound, found, now)
        case QuestionVerb.SEND:
            return await _send(work, inbound, found, now)
        case QuestionVerb.FOREIGN:
            await unanswered.settle(work.connection, found, QuestionState.FOREIGN, inbound.person, now)
            return [Addressed.to(inbound, Reply(text=wording.FOREIGN)), *await show(work, inbound)]
        case QuestionVerb.DONE:
            await unanswered.settle(work.connection, found, QuestionState.DONE, inbound.person, now)
            return [Addressed.to(inbound, Reply(text=wording.DONE)), *await show(work, inbound)]


async def written(work: Work, inbound: Inbound, now: datetime) -> list[Addressed] | None:
    """A text of staff who may be about to write an answer; None where they are not."""
    row = (
        await work.connection.execute(
            select(Writing.question, Writing.at).where(Writing.person == inbound.person, Writing.text.is_(None))
        )
    ).one_or_none()
    text = inbound.text.strip()
    if row is None or not text or text.startswith("/") or row[1] < now - PATIENCE:
        return None
    if text in _CANCEL:
        await _stop(work, inbound.person)
        return [Addressed.to(inbound, Reply(text=wording.CANCELLED))]
    found = await unanswered.group(work.connection, row[0])
    if found is None:
        await _stop(work, inbound.person)
        return [Addressed.to(inbound, Reply(text=wording.SETTLED))]
    await work.connection.execute(update(Writing).where(Writing.person == inbound.person).values(text=text, at=now))
    people = len(await unanswered.reachable(work.connection, found))
    shown = wording.to_asker(found.text, text, reported=False)
    return [
        Addressed.to(
            inbound,
            Reply(text=wording.CONFIRM.format(people=people, shown=shown), choices=wording.confirm_buttons(found.id)),
        )
    ]


async def answer_all(work: Work, group: Group, answer: str, who: str, now: datetime) -> list[Addressed]:
    """Settle ``group`` with ``answer`` by ``who``; returns what goes to those who asked and can be reached."""
    askers = await unanswered.reachable(work.connection, group)
    await unanswered.settle(work.connection, group, QuestionState.ANSWERED, who, now, answer)
    return [
        Addressed(
            one.person,
            one.channel,
            one.chat,
            one.thread,
            Reply(text=wording.to_asker(one.text, answer, reported=one.how is How.REPORTED)),
        )
        for one in askers
    ]


async def _begin(work: Work, inbound: Inbound, group: Group, now: datetime) -> list[Addressed]:
    await _stop(work, inbound.person)
    await work.connection.execute(
        insert(Writing), {"person": inbound.person, "question": group.id, "text": None, "at": now}
    )
    people = len(await unanswered.reachable(work.connection, group))
    questions = "\n".join(f"> {' '.join(text.split())}" for text in group.variants)
    return [Addressed.to(inbound, Reply(text=wording.WRITE.format(people=people, questions=questions)))]


async def _send(work: Work, inbound: Inbound, group: Group, now: datetime) -> list[Addressed]:
    found = select(Writing.text).where(Writing.person == inbound.person, Writing.question == group.id)
    answer = await work.connection.scalar(found)
    if not answer:
        return [Addressed.to(inbound, Reply(text=wording.SETTLED))]
    await _stop(work, inbound.person)
    sent = await answer_all(work, group, answer, inbound.person, now)
    told = wording.SENT.format(people=len(sent)) if sent else wording.NOBODY
    return [Addressed.to(inbound, Reply(text=told)), *sent]


async def _stop(work: Work, person: str) -> None:
    await work.connection.execute(delete(Writing).where(Writing.person == person))
