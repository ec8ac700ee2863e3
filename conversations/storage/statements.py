"""The statements of the store that many messages use, each built once. The two dialects differ in three of them.

Knows the tables; what the statements are for is said where they are used.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.sql.selectable import TypedReturnsRows

from conversations.storage.tables import Consultation, LoggedMessage, Moment, Outbox, Person, Seen, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(person, 0))"
    " FROM (SELECT unnest(CAST(:people AS text[])) AS person ORDER BY 1) AS people"
)
RAW_STATE = type_coerce(Consultation.state, Text)
"""A consultation's state as it lies: one that cannot be read shall be nobody's trouble but its person's."""
RAW_REPLY = type_coerce(Outbox.reply, Text)
_LOAD = select(Person.person, Person.left_at, Person.handover, Consultation.id, RAW_STATE).join_from(
    Person, Consultation, and_(Consultation.person == Person.person, Consultation.active), isouter=True
)
GREET = insert(Person)
LEFT = update(Person).where(Person.person == bindparam("who")).values(left_at=bindparam("at"))
RECORD = insert(LoggedMessage)
BUSY = (
    select(Outbox.channel, Outbox.chat)
    .distinct()
    .where(
        Outbox.chat.in_(bindparam("chats", expanding=True)),
        Outbox.done_at.is_(None),
        or_(Outbox.worker.is_(None), Outbox.worker != bindparam("me")),
    )
)
SEND = insert(Outbox).returning(Outbox.id, sort_by_parameter_order=True)
DONE = update(Outbox).where(Outbox.id == bindparam("row")).values(done_at=bindparam("at"), message=bindparam("said"))
TRACELESS = delete(Outbox).where(Outbox.id.in_(bindparam("rows", expanding=True)), Outbox.person == "")
AGAIN = (
    update(Outbox)
    .where(Outbox.id == bindparam("row"))
    .values(attempts=Outbox.attempts + 1, next_at=bindparam("at"), retry_at=bindparam("at"))
)
_UNTIL = bindparam("until", type_=Moment())
RENEW = (
    update(Outbox)
    .where(Outbox.id == bindparam("row"), Outbox.worker == bindparam("me"), Outbox.done_at.is_(None))
    .values(next_at=case((Outbox.next_at < _UNTIL, _UNTIL), else_=Outbox.next_at))
)
DROP = (
    update(Outbox)
    .where(Outbox.channel == bindparam("its_channel"), Outbox.chat == bindparam("its_chat"), Outbox.done_at.is_(None))
    .values(done_at=bindparam("at"))
)


def insert_into(dialect: str, table: type[Table]) -> "sqlite.Insert | postgresql.Insert":
    """An insert in ``dialect``, which can say what to do with a row that is there."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # slow to import, and most use one dialect

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


# PostgreSQL is given many values as one array: else each number of them were a statement of its own, which the server
# has to read and plan before it runs.


@cache
def load(dialect: str) -> "Select[*tuple[Any, ...]]":
    """Where ``people`` stand."""
    if dialect == "postgresql":
        return _LOAD.where(Person.person == any_(bindparam("people", type_=ARRAY(Text))))
    return _LOAD.where(Person.person.in_(bindparam("people", expanding=True)))


ADMIT = text(
    "INSERT INTO seen (channel, id, at, person) SELECT channel, id, :at, person"
    " FROM unnest(CAST(:channels AS text[]), CAST(:ids AS text[]), CAST(:persons AS text[])) AS told(channel, id, person)"
    " ON CONFLICT DO NOTHING RETURNING channel, id"
).bindparams(bindparam("at", type_=Moment()))


@cache
def admit(dialect: str) -> TypedReturnsRows[str, str]:
    """Note updates; returns those that were not noted before. PostgreSQL has ``ADMIT`` for it."""
    return insert_into(dialect, Seen).on_conflict_do_nothing().returning(Seen.channel, Seen.id)


@cache
def keep(dialect: str) -> "sqlite.Insert | postgresql.Insert":
    """Save consultations; the first time that one is finished stays."""
    insert = insert_into(dialect, Consultation).values(state=bindparam("state", type_=Text))
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[Consultation.id],
        set_={
            "active": new.active,
            "state": new.state,
            "policy": new.policy,
            "version": new.version,
            "touched": new.touched,
            "finished": func.coalesce(Consultation.finished, new.finished),
        },
    )
