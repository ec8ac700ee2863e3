"""Lists of firms that the office has put to a policy, until they expire."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "firm_lists",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("upload", sa.Text, nullable=False),
        sa.Column("matched", sa.Text, nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_firm_lists_expires", "firm_lists", ["expires"])
