"""Backups and the way back, for the command line: the storage's part, and that nobody comes back who wished to go.

Decides nothing about what is kept.
"""

from collections.abc import Iterable

from bot.settings import Settings
from conversations.office import forgotten, personal_data
from conversations.storage.store import Store


async def forget_again(settings: Settings, log: Iterable[str]) -> int:
    """Delete all that is kept of those who wished it by what stands in ``log``; returns how many that were."""
    wishes = forgotten.read(log)
    store = await Store.open(settings.database_url, data_key=settings.data_key.get_secret_value())
    try:
        async with store.transaction() as work:
            people = await forgotten.still_here(work.connection, work.vault, wishes)
            for person in people:
                await personal_data.erase(work, person)  # what was shown of them has been taken away at the time
        await store.leave_no_trace()
    finally:
        await store.close()
    return len(people)
