"""Meetings and their agendas, with the reviews and clearances that let a matter onto them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlmodel import Field

from workflow.tables.columns import (
    LONGEST_DIGEST,
    Id,
    Row,
    instant,
    named_digest,
    optional_instant,
    parent_key,
    row_id,
    within,
)


class MeetingRow(Row, table=True):
    """A meeting of a decision body; what was frozen, opened or closed stays so."""

    __tablename__ = "meeting"
    __table_args__ = (parent_key(), UniqueConstraint("organisation_id", "code"))

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    code: str
    year: int
    serial: int
    body: str
    held_on: date
    frozen_on: date | None = None
    version: int = 1
    created_at: datetime = instant()
    opened_on: date | None = None
    closed_on: date | None = None
    cancelled_on: date | None = None


class ReviewRow(Row, table=True):
    """A verdict of the legality review, on the draft and digest that were examined.

    `position` is that of the record which gave it.
    """

    __tablename__ = "review"
    __table_args__ = (
        parent_key(),
        UniqueConstraint("matter_id", "position"),
        within("matter_id", "matter"),
        within("draft_id", "draft"),
        ForeignKeyConstraint(["matter_id", "position"], ["record.matter_id", "record.position"]),
        named_digest(),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    position: int
    draft_id: int = Field(sa_type=Id)
    digest: str = Field(sa_type=String(LONGEST_DIGEST))
    verdict: str
    passed: bool
    given_at: datetime = instant()


class ClearanceRow(Row, table=True):
    """A clearance (上会资格): the gate's result, bound to the text and the review."""

    __tablename__ = "clearance"
    __table_args__ = (
        parent_key(),
        Index(None, "matter_id"),
        within("matter_id", "matter"),
        within("draft_id", "draft"),
        within("review_id", "review"),
        within("journal_seq", "journal", parent_column="seq"),
        named_digest(),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    draft_id: int = Field(sa_type=Id)
    digest: str = Field(sa_type=String(LONGEST_DIGEST))
    review_id: int = Field(sa_type=Id)
    issued_at: datetime = instant()
    journal_seq: int = Field(sa_type=BigInteger)


_ACTIVE = text("removed_at IS NULL")


class AgendaItemRow(Row, table=True):
    """A matter at its place (counted from 1) on an agenda, by virtue of a clearance.

    It leaves the agenda when it is taken off, or with what the meeting `concluded`.  `urgent`: it
    came onto an agenda that was closed, as the journal entry of its clearance tells.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        parent_key(),
        Index(
            "uq_agenda_item_active_matter",
            "matter_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index(
            "uq_agenda_item_active_place",
            "meeting_id",
            "place",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        within("meeting_id", "meeting"),
        within("matter_id", "matter"),
        within("clearance_id", "clearance"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    meeting_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    clearance_id: int = Field(sa_type=Id)
    place: int
    listed_at: datetime = instant()
    removed_at: datetime | None = optional_instant()
    concluded: str | None = None
    urgent: bool = False
