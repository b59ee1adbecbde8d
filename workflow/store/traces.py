"""What other tables say beside the journal, for whoever verifies it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from workflow import tables as t
from workflow import traces as left
from workflow.store.base import Base
from workflow.store.kept import kept

_m = t.matter.c


class Traces(Base):
    """What rests on entries, and what conclusions, numbers and meetings say."""

    def newest_reference(self) -> int:
        """The highest number of a journal entry that some other row rests on; 0 if none."""
        found = self._run(
            select(
                select(func.max(t.record.c.journal_seq))
                .where(t.record.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.clearance.c.journal_seq))
                .where(t.clearance.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.proceeding.c.journal_seq))
                .where(t.proceeding.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.catalogue_record.c.journal_seq))
                .where(t.catalogue_record.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.duty_record.c.journal_seq))
                .where(t.duty_record.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.holiday_record.c.journal_seq))
                .where(t.holiday_record.c.organisation_id == self.home.id)
                .scalar_subquery(),
                select(func.max(t.retainer_record.c.journal_seq))
                .where(t.retainer_record.c.organisation_id == self.home.id)
                .scalar_subquery(),
            )
        ).one()
        return max((0, *(int(seq) for seq in found if seq is not None)))

    def traces(self) -> Iterator[tuple[left.Trace, int]]:
        """What conclusions, numbers and days of meetings say, each with an entry that it rests on.

        That is the entry by which an item was listed or a number given; nought for a meeting's day.
        """
        i, n, m = t.agenda_item.c, t.document_number.c, t.meeting.c
        items = self._run(
            select(_m.number, m.code, i.concluded, t.clearance.c.journal_seq)
            .join(t.agenda_item, i.matter_id == _m.id)
            .join(t.meeting, m.id == i.meeting_id)
            .join(t.clearance, t.clearance.c.id == i.clearance_id)
            .where(i.organisation_id == self.home.id, i.concluded.is_not(None))
        )
        for matter, code, concluded, seq in items:
            yield left.conclusion(matter, code, concluded), seq
        numbers = self._run(
            select(n.series, n.year, n.serial, _m.number, n.journal_seq)
            .join(t.matter, _m.id == n.matter_id)
            .where(n.organisation_id == self.home.id)
        )
        for series, year, serial, matter, seq in numbers:
            yield left.number(series, year, serial, matter), seq
        meetings = self._run(
            select(m.code, *(m[column] for column in left.DAYS)).where(
                m.organisation_id == self.home.id
            )
        )
        for code, *days in meetings:
            for command, day in zip(left.DAYS.values(), days, strict=True):
                if day is not None:
                    yield left.meeting_day(code, command, day), 0
        yield from kept(self._run, self.home.id)
