"""What the sweep tells: when to look next, what was told last, and how an alert stands."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let the sweep find what is due, and tell each thing once."""
    _alerts()
    op.create_table(
        "wake",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_wake_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "subject", name="pk_wake"),
    )
    op.create_index("ix_wake_at", "wake", ["at"])
    op.create_table(
        "deadline_seen",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("by", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_deadline_seen_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "subject", "point", name="pk_deadline_seen"),
    )
    # Every matter that is there already is looked at once, as a house is of which there is no row.
    op.execute(
        "INSERT INTO wake (organisation_id, subject, at, beat) "
        "SELECT organisation_id, number, updated_at, 1 FROM matter"
    )


def _alerts() -> None:
    for column in (
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("threshold", sa.String(), nullable=True),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=False, server_default="at_once"),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.Column("acknowledged_at", _INSTANT, nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("dispatched_at", _INSTANT, nullable=True),
        sa.Column("escalated", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("alert", column)
    # What was told before there were channels goes out to none.
    op.execute("UPDATE alert SET dispatched_at = last_at")
    op.create_index("ix_alert_organisation_id_id", "alert", ["organisation_id", "id"], unique=True)
    op.create_index(
        "ix_alert_waiting", "alert", ["organisation_id", "id"], **_where("dispatched_at IS NULL")
    )
    op.create_index(
        "ix_alert_standing",
        "alert",
        ["organisation_id", "matter_id"],
        **_where("rule IS NOT NULL AND settled_at IS NULL"),
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
