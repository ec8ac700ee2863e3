"""Ids of messages that their writers have made lie keyed, and go with all that is kept of who wrote.

Until now the web's held a digest of what was said that could be guessed, so those that there are go. Telegram's are
numbers of its own that say nothing; they stay, for an update can still come again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("seen", sa.Column("person", sa.Text))
    op.create_index(
        "ix_seen_person",
        "seen",
        ["person"],
        sqlite_where=sa.text("person IS NOT NULL"),
        postgresql_where=sa.text("person IS NOT NULL"),
    )
    op.execute("DELETE FROM seen WHERE length(id) > 20")
