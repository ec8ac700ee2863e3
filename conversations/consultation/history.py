"""What a person may see again of their own consultation: the message log, and the question that is open now.

For channels that draw a conversation anew (a page that is loaded again), and for replies that were not there yet when
the person looked last. Reads only; renders nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Integer, bindparam, select

from conversations.saying import questions, registration
from conversations.state.messages import Reply
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf
from conversations.storage.standings import standings
from conversations.storage.store import Store
from conversations.storage.tables import LoggedMessage
from conversations.storage.tables_handover import Handover

_LINE = select(LoggedMessage.id, LoggedMessage.incoming, LoggedMessage.text, LoggedMessage.shown)
_LINES = (
    _LINE.where(LoggedMessage.person == bindparam("person"), LoggedMessage.id > bindparam("after"))
    .order_by(LoggedMessage.id.desc())
    .limit(bindparam("most", type_=Integer))
)


class WithStaff(StrEnum):
    """How it stands with a person who is with staff."""

    WAITING = "waiting"
    ANSWERED = "answered"


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
    """Lines in their order (``earlier``: there are more before them), and the open question as it is put now.

    ``with_staff`` is None where the bot has the consultation; else there is no open question.
    """

    entries: tuple[LogEntry, ...]
    question: Reply | None
    earlier: bool = False
    with_staff: WithStaff | None = None


async def history(store: Store, shelf: Shelf, person: str, after: int = 0, most: int = 200) -> History:
    """What ``person`` may see after the log's line ``after``: the last ``most`` lines. Raises SQLAlchemy's errors."""
    which = {"person": person, "after": after, "most": most + 1}
    async with store.glance() as connection:
        rows = (await connection.execute(_LINES, which)).all()
        standing = (await standings(connection, store.sessions, [person])).get(person)
        answered = None
        if standing is not None and standing.handover is not None:
            first = select(Handover.answered).where(Handover.id == standing.handover)
            answered = (await connection.execute(first)).one_or_none()
    entries = tuple(LogEntry(*row) for row in reversed(rows[:most]))
    if answered is not None:
        return History(entries, None, len(rows) > most, WithStaff.ANSWERED if answered[0] else WithStaff.WAITING)
    return History(entries, open_question(standing and standing.session, shelf), len(rows) > most)


async def entry(store: Store, person: str, id: int) -> LogEntry | None:
    """The line ``id`` of the log, None where it is not ``person``'s."""
    async with store.glance() as connection:
        row = (
            await connection.execute(_LINE.where(LoggedMessage.person == person, LoggedMessage.id == id))
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
