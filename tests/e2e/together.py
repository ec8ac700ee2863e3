"""Several people at once: they consult to the end, and what they said is counted."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from conversations.storage.store import Store
from conversations.storage.tables import LoggedMessage
from tests.e2e.applicant import Applicant
from tests.e2e.cases import total
from tests.e2e.process import assess


async def consult_together(applicants: Sequence[Applicant], folder: Path) -> None:
    """All consult at once, and each has seen the total that ``wence assess`` computes."""
    async with asyncio.TaskGroup() as group:
        for applicant in applicants:
            group.create_task(applicant.consult())
    for applicant, assessed in zip(applicants, await assess([a.case for a in applicants], folder), strict=True):
        await applicant.person.wait_for(total(assessed), since=0)


async def times_heard(store: Store) -> dict[str, int]:
    """How many messages of each person count."""
    heard = select(LoggedMessage.person, func.count().label("times")).where(LoggedMessage.incoming)
    async with store.reading() as connection:
        return {row.person: row.times for row in await connection.execute(heard.group_by(LoggedMessage.person))}
