"""Accounts, passwords, sessions, one-time links, tokens, second factors; what happened to them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let the program know who somebody is."""
    _accounts()
    _keys()
    _events()
    if op.get_bind().dialect.name == "postgresql":
        _run_postgresql()
    else:
        _run_sqlite()


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("administrator", sa.String(), nullable=True),
        sa.Column("service", sa.Boolean(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("password_at", _INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", _INSTANT, nullable=True),
        sa.Column("disabled_at", _INSTANT, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "administrator IN ('system', 'security', 'audit')", name="ck_account_administrator"
        ),
        sa.CheckConstraint(
            "(password IS NULL) = (password_at IS NULL)", name="ck_account_password_at"
        ),
        sa.CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN administrator IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN service THEN 1 ELSE 0 END = 1",
            name="ck_account_kind",
        ),
        sa.CheckConstraint("NOT service OR password IS NULL", name="ck_account_service_password"),
        sa.CheckConstraint("failures >= 0", name="ck_account_failures"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name="fk_account_organisation_id_person_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_account_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_account_organisation_id_id"),
        sa.UniqueConstraint("organisation_id", "name", name="uq_account_organisation_id_name"),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name="uq_account_organisation_id_person_id"
        ),
    )
    op.create_table(
        "former_password",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("replaced_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_former_password_organisation_id_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_former_password"),
    )
    op.create_index(
        "ix_former_password_account_id_id", "former_password", ["account_id", "id"], unique=False
    )
    op.create_table(
        "session",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.Column("confirmed_at", _INSTANT, nullable=True),
        sa.Column("second_factor_at", _INSTANT, nullable=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ck_session_ended_why"),
        sa.CheckConstraint("length(digest) = 64", name="ck_session_digest_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_session_organisation_id_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("digest", name="uq_session_digest"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"], unique=False)


def _keys() -> None:
    op.create_table(
        "one_time_link",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.CheckConstraint("purpose IN ('start', 'reset')", name="ck_one_time_link_purpose"),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_why IS NULL)", name="ck_one_time_link_ended_why"
        ),
        sa.CheckConstraint("length(digest) = 64", name="ck_one_time_link_digest_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_one_time_link_organisation_id_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_link"),
        sa.UniqueConstraint("digest", name="uq_one_time_link_digest"),
    )
    op.create_index(
        "ix_one_time_link_account_id",
        "one_time_link",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "service_token",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("made_by_id", _ID, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT, nullable=True),
        sa.CheckConstraint("length(digest) = 64", name="ck_service_token_digest_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_service_token_organisation_id_account_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "made_by_id"],
            ["account.organisation_id", "account.id"],
            name="fk_service_token_organisation_id_made_by_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_token"),
        sa.UniqueConstraint("digest", name="uq_service_token_digest"),
    )
    op.create_index("ix_service_token_account_id", "service_token", ["account_id"], unique=False)
    op.create_table(
        "second_factor",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("confirmed_at", _INSTANT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", _INSTANT, nullable=True),
        sa.CheckConstraint("failures >= 0", name="ck_second_factor_failures"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_second_factor_organisation_id_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_second_factor"),
        sa.UniqueConstraint("account_id", name="uq_second_factor_account_id"),
    )
    op.create_table(
        "external_identity",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_external_identity_organisation_id_account_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_external_identity"),
        sa.UniqueConstraint(
            "organisation_id",
            "issuer",
            "subject",
            name="uq_external_identity_organisation_id_issuer_subject",
        ),
    )


def _events() -> None:
    op.create_table(
        "security_head",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_security_head_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_security_head"),
    )
    op.create_table(
        "security_event",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("actor_id", _ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("client", sa.String(), nullable=True),
        sa.CheckConstraint("result IN ('done', 'refused')", name="ck_security_event_result"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["account.organisation_id", "account.id"],
            name="fk_security_event_organisation_id_account_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "actor_id"],
            ["account.organisation_id", "account.id"],
            name="fk_security_event_organisation_id_actor_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_security_event_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "seq", name="pk_security_event"),
    )
    op.create_index(
        "ix_security_event_organisation_id_account_id_seq",
        "security_event",
        ["organisation_id", "account_id", "seq"],
        unique=False,
    )
    op.create_index(
        "ix_security_event_organisation_id_client_at",
        "security_event",
        ["organisation_id", "client", "at"],
        unique=False,
    )


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0003_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0003_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
