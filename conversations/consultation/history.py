"""What a person may see again of their own consultation: the message log, and the question that is open now.

For channels that draw a conversation anew (a page that is loaded again), and for replies that were not there yet when
the person looked last. Reads only; renders nothing.
"""

from dataclasses import dataclass

from sqlalchemy import select

from conversations.saying import questions, registration
from conversations.state.messages import Reply
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf
from conversations.storage.standings import standings
from conversations.storage.store import Store
from conversations.storage.tables import LoggedMessage


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log: what the person said (``incoming``), or what was said to them.

    ``shown`` is what a reply showed beside its text, without the buttons of a question: those are the open question's
    business.
    """

    id: int
    incoming: bool
    text: str
    shown: Reply | None


@dataclass(frozen=True, slots=True)
class History:
    """Lines in their order (``earlier``: there are more before them), and the open question as it is put now."""

    entries: tuple[LogEntry, ...]
    question: Reply | None
    earlier: bool = False


async def history(store: Store, shelf: Shelf, person: str, after: int = 0, most: int = 200) -> History:
    """What ``person`` may see after the log's line ``after``: the last ``most`` lines. Raises SQLAlchemy's errors."""
    lines = (
        select(LoggedMessage.id, LoggedMessage.incoming, LoggedMessage.text, LoggedMessage.shown)
        .where(LoggedMessage.person == person, LoggedMessage.id > after)
        .order_by(LoggedMessage.id.desc())
        .limit(most + 1)
    )
    async with store.glance() as connection:
        rows = (await connection.execute(lines)).all()
        standing = (await standings(connection, store.vault, [person])).get(person)
    entries = tuple(LogEntry(*row) for row in reversed(rows[:most]))
    return History(entries, open_question(standing and standing.session, shelf), len(rows) > most)


async def entry(store: Store, person: str, id: int) -> LogEntry | None:
    """The line ``id`` of the log, None where it is not ``person``'s."""
    line = select(LoggedMessage.id, LoggedMessage.incoming, LoggedMessage.text, LoggedMessage.shown)
    async with store.glance() as connection:
        row = (
            await connection.execute(line.where(LoggedMessage.person == person, LoggedMessage.id == id))
        ).one_or_none()
    return None if row is None else LogEntry(*row)


def open_question(session: Session | None, shelf: Shelf) -> Reply | None:
    """The question that ``session`` waits for, with the buttons that are valid now; None where it waits for none."""
    if session is None or (session.policy, session.policy_version) != (shelf.policy.id, shelf.policy.version):
        return None  # of an older policy: the next message moves the consultation to this one, and puts it anew
    if session.form is not None:
        return registration.question(shelf, session.form)
    if session.asking is None:
        return None
    return questions.question(session, shelf, derive(session, shelf))
