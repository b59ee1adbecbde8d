"""What Alembic runs around the migrations: on the connection that it was given, nothing else."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
