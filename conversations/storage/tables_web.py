"""Tables of the web: who may use the HTTP API, who asks how often. Nothing of what people say lies here."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Moment, Serial, Table


class ApiKey(Table):
    """A key of the HTTP API, known by its SHA-256 alone: it is 256 random bits, so a slow hash would add nothing.

    ``name`` says whose it is, and is unique among the keys that are not ``revoked``; ``used`` is when it was last
    used, to the hour.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    created: Mapped[datetime] = mapped_column(Moment)
    revoked: Mapped[datetime | None] = mapped_column(Moment)
    used: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index(
            "ix_api_keys_name",
            "name",
            unique=True,
            sqlite_where=text("revoked IS NULL"),
            postgresql_where=text("revoked IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )


class RateCount(Table):
    """How often in one ``minute`` (since 1970) something was done by those that ``key`` stands for (``SharedCounts``)."""

    __tablename__ = "rate_counts"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    minute: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    count: Mapped[int]
