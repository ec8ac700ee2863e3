"""What Alembic runs around the revisions: in the connection, and so in the transaction, that ``upgrade`` hands over."""

from importlib import import_module
from pathlib import Path

from alembic import context

from conversations.storage.tables import Table

for part in Path(__file__).parents[1].glob("tables_*.py"):
    import_module(f"conversations.storage.{part.stem}")  # brings its tables into the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
context.run_migrations()
