"""The papers that were handed in for a lead, and the files that are attached to it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "lead_papers",
        sa.Column(
            "lead", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.ForeignKey("leads.id", ondelete="CASCADE")
        ),
        sa.Column("paper", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("lead", "paper"),
    )
    op.create_table(
        "lead_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column(
            "lead",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("leads.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("paper", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lead_files_lead", "lead_files", ["lead", "id"])
