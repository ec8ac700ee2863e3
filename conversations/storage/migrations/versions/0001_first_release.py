"""All tables of the first release: what ``conversations.storage.tables`` and its neighbours declare."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _consultations()
    _outbox()
    _messages()
    _leads()
    _helpdesk()
    _writing_and_events()
    _handovers()
    _keys()
    _accounts()


def _consultations() -> None:
    op.create_table(
        "people",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.Column("handover", SERIAL),
    )
    op.create_table(
        "consultations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("begun", MOMENT, nullable=False),
        sa.Column("touched", MOMENT, nullable=False),
        sa.Column("finished", MOMENT),
    )
    op.create_index(
        "ix_consultations_active",
        "consultations",
        ["person"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_index("ix_consultations_touched", "consultations", ["touched"])
    op.create_table(
        "seen",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seen_at", "seen", ["at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("message", sa.Text),
        sa.Column("about", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["channel", "chat", "id"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_about",
        "outbox",
        ["about"],
        sqlite_where=sa.text("about IS NOT NULL"),
        postgresql_where=sa.text("about IS NOT NULL"),
    )
    op.create_index("ix_outbox_person", "outbox", ["person"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("incoming", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("shown", sa.Text),
    )
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_index("ix_messages_person", "messages", ["person", "id"])
    op.create_table(
        "key_check",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
    )


def _leads() -> None:
    op.create_table(
        "leads",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("person", "channel", "consultation", "policy", "version", "enterprise", "enterprise_key")
        ),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("code", "contact", "phone_digest", "attached", "programmes", "state")
        ),
        sa.Column("assignee", sa.Text),
        sa.Column("follow_up", sa.Date),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("consented", MOMENT, nullable=False),
        sa.Column("crossing_consented", MOMENT),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("touched", MOMENT, nullable=False),
        sa.Column("ended", MOMENT),
        sqlite_autoincrement=True,
    )
    for name in ("person", "enterprise_key", "code", "phone_digest", "state", "created"):
        op.create_index(f"ix_leads_{name}", "leads", [name])
    op.create_table(
        "lead_history",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("lead", SERIAL, sa.ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("who", "what", "state", "note")),
    )
    op.create_index("ix_lead_history_lead", "lead_history", ["lead", "id"])
    op.create_table(
        "colleagues",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
    )
    op.create_table(
        "counts",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _helpdesk() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sender", sa.Text),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("chosen", sa.Text, nullable=False),
        sa.Column("consultation", sa.Text),
        sa.Column("before", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drafts_at", "drafts", ["at"])
    op.create_index("ix_drafts_person", "drafts", ["person"])
    op.create_table(
        "unanswered",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("asking", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("settled_at", MOMENT),
        sa.Column("settled_by", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unanswered_state", "unanswered", ["state", "id"])
    op.create_index("ix_unanswered_person", "unanswered", ["person"])


def _writing_and_events() -> None:
    op.create_table(
        "writing",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_events_about", "events", ["about"])


def _handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("thread", sa.Text),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("touched", MOMENT, nullable=False),
        sa.Column("waiting", MOMENT),
        sa.Column("answered", MOMENT),
        sa.Column("closed", MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_person", "handovers", ["person", "id"])
    op.create_index(
        "ix_handovers_open",
        "handovers",
        ["touched"],
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_table(
        "handover_places",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("thread", sa.Text),
        sa.Column("root", sa.Text),
    )
    op.create_index("ix_handover_places_thread", "handover_places", ["chat", "thread"])
    op.create_table(
        "moved_chats",
        sa.Column("old", sa.Text, primary_key=True),
        sa.Column("new", sa.Text, nullable=False),
    )


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("revoked", MOMENT),
        sa.Column("used", MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_api_keys_name",
        "api_keys",
        ["name"],
        unique=True,
        sqlite_where=sa.text("revoked IS NULL"),
        postgresql_where=sa.text("revoked IS NULL"),
    )


def _accounts() -> None:
    op.create_table(
        "desk_accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("desk_accounts.name", ondelete="CASCADE"), nullable=False),
        sa.Column("begun", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
    )
    op.create_table(
        "desk_attempts",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
