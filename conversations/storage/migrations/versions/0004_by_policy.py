"""By policy: a row for each claim of a lead, in the place of a list of programmes, and the document that a question was about.

Leads that are there get their rows from what they hold.
"""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from conversations.storage.tables import Sealed

revision = "0004"
down_revision = "0003"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LEADS = sa.table("leads", sa.column("id"), sa.column("policy"), sa.column("attached", Sealed()))
_NAMES = ("policy", "programme", "claim", "label", "citation", "office", "status")


def upgrade() -> None:
    claims = op.create_table(
        "lead_claims",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("lead", SERIAL, sa.ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _NAMES),
        sa.Column("sums", Sealed, nullable=False),
    )
    op.create_index("ix_lead_claims_lead", "lead_claims", ["lead", "id"])
    op.create_index("ix_lead_claims_programme", "lead_claims", ["policy", "programme"])
    for lead, policy, attached in op.get_bind().execute(sa.select(_LEADS).order_by(_LEADS.c.id)).all():
        if rows := list(_rows(lead, policy, attached)):
            op.bulk_insert(claims, rows)
    op.drop_column("leads", "programmes")
    op.add_column("unanswered", sa.Column("policy", sa.Text))


def _rows(lead: int, policy: str, attached: str) -> Iterator[dict[str, object]]:
    for claim in json.loads(attached)["assessment"]["claims"]:
        if claim["status"] == "ineligible":
            continue
        owner, named, programme = claim["programme"].rpartition("/")
        amount = claim["amount"] or {"min": None, "max": None}
        sums = {**amount, "period": claim["period"], "gave_way": claim["superseded_by"] is not None}
        yield {
            "lead": lead,
            "policy": owner if named else policy,
            "programme": programme,
            "claim": claim["claim"].rpartition("/")[2],
            "label": "",
            "citation": claim["citation"] or "",
            "office": "",
            "status": claim["status"],
            "sums": json.dumps(sums),
        }
