"""Lines in which whoever comes too often waits, shared by all workers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have all workers know how often somebody came."""
    # Nothing rests on it, and it is written with every request of the public: so it is not logged.
    unlogged = ["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else []
    op.create_table(
        "waiting_line",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.CheckConstraint("length(line) = 64", name="ck_waiting_line_line_length"),
        sa.PrimaryKeyConstraint("line", name="pk_waiting_line"),
        prefixes=unlogged,
    )
    op.create_index("ix_waiting_line_until", "waiting_line", ["until"])
