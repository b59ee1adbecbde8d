"""The notices on holidays that an organisation took into its calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Keep the notices that an organisation took in besides those that came with the program."""
    op.create_table(
        "holiday_record",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("filed_at", _INSTANT, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_holiday_record_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_holiday_record_organisation_id_journal_seq",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_holiday_record"),
        sa.UniqueConstraint(
            "organisation_id",
            "year",
            "position",
            name="uq_holiday_record_organisation_id_year_position",
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0017_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0017_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
