"""Files: what came in, from whom, and what became of it. Their bytes lie in the file store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlmodel import Field

from workflow.files import FileState
from workflow.tables.columns import Id, Row, instant, parent_key, row_id, where, within

_STATES = ", ".join(repr(each.value) for each in FileState)


class FileRow(Row, table=True):
    """A file (文件); `key` is its id outside, `digest` that of its bytes by `algorithm`.

    `matter_id` and `journal_seq` tell which act attached it, `journal_seq` alone which erased it:
    then nothing else is left of it.  `level` is the mark for which it is, or was, in quarantine;
    `released_seq` the entry by which it was let go.
    """

    __tablename__ = "file"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("organisation_id", "request_key"),
        parent_key(),
        within("matter_id", "matter"),
        within("journal_seq", "journal", parent_column="seq"),
        within("released_seq", "journal", parent_column="seq"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("length(digest) = 64 OR state = 'erased'", name="digest_length"),
        CheckConstraint(
            "state <> 'erased' OR (name = '' AND digest = '' AND media = '' AND size = 0)",
            name="erased",
        ),
        CheckConstraint("(state = 'attached') = (matter_id IS NOT NULL)", name="attached"),
        Index(None, "organisation_id", "digest"),
        Index(None, "matter_id"),
        Index(None, "organisation_id", "staged_at", **where("state <> 'attached'")),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    key: str = Field(sa_type=String(26))
    uploader: str
    name: str
    size: int = Field(sa_type=BigInteger)
    algorithm: str
    digest: str = Field(sa_type=String(64))
    media: str
    searched: bool
    level: str
    state: str
    staged_at: datetime = instant()
    request_key: str | None = None
    matter_id: int | None = Field(default=None, sa_type=Id)
    journal_seq: int | None = Field(default=None, sa_type=BigInteger)
    released_seq: int | None = Field(default=None, sa_type=BigInteger)
