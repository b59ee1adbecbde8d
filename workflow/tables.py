"""The tables. Their triggers, which hold the promises against raw SQL, stand in the migration.

Every table but `organisation` and `procedure_version` carries its organisation, and foreign keys
between rows of an organisation carry it with them, so that nothing crosses over.  Timestamps are
instants in UTC; columns named `..._on`, `day`, `since` and `until` are business dates of the
organisation.

The triggers ask for this order within a transaction: matter or meeting, journal, journal head,
draft, record, review, clearance, agenda item, then the change of the matter.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from workflow.kin import TIES

SCHEMA_HEAD: Final = "0003"
"""The newest migration that this code knows; revisions are four digits and grow."""

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the key is declared INTEGER."""


class Instant(TypeDecorator[datetime]):
    """An instant: aware datetimes in and out, in UTC.

    PostgreSQL keeps a `timestamptz`, SQLite the UTC date and time as text.  A naive datetime is a
    mistake of the caller and raises `ValueError` (SQLAlchemy wraps it in a `StatementError`).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware datetime as the database keeps it."""
        if value is None:
            return None
        if value.utcoffset() is None:
            message = f"an instant needs its time zone: {value!r}"
            raise ValueError(message)
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 (the value says it already)
    ) -> datetime | None:
        """What the database kept, as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Row(SQLModel):
    """Base of all rows, with metadata of its own: nothing foreign slips into the schema."""

    metadata: ClassVar[MetaData] = metadata


def _id() -> Any:  # noqa: ANN401 (what `Field` returns)
    return Field(default=None, primary_key=True, sa_type=Id)


def _instant() -> Any:  # noqa: ANN401
    return Field(sa_type=Instant)


def _optional_instant() -> Any:  # noqa: ANN401
    return Field(default=None, sa_type=Instant)


def _within(
    column: str, parent: str, *, later: bool = False, parent_column: str = "id"
) -> ForeignKeyConstraint:
    """A foreign key to a row of the same organisation; `later` where two tables need each other."""
    return ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{parent}.organisation_id", f"{parent}.{parent_column}"],
        use_alter=later,
    )


def _parent() -> UniqueConstraint:
    """What a foreign key made by `_within` points at."""
    return UniqueConstraint("organisation_id", "id")


def _digest(column: str = "digest") -> CheckConstraint:
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_length")


def _found_by(column: str) -> Index:
    """An index of those rows alone that have a value; most matters have no key."""
    told = text(f"{column} IS NOT NULL")
    return Index(None, "organisation_id", column, sqlite_where=told, postgresql_where=told)


class OrganisationRow(Row, table=True):
    """An organisation (单位所属的机关) with its profile and its time zone (IANA name).

    `series` are the agency codes (机关代字) under which it issues, empty for any.
    """

    __tablename__ = "organisation"

    id: int | None = _id()
    code: str = Field(unique=True)
    name_zh: str
    name_en: str
    profile: str
    time_zone: str
    rehearsal: bool = False
    directory_version: int = 1
    series: list[str] = Field(default_factory=list, sa_type=JSON)


class UnitRow(Row, table=True):
    """A unit (单位); `functions` are those that it has for the whole organisation."""

    __tablename__ = "unit"
    __table_args__ = (_parent(), UniqueConstraint("organisation_id", "code"))

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    code: str
    name_zh: str
    name_en: str
    functions: list[str] = Field(sa_type=JSON)


class PersonRow(Row, table=True):
    """An account, named by role."""

    __tablename__ = "person"
    __table_args__ = (_parent(), UniqueConstraint("organisation_id", "account"))

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    account: str
    name_zh: str
    name_en: str


class AppointmentRow(Row, table=True):
    """A role held in a unit, both days included; open where `until` is empty.

    One that ends before it begins was called off.  `appointed_by` is the account that entered it,
    empty where it was there at the founding.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        _within("person_id", "person"),
        _within("unit_id", "unit"),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id)
    person_id: int = Field(sa_type=Id)
    unit_id: int = Field(sa_type=Id)
    role: str
    since: date
    until: date | None = None
    appointed_by: str | None = None


class MandateRow(Row, table=True):
    """A mandate (代理授权); only its end may be written later, once."""

    __tablename__ = "mandate"
    __table_args__ = (
        _parent(),
        _within("principal_id", "person"),
        _within("agent_id", "person"),
        CheckConstraint("since <= until", name="days"),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id)
    principal_id: int = Field(sa_type=Id)
    agent_id: int = Field(sa_type=Id)
    commands: list[str] = Field(sa_type=JSON)
    since: date
    until: date
    ended_on: date | None = None


class ProcedureVersionRow(Row, table=True):
    """The definition that matters run under, as it stood; never changed, never removed."""

    __tablename__ = "procedure_version"
    __table_args__ = (UniqueConstraint("procedure", "version"), _digest())

    id: int | None = _id()
    procedure: str
    version: date
    digest: str = Field(unique=True, sa_type=String(64))
    source: str = Field(sa_type=Text)
    stored_at: datetime = _instant()


class MatterRow(Row, table=True):
    """A matter (决策事项).

    `agenda_item_id` is kept by the triggers of `agenda_item`: the active item, or nothing.  By the
    keys (`workflow.kin`) matters are found that may be parts of one, and by `entry_year` those that
    are entries of a yearly catalogue, by `adjusts` those that change or end another.
    """

    __tablename__ = "matter"
    __table_args__ = (
        _parent(),
        UniqueConstraint("organisation_id", "number"),
        UniqueConstraint("organisation_id", "year", "serial"),
        Index(None, "organisation_id", "stage", "id"),
        *(_found_by(f"{tie}_key") for tie in TIES),
        _found_by("entry_year"),
        _found_by("adjusts"),
        _within("current_draft_id", "draft", later=True),
        _within("agenda_item_id", "agenda_item", later=True),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    number: str
    year: int
    serial: int
    title: str | None = None
    procedure_version_id: int = Field(sa_type=Id, foreign_key="procedure_version.id")
    stage: str
    version: int = 1
    answers: dict[str, Any] = Field(sa_type=JSON)
    proposing_unit: str
    lead_unit: str | None = None
    co_units: list[str] = Field(sa_type=JSON)
    paused_since: date | None = None
    current_draft_id: int | None = Field(default=None, sa_type=Id)
    agenda_item_id: int | None = Field(default=None, sa_type=Id)
    project_key: str | None = Field(default=None, sa_type=String(64))
    counterparty_key: str | None = Field(default=None, sa_type=String(64))
    purpose_key: str | None = Field(default=None, sa_type=String(64))
    amount_yuan: int | None = Field(default=None, sa_type=BigInteger)
    created_at: datetime = _instant()
    updated_at: datetime = _instant()
    entry_year: int | None = None
    entry_number: int | None = None
    adjusts: str | None = None


class MeetingRow(Row, table=True):
    """A meeting of a decision body; what was frozen, opened or closed stays so."""

    __tablename__ = "meeting"
    __table_args__ = (_parent(), UniqueConstraint("organisation_id", "code"))

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    code: str
    year: int
    serial: int
    body: str
    held_on: date
    frozen_on: date | None = None
    version: int = 1
    created_at: datetime = _instant()
    opened_on: date | None = None
    closed_on: date | None = None
    cancelled_on: date | None = None


class JournalRow(Row, table=True):
    """An entry of the journal (过程记录), chained to the one before it; never changed."""

    __tablename__ = "journal"
    __table_args__ = (
        _within("matter_id", "matter"),
        _within("meeting_id", "meeting"),
        _digest(),
        _digest("previous"),
    )

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    matter_id: int | None = Field(default=None, sa_type=Id)
    matter_version: int | None = None
    meeting_id: int | None = Field(default=None, sa_type=Id)
    at: datetime = _instant()
    actor: str
    command: str
    status: str
    body: str = Field(sa_type=Text)
    previous: str = Field(sa_type=String(64))
    digest: str = Field(sa_type=String(64))


class JournalHeadRow(Row, table=True):
    """The end of an organisation's chain; starts at 0 and moves by one, with its entry."""

    __tablename__ = "journal_head"
    __table_args__ = (_digest(),)

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    seq: int = Field(sa_type=BigInteger)
    digest: str = Field(sa_type=String(64))


class DraftRow(Row, table=True):
    """A version of the text (决策草案); `digest` is the SHA-256 of its UTF-8 bytes, lower hex."""

    __tablename__ = "draft"
    __table_args__ = (
        _parent(),
        UniqueConstraint("matter_id", "number"),
        _within("matter_id", "matter"),
        _digest(),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    number: int
    digest: str = Field(sa_type=String(64))
    text: str = Field(sa_type=Text)
    created_at: datetime = _instant()


class RecordRow(Row, table=True):
    """An accepted act with its evidence (过程材料); `payload` is canonical JSON."""

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("matter_id", "position"),
        _within("matter_id", "matter"),
        _within("mandate_id", "mandate"),
        _within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = _id()
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
    filed_at: datetime = _instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class ReviewRow(Row, table=True):
    """A verdict of the legality review, on the draft and digest that were examined.

    `position` is that of the record which gave it.
    """

    __tablename__ = "review"
    __table_args__ = (
        _parent(),
        UniqueConstraint("matter_id", "position"),
        _within("matter_id", "matter"),
        _within("draft_id", "draft"),
        ForeignKeyConstraint(["matter_id", "position"], ["record.matter_id", "record.position"]),
        _digest(),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    position: int
    draft_id: int = Field(sa_type=Id)
    digest: str = Field(sa_type=String(64))
    verdict: str
    passed: bool
    given_at: datetime = _instant()


class ClearanceRow(Row, table=True):
    """A clearance (上会资格): the gate's result, bound to the text and the review."""

    __tablename__ = "clearance"
    __table_args__ = (
        _parent(),
        Index(None, "matter_id"),
        _within("matter_id", "matter"),
        _within("draft_id", "draft"),
        _within("review_id", "review"),
        _within("journal_seq", "journal", parent_column="seq"),
        _digest(),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    draft_id: int = Field(sa_type=Id)
    digest: str = Field(sa_type=String(64))
    review_id: int = Field(sa_type=Id)
    issued_at: datetime = _instant()
    journal_seq: int = Field(sa_type=BigInteger)


_ACTIVE = text("removed_at IS NULL")


class AgendaItemRow(Row, table=True):
    """A matter at its place (counted from 1) on an agenda, by virtue of a clearance.

    It leaves the agenda when it is taken off, or with what the meeting `concluded`.  `urgent`: it
    came onto an agenda that was closed, as the journal entry of its clearance tells.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        _parent(),
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
        _within("meeting_id", "meeting"),
        _within("matter_id", "matter"),
        _within("clearance_id", "clearance"),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id)
    meeting_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    clearance_id: int = Field(sa_type=Id)
    place: int
    listed_at: datetime = _instant()
    removed_at: datetime | None = _optional_instant()
    concluded: str | None = None
    urgent: bool = False


class ProceedingRow(Row, table=True):
    """An accepted act on a meeting itself (会议记录); `payload` is canonical JSON."""

    __tablename__ = "proceeding"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        _within("meeting_id", "meeting"),
        _within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id)
    meeting_id: int = Field(sa_type=Id)
    position: int
    command: str
    actor: str
    principal: str | None = None
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    filed_at: datetime = _instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class CatalogueRecordRow(Row, table=True):
    """An accepted act on the catalogue of a year (决策事项目录); `payload` is canonical JSON."""

    __tablename__ = "catalogue_record"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "position"),
        _within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    year: int
    position: int
    command: str
    actor: str
    principal: str | None = None
    unit: str
    role: str
    payload: str = Field(sa_type=Text)
    filed_at: datetime = _instant()
    filed_on: date
    journal_seq: int = Field(sa_type=BigInteger)


class DocumentNumberRow(Row, table=True):
    """A document number (发文字号) that was given out; never used again, whatever becomes of it."""

    __tablename__ = "document_number"
    __table_args__ = (
        _within("matter_id", "matter"),
        _within("journal_seq", "journal", parent_column="seq"),
    )

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    serial: int = Field(primary_key=True)
    matter_id: int = Field(sa_type=Id)
    journal_seq: int = Field(sa_type=BigInteger)


class AlertRow(Row, table=True):
    """An alert (预警) for an account; `key` makes a repetition count instead of adding a row."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        Index(None, "organisation_id", "recipient", "id"),
        _within("matter_id", "matter"),
        _within("meeting_id", "meeting"),
    )

    id: int | None = _id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    key: str
    kind: str
    recipient: str
    matter_id: int | None = Field(default=None, sa_type=Id)
    meeting_id: int | None = Field(default=None, sa_type=Id)
    day: date
    body: str = Field(sa_type=Text)
    count: int = 1
    first_at: datetime = _instant()
    last_at: datetime = _instant()
    read_at: datetime | None = _optional_instant()


class RequestRow(Row, table=True):
    """A request already answered: the same key and fingerprint get the same outcome again."""

    __tablename__ = "request"
    # Keys come in no order: one tree to write instead of two.
    __table_args__ = {"sqlite_with_rowid": False}

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    key: str = Field(primary_key=True)
    fingerprint: str
    outcome: str = Field(sa_type=Text)
    at: datetime = _instant()


def _table(name: str) -> Table:
    return metadata.tables[name]


# The same tables for SQLAlchemy Core, which the hot paths speak.
organisation: Final = _table("organisation")
unit: Final = _table("unit")
person: Final = _table("person")
appointment: Final = _table("appointment")
mandate: Final = _table("mandate")
procedure_version: Final = _table("procedure_version")
matter: Final = _table("matter")
draft: Final = _table("draft")
record: Final = _table("record")
review: Final = _table("review")
clearance: Final = _table("clearance")
meeting: Final = _table("meeting")
agenda_item: Final = _table("agenda_item")
proceeding: Final = _table("proceeding")
catalogue_record: Final = _table("catalogue_record")
document_number: Final = _table("document_number")
journal: Final = _table("journal")
journal_head: Final = _table("journal_head")
alert: Final = _table("alert")
request: Final = _table("request")
