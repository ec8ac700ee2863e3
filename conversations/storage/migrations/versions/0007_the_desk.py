"""What the desk needs: leads found by parts of what lies sealed, entered by staff, put together; accounts disabled.

Leads that are there are found from now on, too.
"""

import sqlalchemy as sa
from alembic import op

from conversations.state.leads import Contact
from conversations.state.traces import traces
from conversations.storage.tables import Sealed, vault_of

revision = "0007"
down_revision = "0006"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LEADS = sa.table("leads", sa.column("id"), sa.column("contact", Sealed()))


def upgrade() -> None:
    found = op.create_table(
        "lead_traces",
        sa.Column("lead", SERIAL, sa.ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
    )
    op.create_index("ix_lead_traces_digest", "lead_traces", ["digest"])
    connection = op.get_bind()
    op.add_column("leads", sa.Column("consent", sa.Text, nullable=False, server_default=""))
    op.add_column("leads", sa.Column("merged", sa.Text))
    op.add_column("desk_accounts", sa.Column("disabled", sa.DateTime(timezone=True)))
    for lead, sealed in connection.execute(sa.select(_LEADS).order_by(_LEADS.c.id)).all():
        vault = vault_of(connection.dialect)
        contact = Contact.model_validate_json(sealed or "{}")
        if rows := [{"lead": lead, "digest": vault.digest(trace)} for trace in traces(contact)]:
            op.bulk_insert(found, rows)
