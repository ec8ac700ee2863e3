"""The table of what was set aside: rows and messages that could not be dealt with and would have failed for ever."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Moment, Serial, Table


class AsideKind(StrEnum):
    """What was set aside: a consultation, a reply on its way, a message, or an update that is not even a message."""

    CONSULTATION = "consultation"
    REPLY = "reply"
    MESSAGE = "message"
    UPDATE = "update"


class SetAside(Table):
    """Something that could not be dealt with, as it lay (``content``, sealed like everything that people say).

    ``reason`` has none of their words. ``person`` is empty where nobody knows whose it is.
    """

    __tablename__ = "set_aside"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text, index=True)
    reason: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)
