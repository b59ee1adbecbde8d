"""What the public sends in to open calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DIGEST: Final = sa.String(length=64)
_PUBLIC: Final = (
    "command IN ('publish_open_call', 'publish_hearing_notice', 'publish_decision',"
    " 'publish_adoption') AND status = 'done'"
)
_WAITING: Final = "taken_in_seq IS NULL AND NOT late"


def upgrade() -> None:
    """Let people send in what they think."""
    op.create_index(
        "ix_journal_organisation_id_command_seq",
        "journal",
        ["organisation_id", "command", "seq"],
        **_where(_PUBLIC),
    )
    op.create_table(
        "submission",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("call_seq", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("receipt", _DIGEST, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("taken_in_seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(digest) = 64", name="ck_submission_digest_length"),
        sa.CheckConstraint("length(receipt) = 64", name="ck_submission_receipt_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "call_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_submission_organisation_id_call_seq",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "taken_in_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_submission_organisation_id_taken_in_seq",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_submission_organisation_id_id"),
        sa.UniqueConstraint("receipt", name="uq_submission_receipt"),
    )
    op.create_index(
        "ix_submission_matter_id_step_id",
        "submission",
        ["matter_id", "step", "id"],
        **_where(_WAITING),
    )
    op.create_table(
        "submission_person",
        sa.Column("submission_id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "submission_id"],
            ["submission.organisation_id", "submission.id"],
            name="fk_submission_person_organisation_id_submission_id",
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_submission_person"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0006_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0006_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
