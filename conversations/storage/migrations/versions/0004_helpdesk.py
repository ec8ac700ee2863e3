"""Drafts, questions without an answer, what staff are writing, events for figures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "drafts",
        sa.Column("id", serial, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sender", sa.Text),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("chosen", sa.Text, nullable=False),
        sa.Column("consultation", sa.Text),
        sa.Column("before", sa.Text),
        sa.Column("at", moment, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drafts_at", "drafts", ["at"])
    op.create_index("ix_drafts_person", "drafts", ["person"])
    op.create_table(
        "unanswered",
        sa.Column("id", serial, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("asking", sa.Text),
        sa.Column("at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("settled_at", moment),
        sa.Column("settled_by", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unanswered_state", "unanswered", ["state", "id"])
    op.create_index("ix_unanswered_person", "unanswered", ["person"])
    op.create_table(
        "writing",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", serial, primary_key=True, autoincrement=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_events_about", "events", ["about"])
