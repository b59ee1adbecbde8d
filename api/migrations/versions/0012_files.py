"""Files, and the drafts taken out of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATES: Final = "state IN ('staged', 'attached', 'quarantined', 'erased')"
_ERASED: Final = "state <> 'erased' OR (name = '' AND digest = '' AND media = '' AND size = 0)"
_OPEN: Final = "state <> 'attached'"


def upgrade() -> None:
    """Let files be kept, and texts be taken out of them."""
    op.add_column("draft", sa.Column("file_digest", sa.String(length=64), nullable=True))
    op.create_table(
        "file",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=26), nullable=False),
        sa.Column("uploader", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("searched", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_key", sa.String(), nullable=True),
        sa.Column("matter_id", _ID, nullable=True),
        sa.Column("journal_seq", sa.BigInteger(), nullable=True),
        sa.Column("released_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(_STATES, name="ck_file_state"),
        sa.CheckConstraint("length(digest) = 64 OR state = 'erased'", name="ck_file_digest_length"),
        sa.CheckConstraint(_ERASED, name="ck_file_erased"),
        sa.CheckConstraint(
            "(state = 'attached') = (matter_id IS NOT NULL)", name="ck_file_attached"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_file_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_file_organisation_id_matter_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_file_organisation_id_journal_seq",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "released_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_file_organisation_id_released_seq",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
        sa.UniqueConstraint("key", name="uq_file_key"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_file_organisation_id_id"),
        sa.UniqueConstraint(
            "organisation_id", "request_key", name="uq_file_organisation_id_request_key"
        ),
    )
    op.create_index("ix_file_organisation_id_digest", "file", ["organisation_id", "digest"])
    op.create_index("ix_file_matter_id", "file", ["matter_id"])
    op.create_index(
        "ix_file_organisation_id_staged_at",
        "file",
        ["organisation_id", "staged_at"],
        **_where(_OPEN),
    )
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0012_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0012_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
