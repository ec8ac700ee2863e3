"""The lists of firms that the office has put to a policy: kept sealed for some days, read again by any process, deleted.

What is large is sealed and opened in a thread. Knows no page, and not how a list is computed.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select, update

from conversations.office.leads import Reader
from conversations.state.firm_lists import FirmLine, FirmUpload, MatchedFirms
from conversations.storage.store import Store, Work
from conversations.storage.tables_lists import FirmList

KEPT = timedelta(days=7)
"""How long a list is kept."""
MOST = 20
"""So many lists are kept at a time."""
_LINES: TypeAdapter[list[FirmLine]] = TypeAdapter(list[FirmLine])


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list by what stands above it; ``author`` is the key of a colleague, ``problem`` why nothing was computed."""

    id: int
    name: str
    author: str
    policy: str
    at: datetime
    expires: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What a list has come to: all together and firm by firm, or (neither) the ``problem``."""

    matched: MatchedFirms | None = None
    lines: Sequence[FirmLine] = ()
    problem: str = ""


_HEAD = (FirmList.id, FirmList.name, FirmList.author, FirmList.policy, FirmList.at, FirmList.expires, FirmList.problem)


async def every(connection: Reader, now: datetime) -> list[KeptList]:
    """All lists, the newest first."""
    chosen = select(*_HEAD).where(FirmList.expires > now).order_by(FirmList.id.desc())
    return [KeptList(*row) for row in await connection.execute(chosen)]


async def count(connection: Reader, now: datetime) -> int:
    """How many lists there are."""
    rows = await connection.execute(select(func.count()).select_from(FirmList).where(FirmList.expires > now))
    return rows.scalar_one()


async def find(connection: Reader, id: int, now: datetime) -> KeptList | None:
    """The list ``id``; None where it is not there any more."""
    row = (await connection.execute(select(*_HEAD).where(FirmList.id == id, FirmList.expires > now))).one_or_none()
    return None if row is None else KeptList(*row)


async def keep(
    store: Store, name: str, author: str, policy: str, upload: FirmUpload, computed: Computed, now: datetime
) -> int:
    """Keep a list; returns its id."""
    content = await asyncio.to_thread(_sealed, store, upload, computed)
    head = {"name": name, "author": author, "policy": policy, "at": now, "expires": now + KEPT}
    async with store.transaction() as work:
        made = insert(FirmList).values(head | content).returning(FirmList.id)
        return (await work.connection.execute(made)).scalar_one()


async def replace(store: Store, id: int, policy: str, upload: FirmUpload, computed: Computed) -> None:
    """Put what the list comes to with other columns, or under another policy, in the place of what it came to."""
    content = await asyncio.to_thread(_sealed, store, upload, computed)
    async with store.transaction() as work:
        await work.connection.execute(update(FirmList).where(FirmList.id == id).values(policy=policy, **content))


async def upload_of(store: Store, id: int) -> FirmUpload:
    """The table of a list as it came, and what its columns are."""
    async with store.reading() as connection:
        sealed: str = (await connection.execute(select(FirmList.upload).where(FirmList.id == id))).scalar_one()
    return await asyncio.to_thread(lambda: FirmUpload.model_validate_json(store.vault.open(sealed)))


async def computed_of(store: Store, id: int) -> tuple[MatchedFirms | None, list[FirmLine]]:
    """What a list has come to; None where nothing could be computed."""
    columns = (FirmList.matched, FirmList.lines)
    async with store.reading() as connection:
        matched, lines = (await connection.execute(select(*columns).where(FirmList.id == id))).one()

    def opened() -> tuple[MatchedFirms | None, list[FirmLine]]:
        if not matched:
            return None, []
        both = store.vault.open(matched), store.vault.open(lines)
        return MatchedFirms.model_validate_json(both[0]), _LINES.validate_json(both[1])

    return await asyncio.to_thread(opened)


async def remove(work: Work, id: int) -> None:
    """Delete a list, without a trace."""
    await work.connection.execute(delete(FirmList).where(FirmList.id == id))
    await work.erase()


async def purge(work: Work, now: datetime) -> None:
    """Delete the lists whose days are over."""
    await work.connection.execute(delete(FirmList).where(FirmList.expires <= now))


def _sealed(store: Store, upload: FirmUpload, computed: Computed) -> dict[str, str]:
    seal = store.vault.seal
    matched, lines = computed.matched, [*computed.lines]
    return {
        "problem": computed.problem,
        "upload": seal(upload.model_dump_json()),
        "matched": "" if matched is None else seal(matched.model_dump_json()),
        "lines": "" if matched is None else seal(_LINES.dump_json(lines, exclude_defaults=True).decode()),
    }
