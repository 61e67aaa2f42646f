"""Run by alembic, with the connection that `server.storage.database.upgrade` passes."""

from __future__ import annotations

from alembic import context

from server.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most parts of a table: batch mode copies the table.
    render_as_batch=True,
)
context.run_migrations()
