"""What a logged reply showed beside its text, for channels that draw a conversation again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("messages", sa.Column("shown", sa.Text))
