"""What was done: accepted acts on matters, meetings and yearly catalogues."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlmodel import Field

from workflow.tables.columns import Id, Row, instant, row_id, within


class RecordRow(Row, table=True):
    """An accepted act with its evidence (过程材料); `payload` is canonical JSON."""

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("matter_id", "position"),
        within("matter_id", "matter"),
        within("mandate_id", "mandate"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    position: int
    command: str
    step: str | None = None
    outcome: str
    actor: str
    principal: str | None = None
    mandate_id: int | None = Field(default=None, sa_type=Id)
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    draft_number: int
    filed_at: datetime = instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class ProceedingRow(Row, table=True):
    """An accepted act on a meeting itself (会议记录); `payload` is canonical JSON."""

    __tablename__ = "proceeding"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        within("meeting_id", "meeting"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    meeting_id: int = Field(sa_type=Id)
    position: int
    command: str
    actor: str
    principal: str | None = None
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    filed_at: datetime = instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class CatalogueRecordRow(Row, table=True):
    """An accepted act on the catalogue of a year (决策事项目录); `payload` is canonical JSON."""

    __tablename__ = "catalogue_record"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "position"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    year: int
    position: int
    command: str
    actor: str
    principal: str | None = None
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    filed_at: datetime = instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class DutyRecordRow(Row, table=True):
    """An accepted act on the recurring duties of a year (定期职责); `payload` is canonical JSON."""

    __tablename__ = "duty_record"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "position"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    year: int
    position: int
    command: str
    actor: str
    principal: str | None = None
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    filed_at: datetime = instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class HolidayRecordRow(Row, table=True):
    """A notice on the holidays of a year (放假安排通知); `payload` is canonical JSON."""

    __tablename__ = "holiday_record"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "position"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    year: int
    position: int
    command: str
    actor: str
    principal: str | None = None
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    filed_at: datetime = instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class RetainerRecordRow(Row, table=True):
    """An accepted act on the retainers of law firms (聘用法律顾问); `payload` is canonical JSON."""

    __tablename__ = "retainer_record"
    __table_args__ = (
        UniqueConstraint("organisation_id", "position"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    position: int
    command: str
    actor: str
    principal: str | None = None
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    filed_at: datetime = instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)
