"""Who has a part in a matter, matters restricted to people by name, and what was unmasked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIES: Final = (
    "'proposing', 'lead', 'co', 'study', 'executing', 'consulted', 'deciding', 'tabled', "
    "'archive', 'asked', 'author', 'doer', 'named'"
)


def upgrade() -> None:
    """Let lists be those of what somebody sees."""
    op.add_column(
        "matter", sa.Column("restricted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    told = sa.text("restricted")
    op.create_index(
        "ix_matter_restricted",
        "matter",
        ["organisation_id"],
        sqlite_where=told,
        postgresql_where=told,
    )
    op.create_table(
        "matter_party",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("tie", sa.String(), nullable=False),
        sa.CheckConstraint("side IN ('unit', 'person')", name="ck_matter_party_side"),
        sa.CheckConstraint("length(code) > 0", name="ck_matter_party_code"),
        sa.CheckConstraint(f"tie IN ({_TIES})", name="ck_matter_party_tie"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_matter_party_organisation_id_matter_id",
        ),
        sa.PrimaryKeyConstraint("matter_id", "side", "code", "tie", name="pk_matter_party"),
    )
    op.create_index(
        "ix_matter_party_organisation_id_side_code_tie_matter_id",
        "matter_party",
        ["organisation_id", "side", "code", "tie", "matter_id"],
    )
    unmasking = sa.text("command = 'unmask'")
    op.create_index(
        "ix_journal_unmask",
        "journal",
        ["organisation_id", "actor", "at"],
        sqlite_where=unmasking,
        postgresql_where=unmasking,
    )
    dialect = op.get_bind().dialect.name
    script = Path(__file__).with_name(f"0004_{dialect}.sql").read_text("utf-8")
    statements = [script] if dialect == "postgresql" else script.split("\n\n")
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
