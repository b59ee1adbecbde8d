"""The first schema: every table, and the triggers that hold it against raw SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only where the key is declared INTEGER.
_ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT: Final = sa.DateTime(timezone=True)
_DIGEST: Final = sa.String(length=64)
_ACTIVE: Final = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """From nothing to the first schema."""
    _organisation()
    _matter()
    _evidence()
    _service()
    if op.get_bind().dialect.name == "postgresql":
        # A matter and what is filed on it need each other; SQLite has these keys already.
        for column, parent in (("current_draft_id", "draft"), ("agenda_item_id", "agenda_item")):
            op.create_foreign_key(
                f"fk_matter_organisation_id_{column}",
                "matter",
                parent,
                ["organisation_id", column],
                ["organisation_id", "id"],
            )
        _run_postgresql()
    else:
        _run_sqlite()


def _run_postgresql() -> None:
    script = Path(__file__).with_name("0001_postgresql.sql").read_text(encoding="utf-8")
    # Without parameters the driver sends the script as it is, however many statements it has.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _run_sqlite() -> None:
    # `executescript` would commit first, and the driver takes one statement at a time.
    script = Path(__file__).with_name("0001_sqlite.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def _organisation() -> None:
    """What an organisation is made of, and the rules that it runs under."""
    op.create_table(
        "organisation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("directory_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("code", name="uq_organisation_code"),
    )
    op.create_table(
        "unit",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_unit_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("organisation_id", "code", name="uq_unit_organisation_id_code"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_unit_organisation_id_id"),
    )
    op.create_table(
        "person",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_person_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("organisation_id", "account", name="uq_person_organisation_id_account"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_person_organisation_id_id"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("appointed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name="fk_appointment_organisation_id_person_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "unit_id"],
            ["unit.organisation_id", "unit.id"],
            name="fk_appointment_organisation_id_unit_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    op.create_table(
        "mandate",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("principal_id", _ID, nullable=False),
        sa.Column("agent_id", _ID, nullable=False),
        sa.Column("commands", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("since <= until", name="ck_mandate_days"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "agent_id"],
            ["person.organisation_id", "person.id"],
            name="fk_mandate_organisation_id_agent_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "principal_id"],
            ["person.organisation_id", "person.id"],
            name="fk_mandate_organisation_id_principal_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mandate"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_mandate_organisation_id_id"),
    )
    op.create_table(
        "procedure_version",
        sa.Column("id", _ID, nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("version", sa.Date(), nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stored_at", _INSTANT, nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_procedure_version_digest_length"),
        sa.PrimaryKeyConstraint("id", name="pk_procedure_version"),
        sa.UniqueConstraint("digest", name="uq_procedure_version_digest"),
        sa.UniqueConstraint("procedure", "version", name="uq_procedure_version_procedure_version"),
    )


def _matter() -> None:
    """Matters and meetings, and the journal of what was done to them."""
    op.create_table(
        "matter",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("procedure_version_id", _ID, nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("proposing_unit", sa.String(), nullable=False),
        sa.Column("lead_unit", sa.String(), nullable=True),
        sa.Column("co_units", sa.JSON(), nullable=False),
        sa.Column("paused_since", sa.Date(), nullable=True),
        sa.Column("current_draft_id", _ID, nullable=True),
        sa.Column("agenda_item_id", _ID, nullable=True),
        sa.Column("project_key", _DIGEST, nullable=True),
        sa.Column("counterparty_key", _DIGEST, nullable=True),
        sa.Column("purpose_key", _DIGEST, nullable=True),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "agenda_item_id"],
            ["agenda_item.organisation_id", "agenda_item.id"],
            name="fk_matter_organisation_id_agenda_item_id",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "current_draft_id"],
            ["draft.organisation_id", "draft.id"],
            name="fk_matter_organisation_id_current_draft_id",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_matter_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["procedure_version_id"],
            ["procedure_version.id"],
            name="fk_matter_procedure_version_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matter"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_matter_organisation_id_id"),
        sa.UniqueConstraint("organisation_id", "number", name="uq_matter_organisation_id_number"),
        sa.UniqueConstraint(
            "organisation_id", "year", "serial", name="uq_matter_organisation_id_year_serial"
        ),
    )
    op.create_index(
        "ix_matter_organisation_id_stage_id", "matter", ["organisation_id", "stage", "id"]
    )
    for column in ("project_key", "counterparty_key", "purpose_key"):
        told = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_matter_organisation_id_{column}",
            "matter",
            ["organisation_id", column],
            sqlite_where=told,
            postgresql_where=told,
        )
    op.create_table(
        "meeting",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_meeting_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.UniqueConstraint("organisation_id", "code", name="uq_meeting_organisation_id_code"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_meeting_organisation_id_id"),
    )
    op.create_table(
        "journal",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("matter_id", _ID, nullable=True),
        sa.Column("matter_version", sa.Integer(), nullable=True),
        sa.Column("meeting_id", _ID, nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", _DIGEST, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_journal_digest_length"),
        sa.CheckConstraint("length(previous) = 64", name="ck_journal_previous_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_journal_organisation_id_matter_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meeting.organisation_id", "meeting.id"],
            name="fk_journal_organisation_id_meeting_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_journal_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "seq", name="pk_journal"),
    )
    op.create_table(
        "journal_head",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_journal_head_digest_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_journal_head_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_journal_head"),
    )


def _evidence() -> None:
    """What is filed on a matter, and what it is tabled on."""
    op.create_table(
        "draft",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_draft_digest_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_draft_organisation_id_matter_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("matter_id", "number", name="uq_draft_matter_id_number"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_draft_organisation_id_id"),
    )
    op.create_table(
        "record",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("principal", sa.String(), nullable=True),
        sa.Column("mandate_id", _ID, nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("draft_number", sa.Integer(), nullable=False),
        sa.Column("filed_at", _INSTANT, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_record_organisation_id_journal_seq",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "mandate_id"],
            ["mandate.organisation_id", "mandate.id"],
            name="fk_record_organisation_id_mandate_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_record_organisation_id_matter_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_record"),
        sa.UniqueConstraint("matter_id", "position", name="uq_record_matter_id_position"),
    )
    op.create_table(
        "review",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("draft_id", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("given_at", _INSTANT, nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_review_digest_length"),
        sa.ForeignKeyConstraint(
            ["matter_id", "position"],
            ["record.matter_id", "record.position"],
            name="fk_review_matter_id_position",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "draft_id"],
            ["draft.organisation_id", "draft.id"],
            name="fk_review_organisation_id_draft_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_review_organisation_id_matter_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("matter_id", "position", name="uq_review_matter_id_position"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_review_organisation_id_id"),
    )
    op.create_table(
        "clearance",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("draft_id", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("review_id", _ID, nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_clearance_digest_length"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "draft_id"],
            ["draft.organisation_id", "draft.id"],
            name="fk_clearance_organisation_id_draft_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "journal_seq"],
            ["journal.organisation_id", "journal.seq"],
            name="fk_clearance_organisation_id_journal_seq",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_clearance_organisation_id_matter_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "review_id"],
            ["review.organisation_id", "review.id"],
            name="fk_clearance_organisation_id_review_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_clearance"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_clearance_organisation_id_id"),
    )
    op.create_index("ix_clearance_matter_id", "clearance", ["matter_id"])
    op.create_table(
        "agenda_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("meeting_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("clearance_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("listed_at", _INSTANT, nullable=False),
        sa.Column("removed_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "clearance_id"],
            ["clearance.organisation_id", "clearance.id"],
            name="fk_agenda_item_organisation_id_clearance_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_agenda_item_organisation_id_matter_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meeting.organisation_id", "meeting.id"],
            name="fk_agenda_item_organisation_id_meeting_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_item"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_agenda_item_organisation_id_id"),
    )
    op.create_index(
        "uq_agenda_item_active_matter",
        "agenda_item",
        ["matter_id"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.create_index(
        "uq_agenda_item_active_place",
        "agenda_item",
        ["meeting_id", "place"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )


def _service() -> None:
    """Alerts that people read, and requests already answered."""
    op.create_table(
        "alert",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("matter_id", _ID, nullable=True),
        sa.Column("meeting_id", _ID, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.Column("read_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matter.organisation_id", "matter.id"],
            name="fk_alert_organisation_id_matter_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meeting.organisation_id", "meeting.id"],
            name="fk_alert_organisation_id_meeting_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_alert_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint("organisation_id", "key", name="uq_alert_organisation_id_key"),
    )
    op.create_index(
        "ix_alert_organisation_id_recipient_id", "alert", ["organisation_id", "recipient", "id"]
    )
    op.create_table(
        "request",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_request_organisation_id"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "key", name="pk_request"),
        sqlite_with_rowid=False,
    )
