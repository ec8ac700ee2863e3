"""Where people stand, as it lies in the database; what cannot be read is told, and raises nothing.

Knows no transaction: that is the store's business.
"""

from collections import OrderedDict
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


KEPT = 512
"""So many consultations are at hand as they were written or read last."""


class SealedSessions:
    """Consultations' states as they lie, sealed, and those that were written or read lately, which need not be opened again.

    What lies is looked up by itself: each sealing makes another text, so whoever has changed the row, in whatever
    process, it is the state that lies there or it is read anew. For the event loop's thread.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._at_hand: OrderedDict[str, Session] = OrderedDict()

    def seal(self, session: Session) -> str:
        """The state as it is to lie."""
        state = self._vault.seal(session.model_dump_json(exclude_defaults=True))
        self._keep(state, session)
        return state

    def read(self, state: str) -> Session | Exception:
        """A state as it lies, read; the error, where it cannot be."""
        session = self._at_hand.get(state) or read_session(state, self._vault)
        if not isinstance(session, Exception):
            self._keep(state, session)
        return session

    def holds(self, person: str) -> bool:
        """Whether a state of ``person`` is at hand."""
        return any(session.person == person for session in self._at_hand.values())

    def forget(self, person: str) -> None:
        """Hold nothing of ``person`` at hand any more."""
        for state in [state for state, session in self._at_hand.items() if session.person == person]:
            del self._at_hand[state]

    def _keep(self, state: str, session: Session) -> None:
        self._at_hand[state] = session
        self._at_hand.move_to_end(state)
        if len(self._at_hand) > KEPT:
            self._at_hand.popitem(last=False)


async def standings(
    connection: AsyncConnection | InlineConnection, sessions: SealedSessions, people: Collection[str]
) -> dict[str, Standing]:
    """Where these people stand; who is not known yet is absent."""
    found: dict[str, Standing] = {}
    for person, left_at, handover, id, state in await connection.execute(
        statements.load(connection.dialect.name), {"people": list(people)}
    ):
        session = sessions.read(state) if state else None
        if isinstance(session, Exception):
            found[person] = Standing(None, left_at is not None, handover, (id, told(session)))
        else:
            found[person] = Standing(session, left_at is not None, handover)
    return found
