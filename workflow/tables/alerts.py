"""Alerts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from workflow.tables.columns import Id, Row, instant, optional_instant, row_id, within


class AlertRow(Row, table=True):
    """An alert (预警) for an account; `key` makes a repetition count instead of adding a row."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        Index(None, "organisation_id", "recipient", "id"),
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
