"""What the office keeps: leads with their history, and the colleagues who work on them.

What names a person (contact, phone, time, remark, notes) and what is paid lie sealed; enterprise, credit code and the
programmes lie plain, to be searched. Knows no policy and no channel.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from conversations.state.leads import Attached, ClaimSums, Contact
from conversations.storage.tables import Moment, Sealed, Serial, Stored, Table


class Lead(Table):
    """An enterprise that wants to be called. ``number`` is what people read: WC-20261124-0007."""

    __tablename__ = "leads"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    person: Mapped[str] = mapped_column(Text, index=True)
    channel: Mapped[str] = mapped_column(Text)
    consultation: Mapped[str] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    enterprise: Mapped[str] = mapped_column(Text)
    enterprise_key: Mapped[str] = mapped_column(Text, index=True)
    code: Mapped[str] = mapped_column(Text, index=True)
    """Unified social credit code, empty where none was given."""
    contact: Mapped[Contact] = mapped_column(Stored(Contact))
    phone_digest: Mapped[str] = mapped_column(Text, index=True)
    attached: Mapped[Attached] = mapped_column(Stored(Attached))
    state: Mapped[str] = mapped_column(Text, index=True)
    assignee: Mapped[str | None] = mapped_column(Text)
    """The key of a colleague."""
    follow_up: Mapped[date | None] = mapped_column(Date)
    notice: Mapped[str] = mapped_column(Text)
    """The version of the notice that was consented to."""
    consented: Mapped[datetime] = mapped_column(Moment)
    """When; of a lead from a list, to which nobody has consented (``consent``), when it was made."""
    crossing_consented: Mapped[datetime | None] = mapped_column(Moment)
    consent: Mapped[str] = mapped_column(Text, default="")
    """How it was given (``leads.Consent``) where staff have entered the lead; empty where the person pressed a button."""
    merged: Mapped[str | None] = mapped_column(Text)
    """The number of the lead that this one has been put together with."""
    created: Mapped[datetime] = mapped_column(Moment, index=True)
    touched: Mapped[datetime] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment)

    claims: Mapped[list["LeadClaim"]] = relationship(viewonly=True, lazy="raise", order_by="LeadClaim.id")

    __table_args__ = ({"sqlite_autoincrement": True},)


class LeadClaim(Table):
    """A claim of a lead as it was when the lead was left: one that was due, or that might still become due.

    Policy and programme are called as their packs call them, whatever else was served at the time; ``label`` is empty
    in rows that are older than this table.
    """

    __tablename__ = "lead_claims"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    lead: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"))
    policy: Mapped[str] = mapped_column(Text)
    programme: Mapped[str] = mapped_column(Text)
    claim: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    citation: Mapped[str] = mapped_column(Text)
    office: Mapped[str] = mapped_column(Text)
    """Who takes the application."""
    status: Mapped[str] = mapped_column(Text)
    sums: Mapped[ClaimSums] = mapped_column(Stored(ClaimSums))

    __table_args__ = (
        Index("ix_lead_claims_lead", "lead", "id"),
        Index("ix_lead_claims_programme", "policy", "programme"),
    )


class LeadPaper(Table):
    """A paper that was handed in for a lead, by its ``paper``'s name, which all policies that want it call it by.

    ``who`` is the key of the colleague who took it.
    """

    __tablename__ = "lead_papers"

    lead: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True)
    paper: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(Text)


class LeadFile(Table):
    """A file that is attached to a lead: to one of its papers, or (``paper`` empty) to none; ``size`` in bytes.

    ``content`` is sealed by the vault as a file, and written and read by ``office/lead_papers`` alone.
    """

    __tablename__ = "lead_files"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    lead: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"))
    paper: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Sealed)
    size: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_lead_files_lead", "lead", "id"), {"sqlite_autoincrement": True})


class LeadTrace(Table):
    """What a lead is found by though it lies sealed: a keyed digest of a word of its contact (``state/traces``)."""

    __tablename__ = "lead_traces"

    lead: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (Index("ix_lead_traces_digest", "digest"),)


class LeadEntry(Table):
    """One line of a lead's history: what was done (``created entered listed updated state assigned
    follow_up note viewed wrote reassessed told paper unpaper attached opened detached merged joined withdrawn``)."""

    __tablename__ = "lead_history"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    lead: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(Text)
    """The key of a colleague; empty for the person whose lead it is."""
    what: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    """The state of the lead after it."""
    note: Mapped[str] = mapped_column(Sealed)

    __table_args__ = (Index("ix_lead_history_lead", "lead", "id"),)


class Colleague(Table):
    """A member of the staff who has used the desk, by what they are called."""

    __tablename__ = "colleagues"

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    seen: Mapped[datetime] = mapped_column(Moment)


class Count(Table):
    """The last number given out on a day."""

    __tablename__ = "counts"

    day: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int]
