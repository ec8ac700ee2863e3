"""Accounts of the desk, browsers that have logged in, attempts in vain."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "desk_accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created", moment, nullable=False),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("desk_accounts.name", ondelete="CASCADE"), nullable=False),
        sa.Column("begun", moment, nullable=False),
        sa.Column("seen", moment, nullable=False),
    )
    op.create_table(
        "desk_attempts",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
    )
