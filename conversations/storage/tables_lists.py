"""The table of firms' lists that the office has put to a policy, for the days until they are deleted by themselves.

Whatever comes from the office's table lies sealed; it is written and read by ``office/firm_lists``.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from conversations.storage.tables import Moment, Sealed, Serial, Table


class FirmList(Table):
    """A list: ``name`` of its file, ``author`` the key of a colleague, ``problem`` why nothing could be computed.

    ``upload``, ``matched`` and ``lines`` are sealed JSON of ``state/firm_lists``; the last two empty where there is a problem.
    """

    __tablename__ = "firm_lists"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(Sealed)
    author: Mapped[str] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment, index=True)
    problem: Mapped[str] = mapped_column(Sealed)
    upload: Mapped[str] = mapped_column(Text)
    matched: Mapped[str] = mapped_column(Text)
    lines: Mapped[str] = mapped_column(Text)

    __table_args__ = ({"sqlite_autoincrement": True},)
