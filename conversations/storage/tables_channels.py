"""What channels keep for themselves between two messages. Knows no channel, and nothing of what is said."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Sealed, Table


class ChannelNote(Table):
    """A note of a channel under a ``key`` of its own, sealed; where it is about a ``person`` it goes with them."""

    __tablename__ = "channel_notes"

    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[str | None] = mapped_column(Text, index=True)
    value: Mapped[str] = mapped_column(Sealed)
