"""Meetings that sit, and what they came to; document numbers; yearly catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let meetings sit."""
    op.add_column("meeting", sa.Column("opened_on", sa.Date(), nullable=True))
    op.add_column("meeting", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column("meeting", sa.Column("cancelled_on", sa.Date(), nullable=True))
    op.add_column("agenda_item", sa.Column("concluded", sa.String(), nullable=True))
    op.add_column(
        "agenda_item",
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "organisation",
        sa.Column("series", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.create_table(
        "proceeding",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("meeting_id", _ID, nullable=False),
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
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_proceeding_organisation_id_journal_seq",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meeting.organisation_id", "meeting.id"],
            name="fk_proceeding_organisation_id_meeting_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proceeding"),
        sa.UniqueConstraint("meeting_id", "position", name="uq_proceeding_meeting_id_position"),
    )
    op.create_table(
        "document_number",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_document_number_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_document_number_organisation_id_matter_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_document_number_organisation_id_journal_seq",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "series", "year", "serial", name="pk_document_number"
        ),
    )
    _catalogues()
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _catalogues() -> None:
    op.add_column("matter", sa.Column("entry_year", sa.Integer(), nullable=True))
    op.add_column("matter", sa.Column("entry_number", sa.Integer(), nullable=True))
    op.add_column("matter", sa.Column("adjusts", sa.String(), nullable=True))
    for column in ("entry_year", "adjusts"):
        told = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_matter_organisation_id_{column}",
            "matter",
            ["organisation_id", column],
            sqlite_where=told,
            postgresql_where=told,
        )
    op.create_table(
        "catalogue_record",
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
            ["organisation_id"], ["organisation.id"], name="fk_catalogue_record_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_catalogue_record_organisation_id_journal_seq",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_record"),
        sa.UniqueConstraint(
            "organisation_id",
            "year",
            "position",
            name="uq_catalogue_record_organisation_id_year_position",
        ),
    )


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0002_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0002_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
