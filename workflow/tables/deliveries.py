"""Deliveries of alerts on channels outside, and how people wish to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlmodel import Field

from workflow.tables.columns import (
    Id,
    Row,
    digest_length,
    instant,
    optional_instant,
    row_id,
    where,
    within,
)

_OPEN = "state IN ('waiting', 'claimed')"


class DeliveryRow(Row, table=True):
    """An alert on its way out on a channel; `round` is nought but where it is sent once more.

    `next_at` is when somebody may take it up: what is claimed can be taken over from then on, for
    who claimed it did not come back.  Those of one `digest` go out as one message, which `batch`
    holds together from the first try on.  `begun_at` is when the try began that is on its way,
    `attempts` counts those that began, and `doubtful` those of which nobody can tell whether they
    arrived.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("organisation_id", "alert_id", "channel", "round"),
        within("alert_id", "alert"),
        CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'failed', 'dropped')", name="state"
        ),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("(state = 'claimed') = (claimed_by IS NOT NULL)", name="claimed"),
        Index("ix_delivery_open", "organisation_id", "channel", "next_at", **where(_OPEN)),
        Index("ix_delivery_recent", "organisation_id", "state", "id"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    alert_id: int = Field(sa_type=Id)
    recipient: str
    channel: str
    round: int = 0
    digest: str = ""
    batch: int | None = Field(default=None, sa_type=BigInteger)
    state: str
    not_before: datetime = instant()
    next_at: datetime = instant()
    expires_at: datetime = instant()
    attempts: int = 0
    doubtful: int = 0
    claimed_by: str | None = None
    last_error: str | None = None
    created_at: datetime = instant()
    sent_at: datetime | None = optional_instant()
    provider_id: str | None = None
    begun_at: datetime | None = optional_instant()


class PreferenceRow(Row, table=True):
    """How somebody wishes to be told; each change is its next version."""

    __tablename__ = "preference"
    __table_args__ = (within("account", "person", parent_column="account"),)

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    account: str = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_type=JSON)
    version: int


class FeedRow(Row, table=True):
    """A calendar that somebody subscribed to; of its secret address only the digest is kept."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("digest"),
        within("account", "person", parent_column="account"),
        digest_length(),
        Index(None, "organisation_id", "account"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    account: str
    digest: str = Field(sa_type=String(64))
    created_at: datetime = instant()
    revoked_at: datetime | None = optional_instant()
