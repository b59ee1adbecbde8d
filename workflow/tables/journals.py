"""The journal, its end, and the requests that were answered."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlmodel import Field

from workflow.tables.columns import LONGEST_DIGEST, Id, Row, instant, named_digest, where, within

PUBLISHING: Final = (
    "publish_open_call",
    "publish_hearing_notice",
    "publish_decision",
    "publish_adoption",
)
"""The commands by which something becomes public."""
_PUBLIC: Final = f"command IN {PUBLISHING} AND status = 'done'"


class JournalRow(Row, table=True):
    """An entry of the journal (过程记录), chained to the one before it; never changed."""

    __tablename__ = "journal"
    __table_args__ = (
        within("matter_id", "matter"),
        within("meeting_id", "meeting"),
        named_digest(),
        named_digest("previous"),
        # What is public is found by its entry's digest, and listed without reading the rest.
        Index(None, "organisation_id", "command", "seq", **where(_PUBLIC)),
        Index(
            "ix_journal_unmask",
            "organisation_id",
            "actor",
            "at",
            sqlite_where=text("command = 'unmask'"),
            postgresql_where=text("command = 'unmask'"),
        ),
    )

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    matter_id: int | None = Field(default=None, sa_type=Id)
    matter_version: int | None = None
    meeting_id: int | None = Field(default=None, sa_type=Id)
    at: datetime = instant()
    actor: str
    command: str
    status: str
    body: str = Field(sa_type=Text)
    previous: str = Field(sa_type=String(LONGEST_DIGEST))
    digest: str = Field(sa_type=String(LONGEST_DIGEST))


class JournalHeadRow(Row, table=True):
    """The end of an organisation's chain; starts at 0 and moves by one, with its entry."""

    __tablename__ = "journal_head"
    __table_args__ = (named_digest(),)

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    seq: int = Field(sa_type=BigInteger)
    digest: str = Field(sa_type=String(LONGEST_DIGEST))


class CheckpointRow(Row, table=True):
    """A checkpoint (存证点): what was signed of the journal up to an entry; never changed.

    `statement` is canonical and holds everything, `digest` is its own: the next one follows on it.
    """

    __tablename__ = "checkpoint"
    __table_args__ = (
        within("entry_seq", "journal", parent_column="seq"),
        named_digest(),
    )

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    number: int = Field(primary_key=True)
    entry_seq: int = Field(sa_type=BigInteger)
    at: datetime = instant()
    statement: str = Field(sa_type=Text)
    digest: str = Field(sa_type=String(LONGEST_DIGEST))
    signature: str


class RequestRow(Row, table=True):
    """A request already answered: the same key and fingerprint get the same outcome again."""

    __tablename__ = "request"
    # Keys come in no order: one tree to write instead of two.
    __table_args__ = ({"sqlite_with_rowid": False},)

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    key: str = Field(primary_key=True)
    fingerprint: str
    outcome: str = Field(sa_type=Text)
    at: datetime = instant()
