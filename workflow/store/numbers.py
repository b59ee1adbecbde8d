"""Document numbers."""

from __future__ import annotations

from sqlalchemy import func, select

from workflow import tables as t
from workflow.store.base import Base


class Numbers(Base):
    """The serials of each series and year, without gaps."""

    def next_number(self, series: str, year: int) -> int:
        """The next serial of a series in a year; the journal's head must be locked."""
        n = t.document_number.c
        newest = self._run(
            select(func.max(n.serial)).where(
                n.organisation_id == self.home.id, n.series == series, n.year == year
            )
        ).scalar()
        return 1 if newest is None else int(newest) + 1

    def take_number(self, series: str, year: int, serial: int, matter: int, entry: int) -> None:
        """Give a number to a matter, by the journal entry that tells of it."""
        self._run(
            t.document_number.insert().inline(),
            {
                "organisation_id": self.home.id,
                "series": series,
                "year": year,
                "serial": serial,
                "matter_id": matter,
                "journal_seq": entry,
            },
        )
