"""Tables of the desk's accounts: who may come in, who is in, and who has tried in vain.

A password lies as an argon2 hash, the secret of a browser as its digest: neither can be had from here.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Moment, Table


class DeskAccount(Table):
    """Somebody who may use the desk in their ``role`` (``accounts.Role``)."""

    __tablename__ = "desk_accounts"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    password: Mapped[str] = mapped_column(Text)
    """The argon2 hash."""
    created: Mapped[datetime] = mapped_column(Moment)
    disabled: Mapped[datetime | None] = mapped_column(Moment)
    """Since when nobody can log in by it."""


class DeskSession(Table):
    """A browser that has logged in; ``token`` is the SHA-256 of what its cookie holds."""

    __tablename__ = "desk_sessions"

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("desk_accounts.name", ondelete="CASCADE"))
    begun: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[datetime] = mapped_column(Moment)


class DeskAttempts(Table):
    """Attempts to log in as ``account`` from ``address`` that have not succeeded (yet), and those as anybody (empty)."""

    __tablename__ = "desk_attempts"

    address: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    """When the last one was made."""
