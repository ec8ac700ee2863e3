"""Hand-overs to a person, their places in the staff chat, chats that have moved."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.add_column("people", sa.Column("handover", serial))
    op.create_table(
        "handovers",
        sa.Column("id", serial, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("opened", moment, nullable=False),
        sa.Column("touched", moment, nullable=False),
        sa.Column("waiting", moment),
        sa.Column("answered", moment),
        sa.Column("closed", moment),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_person", "handovers", ["person", "id"])
    op.create_index(
        "ix_handovers_open",
        "handovers",
        ["touched"],
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_table(
        "handover_places",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("thread", sa.Text),
        sa.Column("root", sa.Text),
    )
    op.create_index("ix_handover_places_thread", "handover_places", ["chat", "thread"])
    op.create_table(
        "moved_chats",
        sa.Column("old", sa.Text, primary_key=True),
        sa.Column("new", sa.Text, nullable=False),
    )
