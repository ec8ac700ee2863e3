"""Tables of the hand-over to a person: who is with staff, where in the staff chat that is, and where chats have gone.

Who is with staff now is noted with the person too (``Person.handover``), so that an ordinary message costs no look-up
here. Knows no policy and no channel.
"""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Moment, Sealed, Serial, Table


class Handover(Table):
    """A person who asked for one: open until ``closed``; opened again where staff write later.

    ``channel``, ``chat`` and ``thread`` are the person's place, ``name`` what they are called there. ``touched`` is the
    last word of either side, ``waiting`` the first word (or wish) of the person that staff have not answered yet,
    ``answered`` the first answer.
    """

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Sealed)
    channel: Mapped[str] = mapped_column(Text)
    chat: Mapped[str] = mapped_column(Text)
    thread: Mapped[str | None] = mapped_column(Text)
    opened: Mapped[datetime] = mapped_column(Moment)
    touched: Mapped[datetime] = mapped_column(Moment)
    waiting: Mapped[datetime | None] = mapped_column(Moment)
    answered: Mapped[datetime | None] = mapped_column(Moment)
    closed: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_handovers_person", "person", "id"),
        Index(
            "ix_handovers_open",
            "touched",
            sqlite_where=text("closed IS NULL"),
            postgresql_where=text("closed IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )


class HandoverPlace(Table):
    """Where a person's hand-overs are in a staff chat: the topic ``thread``, or the replies to the message ``root``."""

    __tablename__ = "handover_places"

    chat: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[str] = mapped_column(Text, primary_key=True)
    thread: Mapped[str | None] = mapped_column(Text)
    root: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_handover_places_thread", "chat", "thread"),)


class MovedChat(Table):
    """A chat that has another id now."""

    __tablename__ = "moved_chats"

    old: Mapped[str] = mapped_column(Text, primary_key=True)
    new: Mapped[str] = mapped_column(Text)
