"""A matter may be restricted by the act that proposes it, too."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the proposal of a matter say that it is restricted."""
    dialect = op.get_bind().dialect.name
    script = Path(__file__).with_name(f"0009_{dialect}.sql").read_text("utf-8")
    statements = [script] if dialect == "postgresql" else script.split("\n\n")
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
