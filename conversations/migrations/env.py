"""What Alembic runs around the revisions: in the connection, and so in the transaction, that ``upgrade`` hands over."""

from alembic import context

from conversations import tables_helpdesk, tables_office  # noqa: F401  # pyright: ignore[reportUnusedImport]
from conversations.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
context.run_migrations()
