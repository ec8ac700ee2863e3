"""The table of what the office says beside the documents, and of the texts that staff keep for their letters.

It is meant for everybody, so it does not lie sealed.
"""

from datetime import date, datetime

from sqlalchemy import JSON, Date, Text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Moment, Serial, Table


class OfficeText(Table):
    """A note of the office, or a text for letters (``kind``, see ``state.office_notes``).

    ``about`` lists clauses as ``policy/clause``, none for all; ``since`` and ``until`` are the first and the last day on
    which it holds. ``author`` is the account that wrote it as it stands, at ``at``.
    """

    __tablename__ = "office_texts"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    about: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    author: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)
