"""Alerts: what is told to a person in the inbox."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from workflow.tables.columns import Id, Row, instant, optional_instant, row_id, where, within


class AlertRow(Row, table=True):
    """An alert (预警) for an account; `key` makes a repetition count instead of adding a row.

    Of what the sweep tells, `rule` names the notice, `threshold` which of its occasions it is, and
    `entry` the journal entry that began what it is about.  After `expires_at` nobody need be told;
    `settled_at` is when what it is about was done, lifted or moved, and `escalated` how often it
    went on to others because nobody had acknowledged it.  `dispatched_at` is when it was handed to
    the channels outside.
    """

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        Index(None, "organisation_id", "recipient", "id"),
        # What deliveries point at; an index, because SQLite adds no constraint to a table.
        Index("ix_alert_organisation_id_id", "organisation_id", "id", unique=True),
        Index("ix_alert_waiting", "organisation_id", "id", **where("dispatched_at IS NULL")),
        Index(
            "ix_alert_standing",
            "organisation_id",
            "matter_id",
            **where("rule IS NOT NULL AND settled_at IS NULL"),
        ),
        within("matter_id", "matter"),
        within("meeting_id", "meeting"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    key: str
    kind: str
    recipient: str
    matter_id: int | None = Field(default=None, sa_type=Id)
    meeting_id: int | None = Field(default=None, sa_type=Id)
    day: date
    body: str = Field(sa_type=Text)
    count: int = 1
    first_at: datetime = instant()
    last_at: datetime = instant()
    read_at: datetime | None = optional_instant()
    rule: str | None = None
    threshold: str | None = None
    entry: int | None = Field(default=None, sa_type=BigInteger)
    urgency: str = Field(default="at_once", sa_column_kwargs={"server_default": "at_once"})
    expires_at: datetime | None = optional_instant()
    acknowledged_at: datetime | None = optional_instant()
    settled_at: datetime | None = optional_instant()
    dispatched_at: datetime | None = optional_instant()
    escalated: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
