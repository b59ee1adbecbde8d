"""Matters, the definitions that they run under, their texts and their document numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from workflow.kin import TIES
from workflow.tables.columns import (
    LONGEST_DIGEST,
    Id,
    Row,
    digest_length,
    found_by,
    instant,
    named_digest,
    parent_key,
    row_id,
    within,
)
from workflow.ties import Tie

_POINTS = String().with_variant(String(collation="C"), "postgresql")
"""Compared by code points, as SQLite does."""


def _in_order_of(column: str) -> Index:
    return Index(None, "organisation_id", column, "year", "serial")


class ProcedureVersionRow(Row, table=True):
    """The definition that matters run under, as it stood; never changed, never removed."""

    __tablename__ = "procedure_version"
    __table_args__ = (UniqueConstraint("procedure", "version"), digest_length())

    id: int | None = row_id()
    procedure: str
    version: date
    digest: str = Field(unique=True, sa_type=String(64))
    source: str = Field(sa_type=Text)
    stored_at: datetime = instant()


class MatterRow(Row, table=True):
    """A matter (决策事项).

    `agenda_item_id` is kept by the triggers of `agenda_item`: the active item, or nothing.  By the
    keys (`workflow.kin`) matters are found that may be parts of one, and by `entry_year` those that
    are entries of a yearly catalogue, by `adjusts` those that change or end another.  `restricted`:
    only those named in its parties may know of it.

    `title_key` is the folded title, for its order.  `may_owe` narrows down those on which something
    may be owed after the decision (`workflow.decisions.lasting`); what is owed, their records tell.
    """

    __tablename__ = "matter"
    __table_args__ = (
        parent_key(),
        UniqueConstraint("organisation_id", "number"),
        UniqueConstraint("organisation_id", "year", "serial"),
        *(_in_order_of(column) for column in ("stage", "updated_at", "title_key")),
        Index(
            "ix_matter_may_owe",
            "organisation_id",
            "year",
            "serial",
            sqlite_where=text("may_owe = 1"),
            postgresql_where=text("may_owe"),
        ),
        *(found_by(f"{tie}_key") for tie in TIES),
        found_by("entry_year"),
        found_by("adjusts"),
        Index(
            "ix_matter_restricted",
            "organisation_id",
            sqlite_where=text("restricted"),
            postgresql_where=text("restricted"),
        ),
        within("current_draft_id", "draft", later=True),
        within("agenda_item_id", "agenda_item", later=True),
    )

    id: int | None = row_id()
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
    created_at: datetime = instant()
    updated_at: datetime = instant()
    entry_year: int | None = None
    entry_number: int | None = None
    adjusts: str | None = None
    restricted: bool = False
    title_key: str = Field(default="", sa_type=_POINTS)
    may_owe: bool = True


class MatterPartyRow(Row, table=True):
    """A unit or person with a part in a matter, and why, so that lists find what is seen.

    Derived from the records (`workflow.access.parties`); what differs from them is a flaw of the
    journal's audit.
    """

    __tablename__ = "matter_party"
    __table_args__ = (
        within("matter_id", "matter"),
        CheckConstraint("side IN ('unit', 'person')", name="side"),
        CheckConstraint("length(code) > 0", name="code"),
        CheckConstraint(f"tie IN ({', '.join(repr(tie.value) for tie in Tie)})", name="tie"),
        Index(None, "organisation_id", "side", "code", "tie", "matter_id"),
    )

    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(primary_key=True, sa_type=Id)
    side: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    tie: str = Field(primary_key=True)


class DraftRow(Row, table=True):
    """A version of the text (决策草案); `digest` is that of its UTF-8 bytes, lower hex.

    `file_digest` is that of the file that it was taken out of: whoever passes the version passes
    both.
    """

    __tablename__ = "draft"
    __table_args__ = (
        parent_key(),
        UniqueConstraint("matter_id", "number"),
        within("matter_id", "matter"),
        named_digest(),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    number: int
    digest: str = Field(sa_type=String(LONGEST_DIGEST))
    text: str = Field(sa_type=Text)
    created_at: datetime = instant()
    file_digest: str | None = Field(default=None, sa_type=String(64))


class DocumentNumberRow(Row, table=True):
    """A document number (发文字号) that was given out; never used again, whatever becomes of it."""

    __tablename__ = "document_number"
    __table_args__ = (
        within("matter_id", "matter"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    serial: int = Field(primary_key=True)
    matter_id: int = Field(sa_type=Id)
    journal_seq: int = Field(sa_type=BigInteger)
