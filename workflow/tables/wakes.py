"""What the sweep keeps: when it has to look at something next, and what it told of it last.

Both follow from the engine's answers and could be worked out anew; no promise rests on them, so no
trigger guards them.  That nobody is told twice rests on the key of the alert.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from workflow.tables.columns import Id, Row, instant


class WakeRow(Row, table=True):
    """When the sweep is to look at `subject` next: a matter by its number, or the house by ''.

    Every accepted command sets it to its own instant, in its own transaction.
    """

    __tablename__ = "wake"
    __table_args__ = (Index(None, "at"),)

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    subject: str = Field(primary_key=True)
    at: datetime = instant()


class DeadlineSeenRow(Row, table=True):
    """A point in time that was told of, as it stood then; `told` are the occasions, by spaces.

    `point` is the rule, the step and the journal entry that began it.
    """

    __tablename__ = "deadline_seen"

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    subject: str = Field(primary_key=True)
    point: str = Field(primary_key=True)
    by: date
    provisional: bool
    told: str = Field(sa_type=Text)
