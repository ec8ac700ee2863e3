"""Where people stand, as it lies in the database; what cannot be read is told, and raises nothing.

Knows no transaction: that is the store's business.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.state.session import Session
from conversations.storage import statements
from conversations.storage.faults import told
from conversations.storage.sqlite_writer import InlineConnection
from conversations.storage.vault import Vault, VaultError


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands: the active consultation, if there is one, and whether the bot is blocked.

    ``handover`` is the one that is open: the person is with staff. ``unreadable`` are the id of the active consultation
    and what is wrong with it, where it cannot be read.
    """

    session: Session | None
    left: bool
    handover: int | None = None
    unreadable: tuple[str, str] | None = None


def read_session(state: str, vault: Vault) -> Session | Exception:
    """A consultation's state as it lies, read; the error, where it cannot be."""
    try:
        return Session.model_validate_json(vault.open(state))
    except (ValueError, VaultError) as error:
        return error


async def standings(
    connection: AsyncConnection | InlineConnection, vault: Vault, people: Collection[str]
) -> dict[str, Standing]:
    """Where these people stand; who is not known yet is absent."""
    found: dict[str, Standing] = {}
    for person, left_at, handover, id, state in await connection.execute(statements.LOAD, {"people": list(people)}):
        session = read_session(state, vault) if state else None
        if isinstance(session, Exception):
            found[person] = Standing(None, left_at is not None, handover, (id, told(session)))
        else:
            found[person] = Standing(session, left_at is not None, handover)
    return found
