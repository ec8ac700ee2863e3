"""What outbox rows are about, the key's check, leads with their history and views, numbers by the day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("about", sa.Text))
    op.create_index(
        "ix_outbox_about",
        "outbox",
        ["about"],
        sqlite_where=sa.text("about IS NOT NULL"),
        postgresql_where=sa.text("about IS NOT NULL"),
    )
    op.create_index("ix_outbox_person", "outbox", ["person"])
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "key_check",
        sa.Column("id", serial, primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
    )
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "leads",
        sa.Column("id", serial, primary_key=True, autoincrement=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("person", "channel", "consultation", "policy", "version", "enterprise", "enterprise_key")
        ),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("code", "contact", "phone_digest", "attached", "programmes", "state")
        ),
        sa.Column("assignee", sa.Text),
        sa.Column("follow_up", sa.Date),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("consented", moment, nullable=False),
        sa.Column("crossing_consented", moment),
        sa.Column("created", moment, nullable=False),
        sa.Column("touched", moment, nullable=False),
        sa.Column("ended", moment),
        sqlite_autoincrement=True,
    )
    for name in ("person", "enterprise_key", "code", "phone_digest", "state", "created"):
        op.create_index(f"ix_leads_{name}", "leads", [name])
    op.create_table(
        "lead_history",
        sa.Column("id", serial, primary_key=True, autoincrement=True),
        sa.Column("lead", serial, sa.ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", moment, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("who", "what", "state", "note")),
    )
    op.create_index("ix_lead_history_lead", "lead_history", ["lead", "id"])
    op.create_table(
        "colleagues",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("seen", moment, nullable=False),
    )
    op.create_table(
        "counts",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
