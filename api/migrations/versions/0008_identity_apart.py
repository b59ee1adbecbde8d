"""Two persons for a way into an account, locks by source, and requests of identity sent twice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Keep what was released and by whom, wrong tries by their source, and keys of requests."""
    op.create_table(
        "opener_release",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("link_id", _ID, nullable=True),
        sa.Column("external_id", _ID, nullable=True),
        sa.Column("released_by_id", _ID, nullable=True),
        sa.Column("released_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "(link_id IS NULL) <> (external_id IS NULL)", name="ck_opener_release_opener"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["one_time_link.id"], name="fk_opener_release_link_id"
        ),
        sa.ForeignKeyConstraint(
            ["external_id"], ["external_identity.id"], name="fk_opener_release_external_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "released_by_id"],
            ["account.organisation_id", "account.id"],
            name="fk_opener_release_organisation_id_released_by_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_opener_release"),
        sa.UniqueConstraint("link_id", name="uq_opener_release_link_id"),
        sa.UniqueConstraint("external_id", name="uq_opener_release_external_id"),
    )
    op.create_table(
        "sign_in_source",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", _INSTANT, nullable=False),
        sa.Column("locked_until", _INSTANT, nullable=True),
        sa.CheckConstraint("failures >= 1", name="ck_sign_in_source_failures"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_sign_in_source_organisation_id_account_id",
        ),
        sa.PrimaryKeyConstraint("account_id", "source", name="pk_sign_in_source"),
    )
    op.create_table(
        "identity_request",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_identity_request_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "key", name="pk_identity_request"),
    )
    # What opened an account until now goes on doing so.
    op.execute(
        "INSERT INTO opener_release (organisation_id, external_id, released_at)"
        " SELECT organisation_id, id, linked_at FROM external_identity"
    )
    op.execute(
        "INSERT INTO opener_release (organisation_id, link_id, released_at)"
        " SELECT organisation_id, id, created_at FROM one_time_link WHERE ended_at IS NULL"
    )
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0008_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0008_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
