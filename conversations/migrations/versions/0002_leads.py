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
