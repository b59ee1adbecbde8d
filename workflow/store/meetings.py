"""Meetings with their agendas and proceedings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from workflow import tables as t
from workflow.meeting import AgendaEntry, Meeting
from workflow.store.base import Base
from workflow.store.records import acts


@dataclass(frozen=True, slots=True)
class StoredMeeting:
    """A meeting's row with its agenda."""

    id: int
    meeting: Meeting


_MEETING = select(t.meeting).where(
    t.meeting.c.organisation_id == bindparam("home"), t.meeting.c.code == bindparam("code")
)
_LOCK_MEETING = _MEETING.with_for_update()
_AGENDA = (
    select(
        t.matter.c.number,
        t.agenda_item.c.place,
        func.coalesce(t.agenda_item.c.concluded, ""),
        t.agenda_item.c.removed_at.is_not(None) & t.agenda_item.c.concluded.is_(None),
    )
    .join(t.matter, t.matter.c.id == t.agenda_item.c.matter_id)
    .where(t.agenda_item.c.meeting_id == bindparam("meeting"))
    .order_by(t.agenda_item.c.place, t.agenda_item.c.id)
)
_PROCEEDINGS = (
    select(
        t.proceeding.c.position,
        t.proceeding.c.command,
        t.proceeding.c.actor,
        t.proceeding.c.principal,
        t.proceeding.c.unit,
        t.proceeding.c.role,
        t.proceeding.c.payload,
        t.proceeding.c.filed_on,
    )
    .where(t.proceeding.c.meeting_id == bindparam("meeting"))
    .order_by(t.proceeding.c.position)
)


class Meetings(Base):
    """Meetings: read, convened, changed."""

    @property
    def _agenda(self) -> Any:  # noqa: ANN401
        """The query of an agenda, every item told by its matter's number."""
        return _AGENDA

    def _open_to(self, meetings: Any) -> Any:  # noqa: ANN401 (a statement of whatever columns)
        """The same query of meetings, of those alone that this store is to tell of: here all."""
        return meetings

    def meeting(self, code: str, *, lock: bool) -> StoredMeeting | None:
        """A meeting with its agenda."""
        statement = _LOCK_MEETING if lock else _MEETING
        row = (
            self._run(self._open_to(statement), {"home": self.home.id, "code": code})
            .mappings()
            .first()
        )
        if row is None:
            return None
        items = [AgendaEntry(*item) for item in self._run(self._agenda, {"meeting": row["id"]})]
        agenda = tuple(each for each in items if not each.taken_off)
        listed = {each.matter for each in agenda}
        gone = {each.matter: each for each in items if each.matter not in listed}
        records = acts(self._run(_PROCEEDINGS, {"meeting": row["id"]}))
        return StoredMeeting(
            row["id"],
            Meeting(
                row["code"],
                row["body"],
                row["held_on"],
                row["frozen_on"],
                agenda,
                records,
                tuple(gone.values()),
            ),
        )

    def meetings_on(self, body: str, day: date) -> tuple[str, ...]:
        """The codes of the meetings of a body that were convened for a day."""
        m = t.meeting.c
        found = self._run(
            select(m.code)
            .where(m.organisation_id == self.home.id, m.body == body, m.held_on == day)
            .order_by(m.id)
        )
        return tuple(code for (code,) in found)

    def meetings(self, limit: int, after: str | None = None) -> list[StoredMeeting]:
        """The latest meetings, the newest first, with their agendas; behind the code `after`."""
        m = t.meeting.c
        statement = (
            select(m.code)
            .where(m.organisation_id == self.home.id)
            .order_by(m.held_on.desc(), m.id.desc())
            .limit(limit)
        )
        if after is not None:
            last = t.meeting.alias("last").c
            statement = statement.where(
                last.organisation_id == self.home.id,
                last.code == after,
                or_(m.held_on < last.held_on, and_(m.held_on == last.held_on, m.id < last.id)),
            )
        found = (
            self.meeting(code, lock=False) for (code,) in self._run(self._open_to(statement)).all()
        )
        return [each for each in found if each is not None]

    def add_meeting(self, values: Mapping[str, object], year: int) -> tuple[int, str]:
        """A new meeting under the next code of the year; the journal's head must be locked."""
        serial = self._next_serial(t.meeting, year)
        code = f"M{year}-{serial:03d}"
        row = {**values, "organisation_id": self.home.id, "code": code}
        key = self._run(t.meeting.insert(), {**row, "year": year, "serial": serial})
        return self._key(key.inserted_primary_key), code

    def change_meeting(self, meeting: int, **days: date) -> None:
        """Note the day on which the agenda was fixed, or the meeting opened, closed, called off."""
        self._run(
            t.meeting.update()
            .where(t.meeting.c.id == meeting)
            .values(**days, version=t.meeting.c.version + 1)
        )

    def add_proceeding(self, values: Mapping[str, object]) -> None:
        """An accepted act on a meeting."""
        self._run(t.proceeding.insert().inline(), {"organisation_id": self.home.id, **values})
