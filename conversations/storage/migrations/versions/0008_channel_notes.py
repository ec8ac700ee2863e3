"""What channels keep for themselves: how far they have read, what they may still send to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "channel_notes",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("person", sa.Text),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("ix_channel_notes_person", "channel_notes", ["person"])
