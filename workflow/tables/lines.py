"""The lines in which whoever comes too often waits, where several workers serve."""

from __future__ import annotations

from sqlalchemy import Float, Index, String
from sqlmodel import Field

from workflow.tables.columns import Row, digest_length


class WaitingLineRow(Row, table=True):
    """A line, by a digest that only the workers can make; `until` is when it is empty again.

    Of no organisation: a source is one wherever it comes.  Seconds since the epoch, by the clock of
    whoever wrote it.  Nothing rests on it: on PostgreSQL it is not logged, and empty after a crash.
    """

    __tablename__ = "waiting_line"
    __table_args__ = (
        digest_length("line"),
        Index(None, "until"),
    )

    line: str = Field(primary_key=True, sa_type=String(64))
    until: float = Field(sa_type=Float(53))
