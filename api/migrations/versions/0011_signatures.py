"""Signatures on verdicts and opinions, and the keys that are held for people."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """From the next entry of each journal on, what is signed is signed."""
    op.add_column(
        "organisation",
        sa.Column("signs_from", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )
    op.execute(
        "UPDATE organisation SET signs_from = 1 + (SELECT seq FROM journal_head "
        "WHERE journal_head.organisation_id = organisation.id) WHERE EXISTS "
        "(SELECT 1 FROM journal_head WHERE journal_head.organisation_id = organisation.id)"
    )
    _keys()
    _signatures()
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _keys() -> None:
    open_ = sa.text("ended_at IS NULL")
    op.create_table(
        "signing_key",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.CheckConstraint("length(fingerprint) = 64", name="ck_signing_key_fingerprint_length"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ck_signing_key_ended"),
        sa.CheckConstraint("ended_at >= made_at", name="ck_signing_key_days"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name="fk_signing_key_organisation_id_person_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_signing_key_organisation_id_id"),
        sa.UniqueConstraint(
            "organisation_id", "fingerprint", name="uq_signing_key_organisation_id_fingerprint"
        ),
    )
    op.create_index(
        "uq_signing_key_open_person",
        "signing_key",
        ["person_id"],
        unique=True,
        sqlite_where=open_,
        postgresql_where=open_,
    )


def _signatures() -> None:
    op.create_table(
        "signature",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key_id", _ID, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("signed_at", _INSTANT, nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_signature_organisation_id_matter_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "key_id"],
            ["signing_key.organisation_id", "signing_key.id"],
            name="fk_signature_organisation_id_key_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_signature_organisation_id_journal_seq",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
        sa.UniqueConstraint("matter_id", "position", name="uq_signature_matter_id_position"),
    )


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0011_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0011_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
