"""Keys held for people, and what was signed with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlmodel import Field

from workflow.tables.columns import (
    Id,
    Row,
    digest_length,
    instant,
    optional_instant,
    parent_key,
    row_id,
    where,
    within,
)


class SigningKeyRow(Row, table=True):
    """A key with which a person signs (签名密钥); only its end may be written later, once.

    `held` is what its keeper signs with: sealed by a key outside the database, or a token's name.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        parent_key(),
        UniqueConstraint("organisation_id", "fingerprint"),
        Index("uq_signing_key_open_person", "person_id", unique=True, **where("ended_at IS NULL")),
        within("person_id", "person"),
        digest_length("fingerprint"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
        CheckConstraint("ended_at >= made_at", name="days"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    person_id: int = Field(sa_type=Id)
    fingerprint: str = Field(sa_type=String(64))
    algorithm: str
    public: str = Field(sa_type=Text)
    held: str = Field(sa_type=Text)
    made_at: datetime = instant()
    ended_at: datetime | None = optional_instant()
    ended_why: str | None = None


class SignatureRow(Row, table=True):
    """The signature (签名) on the record of an act; `statement` is canonical JSON."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("matter_id", "position"),
        within("matter_id", "matter"),
        within("key_id", "signing_key"),
        within("journal_seq", "journal", parent_column="seq"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    matter_id: int = Field(sa_type=Id)
    position: int
    key_id: int = Field(sa_type=Id)
    statement: str = Field(sa_type=Text)
    value: str = Field(sa_type=Text)
    signed_at: datetime = instant()
    journal_seq: int = Field(sa_type=BigInteger)
