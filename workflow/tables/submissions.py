"""What the public sends in to open calls, and who did, where they said so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlmodel import Field

from workflow.tables.columns import (
    Id,
    Row,
    digest_length,
    instant,
    parent_key,
    row_id,
    where,
    within,
)


class SubmissionRow(Row, table=True):
    """An opinion (公众意见) as it came in; `receipt` is the digest of the receipt that was given.

    `call_seq` is the journal entry of the notice that it answers, `taken_in_seq` that by which it
    was taken in.  The matter is no foreign key: nobody who sends an opinion in waits for those who
    work on the matter.  A trigger sees to it that it is the matter of the notice.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("receipt"),
        parent_key(),
        within("call_seq", "journal", parent_column="seq"),
        within("taken_in_seq", "journal", parent_column="seq"),
        digest_length(),
        digest_length("receipt"),
        Index(None, "matter_id", "step", "id", **where("taken_in_seq IS NULL AND NOT late")),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    call_seq: int = Field(sa_type=BigInteger)
    step: str
    receipt: str = Field(sa_type=String(64))
    text: str = Field(sa_type=Text)
    digest: str = Field(sa_type=String(64))
    received_at: datetime = instant()
    late: bool
    number: int | None = None
    taken_in_seq: int | None = Field(default=None, sa_type=BigInteger)


class SubmissionPersonRow(Row, table=True):
    """Who sent an opinion in, as far as they said; may be deleted, and nothing rests on it."""

    __tablename__ = "submission_person"
    __table_args__ = (within("submission_id", "submission"),)

    submission_id: int = Field(primary_key=True, sa_type=Id)
    organisation_id: int = Field(sa_type=Id)
    name: str | None = None
    contact: str | None = None
