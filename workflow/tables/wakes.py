"""What the sweep keeps: when it has to look at something next, and what it told of it last.

Both follow from the engine's answers and could be worked out anew; no promise rests on them, so no
trigger guards them.  That nobody is told twice rests on the key of the alert.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from workflow.tables.columns import Id, Row, instant


class WakeRow(Row, table=True):
    """When the sweep is to look at `subject` next: a matter by its number, or the house by ''.

    Every accepted command sets it to its own instant, in its own transaction, and adds a beat: by
    that the sweep knows that nothing was done since it looked, whatever the clock says.
    """

    __tablename__ = "wake"
    __table_args__ = (Index(None, "at"),)

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    subject: str = Field(primary_key=True)
    at: datetime = instant()
    beat: int = Field(default=1, sa_type=BigInteger)


class DeadlineSeenRow(Row, table=True):
    """A point in time as the sweep saw it last; `told` are the occasions told of it, by spaces.

    `point` is the law's rule, the step, the act and the entry that began it; `body` is all of it,
    as JSON, for when it is there no more.
    """

    __tablename__ = "deadline_seen"

    organisation_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organisation.id")
    subject: str = Field(primary_key=True)
    point: str = Field(primary_key=True)
    by: date
    provisional: bool
    told: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
