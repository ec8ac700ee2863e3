"""Attempts to log in are counted by address and account together; rates, and when to try again, are all processes'."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_table("desk_attempts")  # of the last minutes, by the account alone and by the address alone
    op.create_table(
        "desk_attempts",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column(
            "minute", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.add_column("outbox", sa.Column("retry_at", sa.DateTime(timezone=True)))
