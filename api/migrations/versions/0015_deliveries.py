"""Deliveries on channels outside, how people wish to be told, and calendars to subscribe to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)
_OPEN: Final = "state IN ('waiting', 'claimed')"


def upgrade() -> None:
    """Let alerts go out on channels."""
    _deliveries()
    op.create_table(
        "preference",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_person("preference"),
        sa.PrimaryKeyConstraint("organisation_id", "account", name="pk_preference"),
    )
    op.create_table(
        "feed",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT, nullable=True),
        sa.CheckConstraint("length(digest) = 64", name="ck_feed_digest_length"),
        *_person("feed"),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("digest", name="uq_feed_digest"),
    )
    op.create_index("ix_feed_organisation_id_account", "feed", ["organisation_id", "account"])
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("alert_id", _ID, nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", _INSTANT, nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'failed', 'dropped')",
            name="ck_delivery_state",
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="ck_delivery_sent"),
        sa.CheckConstraint(
            "(state = 'claimed') = (claimed_by IS NOT NULL)", name="ck_delivery_claimed"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_delivery_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "alert_id"],
            ["alert.organisation_id", "alert.id"],
            name="fk_delivery_organisation_id_alert_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint(
            "organisation_id",
            "alert_id",
            "channel",
            "round",
            name="uq_delivery_organisation_id_alert_id_channel_round",
        ),
    )
    op.create_index(
        "ix_delivery_open", "delivery", ["organisation_id", "channel", "next_at"], **_where(_OPEN)
    )
    op.create_index("ix_delivery_recent", "delivery", ["organisation_id", "state", "id"])


def _person(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=f"fk_{table}_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account"],
            ["person.organisation_id", "person.account"],
            name=f"fk_{table}_organisation_id_account",
        ),
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0015_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0015_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
