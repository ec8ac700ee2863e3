"""What is kept: people, consultations, seen updates, the outbox, the message log, as declarative SQLAlchemy classes.

The hot path uses them through Core statements (``conversations.storage.store``); an office desk can use the classes. This is
also the one place where what people say becomes text for the database and comes back (``Stored``, ``Sealed``), so it is
here that it is encrypted, with the vault bound to the engine's dialect. Knows no policy and no channel.
"""

from datetime import UTC, datetime
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from conversations.state.messages import Reply
from conversations.state.session import Session
from conversations.storage.vault import Vault

M = TypeVar("M", bound=BaseModel)


_vaults: "WeakKeyDictionary[Dialect, Vault]" = WeakKeyDictionary()


def bind_vault(dialect: Dialect, vault: Vault) -> None:
    """Seal and open with ``vault`` whatever passes through the engine that ``dialect`` belongs to."""
    _vaults[dialect] = vault


def vault_of(dialect: Dialect) -> Vault:
    """The vault that is bound to ``dialect``, for migrations that make digests of what is there."""
    return _vaults[dialect]


class Sealed(TypeDecorator[str]):
    """Text that lies encrypted."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _vaults[dialect].seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _vaults[dialect].open(value)


class Stored(TypeDecorator[M], Generic[M]):
    """A pydantic model kept as encrypted JSON, without what equals the default."""

    impl = Text
    cache_ok = True

    def __init__(self, model: type[M]) -> None:
        super().__init__()
        self.model = model

    def process_bind_param(self, value: M | None, dialect: Dialect) -> str | None:
        return None if value is None else _vaults[dialect].seal(value.model_dump_json(exclude_defaults=True))

    def process_result_value(self, value: str | None, dialect: Dialect) -> M | None:
        return None if value is None else self.model.model_validate_json(_vaults[dialect].open(value))


class Moment(TypeDecorator[datetime]):
    """A point in time, aware and in UTC on both databases (SQLite by itself forgets the zone).

    One without a zone, as the desk's filters give it, is taken for UTC, wherever this machine is.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC) if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite counts rows by itself only where the key is its INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")


class Table(DeclarativeBase):
    """The base of all tables; its metadata is what the migrations must lead to."""


class Person(Table):
    """A conversation partner. ``left_at`` is set while the person has blocked the bot: nothing can be sent."""

    __tablename__ = "people"

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    chat: Mapped[str] = mapped_column(Text)
    """Where the person was first met, a private chat as a rule."""
    first_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    handover: Mapped[int | None] = mapped_column(Serial)
    """The hand-over that is open: what the person writes goes to staff."""


class Consultation(Table):
    """One consultation of a person; the active one (at most one a person) is where the next message goes."""

    __tablename__ = "consultations"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    active: Mapped[bool]
    state: Mapped[Session] = mapped_column(Stored(Session))
    policy: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    begun: Mapped[datetime] = mapped_column(Moment)
    touched: Mapped[datetime] = mapped_column(Moment)
    finished: Mapped[datetime | None] = mapped_column(Moment)
    """When a result was first reached."""

    __table_args__ = (
        Index(
            "ix_consultations_active",
            "person",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        Index("ix_consultations_touched", "touched"),
    )


class Seen(Table):
    """An update that has been taken in. A set, since updates can come twice and out of order; purged by age.

    An ``id`` that the writer has made (``Inbound.theirs``) lies as its keyed digest, and goes with the ``person``.
    """

    __tablename__ = "seen"

    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    person: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "ix_seen_person",
            "person",
            sqlite_where=text("person IS NOT NULL"),
            postgresql_where=text("person IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )


class Outbox(Table):
    """What has been said but perhaps not yet delivered, in order of ``id`` within a chat.

    ``worker`` is the process that delivers the row; ``next_at`` is when another may take it over (the process is
    gone), ``retry_at`` after a failure the time before which nobody tries again. ``done_at`` is set once it is delivered
    (``message`` is then the channel's id of it) or given up (``message`` is null). ``about`` names what the message
    shows ("lead:7"), so that it can be found again; such a row stays as long as that. A row without a person goes as
    soon as it is delivered.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    chat: Mapped[str] = mapped_column(Text)
    thread: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[Reply] = mapped_column(Stored(Reply))
    attempts: Mapped[int]
    worker: Mapped[str | None] = mapped_column(Text)
    next_at: Mapped[datetime] = mapped_column(Moment)
    retry_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    message: Mapped[str | None] = mapped_column(Text)
    about: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "ix_outbox_about",
            "about",
            sqlite_where=text("about IS NOT NULL"),
            postgresql_where=text("about IS NOT NULL"),
        ),
        Index("ix_outbox_person", "person"),
        Index(
            "ix_outbox_due",
            "channel",
            "chat",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )


class LoggedMessage(Table):
    """The log of what was said: ``incoming`` by the person (``kind`` of the inbound), else by the bot.

    ``text`` is how it reads: of a button pressed, its label. ``shown`` is what a reply had beside its text that holds
    at any later time: buttons that belong to no question, a file.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(Text)
    incoming: Mapped[bool]
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Sealed)
    shown: Mapped[Reply | None] = mapped_column(Stored(Reply))
    at: Mapped[datetime] = mapped_column(Moment, index=True)

    __table_args__ = (Index("ix_messages_person", "person", "id"),)


class KeyCheck(Table):
    """One row, sealed with the key in use: it opens or the key is wrong."""

    __tablename__ = "key_check"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    token: Mapped[str] = mapped_column(Text)
