"""Tables of the helpdesk: drafts, questions that found no answer, what staff are writing, and events for figures.

What customers and staff write is sealed as everywhere; an event holds nothing personal.
"""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Moment, Sealed, Serial, Table


class CustomerDraft(Table):
    """A customer's message that staff passed on, so that the draft under it can be worded anew.

    ``person`` is the member of staff; ``chosen`` the clauses picked instead of the first ones, as JSON (place of the
    question → place of the clause). ``consultation`` was begun for the customer, ``before`` is the one that was laid
    aside for it.
    """

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Sealed)
    sender: Mapped[str | None] = mapped_column(Sealed)
    style: Mapped[str] = mapped_column(Text)
    chosen: Mapped[str] = mapped_column(Text)
    consultation: Mapped[str | None] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, index=True)

    __table_args__ = (Index("ix_drafts_person", "person"), {"sqlite_autoincrement": True})


class UnansweredQuestion(Table):
    """A question that found no answer, phone numbers masked; who asked it where, so that an answer can go back.

    ``how`` it came here: ``out_of_scope``, ``missed`` (``asking`` is the question that was open) or ``reported`` by
    staff for a customer. ``state``: ``open``, ``answered`` (``answer``), ``foreign`` (not ours) or ``done``.
    """

    __tablename__ = "unanswered"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    chat: Mapped[str] = mapped_column(Text)
    thread: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Sealed)
    how: Mapped[str] = mapped_column(Text)
    asking: Mapped[str | None] = mapped_column(Text)
    policy: Mapped[str | None] = mapped_column(Text)
    """The document that it was asked about, None where that was not to be seen."""
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Sealed)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_unanswered_state", "state", "id"),
        Index("ix_unanswered_person", "person"),
        {"sqlite_autoincrement": True},
    )


class Writing(Table):
    """A member of staff who is about to answer the questions like ``question``; ``text`` is the answer to be confirmed."""

    __tablename__ = "writing"

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    question: Mapped[int]
    text: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(Moment)


class Happened(Table):
    """Something worth counting, with nothing personal in it; ``statistics`` says which kinds there are.

    ``about`` is what it belongs to: a consultation's id, or ``lead:7``.
    """

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_events_at", "at"), Index("ix_events_about", "about"), {"sqlite_autoincrement": True})
